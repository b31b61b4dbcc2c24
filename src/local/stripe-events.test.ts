/* The stand-in for Stripe: what happens to a payment afterwards, and how events are delivered. */
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { refusalOf, sessionParams, useLocalStripe } from '../../tests/fixtures/local-stripe.ts';

const site = useLocalStripe();

describe('refunds and disputes', () => {
	async function pay(): Promise<{ session: string; intent: string }> {
		const { id } = await site.stripe.checkout.sessions.create(sessionParams());
		const { payment_intent } = await site.steer(`sessions/${id}/pay`);
		await site.steer('idle');
		site.received = [];
		return { session: id, intent: String(payment_intent) };
	}

	test('refunds in parts, never more than was paid', async () => {
		const { intent } = await pay();
		const first = await site.stripe.refunds.create({
			payment_intent: intent,
			amount: 10_000,
			metadata: { refund_id: 'r1' }
		});
		expect([first.status, first.amount, first.metadata]).toEqual(['succeeded', 10_000, { refund_id: 'r1' }]);
		expect((await refusalOf(site.stripe.refunds.create({ payment_intent: intent, amount: 30_000 }))).param).toBe(
			'amount'
		);
		const rest = await site.stripe.refunds.create({ payment_intent: intent });
		expect(rest.amount).toBe(25_000);
		expect((await refusalOf(site.stripe.refunds.create({ payment_intent: intent }))).code).toBe(
			'charge_already_refunded'
		);
		await site.steer('idle');
		expect(site.types()).toEqual([
			'refund.created',
			'charge.refunded',
			'refund.updated',
			'refund.created',
			'charge.refunded',
			'refund.updated'
		]);
		const charges = site.received
			.filter(({ type }) => type === 'charge.refunded')
			.map(({ data }) => (data.object as Stripe.Charge).amount_refunded);
		expect(charges).toEqual([10_000, 35_000]);
		await site.steer(`refunds/${rest.id}/fail`);
		expect((await site.stripe.refunds.retrieve(rest.id)).status).toBe('failed');
	});

	test('disputes a payment, and loses the dispute', async () => {
		const { session } = await pay();
		const dispute = await site.steer(`sessions/${session}/dispute`);
		await site.steer(`disputes/${String(dispute.id)}/close`, { status: 'lost' });
		await site.steer('idle');
		expect(site.types()).toEqual(['charge.dispute.created', 'charge.dispute.closed']);
	});
});

describe('events', () => {
	test('delivers held events in reverse order', async () => {
		await site.steer('hold');
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		await site.steer(`sessions/${session.id}/pay`);
		expect(site.received).toEqual([]);
		await site.steer('release', { order: 'backward' });
		expect(site.types()).toEqual(['checkout.session.completed', 'payment_intent.succeeded', 'charge.succeeded']);
	});

	test('repeats an event that was not accepted', async () => {
		site.refuse = 1;
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		await site.stripe.checkout.sessions.expire(session.id);
		await site.steer('idle');
		expect(site.received).toEqual([]);
		await expect.poll(() => site.types(), { timeout: 5000 }).toEqual(['checkout.session.expired']);
	});

	test('lists events, and delivers any of them again', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		await site.stripe.checkout.sessions.expire(session.id);
		await site.steer('idle');
		const [event] = site.received;
		expect(await site.steer(`events/${event?.id ?? ''}/deliver`)).toEqual({ status: 200 });
		expect(site.received.map(({ id }) => id)).toEqual([event?.id, event?.id]);
		const { data } = await site.stripe.events.list({ type: 'checkout.session.expired', limit: 1 });
		expect(data.map(({ id }) => id)).toEqual([event?.id]);
	});

	test('keeps the ledger through a restart', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		await site.restart();
		expect((await site.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
	});
});
