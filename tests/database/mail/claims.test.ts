/*
 * One process at a time claims a mail. Another takes over when it dies, and the result is recorded also when the
 * database was away for a moment.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { callPrivate, closePool } from '../../../src/lib/database/server/pool.ts';
import { closeListener } from '../../../src/lib/live/server/listener.ts';
import { startWorker, type Worker } from '../../../src/lib/live/server/worker.ts';
import { mailJobs, sendMail } from '../../../src/lib/mail/server/outbox.ts';
import type { Post } from '../../../src/lib/mail/server/transport.ts';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { inTurn, readValue } from '../../fixtures/registering.ts';

const db = useDatabase();
const workers: Worker[] = [];

beforeAll(async () => {
	vi.stubEnv('APP_DATABASE_URL', db.appUrl);
	vi.stubEnv('DATABASE_URL', db.url);
	vi.stubEnv('SEALING_KEY', `test:${randomBytes(32).toString('base64')}`);
});

afterEach(async () => {
	await Promise.all(workers.splice(0).map((worker) => worker.stop()));
	await db.owner.query('delete from private.outbox');
});

afterAll(async () => {
	await closeListener();
	await closePool();
	vi.unstubAllEnvs();
});

/** A waiting mail, inserted without a notification: a code for signing in, or one of a lower priority. */
async function written(priority = 0): Promise<string> {
	const to = theSealer().seal('somebody@example.org', contexts.address);
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into private.outbox (address_sealed, key_id, template, secret, priority) values ($1, $2, 'sign_in_code', $3, $4) returning id`,
		[to.sealed, to.keyId, theSealer().seal('{"code":"048213"}', contexts.mail).sealed, priority]
	);
	return rows[0]?.id ?? '';
}

async function outbox(id: string) {
	const { rows } = await db.owner.query<{ state: string; attempts: number; last_error: string | null }>(
		`select state::text, attempts, last_error from private.outbox where id = $1`,
		[id]
	);
	return rows[0];
}

const claim = async (id: string) => (await callPrivate('claim_mail', [1, id])).map((row) => row.claim);
const runOut = (id: string) =>
	db.owner.query(`update private.outbox set claimed_until = now() - interval '1 second' where id = $1`, [id]);
const noJobs = async () => undefined;

test('a claimed mail is skipped by others; after the claim expires another process takes it, and the first may record nothing', async () => {
	const id = await written();
	const [first = ''] = await claim(id);
	expect(first).not.toBe('');
	expect(await claim(id)).toEqual([]);
	expect(await callPrivate('extend_mail_claim', [id, first])).toEqual([{ extend_mail_claim: true }]);
	await runOut(id);
	const [second = ''] = await claim(id);
	expect(second).not.toBe(first);
	expect(await callPrivate('extend_mail_claim', [id, first])).toEqual([{ extend_mail_claim: false }]);
	await callPrivate('mark_mail_sent', [id, first]);
	await callPrivate('mark_mail_failed', [id, first, 'ESOCKET', true]);
	expect(await outbox(id)).toMatchObject({ state: 'sending', attempts: 2, last_error: null });
	await callPrivate('mark_mail_sent', [id, second]);
	expect(await outbox(id)).toMatchObject({ state: 'sent' });
});

test('the mail of a dead process is sent by the next one as soon as the claim expires, with the same id', async () => {
	const id = await written();
	await claim(id);
	const until = await readValue<string>(
		db.owner,
		`update private.outbox set claimed_until = now() + interval '3 seconds' where id = $1 returning claimed_until::text`,
		[id]
	);
	const posted: { id: string; isExpired: boolean }[] = [];
	const post: Post = async (message) => {
		const isExpired = await readValue<boolean>(db.owner, 'select clock_timestamp() >= $1::timestamptz', [until]);
		posted.push({ id: message.id, isExpired });
	};
	workers.push(startWorker({ connectionString: db.url, jobs: mailJobs(post), report: () => undefined }));
	await expect.poll(async () => (await outbox(id))?.state, { timeout: 40_000 }).toBe('sent');
	expect(posted).toEqual([{ id, isExpired: true }]);
});

test('the job schedules mails in transit for the time at which their claim expires', async () => {
	const id = await written();
	await claim(id);
	const { rows } = await db.owner.query(
		`select m.id, m.run_at = o.claimed_until and o.claimed_until between now() + interval '20 seconds' and now() + interval '30 seconds' as when_it_ends
		from private.sweep_mail() as m join private.outbox as o using (id)`
	);
	expect(rows).toEqual([{ id, when_it_ends: true }]);
});

test('a mail that was sent while the database was away is recorded afterwards, and sent once', async () => {
	const id = await written();
	let posted = 0;
	const superuser = await db.connect(db.superuserUrl);
	const name = new URL(db.url).pathname.slice(1);
	const post: Post = async () => {
		posted += 1;
		// For a second nobody can connect, and existing connections are closed.
		await superuser.query(`alter database ${name} connection limit 0`);
		await superuser.query(
			`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app_server' and datname = current_database()`
		);
		setTimeout(() => void superuser.query(`alter database ${name} connection limit -1`), 1000);
	};
	await sendMail(id, noJobs, post);
	expect([posted, (await outbox(id))?.state]).toEqual([1, 'sent']);
});

test('a server that is slow to accept some mails holds up no others', async () => {
	let release: (() => void) | undefined;
	const slow = new Promise<void>((done) => (release = done));
	const stuck = [await written(), await written(), await written()];
	const posted: string[] = [];
	const post: Post = async ({ id }) => {
		if (stuck.includes(id)) await slow;
		posted.push(id);
	};
	const [job] = mailJobs(post);
	const stopping = new AbortController();
	const due = () => job?.trigger?.run([], noJobs, stopping.signal) ?? Promise.resolve();
	const first = due();
	await expect
		.poll(() => inTurn(stuck, async (id) => (await outbox(id))?.state))
		.toEqual(['sending', 'sending', 'sending']);
	for (let n = 0; n < 3; n += 1) {
		const id = await written();
		await due();
		expect(posted).toContain(id);
	}
	release?.();
	await first;
	expect(new Set(posted).size).toBe(6);
	// Stopped, it claims nothing more.
	stopping.abort();
	const late = await written();
	await due();
	expect(await outbox(late)).toMatchObject({ state: 'queued', attempts: 0 });
});

test('while many people wait for pages, only codes are sent, and what has waited for ten seconds', async () => {
	const code = await written();
	const ordinary = await written(5);
	const old = await written(5);
	await db.owner.query(`update private.outbox set created_at = now() - interval '11 seconds' where id = $1`, [old]);
	let isBusy = true;
	const posted: string[] = [];
	const [job] = mailJobs(
		async ({ id }) => void posted.push(id),
		() => isBusy
	);
	const sending = job?.trigger?.run([], noJobs, new AbortController().signal);
	await expect.poll(() => posted).toEqual([code, old]);
	const another = await written();
	await expect.poll(() => posted).toEqual([code, old, another]);
	expect(await outbox(ordinary)).toMatchObject({ state: 'queued', attempts: 0 });
	isBusy = false;
	await sending;
	expect(posted).toEqual([code, old, another, ordinary]);
});
