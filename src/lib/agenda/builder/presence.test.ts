import { expect, test } from 'vitest';
import { colleaguesOf, holdersOf, initialsOf } from './presence.ts';

const person = (code: string, name: string, session: string | null = null, is_dragging = false) => ({
	code,
	name,
	session,
	is_dragging
});

test.each([
	['Ana Whitlock', 'AW'],
	['Katarzyna Nowak-Zielińska', 'KZ'],
	['Sione', 'S'],
	['María del Carmen Ruiz', 'MR'],
	['نور الحسن', 'نا'],
	['(2) Grace O’Neill', 'GO']
])('the initials of %s are %s', (name, initials) => {
	expect(initialsOf(name)).toBe(initials);
});

test('lists each person once by name, with the same colour each time', () => {
	const people = [person('B', 'Bo Lund', 's'), person('A', 'Ana Whitlock'), person('B', 'Bo Lund', 't', true)];
	const all = colleaguesOf(people);
	expect(all.map(({ name }) => name)).toEqual(['Ana Whitlock', 'Bo Lund']);
	expect(colleaguesOf(people)).toEqual(all);
});

test('names who has a session open, who drags it first', () => {
	const holders = holdersOf([person('A', 'Ana', 's'), person('B', 'Bo', 's', true), person('C', 'Cem')]);
	expect([...holders.keys()]).toEqual(['s']);
	expect(holders.get('s')?.map(({ name, isDragging }) => [name, isDragging])).toEqual([
		['Bo', true],
		['Ana', false]
	]);
});
