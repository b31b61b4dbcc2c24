/* The account page: inviting an assistant by mail, and signing out single browsers. */
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { dayFromNow } from '../../fixtures/clock.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

/** Opens the account page in a new browser context, signed in by a mailed code. */
async function signedIn(browser: Browser, address: string, options: object = {}): Promise<Page> {
	const context = await browser.newContext({ baseURL: variables.ORIGIN, locale: 'en-GB', ...options });
	const page = await context.newPage();
	await page.goto('/account');
	await signInByCode(page, address);
	await expect(page.getByRole('heading', { name: 'Account and settings', level: 1 })).toBeVisible();
	return page;
}

async function named(address: string, name: string): Promise<void> {
	await db.client.query(
		`update public.people set display_name = $2 where id = (select l.person_id from public.account_people as l join auth.users as u on u.id = l.account_id where u.email = $1 and l.relation = 'self')`,
		[address, name]
	);
}

const future = () => dayFromNow(20);

async function nameAssistant(page: Page, address: string, until = future()): Promise<void> {
	await page.getByText('Name an assistant').click();
	await page.getByLabel('Mail address of the assistant').fill(address);
	await page.getByRole('radio', { name: 'My sessions as a speaker' }).check();
	await page.getByLabel('Last day').fill(until);
	await page.getByRole('button', { name: 'Ask them' }).click();
}

for (const script of [true, false]) {
	test(`invites an assistant, who accepts, and ends the access${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const tag = randomUUID().slice(0, 8);
		const [minister, helper] = [`minister-${tag}@example.org`, `helper-${tag}@example.org`];
		const options = { javaScriptEnabled: script };
		const page = await signedIn(browser, minister, options);
		await named(minister, `Minister ${tag}`);
		await nameAssistant(page, helper, '2020-01-01');
		await expect(page.getByRole('link', { name: 'Choose a day from today on, within two years.' })).toBeVisible();
		await page.getByLabel('Last day').fill(future());
		await page.getByRole('button', { name: 'Ask them' }).click();
		await expect(page.getByText('We have written to that address.')).toBeVisible();
		await expect(page.getByText(helper)).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);

		const mail = await receiveMail(helper, ({ subject }) => subject.startsWith('Somebody asks you'));
		expect(mail.subject + mail.text + mail.html).not.toContain(`Minister ${tag}`);
		// The assistant has no account yet: the mailed code creates one, and the invitation waits there.
		const others = await browser.newContext({ baseURL: variables.ORIGIN, locale: 'en-GB', ...options });
		const assistant = await others.newPage();
		await assistant.goto('/account');
		await signInByCode(assistant, helper);
		await expect(assistant.getByText(`Minister ${tag} asks you to act for them`)).toBeVisible();
		await assistant.getByRole('button', { name: 'Accept' }).click();
		await expect(assistant.getByText('You may now act for them.')).toBeVisible();
		await named(helper, `Helper ${tag}`);
		await expect(assistant.getByRole('heading', { name: 'For whom you may act' })).toBeVisible();
		await expect(assistant.getByRole('listitem').filter({ hasText: `Minister ${tag}` })).toBeVisible();

		// The person who invited sees the address that they typed, but never whose it is.
		await page.reload();
		await expect(page.getByText(`Helper ${tag}`)).toHaveCount(0);
		await page.getByRole('button', { name: `End this: ${helper}` }).click();
		await expect(page.getByText('Ended.')).toBeVisible();
		await assistant.reload();
		await expect(assistant.getByText(`Minister ${tag}`)).toHaveCount(0);
	});
}

test('signs out one browser from another, and only that one', async ({ browser }) => {
	const address = `devices-${randomUUID()}@example.org`;
	const desk = await signedIn(browser, address);
	// A session that only Auth knows, as after an update: its device was never recorded.
	const { cookies } = await openSession(variables, address);
	const phone = await browser.newContext({ baseURL: variables.ORIGIN, locale: 'en-GB' });
	await phone.addCookies(cookies.map((cookie) => ({ ...cookie, url: variables.ORIGIN ?? '' })));
	const lost = await phone.newPage();
	await lost.goto('/account');
	await expect(lost.getByRole('listitem').filter({ hasText: 'This device' })).toContainText(
		'A device that does not say what it is'
	);

	await desk.reload();
	await expect(desk.getByRole('listitem').filter({ hasText: 'This device' })).toContainText(/Chrome, \w+/);
	await desk.getByRole('button', { name: 'Sign out: A device that does not say what it is' }).click();
	await expect(desk.getByText('That device is signed out.')).toBeVisible();
	await expect(desk.getByText('A device that does not say what it is')).toHaveCount(0);
	expect(await faultsOfPage(desk)).toEqual([]);
	await lost.goto('/account');
	await expect(lost).toHaveURL(/\/sign-in/);
	await desk.reload();
	await expect(desk.getByRole('heading', { name: 'Account and settings' })).toBeVisible();
});
