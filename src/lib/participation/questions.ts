import type { Question } from './participation.ts';

/** The list with one question as it now stands; null: it is gone. */
export function withQuestion(list: readonly Question[], id: string | null, question: Question | null): Question[] {
	const others = list.filter((one) => one.id !== id);
	return question ? [...others, question] : others;
}

/** The one being answered, those that wait by how many want them, and those answered. */
export function inOrder(list: readonly Question[]): {
	current: Question | null;
	open: Question[];
	answered: Question[];
} {
	// Ties by id, which is drawn by chance: the order tells nobody when something was asked.
	const sorted = list.toSorted((one, other) => other.votes - one.votes || (one.id < other.id ? -1 : 1));
	return {
		current: sorted.find(({ state }) => state === 'current') ?? null,
		open: sorted.filter(({ state }) => state === 'approved'),
		answered: sorted.filter(({ state }) => state === 'answered')
	};
}
