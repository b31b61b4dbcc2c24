/* Signatures of passkeys, made as an authenticator makes them: what the server accepts, and what it refuses. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { RequestEvent } from '@sveltejs/kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { confirmSession, requestOptions } from '../../../src/lib/accounts/server/passkeys.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { askIn, openAuthSession, signedIn, type SignedIn } from '../../fixtures/passkeys.ts';

const db = useDatabase();
const origin = 'https://summit.example.org';

beforeAll(() => {
	Object.assign(process.env, { APP_DATABASE_URL: db.appUrl, ORIGIN: origin });
});

/** A passkey of somebody, and its private key. */
interface Key {
	credential: Buffer;
	privateKey: KeyObject;
}

/** Adds a passkey whose public key is in the form of COSE: ES256 on P-256. */
async function addKey(who: SignedIn): Promise<Key> {
	const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
	const cose = Buffer.concat([
		Buffer.from('a5010203262001215820', 'hex'),
		Buffer.from(x, 'base64url'),
		Buffer.from('225820', 'hex'),
		Buffer.from(y, 'base64url')
	]);
	const credential = randomBytes(16);
	await db.owner.query(
		`insert into private.passkeys (person_id, credential_id, user_handle, public_key, name) values ($1, $2, $3, $4, 'Key')`,
		[who.person, credential, randomBytes(32), cose]
	);
	return { credential, privateKey };
}

/** What differs from an honest answer. */
interface Forged {
	origin?: string;
	host?: string;
	isVerified?: boolean;
	counter?: number;
	type?: string;
	/** Changed after it was signed. */
	tampered?: boolean;
}

function answerOf({ credential, privateKey }: Key, challenge: string, forged: Forged = {}): AuthenticationResponseJSON {
	const client = Buffer.from(
		JSON.stringify({
			type: forged.type ?? 'webauthn.get',
			challenge,
			origin: forged.origin ?? origin,
			crossOrigin: false
		})
	);
	const counter = Buffer.alloc(4);
	counter.writeUInt32BE(forged.counter ?? 0);
	const data = Buffer.concat([
		createHash('sha256')
			.update(forged.host ?? 'summit.example.org')
			.digest(),
		// User present, user verified.
		Buffer.from([forged.isVerified === false ? 0x01 : 0x05]),
		counter
	]);
	const signature = sign('sha256', Buffer.concat([data, createHash('sha256').update(client).digest()]), privateKey);
	if (forged.tampered) data.writeUInt32BE(1000, 33);
	const id = credential.toString('base64url');
	return {
		id,
		rawId: id,
		type: 'public-key',
		clientExtensionResults: {},
		response: {
			clientDataJSON: client.toString('base64url'),
			authenticatorData: data.toString('base64url'),
			signature: signature.toString('base64url')
		}
	};
}

/** A request of this person in their session. The token is read only for the session: the database knows the rest. */
function eventOf({ session, account }: SignedIn): RequestEvent {
	const claims = Buffer.from(JSON.stringify({ sub: account, session_id: session })).toString('base64url');
	const locals = { viewer: { accountId: account }, token: `e30.${claims}.x` };
	return { locals, url: new URL(origin) } as unknown as RequestEvent;
}

async function challengeFor(who: SignedIn): Promise<string> {
	const options = await requestOptions(eventOf(who), 'confirm');
	if (!options) throw new Error('no options');
	expect(options).toMatchObject({ rpId: 'summit.example.org', userVerification: 'required' });
	return options.challenge;
}

const isConfirmed = (who: SignedIn) =>
	askIn<boolean>(db.owner, who, 'select private.is_recently_confirmed()', [], 'none');

test('a right signature confirms its session, once', async () => {
	const who = await signedIn(db, 'Ada');
	const elsewhere = await openAuthSession(db, who);
	const answer = answerOf(await addKey(who), await challengeFor(who), { counter: 1 });
	expect(await isConfirmed(who)).toBe(false);
	// Stolen, it is worth nothing in another session.
	expect(await confirmSession(eventOf(elsewhere), answer)).toBe('expired');
	const again = await Promise.all([confirmSession(eventOf(who), answer), confirmSession(eventOf(who), answer)]);
	expect(again.sort()).toEqual(['expired', 'ok']);
	expect([await isConfirmed(who), await isConfirmed(elsewhere)]).toEqual([true, false]);
});

describe('refuses', () => {
	const forgeries: [string, Forged][] = [
		['a signature for another site', { origin: 'https://summit.example.org.evil.example' }],
		['one for another port of the host', { origin: 'https://summit.example.org:8443' }],
		['one of an authenticator that was asked by another host', { host: 'evil.example' }],
		['one without the holder unlocking it', { isVerified: false }],
		['the answer of another ceremony', { type: 'webauthn.create' }],
		['one that was changed', { tampered: true }]
	];
	test.each(forgeries)('%s', async (_, forged) => {
		const who = await signedIn(db, 'Bo');
		const key = await addKey(who);
		expect(await confirmSession(eventOf(who), answerOf(key, await challengeFor(who), forged))).toBe('unknown');
		expect(await isConfirmed(who)).toBe(false);
	});

	test('an unknown passkey, one of somebody else, and a challenge of one’s own making', async () => {
		const [who, other] = [await signedIn(db, 'Chi'), await signedIn(db, 'Dan')];
		const [own, foreign] = [await addKey(who), await addKey(other)];
		const tell = async (key: Key, challenge?: string) =>
			confirmSession(eventOf(who), answerOf(key, challenge ?? (await challengeFor(who))));
		expect(await tell({ ...own, credential: randomBytes(16) })).toBe('unknown');
		expect(await tell({ ...own, privateKey: foreign.privateKey })).toBe('unknown');
		expect(await tell(foreign)).toBe('not_allowed');
		expect(await tell(own, randomBytes(32).toString('base64url'))).toBe('expired');
		expect(await tell(own)).toBe('ok');
	});

	test('a copy, whose counter does not grow', async () => {
		const who = await signedIn(db, 'Eve');
		const key = await addKey(who);
		const answers: string[] = [];
		for (const counter of [5, 6, 6, 2])
			answers.push(await confirmSession(eventOf(who), answerOf(key, await challengeFor(who), { counter })));
		expect(answers).toEqual(['ok', 'ok', 'copied', 'copied']);
	});
});
