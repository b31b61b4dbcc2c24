import type { RequestEvent } from '@sveltejs/kit';
import type { EmailOtpType } from '@supabase/supabase-js';
import { callPrivate } from '#lib/database/server/pool.ts';
import { administrationClient, sessionCookie } from '#lib/database/server/supabase.ts';
import { contexts, normaliseAddress, theSealer } from '#lib/people/sealing.ts';
import { forgetViewer } from './viewers.ts';

/**
 * Signs the request in as the holder of an address that has just been proven. What differs between the embedded and
 * the hosted Auth ends here: both make a link and take its hash back at once; no mail of theirs is ever sent.
 */
export async function signInByAddress(event: RequestEvent, address: string): Promise<void> {
	const email = normaliseAddress(address);
	const { data, error } = await administrationClient().auth.admin.generateLink({ type: 'magiclink', email });
	if (error) throw new Error(`Auth made no link (${error.code ?? error.status}).`);
	const { hashed_token, verification_type } = data.properties;
	const type = verification_type as EmailOtpType;
	const verified = await event.locals.supabase.auth.verifyOtp({ token_hash: hashed_token, type });
	if (verified.error || !verified.data.user)
		throw new Error(`Auth took its own link not back (${verified.error?.code ?? 'no user'}).`);
	await linkAccount(verified.data.user.id, email);
	event.locals.token = verified.data.session?.access_token ?? null;
	forgetViewer(event.locals.token);
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

/** Ends this session, or every session of the account. The browser is signed out even when Auth does not answer. */
export async function signOut(event: RequestEvent, scope: 'local' | 'global' = 'local'): Promise<{ ended: boolean }> {
	forgetViewer(event.locals.token);
	const { error } = await event.locals.supabase.auth.signOut({ scope });
	for (const { name } of event.cookies.getAll()) {
		if (name.startsWith(sessionCookie)) event.cookies.delete(name, { path: '/' });
	}
	event.locals.viewer = null;
	event.locals.token = null;
	return { ended: !error };
}
