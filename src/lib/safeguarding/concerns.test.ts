import { expect, test } from 'vitest';
import { groupedByWords, type Concern } from './concerns.ts';

const concern = (id: string, words: string | null): Concern => ({
	id,
	words,
	at: '',
	subject: '',
	note: '',
	closed_at: null,
	closed_by: null,
	session: null,
	reporter: null,
	people: [],
	read_by: [],
	taken_by: null,
	locale: null,
	may_answer: false,
	case: null,
	alarm: null,
	messages: [],
	batch: 'b'
});

test('lists single reports before repeated ones, and unreadable ones apart', () => {
	const spam = Array.from({ length: 40 }, (_, n) => concern(`s${n}`, n % 2 ? 'Spam  SPAM' : 'spam spam'));
	const groups = groupedByWords([...spam, concern('real', 'He is in room 4.'), concern('sealed', null)]);
	expect(groups.map(({ first, count }) => [first.id, count])).toEqual([
		['real', 1],
		['sealed', 1],
		['s0', 40]
	]);
});
