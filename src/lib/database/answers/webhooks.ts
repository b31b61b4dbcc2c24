import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';

const kind = v.picklist(enums.webhook_kind);

/** An endpoint to which the events of a Summit are sent. */
export const WebhookEndpoint = v.strictObject({
	id: v.string(),
	url: v.string(),
	description: v.string(),
	kinds: v.array(kind),
	/** Null: it is active. */
	pause_reason: v.nullable(v.picklist(enums.webhook_pause)),
	paused_at: v.nullable(v.string()),
	/** Until when the secret before the last rotation signs too. */
	old_until: v.nullable(v.string()),
	/** Since when no attempt has succeeded. */
	failing_since: v.nullable(v.string()),
	waiting: v.number(),
	failed: v.number()
});
export type WebhookEndpoint = v.InferOutput<typeof WebhookEndpoint>;

/** An event for one endpoint, and its last attempt. */
export const WebhookDelivery = v.strictObject({
	id: v.string(),
	event: v.string(),
	kind,
	occurred_at: v.string(),
	/** Ids and codes. */
	data: v.record(v.string(), v.unknown()),
	state: v.picklist(enums.webhook_state),
	attempts: v.number(),
	next_at: v.nullable(v.string()),
	last: v.nullable(
		v.strictObject({
			at: v.string(),
			status: v.nullable(v.number()),
			fault: v.nullable(v.picklist(enums.webhook_fault)),
			/** The beginning of the answer. */
			excerpt: v.string(),
			took_ms: v.number()
		})
	)
});
export type WebhookDelivery = v.InferOutput<typeof WebhookDelivery>;

/** An endpoint and its log, the newest first. */
export const WebhookLog = v.strictObject({
	endpoint: WebhookEndpoint,
	total: v.number(),
	deliveries: v.array(WebhookDelivery)
});
export type WebhookLog = v.InferOutput<typeof WebhookLog>;

/** An event as it is sent. */
const message = {
	event: v.string(),
	kind,
	occurred_at: v.date(),
	data: v.record(v.string(), v.unknown())
};
export type WebhookMessage = v.InferOutput<v.StrictObjectSchema<typeof message, undefined>>;

/** Where it goes, and the secrets that sign it: the one in force, and for a day the one before it. */
const target = {
	endpoint_id: v.string(),
	url: v.string(),
	secret_sealed: v.instance(Buffer),
	key_id: v.string(),
	old_secret_sealed: v.nullable(v.instance(Buffer)),
	old_key_id: v.nullable(v.string())
};
export type WebhookTarget = v.InferOutput<v.StrictObjectSchema<typeof target, undefined>>;

/** What these functions answer. */
export const answers = {
	list_webhooks: v.nullable(v.array(WebhookEndpoint)),
	read_webhook: v.nullable(WebhookLog),
	begin_webhook_test: answer({ ok: { delivery: v.string() } }, 'not_found', 'limited')
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	claim_webhook_endpoint: v.strictObject({ ...target, claim: v.string() }),
	next_webhook: v.strictObject({ delivery: v.string(), ...message }),
	record_webhook_attempt: v.boolean(),
	release_webhook_endpoint: v.nullable(v.date()),
	take_webhook_test: v.strictObject({ ...target, ...message })
} satisfies PrivateAnswers;
