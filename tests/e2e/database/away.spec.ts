/*
 * The database is down while people read and write: they are asked to try again in a few seconds, lose nothing that they wrote, and go on
 * when it is back.
 */
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { readValue } from '../../fixtures/registering.ts';
import { givePart } from '../../fixtures/speaking.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, makeWorld } from '../../fixtures/world.ts';

const abstract = 'First line, with "quotes" & <b>signs</b>.\n\nSecond line.';

/** Kills PostgreSQL, and keeps it down until the returned function is called. */
function takeAway({ dataFolder }: TestSummit): () => void {
	const folder = join(dataFolder, 'postgres');
	const main = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
	renameSync(folder, `${folder}-away`);
	process.kill(main, 'SIGKILL');
	return () => renameSync(`${folder}-away`, folder);
}

async function connected(stack: TestSummit): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: stack.variables.DATABASE_URL });
	client.on('error', () => undefined);
	await client.connect();
	return client;
}

test('asks people to try again while the database is down, and keeps what they wrote', async ({ browser }) => {
	test.setTimeout(240_000);
	const stack = await startStack({ env: { CARELESS: 'no' } });
	try {
		const client = await connected(stack);
		const world = await makeWorld(client);
		const writers = [];
		for (const javaScriptEnabled of [false, true]) {
			const who = await makePerson(client, `Ana Writes ${javaScriptEnabled}`);
			const session = world.sessions[javaScriptEnabled ? 'members' : 'public'].id;
			const part = await givePart(client, session, who, 'speaker', 'confirmed');
			const page = await open(browser, stack, who, javaScriptEnabled);
			await page.goto(`/${world.slug}/speak/${part}/texts`);
			await page.getByLabel('What it is about (English)').fill(abstract);
			writers.push({ page, session, javaScriptEnabled });
		}
		await client.end();

		const bringBack = takeAway(stack);
		for (const { page, javaScriptEnabled } of writers) {
			await page.getByRole('button', { name: 'Save' }).click();
			if (javaScriptEnabled) {
				await expect(page.getByText('What you wrote is still here. Send it again in a few seconds.')).toBeVisible();
				await expect(page.getByLabel('What it is about (English)')).toHaveValue(abstract);
			} else {
				await expect(page.getByRole('heading', { name: 'Please try again in a few seconds' })).toBeVisible();
				await expect(page.getByText('What you wrote is kept on this page.')).toBeVisible();
				const preserved = page.getByRole('blockquote').filter({ hasText: 'First line' });
				await expect(preserved).toHaveText(abstract.replace('\n\n', ' '));
			}
			expect(await faultsOfContent(browser, page)).toEqual([]);
		}
		for (const [path, words] of [
			['/account', 'Try again in a few seconds.'],
			['/fr/account', 'Réessayez dans quelques secondes.'],
			['/es/account', 'Vuelva a intentarlo en unos segundos.'],
			['/ar/account', 'أعد المحاولة بعد بضع ثوانٍ.']
		] as const) {
			const answer = await writers[1]!.page.request.get(stack.origin + path, { headers: { accept: 'text/html' } });
			expect([path, answer.status(), answer.headers()['retry-after']]).toEqual([path, 503, '5']);
			expect(await answer.text()).toContain(words);
		}
		// The status of the site is told by what the process knows, to a reader who was signed in too, within some seconds.
		for (const [path, words] of [
			['/status', 'Some parts do not work'],
			['/fr/status', 'Certaines parties ne fonctionnent pas']
		] as const) {
			const answer = await writers[1]!.page.request.get(stack.origin + path, { timeout: 20_000 });
			expect([path, answer.status()]).toEqual([path, 200]);
			const text = await answer.text();
			expect(text).toContain(words);
			expect(text).not.toMatch(/postgres|supabase|ECONN|127\.0\.0\.1/i);
		}
		expect((await fetch(`${stack.origin}/readyz`)).status).toBe(503);
		expect((await fetch(`${stack.origin}/healthz`)).status).toBe(200);

		bringBack();
		await expect
			.poll(
				async () => {
					const { engines } = (await (await fetch(`${stack.origin}/readyz`)).json()) as {
						engines: Record<string, { state: string }>;
					};
					return [engines.postgres?.state, engines.events?.state, engines.supabase?.state];
				},
				{ timeout: 60_000 }
			)
			.toEqual(['ready', 'ready', 'ready']);
		const after = await connected(stack);
		for (const { page, session, javaScriptEnabled } of writers) {
			await page.getByRole('button', { name: javaScriptEnabled ? 'Save' : 'Send it again' }).click();
			await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
			const saved = await readValue<string>(after, `select abstract ->> 'en' from public.sessions where id = $1`, [
				session
			]);
			expect(saved.replaceAll('\r\n', '\n')).toBe(abstract);
		}
		await after.end();
		expect(stack.output()).not.toContain('request failed');
	} finally {
		await stack.stop();
	}
});

/** Runs axe on the content of a page without JavaScript: axe needs scripts, so another page gets the same content without the site's own. */
async function faultsOfContent(browser: Browser, page: Page): Promise<string[]> {
	const context = await browser.newContext({ viewport: page.viewportSize() });
	const content = (await page.content()).replaceAll(/<script[\s\S]*?<\/script>/g, '');
	const copy = await context.newPage();
	await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html', body: content }));
	await copy.goto(page.url());
	return faultsOfPage(copy);
}

async function open(
	browser: Browser,
	stack: TestSummit,
	who: Parameters<typeof browserOf>[2],
	javaScriptEnabled: boolean
) {
	const viewport = { width: 390, height: 844 };
	return (await browserOf(browser, stack.variables, who, { javaScriptEnabled, viewport })).page;
}
