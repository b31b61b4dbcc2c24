/* Waivers: never decided by or for the same person, never above the budget, and never paid out in money. */
import { describe, expect, test } from 'vitest';
import {
	balanceOf,
	billing,
	ledgerOf,
	makePayers,
	documentsOf,
	payByCard,
	type Payers
} from '../../fixtures/paying.ts';
import { callAs, connectMany, faultsOf, makePeople, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

interface Answer {
	status: string;
	id: string;
	left?: number;
}
const request = (
	world: Payers,
	n = 0,
	by: TestPerson = world.people[n] as TestPerson,
	grounds = 'no_budget',
	words = ''
) =>
	callAs<Answer>(db.owner, by, `public.request_waiver($1, $2, $3, $4)`, [
		world.orders[n],
		world.registrations[n],
		grounds,
		words
	]);
const decide = (
	by: TestPerson,
	id: string,
	approve: boolean,
	amount: number | null = null,
	answer = '',
	client = db.owner
) => callAs<Answer>(client, by, `public.decide_waiver($1, $2, $3, $4)`, [id, approve, amount, answer]);
const mails = async (who: TestPerson) =>
	(
		await db.owner.query<{ template: string }>(
			`select template from private.outbox where person_id = $1 and template like 'waiver%' order by created_at`,
			[who.person]
		)
	).rows.map(({ template }) => template);

test('a full waiver settles the order and confirms the seat', async () => {
	const world = await makePayers(db.owner, 1);
	const { id, status } = await request(world);
	expect([status, (await request(world)).status]).toEqual(['ok', 'already']);
	expect(await decide(world.finance, id, true)).toMatchObject({ status: 'ok', amount: 5000 });
	expect(await stateOf(db.owner, world.registrations[0] ?? '')).toBe('confirmed');
	expect(await ledgerOf(db.owner, world.orders[0] ?? '')).toEqual(['waiver -5000']);
	expect((await decide(world.finance, id, true)).status).toBe('wrong_state');
	expect(await mails(world.people[0] as TestPerson)).toEqual(['waiver_approved']);
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
});

test('a partial waiver leaves the rest to pay, and an invoice shows it', async () => {
	const world = await makePayers(db.owner, 1);
	const [order = '', who] = [world.orders[0], world.people[0] as TestPerson];
	await callAs(db.owner, who, `public.request_invoice($1, $2)`, [order, JSON.stringify(billing)]);
	const { id } = await request(world, 0, who, 'other', 'We lost our grant.');
	expect(await decide(world.finance, id, true, 6000)).toEqual({ status: 'too_much', left: 5000 });
	await decide(world.finance, id, true, 2000);
	expect([await balanceOf(db.owner, order), await documentsOf(db.owner, order)]).toEqual([
		3000,
		['invoice 1 5000', 'credit_note 1 2000']
	]);
	await payByCard(db.owner, db.app, who, order);
	expect(await stateOf(db.owner, world.registrations[0] ?? '')).toBe('confirmed');
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
});

test('a refusal needs and shows a reason', async () => {
	const world = await makePayers(db.owner, 1);
	const { id } = await request(world);
	expect(await decide(world.finance, id, false, null, ' ')).toEqual({ status: 'reason_needed' });
	expect(await decide(world.finance, id, false, null, 'The budget is for civil society.')).toMatchObject({
		status: 'ok'
	});
	const rows = await actAs(
		db.owner,
		world.people[0] as TestPerson,
		`select state, answer from public.waiver_requests where id = $1`,
		[id]
	);
	expect(rows).toEqual([{ state: 'refused', answer: 'The budget is for civil society.' }]);
	expect(await mails(world.people[0] as TestPerson)).toEqual(['waiver_refused']);
	// The waiver may be requested again, and withdrawn.
	const again = await request(world);
	expect(await callAs(db.owner, world.people[0] as TestPerson, `public.withdraw_waiver($1)`, [again.id])).toBe('ok');
	expect((await decide(world.finance, again.id, true)).status).toBe('wrong_state');
});

test('nobody decides on their own request, on a waiver for themselves, or without the role', async () => {
	const world = await makePayers(db.owner, 2);
	const [who] = world.people as [TestPerson];
	for (const somebody of [who, world.focal]) {
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'finance', $2)`, [
			somebody.person,
			world.summit
		]);
	}
	const own = await request(world);
	expect(await decide(who, own.id, true)).toEqual({ status: 'own' });
	expect(await decide(world.organiser, own.id, true)).toEqual({ status: 'not_allowed' });
	const [assistant] = await makePeople(db.owner, 1);
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'all')`,
		[assistant?.account, who.person]
	);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'finance', $2)`, [
		assistant?.person,
		world.summit
	]);
	expect(await decide(assistant as TestPerson, own.id, true)).toEqual({ status: 'own' });
	const byFocal = await request(world, 1, world.focal);
	expect(await decide(world.focal, byFocal.id, true)).toEqual({ status: 'own' });
	expect(await decide(who, byFocal.id, true, 100)).toMatchObject({ status: 'ok' });
	// Colleagues cannot request it, and cannot read the text of others.
	expect((await request(world, 0, world.people[1] as TestPerson)).status).toBe('not_allowed');
	expect(
		await actAs(db.owner, world.people[1] as TestPerson, `select id from public.waiver_requests where id = $1`, [
			own.id
		])
	).toEqual([]);
	expect(
		await actAs(db.owner, world.focal, `select id from public.waiver_requests where id = $1 and person_id = $2`, [
			byFocal.id,
			world.people[1]?.person
		])
	).toHaveLength(1);
});

test('a focal point requests nothing for a protected person, and learns nothing about them', async () => {
	const world = await makePayers(db.owner, 1);
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [
		world.people[0]?.person
	]);
	expect(await request(world, 0, world.focal)).toEqual({ status: 'not_allowed' });
	expect((await request(world)).status).toBe('ok');
});

describe('the budget', () => {
	test('is never exceeded when ten decide at once, and the remaining amount is shown', async () => {
		const world = await makePayers(db.owner, 10);
		await callAs(db.owner, world.finance, `public.save_waiver_budget($1, 'EUR', 17000)`, [world.summit]);
		const ids: string[] = [];
		for (const n of world.people.keys()) ids.push((await request(world, n)).id);
		const crowd = await connectMany(db, 10);
		const answers = await Promise.all(
			crowd.map((client, n) => decide(world.finance, ids[n] ?? '', true, null, '', client))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([
			...Array<string>(3).fill('ok'),
			...Array<string>(7).fill('over_budget')
		]);
		expect(answers.find(({ status }) => status === 'over_budget')?.left).toBeLessThan(5000);
		expect(await readValue(db.owner, `select private.waived_total($1, 'EUR')::integer`, [world.summit])).toBe(15000);
		expect(await callAs(db.owner, world.finance, `public.save_waiver_budget($1, 'EUR', 14999)`, [world.summit])).toBe(
			'below'
		);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
		await Promise.all(crowd.map((client) => client.end()));
	});

	test('is free again when the person leaves, who is refunded only what they paid', async () => {
		const world = await makePayers(db.owner, 2);
		const [whole, part] = [await request(world, 0), await request(world, 1)];
		await decide(world.finance, whole.id, true);
		await decide(world.finance, part.id, true, 2000);
		await payByCard(db.owner, db.app, world.people[1] as TestPerson, world.orders[1] ?? '');
		for (const n of [0, 1])
			await callAs(db.owner, world.people[n] as TestPerson, `public.withdraw_registration($1)`, [
				world.registrations[n]
			]);
		expect(await readValue(db.owner, `select private.waived_total($1, 'EUR')::integer`, [world.summit])).toBe(0);
		// Half of the 30.00 that was paid, by the Summit's policy.
		const { rows } = await db.owner.query(
			`select f.amount from public.refunds as f join public.orders as o on o.id = f.order_id where o.summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ amount: 1500 }]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a switch to a cheaper mode refunds no waived amount', async () => {
		const world = await makePayers(db.owner, 1);
		await db.owner.query(
			`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 1000, 'EUR')`,
			[world.summit]
		);
		await decide(world.finance, (await request(world)).id, true);
		await callAs(db.owner, world.people[0] as TestPerson, `public.switch_mode($1, 'virtual')`, [
			world.registrations[0]
		]);
		expect(await ledgerOf(db.owner, world.orders[0] ?? '')).toEqual(['waiver -5000', 'waiver 2000', 'credit -2000']);
		expect(
			await readValue(db.owner, `select count(*)::integer from public.refunds where order_id = $1`, [world.orders[0]])
		).toBe(0);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});
});

test('in an order for several people a waiver never pays for another', async () => {
	const world = await makePayers(db.owner, 2);
	const gathered = await callAs<{ order_id: string }>(db.owner, world.focal, `public.combine_orders($1, $2, $3)`, [
		world.summit,
		world.member,
		world.orders
	]);
	const order = gathered.order_id;
	const { id } = await callAs<Answer>(db.owner, world.focal, `public.request_waiver($1, $2, 'invited', '')`, [
		order,
		world.registrations[0]
	]);
	await decide(world.finance, id, true);
	expect(await balanceOf(db.owner, order)).toBe(5000);
	await callAs(db.owner, world.people[0] as TestPerson, `public.withdraw_registration($1)`, [world.registrations[0]]);
	expect([await balanceOf(db.owner, order), await stateOf(db.owner, world.registrations[1] ?? '')]).toEqual([
		5000,
		'awaiting_payment'
	]);
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
});
