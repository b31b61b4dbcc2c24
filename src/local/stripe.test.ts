/* The stand-in for Stripe: Checkout Sessions, and paying. */
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { refusalOf, sessionParams, useLocalStripe } from '../../tests/fixtures/local-stripe.ts';

const site = useLocalStripe();

describe('Checkout Sessions', () => {
	test('makes a session open and unpaid, as requested', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		expect(session).toMatchObject({
			object: 'checkout.session',
			amount_total: 35_000,
			currency: 'eur',
			status: 'open',
			payment_status: 'unpaid',
			payment_intent: null,
			metadata: { checkout_id: 'c1' },
			client_reference_id: 'order-1'
		});
		expect(session.url).toBe(`${site.standIn.address}/pay/${session.id}`);
		expect(session.expires_at - session.created).toBe(24 * 3600);
		expect((await site.stripe.checkout.sessions.retrieve(session.id)).id).toBe(session.id);
	});

	test('limits its life to 30 minutes to 24 hours', async () => {
		const now = Math.floor(Date.now() / 1000);
		const exact = await site.stripe.checkout.sessions.create(sessionParams({ expires_at: now + 31 * 60 }));
		expect(exact.expires_at).toBe(now + 31 * 60);
		const short = await refusalOf(site.stripe.checkout.sessions.create(sessionParams({ expires_at: now + 29 * 60 })));
		const long = await refusalOf(site.stripe.checkout.sessions.create(sessionParams({ expires_at: now + 25 * 3600 })));
		expect([short.param, short.statusCode, long.param, long.statusCode]).toEqual([
			'expires_at',
			400,
			'expires_at',
			400
		]);
	});

	test('returns the same session for the same key, and refuses other parameters with it', async () => {
		const first = await site.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
		const second = await site.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
		expect(second.id).toBe(first.id);
		const other = await refusalOf(
			site.stripe.checkout.sessions.create(sessionParams({ client_reference_id: 'order-2' }), { idempotencyKey: 'k1' })
		);
		expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
	});

	test('answers errors in Stripe’s format', async () => {
		const missing = await refusalOf(site.stripe.checkout.sessions.retrieve('cs_test_none'));
		expect([missing.statusCode, missing.code, missing.type]).toEqual([
			404,
			'resource_missing',
			'StripeInvalidRequestError'
		]);
		const unknown = await refusalOf(
			site.stripe.checkout.sessions.create({ ...sessionParams(), surprise: '1' } as Stripe.Checkout.SessionCreateParams)
		);
		expect([unknown.code, unknown.param]).toEqual(['parameter_unknown', 'surprise']);
		const small = sessionParams({
			line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 10, product_data: { name: 'x' } } }]
		});
		expect((await refusalOf(site.stripe.checkout.sessions.create(small))).code).toBe('amount_too_small');
		const other = site.client('sk_test_other');
		expect(await refusalOf(other.checkout.sessions.create(sessionParams()))).toBeInstanceOf(
			Stripe.errors.StripeAuthenticationError
		);
	});

	test('expires an open session once', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		const expired = await site.stripe.checkout.sessions.expire(session.id);
		expect([expired.status, expired.url]).toEqual(['expired', null]);
		expect((await refusalOf(site.stripe.checkout.sessions.expire(session.id))).statusCode).toBe(400);
		await site.steer('idle');
		expect(site.types()).toEqual(['checkout.session.expired']);
	});
});

describe('paying', () => {
	test('takes a payment on the page, by form, and returns to the success address', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		const page = await (await fetch(session.url ?? '')).text();
		expect(page).toContain('Seat in the hall');
		expect(page).toContain('€350.00');
		const paid = await fetch(session.url ?? '', {
			method: 'POST',
			body: new URLSearchParams({ act: 'pay' }),
			redirect: 'manual'
		});
		expect([paid.status, paid.headers.get('location')]).toEqual([
			303,
			`http://localhost:3000/paid?session=${session.id}`
		]);
		await site.steer('idle');
		expect(site.types()).toEqual(['charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']);
		const completed = site.received[2]?.data.object as Stripe.Checkout.Session;
		expect([completed.payment_status, completed.status, completed.metadata]).toEqual([
			'paid',
			'complete',
			{ checkout_id: 'c1' }
		]);
		const intent = await site.stripe.paymentIntents.retrieve(String(completed.payment_intent), {
			expand: ['latest_charge']
		});
		expect([intent.status, intent.amount_received, intent.metadata]).toEqual([
			'succeeded',
			35_000,
			{ checkout_id: 'c1' }
		]);
		expect((intent.latest_charge as Stripe.Charge).amount).toBe(35_000);
		const twice = await fetch(`${site.standIn.address}/pay/${session.id}`, {
			method: 'POST',
			body: new URLSearchParams({ act: 'pay' })
		});
		expect(await twice.text()).toContain('already');
	});

	test('escapes the name of a seat on the page', async () => {
		const line_items = [
			{
				quantity: 1,
				price_data: { currency: 'eur', unit_amount: 100, product_data: { name: '<script>alert(1)</script>' } }
			}
		];
		const session = await site.stripe.checkout.sessions.create(sessionParams({ line_items }));
		expect(await (await fetch(session.url ?? '')).text()).not.toContain('<script>alert');
	});

	test('leaves the session open after a declined card', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		const declined = await fetch(session.url ?? '', { method: 'POST', body: new URLSearchParams({ act: 'decline' }) });
		expect(await declined.text()).toContain('Your card was declined');
		expect((await site.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
		await site.steer('idle');
		expect(site.types()).toEqual(['charge.failed', 'payment_intent.payment_failed']);
	});

	test('completes a slow method first and settles it later', async () => {
		const session = await site.stripe.checkout.sessions.create(sessionParams());
		await site.steer(`sessions/${session.id}/pay`, { how: 'slow' });
		expect((await site.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('unpaid');
		await site.steer(`sessions/${session.id}/settle`, { outcome: 'succeeded' });
		await site.steer('idle');
		expect(site.types().filter((type) => type.startsWith('checkout'))).toEqual([
			'checkout.session.completed',
			'checkout.session.async_payment_succeeded'
		]);
	});
});
