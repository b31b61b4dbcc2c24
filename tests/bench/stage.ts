/*
 * The stage in browsers: from the click on join to the first frame, from a promotion to the first frame, from a revoked right to the last
 * packet, from LiveKit's death to the recovered video; and how many passes a process decides and mints in a second.
 */
import type { Browser, Page } from 'playwright';
import pg from 'pg';
import { closePool } from '../../src/lib/database/server/pool.ts';
import { mintToken } from '../../src/lib/stage/server/livekit.ts';
import { passFor } from '../../src/lib/stage/server/tokens.ts';
import { browserOf, livekitProcess } from '../fixtures/livekit.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { actAs, makeWorld, type World } from '../fixtures/world.ts';
import { processorTime } from './processes.ts';
import { untilFrame, untilSilence, watchConnections } from './received.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { ownerOf } from './summit.ts';

const JOINS = 20;
const TOGETHER = 4;
const TURNS = 15;
const DEATHS = 3;

/** Measures how long people on and before a stage wait. */
export async function measureStage(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	const browser = await launchMedia();
	try {
		await measurePasses(stack, world);
		const address = `${stack.origin}/${world.slug}/live/plenary`;
		await openStage(browser, stack, world, address);
		await measureJoins(browser, stack, world, address);
		await measureJoinsTogether(browser, stack, world, address);
		await measureTurns(browser, stack, world, address, client);
	} finally {
		await browser.close();
		await client.end();
	}
}

async function openStage(browser: Browser, stack: TestSummit, world: World, address: string): Promise<void> {
	const speaker = (await browserOf(browser, stack.variables, world.people.speaker)).page;
	await speaker.goto(`${address}/backstage/${world.sessions.public.code}`);
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await speaker.getByRole('button', { name: 'Go on stage' }).click();
	await speaker.getByLabel(`Picture of ${world.people.speaker.name}`).waitFor();
}

async function measureJoins(browser: Browser, stack: TestSummit, world: World, address: string): Promise<void> {
	const waits: number[] = [];
	for (let join = 0; join < JOINS; join++) {
		const { page } = await browserOf(browser, stack.variables, world.people.virtual);
		await page.goto(address);
		// The time that a person needs to find the button.
		await page.waitForTimeout(1500);
		waits.push(await firstFrame(page));
		await page.context().close();
	}
	print(`Join to first frame, ${JOINS} times`, [
		{ what: 'p50', value: ms(percentile(waits, 0.5)), aim: '350 ms' },
		{ what: 'p95', value: ms(percentile(waits, 0.95)), aim: '500 ms' }
	]);
}

/** Several viewers press the button at the same moment: each needs a key frame, and LiveKit asks the speaker for one only so often. */
async function measureJoinsTogether(browser: Browser, stack: TestSummit, world: World, address: string): Promise<void> {
	const waits: number[] = [];
	const costs: number[] = [];
	for (let round = 0; round < JOINS / TOGETHER; round++) {
		const people = ['virtual', 'delegate', 'listed', 'newcomer'] as const;
		const pages = await Promise.all(
			people.slice(0, TOGETHER).map(async (kind) => {
				const { page } = await browserOf(browser, stack.variables, world.people[kind]);
				await page.goto(address);
				return page;
			})
		);
		for (const page of pages) await page.getByRole('button', { name: 'Watch and listen' }).hover();
		await pages[0]?.waitForTimeout(1500);
		const before = processorTime(process.pid);
		waits.push(...(await Promise.all(pages.map(firstFrame))));
		costs.push((processorTime(process.pid) - before) / TOGETHER);
		await Promise.all(pages.map((page) => page.context().close()));
	}
	print(`${TOGETHER} join together, to the first frame, ${JOINS / TOGETHER} times`, [
		{ what: 'p50', value: ms(percentile(waits, 0.5)), aim: '350 ms' },
		{ what: 'p95', value: ms(percentile(waits, 0.95)), aim: '500 ms' },
		{ what: 'processor time a join, all on this machine', value: ms(percentile(costs, 0.5)) }
	]);
}

async function measureTurns(
	browser: Browser,
	stack: TestSummit,
	world: World,
	address: string,
	client: pg.Client
): Promise<void> {
	const { page } = await browserOf(browser, stack.variables, world.people.delegate);
	await watchConnections(page);
	await page.goto(address);
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await untilFrame(page, Date.now());
	const { rows } = await client.query<{ code: string }>(`select code from public.people where id = $1`, [
		world.people.speaker.person
	]);
	const place = (on: boolean) =>
		actAs(client, world.people.stage, `select public.set_on_stage($1, $2, $3)`, [world.run, rows[0]?.code, on]);
	const [silences, promotions, returns]: number[][] = [[], [], []];
	for (let turn = 0; turn < TURNS; turn++) {
		let began = Date.now();
		await place(false);
		silences?.push(await untilSilence(page, began));
		began = Date.now();
		await place(true);
		promotions?.push(await untilFrame(page, began));
	}
	print(`Right taken to last packet, ${TURNS} times`, spread(silences ?? [], '1000 ms'));
	print(`Promotion to first frame, ${TURNS} times`, spread(promotions ?? [], '1500 ms'));
	for (let death = 0; death < DEATHS; death++) {
		const began = Date.now();
		process.kill(livekitProcess(stack.variables), 'SIGKILL');
		await untilSilence(page, began);
		returns?.push(await untilFrame(page, began));
	}
	print(`LiveKit killed to picture back, ${DEATHS} times`, spread(returns ?? []));
}

function spread(waits: number[], aim?: string): Figure[] {
	return [
		{ what: 'p50', value: ms(percentile(waits, 0.5)), ...(aim && { aim }) },
		{ what: 'p95', value: ms(percentile(waits, 0.95)), ...(aim && { aim }) }
	];
}

/** Measures passes as the pages request them (rights decided by the database, 20 at once), and tokens alone. */
async function measurePasses(stack: TestSummit, world: World): Promise<void> {
	Object.assign(process.env, stack.variables);
	const each = async (seconds: number, at: number, work: () => Promise<unknown>) => {
		let count = 0;
		const end = Date.now() + seconds * 1000;
		await Promise.all(
			Array.from({ length: at }, async () => {
				for (; Date.now() < end; count++) await work();
			})
		);
		return Math.round(count / seconds);
	};
	const request = { purpose: 'stage', session: null } as const;
	const asking = { viewer: { personId: world.people.delegate.person }, token: null, summit: { id: world.summit } };
	const passes = await each(3, 20, () => passFor(asking, 'plenary', request));
	const tokens = await each(2, 1, () => mintToken('somebody', 'somewhere', [], 120));
	await closePool();
	print('Passes and tokens', [
		{ what: 'passes decided and minted per second, one process', value: String(passes) },
		{ what: 'tokens minted per second, alone', value: String(tokens) }
	]);
}

/** Clicks in the page and waits there, so that the remote control is not measured. */
async function firstFrame(page: Page): Promise<number> {
	const button = page.getByRole('button', { name: 'Watch and listen' });
	await button.hover();
	return button.evaluate(
		(element: HTMLElement) =>
			new Promise<number>((done) => {
				const began = performance.now();
				const watched = new WeakSet<HTMLVideoElement>();
				const look = () => {
					for (const video of document.querySelectorAll('video')) {
						if (watched.has(video)) continue;
						watched.add(video);
						video.requestVideoFrameCallback(() => done(performance.now() - began));
					}
					requestAnimationFrame(look);
				};
				look();
				element.click();
			})
	);
}
