/*
 * What Egress would do, as far as it can be tested without one: the page that it opens draws the stage with its slides, and our route
 * serves what it writes. LiveKit Egress and the bucket are doubles; the media in the first test are real.
 */
import { createHash, randomBytes } from 'node:crypto';
import { EgressStatus } from '@livekit/protocol';
import type { Page } from '@playwright/test';
import { renderPdf } from '../../../src/lib/files/server/pdf.ts';
import { AccessToken } from 'livekit-server-sdk';
import { ALL_FORMATS, BufferSource, BufferTarget, Conversion, Input, MpegTsOutputFormat, Output } from 'mediabunny';
import { Bucket } from '../../fixtures/bucket.ts';
import { LiveKitDouble } from '../../fixtures/livekit-double.ts';
import { startSecondApp } from '../../fixtures/nodes.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const stage = useStageBrowsers();

/** Records a few seconds of moving video as a piece of HLS in this page; null where its Chromium writes no H.264. */
async function makePiece(page: Page): Promise<Buffer | null> {
	const recorded = await page.evaluate(async () => {
		const mimeType = 'video/mp4;codecs=avc1.42001f';
		if (!MediaRecorder.isTypeSupported(mimeType)) return null;
		const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
		const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
		const timer = setInterval(() => {
			pen.fillStyle = `hsl(${Date.now() % 360} 80% 50%)`;
			pen.fillRect(0, 0, 320, 180);
		}, 50);
		const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType });
		const parts: Blob[] = [];
		recorder.ondataavailable = ({ data }) => parts.push(data);
		const stopped = new Promise((done) => (recorder.onstop = done));
		recorder.start();
		await new Promise((done) => setTimeout(done, 5000));
		recorder.stop();
		await stopped;
		clearInterval(timer);
		return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
	});
	if (!recorded) return null;
	const target = new BufferTarget();
	const conversion = await Conversion.init({
		input: new Input({ formats: ALL_FORMATS, source: new BufferSource(new Uint8Array(recorded)) }),
		output: new Output({ format: new MpegTsOutputFormat(), target })
	});
	await conversion.execute();
	return target.buffer && Buffer.from(target.buffer);
}

/** The video has frames and plays. */
async function plays(page: Page): Promise<void> {
	const video = page.locator('video');
	await video.evaluate((element: HTMLVideoElement) => {
		element.muted = true;
		return element.play().catch(() => undefined);
	});
	await expect
		.poll(() => video.evaluate((element: HTMLVideoElement) => (element.videoWidth > 0 ? element.currentTime : 0)), {
			timeout: 40_000
		})
		.toBeGreaterThan(1);
}

/** Creates a poll of the session and shows it, as its chair. */
async function showPoll(): Promise<{ poll: string; options: string[] }> {
	const { run, sessions } = stage.world;
	await stage.act(stage.chair, `select public.create_poll($1, $2, 'single', $3, false, true, true)`, [
		sessions.public.id,
		'What comes first?',
		['Hotlines', 'Schools']
	]);
	const { rows } = await stage.client.query<{ poll: string; options: string[] }>(
		`select x.id as poll, array(select o.id::text from private.poll_options as o where o.poll_id = x.id order by o.position) as options
		from private.polls as x where x.session_id = $1`,
		[sessions.public.id]
	);
	const [made = { poll: '', options: [] }] = rows;
	await stage.act(stage.chair, `select public.show_poll($1, $2)`, [run, made.poll]);
	return made;
}

