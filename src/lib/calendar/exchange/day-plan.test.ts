import { describe, expect, test } from 'vitest';
import { dayPlanFile, readDayPlan, readRooms } from './day-plan.ts';

const day = '2029-06-05';
const read = (text: string, first = 'Main hall') => readDayPlan(day, text, first);

test('reads a session on each line, with its room or the first one', () => {
	expect(
		read(
			'09:00-10:30 Opening plenary\n\n 9.30 – 11.00 Survivors speak @ Room 2 \r\n11:00—11:30, Mail a@b.example @ Room 3'
		)
	).toEqual({
		ok: true,
		sessions: [
			{ day, start: '09:00', end: '10:30', title: 'Opening plenary', room: 'Main hall' },
			{ day, start: '09:30', end: '11:00', title: 'Survivors speak', room: 'Room 2' },
			{ day, start: '11:00', end: '11:30', title: 'Mail a@b.example', room: 'Room 3' }
		]
	});
});

describe('says which line is wrong', () => {
	test.each([
		['no time', 'Opening plenary', 'Line 1 has no time and title: Opening plenary'],
		['no title', '09:00-10:00', 'Line 1 has no time and title: 09:00-10:00'],
		['no such time', '09:00-25:00 Late', 'Line 1 has no time and title: 09:00-25:00 Late'],
		['an end before the beginning', '09:00-10:00 One\n12:00-11:00 Two', 'Line 2 ends before it begins.'],
		[
			'two in one room at once',
			'09:00-10:00 One @ hall\n09:30-11:00 Two @ Hall',
			'Line 2 has its room while another session is there.'
		],
		['a long title', `09:00-10:00 ${'x'.repeat(201)}`, 'Line 1 is too long.']
	])('%s', (_, text, message) => {
		expect(read(text)).toEqual({ ok: false, message });
	});
	test('no room at all', () => {
		expect(read('09:00-10:00 One', '')).toEqual({
			ok: false,
			message: 'Name a room first, here or after an @ in the line.'
		});
	});
});

test('reads a line of a Chinese keyboard', () => {
	expect(read('09：00至10：30　开幕全体会议＠主会场')).toEqual({
		ok: true,
		sessions: [{ day, start: '09:00', end: '10:30', title: '开幕全体会议', room: '主会场' }]
	});
});

test('writes a file that the import reads', async () => {
	const file = dayPlanFile([{ day, start: '09:00', end: '10:00', title: 'One; "two", three', room: 'Hall' }], 'fr');
	expect(
		(await file.text())
			.replace(/^\uFEFF/, '')
			.split('\r\n')
			.slice(0, 2)
	).toEqual(['title,start,end,rooms,spoken', '"One; ""two"", three",2029-06-05T09:00,2029-06-05T10:00,Hall,fr']);
});

test('reads rooms with their places, each once', () => {
	expect(readRooms('Main hall, 400\n\nRoom 2\n main HALL ,3\n القاعة، 50\n主会场，300')).toEqual([
		{ name: 'Main hall', capacity: 400 },
		{ name: 'Room 2', capacity: null },
		{ name: 'القاعة', capacity: 50 },
		{ name: '主会场', capacity: 300 }
	]);
});
