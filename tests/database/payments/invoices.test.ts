/* Invoices: numbers without gaps, no change once issued. */
import { describe, expect, test } from 'vitest';
import { billing, booksOf, issuer, makePayers, documentsOf, payByCard, type Payers } from '../../fixtures/paying.ts';
import { callAs, connectMany, faultsOf, inParallel, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';
import { invoiceActs } from '../../fixtures/invoicing.ts';

const db = useDatabase();
const [one] = [<T>(list: T[]): T => list[0] as T];
const year = new Date().getUTCFullYear();

const { invoice, read } = invoiceActs(db);

describe('an invoice', () => {
	test('is issued once, holds the seat until it is due, and is paid by bank', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order, id] = [one(world.people), one(world.orders), one(world.registrations)];
		const first = await invoice(who, order);
		expect(first).toMatchObject({ status: 'ok', reference: `INV-${year}-0001` });
		expect(await invoice(who, order)).toMatchObject({ status: 'already', invoice_id: first.invoice_id });
		const { rows } = await db.owner.query(
			`select o.due_at = (i.due_on + 6)::timestamp at time zone 'Europe/Lisbon' as waits, s.held_until = o.due_at as held,
				i.due_on - i.issued_on as days from public.orders as o join public.invoices as i on i.order_id = o.id
				join public.seats as s on s.registration_id = $2 and s.state = 'held' where o.id = $1`,
			[order, id]
		);
		expect(rows).toEqual([{ waits: true, held: true, days: 30 }]);
		expect(await read(who, first.invoice_id)).toMatchObject({
			state: 'due',
			amount: 5000,
			paid: 0,
			locale: 'fr',
			buyer: billing,
			issuer: { name: issuer.issuer_name },
			bank: { iban: 'DE89370400440532013000' },
			lines: [{ mode: 'in_person', amount: 5000 }]
		});
		const paid = await callAs(
			db.owner,
			world.finance,
			`public.record_bank_payment($1, 5000, 'EUR', current_date, 'transfer 1')`,
			[order]
		);
		expect(paid).toEqual({ status: 'paid' });
		expect([await stateOf(db.owner, id), (await read(who, first.invoice_id))?.state]).toEqual(['confirmed', 'paid']);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('is offered only when finance has named the issuer and accepts transfers', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order] = [one(world.people), one(world.orders)];
		await callAs(db.owner, world.finance, `public.save_money_settings($1, '{"transfer_allowed":false}')`, [
			world.summit
		]);
		expect(await invoice(who, order)).toEqual({ status: 'not_offered' });
		// Finance may still issue one, and a paid order may always have an invoice.
		await payByCard(db.owner, db.app, who, order);
		expect(await invoice(who, order)).toMatchObject({ status: 'ok' });
		expect(await read(who, (await invoice(who, order)).invoice_id)).toMatchObject({ state: 'paid', paid: 5000 });
	});

	test('needs a name, and an order with something to pay', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order, id] = [one(world.people), one(world.orders), one(world.registrations)];
		expect(await invoice(who, order, { name: ' ', purchase_order: 'x'.repeat(61) })).toEqual({
			status: 'invalid',
			faults: ['name', 'purchase_order']
		});
		await callAs(db.owner, who, `public.withdraw_registration($1)`, [id]);
		expect(await invoice(who, order)).toEqual({ status: 'nothing' });
		expect(await documentsOf(db.owner, order)).toEqual([]);
	});

	test('is visible to its payer and finance only', async () => {
		const world = await makePayers(db.owner, 2);
		const { invoice_id } = await invoice(one(world.people), one(world.orders));
		expect(await read(one(world.people), invoice_id)).toMatchObject({ amount: 5000 });
		expect(await read(world.finance, invoice_id)).toMatchObject({ amount: 5000 });
		const outsider = await makePerson(db.owner, 'Outsider');
		for (const other of [world.people[1] as TestPerson, world.focal, world.organiser, outsider]) {
			expect(await read(other, invoice_id)).toBeNull();
			expect(await actAs(db.owner, other, `select id from public.invoices where id = $1`, [invoice_id])).toEqual([]);
			expect(await invoice(other, one(world.orders))).toEqual({ status: 'not_allowed' });
		}
	});

	test('is never changed or deleted, by anybody', async () => {
		const world = await makePayers(db.owner, 1);
		const { invoice_id } = await invoice(one(world.people), one(world.orders));
		for (const sql of [
			`update public.invoices set amount = 1 where id = $1`,
			`delete from public.invoices where id = $1`,
			`update private.invoice_contents set content = '{}' where invoice_id = $1`,
			`delete from private.invoice_contents where invoice_id = $1`
		]) {
			await expect(db.owner.query(sql, [invoice_id])).rejects.toThrow('an issued paper is never changed');
		}
		await expect(db.owner.query(`truncate public.invoices cascade`)).rejects.toThrow(
			'an issued paper is never changed'
		);
	});

	test('shows a protected person’s display name, whenever the protection began', async () => {
		const world = await makePayers(db.owner, 2);
		const [first, second] = world.people as [TestPerson, TestPerson];
		const before = await invoice(first, world.orders[0] ?? '', { ...billing, name: 'Real Canary' });
		for (const who of [first, second]) {
			await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [who.person]);
			await db.owner.query(`update public.people set display_name = 'Alias ' || left(id::text, 4) where id = $1`, [
				who.person
			]);
		}
		const after = await invoice(second, world.orders[1] ?? '', { ...billing, name: 'Real Canary' });
		expect(await read(world.finance, before.invoice_id)).toMatchObject({
			buyer: { name: `Alias ${first.person.slice(0, 4)}`, address: '' }
		});
		expect(await read(first, before.invoice_id)).toMatchObject({ buyer: { name: 'Real Canary' } });
		expect(await read(second, after.invoice_id)).toMatchObject({
			buyer: { name: `Alias ${second.person.slice(0, 4)}`, address: '', purchase_order: 'PO-77' }
		});
		const stored = await readValue(
			db.owner,
			`select content::text from private.invoice_contents where invoice_id = $1`,
			[after.invoice_id]
		);
		expect(stored).not.toContain('Canary');
	});
});

