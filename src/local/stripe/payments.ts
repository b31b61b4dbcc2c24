/* What happens to money: sessions are made, paid, declined, expire; payments are refunded and disputed. */
import { checkSession, expiry } from './checks.ts';
import { mapOf, textOf, type Form } from './form.ts';
import {
	newId,
	nowInSeconds,
	StripeRefusal,
	type Charge,
	type Dispute,
	type Intent,
	type Ledger,
	type Refund,
	type CheckoutSession
} from './objects.ts';

export interface Payments {
	createSession(form: Form): CheckoutSession;
	expireSession(id: string): CheckoutSession;
	/** Pays at once; a slow method completes the session and leaves the payment open until `settle`. */
	pay(id: string, how: 'card' | 'slow'): CheckoutSession;
	settle(id: string, outcome: 'succeeded' | 'failed'): CheckoutSession;
	decline(id: string): CheckoutSession;
	refund(form: Form): Refund;
	failRefund(id: string): Refund;
	dispute(sessionId: string): Dispute;
	closeDispute(id: string, status: 'won' | 'lost'): Dispute;
}

interface PaymentOptions {
	ledger: Ledger;
	/** Where the pages to pay at are. */
	address: string;
	sendEvent: (type: string, object: object) => void;
}

/** The stand-in's dealings over a ledger. */
export function makePayments({ ledger, address, sendEvent }: PaymentOptions): Payments {
	function session(id: string): CheckoutSession {
		const found = ledger.sessions[id];
		if (!found)
			throw new StripeRefusal(404, {
				code: 'resource_missing',
				param: 'session',
				message: `No such checkout.session: ${id}`
			});
		return found;
	}
	function open(id: string): CheckoutSession {
		const found = session(id);
		if (found.status !== 'open')
			throw new StripeRefusal(400, { message: `This Checkout Session has a status of ${found.status}.` });
		return found;
	}
	function intentOf(paying: CheckoutSession): Intent {
		const existing = paying.payment_intent ? ledger.intents[paying.payment_intent] : undefined;
		if (existing) return existing;
		const intent: Intent = {
			id: newId('pi'),
			object: 'payment_intent',
			amount: paying.amount_total,
			amount_received: 0,
			created: nowInSeconds(),
			currency: paying.currency,
			last_payment_error: null,
			latest_charge: null,
			livemode: false,
			metadata: ledger.intentMetadata[paying.id] ?? {},
			status: 'requires_payment_method'
		};
		ledger.intents[intent.id] = intent;
		paying.payment_intent = intent.id;
		return intent;
	}
	function charge(intent: Intent, paid: boolean, method: string): Charge {
		const made: Charge = {
			id: newId('ch'),
			object: 'charge',
			amount: intent.amount,
			amount_captured: paid ? intent.amount : 0,
			amount_refunded: 0,
			captured: paid,
			created: nowInSeconds(),
			currency: intent.currency,
			disputed: false,
			failure_code: paid ? null : 'card_declined',
			livemode: false,
			metadata: intent.metadata,
			paid,
			payment_intent: intent.id,
			payment_method_details: { type: method },
			refunded: false,
			status: paid ? 'succeeded' : 'failed'
		};
		ledger.charges[made.id] = made;
		intent.latest_charge = made.id;
		return made;
	}
	function succeed(intent: Intent, method: string): void {
		const made = charge(intent, true, method);
		Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, last_payment_error: null });
		sendEvent('charge.succeeded', made);
		sendEvent('payment_intent.succeeded', intent);
	}
	function fail(intent: Intent, method: string): void {
		const made = charge(intent, false, method);
		const message = 'Your card was declined.';
		Object.assign(intent, {
			status: 'requires_payment_method',
			last_payment_error: { code: 'card_declined', decline_code: 'generic_decline', message, type: 'card_error' }
		});
		sendEvent('charge.failed', made);
		sendEvent('payment_intent.payment_failed', intent);
	}
	function chargeOf(form: Form): Charge {
		const intent = ledger.intents[textOf(form.payment_intent) ?? ''];
		const found = ledger.charges[textOf(form.charge) ?? intent?.latest_charge ?? ''];
		if (form.payment_intent && !intent)
			throw new StripeRefusal(404, {
				code: 'resource_missing',
				param: 'payment_intent',
				message: `No such payment_intent: '${textOf(form.payment_intent)}'`
			});
		if (!found?.paid)
			throw new StripeRefusal(400, {
				code: 'resource_missing',
				message: 'This PaymentIntent does not have a successful charge to refund.'
			});
		return found;
	}

	return {
		createSession(form) {
			const { items, currency } = checkSession(form);
			const total = items.reduce((sum, item) => sum + item.amount_total, 0);
			const id = newId('cs_test');
			const made: CheckoutSession = {
				id,
				object: 'checkout.session',
				amount_subtotal: total,
				amount_total: total,
				cancel_url: textOf(form.cancel_url) ?? null,
				client_reference_id: textOf(form.client_reference_id) ?? null,
				created: nowInSeconds(),
				currency,
				customer: null,
				customer_details: null,
				customer_email: textOf(form.customer_email) ?? null,
				expires_at: expiry(form),
				livemode: false,
				locale: textOf(form.locale) ?? null,
				metadata: mapOf(form.metadata),
				mode: 'payment',
				payment_intent: null,
				payment_method_types: ['card'],
				payment_status: 'unpaid',
				status: 'open',
				success_url: textOf(form.success_url) ?? '',
				ui_mode: textOf(form.ui_mode) ?? 'hosted',
				url: `${address}/pay/${id}`
			};
			ledger.sessions[id] = made;
			ledger.lineItems[id] = items;
			const inner = form.payment_intent_data;
			ledger.intentMetadata[id] = typeof inner === 'object' && !Array.isArray(inner) ? mapOf(inner.metadata) : {};
			return made;
		},
		expireSession(id) {
			const found = session(id);
			if (found.status !== 'open') {
				throw new StripeRefusal(400, {
					message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${found.status}.`
				});
			}
			Object.assign(found, { status: 'expired', url: null });
			sendEvent('checkout.session.expired', found);
			return found;
		},
		pay(id, how) {
			const found = open(id);
			const intent = intentOf(found);
			Object.assign(found, { status: 'complete', url: null, customer_details: { email: found.customer_email } });
			if (how === 'slow') {
				intent.status = 'processing';
				sendEvent('payment_intent.processing', intent);
			} else {
				found.payment_status = 'paid';
				succeed(intent, 'card');
			}
			sendEvent('checkout.session.completed', found);
			return found;
		},
		settle(id, outcome) {
			const found = session(id);
			const intent = intentOf(found);
			if (intent.status !== 'processing') throw new StripeRefusal(400, { message: 'This payment is not under way.' });
			if (outcome === 'succeeded') {
				succeed(intent, 'sepa_debit');
				found.payment_status = 'paid';
				sendEvent('checkout.session.async_payment_succeeded', found);
			} else {
				fail(intent, 'sepa_debit');
				sendEvent('checkout.session.async_payment_failed', found);
			}
			return found;
		},
		decline(id) {
			const found = open(id);
			fail(intentOf(found), 'card');
			return found;
		},
		refund(form) {
			const paid = chargeOf(form);
			const left = paid.amount - paid.amount_refunded;
			const amount = form.amount === undefined ? left : Number(textOf(form.amount));
			if (left === 0)
				throw new StripeRefusal(400, {
					code: 'charge_already_refunded',
					message: `Charge ${paid.id} has already been refunded.`
				});
			if (!Number.isInteger(amount) || amount < 1)
				throw new StripeRefusal(400, {
					code: 'parameter_invalid_integer',
					param: 'amount',
					message: 'Invalid integer: amount'
				});
			if (amount > left)
				throw new StripeRefusal(400, {
					param: 'amount',
					message: `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`
				});
			const made: Refund = {
				id: newId('re'),
				object: 'refund',
				amount,
				charge: paid.id,
				created: nowInSeconds(),
				currency: paid.currency,
				metadata: mapOf(form.metadata),
				payment_intent: paid.payment_intent,
				reason: textOf(form.reason) ?? null,
				status: 'succeeded'
			};
			ledger.refunds[made.id] = made;
			paid.amount_refunded += amount;
			paid.refunded = paid.amount_refunded === paid.amount;
			sendEvent('refund.created', made);
			sendEvent('charge.refunded', paid);
			sendEvent('refund.updated', made);
			return made;
		},
		failRefund(id) {
			const made = ledger.refunds[id];
			const paid = made ? ledger.charges[made.charge] : undefined;
			if (!made || !paid || made.status === 'failed')
				throw new StripeRefusal(404, { code: 'resource_missing', message: `No such refund: '${id}'` });
			Object.assign(made, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
			paid.amount_refunded -= made.amount;
			paid.refunded = false;
			sendEvent('refund.updated', made);
			sendEvent('refund.failed', made);
			return made;
		},
		dispute(sessionId) {
			const intent = ledger.intents[session(sessionId).payment_intent ?? ''];
			const paid = ledger.charges[intent?.latest_charge ?? ''];
			if (!intent || !paid?.paid) throw new StripeRefusal(400, { message: 'Nothing was paid that could be disputed.' });
			const made: Dispute = {
				id: newId('du'),
				object: 'dispute',
				amount: paid.amount,
				charge: paid.id,
				created: nowInSeconds(),
				currency: paid.currency,
				livemode: false,
				metadata: {},
				payment_intent: intent.id,
				reason: 'fraudulent',
				status: 'needs_response'
			};
			ledger.disputes[made.id] = made;
			paid.disputed = true;
			sendEvent('charge.dispute.created', made);
			return made;
		},
		closeDispute(id, status) {
			const made = ledger.disputes[id];
			if (!made) throw new StripeRefusal(404, { code: 'resource_missing', message: `No such dispute: '${id}'` });
			made.status = status;
			sendEvent('charge.dispute.closed', made);
			return made;
		}
	};
}
