/*
 * The live room of a meeting with 20 people who send camera and microphone, each admitted by the site, and two browsers that watch: from
 * the press on the button to the first frame, the frames of each sender, the cameras that are received while one or another speaks,
 * hands and muted microphones as both pages show them, and the processor time of each part.
 */
import { cpus } from 'node:os';
import type pg from 'pg';
import type { Browser, Page } from 'playwright';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../fixtures/grouping.ts';
import { browserOf, livekitProcess } from '../fixtures/livekit.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import { callAs, readValue } from '../fixtures/registering.ts';
import { openSessions, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { makePerson, makeWorld, type TestPerson } from '../fixtures/world.ts';
import type { SenderWaits } from './room-people.ts';
import { postAs } from './posting.ts';
import { processorTime, processesUnder } from './processes.ts';
import { watchConnections } from './received.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { Senders } from './sender-process.ts';
import { ownerOf } from './summit.ts';

const SENDERS = 20;
/** What each sends: so much that the processors of a small machine are not all busy, since each wait would be longer by that. */
const picture = { width: 320, height: 180, perSecond: 6 } as const;
const VIEWERS = 2;
/** How often each browser enters. */
const ENTRIES = 5;
const SECONDS = 15;
/** How often another person speaks, raises a hand, and is muted. */
const TURNS = 10;
/** The layers are chosen again after the last person has come. */
const SETTLE_SECONDS = 5;
/** The browsers enter no more often after this. */
const mostMs = 150_000;
/** What a page has not shown by then is lost. */
const lostAfterMs = 5000;

interface MeetingRoom {
	client: pg.Client;
	code: string;
	address: string;
	senders: { who: TestPerson; session: Session; waits: SenderWaits }[];
	sending: Senders;
	host: Session;
	pages: Page[];
}

/** Measures a room of 20 people who send. */
export async function measureMeetingRoom(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const browser = await launchMedia();
	const sending = new Senders();
	const senders: MeetingRoom['senders'] = [];
	try {
		const { people, viewers, code, address } = await openRoom(client, stack);
		const sessions = await openSessions(
			stack.variables,
			[...people, ...viewers].map(({ account }) => `${account}@example.org`)
		);
		for (const [index, who] of people.entries()) {
			const session = sessions[index] as Session;
			senders.push({ who, session, waits: await sending.enter(address, session.cookie, picture) });
		}
		const pages = await openPages(browser, stack, viewers);
		const host = sessions[people.length] as Session;
		const room = { client, code, address, senders, sending, host, pages };
		const entries = await measureEntries(room);
		await pages[0]?.waitForTimeout(SETTLE_SECONDS * 1000);
		const gallery = await measureFrames(room, stack);
		const speakers = await measureSpeakers(room);
		const signals = [...(await measureHands(room)), ...(await measureMutes(room))];
		const { width, height, perSecond } = picture;
		print(`A meeting's room with ${senders.length} people who send ${width} × ${height} at ${perSecond} a second`, [
			...admissions(senders),
			...entries,
			...gallery,
			...speakers,
			...signals,
			{
				what: 'senders still connected',
				value: `${await sending.count()} of ${senders.length}`
			}
		]);
	} finally {
		await sending.leave().catch(() => undefined);
		await browser.close();
		await client.end();
	}
}

function admissions(senders: MeetingRoom['senders']): Figure[] {
	const spread = (waits: number[]) => `p50 ${ms(percentile(waits, 0.5))}, p95 ${ms(percentile(waits, 0.95))}`;
	return [
		{ what: 'sender: pass from the site', value: spread(senders.map(({ waits }) => waits.pass)) },
		{ what: 'sender: connected, both tracks sent', value: spread(senders.map(({ waits }) => waits.connect)) }
	];
}

async function openPages(browser: Browser, stack: TestSummit, viewers: TestPerson[]): Promise<Page[]> {
	const pages: Page[] = [];
	for (const who of viewers) {
		// Without camera and microphone: these two watch.
		const { page } = await browserOf(browser, stack.variables, who, { viewport: { width: 1440, height: 900 } });
		page.setDefaultTimeout(60_000);
		await watchConnections(page);
		pages.push(page);
	}
	return pages;
}

/** The two take turns, one in the room at a time. After the last entry both stay. */
async function measureEntries({ pages, address, senders }: MeetingRoom): Promise<Figure[]> {
	const [first, all]: [number[], number[]] = [[], []];
	const began = Date.now();
	for (let entry = 0; entry < ENTRIES && Date.now() - began < mostMs; entry++)
		for (const page of pages) {
			for (const other of pages) await other.goto('about:blank');
			await page.goto(address);
			const button = page.getByRole('button', { name: 'Enter the room', disabled: false });
			await button.hover();
			// The time that a person needs to find the button.
			await page.waitForTimeout(1500);
			const pressed = Date.now();
			await button.click();
			first.push(await untilPictures(page, pressed, 1));
			all.push(await untilPictures(page, pressed, senders.length));
		}
	for (const page of pages.slice(0, -1)) {
		await page.goto(address);
		await page.getByRole('button', { name: 'Enter the room', disabled: false }).click();
		await untilPictures(page, Date.now(), senders.length);
	}
	return [
		{ what: 'press to first frame, p50', value: ms(percentile(first, 0.5)), aim: '350 ms' },
		{ what: 'press to first frame, p95', value: ms(percentile(first, 0.95)), aim: '500 ms' },
		{ what: `press to a frame of all ${senders.length}, p50`, value: ms(percentile(all, 0.5)) },
		{ what: `press to a frame of all ${senders.length}, p95`, value: ms(percentile(all, 0.95)) }
	];
}

/** Frames of each sender in the gallery, and where the processor's time goes meanwhile. */
async function measureFrames({ pages, sending }: MeetingRoom, stack: TestSummit): Promise<Figure[]> {
	const before = { cameras: await Promise.all(pages.map(camerasOf)), spent: spentNow(stack, sending) };
	await pages[0]?.waitForTimeout(SECONDS * 1000);
	const after = { cameras: await Promise.all(pages.map(camerasOf)), spent: spentNow(stack, sending) };
	const took = after.spent.at - before.spent.at;
	const rates = after.cameras.flatMap((cameras, page) =>
		[...cameras].map(
			([track, { frames }]) => ((frames - (before.cameras[page]?.get(track)?.frames ?? 0)) * 1000) / took
		)
	);
	const lost = (which: 'lost' | 'received') =>
		after.cameras.flatMap((cameras) => [...cameras.values()]).reduce((sum, camera) => sum + camera[which], 0);
	const share = (what: keyof Spent) =>
		`${Math.round(((after.spent[what] - before.spent[what]) / took) * 100)} % of a core`;
	const perSecond = (value: number) => `${value.toFixed(1)} a second`;
	return [
		{ what: 'gallery: frames by sender, p50', value: perSecond(percentile(rates, 0.5)) },
		{ what: 'gallery: 95 of 100 senders arrive with at least', value: perSecond(percentile(rates, 0.05)) },
		{ what: 'gallery: cameras received', value: after.cameras.map(describeCameras).join('; ') },
		{ what: 'gallery: packets lost', value: `${lost('lost')} of ${lost('received') + lost('lost')}` },
		{ what: 'LiveKit', value: share('livekit') },
		{ what: 'site and database', value: share('site') },
		{ what: `${SENDERS} senders`, value: share('senders') },
		{ what: `${VIEWERS} browsers`, value: share('browsers') },
		{ what: 'the bench itself', value: share('itself') },
		{ what: 'everything else on this machine', value: share('others') }
	];
}

/** The view with a large face: how many cameras are received, and how soon the face follows who speaks. */
async function measureSpeakers({ pages, senders, sending }: MeetingRoom): Promise<Figure[]> {
	for (const page of pages) await page.getByRole('button', { name: /^View/ }).click();
	const waits: number[] = [];
	const counts: number[] = [];
	let lost = 0;
	for (let turn = 0; turn < TURNS; turn++) {
		const place = (turn * 7) % senders.length;
		const next = senders[place];
		const began = Date.now();
		await sending.speak(place);
		const seen = await Promise.all(
			pages.map((page) =>
				untilShown(
					page,
					began,
					`.large [aria-label*="${next?.who.name}"] video, .large video[aria-label*="${next?.who.name}"]`
				)
			)
		);
		lost += seen.filter((wait) => wait === null).length;
		waits.push(...seen.filter((wait) => wait !== null));
		// What was on the screen before is received a moment longer.
		await pages[0]?.waitForTimeout(2000);
		for (const page of pages) counts.push(await camerasThatMove(page));
	}
	await sending.speak(null);
	return [
		{
			what: `speaker view: cameras received, ${TURNS} speakers`,
			value: `${Math.min(...counts)} to ${Math.max(...counts)} of ${senders.length}`
		},
		...signalFigures('speaker view: another speaks, to their face large', waits, lost)
	];
}

async function measureHands({ pages, senders, address }: MeetingRoom): Promise<Figure[]> {
	return measureSignals(pages, senders, 'a hand, to both pages', async ({ who, session }) => {
		const shown = `ol li:has-text("${who.name}")`;
		return { act: () => postAs(`${address}?/hand`, session.cookie, new URLSearchParams({ raised: 'yes' })), shown };
	});
}

async function measureMutes({ pages, senders, address, host, client, code }: MeetingRoom): Promise<Figure[]> {
	return measureSignals(pages, senders, 'a microphone muted by the host, to both pages', async ({ who }) => {
		const participant = await readValue<string>(
			client,
			`select p.id from private.meeting_participants as p
			join private.meeting_rooms as r on r.id = p.room_id
			join private.meetings as m on m.id = r.meeting_id
			where m.code = $1 and p.person_id = $2`,
			[code, who.person]
		);
		const shown = `ul li:has(.name:has-text("${who.name}")):has([aria-label="Microphone off"])`;
		return { act: () => postAs(`${address}?/mute`, host.cookie, new URLSearchParams({ participant })), shown };
	});
}

async function measureSignals(
	pages: Page[],
	senders: MeetingRoom['senders'],
	what: string,
	prepare: (one: MeetingRoom['senders'][number]) => Promise<{ act: () => Promise<Response>; shown: string }>
): Promise<Figure[]> {
	const waits: number[] = [];
	let lost = 0;
	for (const one of senders.slice(0, TURNS)) {
		const { act, shown } = await prepare(one);
		const began = Date.now();
		const seen = pages.map((page) => untilShown(page, began, shown));
		const answer = await act();
		if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
		const found = await Promise.all(seen);
		lost += found.filter((wait) => wait === null).length;
		waits.push(...found.filter((wait) => wait !== null));
	}
	return signalFigures(what, waits, lost);
}

const signalFigures = (what: string, waits: number[], lost: number): Figure[] => [
	{
		what,
		value: `p50 ${ms(percentile(waits, 0.5))}, p95 ${ms(percentile(waits, 0.95))}, lost ${lost} of ${waits.length + lost}`,
		aim: 'p95 1000 ms'
	}
];

/** Milliseconds since `began` until a page shows an element, or null when it is lost. */
const untilShown = (page: Page, began: number, selector: string): Promise<number | null> =>
	page
		.locator(selector)
		.first()
		.waitFor({ timeout: lostAfterMs })
		.then(
			() => Date.now() - began,
			() => null
		);

interface Camera {
	frames: number;
	height: number;
	bytes: number;
	lost: number;
	received: number;
}

/** What a page receives of each camera, by the id of its track. */
async function camerasOf(page: Page): Promise<Map<string, Camera>> {
	const found = await page.evaluate(async () => {
		const cameras: [string, Camera][] = [];
		for (const connection of window.connections ?? [])
			(await connection.getStats().catch(() => new Map<string, unknown>())).forEach((stat: unknown) => {
				const one = stat as Record<string, number> & { type: string; kind?: string; trackIdentifier?: string };
				if (one.type !== 'inbound-rtp' || one.kind !== 'video') return;
				cameras.push([
					one.trackIdentifier ?? '',
					{
						frames: one.framesDecoded ?? 0,
						height: one.frameHeight ?? 0,
						bytes: one.bytesReceived ?? 0,
						lost: one.packetsLost ?? 0,
						received: one.packetsReceived ?? 0
					}
				]);
			});
		return cameras;
	});
	return new Map(found.filter(([, { frames }]) => frames > 0));
}

/** How many cameras a page has received frames of within a second. */
async function camerasThatMove(page: Page): Promise<number> {
	const before = await camerasOf(page);
	await page.waitForTimeout(1000);
	return [...(await camerasOf(page))].filter(([track, { frames }]) => frames > (before.get(track)?.frames ?? 0)).length;
}

/** Milliseconds since `began` until so many pictures of a page have shown a frame. */
const untilPictures = (page: Page, began: number, count: number): Promise<number> =>
	page.evaluate(
		async ([start, wanted]) => {
			const shown = () =>
				[...document.querySelectorAll('video')].filter((video) => video.getVideoPlaybackQuality().totalVideoFrames > 0);
			while (shown().length < wanted) {
				if (Date.now() - start > 60_000) return Number.POSITIVE_INFINITY;
				await new Promise((done) => setTimeout(done, 10));
			}
			return Date.now() - start;
		},
		[began, count] as const
	);

function describeCameras(cameras: Map<string, Camera>): string {
	const counts = Map.groupBy(cameras.values(), ({ height }) => height);
	return [...counts].map(([height, all]) => `${all.length} of ${height} px`).join(', ');
}

interface Spent {
	at: number;
	livekit: number;
	site: number;
	senders: number;
	browsers: number;
	itself: number;
	others: number;
}

/** The processor time of each part until now, in milliseconds. */
function spentNow(stack: TestSummit, sending: Senders): Spent {
	const all = processorTime(process.pid);
	const livekit = processorTime(livekitProcess(stack.variables));
	const ours = processorTime(stack.process.pid ?? 0);
	const senders = processorTime(sending.pid);
	const itself = processesUnder(process.pid).find(({ pid }) => pid === process.pid)?.spent ?? 0;
	return {
		at: Date.now(),
		livekit,
		site: ours - livekit,
		senders,
		itself,
		browsers: all - ours - senders - itself,
		others: machineTime() - all
	};
}

/** The processor time of everything on this machine since it started, in milliseconds. */
const machineTime = () => cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);

