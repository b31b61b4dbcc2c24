/* Concerns for their readers. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';

/** A concern as safeguarding leads read it. */
export interface Concern {
	id: string;
	at: string;
	/** Its subject, where known; '' else. */
	about: string;
	/** Null: the sealing key is gone. Undefined: not requested, so not logged as read. */
	words: string | null | undefined;
	/** What was done. */
	note: string;
	closed_at: string | null;
	closed_by: string | null;
	session: { code: string; title: TextMap } | null;
	/** Null: they did not want to be named, or were not signed in. */
	reporter: { display_name: string; affiliation: string } | null;
	/** The people whom it is about: they never find it. */
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

/** Concerns with the same text, however often they were sent, newest first. */
interface SameWords {
	first: Concern;
	count: number;
}

/** Groups concerns with the same text, the least repeated first: repetition is used to bury the others. */
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
