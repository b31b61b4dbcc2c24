import { isOn, isEntryOver, type Entry } from './session.ts';

/** The sessions at a moment, and the next ones. */
export interface NowAndNext {
	now: Entry[];
	/** Everything that starts at the next start after the moment. */
	next: Entry[];
}

/** "Now and next" at a moment (milliseconds). A session that overruns on stage stays now. Cancelled sessions are neither; a break is now, never next. */
export function nowAndNext(entries: readonly Entry[], now: number): NowAndNext {
	const held = entries.filter((entry) => !entry.session.is_cancelled);
	const coming = held.filter((entry) => entry.start > now && !entry.session.is_break);
	const start = Math.min(...coming.map((entry) => entry.start));
	return { now: held.filter((entry) => isOn(entry, now)), next: coming.filter((entry) => entry.start === start) };
}

/** Entries of one start. */
export interface StartRow {
	start: number;
	entries: Entry[];
	/** Whether everything of the row has ended. */
	isPast: boolean;
}

/** Groups entries by their start, in order. */
export function startRowsOf(entries: readonly Entry[], now: number): StartRow[] {
	const rows = new Map<number, Entry[]>();
	for (const entry of entries) rows.set(entry.start, [...(rows.get(entry.start) ?? []), entry]);
	return [...rows]
		.sort(([a], [b]) => a - b)
		.map(([start, those]) => ({ start, entries: those, isPast: those.every((entry) => isEntryOver(entry, now)) }));
}

/** The row before which the line of the present time is: after the last start that has come; null before the first and after the last end. */
export function lineBefore(rows: readonly StartRow[], now: number): number | null {
	if (rows.length === 0 || rows.every((row) => row.isPast) || now < (rows[0]?.start ?? 0)) return null;
	const index = rows.findIndex((row) => row.start > now);
	return index === -1 ? rows.length : index;
}
