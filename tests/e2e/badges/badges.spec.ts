/* Printed badges: selected, printed, recorded and replaced, only by those who manage registrations. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { readPdf } from '../../fixtures/pdf.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const small = useWorld();

async function open(browser: Browser, who: TestPerson, options: object = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}/organise/badges`);
	return page;
}

async function print(page: Page, button: string) {
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: button }).click()
	]);
	return readPdf(await readFile(await download.path()));
}

const badgeCodeOf = async (registration: string) =>
	(
		await small.client.query<{ badge_code: string }>(
			`select badge_code from public.badges where registration_id = $1 and revoked_at is null`,
			[registration]
		)
	).rows[0]?.badge_code.replace(/(.{4})(?=.)/g, '$1 ') ?? '';

test('prints a selected badge, lists it as printed, and revokes it by a reprint', async ({ browser }) => {
	const { delegate, registration, speaker, door } = small.world.people;
	const page = await open(browser, registration);
	await expect(page.getByText('2 not yet printed')).toBeVisible();
	await page.getByRole('checkbox', { name: delegate.name }).check();
	const old = await badgeCodeOf(small.world.registrations.delegate);
	const one = await print(page, 'Print those ticked');
	expect(one.pages).toBe(1);
	expect(one.text.replace(/\s+/g, ' ')).toContain(delegate.name);
	expect(one.text).toContain(old);
	expect(one.text).not.toContain(speaker.name);
	// The page updates automatically.
	const row = page.getByRole('row').filter({ hasText: delegate.name });
	await expect(row).toContainText(`by ${registration.name}`);
	await row.getByText('New badge', { exact: true }).click();
	await row.getByLabel('Why').selectOption('Lost');
	await row.getByRole('button', { name: 'Take back, and make a new one' }).click();
	await expect(page.getByText('the old one is not')).toBeVisible();
	await page.goto(`/${small.world.slug}/organise/badges?printed=no`);
	const both = await print(page, 'Print all 2 found');
	expect(both.pages).toBe(2);
	expect(both.text).toContain(await badgeCodeOf(small.world.registrations.delegate));
	expect(both.text).not.toContain(old);
	// Printed again: with a new badge for each person who had one on paper.
	const before = await badgeCodeOf(small.world.registrations.delegate);
	await page.goto(`/${small.world.slug}/organise/badges`);
	await page.getByRole('checkbox', { name: delegate.name }).check();
	await page.getByRole('checkbox', { name: 'New badges for those printed before' }).check();
	const again = await print(page, 'Print those ticked');
	expect(again.text).toContain(await badgeCodeOf(small.world.registrations.delegate));
	expect(again.text).not.toContain(before);
	const { rows } = await small.client.query<{ reason: string }>(
		`select reason from audit.entries where table_name = 'public.badges' and actor_person = $1 and new_values ? 'revoked_reason' order by id`,
		[registration.person]
	);
	expect([...new Set(rows.map(({ reason }) => reason))]).toEqual(['Lost', 'Printed again']);
	expect(
		(await (await browserOf(browser, variables, door)).page.goto(`/${small.world.slug}/organise/badges`))?.status()
	).toBe(403);
});

test('works without JavaScript, and an outsider prints nothing', async ({ browser }) => {
	const { page } = await browserOf(browser, variables, small.world.people.registration, { javaScriptEnabled: false });
	await page.goto(`/${small.world.slug}/organise/badges`);
	await page.getByLabel('Paper').selectOption('a4-8');
	const sheet = await print(page, 'Print all 2 found');
	expect(sheet.pages).toBe(1);
	for (const name of [small.world.people.delegate.name, small.world.people.speaker.name])
		expect(sheet.text.replace(/\s+/g, ' ')).toContain(name);
	const outsider = (await browserOf(browser, variables, small.world.people.delegate)).page;
	await outsider.goto('/');
	const refused = await outsider.request.post(`/${small.world.slug}/organise/badges/print`, {
		form: { layout: 'a6', which: 'found' },
		headers: { origin: new URL(outsider.url()).origin }
	});
	expect(refused.status()).toBe(403);
});

test('shows the page on a phone in Arabic, and audits the same reason as in English', async ({ browser }) => {
	const { page } = await browserOf(browser, variables, small.world.people.registration, {
		viewport: { width: 390, height: 844 },
		colorScheme: 'dark'
	});
	await page.goto(`/ar/${small.world.slug}/organise/badges`);
	await expect(page.getByRole('heading', { level: 1, name: 'البطاقات', exact: true })).toBeVisible();
	const row = page.getByRole('row').filter({ hasText: small.world.people.delegate.name });
	await row.locator('summary').click();
	await row.locator('select').selectOption({ label: 'مفقودة' });
	expect(await faultsOfPage(page)).toEqual([]);
	await row.getByRole('button', { name: 'سحبها وإصدار بطاقة جديدة' }).click();
	await expect(page.getByRole('main').getByRole('status')).toBeVisible();
	const { rows } = await small.client.query<{ reason: string }>(
		`select distinct reason from audit.entries
		where table_name = 'public.badges' and actor_person = $1 and new_values ? 'revoked_reason'`,
		[small.world.people.registration.person]
	);
	expect(rows).toEqual([{ reason: 'Lost' }]);
});
