import { expect, test } from 'vitest';
import { isUnderWay } from './meeting.ts';

const meeting = { start: '2090-03-01T10:00:00Z', end: '2090-03-01T11:30:00Z', state: 'planned' } as const;
const at = (time: string) => Date.parse(`2090-03-01T${time}:00Z`);

test('a planned meeting is under way from its start until its end', () => {
	expect(['09:59', '10:00', '11:29', '11:30'].map((time) => isUnderWay(meeting, at(time)))).toEqual([
		false,
		true,
		true,
		false
	]);
});

test('a meeting that was cancelled, or whose minutes say that it was held, is not', () => {
	expect(isUnderWay({ ...meeting, state: 'cancelled' }, at('10:30'))).toBe(false);
	expect(isUnderWay({ ...meeting, state: 'held' }, at('10:30'))).toBe(false);
});
