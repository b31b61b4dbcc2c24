/* What the environment says about a content delivery network (CDN) before the site. Pure. */

/** How a CDN keeps pages of signed-out readers; `seconds` 0: not at all. */
export interface CdnSettings {
	/** How long it may show a page without asking. */
	seconds: number;
	/** What is asked to forget all pages when one of them has changed; null: nothing is. */
	purge: { url: string; token: string | null } | null;
}

// What was public and no longer is may be shown so long, when a CDN does not forget it.
const mostSeconds = 60;

/** Which values the variables take. */
export const cdnForms = {
	CDN_SECONDS: {
		test: (value: string) => /^\d{1,2}$/.test(value) && Number(value) <= mostSeconds,
		form: `a number of seconds, ${mostSeconds} at most`
	},
	CDN_PURGE_URL: {
		test: (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
		form: 'the address that makes the CDN forget all pages'
	},
	CDN_PURGE_TOKEN: {
		test: (value: string) => /^[\x21-\x7e]{8,}$/.test(value),
		form: 'a secret of 8 characters or more'
	}
};

/** Reads the variables; what is not in its form counts as not set. */
export function readCdnSettings(env: Record<string, string | undefined>): CdnSettings {
	const given = (name: keyof typeof cdnForms, value: string | undefined) =>
		value && cdnForms[name].test(value) ? value : null;
	const url = given('CDN_PURGE_URL', env['CDN_PURGE_URL']);
	return {
		seconds: Number(given('CDN_SECONDS', env['CDN_SECONDS']) ?? '0'),
		purge: url === null ? null : { url, token: given('CDN_PURGE_TOKEN', env['CDN_PURGE_TOKEN']) }
	};
}

/**
 * The headers of a page that a CDN may keep; browsers still ask each time (RFC 9213). While the site does not answer, the CDN may show what
 * it has for ten minutes.
 */
export const cdnHeaders = ({ seconds }: CdnSettings): string[] =>
	seconds === 0 ? [] : ['cdn-cache-control', `public, max-age=${seconds}, stale-if-error=600`];
