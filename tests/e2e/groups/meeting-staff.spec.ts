/* The staff of a meeting of a closed group, from outside it: a captioner writes and a member reads, an interpreter speaks and a
   member hears, and nothing else of it is theirs. */
import type { Browser, Page } from '@playwright/test';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { audioLevelOf, expectPlaying } from '../../fixtures/watching.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

let chair: TestPerson;
let member: TestPerson;
let staff: TestPerson;
let reference: string;
let meeting: string;
const small = useWorld(async ({ client }) => {
	const organiser = await makeCommunityOrganiser(client);
	[chair, member, staff] = [
		await makePerson(client, 'Chair Person'),
		await makePerson(client, 'Member Person'),
		await makePerson(client, 'Staff Person')
	];
	const group = await createGroup(client, organiser, 'closed');
	await putInGroup(client, chair, group, 'chair');
	await putInGroup(client, member, group, 'member');
	const code = await readValue<string>(
		client,
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Closed canary"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning code`,
		[group]
	);
	reference = await readValue<string>(client, `select code from public.people where id = $1`, [staff.person]);
	meeting = `/community/groups/${group}/meetings/${code}`;
});

test.describe.configure({ timeout: 180_000 });

async function open(browser: Browser, who: TestPerson, path: string) {
	const { page } = await browserOf(browser, variables, who, { permissions: ['camera', 'microphone'] });
	const answer = await page.goto(path);
	return { page, status: answer?.status() };
}

async function nameStaff(host: Page, part: 'Captioner' | 'Interpreter', code: string) {
	await host.getByText('Name somebody').click();
	await host.getByRole('radio', { name: part }).check();
	await host.getByLabel('Language code').fill('fr');
	await host.getByLabel('Personal code').fill(code.toLowerCase());
	await host.getByRole('button', { name: 'Name', exact: true }).click();
	await expect(host.getByRole('region', { name: 'Interpreters and captioners' })).toContainText(staff.name);
}

test('a captioner writes, and a member reads what they write', async ({ browser }) => {
	const { page: host } = await open(browser, chair, meeting);
	await nameStaff(host, 'Captioner', reference);
	await host.getByRole('button', { name: 'Open the room' }).click();
	await host.waitForURL('**/room');
	await host.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(host, chair.name);

	const { page: desk } = await open(browser, staff, '/community/groups');
	await expect(desk.getByText(`Your personal code is ${reference}.`)).toBeVisible();
	await expect(desk.getByRole('link', { name: 'Closed canary' })).toHaveCount(0);
	expect((await open(browser, staff, `${meeting}/room/captions/fr`)).status).toBe(404);
	await desk.getByRole('button', { name: /^Accept: Closed canary/ }).click();
	await expect(desk.getByText('You have accepted the work.')).toBeVisible();
	await desk.getByRole('link', { name: 'Closed canary' }).click();
	await expect(desk.getByRole('heading', { name: 'Write captions: French' })).toBeVisible();
	await expectWholePage(desk);
	await desk.getByRole('button', { name: 'Hear and see the room' }).click();
	await expectPlaying(desk, chair.name);
	expect(await audioLevelOf(desk)).toBeGreaterThan(0.01);
	await expect(host.getByRole('region', { name: 'Interpreters and captioners' })).toContainText(staff.name);
	await expect(host.getByRole('region', { name: /^In the room/ })).not.toContainText(staff.name);

	const { page: guest } = await open(browser, member, `${meeting}/room`);
	await guest.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(guest, chair.name);
	await guest.getByRole('button', { name: /Captions/ }).click();
	await desk.getByLabel('New line').fill('Bonjour à toutes et à tous.');
	await desk.getByLabel('New line').press('Enter');
	const shown = guest.getByRole('group', { name: 'Captions' });
	await expect(shown).toContainText('Bonjour à toutes et à tous.');
	await desk.getByLabel('Line 1').fill('Bonjour à tous.');
	await desk.getByLabel('Line 1').press('Enter');
	await expect(shown).toContainText('Bonjour à tous.');
	await guest.getByRole('link', { name: 'Captions' }).click();
	await expect(guest.getByRole('region', { name: 'The last ten minutes' })).toContainText('Bonjour à tous.');
	await desk.getByLabel('Line 1').fill('');
	await desk.getByLabel('Line 1').press('Enter');
	await expect(shown).not.toContainText('Bonjour');

	for (const path of [meeting, `${meeting}/room`, `${meeting}/room/captions/es`])
		expect((await open(browser, staff, path)).status).toBe(404);
	expect((await open(browser, small.world.people.delegate, `${meeting}/room/captions/fr`)).status).toBe(404);

	// Who is removed learns that their part has ended.
	const { page: second } = await open(browser, chair, meeting);
	await second.getByRole('button', { name: `Remove: ${staff.name}` }).click();
	await expect(second.getByText('Nobody is named yet.')).toBeVisible();
	await expect(desk.getByText('Your part in this meeting has ended.', { exact: true })).toBeVisible();
	await expectPlaying(guest, chair.name, 20_000);
});

