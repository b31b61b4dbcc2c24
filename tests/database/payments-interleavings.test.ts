/*
 * Random interleavings of all that may happen to money: cards late, twice and out of order, banks in part and in whole, waivers,
 * refunds, orders for a delegation, other currencies, invoices put right, withdrawals, switches and deadlines. After each run the
 * ledger, the seats and the papers agree, and every cent that came is in the ledger.
 */
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { billing, makePayers, type Payers } from '../fixtures/paying.ts';
import { ask, connectMany, faultsOf, makeDrafts, share, value } from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import type { Somebody } from '../fixtures/world.ts';

let db: TestDatabase;
let owner: pg.Client;
let crowd: pg.Client[];

beforeAll(async () => {
	db = await startDatabase();
	owner = await db.connect();
	crowd = await connectMany(db, 50);
});
afterAll(() => db.stop());

const acts = [
	'register',
	'accredit',
	'card',
	'card_late',
	'card_replay',
	'card_refund',
	'dispute',
	'bank',
	'bank_part',
	'statement',
	'confirm_row',
	'invoice',
	'correct',
	'ask_waiver',
	'approve',
	'refuse',
	'gather',
	'part',
	'currency',
	'refund',
	'refund_sent',
	'extend',
	'write_off',
	'withdraw',
	'switch',
	'expire'
] as const;
type Act = (typeof acts)[number];
interface Step {
	act: Act;
	who: number;
	flag: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
	act: fc.oneof(
		{
			weight: 3,
			arbitrary: fc.constantFrom<Act>('accredit', 'card', 'bank', 'invoice', 'gather', 'approve', 'confirm_row')
		},
		{ weight: 5, arbitrary: fc.constantFrom(...acts) }
	),
	who: fc.nat({ max: 5 }),
	flag: fc.boolean()
});

class Play {
	readonly events: { id: string; type: string; object: object }[] = [];
	readonly cards = new Map<string, number>();
	readonly world: Payers;
	banked = 0;
	turn = 0;

	constructor(world: Payers) {
		this.world = world;
	}

	static async begin(): Promise<Play> {
		const world = await makePayers(owner, 6, { hall: 4, online: 6 });
		await ask(owner, world.finance, `public.save_waiver_budget($1, 'EUR', 9000)`, [world.summit]);
		await owner.query(
			`insert into public.fees (summit_id, mode, sector, amount, currency) values ($1, 'virtual', null, 1000, 'EUR'), ($1, 'virtual', null, 1200, 'USD'), ($1, 'in_person', 'private_sector', 6000, 'USD')`,
			[world.summit]
		);
		return new Play(world);
	}

	person = (who: number): Somebody => this.world.people[who] as Somebody;

	id(client: pg.Client, who: number): Promise<string> {
		return value(
			client,
			`select id from public.registrations where person_id = $1 order by (state not in ('declined', 'withdrawn', 'expired')) desc, created_at desc limit 1`,
			[this.person(who).person]
		);
	}

	/** An order that charges this person, an open one first; or any that ever did. */
	order(client: pg.Client, who: number, any = false): Promise<string | null> {
		return value(
			client,
			`select o.id from public.orders as o where o.id in (select l.order_id from public.order_lines as l join public.registrations as r on r.id = l.registration_id where r.person_id = $1)
			order by case when $2 then random() else 0 end, o.closed_at is null desc, o.created_at desc limit 1`,
			[this.person(who).person, any]
		);
	}

	async deliver(client: pg.Client, type: string, object: object, id = `evt_${randomUUID()}`): Promise<string> {
		this.events.push({ id, type, object });
		const { effect } = await value<{ effect: string }>(client, `select private.apply_stripe_event($1, $2, $3, now())`, [
			id,
			type,
			JSON.stringify(object)
		]);
		return effect;
	}

	async card(client: pg.Client, who: number, late: boolean): Promise<void> {
		const order = await this.order(client, who, late);
		const payer = (await value<boolean>(client, `select payer_member_id is not null from public.orders where id = $1`, [
			order
		]))
			? this.world.focal
			: this.person(who);
		if (!late) await ask(client, payer, `public.request_checkout($1)`, [order]);
		const { rows } = await client.query<{ id: string; amount: number; currency: string }>(
			`select id, amount, currency from public.checkouts where order_id = $1 and (state in ('requested', 'open') or $2) order by random() limit 1`,
			[order, late]
		);
		const [c] = rows;
		if (!c) return;
		const intent = `pi_${c.id}`;
		const effect = await this.deliver(client, 'checkout.session.completed', {
			id: `cs_${c.id}`,
			payment_status: 'paid',
			payment_intent: intent,
			amount_total: c.amount,
			currency: c.currency.toLowerCase(),
			metadata: { checkout_id: c.id }
		});
		if (effect !== 'duplicate') this.cards.set(intent, c.amount);
	}

