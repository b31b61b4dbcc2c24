/* The worker behind the pages, with the library unchanged. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { closeListener } from '../../../src/lib/live/server/listener.ts';
import { cronJobs, startWorker } from '../../../src/lib/live/server/worker.ts';
import type { Job } from '../../../src/lib/live/server/jobs.ts';
import { registrationJobs } from '../../../src/lib/registration/server/sweep.ts';
import { faultsOf, makeDrafts, makePeople, makeSummit, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

beforeAll(async () => {
	Object.assign(process.env, { DATABASE_URL: db.url, APP_DATABASE_URL: db.appUrl });
});
afterAll(async () => {
	await closeListener();
	await closePool();
});

test('a process that was killed during a job does not block later jobs', async () => {
	const calls: (string | null)[] = [];
	const job: Job = { task: 'round', everyMinute: true, run: (id) => Promise.resolve(void calls.push(id)) };
	const start = () => startWorker({ connectionString: db.url, jobs: [job], report: () => undefined });
	const first = start();
	await expect.poll(() => calls.length, { timeout: 10_000 }).toBeGreaterThan(0);
	await first.stop();

	// As the scheduler adds it, each minute.
	const [round] = cronJobs([job]);
	const add = () =>
		db.owner.query(`select graphile_worker.add_job($1, job_key := $2, queue_name := $3, max_attempts := 1)`, [
			round?.task,
			round?.options.jobKey,
			(round?.options as { queueName?: string } | undefined)?.queueName ?? null
		]);
	await add();
	// As a killed process leaves it: locked, and never released.
	await db.owner.query(
		`update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now(), attempts = 1`
	);
	await db.owner.query(`update graphile_worker._private_job_queues set locked_by = 'killed', locked_at = now()`);
	await add();
	calls.length = 0;
	const second = start();
	// Once for the missed run, and once for the waiting one.
	await expect.poll(() => calls.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
	await second.stop();
});

test('one run deletes everything that has expired, however much it is', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const people = await makePeople(db.owner, 250);
	const ids = await makeDrafts(db.owner, summit, people, (n) => members[n % 3] ?? '');
	await db.owner.query('begin');
	await db.owner.query(
		`update public.registrations set state = 'submitted', submitted_at = now() where summit_id = $1`,
		[summit]
	);
	await db.owner.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until)
		select $1, r.id, 'in_person', r.member_id, 'held', now() - interval '1 second' from public.registrations as r where r.id = any ($2)`,
		[summit, ids]
	);
	await db.owner.query('commit');
	await registrationJobs()[0]?.run(null, () => Promise.resolve());
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from public.seats where summit_id = $1 and state = 'held' and held_until > now()`,
			[summit]
		)
	).toBe(250);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});
