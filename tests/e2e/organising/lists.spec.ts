/* Lists of organisers: sorted by their heads, saved as views, shown with the columns that their reader chose. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

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
		if (javaScriptEnabled) await expectWholePage(page);
		await page.getByRole('button', { name: new RegExp(`^Delete this view ?: ${view}$`) }).click();
		await expect(page.getByRole('link', { name: view })).toHaveCount(0);
	});

for (const javaScriptEnabled of [true, false])
	test(`shows answers as columns${javaScriptEnabled ? '' : ', without JavaScript'}`, async ({ browser }) => {
		const { slug, summit, people, registrations } = small.world;
		const key = `meal_${javaScriptEnabled}`;
		await small.client.query(
			`with field as (
				insert into public.logistics_fields (summit_id, key, label, purpose, kind, choices, is_sealed, visible_to)
				values ($1, $2::text, jsonb_build_object('original', 'en', 'en', $2::text), '{"original":"en","en":"To cook"}', 'choice',
					'[{"key":"halal","label":{"original":"en","en":"Halal meal"}},{"key":"vegan","label":{"original":"en","en":"Vegan"}}]',
					false, '{registration}')
				returning id
			) insert into private.logistics_answers (registration_id, field_id, value) select $3, id, '{halal}' from field`,
			[summit, key, registrations.delegate]
		);
		const page = await openPage(browser, people.registration, { javaScriptEnabled });
		await page.goto(`/${slug}/organise/registrations?tab=all`);
		const table = page.getByRole('table', { name: 'Registrations' });
		await expect(table.getByRole('columnheader', { name: 'Member' })).toHaveCount(1);
		await expect(table.getByRole('columnheader', { name: key })).toHaveCount(0);
		// This button comes with the script.
		if (javaScriptEnabled) await expect(page.getByRole('button', { name: 'Keys' })).toBeVisible();
		await page.getByText('Display', { exact: true }).click();
		await page.getByLabel(key).check();
		if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'Apply' }).click();
		await expect(table.getByRole('columnheader', { name: key })).toHaveCount(1);
		const row = table.getByRole('row').filter({ hasText: people.delegate.name });
		await expect(row.getByRole('cell').last()).toHaveText('Halal meal');
		// Filters and other tabs keep the column, and so does a saved view.
		await page
			.getByRole('link', { name: /^To decide/ })
			.first()
			.click();
		await expect(page).toHaveURL(/registrations\?column=/);
		await page.getByText('Save this view').first().click();
		await page.getByLabel('Name of the view').fill(`Meals ${javaScriptEnabled}`);
		await page.getByRole('button', { name: 'Save this view' }).click();
		await page.goto(`/${slug}/organise/registrations`);
		await page.getByRole('link', { name: `Meals ${javaScriptEnabled}` }).click();
		await expect(page).toHaveURL(/column=/);
		if (javaScriptEnabled) await expect(page.getByRole('button', { name: 'Keys' })).toBeVisible();
		await page.getByText('Display', { exact: true }).click();
		await page.getByLabel(key).uncheck();
		await page.getByRole('button', { name: 'Apply' }).click();
		await expect(page).not.toHaveURL(/column=/);
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
