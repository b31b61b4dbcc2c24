import { expect, test } from 'vitest';
import * as v from 'valibot';
import { deviceKindOf } from './device-check.ts';
import { openTasks, taskPath, type Principal, type Task } from './tasks.ts';
import { linksFrom, textsSchema } from './work.ts';

const task = (name: Task['task'], due: string | null = null, done = false): Task => ({
	task: name,
	session_id: null,
	participation_id: 'p',
	title: null,
	is_done: done,
	due_at: due
});
const principal = (tasks: Task[], own = true): Principal => ({
	id: 'x',
	name: 'X',
	is_own: own,
	interprets: false,
	tasks
});

test('puts the invitation first, then the earliest deadline, then what has none', () => {
	const tasks = [
		task('profile', '2027-05-02T00:00:00Z'),
		task('texts', '2027-05-01T00:00:00Z'),
		task('check'),
		task('consents', null, true),
		task('answer', '2027-05-03T00:00:00Z'),
		task('availability')
	];
	const names = (own: boolean) => openTasks(principal([...tasks], own)).map((one) => one.task);
	expect(names(true)).toEqual(['answer', 'texts', 'profile', 'availability', 'check']);
	// An assistant cannot test the speaker's camera.
	expect(names(false)).not.toContain('check');
	expect(taskPath(task('profile'), principal([], false))).toBe('/speak/profile?for=x');
});

test.each([
	['Latin', 'a'],
	['Arabic with marks', 'بَّ'],
	['Devanagari', 'क्षि'],
	['a family', '👩‍👩‍👧‍👦'],
	['Thai', 'กำ']
])('a title in %s has as many letters as people count', (_script, letter) => {
	const schema = textsSchema(['en'], { title: {}, abstract: {}, content_note: {} });
	const title = (count: number) => v.safeParse(schema, { version: '1', 'title.en': letter.repeat(count) }).success;
	expect([title(200), title(201), title(0)]).toEqual([true, false, false]);
});

test('accepts only absolute https addresses as links', () => {
	expect(linksFrom('harbour.example/team\n https://a.example ')).toEqual([
		{ url: 'https://harbour.example/team' },
		{ url: 'https://a.example/' }
	]);
	expect(linksFrom('')).toEqual([]);
	for (const wrong of [
		'http://a.example',
		'javascript:alert(1)',
		'https://u:p@a.example',
		'localhost',
		`https://a.example/${'x'.repeat(300)}`,
		'a.b c.d e.f g.h i.j k.l'
	])
		expect([wrong, linksFrom(wrong)]).toEqual([wrong, null]);
});

test('names a device as a phone, a tablet or a computer', () => {
	const agents: [string, number, string][] = [
		['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148', 5, 'phone'],
		['Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/130 Mobile Safari/537.36', 5, 'phone'],
		['Mozilla/5.0 (Linux; Android 15; SM-X700) Chrome/130 Safari/537.36', 5, 'tablet'],
		['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605', 5, 'tablet'],
		['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605', 0, 'computer'],
		['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/132.0', 10, 'computer']
	];
	expect(agents.map(([agent, touch]) => deviceKindOf(agent, touch))).toEqual(agents.map(([, , device]) => device));
});