	async cardRefund(client: pg.Client, fails: boolean): Promise<void> {
		const { rows } = await client.query<{ id: string; payment_intent: string; amount: number; attempts: number }>(
			`select d.* from private.due_refunds(1000) as d join public.refunds as f on f.id = d.id join public.orders as o on o.id = f.order_id where o.summit_id = $1 order by random() limit 1`,
			[this.world.summit]
		);
		const [due] = rows;
		if (!due) return;
		const ref = `re_${due.id}_${due.attempts}`;
		await client.query(`select private.record_refund($1, $2, $3, null)`, [due.id, ref, fails ? 'failed' : 'done']);
		if (fails) await ask(client, this.world.finance, `public.refund_by_hand($1)`, [due.id]);
	}

	async bank(client: pg.Client, who: number, part: boolean, any: boolean): Promise<void> {
		const order = await this.order(client, who, any);
		if (!order) return;
		const { rows } = await client.query<{ owed: number; currency: string }>(
			`select greatest(private.balance_of(id), 100)::integer as owed, currency from public.orders where id = $1`,
			[order]
		);
		const amount = part ? Math.ceil((rows[0]?.owed ?? 0) / 3) : (rows[0]?.owed ?? 0);
		const { status } = await ask<{ status: string }>(
			client,
			this.world.finance,
			`public.record_bank_payment($1, $2, $3, current_date, $4)`,
			[order, amount, rows[0]?.currency, `t${++this.turn}`]
		);
		if (['paid', 'underpaid', 'revived', 'surplus'].includes(status)) this.banked += amount;
	}

	async confirmRow(client: pg.Client): Promise<void> {
		const { rows } = await client.query<{ id: string; amount: number }>(
			`select id, amount from private.bank_rows where summit_id = $1 and state = 'open' order by random() limit 1`,
			[this.world.summit]
		);
		const [row] = rows;
		if (!row) return;
		const { status } = await ask<{ status: string }>(client, this.world.finance, `public.apply_bank_row($1)`, [row.id]);
		if (['paid', 'underpaid', 'revived', 'surplus'].includes(status)) this.banked += row.amount;
	}

	async expire(client: pg.Client, who: number): Promise<void> {
		const id = await this.id(client, who);
		const past = `now() - interval '1 second'`;
		await client.query('begin');
		await client.query(`select private.lock_modes($1)`, [this.world.summit]);
		await client.query(`update public.seats set held_until = ${past} where registration_id = $1 and state = 'held'`, [
			id
		]);
		await client.query(
			`update public.queue_entries set deadline = ${past} where registration_id = $1 and state = 'offered'`,
			[id]
		);
		await client.query(
			`update public.orders set due_at = ${past} where closed_at is null and id in (select private.registration_orders($1))`,
			[id]
		);
		await client.query(
			`update public.checkouts set expires_at = ${past} where order_id in (select private.registration_orders($1))`,
			[id]
		);
		await client.query('commit');
		await client.query(`select private.sweep()`);
	}

	async register(client: pg.Client, who: number, mode: string): Promise<void> {
		const live = await value<number>(
			client,
			`select count(*)::integer from public.registrations where person_id = $1 and state not in ('declined', 'withdrawn', 'expired')`,
			[this.person(who).person]
		);
		if (live > 0) return;
		try {
			const [id] = await makeDrafts(
				client,
				this.world.summit,
				[this.person(who)],
				() => this.world.member,
				mode as 'virtual'
			);
			await ask(client, this.person(who), `public.submit_registration($1)`, [id]);
		} catch (error) {
			// Somebody else has registered them at this very moment.
			if ((error as { code?: string }).code !== '23505') throw error;
		}
	}

