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

test('the most wanted comes first, ties in an order that tells nothing, the answered apart', () => {
	const list = [question('c', 1), question('a', 1), question('b', 7), question('d', 9, 'answered')];
	const ids = (some: Question[]) => some.map(({ id }) => id);
	const { current, open, answered } = inOrder([...list, question('e', 0, 'current')]);
	expect([current?.id, ids(open), ids(answered)]).toEqual(['e', ['b', 'a', 'c'], ['d']]);
	expect(inOrder(list).current).toBeNull();
});

test('news of a question replace it, add it or take it away; told twice is told once', () => {
	const list = [question('a', 1)];
	const more = withQuestion(withQuestion(list, 'b', question('b', 2)), 'b', question('b', 3));
	expect(more).toEqual([question('a', 1), question('b', 3)]);
	expect(withQuestion(withQuestion(more, 'a', null), 'a', null)).toEqual([question('b', 3)]);
});
