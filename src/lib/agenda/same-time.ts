import type { Entry } from './session.ts';

/** The other sessions at the same time as the entry, in order of start, without the session itself, breaks and cancelled ones. */
export function atTheSameTime(entry: Entry, entries: readonly Entry[], most = 6): Entry[] {
	return entries
		.filter(
			(other) =>
				other.session.id !== entry.session.id &&
				!other.session.is_break &&
				!other.session.is_cancelled &&
				other.start < entry.end &&
				entry.start < other.end
		)
		.slice(0, most);
}
