/* After the last day of a Summit nobody gets a seat or money back by rule, and no order expires. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makePayers } from '../../fixtures/paying.ts';
import { callAs, countSeats, faultsOf, makeRegistered, readValue, stateOf } from '../../fixtures/registering.ts';

const db = useDatabase();

const sweep = () => readValue<Record<string, unknown>>(db.app, `select private.sweep_deadlines()`);
/** Moves the last day of a Summit; days from today. */
const endOn = (summit: string, days: number) =>
	db.owner.query(
		`update public.summits set starts_on = current_date + $2::integer - 1, ends_on = current_date + $2::integer where id = $1`,
		[summit, days]
	);
const dueIn = (order: string | undefined) =>
	readValue<number>(
		db.owner,
		`select round(extract(epoch from due_at - now()) / 86400)::integer from public.orders where id = $1`,
		[order]
	);

test('a seat that becomes free is offered to nobody', async () => {
	const { summit, people, ids } = await makeRegistered(db.owner, 3, { hall: 1 });
	await endOn(summit, -2);
	expect(await callAs(db.owner, people[0] ?? null, `public.withdraw_registration($1, '')`, [ids[0]])).toMatchObject({
		status: 'ok'
	});
	await sweep();
	expect(await countSeats(db.owner, summit)).toEqual({ held: 0, taken: 0, waiting: 2, offered: 0 });
	await endOn(summit, 10);
	await sweep();
	expect(await countSeats(db.owner, summit)).toEqual({ held: 1, taken: 0, waiting: 1, offered: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a review that nobody finished ends with the registration, and is not begun again', async () => {
	const {
		summit,
		ids: [id = '']
	} = await makeRegistered(db.owner, 1, { hall: 1 });
	await endOn(summit, -2);
	await db.owner.query(
		`update public.seats set held_until = now() - interval '1 minute' where registration_id = $1 and state = 'held'`,
		[id]
	);
	await sweep();
	expect(await stateOf(db.owner, id)).toBe('expired');
});

test('registration is closed, nobody changes mode or joins a queue, and nothing is refunded by rule', async () => {
	const { summit, people, ids } = await makeRegistered(db.owner, 1, { hall: 1 });
	const who = people[0] ?? null;
	const slug = await readValue<string>(db.owner, `select slug from public.summits where id = $1`, [summit]);
	const window = async () => [
		await readValue(db.owner, `select private.registration_window($1::uuid)`, [summit]),
		(await callAs<{ registration: string }>(db.owner, null, `public.read_summit($1)`, [slug])).registration
	];
	const percent = () => readValue(db.owner, `select private.refund_percent($1)`, [summit]);
	expect([await window(), await percent()]).toEqual([['open', 'open'], 50]);
	await endOn(summit, -2);
	expect([await window(), await percent()]).toEqual([['closed', 'closed'], 0]);
	for (const act of ['switch_mode', 'join_queue'])
		expect(await callAs(db.owner, who, `public.${act}($1, 'virtual')`, [ids[0]])).toEqual({ status: 'wrong_state' });
});

test('an order that is overdue stays, and has its full time again when the Summit goes on', async () => {
	const {
		summit,
		registrations: [registration = ''],
		orders
	} = await makePayers(db.owner, 2);
	await db.owner.query(`update public.orders set due_at = now() - interval '1 day' where id = $1`, [orders[0]]);
	await endOn(summit, -1);
	await sweep();
	expect([await stateOf(db.owner, registration), await dueIn(orders[0])]).toEqual(['awaiting_payment', -1]);
	const [days, other] = [
		await readValue(db.owner, `select payment_days from public.summits where id = $1`, [summit]),
		await dueIn(orders[1])
	];
	await endOn(summit, 90);
	await sweep();
	expect([await stateOf(db.owner, registration), await dueIn(orders[0])]).toEqual(['awaiting_payment', days]);
	expect(await dueIn(orders[1])).toBe(other);
});

test('an order that is overdue has its full time again when a closed Summit is reopened', async () => {
	const {
		summit,
		registrations: [registration = ''],
		orders: [order]
	} = await makePayers(db.owner, 1);
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [summit]);
	await db.owner.query(`update public.orders set due_at = now() - interval '1 day' where id = $1`, [order]);
	await sweep();
	await db.owner.query(`update public.summits set state = 'live' where id = $1`, [summit]);
	await sweep();
	expect(await stateOf(db.owner, registration)).toBe('awaiting_payment');
	expect(await dueIn(order)).toBeGreaterThan(1);
	expect(
		await readValue(
			db.owner,
			`select s.held_until = o.due_at from public.seats as s, public.orders as o where s.registration_id = $1 and s.state = 'held' and o.id = $2`,
			[registration, order]
		)
	).toBe(true);
});
