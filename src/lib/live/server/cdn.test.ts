/* What a CDN may keep, and that it is told of changes: each in time, none lost, few requests. */
import { cdnHeaders, readCdnSettings } from '#lib/live/cdn-settings.ts';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPurge } from './cdn.ts';

let server: Server;
let asked: { body: string; authorization: string | undefined }[];
let refuse = 0;
let url = '';

beforeEach(async () => {
	asked = [];
	refuse = 0;
	server = createServer((request: IncomingMessage, response) => {
		void text(request).then((body) => {
			asked.push({ body, authorization: request.headers.authorization });
			response.writeHead(refuse-- > 0 ? 500 : 200).end('{}');
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/purge`;
});
afterEach(() => server.close());

const fail = (error: unknown) => {
	throw error;
};
const limits = { gapMs: 20, tries: 3 };

test('many changes are few requests, and one after the last change', async () => {
	const purge = createPurge({ url, token: 'secret-token' }, fail, limits);
	for (let n = 0; n < 100; n++) purge();
	await expect.poll(() => asked.length).toBeGreaterThanOrEqual(1);
	purge();
	const before = asked.length;
	await expect.poll(() => asked.length).toBeGreaterThan(before);
	expect(asked.length).toBeLessThanOrEqual(3);
	expect(asked[0]).toEqual({ body: '{"purge_everything":true}', authorization: 'Bearer secret-token' });
});

test('a request that fails is tried again, and given up after some tries without an error', async () => {
	const failures: unknown[] = [];
	refuse = 2;
	const purge = createPurge({ url, token: null }, (error) => failures.push(error), limits);
	purge();
	await expect.poll(() => asked.length).toBe(3);
	expect(asked[0]?.authorization).toBeUndefined();
	expect(failures).toEqual([]);
	refuse = 100;
	purge();
	await expect.poll(() => asked.length).toBe(6);
	refuse = 0;
	await expect.poll(() => failures.length).toBe(1);
	await new Promise((done) => setTimeout(done, 60));
	purge();
	await expect.poll(() => asked.length).toBe(7);
});

test('nothing is kept without the variable, a minute at most with it, and browsers are told nothing of it', () => {
	expect(cdnHeaders(readCdnSettings({}))).toEqual([]);
	for (const wrong of ['-1', '61', '3600', '1.5', 'x'])
		expect(readCdnSettings({ CDN_SECONDS: wrong }).seconds, wrong).toBe(0);
	const settings = readCdnSettings({ CDN_SECONDS: '30', CDN_PURGE_URL: 'ftp://x', CDN_PURGE_TOKEN: 'secret-token' });
	expect(settings).toEqual({ seconds: 30, purge: null });
	expect(cdnHeaders(settings)).toEqual(['cdn-cache-control', 'public, max-age=30, stale-if-error=600']);
});
