/* Moving between the console's pages on a slow connection: the outline of the next page, and never instead of a list that stays. */
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useClient();
let world: World;

test.beforeAll(async () => {
	world = await makeWorld(db.client);
});

test('shows the outline of the next page while its data is late', async ({ browser }) => {
	const page = await openPage(browser, world.people.owner);
	let send = () => {};
	const late = new Promise<void>((done) => (send = done));
	await page.route('**/organise/seats/__data.json*', async (route) => {
		await late;
		await route.continue();
	});
	const main = page.getByRole('main');
	// A link that is followed before the script has loaded loads a whole page.
	await expect(async () => {
		await page.goto(`/${world.slug}/organise/members`);
		await page.getByRole('navigation', { name: 'Pages: People' }).getByRole('link', { name: 'Seats' }).click();
		await expect(main.getByRole('status')).toHaveText('Loading', { timeout: 3000 });
	}).toPass();
	await expect(main).toHaveAttribute('aria-busy', 'true');
	await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeHidden();
	send();
	await expect(page.getByRole('heading', { name: 'Seats', level: 1 })).toBeVisible();
	await expect(main).not.toHaveAttribute('aria-busy');
	await expect(page).toHaveTitle(/^Seats · /);
});

test('focuses the field of a page that was late', async ({ browser }) => {
	const page = await openPage(browser, world.people.owner);
	await page.goto(`/${world.slug}/organise/members`);
	await page.route('**/organise/help-desk/__data.json*', async (route) => {
		await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'true');
		await route.continue();
	});
	await page.getByRole('navigation', { name: 'Pages: People' }).getByRole('link', { name: 'Help desk' }).click();
	await expect(page.getByRole('textbox', { name: 'Person' })).toBeFocused();
});

test('keeps a list on the screen while another order of it is late', async ({ browser }) => {
	const page = await openPage(browser, world.people.owner);
	const main = page.getByRole('main');
	await page.route('**/organise/members/__data.json*', async (route) => {
		await new Promise((done) => setTimeout(done, 600));
		await route.continue();
	});
	// A link that is followed before the script has loaded loads a whole page, and the observer is gone.
	await expect(async () => {
		await page.goto(`/${world.slug}/organise/members`);
		const busy = await main.evaluateHandle((element) => {
			const seen: string[] = [];
			new MutationObserver(() => seen.push(element.getAttribute('aria-busy') ?? '')).observe(element, {
				attributeFilter: ['aria-busy']
			});
			return seen;
		});
		await page.getByRole('columnheader', { name: 'Country' }).getByRole('link').click();
		await expect(page).toHaveURL(/sort=/);
		expect(await busy.jsonValue()).toEqual([]);
	}).toPass();
});
