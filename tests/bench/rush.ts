/*
 * The rush, all at once through HTTP: 300 people for 50 seats, and a thousand of 250 members for 400; the latter also in the database
 * alone, and there ten times larger.
 */
import pg from 'pg';
import { RoundTrip } from '../../src/lib/database/server/data-path/round-trip.ts';
import { makeDrafts, makePeople, makeSummit, inParallel, readValue } from '../fixtures/registering.ts';
import { openSessions, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { growth, ms, percentile, print } from './report.ts';
import { send } from './requests.ts';
import { ownerOf } from './summit.ts';

/** How many people, for how many seats of how many members. */
export interface Rush {
	people: number;
	seats: number;
	members: number;
	/** Milliseconds until all are answered. */
	aim?: string;
}

/** Few people on fewer seats. */
export const smallRush: Rush = { people: 300, seats: 50, members: 300, aim: '1.5 s' };
const largeRush: Rush = { people: 1000, seats: 400, members: 250 };

/** Measures both rushes, and counts the result in the database. */
export async function measureRush(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	await rush(stack, client, smallRush);
	await rush(stack, client, largeRush);
	const alone = async (connections: number) => {
		const url = stack.variables.DATABASE_URL ?? '';
		const small = await rushInDatabase(client, url, largeRush, connections);
		return growth(small, await rushInDatabase(client, url, largerRush(largeRush), connections));
	};
	print(`${nameOf(largeRush)}, in the database alone`, [
		{ what: '2 connections, as a process of the app has for it', value: await alone(2) },
		{ what: '50 connections', value: await alone(50) }
	]);
	await client.end();
}

const nameOf = ({ people, members, seats }: Rush) =>
	`A rush of ${people} people of ${members} members on ${seats} seats`;
const largerRush = ({ people, members, seats }: Rush): Rush => ({
	people: people * 10,
	members: members * 10,
	seats: seats * 10
});

async function rush(stack: TestSummit, client: pg.Client, size: Rush): Promise<void> {
	const { id, slug, members } = await prepareRush(client, size);
	const tag = Date.now();
	const sessions = await openSessions(
		stack.variables,
		Array.from({ length: size.people }, (_, n) => `rush-${tag}-${n}@example.org`)
	);
	await draft(client, id, members, sessions);
	const url = new URL(`/${slug}/register/5`, stack.origin);
	const times: number[] = [];
	const answers = new Map<string, number>();
	const began = performance.now();
	await Promise.all(
		sessions.map(async (session) => {
			const { status, location } = await send(url, session.cookie, { version: '1', code_of_conduct: 'on' });
			times.push(performance.now() - began);
			const answer = `${status} ${location}`;
			answers.set(answer, (answers.get(answer) ?? 0) + 1);
		})
	);
	const settled = performance.now() - began;
	const { held, waiting, ordered } = await rushResult(client, id);
	print(nameOf(size), [
		{
			what: 'settled',
			value: `${ms(settled)}, half of them by ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}`,
			...(size.aim && { aim: size.aim })
		},
		{ what: 'answers', value: [...answers].map(([answer, count]) => `${count} × ${answer}`).join(', ') },
		{ what: 'seats held', value: String(held), aim: String(size.seats) },
		{
			what: 'in the queue',
			value: `${waiting}, in order of arrival: ${ordered}`,
			aim: String(size.people - size.seats)
		}
	]);
}

/** An open Summit with these seats and members. A member has two to six seats: some people wait for their own, most for the hall. */
export async function prepareRush(
	client: pg.Client,
	size: Rush
): Promise<{ id: string; slug: string; members: string[] }> {
	const made = await makeSummit(client, {
		hall: size.seats,
		members: size.members,
		ceilings: { civil_society: 2, private_sector: 2, government: 6 }
	});
	const slug = await readValue<string>(client, `select slug from public.summits where id = $1`, [made.summit]);
	return { id: made.summit, slug, members: made.members };
}

/** Creates a complete draft of each. */
async function draft(client: pg.Client, summit: string, members: string[], sessions: Session[]): Promise<void> {
	await client.query(
		`with people as (
			update public.people set display_name = 'Delegate ' || left(id::text, 8), office = 'Coordinator', country = 'UY' where id = any ($2::uuid[])
		)
		insert into public.registrations (summit_id, person_id, member_id, mode, form_step)
		select $1, p, ($3::uuid[])[1 + n % $4::integer], 'in_person', 5 from unnest($2::uuid[]) with ordinality as t (p, n)`,
		[summit, sessions.map((session) => session.person), members, members.length]
	);
}

/**
 * The same as calls of the function that submits the form, each in one round trip as over the data path; milliseconds
 * until all are answered.
 */
async function rushInDatabase(client: pg.Client, url: string, size: Rush, connections: number): Promise<number> {
	const { id, members } = await prepareRush(client, size);
	const people = await makePeople(client, size.people);
	const drafts = await makeDrafts(client, id, people, (n) => members[n % members.length] ?? '');
	await client.query('analyze');
	const crowd = await Promise.all(
		Array.from({ length: connections }, async () => {
			const one = new pg.Client({ connectionString: url });
			await one.connect();
			return one;
		})
	);
	const began = performance.now();
	await inParallel(crowd, people, (each, { account }, n) => {
		const claims = JSON.stringify({ role: 'authenticated', sub: account });
		const call = new RoundTrip([
			{ text: `select set_config('request.jwt.claims', $1, true)`, values: [claims] },
			{ text: `select private.submit_registration($1)`, values: [drafts[n] ?? ''] }
		]);
		each.query(call);
		return call.answer;
	});
	const took = performance.now() - began;
	await Promise.all(crowd.map((each) => each.end()));
	const { held, waiting } = await rushResult(client, id);
	if (held + waiting !== people.length) throw new Error(`${held} held and ${waiting} waiting of ${people.length}`);
	return took;
}

/** What a rush left in the database: seats, places in the queue, and whether these are in the order of sending. */
export async function rushResult(
	client: pg.Client,
	summit: string
): Promise<{ held: number; waiting: number; ordered: boolean }> {
	const { rows } = await client.query<{ held: number; waiting: number; ordered: boolean }>(
		`select (select count(*)::int from public.seats where summit_id = $1 and mode = 'in_person' and state <> 'released') as held,
			count(*)::int as waiting,
			coalesce(bool_and(in_order), true) as ordered
		from (select q.rank, r.submitted_at >= lag(r.submitted_at) over (order by q.rank) is not false as in_order
			from public.queue_entries as q join public.registrations as r on r.id = q.registration_id
			where q.summit_id = $1 and q.state = 'waiting') as queue`,
		[summit]
	);
	return rows[0] ?? { held: 0, waiting: 0, ordered: false };
}
