import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { closeListener } from '../../../src/lib/live/server/listener.ts';
import { startWorker, type Worker } from '../../../src/lib/live/server/worker.ts';
import { mailJobs } from '../../../src/lib/mail/server/outbox.ts';
import { closeTransport } from '../../../src/lib/mail/server/transport.ts';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { startMail, type Inbox, type InboxMail } from '../../../src/local/mail.ts';
import { freePort } from '../../../src/local/processes.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

interface Edition {
	summit: string;
	slug: string;
	people: Record<'delegate' | 'virtual' | 'listed' | 'registration' | 'programme' | 'stage', TestPerson>;
}

const db = useDatabase();
let world: Edition;
let inbox: Inbox;
let smtpPort: number;
const workers: Worker[] = [];
const troubles: { task: string; code: string }[] = [];

beforeAll(async () => {
	smtpPort = await freePort();
	Object.assign(process.env, {
		APP_DATABASE_URL: db.appUrl,
		DATABASE_URL: db.url,
		SEALING_KEY: `test:${randomBytes(32).toString('base64')}`,
		SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
		MAIL_FROM: 'Global Summit <summit@example.org>',
		ORIGIN: 'https://summit.example.org'
	});
	world = await makeEdition();
	inbox = await startMail({ smtpPort, webPort: await freePort() });
});

afterAll(async () => {
	await inbox.stop();
	await closeListener();
	await closePool();
});

beforeEach(() => {
	troubles.length = 0;
});

afterEach(async () => {
	await Promise.all(workers.splice(0).map((worker) => worker.stop()));
	closeTransport();
	await fetch(`${inbox.address}/messages`, { method: 'DELETE' });
	await db.owner.query('delete from private.outbox');
});

function work() {
	workers.push(startWorker({ connectionString: db.url, jobs: mailJobs(), report: (what) => troubles.push(what) }));
}

async function arrived(address?: string): Promise<InboxMail[]> {
	const response = await fetch(`${inbox.address}/messages${address ? `?to=${encodeURIComponent(address)}` : ''}`);
	return (await response.json()) as InboxMail[];
}

/** A Summit with the few people whom these mails concern. */
async function makeEdition(): Promise<Edition> {
	const slug = `m-${randomUUID().slice(0, 8)}`;
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into public.summits (slug, name, zone, starts_on, ends_on, state)
		values ($1, '{"original":"en","en":"World Summit"}', 'America/Montevideo', '2027-06-10', '2027-06-11', 'open') returning id`,
		[slug]
	);
	const summit = rows[0]?.id ?? '';
	const kinds = ['delegate', 'virtual', 'listed', 'registration', 'programme', 'stage'] as const;
	const people = {} as Edition['people'];
	for (const kind of kinds) {
		people[kind] = await makePerson(db.owner, `Person ${kind} ${slug}`);
		if (kinds.indexOf(kind) < 3) continue;
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
			people[kind].person,
			kind,
			summit
		]);
	}
	return { summit, slug, people };
}

/** Gives a person an address and a language. */
async function reachable(who: TestPerson, locale = 'en', zone: string | null = null): Promise<string> {
	const address = `canary-${randomUUID()}@example.org`;
	const { sealed, keyId } = theSealer().seal(address, contexts.address);
	await db.owner.query('delete from private.person_addresses where person_id = $1', [who.person]);
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, $3, $4)`,
		[who.person, theSealer().hashAddress(address), sealed, keyId]
	);
	await db.owner.query(
		`insert into public.person_preferences (person_id, locale, time_zone) values ($1, $2, $3)
		on conflict (person_id) do update set locale = excluded.locale, time_zone = excluded.time_zone`,
		[who.person, locale, zone]
	);
	return address;
}

async function enqueue(
	who: TestPerson,
	template: string,
	params: object = {},
	once: string | null = null
): Promise<string> {
	const { rows } = await db.owner.query<{ id: string }>(`select private.enqueue_mail($1, $2, $3, $4, $5) as id`, [
		who.person,
		template,
		params,
		world.summit,
		once
	]);
	return rows[0]?.id ?? '';
}

async function row(id: string) {
	const { rows } = await db.owner.query<{
		state: string;
		attempts: number;
		last_error: string | null;
		wait: number;
		secret: Buffer | null;
	}>(
		`select state, attempts, last_error, extract(epoch from send_after - now())::float8 as wait, secret from private.outbox where id = $1`,
		[id]
	);
	return rows[0];
}

const state = async (id: string) => (await row(id))?.state;

/** A mail server that answers each recipient with the result of `answer`. */
async function gruff(port: number, answer: string): Promise<Server> {
	const server = createServer((socket) => {
		socket.write('220 gruff ESMTP\r\n');
		socket.on('error', () => undefined);
		socket.on('data', (data) => {
			const line = data.toString();
			if (/^(EHLO|HELO|MAIL|RSET|NOOP)/i.test(line)) socket.write('250 ok\r\n');
			else if (/^RCPT/i.test(line)) socket.write(`${answer} ${line.trim()}\r\n`);
			else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
			else socket.write('250 ok\r\n');
		});
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return server;
}

async function withServer(answer: string, run: () => Promise<void>) {
	const port = await freePort();
	const server = await gruff(port, answer);
	process.env['SMTP_URL'] = `smtp://127.0.0.1:${port}`;
	closeTransport();
	try {
		await run();
	} finally {
		await Promise.all(workers.splice(0).map((worker) => worker.stop()));
		process.env['SMTP_URL'] = `smtp://127.0.0.1:${smtpPort}`;
		closeTransport();
		server.close();
	}
}

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
		process.env['SMTP_URL'] = `smtp://127.0.0.1:${smtpPort}`;
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
			await enqueue(world.people.delegate, 'word_needed')
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
