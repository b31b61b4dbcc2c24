import { expect, test } from 'vitest';
import { isOpening } from './opening.ts';

const served = { sha256: 'ab', size: 50_000 };
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const opens = (headers: Record<string, string>, method = 'GET') =>
	isOpening({ method, headers: new Headers({ 'user-agent': browser, ...headers }) }, served);

test('a request that gets a file from its beginning opens it', () => {
	expect(opens({})).toBe(true);
	expect(opens({ range: 'bytes=0-' })).toBe(true);
	expect(opens({ range: 'bytes=0-9999' })).toBe(true);
	// The file has changed since: all of it is sent.
	expect(opens({ range: 'bytes=20000-', 'if-range': '"other"' })).toBe(true);
});

test('a later part, a few bytes, the headers and what is not there open nothing again', () => {
	expect(opens({}, 'HEAD')).toBe(false);
	for (const range of ['bytes=0-1', 'bytes=20000-', 'bytes=-500', 'bytes=60000-']) expect(opens({ range })).toBe(false);
	expect(opens({ range: 'bytes=20000-', 'if-range': '"ab"' })).toBe(false);
});

test.each<Record<string, string>>([
	{ 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
	{ 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0)' },
	{ 'user-agent': 'facebookexternalhit/1.1' },
	{ 'user-agent': 'SkypeUriPreview Preview/0.5' },
	{ 'user-agent': '' },
	{ 'sec-purpose': 'prefetch;prerender' },
	{ purpose: 'prefetch' }
])('a robot, or a browser that loads it in advance, opens nothing (%#)', (headers) => {
	expect(opens(headers)).toBe(false);
});
