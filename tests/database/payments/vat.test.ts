/* Value added tax: rates, what invoices and credit notes say of it, and buyers who account for it themselves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	balanceOf,
	documentsOf,
	ledgerOf,
	makePayers,
	orderOf,
	payByCard,
	type Payers
} from '../../fixtures/paying.ts';
import {
	callAs,
	faultsOf,
	makePeople,
	makeSummit,
	readValue,
	register,
	type SummitPlan
} from '../../fixtures/registering.ts';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { invoiceActs } from '../../fixtures/invoicing.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';
import { vatFaults, type InvoiceVat } from '../../fixtures/vat.ts';

const db = useDatabase();
const [one] = [<T>(list: T[]): T => list[0] as T];
const { invoice, read } = invoiceActs(db);

const seller = { issuer_country: 'DE', issuer_vat_id: 'DE 123 456 789', issuer_registration: 'HRB 12345' };
const buyer = { name: 'Lantern Networks Lda', address: '4 Hill Road\nPorto', country: 'PT' };
const business = { ...buyer, vat_id: 'PT 501 000 000' };

const save = (world: Payers, fields: object, by: TestPerson = world.finance) =>
	callAs<{ status: string; faults?: string[] }>(db.owner, by, `public.save_money_settings($1, $2)`, [
		world.summit,
		JSON.stringify(fields)
	]);
const rate = (world: Payers, fields: object, id: string | null = null, by: TestPerson = world.finance) =>
	callAs<{ status: string; id: string }>(db.owner, by, `public.save_vat_rate($1, $2, $3)`, [
		world.summit,
		id,
		JSON.stringify(fields)
	]);
const vatOf = async (who: TestPerson, id: string) =>
	(await read(who, id)) as unknown as { amount: number; vat: InvoiceVat };

/** People with open orders of a Summit whose fees contain 19 %, or have it added. */
async function makeTaxed(
	count = 1,
	{ vat = 'included', percent = 19, ...more }: { vat?: string; percent?: number; reverse_charge?: boolean } = {},
	plan: SummitPlan = {}
): Promise<Payers> {
	const world = await makePayers(db.owner, count, plan);
	expect(await rate(world, { vat_category: 'S', percent })).toMatchObject({ status: 'ok' });
	expect(await save(world, { ...seller, vat, ...more })).toEqual({ status: 'ok' });
	return world;
}

describe('settings', () => {
	test('tax is on only with a seller, an identifier and a general rate', async () => {
		const world = await makePayers(db.owner, 0);
		expect((await save(world, { vat: 'included', issuer_tax_number: '' })).faults?.toSorted()).toEqual([
			'issuer_country',
			'issuer_registration',
			'vat_rates'
		]);
		expect(await save(world, { ...seller, issuer_vat_id: 'DE12' })).toMatchObject({ faults: ['issuer_vat_id'] });
		expect(await save(world, { reverse_charge: true })).toMatchObject({ faults: ['reverse_charge'] });
		const general = await rate(world, { vat_category: 'S', percent: 19 });
		expect(await save(world, { ...seller, vat: 'added', reverse_charge: true })).toEqual({ status: 'ok' });
		expect(await callAs(db.owner, world.finance, `public.remove_vat_rate($1)`, [general.id])).toBe('needed');
		expect(await rate(world, { vat_category: 'S', percent: 19, mode: 'virtual' }, general.id)).toEqual({
			status: 'needed'
		});
		const virtual = await rate(world, { vat_category: 'S', percent: 7, mode: 'virtual' });
		expect(await callAs(db.owner, world.finance, `public.remove_vat_rate($1)`, [virtual.id])).toBe('ok');
	});

	test('a rate is what EN 16931 allows', async () => {
		const world = await makePayers(db.owner, 0);
		for (const wrong of [
			{ vat_category: 'S', percent: 0 },
			{ vat_category: 'S', percent: 101 },
			{ vat_category: 'S', percent: 1e9 },
			{ vat_category: 'S', percent: 19, exemption_reason: 'None' },
			{ vat_category: 'Z', percent: 5 },
			{ vat_category: 'E', percent: 0 },
			{ vat_category: 'E', percent: 0, exemption_code: 'EXEMPT' },
			{ vat_category: 'E', percent: 0, exemption_reason: 'Two\nlines' },
			{ vat_category: 'AE', percent: 0 },
			{ percent: 19 },
			{ vat_category: 'S', percent: 'x' }
		])
			expect(await rate(world, wrong), JSON.stringify(wrong)).toEqual({ status: 'invalid' });
		expect(await rate(world, { vat_category: 'E', percent: 0, exemption_code: 'vatex-eu-132' })).toMatchObject({
			status: 'ok'
		});
		expect(await rate(world, { vat_category: 'Z' })).toEqual({ status: 'overlap' });
		expect(await rate(world, { vat_category: 'O', exemption_reason: 'No tax', mode: 'virtual' })).toEqual({
			status: 'mixed'
		});
	});

	test('finance alone sets and reads them', async () => {
		const world = await makeTaxed(1);
		for (const other of [world.organiser, one(world.people)]) {
			expect(await rate(world, { vat_category: 'Z', mode: 'virtual' }, null, other)).toEqual({
				status: 'not_allowed'
			});
			expect(await actAs(db.owner, other, `select id from public.vat_rates`, [])).toEqual([]);
		}
		const elsewhere = await makeTaxed(0);
		const id = await readValue<string>(db.owner, `select id from public.vat_rates where summit_id = $1`, [
			world.summit
		]);
		expect(await rate(elsewhere, { vat_category: 'Z' }, id)).toEqual({ status: 'not_allowed' });
	});

	test.each([
		['DE123456789', true],
		['DE12345678', false],
		['ATU12345678', true],
		['FRAB123456789', true],
		['FRIO123456789', false],
		['EL123456789', true],
		['GR123456789', false],
		['NL123456789B01', true],
		['IE1234567FA', true],
		['CHE123456789MWST', true],
		['XI123456789', true],
		['US123456', true],
		['123456789', false],
		['', false]
	])('the VAT id %s has the form of its country: %s', async (id, valid) => {
		expect(await readValue(db.owner, `select private.is_vat_id($1)`, [id])).toBe(valid);
	});
});

