/* What is kept of an error holds no name, no address, no query and no text that somebody typed. */
import { expect, test } from 'vitest';
import { browserFacts, knownWords, serverFacts } from './facts.ts';

const secrets = [
	'Farid Rahimi',
	'farid.rahimi@example.org',
	'https://summit.example.org/montevideo/sessions/OPEN-1?token=s3cret&q=Farid',
	'duplicate key value violates unique constraint: Key (name)=(Farid Rahimi) already exists.',
	"Cannot read properties of undefined (reading 'farid@example.org')",
	"Cannot read properties of undefined (reading 'Farid')",
	'Farid is not defined',
	'announce was refused (Farid).',
	'+598 99 123 456',
	'Unexpected token F in JSON at position 0: "Farid"'
];

test('the message is kept only where it is one of those that repeat no value', () => {
	for (const secret of secrets) {
		expect(knownWords(secret), secret).toBeNull();
		expect(knownWords(secret, true), secret).toBeNull();
	}
	expect(knownWords("Cannot read properties of undefined (reading 'title')")).toBe(
		'Cannot read properties of undefined (reading ’title’)'
	);
	expect(knownWords('announce was refused (23505).')).toBe('announce was refused (23505).');
	expect(knownWords('fetch failed')).toBe('fetch failed');
	expect(knownWords('summit.title is not a function')).toBe('summit.title is not a function');
});

test('of an error of the server: its kind, its code and its place in the app', () => {
	const error = Object.assign(new TypeError('No delegate Farid Rahimi'), { code: '23505' });
	error.stack = [
		'TypeError: No delegate Farid Rahimi',
		'    at findDelegate (file:///home/farid/summit/build/server/chunks/desk-Ab12.js:10:22)',
		'    at async Array.map (<anonymous>)',
		'    at async load (/home/farid/summit/src/lib/help-desk/server/desk.ts:12:3)',
		'    at file:///home/farid/summit/node_modules/@sveltejs/kit/src/runtime/server.js:5:1',
		'    at https://example.org/farid?q=Rahimi:1:2'
	].join('\n');
	expect(serverFacts(error)).toEqual({
		kind: 'TypeError',
		code: '23505',
		words: null,
		stack: [
			'findDelegate build/server/chunks/desk-Ab12.js:10:22',
			'load src/lib/help-desk/server/desk.ts:12:3',
			'node_modules/sveltejs/kit/src/runtime/server.js:5:1'
		]
	});
	error.name = 'Farid Rahimi';
	error.code = 'farid@example.org';
	expect(serverFacts(error)).toMatchObject({ kind: 'Error', code: null });
	expect(serverFacts('Farid Rahimi')).toEqual({ kind: 'string', code: null, words: null, stack: [] });
});

test('a browser that sends personal values leaves none of them', () => {
	const stack = [
		'at faridRahimi (https://summit.example.org/_app/immutable/chunks/BxYz_12.js:1:2345)',
		'farid@https://summit.example.org/_app/immutable/nodes/12.Ab12cd34.js:3:4',
		'at https://summit.example.org/montevideo/sessions/OPEN-1?q=Farid:1:2',
		'at x (https://example.org/_app/immutable/chunks/farid@example.org.js:1:2)'
	].join('\n');
	expect(browserFacts('FaridRahimi', 'farid is not defined', stack)).toEqual({
		kind: 'Error',
		code: null,
		words: '… is not defined',
		stack: ['_app/immutable/chunks/BxYz_12.js:1:2345', '_app/immutable/nodes/12.Ab12cd34.js:3:4']
	});
	for (const secret of secrets) {
		const kept = JSON.stringify(browserFacts(secret, secret, secret));
		expect(kept, secret).not.toMatch(/farid|rahimi|token|598/i);
	}
});
