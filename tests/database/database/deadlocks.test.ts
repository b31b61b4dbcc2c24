/* Two functions that wait for each other: Postgres ends one of them, and the app retries it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rpc } from '../../../src/lib/database/server/rpc.ts';
import { afterDeadlock } from '../../../src/lib/database/server/deadlock.ts';
import { callPrivate, closePool } from '../../../src/lib/database/server/pool.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;

beforeAll(async () => {
	process.env.APP_DATABASE_URL = db.appUrl;
	lite = await startLite(db);
	await db.owner.query(`create table private.two (id integer primary key, count integer not null default 0);
		insert into private.two (id) values (1), (2);
		create function private.count_both(p_first integer, p_second integer) returns integer language plpgsql security definer as $$
		begin
			update private.two set count = count + 1 where id = p_first;
			-- Both hold the first of theirs before either asks for the second. A call that is tried again finds no other.
			perform pg_advisory_xact_lock_shared(p_first);
			for n in 1..60 loop
				exit when exists (
					select from pg_locks where locktype = 'advisory' and objid = p_second
						and database = (select oid from pg_database where datname = current_database()));
				perform pg_sleep(0.05);
			end loop;
			update private.two set count = count + 1 where id = p_second;
			return 1;
		end $$;
		grant execute on function private.count_both(integer, integer) to app_server;
		create function public.count_both(first integer, second integer) returns integer language sql security definer
			as 'select private.count_both(first, second)';
		grant execute on function public.count_both(integer, integer) to anon`);
});
afterAll(async () => {
	delete process.env.APP_DATABASE_URL;
	await closePool();
	await lite.stop();
});

const deadlocks = () =>
	readValue<number>(db.owner, `select deadlocks::integer from pg_stat_database where datname = current_database()`);

test('completes the ended call once, for the app and for a reader', async () => {
	await db.owner.query('update private.two set count = 0');
	const before = await deadlocks();
	await Promise.all([
		// @ts-expect-error of this test alone
		callPrivate('count_both', [1, 2]),
		// @ts-expect-error of this test alone
		callPrivate('count_both', [2, 1])
	]);
	const reader = lite.signedOut();
	await Promise.all([
		// @ts-expect-error of this test alone
		rpc(reader, 'count_both', { first: 1, second: 2 }),
		// @ts-expect-error of this test alone
		rpc(reader, 'count_both', { first: 2, second: 1 })
	]);
	const { rows } = await db.owner.query(`select id, count from private.two order by id`);
	expect(rows).toEqual([
		{ id: 1, count: 4 },
		{ id: 2, count: 4 }
	]);
	// The server writes its statistics with a delay.
	await expect.poll(async () => (await deadlocks()) - before, { timeout: 30_000 }).toBe(2);
});

test('throws another error at once, and a deadlock that returns at the third try', async () => {
	const failing = (code: string) => {
		let tried = 0;
		return {
			done: () => tried,
			attempt: () => ((tried += 1), Promise.reject(Object.assign(new Error(code), { code })))
		};
	};
	const refused = failing('23505');
	await expect(afterDeadlock(refused.attempt)).rejects.toThrow('23505');
	expect(refused.done()).toBe(1);
	const locked = failing('40P01');
	await expect(afterDeadlock(locked.attempt)).rejects.toThrow('40P01');
	expect(locked.done()).toBe(3);
});

test('answers 400 to a number that no column holds, for the app as for a reader', async () => {
	await expect(callPrivate('end_recording_part', [new Uint8Array(1), Infinity])).rejects.toMatchObject({ status: 400 });
});
