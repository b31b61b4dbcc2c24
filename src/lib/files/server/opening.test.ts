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

test('a browser that loads it in advance opens nothing', () => {
	expect(opens({ 'sec-purpose': 'prefetch;prerender' })).toBe(false);
	expect(opens({ purpose: 'prefetch' })).toBe(false);
});

test.each([
	'',
	'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
	'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)',
	'Mozilla/5.0 (compatible; bingbot/2.0)',
	'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)',
	'Mozilla/5.0 (compatible; AhrefsBot/7.0)',
	'Mozilla/5.0 (compatible; YandexBot/3.0)',
	'Mozilla/5.0 (compatible; Baiduspider/2.0)',
	'Mozilla/5.0 (compatible; Bytespider; spider-feedback@example.com)',
	'Mozilla/5.0 (compatible; Yahoo! Slurp)',
	'Mozilla/5.0 (compatible; UptimeRobot/2.0)',
	'Mozilla/5.0 (compatible; archive.org_bot)',
	'Mozilla/5.0 (compatible; Some reader; +https://example.com/about)',
	'Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5',
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36',
	'Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
	'facebookexternalhit/1.1',
	'meta-externalagent/1.1',
	'Slackbot-LinkExpanding 1.0',
	'TelegramBot (like TwitterBot)',
	'WhatsApp/2.23.20.0',
	'curl/8.5.0',
	'Wget/1.21.4',
	'Go-http-client/2.0',
	'okhttp/4.12.0',
	'axios/1.7.2',
	'node',
	'undici',
	'python-requests/2.32.0',
	'Python/3.12 aiohttp/3.9',
	'Java/17.0.1',
	'libwww-perl/6.67',
	'PostmanRuntime/7.39'
])('a robot or another program that names itself opens nothing: %s', (agent) => {
	expect(opens({ 'user-agent': agent })).toBe(false);
});

test.each([
	'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
	'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
	'Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
	'Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Mobile Safari/537.36',
	'Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0]',
	'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36',
	'Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.12 Version/12.16'
])('a browser opens it: %s', (agent) => {
	expect(opens({ 'user-agent': agent })).toBe(true);
});
