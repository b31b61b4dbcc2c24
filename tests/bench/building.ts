/* The agenda builder: how long the checks take over 120 and 1,200 sessions, and how long a drag takes until it is saved. */
import type pg from 'pg';
import type { Placement } from '../../src/lib/agenda/builder/builder.ts';
import { makeDraft } from '../fixtures/drafting.ts';
import { callAs } from '../fixtures/registering.ts';
import { openSession } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import type { TestPerson } from '../fixtures/world.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { ownerOf } from './summit.ts';

const rooms = 12;

/** A draft with sessions over four days, and people who have entered their availability. */
async function fill(client: pg.Client, sessions: number, people: number) {
	const draft = await makeDraft(client, { sessions, rooms });
	await client.query(
		`with placed as (select id, row_number() over (order by code) - 1 as n from public.sessions where summit_id = $1),
			timed as (insert into public.slots (session_id, summit_id, during)
				select id, $1, tstzrange(at, at + interval '30 minutes') from placed,
					lateral (select '2027-06-09T11:00Z'::timestamptz + (n / $2::int % 4) * interval '1 day' + (n / $2 / 4) * interval '30 minutes' as at) as place
				returning id, session_id, during)
		insert into public.slot_rooms (slot_id, room_id, summit_id, during)
		select timed.id, rooms.id, $1, timed.during from timed join placed on placed.id = timed.session_id
		join public.rooms on rooms.summit_id = $1 and rooms.position = 1 + placed.n % $2`,
		[draft.summit, rooms]
	);
	await client.query(
		`insert into public.room_equipment (room_id, summit_id, building, floor) select id, summit_id, 'B' || position % 2, 'F' || position % 3 from public.rooms where summit_id = $1`,
		[draft.summit]
	);
	await client.query(
		`with people as (insert into public.people (display_name) select 'Speaker ' || n from generate_series(1, $2::int) as n returning id),
			known as (insert into public.person_availabilities (person_id, summit_id, zone, during)
				select id, $1, 'Asia/Kathmandu', '{["2027-06-09T08:00Z","2027-06-12T21:00Z")}' from people),
			numbered as (select id, row_number() over () as n from people),
			held as (select id, row_number() over () as n from public.sessions where summit_id = $1)
		insert into public.session_people (session_id, summit_id, person_id, role, state)
		select held.id, $1, numbered.id, 'speaker', 'confirmed' from numbered join held on held.n in (1 + numbered.n % $3::int, 1 + numbered.n * 7 % $3::int)
		on conflict do nothing`,
		[draft.summit, people, sessions]
	);
	await client.query('analyze public.session_people, public.slots, public.slot_rooms, public.person_availabilities');
	return draft;
}

async function timed(count: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
	const times: number[] = [];
	for (let n = 0; n < count; n += 1) {
		const begin = performance.now();
		await work(n);
		times.push(performance.now() - begin);
	}
	return times;
}

/** Measures the checks and the query of the board, in the database. */
export async function measureChecks(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const figures: Figure[] = [];
	for (const [sessions, people] of [
		[120, 200],
		[1200, 2000]
	] as const) {
		const draft = await fill(client, sessions, people);
		const [organiser] = draft.organisers;
		const read = (what: string) =>
			callAs<{ findings?: unknown[] }>(client, organiser, `public.${what}($1)`, [draft.summit]);
		const found = (await read('read_checks')).findings?.length ?? 0;
		const checks = await timed(12, () => read('read_checks'));
		const board = await timed(12, () => read('read_agenda_builder'));
		figures.push(
			{
				what: `checks, ${sessions} sessions, ${people} people`,
				value: `p50 ${ms(percentile(checks, 0.5))}, p95 ${ms(percentile(checks, 0.95))}, ${found} found`,
				...(sessions === 1200 && { aim: '300 ms' })
			},
			{ what: `board read, ${sessions} sessions`, value: `p50 ${ms(percentile(board, 0.5))}` }
		);
	}
	await client.end();
	print('Checks of the draft', figures);
}

/** Measures how long a drag takes until it is saved, over HTTP, alone and with a second organiser who drags too. */
export async function measureDragging(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const draft = await fill(client, 120, 200);
	const { rows: slots } = await client.query<{ placement: Placement }>(
		'select private.read_placement($1, id) as placement from public.slots where summit_id = $1 order by id limit 2',
		[draft.summit]
	);
	await client.end();
	const drag = async (who: TestPerson, placed: Placement) => {
		const { cookie } = await openSession(stack.variables, `${who.account}@example.org`);
		let seen = placed;
		return timed(100, async (n) => {
			// Between the night and back, where no other session is.
			const by = (n % 2 === 0 ? 12 : -12) * 3_600_000;
			const move = (time: string) => new Date(Date.parse(time) + by).toISOString();
			const to = { start: move(seen.start), end: move(seen.end), rooms: seen.rooms };
			const body = new URLSearchParams({ changes: JSON.stringify([{ slot: seen.slot, seen, ...to }]) });
			const response = await fetch(`${stack.origin}/${draft.slug}/organise/agenda?/place`, {
				method: 'POST',
				body,
				headers: { cookie, origin: stack.origin, 'x-sveltekit-action': 'true' }
			});
			const answer = (await response.json()) as { type: string };
			if (answer.type !== 'success') throw new Error(`not saved: ${JSON.stringify(answer)}`);
			seen = { ...seen, ...to };
		});
	};
	const [one, two] = draft.organisers;
	const [first, second] = slots.map(({ placement }) => placement);
	if (!first || !second) throw new Error('nothing to drag');
	const alone = await drag(one, first);
	const both = (await Promise.all([drag(one, first), drag(two, second)])).flat();
	print('Drag to saved, 120 sessions', [
		{ what: 'one organiser', value: `p50 ${ms(percentile(alone, 0.5))}, p95 ${ms(percentile(alone, 0.95))}` },
		{ what: 'two at once', value: `p50 ${ms(percentile(both, 0.5))}, p95 ${ms(percentile(both, 0.95))}` }
	]);
}
