import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { useMailWorkers } from '../../fixtures/mail-workers.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const { world, work, arrived, makeEdition, reachable, enqueue, row, state } = useMailWorkers(db);

describe('sending', () => {
	test('a mail is sent as soon as it is written, in its reader’s language and with both times', async () => {
		const address = await reachable(world.people.delegate, 'ar', 'Asia/Amman');
		work();
		const id = await enqueue(world.people.delegate, 'payment_due', {
			amount: 25000,
			currency: 'EUR',
			order: 'QRST678923',
			due_at: '2027-05-01T08:30:00+00:00'
		});
		await expect.poll(() => state(id), { timeout: 10_000 }).toBe('sent');
		const [mail] = await arrived(address);
		expect(mail?.subject).toBe('ادفع لتأكيد مقعدك: World Summit');
		expect(mail?.text).toContain('1 مايو 2027، 05:30 (Montevideo)');
		expect(mail?.text).toContain('1 مايو 2027، 11:30 (Amman)');
		expect(mail?.html).toContain('dir="rtl"');
		expect(mail?.text).toContain(`https://summit.example.org/ar/${world.slug}/me/pay`);
		expect(mail?.headers).toMatchObject({
			'content-language': 'ar',
			'auto-submitted': 'auto-generated',
			'message-id': `<${id}@example.org>`
		});
		expect(mail?.from).toContain('summit@example.org');
		// A name beside an address would reveal the person behind an alias.
		expect(JSON.stringify(mail)).not.toContain(world.people.delegate.name);
	});

	test('mails queued before the worker started are sent, each once, with two workers', async () => {
		const address = await reachable(world.people.delegate);
		const ids: string[] = [];
		for (let index = 0; index < 40; index += 1) ids.push(await enqueue(world.people.delegate, 'registration_received'));
		work();
		work();
		await expect
			.poll(async () => (await db.owner.query(`select from private.outbox where state <> 'sent'`)).rowCount, {
				timeout: 20_000
			})
			.toBe(0);
		expect((await arrived(address)).length).toBe(40);
	});

	test('the same change queues one mail', async () => {
		await reachable(world.people.delegate);
		const first = await enqueue(world.people.delegate, 'offer_made', {}, 'offer:1');
		expect(first).not.toBe('');
		expect(await enqueue(world.people.delegate, 'offer_made', {}, 'offer:1')).toBe('');
	});

	test('a code is sent before a thousand other mails, and deleted from the database once sent', async () => {
		await reachable(world.people.delegate);
		await db.owner.query(
			`insert into private.outbox (person_id, template, summit_id) select $1, 'registration_received', $2 from generate_series(1, 1000)`,
			[world.people.delegate.person, world.summit]
		);
		const address = `canary-${randomUUID()}@example.org`;
		const to = theSealer().seal(address, contexts.address);
		const secret = theSealer().seal(JSON.stringify({ code: '048213' }), contexts.mail);
		const { rows } = await db.owner.query<{ id: string }>(
			`select private.enqueue_code_mail($1, '\\x00', $2, $3, $4, 'fr') as id`,
			[randomUUID(), to.sealed, to.keyId, secret.sealed]
		);
		const id = rows[0]?.id ?? '';
		work();
		await expect.poll(() => state(id), { timeout: 20_000 }).toBe('sent');
		const behind = await db.owner.query(
			`select count(*)::int as count from private.outbox where state = 'sent' and template <> 'sign_in_code'`
		);
		expect((behind.rows[0] as { count: number }).count).toBeLessThan(200);
		const [mail] = await arrived(address);
		expect(mail?.text).toContain('048213');
		expect(mail?.subject).toBe('Votre code de connexion');
		expect((await row(id))?.secret).toBeNull();
	});
});

describe('organisers', () => {
	const list = async (who: TestPerson, of = 'dead') =>
		(
			await actAs<{ list: { status: string; counts: object; rows: { id: string; display_name: string }[] } }>(
				db.owner,
				who,
				`select public.list_mail($1, $2) as list`,
				[world.summit, of]
			)
		)[0]?.list;
	const retry = async (who: TestPerson, id: string) =>
		(await actAs<{ answer: string }>(db.owner, who, `select public.retry_mail($1) as answer`, [id]))[0]?.answer;

	test('see dead mails by the display name, and send one again', async () => {
		const address = await reachable(world.people.delegate);
		const id = await enqueue(world.people.delegate, 'registration_confirmed');
		await db.owner.query(
			`update private.outbox set state = 'dead', attempts = 12, last_error = 'ESOCKET' where id = $1`,
			[id]
		);
		const listed = await list(world.people.registration);
		expect(listed).toMatchObject({ status: 'ok', counts: { dead: 1 } });
		expect(listed?.rows.map((one) => [one.id, one.display_name])).toEqual([[id, world.people.delegate.name]]);
		expect(JSON.stringify(listed)).not.toContain(address);
		work();
		expect(await retry(world.people.registration, id)).toBe('ok');
		await expect.poll(() => state(id), { timeout: 10_000 }).toBe('sent');
		expect(await retry(world.people.registration, id)).toBe('wrong_state');
		expect((await arrived(address)).length).toBe(1);
		const { rows } = await db.owner.query(
			`select actor_person from audit.entries where table_name = 'private.outbox' and row_id = $1`,
			[id]
		);
		expect(rows).toEqual([{ actor_person: world.people.registration.person }]);
	});

	test('send unlisted mails again too: the answer does not count them, the audit does', async () => {
		const who = world.people.registration;
		await reachable(world.people.delegate);
		const ids = [
			await enqueue(world.people.delegate, 'registration_confirmed'),
			await enqueue(world.people.delegate, 'safeguarding_needed')
		] as const;
		const again = async (dead: readonly string[]) => {
			await db.owner.query(`update private.outbox set state = 'dead' where id = any ($1)`, [dead]);
			const [row] = await actAs<{ count: number }>(db.owner, who, `select public.retry_dead_mail($1) as count`, [
				world.summit
			]);
			expect([await state(ids[0]), await state(ids[1])]).toEqual(['queued', 'queued']);
			return row?.count;
		};
		expect([await again(ids), await again(ids.slice(1)), await again([])]).toEqual([1, 0, 0]);
		const { rows } = await db.owner.query(
			`select actor_person, new_values -> 'retried' as retried from audit.entries
			where table_name = 'private.outbox' and row_id = '' and summit_id = $1 order by id`,
			[world.summit]
		);
		expect(rows).toEqual([
			{ actor_person: who.person, retried: 2 },
			{ actor_person: who.person, retried: 1 }
		]);
	});

	test('of other kinds, and of another Summit, are not notified', async () => {
		await reachable(world.people.delegate);
		const id = await enqueue(world.people.delegate, 'registration_confirmed');
		await db.owner.query(`update private.outbox set state = 'dead' where id = $1`, [id]);
		const elsewhere = await makeEdition();
		for (const who of [
			world.people.programme,
			world.people.stage,
			world.people.delegate,
			elsewhere.people.registration
		]) {
			expect(await list(who)).toEqual({ status: 'not_allowed' });
			expect(await retry(who, id)).toBe('not_allowed');
			expect((await actAs(db.owner, who, `select public.retry_dead_mail($1) as count`, [world.summit]))[0]).toEqual({
				count: 0
			});
		}
		expect(await retry(world.people.registration, randomUUID())).toBe('not_allowed');
		expect(await state(id)).toBe('dead');
	});
});
