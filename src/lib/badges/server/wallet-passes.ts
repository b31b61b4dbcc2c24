/* Passes that were given out: what they show now, and how a device proves that it has one. */
import { Buckets } from '#lib/accounts/buckets.ts';
import type { WalletContent } from '#lib/database/answers/badges.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isSecret } from '#lib/forms/server/secrets.ts';
import { isLocale, type Locale } from '#lib/i18n/locale.ts';
import { siteOrigin } from '#lib/mail/context.ts';
import { theSealer } from '#lib/people/sealing.ts';
import type { WalletPass } from '../wallet-pass.ts';
import type { PassService } from './apple-pass.ts';

/** Signs the code that the door reads from a badge. */
export type SignDoorCode = (badge: string, summit: WalletPass['summit']) => Promise<string>;

const languageOf = (language: string): Locale => (isLocale(language) ? language : 'en');

const tokenOf = (badge: string): string => theSealer().hash(badge, 'wallet pass').toString('base64url');

/** Where devices ask for the latest pass of a badge, with its token; null where they could not, for they only ask over https. */
export const passServiceOf = (badge: string): PassService | null =>
	siteOrigin().startsWith('https:') ? { url: `${siteOrigin()}/api/wallet`, token: tokenOf(badge) } : null;

/** Whether a request has the token of the pass of a badge: `Authorization: ApplePass …`. */
export function hasPassToken(authorization: string | null, badge: string): boolean {
	const [, given] = /^ApplePass ([\w-]{1,100})$/.exec(authorization ?? '') ?? [];
	return given !== undefined && isSecret(given, tokenOf(badge));
}

// Signing one takes a tenth of a second.
const making = new Buckets({ burst: 10, perSecond: 0.1 });

/** Whether the pass of a badge was made too often of late. */
export const isMadeTooOften = (badge: string, now = Date.now()): boolean => !making.take(badge, now);

/** Notes that a badge is given out as a pass, which follows what changes from now on. */
export async function notePass(badge: string, language: Locale, isAtGoogle: boolean): Promise<void> {
	await callPrivate('save_wallet_pass', [badge, language, isAtGoogle]);
}

/** A pass as it should be now. */
async function currentPass(badge: string, { summit, holder }: WalletContent, sign: SignDoorCode): Promise<WalletPass> {
	return { badge, summit, holder, code: holder ? await sign(badge, summit) : null };
}

/** A pass that was given out, its language and when it last changed; null when there is none. */
export async function readPass(badge: string, sign: SignDoorCode) {
	const [found] = await callPrivate('read_wallet_pass', [badge]);
	if (!found) return null;
	const pass = await currentPass(badge, found.content, sign);
	return { pass, language: languageOf(found.locale), changedAt: found.changed_at };
}

/** Passes of which Google is to be told what they show now, each with its language. */
export async function claimGooglePasses(sign: SignDoorCode): Promise<{ pass: WalletPass; language: Locale }[]> {
	const claimed = await callPrivate('claim_google_passes');
	return Promise.all(
		claimed.map(async ({ badge_id: badge, locale, content }) => ({
			pass: await currentPass(badge, content, sign),
			language: languageOf(locale)
		}))
	);
}
