/* The plenary: everybody has its page open, some receive picture and sound, an interpreter speaks, it is recorded, people ask and vote, and are told something. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { PageReaders, PageRecords } from '../../bench/page-clients.ts';
import { ms } from '../../bench/report.ts';
import { Senders } from '../../bench/sender-process.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { giveConsents, setOnStage } from '../../fixtures/recording.ts';
import { actAs } from '../../fixtures/world.ts';
import { atOnce, spread, until, type Rehearsal } from '../rehearsal.ts';

const picture = { width: 640, height: 360, perSecond: 15 };

/** What the acts of the plenary share. */
interface Plenary {
	run: string;
	path: string;
	pages: ChildProcess;
	open: number;
	people: Senders;
}

/** What the open pages recorded since the last time. */
async function recordsOf({ pages }: Plenary): Promise<PageRecords> {
	pages.send('met');
	return ((await once(pages, 'message')) as [PageRecords])[0];
}

/** Opens the stage with its speaker, and the pages of everybody; the given work takes place in it. */
async function withPlenary(rehearsal: Rehearsal, work: (plenary: Plenary) => Promise<void>): Promise<void> {
	const { client, summit, target } = rehearsal;
	const { plenary, staff, speaker } = summit;
	const opened = await callAs<{ status: string; run: string }>(client, staff.stage, 'public.open_run($1)', [
		plenary.id
	]);
	if (opened.status !== 'ok') throw new Error(`the stage was not opened: ${opened.status}`);
	const { run } = opened;
	await giveConsents(client, plenary.id, speaker, true);
	await giveConsents(client, plenary.id, summit.interpreter, true);
	await callAs(client, staff.stage, 'public.set_run_state($1, $2)', [run, 'live']);
	await setOnStage(client, staff.stage, run, speaker);
	const path = `/${summit.slug}/live/plenary`;
	const people = new Senders();
	const pages = fork(new URL('../../bench/page-clients.ts', import.meta.url), { stdio: 'inherit' });
	try {
		const readers: PageReaders = {
			origin: target.origin,
			path,
			run,
			session: plenary.id,
			summit: summit.id,
			people: summit.delegates.map(({ person, cookie }) => ({ person, cookie }))
		};
		pages.send(readers);
		const [{ open }] = (await once(pages, 'message')) as [PageRecords];
		rehearsal.check(
			'open pages of the plenary',
			open === readers.people.length,
			open,
			readers.people.length,
			'Raise the limit of open files of the app and the proxy (docs/deployment.md).'
		);
		await work({ run, path, pages, open, people });
	} finally {
		if (pages.connected) pages.send('close');
		await people.leave();
		await callAs(client, staff.stage, 'public.set_run_state($1, $2)', [run, 'ended']).catch(() => undefined);
	}
}

/** Some receive what speaker and interpreter send. */
async function receive(rehearsal: Rehearsal, { run, path, people }: Plenary, viewers: number): Promise<void> {
	const { client, summit, target } = rehearsal;
	const address = target.origin + path;
	await people.enter(address, summit.speaker.cookie, picture);
	const taken = await callAs<string>(client, summit.interpreter, 'public.take_booth($1, $2)', [run, 'fr']);
	rehearsal.check('the interpreter is on air', taken === 'ok', taken, 'ok', 'Look at the log of the app.');
	// LiveKit is told of the right to send, and the pass says so from then on.
	const enterBooth = () =>
		people.enter(address, summit.interpreter.cookie, null, summit.plenary.code).then(
			() => true,
			() => false
		);
	await until(enterBooth, 10_000, 500);
	await people.speak(0);
	const waits: number[] = [];
	await atOnce(summit.delegates.slice(0, viewers), 4, async ({ cookie }) => {
		const { pass, connect } = await people.watch(address, cookie);
		rehearsal.note('pass to the stream', pass, true);
		waits.push(pass + connect);
	});
	rehearsal.measure(`${viewers} viewers join`, spread(waits, ms));
	const isWatched = async () => (await people.watched()).firstPictures.length === viewers;
	const allSee = await until(isWatched, 30_000, 1000);
	const { firstPictures } = await people.watched();
	rehearsal.check(
		'viewers who see the speaker',
		allSee,
		firstPictures.length,
		viewers,
		'Check the ports and TURN of LiveKit (npm run doctor).'
	);
	rehearsal.measure('from pressing to the first picture', spread(firstPictures, ms));
}

/** People ask and vote while the plenary goes on. */
async function takePart(rehearsal: Rehearsal, { run, path }: Plenary): Promise<void> {
	const { client, summit } = rehearsal;
	const { delegates, staff, plenary } = summit;
	const asking = delegates.filter((_, n) => n % 20 === 0);
	let asked = 0;
	await atOnce(asking, 10, async ({ cookie }, n) => {
		const { status } = await rehearsal.visit('ask a question', `${path}?/ask`, cookie, {
			run,
			question: `Rehearsed question ${n}?`,
			shown_as: 'nobody'
		});
		if (status < 400 && status > 0) asked += 1;
	});
	const kept = await readValue<number>(
		client,
		'select count(*)::integer from private.session_questions where session_id = $1',
		[plenary.id]
	);
	rehearsal.check(
		'questions that were asked are kept',
		kept === asked && asked === asking.length,
		`${kept} of ${asked}`,
		asking.length,
		'Look at the log of the app at this time.'
	);
	await callAs(client, staff.stage, 'public.create_poll($1, $2, $3, $4, false, true, true)', [
		plenary.id,
		'Is everybody here?',
		'single',
		['Yes', 'No']
	]);
	const { rows } = await client.query<{ poll: string; option: string }>(
		`select p.id as poll, o.id as option
		from private.polls as p
		join private.poll_options as o on o.poll_id = p.id
		where p.session_id = $1
		order by o.position`,
		[plenary.id]
	);
	const { poll = '' } = rows[0] ?? {};
	const began = performance.now();
	let voted = 0;
	await atOnce(delegates, 50, async ({ cookie }, n) => {
		const { status } = await rehearsal.visit('vote in a poll', `${path}?/pollVote`, cookie, {
			id: poll,
			'option[]': rows[n % rows.length]?.option ?? ''
		});
		if (status < 400 && status > 0) voted += 1;
	});
	rehearsal.measure(`${delegates.length} votes`, ms(performance.now() - began));
	const counted = await readValue<number>(
		client,
		'select count(*)::integer from private.poll_votes where poll_id = $1',
		[poll]
	);
	rehearsal.check(
		'votes that were taken are counted',
		counted === voted && voted > 0,
		`${counted} of ${voted}`,
		voted,
		'Report this: a vote must never be lost.'
	);
}

