/* A side event from the request of a member, without JavaScript, to the agenda. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 120_000 });

const small = useWorld();

test('is asked for by a member, changed after a question, accepted, and listed with its organiser', async ({
	browser
}) => {
	const { client, world } = small;
	const { people, slug, summit } = world;
	const member = await openPage(browser, people.focal, { javaScriptEnabled: false });
	await member.goto(`/${slug}/delegation`);
	await member.getByRole('link', { name: 'Side events' }).click();
	await expect(member.getByText('No side event yet')).toBeVisible();
	await member.getByRole('button', { name: 'Send request' }).click();
	await expect(member.getByRole('link', { name: 'Choose at least one language.' })).toBeVisible();
	await member.getByLabel('Title').fill('Hotlines across borders');
	await member.getByLabel('Purpose').fill('How hotlines hand over a report.');
	await member.getByLabel('Wished day and time').fill('The first day at noon');
	await member.getByLabel('Expected number of people').fill('60');
	await member.getByRole('checkbox', { name: 'English' }).check();
	await member.getByLabel('Contact').fill('Ines Aramburu, ines@example.org');
	await member.getByRole('button', { name: 'Send request' }).click();
	await expect(member.getByText('Your request is sent.')).toBeVisible();
	const own = member.getByRole('article', { name: 'Hotlines across borders' });
	await expect(own).toContainText('Waiting for a decision');

	const organiser = await openPage(browser, people.programme);
	await organiser.goto(`/${slug}/organise/proposals`);
	await organiser.getByRole('link', { name: 'Side events' }).click();
	await organiser.getByRole('link', { name: 'Decide: Hotlines across borders' }).click();
	expect(await faultsOfPage(organiser)).toEqual([]);
	await organiser.getByLabel('Reason, or what to change').fill('A smaller group, please.');
	await organiser.getByRole('button', { name: 'Send answer' }).click();
	await expect(organiser.getByText('The focal point is told by mail.')).toBeVisible();

	await member.reload();
	await expect(own).toContainText('A smaller group, please.');
	await own.getByRole('link', { name: 'Change the request' }).click();
	await member.getByLabel('Expected number of people').fill('30');
	await member.getByRole('button', { name: 'Send request' }).click();
	await expect(own).toContainText('30');

	await organiser.goto(`/${slug}/organise/proposals/side-events`);
	await organiser.getByRole('link', { name: 'Decide: Hotlines across borders' }).click();
	const { rows } = await client.query<{ day: string }>(
		`select (s.starts_on + 1)::text as day from public.summits as s where s.id = $1`,
		[summit]
	);
	await organiser.getByLabel('Day').fill(rows[0]?.day ?? '');
	await organiser.getByLabel('Begins').fill('07:00');
	await organiser.getByRole('group', { name: 'Rooms' }).getByRole('checkbox').first().check();
	await organiser.getByRole('button', { name: 'Accept with this time and room' }).click();
	await expect(organiser.getByText('The focal point is told by mail.')).toBeVisible();
	const event = organiser.getByRole('article', { name: 'Hotlines across borders' });
	await expect(event).toContainText('Accepted');
	await actAs(client, people.programme, 'select public.publish_release($1)', [summit]);

	await member.reload();
	await expect(own).toContainText('Accepted');
	const delegate = await openPage(browser, people.delegate);
	await delegate.goto(`/${slug}/agenda?format=side-event`);
	await expect(delegate.getByText('of the format “Side event”')).toBeVisible();
	await delegate.getByRole('link', { name: /^1 session on/ }).click();
	await expect(delegate.getByRole('listitem').filter({ hasText: 'Hotlines across borders' })).toContainText(
		'Organised by Quiet Harbour'
	);
	await delegate.getByRole('link', { name: 'Hotlines across borders' }).first().click();
	await expect(delegate.getByText('Organised by Quiet Harbour')).toBeVisible();
	expect(await faultsOfPage(delegate)).toEqual([]);
});

test('is for focal points and programme organisers alone', async ({ browser }) => {
	const { people, slug } = small.world;
	for (const [who, path, status] of [
		[people.delegate, 'delegation/side-events', 404],
		[people.registration, 'organise/proposals/side-events', 403],
		[people.focal, 'organise/proposals/side-events', 403]
	] as const) {
		const page = await openPage(browser, who);
		expect([path, (await page.goto(`/${slug}/${path}`))?.status()]).toEqual([path, status]);
	}
});
