/* Pages that organisers write: from the first block to the reader, with two organisers at once, and by keyboard alone. */
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const small = useWorld(({ client, world }) =>
	client.query(`update public.summits set languages = '{en,ar}' where id = $1`, [world.summit])
);

const block = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function addPage(page: Page, kind: string): Promise<void> {
	await page.goto(`/${small.world.slug}/organise/pages`);
	await page.getByLabel('Kind of page').selectOption(kind);
	await press(page, 'Add page');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

for (const javaScriptEnabled of [true, false])
	test(`is written, previewed, published and read in Arabic${javaScriptEnabled ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, people } = small.world;
		const page = await openPage(browser, people.programme, { javaScriptEnabled });
		await addPage(page, 'Venue');
		await press(page, 'Arabic');
		await page.getByLabel('Title (English)').fill('The hall by the river');
		await page.getByLabel('Title (Arabic)').fill('القاعة على النهر');
		const first = block(page, '1. Text');
		await first
			.getByLabel('Text (English)')
			.fill('## Getting there\n\nTram **4** to [the river](https://example.org/tram).');
		await first.getByLabel('Text (Arabic)').fill('## الوصول\n\nالترام 4 <script>alert(1)</script>');
		await press(page, 'Remove block: 2. Map and address');
		await expect(block(page, '2. Map and address')).toHaveCount(0);
		await press(page, 'Button');
		const second = block(page, '2. Button');
		await second.getByLabel('Words on the button (English)').fill('See the agenda');
		await second.getByLabel('Leads to').selectOption('Agenda');
		if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);

		await press(page, 'Preview');
		await expect(page.getByRole('heading', { name: 'Getting there' })).toBeVisible();
		await page.getByRole('link', { name: 'العربية' }).first().click();
		await expect(page.getByRole('heading', { name: 'الوصول' })).toBeVisible();
		const visitor = await openPage(browser, null, { javaScriptEnabled: false });
		expect((await visitor.goto(`/ar/${slug}/pages/venue`))?.status()).toBe(404);

		await page.goto(`/${slug}/organise/pages`);
		await page.getByRole('link', { name: 'The hall by the river' }).click();
		await press(page, 'Publish page');
		await expect(page.getByText('Published. Readers see this version now.')).toBeVisible();

		await visitor.goto(`/ar/${slug}/pages/venue`);
		await expect(visitor.locator('html')).toHaveAttribute('dir', 'rtl');
		await expect(visitor.getByRole('heading', { level: 1 })).toHaveText('القاعة على النهر');
		await expect(visitor.getByText('<script>alert(1)</script>')).toBeVisible();
		// What is not written in Arabic is marked as English, and leads to the agenda in Arabic.
		const action = visitor.getByRole('link', { name: 'See the agenda' });
		await expect(action.locator('[lang="en"]')).toBeVisible();
		await expect(action).toHaveAttribute('href', `/ar/${slug}/agenda`);
		await visitor.goto(`/${slug}`);
		await visitor.goto(`/${slug}/pages`);
		await visitor.getByRole('link', { name: 'The hall by the river' }).click();
		await expect(visitor.getByRole('link', { name: 'the river' })).toHaveAttribute('href', 'https://example.org/tram');
		expect(await (await visitor.request.get('/sitemap.xml')).text()).toContain(`/${slug}/pages/venue`);

		// What is changed afterwards is a draft until it is published, and an unpublished page is gone.
		await first.getByLabel('Text (English)').fill('Closed for repairs');
		await press(page, 'Save draft');
		await visitor.reload();
		await expect(visitor.getByRole('heading', { name: 'Getting there' })).toBeVisible();
		await page.reload();
		await expect(page.getByText('Changes not published')).toBeVisible();
		await press(page, 'Unpublish page');
		await expect(page.getByText('Unpublished. Readers do not find the page any more.')).toBeVisible();
		expect((await visitor.reload())?.status()).toBe(404);
		expect((await visitor.goto(`/${slug}/pages`))?.status()).toBe(404);
	});

test('who saves second is told, keeps their text, and decides', async ({ browser }) => {
	const { slug, people } = small.world;
	const first = await openPage(browser, people.programme, { javaScriptEnabled: false });
	await addPage(first, 'News');
	const second = await openPage(browser, people.owner, { javaScriptEnabled: false });
	await second.goto(first.url());
	const text = (page: Page) => block(page, '1. Text').getByLabel('Text (English)');
	await text(first).fill('From the first');
	await press(first, 'Save draft');
	await text(second).fill('From the second');
	await press(second, 'Save draft');
	await expect(second.getByText(`${people.programme.name} saved this page while you were writing`)).toBeVisible();
	await expect(text(second)).toHaveValue('From the second');
	await first.reload();
	await expect(text(first)).toHaveValue('From the first');
	await press(second, 'Save draft');
	await first.goto(`/${slug}/organise/pages`);
	await first.getByRole('link', { name: 'News' }).click();
	await expect(text(first)).toHaveValue('From the second');
});

test('what is typed is saved by itself, and blocks are moved, removed and put back by keyboard', async ({
	browser
}) => {
	const { people } = small.world;
	const page = await openPage(browser, people.programme);
	await addPage(page, 'News');
	await block(page, '1. Text').getByLabel('Text (English)').fill('First');
	await expect(page.getByRole('status').getByText(/^Draft saved at/)).toBeVisible();
	await expect(page.getByText('Changes not saved yet.')).toHaveCount(0);
	await page.getByRole('button', { name: 'Text', exact: true }).focus();
	await page.keyboard.press('Enter');
	await block(page, '2. Text').getByLabel('Text (English)').fill('Second');
	await page.getByRole('button', { name: 'Move up: 2. Text' }).focus();
	await page.keyboard.press('Enter');
	const texts = page.getByLabel('Text (English)');
	await expect(texts).toHaveCount(2);
	await expect(texts.first()).toHaveValue('Second');
	await page.getByRole('button', { name: 'Remove block: 1. Text' }).focus();
	await page.keyboard.press('Enter');
	await expect(texts).toHaveCount(1);
	await page.getByRole('button', { name: 'Undo the removal' }).focus();
	await page.keyboard.press('Enter');
	await expect(texts).toHaveCount(2);
	await expect(texts.first()).toHaveValue('Second');
	await page.reload();
	await expect(texts.nth(1)).toHaveValue('First');
});

test('a picture loses its metadata, and is published only with an alternative text', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.programme, { javaScriptEnabled: false });
	await addPage(page, 'News');
	await press(page, 'Remove block: 1. Text');
	await press(page, 'Picture');
	await press(page, 'Upload file');
	const seen = await openPage(browser, people.programme);
	await seen.goto(page.url());
	await expectWholePage(seen);
	const buffer = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#1b4f8a' } })
		.withExif({ IFD0: { Copyright: 'Secret Photographer' } })
		.jpeg()
		.toBuffer();
	await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'Hall.jpg', mimeType: 'image/jpeg', buffer });
	await press(page, 'Upload file');
	await press(page, 'Publish page');
	await expect(page.getByText('Write what the picture shows.').first()).toBeVisible();
	await page.getByLabel('Alternative text (English)').fill('The hall from the river');
	await press(page, 'Publish page');
	await expect(page.getByText('Published. Readers see this version now.')).toBeVisible();
	const visitor = await openPage(browser, null);
	await visitor.goto(`/${slug}/pages/news`);
	const picture = visitor.getByRole('img', { name: 'The hall from the river' });
	await expect(picture).toHaveJSProperty('naturalWidth', 60);
	const bytes = await (await visitor.request.get((await picture.getAttribute('src')) ?? '')).body();
	expect(bytes.includes('Secret Photographer')).toBe(false);
	expect((await sharp(bytes).metadata()).format).toBe('webp');
});

test('delegates and other organisers do not open the pages of writers', async ({ browser }) => {
	const { slug, people } = small.world;
	for (const who of [people.delegate, people.stage]) {
		const page = await openPage(browser, who);
		expect((await page.goto(`/${slug}/organise/pages`))?.status()).toBe(403);
	}
});
