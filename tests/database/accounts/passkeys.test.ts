/* Passkeys in the database: each challenge has one use, and what it confirms holds for one session and five minutes. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import {
	addPasskey,
	ageSession,
	askIn,
	confirmSession,
	makeChallenge,
	openAuthSession,
	signedIn,
	type SignedIn
} from '../../fixtures/passkeys.ts';
import { readValue } from '../../fixtures/registering.ts';

const db = useDatabase();

const isConfirmed = (who: SignedIn) =>
	askIn<boolean>(db.owner, who, 'select private.is_recently_confirmed()', [], 'none');

describe('a challenge', () => {
	test('is used once, even by two requests at the same moment', async () => {
		const who = await signedIn(db, 'Ada');
		const { id } = await addPasskey(db.app, who);
		const challenge = await makeChallenge(db.app, 'confirm', who.session);
		const other = await db.connect(db.appUrl);
		const answers = await Promise.all([
			confirmSession(db.app, who.session, id, { challenge }),
			confirmSession(other, who.session, id, { challenge })
		]);
		expect(answers.sort()).toEqual(['expired', 'ok']);
	});

	test('belongs to its session and its purpose, and lasts five minutes', async () => {
		const who = await signedIn(db, 'Bo');
		const elsewhere = await openAuthSession(db, who);
		const { id } = await addPasskey(db.app, who);
		const tell = (challenge: Buffer, session = who.session) => confirmSession(db.app, session, id, { challenge });
		const foreign = await makeChallenge(db.app, 'confirm', elsewhere.session);
		expect(await tell(foreign)).toBe('expired');
		expect(await tell(await makeChallenge(db.app, 'sign_in', null))).toBe('expired');
		expect(await tell(await makeChallenge(db.app, 'add', who.session))).toBe('expired');
		expect(await tell(randomBytes(32))).toBe('expired');
		const old = await makeChallenge(db.app, 'confirm', who.session);
		await db.owner.query(`update private.passkey_challenges set expires_at = now() where challenge = $1`, [old]);
		expect(await tell(old)).toBe('expired');
		expect(await tell(foreign, elsewhere.session)).toBe('ok');
	});
});

describe('a confirmation', () => {
	test('holds for its session and its passkey, for five minutes', async () => {
		const who = await signedIn(db, 'Chi');
		const elsewhere = await openAuthSession(db, who);
		expect(await isConfirmed(who)).toBe(true);
		const { id } = await addPasskey(db.app, who);
		expect([await isConfirmed(who), await isConfirmed(elsewhere)]).toEqual([true, false]);
		await ageSession(db, who, { confirmed: '5 minutes' });
		expect(await isConfirmed(who)).toBe(false);
		await confirmSession(db.app, who.session, id);
		expect(await isConfirmed(who)).toBe(true);
		await db.owner.query('delete from private.passkeys where id = $1', [id]);
		await addPasskey(db.app, elsewhere);
		expect(await isConfirmed(who)).toBe(false);
		await db.owner.query('delete from auth.sessions where id = $1', [elsewhere.session]);
		expect(await isConfirmed(elsewhere)).toBe(false);
	});

	test('is refused with a passkey of somebody else, and one whose counter goes back', async () => {
		const who = await signedIn(db, 'Dan');
		const own = await addPasskey(db.app, who);
		const foreign = await addPasskey(db.app, await signedIn(db, 'Eve'));
		expect(await confirmSession(db.app, who.session, foreign.id, { counter: 1 })).toBe('not_allowed');
		const answers: string[] = [];
		for (const counter of [4, 5, 5, 3, 0]) answers.push(await confirmSession(db.app, who.session, own.id, { counter }));
		expect(answers).toEqual(['ok', 'ok', 'copied', 'copied', 'copied']);
	});

	test('is asked of who holds a strong role without a passkey, while the policy says so', async () => {
		const who = await signedIn(db, 'Fay');
		await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'finance')`, [who.person]);
		await db.app.query('select private.set_passkeys_required(true)');
		expect(await isConfirmed(who)).toBe(false);
		await db.app.query('select private.set_passkeys_required(false)');
		expect(await isConfirmed(who)).toBe(true);
		await addPasskey(db.app, who);
		await ageSession(db, who, { confirmed: '6 minutes' });
		expect(await isConfirmed(who)).toBe(false);
	});
});

test('another passkey is added only after a confirmation, and of two first ones at once only one', async () => {
	const who = await signedIn(db, 'Gus');
	const elsewhere = await openAuthSession(db, who);
	const other = await db.connect(db.appUrl);
	const [first, second] = await Promise.all([addPasskey(db.app, who), addPasskey(other, elsewhere)]);
	expect([first.status, second.status].sort()).toEqual(['not_allowed', 'ok']);
	const [winner, loser] = first.status === 'ok' ? [who, elsewhere] : [elsewhere, who];
	expect((await addPasskey(db.app, loser)).status).toBe('not_allowed');
	expect((await addPasskey(db.app, winner)).status).toBe('ok');
	await ageSession(db, winner, { confirmed: '5 minutes' });
	expect((await addPasskey(db.app, winner)).status).toBe('not_allowed');
});

test('signing in answers the address of its person, and notes the passkey on their session alone', async () => {
	const who = await signedIn(db, 'Hoa');
	const stranger = await signedIn(db, 'Ivo');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
		values ($1, $2, '\\xabcd', 'k', now())`,
		[who.person, randomBytes(32)]
	);
	const { id } = await addPasskey(db.app, who);
	const challenge = await makeChallenge(db.app, 'sign_in', null);
	const signIn = async () =>
		(await db.app.query('select * from private.sign_in_with_passkey($1, $2, 0, true)', [challenge, id])).rows;
	expect(await signIn()).toEqual([{ status: 'ok', address_sealed: Buffer.from('abcd', 'hex'), key_id: 'k' }]);
	expect(await signIn()).toEqual([{ status: 'expired', address_sealed: null, key_id: null }]);
	const assure = (session: string) =>
		readValue<boolean>(db.app, 'select private.assure_sign_in($1, $2)', [session, id]);
	expect([await assure(stranger.session), await assure((await openAuthSession(db, who)).session)]).toEqual([
		false,
		true
	]);
});
