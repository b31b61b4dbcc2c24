import { localIso } from '#lib/calendar/schedule.ts';
import type { FileEvent } from './file.ts';

/**
 * When a file's days begin, in minutes after midnight: later than its latest session after midnight that is listed under the previous day,
 * and not later than the first session of the day itself. Null when no session after midnight is listed so, or the file contradicts itself.
 */
export function dayBeginsIn(events: readonly FileEvent[], zone: string): number | null {
	let [latest, earliest] = [-1, 720];
	for (const { start, day } of events) {
		if (start === null || day === null) continue;
		const here = localIso(start, zone);
		const minutes = Number(here.slice(11, 13)) * 60 + Number(here.slice(14, 16));
		if (here.slice(0, 10) === day) earliest = Math.min(earliest, minutes);
		else if (Date.parse(here.slice(0, 10)) - Date.parse(day) === 86_400_000) latest = Math.max(latest, minutes);
		else return null;
	}
	if (latest < 0) return null;
	const begins = Math.min(earliest, Math.ceil((latest + 1) / 60) * 60);
	return begins > latest ? begins : null;
}
