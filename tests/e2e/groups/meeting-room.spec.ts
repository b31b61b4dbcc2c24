/* The live room of a closed group's meeting: two people see and hear one another, a third waits, and others find nothing. */
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf, passOf } from '../../fixtures/livekit.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { audioLevelOf, expectPlaying } from '../../fixtures/watching.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

let chair: TestPerson;
let member: TestPerson;
let alternate: TestPerson;
let meeting: string;
const small = useWorld(async ({ client }) => {
	const organiser = await makeCommunityOrganiser(client);
	[chair, member, alternate] = [
		await makePerson(client, 'Chair Person'),
		await makePerson(client, 'Member Person'),
		await makePerson(client, 'Alternate Person')
	];
	const group = await createGroup(client, organiser, 'closed');
	await putInGroup(client, chair, group, 'chair');
	await putInGroup(client, member, group, 'member');
	await putInGroup(client, alternate, group, 'alternate');
	const code = await readValue<string>(
		client,
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Closed canary"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning code`,
		[group]
	);
	meeting = `/community/groups/${group}/meetings/${code}`;
});

test.describe.configure({ timeout: 120_000 });

test('people of the group meet, also apart; the room locks, puts out and closes', async ({ browser }) => {
	const open = async (who: TestPerson, path: string) => {
		const { page } = await browserOf(browser, variables, who, { permissions: ['camera', 'microphone'] });
		const answer = await page.goto(path);
		return { page, status: answer?.status() };
	};
	const { page: host } = await open(chair, meeting);
	await host.getByRole('button', { name: 'Open the room' }).click();
	await host.waitForURL('**/room');
	await host.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(host, chair.name);

	const { page: guest } = await open(member, `${meeting}/room`);
	await guest.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(guest, chair.name);
	await expectPlaying(host, member.name);
	expect(await audioLevelOf(guest)).toBeGreaterThan(0.01);

	// Equal tiles, or one large with the others beside it; a shared screen is the large one in both.
	await expect(host.locator('.large')).toHaveCount(0);
	await host.getByRole('button', { name: /^View/ }).click();
	await expect(host.locator('.large video')).toHaveCount(1);
	await host.getByRole('button', { name: /^View/ }).click();
	await expect(host.locator('.large')).toHaveCount(0);
	await guest.getByRole('button', { name: 'Share screen' }).click();
	const screen = host.locator('.large').getByLabel(`Screen of ${member.name}`);
	// A busy machine takes a while to encode the first picture of a screen.
	const width = () => screen.evaluate((video: HTMLVideoElement) => video.videoWidth);
	await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(0);
	await guest.getByRole('button', { name: 'Stop sharing' }).click();
	await expect(screen).toHaveCount(0);

	await guest.getByRole('button', { name: /Hand/ }).click();
	await expect(host.getByRole('heading', { name: 'Raised hands' })).toBeVisible();
	await guest.getByRole('link', { name: 'Chat' }).click();
	await guest.getByLabel('Your message').fill('Canary message');
	await guest.getByRole('button', { name: 'Send' }).click();
	await host.getByRole('link', { name: 'Chat' }).click();
	await expect(host.getByText('Canary message')).toBeVisible();
	await host.getByRole('link', { name: /People/ }).click();
	await host.getByRole('button', { name: `Mute ${member.name}` }).click();
	await expect(guest.getByRole('button', { name: /Microphone/ })).toHaveAttribute('aria-pressed', 'false');

	await host.getByText('Start breakout rooms').click();
	await host.getByRole('button', { name: 'Start now' }).click();
	await expect(guest.getByText('Breakout room 1')).toBeVisible();
	await host.getByRole('button', { name: 'Bring everyone back' }).click();
	await expect(guest.getByText('Breakout room 1')).toBeHidden();
	await expectPlaying(host, member.name, 20_000);

	await host.getByRole('button', { name: 'Lock the room' }).click();
	await expect(host.getByRole('button', { name: 'Unlock the room' })).toBeVisible();
	const { page: late } = await open(alternate, `${meeting}/room`);
	await late.getByRole('button', { name: 'Enter the room' }).click();
	await expect(late.getByText('The room is locked.')).toBeVisible();
	await host.getByRole('button', { name: `Let in ${alternate.name}` }).click();
	await expectPlaying(late, member.name);

	// The others go on in a room with another name, which the removed person does not learn.
	await host.locator('summary', { hasText: member.name }).click();
	await host.getByRole('button', { name: `Remove from the meeting ${member.name}` }).click();
	await expect(guest.getByText('A host removed you from this meeting.')).toBeVisible();
	expect((await passOf(guest, `${meeting}/room/pass`)).code).toBe(403);
	await expectPlaying(late, chair.name, 20_000);

	const { page: outsider, status } = await open(small.world.people.delegate, `${meeting}/room`);
	expect(status).toBe(404);
	expect((await passOf(outsider, `${meeting}/room/pass`)).code).toBe(404);

	// What somebody was typing is kept.
	await late.getByRole('link', { name: 'Chat' }).click();
	await late.getByLabel('Your message').fill('Unsent canary');
	await host.locator('summary', { hasText: 'Close the room for all' }).click();
	await host.getByRole('button', { name: 'Close for all now' }).click();
	await expect(late.getByText('The room is not open.')).toBeVisible();
	await expect(late.getByLabel('Your message')).toHaveValue('Unsent canary');
	await expect(late.getByText('This message has not been sent.')).toBeVisible();
	await late.goto(meeting);
	await expect(late.getByRole('listitem').filter({ hasText: member.name })).toContainText('Was present');
});

test('who finds 50 cameras on is told so and heard, and gets the next free place', async ({ browser }) => {
	const code = meeting.split('/').at(-1);
	await small.client.query(
		`with opened as (
			insert into private.meeting_rooms (meeting_id) select id from private.meetings where code = $1 returning id
		), people as (
			insert into public.people (display_name) select 'Camera ' || n from generate_series(1, 50) as n returning id
		)
		insert into private.meeting_participants (room_id, person_id, camera_at, sid)
		select opened.id, people.id, now(), 'SID-' || people.id from opened, people`,
		[code]
	);
	const { page } = await browserOf(browser, variables, member, { permissions: ['camera', 'microphone'] });
	await page.goto(`${meeting}/room`);
	await page.getByRole('button', { name: 'Enter the room' }).click();
	await expect(page.getByText('50 cameras are on')).toBeVisible();
	await expect(page.getByRole('button', { name: /Microphone/ })).toHaveAttribute('aria-pressed', 'true');
	await expect(page.getByRole('button', { name: /Camera/ })).toHaveAttribute('aria-pressed', 'false');
	await small.client.query(
		`update private.meeting_participants as p set camera_at = null
		from private.meetings as m where m.code = $1 and p.room_id = m.id and p.person_id <> $2`,
		[code, member.person]
	);
	await page.getByRole('button', { name: /Camera/ }).click();
	await expectPlaying(page, member.name, 20_000);
	await expect(page.getByText('50 cameras are on')).toBeHidden();
});
