/* Web push to the browsers of people (RFC 8030). */
import { createECDH } from 'node:crypto';
import webpush from 'web-push';

/** Our identity for push services (VAPID, RFC 8292): the key pair in base64url, and the operator's contact. */
export interface PushKeys {
	publicKey: string;
	privateKey: string;
	subject: string;
}

/** The keys from PUSH_KEY (base64url of a P-256 private key); null without one, and then nothing is pushed. */
export function pushKeys(env: NodeJS.ProcessEnv = process.env): PushKeys | null {
	const privateKey = env['PUSH_KEY'];
	if (!privateKey) return null;
	const pair = createECDH('prime256v1');
	pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
	const address = /[^\s<>@]+@[^\s<>@]+/.exec(env['MAIL_FROM'] ?? '')?.[0];
	const subject = address ? `mailto:${address}` : (env['ORIGIN'] ?? 'https://localhost');
	return { publicKey: pair.getPublicKey().toString('base64url'), privateKey, subject };
}

// An endpoint makes our server call it, so only the push services of browsers are accepted.
const services = [
	/^fcm\.googleapis\.com$/,
	/^updates\.push\.services\.mozilla\.com$/,
	/\.push\.apple\.com$/,
	/\.notify\.windows\.com$/
];

/**
 * Whether an endpoint belongs to a browser's push service; PUSH_SERVICES names further hosts, which may work without
 * TLS.
 */
export function isPushService(endpoint: string, env: NodeJS.ProcessEnv = process.env): boolean {
	if (!URL.canParse(endpoint)) return false;
	const { protocol, host, hostname } = new URL(endpoint);
	if ((env['PUSH_SERVICES'] ?? '').split(',').includes(host)) return protocol === 'https:' || protocol === 'http:';
	return protocol === 'https:' && host === hostname && services.some((service) => service.test(hostname));
}

/** A browser's subscription. */
interface Subscription {
	endpoint: string;
	p256dh: string;
	auth: string;
}

/** What became of a push. Gone: the browser accepts none any more. */
export type PushOutcome = 'sent' | 'gone' | 'failed';

const timeoutMs = 10_000;

/** Sends one push, which its service keeps for so many seconds. */
export async function sendPush(
	keys: PushKeys,
	{ endpoint, p256dh, auth }: Subscription,
	payload: string,
	{ seconds, isUrgent }: { seconds: number; isUrgent: boolean }
): Promise<PushOutcome> {
	if (!isPushService(endpoint)) return 'gone';
	try {
		const request = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
			vapidDetails: keys,
			TTL: seconds,
			urgency: isUrgent ? 'high' : 'normal'
		});
		const answer = await fetch(request.endpoint, {
			method: 'POST',
			headers: request.headers as Record<string, string>,
			body: new Uint8Array(request.body ?? Buffer.alloc(0)),
			redirect: 'error',
			signal: AbortSignal.timeout(timeoutMs)
		});
		await answer.body?.cancel();
		// This library may refuse the key, or the service may no longer know the browser.
		if (answer.status === 404 || answer.status === 410 || answer.status === 403) return 'gone';
		return answer.ok ? 'sent' : 'failed';
	} catch {
		return 'failed';
	}
}
