/* The day at a glance, as organisers see it while it goes on. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { useStageBrowsers } from '../fixtures/stage-browsers.ts';

const stage = useStageBrowsers();

test('shows who is missing from a session until they come to its stage, and what waits at the doors', async ({
	browser
}) => {
	const { people, slug } = stage.world;
	const page = await stage.open(browser, people.programme, `/${slug}/organise/today`);
	const alarm = page.getByRole('link', { name: /^Begun without: .*Person speaker/ });
	await expect(alarm).toBeVisible();
	await expect(page.getByText('not seen yet').first()).toBeVisible();
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations).toEqual([]);
	await page.screenshot({ path: 'test-results/today.png', fullPage: true });

	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(speaker.getByRole('heading', { name: 'In the green room' })).toBeVisible();
	await expect(async () => {
		await page.reload();
		await expect(page.getByText('in the green room').first()).toBeVisible({ timeout: 2000 });
	}).toPass();
	await expect(page.getByRole('link', { name: /Person speaker/ })).toHaveCount(0);
});
