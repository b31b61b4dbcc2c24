/*
 * The live room of a meeting in browsers: 20 people who send camera and microphone, from the press on the button to the first frame of
 * somebody else, the layers that one of them receives, and the processor time of LiveKit and of everything together.
 */
import type { Page } from 'playwright';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../fixtures/grouping.ts';
import { browserOf, livekitProcess } from '../fixtures/livekit.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import { callAs, readValue } from '../fixtures/registering.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { makePerson, makeWorld, type TestPerson } from '../fixtures/world.ts';
import { processorTime } from './processes.ts';
import { untilFrame, watchConnections } from './received.ts';
import { ms, percentile, print } from './report.ts';
import { ownerOf } from './summit.ts';

const PEOPLE = 20;
const SECONDS = 10;
/** The layers are chosen again after the last person has come. */
const SETTLE_SECONDS = 5;
/** No more people are added after this: a small machine is full before. */
const mostMs = 150_000;

/** Measures how a room fills with people who all send their cameras. */
export async function measureMeetingRoom(stack: TestSummit): Promise<void> {
	const { people, address } = await openRoom(stack);
	const browser = await launchMedia();
	const began = Date.now();
	const waits: number[] = [];
	const pages: Page[] = [];
	try {
		for (const who of people) {
			if (Date.now() - began > mostMs) break;
			try {
				const { page } = await browserOf(browser, stack.variables, who, { permissions: ['camera', 'microphone'] });
				const pressed = await enterRoom(page, address);
				pages.push(page);
				if (pages.length > 1) waits.push(await untilFrame(page, pressed).catch(() => Number.POSITIVE_INFINITY));
			} catch (error) {
				console.log(`Nobody else could enter: ${String(error)}`);
				break;
			}
		}
		await pages[0]?.waitForTimeout(SETTLE_SECONDS * 1000);
		const livekit = livekitProcess(stack.variables);
		const before = { at: Date.now(), livekit: processorTime(livekit), all: processorTime(process.pid) };
		await pages[0]?.waitForTimeout(SECONDS * 1000);
		const after = { at: Date.now(), livekit: processorTime(livekit), all: processorTime(process.pid) };
		const share = (what: 'livekit' | 'all') =>
			`${Math.round(((after[what] - before[what]) / (after.at - before.at)) * 100)} % of a core`;
		const seen = waits.filter(Number.isFinite);
		print(`A meeting's room with ${pages.length} people who send`, [
			{ what: 'press to first frame, p50', value: ms(percentile(seen, 0.5)) },
			{ what: 'press to first frame, p95', value: ms(percentile(seen, 0.95)) },
			{ what: 'saw no frame within a minute', value: `${waits.length - seen.length} of ${waits.length}` },
			{ what: 'pictures received by one, by height', value: pages[0] ? await layersOf(pages[0]) : '' },
			{ what: 'LiveKit', value: share('livekit') },
			{ what: 'all on this machine, browsers too', value: share('all') }
		]);
	} finally {
		await browser.close();
	}
}

/** Opens the room's page and enters; answers when the button was pressed. */
async function enterRoom(page: Page, address: string): Promise<number> {
	await watchConnections(page);
	await page.goto(address);
	const button = page.getByRole('button', { name: 'Enter the room', disabled: false });
	await button.hover();
	await page.waitForTimeout(1500);
	const pressed = Date.now();
	await button.click();
	return pressed;
}

async function openRoom(stack: TestSummit): Promise<{ people: TestPerson[]; address: string }> {
	const client = await ownerOf(stack.variables);
	try {
		await makeWorld(client);
		const organiser = await makeCommunityOrganiser(client);
		const group = await createGroup(client, organiser, 'closed');
		const people: TestPerson[] = [];
		for (let n = 0; n < PEOPLE; n++) {
			const who = await makePerson(client, `Room Person ${n + 1}`);
			await putInGroup(client, who, group, n === 0 ? 'chair' : 'member');
			people.push(who);
		}
		const code = await readValue<string>(
			client,
			`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
			select id, '{"original": "en", "en": "Measured"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
			from private.groups where code = $1 returning code`,
			[group]
		);
		const opened = await callAs<string>(client, people[0] ?? organiser, 'public.open_meeting_room($1)', [code]);
		if (opened !== 'ok') throw new Error(`The room did not open: ${opened}.`);
		return { people, address: `${stack.origin}/community/groups/${group}/meetings/${code}/room` };
	} finally {
		await client.end();
	}
}

/** How many pictures of each height a page receives. */
async function layersOf(page: Page): Promise<string> {
	const heights = await page.evaluate(async () => {
		const found: number[] = [];
		for (const connection of window.connections ?? [])
			(await connection.getStats().catch(() => new Map<string, unknown>())).forEach((stat: unknown) => {
				const { type, kind, frameHeight } = stat as { type: string; kind?: string; frameHeight?: number };
				if (type === 'inbound-rtp' && kind === 'video' && frameHeight) found.push(frameHeight);
			});
		return found;
	});
	const counts = Map.groupBy(heights, (height) => height);
	return [...counts].map(([height, all]) => `${all.length} of ${height} px`).join(', ');
}
