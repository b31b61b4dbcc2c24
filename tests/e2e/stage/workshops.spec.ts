/* A workshop: two delegates see one another, who is not registered is refused, and the organiser starts it, mutes, removes and ends it. */
import { makeInterpreter } from '../../fixtures/interpreting.ts';
import { browserOf, passOf } from '../../fixtures/livekit.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { audioLevelOf, expectPlaying } from '../../fixtures/watching.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();
test.describe.configure({ timeout: 240_000 });

const nameOf = async (who: TestPerson) =>
	(
		await stage.client.query<{ display_name: string }>(`select display_name from public.people where id = $1`, [
			who.person
		])
	).rows[0]?.display_name ?? '';

test('delegates take part with camera and microphone; the organiser starts, mutes, removes and ends', async ({
	browser
}) => {
	const { people, sessions, run } = stage.world;
	await stage.client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [run]);
	await stage.client.query(`update public.sessions set stage_format = 'meeting', is_recorded = false where id = $1`, [
		sessions.public.id
	]);
	const { rows } = await stage.client.query<{ id: string }>(
		`insert into public.runs (session_id, summit_id, room_id, level) values ($1, $2, $3, 'public') returning id`,
		[sessions.public.id, stage.world.summit, stage.world.room]
	);
	const workshop = `${stage.stagePath}/workshop/${rows[0]?.id ?? ''}`;
	const open = async (who: TestPerson | null, path = stage.stagePath) => {
		const { page } = await browserOf(browser, variables, who, { permissions: ['camera', 'microphone'] });
		await page.goto(path);
		return page;
	};

	// People who wait are taken there when it begins.
	const first = await open(people.delegate);
	await expect(first.getByText('This page opens the workshop when it begins.')).toBeVisible();
	expect((await passOf(first, `${workshop}/pass`)).code).toBe(404);

	const host = await open(people.stage);
	await host.waitForURL(`**${workshop}`);
	await host.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(host, await nameOf(people.stage), 30_000);
	await host.getByRole('button', { name: 'Start the workshop' }).click();
	await expect(host.getByRole('button', { name: 'Start the workshop' })).toBeHidden();

	await first.waitForURL(`**${workshop}`);
	await expectWholePage(first);
	await first.getByRole('button', { name: 'Enter the room' }).click();
	const second = await open(people.virtual);
	await second.waitForURL(`**${workshop}`);
	await second.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(first, await nameOf(people.virtual), 30_000);
	await expectPlaying(second, await nameOf(people.delegate), 30_000);
	expect(await audioLevelOf(second)).toBeGreaterThan(0.01);

	const stranger = await makePerson(stage.client, 'Without registration');
	for (const who of [stranger, null]) {
		const page = await open(who, workshop);
		await page.waitForURL(`**${stage.stagePath}`);
		await expect(page.getByRole('link', { name: who ? 'Register' : 'Sign in' }).first()).toBeVisible();
		expect((await passOf(page, `${workshop}/pass`)).code).toBe(404);
		await page.context().close();
	}

	await second.getByRole('link', { name: 'Chat' }).click();
	await second.getByLabel('Your message').fill('Canary message');
	await second.getByRole('button', { name: 'Send' }).click();
	await first.getByRole('link', { name: 'Chat' }).click();
	await expect(first.getByText('Canary message')).toBeVisible();

	const delegate = await nameOf(people.delegate);
	await host.getByRole('button', { name: `Mute ${delegate}` }).click();
	await expect(first.getByRole('button', { name: /Microphone/ })).toHaveAttribute('aria-pressed', 'false');
	await host.locator('summary', { hasText: delegate }).click();
	await host.getByRole('button', { name: `Remove from the workshop ${delegate}` }).click();
	await expect(first.getByText('A host removed you from this workshop.')).toBeVisible();
	expect((await passOf(first, `${workshop}/pass`)).code).toBe(403);
	await expectPlaying(second, await nameOf(people.stage), 20_000);
	await expectWholePage(host);

	await host.locator('summary', { hasText: 'End the workshop for all' }).click();
	await host.getByRole('button', { name: 'End for all now' }).click();
	await second.waitForURL(`**${stage.stagePath}`);
	await first.waitForURL(`**${stage.stagePath}`);
});

