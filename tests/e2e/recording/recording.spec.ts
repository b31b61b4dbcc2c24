/* The server's own browser records a run, and another browser plays the result: moving video, audio, seeking. */
import type { Page } from '@playwright/test';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { findFfmpeg } from '../../../src/lib/recording/server/ffmpeg.ts';
import { setOnStage } from '../../fixtures/recording.ts';
import { useRecordedStage } from '../../fixtures/recorded-stage.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs } from '../../fixtures/world.ts';

const stage = useRecordedStage(300_000);

/** Measures playback: seconds advanced, brightness spread of the video, loudness of the audio, and whether seeking works. */
function play(page: Page) {
	return page.evaluate(async () => {
		const video = document.querySelector('video') as HTMLVideoElement;
		const until = (event: string) => new Promise((done) => video.addEventListener(event, done, { once: true }));
		if (video.readyState < 1) await until('loadedmetadata');
		const length = video.duration;
		video.currentTime = length / 2;
		await until('seeked');
		const at = video.currentTime;
		const context = new AudioContext();
		const analyser = context.createAnalyser();
		context.createMediaElementSource(video).connect(analyser);
		await video.play();
		const samples = new Float32Array(analyser.fftSize);
		let loudest = 0;
		for (const end = Date.now() + 3000; Date.now() < end;) {
			analyser.getFloatTimeDomainData(samples);
			loudest = Math.max(loudest, ...samples.map(Math.abs));
			await new Promise((done) => setTimeout(done, 20));
		}
		const canvas = new OffscreenCanvas(64, 36);
		const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
		pen.drawImage(video, 0, 0, 64, 36);
		const shades = new Set(pen.getImageData(0, 0, 64, 36).data.filter((_, index) => index % 4 === 1));
		return { length, seeked: at, moved: video.currentTime - at, loudest, shades: shades.size };
	});
}

test('records for a host, notifies everyone, and plays the result where it is allowed', async ({ browser }) => {
	const host = await stage.open(browser, stage.chair, stage.stagePath);
	const visitor = await stage.open(browser, null, stage.stagePath);
	await expect(host.getByText('Not recorded.', { exact: true })).toBeVisible();
	await stage.speakerOnStage(browser);
	await host.getByRole('button', { name: 'Start recording' }).click();
	await expect(host.getByText('Being recorded.', { exact: true })).toBeVisible({ timeout: 30_000 });
	await expect(visitor.getByRole('status').filter({ hasText: 'This session is being recorded.' })).toBeVisible();
	const began = Date.now();
	await expect.poll(() => Date.now() - began, { timeout: 20_000 }).toBeGreaterThan(8000);
	await host.getByRole('button', { name: 'Stop recording' }).click();
	await expect(host.getByText('Not recorded.', { exact: true })).toBeVisible();
	await expect(visitor.getByText('This session is being recorded.')).toHaveCount(0);
	await expect.poll(() => stage.recordingState(), { timeout: 60_000 }).toBe('ready');
	const { id = '', length_ms } = (await stage.recording()) ?? {};
	// A busy machine begins a few seconds late.
	expect(length_ms).toBeGreaterThan(5000);
	const { rows: lasted } = await stage.client.query<{ ms: number }>(
		`select (extract(epoch from stopped_at - started_at) * 1000)::int as ms from private.recordings where id = $1`,
		[id]
	);
	expect(length_ms).toBeLessThan((lasted[0]?.ms ?? 0) + 100);

	// A draft is hidden from the audience.
	const path = `/${stage.world.slug}/sessions/${stage.world.sessions.public.code}/recordings/${id}`;
	expect((await visitor.goto(path))?.status()).toBe(404);
	expect((await visitor.request.get(`${path}/file`)).status()).toBe(404);
	await stage.act(stage.world.people.programme, `select public.publish_recording($1, true)`, [id]);
	await visitor.goto(`/${stage.world.slug}/sessions/${stage.world.sessions.public.code}`);
	await visitor.getByRole('link', { name: 'All recordings of this Summit' }).click();
	await expect(visitor.getByRole('heading', { level: 1, name: 'Recordings' })).toBeVisible();
	await visitor.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link').click();
	await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Recording:');
	const played = await play(visitor);
	expect(Math.abs(played.length * 1000 - (length_ms ?? 0))).toBeLessThan(500);
	expect(Math.abs(played.seeked - played.length / 2)).toBeLessThan(1);
	expect(played.moved).toBeGreaterThan(1.5);
	expect(played.loudest).toBeGreaterThan(0.01);
	expect(played.shades).toBeGreaterThan(8);
	await expect(visitor.getByRole('link', { name: /Beginning|Person speaker/ }).first()).toBeVisible();
	const part = await visitor.request.get(`${path}/file`, { headers: { range: 'bytes=0-99' } });
	expect([part.status(), (await part.body()).length]).toEqual([206, 100]);
	expect(part.headers()).toMatchObject({ 'content-type': 'video/webm' });
	expect((await visitor.request.get(`${path}/file?format=avi`)).status()).toBe(404);
	if (findFfmpeg()) await watchCopy(visitor, path, length_ms ?? 0);
	else expect((await visitor.request.get(`${path}/file?format=mp4`)).status()).toBe(404);

	// Withdrawn, it is hidden at once at every known address.
	await stage.client.query(
		`update public.session_people set consent_publish = false where session_id = $1 and person_id = $2`,
		[stage.world.sessions.public.id, stage.world.people.speaker.person]
	);
	for (const file of ['file', 'file?format=webm', 'file?format=mp4'])
		expect((await visitor.request.get(`${path}/${file}`, { headers: { range: 'bytes=0-99' } })).status()).toBe(404);
	expect((await visitor.goto(path))?.status()).toBe(404);
});

