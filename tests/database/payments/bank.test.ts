/* Bank transfers, typed in or from a statement: each counts once, and underpayments and overpayments are found. */
import { describe, expect, test } from 'vitest';
import { dayFromNow } from '../../fixtures/clock.ts';
import { balanceOf, billing, booksOf, ledgerOf, makePayers, payByCard, type Payers } from '../../fixtures/paying.ts';
import { callAs, connectMany, faultsOf, inTurn, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

interface Row {
	id: string;
	line: number;
	amount: number;
	outcome: string;
	state: string;
	order: { reference: string } | null;
}
interface BankRow {
	amount?: number;
	currency?: string;
	words: string;
	booked_on?: string;
}
const today = dayFromNow();
const statement = (world: Payers, rows: BankRow[], by: TestPerson = world.finance, client = db.owner) =>
	callAs<{ status: string; added: number; known: number }>(client, by, `public.import_statement($1, 'June.csv', $2)`, [
		world.summit,
		JSON.stringify(rows.map((row, n) => ({ line: n + 2, amount: 5000, currency: 'EUR', booked_on: today, ...row })))
	]);
const listed = async (world: Payers, state = 'open') =>
	(await callAs<{ rows: Row[] }>(db.owner, world.finance, `public.list_bank_rows($1, $2)`, [world.summit, state])).rows;
const apply = (world: Payers, row: string, order: string | null = null, by = world.finance, client = db.owner) =>
	callAs<{ status: string }>(client, by, `public.apply_bank_row($1, $2)`, [row, order]);
const hand = (world: Payers, order: string, amount: number, reference: string, by = world.finance, currency = 'EUR') =>
	callAs<{ status: string }>(db.owner, by, `public.record_bank_payment($1, $2, $3, current_date, $4)`, [
		order,
		amount,
		currency,
		reference
	]);
const reference = (order: string) =>
	readValue<string>(db.owner, `select reference from public.orders where id = $1`, [order]);

test('finance notes about a statement row are left out of the audit, as its text is', async () => {
	const world = await makePayers(db.owner, 1);
	await statement(world, [{ words: 'From Somebody Private' }]);
	const [row] = await listed(world);
	const note = 'Belongs to Somebody Private';
	expect(await callAs(db.owner, world.finance, `public.ignore_bank_row($1, $2)`, [row?.id, note])).toBe('ok');
	expect(await readValue(db.owner, `select note from private.bank_rows where id = $1`, [row?.id])).toBe(note);
	const { rows } = await db.owner.query(
		`select changed, row(e.*)::text as words from audit.entries as e where table_name = 'private.bank_rows' and row_id = $1 order by id`,
		[row?.id]
	);
	expect(rows.at(-1)?.changed).toContain('note');
	expect(JSON.stringify(rows)).not.toContain('Private');
});

describe('typed in', () => {
	test('a transfer counts once, however often it is entered', async () => {
		const world = await makePayers(db.owner, 1);
		const order = world.orders[0] ?? '';
		expect(await hand(world, order, 5000, 'TRF 9')).toEqual({ status: 'paid' });
		expect(await hand(world, order, 5000, 'trf-9')).toEqual({ status: 'already' });
		expect(await ledgerOf(db.owner, order)).toEqual(['payment -5000']);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a partial payment leaves a rest due, the rest settles the order, and a surplus is returned by hand', async () => {
		const world = await makePayers(db.owner, 1);
		const [order = '', id = ''] = [world.orders[0], world.registrations[0]];
		expect(await hand(world, order, 2000, 'first')).toEqual({ status: 'underpaid' });
		expect([await balanceOf(db.owner, order), await stateOf(db.owner, id)]).toEqual([3000, 'awaiting_payment']);
		expect(await hand(world, order, 4000, 'second')).toEqual({ status: 'paid' });
		const { rows } = await db.owner.query(`select amount, state, checkout_id from public.refunds where order_id = $1`, [
			order
		]);
		expect(rows).toEqual([{ amount: 1000, state: 'due', checkout_id: null }]);
		expect(await readValue(db.owner, `select count(*)::integer from private.due_refunds()`)).toBe(0);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a partial payment that is being returned after the deadline does not count with a later one', async () => {
		const world = await makePayers(db.owner, 1);
		const [order = '', id = ''] = [world.orders[0], world.registrations[0]];
		await hand(world, order, 3000, 'first');
		await db.owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [order]);
		await db.app.query(`select private.sweep_deadlines()`);
		expect(await hand(world, order, 3000, 'second')).toEqual({ status: 'surplus' });
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
		expect([await stateOf(db.owner, id), await balanceOf(db.owner, order)]).toEqual(['expired', -6000]);
		// A payment of the whole amount starts the order again.
		expect(await hand(world, order, 5000, 'third')).toEqual({ status: 'revived' });
		expect([await stateOf(db.owner, id), await faultsOf(db.owner, world.summit)]).toEqual(['confirmed', []]);
	});

	test('a surplus by bank after a partial card payment is returned by bank', async () => {
		const world = await makePayers(db.owner, 1);
		const [order = '', who] = [world.orders[0], world.people[0] as TestPerson];
		await hand(world, order, 1000, 'part');
		await payByCard(db.owner, db.app, who, order);
		await hand(world, order, 700, 'once more');
		const { rows } = await db.owner.query(`select amount, checkout_id from public.refunds where order_id = $1`, [
			order
		]);
		expect(rows).toEqual([{ amount: 700, checkout_id: null }]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('refuses another currency, a missing reference, and anybody but finance', async () => {
		const world = await makePayers(db.owner, 1);
		const order = world.orders[0] ?? '';
		expect(await hand(world, order, 5000, 'x', world.finance, 'USD')).toEqual({ status: 'currency' });
		expect(await hand(world, order, 5000, ' ')).toEqual({ status: 'invalid' });
		expect(await hand(world, order, -1, 'x')).toEqual({ status: 'invalid' });
		for (const by of [world.organiser, world.people[0] as TestPerson, world.focal]) {
			expect(await hand(world, order, 5000, 'x', by)).toEqual({ status: 'not_allowed' });
			expect(await statement(world, [{ words: 'x' }], by)).toEqual({ status: 'not_allowed' });
			expect(await callAs(db.owner, by, `public.list_bank_rows($1)`, [world.summit])).toBeNull();
		}
		expect(await ledgerOf(db.owner, order)).toEqual([]);
	});
});

test('refuses finance people who are payer, delegate or focal point of the order', async () => {
	const world = await makePayers(db.owner, 2);
	const [order = '', delegate, focal] = [world.orders[0], world.people[0] as TestPerson, world.focal];
	const made = await callAs<{ order_id: string }>(db.owner, focal, `public.combine_orders($1, $2, $3)`, [
		world.summit,
		world.member,
		[world.orders[1]]
	]);
	for (const person of [delegate.person, focal.person])
		await db.owner.query(`insert into public.role_grants (summit_id, person_id, role) values ($1, $2, 'finance')`, [
			world.summit,
			person
		]);
	await statement(world, [{ words: `for ${await reference(order)}` }]);
	const [row] = await listed(world);
	expect(await apply(world, row?.id ?? '', null, delegate)).toEqual({ status: 'own' });
	expect(await hand(world, order, 5000, 'mine', delegate)).toEqual({ status: 'own' });
	expect(await hand(world, made.order_id, 5000, 'ours', focal)).toEqual({ status: 'own' });
	expect(await callAs(db.owner, delegate, `public.extend_order($1, now() + interval '90 days')`, [order])).toBe('own');
	expect(await apply(world, row?.id ?? '')).toEqual({ status: 'paid' });
	expect(await callAs(db.owner, delegate, `public.refund_order($1, null, null, 'a gift')`, [order])).toEqual({
		status: 'own'
	});
	expect(await hand(world, made.order_id, 5000, 'theirs', delegate)).toEqual({ status: 'paid' });
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
});

test('the rest of a fee that arrives late is not a whole fee, and is returned', async () => {
	const world = await makePayers(db.owner, 1, { hall: 5 });
	const [who, id = ''] = [world.people[0] as TestPerson, world.registrations[0]];
	await db.owner.query(
		`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 1000, 'EUR')`,
		[world.summit]
	);
	// The first part was paid for an online seat; the switch to the hall asked for the rest in a second order.
	await callAs(db.owner, who, `public.switch_mode($1, 'virtual')`, [id]);
	const first = await readValue<string>(db.owner, `select o from private.registration_orders($1) as o limit 1`, [id]);
	await hand(world, first, 400, 'part');
	await callAs(db.owner, who, `public.switch_mode($1, 'in_person')`, [id]);
	const second = await readValue<string>(db.owner, `select o from private.registration_orders($1) as o limit 1`, [id]);
	expect(await balanceOf(db.owner, second)).toBe(4600);
	await db.owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [second]);
	await db.app.query(`select private.sweep_deadlines()`);
	expect([await hand(world, second, 4600, 'late'), await stateOf(db.owner, id)]).toEqual([
		{ status: 'surplus' },
		'expired'
	]);
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
});

describe('a statement', () => {
	test('proposes a match for each row, and importing it again changes nothing', async () => {
		const world = await makePayers(db.owner, 6);
		const refs = await inTurn(world.orders, reference);
		const { reference: paper } = await callAs<{ reference: string }>(
			db.owner,
			world.people[1] as TestPerson,
			`public.request_invoice($1, $2)`,
			[world.orders[1], JSON.stringify(billing)]
		);
		await hand(world, world.orders[4] ?? '', 5000, 'seen at the bank');
		await payByCard(db.owner, db.app, world.people[5] as TestPerson, world.orders[5] ?? '');
		const rows: BankRow[] = [
			{ words: `Payment ${refs[0]?.toLowerCase()} thank you` },
			{ words: `inv ${paper.slice(4, 8)} 0001, part`, amount: 1000 },
			{ words: `REF:${refs[2]?.slice(0, 5)} ${refs[2]?.slice(5)}`, amount: 6000 },
			{ words: refs[3] ?? '', currency: 'USD' },
			{ words: `${refs[4]} typed` },
			{ words: refs[5] ?? '' },
			{ words: 'somebody without a reference' },
			{ words: `${refs[0]} and ${refs[2]}` },
			{ words: `INV-${paper.slice(4, 8)}-00012` }
		];
		expect(await statement(world, rows)).toEqual({ status: 'ok', added: 9, known: 0, returned: 0 });
		const read = await listed(world);
		expect(read.map(({ outcome }) => outcome)).toEqual([
			'matched',
			'partial',
			'overpaid',
			'currency',
			'recorded',
			'late',
			'unknown',
			'unknown',
			'unknown'
		]);
		const answers = [];
		for (const row of read) answers.push((await apply(world, row.id)).status);
		expect(answers).toEqual([
			'paid',
			'underpaid',
			'paid',
			'currency',
			'linked',
			'surplus',
			'unknown_order',
			'unknown_order',
			'unknown_order'
		]);
		const before = await booksOf(db.owner, world.summit);
		expect([before, await faultsOf(db.owner, world.summit)]).toEqual([[], []]);
		expect(await statement(world, rows)).toEqual({ status: 'ok', added: 0, known: 9, returned: 0 });
		expect((await apply(world, read[0]?.id ?? '')).status).toBe('already');
		expect(await listed(world)).toHaveLength(4);
	});

	test('two equal rows of one file are two transfers, and are recognised in the next file', async () => {
		const world = await makePayers(db.owner, 1);
		const words = await reference(world.orders[0] ?? '');
		const row = { words, amount: 2500 };
		expect(await statement(world, [row, row])).toMatchObject({ added: 2 });
		expect(await statement(world, [row, row, row])).toMatchObject({ added: 1, known: 2 });
		const [first, second] = await listed(world);
		expect([(await apply(world, first?.id ?? '')).status, (await apply(world, second?.id ?? '')).status]).toEqual([
			'underpaid',
			'paid'
		]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a row without a match is assigned by finance to an order, or ignored with a reason', async () => {
		const world = await makePayers(db.owner, 1);
		await statement(world, [{ words: 'from my aunt' }, { words: 'bank interest', amount: 12 }]);
		const rows = await listed(world);
		const [relative, interest] = [
			rows.find((r) => r.amount === 5000)?.id ?? '',
			rows.find((r) => r.amount === 12)?.id ?? ''
		];
		expect(await apply(world, relative, 'NOSUCHREFX')).toEqual({ status: 'unknown_order' });
		expect(await apply(world, relative, ` ${(await reference(world.orders[0] ?? '')).toLowerCase()} `)).toEqual({
			status: 'paid'
		});
		const aside = (reason: string, back = false) =>
			callAs<string>(db.owner, world.finance, `public.ignore_bank_row($1, $2, $3)`, [interest, reason, back]);
		expect([await aside(' '), await aside('Interest'), await aside('Again'), await aside('', true)]).toEqual([
			'reason_needed',
			'ok',
			'already',
			'ok'
		]);
		expect((await listed(world)).map(({ amount }) => amount)).toEqual([12]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('twenty connections that confirm the same row count it once', async () => {
		const world = await makePayers(db.owner, 1);
		await statement(world, [{ words: await reference(world.orders[0] ?? '') }]);
		const [row] = await listed(world);
		const crowd = await connectMany(db, 20);
		const answers = await Promise.all(crowd.map((client) => apply(world, row?.id ?? '', null, world.finance, client)));
		expect(answers.map(({ status }) => status).sort()).toEqual([...Array<string>(19).fill('already'), 'paid']);
		expect(await ledgerOf(db.owner, world.orders[0] ?? '')).toEqual(['payment -5000']);
		await Promise.all(crowd.map((client) => client.end()));
	});

	test('is hidden from another Summit', async () => {
		const [world, other] = [await makePayers(db.owner, 1), await makePayers(db.owner, 1)];
		await statement(world, [{ words: await reference(other.orders[0] ?? '') }]);
		const [row] = await listed(world);
		expect([row?.outcome, await listed(other)]).toEqual(['unknown', []]);
		expect(await apply(world, row?.id ?? '', await reference(other.orders[0] ?? ''))).toEqual({
			status: 'unknown_order'
		});
		expect(await apply(world, row?.id ?? '', null, other.finance)).toEqual({ status: 'not_allowed' });
	});
});
