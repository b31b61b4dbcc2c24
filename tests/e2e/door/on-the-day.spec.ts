/* The overview of the day for organisers, as it changes. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { Doors } from '../../fixtures/door.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useStageBrowsers();

test('shows who is missing from a session until they join its stage, and what waits at the doors', async ({
	browser
}) => {
	const { people, slug } = stage.world;
	const page = await stage.open(browser, people.programme, `/${slug}/organise/today`);
	const alarm = page.getByRole('link', { name: /^Started without: .*Person speaker/ });
	await expect(alarm).toBeVisible();
	await expect(page.getByText('not seen yet').first()).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);

	// A scan appears automatically.
	await expect(page.getByText(/^0 came; 0 are in the building/)).toBeVisible();
	const doors = new Doors(stage.client, stage.world);
	await doors.open();
	const device = await doors.enrol(await doors.checkpoint('entrance'));
	await doors.scan(device, { badge: (await doors.badgeOf(stage.world.registrations.delegate)).id });
	await expect(page.getByText(/^1 came; 1 are in the building/)).toBeVisible({ timeout: 5000 });

	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(speaker.getByRole('heading', { level: 2, name: 'In the green room' })).toBeVisible();
	await expect(async () => {
		await page.reload();
		await expect(page.getByText('in the green room').first()).toBeVisible({ timeout: 2000 });
	}).toPass();
	await expect(page.getByRole('link', { name: /Person speaker/ })).toHaveCount(0);
});

test('shows organisers Arabic, at the doors too', async ({ browser }) => {
	const { people, slug } = stage.world;
	const doors = new Doors(stage.client, stage.world);
	await doors.open();
	const device = await doors.enrol(await doors.checkpoint('entrance'));
	await doors.scan(device, { badge: (await doors.badgeOf(stage.world.registrations.delegate)).id });
	const page = await stage.open(browser, people.registration, `/ar/${slug}/organise/today`);
	await expect(page.getByRole('heading', { name: 'اليوم', exact: true, level: 1 })).toBeVisible();
	await expect(page.getByRole('link', { name: /^بدأت دون: / })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.goto(`/ar/${slug}/organise/door`);
	await expect(page.getByRole('heading', { name: 'الباب', exact: true, level: 1 })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
});
