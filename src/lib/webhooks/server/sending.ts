import { callPrivate } from '#lib/database/server/pool.ts';
import type { WebhookMessage, WebhookTarget } from '#lib/database/answers/webhooks.ts';
import type { AddJobs, Job } from '#lib/live/server/jobs.ts';
import { siteOrigin } from '#lib/mail/context.ts';
import { endpointUrl, isLoopbackHost } from '../addresses.ts';
import { postToEndpoint, type PostOutcome } from './posting.ts';
import { openSecrets, signatureOf } from './signing.ts';

/** Sends a body with headers to an address; the tests give another. */
export type PostToEndpoint = typeof postToEndpoint;

/** Whether endpoints may be on this machine: where the site itself is, for trying it out. */
export const allowsLoopback = (): boolean => isLoopbackHost(new URL(siteOrigin()).hostname);

// The body is the same at each attempt; the signature has the time of the attempt.
async function sendMessage(
	target: WebhookTarget,
	message: WebhookMessage,
	post: PostToEndpoint,
	stopping?: AbortSignal
): Promise<PostOutcome> {
	const nothing = { status: null, excerpt: '', tookMs: 0 };
	const secrets = openSecrets(target);
	if (secrets.length === 0) return { ...nothing, fault: 'secret' };
	const url = endpointUrl(target.url, allowsLoopback());
	if (!url) return { ...nothing, fault: 'address' };
	const { event, kind, occurred_at: at, data } = message;
	const body = JSON.stringify({ type: kind, timestamp: at.toISOString(), data });
	const timestamp = Math.floor(Date.now() / 1000);
	const headers = {
		'user-agent': 'Global-Summit-Webhooks/1',
		'webhook-id': event,
		'webhook-timestamp': String(timestamp),
		'webhook-signature': signatureOf(event, timestamp, body, secrets)
	};
	return post(url, body, headers, { stopping });
}

// Others wait too: after so many an endpoint is given back.
const mostAtOnce = 50;

// Sends in order what is due to a claimed endpoint. Answers when there is more; null: there is not.
async function serve(
	target: WebhookTarget & { claim: string },
	post: PostToEndpoint,
	stopping?: AbortSignal
): Promise<Date | null> {
	const { endpoint_id: endpoint, claim } = target;
	for (let count = 0; count < mostAtOnce && !stopping?.aborted; count += 1) {
		const [message] = await callPrivate('next_webhook', [endpoint, claim]);
		if (!message) break;
		const { status, fault, excerpt, tookMs } = await sendMessage(target, message, post, stopping);
		// Cut off by the stop of this process: another one sends it again.
		if (status === null && stopping?.aborted) break;
		const args = [message.delivery, claim, status, fault, excerpt, tookMs] as const;
		const [row] = await callPrivate('record_webhook_attempt', [...args]);
		if (!row?.record_webhook_attempt) break;
	}
	const [row] = await callPrivate('release_webhook_endpoint', [endpoint, claim]);
	return row?.release_webhook_endpoint ?? null;
}

const task = 'send_webhooks';
const lanes = 4;

/** Serves endpoints that have something due, or the one given, until there is none. */
export async function sendDue(add: AddJobs, post: PostToEndpoint, only: string | null = null, stopping?: AbortSignal) {
	async function lane(): Promise<void> {
		while (!stopping?.aborted) {
			const [target] = await callPrivate('claim_webhook_endpoint', [only]);
			if (!target) return;
			const runAt = await serve(target, post, stopping);
			if (runAt && runAt.getTime() > Date.now()) await add([{ task, id: target.endpoint_id, runAt }]);
		}
	}
	const ends = await Promise.allSettled(Array.from({ length: only === null ? lanes : 1 }, lane));
	const failed = ends.find((end) => end.status === 'rejected');
	if (failed) throw failed.reason;
}

/** Sends a test that was begun, and answers what came of it; null: it was sent before. */
export async function sendTestEvent(
	delivery: string,
	post: PostToEndpoint = postToEndpoint
): Promise<PostOutcome | null> {
	const [test] = await callPrivate('take_webhook_test', [delivery]);
	if (!test) return null;
	const outcome = await sendMessage(test, test, post);
	await callPrivate('record_webhook_test', [delivery, outcome.status, outcome.fault, outcome.excerpt, outcome.tookMs]);
	return outcome;
}

/** The worker's part in webhooks: each event as soon as it is written; each minute, those that were missed or are due again. */
export function webhookJobs(post: PostToEndpoint = postToEndpoint): Job[] {
	return [
		{
			task,
			everyMinute: true,
			run: async (id, add) => {
				if (id === null) await callPrivate('end_lost_webhook_tests');
				await sendDue(add, post, id);
			},
			trigger: { kind: 'webhook', run: (_ids, add, stopping) => sendDue(add, post, null, stopping) }
		}
	];
}
