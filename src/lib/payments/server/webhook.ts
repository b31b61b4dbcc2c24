import { callPrivate } from '#lib/database/server/pool.ts';
import { readStripeEvent } from './stripe.ts';

/** Stripe's largest events are a few kilobytes. */
const largest = 256 * 1024;

/** The result of a delivery; `effect` is the database's status. */
type WebhookDelivery =
	{ status: 'too_large' } | { status: 'forged' } | { status: 'ok'; id: string; type: string; effect: string };

async function bodyOf(request: Request): Promise<Buffer | null> {
	if (Number(request.headers.get('content-length') ?? 0) > largest) return null;
	const body = Buffer.from(await request.arrayBuffer());
	return body.length > largest ? null : body;
}

/** Reads a delivery, verifies that it is Stripe's, and lets the database decide its effect: once, in any order. */
export async function takeDelivery(request: Request): Promise<WebhookDelivery> {
	const body = await bodyOf(request);
	if (!body) return { status: 'too_large' };
	const event = readStripeEvent(body, request.headers.get('stripe-signature'));
	if (!event) return { status: 'forged' };
	const { id, type, object, created } = event;
	const [row] = await callPrivate('apply_stripe_event', [id, type, object, created]);
	return { status: 'ok', id, type, effect: row?.apply_stripe_event.effect ?? '' };
}