	async take(client: pg.Client, { act, who, flag }: Step): Promise<void> {
		const { world } = this;
		const { finance, focal, organiser, summit, member } = world;
		const person = this.person(who);
		const mode = flag ? 'in_person' : 'virtual';
		const one = <T>(sql: string, values: unknown[]) => value<T | null>(client, sql, values);
		switch (act) {
			case 'register':
				return this.register(client, who, mode);
			case 'accredit':
				await ask(client, organiser, `public.decide_registrations($1, 'accredit')`, [[await this.id(client, who)]]);
				return;
			case 'card':
			case 'card_late':
				return this.card(client, who, act === 'card_late');
			case 'card_replay': {
				const event = this.events[(who * 7) % Math.max(1, this.events.length)];
				if (event) await this.deliver(client, event.type, event.object, flag ? event.id : undefined);
				return;
			}
			case 'card_refund':
				return this.cardRefund(client, flag);
			case 'dispute': {
				const [intent, amount] = [...this.cards][who % Math.max(1, this.cards.size)] ?? [];
				if (!intent || who > 2) return;
				await this.deliver(client, 'charge.dispute.closed', {
					id: `dp_${intent}`,
					amount,
					payment_intent: intent,
					status: flag ? 'won' : 'lost'
				});
				return;
			}
			case 'bank':
			case 'bank_part':
				return this.bank(client, who, act === 'bank_part', flag);
			case 'statement': {
				const found = await client.query<{ words: string; amount: number; currency: string }>(
					`select coalesce((select i.reference from public.invoices as i where i.order_id = o.id limit 1), o.reference) as words, greatest(100, private.balance_of(o.id))::integer as amount, o.currency
					from public.orders as o where o.summit_id = $1 order by random() limit 2`,
					[summit]
				);
				const rows = found.rows.map((row, n) => ({ ...row, line: n + 2, booked_on: '2026-02-0' + (1 + (who % 5)) }));
				if (rows.length > 0)
					await ask(client, finance, `public.import_statement($1, 's', $2)`, [summit, JSON.stringify(rows)]);
				return;
			}
			case 'confirm_row':
				return this.confirmRow(client);
			case 'invoice':
				await ask(client, flag ? finance : person, `public.request_invoice($1, $2)`, [
					await this.order(client, who),
					JSON.stringify(billing)
				]);
				return;
			case 'correct': {
				const id = await one(
					`select id from public.invoices where summit_id = $1 and kind = 'invoice' order by random() limit 1`,
					[summit]
				);
				await ask(client, finance, `public.correct_invoice($1, $2, 'wrong')`, [id, JSON.stringify(billing)]);
				return;
			}
			case 'ask_waiver':
				await ask(client, person, `public.request_waiver($1, $2, 'no_budget', '')`, [
					await this.order(client, who),
					await this.id(client, who)
				]);
				return;
			case 'approve':
			case 'refuse': {
				const id = await one(
					`select id from public.waiver_requests where summit_id = $1 and state = 'open' order by random() limit 1`,
					[summit]
				);
				await ask(client, finance, `public.decide_waiver($1, $2, $3, 'so')`, [
					id,
					act === 'approve',
					flag ? 700 : null
				]);
				return;
			}
			case 'gather': {
				const ids = [
					await this.order(client, who),
					await this.order(client, (who + 1) % 6),
					await this.order(client, (who + 2) % 6)
				];
				await ask(client, focal, `public.gather_orders($1, $2, $3)`, [summit, member, ids.filter((id) => id !== null)]);
				return;
			}
			case 'part':
				await ask(client, focal, `public.part_order($1)`, [await this.order(client, who)]);
				return;
			case 'currency':
				await ask(client, flag ? person : focal, `public.choose_currency($1, $2)`, [
					await this.order(client, who),
					flag ? 'USD' : 'EUR'
				]);
				return;
			case 'refund':
				await ask(client, finance, `public.refund_order($1, $2, $3, 'kindness')`, [
					await this.order(client, who, true),
					await this.id(client, who),
					flag ? 300 : null
				]);
				return;
			case 'refund_sent': {
				const id = await one(
					`select f.id from public.refunds as f join public.orders as o on o.id = f.order_id where o.summit_id = $1 and f.checkout_id is null and f.state = 'due' order by random() limit 1`,
					[summit]
				);
				await ask(client, finance, `public.record_hand_refund($1, current_date, 'out')`, [id]);
				return;
			}
			case 'extend':
				await ask(client, finance, `public.extend_order($1, now() + interval '50 days')`, [
					await this.order(client, who)
				]);
				return;
			case 'write_off':
				await ask(client, finance, `public.write_off_order($1, 'lost')`, [await this.order(client, who, true)]);
				return;
			case 'withdraw':
				await ask(client, person, `public.withdraw_registration($1, '')`, [await this.id(client, who)]);
				return;
			case 'switch':
				await ask(client, person, `public.switch_mode($1, $2)`, [await this.id(client, who), mode]);
				return;
			case 'expire':
				return this.expire(client, who);
		}
	}

	async check(): Promise<void> {
		expect(await faultsOf(owner, this.world.summit)).toEqual([]);
		const paid = await value<{ card: number; bank: number }>(
			owner,
			`select jsonb_build_object('card', coalesce(-sum(a.amount) filter (where a.provider = 'stripe'), 0), 'bank', coalesce(-sum(a.amount) filter (where a.provider = 'bank'), 0))
			from public.order_adjustments as a join public.orders as o on o.id = a.order_id where o.summit_id = $1 and a.kind = 'payment'`,
			[this.world.summit]
		);
		expect(paid).toEqual({
			card: [...this.cards.values()].reduce((sum, amount) => sum + amount, 0),
			bank: this.banked
		});
	}
}

test('one after the other, in any order, the books balance after every step', { timeout: 300_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 45 }), async (steps) => {
			const play = await Play.begin();
			for (const each of steps) {
				await play.take(owner, each);
				const faults = await faultsOf(owner, play.world.summit);
				if (faults.length > 0) throw new Error(`after ${JSON.stringify(each)}: ${faults.join('; ')}`);
			}
			await play.check();
		}),
		{ numRuns: 30 }
	);
});

test('all at once on fifty connections, the books balance in the end', { timeout: 300_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 150 }), async (steps) => {
			const play = await Play.begin();
			await share(crowd, steps, (client, each) => play.take(client, each));
			await play.check();
		}),
		{ numRuns: 12, endOnFailure: true }
	);
});
