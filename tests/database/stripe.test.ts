/* Money through the real `stripe` package, the stand-in's webhooks and our route, on a real database. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SupabaseClient } from '@supabase/supabase-js';
import type pg from 'pg';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { closePool } from '../../src/lib/database/server/pool.ts';
import { openCheckout } from '../../src/lib/payments/server/checkout.ts';
import { sendDueRefunds } from '../../src/lib/payments/server/refunds.ts';
import { freePort } from '../../src/local/processes.ts';
import { startStripe, type StandIn } from '../../src/local/stripe.ts';
import { POST } from '../../src/routes/webhooks/stripe/+server.ts';
import {
	ask,
	faultsOf,
	makePeople,
	makeSummit,
	register,
	stateOf,
	value,
	type RegisteringSummit
} from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { actAs, type Somebody } from '../fixtures/world.ts';

// Read when the log is first imported.
vi.hoisted(() => (process.env['LOG_LEVEL'] = 'silent'));

const fee = 35_000;
const secret = 'whsec_test';
let db: TestDatabase;
let owner: pg.Client;
let app: Server;
let standIn: StandIn;
let webhook: string;

beforeAll(async () => {
	db = await startDatabase();
	owner = await db.connect();
	app = createServer((request, response) => {
		void buffer(request).then(async (body) => {
			const headers = Object.entries(request.headers).map(([name, held]) => [name, String(held)] as [string, string]);
			const asked = new Request('http://app.local/webhooks/stripe', { method: 'POST', headers, body });
			const answer = await (POST as (event: { request: Request }) => Promise<Response>)({ request: asked });
			response.writeHead(answer.status).end(await answer.text());
		});
	});
	app.listen(0, '127.0.0.1');
	await once(app, 'listening');
	webhook = `http://127.0.0.1:${(app.address() as AddressInfo).port}/webhooks/stripe`;
	const port = await freePort();
	const apiKey = 'sk_test_abc';
	standIn = await startStripe({ port, webhook, apiKey, webhookSecret: secret });
	Object.assign(process.env, {
		APP_DATABASE_URL: db.appUrl,
		STRIPE_SECRET_KEY: apiKey,
		STRIPE_API_URL: standIn.address,
		STRIPE_WEBHOOK_SECRET: secret,
		SEALING_KEY: `test:${randomBytes(32).toString('base64')}`
	});
});

afterAll(async () => {
	await standIn.stop();
	app.close();
	await closePool();
	await db.stop();
});

afterEach(async () => {
	await steer('release');
	await steer('idle');
});

interface Event {
	id: string;
	type: string;
	data: { object: { id: string } };
}

async function steer<T = object>(path: string, body: object = {}): Promise<T> {
	const response = await fetch(`${standIn.address}/_test/${path}`, { method: 'POST', body: JSON.stringify(body) });
	if (!response.ok) throw new Error(await response.text());
	return (await response.json()) as T;
}

const events = async () => (await steer<{ data: Event[] }>('events')).data;
const settled = () => steer('idle');

/** The data API as somebody, by the same functions and the same rights. */
function clientOf(who: Somebody): SupabaseClient {
	const rpc = async (name: string, values: Record<string, unknown>) => {
		const names = Object.keys(values);
		const list = names.map((key, index) => `"${key}" => $${index + 1}`).join(', ');
		const rows = await actAs(owner, who, `select public.${name}(${list}) as answer`, Object.values(values));
		return { data: rows[0]?.answer, error: null };
	};
	return { rpc } as unknown as SupabaseClient;
}

const place = {
	origin: 'https://summit.example.org',
	paidPath: '/s/me/paid',
	backPath: '/s/me/pay',
	item: 'Seat in the hall, Summit',
	locale: 'en'
};

interface Payer {
	who: Somebody;
	registration: string;
	order: string;
}

/** Somebody whose seat waits for money. */
async function awaiting(world: RegisteringSummit): Promise<Payer> {
	const [who] = await makePeople(owner, 1);
	if (!who) throw new Error('nobody');
	const { id } = await register(owner, who, world.summit, world.members[1] ?? '');
	await ask(owner, world.organiser, `public.decide_registrations(array[$1::uuid], 'accredit', '')`, [id]);
	expect(await stateOf(owner, id)).toBe('awaiting_payment');
	const order = await value<string>(owner, `select order_id from public.order_lines where registration_id = $1`, [id]);
	return { who, registration: id, order };
}

/** Opens Stripe's page; its session's id. */
async function open({ who, order }: Payer): Promise<string> {
	const answer = await openCheckout(clientOf(who), order, place);
	if (answer.status !== 'ok') throw new Error(`no page: ${answer.status}`);
	return answer.url.split('/pay/')[1] ?? '';
}

const balance = (order: string) => value<string>(owner, `select private.balance_of($1)`, [order]).then(Number);
const ledger = async (order: string) =>
	(
		await owner.query<{ kind: string; amount: number }>(
			`select kind, amount from public.order_adjustments where order_id = $1 order by id`,
			[order]
		)
	).rows.map(({ kind, amount }) => [kind, amount]);
