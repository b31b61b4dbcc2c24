import type { Entry } from './session.ts';

/** What else is held while the entry is, in order of start; the session itself, breaks and cancelled ones left out. */
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
