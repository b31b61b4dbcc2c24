import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from './processes.ts';
import { startStripe, type LocalStripe } from './stripe.ts';

const webhookSecret = 'whsec_test';
const apiKey = 'sk_test_abc';
let port: number;
let folder: string;
let standIn: LocalStripe;
let stripe: Stripe;
let app: Server;
let received: Stripe.Event[];
let refuse: number;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'stripe-'));
	app = createServer((request, response) => {
		void text(request).then((body) => {
			if (refuse > 0) {
				refuse -= 1;
				response.writeHead(500).end();
				return;
			}
			// The real package checks our signature.
			received.push(stripe.webhooks.constructEvent(body, String(request.headers['stripe-signature']), webhookSecret));
			response.writeHead(200).end();
		});
	});
	app.listen(0, '127.0.0.1');
	await once(app, 'listening');
	port = await freePort();
	standIn = await start();
	stripe = new Stripe(apiKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
});

beforeEach(async () => {
	received = [];
	refuse = 0;
	await steer('release');
	received = [];
});

afterAll(async () => {
	await standIn.stop();
	app.close();
	rmSync(folder, { recursive: true, force: true });
});

function start(): Promise<LocalStripe> {
	const address = app.address();
	const appPort = typeof address === 'object' && address ? address.port : 0;
	return startStripe({
		port,
		webhook: `http://127.0.0.1:${appPort}/webhooks/stripe`,
		apiKey,
		webhookSecret,
		file: join(folder, 'stripe.json')
	});
}

async function steer(path: string, body: object = {}): Promise<Record<string, unknown>> {
	const response = await fetch(`${standIn.address}/_test/${path}`, { method: 'POST', body: JSON.stringify(body) });
	expect(response.status).toBe(200);
	return (await response.json()) as Record<string, unknown>;
}

const params = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}): Stripe.Checkout.SessionCreateParams => ({
	mode: 'payment',
	success_url: 'http://localhost:3000/paid?session={CHECKOUT_SESSION_ID}',
	cancel_url: 'http://localhost:3000/pay',
	client_reference_id: 'order-1',
	metadata: { checkout_id: 'c1' },
	payment_intent_data: { metadata: { checkout_id: 'c1' } },
	line_items: [
		{ quantity: 1, price_data: { currency: 'eur', unit_amount: 35_000, product_data: { name: 'Seat in the hall' } } }
	],
	...more
});

const types = () => received.map(({ type }) => type);

async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
	const error = await call.then(
		() => undefined,
		(reason: unknown) => reason
	);
	if (!(error instanceof Stripe.errors.StripeError)) throw new Error(`no refusal: ${String(error)}`);
	return error;
}

describe('Checkout Sessions', () => {
	test('makes a session open and unpaid, as requested', async () => {
		const session = await stripe.checkout.sessions.create(params());
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
		expect(session.url).toBe(`${standIn.address}/pay/${session.id}`);
		expect(session.expires_at - session.created).toBe(24 * 3600);
		expect((await stripe.checkout.sessions.retrieve(session.id)).id).toBe(session.id);
	});

	test('limits its life to 30 minutes to 24 hours', async () => {
		const now = Math.floor(Date.now() / 1000);
		const exact = await stripe.checkout.sessions.create(params({ expires_at: now + 31 * 60 }));
		expect(exact.expires_at).toBe(now + 31 * 60);
		const short = await refusal(stripe.checkout.sessions.create(params({ expires_at: now + 29 * 60 })));
		const long = await refusal(stripe.checkout.sessions.create(params({ expires_at: now + 25 * 3600 })));
		expect([short.param, short.statusCode, long.param, long.statusCode]).toEqual([
			'expires_at',
			400,
			'expires_at',
			400
		]);
	});

	test('returns the same session for the same key, and refuses other parameters with it', async () => {
		const first = await stripe.checkout.sessions.create(params(), { idempotencyKey: 'k1' });
		const second = await stripe.checkout.sessions.create(params(), { idempotencyKey: 'k1' });
		expect(second.id).toBe(first.id);
		const other = await refusal(
			stripe.checkout.sessions.create(params({ client_reference_id: 'order-2' }), { idempotencyKey: 'k1' })
		);
		expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
	});

	test('answers errors in Stripe’s format', async () => {
		const missing = await refusal(stripe.checkout.sessions.retrieve('cs_test_none'));
		expect([missing.statusCode, missing.code, missing.type]).toEqual([
			404,
			'resource_missing',
			'StripeInvalidRequestError'
		]);
		const unknown = await refusal(
			stripe.checkout.sessions.create({ ...params(), surprise: '1' } as Stripe.Checkout.SessionCreateParams)
		);
		expect([unknown.code, unknown.param]).toEqual(['parameter_unknown', 'surprise']);
		const small = params({
			line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 10, product_data: { name: 'x' } } }]
		});
		expect((await refusal(stripe.checkout.sessions.create(small))).code).toBe('amount_too_small');
		const stranger = new Stripe('sk_test_other', { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
		expect(await refusal(stranger.checkout.sessions.create(params()))).toBeInstanceOf(
			Stripe.errors.StripeAuthenticationError
		);
	});

	test('expires an open session once', async () => {
		const session = await stripe.checkout.sessions.create(params());
		const expired = await stripe.checkout.sessions.expire(session.id);
		expect([expired.status, expired.url]).toEqual(['expired', null]);
		expect((await refusal(stripe.checkout.sessions.expire(session.id))).statusCode).toBe(400);
		await steer('idle');
		expect(types()).toEqual(['checkout.session.expired']);
	});
});

