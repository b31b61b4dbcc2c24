/* A campaign from the first word to its results, and unsubscribing from it without an account and without JavaScript. */
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { makeCommitmentWorld } from '../../fixtures/committing.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { openSession, type Session } from '../../fixtures/sessions.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();
const base = '/community/campaigns';

test.describe.configure({ timeout: 240_000 });

interface Reader extends Session {
	address: string;
}

async function someone(name: string): Promise<Reader> {
	const address = `campaign-${randomUUID()}@people.example`;
	const session = await openSession(variables, address);
	await db.client.query(`update public.people set display_name = $2 where id = $1`, [session.person, name]);
	return { ...session, address };
}

async function pageOf(browser: Browser, who: Reader, options: BrowserContextOptions = {}): Promise<Page> {
	const context = await browser.newContext({ baseURL: variables.ORIGIN, ...options });
	await context.addCookies(who.cookies.map((cookie) => ({ ...cookie, url: variables.ORIGIN ?? '' })));
	return context.newPage();
}

/** Members of a country that no other test uses, and a focal point whom mail reaches. */
async function makeReaders() {
	const world = await makeCommitmentWorld(db.client);
	const [secretariat, focal] = [await someone('Campaign Secretariat'), await someone('Focal Canary')];
	await db.client.query(`insert into public.role_grants (person_id, role) values ($1, 'community')`, [
		secretariat.person
	]);
	await db.client.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		world.summit,
		world.member,
		focal.person
	]);
	await db.client.query(`update public.summit_members set country = 'BV' where summit_id = $1 and member_id = $2`, [
		world.summit,
		world.member
	]);
	return { secretariat, focal };
}

test('is written, tested, sent and unsubscribed from', async ({ browser }) => {
	const { secretariat, focal } = await makeReaders();
	const subject = `News ${randomUUID().slice(0, 8)}`;
	const page = await pageOf(browser, secretariat);
	await page.goto('/community');
	await page.getByRole('main').getByRole('link', { name: 'Campaigns' }).click();
	await page.getByRole('link', { name: 'New campaign' }).click();
	await page.getByLabel('Title').fill('A campaign');
	await page.getByLabel('Kind of mail').selectOption('News');
	await page.locator('summary').filter({ hasText: 'Country' }).click();
	await page.getByLabel('Bouvet Island').check();
	await page.getByRole('button', { name: 'Count' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Members' })).toContainText('Get the mail: 1');
	await expect(page.getByLabel('Title')).toHaveValue('A campaign');
	await page.getByLabel('Subject (English)').fill(subject);
	await page.getByLabel('Text (English)').fill('For {member}, with {nonsense}.');
	await page.getByRole('button', { name: 'Save and look at it' }).click();
	await expect(page.getByRole('heading', { name: 'One thing needs your attention' })).toBeVisible();
	await page.getByLabel('Text (English)').fill('For {member}.\n\n{button}');
	await page.getByLabel('Where the button leads').selectOption('Open the library');
	await page.getByRole('button', { name: 'Save and look at it' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'A campaign' })).toBeVisible();
	await expectWholePage(page);

	await page.getByRole('button', { name: 'Send me a test' }).click();
	const trial = await receiveMail(secretariat.address, (mail) => mail.subject.includes(subject));
	expect(trial.subject).toContain('Test');
	await page.getByRole('button', { name: /^Send to/ }).click();
	await expect(page.getByText('It is on its way')).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Results' })).toBeVisible();
	await expect(page.getByText('Focal Canary')).toHaveCount(0);

	const mail = await receiveMail(focal.address, (each) => each.subject === subject);
	const link = /\/unsubscribe\/[\w-]{32}/.exec(mail.text)?.[0] ?? '';
	const reader = await openPage(browser, null, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	const isOut = async () => {
		const { rows } = await db.client.query('select from private.mail_opt_outs where person_id = $1', [focal.person]);
		return rows.length === 1;
	};
	const looking = await openPage(browser, null);
	await looking.goto(link);
	await expectWholePage(looking);
	await reader.goto(`${link}/one-click`);
	await expect(reader).toHaveURL(link);
	expect(await isOut()).toBe(false);
	await reader.getByRole('button', { name: 'Unsubscribe' }).click();
	await expect(reader.getByRole('main').getByRole('status')).toContainText('You are unsubscribed');
	expect(await isOut()).toBe(true);
	await reader.getByRole('button', { name: 'Get news again' }).click();
	await expect(reader.getByRole('button', { name: 'Unsubscribe' })).toBeVisible();
	expect(await isOut()).toBe(false);

	// As a mail program does it: one form, without cookies and without an origin.
	const oneClick = (path: string) =>
		fetch(new URL(path, variables.ORIGIN), {
			method: 'POST',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: 'List-Unsubscribe=One-Click'
		});
	expect((await oneClick(`${link}/one-click`)).status).toBe(204);
	expect(await isOut()).toBe(true);
	expect((await oneClick(`/unsubscribe/${'A'.repeat(32)}/one-click`)).status).toBe(404);

	const own = await pageOf(browser, focal);
	await own.goto('/account');
	await own.getByRole('button', { name: 'Get news again' }).click();
	await expect(own.getByText('You get news of the Alliance by mail.')).toBeVisible();
	expect(await isOut()).toBe(false);
	expect((await own.goto(base))?.status()).toBe(403);
});
