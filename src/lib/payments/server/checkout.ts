import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { sessionParams, type PayerPlace } from '#lib/payments/session.ts';
import type { DataClient } from '#lib/database/client.ts';
import { openSession, stripeRefusalOf } from './stripe.ts';

/** The payer's redirect, or why there is none. `unreachable`: Stripe opened no page, and nothing was charged. */
type CheckoutAnswer =
	| { status: 'ok'; url: string }
	| { status: 'processing' | 'settled' | 'closed' | 'not_allowed' }
	| { status: 'unreachable'; code: string };

/**
 * Creates a payment attempt in the database and a page at Stripe. A second click finds the page of the first: the
 * attempt is the same, and so is the idempotency key.
 */
export async function openCheckout(client: DataClient, order: string, place: PayerPlace): Promise<CheckoutAnswer> {
	const requested = await rpc(client, 'request_checkout', { order_id: order });
	if (requested.status !== 'ok' && requested.status !== 'open') return { status: requested.status };
	if (requested.url) return { status: 'ok', url: requested.url };
	try {
		// The page is in the payer's language; Stripe refuses different parameters under the same key.
		const session = await openSession(sessionParams(requested, place), `${requested.checkout_id}:${place.locale}`);
		const intent =
			typeof session.payment_intent === 'string' ? session.payment_intent : (session.payment_intent?.id ?? null);
		const ends = new Date(session.expires_at * 1000).toISOString();
		await callPrivate('record_checkout', [requested.checkout_id, session.id, intent, session.url, ends]);
		return session.url ? { status: 'ok', url: session.url } : { status: 'unreachable', code: 'no_url' };
	} catch (failure) {
		const { known, code } = stripeRefusalOf(failure);
		// An error of the database does not mean that Stripe is unavailable.
		if (!known) throw failure;
		return { status: 'unreachable', code };
	}
}