test('reminders are sent once before the due date and once after it, while something is due', async () => {
	const world = await makePayers(db.owner, 2);
	const [who, paying] = world.people as [TestPerson, TestPerson];
	await invoice(who, world.orders[0] ?? '');
	await invoice(paying, world.orders[1] ?? '');
	await payByCard(db.owner, db.app, paying, world.orders[1] ?? '');
	const remind = (days: number) =>
		db.app.query(`select private.remind_invoices(now() + $1 * interval '1 day')`, [days]);
	for (const days of [0, 20, 26, 27, 29, 31, 32, 33]) await remind(days);
	const { rows } = await db.owner.query(
		`select person_id, params ->> 'stage' as stage from private.outbox where template = 'invoice_reminder' and summit_id = $1 order by created_at`,
		[world.summit]
	);
	expect(rows).toEqual([
		{ person_id: who.person, stage: 'before' },
		{ person_id: who.person, stage: 'after' }
	]);
});

test('fifty simultaneous connections draw each number once and leave no gap, although some fail', async () => {
	const world = await makePayers(db.owner, 50);
	const crowd = await connectMany(db, 50);
	await inParallel(crowd, world.orders, async (client, order, n) => {
		const who = world.people[n] as TestPerson;
		if (n % 5 === 4) {
			// The number is drawn, and returned when the transaction is rolled back.
			await client.query('begin');
			await client.query(`select private.next_invoice_number($1, 'invoice', $2)`, [world.summit, year]);
			await client.query('rollback');
		}
		const { status } = await invoice(who, order, billing, 'en', client);
		if (n % 3 === 0) await callAs(client, who, `public.withdraw_registration($1)`, [world.registrations[n]]);
		return status;
	});
	const { rows } = await db.owner.query(
		`select kind, count(*)::integer, count(distinct number)::integer as numbers, max(number) from public.invoices where summit_id = $1 group by kind order by kind`,
		[world.summit]
	);
	expect(rows).toEqual([
		{ kind: 'invoice', count: 50, numbers: 50, max: 50 },
		{ kind: 'credit_note', count: 17, numbers: 17, max: 17 }
	]);
	expect(await booksOf(db.owner, world.summit)).toEqual([]);
	await Promise.all(crowd.map((client) => client.end()));
});

test('invalid settings are refused with a reason', async () => {
	const world: Payers = await makePayers(db.owner, 1);
	const save = (fields: object, by = world.finance) =>
		callAs(db.owner, by, `public.save_money_settings($1, $2)`, [world.summit, JSON.stringify(fields)]);
	expect(await save({}, world.organiser)).toEqual({ status: 'not_allowed' });
	expect(await save({ iban: 'DE89370400440532013001', bic: 'X', invoice_prefix: '1', terms_days: 0 })).toEqual({
		status: 'invalid',
		faults: ['iban', 'bic', 'invoice_prefix', 'terms_days']
	});
	const bad: [Record<string, unknown>, string[]][] = [
		[{ issuer_name: null }, ['issuer_name']],
		[{ issuer_name: 'x'.repeat(201) }, ['issuer_name']],
		[{ issuer_name: 'Two\nlines' }, ['issuer_name']],
		[{ issuer_address: 'x'.repeat(501) }, ['issuer_address']],
		[{ issuer_tax_number: 'x'.repeat(61), bank_name: null }, ['issuer_tax_number', 'bank_name']],
		[{ bank_name: 'x'.repeat(201) }, ['bank_name']],
		[{ invoice_note: 'x'.repeat(1001) }, ['invoice_note']],
		[{ transfer_allowed: null }, ['transfer_allowed']],
		[{ transfer_allowed: 'perhaps' }, []],
		[{ terms_days: 'ten' }, []],
		[{ terms_days: 99999999999 }, []]
	];
	for (const [fields, faults] of bad)
		expect([fields, await save(fields)]).toEqual([fields, { status: 'invalid', faults }]);
	for (const fields of [[], 'x', null, [1]])
		expect(await save(fields as unknown as object)).toEqual({ status: 'invalid', faults: [] });
	expect(await save({ issuer_name: '', iban: '' })).toEqual({ status: 'invalid', faults: ['issuer_name', 'iban'] });
	expect(await save({ iban: 'gb82 west 1234 5698 7654 32', invoice_prefix: 'gs27' })).toEqual({ status: 'ok' });
	expect(await invoice(one(world.people), one(world.orders))).toMatchObject({ reference: `GS27-${year}-0001` });
});
