/* The public agenda embedded in another site: only in sites that an organiser lists, as a visitor sees it, and at its full height. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

let client: pg.Client;
let world: World;
let site: Server;
let snippet = '';

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	world = await makeWorld(client);
	site = createServer((_, response) =>
		response
			.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
			.end(`<!doctype html><title>News</title><h1>News</h1>${snippet}`)
	);
	await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
});
test.afterAll(async () => {
	site.close();
	await client.end();
});

test('embeds the public agenda at its full height in a listed site, and in no other', async ({ browser }) => {
	test.setTimeout(90_000);
	const { people, slug, sessions } = world;
	const { port } = site.address() as AddressInfo;
	const organiser = await openPage(browser, people.programme, { javaScriptEnabled: false });
	await organiser.goto(`/${slug}/organise/agenda/embed`);
	const sites = organiser.getByLabel('Sites that may show it');
	await sites.fill('https://*.example.org');
	await organiser.getByRole('button', { name: 'Save' }).click();
	await expect(sites).toHaveAttribute('aria-invalid', 'true');
	await expect(sites).toHaveValue('https://*.example.org');
	await sites.fill(`http://127.0.0.1:${port}/news`);
	await organiser.getByRole('button', { name: 'Save' }).click();
	await expect(organiser.getByText('Saved. These sites may show the agenda.')).toBeVisible();
	await expect(sites).toHaveValue(`http://127.0.0.1:${port}`);
	const scripted = await openPage(browser, people.programme);
	await scripted.goto(`/${slug}/organise/agenda/embed`);
	snippet = await scripted.getByRole('textbox', { name: 'What such a site puts' }).inputValue();
	expect(await faultsOfPage(scripted)).toEqual([]);

	// A signed-in reader sees no more in an embedded agenda.
	const reader = await openPage(browser, people.listed, { viewport: { width: 390, height: 844 } });
	await reader.goto(`http://127.0.0.1:${port}/`);
	const frame = reader.frameLocator('iframe');
	await expect(frame.getByRole('link', { name: sessions.public.title })).toBeVisible();
	await expect(frame.getByText(sessions.members.title)).toHaveCount(0);
	await expect(reader.locator('iframe')).not.toHaveCSS('height', '720px');
	await reader.goto(`/${slug}/embed/agenda?lang=ar&theme=dark`);
	expect(new URL(reader.url()).pathname).toBe(`/ar/${slug}/embed/agenda`);
	await expect(reader.locator('html')).toHaveAttribute('data-theme', 'dark');
	await expect(reader.getByRole('link', { name: sessions.public.title })).toBeVisible();
	await expect(reader.getByText(sessions.members.title)).toHaveCount(0);
	expect(await faultsOfPage(reader)).toEqual([]);

	await reader.goto(`http://localhost:${port}/`);
	await expect(reader.getByRole('heading', { name: 'News' })).toBeVisible();
	await expect(reader.frameLocator('iframe').getByRole('link', { name: sessions.public.title })).toHaveCount(0);
	for (const [path, allowed] of [
		['embed/agenda', `frame-ancestors http://127.0.0.1:${port}`],
		['agenda', "frame-ancestors 'none'"]
	] as const) {
		const answer = await reader.request.get(`/${slug}/${path}`);
		expect(answer.headers()['content-security-policy']).toContain(allowed);
	}
});
