/* Passkeys in the database: each challenge has one use, and what it confirms holds for one session and five minutes. */
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

interface SignedIn extends TestPerson {
	session: string;
}

async function openSession(who: TestPerson): Promise<SignedIn> {
	const session = randomUUID();
	await db.owner.query(
		`insert into auth.sessions (id, user_id, created_at, updated_at) values ($1, $2, now(), now())`,
		[session, who.account]
	);
	return { ...who, session };
}

const signedIn = async (name: string) => openSession(await makePerson(db.owner, name));

async function challenge(purpose: string, session: string | null, client: pg.Client = db.app): Promise<Buffer> {
	const bytes = randomBytes(32);
	await client.query('select private.save_passkey_challenge($1, $2, $3)', [bytes, purpose, session]);
	return bytes;
}

async function addPasskey(who: SignedIn, client: pg.Client = db.app): Promise<{ status: string; credential: Buffer }> {
	const credential = randomBytes(16);
	const status = await readValue<string>(client, 'select private.add_passkey($1, $2, $3, $4, $5, 0, $6, $7, true)', [
		await challenge('add', who.session, client),
		who.session,
		credential,
		randomBytes(32),
		randomBytes(70),
		['internal'],
		'Phone'
	]);
	return { status, credential };
}

async function passkeyOf(credential: Buffer): Promise<string> {
	return readValue<string>(db.app, 'select id from private.find_passkey($1)', [credential]);
}

const confirm = (bytes: Buffer, session: string, passkey: string, counter = 0, client: pg.Client = db.app) =>
	readValue<string>(client, 'select private.confirm_session($1, $2, $3, $4, true)', [bytes, session, passkey, counter]);

/** What the caller of this session reads. */
async function isConfirmed(who: SignedIn): Promise<boolean> {
	const claims = { sub: who.account, session_id: who.session };
	await db.owner.query('begin');
	try {
		await db.owner.query(
			`select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true)`,
			[JSON.stringify({ role: 'authenticated', ...claims }), who.account]
		);
		return await readValue<boolean>(db.owner, 'select private.is_recently_confirmed()');
	} finally {
		await db.owner.query('rollback');
	}
}

/** Moves what a session confirmed into the past. */
const age = (who: SignedIn, minutes: number) =>
	db.owner.query(
		`update private.session_assurances set confirmed_at = confirmed_at - $2 * interval '1 minute',
			acted_at = acted_at - $2 * interval '1 minute' where session_id = $1`,
		[who.session, minutes]
	);

describe('a challenge', () => {
	test('is used once, even by two requests at the same moment', async () => {
		const who = await signedIn('Ada');
		const { credential } = await addPasskey(who);
		const passkey = await passkeyOf(credential);
		const bytes = await challenge('confirm', who.session);
		const other = await db.connect(db.appUrl);
		const answers = await Promise.all([
			confirm(bytes, who.session, passkey),
			confirm(bytes, who.session, passkey, 0, other)
		]);
		expect(answers.sort()).toEqual(['expired', 'ok']);
	});

	test('belongs to its session and its purpose, and lasts five minutes', async () => {
		const who = await signedIn('Bo');
		const elsewhere = await openSession(who);
		const passkey = await passkeyOf((await addPasskey(who)).credential);
		const foreign = await challenge('confirm', elsewhere.session);
		expect(await confirm(foreign, who.session, passkey)).toBe('expired');
		expect(await confirm(await challenge('sign_in', null), who.session, passkey)).toBe('expired');
		expect(await confirm(await challenge('add', who.session), who.session, passkey)).toBe('expired');
		expect(await confirm(randomBytes(32), who.session, passkey)).toBe('expired');
		const old = await challenge('confirm', who.session);
		await db.owner.query(`update private.passkey_challenges set expires_at = now() where challenge = $1`, [old]);
		expect(await confirm(old, who.session, passkey)).toBe('expired');
		expect(await confirm(foreign, elsewhere.session, passkey)).toBe('ok');
	});
});

