import { randomInt } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, normaliseAddress, theSealer } from '#lib/people/sealing.ts';
import { codeLengths, parseChallenge, type Challenge } from '#lib/accounts/challenge.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import type { Issuer } from '#lib/accounts/issuers.ts';
import { issuerOf } from './single-sign-on.ts';

const cookie = 'gs-challenge';
const context = 'sign-in challenge';
const validFor = 600;

/** The result of requesting a code; `retryAfter` in seconds. Issuer: addresses of its domain sign in there alone. */
type CodeRequest = { status: 'ok' } | { status: 'limited'; retryAfter: number } | { status: 'issuer'; issuer: Issuer };

// Bound to the address, so that equal codes of two people have different hashes.
function codeHash(code: string, address: string): Buffer {
	return theSealer().hash(`${code} ${address}`, 'sign-in code');
}

/** Digits of a code for a mail. */
export function randomDigits(length: number): string {
	return Array.from({ length }, () => randomInt(10)).join('');
}

/** A code, sealed for the mail that brings it. */
export function sealCode(code: string): Buffer {
	return theSealer().seal(JSON.stringify({ code }), contexts.mail).sealed;
}

// The database decides which of the two is mailed.
function makeCode(length: number, address: string): { hash: Buffer; secret: Buffer } {
	const digits = randomDigits(length);
	const code = length > codeLengths.own ? digits.replace(/\d{4}(?=\d)/g, '$& ') : digits;
	return {
		hash: codeHash(digits, address),
		secret: sealCode(code)
	};
}

/** Sends a code to an address, and remembers in this browser which one was requested. */
export async function requestCode(
	event: RequestEvent,
	typed: string,
	next: string,
	locale: string
): Promise<CodeRequest> {
	const sealer = theSealer();
	const address = normaliseAddress(typed);
	const issuer = issuerOf(address);
	if (issuer?.isRequired) return { status: 'issuer', issuer };
	const client = sealer.hash(clientOf(event), 'client');
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	const [own, shared] = [makeCode(codeLengths.own, address), makeCode(codeLengths.shared, address)];
	const [row] = await callPrivate('request_sign_in_code', [
		sealer.hashAddress(address),
		client,
		pendingChallenge(event)?.challenge ?? null,
		sealed,
		keyId,
		locale,
		own.hash,
		own.secret,
		shared.hash,
		shared.secret
	]);
	if (!row?.challenge) return { status: 'limited', retryAfter: row?.retry_after ?? 30 };
	remember(event, { challenge: row.challenge, address, next });
	return { status: 'ok' };
}

/** Checks the typed text against the code that this browser requested. */
export async function checkCode(challenge: Challenge, code: string) {
	const [row] = await callPrivate('check_sign_in_code', [challenge.challenge, codeHash(code, challenge.address)]);
	return row?.check_sign_in_code ?? 'expired';
}

function remember(event: RequestEvent, challenge: Challenge) {
	const { sealed, keyId } = theSealer().seal(JSON.stringify(challenge), context);
	event.cookies.set(cookie, `${keyId}.${sealed.toString('base64url')}`, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: event.url.protocol === 'https:',
		maxAge: validFor
	});
}

/** The challenge of the code that this browser requested, if it did. */
export function pendingChallenge(event: Pick<RequestEvent, 'cookies'>): Challenge | null {
	const [keyId = '', sealed = ''] = (event.cookies.get(cookie) ?? '').split('.');
	if (!sealed) return null;
	try {
		return parseChallenge(theSealer().open(Buffer.from(sealed, 'base64url'), keyId, context));
	} catch {
		// A cookie that we did not make, or made under a lost key, counts as missing.
		return null;
	}
}

/** Forgets the request of this browser. */
export function forgetChallenge(event: Pick<RequestEvent, 'cookies'>): void {
	event.cookies.delete(cookie, { path: '/' });
}