test('an interpreter speaks, and a member who chose the language hears them @long', async ({ browser }) => {
	const { page: host } = await open(browser, chair, meeting);
	await nameStaff(host, 'Interpreter', reference);
	await host.getByRole('button', { name: 'Open the room' }).click();
	await host.waitForURL('**/room');
	await host.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(host, chair.name);

	const { page: booth } = await open(browser, staff, '/community/groups');
	await booth.getByRole('button', { name: /^Accept: Closed canary/ }).click();
	await booth.getByRole('link', { name: 'Closed canary' }).click();
	await expect(booth.getByRole('heading', { name: 'Booth: French' })).toBeVisible();
	await expectWholePage(booth);
	await booth.getByRole('button', { name: 'Enter the booth' }).click();
	await expectPlaying(booth, chair.name);
	expect(await audioLevelOf(booth)).toBeGreaterThan(0.01);

	// Before anybody is on air the member hears the original.
	const { page: guest } = await open(browser, member, `${meeting}/room`);
	await guest.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(guest, chair.name);
	await guest.getByRole('button', { name: /^Language/ }).click();
	await guest.getByRole('radio', { name: /French/ }).check();
	await expect(guest.getByText('Nobody interprets into French at the moment.')).toBeVisible();

	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	const identity = await readValue<string>(
		small.client,
		`select p.identity from private.meeting_participants as p where p.on_air = 'fr' and p.person_id = $1`,
		[staff.person]
	);
	const voice = guest.locator(`audio[data-identity="${identity}"]`);
	await expect(voice).toHaveCount(1);
	expect(await audioLevelOf(guest, identity)).toBeGreaterThan(0.01);
	await expect(guest.getByText('Nobody interprets into French at the moment.')).toBeHidden();
	// Others hear the original alone, and see the interpreter apart from the people.
	await expect(host.locator(`audio[data-identity="${identity}"]`)).toHaveCount(0);
	await expect(host.getByRole('region', { name: /^In the room/ })).not.toContainText(staff.name);

	await host.getByText('Start breakout rooms').click();
	await host.getByRole('button', { name: 'Start now' }).click();
	await expect(
		guest.getByText('There is no interpretation and there are no captions in breakout rooms.')
	).toBeVisible();
	await host.getByRole('button', { name: 'Bring everyone back' }).click();
	await expect(voice).toHaveCount(1, { timeout: 20_000 });

	await booth.getByRole('button', { name: 'Leave the microphone' }).click();
	await expect(voice).toHaveCount(0);
	await expect(guest.getByText('Nobody interprets into French at the moment.')).toBeVisible();
	await host.locator('summary', { hasText: 'Close the room for all' }).click();
	await host.getByRole('button', { name: 'Close for all now' }).click();
	await expect(booth.getByText('The room is not open.')).toBeVisible();
});
