/* Concerns as their readers see them. No I/O. */
import type { SealedConcern } from '#lib/database/answers/safeguarding/concerns.ts';

export type { ConcernBatch } from '#lib/database/answers/safeguarding/concerns.ts';

/** A concern as safeguarding leads read it, opened. */
export interface Concern extends Omit<
	SealedConcern,
	'text_sealed' | 'key_id' | 'note_sealed' | 'note_key_id' | 'messages'
> {
	/** Null: the key that sealed them is gone. Undefined: not asked for, so not logged as read. */
	words: string | null | undefined;
	/** What was done. */
	note: string;
	messages: ConcernMessage[];
}

/** What the reporter or the desk wrote, opened. Null: its key is gone. */
export interface ConcernMessage {
	id: string;
	at: string;
	is_from_desk: boolean;
	author: string | null;
	words: string | null;
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
