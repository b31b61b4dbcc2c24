import { createECDH } from 'node:crypto';
import webpush from 'web-push';
import { callPrivate } from '#lib/database/server/pool.ts';
import { href, isLocale, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import type { AddJobs, Job } from '#lib/live/server/jobs.ts';

/** Our identity for push services (VAPID, RFC 8292): the key pair in base64url, and the operator's contact. */
interface PushKeys {
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

interface Claimed {
	id: string;
	endpoint: string;
	p256dh: string;
	auth: string;
	locale: string;
	wording: { subject: string; body: string | null } | null;
	slug: string;
	summit_name: TextMap;
	page: string | null;
	is_urgent: boolean;
	seconds: number;
}

type Outcome = 'sent' | 'gone' | 'failed';
const timeoutMs = 10_000;

/**
 * The text for the browser, in its reader's language; for a session with a restricted audience it says only that there
 * is an announcement.
 */
function payloadOf(push: Claimed, announcement: string): string {
	const locale = isLocale(push.locale) ? push.locale : 'en';
	return withLocale(locale, () =>
		JSON.stringify({
			id: announcement,
			lang: locale,
			title: push.wording?.subject ?? text(push.summit_name).text,
			body: (push.wording ? (push.wording.body ?? '') : m.announcements_discreet()).slice(0, 600),
			url: href(`/${push.slug}${push.wording && push.page !== null ? push.page : '/announcements'}`),
			urgent: push.is_urgent
		})
	);
}

async function deliver(push: Claimed, announcement: string, keys: PushKeys): Promise<Outcome> {
	if (!isPushService(push.endpoint)) return 'gone';
	try {
		const { endpoint, headers, body } = webpush.generateRequestDetails(
			{ endpoint: push.endpoint, keys: { p256dh: push.p256dh, auth: push.auth } },
			payloadOf(push, announcement),
			{ vapidDetails: keys, TTL: push.seconds, urgency: push.is_urgent ? 'high' : 'normal' }
		);
		const answer = await fetch(endpoint, {
			method: 'POST',
			headers: headers as Record<string, string>,
			body: new Uint8Array(body ?? Buffer.alloc(0)),
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

const task = 'send_pushes';

async function sendPushes(announcement: string, add: AddJobs): Promise<void> {
	const keys = pushKeys();
	if (!keys) return;
	let next: Date | undefined;
	for (;;) {
		const claimed = await callPrivate('claim_pushes', [announcement, 50]);
		if (claimed.length === 0) break;
		await Promise.all(
			claimed.map(async (push) => {
				const outcome = await deliver(push, announcement, keys);
				const [row] = await callPrivate('record_push_result', [push.id, outcome]);
				if (row?.record_push_result && (!next || row.record_push_result < next)) next = row.record_push_result;
			})
		);
	}
	if (next) await add([{ task, id: announcement, runAt: next }]);
}

/** The worker's part in pushing: each announcement at once, and a job each minute for missed and expired ones. */
export function pushJobs(): Job[] {
	return [
		{
			task,
			run: async (id, add) => (id === null ? undefined : sendPushes(id, add)),
			trigger: { kind: 'push', run: (ids, add) => add(ids.map((id) => ({ task, id, priority: 3 }))) }
		},
		{
			task: 'sweep_pushes',
			everyMinute: true,
			run: async (_id, add) => {
				await callPrivate('erase_announcement_readers');
				const due = await callPrivate('sweep_pushes');
				await add(due.map(({ id }) => ({ task, id })));
			}
		}
	];
}
