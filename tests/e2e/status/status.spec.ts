/* Notices about the site: on the status page, as a banner on open pages, dismissed with and without JavaScript. */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { variables } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 120_000 });

const small = useWorld();

async function open(browser: Browser, who: TestPerson | null, path: string, options = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}${path}`);
	return page;
}

/** Writes a notice in English and Arabic. */
async function post(page: Page, title: string, isBanner: boolean): Promise<void> {
	await page.getByLabel('How much is wrong').selectOption('major');
	await page.getByLabel('Payments', { exact: true }).check();
	await page.getByLabel('Title (English)').fill(title);
	await page.getByLabel('Text (English)').fill('We look for the cause.');
	if (isBanner) await page.getByLabel('Show it as a banner on every page').check();
	await page.getByRole('button', { name: 'Publish the notice' }).click();
	await expect(page.getByText('The notice is published.')).toBeVisible();
}

const bannerOf = (page: Page, title: string) => page.locator('.banners p.bold').getByText(title, { exact: true });

test('a banner appears on open pages at once, goes when it is dismissed, and is over when it is resolved', async ({
	browser
}) => {
	const title = `Payments are away ${small.world.slug}`;
	const organiser = await open(browser, small.world.people.registration, '/organise/status');
	const reader = await open(browser, small.world.people.delegate, '/agenda');
	const other = await open(browser, small.world.people.virtual, '/live/plenary');
	await post(organiser, title, true);
	for (const page of [reader, other]) await expect(bannerOf(page, title)).toBeVisible();
	expect(await faultsOfPage(reader, '.banners')).toEqual([]);
	expect(await faultsOfPage(organiser)).toEqual([]);

	await reader.getByRole('button', { name: `Dismiss “${title}”` }).click();
	await expect(bannerOf(reader, title)).toHaveCount(0);
	await reader.reload();
	await expect(reader.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(bannerOf(reader, title)).toHaveCount(0);

	const row = organiser.locator('section', { hasText: title }).last();
	await row.getByText('Add an update').first().click();
	await row.getByLabel('What became of it').selectOption('resolved');
	await row.getByLabel('Text of the update (English)').fill('The key was renewed.');
	await row.getByRole('button', { name: 'Add an update' }).click();
	await expect(organiser.getByText('The notice is updated.')).toBeVisible();
	await expect(bannerOf(other, title)).toHaveCount(0);

	await reader.goto('/status');
	const past = reader.getByRole('region', { name: 'Past notices' });
	await expect(past.getByRole('heading', { name: title })).toBeVisible();
	await expect(past.getByText('The key was renewed.')).toBeVisible();
	expect(await faultsOfPage(reader)).toEqual([]);
});

test('a reader who is signed out, without JavaScript, sees the status and dismisses a banner', async ({ browser }) => {
	const title = `Mail is late ${small.world.slug}`;
	const organiser = await open(browser, small.world.people.stage, '/organise/status');
	await post(organiser, title, true);
	const visitor = await open(browser, null, '/agenda', { javaScriptEnabled: false });
	await expect(bannerOf(visitor, title)).toBeVisible();
	await visitor.getByRole('button', { name: `Dismiss “${title}”` }).click();
	await expect(visitor).toHaveURL(new RegExp(`/${small.world.slug}/agenda$`));
	await expect(bannerOf(visitor, title)).toHaveCount(0);
	// Another reader has not dismissed it, and the page is kept for each.
	const other = await open(browser, null, '/agenda', { javaScriptEnabled: false });
	await expect(bannerOf(other, title)).toBeVisible();
	await visitor.reload();
	await expect(bannerOf(visitor, title)).toHaveCount(0);

	await visitor.goto('/status');
	await expect(visitor.getByRole('heading', { level: 1, name: 'Status of the site' })).toBeVisible();
	await expect(visitor.getByRole('region', { name: 'Notices', exact: true }).getByText(title)).toBeVisible();
	await expect(visitor.getByText('Pages of the site').first()).toBeVisible();
	await visitor.goto('/ar/status');
	await expect(visitor.getByRole('heading', { level: 1, name: 'حالة الموقع' })).toBeVisible();
});

test('only organisers write notices, and only owners of the installation about the whole site', async ({ browser }) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/status');
	await expect(organiser.getByLabel('How much is wrong')).toBeVisible();
	await expect(organiser.getByLabel('About', { exact: true })).toHaveCount(0);
	await organiser.getByRole('button', { name: 'Publish the notice' }).click();
	await expect(organiser.getByText('Write a title in at least one language.').first()).toBeVisible();
	const delegate = await open(browser, small.world.people.delegate, '/organise/status');
	await expect(delegate.getByLabel('How much is wrong')).toHaveCount(0);
});
