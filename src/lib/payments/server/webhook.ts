import { callPrivate } from '#lib/database/server/pool.ts';
import { bodyWithin } from '#lib/forms/server/request-body.ts';
import { readStripeEvent } from './stripe.ts';

/** Stripe's largest events are a few kilobytes. */
const largest = 256 * 1024;

/** The result of a delivery; `effect` is the database's status. */
type WebhookDelivery =
	{ status: 'too_large' } | { status: 'forged' } | { status: 'ok'; id: string; type: string; effect: string };

/** Reads a delivery, verifies that it is Stripe's, and lets the database decide its effect: once, in any order. */
export async function takeDelivery(request: Request): Promise<WebhookDelivery> {
	const body = await bodyWithin(request, largest);
	if (!body) return { status: 'too_large' };
	const event = readStripeEvent(body, request.headers.get('stripe-signature'));
	if (!event) return { status: 'forged' };
	const { id, type, object, created } = event;
	const [row] = await callPrivate('apply_stripe_event', [id, type, object, created]);
	return { status: 'ok', id, type, effect: row?.apply_stripe_event.effect ?? '' };
}
