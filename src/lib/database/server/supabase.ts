import { env } from '$env/dynamic/private';
import { createServerClient } from '@supabase/ssr';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { Cookies } from '@sveltejs/kit';

/** The name of the session's cookies; a long session is cut into `.0`, `.1`, … */
export const sessionCookie = 'gs-session';

/** Whether a Cookie header carries a session. */
export function hasSession(header: string | null | undefined): boolean {
	return header != null && /(?:^|;\s*)gs-session(?:\.\d+)?=/.test(header);
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
 * The client of one request: it acts as the person whose cookies came with it, or as nobody. With `forgetting` it begins as
 * nobody, whatever session the cookies name.
 */
export function requestClient(cookies: Cookies, secure: boolean, forgetting = false): SupabaseClient {
	return createServerClient(address(), publishableKey(), {
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

let nobody: SupabaseClient | undefined;

/** A client that is signed in as nobody: what everyone may read. */
export function anonymousClient(): SupabaseClient {
	nobody ??= createClient(address(), publishableKey(), { auth: { persistSession: false, autoRefreshToken: false } });
	return nobody;
}

let administration: SupabaseClient | undefined;

/** The service role: Auth administration and Storage only. Data goes through `requestClient` or the pool. */
export function administrationClient(): SupabaseClient {
	const key = env['SUPABASE_SECRET_KEY'];
	if (!key) throw new Error('SUPABASE_SECRET_KEY is needed to administer sign-in.');
	administration ??= createClient(address(), key, { auth: { persistSession: false, autoRefreshToken: false } });
	return administration;
}
