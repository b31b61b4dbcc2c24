/* A session from the countdown to its end, as its hosts lead it and everyone sees it. */
import type { Page } from '@playwright/test';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf, audioLevelOf } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

/** Presses a host's action for one person, behind "More". */
async function more(host: Page, name: string, act: string): Promise<void> {
	const entry = host.getByRole('listitem').filter({ hasText: name, has: host.locator('summary') });
	const isOpen = await entry.locator('details').evaluate((details: HTMLDetailsElement) => details.open);
	if (!isOpen) await entry.locator('summary').click();
	await entry.getByRole('button', { name: act }).click();
}

test('shows a countdown to everyone, plays nobody before its end, and then goes live automatically', async ({
	browser
}) => {
	const { people, run } = stage.world;
	await stage.act(people.stage, `select public.set_run_state($1, 'ended')`, [run]);
	const [opened] = await stage.act(people.stage, `select public.open_run($1) ->> 'run' as run`, [
		stage.world.sessions.public.id
	]);
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await speaker.getByRole('button', { name: 'Go on stage' }).click();
	await expect(speaker.getByText('Nobody sees or hears you before the session begins.')).toBeVisible();
	const viewer = await stage.open(browser, people.virtual);
	await viewer.getByRole('button', { name: 'Come in and wait' }).click();
	const visitor = await stage.open(browser, null);
	const host = await stage.open(browser, stage.chair);

	await host.getByRole('button', { name: '30 seconds' }).click();
	for (const page of [viewer, visitor, speaker]) await expect(page.getByRole('timer')).toContainText('0:2');
	await host.getByRole('button', { name: 'Stop the clock' }).click();
	await expect(viewer.getByRole('timer')).toHaveCount(0);
	await expect(viewer.getByText('It starts automatically when the chair begins.')).toBeVisible();

	await stage.act(stage.chair, `select public.set_countdown($1, 8)`, [opened?.['run']]);
	await expect(viewer.getByRole('timer')).toBeVisible();
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	await expect(pictureOf(viewer, people.speaker.name)).toBeVisible({ timeout: 40_000 });
	await expectPlaying(viewer, people.speaker.name);
	await expect(speaker.getByText('Everyone who watches sees and hears what you send.')).toBeVisible();
});

test('shows everyone the person whom a host makes large', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const host = await stage.speak(browser, stage.chair);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	const equal = viewer.locator('.equal').getByRole('listitem');
	await host.getByRole('button', { name: 'Everyone equal' }).click();
	await expect(equal).toHaveCount(2);
	await expectPlaying(viewer, people.speaker.name);
	await more(host, people.speaker.name, 'Show large');
	await expect(viewer.locator('.tile.large').getByLabel(`Picture of ${people.speaker.name}`)).toBeVisible();
	await more(host, people.speaker.name, 'Stop showing large');
	await expect(equal).toHaveCount(2);
	// Two people are equal in this layout too.
	await host.getByRole('button', { name: 'Who speaks, large' }).click();
	await expect(equal).toHaveCount(2);
});

test('lets a host mute a microphone, also after a rejoin, and unmute it', async ({ browser }) => {
	const { people } = stage.world;
	const speaker = await stage.speak(browser, people.speaker);
	const host = await stage.open(browser, stage.chair);
	const viewer = await stage.watch(browser, people.virtual);
	await expect.poll(() => audioLevelOf(viewer)).toBeGreaterThan(0.01);
	await host.getByRole('button', { name: `Mute: ${people.speaker.name}` }).click();
	await expect(speaker.getByText('A host has switched your microphone off.').first()).toBeVisible();
	await expect.poll(() => audioLevelOf(viewer)).toBeLessThan(0.01);
	await expectPlaying(viewer, people.speaker.name);
	// Rejoining with a new token brings no audio either.
	await speaker.reload();
	await speaker.getByRole('button', { name: 'Take your place on stage' }).click();
	await expectPlaying(viewer, people.speaker.name);
	expect(await audioLevelOf(viewer)).toBeLessThan(0.01);
	await host.getByRole('button', { name: `Give the microphone back: ${people.speaker.name}` }).click();
	await expect.poll(() => audioLevelOf(viewer)).toBeGreaterThan(0.01);
});

test('lets a speaker who was made host go on after the chair has left', async ({ browser }) => {
	const { people } = stage.world;
	const host = await stage.open(browser, stage.chair);
	const speaker = await stage.open(browser, people.speaker);
	await expect(speaker.getByRole('heading', { name: 'Run the session' })).toHaveCount(0);
	await more(host, people.speaker.name, 'Make host');
	await host.close();
	await expect(speaker.getByRole('heading', { name: 'Run the session' })).toBeVisible();
	await speaker.getByRole('button', { name: 'Pause' }).click();
	const viewer = await stage.open(browser, people.virtual);
	await expect(viewer.getByText('The session is paused.')).toBeVisible();
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await speaker.getByText('End the session').click();
	await speaker.getByRole('button', { name: 'Yes, end it for everyone' }).click();
	await expect(viewer.getByText('Nothing is on in this room at the moment')).toBeVisible();
});
