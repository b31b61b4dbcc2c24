/* Sign-in at the issuer of a ministry (docs/decisions/0014-single-sign-on.md). Only this file speaks OpenID Connect. */
import type { RequestEvent } from '@sveltejs/kit';
import * as oidc from 'openid-client';
import { isPlain, issuerFor, provenAddress, readIssuers, type Claims, type Issuer } from '#lib/accounts/issuers.ts';
import { parsePending, type PendingSignOn, type SignOnFailure } from '#lib/accounts/single-sign-on.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { locale } from '#lib/i18n/locale.ts';
import { normaliseAddress, theSealer } from '#lib/people/sealing.ts';

const cookie = 'gs-sso-';
const hintCookie = 'gs-hint';
const context = 'single sign-on';
const validFor = 600;
// Tabs in which somebody began; more cookies would only fill each request.
const mostPending = 4;
const timeoutSeconds = 10;
const keepFor = 3_600_000;

let known: Issuer[] | undefined;

/** The issuers of this installation. The start refuses variables that are wrong. */
export function issuers(): Issuer[] {
	return (known ??= readIssuers(process.env).issuers);
}

/** The issuer that vouches for a typed address; null where none does. */
export function issuerOf(typed: string): Issuer | null {
	return issuerFor(issuers(), normaliseAddress(typed));
}

// Some read the secret from the body alone, and some decode it wrongly from the header: the body, where they say that they take it.
const clientAuth =
	(secret: string): oidc.ClientAuth =>
	(server, client, body, headers) => {
		const inBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post');
		(inBody ? oidc.ClientSecretPost(secret) : oidc.ClientSecretBasic(secret))(server, client, body, headers);
	};

const discovered = new Map<string, { at: number; config: Promise<oidc.Configuration> }>();

// Asked once an hour; an answer that failed is asked for again at once.
function configOf({ url, clientId, clientSecret }: Issuer): Promise<oidc.Configuration> {
	const found = discovered.get(url);
	if (found && found.at > Date.now() - keepFor) return found.config;
	const config = oidc.discovery(new URL(url), clientId, undefined, clientAuth(clientSecret), {
		timeout: timeoutSeconds,
		// The signature of the ID token counts too, not only the connection that brought it.
		execute: [oidc.enableNonRepudiationChecks, ...(isPlain(url) ? [oidc.allowInsecureRequests] : [])]
	});
	discovered.set(url, { at: Date.now(), config });
	config.catch(() => discovered.delete(url));
	return config;
}

/** Each issuer has its own: an answer of one can then never pass for that of another. */
const redirectUri = ({ id }: Issuer, { url }: RequestEvent) =>
	new URL(`/sign-in/with/${id}/back`, process.env['ORIGIN'] ?? url.origin).href;

/** Begins a sign-in in this browser: the address at the issuer to which it goes. */
export async function beginSignOn(
	event: RequestEvent,
	issuer: Issuer,
	next: string
): Promise<{ to: string } | { failure: SignOnFailure }> {
	let config: oidc.Configuration;
	try {
		config = await configOf(issuer);
	} catch (error) {
		return { failure: failureOf(error) };
	}
	const pending: PendingSignOn = {
		issuer: issuer.id,
		state: oidc.randomState(),
		nonce: oidc.randomNonce(),
		verifier: oidc.randomPKCECodeVerifier(),
		// A cookie holds 4 kB.
		next: next.length > 1000 ? '' : next,
		locale: locale(),
		began: Date.now()
	};
	remember(event, pending);
	const hint = takeHint(event, issuer);
	const to = oidc.buildAuthorizationUrl(config, {
		redirect_uri: redirectUri(issuer, event),
		scope: 'openid email',
		state: pending.state,
		nonce: pending.nonce,
		code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
		code_challenge_method: 'S256',
		...(hint !== null && { login_hint: hint })
	});
	return { to: to.href };
}

// By its state: two tabs that begin at once do not end each other.
const cookieOf = (state: string) => cookie + state.slice(0, 12);

function remember({ cookies, url }: RequestEvent, pending: PendingSignOn): void {
	const others = cookies.getAll().filter(({ name }) => name.startsWith(cookie));
	for (const { name } of others.slice(0, Math.max(0, others.length + 1 - mostPending)))
		cookies.delete(name, { path: '/' });
	setSealed({ cookies, url }, cookieOf(pending.state), JSON.stringify(pending));
}