test('draws the speaker, and a slide or a poll large beside them @long', async ({ browser }) => {
	const { people, sessions, slug, run } = stage.world;
	const buffer = await renderPdf(`#set page(paper: "presentation-16-9", fill: rgb("#c00000"))\n= Red`, {
		lang: 'en',
		title: 'Slides'
	});
	const { rows } = await stage.client.query<{ id: string }>(
		`select id from public.session_people where session_id = $1 and person_id = $2`,
		[sessions.public.id, people.speaker.person]
	);
	const files = await stage.open(browser, people.speaker, `/${slug}/speak/${rows[0]?.id}/files`, {
		javaScriptEnabled: false
	});
	await files
		.getByLabel('File', { exact: true })
		.setInputFiles({ name: 'Red.pdf', mimeType: 'application/pdf', buffer });
	await files.getByRole('button', { name: 'Upload', exact: true }).click();
	await expect(files.getByText('The file is here.')).toBeVisible();

	const speaker = await stage.speak(browser, people.speaker);
	await stage.act(stage.chair, `select public.set_large_audience($1, true)`, [run]);
	const key = randomBytes(32).toString('base64url');
	const hash = createHash('sha256').update(key).digest();
	await stage.client.query(`update private.large_audiences set key_hash = $2 where run_id = $1`, [run, hash]);
	const page = await stage.open(browser, null, `/sign-in`);
	const words: string[] = [];
	page.on('console', (message) => words.push(message.text()));
	await page.goto(`/live/recorder/${key}?by=egress`);
	await expect.poll(() => words).toContain('START_RECORDING');
	const colourAt = (x: number, y: number) =>
		page.evaluate(
			([left, top]) => [
				...((document.querySelector('canvas') as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D)
					.getImageData(left, top, 1, 1)
					.data.slice(0, 3)
			],
			[x, y] as const
		);
	const isRed = async () => {
		const [red = 0, green = 255, blue = 255] = await colourAt(300, 500);
		return red > 150 && green < 60 && blue < 60;
	};
	// The fake camera is mostly green.
	await expect.poll(async () => (await colourAt(300, 400))[1]).toBeGreaterThan(100);
	expect(await isRed()).toBe(false);
	await speaker.getByRole('button', { name: 'Show: Red.pdf' }).click();
	// The slide is rendered to an image first.
	await expect.poll(isRed, { timeout: 30_000 }).toBe(true);
	await expect.poll(async () => (await colourAt(1100, 80))[1]).toBeGreaterThan(100);
	const drawn = await page.locator('img.source').getAttribute('src');
	expect((await page.request.get(drawn ?? '')).status()).toBe(200);
	// A poll in front of it, as on the stage: its full bar and its empty one.
	const { poll, options } = await showPoll();
	await stage.act(people.virtual, `select public.vote_in_poll($1, $2)`, [poll, [options[0]]]);
	const barOf = (index: number) =>
		page.evaluate((at) => {
			const box = document.querySelectorAll('.bar')[at]?.getBoundingClientRect();
			return box ? ([box.left + box.width * 0.9, box.top + box.height / 2] as const) : ([0, 0] as const);
		}, index);
	await expect.poll(async () => colourAt(...(await barOf(0)))).toEqual([243, 246, 249]);
	expect(await colourAt(...(await barOf(1)))).toEqual([16, 30, 45]);
	await expect.poll(async () => (await colourAt(1100, 80))[1]).toBeGreaterThan(100);
	await stage.act(stage.chair, `select public.show_poll($1, null)`, [run]);
	await expect.poll(isRed).toBe(true);
	await speaker.getByRole('button', { name: 'Stop showing slides' }).click();
	await expect.poll(isRed).toBe(false);
	expect((await page.request.get(drawn ?? '')).status()).toBe(404);
	// In a pause no video is drawn, and no audio is played.
	await stage.act(stage.chair, `select public.set_run_state($1, 'paused')`, [run]);
	await expect.poll(async () => (await colourAt(300, 400))[1]).toBeLessThan(40);
	await stage.act(stage.chair, `select public.set_large_audience($1, false)`, [run]);
});

test('serves a public run to a large audience by our route, until its level is raised @long', async ({ browser }) => {
	const [livekit, bucket] = await Promise.all([new LiveKitDouble().start(), new Bucket().start()]);
	const app = await startSecondApp(variables, {
		...bucket.environment,
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		LIVEKIT_INGRESS: '1',
		LIVEKIT_EGRESS: '1'
	});
	try {
		const path = `${app.origin}${stage.stagePath}`;
		const host = await stage.open(browser, stage.chair, path);
		await host.getByRole('button', { name: 'Send to a large audience' }).click();
		await expect(host.getByText('This session is sent as HLS too.')).toBeVisible();
		await expect.poll(() => livekit.egresses.length).toBe(1);
		const [egress] = livekit.egresses;
		expect(egress?.request.url).toContain(`${app.origin}/live/recorder/`);
		const json = JSON.stringify(egress?.request.toJson());
		const key = /"livePlaylistName":"([A-Z0-9]+)\/live\.m3u8"/.exec(json)?.[1] ?? '';
		const list =
			'#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:1\n#EXTINF:5.0,\npiece_00001.ts\n#EXT-X-ENDLIST\n';
		bucket.objects.set(`${key}/live.m3u8`, Buffer.from(list));
		const media = await makePiece(host);
		bucket.objects.set(`${key}/piece_00001.ts`, media ?? randomBytes(1880));
		if (egress) egress.info.status = EgressStatus.EGRESS_ACTIVE;

		const viewer = await stage.open(browser, null, path);
		await expect(async () => {
			await viewer.reload();
			await expect(viewer.getByRole('link', { name: 'Watch with a delay of about 20 seconds' })).toBeVisible({
				timeout: 1000
			});
		}).toPass();
		const [playlist, own, piece] = [/large\/live\.m3u8$/, /live\.m3u8\?pass=/, /piece_00001\.ts\?/].map((address) =>
			viewer.waitForResponse(address)
		);
		await viewer.getByRole('link', { name: 'Watch with a delay of about 20 seconds' }).click();
		const answers = await Promise.all([playlist, own, piece]);
		expect(answers.map((answer) => [answer?.status(), answer?.headers()['cache-control']])).toEqual([
			[200, 'no-store'],
			[200, 'no-store'],
			[200, 'public, max-age=60']
		]);
		await expect(viewer.getByText('Delayed by about 20 seconds')).toBeVisible();
		if (media) {
			await plays(viewer);
			// Each registered viewer counts as present by it.
			const { people, run, sessions } = stage.world;
			const delegate = await stage.open(browser, people.virtual, `${path}/large`);
			await plays(delegate);
			await expect
				.poll(async () => {
					const { rows } = await stage.client.query<{ person_id: string }>(
						`select person_id from public.presence where run_id = $1 and session_id = $2`,
						[run, sessions.public.id]
					);
					return rows.map(({ person_id }) => person_id);
				})
				.toEqual([people.virtual.person]);
			// Played by script, where the browser cannot play HLS itself.
			const other = await stage.open(browser, null, 'about:blank');
			await other.addInitScript(() => {
				HTMLMediaElement.prototype.canPlayType = () => '';
			});
			await stage.client.query(
				`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where id = $1`,
				[stage.world.sessions.public.id]
			);
			await other.goto(`${path}/large`);
			await expect(other.getByText('Abuse is described.')).toBeVisible();
			await expectWholePage(other);
			await expect(other.locator('video')).toHaveCount(0);
			await other.getByRole('button', { name: 'I have read this. Watch and listen' }).click();
			await plays(other);
		}

		// The session's warning is shown before the first piece, at every address.
		await stage.client.query(
			`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where id = $1`,
			[stage.world.sessions.public.id]
		);
		const warned = await stage.open(browser, null, `${path}/large`);
		const answer = async () => (await warned.request.get(`${path}/large/live.m3u8`)).status();
		await expect(warned.getByText('Abuse is described.')).toBeVisible();
		expect(await answer()).toBe(404);
		await warned.getByRole('button', { name: 'I have read this. Watch and listen' }).click();
		await expect(warned.locator('video')).toBeVisible();
		expect(await answer()).toBe(200);

		await stage.client.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
			stage.world.sessions.public.id
		]);
		for (const answer of answers)
			await expect.poll(async () => (await viewer.request.get(answer?.url() ?? '')).status()).toBe(404);
		await expect(viewer.locator('video')).toHaveCount(0, { timeout: 30_000 });
		await expect.poll(() => egress?.info.status).toBe(EgressStatus.EGRESS_ENDING);

		// The stage organisers' page shows an address for RTMP beside it.
		const desk = await stage.open(browser, stage.world.people.stage, `${path}/hall/encoder`);
		await desk.getByRole('button', { name: 'Make an RTMP address' }).click();
		await expect(desk.getByText('rtmp://ingress.example.org/live')).toBeVisible();
		await expect(desk.getByText(livekit.ingresses[0]?.streamKey ?? '-')).toBeVisible();
		await desk.getByRole('button', { name: 'Take the RTMP address back' }).click();
		await expect.poll(() => livekit.ingresses.length).toBe(0);
		livekit.isBroken = true;
		await desk.getByRole('button', { name: 'Make an RTMP address' }).click();
		await expect(desk.getByRole('alert')).toContainText('LiveKit Ingress made no address');
	} finally {
		// Else the next try would send this run as well.
		await stage.act(stage.chair, `select public.set_large_audience($1, false)`, [stage.world.run]);
		await app.stop();
		await Promise.all([livekit.stop(), bucket.stop()]);
	}
});

