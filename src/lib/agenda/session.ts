import type { Session, Slot } from '#lib/database/answers/agenda/sessions.ts';

export type { Level } from '#lib/ui/level.ts';
export type { Agenda, Release, Session, SessionPerson, Slot } from '#lib/database/answers/agenda/sessions.ts';

/** Where a session can be followed. */
export type Attendance = 'hall_and_online' | 'hall' | 'online';

/** A person's role in a session. Interpreters and captioners are not named in the agenda. */
export type SessionRole = 'speaker' | 'chair' | 'moderator' | 'respondent' | 'interpreter' | 'captioner';

/** One slot of a session in a list or grid: a session with two times is two entries. */
export interface Entry {
	session: Session;
	slot: Slot;
	/** Milliseconds, for comparing. */
	start: number;
	end: number;
}

/** Every slot as an entry, in order of time, then of sessions. */
export function entriesOf(sessions: readonly Session[]): Entry[] {
	return sessions
		.flatMap((session) =>
			session.slots.map((slot) => ({ session, slot, start: Date.parse(slot.start), end: Date.parse(slot.end) }))
		)
		.sort((a, b) => a.start - b.start || Number(b.session.is_break) - Number(a.session.is_break));
}

/** Whether the entry has begun and not ended at a moment (milliseconds). */
function isDuring(entry: Entry, now: number): boolean {
	return entry.start <= now && now < entry.end;
}

/** How long an overrunning session counts as on, as at the doors: a forgotten run must not block anything. */
export const longestOverrun = 3_600_000;

/** Whether the entry's session is still on stage after its time: then it is on now, whatever the plan says. */
function overruns({ session, start, end }: Entry, now: number): boolean {
	if ((session.run !== 'live' && session.run !== 'paused') || end > now || now - end > longestOverrun) return false;
	// Of a session with several times, the one that started last goes on.
	return !session.slots.some((slot) => Date.parse(slot.start) > start && Date.parse(slot.start) <= now);
}

/** Whether the entry is on at a moment (milliseconds): during its time, or live beyond it. */
export function isOn(entry: Entry, now: number): boolean {
	return isDuring(entry, now) || overruns(entry, now);
}

/** Whether the entry's time is over and its session has ended. */
export function isEntryOver(entry: Entry, now: number): boolean {
	return entry.end <= now && !overruns(entry, now);
}

/** Minutes from start to end. */
export function minutesOf(slot: Slot): number {
	return Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000);
}
