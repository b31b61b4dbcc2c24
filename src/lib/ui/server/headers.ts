import { openToOtherSites } from '#lib/ui/server/open-feeds.ts';
import type { Handle } from '@sveltejs/kit';

// Routes on which a browser connects to LiveKit, and where camera and microphone may be requested.
const media = /^\/\((?:stage|speaker)\)|^\/\(organiser\)\/\[summit\]\/organise\/stages/;
// Where people look for help, or an address contains a code.
const discreet =
	/^\/(?:\(public\)\/(?:(?:\[summit\]\/)?talk|certificates)|\(stage\)\/live\/recorder|\(community\)\/community\/commitments\/agree)(?:\/|$)/;
const camera = /^\/\(door\)/;

/** The addresses of LiveKit for `connect-src`: its signal by WebSocket, its checks by http. */
export function mediaSources(livekitUrl: string | undefined): string[] {
	if (!livekitUrl) return [];
	try {
		const { host, protocol } = new URL(livekitUrl);
		const safe = protocol === 'wss:' || protocol === 'https:';
		return [`${safe ? 'wss' : 'ws'}://${host}`, `${safe ? 'https' : 'http'}://${host}`];
	} catch {
		return [];
	}
}

/** Adds sources to `connect-src` of a policy that may have none yet. */
export function allowConnect(policy: string, sources: string[]): string {
	if (sources.length === 0) return policy;
	const found = /connect-src ([^;]*)/.exec(policy);
	if (found) return policy.replace(found[0], `${found[0].trimEnd()} ${sources.join(' ')}`);
	return `${policy}; connect-src 'self' ${sources.join(' ')}`;
}

/** The origin of Stripe's checkout page; with a stand-in for Stripe, the stand-in's. */
export function checkoutOrigin(standIn: string | undefined): string {
	return standIn ? new URL(standIn).origin : 'https://checkout.stripe.com';
}

/** Adds a source to `form-action` of a policy. */
export function allowForms(policy: string, source: string): string {
	return policy.replace(/form-action [^;]*/, (found) => `${found.trimEnd()} ${source}`);
}

// Personal pages and sign-in: no copy of them stays on a shared device.
const personal = /^\/\((?:account|delegate|member|speaker|organiser|door)\)/;
// The community's pages are public for visitors; others read their own groups, actions and drafts there.
const personalSignedIn = /^\/(?:\((?:stage|community)\)|api)/;

/** The Cache-Control of an answer that sets none; null where none is needed. */
export function cacheRule(route: string, isSignedIn: boolean): string | null {
	if (personal.test(route) || (isSignedIn && personalSignedIn.test(route))) return 'private, no-store';
	return isSignedIn ? 'private, no-cache' : null;
}

/** Security headers, on every answer. The content policy itself is Kit's, by hashes. */
export const secure: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const route = event.route.id ?? '';
	const { headers } = response;
	try {
		headers.set('x-content-type-options', 'nosniff');
	} catch {
		// A response of fetch has immutable headers; our own responses never are such.
		return response;
	}
	// Nobody outside learns that somebody looked for help, or the code in an address. Without a referrer at all, browsers would send forms of no origin.
	headers.set('referrer-policy', discreet.test(route) ? 'same-origin' : 'strict-origin-when-cross-origin');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('cross-origin-resource-policy', 'same-origin');
	openToOtherSites(route, headers);
	headers.set('permissions-policy', permissions(route));
	if (event.url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
	const policy = headers.get('content-security-policy');
	if (policy && media.test(route))
		headers.set('content-security-policy', allowConnect(policy, mediaSources(process.env['LIVEKIT_URL'])));
	// The code scanner runs WebAssembly that we serve.
	if (policy && camera.test(route))
		headers.set('content-security-policy', policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"));
	const { framedBy } = event.locals;
	if (framedBy && policy) headers.set('content-security-policy', framing(policy, framedBy));
	// The payment form leads to Stripe's page, and browsers check where a form is redirected as well. A signed-out payer pays
	// nothing.
	const isSignedIn = Boolean(event.locals.viewer);
	const sent = headers.get('content-security-policy');
	if (sent && isSignedIn)
		headers.set('content-security-policy', allowForms(sent, checkoutOrigin(process.env['STRIPE_API_URL'])));
	if (!headers.has('cache-control')) {
		const rule = cacheRule(route, isSignedIn);
		if (rule) headers.set('cache-control', rule);
	}
	return response;
};

/** Lets these sites, and no other, embed the page. */
export function framing(policy: string, origins: readonly string[]): string {
	const fit = origins.filter((origin) => /^https?:\/\/[a-z0-9.:-]+$/.test(origin));
	return policy.replace(/frame-ancestors [^;]*/, `frame-ancestors ${fit.length === 0 ? "'none'" : fit.join(' ')}`);
}

function permissions(route: string): string {
	const own = media.test(route)
		? ['camera', 'microphone', 'display-capture', 'fullscreen', 'autoplay']
		: camera.test(route)
			? ['camera']
			: [];
	const none = ['camera', 'microphone', 'display-capture', 'geolocation', 'payment', 'usb', 'browsing-topics'];
	return [
		...own.map((name) => `${name}=(self)`),
		...none.filter((name) => !own.includes(name)).map((name) => `${name}=()`)
	].join(', ');
}
