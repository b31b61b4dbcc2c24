import { expect, test } from 'vitest';
import type { Question } from './participation.ts';
import { inOrder, withQuestion } from './questions.ts';

const question = (id: string, votes: number, state: Question['state'] = 'approved'): Question => ({
	id,
	body: id,
	from: null,
	state,
	votes
});

test('sorts by votes, breaks ties in a neutral order, and separates answered questions', () => {
	const list = [question('c', 1), question('a', 1), question('b', 7), question('d', 9, 'answered')];
	const ids = (some: Question[]) => some.map(({ id }) => id);
	const { current, open, answered } = inOrder([...list, question('e', 0, 'current')]);
	expect([current?.id, ids(open), ids(answered)]).toEqual(['e', ['b', 'a', 'c'], ['d']]);
	expect(inOrder(list).current).toBeNull();
});

test('replaces, adds and removes questions by events, and ignores repeated ones', () => {
	const list = [question('a', 1)];
	const more = withQuestion(withQuestion(list, 'b', question('b', 2)), 'b', question('b', 3));
	expect(more).toEqual([question('a', 1), question('b', 3)]);
	expect(withQuestion(withQuestion(more, 'a', null), 'a', null)).toEqual([question('b', 3)]);
});
