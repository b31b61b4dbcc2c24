/* Changing a person's category at the desk: previewed, by keyboard alone, without JavaScript; and waiver and invoice beside it. */
import type { Browser } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { issuer } from '../../fixtures/paying.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

test.describe.configure({ timeout: 240_000 });

const small = useWorld(async ({ client, world }) => {
	await client.query(
		`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'press', 'Newspapers', 1), ($1, 'guest', 'Invited guests', 1)`,
		[world.summit]
	);
	await client.query(
		`insert into public.fees (summit_id, mode, category, amount, currency) values ($1, 'in_person', 'press', 30000, 'EUR')`,
		[world.summit]
	);
});

const open = async (browser: Browser, options: object = {}, who = small.world.people.registration) => {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`);
	return page;
};
const now = () =>
	readValue<string>(small.client, `select category || ' ' || state from public.registrations where id = $1`, [
		small.world.registrations.delegate
	]);

test('changes a category by keyboard alone with a preview and a reason, and returns to the search', async ({
	browser
}) => {
	const page = await open(browser);
	const { name } = small.world.people.delegate;
	await page.getByLabel('As', { exact: true }).focus();
	await page.keyboard.type('Guest');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 2, name: 'As guest' })).toBeVisible();
	await expect(page.getByText('It becomes one of Invited guests.')).toBeVisible();
	await expect(page.getByText('There is nothing to pay and nothing to give back.')).toBeVisible();
	await expect(page.getByText('There is a new one to print.')).toBeVisible();
	expect(await now()).toBe('delegate confirmed');
	await page.keyboard.press('Tab');
	await expect(page.getByLabel('Why')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByText('Say why: it stays in the history.').first()).toBeVisible();
	await page.getByLabel('Why').focus();
	await page.keyboard.type('Comes as a guest of the host');
	await page.keyboard.press('Enter');
	await expect(page.getByText(`${name}: Their category has changed.`)).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'Person' })).toBeFocused();
	await expect(page.getByRole('button', { name: 'Print the badge' })).toBeVisible();
	expect(await now()).toBe('guest confirmed');
	await page.goto(`/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`);
	await expect(page.getByText(/Now guest by .*: Comes as a guest of the host/)).toBeVisible();
	const theirs = (await browserOf(browser, variables, small.world.people.delegate)).page;
	await theirs.goto(`/fr/${small.world.slug}/me`);
	await expect(theirs.getByText('Vous participez désormais en qualité de\u202f: Invité')).toBeVisible();
});

test('shows what is to pay beforehand without JavaScript, and explains what is not possible', async ({ browser }) => {
	const page = await open(browser, { javaScriptEnabled: false });
	const see = async (as: string, member = '') => {
		await page.getByLabel('As', { exact: true }).selectOption(as);
		if (member) await page.getByLabel('On a seat of the member').selectOption(member);
		await page.getByRole('button', { name: 'See what it does' }).click();
	};
	await see('crew');
	await expect(page.getByText('There are no seats for this category: an organiser adds a pool first.')).toBeVisible();
	await expect(page.getByLabel('Why')).toHaveCount(0);
	await see('speaker', small.world.member);
	await expect(page.getByText(/^It stays one of Quiet Harbour/)).toBeVisible();
	await see('press');
	await page.getByLabel('On a seat of the member').selectOption('');
	await page.getByRole('button', { name: 'See what it does' }).click();
	await expect(page.getByText(/They pay €300\.00 by/)).toBeVisible();
	await page.getByLabel('Why').fill('Writes for a newspaper');
	await small.client.query(
		`update public.pools set in_person_ceiling = 0 where summit_id = $1 and category = 'press'`,
		[small.world.summit]
	);
	await page.getByRole('button', { name: 'Change to press' }).click();
	await expect(page.getByText(/No seat is left there/).first()).toBeVisible();
	expect(await now()).toBe('delegate confirmed');
	await small.client.query(
		`update public.pools set in_person_ceiling = 1 where summit_id = $1 and category = 'press'`,
		[small.world.summit]
	);
	await see('press');
	await page.getByLabel('Why').fill('Writes for a newspaper');
	await page.getByRole('button', { name: 'Change to press' }).click();
	await expect(page.getByText('The fee is still to be paid; until then no badge opens a door.')).toBeVisible();
	expect(await now()).toBe('press awaiting_payment');
});

test('proposes a change where two people decide, shows the second its current effect, and applies it', async ({
	browser
}) => {
	await small.client.query(
		`update public.accreditation_settings set second_person_for = '{guest}' where summit_id = $1`,
		[small.world.summit]
	);
	const second = small.world.people.programme;
	await small.client.query(
		`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
		[second.person, small.world.summit]
	);
	const page = await open(browser);
	const propose = async () => {
		await page.getByLabel('As', { exact: true }).selectOption('guest');
		await page.getByRole('button', { name: 'See what it does' }).click();
	};
	await propose();
	await expect(page.getByText('Two people decide on this')).toBeVisible();
	await page.getByLabel('Why').fill('Comes as a guest of the host');
	await page.getByRole('button', { name: 'Propose guest' }).click();
	await expect(page.getByText('A second person must confirm this before anything happens.')).toBeVisible();
	await page.goto(`/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`);
	await propose();
	await expect(page.getByText('Something is proposed about them already')).toBeVisible();
	await page.getByRole('link', { name: 'What is proposed' }).click();
	await expect(page.getByText('Proposed to make them guest by you')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Confirm', exact: true })).toHaveCount(0);
	expect(await faultsOfPage(page)).toEqual([]);
	expect(await now()).toBe('delegate confirmed');
	const theirs = (await browserOf(browser, variables, second, { javaScriptEnabled: false })).page;
	await theirs.goto(`/${small.world.slug}/organise/registrations?tab=second`);
	await expect(theirs.getByText('Proposed to change the category')).toBeVisible();
	await theirs.getByRole('link', { name: small.world.people.delegate.name }).click();
	await expect(theirs.getByText('Comes as a guest of the host')).toBeVisible();
	await expect(theirs.getByText('It becomes one of Invited guests.')).toBeVisible();
	await theirs.getByRole('button', { name: 'Confirm', exact: true }).click();
	await expect(theirs.getByText('1 moved to another category.')).toBeVisible();
	expect(await now()).toBe('guest confirmed');
});