test('whatever is charged, waived and credited at whatever rates, the sums follow the rules of EN 16931', async () => {
	const world = await makePayers(db.owner, 4);
	const modes = ['in_person', 'virtual'] as const;
	const line = fc.record({
		who: fc.nat(3),
		mode: fc.constantFrom(...modes),
		amount: fc.integer({ min: 1, max: 500_000 }),
		off: fc.integer({ min: 0, max: 100 }),
		kind: fc.constantFrom('credit', 'waiver')
	});
	const { owner } = db;
	type Line = typeof line extends fc.Arbitrary<infer One> ? One : never;
	const run = async (vat: string, reverse: boolean, percents: number[], lines: Line[]) => {
		await owner.query(`update public.money_settings set vat = $2 where summit_id = $1`, [world.summit, vat]);
		for (const [n, mode] of modes.entries())
			await owner.query(
				`insert into public.vat_rates (summit_id, mode, vat_category, percent) values ($1, $2, 'S', $3)`,
				[world.summit, mode, (percents[n] ?? 100) / 100]
			);
		const order = await readValue<string>(
			owner,
			`insert into public.orders (summit_id, payer_person_id, currency, due_at) values ($1, $2, 'EUR', now() + interval '1 day') returning id`,
			[world.summit, one(world.people).person]
		);
		for (const { who, mode, amount, off, kind } of lines) {
			await owner.query(
				`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) values ($1, $2, $3, $4, $5)`,
				[order, world.summit, world.registrations[who], mode, amount]
			);
			await owner.query(`select private.adjust_order($1, $2, $3, $4, 'test')`, [
				order,
				kind,
				-Math.floor((amount * off) / 100),
				world.registrations[who]
			]);
		}
		const { rows } = await owner.query<{ charge: number; vat: InvoiceVat; left: number }>(
			`select private.order_charge(o.id)::integer as charge, private.invoice_vat(o, s, private.order_charge(o.id), $2) as vat,
				(select sum(t.charged) from private.taxed_lines(o, false) as t)::integer as left
			from public.orders as o join public.money_settings as s using (summit_id) where o.id = $1`,
			[order, reverse]
		);
		const made = rows[0];
		if (!made) throw new Error('no order');
		expect(vatFaults(made.vat, made.charge)).toEqual([]);
		expect(made.left ?? 0).toBe(made.charge);
		// Fees that contain the tax leave a unit or two of rounding for each rate, not for each line.
		if (vat === 'included') expect(Math.abs(made.vat.rounding)).toBeLessThanOrEqual(4);
	};
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom('included', 'added'),
			fc.boolean(),
			fc.array(fc.integer({ min: 1, max: 2700 }), { minLength: 2, maxLength: 2 }),
			fc.array(line, { minLength: 1, maxLength: 8 }),
			async (vat, reverse, percents, lines) => {
				await owner.query('begin');
				try {
					await run(vat, reverse, percents, lines);
				} finally {
					await owner.query('rollback');
				}
			}
		),
		{ numRuns: 60 }
	);
}, 60_000);

