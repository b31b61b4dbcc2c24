/* A commitment from the draft to a report: the head agrees by a mailed link without an account, and nobody needs JavaScript. */
import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { makeAnnounced, makeCommitmentWorld } from '../../fixtures/committing.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();
const base = '/community/commitments';

test.describe.configure({ timeout: 180_000 });

async function draft(page: Page, title: string) {
	await page.getByLabel('Title (English)').fill(title);
	await page.getByLabel('What you commit to (English)').fill('Every report is assessed within a day.');
	await page.getByLabel('For whom (English)').fill('Children who were harmed online');
	await page.getByLabel('Theme').selectOption('Victims');
	await page.getByLabel('Measure (English)').fill('Reports assessed within a day');
	await page.getByLabel('Unit (English)').fill('per cent');
	await page.getByLabel('Value today').fill('40');
	await page.getByLabel('Value to reach').fill('90');
	await page.getByLabel('By when').fill('2090-12-31');
	await page.getByRole('button', { name: 'Save version' }).click();
}

test('is drafted, agreed by a link, checked, announced and reported on', async ({ browser }) => {
	const world = await makeCommitmentWorld(db.client);
	const title = `Hotlines answer within a day ${randomUUID().slice(0, 8)}`;
	const address = `head-${randomUUID()}@people.example`;

	const focal = await openPage(browser, world.people.focal, { javaScriptEnabled: false });
	await focal.goto(`${base}/own/new`);
	await draft(focal, title);
	await expect(focal.getByRole('heading', { level: 1, name: title })).toBeVisible();
	await focal.getByLabel('Mail address of the head of').fill(address);
	await focal.getByRole('button', { name: 'Ask to agree' }).click();
	await expect(focal.getByText('Waits for the heads')).toBeVisible();

	const mail = await receiveMail(address, ({ text }) => text.includes(`${base}/agree/`));
	const link = /\/community\/commitments\/agree\/[\w-]+/.exec(mail.text)?.[0] ?? '';
	const head = await openPage(browser, null, { viewport: { width: 390, height: 844 } });
	await head.goto(link);
	await expectWholePage(head);
	await head.getByRole('button', { name: 'Agree for' }).click();
	await expect(head.getByText('Thank you. Your agreement is recorded.')).toBeVisible();
	await head.goto(link);
	await expect(head.getByText('This link is over')).toBeVisible();

	const secretariat = await openPage(browser, world.secretariat, { javaScriptEnabled: false });
	await secretariat.goto(`${base}/check`);
	const item = secretariat.getByRole('article').filter({ hasText: title });
	await item.getByRole('button', { name: 'Accept as checked' }).click();
	const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16);
	const announceAt = item.getByLabel(/^Announce at \(/);
	await announceAt.fill(inAMonth);
	await item.getByRole('button', { name: 'Schedule announcement' }).click();
	await expect(announceAt).toHaveValue(inAMonth);
	await item.getByRole('button', { name: 'Take back the announcement' }).click();
	await expect(item.getByRole('button', { name: 'Take back the announcement' })).toHaveCount(0);
	await item.getByRole('button', { name: 'Announce now' }).click();
	await expect(secretariat.getByRole('article').filter({ hasText: title })).toHaveCount(0);

	const visitor = await openPage(browser, null);
	await visitor.goto(`${base}?q=${encodeURIComponent(title)}`);
	await visitor.getByRole('link', { name: title }).click();
	await expect(visitor.getByRole('heading', { level: 1, name: title })).toBeVisible();
	await expect(visitor.getByText('From 40 to 90 (per cent) by 31 December 2090').first()).toBeVisible();
	const paper = await visitor.request.get(`${visitor.url()}/page.pdf`);
	expect([paper.status(), (await paper.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
	expect(paper.headers()['cache-control']).toBe('no-cache');
	const ownPaper = await secretariat.request.get(`${visitor.url()}/page.pdf`);
	expect([ownPaper.status(), ownPaper.headers()['cache-control']]).toEqual([200, 'no-store']);
	const screen = await openPage(browser, null);
	await screen.goto(`/${world.slug}/screens/commitments`);
	await expect(screen.getByRole('heading', { level: 2, name: title })).toBeVisible();
	for (const kind of ['feed.xml', 'register.csv', 'register.json', 'embed'])
		expect(await (await visitor.request.get(`${base}/${kind}`)).text()).toContain(title);

	await focal.goto(visitor.url());
	await focal.getByLabel('On track').check();
	await focal.getByLabel('Value reached now').fill('60');
	await focal.getByLabel('What was done').fill('Two more hotlines work at night.');
	await focal.getByRole('button', { name: 'Send report' }).click();
	await focal.locator('summary').filter({ hasText: 'Add a file' }).click();
	await focal.getByLabel('File', { exact: true }).setInputFiles({
		name: 'shifts.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from('Shifts of a year.')
	});
	await focal.getByRole('button', { name: 'Add a file' }).click();
	await expect(focal.getByRole('link', { name: 'shifts.txt' })).toBeVisible();
	await visitor.reload();
	await expect(visitor.getByText('Two more hotlines work at night.')).toBeVisible();
	const file = await visitor.getByRole('link', { name: 'shifts.txt' }).getAttribute('href');
	expect(await (await visitor.request.get(file ?? '')).text()).toBe('Shifts of a year.');
	await expectWholePage(visitor);
	await expect(visitor.getByText('Self-reported').first()).toBeVisible();
});

test('a big screen shows what is announced while it is open, and other sites embed what everyone sees', async ({
	browser
}) => {
	const world = await makeCommitmentWorld(db.client);
	const site = 'https://news.example.org';
	const screen = await openPage(browser, null, { viewport: { width: 1920, height: 1080 } });
	await screen.goto(`/${world.slug}/screens/commitments`);
	await expect(screen.getByText('Commitments appear here as soon as they are announced.')).toBeVisible();
	const { code } = await makeAnnounced(world, { title: { original: 'en', en: 'A seen promise' } });
	await makeAnnounced(world, { title: { original: 'en', en: 'A promise for members' }, audience: 'members' });
	await expect(screen.getByRole('heading', { level: 2, name: 'A seen promise' })).toBeVisible({ timeout: 30_000 });
	await expect(screen.getByText('A promise for members')).toHaveCount(0);
	await expectWholePage(screen);

	const secretariat = await openPage(browser, world.secretariat, { javaScriptEnabled: false });
	await secretariat.goto(`${base}/check`);
	const sites = secretariat.getByLabel('Sites that may show it');
	await sites.fill('https://*.example.org');
	await secretariat.getByRole('button', { name: 'Save sites' }).click();
	await expect(sites).toHaveAttribute('aria-invalid', 'true');
	await sites.fill(`${site}/a-page`);
	await secretariat.getByRole('button', { name: 'Save sites' }).click();
	await expect(sites).toHaveValue(site);

	// A focal point sees more on the site itself, and no more in an embedded page.
	const focal = await openPage(browser, world.people.focal);
	const answer = await focal.goto(`${base}/embed?lang=ar&appearance=dark`);
	expect(new URL(focal.url()).pathname).toBe(`/ar${base}/embed`);
	expect(answer?.headers()['content-security-policy']).toContain(`frame-ancestors ${site}`);
	await expect(focal.locator(`a[href$="/${code}"]`)).toBeVisible();
	await expect(focal.getByText('A promise for members')).toHaveCount(0);
	await expect(focal.locator('html')).toHaveAttribute('data-theme', 'dark');
	await expectWholePage(focal);
	await focal.goto(`${base}/embed?member=${'0'.repeat(8)}`);
	await expect(focal.locator(`a[href$="/${code}"]`)).toHaveCount(0);
});