/** Tests the MP4 copy: beside the WebM on the page, served whole and in ranges like it, and played where the WebM is not. */
async function watchCopy(page: Page, path: string, length: number): Promise<void> {
	const address = `${path}/file?format=mp4`;
	// It is made at the lowest priority: a busy machine takes minutes.
	await expect.poll(async () => (await page.request.head(address)).status(), { timeout: 180_000 }).toBe(200);
	const whole = await page.request.get(address);
	expect(whole.headers()).toMatchObject({ 'content-type': 'video/mp4', 'accept-ranges': 'bytes' });
	expect(whole.headers()['content-disposition']).toContain(`${stage.world.sessions.public.code}.mp4`);
	const bytes = await whole.body();
	const part = await page.request.get(address, { headers: { range: 'bytes=4-7' } });
	expect([part.status(), await part.text()]).toEqual([206, 'ftyp']);

	const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
	const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
	expect([video?.codec, audio?.codec]).toEqual(['avc', 'aac']);
	expect(Math.abs((await input.computeDuration()) * 1000 - length)).toBeLessThan(1000);
	input.dispose();

	await page.goto(path);
	const sources = page.locator('video source');
	await expect(sources).toHaveCount(2);
	expect(await sources.evaluateAll((all) => all.map((one) => (one as HTMLSourceElement).src))).toEqual([
		expect.stringContaining('/file?format=webm'),
		expect.stringContaining('/file?format=mp4')
	]);
	await expect(page.getByRole('link', { name: 'Download as MP4' })).toBeVisible();
	// A browser that cannot load the first source takes the second, where it plays MP4.
	await page.route('**/file?format=webm', (route) => route.abort());
	await page.reload();
	const plays = await page.evaluate(() =>
		document.createElement('video').canPlayType('video/mp4; codecs="avc1.64001f"')
	);
	if (plays) {
		await expect.poll(() => page.evaluate(() => document.querySelector('video')?.currentSrc)).toContain('format=mp4');
		const played = await play(page);
		expect([played.moved > 1.5, played.loudest > 0.01, played.shades > 8]).toEqual([true, true, true]);
	}
	await page.unroute('**/file?format=webm');
}

/** At moments of a file, in milliseconds, the shares of the main area that are stage colour, and text and bar colour. */
function measure(page: Page, moments: number[]) {
	return page.evaluate(async (all) => {
		const video = document.querySelector('video') as HTMLVideoElement;
		const until = (event: string) => new Promise((done) => video.addEventListener(event, done, { once: true }));
		if (video.readyState < 1) await until('loadedmetadata');
		const pen = new OffscreenCanvas(984, 676).getContext('2d') as OffscreenCanvasRenderingContext2D;
		const seen = [];
		for (const moment of all) {
			video.currentTime = moment / 1000;
			await until('seeked');
			pen.drawImage(video, 0, 0, 984, 676, 0, 0, 984, 676);
			const { data } = pen.getImageData(0, 0, 984, 676);
			let [ink, light] = [0, 0];
			for (let at = 0; at < data.length; at += 4) {
				const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
				if (Math.max(red, green, blue) < 60) ink += 1;
				if (Math.min(red, green, blue) > 190) light += 1;
			}
			seen.push({ ink: ink / (984 * 676), light: light / (984 * 676) });
		}
		return seen;
	}, moments);
}