/** Everybody is told something at once. */
async function announce(rehearsal: Rehearsal, plenary: Plenary): Promise<void> {
	const { open } = plenary;
	const { client, summit } = rehearsal;
	await recordsOf(plenary);
	const began = Date.now();
	const words = {
		texts: { en: { title: 'This is a rehearsal', body: 'Nothing to do.' } },
		original: 'en',
		page: '',
		minutes: 60
	};
	const [row] = await actAs<{ answer: { status: string } }>(
		client,
		summit.staff.programme,
		`select public.announce($1, $2, '{"audience":"everyone"}', $3) as answer`,
		[summit.id, randomUUID(), { ...words, urgent: false, push: false, mail: true }]
	);
	rehearsal.check(
		'the announcement is accepted',
		row?.answer.status === 'ok',
		row?.answer.status ?? 'no answer',
		'ok',
		'Look at the log of the app.'
	);
	const told: number[] = [];
	await until(async () => {
		told.push(...(await recordsOf(plenary)).announced.map((at) => at - began));
		return told.length >= open;
	}, 15_000);
	rehearsal.check(
		'open pages that are told',
		told.length >= open,
		told.length,
		open,
		'Look at the open connections of the proxy: it must not buffer event streams.'
	);
	rehearsal.measure('from the announcement to a page', spread(told, ms));
}

/** While everything goes on, people read other pages. */
async function readPages(rehearsal: Rehearsal): Promise<void> {
	const { summit } = rehearsal;
	const ends = performance.now() + rehearsal.share(0.25);
	const pages = ['', '/agenda', '/me', '/live', '/live/plenary', '/announcements', '/speakers'];
	for (let n = 0; n < pages.length || performance.now() < ends; n++) {
		const page = pages[n % pages.length] ?? '';
		const { cookie = '' } = summit.delegates[(n * 7) % summit.delegates.length] ?? {};
		await rehearsal.visit(`read ${page || 'the page of the Summit'}`, `/${summit.slug}${page}`, cookie);
	}
}

/** The recording of the plenary; the work takes place while it runs. */
async function record(rehearsal: Rehearsal, { run }: Plenary, work: () => Promise<void>): Promise<void> {
	const { client, summit } = rehearsal;
	const { stage } = summit.staff;
	const started = await callAs<{ status: string; recording?: string }>(client, stage, 'public.start_recording($1)', [
		run
	]);
	rehearsal.check(
		'the recording starts',
		started.status === 'ok',
		started.status,
		'ok',
		'npm run doctor looks for what records.'
	);
	const stateOf = () =>
		readValue<string>(client, 'select coalesce(min(state::text), $2) from private.recordings where id = $1', [
			started.recording ?? null,
			'none'
		]);
	const isRunning = await until(async () => (await stateOf()) === 'running', 60_000, 1000);
	rehearsal.check('it records', isRunning, await stateOf(), 'running', 'npm run doctor looks for what records.');
	await work();
	await callAs(client, stage, 'public.stop_recording($1)', [run]);
	const isReady = await until(async () => ['ready', 'failed'].includes(await stateOf()), 180_000, 1000);
	const length = await readValue<number>(
		client,
		'select coalesce(max(length_ms), 0)::integer from private.recordings where id = $1',
		[started.recording ?? null]
	);
	rehearsal.check(
		'the recording is ready',
		isReady && (await stateOf()) === 'ready' && length > 0,
		`${await stateOf()}, ${ms(length)}`,
		'ready',
		'Look at the disk and the log of the recorder.'
	);
}

/** The whole plenary, with so many viewers who receive picture and sound. */
export async function plenary(rehearsal: Rehearsal, viewers: number): Promise<undefined> {
	await withPlenary(rehearsal, async (stage) => {
		await receive(rehearsal, stage, viewers);
		await record(rehearsal, stage, async () => {
			await takePart(rehearsal, stage);
			await announce(rehearsal, stage);
			await stage.people.watched();
			const began = performance.now();
			await readPages(rehearsal);
			const { pictures, sounds } = await stage.people.watched();
			const seconds = (performance.now() - began) / 1000;
			const least = Math.min(...pictures) / seconds;
			rehearsal.check(
				'pictures a second of each viewer',
				least >= 5,
				least.toFixed(1),
				'at least 5',
				'Give LiveKit more processors, or let large audiences use HLS (docs/deployment.md).'
			);
			rehearsal.check(
				'sound of each viewer',
				Math.min(...sounds) > 0,
				Math.min(...sounds),
				'more than none',
				'Check the ports of LiveKit (npm run doctor).'
			);
		});
	});
}
