/* Credit notes and new invoices: invoices always equal the order. */
import { describe, expect, test } from 'vitest';
import { balanceOf, billing, ledgerOf, makePayers, documentsOf } from '../../fixtures/paying.ts';
import { callAs, faultsOf, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { invoiceActs, type Answer } from '../../fixtures/invoicing.ts';

const db = useDatabase();
const [one] = [<T>(list: T[]): T => list[0] as T];
const year = new Date().getUTCFullYear();

const { invoice, read } = invoiceActs(db);

describe('changes after an invoice', () => {
	test('a lower amount makes a credit note in the same transaction, and the sums stay equal', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order, id] = [one(world.people), one(world.orders), one(world.registrations)];
		await invoice(who, order);
		await callAs(db.owner, who, `public.withdraw_registration($1)`, [id]);
		expect(await documentsOf(db.owner, order)).toEqual(['invoice 1 5000', 'credit_note 1 5000']);
		expect(await ledgerOf(db.owner, order)).toEqual(['cancellation -5000']);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a switch to a cheaper mode credits the invoice and refunds the difference by hand', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order, id] = [one(world.people), one(world.orders), one(world.registrations)];
		await db.owner.query(
			`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 1000, 'EUR')`,
			[world.summit]
		);
		await invoice(who, order);
		await callAs(db.owner, world.finance, `public.record_bank_payment($1, 5000, 'EUR', current_date, 'x')`, [order]);
		await callAs(db.owner, who, `public.switch_mode($1, 'virtual')`, [id]);
		// This Summit's policy refunds half of a difference.
		expect(await documentsOf(db.owner, order)).toEqual(['invoice 1 5000', 'credit_note 1 2000']);
		const refund = await readValue<string>(
			db.owner,
			`select id from public.refunds where order_id = $1 and amount = 2000`,
			[order]
		);
		const done = (ref: string) =>
			callAs(db.owner, world.finance, `public.record_manual_refund($1, current_date, $2)`, [refund, ref]);
		expect([await done(' '), await done('out 1'), await done('out 1')]).toEqual(['invalid', 'ok', 'wrong_state']);
		expect([await balanceOf(db.owner, order), await faultsOf(db.owner, world.summit)]).toEqual([0, []]);
	});

	test('a late payment that still finds a seat gets a new invoice', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order, id] = [one(world.people), one(world.orders), one(world.registrations)];
		await invoice(who, order);
		await db.owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [order]);
		await db.app.query(`select private.sweep_deadlines()`);
		expect([await stateOf(db.owner, id), await documentsOf(db.owner, order)]).toEqual([
			'expired',
			['invoice 1 5000', 'credit_note 1 5000']
		]);
		const late = await callAs(
			db.owner,
			world.finance,
			`public.record_bank_payment($1, 5000, 'EUR', current_date, 'late')`,
			[order]
		);
		expect(late).toEqual({ status: 'revived' });
		expect([await stateOf(db.owner, id), await documentsOf(db.owner, order)]).toEqual([
			'confirmed',
			['invoice 1 5000', 'credit_note 1 5000', 'invoice 2 5000']
		]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a wrong invoice is credited completely and issued again, by finance with a reason', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order] = [one(world.people), one(world.orders)];
		const { invoice_id } = await invoice(who, order);
		const correct = (by: TestPerson, reason: string, bill: object = { ...billing, name: 'The Right Name' }) =>
			callAs<Answer>(db.owner, by, `public.correct_invoice($1, $2, $3)`, [invoice_id, JSON.stringify(bill), reason]);
		expect(await correct(who, 'x')).toEqual({ status: 'not_allowed' });
		expect(await correct(world.finance, ' ')).toEqual({ status: 'reason_needed' });
		expect(await correct(world.finance, 'x', {})).toEqual({ status: 'invalid', faults: ['name'] });
		const answer = await correct(world.finance, 'Wrong name');
		expect(answer).toMatchObject({ status: 'ok', reference: `INV-${year}-0002` });
		expect(await correct(world.finance, 'Again')).toEqual({ status: 'wrong_state' });
		expect(await documentsOf(db.owner, order)).toEqual(['invoice 1 5000', 'credit_note 1 5000', 'invoice 2 5000']);
		expect(await read(who, invoice_id)).toMatchObject({ state: 'credited', buyer: billing });
		expect(await read(who, answer.invoice_id)).toMatchObject({ state: 'due', buyer: { name: 'The Right Name' } });
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});
});