async function openRoom(
	client: pg.Client,
	stack: TestSummit
): Promise<{ people: TestPerson[]; viewers: TestPerson[]; code: string; address: string }> {
	await makeWorld(client);
	const organiser = await makeCommunityOrganiser(client);
	const group = await createGroup(client, organiser, 'closed');
	const make = async (name: string, part: string) => {
		const who = await makePerson(client, name);
		await putInGroup(client, who, group, part);
		return who;
	};
	const viewers: TestPerson[] = [];
	for (let n = 0; n < VIEWERS; n++) viewers.push(await make(`Watching ${n + 1}`, n === 0 ? 'chair' : 'member'));
	const people: TestPerson[] = [];
	// Letters: no name is the beginning of another.
	for (let n = 0; n < SENDERS; n++) people.push(await make(`Sender ${String.fromCharCode(65 + n)}.`, 'member'));
	const code = await readValue<string>(
		client,
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Measured"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning code`,
		[group]
	);
	const opened = await callAs<string>(client, viewers[0] ?? organiser, 'public.open_meeting_room($1)', [code]);
	if (opened !== 'ok') throw new Error(`The room did not open: ${opened}.`);
	return { people, viewers, code, address: `${stack.origin}/community/groups/${group}/meetings/${code}/room` };
}
