import type { DataClient } from '#lib/database/client.ts';
import type { Database } from '#lib/database/types.ts';
import { env } from '$env/dynamic/private';
import { createServerClient } from '@supabase/ssr';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { Cookies } from '@sveltejs/kit';
import { openDataPath, type DataPath } from './data-path/fetch.ts';
import { limitedFetch, pooledFetch } from './pooled-fetch.ts';

/** The name of the session's cookies; a long session is cut into `.0`, `.1`, … */
export const sessionCookie = 'gs-session';

/** Whether a Cookie header contains a session. */
export function hasSession(header: string | null | undefined): boolean {
	return header != null && /(?:^|;\s*)gs-session(?:\.\d+)?=/.test(header);
}

// A session is renewed this long before its end, as Auth's own client does it.
const renewBefore = 90;

/** The session in the cookies: its access token and its end in seconds; null when they contain none. */
function sessionIn(cookies: Cookies): { token: string; end: number } | null {
	const parts = cookies.getAll().filter(({ name }) => /^gs-session(?:\.\d+)?$/.test(name));
	const text =
		parts.find(({ name }) => name === sessionCookie)?.value ??
		parts
			.sort((one, other) => Number(one.name.split('.')[1]) - Number(other.name.split('.')[1]))
			.map(({ value }) => value)
			.join('');
	if (!text.startsWith('base64-')) return null;
	try {
		const session: unknown = JSON.parse(Buffer.from(text.slice('base64-'.length), 'base64url').toString());
		if (typeof session !== 'object' || session === null) return null;
		const { access_token: token, expires_at: end } = session as Record<string, unknown>;
		return typeof token === 'string' && typeof end === 'number' ? { token, end } : null;
	} catch {
		return null;
	}
}

const stillRuns = (end: number, now: number) => end - renewBefore > now / 1000;

/** The access token in the cookies while it is valid; null when there is none, or Auth must renew it first. */
export function tokenOf(cookies: Cookies, now = Date.now()): string | null {
	const session = sessionIn(cookies);
	return session && stillRuns(session.end, now) ? session.token : null;
}

/**
 * Whether the cookies contain a session that Auth may renew. Auth's client would log an error for anything else, so it
 * is not called then.
 */
export function mayRenew(cookies: Cookies, now = Date.now()): boolean {
	const session = sessionIn(cookies);
	return session !== null && !stillRuns(session.end, now);
}

/** The account and the session that a token names. The caller must let the database verify it. */
export function claimsOf(token: string | null): { account: string | null; session: string | null } {
	try {
		const claims: unknown = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());
		const { sub, session_id: session } = claims as Record<string, unknown>;
		return { account: typeof sub === 'string' ? sub : null, session: typeof session === 'string' ? session : null };
	} catch {
		return { account: null, session: null };
	}
}

function address(): string {
	const url = env['SUPABASE_URL'];
	if (!url) throw new Error('SUPABASE_URL is needed to reach Auth and the data API.');
	return url;
}

function publishableKey(): string {
	const key = env['SUPABASE_PUBLISHABLE_KEY'];
	if (!key) throw new Error('SUPABASE_PUBLISHABLE_KEY is needed to reach Auth and the data API.');
	return key;
}

/**
 * The Auth client of one request, with the session in its cookies, which it renews and writes back. With `forgetting`
 * it begins without one, whatever the cookies contain.
 */
export function authClient(cookies: Cookies, secure: boolean, forgetting = false): SupabaseClient {
	return createServerClient(address(), publishableKey(), {
		global: { fetch: limitedFetch },
		cookieOptions: { name: sessionCookie, path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: 400 * 86_400 },
		cookies: {
			getAll: () => cookies.getAll().filter(({ name }) => !forgetting || !name.startsWith(sessionCookie)),
			setAll: (all) => {
				for (const { name, value, options } of all) {
					cookies.set(name, value, { ...options, path: '/', httpOnly: true, sameSite: 'lax', secure });
				}
			}
		}
	}) as unknown as SupabaseClient;
}

let dataPath: DataPath | undefined;

// Functions are called over a connection to Postgres if there is one, and otherwise by REST like everything else.
const dataFetch: typeof fetch = (input, init) => {
	const databaseUrl = env['DATA_DATABASE_URL'];
	if (!databaseUrl || env['DATA_PATH'] === 'rest') return pooledFetch(input, init);
	if (!dataPath) {
		const keys = { publishableKey: publishableKey(), jwtSecret: env['SUPABASE_JWT_SECRET'] };
		dataPath = openDataPath({ databaseUrl, supabaseUrl: address(), ...keys }, pooledFetch);
		process.once('sveltekit:shutdown', () => void closeDataPath());
	}
	return dataPath.fetch(input, init);
};

/** Ends the connections on which functions are called; the next call opens new ones. */
async function closeDataPath(): Promise<void> {
	const ending = dataPath;
	dataPath = undefined;
	await ending?.close();
}

/** The data client with a person's own token, or for a signed-out reader. It holds no session and may serve many requests. */
export function dataClient(token: string | null): DataClient {
	return createClient<Database>(address(), publishableKey(), {
		accessToken: async () => token,
		global: { fetch: dataFetch }
	});
}

let nobody: DataClient | undefined;

/** A client for signed-out readers: it reads what everyone may read. */
export function anonymousClient(): DataClient {
	nobody ??= dataClient(null);
	return nobody;
}

// Uploading a recording to Storage has no time limit.
const administrationFetch: typeof fetch = (input, init) =>
	new URL(input instanceof Request ? input.url : input).pathname.startsWith('/storage/')
		? fetch(input, init)
		: limitedFetch(input, init);

let administration: SupabaseClient | undefined;

/** The service role: Auth administration and Storage only. Data goes through `dataClient` or the pool. */
export function administrationClient(): SupabaseClient {
	const key = env['SUPABASE_SECRET_KEY'];
	if (!key) throw new Error('SUPABASE_SECRET_KEY is needed to administer sign-in.');
	administration ??= createClient(address(), key, {
		auth: { persistSession: false, autoRefreshToken: false },
		global: { fetch: administrationFetch }
	});
	return administration;
}
