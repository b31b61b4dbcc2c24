/* Reconciliation: it reports each kind of write that bypasses the rules, and nothing that the rules write. */
import { beforeAll, expect, test } from 'vitest';
import { dayFromNow } from '../../fixtures/clock.ts';
import { billing, booksOf, makePayers, payByCard, type Payers } from '../../fixtures/paying.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: Payers;
let refs: Record<'card' | 'bank' | 'owing' | 'waived', string>;

beforeAll(async () => {
	world = await makePayers(db.owner, 4);
	const [card = '', bank = '', owing = '', waived = ''] = world.orders;
	refs = { card, bank, owing, waived };
	await payByCard(db.owner, db.app, world.people[0] as TestPerson, card);
	await callAs(db.owner, world.finance, `public.refund_order($1, null, 1000, 'part')`, [card]);
	const refund = await readValue<string>(db.owner, `select id from public.refunds where order_id = $1`, [card]);
	await db.app.query(`select private.record_refund($1, 're_books', 'done', null)`, [refund]);
	for (const n of [0, 1, 2]) {
		await callAs(db.owner, world.finance, `public.request_invoice($1, $2)`, [world.orders[n], JSON.stringify(billing)]);
	}
	const reference = await readValue<string>(db.owner, `select reference from public.orders where id = $1`, [bank]);
	await callAs(db.owner, world.finance, `public.import_statement($1, 'a.csv', $2)`, [
		world.summit,
		JSON.stringify([{ line: 2, booked_on: dayFromNow(-1), amount: 5000, currency: 'EUR', words: reference }])
	]);
	const row = await readValue<string>(db.owner, `select id from private.bank_rows where summit_id = $1`, [
		world.summit
	]);
	await callAs(db.owner, world.finance, `public.apply_bank_row($1)`, [row]);
	const { id } = await callAs<{ id: string }>(
		db.owner,
		world.people[3] as TestPerson,
		`public.request_waiver($1, $2, 'invited', '')`,
		[waived, world.registrations[3]]
	);
	await callAs(db.owner, world.finance, `public.decide_waiver($1, true)`, [id]);
});

/** The findings after statements that no rule would write, which are rolled back. */
async function after(...statements: string[]): Promise<string[]> {
	await db.owner.query('begin');
	try {
		for (const table of [
			'public.order_adjustments',
			'public.order_lines',
			'public.invoices',
			'private.invoice_contents'
		]) {
			await db.owner.query(`alter table ${table} disable trigger user`);
		}
		for (const sql of statements) {
			await db.owner.query(
				sql.replace(
					/:(card|bank|owing|waived|summit)\b/g,
					(_, name: string) => `'${name === 'summit' ? world.summit : refs[name as keyof typeof refs]}'`
				)
			);
		}
		return await booksOf(db.owner, world.summit);
	} finally {
		await db.owner.query('rollback');
	}
}
const entry = (order: string, kind: string, amount: number, more = '') =>
	`insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, registration_id, actor_id, booked_on)
	select :${order}, '${kind}', ${amount}, ${more || 'null, null, null, null, null'}`;

test('the books agree after writes by the rules', async () => {
	expect(await booksOf(db.owner, world.summit)).toEqual([]);
	const books = await callAs<{ faults: []; totals: object[] }>(db.owner, world.finance, `public.check_books($1)`, [
		world.summit
	]);
	expect(books).toMatchObject({
		faults: [],
		totals: [
			{
				currency: 'EUR',
				orders: 4,
				lines: 20000,
				credited: -1000,
				waived: -5000,
				by_card: -5000,
				by_bank: -5000,
				returned: 1000,
				balance: 5000,
				invoiced: 14000
			}
		]
	});
	for (const other of [world.organiser, world.focal, world.people[0] as TestPerson])
		expect(await callAs(db.owner, other, `public.check_books($1)`, [world.summit])).toBeNull();
});

