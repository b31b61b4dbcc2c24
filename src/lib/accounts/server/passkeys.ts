/* Ceremonies with passkeys. Signatures are checked here; the database gives out challenges and records what they confirm. */
import { createHash, randomBytes } from 'node:crypto';
import {
	generateAuthenticationOptions,
	generateRegistrationOptions,
	verifyAuthenticationResponse,
	verifyRegistrationResponse,
	type AuthenticationResponseJSON,
	type RegistrationResponseJSON,
	type VerifiedAuthenticationResponse
} from '@simplewebauthn/server';
import type { RequestEvent } from '@sveltejs/kit';
import { sessionOf } from '#lib/accounts/device.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { signInByAddress } from './auth.ts';
import { forgetViewers } from './viewers.ts';

/** What a passkey is used for. */
type PasskeyPurpose = 'sign_in' | 'confirm' | 'add';

// Browsers bind passkeys to the host, and sign the whole origin.
function site({ url }: RequestEvent): { expectedOrigin: string; expectedRPID: string } {
	const { origin, hostname } = new URL(process.env['ORIGIN'] ?? url.origin);
	return { expectedOrigin: origin, expectedRPID: hostname };
}

const sessionOfEvent = ({ locals }: RequestEvent) => (locals.viewer && locals.token ? sessionOf(locals.token) : null);

async function newChallenge(purpose: PasskeyPurpose, session: string | null): Promise<Buffer<ArrayBuffer>> {
	const challenge = randomBytes(32);
	await callPrivate('save_passkey_challenge', [challenge, purpose, session]);
	return challenge;
}

async function credentialsOf(session: string) {
	const rows = await callPrivate('passkeys_of_session', [session]);
	const listed = rows.map(({ credential_id, transports }) => ({
		id: credential_id.toString('base64url'),
		transports: transports as AuthenticatorTransport[]
	}));
	return { listed, handle: rows[0]?.user_handle };
}

// By which authenticators know the person. It is random, so the challenge of the first passkey gives it.
const firstHandle = (challenge: Buffer) => createHash('sha256').update(challenge).digest();

/** What the browser asks the authenticator to sign in or to confirm with; null for a signed-out reader who confirms. */
export async function requestOptions(event: RequestEvent, purpose: 'sign_in' | 'confirm') {
	const session = purpose === 'confirm' ? sessionOfEvent(event) : null;
	if (purpose === 'confirm' && session === null) return null;
	return generateAuthenticationOptions({
		rpID: site(event).expectedRPID,
		challenge: await newChallenge(purpose, session),
		userVerification: 'required',
		timeout: 300_000,
		// Signing in asks for any passkey of the site: the reader need not say who they are.
		...(session !== null && { allowCredentials: (await credentialsOf(session)).listed })
	});
}

/** What the browser asks the authenticator to make; null where it has to be confirmed first. */
export async function additionOptions(event: RequestEvent, siteName: string, personName: string) {
	const session = sessionOfEvent(event);
	const [allowed] = session === null ? [] : await callPrivate('may_add_passkey', [session]);
	if (session === null || !allowed?.may_add_passkey) return null;
	const { listed, handle } = await credentialsOf(session);
	const challenge = await newChallenge('add', session);
	return generateRegistrationOptions({
		rpID: site(event).expectedRPID,
		rpName: siteName,
		userID: new Uint8Array(handle ?? firstHandle(challenge)),
		userName: personName,
		userDisplayName: personName,
		challenge,
		attestationType: 'none',
		excludeCredentials: listed,
		authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
		timeout: 300_000
	});
}

// The challenge that the browser says it signed. The signature covers it; the database knows whether it is ours.
function challengeIn(response: { response: { clientDataJSON: string } }): Buffer {
	const text = Buffer.from(response.response.clientDataJSON, 'base64url').toString();
	const { challenge } = JSON.parse(text) as { challenge?: unknown };
	return Buffer.from(typeof challenge === 'string' ? challenge : '', 'base64url');
}

