/*
 * The interpreted sound of a recording with the real LiveKit: an interpreter agrees in the booth and is recorded, organisers
 * listen, viewers choose the language in step with the picture, and a voice that is withdrawn is taken out.
 */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { interpretInto, makeInterpreter } from '../../fixtures/interpreting.ts';
import { useRecordedStage } from '../../fixtures/recorded-stage.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const stage = useRecordedStage(420_000);

/** The loudest sample of a file, 0 to 1, without its first second. */
function loudest(page: Page, address: string): Promise<number> {
	return page.evaluate(async (path) => {
		const bytes = await (await fetch(path)).arrayBuffer();
		const audio = await new AudioContext().decodeAudioData(bytes);
		return audio
			.getChannelData(0)
			.slice(audio.sampleRate)
			.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
	}, address);
}

const play = (page: Page) => page.locator('video').evaluate((video: HTMLVideoElement) => void video.play());
const pause = (page: Page) => page.locator('video').evaluate((video: HTMLVideoElement) => video.pause());
const seek = (page: Page, seconds: number) =>
	page.locator('video').evaluate((video: HTMLVideoElement, to) => (video.currentTime = to), seconds);

/** Waits until the picture is at a position, in seconds. */
const reach = (page: Page, seconds: number) =>
	expect
		.poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime), { timeout: 30_000 })
		.toBeGreaterThan(seconds);

/** Waits until the page plays, or pauses, the picture and the sound beside it at the same position, or the picture alone. */
const expectState = (page: Page, wanted: 'both play' | 'both pause' | 'original plays') =>
	expect
		.poll(
			() =>
				page.evaluate(() => {
					const video = document.querySelector('video') as HTMLVideoElement;
					const sound = (window as unknown as { sounds: HTMLAudioElement[] }).sounds.at(-1);
					const apart = Math.abs((sound?.currentTime ?? 0) - video.currentTime);
					if (!video.muted) return !video.paused && (sound?.paused ?? true) ? 'original plays' : 'original';
					if (!sound || apart > 0.3) return `apart by ${apart}`;
					if (video.paused !== sound.paused) return video.paused ? 'sound plays' : 'picture plays';
					return video.paused ? 'both pause' : 'both play';
				}),
			{ timeout: 30_000 }
		)
		.toBe(wanted);

