/* Payments through the real `stripe` package, the stand-in's webhooks and our route, on a real database. */
import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../../src/local/processes.ts';
import { openCheckout } from '../../../src/lib/payments/server/checkout.ts';
import { sendDueRefunds } from '../../../src/lib/payments/server/refunds.ts';
import { faultsOf, makePeople, makeSummit, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { returnAddresses, startStripeWorld, fee, webhookSecret, type Payer } from '../../fixtures/stripe-world.ts';
import { actAs } from '../../fixtures/world.ts';

// Read when the log is first imported.
vi.hoisted(() => (process.env['LOG_LEVEL'] = 'silent'));

const {
	stop,
	standIn,
	db,
	owner,
	webhook,
	steer,
	awaiting,
	open,
	events,
	settled,
	client,
	balance,
	refunds,
	mails,
	ledger,
	paidWorld
} = await startStripeWorld();
afterAll(stop);
afterEach(async () => {
	await steer('release');
	await steer('idle');
});

describe('paying', () => {
	test('confirms the seat once, however often Stripe reports it', async () => {
		const world = await paidWorld();
		const payer = await awaiting(world);
		const session = await open(payer);
		expect(await open(payer)).toBe(session);
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
		expect(await ledger(payer.order)).toEqual([['payment', -fee]]);
		expect(await mails(payer.who)).toEqual(
			expect.arrayContaining(['payment_due', 'payment_received', 'registration_confirmed'])
		);
		const before = await mails(payer.who);
		for (const event of await events()) {
			expect(await steer(`events/${event.id}/deliver`)).toEqual({ status: 200 });
		}
		expect(await ledger(payer.order)).toEqual([['payment', -fee]]);
		expect(await mails(payer.who)).toEqual(before);
		expect(await openCheckout(client(payer.who), payer.order, returnAddresses)).toEqual({ status: 'settled' });
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('two clicks at the same moment open one page', async () => {
		const payer = await awaiting(await paidWorld());
		const second = await db.connect();
		const other = {
			rpc: async () => ({
				data: (await actAs(second, payer.who, `select public.request_checkout($1) as answer`, [payer.order]))[0]
					?.answer,
				error: null
			})
		} as unknown as SupabaseClient;
		const [one, two] = await Promise.all([
			openCheckout(client(payer.who), payer.order, returnAddresses),
			openCheckout(other, payer.order, returnAddresses)
		]);
		expect(one).toEqual(two);
		expect(one.status).toBe('ok');
	});

	test('a declined card leaves the page open, and the next card pays', async () => {
		const payer = await awaiting(await paidWorld());
		const session = await open(payer);
		await steer(`sessions/${session}/decline`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('awaiting_payment');
		expect(await open(payer)).toBe(session);
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
	});

	test('a rest that no card can pay opens no page, and charges nothing', async () => {
		const payer = await awaiting(await paidWorld());
		await owner.query(`update public.orders set currency = 'KWD' where id = $1`, [payer.order]);
		await owner.query(`select private.adjust_order($1, 'credit', -5, $2, 'test')`, [payer.order, payer.registration]);
		expect(await openCheckout(client(payer.who), payer.order, returnAddresses)).toEqual({
			status: 'unreachable',
			code: 'amount_too_precise'
		});
		expect(await balance(payer.order)).toBe(fee - 5);
		expect(await ledger(payer.order)).toEqual([['credit', -5]]);
	});

	test('an expired page is followed by a new one', async () => {
		const payer = await awaiting(await paidWorld());
		const session = await open(payer);
		await steer(`sessions/${session}/expire`);
		await settled();
		expect(await readValue(owner, `select state from public.checkouts where session_id = $1`, [session])).toBe(
			'expired'
		);
		expect(await open(payer)).not.toBe(session);
		expect(await balance(payer.order)).toBe(fee);
	});

	test('events in reverse order have the same effect', async () => {
		const world = await paidWorld();
		const payer = await awaiting(world);
		const session = await open(payer);
		await steer('hold');
		await steer(`sessions/${session}/pay`, { how: 'slow' });
		await steer(`sessions/${session}/settle`, { outcome: 'succeeded' });
		await steer('release', { order: 'backward' });
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
		expect(await ledger(payer.order)).toEqual([['payment', -fee]]);
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('a slow payment that fails leaves the order open for another payment', async () => {
		const payer = await awaiting(await paidWorld());
		const session = await open(payer);
		await steer(`sessions/${session}/pay`, { how: 'slow' });
		await settled();
		expect(await openCheckout(client(payer.who), payer.order, returnAddresses)).toEqual({ status: 'processing' });
		await steer(`sessions/${session}/settle`, { outcome: 'failed' });
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('awaiting_payment');
		const next = await open(payer);
		await steer(`sessions/${next}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
	});

	test('an event that arrives before Stripe’s session is saved still counts', async () => {
		const payer = await awaiting(await paidWorld());
		const session = await open(payer);
		await owner.query(
			`update public.checkouts set session_id = null, url = null, state = 'requested' where order_id = $1`,
			[payer.order]
		);
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
	});

	test('when Stripe is unavailable, no page opens, nothing is charged, the seat is kept, and the next try works', async () => {
		const payer = await awaiting(await paidWorld());
		process.env['STRIPE_API_URL'] = `http://127.0.0.1:${await freePort()}`;
		const answer = await openCheckout(client(payer.who), payer.order, returnAddresses).finally(
			() => (process.env['STRIPE_API_URL'] = standIn.address)
		);
		expect(answer.status).toBe('unreachable');
		expect(await stateOf(owner, payer.registration)).toBe('awaiting_payment');
		await steer(`sessions/${await open(payer)}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
	});

	test('an outsider opens no page for somebody else’s order', async () => {
		const payer = await awaiting(await paidWorld());
		const [outsider] = await makePeople(owner, 1);
		if (!outsider) throw new Error('nobody');
		expect(await openCheckout(client(outsider), payer.order, returnAddresses)).toEqual({ status: 'not_allowed' });
		expect(
			await readValue(owner, `select count(*)::int from public.checkouts where order_id = $1`, [payer.order])
		).toBe(0);
	});
});

describe('late payments', () => {
	async function missDeadline({ order, registration }: Payer) {
		await owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [order]);
		await owner.query(
			`update public.seats set held_until = now() - interval '1 minute' where registration_id = $1 and state = 'held'`,
			[registration]
		);
		await owner.query(`update public.checkouts set expires_at = now() - interval '1 minute' where order_id = $1`, [
			order
		]);
		await owner.query(`select private.sweep_deadlines()`);
		expect(await stateOf(owner, registration)).toBe('expired');
	}

	test('gets the seat if it is still free', async () => {
		const world = await paidWorld();
		const payer = await awaiting(world);
		const session = await open(payer);
		await missDeadline(payer);
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
		expect(await balance(payer.order)).toBe(0);
		expect(await refunds(payer.order)).toEqual([]);
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('is refunded in full, once, when the seat was given away', async () => {
		const world = await makeSummit(owner, { hall: 1, fee });
		const payer = await awaiting(world);
		const session = await open(payer);
		const [next] = await makePeople(owner, 1);
		if (!next) throw new Error('nobody');
		expect((await register(owner, next, world.summit, world.members[0] ?? '')).status).toBe('queued');
		await missDeadline(payer);
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'due', amount: fee }]);
		// Two processes request it at the same moment.
		await Promise.all([sendDueRefunds(), sendDueRefunds()]);
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee }]);
		expect(await balance(payer.order)).toBe(0);
		expect((await events()).filter(({ type }) => type === 'refund.created').length).toBeGreaterThan(0);
		expect(await mails(payer.who)).toContain('payment_refunded');
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});
});

describe('invalid requests', () => {
	const paid = (id: string) =>
		JSON.stringify({
			id,
			object: 'event',
			type: 'checkout.session.completed',
			created: 1,
			data: { object: { id: 'cs_forged', payment_status: 'paid' } }
		});
	const post = (body: string, headers: Record<string, string> = {}) =>
		fetch(webhook, { method: 'POST', body, headers });
	const signed = (payload: string, key = webhookSecret, timestamp = Math.floor(Date.now() / 1000)) =>
		new Stripe('sk_test_abc').webhooks.generateTestHeaderString({ payload, secret: key, timestamp });
	const known = (id: string) =>
		readValue(owner, `select count(*)::int from private.provider_events where event_id = $1`, [id]);

	test.each([
		['no signature', () => ({})],
		['a signature by another key', (body: string) => ({ 'stripe-signature': signed(body, 'whsec_other') })],
		['a signature of another body', () => ({ 'stripe-signature': signed('{}') })],
		[
			'a signature of ten minutes ago',
			(body: string) => ({ 'stripe-signature': signed(body, webhookSecret, Math.floor(Date.now() / 1000) - 600) })
		],
		['nonsense for a signature', () => ({ 'stripe-signature': 't=,v1=' })]
	] as [string, (body: string) => Record<string, string>][])(
		'%s is refused and leaves no trace',
		async (_name, headers) => {
			const body = paid('evt_forged');
			const answer = await post(body, headers(body));
			expect(answer.status).toBe(400);
			expect(await answer.json()).toEqual({ error: 'The signature is missing, wrong or too old.' });
			expect(await known('evt_forged')).toBe(0);
		}
	);

	test('an oversized body is refused unread', async () => {
		expect((await post('x'.repeat(300_000))).status).toBe(413);
	});

	test('a signed event without a matching order is accepted and changes nothing', async () => {
		const body = paid('evt_unknown');
		expect((await post(body, { 'stripe-signature': signed(body) })).status).toBe(200);
		expect(await readValue(owner, `select effect from private.provider_events where event_id = 'evt_unknown'`)).toBe(
			'unknown'
		);
	});
});

test('no name, address or id of a person reached Stripe', async () => {
	const payer = await awaiting(await paidWorld());
	const canary = `Canary ${randomBytes(6).toString('hex')}`;
	await owner.query(`update public.people set display_name = $2 where id = $1`, [payer.who.person, canary]);
	await steer(`sessions/${await open(payer)}/pay`);
	await settled();
	const logged = JSON.stringify(await events());
	for (const secretOf of [canary, payer.who.name, payer.who.person, payer.who.account, payer.registration, '@']) {
		expect(logged).not.toContain(secretOf);
	}
});
