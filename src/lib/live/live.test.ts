import { describe, expect, it, test } from 'vitest';
import {
	bestEncoding,
	isNotModified,
	cacheKey,
	ResponseCache,
	etagMatches,
	type CachedResponse,
	type EncodedBody
} from './response-cache.ts';
import { isTopic, parseLiveEvent, affectsCache, requestedTopics, staffEvent } from './topics.ts';

const id = '11111111-1111-4111-8111-111111111111';

describe('topics', () => {
	it('consist of a kind and an id', () => {
		expect(
			[
				'summit',
				'person',
				'session',
				'organise',
				'run',
				'desk',
				'door',
				'announced',
				'board',
				'meeting',
				'staff'
			].filter((kind) => !isTopic(`${kind}:${id}`))
		).toEqual([]);
		expect(['outbox', 'site', 'sessions', `walk:${id}`, `summit:${id}x`, 'summit:', 7, null].map(isTopic)).toEqual([
			false,
			false,
			false,
			false,
			false,
			false,
			false,
			false
		]);
	});

	it('repeat for the staff of a meeting what concerns its pages', () => {
		const of = (kind: string) => staffEvent({ topic: `meeting:${id}`, kind, id: null })?.topic ?? null;
		expect(['connections', 'voice', 'caption', 'rights'].map(of)).toEqual(Array(4).fill(`staff:${id}`));
		expect(['chat', 'hands', 'waiting', 'muted', 'cameras', 'poll'].map(of)).toEqual(Array(6).fill(null));
		expect(staffEvent({ topic: `staff:${id}`, kind: 'voice', id: null })).toBeNull();
	});

	it('are read from a query string, each once and limited in number', () => {
		expect(requestedTopics(`summit:${id},summit:${id},bad,outbox`)).toEqual([`summit:${id}`]);
		expect(requestedTopics(null)).toEqual([]);
		const many = Array.from({ length: 70 }, (_, index) => `person:${id.slice(0, -2)}${index + 10}`).join(',');
		expect(requestedTopics(many)).toHaveLength(60);
	});

	it('accept ids only', () => {
		expect(parseLiveEvent(JSON.stringify({ topic: `summit:${id}`, kind: 'run', id, name: 'x' }))).toEqual({
			topic: `summit:${id}`,
			kind: 'run',
			id
		});
		expect(parseLiveEvent('{"topic":"outbox","kind":"mail","id":null}')).toEqual({
			topic: 'outbox',
			kind: 'mail',
			id: null
		});
		expect([undefined, 'x', '{}', '{"topic":"a","kind":"b"}', 'null'].map(parseLiveEvent)).toEqual([
			null,
			null,
			null,
			null,
			null
		]);
	});
});

test('keeps cached responses when a rush, one person’s event or background work changes nothing on pages', () => {
	const event = (topic: string, kind: string) => ({ topic, kind, id });
	const shown = [
		['site', 'changed'],
		[`summit:${id}`, 'run'],
		[`summit:${id}`, 'release'],
		[`session:${id}`, 'rights']
	];
	const silent = [
		['outbox', 'mail'],
		['outbox', 'refund'],
		['sessions', 'account'],
		[`person:${id}`, 'rights'],
		[`organise:${id}`, 'mail'],
		[`run:${id}`, 'question'],
		[`desk:${id}`, 'question'],
		[`announced:${id}`, 'counts'],
		[`board:${id}`, 'presence'],
		[`summit:${id}`, 'seats']
	];
	const cached = (list: string[][]) => list.map(([topic = '', kind = '']) => affectsCache(event(topic, kind)));
	expect(cached(shown)).toEqual(shown.map(() => true));
	expect(cached(silent)).toEqual(silent.map(() => false));
});

describe('a cached response', () => {
	it.each([
		'/',
		'/ar',
		'/2027',
		'/fr/2027',
		'/2027/agenda',
		'/2027/agenda?day=2027-06-10',
		'/es/2027/sessions/ABCD23',
		'/2027/speakers/XY',
		'/2027/agenda.ics',
		'/2027/schedule.json',
		'/2027/schedule.xml',
		'/2027/agenda/__data.json?x-sveltekit-invalidated=01',
		'/privacy',
		'/__data.json'
	])('%s is', (url) => {
		expect(cacheKey(url, 'system')).toBe(`system ${url}`);
	});

	it.each([
		'/sign-in',
		'/account',
		'/2027/me',
		'/2027/live',
		'/2027/organise',
		'/2027/register',
		'/api/events',
		'/_app/immutable/x.js',
		'/calendar/abc.ics',
		'/healthz',
		`/2027/agenda?q=${'x'.repeat(300)}`,
		'/2027/sessions/../me',
		'/fr/sign-in'
	])('%s is not', (url) => {
		expect(cacheKey(url, 'system')).toBeNull();
	});
});

