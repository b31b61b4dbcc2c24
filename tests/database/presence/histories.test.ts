/*
 * Presence from random histories: lost, late, repeated and reordered webhooks, room lists at any moment, and a killed
 * LiveKit. The result must equal a naive reading of the delivered facts, in any order.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let room: string;
let identity: string;
const zero = Date.now() - 3_600_000;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	const { rows } = await db.app.query<{ pass: { room: string; identity: string } }>(
		`select private.stage_pass($1, $2, 'plenary') as pass`,
		[world.people.delegate.person, world.summit]
	);
	({ room, identity } = rows[0]?.pass ?? { room: '', identity: '' });
});

/** One connection, in seconds; what LiveKit reported of it, and how late. */
interface Connection {
	sid: string;
	from: number;
	to: number;
	joined: number[];
	left: number[];
}

const spans = fc
	.array(fc.record({ pause: fc.integer({ min: 1, max: 150 }), length: fc.integer({ min: 1, max: 300 }) }), {
		minLength: 1,
		maxLength: 5
	})
	.map((list) => {
		let at = 0;
		return list.map(({ pause, length }) => {
			const from = at + pause;
			at = from + length;
			return { from, to: at };
		});
	});
// Each copy of a webhook with its delay; none: lost.
const copies = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 3 });
const history = fc.record({
	spans,
	reports: fc.array(fc.record({ joined: copies, left: copies }), { minLength: 5, maxLength: 5 }),
	lists: fc.uniqueArray(fc.integer({ min: 0, max: 1800 }), { maxLength: 25 }),
	killedAt: fc.option(fc.integer({ min: 1, max: 1500 }), { nil: null })
});

type Fact = { at: number; send: () => Promise<unknown> };
const time = (second: number) => new Date(zero + second * 1000).toISOString();
const event = (sid: string, joined: number, left: number | null) => () =>
	db.app.query(`select private.apply_livekit_event($1, $2, $3, $4, $5)`, [
		room,
		sid,
		identity,
		time(joined),
		left === null ? null : time(left)
	]);
const list = (present: Connection[], at: number) => () =>
	db.app.query(`select private.reconcile_connections($1, $2, $3)`, [
		room,
		JSON.stringify(present.map(({ sid, from }) => ({ sid, identity, joined_at: time(from) }))),
		time(at)
	]);

/** What the delivered facts say of a connection: its reported end, or when it was last seen. */
function naive(connections: Connection[], lists: number[]): [number, number][] {
	const known = connections.flatMap(({ from, to, joined, left }): [number, number][] => {
		if (left.length > 0) return [[from, to]];
		const seen = lists.filter((at) => at >= from && at < to);
		if (seen.length === 0 && joined.length === 0) return [];
		return [[from, Math.max(from, ...seen)]];
	});
	const merged: [number, number][] = [];
	for (const [from, to] of known.sort((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		// Less than a minute apart is a reconnection.
		if (last && from <= last[1] + 60) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}

test('presence equals the naive reading of the delivered facts', async () => {
	await fc.assert(
		fc.asyncProperty(history, async ({ spans: periods, reports, lists, killedAt }) => {
			await db.owner.query(`delete from private.run_connections`);
			await db.owner.query(`delete from public.presence where run_id = $1`, [world.run]);
			const connections = periods.flatMap(({ from, to }, index): Connection[] => {
				const { joined, left } = reports[index] ?? { joined: [], left: [] };
				// A killed LiveKit reports no end, and later connections never begin there.
				if (killedAt !== null && from >= killedAt) return [];
				const isCut = killedAt !== null && to > killedAt;
				return [{ sid: `PA_${index}`, from, to: isCut ? killedAt : to, joined, left: isCut ? [] : left }];
			});
			const facts: Fact[] = connections.flatMap(({ sid, from, to, joined, left }) => [
				...joined.map((late) => ({ at: from + late, send: event(sid, from, null) })),
				...left.map((late) => ({ at: to + late, send: event(sid, from, to) }))
			]);
			for (const at of lists)
				facts.push({
					at,
					send: list(
						connections.filter(({ from, to }) => at >= from && at < to),
						at
					)
				});
			// The last check happens when everything is over: LiveKit no longer has the room.
			for (const at of [4000, 4030])
				facts.push({ at, send: () => db.app.query(`select private.end_lost_connections('{}', $1)`, [time(at)]) });
			for (const { send } of facts.sort((a, b) => a.at - b.at)) await send();
			const { rows } = await db.owner.query<{ entered: number; departed: number | null }>(
				`select extract(epoch from entered_at - $2)::int as entered, extract(epoch from left_at - $2)::int as departed
				from public.presence where run_id = $1 order by entered_at`,
				[world.run, new Date(zero)]
			);
			expect(rows.map(({ entered, departed }) => [entered, departed])).toEqual(naive(connections, lists));
		}),
		{ numRuns: 120 }
	);
});

test('repeated events, and events after the end, change nothing', async () => {
	await db.owner.query(`delete from private.run_connections`);
	await event('PA_x', 10, 100)();
	const stored = async () =>
		(await db.owner.query(`select entered_at, left_at from public.presence where run_id = $1`, [world.run])).rows;
	const before = await stored();
	await event('PA_x', 10, 100)();
	await event('PA_x', 10, null)();
	expect(await stored()).toEqual(before);
});
