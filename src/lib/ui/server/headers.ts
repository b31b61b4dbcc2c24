import type { Handle } from '@sveltejs/kit';

// Routes on which a browser talks to LiveKit, and where camera and microphone may be asked for.
const media = /^\/\((?:stage|speaker)\)|^\/\(organiser\)\/\[summit\]\/organise\/stages/;
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

/** Adds sources to `connect-src` of a policy that may have none of its own yet. */
export function allowConnect(policy: string, sources: string[]): string {
	if (sources.length === 0) return policy;
	const found = /connect-src ([^;]*)/.exec(policy);
	if (found) return policy.replace(found[0], `${found[0].trimEnd()} ${sources.join(' ')}`);
	return `${policy}; connect-src 'self' ${sources.join(' ')}`;
}

/** Headers that protect a reader, on every answer. The content policy itself is Kit's, by hashes. */
export const secure: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const route = event.route.id ?? '';
	const { headers } = response;
	try {
		headers.set('x-content-type-options', 'nosniff');
	} catch {
		// A response that came from fetch has fixed headers; ours are never such.
		return response;
	}
	headers.set('referrer-policy', 'strict-origin-when-cross-origin');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('cross-origin-resource-policy', 'same-origin');
	headers.set('permissions-policy', permissions(route));
	if (event.url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
	const policy = headers.get('content-security-policy');
	if (policy && media.test(route))
		headers.set('content-security-policy', allowConnect(policy, mediaSources(process.env['LIVEKIT_URL'])));
	// The reader of codes is a program of ours in WebAssembly.
	if (policy && camera.test(route))
		headers.set('content-security-policy', policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"));
	const { framedBy } = event.locals;
	if (framedBy && policy) headers.set('content-security-policy', framing(policy, framedBy));
	if (event.locals.viewer && !headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
	return response;
};

/** Lets these sites, and no other, show the page within theirs. */
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
