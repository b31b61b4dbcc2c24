/*
 * One act of a host, and a raised level, with a thousand stage pages open: when each page shows it, what it costs, and how long a page that
 * is opened meanwhile takes.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type pg from 'pg';
import { openSessions } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { actAs, makeWorld, type World } from '../fixtures/world.ts';
import { ms, percentile, print } from './report.ts';
import { ownerOf } from './summit.ts';
import type { PageReaders, PageRecords } from './page-clients.ts';
import { processorTime } from './processes.ts';

const PAGES = Number(process.env['OPEN_PAGES'] ?? 1000);
/** Sessions of different people; each has the same number of pages open. */
const SESSIONS = Number(process.env['OPEN_SESSIONS'] ?? 250);
/** How many of these are registered for the Summit: they stay when the level is raised. */
const REGISTERED = 0.8;
const PRESSES = 10;

/** Measures how long open pages wait, and what they cost. */
export async function measureOpenPages(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	await client.query(`update public.runs set level = 'public' where id = $1`, [world.run]);
	const child = fork(new URL('./page-clients.ts', import.meta.url), { stdio: 'inherit' });
	try {
		const people = await openSessions(
			stack.variables,
			Array.from({ length: SESSIONS }, (_, n) => `open-page-${n}-${world.slug}@example.org`)
		);
		await register(
			client,
			world,
			people.slice(0, Math.floor(SESSIONS * REGISTERED)).map(({ person }) => person)
		);
		const path = `/${world.slug}/live/plenary`;
		const crowd: PageReaders = {
			origin: stack.origin,
			path,
			run: world.run,
			session: world.sessions.public.id,
			summit: world.summit,
			people: Array.from({ length: PAGES }, (_, n) => people[n % SESSIONS]).flatMap((who) =>
				who ? [{ person: who.person, cookie: who.cookie }] : []
			)
		};
		child.send(crowd);
		const [{ open }] = (await once(child, 'message')) as [PageRecords];
		const opened = () => openPage(stack, path);
		await opened();
		await measurePresses(stack, world, client, child, open, opened);
		await measureRaise(stack, world, client, child, open, opened);
	} finally {
		child.send('close');
		await client.end();
	}
}

async function register(client: pg.Client, { summit, member }: World, people: string[]): Promise<void> {
	await client.query(`update public.mode_capacities set capacity = 5000 where summit_id = $1`, [summit]);
	await client.query(`update public.allocation_policies set ceiling = 5000 where summit_id = $1`, [summit]);
	await client.query(
		`with made as (insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at)
			select $1, person, $2, 'virtual', 'confirmed', now() from unnest($3::uuid[]) as person returning *)
		insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from made`,
		[summit, member, people]
	);
}

async function met(child: ChildProcess): Promise<PageRecords> {
	child.send('met');
	return ((await once(child, 'message')) as [PageRecords])[0];
}

/** Milliseconds until a visitor has the whole page. */
async function openPage(stack: TestSummit, path: string): Promise<number> {
	const began = performance.now();
	await (await fetch(stack.origin + path)).arrayBuffer();
	return performance.now() - began;
}

async function measurePresses(
	stack: TestSummit,
	world: World,
	client: pg.Client,
	child: ChildProcess,
	open: number,
	opened: () => Promise<number>
): Promise<void> {
	const [waits, costs, meanwhile]: number[][] = [[], [], []];
	let [delivered, reloads] = [0, 0];
	const idle = await idleCost(stack);
	for (let press = 0; press < PRESSES; press++) {
		const before = processorTime(stack.process.pid ?? 0);
		const began = Date.now();
		await actAs(client, world.people.stage, 'select public.set_stage_layout($1, $2)', [
			world.run,
			press % 2 ? 'speaker' : 'panel'
		]);
		const page = press % 2 ? null : opened();
		await new Promise((done) => setTimeout(done, 3000));
		const found = await met(child);
		if (page) meanwhile?.push(await page);
		else costs?.push(processorTime(stack.process.pid ?? 0) - before - idle * 3);
		delivered += found.content.length;
		reloads += found.reloads;
		waits?.push(...found.content.map((at) => at - began));
	}
	print(`One press of a host with ${open} open pages, ${PRESSES} times`, [
		{ what: 'delivered', value: `${delivered} of ${open * PRESSES}` },
		{ what: 'on the page, p50', value: ms(percentile(waits ?? [], 0.5)) },
		{ what: 'on the page, p95', value: ms(percentile(waits ?? [], 0.95)), aim: '300 ms' },
		{
			what: 'processor time of everything on the server, median',
			value: ms(percentile(costs ?? [], 0.5)),
			aim: '1000 ms'
		},
		{ what: 'pages that read anything again', value: String(reloads), aim: '0' },
		{ what: 'a page opened at that moment, worst', value: ms(Math.max(...(meanwhile ?? []))), aim: '500 ms' }
	]);
}

async function measureRaise(
	stack: TestSummit,
	world: World,
	client: pg.Client,
	child: ChildProcess,
	open: number,
	opened: () => Promise<number>
): Promise<void> {
	const before = processorTime(stack.process.pid ?? 0);
	const began = Date.now();
	await client.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		world.sessions.public.id
	]);
	const meanwhile: number[] = [];
	while (Date.now() - began < 12_000) {
		meanwhile.push(await opened());
		await new Promise((done) => setTimeout(done, 400));
	}
	const found = await met(child);
	print(`A raised level with ${open} open pages, of which ${Math.round(REGISTERED * 100)} % may stay`, [
		{ what: 'pages without a name', value: `${found.blank.length} of ${open}` },
		{ what: 'the last of them after', value: ms(Math.max(...found.blank) - began), aim: '1000 ms' },
		{
			what: 'pages that were told the stage with its names again',
			value: String(new Set(found.content).size && found.content.length)
		},
		{ what: 'the last of them after', value: ms(Math.max(...found.content) - began) },
		{ what: 'pages that read again', value: `${found.reloads}, failed ${found.failures}` },
		{ what: 'pages without a name at the end', value: String(found.nameless), aim: '0' },
		{ what: 'a page opened meanwhile, p95', value: ms(percentile(meanwhile, 0.95)), aim: '500 ms' },
		{ what: 'processor time of everything on the server', value: ms(processorTime(stack.process.pid ?? 0) - before) }
	]);
}

/** Processor time in a second without any act. */
async function idleCost(stack: TestSummit): Promise<number> {
	const before = processorTime(stack.process.pid ?? 0);
	await new Promise((done) => setTimeout(done, 4000));
	return (processorTime(stack.process.pid ?? 0) - before) / 4;
}