test('refuses forged egress webhooks, and ignores outdated ones', async ({ request }) => {
	const { run } = stage.world;
	const id = `EG_${randomBytes(8).toString('hex')}`;
	await stage.client.query(`insert into private.egresses (run_id, egress_id) values ($1, $2)`, [run, id]);
	const state = async () =>
		(await stage.client.query<{ state: string }>(`select state from private.egresses where egress_id = $1`, [id]))
			.rows[0]?.state;
	const sendWebhook = async (event: string, status: string, secret = variables.LIVEKIT_API_SECRET ?? '') => {
		const body = JSON.stringify({ event, egressInfo: { egressId: id, status }, createdAt: '1' });
		const token = new AccessToken(variables.LIVEKIT_API_KEY, secret, { ttl: 60 });
		token.sha256 = createHash('sha256').update(body).digest('base64');
		const headers = { 'content-type': 'application/webhook+json', authorization: await token.toJwt() };
		return (await request.post('/webhooks/livekit', { headers, data: body })).status();
	};
	expect([await sendWebhook('egress_ended', 'EGRESS_COMPLETE', 'x'.repeat(32)), await state()]).toEqual([401, 'asked']);
	expect([await sendWebhook('egress_started', 'EGRESS_ACTIVE'), await state()]).toEqual([204, 'active']);
	expect([await sendWebhook('egress_ended', 'EGRESS_FAILED'), await state()]).toEqual([204, 'failed']);
	expect([await sendWebhook('egress_started', 'EGRESS_ACTIVE'), await state()]).toEqual([204, 'failed']);
	expect(await sendWebhook('ingress_ended', 'EGRESS_COMPLETE')).toBe(204);
	await stage.client.query(`delete from private.egresses where egress_id = $1`, [id]);
});
