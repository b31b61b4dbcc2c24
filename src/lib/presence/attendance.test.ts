import { expect, test } from 'vitest';
import { allMinutes, allWatched, attendedSessions, type OwnAttendance } from './attendance.ts';

const one = (minutes: number, watched: number): OwnAttendance => ({
	code: 'S1',
	title: {},
	level: 'public',
	minutes,
	watched,
	at: '2026-12-01T09:00:00Z'
});

test('a session of which only the recording was watched is not among those attended', () => {
	const attendance = [one(30, 0), one(10, 15), one(0, 20)];
	expect([allMinutes(attendance), attendedSessions(attendance), allWatched(attendance)]).toEqual([40, 2, 35]);
});