test.each<[string, string[], string[]]>([
	[
		'a payment by card that the provider never told of',
		[entry('owing', 'payment', -100, `'stripe', 'pi_none', null, null, null`)],
		['payment_without_event']
	],
	[
		'a payment that was taken away',
		[`delete from public.order_adjustments where order_id = :card and kind = 'payment'`],
		['balance', 'event_not_in_ledger', 'paid_not_in_ledger', 'refund_above_paid']
	],
	[
		'a payment that was made smaller',
		[`update public.order_adjustments set amount = -4000 where order_id = :card and kind = 'payment'`],
		['balance']
	],
	[
		'a payment on the wrong order',
		[`update public.order_adjustments set order_id = :owing where order_id = :card and kind = 'payment'`],
		['balance', 'open_but_settled', 'paid_not_in_ledger', 'refund_above_paid']
	],
	[
		'a refund above what was paid',
		[entry('owing', 'refund', 100, `'bank', 'x', null, null, null`)],
		['refund_above_paid', 'refund_not_in_ledger', 'refund_without_record']
	],
	[
		'a refund that is done and not in the ledger',
		[`delete from public.order_adjustments where order_id = :card and kind = 'refund'`],
		['balance', 'refund_not_in_ledger', 'refund_not_in_ledger']
	],
	[
		'a refund that was made larger',
		[`update public.order_adjustments set amount = 1500 where order_id = :card and kind = 'refund'`],
		['balance', 'refund_not_in_ledger']
	],
	['money without a provider', [entry('owing', 'payment', -100)], ['money_without_provider']],
	[
		'a transfer that nobody recorded',
		[entry('owing', 'payment', -100, `'bank', 'hand:1', null, null, null`)],
		['transfer_without_source']
	],
	[
		'a transfer unlike its row',
		[`update private.bank_rows set amount = 4000 where summit_id = :summit`],
		['row_not_in_ledger', 'transfer_without_source']
	],
	[
		'a row that was counted and is open again',
		[`update private.bank_rows set state = 'open', adjustment_id = null where summit_id = :summit`],
		['transfer_without_source']
	],
	['an order closed with money owing', [`update public.orders set closed_at = now() where id = :owing`], ['balance']],
	[
		'an order open with nothing owing',
		[`update public.orders set closed_at = null where id = :bank`],
		['open_but_settled']
	],
	[
		'a line that no invoice knows',
		[
			`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) select :owing, summit_id, registration_id, mode, 100 from public.order_lines where order_id = :owing`
		],
		['invoiced']
	],
	['a cancellation that no credit note answers', [entry('owing', 'cancellation', -100)], ['invoiced']],
	[
		'more cancelled than was asked',
		[
			`insert into public.order_adjustments (order_id, kind, amount, registration_id) select :owing, 'cancellation', -6000, registration_id from public.order_lines where order_id = :owing`
		],
		['asked_below_zero', 'invoiced', 'line_below_zero', 'open_but_settled']
	],
	[
		'an invoice that was taken away',
		[
			`delete from private.invoice_contents where invoice_id in (select id from public.invoices where order_id = :bank)`,
			`delete from public.invoices where order_id = :bank`
		],
		['number_gap']
	],
	[
		'an amount that was changed on paper',
		[
			`update private.invoice_contents set content = content || '{"amount":1}' where invoice_id in (select id from public.invoices where order_id = :bank)`
		],
		['paper_changed']
	],
	[
		'an amount that was changed in the list',
		[`update public.invoices set amount = 1 where order_id = :bank`],
		['invoiced', 'paper_changed']
	],
	[
		'a series that was wound back',
		[`update private.invoice_number_series set last_number = 1 where summit_id = :summit`],
		['last_number']
	],
	[
		'an invoice in another currency',
		[
			`update public.invoices set currency = 'USD' where order_id = :bank`,
			`update private.invoice_contents set content = content || '{"currency":"USD"}' where invoice_id in (select id from public.invoices where order_id = :bank)`
		],
		['paper_currency']
	],
	[
		'more waived than the budget',
		[`update public.waiver_budgets set amount = 4999 where summit_id = :summit`],
		['waived_above_budget']
	],
	[
		'a waiver that nobody asked for',
		[
			`update public.waiver_requests set state = 'withdrawn', amount = null, decided_at = null where order_id = :waived`
		],
		['waiver_without_request']
	],
	[
		'a waiver above its line',
		[entry('waived', 'waiver', -100)],
		['asked_below_zero', 'balance', 'waived_above_line', 'waiver_without_request']
	],
	[
		'a seat confirmed before it was paid',
		[
			`update public.registrations set state = 'confirmed' where id in (select registration_id from public.order_lines where order_id = :owing)`
		],
		['confirmed_unpaid']
	],
	[
		'a dispute that nobody told of',
		[entry('card', 'dispute', 100, `'stripe', 'dp', null, null, null`)],
		['dispute_without_event']
	],
	[
		'a dispute won that was never lost',
		[entry('card', 'dispute_won', -100, `'stripe', 'dp', null, null, null`)],
		['dispute_without_event', 'dispute_won_unlost']
	]
])('%s is found', async (_, statements, codes) => {
	expect(await after(...statements)).toEqual(codes);
});

test('runs once a night at each venue, and finance gets a mail when something differs', async () => {
	await db.owner.query(`update private.provider_events set effect = 'ignored' where effect = 'paid'`);
	const night = (at: string) => db.app.query<{ id: string }>(`select private.reconcile_nightly($1) as id`, [at]);
	// Lisbon: one o'clock is too early, then once a day.
	const ran = [];
	for (const at of ['2026-12-01T01:10:00Z', '2026-12-01T02:10:00Z', '2026-12-01T09:00:00Z', '2026-12-02T02:01:00Z'])
		ran.push((await night(at)).rows.filter(({ id }) => id === world.summit).length);
	expect(ran).toEqual([0, 1, 0, 1]);
	const { rows } = await db.owner.query(
		`select person_id, params from private.outbox where template = 'books_differ' and summit_id = $1`,
		[world.summit]
	);
	expect(rows).toEqual(Array(2).fill({ person_id: world.finance.person, params: { count: 1 } }));
	await db.owner.query(`update private.provider_events set effect = 'paid' where effect = 'ignored'`);
	expect(await booksOf(db.owner, world.summit)).toEqual([]);
});