const refunds = async (order: string) =>
	(
		await owner.query<{ state: string; amount: number }>(
			`select state, amount from public.refunds where order_id = $1 order by created_at`,
			[order]
		)
	).rows;
const mails = async (who: Somebody) =>
	(
		await owner.query<{ template: string }>(
			`select template from private.outbox where person_id = $1 order by created_at, template`,
			[who.person]
		)
	).rows.map(({ template }) => template);

const paidWorld = () => makeSummit(owner, { hall: 10, fee });

describe('paying', () => {
	test('confirms the seat once, however often Stripe tells of it', async () => {
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
		expect(await openCheckout(clientOf(payer.who), payer.order, place)).toEqual({ status: 'settled' });
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
			openCheckout(clientOf(payer.who), payer.order, place),
			openCheckout(other, payer.order, place)
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

	test('an expired page is followed by a new one', async () => {
		const payer = await awaiting(await paidWorld());
		const session = await open(payer);
		await steer(`sessions/${session}/expire`);
		await settled();
		expect(await value(owner, `select state from public.checkouts where session_id = $1`, [session])).toBe('expired');
		expect(await open(payer)).not.toBe(session);
		expect(await balance(payer.order)).toBe(fee);
	});

	test('events that arrive backwards have the same effect', async () => {
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

	test('a slow payment that fails leaves the order open to be paid again', async () => {
		const payer = await awaiting(await paidWorld());
		const session = await open(payer);
		await steer(`sessions/${session}/pay`, { how: 'slow' });
		await settled();
		expect(await openCheckout(clientOf(payer.who), payer.order, place)).toEqual({ status: 'processing' });
		await steer(`sessions/${session}/settle`, { outcome: 'failed' });
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('awaiting_payment');
		const next = await open(payer);
		await steer(`sessions/${next}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
	});

	test('news of a payment that comes before we know Stripe’s session still counts', async () => {
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

	test('Stripe away: no page, nothing charged, the seat is kept, and the next try works', async () => {
		const payer = await awaiting(await paidWorld());
		process.env['STRIPE_API_URL'] = `http://127.0.0.1:${await freePort()}`;
		const answer = await openCheckout(clientOf(payer.who), payer.order, place).finally(
			() => (process.env['STRIPE_API_URL'] = standIn.address)
		);
		expect(answer.status).toBe('unreachable');
		expect(await stateOf(owner, payer.registration)).toBe('awaiting_payment');
		await steer(`sessions/${await open(payer)}/pay`);
		await settled();
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
	});

	test('a stranger opens no page for somebody else’s order', async () => {
		const payer = await awaiting(await paidWorld());
		const [stranger] = await makePeople(owner, 1);
		if (!stranger) throw new Error('nobody');
		expect(await openCheckout(clientOf(stranger), payer.order, place)).toEqual({ status: 'not_allowed' });
		expect(await value(owner, `select count(*)::int from public.checkouts where order_id = $1`, [payer.order])).toBe(0);
	});
});

describe('too late', () => {
	async function missDeadline({ order, registration }: Payer) {
		await owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [order]);
		await owner.query(
			`update public.seats set held_until = now() - interval '1 minute' where registration_id = $1 and state = 'held'`,
			[registration]
		);
		await owner.query(`update public.checkouts set expires_at = now() - interval '1 minute' where order_id = $1`, [
			order
		]);
		await owner.query(`select private.sweep()`);
		expect(await stateOf(owner, registration)).toBe('expired');
	}

	test('a payment whose seat is still free gets it', async () => {
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

	test('a payment whose seat was given on goes back in full, once', async () => {
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
		// Two processes ask at the same moment.
		await Promise.all([sendDueRefunds(), sendDueRefunds()]);
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee }]);
		expect(await balance(payer.order)).toBe(0);
		expect((await events()).filter(({ type }) => type === 'refund.created').length).toBeGreaterThan(0);
		expect(await mails(payer.who)).toContain('payment_refunded');
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});
});

describe('refunds', () => {
	async function confirmed(world: RegisteringSummit): Promise<Payer> {
		const payer = await awaiting(world);
		await steer(`sessions/${await open(payer)}/pay`);
		await settled();
		return payer;
	}
	const withdraw = ({ who, registration }: Payer) =>
		ask(owner, who, `public.withdraw_registration($1, '')`, [registration]);

	test('withdrawing gives back the share that the Summit promises', async () => {
		const world = await paidWorld();
		const payer = await confirmed(world);
		await withdraw(payer);
		expect(await refunds(payer.order)).toEqual([{ state: 'due', amount: fee / 2 }]);
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
		expect(await balance(payer.order)).toBe(0);
		for (const event of await events()) await steer(`events/${event.id}/deliver`);
		expect(await balance(payer.order)).toBe(0);
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('one that fails afterwards is owed again, is seen by finance, and is asked for anew by them alone', async () => {
		const world = await paidWorld();
		const payer = await confirmed(world);
		await withdraw(payer);
		await sendDueRefunds();
		await settled();
		const reference = await value<string>(owner, `select provider_ref from public.refunds where order_id = $1`, [
			payer.order
		]);
		await steer(`refunds/${reference}/fail`);
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'failed', amount: fee / 2 }]);
		const list = await ask<{ counts: object; rows: { id: string; state: string }[] }>(
			owner,
			world.finance,
			`public.list_orders($1)`,
			[world.summit]
		);
		expect(list.rows.map(({ id, state }) => [id, state])).toEqual([[payer.order, 'refund_failed']]);
		const refund = await value<string>(owner, `select id from public.refunds where order_id = $1`, [payer.order]);
		for (const who of [payer.who, world.organiser]) {
			expect(await ask(owner, who, `public.retry_refund($1)`, [refund])).toBe('not_allowed');
			expect(await ask(owner, who, `public.list_orders($1)`, [world.summit])).toEqual({ status: 'not_allowed' });
		}
		expect(await ask(owner, world.finance, `public.retry_refund($1)`, [refund])).toBe('ok');
		expect(await ask(owner, world.finance, `public.retry_refund($1)`, [refund])).toBe('wrong_state');
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
		expect(await balance(payer.order)).toBe(0);
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('finance and the payer read where an order stands, not only that nothing is owed', async () => {
		const world = await paidWorld();
		const stands = async ({ who, order }: Payer) => {
			const list = await ask<{ rows: { id: string; state: string }[] }>(
				owner,
				world.finance,
				`public.list_orders($1)`,
				[world.summit]
			);
			const own = await ask<{ state: string }>(owner, who, `public.read_order($1)`, [order]);
			expect(list.rows.find(({ id }) => id === order)?.state).toBe(own.state);
			return own.state;
		};
		const [paying, leaving, waived] = [await confirmed(world), await awaiting(world), await awaiting(world)];
		expect([await stands(paying), await stands(leaving)]).toEqual(['settled', 'owing']);
		await withdraw(leaving);
		expect(await stands(leaving)).toBe('cancelled');
		await owner.query(`insert into public.order_adjustments (order_id, kind, amount) values ($1, 'waiver', $2)`, [
			waived.order,
			-fee
		]);
		expect(await stands(waived)).toBe('free');
		await ask(owner, world.organiser, `public.decide_registrations(array[$1::uuid], 'decline', 'Not this year')`, [
			paying.registration
		]);
		expect(await stands(paying)).toBe('refunding');
		await sendDueRefunds();
		await settled();
		expect(await stands(paying)).toBe('refunded');
	});

	test('krónur are asked for, noted and returned in whole ones, though Stripe counts in hundredths', async () => {
		const world = await paidWorld();
		await owner.query(`update public.summits set currency = 'ISK' where id = $1`, [world.summit]);
		await owner.query(`update public.fees set amount = 45000, currency = 'ISK' where summit_id = $1`, [world.summit]);
		const payer = await awaiting(world);
		const session = await open(payer);
		const asked = await fetch(`${standIn.address}/v1/checkout/sessions/${session}`, {
			headers: { authorization: 'Bearer sk_test_abc' }
		});
		expect(await asked.json()).toMatchObject({ amount_total: 4_500_000, currency: 'isk' });
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await balance(payer.order)).toBe(0);
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
		await withdraw(payer);
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: 22_500 }]);
		expect(await balance(payer.order)).toBe(0);
	});

	test('while Stripe is away a refund stays due', async () => {
		const payer = await confirmed(await paidWorld());
		await withdraw(payer);
		process.env['STRIPE_API_URL'] = `http://127.0.0.1:${await freePort()}`;
		await sendDueRefunds().finally(() => (process.env['STRIPE_API_URL'] = standIn.address));
		expect(await refunds(payer.order)).toEqual([{ state: 'due', amount: fee / 2 }]);
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
	});
});

