/* Signing in at the issuer of a ministry, which is a certified provider, through its own pages. */
import { freePort } from '../../../src/local/processes.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { startMinistry, type Ministry } from '../../fixtures/ministry.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { Page } from '@playwright/test';
import pg from 'pg';

let stack: TestSummit;
let ministry: Ministry;
let issuerPort: number;

test.describe.configure({ mode: 'serial', timeout: 180_000 });
test.beforeAll(async () => {
	const [port, ministryPort] = [await freePort(), await freePort()];
	issuerPort = ministryPort;
	const origin = `http://localhost:${port}`;
	ministry = await startMinistry(origin, 'interior', ministryPort);
	stack = await startStack({
		sample: true,
		port,
		env: {
			SSO: 'interior,police',
			...ministry.variables('interior', 'interior.example'),
			...ministry.variables('police', 'police.example'),
			SSO_POLICE_NAME: 'National Police',
			SSO_POLICE_REQUIRED: 'yes'
		}
	});
});
test.afterAll(async () => {
	await stack?.stop();
	await ministry?.stop();
});

const signInPage = '/sign-in?next=%2Faccount';
async function typeAddress(page: Page, address: string) {
	await page.goto(stack.origin + signInPage);
	await page.getByLabel('Mail address').fill(address);
	await page.getByRole('button', { name: 'Send me a code' }).click();
}
async function signInAtMinistry(page: Page, account: string) {
	await page.getByLabel('Ministry address').fill(account);
	await page.getByRole('button', { name: 'Sign in' }).click();
}
/** How many accounts with this address have a session. */
async function holders(address: string): Promise<number> {
	const client = new pg.Client(stack.variables.DATABASE_URL);
	await client.connect();
	try {
		const { rows } = await client.query<{ count: number }>(
			`select count(distinct s.user_id)::integer as count from auth.sessions as s join auth.users as u on u.id = s.user_id where u.email = $1`,
			[address]
		);
		return rows[0]?.count ?? 0;
	} finally {
		await client.end();
	}
}
const withMinistry = (page: Page) => page.getByRole('link', { name: 'Continue with Ministry of the Interior' });

test('signs in at the ministry, and leads to the page that asked @alone', async ({ page }) => {
	await typeAddress(page, 'delegate@interior.example');
	await expect(page.getByText('delegate@interior.example can sign in with Ministry of the Interior.')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await withMinistry(page).click();
	await expect(page.getByLabel('Ministry address')).toHaveValue('delegate@interior.example');
	await signInAtMinistry(page, 'delegate@interior.example');
	await expect(page).toHaveURL(`${stack.origin}/account`);
	await expect(page.getByText('Where you are signed in')).toBeVisible();
	expect(await holders('delegate@interior.example')).toBe(1);
	// The ministry's pages again, as by the browser's back: they end in a message, and nobody is signed out.
	await page.goBack();
	// One of them may lead on by itself at this moment, which ends another navigation.
	await expect(() => page.goto(`${stack.origin}/account`)).toPass();
	await expect(page.getByText('Where you are signed in')).toBeVisible();
});

test('still sends a code, where the ministry allows it @alone', async ({ page }) => {
	await typeAddress(page, 'traveller@interior.example');
	await page.getByRole('button', { name: 'Send a code by mail instead' }).click();
	await expect(page.getByRole('heading', { name: 'Enter the code', level: 1 })).toBeVisible();
});

test('sends no code to an address that has to sign in there @alone', async ({ page }) => {
	await typeAddress(page, 'officer@police.example');
	await expect(page.getByText('officer@police.example signs in with National Police.')).toBeVisible();
	await expect(page.getByRole('button', { name: /code/ })).toHaveCount(0);
	const forced = await page.request.post(`${stack.origin}/sign-in?/ask`, {
		form: { address: 'Officer@Police.example', by: 'code' },
		headers: { origin: stack.origin, accept: 'text/html' }
	});
	expect(await forced.text()).toContain('signs in with National Police');
	const inbox = await page.request.get(`${stack.variables.LOCAL_INBOX_URL}/messages?to=officer%40police.example`);
	expect(await inbox.json()).toEqual([]);
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false, locale: 'fr-FR' });
	test('works, and comes back in the language in which it began @alone', async ({ page }) => {
		await page.goto(`${stack.origin}/fr/sign-in`);
		await page.getByRole('link', { name: 'Continuer avec Ministry of the Interior' }).click();
		await signInAtMinistry(page, 'francophone@interior.example');
		await expect(page).toHaveURL(`${stack.origin}/fr`);
	});
});

test('says what happened, and leads to the same page at the next try @alone', async ({ page }) => {
	await page.goto(stack.origin + signInPage);
	await withMinistry(page).click();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect(page.getByRole('alert')).toHaveText(/You were not signed in by Ministry of the Interior/);
	await withMinistry(page).click();
	await signInAtMinistry(page, 'stranger@elsewhere.example');
	await expect(page.getByRole('alert')).toHaveText(/an address of interior\.example only/);
	expect(await faultsOfPage(page)).toEqual([]);
	await page.goto(`${stack.origin}/sign-in/with/interior/back?code=x&state=${'s'.repeat(43)}`);
	await expect(page.getByRole('alert')).toHaveText(/started in another browser/);
	await page.goto(`${stack.origin}/sign-in?with=interior&failed=constructor`);
	await expect(page.getByRole('alert')).toHaveCount(0);
	expect((await page.request.get(`${stack.origin}/sign-in/with/nobody`)).status()).toBe(404);
});

test('leaves the code by mail when the ministry does not answer @alone', async ({ page }) => {
	await ministry.stop();
	await page.goto(stack.origin + signInPage);
	await withMinistry(page).click();
	// The site knows where it leads to, as it asked within the hour; the browser cannot reach it.
	await page.goto(stack.origin + signInPage).catch(() => undefined);
	await expect(page.getByLabel('Mail address')).toBeVisible();
	ministry = await startMinistry(stack.origin, 'interior', issuerPort);
});
