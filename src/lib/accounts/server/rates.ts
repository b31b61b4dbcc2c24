import { createHash } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { Buckets } from '#lib/accounts/buckets.ts';
import { claimsOf, tokenOf } from '#lib/database/server/supabase.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { pendingChallenge } from './codes.ts';

// A whole venue shares one address, so requests of unknown people are limited only as far as the server needs
// protection.
const postsOfClient = new Buckets({ burst: 3000, perSecond: 60 });
// A person fills in forms; only a script exceeds this.
const postsOfAccount = new Buckets({ burst: 120, perSecond: 4 });
// A morning at a door: two badges a second, and the queue of offline scans.
const scansOfAccount = new Buckets({ burst: 600, perSecond: 10 });
// Typing codes: five wrong guesses end a code in any case.
const triesOfChallenge = new Buckets({ burst: 12, perSecond: 0.5 });
// Going to an issuer and coming back: a hall that arrives at once passes, and nobody floods the issuer through us.
const signOnsOfClient = new Buckets({ burst: 600, perSecond: 10 });

// Tokens themselves are never kept in memory longer than a request needs them.
function fingerprint(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}

/** Remembers proven tokens for a time, and forgets the oldest first. */
class Proven {
	readonly #until = new Map<string, number>();
	readonly #most: number;
	readonly #forMs: number;

	constructor(most: number, forMs: number) {
		this.#most = most;
		this.#forMs = forMs;
	}

	add(secret: string, now: number): void {
		const key = fingerprint(secret);
		this.#until.delete(key);
		this.#until.set(key, now + this.#forMs);
		const [oldest] = this.#until.keys();
		if (this.#until.size > this.#most && oldest !== undefined) this.#until.delete(oldest);
	}

	has(secret: string, now: number): boolean {
		return (this.#until.get(fingerprint(secret)) ?? 0) > now;
	}
}

const hour = 3_600_000;
const sessions = new Proven(20_000, hour);
const engines = new Proven(1000, hour);

/**
 * Notes that the database has accepted this token: its person then has their own limit, apart from their whole
 * address.
 */
export function noteSession(token: string, now = Date.now()): void {
	sessions.add(token, now);
}

/** Notes that the database has accepted this key of a caption engine. */
export function noteEngine(key: string, now = Date.now()): void {
	engines.add(key, now);
}

/**
 * Whether this client has sent too many requests. Requests of others from the same address never block a known person.
 */
export function limited(event: RequestEvent, now = Date.now()): boolean {
	const token = tokenOf(event.cookies, now);
	if (token !== null && sessions.has(token, now)) {
		const account = claimsOf(token).account ?? token;
		return !(event.route.id?.startsWith('/(door)') ? scansOfAccount : postsOfAccount).take(account, now);
	}
	if (event.route.id === '/(account)/sign-in') {
		const challenge = pendingChallenge(event);
		if (challenge) return !triesOfChallenge.take(challenge.challenge, now);
	}
	// Its route limits each key.
	const key = engineKey(event);
	if (key !== null && engines.has(key, now)) return false;
	return !postsOfClient.take(clientOf(event), now);
}

/** Whether this client has begun or ended too many sign-ins at an issuer. */
export function limitedSignOn(event: RequestEvent, now = Date.now()): boolean {
	return !signOnsOfClient.take(clientOf(event), now);
}

/** The key that a caption engine sends, if it has the form of our keys. */
export function engineKey({ request }: Pick<RequestEvent, 'request'>): string | null {
	return /^Bearer ([A-Za-z0-9_-]{10,64})$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}
