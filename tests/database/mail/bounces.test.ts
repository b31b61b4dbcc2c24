/* Bounces: reports of a provider or a mail server end a mail that was sent, once, and nobody else can report one. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { callPrivate, closePool } from '../../../src/lib/database/server/pool.ts';
import { POST } from '../../../src/routes/webhooks/mail/+server.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let made: RegisteringSummit;
let reader: TestPerson;
let mail: string;

beforeAll(async () => {
	vi.stubEnv('APP_DATABASE_URL', db.appUrl);
	vi.stubEnv('MAIL_WEBHOOK_SECRET', 'a-secret-of-this-test');
	made = await makeSummit(db.owner);
});
afterAll(async () => {
	await closePool();
	vi.unstubAllEnvs();
});

async function sent(age = '1 minute', state = 'sent'): Promise<string> {
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into private.outbox (person_id, template, state, created_at, sent_at, summit_id)
		values ($1, 'registration_confirmed', $2::text::public.mail_state, now() - $3::interval,
			case when $2::text = 'sent' then now() - $3::interval end, $4) returning id`,
		[reader.person, state, age, made.summit]
	);
	return rows[0]?.id ?? '';
}

const address = (age: string) =>
	db.owner.query(
		`insert into private.person_addresses (person_id, address_sealed, key_id, address_hash, is_primary, created_at)
		values ($1::uuid, 'x', 'test', decode(md5($1::uuid::text), 'hex'), true, now() - $2::interval)`,
		[reader.person, age]
	);

beforeEach(async () => {
	await db.owner.query('delete from private.outbox');
	reader = await makePerson(db.owner, 'Reader');
	await address('40 days');
	mail = await sent();
});

const outbox = async (id: string) =>
	(
		await db.owner.query<{ state: string; last_error: string | null }>(
			'select state::text, last_error from private.outbox where id = $1',
			[id]
		)
	).rows[0];
const isReachable = () => readValue<boolean>(db.owner, 'select private.is_reachable($1)', [reader.person]);
const save = async (id: string, kind = 'bounced', code = '5.1.1') =>
	(await callPrivate('save_mail_bounce', [id, kind, code]))[0]?.save_mail_bounce;

async function post(body: string, headers: Record<string, string> = {}): Promise<number> {
	const request = new Request('http://localhost/webhooks/mail', {
		method: 'POST',
		body,
		headers: { 'content-type': 'application/json', authorization: 'Bearer a-secret-of-this-test', ...headers }
	});
	return (await POST({ request } as Parameters<typeof POST>[0])).status;
}
const events = (...all: object[]) => JSON.stringify({ events: all });
const bounce = (id: string) => ({
	message_id: `<${id}@summit.example>`,
	event: 'bounced',
	permanent: true,
	code: '5.1.1'
});

test('ends a mail once, and its reader is reached again with another address or when it is sent again', async () => {
	expect(await isReachable()).toBe(true);
	expect([await save(mail), await save(mail), await save(mail, 'complained', '')]).toEqual(['ok', 'ok', 'ok']);
	expect(await outbox(mail)).toEqual({ state: 'dead', last_error: 'BOUNCED 5.1.1' });
	expect(await isReachable()).toBe(false);
	// A relay that accepts another mail says nothing of the address.
	await sent('0 seconds');
	expect(await isReachable()).toBe(false);
	expect(await callAs(db.owner, made.organiser, 'public.retry_mail($1)', [mail])).toBe('ok');
	expect(await isReachable()).toBe(true);
	await db.owner.query(`update private.outbox set state = 'sent', last_error = null where id = $1`, [mail]);
	await save(mail);
	expect(await isReachable()).toBe(false);
	await db.owner.query('delete from private.person_addresses where person_id = $1', [reader.person]);
	await address('1 second');
	expect(await isReachable()).toBe(true);
	// The mail went to the address before.
	await save(await sent('1 minute'));
	expect(await isReachable()).toBe(true);
});

test('is known longer than its mail, and is not sent again with others', async () => {
	const failed = await sent();
	await save(mail, 'complained', '');
	await db.owner.query(`update private.outbox set state = 'dead', last_error = 'ECONNECTION' where id = $1`, [failed]);
	expect(await callAs(db.owner, made.organiser, `public.list_mail($1)`, [made.summit])).toMatchObject({
		counts: { dead: 2 },
		returned: 1
	});
	expect(await callAs(db.owner, made.organiser, 'public.retry_dead_mail($1)', [made.summit])).toBe(1);
	expect([await outbox(mail), await outbox(failed)]).toMatchObject([{ state: 'dead' }, { state: 'queued' }]);
	await db.owner.query('delete from private.outbox where id = $1', [mail]);
	expect(await isReachable()).toBe(false);
});

test('knows no mail that was never sent, is too old, or is not there, and no other kind or code', async () => {
	const [old, queued] = [await sent('31 days'), await sent('1 minute', 'queued')];
	for (const id of [old, queued, '00000000-0000-4000-8000-000000000000']) expect(await save(id)).toBe('unknown');
	expect([
		await save(mail, 'opened'),
		await save(mail, 'bounced', '4.2.2'),
		await save(mail, 'bounced', 'x@y')
	]).toEqual(['unknown', 'unknown', 'unknown']);
	expect(await outbox(mail)).toEqual({ state: 'sent', last_error: null });
});

test('takes reports with the secret alone', async () => {
	const basic = (words: string) => ({ authorization: `Basic ${Buffer.from(words).toString('base64')}` });
	for (const headers of [
		{ authorization: '' },
		{ authorization: 'Bearer a-secret-of-another' },
		{ authorization: 'a-secret-of-this-test' },
		basic('a-secret-of-this-test:x')
	])
		expect([headers, await post(events(bounce(mail)), headers)]).toEqual([headers, 401]);
	expect(await outbox(mail)).toMatchObject({ state: 'sent' });
	expect(await post(events(bounce(mail)), basic('provider:a-secret-of-this-test'))).toBe(204);
	expect(await outbox(mail)).toMatchObject({ state: 'dead' });
	vi.stubEnv('MAIL_WEBHOOK_SECRET', '');
	expect(await post(events())).toBe(404);
	vi.stubEnv('MAIL_WEBHOOK_SECRET', 'a-secret-of-this-test');
});

test('answers anything else without an error, and records the rest of a list', async () => {
	for (const body of [
		'',
		'no json',
		'[]',
		'{"events":1}',
		events({ message_id: 1 }),
		events({ ...bounce(mail), event: 'opened' })
	])
		expect([body, await post(body)]).toEqual([body, 422]);
	expect(await post(events(bounce(mail)), { 'content-type': 'text/plain' })).toBe(422);
	expect(await post('x'.repeat(600_000))).toBe(413);
	expect(await post(events(...Array.from({ length: 501 }, () => bounce(mail))))).toBe(422);
	expect(await outbox(mail)).toMatchObject({ state: 'sent' });
	const unknown = bounce('00000000-0000-4000-8000-000000000000');
	const foreign = { message_id: '<1@provider.example>', event: 'bounced' };
	expect(await post(events(foreign, unknown, { ...bounce(mail), code: 'a\0b' }))).toBe(204);
	expect(await outbox(mail)).toEqual({ state: 'dead', last_error: 'BOUNCED' });
});

test('reads the notification of a mail server', async () => {
	const notification = (action: string) =>
		[
			`To: bounces+${mail}@bounces.example.org`,
			'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
			'',
			'--b',
			'Content-Type: message/delivery-status',
			'',
			`Action: ${action}`,
			'Status: 5.4.4',
			'--b--'
		].join('\n');
	const type = { 'content-type': 'message/rfc822' };
	expect(await post(notification('delayed'), type)).toBe(204);
	expect(await outbox(mail)).toMatchObject({ state: 'sent' });
	expect(await post(notification('failed'), type)).toBe(204);
	expect(await outbox(mail)).toEqual({ state: 'dead', last_error: 'BOUNCED 5.4.4' });
});