test('offers waiver and invoice to organisers with the finance role, and tells others who has it', async ({
	browser
}) => {
	const { owner, finance, delegate, registration } = small.world.people;
	const id = small.world.registrations.delegate;
	await callAs(small.client, registration, `public.change_category($1, 'press', 'so')`, [id]);
	const desk = await open(browser, { javaScriptEnabled: false });
	await expect(desk.getByText('A desk organiser who also has the finance role')).toBeVisible();
	await callAs(small.client, finance, `public.save_money_settings($1, $2)`, [
		small.world.summit,
		JSON.stringify(issuer)
	]);
	await callAs(small.client, finance, `public.save_waiver_budget($1, 'EUR', 90000)`, [small.world.summit]);
	const order = await readValue<string>(small.client, `select private.registration_orders($1)`, [id]);
	await callAs(small.client, delegate, `public.request_waiver($1, $2, 'no_budget', '')`, [order, id]);
	const page = await open(browser, { javaScriptEnabled: false }, owner);
	await page.getByText('Make out an invoice').click();
	await page.getByLabel('Name on the invoice').fill('Far Lantern Weekly');
	await page.getByRole('button', { name: 'Issue the invoice' }).click();
	await expect(page.getByText(/Invoice .* is issued\./)).toBeVisible();
	await page.getByText('A waiver is asked for').click();
	await page.getByLabel('Reason, which they read').fill('The budget allows it');
	await page.getByRole('button', { name: 'Waive all of it, €300.00' }).click();
	await expect(page.getByText('It is waived, and they are written to.')).toBeVisible();
	expect(await now()).toBe('press confirmed');
});

test('passes axe on a phone in Arabic, where the change is paid for and where it is refused', async ({ browser }) => {
	const { page } = await browserOf(browser, variables, small.world.people.owner, {
		viewport: { width: 390, height: 844 },
		colorScheme: 'dark'
	});
	const base = `/ar/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`;
	for (const path of [`${base}/category?as=press`, `${base}/category?as=crew`]) {
		await page.goto(path);
		await expectWholePage(page);
	}
});
