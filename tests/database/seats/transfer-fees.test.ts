import { describe, expect, it } from 'vitest';
import { callAs, faultsOf, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { seatTransfers } from '../../fixtures/transferring.ts';

const db = useDatabase();

const { makeDelegation, handOver } = seatTransfers(db);

/** The order is paid by bank, as finance enters it. */
async function pay(finance: TestPerson, order: string) {
	const amount = await readValue<number>(db.owner, 'select private.balance_of($1)::integer', [order]);
	const paid = 'public.record_bank_payment($1, $2, $3, current_date, $4)';
	expect(await callAs(db.owner, finance, paid, [order, amount, 'EUR', order])).toMatchObject({ status: 'paid' });
}

const orderOf = (id: string) =>
	readValue<string>(
		db.owner,
		'select order_id from public.order_lines where registration_id = $1 order by created_at desc limit 1',
		[id]
	);

describe('the fee of a transferred seat', () => {
	it('is cancelled if it was unpaid, and charged to the new holder when they accept', async () => {
		const d = await makeDelegation({ fee: 30000 });
		await d.accredit(d.from, d.to);
		expect(await stateOf(db.owner, d.from)).toBe('awaiting_payment');
		const order = await orderOf(d.from);
		expect(await handOver(d.focal, d.from, d.to)).toBe('ok');
		expect(await readValue(db.owner, 'select private.balance_of($1)::integer', [order])).toBe(0);
		expect(await readValue(db.owner, 'select closed_at is not null from public.orders where id = $1', [order])).toBe(
			true
		);
		const entry = await readValue<string>(
			db.owner,
			`select id from public.queue_entries where registration_id = $1 and state = 'offered'`,
			[d.to]
		);
		expect(await callAs(db.owner, d.receiver, 'public.answer_offer($1, true)', [entry])).toMatchObject({
			status: 'awaiting_payment',
			amount: 30000
		});
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});

	it('is refunded by the Summit’s policy if the person paid it', async () => {
		const d = await makeDelegation({ fee: 30000 });
		await d.accredit(d.from, d.to);
		await pay(d.finance, await orderOf(d.from));
		expect(await stateOf(db.owner, d.from)).toBe('confirmed');
		expect(await handOver(d.focal, d.from, d.to)).toBe('ok');
		// Half of it, in these Summits.
		expect(
			await readValue(db.owner, 'select sum(amount)::integer from public.refunds where order_id = $1', [
				await orderOf(d.from)
			])
		).toBe(15000);
		const entry = await readValue<string>(
			db.owner,
			`select id from public.queue_entries where registration_id = $1 and state = 'offered'`,
			[d.to]
		);
		expect(await callAs(db.owner, d.receiver, 'public.answer_offer($1, true)', [entry])).toMatchObject({
			status: 'awaiting_payment',
			amount: 30000
		});
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});

	it('stays with the seat if the member paid it', async () => {
		const d = await makeDelegation({ fee: 30000 });
		await d.accredit(d.from, d.to);
		const order = await orderOf(d.from);
		await db.owner.query('update public.orders set payer_person_id = null, payer_member_id = $2 where id = $1', [
			order,
			d.member
		]);
		await pay(d.finance, order);
		expect(await handOver(d.focal, d.from, d.to)).toBe('ok');
		expect(await readValue(db.owner, 'select private.balance_of($1)::integer', [order])).toBe(0);
		expect(await readValue(db.owner, 'select count(*)::integer from public.refunds where order_id = $1', [order])).toBe(
			0
		);
		const entry = await readValue<string>(
			db.owner,
			`select id from public.queue_entries where registration_id = $1 and state = 'offered'`,
			[d.to]
		);
		expect(await callAs(db.owner, d.receiver, 'public.answer_offer($1, true)', [entry])).toMatchObject({
			status: 'confirmed'
		});
		expect(await readValue(db.owner, 'select private.registration_charge($1)::integer', [d.to])).toBe(30000);
		expect(await readValue(db.owner, 'select private.registration_charge($1)::integer', [d.from])).toBe(0);
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});
});