describe('a confirmation', () => {
	test('holds for its session, for five minutes', async () => {
		const who = await signedIn('Chi');
		const elsewhere = await openSession(who);
		expect(await isConfirmed(who)).toBe(true);
		const passkey = await passkeyOf((await addPasskey(who)).credential);
		expect([await isConfirmed(who), await isConfirmed(elsewhere)]).toEqual([true, false]);
		await age(who, 5);
		expect(await isConfirmed(who)).toBe(false);
		await confirm(await challenge('confirm', who.session), who.session, passkey);
		expect(await isConfirmed(who)).toBe(true);
		await db.owner.query('delete from private.passkeys where id = $1', [passkey]);
		await addPasskey(elsewhere);
		expect(await isConfirmed(who)).toBe(false);
		await db.owner.query('delete from auth.sessions where id = $1', [elsewhere.session]);
		expect(await isConfirmed(elsewhere)).toBe(false);
	});

	test('is refused with a passkey of somebody else, and one whose counter goes back', async () => {
		const who = await signedIn('Dan');
		const other = await signedIn('Eve');
		const own = await passkeyOf((await addPasskey(who)).credential);
		const foreign = await passkeyOf((await addPasskey(other)).credential);
		const tell = async (passkey: string, counter: number) =>
			confirm(await challenge('confirm', who.session), who.session, passkey, counter);
		expect(await tell(foreign, 1)).toBe('not_allowed');
		expect([
			await tell(own, 4),
			await tell(own, 5),
			await tell(own, 5),
			await tell(own, 3),
			await tell(own, 0)
		]).toEqual(['ok', 'ok', 'copied', 'copied', 'copied']);
	});

	test('is asked of who holds a strong role without a passkey, while the policy says so', async () => {
		const who = await signedIn('Fay');
		await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'finance')`, [who.person]);
		await db.app.query('select private.set_passkeys_required(true)');
		expect(await isConfirmed(who)).toBe(false);
		await db.app.query('select private.set_passkeys_required(false)');
		expect(await isConfirmed(who)).toBe(true);
		await addPasskey(who);
		await age(who, 6);
		expect(await isConfirmed(who)).toBe(false);
	});
});

test('another passkey is added only after a confirmation, and of two first ones at once only one', async () => {
	const who = await signedIn('Gus');
	const elsewhere = await openSession(who);
	const other = await db.connect(db.appUrl);
	const [first, second] = await Promise.all([addPasskey(who), addPasskey(elsewhere, other)]);
	expect([first.status, second.status].sort()).toEqual(['not_allowed', 'ok']);
	const [winner, loser] = first.status === 'ok' ? [who, elsewhere] : [elsewhere, who];
	expect([(await addPasskey(loser)).status, (await addPasskey(winner)).status]).toEqual(['not_allowed', 'ok']);
	await age(winner, 5);
	expect((await addPasskey(winner)).status).toBe('not_allowed');
});

test('signing in answers the address of its person, and notes the passkey on their session alone', async () => {
	const who = await signedIn('Hoa');
	const stranger = await signedIn('Ivo');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
		values ($1, $2, '\\xabcd', 'k', now())`,
		[who.person, randomBytes(32)]
	);
	const passkey = await passkeyOf((await addPasskey(who)).credential);
	const bytes = await challenge('sign_in', null);
	const signIn = async () =>
		(await db.app.query('select * from private.sign_in_with_passkey($1, $2, 0, true)', [bytes, passkey])).rows;
	expect(await signIn()).toEqual([{ status: 'ok', address_sealed: Buffer.from('abcd', 'hex'), key_id: 'k' }]);
	expect(await signIn()).toEqual([{ status: 'expired', address_sealed: null, key_id: null }]);
	const assure = (session: string) =>
		readValue<boolean>(db.app, 'select private.assure_sign_in($1, $2)', [session, passkey]);
	expect([await assure(stranger.session), await assure((await openSession(who)).session)]).toEqual([false, true]);
});
