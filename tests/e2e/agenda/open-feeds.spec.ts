/* What other sites and search engines may read of the agenda: feeds by script, pages by their structured data, and only public addresses. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { isDisallowed } from '../../fixtures/robots.ts';
import { variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

let client: pg.Client;
let world: World;
let site: Server;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	world = await makeWorld(client);
	site = createServer((_, response) =>
		response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>News</title>')
	);
	await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
	const { port } = site.address() as AddressInfo;
	await client.query('insert into private.embed_origins (summit_id, origin) values ($1, $2)', [
		world.summit,
		`http://127.0.0.1:${port}`
	]);
});
test.afterAll(async () => {
	site.close();
	await client.end();
});

test('opens feeds of the public agenda to scripts of other sites, with errors and empty answers; not personal feeds', async ({
	request
}) => {
	for (const file of ['agenda.ics', 'schedule.json', 'schedule.xml', 'embed/agenda']) {
		const path = `/${world.slug}/${file}`;
		const got = await request.get(path);
		const cached = await request.get(path, { headers: { 'if-none-match': got.headers()['etag'] ?? '"none"' } });
		const answers = [
			got,
			await request.head(path),
			cached,
			await request.get(`/no-such-summit/${file}`),
			...(file.includes('embed') ? [] : [await request.fetch(path, { method: 'OPTIONS' })])
		];
		expect([file, answers.map((answer) => answer.headers()['access-control-allow-origin'])]).toEqual([
			file,
			answers.map(() => '*')
		]);
		expect([file, answers.map((answer) => answer.status())]).toEqual([
			file,
			file.includes('embed') ? [200, 200, expect.any(Number), 404] : [200, 200, 304, 404, 204]
		]);
	}
	for (const path of [`/calendar/${'x'.repeat(32)}.ics`, `/${world.slug}/agenda`, `/${world.slug}/me/agenda`])
		expect((await request.get(path)).headers()['access-control-allow-origin']).toBe(undefined);
});

test('describes a public session as an event for search engines, and no other session', async ({ request }) => {
	const data = async (code: string) => {
		const page = await (await request.get(`/${world.slug}/sessions/${code}`)).text();
		return [...page.matchAll(/<script type="application\/ld\+json">([^<]*)<\/script>/g)].map(
			([, json = '']) => JSON.parse(json) as { '@graph': { name: string }[] }
		);
	};
	const { sessions } = world;
	const [found, ...more] = await data(sessions.public.code);
	expect(more).toEqual([]);
	expect(found?.['@graph'].map(({ name }) => name)).toEqual([sessions.public.title]);
	for (const one of ['members', 'chatham_house', 'closed', 'draft'] as const)
		expect([one, await data(sessions[one].code)]).toEqual([one, []]);
});

test('lists every open Summit in the sitemap, and lets robots read each of its addresses', async ({ request }) => {
	const other = await makeWorld(client);
	await client.query(`select private.publish_event('site', 'changed')`);
	const read = async () =>
		[...(await (await request.get('/sitemap.xml')).text()).matchAll(/<loc>([^<]*)<\/loc>/g)].map(
			([, address = '']) => new URL(address).pathname
		);
	await expect
		.poll(async () => {
			const paths = await read();
			return [world.slug, other.slug].map((slug) => paths.includes(`/${slug}/agenda`));
		})
		.toEqual([true, true]);
	const robots = await (await request.get('/robots.txt')).text();
	const paths = await read();
	expect(paths.some((path) => path.includes('/speakers'))).toBe(true);
	expect(paths.filter((path) => isDisallowed(path, robots))).toEqual([]);
});

test('sizes the frame of an embedded agenda that existed long before the script', async ({ page, baseURL }) => {
	const { port } = site.address() as AddressInfo;
	await page.goto(`http://127.0.0.1:${port}/`);
	await page.evaluate((address) => {
		const frame = document.createElement('iframe');
		frame.src = address;
		frame.style.height = '720px';
		document.body.append(frame);
	}, `${baseURL}/${world.slug}/embed/agenda`);
	await expect(page.frameLocator('iframe').getByRole('link', { name: world.sessions.public.title })).toBeVisible();
	await expect(page.locator('iframe')).toHaveCSS('height', '720px');
	await page.evaluate((address) => {
		const script = document.createElement('script');
		script.src = address;
		document.head.append(script);
	}, `${baseURL}/embed.js`);
	await expect(page.locator('iframe')).not.toHaveCSS('height', '720px');
});
