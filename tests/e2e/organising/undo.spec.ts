/* Undoing an act: at the foot of the window, or at the top of the page without JavaScript; only while nothing has changed. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { undoing } from '../../fixtures/undoing.ts';

const small = useWorld();

/** The page of a page that readers do not see. */
async function openDraft(page: Page): Promise<string> {
	const id = await undoing(small.client, small.world).make('page_deleted');
	await page.goto(`/${small.world.slug}/organise/pages/${id}`);
	return id;
}

async function deletePage(page: Page): Promise<void> {
	await page.getByText('Delete page', { exact: true }).first().click();
	await page.getByRole('button', { name: 'Delete page', exact: true }).click();
	await expect(page).toHaveURL(/\/organise\/pages$/);
}

const toast = (page: Page) => page.getByRole('status').filter({ hasText: /Page deleted|ndone|no longer be undone/ });
const undo = (page: Page) => toast(page).getByRole('button', { name: 'Undo: Page deleted: Name' });

for (const javaScriptEnabled of [true, false])
	test(`brings a deleted page back, once${javaScriptEnabled ? '' : ', without JavaScript'}`, async ({ browser }) => {
		const page = await openPage(browser, small.world.people.programme, { javaScriptEnabled });
		await openDraft(page);
		await deletePage(page);
		await expect(toast(page)).toContainText(/Page deleted: Name\s+You can undo this until \d\d:\d\d\./);
		await expect(page.getByRole('link', { name: 'Name', exact: true })).toHaveCount(0);
		const position = await toast(page).evaluate((element) => getComputedStyle(element).position);
		expect(position).toBe(javaScriptEnabled ? 'fixed' : 'static');
		if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
		const other = await page.context().newPage();
		await other.goto(`/${small.world.slug}/organise/undo`);
		await undo(page).click();
		await expect(toast(page)).toHaveText(/Undone\. Everything is as it was before\./);
		await expect(page.getByRole('link', { name: 'Name', exact: true })).toBeVisible();
		// Another window still shows the act.
		await other
			.getByRole('main')
			.getByRole('button', { name: /^Undo: Page deleted/ })
			.click();
		await expect(toast(other)).toContainText('This can no longer be undone');
		await expect(other.getByText('Nothing to undo')).toBeVisible();
	});

test('refuses what has changed since, and says that nothing was changed back', async ({ browser }) => {
	const page = await openPage(browser, small.world.people.programme);
	await openDraft(page);
	await deletePage(page);
	await undoing(small.client, small.world).make('page_deleted');
	await undo(page).click();
	await expect(toast(page)).toContainText('Not undone: it has changed since. Nothing was changed back.');
});

test('stays until it is closed, or until ten seconds after the focus has left it', async ({ browser }) => {
	const page = await openPage(browser, small.world.people.programme);
	await page.clock.install();
	await openDraft(page);
	await deletePage(page);
	await page.clock.fastForward(60_000);
	await expect(undo(page)).toBeVisible();
	await undo(page).focus();
	await page.clock.fastForward(60_000);
	await expect(undo(page)).toBeVisible();
	await page.getByRole('heading', { level: 1 }).click();
	await page.clock.fastForward(9_000);
	await expect(undo(page)).toBeVisible();
	await page.clock.fastForward(1_500);
	await expect(undo(page)).toHaveCount(0);
	// Closed, it is not shown again; the list of what can be undone has it.
	await page.reload();
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(undo(page)).toHaveCount(0);
	await page.goto(`/${small.world.slug}/organise/undo`);
	await expect(page.getByRole('main').getByRole('button', { name: /^Undo: Page deleted/ })).toBeVisible();
	await openDraft(page);
	await deletePage(page);
	await undo(page).focus();
	await page.keyboard.press('Escape');
	await expect(undo(page)).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false])
	test(`takes a bulk decision back; its success closes by itself${javaScriptEnabled ? '' : ', or without JavaScript stays'}`, async ({
		browser
	}) => {
		await small.client.query(
			`insert into private.proposals (summit_id, owner_id, title, state)
			select $1, person_id, '{"original":"en","en":"Proposal"}', 'submitted' from public.registrations where summit_id = $1 order by id limit 2`,
			[small.world.summit]
		);
		const page = await openPage(browser, small.world.people.programme, { javaScriptEnabled });
		if (javaScriptEnabled) await page.clock.install();
		await page.goto(`/${small.world.slug}/organise/proposals`);
		for (const tick of await page.getByRole('checkbox', { name: /^Choose/ }).all()) await tick.check();
		await page.getByRole('button', { name: 'Decline', exact: true }).click();
		const success = page.getByRole('main').getByRole('status').filter({ hasText: '2 decided.' });
		await expect(success).toBeVisible();
		await expect(page.getByRole('cell', { name: /^Declined, not notified yet/ })).toHaveCount(2);
		const position = await success.evaluate((element) => getComputedStyle(element).position);
		expect(position).toBe(javaScriptEnabled ? 'fixed' : 'static');
		if (javaScriptEnabled) {
			expect(await faultsOfPage(page)).toEqual([]);
			await page.clock.fastForward(11_000);
			await expect(success).toHaveCount(0);
		}
		await page.getByRole('button', { name: 'Undo: Proposals decided' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'Undone. Everything is as it was before.' })).toBeVisible();
		await expect(page.getByRole('cell', { name: 'To decide' })).toHaveCount(2);
	});
