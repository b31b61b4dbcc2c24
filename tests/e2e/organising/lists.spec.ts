/* Lists of organisers: sorted by their heads, saved as views, shown with the columns that their reader chose. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const small = useWorld();

for (const javaScriptEnabled of [true, false])
	test(`sorts a list, saves the view and hides a column${javaScriptEnabled ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, people } = small.world;
		const page = await openPage(browser, people.registration, { javaScriptEnabled });
		await page.goto(`/${slug}/organise/registrations?tab=all`);
		const table = page.getByRole('table', { name: 'Registrations' });
		const head = (name: string) => table.getByRole('columnheader', { name });
		const names = async () => (await table.getByRole('rowheader').allInnerTexts()).map((each) => each.trim());
		await head('Name').getByRole('link').click();
		await expect(head('Name')).toHaveAttribute('aria-sort', 'ascending');
		const ascending = await names();
		expect(ascending.length).toBeGreaterThan(1);
		expect(ascending).toEqual(ascending.toSorted((a, b) => a.localeCompare(b)));
		await head('Name').getByRole('link').click();
		await expect(head('Name')).toHaveAttribute('aria-sort', 'descending');
		await expect.poll(names).toEqual(ascending.toReversed());

		const view = `By name ${javaScriptEnabled}`;
		await page.getByText('Save this view').first().click();
		await page.getByLabel('Name of the view').fill(view);
		if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'Save this view' }).click();
		await expect(page.getByRole('link', { name: view })).toHaveAttribute('aria-current', 'page');
		await page.goto(`/${slug}/organise/registrations`);
		await page.getByRole('link', { name: view }).click();
		await expect(head('Name')).toHaveAttribute('aria-sort', 'descending');

		await page.getByText('Display', { exact: true }).click();
		await page.getByLabel('Sector').uncheck();
		await page.getByLabel('Rows close together').check();
		await page.getByRole('button', { name: 'Apply' }).click();
		await expect(head('Sector')).toHaveCount(0);
		await expect(head('Member')).toHaveCount(1);
		await page.goto(`/${slug}/organise/registrations?tab=all`);
		await expect(head('Sector')).toHaveCount(0);

		// All views on one page; a name that is too long is refused with what was typed.
		await page.goto(`/${slug}/organise/views`);
		await expect(page.getByRole('link', { name: view })).toBeVisible();
		if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: new RegExp(`^Delete this view ?: ${view}$`) }).click();
		await expect(page.getByRole('link', { name: view })).toHaveCount(0);
	});

test('refuses a view without a name, and keeps its filters for another try', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.registration, { javaScriptEnabled: false });
	await page.goto(`/${slug}/organise/registrations?tab=all&sort=name`);
	await page.getByText('Save this view').first().click();
	await page.getByLabel('Name of the view').fill('   ');
	await page.getByRole('button', { name: 'Save this view' }).click();
	await expect(page.getByRole('heading', { name: 'Saved views' })).toBeVisible();
	await page.getByLabel('Name of the view').fill('Second try');
	await page.getByRole('button', { name: 'Save this view' }).click();
	await expect(page.getByRole('link', { name: 'Second try' })).toHaveAttribute('aria-current', 'page');
	await expect(page).toHaveURL(/sort=name/);
});

test('sorts on a phone by the heads above the entries @phone', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.registration, { viewport: { width: 390, height: 844 } });
	await page.goto(`/${slug}/organise/registrations?tab=all`);
	await page.getByRole('columnheader', { name: 'Member' }).getByRole('link').click();
	await expect(page.getByRole('columnheader', { name: 'Member' })).toHaveAttribute('aria-sort', 'ascending');
	expect(await faultsOfPage(page)).toEqual([]);
});