describe('an invoice', () => {
	test('says how much tax its fee contains', async () => {
		const world = await makeTaxed(1, {}, { fee: 45_000 });
		const [who, order] = [one(world.people), one(world.orders)];
		expect(await invoice(who, order, { ...buyer, country: '' })).toEqual({ status: 'invalid', faults: ['country'] });
		expect(await invoice(who, order, { ...business, vat_id: 'PT 50' })).toMatchObject({ faults: ['vat_id'] });
		expect(await invoice(who, order, { ...business, country: 'ES' })).toMatchObject({ faults: ['vat_id'] });
		const { invoice_id } = await invoice(who, order, business);
		const paper = await vatOf(who, invoice_id);
		expect(paper.vat).toMatchObject({ net: 37_815, tax: 7185, rounding: 0, reverse_charge: false });
		expect(paper).toMatchObject({ amount: 45_000, buyer: { vat_id: 'PT501000000', country: 'PT' } });
		expect(vatFaults(paper.vat, 45_000)).toEqual([]);
		// What was issued stays, whatever is set later.
		await rate(world, { vat_category: 'S', percent: 7, mode: 'in_person' });
		expect(await vatOf(who, invoice_id)).toEqual(paper);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('of a Summit that adds the tax charges it', async () => {
		const world = await makePayers(db.owner, 0, { fee: 45_000 });
		await rate(world, { vat_category: 'S', percent: 19 });
		await save(world, { ...seller, vat: 'added' });
		expect(
			await readValue(db.owner, `select private.find_fee($1, 'in_person', 'delegate', 'private_sector')`, [
				world.summit
			])
		).toBe(53_550);
	});

	test('a credit note for a part has its part of the tax, and the last one what is left', async () => {
		const world = await makeTaxed(1, {}, { fee: 45_000 });
		const [who, order] = [one(world.people), one(world.orders)];
		const { invoice_id } = await invoice(who, order, buyer);
		await payByCard(db.owner, db.app, who, order);
		for (const amount of [10_001, 333, null])
			await callAs(db.owner, world.finance, `public.refund_order($1, null, $2, 'goodwill')`, [order, amount]);
		const { rows } = await db.owner.query<{ id: string; amount: number }>(
			`select id, amount from public.invoices where order_id = $1 and kind = 'credit_note' order by number`,
			[order]
		);
		expect(rows.map(({ amount }) => amount)).toEqual([10_001, 333, 34_666]);
		const notes = [];
		for (const { id, amount } of rows) {
			const note = await vatOf(who, id);
			expect(vatFaults(note.vat, amount)).toEqual([]);
			notes.push(note.vat);
		}
		const whole = (await vatOf(who, invoice_id)).vat;
		expect(notes.reduce((total, { net }) => total + net, 0)).toBe(whole.net);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('one from before there was tax is credited without', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order] = [one(world.people), one(world.orders)];
		await invoice(who, order, buyer);
		await rate(world, { vat_category: 'S', percent: 19 });
		expect(await save(world, { ...seller, vat: 'included' })).toEqual({ status: 'ok' });
		await callAs(db.owner, who, `public.withdraw_registration($1)`, [one(world.registrations)]);
		const note = await readValue<string>(
			db.owner,
			`select id from public.invoices where kind = 'credit_note' and order_id = $1`,
			[order]
		);
		expect((await vatOf(who, note)).vat).toBeNull();
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});
});

describe('a rate that changes', () => {
	const taxOf = async (who: TestPerson, order: string) => {
		const { invoice_id } = await invoice(who, order, buyer);
		const { vat, amount } = await vatOf(who, invoice_id);
		expect(vatFaults(vat, amount)).toEqual([]);
		return vat.tax;
	};
	const general = (world: Payers) =>
		readValue<string>(
			db.owner,
			`select id from public.vat_rates where summit_id = $1 and mode is null and ended_at is null`,
			[world.summit]
		);
	const revenue = async (world: Payers) => {
		const entries =
			(await callAs<{ kind: string; debit: number; credit: number }[] | null>(
				db.owner,
				world.finance,
				`public.export_journal($1, null)`,
				[world.summit]
			)) ?? [];
		const sums = Map.groupBy(entries, ({ kind }) => kind);
		return Object.fromEntries(
			[...sums].map(([kind, list]) => [kind, list.reduce((sum, { debit, credit }) => sum + credit - debit, 0)])
		);
	};

	test('is for what is charged later, on invoices and in the journal', async () => {
		const world = await makeTaxed(2, {}, { fee: 11_900 });
		const [before, moved] = world.orders as [string, string];
		const id = await general(world);
		expect(await rate(world, { vat_category: 'S', percent: 25 }, id)).toMatchObject({ status: 'ok' });
		// The one that ended is not there to be changed or removed.
		expect(await rate(world, { vat_category: 'S', percent: 25 }, id)).toEqual({ status: 'not_allowed' });
		expect(await callAs(db.owner, world.finance, `public.remove_vat_rate($1)`, [id])).toBe('not_allowed');
		const [late] = (await makePeople(db.owner, 1)) as [TestPerson];
		const registered = await register(db.owner, late, world.summit, world.member);
		await callAs(db.owner, world.organiser, `public.decide_registrations($1, 'accredit')`, [[registered.id]]);
		const after = await orderOf(db.owner, registered.id);
		// A charge keeps its rate in another order.
		const { order_id } = await callAs<{ order_id: string }>(
			db.owner,
			world.focal,
			`public.combine_orders($1, $2, $3)`,
			[world.summit, world.member, [moved]]
		);
		expect(await revenue(world)).toMatchObject({ 'vat:19': 3800, 'vat:25': 2380 });
		expect(await taxOf(one(world.people), before)).toBe(1900);
		expect(await taxOf(world.focal, order_id)).toBe(1900);
		expect(await taxOf(late, after)).toBe(2380);
		expect(await callAs(db.owner, world.finance, `public.read_journal($1)`, [world.summit])).toMatchObject({
			percents: [19, 25]
		});
		// Turned off, the tax of what was charged stays in the books.
		expect(await save(world, { vat: 'off' })).toEqual({ status: 'ok' });
		expect(await revenue(world)).toMatchObject({ 'vat:19': 3800, 'vat:25': 2380 });
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a category that changes leaves the rate of what was charged', async () => {
		const world = await makeTaxed(1, {}, { fee: 11_900 });
		expect(await rate(world, { vat_category: 'S', percent: 7, category: 'press' })).toMatchObject({ status: 'ok' });
		await db.owner.query(`update public.registrations set category = 'press' where id = $1`, [
			one(world.registrations)
		]);
		expect(await taxOf(one(world.people), one(world.orders))).toBe(1900);
	});

	test('one order with charges at two rates states both', async () => {
		const world = await makeTaxed(1, {}, { fee: 11_900 });
		expect(await rate(world, { vat_category: 'S', percent: 7 }, await general(world))).toMatchObject({ status: 'ok' });
		await db.owner.query(
			`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) values ($1, $2, $3, 'in_person', 10700)`,
			[one(world.orders), world.summit, one(world.registrations)]
		);
		const { invoice_id } = await invoice(one(world.people), one(world.orders), buyer);
		const { vat, amount } = await vatOf(one(world.people), invoice_id);
		expect(vatFaults(vat, amount)).toEqual([]);
		expect(vat.groups.map(({ percent, net, tax }) => [percent, net, tax])).toEqual([
			[7, 10_000, 700],
			[19, 10_000, 1900]
		]);
	});

	test('one that was entered wrongly is corrected in what was charged too', async () => {
		const world = await makeTaxed(1, {}, { fee: 10_700 });
		const id = await general(world);
		expect(await rate(world, { vat_category: 'S', percent: 7, correction: 'perhaps' }, id)).toEqual({
			status: 'invalid'
		});
		expect(await rate(world, { vat_category: 'S', percent: 7, correction: true }, id)).toEqual({ status: 'ok', id });
		expect(await revenue(world)).toMatchObject({ 'vat:7': 700 });
		expect(await taxOf(one(world.people), one(world.orders))).toBe(700);
	});

	test('a Summit that has charged tax is not outside its scope later', async () => {
		const world = await makeTaxed(1, {}, { fee: 11_900 });
		const outside = { vat_category: 'O', exemption_reason: 'No tax' };
		expect(await rate(world, outside, await general(world))).toEqual({ status: 'mixed' });
		expect(await rate(world, { ...outside, correction: true }, await general(world))).toMatchObject({ status: 'ok' });
	});

	test('a next edition takes the rates that apply', async () => {
		const world = await makeTaxed(0);
		await rate(world, { vat_category: 'S', percent: 25 }, await general(world));
		const next = await makeSummit(db.owner);
		await db.owner.query(
			`select private.copy_edition_parts(a, b, '{fees}') from public.summits as a, public.summits as b where a.id = $1 and b.id = $2`,
			[world.summit, next.summit]
		);
		const { rows } = await db.owner.query<{ percent: string }>(
			`select percent::text from public.vat_rates where summit_id = $1`,
			[next.summit]
		);
		expect(rows).toEqual([{ percent: '25.00' }]);
	});

	test('a charge made while a Summit begins to have tax has it', async () => {
		const world = await makePayers(db.owner, 1);
		await rate(world, { vat_category: 'S', percent: 19 });
		const other = await db.connect();
		try {
			await other.query('begin');
			const line = await readValue<string>(
				other,
				`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) values ($1, $2, $3, 'virtual', 100) returning id`,
				[one(world.orders), world.summit, one(world.registrations)]
			);
			const saved = save(world, { ...seller, vat: 'included' });
			await waitForLocks(other);
			await other.query('commit');
			expect(await saved).toEqual({ status: 'ok' });
			expect(await readValue(db.owner, `select vat_rate_id from public.order_lines where id = $1`, [line])).toBe(
				await general(world)
			);
		} finally {
			await other.end();
		}
	});
});

describe('a business in another country of the EU', () => {
	test('accounts for the tax itself where the Summit chose so, and pays the fee without', async () => {
		const world = await makeTaxed(2, { reverse_charge: true }, { fee: 45_000 });
		const [who, order] = [one(world.people), one(world.orders)];
		const { invoice_id } = await invoice(who, order, business);
		const paper = await vatOf(who, invoice_id);
		expect(paper).toMatchObject({
			amount: 37_815,
			vat: {
				net: 37_815,
				tax: 0,
				rounding: 0,
				reverse_charge: true,
				groups: [{ category: 'AE', percent: 0, exemption_code: 'VATEX-EU-AE' }]
			}
		});
		expect(vatFaults(paper.vat, paper.amount)).toEqual([]);
		expect(await ledgerOf(db.owner, order)).toEqual(['credit -7185']);
		expect(await balanceOf(db.owner, order)).toBe(37_815);
		// Compared with fees, it has paid the whole.
		expect(
			await readValue<string>(db.owner, `select private.registration_charge($1)`, [one(world.registrations)])
		).toBe('45000');
		await payByCard(db.owner, db.app, who, order);
		// Half of it goes back, and the rest is half of a fee.
		await callAs(db.owner, world.finance, `public.refund_order($1, null, 18907, 'half')`, [order]);
		expect(
			Number(await readValue(db.owner, `select private.registration_charge($1)`, [one(world.registrations)]))
		).toBeCloseTo(22_500, -1);
		await callAs(db.owner, who, `public.withdraw_registration($1)`, [one(world.registrations)]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test.each([
		['in the country of the seller', { ...buyer, country: 'DE', vat_id: 'DE987654321' }],
		['outside the EU', { ...buyer, country: 'CH', vat_id: 'CHE123456789' }],
		['without a VAT id', buyer],
		['in Northern Ireland', { ...buyer, country: 'GB', vat_id: 'XI123456789' }]
	])('a buyer %s pays the tax', async (_, bill) => {
		const world = await makeTaxed(1, { reverse_charge: true });
		const { invoice_id } = await invoice(one(world.people), one(world.orders), bill);
		expect((await vatOf(one(world.people), invoice_id)).vat).toMatchObject({ tax: 798, reverse_charge: false });
	});

	test('what was paid with tax is given back by finance only', async () => {
		const world = await makeTaxed(1, { reverse_charge: true }, { fee: 45_000 });
		const [who, order] = [one(world.people), one(world.orders)];
		await payByCard(db.owner, db.app, who, order);
		const first = await invoice(who, order, business);
		expect((await vatOf(who, first.invoice_id)).vat.reverse_charge).toBe(false);
		const corrected = await callAs<{ status: string; invoice_id: string }>(
			db.owner,
			world.finance,
			`public.correct_invoice($1, $2, 'The VAT id is valid')`,
			[first.invoice_id, JSON.stringify(business)]
		);
		expect(corrected.status).toBe('ok');
		expect(await vatOf(who, corrected.invoice_id)).toMatchObject({ amount: 37_815, vat: { reverse_charge: true } });
		const due = await readValue(db.owner, `select amount from public.refunds where order_id = $1 and state = 'due'`, [
			order
		]);
		expect(due).toBe(7185);
		// A paid order cannot owe the tax again.
		expect(
			await callAs(db.owner, world.finance, `public.correct_invoice($1, $2, 'Wrong')`, [
				corrected.invoice_id,
				JSON.stringify(buyer)
			])
		).toMatchObject({ status: 'wrong_state' });
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('keeps its part without tax when a seat that it paid is transferred', async () => {
		const world = await makeTaxed(1, { reverse_charge: true }, { fee: 45_000, ceilings: { private_sector: 1 } });
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		const { id } = await register(db.owner, colleague, world.summit, world.member);
		await callAs(db.owner, world.organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
		const { order_id } = await callAs<{ order_id: string }>(
			db.owner,
			world.focal,
			`public.combine_orders($1, $2, $3)`,
			[world.summit, world.member, world.orders]
		);
		await invoice(world.focal, order_id, business);
		expect((await payByCard(db.owner, db.app, world.focal, order_id)).effect).toBe('paid');
		const given = `public.transfer_seat_to_colleague($1, $2)`;
		expect(await callAs(db.owner, world.focal, given, [one(world.registrations), id])).toBe('ok');
		const entry = await readValue<string>(db.owner, `select id from public.queue_entries where registration_id = $1`, [
			id
		]);
		// The fee is paid already, as the member paid it.
		expect(await callAs(db.owner, colleague, 'public.answer_offer($1, true)', [entry])).toMatchObject({
			status: 'confirmed'
		});
		expect(await balanceOf(db.owner, order_id)).toBe(0);
		expect(await ledgerOf(db.owner, order_id)).toEqual([
			'credit -7185',
			'payment -37815',
			'credit -7185',
			'cancellation -37815'
		]);
		const charge = `select private.registration_charge($1)`;
		expect(await readValue<string>(db.owner, charge, [id])).toBe('45000');
		expect(await readValue<string>(db.owner, charge, [one(world.registrations)])).toBe('0');
		const { rows } = await db.owner.query<{ id: string; kind: string; amount: number }>(
			`select id, kind, amount from public.invoices where order_id = $1 order by year, number`,
			[order_id]
		);
		for (const { id: paper, amount } of rows) {
			const { vat } = await vatOf(world.focal, paper);
			expect(vatFaults(vat, amount)).toEqual([]);
			expect(vat).toMatchObject({ tax: 0, reverse_charge: true });
		}
		expect(rows.reduce((sum, { kind, amount }) => sum + (kind === 'invoice' ? amount : -amount), 0)).toBe(37_815);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
		// Who has it now withdraws: the member gets back what it paid, and owes no tax.
		await callAs(db.owner, colleague, `public.withdraw_registration($1)`, [id]);
		const back = `select coalesce(sum(amount), 0)::integer from public.refunds where order_id = $1`;
		expect(await readValue(db.owner, back, [order_id])).toBeLessThanOrEqual(37_815);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a wrong VAT id is corrected before the payment, and the tax is owed again', async () => {
		const world = await makeTaxed(1, { reverse_charge: true }, { fee: 45_000 });
		const [who, order] = [one(world.people), one(world.orders)];
		const first = await invoice(who, order, business);
		const corrected = await callAs<{ status: string; invoice_id: string }>(
			db.owner,
			world.finance,
			`public.correct_invoice($1, $2, 'Not in VIES')`,
			[first.invoice_id, JSON.stringify(buyer)]
		);
		expect(await vatOf(who, corrected.invoice_id)).toMatchObject({ amount: 45_000, vat: { tax: 7185 } });
		expect(await documentsOf(db.owner, order)).toHaveLength(3);
		expect(await balanceOf(db.owner, order)).toBe(45_000);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});
});
