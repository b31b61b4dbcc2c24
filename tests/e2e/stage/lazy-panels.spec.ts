/* Parts of the stage page that only some people need load on demand, on a slow connection too, and retry after a failure. */
import type { Page } from '@playwright/test';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useStageBrowsers();

/** Routes the code that is requested from now on. */
const meet = (page: Page, how: 'abort' | number) =>
	page.route(/_app\/immutable\/.*\.(js|css)$/, async (route) => {
		if (how === 'abort') return route.abort();
		await new Promise((done) => setTimeout(done, how));
		await route.continue();
	});

test('has the switches of a called delegate ready on any connection', async ({ browser }) => {
	const { virtual } = stage.world.people;
	const host = await stage.open(browser, stage.chair, `${stage.stagePath}?panel=hands`);
	const caller = await stage.open(browser, virtual, `${stage.stagePath}?panel=hands`);
	await meet(caller, 1500);
	await caller.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(caller.getByRole('link', { name: 'Quick exit' })).toBeVisible();
	await caller.getByRole('button', { name: /Hand.*Down/ }).click();
	await expect(caller.getByRole('button', { name: /Hand.*number 1/ })).toBeVisible();
	// From now on all requests fail.
	await caller.unroute(/_app\/immutable\/.*\.(js|css)$/);
	await meet(caller, 'abort');
	await host.getByRole('listitem').filter({ hasText: virtual.name }).getByRole('button', { name: 'Call' }).click();
	await expect(caller.getByRole('button', { name: /^Microphone/ })).toBeVisible();
	await expect(caller.getByRole('button', { name: /^Camera/ })).toBeVisible();
});

test('reports a part that did not load, keeps the video, and loads it when the connection is back', async ({
	browser
}) => {
	const page = await stage.watch(browser, stage.world.people.virtual);
	await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
	await meet(page, 'abort');
	const tab = page.getByRole('navigation', { name: 'Beside the picture' }).getByRole('link', { name: 'Chat' });
	await tab.click();
	const panel = page.locator('#panel-chat');
	await expect(panel.getByRole('status')).toContainText('This part of the page has not loaded yet.');
	await expect(tab).toBeFocused();
	await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
	await page.unroute(/_app\/immutable\/.*\.(js|css)$/);
	await expect(panel.getByRole('textbox')).toBeVisible({ timeout: 20_000 });
	await expect(panel.getByText('This part of the page has not loaded yet.')).toHaveCount(0);
});
