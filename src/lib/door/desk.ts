/* The door as organisers see it. */
import { m } from '#lib/i18n/messages.ts';
import { longDuration, number } from '#lib/i18n/time.ts';
import type { DeskDevice, Incident } from '#lib/database/answers/door/desk.ts';

export type { DeskDevice, DoorDesk, Incident, PersonInside } from '#lib/database/answers/door/desk.ts';

/** The incident in a sentence. `place` names a checkpoint, `time` an instant at the venue. */
export function incidentSentence(
	conflict: Incident,
	place: (id: string) => string,
	time: (iso: string) => string
): string {
	const { kind, facts } = conflict;
	const at = typeof facts['at'] === 'string' ? time(facts['at']) : '';
	switch (kind) {
		case 'two_doors':
			return m.door_organise_twice({
				first: time(String(facts['first_at'])),
				place: place(String(facts['first'])),
				at
			});
		case 'revoked':
			return m.door_organise_let_in_revoked({ at });
		case 'barred':
			return m.door_organise_let_in_barred({ at });
		case 'not_entitled':
			return m.door_organise_let_in_not_entitled({ at });
		case 'over_capacity':
			return m.door_organise_over_capacity({
				most: number(Number(facts['most'])),
				capacity: number(Number(facts['capacity'])),
				at
			});
		case 'wrong_clock':
			return clockSentence(conflict);
		case 'shut_out':
			return lossSentence(conflict);
		case 'unknown_badge':
			return m.door_organise_let_in_unknown();
	}
}

// How many minutes a clock is slow; fast, when negative.
function clockSentence({ facts, device }: Incident): string {
	const minutes = Number(facts['minutes']);
	const span = spanOf(minutes);
	if (device === null)
		return minutes > 0 ? m.door_organise_clock_slow_of_some({ span }) : m.door_organise_clock_fast_of_some({ span });
	return minutes > 0
		? m.door_organise_clock_slow_of({ device, span })
		: m.door_organise_clock_fast_of({ device, span });
}

// The scans that it had when it was shut out, or sent afterwards.
function lossSentence({ facts, device }: Incident): string {
	const count = Number(facts['scans'] ?? facts['queued'] ?? 0);
	return device === null
		? m.door_organise_shut_out_some_with({ count })
		: m.door_organise_shut_out_with({ device, count });
}

function spanOf(minutes: number): string {
	return longDuration(Math.abs(minutes) * 60);
}

/** The role that should handle it, in words. */
export function handlerWord(who: Incident['handled_by']): string {
	return {
		safeguarding: m.door_organise_looks_safeguarding,
		door: m.door_organise_looks_door,
		registration: m.door_organise_looks_registration
	}[who]();
}

/** Whether a device that may scan has not been seen for two minutes, as the database counts it (21_door/on_the_day.sql). */
export function isDeviceOffline({ shut_out, expired, last_seen_at }: DeskDevice, now: number): boolean {
	return !shut_out && !expired && (last_seen_at === null || now - Date.parse(last_seen_at) > 2 * 60_000);
}

/** The faults of a device, in words; '' when all is well. */
export function deviceFault(device: DeskDevice, now: number): string {
	if (device.shut_out) return m.door_organise_is_shut_out();
	if (device.expired) return m.door_organise_is_over();
	if (!device.last_seen_at) return m.door_organise_not_heard_yet();
	const minutes = Math.floor((now - Date.parse(device.last_seen_at)) / 60_000);
	const span = spanOf(device.offset_minutes);
	const faults = [
		minutes >= 2 && m.door_organise_not_heard_for({ count: minutes }),
		device.queued > 0 && m.door_organise_scans_wait({ count: device.queued }),
		device.battery_percent !== null &&
			device.battery_percent <= 20 &&
			m.door_organise_charge({ count: number(device.battery_percent) }),
		Math.abs(device.offset_minutes) >= 2 &&
			(device.offset_minutes > 0 ? m.door_organise_clock_slow({ span }) : m.door_organise_clock_fast({ span }))
	];
	return faults.filter(Boolean).join(' · ');
}
