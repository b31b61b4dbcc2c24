import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { headersInLanguage, rewriteScripts, ownFiles, pageInLanguage } from './scripts.ts';

const files = new Set(['entry/start.a1.js', 'entry/app.b2.js', 'chunks/words.js']);
const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const script = (folder: string) =>
	`{ import("/_app/immutable/${folder}entry/start.a1.js"), import("/_app/immutable/${folder}entry/app.b2.js") }`;

test('scripts get the folder of the language; shared ones and styles keep their addresses', () => {
	const text = '/_app/immutable/chunks/words.js /_app/immutable/chunks/big.js /_app/immutable/assets/a.css';
	expect(rewriteScripts(text, 'fr', files)).toBe(
		'/_app/immutable/fr/chunks/words.js /_app/immutable/chunks/big.js /_app/immutable/assets/a.css'
	);
	expect(rewriteScripts(rewriteScripts(text, 'fr', files), 'fr', files)).toBe(rewriteScripts(text, 'fr', files));
	expect(rewriteScripts(text, 'en', files)).toBe(text);
	expect(rewriteScripts(text, 'fr', new Set())).toBe(text);
});

test('the policy of a page allows its changed script', () => {
	const page = (folder: string) => `<html><script>other()</script><script>${script(folder)}</script></html>`;
	const renames = new Map<string, string>();
	expect(pageInLanguage(page(''), 'fr', files, renames)).toBe(page('fr/'));
	const headers = new Headers({
		link: '</_app/immutable/entry/start.a1.js>; rel="modulepreload"',
		'content-security-policy': `script-src 'self' '${hashOf('early')}' '${hashOf(script(''))}'`
	});
	headersInLanguage(headers, 'fr', files, renames);
	expect(Object.fromEntries(headers)).toEqual({
		link: '</_app/immutable/fr/entry/start.a1.js>; rel="modulepreload"',
		'content-security-policy': `script-src 'self' '${hashOf('early')}' '${hashOf(script('fr/'))}'`
	});
});

test('without a build each script has all languages', () => {
	expect(ownFiles().size).toBe(0);
});
