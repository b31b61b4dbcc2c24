/* Words of surveys for those who answer. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock, zoneCity } from '#lib/i18n/time.ts';

/** Until when answers are taken, with the place whose clock it is: some answer from far away. */
export const openUntil = (closes: string, zone: string): string =>
	m.evaluation_until({ time: m.ui_time_in({ time: dayAndClock(closes, zone), place: zoneCity(zone) }) });
