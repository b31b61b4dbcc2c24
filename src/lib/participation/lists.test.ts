import { expect, test } from 'vitest';
import { meanOf, positionOf, withMessage, withPoll } from './lists.ts';
import type { ChatMessage, Poll } from './participation.ts';

const message = (id: string, at: string): ChatMessage => ({ id, body: id, at, from: null });
const poll = (id: string, at: string, votes: number[] = []): Poll => ({
	id,
	question: id,
	kind: 'rating',
	state: 'open',
	by_sector: false,
	may_change: true,
	results_at_end: false,
	at,
	voters: votes.reduce((sum, one) => sum + one, 0),
	options: votes.map((count, index) => ({ id: `${index}`, label: `${index + 1}`, votes: count })),
	sectors: null
});

test('sorts messages by their time in any order of arrival, and drops removed ones', () => {
	const [first, second] = [message('a', '2027-06-01T08:00:00.1Z'), message('b', '2027-06-01T08:00:00.25Z')];
	const both = withMessage(withMessage([], 'b', second), 'a', first);
	expect(both).toEqual([first, second]);
	expect(withMessage(withMessage(both, 'a', first), 'b', null)).toEqual([first]);
	const many = Array.from({ length: 250 }, (_, n) => message(`${n}`, new Date(n * 1000).toISOString()));
	const list = many.reduce<ChatMessage[]>((all, one) => withMessage(all, one.id, one), []);
	expect([list.length, list[0]?.id]).toEqual([200, '50']);
});

test('sorts polls newest first, and gives a rating its mean once there is a vote', () => {
	const list = withPoll([poll('a', '2027-06-01T08:00:00Z')], 'b', poll('b', '2027-06-01T09:00:00Z'));
	expect(list.map(({ id }) => id)).toEqual(['b', 'a']);
	expect(withPoll(list, 'b', null).map(({ id }) => id)).toEqual(['a']);
	expect([meanOf(poll('c', '', [0, 0, 1, 0, 3])), meanOf(poll('c', '', [0, 0]))]).toEqual([4.5, null]);
});

test('gives a hand its place among the waiting ones', () => {
	expect([positionOf(['a', 'b'], 'b'), positionOf(['a'], 'b'), positionOf([], undefined)]).toEqual([2, null, null]);
});
