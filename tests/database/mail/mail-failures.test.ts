import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { closeTransport } from '../../../src/lib/mail/server/transport.ts';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { freePort } from '../../../src/local/processes.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { useMailWorkers } from '../../fixtures/mail-workers.ts';

const db = useDatabase();
const { world, troubles, smtpUrl, work, arrived, reachable, enqueue, row, state, withServer } = useMailWorkers(db);

describe('failing', () => {
	test('when the server is unavailable, the mail is tried again after longer and longer pauses, and then sent', async () => {
		const address = await reachable(world.people.delegate);
		process.env['SMTP_URL'] = `smtp://127.0.0.1:${await freePort()}`;
		closeTransport();
		work();
		const id = await enqueue(world.people.delegate, 'registration_confirmed', { mode: 'in_person' });
		await expect.poll(async () => (await row(id))?.attempts, { timeout: 10_000 }).toBe(1);
		await expect.poll(() => state(id)).toBe('queued');
		expect((await row(id))?.last_error).toMatch(/^(ESOCKET|ECONNECTION)$/);
		const first = (await row(id))?.wait ?? 0;
		expect(first).toBeGreaterThan(20);
		await db.owner.query(`update private.outbox set send_after = now() where id = $1`, [id]);
		await db.owner.query(`select private.publish_event('outbox', 'mail', $1)`, [id]);
		await expect.poll(async () => (await row(id))?.attempts, { timeout: 10_000 }).toBe(2);
		await expect.poll(() => state(id)).toBe('queued');
		expect((await row(id))?.wait).toBeGreaterThan(first * 1.5);
		process.env['SMTP_URL'] = smtpUrl();
		closeTransport();
		await db.owner.query(`update private.outbox set send_after = now() where id = $1`, [id]);
		await db.owner.query(`select private.publish_event('outbox', 'mail', $1)`, [id]);
		await expect.poll(() => state(id), { timeout: 10_000 }).toBe('sent');
		expect((await arrived(address)).length).toBe(1);
	});

	test('a permanently refused address makes a dead mail at once, and the server’s message is not stored', async () => {
		const address = await reachable(world.people.delegate);
		await withServer('550 5.1.1 no such person', async () => {
			work();
			const id = await enqueue(world.people.delegate, 'registration_confirmed');
			await expect.poll(() => state(id), { timeout: 10_000 }).toBe('dead');
			expect((await row(id))?.last_error).toBe('EENVELOPE 550');
		});
		const everywhere = await db.owner.query(
			`select (select coalesce(string_agg(o::text, ''), '') from private.outbox as o)
				|| (select coalesce(string_agg(j::text, ''), '') from graphile_worker._private_jobs as j)
				|| (select coalesce(string_agg(e::text, ''), '') from audit.entries as e) as text`
		);
		expect((everywhere.rows[0] as { text: string }).text).not.toContain(address);
		expect(JSON.stringify(troubles)).not.toContain(address);
	});

	test('a busy server (4xx) is tried again', async () => {
		await reachable(world.people.delegate);
		await withServer('450 4.2.1 later', async () => {
			work();
			const id = await enqueue(world.people.delegate, 'registration_confirmed');
			await expect.poll(async () => (await row(id))?.last_error, { timeout: 10_000 }).toBe('EENVELOPE 450');
			expect(await state(id)).toBe('queued');
		});
	});

	test('the twelfth failure is the last', async () => {
		await reachable(world.people.delegate);
		await withServer('450 4.2.1 later', async () => {
			const id = await enqueue(world.people.delegate, 'registration_confirmed');
			await db.owner.query(`update private.outbox set attempts = 11 where id = $1`, [id]);
			work();
			await expect.poll(() => state(id), { timeout: 10_000 }).toBe('dead');
			expect((await row(id))?.attempts).toBe(12);
		});
	});

	test('a missing recipient, an unknown template and an address under a lost key make dead mails with a reason', async () => {
		await db.owner.query('delete from private.person_addresses where person_id = $1', [world.people.virtual.person]);
		await reachable(world.people.delegate);
		await reachable(world.people.listed);
		await db.owner.query(`update private.person_addresses set key_id = 'lost' where person_id = $1`, [
			world.people.listed.person
		]);
		work();
		const ids = [
			await enqueue(world.people.virtual, 'registration_confirmed'),
			await enqueue(world.people.delegate, 'greetings'),
			await enqueue(world.people.listed, 'registration_confirmed')
		];
		for (const id of ids) await expect.poll(() => state(id), { timeout: 10_000 }).toBe('dead');
		const errors: (string | null | undefined)[] = [];
		for (const id of ids) errors.push((await row(id))?.last_error);
		expect(errors).toEqual(['no_address', 'unknown_template', 'cannot_open']);
	});

	test('a code is not sent after its ten minutes', async () => {
		const to = theSealer().seal(`canary-${randomUUID()}@example.org`, contexts.address);
		const { rows } = await db.owner.query<{ id: string }>(
			`insert into private.outbox (address_sealed, key_id, template, secret, priority, created_at)
			values ($1, $2, 'sign_in_code', $3, 0, now() - interval '11 minutes') returning id`,
			[to.sealed, to.keyId, theSealer().seal('{"code":"048213"}', contexts.mail).sealed]
		);
		work();
		const id = rows[0]?.id ?? '';
		await expect.poll(() => state(id), { timeout: 10_000 }).toBe('dead');
		expect(await row(id)).toMatchObject({ last_error: 'too_late', secret: null });
		expect(await arrived()).toEqual([]);
	});
});
