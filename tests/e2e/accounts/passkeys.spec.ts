/* Passkeys on a site that requires them, with Chromium's virtual authenticator. */
import type { Browser, Page } from '@playwright/test';
import pg from 'pg';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { Authenticator } from '../../fixtures/authenticator.ts';
import { checkedClient } from '../../fixtures/checked-client.ts';
import type { ReceivedMail } from '../../fixtures/engines.ts';
import { sampleSlug } from '../../fixtures/sample.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

let stack: TestSummit;
let db: pg.Client;
let owner: Page;
let device: Authenticator;

test.beforeAll(async ({ browser }) => {
	test.setTimeout(240_000);
	stack = await startStack({ sample: true, env: { PASSKEYS_REQUIRED: 'yes' } });
	db = checkedClient(new pg.Client({ connectionString: stack.variables.DATABASE_URL }));
	await db.connect();
	owner = await openPage(browser);
	device = await Authenticator.in(owner);
});
test.afterAll(async () => {
	await owner?.context().close();
	await db?.end();
	await stack?.stop();
});

async function openPage(browser: Browser): Promise<Page> {
	const context = await browser.newContext({ baseURL: stack.origin, locale: 'en-GB' });
	return context.newPage();
}

/** Signs in as somebody of the sample: as a code by mail would, without a passkey. */
async function signIn(page: Page, name: string, next: string): Promise<void> {
	await page.goto(`/sample?next=${encodeURIComponent(next)}`);
	await page.getByRole('button', { name: new RegExp(name) }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sample'));
}

const title = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

/** Moves all that was confirmed into the past. */
const age = (interval: string) =>
	db.query(`update private.session_assurances set confirmed_at = now() - $1::interval, acted_at = now()`, [interval]);

async function mailsTo(name: string, subject: string): Promise<ReceivedMail[]> {
	const { rows } = await db.query<{ email: string }>(
		`select u.email from auth.users as u join public.account_people as a on a.account_id = u.id and a.relation = 'self'
		join public.people as p on p.id = a.person_id where p.display_name = $1`,
		[name]
	);
	const inbox = await fetch(
		`${stack.variables.LOCAL_INBOX_URL}/messages?to=${encodeURIComponent(rows[0]?.email ?? '')}`
	);
	return ((await inbox.json()) as ReceivedMail[]).filter((mail) => mail.subject.startsWith(subject));
}

test('the holder of a strong role adds a passkey before anything else, and goes on', async () => {
	await signIn(owner, 'Lucía Ferrer', `/${sampleSlug}/organise/roles`);
	await expect(title(owner, 'Passkeys')).toBeVisible();
	await expect(owner.getByText('Your role needs a passkey')).toBeVisible();
	expect(await faultsOfPage(owner)).toEqual([]);
	await owner.getByLabel('Name of the passkey').fill('Work phone');
	await owner.getByRole('button', { name: 'Add a passkey' }).click();
	await expect(owner.getByText('The passkey is added.')).toBeVisible();
	await expect.poll(() => mailsTo('Lucía Ferrer', 'Your passkeys').then((mails) => mails.length)).toBe(1);
	await owner.getByRole('link', { name: 'Go on' }).click();
	await expect(title(owner, 'Roles')).toBeVisible();
	await expect(owner.getByText('There is one owner for all Summits')).toBeVisible();
	expect(await faultsOfPage(owner)).toEqual([]);
	await owner.goto('/account/passkeys');
	await owner.getByText('Rename', { exact: true }).click();
	await owner.getByLabel('New name').fill('My phone');
	await owner.getByRole('button', { name: 'Save' }).click();
	await expect(owner.getByText('The passkey has its new name.')).toBeVisible();
	await expect(owner.getByRole('listitem').filter({ hasText: 'My phone' })).toBeVisible();
});

test('a passkey signs in, offered in the field of the address or by its button', async ({ browser }) => {
	const page = await openPage(browser);
	const first = await Authenticator.in(page, device);
	await page.goto(`/sign-in?next=/${sampleSlug}/organise/roles`);
	await expect(title(page, 'Roles')).toBeVisible();
	const other = await openPage(browser);
	const phone = await Authenticator.in(other, first);
	// A browser that offers nothing in the field.
	await other.addInitScript(() => {
		PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
	});
	await other.goto('/sign-in?next=/account');
	await other.getByRole('button', { name: 'Sign in with a passkey' }).click();
	await expect(title(other, 'Account and settings')).toBeVisible();
	// The device whose counter lags behind is refused like a copy.
	await owner.goto('/account/passkeys/confirm');
	await expectWholePage(owner);
	await owner.getByRole('button', { name: 'Use passkey' }).click();
	await expect(owner.getByText('This passkey was refused')).toBeVisible();
	await device.take(phone);
	await owner.getByRole('button', { name: 'Use passkey' }).click();
	await expect(title(owner, 'Account and settings')).toBeVisible();
});

test('a grant asks for the passkey again, and keeps what was entered', async () => {
	await age('10 minutes');
	await owner.goto(`/${sampleSlug}/organise/roles`);
	const form = owner.locator('form[action="?/invite"]');
	await form.getByLabel('Mail address').fill('new.stage@people.example');
	await form.getByLabel('Name').fill('New Stage');
	await form.getByLabel('Role').selectOption({ label: 'Stage' });
	await form.getByRole('button', { name: 'Send the invitation' }).click();
	const dialog = owner.getByRole('dialog', { name: 'Confirm with your passkey' });
	await expect(dialog).toBeVisible();
	expect(await faultsOfPage(owner)).toEqual([]);
	await dialog.getByRole('button', { name: 'Close' }).click();
	await expect(form.getByText('Confirm with your passkey first.')).toBeVisible();
	await expect(form.getByLabel('Name')).toHaveValue('New Stage');
	await form.getByRole('button', { name: 'Send the invitation' }).click();
	await dialog.getByRole('button', { name: 'Use passkey' }).click();
	await expect(owner.getByText('The invitation is on its way.')).toBeVisible();
	await expect(owner.getByRole('cell', { name: 'New Stage' })).toBeVisible();
});

test('an export asks on a page of its own, and a session of twelve hours for everything', async () => {
	await age('10 minutes');
	await owner.goto(`/${sampleSlug}/organise/registrations`);
	await owner.goto(`/${sampleSlug}/organise/registrations/export`);
	await expect(title(owner, 'Confirm with your passkey')).toBeVisible();
	const download = owner.waitForEvent('download');
	await owner.getByRole('button', { name: 'Use passkey' }).click();
	expect((await download).suggestedFilename()).toBe(`registrations-${sampleSlug}.csv`);
	await age('12 hours');
	await owner.waitForTimeout(5500);
	await owner.goto(`/${sampleSlug}/organise/settings`);
	await expect(title(owner, 'Confirm with your passkey')).toBeVisible();
	await owner.getByRole('button', { name: 'Use passkey' }).click();
	await expect(owner).toHaveURL(new RegExp(`/${sampleSlug}/organise/settings$`));
});

test('a recovery code adds another passkey in a session without one, once', async ({ browser }) => {
	await owner.goto('/account/passkeys');
	await owner.getByRole('button', { name: 'Make ten recovery codes' }).click();
	await expect(owner.getByText('Your recovery codes')).toBeVisible();
	const codes = await owner.locator('code').allInnerTexts();
	expect(codes).toHaveLength(10);
	for (const code of codes) expect(code).toMatch(/^(?:[A-Z2-9]{4}-){5}[A-Z2-9]{4}$/);
	const page = await openPage(browser);
	await Authenticator.in(page);
	await signIn(page, 'Lucía Ferrer', '/account/passkeys');
	await expect(page.getByLabel('Name of the passkey')).toHaveCount(0);
	await page.getByLabel('Recovery code', { exact: true }).fill('AAAA-BBBB-CCCC-DDDD');
	await page.getByRole('button', { name: 'Use the code' }).click();
	await expect(page.getByText('This is not one of your codes').first()).toBeVisible();
	await page.getByLabel('Recovery code', { exact: true }).fill(codes[0] ?? '');
	await page.getByRole('button', { name: 'Use the code' }).click();
	await expect(page.getByText('The code is right.')).toBeVisible();
	await page.getByLabel('Name of the passkey').fill('Laptop');
	await page.getByRole('button', { name: 'Add a passkey' }).click();
	await expect(page.getByText('The passkey is added.')).toBeVisible();
	await expect(page.getByText('Codes left: 9')).toBeVisible();
	// The new one removes the lost one, which then confirms nothing any more.
	await page.getByRole('button', { name: 'Remove My phone' }).click();
	await expect(page.getByText('The passkey is removed.')).toBeVisible();
	await page.getByRole('button', { name: 'Remove Laptop' }).click();
	await expect(page.getByText('This is your last passkey').first()).toBeVisible();
	await owner.goto(`/${sampleSlug}/organise/roles`);
	await expect(title(owner, 'Confirm with your passkey')).toBeVisible();
	await owner.getByRole('button', { name: 'Use passkey' }).click();
	await expect(owner.getByRole('alert')).toBeVisible();
});

test('a second owner resets the passkeys of the first, who adds a new one', async ({ browser }) => {
	await db.query(
		`insert into public.role_grants (person_id, role) select id, 'owner' from public.people where display_name = 'Ana Petrović'`
	);
	const second = await openPage(browser);
	await Authenticator.in(second);
	await signIn(second, 'Ana Petrović', `/${sampleSlug}/organise/roles`);
	await second.getByRole('button', { name: 'Add a passkey' }).click();
	await second.getByRole('link', { name: 'Go on' }).click();
	await expect(second.getByText('There is one owner for all Summits')).toHaveCount(0);
	await expect(second.getByRole('button', { name: 'Reset passkeys: Ana Petrović' })).toHaveCount(0);
	await second.getByRole('button', { name: 'Reset passkeys: Lucía Ferrer' }).click();
	await expect(second.getByText('The passkeys are reset.')).toBeVisible();
	const reset = async () =>
		(await mailsTo('Lucía Ferrer', 'Your passkeys')).some(({ text }) => text.includes('An owner reset'));
	await expect.poll(reset).toBe(true);
	// Signed out everywhere; the old device has a passkey that nobody knows.
	await owner.goto('/account');
	await expect(title(owner, 'Sign in')).toBeVisible();
	await device.forget();
	await signIn(owner, 'Lucía Ferrer', `/${sampleSlug}/organise/roles`);
	await owner.getByRole('button', { name: 'Add a passkey' }).click();
	await owner.getByRole('link', { name: 'Go on' }).click();
	await expect(title(owner, 'Roles')).toBeVisible();
});
