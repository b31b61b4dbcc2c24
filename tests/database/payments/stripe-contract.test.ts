/* Requests to Stripe go to stripe-mock, which checks them against Stripe's specification. */
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locales } from '#lib/i18n/locale.ts';
import { createRefund, openSession, stripeRefusalOf } from '../../../src/lib/payments/server/stripe.ts';
import { sessionParams } from '../../../src/lib/payments/session.ts';
import { startStripeMock } from '../../fixtures/stripe-mock.ts';

const mock = await startStripeMock();

beforeAll(() => {
	if (!mock)
		return console.warn('stripe-mock is not here and there is no Go to build it: Stripe’s contract is not checked.');
	Object.assign(process.env, { STRIPE_SECRET_KEY: 'sk_test_123', STRIPE_API_URL: mock.address });
});
afterAll(() => mock?.stop());

const params = (locale: string) =>
	sessionParams(
		{
			checkout_id: '0b6ef8f2-6d0d-4a5e-9b7c-2f5f0a1c9d10',
			amount: 35_000,
			currency: 'EUR',
			expires_at: new Date(Date.now() + 3_600_000).toISOString(),
			reference: 'QRST678923'
		},
		{
			origin: 'https://summit.example.org',
			paidPath: '/fr/2027/me/paid?order=1',
			backPath: '/fr/2027/me/pay?order=1&back',
			item: 'Place dans la salle, Sommet mondial 2027',
			locale
		}
	);

test.skipIf(!mock).each(locales)('accepts our Checkout Session in %s', async (locale) => {
	const session = await openSession(params(locale), `contract-${locale}`);
	expect(session.object).toBe('checkout.session');
});

test.skipIf(!mock)('accepts our refund', async () => {
	const refund = await createRefund(
		{ payment_intent: 'pi_123', amount: 17_500, metadata: { refund_id: '0b6ef8f2-6d0d-4a5e-9b7c-2f5f0a1c9d10' } },
		'contract-refund'
	);
	expect(refund.object).toBe('refund');
});

test.skipIf(!mock)('refuses a parameter that Stripe does not have, as a final error', async () => {
	const wrong = { ...params('en'), celebrate: 'yes' } as Stripe.Checkout.SessionCreateParams;
	const refused = await openSession(wrong, 'contract-wrong').then(
		() => null,
		(error: unknown) => stripeRefusalOf(error)
	);
	expect(refused).toMatchObject({ known: true, final: true });
});

test('our requests contain no personal data', () => {
	const sent = params('fr');
	expect(Object.keys(sent).toSorted()).toEqual([
		'adaptive_pricing',
		'cancel_url',
		'client_reference_id',
		'expires_at',
		'line_items',
		'locale',
		'metadata',
		'mode',
		'payment_intent_data',
		'success_url'
	]);
	expect(sent.metadata).toEqual({ checkout_id: '0b6ef8f2-6d0d-4a5e-9b7c-2f5f0a1c9d10', order: 'QRST678923' });
	expect(sent.line_items[0]?.price_data).toEqual({
		currency: 'eur',
		unit_amount: 35_000,
		product_data: { name: 'Place dans la salle, Sommet mondial 2027' }
	});
});
