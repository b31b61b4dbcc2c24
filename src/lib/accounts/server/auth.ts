import type { RequestEvent } from '@sveltejs/kit';
import type { EmailOtpType } from '@supabase/supabase-js';
import { callPrivate } from '#lib/database/server/pool.ts';
import {
	administrationClient,
	anonymousClient,
	authClient,
	claimsOf,
	dataClient,
	sessionCookie
} from '#lib/database/server/supabase.ts';
import { contexts, normaliseAddress, theSealer } from '#lib/people/sealing.ts';
import { deviceName, sessionOf } from '#lib/accounts/device.ts';
import { forgetViewer, forgetViewers } from './viewers.ts';

/**
 * Signs the request in as the holder of an address that was just proven. The embedded and the hosted Auth differ only
 * up to here: both make a link and accept its hash at once, and send no mail.
 */
export async function signInByAddress(event: RequestEvent, address: string): Promise<void> {
	const email = normaliseAddress(address);
	// Cookies of an ended session would mix with those of the new one.
	forgetSession(event);
	const { user, session } = await inTurn(email, () => proven(event, email));
	await linkAccount(user.id, email);
	await noteDevice(event, user.id, session?.access_token);
	event.locals.token = session?.access_token ?? null;
	event.locals.supabase = dataClient(event.locals.token);
	forgetViewer(event.locals.token);
}

const turns = new Map<string, Promise<unknown>>();

// Simultaneous sign-ins with one address would invalidate each other's links, so they take turns here.
async function inTurn<Made>(email: string, work: () => Promise<Made>): Promise<Made> {
	const mine = (turns.get(email) ?? Promise.resolve()).then(work, work);
	turns.set(email, mine);
	try {
		return await mine;
	} finally {
		if (turns.get(email) === mine) turns.delete(email);
	}
}

// Auth knows one link for each address: when another process makes a newer one at the same moment, our own is requested
// once more.
async function proven(event: RequestEvent, email: string) {
	for (let attempt = 1; ; attempt++) {
		const { data, error } = await administrationClient().auth.admin.generateLink({ type: 'magiclink', email });
		const taken = error ? null : await takeBack(event, data.properties);
		if (taken?.data.user) return { user: taken.data.user, session: taken.data.session };
		const failure = error ?? taken?.error;
		if (attempt === 5) throw new Error(`Auth made no session (${failure?.code ?? failure?.status ?? 'no user'}).`);
		await new Promise((done) => setTimeout(done, attempt * 50 * Math.random()));
	}
}

function takeBack(event: RequestEvent, link: { hashed_token: string; verification_type: string }) {
	const type = link.verification_type as EmailOtpType;
	return authOf(event, true).auth.verifyOtp({ token_hash: link.hashed_token, type });
}

async function linkAccount(account: string, address: string): Promise<void> {
	const sealer = theSealer();
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	const owner = normaliseAddress(process.env['OWNER_EMAIL'] ?? '');
	await callPrivate('link_account', [
		account,
		sealer.hashAddress(address),
		sealed,
		keyId,
		owner !== '' && owner === address
	]);
}

// Auth sees our server sign in, so only we can record which browser it was for.
async function noteDevice({ request }: RequestEvent, account: string, token: string | undefined): Promise<void> {
	const session = token === undefined ? null : sessionOf(token);
	if (session)
		await callPrivate('save_auth_session_device', [session, account, deviceName(request.headers.get('user-agent'))]);
}

/** Ends this session, or every session of the account. The browser is signed out even when Auth does not answer. */
export async function signOut(event: RequestEvent, scope: 'local' | 'global' = 'local'): Promise<{ ended: boolean }> {
	const { account, session } = claimsOf(event.locals.token);
	const { error } = await authOf(event).auth.signOut({ scope });
	// Every process gets the event, this one too: cached values and open streams of the account end. Without the
	// database no page is served.
	await callPrivate('notify_signed_out', [account, scope === 'global' ? null : session]).catch(() => undefined);
	if (scope === 'global') forgetViewers();
	else forgetViewer(event.locals.token);
	forgetSession(event);
	event.locals.viewer = null;
	event.locals.token = null;
	event.locals.supabase = anonymousClient();
	return { ended: !error };
}

function authOf({ cookies, url }: RequestEvent, forgetting = false) {
	return authClient(cookies, url.protocol === 'https:', forgetting);
}

function forgetSession({ cookies }: RequestEvent): void {
	for (const { name } of cookies.getAll()) if (name.startsWith(sessionCookie)) cookies.delete(name, { path: '/' });
}
