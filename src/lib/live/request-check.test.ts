import { expect, test } from 'vitest';
import { allowsRange, refusalStatus } from './request-check.ts';

test('refuses a target that is no address of the site before it is decoded', () => {
	const wanted: Record<string, 400 | 404 | 414 | null> = {
		'/': null,
		'/2027/agenda?q=%zz': null,
		'/fr/2027/agenda?q=100%#top': null,
		'/caf%C3%A9': null,
		'/%2525': null,
		'/%zz': 400,
		'/%': 400,
		'/%c0%af': 400,
		'/%ff/x': 400,
		'/%zz%00': 404,
		'/a%00b': 404,
		'/agenda?q=%00': 404,
		'': 400,
		'*': 400,
		agenda: 400,
		'http://evil.example/': 400,
		[`/${'a'.repeat(9000)}`]: 414
	};
	expect(Object.fromEntries(Object.keys(wanted).map((target) => [target, refusalStatus(target)]))).toEqual(wanted);
});

test('passes a valid range to the routes that send parts, and to no others', () => {
	const file = '/2027/files/5f2c?version=2';
	expect(['bytes=0-1', 'bytes=5-5', 'bytes=5-', 'bytes=-5'].map((range) => allowsRange(file, range))).toEqual(
		Array(4).fill(true)
	);
	const malformed = [
		'bytes=5-2',
		'bytes=0-99999999999999999999',
		'bytes=9007199254740993-',
		'bytes=-',
		'bytes=0-1,3-4',
		'bytes=a-b',
		'5-9',
		''
	];
	expect(malformed.filter((range) => allowsRange(file, range))).toEqual([]);
	expect(allowsRange('/2027/sessions/ABC/recordings/5f2c/file', 'bytes=0-1')).toBe(true);
	expect(
		['/embed.js', '/_app/immutable/x.js', '/2027/agenda', '/files'].filter((path) => allowsRange(path, 'bytes=0-1'))
	).toEqual([]);
});
