import { joinList } from '#lib/i18n/list.ts';
import { href, isLocale, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { ClaimRefusal, Issuer } from './issuers.ts';

/** What the browser holds while a person is at their issuer; sealed, so that it can be neither read nor forged. */
export interface PendingSignOn {
	issuer: string;
	state: string;
	nonce: string;
	verifier: string;
	next: string;
	/** The language of the page on which it began: the issuer leads back to the address without one. */
	locale: Locale;
	/** When it began, in milliseconds. */
	began: number;
}

const shape = v.object({
	issuer: v.string(),
	state: v.string(),
	nonce: v.string(),
	verifier: v.string(),
	next: v.string(),
	locale: v.custom<Locale>(isLocale),
	began: v.number()
});

/** Reads what was sealed; null for anything else. */
export function parsePending(text: string): PendingSignOn | null {
	try {
		const result = v.safeParse(shape, JSON.parse(text));
		return result.success ? result.output : null;
	} catch {
		return null;
	}
}

/** Why a sign-in at an issuer came to nothing. */
export type SignOnFailure = ClaimRefusal | 'away' | 'cancelled' | 'expired' | 'used' | 'clock' | 'refused' | 'limited';

const words: Record<SignOnFailure, (issuer: Issuer) => string> = {
	away: ({ name }) => m.accounts_sso_away({ name }),
	cancelled: ({ name }) => m.accounts_sso_cancelled({ name }),
	expired: () => m.accounts_sso_expired(),
	used: () => m.accounts_sso_used(),
	outside: ({ name, domains }) => m.accounts_sso_outside({ name, domains: joinList(domains) }),
	unverified: ({ name }) => m.accounts_sso_unverified({ name }),
	no_address: ({ name }) => m.accounts_sso_no_address({ name }),
	clock: ({ name }) => m.accounts_sso_clock({ name }),
	refused: ({ name }) => m.accounts_sso_refused({ name }),
	limited: () => m.accounts_sso_limited()
};

/** The failure that an address of the sign-in page names, in words; null for anything else. */
export function signOnFailure(named: string | null, issuer: Issuer | undefined): string | null {
	return issuer && named !== null && Object.hasOwn(words, named) ? words[named as SignOnFailure](issuer) : null;
}

/** The sign-in page that says why it came to nothing, in the language in which it began. */
export function signOnFailed({ id }: Issuer, failure: SignOnFailure, next: string, language?: Locale): string {
	const query = new URLSearchParams({ with: id, failed: failure, ...(next && { next }) });
	return href(`/sign-in?${query}`, language);
}
