/* The data use of each quality level, how fast video is back after LiveKit died, and how many viewers one core of LiveKit serves. */
import type { Browser, Page } from 'playwright';
import { bareClient, browserOf, livekitProcess, passOf } from '../fixtures/livekit.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { chooseQuality } from '../fixtures/watching.ts';
import { makeWorld, type World } from '../fixtures/world.ts';
import { ms, percentile, print } from './report.ts';
import { ownerOf } from './summit.ts';
import { processorTime } from './processes.ts';

const LEVELS = ['High picture', 'Medium picture', 'Slides and sound', 'Sound only'];
const SECONDS = 15;
const DEATHS = 3;

interface Stage {
	browser: Browser;
	world: World;
	address: string;
	speaker: Page;
}

/** A run with one speaker on stage, who sends camera and microphone, and a screen on request. */
async function onStage(stack: TestSummit, sharing: boolean, work: (stage: Stage) => Promise<void>): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	await client.end();
	const browser = await launchMedia();
	try {
		const address = `${stack.origin}/${world.slug}/live/plenary`;
		const speaker = (await browserOf(browser, stack.variables, world.people.speaker)).page;
		await speaker.goto(`${address}/backstage/${world.sessions.public.code}`);
		await speaker.getByRole('button', { name: 'Enter the green room' }).click();
		await speaker.getByRole('button', { name: 'Go on stage' }).click();
		await speaker.getByLabel(`Picture of ${world.people.speaker.name}`).waitFor();
		if (sharing) await speaker.getByRole('button', { name: 'Share screen' }).click();
		await work({ browser, world, address, speaker });
	} finally {
		await browser.close();
	}
}

/** A viewer whose page stores its media connections. */
async function watching(stack: TestSummit, { browser, world, address }: Stage): Promise<Page> {
	const { page } = await browserOf(browser, stack.variables, world.people.virtual);
	await page.addInitScript(() => {
		const connections: RTCPeerConnection[] = [];
		Object.assign(window, { connections });
		window.RTCPeerConnection = class extends RTCPeerConnection {
			constructor(configuration?: RTCConfiguration) {
				super(configuration);
				connections.push(this);
			}
		};
	});
	await page.goto(address);
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await page.getByLabel(`Picture of ${world.people.speaker.name}`).waitFor();
	return page;
}

/** Bytes in both directions within some seconds. */
function bytesIn(page: Page, seconds: number): Promise<number> {
	return page.evaluate(async (wait) => {
		const open = (window as unknown as { connections: RTCPeerConnection[] }).connections;
		const count = async () => {
			let sum = 0;
			for (const one of open.filter(({ connectionState }) => connectionState === 'connected'))
				(await one.getStats()).forEach((stat: { type: string; bytesReceived?: number; bytesSent?: number }) => {
					if (stat.type === 'transport') sum += (stat.bytesReceived ?? 0) + (stat.bytesSent ?? 0);
				});
			return sum;
		};
		const before = await count();
		await new Promise((done) => setTimeout(done, wait * 1000));
		return (await count()) - before;
	}, seconds);
}

/** Measures the bytes per hour of each quality level, with one speaker and a shared screen, and the recovery of the video. */
export async function measureQuality(stack: TestSummit): Promise<void> {
	await onStage(stack, true, async (stage) => {
		const page = await watching(stack, stage);
		const figures = [];
		for (const level of LEVELS) {
			await chooseQuality(page, level);
			await page.waitForTimeout(5000);
			const perHour = ((await bytesIn(page, SECONDS)) / SECONDS) * 3600;
			figures.push({ what: level, value: `${Math.round(perHour / 1e6)} MB an hour` });
		}
		print('Data of a viewer, one speaker (fake camera, 720 lines) and a shared screen', figures);
	});
	await onStage(stack, false, async (stage) => {
		const page = await watching(stack, stage);
		const waits: number[] = [];
		for (let death = 0; death < DEATHS; death++) {
			await page.waitForTimeout(11_000);
			const back = page.evaluate(
				() =>
					new Promise<number>((done) => {
						const began = performance.now();
						let broke = false;
						const look = () => {
							const video = document.querySelector('video');
							if (!video) broke = true;
							if (!video || !broke) return void requestAnimationFrame(look);
							video.requestVideoFrameCallback(() => done(performance.now() - began));
						};
						look();
					})
			);
			process.kill(livekitProcess(stack.variables), 'SIGKILL');
			waits.push(await back);
		}
		print(`LiveKit killed to picture back, ${DEATHS} times`, [
			{ what: 'median', value: ms(percentile(waits, 0.5)) },
			{ what: 'worst', value: ms(Math.max(...waits)) }
		]);
	});
}

/** Lets `count` more viewers join from one page, and receive audio, and on request video too. */
async function crowd(page: Page, passes: { url: string; token: string }[], picture: boolean): Promise<void> {
	await page.evaluate(
		async ([all, wantsPicture]) => {
			const lib = (window as unknown as { LivekitClient: typeof import('livekit-client') }).LivekitClient;
			for (const { url, token } of all) {
				const room = new lib.Room();
				const subscribe = () => {
					for (const one of room.remoteParticipants.values())
						for (const publication of one.trackPublications.values())
							if (publication.kind === lib.Track.Kind.Audio || wantsPicture)
								(publication as import('livekit-client').RemoteTrackPublication).setSubscribed(true);
				};
				room.on(lib.RoomEvent.TrackPublished, subscribe);
				await room.connect(url, token, { autoSubscribe: false });
				subscribe();
			}
		},
		[passes, picture] as const
	);
}

/** Measures LiveKit's processor time for viewers, with audio only and with one video: its own share, without that of the browsers. */
export async function measureViewers(stack: TestSummit): Promise<void> {
	for (const { kind, count, picture } of [
		{ kind: 'sound only', count: 60, picture: false },
		{ kind: 'sound and one picture of 720 lines', count: 12, picture: true }
	]) {
		await onStage(stack, false, async ({ browser, world, address }) => {
			const visitor = (await browserOf(browser, stack.variables, null)).page;
			await visitor.goto(address);
			const share = async () => {
				const before = processorTime(livekitProcess(stack.variables));
				await visitor.waitForTimeout(10_000);
				return (processorTime(livekitProcess(stack.variables)) - before) / 10_000;
			};
			const alone = await share();
			const page = await bareClient(browser, stack.variables, `/${world.slug}/live`);
			const passes = [];
			for (let one = 0; one < count; one++) passes.push((await passOf(visitor, `${address}/pass`)).pass);
			await crowd(page, passes, picture);
			await visitor.waitForTimeout(3000);
			const each = ((await share()) - alone) / count;
			print(`LiveKit with ${count} viewers, ${kind}`, [
				{ what: 'of a core, for each viewer', value: `${(each * 100).toFixed(2)} %` },
				{ what: 'viewers in 70 % of a core', value: String(Math.floor((0.7 - alone) / each)) }
			]);
		});
	}
}
