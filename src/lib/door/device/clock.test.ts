import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DoorClock } from './clock.ts';

/* `setSystemTime` sets the wall clock; `advanceTimersByTime` alone advances the monotonic clock, as in a browser. */
const hour = 3_600_000;
const noon = Date.parse('2027-06-07T12:00:00Z');
const set = (by: number) => vi.setSystemTime(Date.now() + by);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: noon }));
afterEach(() => void vi.useRealTimers());

/** A clock that the server found to be so many hours fast. */
function clockOf(hoursFast: number): DoorClock {
	set(hoursFast * hour);
	const clock = new DoorClock();
	clock.setOffset(-hoursFast * hour);
	return clock;
}

test.each([2, -2])('a clock that is %i hours fast and runs on is corrected, and certain', (fast) => {
	const clock = clockOf(fast);
	vi.advanceTimersByTime(hour);
	expect([clock.now(), clock.offset, clock.sure]).toEqual([noon + hour, -fast * hour, true]);
});

test.each([2, -2, 0.5])('a clock that is %f hours fast and is set right is right, and uncertain', (fast) => {
	const clock = clockOf(fast);
	vi.advanceTimersByTime(60_000);
	set(-fast * hour + 20_000);
	expect([clock.now(), clock.offset, clock.sure]).toEqual([noon + 60_000, -20_000, false]);
	clock.setOffset(-20_000);
	expect(clock.sure).toBe(true);
});

test('corrects a right clock that is wrongly set back', () => {
	const clock = clockOf(0);
	set(-hour);
	expect([clock.now(), clock.offset]).toEqual([noon, hour]);
});

test('keeps its offset through sleep, in which the monotonic clock stops', () => {
	const clock = clockOf(2);
	set(3 * hour);
	expect([clock.now(), clock.offset, clock.sure]).toEqual([noon + 3 * hour, -2 * hour, false]);
});

test('corrects what was recorded while uncertain once it is certain', () => {
	const clock = clockOf(0);
	clock.note('sure');
	set(hour);
	clock.note('asleep');
	set(hour);
	clock.note('first');
	clock.note('second');
	expect([clock.setOffset(-hour), clock.setOffset(-hour)]).toEqual([['first', 'second'], []]);
});

test.each([
	['goes on with what is known', 2, 0, -2],
	['was set right meanwhile: it says less than is over', 2, -2, 0],
	['was set to nonsense: no earlier than what is over', 2, -40, 38]
])('a page that opens again with a clock that %s', (_, fast, by, offset) => {
	const clock = clockOf(fast);
	const latest = clock.now();
	set(by * hour);
	const reopened = new DoorClock();
	reopened.resume(-fast * hour, latest);
	expect([reopened.offset / hour, reopened.sure]).toEqual([offset, false]);
});

test('lets a person confirm that it is right', () => {
	const clock = new DoorClock();
	clock.resume(2 * hour, noon);
	clock.trust();
	expect([clock.now(), clock.offset, clock.sure]).toEqual([noon, 0, false]);
});
