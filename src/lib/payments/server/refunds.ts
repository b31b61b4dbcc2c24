import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import { toStripe } from '#lib/payments/amounts.ts';
import { createRefund, stripeRefusalOf } from './stripe.ts';

/** A refund that the database decided and that was not requested from Stripe yet. */
interface DueRefund {
	id: string;
	payment_intent: string;
	/** Minor units. */
	amount: number;
	currency: string;
	/** The number of requests to Stripe. */
	attempts: number;
}

const states: Record<string, 'sent' | 'done' | 'failed'> = {
	pending: 'sent',
	requires_action: 'sent',
	succeeded: 'done',
	failed: 'failed',
	canceled: 'failed'
};

// A refusal needs a new key, an unanswered request never: Stripe may have received it.
async function send(refund: DueRefund): Promise<void> {
	try {
		const { id, status, failure_reason } = await createRefund(
			{
				payment_intent: refund.payment_intent,
				amount: toStripe(refund.amount, refund.currency),
				metadata: { refund_id: refund.id }
			},
			`${refund.id}:${refund.attempts}`
		);
		const state = states[status ?? 'pending'] ?? 'sent';
		await callPrivate('record_refund', [refund.id, id, state, state === 'failed' ? (failure_reason ?? status) : null]);
	} catch (error) {
		const { known, final, code } = stripeRefusalOf(error);
		if (!known) throw error;
		if (final) await callPrivate('record_refund', [refund.id, null, 'failed', code]);
	}
}

/**
 * Requests every due refund from Stripe. Safe to run in several processes: Stripe gives the same answer to the same
 * key. One that gets no answer stops none of the others; it is thrown at the end.
 */
export async function sendDueRefunds(): Promise<void> {
	const errors: unknown[] = [];
	for (const refund of await callPrivate('due_refunds'))
		await send(refund).catch((error: unknown) => errors.push(error));
	if (errors.length > 0) throw errors[0];
}

/**
 * The worker's part in payments: refunds as soon as they are due, unanswered requests, reminders, and each night the
 * reconciliation.
 */
export function refundJobs(): Job[] {
	return [
		{
			task: 'send_refunds',
			everyMinute: true,
			run: sendDueRefunds,
			trigger: { kind: 'refund', run: (_ids, add) => add([{ task: 'send_refunds', id: 'due' }]) }
		},
		{
			task: 'remind_invoices',
			everyMinute: true,
			run: async () => void (await callPrivate('remind_invoices'))
		},
		{
			task: 'check_books',
			everyMinute: true,
			run: async () => void (await callPrivate('reconcile_nightly'))
		}
	];
}
