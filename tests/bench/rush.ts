/* The rush: 300 signed-in people send their form for 50 seats in the hall, through HTTP, all at once. */
import { request } from 'node:http';
import type pg from 'pg';
import { openSessions, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { ms, percentile, print } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

const PEOPLE = 300;
const SEATS = 50;

/** Measures the rush, and counts what it left in the database. */
export async function measureRush(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { id, slug } = await makeSummit(client, 8);
	const tag = Date.now();
	const sessions = await openSessions(
		stack.variables,
		Array.from({ length: PEOPLE }, (_, n) => `rush-${tag}-${n}@example.org`)
	);
	await prepare(client, id, sessions);
	const url = new URL(`/${slug}/register/5`, stack.origin);
	const times: number[] = [];
	const answers = new Map<string, number>();
	const began = performance.now();
	await Promise.all(
		sessions.map(async (session) => {
			const { status, location } = await send(url, session.cookie);
			times.push(performance.now() - began);
			const answer = `${status} ${location}`;
			answers.set(answer, (answers.get(answer) ?? 0) + 1);
		})
	);
	const settled = performance.now() - began;
	const { rows } = await client.query<{ held: number; waiting: number; ordered: boolean }>(
		`select (select count(*)::int from public.seats where summit_id = $1 and mode = 'in_person' and state <> 'released') as held,
			count(*)::int as waiting,
			coalesce(bool_and(in_order), true) as ordered
		from (select q.rank, r.submitted_at >= lag(r.submitted_at) over (order by q.rank) is not false as in_order
			from public.queue_entries as q join public.registrations as r on r.id = q.registration_id
			where q.summit_id = $1 and q.state = 'waiting') as queue`,
		[id]
	);
	await client.end();
	const left = rows[0];
	print(`A rush of ${PEOPLE} people on ${SEATS} seats`, [
		{ what: 'settled', value: `${ms(settled)}, p95 ${ms(percentile(times, 0.95))}`, aim: '3 s' },
		{ what: 'answers', value: [...answers].map(([answer, count]) => `${count} × ${answer}`).join(', ') },
		{ what: 'seats held', value: String(left?.held), aim: String(SEATS) },
		{
			what: 'in the queue',
			value: `${left?.waiting}, in order of arrival: ${left?.ordered}`,
			aim: String(PEOPLE - SEATS)
		}
	]);
}

/** 50 seats, a member for each person, and a draft of each that only waits to be sent. */
async function prepare(client: pg.Client, summit: string, sessions: Session[]): Promise<void> {
	await client.query('begin');
	await client.query(
		`insert into public.mode_capacities (summit_id, mode, capacity) values ($1, 'in_person', $2), ($1, 'virtual', 500)`,
		[summit, SEATS]
	);
	await client.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, 'civil_society', 'in_person', 1), ($1, 'civil_society', 'virtual', 3)`,
		[summit]
	);
	await client.query(
		`with people as (
			update public.people set display_name = 'Delegate ' || left(id::text, 8), office = 'Coordinator', country = 'UY' where id = any ($2::uuid[]) returning id
		), members as (
			insert into public.members (name, sector, country) select 'Rush Example ' || id, 'civil_society', 'UY' from people returning id, name
		), standing as (
			insert into public.summit_members (summit_id, member_id, sector, country) select $1, id, 'civil_society', 'UY' from members
		)
		insert into public.registrations (summit_id, person_id, member_id, mode, form_step)
		select $1, people.id, members.id, 'in_person', 5 from people join members on members.name = 'Rush Example ' || people.id`,
		[summit, sessions.map((session) => session.person)]
	);
	await client.query('commit');
}

function send(url: URL, cookie: string): Promise<{ status: number; location: string }> {
	const body = 'version=1&code_of_conduct=on';
	return new Promise((done, fail) => {
		const asked = request(
			url,
			{
				method: 'POST',
				headers: {
					cookie,
					accept: 'text/html',
					origin: url.origin,
					'content-type': 'application/x-www-form-urlencoded',
					'content-length': body.length
				}
			},
			(response) => {
				response.resume();
				response.on('end', () => done({ status: response.statusCode ?? 0, location: response.headers.location ?? '' }));
			}
		);
		asked.on('error', fail);
		asked.end(body);
	});
}
