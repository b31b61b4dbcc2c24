/* Ten seconds offline: those who send reconnect automatically, with the rights that the database then gives them. */
import type { Browser, Page } from '@playwright/test';
import { networkCutter, type CutNetwork } from '../../fixtures/cutting.ts';
import {
	callFunction,
	identityOf,
	interpretInto,
	makeInterpreter,
	playedAudioOf as levelOf
} from '../../fixtures/interpreting.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { goOnStage, expectPlaying, pictureOf } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();
test.describe.configure({ timeout: 240_000 });

async function open(browser: Browser, who: TestPerson | null, path: string): Promise<{ page: Page; cut: CutNetwork }> {
	const page = await stage.open(browser, who, 'about:blank');
	const cut = await networkCutter(page);
	await page.goto(path);
	return { page, cut };
}

/** The video plays again within a minute, in whichever element it then is. */
function advances(page: Page, name: string): Promise<void> {
	const step = async () => {
		const time = () =>
			pictureOf(page, name).evaluate(
				(video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0),
				null,
				{
					timeout: 1000
				}
			);
		const before = await time().catch(() => 0);
		await new Promise((done) => setTimeout(done, 400));
		return (await time().catch(() => 0)) - before;
	};
	return expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(0.1);
}

/** Cuts all of them off for ten seconds; `meanwhile` runs in between. */
async function without(cuts: CutNetwork[], meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> {
	const began = Date.now();
	const restores = await Promise.all(cuts.map((cut) => cut()));
	await meanwhile();
	await expect.poll(() => Date.now() - began, { timeout: 15_000 }).toBeGreaterThan(10_000);
	await Promise.all(restores.map((end) => end()));
}

test('resumes a speaker’s camera, silences a delegate who was sent back meanwhile, and hears one who still speaks @long', async ({
	browser
}) => {
	const { people, run } = stage.world;
	const speaker = await open(browser, people.speaker, stage.backstagePath);
	await goOnStage(speaker.page, people.speaker.name);
	const viewer = await stage.watch(browser, people.listed);
	await expectPlaying(viewer, people.speaker.name);
	const delegate = await open(browser, people.virtual, `${stage.stagePath}?panel=hands`);
	await delegate.page.getByRole('button', { name: 'Watch and listen' }).click();
	await stage.act(people.virtual, `select public.raise_hand($1)`, [run]);
	const { rows } = await stage.client.query<{ id: string }>(`select id from private.hands where run_id = $1`, [run]);
	await stage.act(stage.chair, `select public.call_hand($1)`, [rows[0]?.id]);
	await expect(
		delegate.page.getByText('You are called. When your microphone is on, everyone hears you.')
	).toBeVisible();
	const identity = await identityOf(stage.client, run, people.virtual);
	const level = async () => (await levelOf(viewer, identity))?.level ?? 0;
	await expect.poll(level, { timeout: 20_000 }).toBeGreaterThan(0.01);

	await without([speaker.cut, delegate.cut]);
	await advances(viewer, people.speaker.name);
	await expect.poll(level, { timeout: 60_000 }).toBeGreaterThan(0.01);
	await expect(speaker.page.getByText('Everyone who watches sees and hears what you send.')).toBeVisible();

	await without([delegate.cut], () => stage.act(stage.chair, `select public.end_turn($1)`, [rows[0]?.id]));
	await expect(delegate.page.getByText('You are called. When your microphone is on, everyone hears you.')).toHaveCount(
		0
	);
	await advances(delegate.page, people.speaker.name);
	expect(await levelOf(viewer, identity)).toBeNull();
	await advances(viewer, people.speaker.name);
});

test('hears an interpreter and the hall again, but not a hall whose code was revoked @long', async ({ browser }) => {
	const { people, run, summit } = stage.world;
	await interpretInto(stage.client, stage.world, 'fr');
	const anna = await makeInterpreter(stage.client, stage.world, 'Anna Interpreter', 'fr');
	const booth = await open(browser, anna, `${stage.stagePath}/booth/fr`);
	await booth.page.getByRole('button', { name: 'Enter the booth' }).click();
	await booth.page.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.page.getByText('You are on air: French')).toBeVisible();
	const { code } = await callFunction<{ code: string }>(
		stage.client,
		people.stage,
		'make_hall_code',
		summit,
		'plenary'
	);
	const hall = await open(browser, null, `${stage.stagePath}/hall`);
	await hall.page.getByLabel('Code of the hall').fill(code);
	await hall.page.getByRole('button', { name: 'Use this browser for the hall' }).click();
	await hall.page.getByRole('button', { name: 'Send from the hall' }).click();
	const viewer = await stage.watch(browser, people.virtual);
	await advances(viewer, 'Plenary Hall');
	await viewer.getByRole('button', { name: /^Language/ }).click();
	await viewer
		.getByRole('region', { name: 'Language' })
		.getByRole('radio', { name: /French/ })
		.check();
	await viewer.keyboard.press('Escape');
	const identity = await identityOf(stage.client, run, anna);
	const level = async () => (await levelOf(viewer, identity))?.level ?? 0;
	await expect.poll(level, { timeout: 20_000 }).toBeGreaterThan(0.01);

	await without([booth.cut, hall.cut]);
	await expect(booth.page.getByText('You are on air: French')).toBeVisible({ timeout: 30_000 });
	await advances(viewer, 'Plenary Hall');
	await expect.poll(level, { timeout: 60_000 }).toBeGreaterThan(0.01);

	await without([hall.cut], () => callFunction(stage.client, people.stage, 'revoke_hall_codes', summit, 'plenary'));
	await expect(pictureOf(viewer, 'Plenary Hall')).toHaveCount(0);
	// It notices independently of LiveKit's own retries.
	await expect(hall.page.getByLabel('Code of the hall')).toBeVisible({ timeout: 45_000 });
	await expect(hall.page.getByText('The connection was lost')).toHaveCount(0);
	await expect(pictureOf(viewer, 'Plenary Hall')).toHaveCount(0);
});
