import { expect, test } from 'vitest';
import { framing } from '#lib/ui/server/headers.ts';
import { originsFrom, snippetFor } from './origins.ts';

test('reads one site a line, without its path, each once', () => {
	expect(originsFrom('https://News.Example.org/page?x=1\nnews.example.org\n\nhttps://b.example:8443/')).toEqual({
		origins: ['https://news.example.org', 'https://b.example:8443'],
		wrong: null
	});
	expect(originsFrom('http://localhost:4000')).toEqual({ origins: ['http://localhost:4000'], wrong: null });
});

test.each([
	'http://news.example.org',
	'*',
	'https://*.example.org',
	'https://example',
	"https://a.example;script-src'unsafe-inline'",
	'javascript://a.example',
	'data:text/html,x',
	'https://me:secret@a.example',
	`https://${'a'.repeat(250)}.example`
])('%s is none that may frame a page', (typed) => {
	expect(originsFrom(typed)).toEqual({ origins: [], wrong: typed });
});

test('lists the sites in the policy, and none when the list is empty or invalid', () => {
	const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";
	expect(framing(policy, ['https://a.example'])).toBe(
		"default-src 'self'; frame-ancestors https://a.example; base-uri 'none'"
	);
	expect(framing(policy, [])).toBe(policy);
	expect(framing(policy, ["https://a.example; script-src 'unsafe-inline'"])).toBe(policy);
});

test('escapes the copied code so that it cannot leave its attribute', () => {
	expect(snippetFor('https://summit.example/2027/embed/agenda', 'A "quoted" <title>')).toContain(
		'title="A &#34;quoted&#34; &#60;title&#62;"'
	);
});
