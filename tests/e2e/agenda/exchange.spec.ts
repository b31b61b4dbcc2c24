/* An organiser imports an agenda from a file without JavaScript, and the public files contain it after the release. */
import pg from 'pg';
import { congress } from '../../fixtures/congress.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

test('previews a file before it is applied, refuses an invalid one, and imports once, without JavaScript', async ({
	browser,
	request
}) => {
	test.setTimeout(90_000);
	const client = new pg.Client({ connectionString: variables['DATABASE_URL'] });
	await client.connect();
	const world = await makeWorld(client);
	await client.query(
		`update public.summits set zone = 'Europe/Berlin', starts_on = '2027-12-27', ends_on = '2027-12-30' where id = $1`,
		[world.summit]
	);
	await client.end();
	const page = await openPage(browser, world.people.programme, { javaScriptEnabled: false });

	await page.goto(`/${world.slug}/organise/agenda`);
	await page.locator('summary').filter({ hasText: 'More' }).click();
	await page.getByRole('link', { name: 'Import and export' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Import and export' })).toBeVisible();
	const send = async (name: string, text: string) => {
		await page
			.getByLabel('File')
			.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
		await page.getByRole('radio', { name: 'public' }).check();
		await page.getByRole('radio', { name: /^confirmed/ }).check();
		await page.getByRole('button', { name: 'Show what it would do' }).click();
	};
	await send('bomb.xml', '<!DOCTYPE x [<!ENTITY a "b">]><schedule/>');
	await expect(page.getByRole('alert').or(page.getByText('document type or entities')).first()).toBeVisible();

	const events = 6;
	await send('schedule.json', JSON.stringify({ schedule: congress(events) }));
	await expect(page.getByRole('heading', { level: 1, name: 'What the file would do' })).toBeVisible();
	await expect(page.getByText('Makes the rooms Hall One, Hall Two, Saal Zuse, Workshop Ä.')).toBeVisible();
	// Axe is itself a script: it checks both pages in another window of the same organiser.
	const seen = await openPage(browser, world.people.programme);
	for (const address of [page.url(), `/${world.slug}/organise/agenda/exchange`]) {
		await seen.goto(address);
		await expectWholePage(seen);
	}
	await page.getByRole('button', { name: 'Apply what is shown' }).click();
	await expect(page.getByText('6 new, 0 changed, 0 as they were, 0 not possible.')).toBeVisible();

	await page.goto(`/${world.slug}/organise/agenda/exchange`);
	await send('schedule.json', JSON.stringify({ schedule: congress(events) }));
	await expect(page.getByText('Nothing in the file changes anything.')).toBeVisible();
	const table = await page.request.get(`/${world.slug}/organise/agenda/exchange/export/sessions`);
	expect((await table.text()).split('\r\n').filter((line) => line.includes('Talk '))).toHaveLength(events);
	const outside = await request.get(`/${world.slug}/organise/agenda/exchange/export/sessions`, {
		headers: { cookie: '' },
		maxRedirects: 0
	});
	expect(outside.status()).not.toBe(200);
});