describe('what is not Stripe’s', () => {
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
	const signed = (payload: string, key = secret, timestamp = Math.floor(Date.now() / 1000)) =>
		new Stripe('sk_test_abc').webhooks.generateTestHeaderString({ payload, secret: key, timestamp });
	const known = (id: string) =>
		value(owner, `select count(*)::int from private.provider_events where event_id = $1`, [id]);

	test.each([
		['no signature', () => ({})],
		['a signature by another key', (body: string) => ({ 'stripe-signature': signed(body, 'whsec_other') })],
		['a signature of another body', () => ({ 'stripe-signature': signed('{}') })],
		[
			'a signature of ten minutes ago',
			(body: string) => ({ 'stripe-signature': signed(body, secret, Math.floor(Date.now() / 1000) - 600) })
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

	test('a body beyond any event is refused unread', async () => {
		expect((await post('x'.repeat(300_000))).status).toBe(413);
	});

	test('a signed event about nothing of ours is taken and changes nothing', async () => {
		const body = paid('evt_unknown');
		expect((await post(body, { 'stripe-signature': signed(body) })).status).toBe(200);
		expect(await value(owner, `select effect from private.provider_events where event_id = 'evt_unknown'`)).toBe(
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
	const told = JSON.stringify(await events());
	for (const secretOf of [canary, payer.who.name, payer.who.person, payer.who.account, payer.registration, '@']) {
		expect(told).not.toContain(secretOf);
	}
});
