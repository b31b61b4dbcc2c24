/* The caller, by the access token: checked in this process as PostgREST checks it, and cached until its end. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { compactVerify, createRemoteJWKSet, errors, type CompactVerifyGetKey } from 'jose';
import { noteOutage } from '../outage.ts';
import { RestRefusal } from './refusal.ts';

/** The database roles that a caller may have on this path. */
export type DatabaseRole = 'anon' | 'authenticated';

/** A caller with a genuine token. The database checks whether the session was ended since (`private.account`). */
export interface Caller {
	role: DatabaseRole;
	/** For the setting `request.jwt.claims`. */
	claims: string;
}

export interface TokenSettings {
	supabaseUrl: string;
	/** The value that supabase-js sends instead of a token when nobody is signed in. */
	publishableKey: string;
	/**
	 * The secret of the local Auth, and of hosted projects that still sign with it. Without it only asymmetric keys
	 * count.
	 */
	jwtSecret?: string | undefined;
}

const nobody: Caller = { role: 'anon', claims: '{"role":"anon"}' };

/** How far the clocks of two machines may differ, as in PostgREST. A token still ends on time. */
const clockSkewSeconds = 30;

const mostRemembered = 5000;
// A signing key that the project withdraws then counts no longer than in PostgREST.
const rememberedMs = 600_000;

/**
 * Makes the check of tokens. It throws a `Refusal` for a token that is not genuine, has expired or is for somebody
 * else.
 */
export function createTokenCheck(settings: TokenSettings): (token: string | null) => Promise<Caller> {
	const verify = signatureCheck(settings);
	const known = new LRUCache<string, { caller: Caller; endsAt: number }>({ max: mostRemembered, ttl: rememberedMs });
	return async (token) => {
		if (token === null || token === settings.publishableKey) return nobody;
		const now = Date.now();
		const key = createHash('sha256').update(token).digest('base64url');
		const found = known.get(key);
		if (found && found.endsAt > now) return found.caller;
		const claims = readClaims(await verify(token), now / 1000);
		const caller = callerOf(claims);
		known.set(key, { caller, endsAt: endOf(claims) });
		return caller;
	};
}

const notGenuine = (message: string) => new RestRefusal(401, { code: 'PGRST301', message });
const notValid = (message: string) => new RestRefusal(401, { code: 'PGRST303', message });

// Each algorithm has its own keys: the text of a public key never counts as a secret.
function signatureCheck({ supabaseUrl, jwtSecret }: TokenSettings): (token: string) => Promise<Uint8Array> {
	const secret = jwtSecret ? new TextEncoder().encode(jwtSecret) : undefined;
	const published = createRemoteJWKSet(new URL(`${supabaseUrl.replace(/\/$/, '')}/auth/v1/.well-known/jwks.json`));
	const keyFor: CompactVerifyGetKey = (header, token) =>
		header.alg === 'HS256' && secret ? secret : published(header, token);
	const algorithms = [...(secret ? ['HS256'] : []), 'ES256', 'RS256'];
	return async (token) => {
		const parts = token.split('.').length;
		if (parts !== 3) throw notGenuine(`Expected 3 parts in JWT; got ${parts}`);
		try {
			return (await compactVerify(token, keyFor, { algorithms })).payload;
		} catch (error) {
			throw isNotGenuine(error) ? notGenuine('No suitable key or wrong key type') : authAway();
		}
	};
}

// Every other error comes from fetching the published keys.
function isNotGenuine(error: unknown): boolean {
	if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
	return error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC';
}

function authAway(): RestRefusal {
	noteOutage();
	return new RestRefusal(503, { code: 'PGRST002', message: 'The keys of Auth cannot be read.' });
}

type Claims = Record<string, unknown>;

function readClaims(payload: Uint8Array, now: number): Claims {
	let claims: unknown;
	try {
		claims = JSON.parse(new TextDecoder().decode(payload));
	} catch {
		claims = null;
	}
	if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw notValid('Parsing claims failed');
	const fault = faultOf(claims as Claims, now);
	if (fault) throw notValid(fault);
	return claims as Claims;
}

function faultOf({ exp, nbf, iat, aud, role }: Claims, now: number): string | null {
	for (const [name, value] of Object.entries({ exp, nbf, iat }))
		if (value !== undefined && typeof value !== 'number') return `The JWT '${name}' claim must be a number`;
	if (typeof exp === 'number' && exp <= now) return 'JWT expired';
	if (typeof nbf === 'number' && nbf > now + clockSkewSeconds) return 'JWT not yet valid';
	if (typeof iat === 'number' && iat > now + clockSkewSeconds) return 'JWT issued at future';
	const audiences = aud === undefined ? [] : [aud].flat();
	const isOurs = audiences.includes('authenticated') || (aud === undefined && role !== 'authenticated');
	return isOurs ? null : 'JWT not in audience';
}

// PostgREST would let the database refuse any other role. So would this path, so it refuses without asking.
function callerOf(claims: Claims): Caller {
	const role = claims['role'] ?? 'anon';
	if (role !== 'anon' && role !== 'authenticated')
		throw new RestRefusal(403, { code: '42501', message: `permission denied to set role "${String(role)}"` });
	return { role, claims: JSON.stringify({ ...claims, role }) };
}

function endOf({ exp }: Claims): number {
	return typeof exp === 'number' ? exp * 1000 : Infinity;
}