test('records an interpreter who agrees, in step with the picture, until the consent is withdrawn @long', async ({
	browser
}) => {
	const { world } = stage;
	const { slug, people } = world;
	await interpretInto(stage.client, world, 'fr');
	const anna = await makeInterpreter(stage.client, world, 'Anna Interpreter', 'fr');
	// Nothing is heard in the original: what is heard in French is the interpreter.
	const speaker = await stage.speakerOnStage(browser);
	await speaker.getByRole('button', { name: 'Microphone' }).click();
	const booth = await stage.open(browser, anna, `${stage.stagePath}/booth/fr`);
	await booth.getByRole('button', { name: 'Enter the booth' }).click();
	const own = booth.getByRole('region', { name: 'Recording of your voice' });
	await expect(own.getByText(/^This session is recorded\. Your voice is recorded only if you agree/)).toBeVisible();
	await own.getByRole('button', { name: 'Agree to be recorded' }).click();
	await expect(own.getByText(/^You agreed: your voice is recorded/)).toBeVisible();
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible({ timeout: 30_000 });
	expect(await faultsOfPage(booth)).toEqual([]);

	const host = await stage.open(browser, stage.chair, stage.stagePath);
	await host.getByRole('button', { name: 'Start recording' }).click();
	await expect(host.getByText('Being recorded.', { exact: true })).toBeVisible({ timeout: 30_000 });
	await expect(own.getByText('Your voice is being recorded.')).toBeVisible({ timeout: 20_000 });
	const pieces = async () =>
		(
			await stage.client.query<{ count: number }>(
				`select count(*)::int from private.recording_language_chunks as c
				join private.recordings as g on g.id = c.recording_id where g.run_id = $1`,
				[world.run]
			)
		).rows[0]?.count ?? 0;
	await expect.poll(pieces, { timeout: 90_000 }).toBeGreaterThan(4);
	await host.getByRole('button', { name: 'Stop recording' }).click();
	await expect.poll(() => stage.recordingState(), { timeout: 60_000 }).toBe('ready');
	const { id = '', length_ms } = (await stage.recording()) ?? {};

	const desk = await stage.open(browser, people.programme, `/${slug}/organise/recordings`);
	await desk.getByRole('link', { name: 'Languages', exact: true }).click();
	await expect(desk.getByRole('heading', { level: 1 })).toContainText('Languages of the recording of');
	await expect(desk.getByText('Complete.')).toBeVisible({ timeout: 60_000 });
	await expectWholePage(desk);
	await desk.getByRole('button', { name: 'Leave out: French' }).click();
	await expect(desk.getByText('Left out: viewers cannot choose it.')).toBeVisible();
	await desk.getByRole('button', { name: 'Put in again: French' }).click();
	await expect(desk.getByText('Left out: viewers cannot choose it.')).toHaveCount(0);
	await stage.act(people.programme, `select public.publish_recording($1, true)`, [id]);

	const path = `/${slug}/sessions/${world.sessions.public.code}/recordings/${id}`;
	const viewer = await stage.open(browser, null, `/${slug}`);
	await viewer.addInitScript(() => {
		const sounds: HTMLAudioElement[] = [];
		Object.assign(window, { sounds });
		window.Audio = class extends Audio {
			constructor(address?: string) {
				super(address);
				sounds.push(this);
			}
		};
	});
	await viewer.goto(path);
	expect(await loudest(viewer, `${path}/sound/fr`)).toBeGreaterThan(0.05);
	expect(await loudest(viewer, `${path}/file?format=webm`)).toBeLessThan(0.02);
	const choice = viewer.getByRole('group', { name: 'Sound' });
	const original = choice.getByRole('radio', { name: 'Original' });
	const french = choice.getByRole('radio', { name: 'français' });
	await expect(original).toBeChecked();
	await french.check();
	await play(viewer);
	await expectState(viewer, 'both play');
	await reach(viewer, 1);
	await expectState(viewer, 'both play');
	// After a jump, and after a pause.
	const middle = (length_ms ?? 0) / 2000;
	await seek(viewer, middle);
	await reach(viewer, middle + 0.5);
	await expectState(viewer, 'both play');
	await pause(viewer);
	await expectState(viewer, 'both pause');
	// The video's own volume and mute button act on the interpretation.
	const isSilent = () =>
		viewer.evaluate(() => (window as unknown as { sounds: HTMLAudioElement[] }).sounds.at(-1)?.muted);
	await viewer.locator('video').evaluate((video: HTMLVideoElement) => (video.volume = 0.4));
	await expect(viewer.getByRole('slider', { name: /^Volume of the interpretation/ })).toHaveAccessibleName(
		'Volume of the interpretation: 40%'
	);
	await viewer.locator('video').evaluate((video: HTMLVideoElement) => (video.muted = false));
	await expect.poll(isSilent).toBe(true);
	await viewer.locator('video').evaluate((video: HTMLVideoElement) => (video.muted = false));
	await expect.poll(isSilent).toBe(false);
	await expectState(viewer, 'both pause');
	expect(await faultsOfPage(viewer)).toEqual([]);
	await seek(viewer, 0);
	await expectState(viewer, 'both pause');
	await play(viewer);
	await reach(viewer, 0.5);
	await expectState(viewer, 'both play');
	// Once more from the beginning, after the end.
	await seek(viewer, (length_ms ?? 0) / 1000 - 1);
	const hasEnded = () => viewer.locator('video').evaluate((video: HTMLVideoElement) => video.ended);
	await expect.poll(hasEnded, { timeout: 30_000 }).toBe(true);
	await play(viewer);
	await reach(viewer, 0.5);
	await expectState(viewer, 'both play');
	await original.check();
	await expectState(viewer, 'original plays');

	// It is remembered, and the original is heard when the file cannot be played or does not come.
	await french.check();
	await viewer.reload();
	await expect(french).toBeChecked();
	await play(viewer);
	await reach(viewer, 0.5);
	await expectState(viewer, 'both play');
	const failed = viewer.getByText('The sound in French cannot be played at the moment. You hear the original.');
	await viewer.route('**/sound/fr', (route) => route.abort());
	await viewer.reload();
	await expect(failed).toBeVisible();
	await expect(original).toBeChecked();
	await play(viewer);
	await reach(viewer, 0.5);
	await expectState(viewer, 'original plays');
	await viewer.unroute('**/sound/fr');
	await viewer.route('**/sound/fr', () => undefined);
	await viewer.reload();
	await expect(french).toBeChecked();
	await play(viewer);
	await expectState(viewer, 'both pause');
	await expect(failed).toBeVisible({ timeout: 40_000 });
	await expect(original).toBeChecked();
	await expectState(viewer, 'original plays');
	await viewer.unroute('**/sound/fr');

	const session = await stage.open(browser, anna, `/${slug}/sessions/${world.sessions.public.code}`);
	await expect(session.getByRole('heading', { name: 'You agreed to be recorded as an interpreter' })).toBeVisible();
	await session.getByRole('button', { name: 'Take my consent back' }).click();
	await expect(session.getByRole('heading', { name: 'You agreed to be recorded as an interpreter' })).toHaveCount(0);
	// Nobody hears it from now on. An open page says so when it asks for it, and then offers it no more.
	await expect.poll(async () => (await viewer.request.head(`${path}/sound/fr`)).status()).toBe(404);
	await french.click();
	await expect(viewer.getByText('The interpretation into French is no longer offered.')).toBeVisible();
	await expect(french).toHaveCount(0);
	await expectState(viewer, 'original plays');
	await viewer.reload();
	await expect(choice).toHaveCount(0);
	await play(viewer);
	await reach(viewer, 0.5);
	await expectState(viewer, 'original plays');
});
