/* The door as organisers see it. Organisers read English. */
import type { Checkpoint } from '#lib/door/checkpoint.ts';
import { longDuration } from '#lib/i18n/time.ts';

/** A device at a door. */
export interface DeskDevice {
	id: string;
	name: string;
	checkpoint: string;
	person: string | null;
	heard_at: string | null;
	queued: number;
	charge: number | null;
	version: string;
	offset_minutes: number;
	shut_out: boolean;
	expired: boolean;
	scans: number;
}

/** What has to be looked at. */
export interface Conflict {
	id: string;
	kind:
		| 'two_doors'
		| 'revoked'
		| 'barred'
		| 'not_entitled'
		| 'over_capacity'
		| 'wrong_clock'
		| 'shut_out'
		| 'unknown_badge';
	found_at: string;
	facts: Record<string, string | number>;
	note: string;
	resolved_at: string | null;
	resolved_by: string | null;
	who_looks: 'safeguarding' | 'door' | 'registration';
	person: string | null;
	device: string | null;
	checkpoint: string | null;
}

/** One page of it all. */
export interface DoorDesk {
	/** Everybody in, wherever. */
	building: number;
	/** Everybody who came today. */
	came: number;
	places: (Checkpoint & { inside: number })[];
	devices: DeskDevice[];
	conflicts: Conflict[];
}

/** Somebody who is inside. */
export interface Inside {
	person: string;
	name: string;
	category: string | null;
	since: string;
	needs_help: boolean | null;
	places: string[];
}

/** What happened, in a sentence. `place` names a checkpoint, `time` an instant at the venue. */
export function conflictSentence(
	{ kind, facts, device }: Conflict,
	place: (id: string) => string,
	time: (iso: string) => string
): string {
	const at = typeof facts['at'] === 'string' ? time(facts['at']) : '';
	switch (kind) {
		case 'two_doors':
			return `Let in twice: at ${time(String(facts['first_at']))}, ${place(String(facts['first']))}, and again at ${at}. Either a copy of a badge, or a way out that was not scanned.`;
		case 'revoked':
			return `Let in at ${at} without a network, with a badge that was taken back before. Somebody may have used a lost badge.`;
		case 'barred':
			return `Let in at ${at} without a network, where the answer would have been to stop and call.`;
		case 'not_entitled':
			return `Let in at ${at} without a network, where the answer would have been no.`;
		case 'over_capacity':
			return `${facts['most']} were inside at ${at}, where ${facts['capacity']} may be.`;
		case 'wrong_clock':
			return `The clock of ${device ?? 'a device'} is ${clockFault(Number(facts['minutes']))}. Its scans were set right.`;
		case 'shut_out':
			return `${device ?? 'A device'} was shut out with ${facts['scans'] ?? facts['queued'] ?? 'some'} scans that nobody else knows of. They count for nobody.`;
		case 'unknown_badge':
			return 'Let in without a network, with a badge that this Summit does not know.';
	}
}

// By how many minutes a clock is behind.
function clockFault(minutes: number): string {
	return `${longDuration(Math.abs(minutes) * 60, 'en')} ${minutes > 0 ? 'slow' : 'fast'}`;
}

/** Who should look, in words. */
export const looksWord = { safeguarding: 'Safeguarding', door: 'Who leads the door', registration: 'Registration' };

/** How a device is, in words; '' when all is well. */
export function deviceFault(device: DeskDevice, now: number): string {
	if (device.shut_out) return 'Shut out';
	if (device.expired) return 'Its day is over';
	if (!device.heard_at) return 'Not heard yet';
	const minutes = Math.floor((now - Date.parse(device.heard_at)) / 60_000);
	const faults = [
		minutes >= 2 && `Not heard for ${minutes} minutes`,
		device.queued > 0 && `${device.queued} scans wait`,
		device.charge !== null && device.charge <= 20 && `${device.charge} % of charge`,
		Math.abs(device.offset_minutes) >= 2 && `Clock ${clockFault(device.offset_minutes)}`
	];
	return faults.filter(Boolean).join(' · ');
}
