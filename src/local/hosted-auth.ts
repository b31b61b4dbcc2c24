/* Whether a hosted Auth lets people in by ways of its own, around our codes, limits and checks of an issuer. */

/** What is wrong with a hosted Auth, in sentences: `problems` refuse the start, `warning` is only said. */
interface AuthCheck {
	problems: string[];
	warning: string | null;
}

/** Its public settings, as GoTrue answers `/auth/v1/settings`; what an older one does not name counts as off. */
interface AuthSettings {
	external?: Record<string, unknown>;
	disable_signup?: unknown;
	saml_enabled?: unknown;
	passkeys_enabled?: unknown;
	/** Providers of its own that a project added; GoTrue lists them to who holds the secret key. */
	custom?: string[];
}

const names: Record<string, string> = { anonymous_users: 'anonymous sign-in', email: 'e-mail', phone: 'phone' };

/** The ways in that these settings open, in sentences; none where our site is the only one. */
export function openWays({
	external,
	disable_signup,
	saml_enabled,
	passkeys_enabled,
	custom = []
}: AuthSettings): string[] {
	const problems: string[] = [];
	if (disable_signup !== true)
		problems.push(
			'SUPABASE_URL: anybody may make an account at your Auth. Turn off "Allow new users to sign up" (Authentication → Sign In / Providers; self-hosted: GOTRUE_DISABLE_SIGNUP=true).'
		);
	const providers = Object.entries(external ?? {}).filter(([, isOn]) => isOn === true);
	const open = [
		...providers.map(([id]) => names[id] ?? id),
		...custom,
		...(saml_enabled === true ? ['SAML'] : []),
		...(passkeys_enabled === true ? ['passkeys of its own'] : [])
	];
	if (open.length > 0)
		problems.push(
			`SUPABASE_URL: your Auth signs people in by itself (${open.join(', ')}), without the limits and passkeys of this site. Turn these off (Authentication → Sign In / Providers; self-hosted: GOTRUE_EXTERNAL_…_ENABLED=false); the site needs none of them.`
		);
	return problems;
}

/** Asks a hosted Auth. An Auth that does not say how it is set stops nothing: it may only be away for a moment. */
export async function checkHostedAuth(url: string, publishableKey: string, secretKey: string): Promise<AuthCheck> {
	try {
		const answer = await ask(new URL('/auth/v1/settings', url), publishableKey);
		const settings: unknown = answer.ok ? await answer.json() : null;
		if (typeof settings === 'object' && settings !== null && 'external' in settings)
			return {
				problems: openWays({ ...(settings as AuthSettings), custom: await customProviders(url, secretKey) }),
				warning: null
			};
		return { problems: [], warning: unread(`status ${answer.status}`) };
	} catch {
		return { problems: [], warning: unread('no answer') };
	}
}

function ask(address: URL, key: string): Promise<Response> {
	const headers = { apikey: key, authorization: `Bearer ${key}` };
	return fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(10_000) });
}

// An Auth without them answers 404.
async function customProviders(url: string, secretKey: string): Promise<string[]> {
	const answer = await ask(new URL('/auth/v1/admin/custom-providers', url), secretKey);
	if (!answer.ok) return [];
	const { providers } = (await answer.json()) as { providers?: { identifier?: unknown; enabled?: unknown }[] };
	return (providers ?? []).filter(({ enabled }) => enabled !== false).map(({ identifier }) => String(identifier));
}

const unread = (why: string) =>
	`SUPABASE_URL: how your Auth is set could not be read (${why}), so it was not checked that nobody signs in around this site.`;
