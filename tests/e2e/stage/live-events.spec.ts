/* A host's acts reach open pages with their content: pages request nothing, and show no names until it is decided who may see them. */
import type { Page } from '@playwright/test';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useStageBrowsers();

/** Counts from now on how often a page reads its data, or asks whether the site is up. */
function readingsOf(page: Page): string[] {
	const asked: string[] = [];
	page.on('request', (request) => {
		const { pathname } = new URL(request.url());
		if (pathname.endsWith('__data.json') || pathname === '/healthz') asked.push(pathname);
	});
	return asked;
}

async function codeOf(person: string): Promise<string | undefined> {
	const { rows } = await stage.client.query<{ code: string }>(`select code from public.people where id = $1`, [person]);
	return rows[0]?.code;
}

test('shows a host’s acts on an open page without reading its data again', async ({ browser }) => {
	const { people, run } = stage.world;
	// A page that loads within a second of a change reads its data once more.
	await expect
		.poll(
			async () =>
				(
					await stage.client.query(
						`select from public.runs where id = $1 and created_at < now() - interval '3 seconds'`,
						[run]
					)
				).rowCount
		)
		.toBe(1);
	const page = await stage.open(browser, people.virtual);
	const onStage = page.locator('section', { has: page.getByRole('heading', { name: 'On stage' }) });
	await expect(onStage.getByText('Nobody is on stage at the moment.')).toBeVisible();
	// The effects of its own sign-in a moment before are read once more as well.
	await expect(async () => {
		const early = readingsOf(page);
		await page.waitForTimeout(1500);
		expect(early).toEqual([]);
	}).toPass();
	const asked = readingsOf(page);
	const code = await codeOf(people.speaker.person);
	await stage.act(people.stage, 'select public.set_on_stage($1, $2, true)', [run, code]);
	await expect(onStage.getByText(people.speaker.name)).toBeVisible();
	await stage.act(people.stage, `select public.set_run_state($1, 'paused')`, [run]);
	await expect(page.locator('.bar').getByText('Paused')).toBeVisible();
	await stage.act(people.stage, 'select public.set_on_stage($1, $2, false)', [run, code]);
	await expect(onStage.getByText('Nobody is on stage at the moment.')).toBeVisible();
	expect(asked).toEqual([]);
});

test('removes every name from the page at a raised level, and restores it only for those who may still watch', async ({
	browser
}) => {
	const { people, sessions, run } = stage.world;
	const code = await codeOf(people.speaker.person);
	await stage.act(people.stage, 'select public.set_on_stage($1, $2, true)', [run, code]);
	const [stays, goes] = [await stage.open(browser, people.virtual), await stage.open(browser, null)];
	for (const page of [stays, goes]) await expect(page.getByText(people.speaker.name).first()).toBeVisible();
	await stage.client.query(`update public.sessions set audience = 'registered', level = 'members' where id = $1`, [
		sessions.public.id
	]);
	await expect(goes.getByText(people.speaker.name)).toHaveCount(0);
	await expect(stays.getByText(people.speaker.name).first()).toBeVisible();
	await expect(goes.getByText(sessions.public.title)).toHaveCount(0, { timeout: 20_000 });
});
