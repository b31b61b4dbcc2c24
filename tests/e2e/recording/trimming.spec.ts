/* An organiser cuts off the beginning and the end of a real recording, with and without script, and undoes it. */
import type { Page } from '@playwright/test';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { useRecordedStage } from '../../fixtures/recorded-stage.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const stage = useRecordedStage(240_000);

/** The first key frame of the file at or after a position, in milliseconds. */
async function keyFrameAfter(page: Page, milliseconds: number): Promise<number> {
	const address = await page.locator('video source').first().getAttribute('src');
	const bytes = await (await page.request.get(address ?? '')).body();
	const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
	const track = await input.getPrimaryVideoTrack();
	let found = Infinity;
	if (track)
		for await (const { type, timestamp } of new EncodedPacketSink(track).packets())
			if (type === 'key' && timestamp * 1000 >= milliseconds) found = Math.min(found, timestamp * 1000);
	input.dispose();
	return found;
}

/** The length of the film that the page plays, in milliseconds. */
const playedLength = (page: Page) =>
	page.evaluate(async () => {
		const video = document.querySelector('video') as HTMLVideoElement;
		if (video.readyState < 1)
			await new Promise((done) => video.addEventListener('loadedmetadata', done, { once: true }));
		return video.duration * 1000;
	});

test('trims a recording, shows before what is cut, and undoes it @long', async ({ browser }) => {
	// Long enough for several key frames, also where the recorder gets few of its pictures in time.
	const length = await stage.record(browser, 20_000);
	expect(length).toBeGreaterThan(17_000);
	const desk = await stage.open(browser, stage.world.people.programme, `/${stage.world.slug}/organise/recordings`);
	await desk.getByRole('link', { name: 'Trim', exact: true }).click();
	await expect(desk.getByRole('heading', { level: 1 })).toContainText('Trim the recording of');
	await desk.getByLabel('Begin at', { exact: true }).fill('soon');
	await desk.getByRole('button', { name: 'Show what is cut' }).click();
	await expect(desk.getByText('Enter a position in the recording, such as 0:45 or 1:02:05.')).toBeVisible();
	await desk.getByLabel('Begin at', { exact: true }).fill('0:01');
	await desk.evaluate(() => ((document.querySelector('video') as HTMLVideoElement).currentTime = 16));
	await desk.getByRole('button', { name: 'End at this frame' }).click();
	await expect(desk.getByLabel('End at', { exact: true })).toHaveValue('0:16');
	await desk.getByRole('button', { name: 'Show what is cut' }).click();
	const cut = desk.getByRole('region', { name: 'What is cut' });
	await expect(cut.getByText('The beginning, up to 0:01.')).toBeVisible();
	await expect(cut.getByText('The end, from 0:16.')).toBeVisible();
	await expect(cut.getByText('About 0:15 is left.')).toBeVisible();
	await expectWholePage(desk);
	const begins = await keyFrameAfter(desk, 1000);
	await cut.getByRole('button', { name: 'Trim recording' }).click();
	await expect(desk.getByText(/^Trimmed: .* The whole recording is kept until it is published\.$/)).toBeVisible({
		timeout: 60_000
	});
	const left = (await stage.recording())?.length_ms ?? 0;
	// A busy recorder may have drawn nothing in the last second; cutting.test.ts compares each packet.
	expect(Math.abs(begins + left - 16_000)).toBeLessThan(1500);
	expect(Math.abs((await playedLength(desk)) - left)).toBeLessThan(200);
	await expectWholePage(desk);

	await desk.getByRole('button', { name: 'Undo trim' }).click();
	await expect(desk.getByRole('button', { name: 'Show what is cut' })).toBeVisible();
	expect((await stage.recording())?.length_ms).toBe(length);
	await expect.poll(() => playedLength(desk)).toBeGreaterThan(length - 300);

	// Without script the same forms do it.
	const plain = await stage.open(
		browser,
		stage.world.people.programme,
		`${new URL(desk.url()).pathname}?from=&until=0%3A08`,
		{ javaScriptEnabled: false }
	);
	await plain.getByRole('button', { name: 'Trim recording' }).click();
	await expect(plain.getByRole('button', { name: 'Undo trim' })).toBeVisible();
	await expect.poll(async () => (await stage.recording())?.length_ms, { timeout: 60_000 }).toBeLessThan(8200);
	await plain.goto(`/${stage.world.slug}/organise/recordings`);
	// What is deleted is said first.
	await plain.locator('summary', { hasText: 'Publish' }).click();
	await expect(
		plain.getByText(/^Publishing permanently deletes what was cut off: 0:00 at the beginning/)
	).toBeVisible();
	await plain.getByRole('button', { name: 'Publish and delete the rest' }).click();
	await expect(plain.getByText('Published. Everybody who may enter the session can watch it now.')).toBeVisible();
});