test('an interpreter works in a booth of a workshop; a delegate hears them, asks a question and votes', async ({
	browser
}) => {
	const { people, sessions, run, summit, room } = stage.world;
	await stage.client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [run]);
	await stage.client.query(
		`update public.sessions set stage_format = 'meeting', is_recorded = false, interpreted = '{fr}' where id = $1`,
		[sessions.public.id]
	);
	const anna = await makeInterpreter(stage.client, stage.world, 'Anna Interpreter', 'fr');
	const { rows } = await stage.client.query<{ id: string }>(
		`insert into public.runs (session_id, summit_id, room_id, level, state, started_at)
		values ($1, $2, $3, 'public', 'live', now()) returning id`,
		[sessions.public.id, summit, room]
	);
	const workshop = `${stage.stagePath}/workshop/${rows[0]?.id ?? ''}`;
	const open = async (who: TestPerson, path = workshop) => {
		const { page } = await browserOf(browser, variables, who, { permissions: ['camera', 'microphone'] });
		await page.goto(path);
		return page;
	};
	const enter = async (who: TestPerson) => {
		const page = await open(who);
		await page.getByRole('button', { name: 'Enter the room' }).click();
		await expectPlaying(page, await nameOf(who), 30_000);
		return page;
	};
	const host = await enter(people.stage);
	const guest = await enter(people.delegate);

	// The page of a booth of a stage leads to that of the workshop.
	const lost = await open(people.virtual, `${workshop}/booth/fr`);
	await expect(lost.getByText('There is no page at this address that you can see.')).toBeVisible();
	await lost.context().close();
	const entry = await open(anna, `${stage.stagePath}/booth/fr`);
	await entry.waitForURL(`**${workshop}/booth/fr`);
	await entry.goto(workshop);
	await entry.getByRole('link', { name: 'Booth: French' }).click();
	const booth = entry;
	await booth.getByRole('button', { name: 'Enter the booth' }).click();
	await expectPlaying(booth, await nameOf(people.stage), 30_000);
	await expect(booth.getByRole('listitem').filter({ hasText: anna.name })).toContainText('In the booth');
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	await expectWholePage(booth);
	await expect(host.getByRole('region', { name: 'Interpreters' })).toContainText(anna.name);
	await expect(host.getByRole('region', { name: /^In the room/ })).not.toContainText(anna.name);

	await guest.getByRole('button', { name: /^Language/ }).click();
	await guest.getByRole('radio', { name: /French/ }).check();
	const identity = (
		await stage.client.query<{ identity: string }>(
			`select identity from private.meeting_participants where person_id = $1 and is_staff`,
			[anna.person]
		)
	).rows[0]?.identity;
	const voice = guest.locator(`audio[data-identity="${identity ?? ''}"]`);
	await expect(voice).toHaveCount(1);
	expect(await audioLevelOf(guest, identity ?? '')).toBeGreaterThan(0.01);
	await expect(host.locator(`audio[data-identity="${identity ?? ''}"]`)).toHaveCount(0);
	await guest.keyboard.press('Escape');

	await guest.getByRole('link', { name: 'Questions' }).click();
	await guest.getByLabel('Your question').fill('Canary question?');
	await guest.getByRole('button', { name: 'Send the question' }).click();
	await host.getByRole('link', { name: /^Questions/ }).click();
	await expect(host.getByText('Canary question?')).toBeVisible();
	await expectWholePage(host);
	await host.getByRole('link', { name: 'Polls' }).click();
	await host.getByText('New poll').click();
	await host.getByLabel('Question', { exact: true }).fill('Canary poll?');
	await host.getByLabel('Answers, one in each line').fill('Yes\nNo');
	await host.getByRole('button', { name: 'Open now' }).click();
	await guest.getByRole('link', { name: 'Polls' }).click();
	await guest.getByRole('radio', { name: 'Yes' }).check();
	await guest.getByRole('button', { name: 'Vote' }).click();
	await expect(guest.getByText('You have voted.')).toBeVisible();
	await expect(host.getByRole('button', { name: 'Show to everyone' })).toHaveCount(0);

	await guest.getByRole('link', { name: 'Chat' }).click();
	await guest.getByLabel('Your message').fill('Canary message');
	await guest.getByRole('button', { name: 'Send' }).click();
	await host.getByRole('link', { name: 'Chat' }).click();
	await host.getByRole('button', { name: 'Report: Canary message' }).click();
	await expect(host.getByText('Reported to the safeguarding leads, and to nobody else.')).toBeVisible();
	await host.getByRole('button', { name: 'Mute in the chat: Canary message' }).click();
	await expect(guest.getByText('Those who run the session have asked you not to write any more.')).toBeVisible();
	await expectWholePage(host);

	await booth.getByRole('button', { name: 'Leave the microphone' }).click();
	await expect(voice).toHaveCount(0);
	await host.getByRole('link', { name: 'People' }).click();
	await host.locator('summary', { hasText: anna.name }).click();
	await host.getByRole('button', { name: `Remove from the workshop ${anna.name}` }).click();
	await expect(booth.getByText('A host removed you from this workshop.')).toBeVisible();
});
