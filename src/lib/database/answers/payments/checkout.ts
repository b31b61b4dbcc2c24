import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';

/** The database's decision about one attempt to pay. */
export const Checkout = v.strictObject({
	checkout_id: v.string(),
	/** Minor units. */
	amount: v.number(),
	currency: v.string(),
	/** ISO instant at which Stripe must close it. */
	expires_at: v.string(),
	/** The order's reference, for the statement and for people who write to us. */
	reference: v.string()
});
export type Checkout = v.InferOutput<typeof Checkout>;

/** The attempt, with its page at Stripe once that was made. */
const Attempt = { ...Checkout.entries, url: v.nullable(v.string()) };

/** What these functions answer. */
export const answers = {
	request_checkout: answer(
		{
			/** A new attempt. */
			ok: Attempt,
			/** The present one. */
			open: Attempt
		},
		'processing',
		'settled',
		'closed',
		'not_allowed'
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	due_refunds: v.strictObject({
		id: v.string(),
		payment_intent: v.string(),
		amount: v.number(),
		currency: v.string(),
		attempts: v.number()
	}),
	/** The effects of several refunds of one charge are joined by commas, for the log. */
	apply_stripe_event: v.strictObject({
		effect: v.string()
	})
} satisfies PrivateAnswers;
