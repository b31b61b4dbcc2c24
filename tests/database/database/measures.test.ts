/* What monitors read of the database: counts and ages alone. */
import { runMigrations } from 'graphile-worker';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
beforeAll(async () => {
	world = await makeWorld(db.owner);
});

interface Measure {
	name: string;
	labels: Record<string, string>;
	value: number;
}

const read = async () => (await db.app.query<Measure>('select * from private.read_measures()')).rows;
const named = async (name: string, labels: Record<string, string> = {}) =>
	(await read())
		.filter((each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value))
		.map(({ value }) => value);

test('seats by mode and state of each Summit that is open', async () => {
	const summit = world.slug;
	expect(await named('seats', { summit, mode: 'in_person', state: 'capacity' })).toEqual([20]);
	const { rows } = await db.owner.query<{ taken: number }>(
		`select count(*)::integer as taken from public.seats where summit_id = $1 and mode = 'in_person' and state = 'taken'`,
		[world.summit]
	);
	expect(rows[0]?.taken).toBeGreaterThan(0);
	expect(await named('seats', { summit, mode: 'in_person', state: 'taken' })).toEqual([rows[0]?.taken]);
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
	expect(await named('seats', { summit })).toEqual([]);
	await db.owner.query(`update public.summits set state = 'open' where id = $1`, [world.summit]);
});

test('mails that are not sent, and the age of the oldest that is due', async () => {
	await db.owner.query('delete from private.outbox');
	expect(await named('mails')).toEqual([0, 0, 0, 0]);
	expect(await named('mails_oldest_seconds')).toEqual([0]);
	await db.owner.query(
		`insert into private.outbox (person_id, template, state, created_at, send_after)
		select $1, 'x', state::public.mail_state, now() - interval '1 hour', now() - age::interval
		from (values ('queued', '10 minutes'), ('queued', '-1 hour'), ('dead', '1 hour'), ('sent', '1 hour')) as each (state, age)`,
		[world.people.delegate.person]
	);
	expect(await named('mails', { state: 'queued' })).toEqual([2]);
	expect(await named('mails', { state: 'dead' })).toEqual([1]);
	expect(await named('mails', { state: 'sent' })).toEqual([]);
	const [oldest = 0] = await named('mails_oldest_seconds');
	expect(oldest).toBeGreaterThan(599);
	expect(oldest).toBeLessThan(700);
});

test('jobs that are due and those that were given up, once there are any', async () => {
	expect(await named('jobs_due')).toEqual([]);
	await runMigrations({ connectionString: db.url });
	expect(await named('jobs_oldest_seconds')).toEqual([0]);
	await db.owner.query(
		`select graphile_worker.add_job('send_mails', run_at => now() - interval '5 minutes', job_key => 'a', max_attempts => 3),
			graphile_worker.add_job('send_mails', run_at => now() + interval '5 minutes', job_key => 'b')`
	);
	expect(await named('jobs_due', { task: 'send_mails' })).toEqual([1]);
	expect(await named('jobs_given_up')).toEqual([]);
	expect((await named('jobs_oldest_seconds'))[0]).toBeGreaterThan(299);
	await db.owner.query(`update graphile_worker._private_jobs set attempts = 3 where key = 'a'`);
	expect(await named('jobs_due')).toEqual([]);
	expect(await named('jobs_given_up', { task: 'send_mails' })).toEqual([1]);
});

test('no row names a person, a member, a session or an id', async () => {
	const text = JSON.stringify(await read());
	for (const { name, person } of Object.values(world.people))
		expect(text.includes(name) || text.includes(person)).toBe(false);
	expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
	for (const { title, code } of Object.values(world.sessions))
		expect(text.includes(title) || text.includes(code)).toBe(false);
});

test('the age of the last good backup, where there is one', async () => {
	expect(await named('backup_age_seconds')).toEqual([]);
	await db.owner.query(
		`insert into private.backup_runs (begun_at, ended_at, outcome, backup, size)
		values (now() - interval '3 hours', now() - interval '2 hours', 'good', '2026-12-01T03-00-00Z', 1)`
	);
	const [age = 0] = await named('backup_age_seconds');
	expect(Math.round(age)).toBe(7200);
});
