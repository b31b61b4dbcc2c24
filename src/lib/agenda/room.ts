import { longestOverrun } from './session.ts';

export type { RoomEntry, RoomScreen } from '#lib/database/answers/agenda/sessions.ts';

/** The place of an entry on the screen. */
type EntryTiming = 'past' | 'now' | 'next' | 'far';

/** How many coming entries a screen shows. */
const most = 3;

/** The place of each entry at a moment (milliseconds), in order of time. A cancelled session is never on. */
export function entryTimings(
	entries: readonly { start: number; end: number; off: boolean; isLive?: boolean }[],
	now: number
): EntryTiming[] {
	let coming = 0;
	return entries.map(({ start, end, off, isLive = false }) => {
		// An overrunning session counts as on for as long as the doors treat it so.
		if (end <= now && isLive && !off && now - end <= longestOverrun) return 'now';
		if (end <= now) return 'past';
		if (start <= now) return off ? 'past' : 'now';
		coming += 1;
		return coming <= most ? 'next' : 'far';
	});
}