function setSealed({ cookies, url }: Pick<RequestEvent, 'cookies' | 'url'>, name: string, text: string): void {
	const { sealed, keyId } = theSealer().seal(text, context);
	cookies.set(name, `${keyId}.${sealed.toString('base64url')}`, {
		path: '/',
		httpOnly: true,
		// Sent with the navigation that brings the reader back.
		sameSite: 'lax',
		secure: url.protocol === 'https:',
		maxAge: validFor
	});
}

/** What this browser holds under a name; it forgets it. Null for anything that we did not seal. */
function takeSealed({ cookies }: Pick<RequestEvent, 'cookies'>, name: string): string | null {
	const held = cookies.get(name);
	if (held === undefined) return null;
	cookies.delete(name, { path: '/' });
	const [keyId = '', sealed = ''] = held.split('.');
	return theSealer().tryOpen(Buffer.from(sealed, 'base64url'), keyId, context);
}

/** Remembers the address that was typed, so that it need not be typed again at the issuer. */
export function rememberHint(event: RequestEvent, typed: string): void {
	setSealed(event, hintCookie, normaliseAddress(typed));
}

function takeHint(event: RequestEvent, issuer: Issuer): string | null {
	const hint = takeSealed(event, hintCookie);
	return hint !== null && issuerOf(hint)?.id === issuer.id ? hint : null;
}

/** What this browser began with the state in the address, at this issuer and in time; it forgets it. */
export function takePending({ cookies, url }: RequestEvent, issuer: Issuer): PendingSignOn | null {
	const state = url.searchParams.get('state') ?? '';
	if (!/^[\w-]{20,100}$/.test(state)) return null;
	const pending = parsePending(takeSealed({ cookies }, cookieOf(state)) ?? '');
	const fits = pending?.state === state && pending.issuer === issuer.id && pending.began > Date.now() - validFor * 1000;
	return fits ? pending : null;
}

/** The address that the issuer proves with this answer. Each begun sign-in gets one answer, whatever becomes of it. */
export async function finishSignOn(
	event: RequestEvent,
	issuer: Issuer,
	pending: PendingSignOn
): Promise<{ address: string } | { failure: SignOnFailure }> {
	const [row] = await callPrivate('use_sign_in_state', [theSealer().hash(pending.state, 'sign-in state')]);
	if (!row?.use_sign_in_state) return { failure: 'used' };
	try {
		const claims = await exchange(event, issuer, pending);
		const proven = provenAddress(issuer, claims);
		return 'refusal' in proven ? { failure: proven.refusal } : proven;
	} catch (error) {
		return { failure: failureOf(error) };
	}
}

async function exchange(
	event: RequestEvent,
	issuer: Issuer,
	{ state, nonce, verifier }: PendingSignOn
): Promise<Claims> {
	const config = await configOf(issuer);
	const answered = new URL(redirectUri(issuer, event));
	answered.search = event.url.search;
	const tokens = await oidc.authorizationCodeGrant(config, answered, {
		expectedState: state,
		expectedNonce: nonce,
		pkceCodeVerifier: verifier,
		idTokenExpected: true
	});
	const claims = tokens.claims();
	if (claims === undefined || claims.email !== undefined) return { ...claims };
	// Many give the address at their user info only.
	return { ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)) };
}

// What the issuer says instead of giving a code, and what our side finds.
const failures = new Map<unknown, SignOnFailure>([
	['access_denied', 'cancelled'],
	['login_required', 'cancelled'],
	['interaction_required', 'cancelled'],
	['consent_required', 'cancelled'],
	['account_selection_required', 'cancelled'],
	['server_error', 'away'],
	['temporarily_unavailable', 'away'],
	['OAUTH_TIMEOUT', 'away'],
	['OAUTH_ABORT', 'away'],
	['OAUTH_RESPONSE_IS_NOT_CONFORM', 'away'],
	['OAUTH_RESPONSE_IS_NOT_JSON', 'away'],
	['OAUTH_JWT_TIMESTAMP_CHECK_FAILED', 'clock']
]);

function failureOf(error: unknown): SignOnFailure {
	const said = error instanceof oidc.AuthorizationResponseError ? error.error : (error as { code?: unknown }).code;
	// A connection that fails is a TypeError of fetch, without a code.
	if (said === undefined && error instanceof TypeError) return 'away';
	if (error instanceof oidc.ResponseBodyError && error.status >= 500) return 'away';
	return failures.get(said) ?? 'refused';
}
