/* An owner closes a Summit step by step, archives it and takes both back; a delegate is told, and no page names one. */
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const small = useWorld(({ client, world }) =>
	client.query(`update public.summits set starts_on = current_date - 5, ends_on = current_date - 4 where id = $1`, [
		world.summit
	])
);

test('closes, refuses a delegate by name, archives without names, and opens again', async ({ browser }) => {
	test.slow();
	const { client, world } = small;
	const { slug, people, sessions } = world;
	const page = await openPage(browser, people.owner);
	await page.goto(`/${slug}/organise`);
	await page.getByRole('link', { name: 'Close the Summit step by step' }).click();
	await expect(page.getByRole('heading', { name: 'Closing the Summit', level: 1 })).toBeVisible();
	const close = page.getByRole('button', { name: 'Close the Summit' });
	await expect(page.getByRole('region', { name: 'Has to be done first' })).toContainText(sessions.public.code);
	const ticks = page.getByRole('checkbox', { name: /^May stay open/ });
	await expect(async () => {
		for (const tick of await ticks.all()) await tick.check();
		await close.click();
		await expect(page.getByText('The Summit is not closed. First: Sessions with an open stage.').first()).toBeVisible();
	}).toPass();
	await client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
	await page.reload();
	await expectWholePage(page);
	await expect(async () => {
		await close.click();
		await expect(page.getByText(/^The Summit is not closed\. Tick what may stay open: /).first()).toBeVisible();
	}).toPass();
	for (const tick of await ticks.all()) await tick.check();
	await close.click();
	await expect(page.getByText('The Summit is closed.').first()).toBeVisible();

	const delegate = await openPage(browser, people.delegate);
	await delegate.goto(`/${slug}/me/withdraw`);
	await expect(delegate.getByText('This Summit is over.').first()).toBeVisible();
	const refused = await delegate.request.post(`/${slug}/sessions/${sessions.public.code}?/mark`, {
		form: { marked: 'yes' },
		headers: { origin: new URL(delegate.url()).origin, accept: 'application/json', 'x-sveltekit-action': 'true' }
	});
	expect(await refused.text()).toContain('The Summit is closed: this cannot be changed any more');

	await expect(async () => {
		await page.getByRole('button', { name: 'Archive the Summit' }).click();
		await expect(page.getByText('The Summit is archived.').first()).toBeVisible();
	}).toPass();
	const visitor = await openPage(browser, null);
	const named = Object.values(people).filter(({ name }) => name !== people.speaker.name);
	const paths = [
		...['', '/agenda', '/agenda.ics', '/schedule.json', '/schedule.xml', '/speakers', '/pages', '/talk', '/privacy'],
		...[
			'/archived',
			'/recordings',
			'/impact',
			'/impact.json',
			'/embed/agenda',
			'/accessibility',
			`/sessions/${sessions.public.code}`
		],
		...[`/sessions/${sessions.members.code}`, '/me', '/delegation', '/live/plenary', '/speak', '/rooms/plenary']
	].map((path) => `/${slug}${path}`);
	for (const [who, reader] of [
		['a visitor', visitor],
		['the delegate', delegate]
	] as const)
		for (const path of [...paths, '/sitemap.xml', '/community', '/community/commitments']) {
			const answer = await reader.request.get(path);
			const words = await answer.text();
			// The reader's own name is in the menu of a signed-in page.
			const found = named.filter(
				({ name }) => words.includes(name) && (who === 'a visitor' || name !== people.delegate.name)
			);
			expect([who, path, answer.status() < 500, found]).toEqual([who, path, true, []]);
		}
	await delegate.goto(`/${slug}/me`);
	await expect(delegate.getByRole('heading', { name: 'This Summit is archived', level: 1 })).toBeVisible();
	await expectWholePage(delegate);
	await expect(delegate.getByRole('link', { name: 'Your payments' })).toBeVisible();
	await delegate.getByRole('link', { name: 'Your certificates of this Summit' }).click();
	await expect(delegate).toHaveURL(/\/me\/certificate$/);

	await expect(async () => {
		await page.getByRole('button', { name: 'Take the Summit out of the archive' }).click();
		await expect(page.getByText('The Summit is closed.').first()).toBeVisible();
	}).toPass();
	await page.getByRole('button', { name: 'Open the Summit again' }).click();
	await expect(page.getByText('The Summit is open again.').first()).toBeVisible();
});

test('prepares the thanks in every language as a draft', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.owner, { javaScriptEnabled: false });
	await page.goto(`/${slug}/organise/closing`);
	await page.getByRole('button', { name: 'Prepare thanks to participants' }).click();
	await expect(page).toHaveURL(/\/organise\/mail\/group\/[0-9a-f-]{36}/);
	await expect(page.getByText('Thank you for taking part in').first()).toBeVisible();
});
