/* The help desk with a queue behind it: found by keyboard, served, and back at the search; a walk-in; a code for who has no mail. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { Sealer, contexts } from '../../src/lib/people/sealing.ts';
import { variables } from '../fixtures/entering.ts';
import { browserOf } from '../fixtures/livekit.ts';
import { useWorld } from '../fixtures/small-world.ts';
import { expect, test } from '../fixtures/test.ts';
import type { Somebody } from '../fixtures/world.ts';

const small = useWorld();

async function desk(
	browser: Browser,
	who: Somebody = small.world.people.registration,
	options: object = {}
): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}/organise/help-desk`);
	return page;
}
const searched = (page: Page) => page.getByRole('textbox', { name: 'Who stands before you' });

test('somebody is found and gets a new badge by keyboard alone, and the search waits for the next', async ({
	browser
}) => {
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

test('two desks serve one person: the second is told, and nothing happens twice', async ({ browser }) => {
	const path = `/${small.world.slug}/organise/help-desk/${small.world.registrations.delegate}`;
	const [one, two] = [
		await desk(browser, small.world.people.registration, { javaScriptEnabled: false }),
		await desk(browser, small.world.people.owner, { javaScriptEnabled: false })
	];
	for (const page of [one, two]) await page.goto(path);
	await one.getByRole('button', { name: 'Take back, and make a new one' }).click();
	await expect(one).toHaveURL(/done=badge/);
	await two.getByRole('button', { name: 'Take back, and make a new one' }).click();
	await expect(two.getByText('Another desk was faster')).toBeVisible();
	const { rows } = await small.client.query('select count(*)::int as n from public.badges where registration_id = $1', [
		small.world.registrations.delegate
	]);
	expect(rows).toEqual([{ n: 2 }]);
});

test('a walk-in is registered and accredited without script, and who has no seat waits', async ({ browser }) => {
	const page = await desk(browser, small.world.people.registration, { javaScriptEnabled: false });
	const register = async (name: string) => {
		await page.goto(`/${small.world.slug}/organise/help-desk/walk-in`);
		await page.getByLabel('Name, as others shall read it').fill(name);
		await page.getByLabel('As', { exact: true }).selectOption('guest');
		await page.getByLabel(/They have read and agreed/).check();
		await page.getByRole('button', { name: 'Register and accredit' }).click();
	};
	await small.client.query(
		`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'guest', 'Guests', 1)`,
		[small.world.summit]
	);
	await register('Amara Okafor');
	await expect(page.getByText('Amara Okafor: Confirmed. Print the badge.')).toBeVisible();
	await register('Bo Lindqvist');
	await expect(page.getByText('Bo Lindqvist: Accredited, but no seat is free')).toBeVisible();
});

test('a code signs in whoever was checked, once, without mail; an outsider’s desk is closed', async ({ browser }) => {
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

test('whoever is protected gets the code from safeguarding alone', async ({ browser }) => {
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
	expect((await new AxeBuilder({ page: lead }).analyze()).violations).toEqual([]);
});

for (const [viewport, scheme, language] of [
	[{ width: 390, height: 844 }, 'dark', '/ar'],
	[{ width: 1440, height: 900 }, 'light', '']
] as const)
	test(`at ${viewport.width} px, without a fault that axe finds`, async ({ browser }) => {
		const { page } = await browserOf(browser, variables, small.world.people.registration, {
			viewport,
			colorScheme: scheme
		});
		const base = `${language}/${small.world.slug}/organise/help-desk`;
		for (const path of [
			base,
			`${base}/${small.world.registrations.delegate}`,
			`${base}/walk-in`,
			`${language}/sign-in/desk`
		]) {
			await page.goto(path);
			await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
			expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
			const shot = path.split('/').slice(-2).join('-').slice(0, 30);
			if (process.env.LOOK)
				await page.screenshot({ path: `${process.env.LOOK}/desk-${viewport.width}-${shot}.png`, fullPage: true });
		}
	});

for (const [language, heading, label] of [
	['ar', 'مكتب المساعدة', 'من الذي أمامك'],
	['es', 'Mostrador de ayuda', 'Quién está ante usted']
] as const)
	test(`whoever reads ${language} has the help desk in that language`, async ({ browser }) => {
		const page = await desk(browser);
		await page.goto(`/${language}/${small.world.slug}/organise/help-desk`);
		await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
		await expect(page.getByRole('textbox', { name: label })).toBeFocused();
		expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
	});
