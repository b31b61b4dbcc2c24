/* The connections of the data path: callers who share them, many callers at once, and connections that break. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isOutage } from '../../../src/lib/database/server/outage.ts';
import { checkDataPath } from '../../../src/local/hosted-database.ts';
import { signToken, startDataPath, type TestDataPath } from '../../fixtures/data-path.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makePerson } from '../../fixtures/world.ts';

const jwtSecret = randomUUID();

const db = useDatabase();
let path: TestDataPath;

beforeAll(async () => {
	await db.owner.query(`
		create function public.echo(p_number integer, p_text text) returns jsonb language sql stable as $$
			select jsonb_build_object('number', p_number, 'text', p_text) $$;
		create function public.account_after(p_ms integer) returns text language plpgsql volatile as $$
		begin
			perform pg_sleep(p_ms / 1000.0);
			return coalesce(auth.uid()::text, 'nobody') || ' ' || current_user || ' ' || coalesce(current_setting('app.left_behind', true), '');
		end $$;
		create function public.raise_as(p_code text) returns text language plpgsql volatile as $$
		begin
			perform set_config('app.left_behind', 'something', true);
			raise exception 'words' using errcode = p_code, detail = 'details', hint = 'a hint';
		end $$;
		grant execute on all functions in schema public to anon, authenticated;
	`);
	path = startDataPath(db, { jwtSecret });
});
afterAll(async () => {
	await path.close();
});

const seven = { p_number: 7, p_text: 'x' };

test('two people who share one connection are never confused', async () => {
	const single = startDataPath(db, { jwtSecret, connections: 1 });
	const people = [null, randomUUID(), randomUUID()];
	const clients = await Promise.all(
		people.map(async (sub) => single.client(sub === null ? null : await signToken(jwtSecret, { sub })))
	);
	const answers = await Promise.all(
		Array.from({ length: 60 }, async (_, n) => {
			const [sub, client] = [people[n % 3], clients[n % 3]];
			// An aborted call of one person leaves nothing to the next.
			if (n % 7 === 0) await client?.rpc('raise_as', { p_code: 'P0001' });
			const { data } = await (client as NonNullable<typeof client>).rpc('account_after', { p_ms: n % 5 });
			return [data, sub ? `${sub} authenticated ` : 'nobody anon '];
		})
	);
	for (const [answer, expected] of answers) expect(answer).toBe(expected);
	expect(single.passedOn).toEqual([]);
	await single.close();
});

test('registrations that wait for the lock of the seats keep nobody else waiting', async () => {
	const summit = randomUUID();
	const person = await makePerson(db.owner, 'Ana');
	await db.owner.query(`
		create or replace function public.save_registration_steps(summit uuid, writes jsonb, send boolean default false)
			returns jsonb language plpgsql volatile as $$
		begin
			perform pg_advisory_xact_lock(4711);
			return jsonb_build_object('status', 'already');
		end $$`);
	const client = path.client(await signToken(jwtSecret, { sub: person.account }));
	await db.owner.query('begin; select pg_advisory_xact_lock(4711)');
	const sent = Array.from({ length: 40 }, async () => {
		const { data } = await client.rpc('save_registration_steps', { summit, writes: [], send: true });
		return (data as { status: string }).status;
	});
	const waiting = () =>
		readValue(db.app, `select count(*)::integer from pg_locks where locktype = 'advisory' and not granted`);
	await vi.waitFor(async () => expect(await waiting()).toBe(2), 10_000);
	const others = await Promise.all(Array.from({ length: 20 }, () => path.client(null).rpc('echo', seven)));
	expect(others.map(({ data }) => data)).toEqual(others.map(() => ({ number: 7, text: 'x' })));
	expect(await waiting()).toBe(2);
	await db.owner.query('commit');
	expect(new Set(await Promise.all(sent))).toEqual(new Set(['already']));
});

test('answers 200 calls at once over few connections', async () => {
	const answers = await Promise.all(
		Array.from({ length: 200 }, (_, n) => path.client(null).rpc('echo', { p_number: n, p_text: 'x'.repeat(n) }))
	);
	expect(answers.map(({ data }) => data)).toEqual(
		Array.from({ length: 200 }, (_, n) => ({ number: n, text: 'x'.repeat(n) }))
	);
	const { rows } = await db.owner.query<{ open: number }>(
		`select count(*)::int as open from pg_stat_activity where usename = 'data_path' and datname = current_database()`
	);
	expect(rows[0]?.open).toBeLessThanOrEqual(16);
});

test('reports a call of a killed backend as an outage, and answers the next call', async () => {
	const single = startDataPath(db, { jwtSecret, connections: 1 });
	const superuser = await db.connect(db.superuserUrl);
	const kill = () =>
		superuser.query(
			`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'data_path' and datname = current_database()`
		);
	const asked = single.client(null).rpc('account_after', { p_ms: 20_000 });
	const outcome = Promise.resolve(asked);
	await expect
		.poll(
			async () =>
				(
					await superuser.query(
						`select from pg_stat_activity where query like '%account_after%' and usename = 'data_path'`
					)
				).rowCount
		)
		.toBe(1);
	await kill();
	const { error, status } = await outcome;
	expect([status, isOutage(error)]).toEqual([503, true]);
	expect((await single.client(null).rpc('echo', seven)).data).toEqual({ number: 7, text: 'x' });
	// An idle connection, too.
	await kill();
	await expect.poll(async () => (await single.client(null).rpc('echo', seven)).data).toEqual({ number: 7, text: 'x' });
	await single.close();
});

test('reports a missing database as an outage', async () => {
	const away = startDataPath({ dataUrl: 'postgres://data_path:x@127.0.0.1:9/postgres' });
	const { error, status } = await away.client(null).rpc('echo', seven);
	expect([status, error?.code, isOutage(error)]).toEqual([503, 'PGRST000', true]);
	await away.close();
	const url = new URL(db.dataUrl);
	url.password = 'wrong';
	const wrong = startDataPath({ dataUrl: url.href });
	expect(await wrong.client(null).rpc('echo', seven)).toMatchObject({ status: 503, error: { code: 'PGRST000' } });
	await wrong.close();
});

test('starts only with a role that can become the callers’ roles', async () => {
	expect(await checkDataPath(db.dataUrl)).toBeNull();
	expect(await checkDataPath(db.liteUrl)).toBe(
		'DATA_DATABASE_URL signs in as a role that may become anon, authenticated, service_role: it must be data_path, which may become anon and authenticated and nobody else.'
	);
	expect(await checkDataPath(db.appUrl)).toContain('may become nobody');
	const url = new URL(db.dataUrl);
	url.password = 'wrong';
	expect(await checkDataPath(url.href)).toContain('does not lead into the database (28P01)');
});
