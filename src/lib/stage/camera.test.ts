import { expect, test } from 'vitest';
import { sessionsByMoment, type CameraSession } from './camera.ts';

const at = (clock: string) => `2027-06-10T${clock}:00Z`;
const session = (code: string, start: string, end: string, run: CameraSession['run'] = null): CameraSession => ({
	id: code,
	code,
	title: { original: 'en', en: code },
	level: 'public',
	rooms: [],
	start: at(start),
	end: at(end),
	run,
	is_off: false,
	stage: [],
	called: 0,
	unanswered: 0,
	hall: null,
	area: '',
	recording: 'no',
	without_consent: 0
});
const grouped = (sessions: CameraSession[], now: string) =>
	Object.fromEntries(
		[...sessionsByMoment(sessions, Date.parse(at(now)))].map(([moment, found]) => [
			moment,
			found.map(({ code }) => code)
		])
	);

test('lists what is on, what begins within the hour, what comes later and what is over', () => {
	const day = [
		session('OVER', '08:00', '09:00'),
		session('LATE', '08:00', '09:30', 'live'),
		session('ON', '09:00', '10:00'),
		session('SOON', '10:15', '11:00'),
		session('LATER', '14:00', '15:00')
	];
	expect(grouped(day, '09:40')).toEqual({ over: ['OVER'], now: ['LATE', 'ON'], next: ['SOON'], later: ['LATER'] });
});

test('the first session to come is next, however late it begins', () => {
	expect(grouped([session('A', '14:00', '15:00'), session('B', '16:00', '17:00')], '08:00')).toEqual({
		next: ['A'],
		later: ['B']
	});
});