/** A passkey whose signature over a challenge is right. */
interface Signed {
	challenge: Buffer;
	passkey: string;
	counter: number;
	isBackedUp: boolean;
}

// Null for an unknown passkey, a wrong signature, another origin, and everything malformed.
async function checkSignature(event: RequestEvent, response: AuthenticationResponseJSON): Promise<Signed | null> {
	const [known] = await callPrivate('find_passkey', [Buffer.from(response.id, 'base64url')]);
	if (!known) return null;
	let checked: VerifiedAuthenticationResponse;
	let challenge: Buffer;
	try {
		challenge = challengeIn(response);
		checked = await verifyAuthenticationResponse({
			response,
			...site(event),
			expectedChallenge: challenge.toString('base64url'),
			requireUserVerification: true,
			// The database compares the counter, with the row locked.
			credential: { id: response.id, publicKey: new Uint8Array(known.public_key), counter: 0 }
		});
	} catch {
		return null;
	}
	if (!checked.verified) return null;
	const { newCounter, credentialBackedUp } = checked.authenticationInfo;
	return { challenge, passkey: known.id, counter: newCounter, isBackedUp: credentialBackedUp };
}

/** Confirms the reader's session. Answers ok, unknown (passkey or signature), expired, not_allowed or copied. */
export async function confirmSession(event: RequestEvent, response: AuthenticationResponseJSON) {
	const session = sessionOfEvent(event);
	const signed = session === null ? null : await checkSignature(event, response);
	if (session === null || signed === null) return 'unknown';
	const { challenge, passkey, counter, isBackedUp } = signed;
	const [row] = await callPrivate('confirm_session', [challenge, session, passkey, counter, isBackedUp]);
	forgetViewers();
	return row?.confirm_session ?? 'unknown';
}

/** Signs in as the holder of a passkey. Answers ok, unknown, expired, not_allowed or copied. */
export async function acceptPasskeySignIn(event: RequestEvent, response: AuthenticationResponseJSON) {
	const signed = await checkSignature(event, response);
	if (signed === null) return 'unknown';
	const { challenge, passkey, counter, isBackedUp } = signed;
	const [row] = await callPrivate('sign_in_with_passkey', [challenge, passkey, counter, isBackedUp]);
	if (row?.status !== 'ok' || row.address_sealed === null || row.key_id === null) return row?.status ?? 'unknown';
	await signInByAddress(event, theSealer().open(row.address_sealed, row.key_id, contexts.address));
	const session = event.locals.token === null ? null : sessionOf(event.locals.token);
	if (session !== null) await callPrivate('assure_sign_in', [session, passkey]);
	forgetViewers();
	return 'ok';
}

/** Adds the passkey that an authenticator made. Answers ok, unknown, expired, not_allowed, already or limited. */
export async function addPasskey(event: RequestEvent, response: RegistrationResponseJSON, name: string) {
	const session = sessionOfEvent(event);
	if (session === null) return 'not_allowed';
	const made = await checkMade(event, response);
	if (made === null) return 'unknown';
	const { credential, credentialBackedUp } = made.info;
	const { handle } = await credentialsOf(session);
	const [row] = await callPrivate('add_passkey', [
		made.challenge,
		session,
		Buffer.from(credential.id, 'base64url'),
		handle ?? firstHandle(made.challenge),
		Buffer.from(credential.publicKey),
		credential.counter,
		credential.transports ?? [],
		name,
		credentialBackedUp
	]);
	forgetViewers();
	return row?.add_passkey ?? 'unknown';
}

async function checkMade(event: RequestEvent, response: RegistrationResponseJSON) {
	try {
		const challenge = challengeIn(response);
		const { verified, registrationInfo } = await verifyRegistrationResponse({
			response,
			...site(event),
			expectedChallenge: challenge.toString('base64url'),
			requireUserVerification: true
		});
		return verified && registrationInfo ? { challenge, info: registrationInfo } : null;
	} catch {
		return null;
	}
}
