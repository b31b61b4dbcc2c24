import type { Question } from './participation.ts';

/** The list with one changed question; null: it was removed. */
export function withQuestion(list: readonly Question[], id: string | null, question: Question | null): Question[] {
	const others = list.filter((one) => one.id !== id);
	return question ? [...others, question] : others;
}

/** The current question, the waiting ones by votes, and those answered. */
export function inOrder(list: readonly Question[]): {
	current: Question | null;
	open: Question[];
	answered: Question[];
} {
	// Ties are sorted by the random id: the order does not reveal when a question was asked.
	const sorted = list.toSorted((one, other) => other.votes - one.votes || (one.id < other.id ? -1 : 1));
	return {
		current: sorted.find(({ state }) => state === 'current') ?? null,
		open: sorted.filter(({ state }) => state === 'approved'),
		answered: sorted.filter(({ state }) => state === 'answered')
	};
}
