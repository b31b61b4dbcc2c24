/* Telling Google what passes show now, by its API. */
import { importPKCS8, SignJWT } from 'jose';
import { siteOrigin } from '#lib/mail/context.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { GoogleWallet } from '../wallet-settings.ts';
import { googlePass } from './google-pass.ts';
import { claimGooglePasses, type SignDoorCode } from './wallet-passes.ts';

/** Where Google gives access tokens and where passes are; the tests have their own. */
export interface GoogleServices {
	tokens: string;
	passes: string;
}

const googleServices: GoogleServices = {
	tokens: 'https://oauth2.googleapis.com/token',
	passes: 'https://walletobjects.googleapis.com/walletobjects/v1'
};
const timeoutMs = 10_000;

/** An access token of the service account, for an hour. Throws when Google gives none. */
async function accessToken({ account, key }: GoogleWallet, { tokens }: GoogleServices): Promise<string> {
	const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/wallet_object.issuer' })
		.setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
		.setIssuer(account)
		.setAudience(googleServices.tokens)
		.setIssuedAt()
		.setExpirationTime('10m')
		.sign(await importPKCS8(key, 'RS256'));
	const answer = await fetch(tokens, {
		method: 'POST',
		body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
		redirect: 'error',
		signal: AbortSignal.timeout(timeoutMs)
	});
	const body = (await answer.json().catch(() => null)) as { access_token?: unknown } | null;
	if (!answer.ok || typeof body?.access_token !== 'string')
		throw Object.assign(new Error('Google gives no access token.'), { code: `GOOGLE_${answer.status}` });
	return body.access_token;
}

async function patch(address: string, token: string, body: object): Promise<'sent' | 'gone' | 'failed'> {
	try {
		const answer = await fetch(address, {
			method: 'PATCH',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
			redirect: 'error',
			signal: AbortSignal.timeout(timeoutMs)
		});
		await answer.body?.cancel();
		if (answer.status === 404) return 'gone';
		return answer.ok ? 'sent' : 'failed';
	} catch {
		return 'failed';
	}
}

/** Tells Google what passes show now that changed, and with each Summit what all its passes show. Throws when Google gives no token. */
export async function updateGooglePasses(
	wallet: GoogleWallet,
	sign: SignDoorCode,
	services = googleServices
): Promise<void> {
	let token: string | undefined;
	const summits = new Set<string>();
	for (;;) {
		const claimed = await claimGooglePasses(sign);
		if (claimed.length === 0) return;
		try {
			token ??= await accessToken(wallet, services);
		} catch (thrown) {
			for (const { pass } of claimed) await callPrivate('record_google_pass', [pass.badge, 'failed']);
			throw thrown;
		}
		for (const { pass, language } of claimed) {
			const made = googlePass(wallet, pass, language, siteOrigin());
			if (!summits.has(pass.summit.id))
				await patch(`${services.passes}/eventTicketClass/${made.class.id}`, token, made.class);
			summits.add(pass.summit.id);
			const outcome = await patch(`${services.passes}/eventTicketObject/${made.object.id}`, token, made.object);
			await callPrivate('record_google_pass', [pass.badge, outcome]);
		}
	}
}