describe('paying', () => {
	test('takes a payment on the page, by form, and returns to the success address', async () => {
		const session = await stripe.checkout.sessions.create(params());
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
		await steer('idle');
		expect(types()).toEqual(['charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']);
		const completed = received[2]?.data.object as Stripe.Checkout.Session;
		expect([completed.payment_status, completed.status, completed.metadata]).toEqual([
			'paid',
			'complete',
			{ checkout_id: 'c1' }
		]);
		const intent = await stripe.paymentIntents.retrieve(String(completed.payment_intent), {
			expand: ['latest_charge']
		});
		expect([intent.status, intent.amount_received, intent.metadata]).toEqual([
			'succeeded',
			35_000,
			{ checkout_id: 'c1' }
		]);
		expect((intent.latest_charge as Stripe.Charge).amount).toBe(35_000);
		const twice = await fetch(`${standIn.address}/pay/${session.id}`, {
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
		const session = await stripe.checkout.sessions.create(params({ line_items }));
		expect(await (await fetch(session.url ?? '')).text()).not.toContain('<script>alert');
	});

	test('leaves the session open after a declined card', async () => {
		const session = await stripe.checkout.sessions.create(params());
		const declined = await fetch(session.url ?? '', { method: 'POST', body: new URLSearchParams({ act: 'decline' }) });
		expect(await declined.text()).toContain('Your card was declined');
		expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
		await steer('idle');
		expect(types()).toEqual(['charge.failed', 'payment_intent.payment_failed']);
	});

	test('completes a slow method first and settles it later', async () => {
		const session = await stripe.checkout.sessions.create(params());
		await steer(`sessions/${session.id}/pay`, { how: 'slow' });
		expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('unpaid');
		await steer(`sessions/${session.id}/settle`, { outcome: 'succeeded' });
		await steer('idle');
		expect(types().filter((type) => type.startsWith('checkout'))).toEqual([
			'checkout.session.completed',
			'checkout.session.async_payment_succeeded'
		]);
	});
});

describe('refunds and disputes', () => {
	async function pay(): Promise<{ session: string; intent: string }> {
		const { id } = await stripe.checkout.sessions.create(params());
		const { payment_intent } = await steer(`sessions/${id}/pay`);
		await steer('idle');
		received = [];
		return { session: id, intent: String(payment_intent) };
	}

	test('refunds in parts, never more than was paid', async () => {
		const { intent } = await pay();
		const first = await stripe.refunds.create({
			payment_intent: intent,
			amount: 10_000,
			metadata: { refund_id: 'r1' }
		});
		expect([first.status, first.amount, first.metadata]).toEqual(['succeeded', 10_000, { refund_id: 'r1' }]);
		expect((await refusal(stripe.refunds.create({ payment_intent: intent, amount: 30_000 }))).param).toBe('amount');
		const rest = await stripe.refunds.create({ payment_intent: intent });
		expect(rest.amount).toBe(25_000);
		expect((await refusal(stripe.refunds.create({ payment_intent: intent }))).code).toBe('charge_already_refunded');
		await steer('idle');
		expect(types()).toEqual([
			'refund.created',
			'charge.refunded',
			'refund.updated',
			'refund.created',
			'charge.refunded',
			'refund.updated'
		]);
		const charges = received
			.filter(({ type }) => type === 'charge.refunded')
			.map(({ data }) => (data.object as Stripe.Charge).amount_refunded);
		expect(charges).toEqual([10_000, 35_000]);
		await steer(`refunds/${rest.id}/fail`);
		expect((await stripe.refunds.retrieve(rest.id)).status).toBe('failed');
	});

	test('disputes a payment, and loses the dispute', async () => {
		const { session } = await pay();
		const dispute = await steer(`sessions/${session}/dispute`);
		await steer(`disputes/${String(dispute.id)}/close`, { status: 'lost' });
		await steer('idle');
		expect(types()).toEqual(['charge.dispute.created', 'charge.dispute.closed']);
	});
});

describe('events', () => {
	test('delivers held events in reverse order', async () => {
		await steer('hold');
		const session = await stripe.checkout.sessions.create(params());
		await steer(`sessions/${session.id}/pay`);
		expect(received).toEqual([]);
		await steer('release', { order: 'backward' });
		expect(types()).toEqual(['checkout.session.completed', 'payment_intent.succeeded', 'charge.succeeded']);
	});

	test('repeats an event that was not accepted', async () => {
		refuse = 1;
		const session = await stripe.checkout.sessions.create(params());
		await stripe.checkout.sessions.expire(session.id);
		await steer('idle');
		expect(received).toEqual([]);
		await expect.poll(types, { timeout: 5000 }).toEqual(['checkout.session.expired']);
	});

	test('lists events, and delivers any of them again', async () => {
		const session = await stripe.checkout.sessions.create(params());
		await stripe.checkout.sessions.expire(session.id);
		await steer('idle');
		const [event] = received;
		expect(await steer(`events/${event?.id ?? ''}/deliver`)).toEqual({ status: 200 });
		expect(received.map(({ id }) => id)).toEqual([event?.id, event?.id]);
		const { data } = await stripe.events.list({ type: 'checkout.session.expired', limit: 1 });
		expect(data.map(({ id }) => id)).toEqual([event?.id]);
	});

	test('keeps the ledger through a restart', async () => {
		const session = await stripe.checkout.sessions.create(params());
		await standIn.stop();
		standIn = await start();
		expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
	});
});
