import { createHash } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { Buckets } from '#lib/accounts/buckets.ts';
import { claimsOf, tokenOf } from '#lib/database/server/supabase.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { pendingChallenge } from './codes.ts';

// A whole venue shares one address, so what is not known to be one person's is limited only as far as the server must be protected.
const postsOfClient = new Buckets({ burst: 3000, perSecond: 60 });
// A person fills in forms; a script does not.
const postsOfAccount = new Buckets({ burst: 120, perSecond: 4 });
// A morning at a door: two badges a second, and what waited from without a network.
const scansOfAccount = new Buckets({ burst: 600, perSecond: 10 });
// Somebody who types a code: five misses end it in any case.
const triesOfChallenge = new Buckets({ burst: 12, perSecond: 0.5 });

// Tokens themselves are kept in memory no longer than a request needs them.
function fingerprint(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}

/** Remembers what was proven, for a time, the oldest forgotten first. */
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

/** Notes that the database has accepted this token: its person is then limited as a person, not with their whole address. */
export function noteSession(token: string, now = Date.now()): void {
	sessions.add(token, now);
}

/** Notes that the database has accepted this key of a caption engine. */
export function noteEngine(key: string, now = Date.now()): void {
	engines.add(key, now);
}

/** Whether this client has sent too much too fast. Nothing that others send from the same address stops somebody who is known. */
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

/** The key that a caption engine sends, in a form that ours have. */
export function engineKey({ request }: Pick<RequestEvent, 'request'>): string | null {
	return /^Bearer ([A-Za-z0-9_-]{10,64})$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}
