/*
 * Random histories of a whole Summit, one act after the other and on fifty connections at once: members, delegations,
 * seats, queues, money and the clock together. HISTORY_SECONDS=600 plays other and longer ones; a failure prints its
 * seed, which HISTORY_SEED plays again.
 */
import fc from 'fast-check';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import type { Step } from '../../fixtures/money-history.ts';
import { connectMany, inParallel } from '../../fixtures/registering.ts';
import { PEOPLE } from '../../fixtures/member-history.ts';
import { historyActs, SeatHistory, type HistoryAct } from '../../fixtures/seat-history.ts';
import { useDatabase } from '../../fixtures/database.ts';

const seconds = Number(process.env.HISTORY_SECONDS ?? 18);
const given = process.env.HISTORY_SEED;
const timeout = (seconds + 600) * 1000;

const db = useDatabase();
let crowd: pg.Client[];

beforeAll(async () => {
	crowd = await connectMany(db, 50);
	await witness(db.owner);
});

/**
 * Checks every seat when it is given: under the lock of its mode, and past nobody who came earlier and could have it.
 */
async function witness(client: pg.Client): Promise<void> {
	await client.query(`
		create function private.witness_seat() returns trigger language plpgsql security definer set search_path = '' as $$
		declare
			v_lock constant bigint := hashtextextended('seats:' || new.summit_id || new.mode, 0);
			v_rank bigint;
		begin
			if not exists (select from pg_catalog.pg_locks as l where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.granted
				and l.classid::bigint = (v_lock >> 32) & 4294967295 and l.objid::bigint = v_lock & 4294967295) then
				raise exception 'a seat changed without the lock of its mode';
			end if;
			if tg_op = 'INSERT' and new.transferred_from_id is null then
				select q.rank into v_rank from public.queue_entries as q where q.registration_id = new.registration_id and q.mode = new.mode and q.state = 'waiting';
				if exists (select from public.queue_entries as q join public.registrations as r on r.id = q.registration_id
					where q.summit_id = new.summit_id and q.mode = new.mode and q.state = 'waiting' and q.registration_id <> new.registration_id
						and (v_rank is null or q.rank < v_rank) and private.seat_refusal_reason(q.summit_id, q.mode, r.member_id, r.pool_id) is null) then
					raise exception 'somebody who waits was passed over';
				end if;
			end if;
			return new;
		end
		$$;
		create trigger a_witness before insert or update on public.seats for each row execute function private.witness_seat();`);
}

const step: fc.Arbitrary<Step<HistoryAct>> = fc.record({
	act: fc.oneof(
		{
			weight: 4,
			arbitrary: fc.constantFrom<HistoryAct>(
				'submit',
				'submit',
				'accredit',
				'accredit',
				'switch',
				'join',
				'answer_offer',
				'hand_over',
				'invite',
				'transfer_seat_by_invitation',
				'accept_invitation',
				'accept_invitation',
				'withdraw',
				'card',
				'bank'
			)
		},
		{ weight: 6, arbitrary: fc.constantFrom<HistoryAct>(...historyActs) }
	),
	who: fc.nat({ max: PEOPLE - 1 }),
	flag: fc.boolean()
});

/** Plays histories until the time is over, at least one; each round has its own seed. */
async function play(
	size: { minLength: number; maxLength: number },
	one: (history: SeatHistory, steps: Step<HistoryAct>[]) => Promise<void>
): Promise<void> {
	const until = Date.now() + seconds * 1000;
	// The same histories in each test run, though connections never interleave twice in the same way.
	let seed = given ? Number(given) : process.env.HISTORY_SECONDS ? Date.now() % 2 ** 31 : 1;
	do {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { ...size, size: 'max' }), async (steps) =>
				one(await SeatHistory.begin(db.owner), steps)
			),
			// Shrinking a failure takes minutes, so it happens only on request.
			{ seed, numRuns: 3, endOnFailure: !given }
		);
		seed += 1;
	} while (Date.now() < until && !given);
}

test('one after the other, in any order, the invariants hold after every single step', { timeout }, async () => {
	await play({ minLength: 20, maxLength: 60 }, async (history, steps) => {
		for (const each of steps) {
			await history.take(db.owner, each);
			const faults = await history.faults();
			if (faults.length > 0) throw new Error(`after ${JSON.stringify(each)}: ${faults.join('; ')}`);
		}
		await db.owner.query(`select private.sweep_deadlines()`);
		expect(await history.faults()).toEqual([]);
	});
});

test('all at once on fifty connections, the invariants hold in the end', { timeout }, async () => {
	await play({ minLength: 100, maxLength: 250 }, async (history, steps) => {
		await inParallel(crowd, steps, (client, each) => history.take(client, each));
		await db.owner.query(`select private.sweep_deadlines()`);
		expect(await history.faults()).toEqual([]);
	});
});
