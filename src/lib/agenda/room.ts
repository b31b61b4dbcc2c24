import type { TextMap } from '#lib/i18n/locale.ts';
import { longestOverrun, type Level, type SessionPerson } from './session.ts';

/** A time in a room as its door shows it; of a closed session only its time. */
export type RoomEntry = { start: string; end: string } & (
	| { is_closed: true }
	| {
			is_closed: false;
			level: Level;
			title: TextMap;
			content_note: TextMap;
			spoken: string[];
			interpreted: string[];
			is_break: boolean;
			is_cancelled: boolean;
			is_live: boolean;
			people: SessionPerson[];
	  }
);

/** The present and coming sessions of a room. */
export interface RoomScreen {
	room: { slug: string; name: TextMap };
	release: number | null;
	entries: RoomEntry[];
}

/** The place of an entry on the screen. */
export type Standing = 'past' | 'now' | 'next' | 'far';

/** How many coming entries a screen shows. */
const most = 3;

/** The place of each entry at a moment (milliseconds), in order of time. A cancelled session is never on. */
export function standings(
	entries: readonly { start: number; end: number; off: boolean; isLive?: boolean }[],
	now: number
): Standing[] {
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