test('draws a poll into the recording while it is shown, with its result, and removes it after @long', async ({
	browser
}) => {
	await stage.speakerOnStage(browser);
	await stage.act(stage.chair, `select public.start_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 30_000 }).toBe('running');
	const passes = async (milliseconds: number) => {
		const began = Date.now();
		await expect.poll(() => Date.now() - began, { timeout: milliseconds + 10_000 }).toBeGreaterThan(milliseconds);
	};
	// The recording's time, counted from its first part.
	const now = async () =>
		(
			await stage.client.query<{ at: number }>(
				`select (extract(epoch from clock_timestamp() - min(p.started_at)) * 1000)::int as at
				from private.recording_parts as p join private.recordings as g on g.id = p.recording_id where g.run_id = $1`,
				[stage.world.run]
			)
		).rows[0]?.at ?? 0;
	await passes(7000);
	const before = await now();
	await actAs(
		stage.client,
		stage.chair,
		`select public.create_poll($1, 'What comes first?', 'single', '{Hotlines,Schools}', false, true, true)`,
		[stage.world.sessions.public.id]
	);
	const { rows } = await stage.client.query<{ poll: string; first: string }>(
		`select o.poll_id as poll, o.id as first from private.poll_options as o join private.polls as x on x.id = o.poll_id where x.session_id = $1 and o.position = 1`,
		[stage.world.sessions.public.id]
	);
	await stage.act(stage.chair, `select public.show_poll($1, $2)`, [stage.world.run, rows[0]?.poll]);
	await passes(7000);
	const shown = await now();
	await stage.act(stage.world.people.virtual, `select public.vote_in_poll($1, $2)`, [rows[0]?.poll, [rows[0]?.first]]);
	// A busy recorder draws few pictures in a second, and gets the new numbers after the poll itself.
	await passes(12_000);
	const voted = await now();
	await stage.act(stage.chair, `select public.show_poll($1, null)`, [stage.world.run]);
	await passes(5000);
	const after = await now();
	await stage.act(stage.chair, `select public.stop_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 60_000 }).toBe('ready');
	const { id = '' } = (await stage.recording()) ?? {};
	await stage.act(stage.world.people.programme, `select public.publish_recording($1, true)`, [id]);
	const viewer = await stage.open(
		browser,
		null,
		`/${stage.world.slug}/sessions/${stage.world.sessions.public.code}/recordings/${id}`
	);
	const seen = await measure(
		viewer,
		[before, shown, voted, after].map((at) => at - 700)
	);
	const hasPoll = seen.map(({ ink }) => ink > 0.7);
	expect([hasPoll, seen]).toEqual([[false, true, true, false], seen]);
	// The text is there at once; a vote fills a bar.
	const [, asked, counted] = seen;
	expect(asked?.light).toBeGreaterThan(0.002);
	expect(counted?.light).toBeGreaterThan((asked?.light ?? 1) + 0.005);
});

test('opens the recorder’s page to its key alone, and shows and takes nothing when nothing is due', async ({
	browser
}) => {
	const page = await stage.open(browser, stage.chair, `/${stage.world.slug}/live`);
	const key = 'a'.repeat(43);
	expect((await page.request.get(`/live/recorder/${key}`)).status()).toBe(404);
	for (const [method, path] of [
		['GET', 'view'],
		['POST', 'pass'],
		['PUT', 'parts/1/1']
	] as const)
		expect(
			(await page.request.fetch(`/live/recorder/${key}/${path}`, { method, data: Buffer.from('x') })).status()
		).toBe(404);
	expect(await (await page.request.post(`/live/recorder/${key}/parts`)).json()).toEqual({ part: null });
	// Those on stage decide: an absent participant who refused does not prevent recording. When they come on stage it is paused before
	// anything is heard, and everyone sees that.
	await stage.client.query(
		`update public.session_people set consent_record = false where session_id = $1 and person_id = $2`,
		[stage.world.sessions.public.id, stage.world.people.speaker.person]
	);
	await page.goto(stage.stagePath);
	await page.getByRole('button', { name: 'Start recording' }).click();
	await expect(
		page.getByText('The recorder is joining.').or(page.getByText('Being recorded.', { exact: true }))
	).toBeVisible();
	await setOnStage(stage.client, stage.chair, stage.world.run, stage.world.people.speaker);
	await expect(page.getByText('Recording is paused. Nothing is recorded at the moment.')).toBeVisible();
	await expect(page.getByText('Paused: somebody on stage has not agreed to be recorded.')).toBeVisible();
});
