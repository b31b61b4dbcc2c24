import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasShape, mayNameAction } from './parameters.ts';

const id = '5f2c1a9e-3b7d-4c1e-9a52-0d6e8f714b30';

test('every route parameter has a pattern', () => {
	const folders = readdirSync(join(import.meta.dirname, '../../routes'), { recursive: true, encoding: 'utf8' });
	const names = new Set(
		folders.flatMap((path) => [...path.matchAll(/\[(\w+)(?:=\w+)?\]/g)].map(([, name = '']) => name))
	);
	expect(names.size).toBeGreaterThan(20);
	expect([...names].filter((name) => !hasShape(name, id))).toEqual([]);
});

test('an id is a UUID in lower case, or new', () => {
	const values = [id, 'new', id.toUpperCase(), `${id}x`, id.replaceAll('-', ''), '__proto__', "' or 1=1", '', 'x'];
	expect(values.filter((value) => hasShape('registration', value))).toEqual([id, 'new']);
});

test('a word has only letters, digits, points, hyphens and underscores', () => {
	const values = ['plenary', 'ABCD-2345', 'zh-Hans', 'seg_1.ts', '0'];
	expect(values.filter((value) => hasShape('room', value))).toEqual(values);
	expect(
		['a/b', 'a b', 'a\0', '\ud800', 'é', '', 'a'.repeat(201), '%00', '<a>'].filter((value) => hasShape('room', value))
	).toEqual([]);
	expect(hasShape('unheard', 'plenary')).toBe(false);
});

test('the name of a form action is never an inherited property of objects', () => {
	const search = (query: string) => new URLSearchParams(query);
	expect(['', '/save', 'q=1&/save', '/'].every((query) => mayNameAction(search(query)))).toBe(true);
	const wrong = ['/__proto__', '/constructor', '/toString', '/hasOwnProperty', '/default', 'q=1&/default='];
	expect(wrong.filter((query) => mayNameAction(search(query)))).toEqual([]);
});
