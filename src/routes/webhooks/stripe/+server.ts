import { log } from '#lib/audit/server/log.ts';
import { takeDelivery } from '#lib/payments/server/webhook.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Webhooks of Stripe, which repeats an event until it gets a 200. */
export const POST: RequestHandler = async ({ request }) => {
	const delivery = await takeDelivery(request);
	if (delivery.status === 'too_large') return json({ error: 'This is larger than any event.' }, { status: 413 });
	if (delivery.status === 'forged') {
		log.warn({}, 'a delivery without the signature of Stripe was refused');
		return json({ error: 'The signature is missing, wrong or too old.' }, { status: 400 });
	}
	const quiet = delivery.effect === 'ignored' || delivery.effect === 'duplicate';
	log[quiet ? 'debug' : 'info']({ event: delivery.id, type: delivery.type, effect: delivery.effect }, 'Stripe event');
	return json({ received: true });
};