const encoded = (name: string, size = 1): EncodedBody => ({
	headers: ['content-encoding', name],
	body: Buffer.alloc(size)
});

function cachedAt(at: number, size = 100): CachedResponse {
	return { etag: `W/"${at}"`, encodings: { identity: encoded('identity', size) }, at, modified: null };
}

describe('cached responses', () => {
	const limits = { entries: 3, bytes: 10_000, maxAge: 60_000 };

	it('are made once for all simultaneous requests', async () => {
		const store = new ResponseCache(limits);
		let made = 0;
		const render = async () => cachedAt(++made);
		await Promise.all([store.make('a', render), store.make('a', render), store.make('a', render)]);
		expect(made).toBe(1);
		expect(store.find('a', 1)?.etag).toBe('W/"1"');
	});

	it('are never older than a minute', async () => {
		const store = new ResponseCache(limits);
		await store.make('a', async () => cachedAt(1000));
		expect(store.find('a', 61_000)).not.toBeNull();
		expect(store.find('a', 61_001)).toBeNull();
		expect(store.size).toBe(0);
	});

	it('are not cached when something changed while they were made', async () => {
		const store = new ResponseCache(limits);
		let finish: (value: CachedResponse) => void = () => undefined;
		const slow = store.make('a', () => new Promise((resolve) => (finish = resolve)));
		store.clear();
		const later = store.make('a', async () => cachedAt(2));
		finish(cachedAt(1));
		expect([(await slow)?.at, (await later)?.at, store.find('a', 2)?.at]).toEqual([1, 2, 2]);
	});

	it('are limited: the least recently used is removed', async () => {
		const store = new ResponseCache(limits);
		for (const key of ['a', 'b', 'c']) await store.make(key, async () => cachedAt(1));
		store.find('a', 1);
		await store.make('d', async () => cachedAt(1));
		expect(['a', 'b', 'c', 'd'].map((key) => store.find(key, 1) !== null)).toEqual([true, false, true, true]);
		await store.make('e', async () => cachedAt(1, 9000));
		expect(store.size).toBe(1);
	});

	it('do not cache failures', async () => {
		const store = new ResponseCache(limits);
		await expect(store.make('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
		expect(await store.make('a', async () => null)).toBeNull();
		expect(store.size).toBe(0);
	});
});

describe('an answer', () => {
	const all: CachedResponse = {
		...cachedAt(1),
		encodings: { identity: encoded('identity'), br: encoded('br'), gzip: encoded('gzip') }
	};

	it.each([
		['gzip, deflate, br', 'br'],
		['gzip', 'gzip'],
		['br;q=0, gzip', 'gzip'],
		['identity', 'identity'],
		[undefined, 'identity'],
		['gzip;q=0', 'identity'],
		['brotli', 'identity']
	])('to %j comes as %s', (accepted, encoding) => {
		expect(bestEncoding(accepted, all).headers[1]).toBe(encoding);
	});

	it('is not sent again to a client that has it', () => {
		expect(etagMatches('W/"a", "b"', 'W/"b"')).toBe(true);
		expect(etagMatches('*', 'W/"b"')).toBe(true);
		expect(etagMatches('W/"c"', 'W/"b"')).toBe(false);
		expect(etagMatches(undefined, 'W/"b"')).toBe(false);
	});
});

test('compares by the second without an ETag, and only where a date was given', () => {
	const at = Date.parse('2027-06-01T08:00:00Z');
	const asked = (seconds: number) => isNotModified(new Date(at + seconds * 1000).toUTCString(), at);
	expect([asked(-1), asked(0), asked(1)]).toEqual([false, true, true]);
	expect([
		isNotModified(undefined, at),
		isNotModified('yesterday', at),
		isNotModified(new Date(at).toUTCString(), null)
	]).toEqual([false, false, false]);
	expect(cacheKey('/2027/sessions/OPEN22.ics', 'system')).toBe('system /2027/sessions/OPEN22.ics');
	expect(cacheKey('/calendar/abc.ics', 'system')).toBe(null);
});
