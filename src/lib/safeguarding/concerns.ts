/* Concerns as their readers see them. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';

/** A concern as safeguarding leads read it. */
export interface Concern {
	id: string;
	at: string;
	/** What it is about, where that is known; '' else. */
	about: string;
	/** Null: the key that sealed them is gone. Undefined: not asked for, so not logged as read. */
	words: string | null | undefined;
	/** What was done. */
	note: string;
	closed_at: string | null;
	closed_by: string | null;
	session: { code: string; title: TextMap } | null;
	/** Null: they did not want to be named, or were not signed in. */
	reporter: { display_name: string; affiliation: string } | null;
	/** Whom it is about: these people never find it. */
	people: { id: string; display_name: string; source: 'reporter' | 'lead' }[];
	/** Who has read it, and when last. */
	readers: { display_name: string; at: string }[];
	/** One of many from one source. */
	batch: string | null;
}

/** Many concerns from one source, shown as one entry. */
export interface ConcernBatch {
	id: string;
	count: number;
	open: number;
	from: string;
	to: string;
}

/** The same words, however often they were sent, the newest first. */
interface SameWords {
	first: Concern;
	count: number;
}

/** Puts concerns with the same words together, those that were sent least often first: what is repeated is what drowns the rest. */
export function groupedByWords(concerns: readonly Concern[]): SameWords[] {
	const groups = new Map<string, SameWords>();
	for (const concern of concerns) {
		const words = (concern.words ?? concern.id).normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
		const group = groups.get(words);
		if (group) group.count += 1;
		else groups.set(words, { first: concern, count: 1 });
	}
	return [...groups.values()].sort((a, b) => a.count - b.count);
}
