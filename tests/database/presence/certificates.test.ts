/* Certificates: who reaches the threshold, in the hall and online; what is stored, who reads it, and what ends it. */
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

interface Mine {
	minutes: number;
	sessions: number;
	days: number;
	reached: boolean;
	spoke: object[];
	certificates: { id: string; kind: string; titles: object[] }[];
}

const db = useDatabase();
let world: World;

const settings = {
	basis: 'minutes',
	threshold: 60,
	issuer_name: 'Secretariat',
	signatory_name: 'A. Signer',
	signatory_office: 'Director',
	is_offered: true
};
const save = (change: object = {}, who: TestPerson = world.people.registration) =>
	callAs<string>(db.owner, who, 'public.save_certificate_settings($1, $2)', [
		world.summit,
		JSON.stringify({ ...settings, ...change })
	]);
const mine = (who: TestPerson) => callAs<Mine | null>(db.owner, who, 'public.my_certificates($1)', [world.summit]);
const hashOf = (code: string) => createHash('sha256').update(code).digest('hex');
const sealed = { sealed: 'ab'.repeat(40), key_id: 'k' };
const issue = (who: TestPerson, kind = 'attendance', code: string = randomUUID()) =>
	callAs<{ status: string; id?: string }>(db.owner, who, 'public.issue_certificate($1, $2, $3, $4)', [
		world.summit,
		kind,
		hashOf(code),
		JSON.stringify(sealed)
	]);
const read = (code: string) =>
	readValue<{ state: string; titles?: object[] } | null>(
		db.owner,
		`select private.read_certificate(decode($1, 'hex'))`,
		[hashOf(code)]
	);
const attend = (who: TestPerson, minutes: number, kind = 'stream', session: string | null = world.sessions.public.id) =>
	db.owner.query(
		`insert into public.presence (summit_id, person_id, session_id, kind, entered_at, left_at)
		values ($1, $2, $3, $4, now() - $5 * interval '1 minute', now())`,
		[world.summit, who.person, session, kind, minutes]
	);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	expect(await save()).toBe('ok');
});

test('hall and online minutes both count, each once, and sessions without names do not count', async () => {
	const { delegate, virtual, listed } = world.people;
	await attend(delegate, 60, 'door');
	await attend(delegate, 30, 'stream');
	await attend(virtual, 60);
	await attend(listed, 600, 'stream', world.sessions.closed.id);
	await attend(listed, 600, 'door', world.sessions.chatham_house.id);
	expect(await mine(delegate)).toMatchObject({ minutes: 60, sessions: 1, days: 1, reached: true });
	expect(await mine(virtual)).toMatchObject({ minutes: 60, reached: true });
	expect(await mine(listed)).toMatchObject({ minutes: 0, sessions: 0, days: 0, reached: false });
	expect((await issue(listed)).status).toBe('not_reached');
	await save({ basis: 'days', threshold: 1 });
	await attend(listed, 5, 'door', null);
	expect(await mine(listed)).toMatchObject({ days: 1, reached: true });
	await save({ basis: 'sessions', threshold: 2 });
	expect(await mine(delegate)).toMatchObject({ reached: false });
	expect((await issue(delegate)).status).toBe('not_reached');
});

test('a minute in the hall counts once, also with the stream open on a phone', async () => {
	const { delegate } = world.people;
	await attend(delegate, 40, 'door');
	await attend(delegate, 50, 'stream', world.sessions.members.id);
	expect(await mine(delegate)).toMatchObject({ minutes: 50, sessions: 2, reached: false });
	await attend(delegate, 59.4, 'stream', world.sessions.members.id);
	expect(await mine(delegate)).toMatchObject({ minutes: 59, reached: false });
	await attend(delegate, 59.6, 'stream');
	expect(await mine(delegate)).toMatchObject({ minutes: 60, reached: true });
});

test('a certificate is readable by its person and by its code only, and replaced by the next one', async () => {
	const { delegate, virtual, registration } = world.people;
	await attend(delegate, 60);
	expect(await issue(delegate, 'attendance', 'first')).toMatchObject({ status: 'ok' });
	expect(await read('first')).toMatchObject({
		state: 'valid',
		kind: 'attendance',
		issuer_name: 'Secretariat',
		content_sealed: sealed.sealed
	});
	expect(await read('other')).toBeNull();
	await issue(delegate, 'attendance', 'second');
	expect(await read('first')).toEqual({ state: 'ended' });
	expect((await mine(delegate))?.certificates).toHaveLength(1);
	expect((await mine(virtual))?.certificates).toEqual([]);
	const id = (await mine(delegate))?.certificates[0]?.id;
	expect(await callAs(db.owner, virtual, 'public.end_certificate($1)', [id])).toBe('not_found');
	expect(await callAs(db.owner, registration, 'public.end_certificate($1)', [id])).toBe('reason_needed');
	expect(await callAs(db.owner, registration, 'public.end_certificate($1, $2)', [id, 'Issued in error'])).toBe('ok');
	expect(await read('second')).toEqual({ state: 'ended' });
	// A revoked certificate cannot be issued again by the person.
	expect((await issue(delegate)).status).toBe('not_allowed');
	const stored = await db.owner.query(
		`select content_sealed, end_reason from private.certificates where person_id = $1 order by issued_at`,
		[delegate.person]
	);
	expect(stored.rows).toEqual([
		{ content_sealed: null, end_reason: 'replaced' },
		{ content_sealed: null, end_reason: 'revoked' }
	]);
});

test('a speaker’s certificate lists past sessions with names, also when a level is raised later', async () => {
	const { speaker, delegate } = world.people;
	expect((await issue(speaker, 'speaker')).status).toBe('not_reached');
	await db.owner.query(
		`update public.runs set state = 'ended', started_at = now() - interval '2 hours', ended_at = now() where session_id = $1`,
		[world.sessions.public.id]
	);
	await db.owner.query(
		`update public.slots set during = tstzrange(now() - interval '3 days', now() - interval '2 days') where session_id = $1`,
		[world.sessions.closed.id]
	);
	expect((await mine(speaker))?.spoke).toEqual([expect.objectContaining({ en: world.sessions.public.title })]);
	expect((await issue(delegate, 'speaker')).status).toBe('not_reached');
	expect((await issue(speaker, 'speaker', 'spoken')).status).toBe('ok');
	expect((await read('spoken'))?.titles).toHaveLength(1);
	await db.owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
		world.sessions.public.id
	]);
	expect((await read('spoken'))?.titles).toEqual([]);
	expect((await mine(speaker))?.certificates[0]?.titles).toEqual([]);
});

test('registration organisers configure and list certificates, under display names', async () => {
	await attend(world.people.delegate, 60);
	await issue(world.people.delegate);
	for (const kind of personKinds) {
		const may = kind === 'registration' || kind === 'owner';
		const list = await callAs<{ issued: { display_name: string }[] } | null>(
			db.owner,
			world.people[kind],
			'public.list_certificates($1)',
			[world.summit]
		);
		expect([kind, list?.issued.map((one) => one.display_name) ?? null]).toEqual([
			kind,
			may ? [world.people.delegate.name] : null
		]);
		expect([kind, await save({}, world.people[kind])]).toEqual([kind, may ? 'ok' : 'not_allowed']);
	}
	expect(await save({ threshold: 0 })).toBe('invalid');
	expect(await save({ threshold: 'many' })).toBe('invalid');
	await save({ is_offered: false });
	expect(await mine(world.people.virtual)).toBeNull();
	expect((await issue(world.people.delegate)).status).toBe('not_offered');
	expect((await mine(world.people.delegate))?.certificates).toHaveLength(1);
});
