import { expect, test } from 'vitest';
import { injectFragments } from './fragments.ts';

const page = (type = 'text/html; charset=utf-8') =>
	new Response('<main><!--part:agenda--></main>', {
		headers: { 'content-type': type, etag: 'W/"p"', 'content-length': '31' }
	});
const asked = (known?: string) =>
	new Request('https://summit.example/', known === undefined ? {} : { headers: { 'if-none-match': known } });
const parts = new Map([['agenda', { bytes: Buffer.from('برنامج $& $1'), tag: 'a' }]]);

test('parts stand in their places as they are, and the page is named after them', async () => {
	const whole = await injectFragments(asked(), page(), parts);
	expect([await whole.text(), whole.headers.get('etag'), whole.headers.get('content-length')]).toEqual([
		'<main>برنامج $& $1</main>',
		'W/"p-a"',
		null
	]);
});

test('who has page and parts gets neither again; who has other parts does', async () => {
	const status = async (known: string) => (await injectFragments(asked(known), page(), parts)).status;
	expect(await Promise.all(['"p-a"', 'W/"x", W/"p-a"', '"p"', '"p-b"'].map(status))).toEqual([304, 304, 200, 200]);
});

test('what is no page passes untouched', async () => {
	for (const plain of [page('application/json'), new Response('gone', { status: 404 })])
		expect(await injectFragments(asked(), plain, parts)).toBe(plain);
	const bare = page();
	expect(await injectFragments(asked(), bare, undefined)).toBe(bare);
});
