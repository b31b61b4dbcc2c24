/* A workshop: two delegates see one another, who is not registered is refused, and the organiser starts it, mutes, removes and ends it. */
import { browserOf, passOf } from '../../fixtures/livekit.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { audioLevelOf, expectPlaying } from '../../fixtures/watching.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();
test.describe.configure({ timeout: 150_000 });

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
	await expectPlaying(host, await nameOf(people.stage));
	await host.getByRole('button', { name: 'Start the workshop' }).click();
	await expect(host.getByRole('button', { name: 'Start the workshop' })).toBeHidden();

	await first.waitForURL(`**${workshop}`);
	await expectWholePage(first);
	await first.getByRole('button', { name: 'Enter the room' }).click();
	const second = await open(people.virtual);
	await second.waitForURL(`**${workshop}`);
	await second.getByRole('button', { name: 'Enter the room' }).click();
	await expectPlaying(first, await nameOf(people.virtual), 20_000);
	await expectPlaying(second, await nameOf(people.delegate), 20_000);
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
	await host.getByRole('button', { name: `Remove from the meeting ${delegate}` }).click();
	await expect(first.getByText('A host removed you from this workshop.')).toBeVisible();
	expect((await passOf(first, `${workshop}/pass`)).code).toBe(403);
	await expectPlaying(second, await nameOf(people.stage), 20_000);
	await expectWholePage(host);

	await host.locator('summary', { hasText: 'End the workshop for all' }).click();
	await host.getByRole('button', { name: 'End for all now' }).click();
	await second.waitForURL(`**${stage.stagePath}`);
	await first.waitForURL(`**${stage.stagePath}`);
});
