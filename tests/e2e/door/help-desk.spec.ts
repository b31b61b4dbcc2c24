/* The help desk: found by keyboard, served, and back at the search; a walk-in; a sign-in code for a person without mail. */
import type { Browser, Page } from '@playwright/test';
import { Sealer, contexts } from '../../../src/lib/people/sealing.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { register } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const small = useWorld();

async function desk(
	browser: Browser,
	who: TestPerson = small.world.people.registration,
	options: object = {}
): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}/organise/help-desk`);
	return page;
}
const searched = (page: Page) => page.getByRole('textbox', { name: 'Person' });

test('finds a person and replaces their badge by keyboard alone, and returns to the search', async ({ browser }) => {
	const page = await desk(browser);
	await expect(searched(page)).toBeFocused();
	await page.keyboard.type(small.world.people.delegate.name);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 2, name: small.world.people.delegate.name })).toBeVisible();
	await page.getByLabel('New badge, because').focus();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByText(`${small.world.people.delegate.name}: The new badge is valid`)).toBeVisible();
	await expect(searched(page)).toBeFocused();
	await expect(page.getByRole('button', { name: 'Print the badge' })).toBeVisible();
});

test('tells the second of two desks that serve one person, and does nothing twice', async ({ browser }) => {
	const path = `/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`;
	const [one, two] = [
		await desk(browser, small.world.people.registration, { javaScriptEnabled: false }),
		await desk(browser, small.world.people.owner, { javaScriptEnabled: false })
	];
	for (const page of [one, two]) await page.goto(path);
	await one.getByRole('button', { name: 'Take back, and make a new one' }).click();
	await expect(one).toHaveURL(/done=badge/);
	await two.getByRole('button', { name: 'Take back, and make a new one' }).click();
	await expect(two.getByText('Another desk has changed this person')).toBeVisible();
	const { rows } = await small.client.query('select count(*)::int as n from public.badges where registration_id = $1', [
		small.world.registrations.delegate
	]);
	expect(rows).toEqual([{ n: 2 }]);
});

test('finds one of several people, and prints from the list by keys alone', async ({ browser }) => {
	const { client, world } = small;
	const namesake = await makePerson(client, `${world.people.delegate.name} Namesake`);
	await register(client, namesake, world.summit, world.member, 'virtual');
	const page = await desk(browser);
	await page.keyboard.type(world.people.delegate.name);
	await page.keyboard.press('Enter');
	const rows = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: world.people.delegate.name }) });
	await expect(rows).toHaveCount(2);
	await expect(page.getByText('P prints the badge of the one you are on')).toBeVisible();
	// The online participant has no badge, and no print button.
	await expect(rows.getByRole('button')).toHaveCount(1);
	const prints = () =>
		client
			.query('select count(*)::int as n from public.badge_prints where summit_id = $1', [world.summit])
			.then(({ rows: [row] }) => (row as { n: number }).n);
	await expect(searched(page)).toBeFocused();
	// Typing a letter of a name prints no badge.
	await page.keyboard.press('p');
	await page.keyboard.press('ArrowDown');
	await expect(rows.nth(0).getByRole('link')).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await expect(rows.nth(1).getByRole('link')).toBeFocused();
	await page.keyboard.press('p');
	await page.keyboard.press('ArrowUp');
	expect(await faultsOfPage(page)).toEqual([]);
	expect(await prints()).toBe(0);
	const paper = page.waitForResponse((response) => response.url().endsWith('/badges/print'));
	await page.keyboard.press('p');
	expect((await paper).status()).toBe(200);
	await expect.poll(prints).toBe(1);
});

test('gives walk-ins without a seat a badge in a full hall without JavaScript, and queues a delegate', async ({
	browser
}) => {
	const { client, world } = small;
	const page = await desk(browser, world.people.registration, { javaScriptEnabled: false });
	await client.query(
		`update public.mode_capacities set capacity = (select count(*) from public.seats where summit_id = $1 and mode = 'in_person' and state <> 'released')
		where summit_id = $1 and mode = 'in_person'`,
		[world.summit]
	);
	const send = async (name: string) => {
		await page.getByLabel('Name, as others see it').fill(name);
		await page.getByLabel(/They have read and agreed/).check();
		await page.getByRole('button', { name: 'Register and accredit' }).click();
	};
	for (const [link, category] of [
		['Technician', 'crew'],
		['Press', 'press'],
		['Guest', 'guest']
	] as const) {
		await page.goto(`/${world.slug}/organise/help-desk`);
		await page.getByRole('link', { name: link, exact: true }).click();
		await expect(page.getByLabel('As', { exact: true })).toHaveValue(category);
		await send(`The ${link}`);
		await expect(page.getByText(`The ${link}: Confirmed. Print the badge.`)).toBeVisible();
		await expect(page.getByRole('button', { name: 'Print the badge' })).toBeVisible();
	}
	await client.query(`update public.pools set in_person_ceiling = 1 where summit_id = $1 and category = 'guest'`, [
		world.summit
	]);
	await page.goto(`/${world.slug}/organise/help-desk/walk-in?as=guest`);
	await send('One guest more');
	await expect(page.getByText('No place of this category is left').first()).toBeVisible();
	await expect(page.getByRole('link', { name: 'Change the number of places' })).toBeVisible();
	await page.goto(`/${world.slug}/organise/help-desk/walk-in`);
	await page.getByLabel(/^Member/).selectOption(world.member);
	await send('Bo Lindqvist');
	await expect(page.getByText('Bo Lindqvist: Accredited, but no seat is free')).toBeVisible();
});

test('proposes a press walk-in at one desk and confirms it at another, where two people decide', async ({
	browser
}) => {
	const { client, world } = small;
	await client.query(
		`update public.accreditation_settings set second_person_for = '{press}', second_person_decisions = '{accredit}' where summit_id = $1`,
		[world.summit]
	);
	const page = await desk(browser);
	await page.getByRole('link', { name: 'Press', exact: true }).click();
	await expect(page.getByText('Two people decide on: Press.')).toBeVisible();
	await page.getByLabel('Name, as others see it').fill('Rita Reporter');
	await page.getByLabel(/They have read and agreed/).check();
	await page.getByRole('button', { name: 'Register and accredit' }).click();
	await expect(page.getByText('Rita Reporter: A second person must confirm this')).toBeVisible();
	await page.getByRole('link', { name: 'Go back to Rita Reporter' }).click();
	await expect(page.getByText('Somebody else of the desk confirms it, on this page.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Confirm and accredit' })).toHaveCount(0);
	const path = new URL(page.url()).pathname;
	const other = await desk(browser, world.people.owner, { javaScriptEnabled: false });
	await other.goto(path);
	await other.getByRole('button', { name: 'Confirm and accredit' }).click();
	await expect(other.getByText('Rita Reporter: Confirmed. Print the badge.')).toBeVisible();
});

test('signs in a verified person by a code, once, without mail; the desk is closed to outsiders', async ({
	browser
}) => {
	const { delegate } = small.world.people;
	const sealer = new Sealer(variables.SEALING_KEY);
	const address = `${delegate.person}@example.org`;
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	await small.client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, $3, $4) on conflict (address_hash) do nothing`,
		[delegate.person, sealer.hashAddress(address), sealed, keyId]
	);
	const page = await desk(browser);
	await searched(page).fill(address);
	await page.getByRole('button', { name: 'Find' }).click();
	await page.getByLabel('I have checked who they are by').selectOption('Their passport');
	await page.getByRole('button', { name: 'Show a code of five minutes' }).click();
	const code = (await page.locator('.code').textContent()) ?? '';
	expect(code).toMatch(/^[A-Z2-9]{5} [A-Z2-9]{5}$/);
	if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/desk-code.png`, fullPage: true });
	const phone = await (await browser.newContext()).newPage();
	await phone.goto('/sign-in/desk');
	await phone.getByLabel('Code').fill(code.toLowerCase());
	await phone.getByRole('button', { name: 'Sign in' }).click();
	await expect(phone).not.toHaveURL(/sign-in/);
	await phone.goto(`/${small.world.slug}/me/badge`);
	await expect(phone.locator('#content').getByText(delegate.name)).toBeVisible();
	const other = await (await browser.newContext()).newPage();
	await other.goto('/sign-in/desk');
	await other.getByLabel('Code').fill(code);
	await other.getByRole('button', { name: 'Sign in' }).click();
	await expect(other.getByText('This code is wrong, was used').first()).toBeVisible();
	const outsider = await browserOf(browser, variables, small.world.people.door);
	expect((await outsider.page.goto(`/${small.world.slug}/organise/help-desk`))?.status()).toBe(403);
});

test('lets only safeguarding give a code to a protected person', async ({ browser }) => {
	const { delegate, safeguarding } = small.world.people;
	await small.client.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [
		delegate.person
	]);
	await small.client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, extensions.gen_random_bytes(32), '\\x00', 'k')`,
		[delegate.person]
	);
	const page = await desk(browser);
	await page.goto(`/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`);
	await expect(page.getByText('Ask the safeguarding lead')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Show a code of five minutes' })).toHaveCount(0);
	const path = `/${small.world.slug}/organise/help-desk/protected`;
	expect((await page.goto(path))?.status()).toBe(403);
	const lead = (await browserOf(browser, variables, safeguarding)).page;
	await lead.goto(path);
	await lead.getByLabel('I have checked who they are by').selectOption('I know them in person');
	await lead.getByRole('button', { name: 'Show a code of five minutes' }).click();
	await expect(lead.locator('.code')).toHaveText(/^[A-Z2-9]{5} [A-Z2-9]{5}$/);
	expect(await faultsOfPage(lead)).toEqual([]);
});

test('passes axe on a phone in Arabic with somebody found', async ({ browser }) => {
	const { page } = await browserOf(browser, variables, small.world.people.registration, {
		viewport: { width: 390, height: 844 },
		colorScheme: 'dark'
	});
	await page.goto(`/ar/${small.world.slug}/organise/help-desk`);
	await page.getByRole('textbox').first().fill('Person');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('listitem').getByRole('button').first()).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.goto(`/ar/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`);
	await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
	expect(await faultsOfPage(page)).toEqual([]);
});

test('shows the help desk in Arabic', async ({ browser }) => {
	const page = await desk(browser);
	await page.goto(`/ar/${small.world.slug}/organise/help-desk`);
	await expect(page.getByRole('heading', { level: 1, name: 'مكتب المساعدة' })).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'الشخص' })).toBeFocused();
});
