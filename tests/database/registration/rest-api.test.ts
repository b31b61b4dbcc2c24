/*
 * The same functions through Auth and REST, as pages call them: named arguments, JSON, arrays, and the form of a
 * refusal.
 */
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;
let made: RegisteringSummit;

beforeAll(async () => {
	made = await makeSummit(db.owner, { hall: 1, fee: 5000 });
	lite = await startLite(db);
});
afterAll(async () => {
	await lite.stop();
});

async function signIn(name: string): Promise<{ client: SupabaseClient; person: string }> {
	const { client, userId } = await lite.signIn(`${name}@example.org`);
	const person = await readValue<string>(
		db.owner,
		`insert into public.people (display_name) values ($1) returning id`,
		[name]
	);
	await db.owner.query(`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'self')`, [
		userId,
		person
	]);
	return { client, person };
}

async function rpc<T>(client: SupabaseClient, name: string, values: Record<string, unknown>): Promise<T> {
	const { data, error } = await client.rpc(name, values);
	if (error) throw new Error(`${name}: ${error.code} ${error.message}`);
	return data as T;
}

test('from the first step to the payment page and back', { timeout: 120_000 }, async () => {
	const { summit, members } = made;
	const { client } = await signIn('delegate');
	const organiser = await signIn('organiser');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		organiser.person,
		summit
	]);
	const steps = [
		{ display_name: 'Ama "Akua" Mensah', office: '', country: 'GH', languages: ['en', 'ar'] },
		{ member_id: members[1] },
		{ mode: 'in_person' },
		{ access_needs: '', protection: 'none', no_photographs: false },
		{ consents: {}, code_of_conduct: true }
	];
	const save = (step: number, fields: object, send = false) =>
		rpc<{ id: string }>(client, 'save_registration_steps', { summit, writes: [{ step, fields }], send });
	const { id } = await save(1, steps[0] ?? {});
	for (const [n, fields] of steps.entries())
		expect(await save(n + 1, fields)).toMatchObject({ status: 'ok', id, version: n + 3 });
	const left = (asker: typeof client, member: string | undefined) => rpc(asker, 'seats_left', { summit, member });
	// A draft uses no allocation yet: the fee is the sector's, the seats are the member's own.
	expect(await left(client, members[1])).toMatchObject([
		{ mode: 'in_person', capacity: 1, left: 1, member_ceiling: null, member_left: null, fee: 5000, currency: 'EUR' },
		{ mode: 'virtual', member_left: null, fee: 0 }
	]);
	expect(await save(5, steps[4] ?? {}, true)).toMatchObject({ status: 'ok', sent: { status: 'held' } });
	expect(await left(client, members[1])).toMatchObject([{ member_left: 999 }, { member_left: 1000 }]);
	expect(await left(organiser.client, members[1])).toMatchObject([{ member_left: 999 }, { member_left: 1000 }]);
	for (const [asker, member] of [
		[client, members[0]],
		[(await signIn('somebody')).client, members[1]]
	] as const)
		expect(await left(asker, member)).toMatchObject([
			{ member_ceiling: null, member_left: null },
			{ member_ceiling: null, member_left: null }
		]);
	const list = await rpc<{ rows: { id: string }[] }>(organiser.client, 'list_registrations', {
		summit,
		filters: { states: ['submitted'], query: 'akua' },
		page_size: 10
	});
	expect(list.rows.map((row) => row.id)).toEqual([id]);
	expect(await rpc(organiser.client, 'decide_registrations', { ids: [id], decision: 'accredit', reason: '' })).toEqual([
		{ id, status: 'awaiting_payment' }
	]);
	const mine = await rpc<{ order: { id: string } }>(client, 'my_registration', { summit });
	expect(mine).toMatchObject({ state: 'awaiting_payment', order: { balance: 5000, currency: 'EUR', is_open: true } });
	expect(await rpc(client, 'request_checkout', { order_id: mine.order.id })).toMatchObject({
		status: 'ok',
		amount: 5000
	});
	expect(await rpc(client, 'switch_mode', { registration: id, mode: 'virtual' })).toEqual({ status: 'ok' });
	expect(await rpc(client, 'join_queue', { registration: id, mode: 'in_person' })).toMatchObject({ status: 'offered' });
	expect(await rpc(client, 'leave_queue', { registration: id, mode: 'in_person' })).toEqual({ status: 'ok' });
	expect(await rpc(client, 'withdraw_registration', { registration: id, reason: 'Cannot come' })).toMatchObject({
		status: 'ok'
	});
});

test('a change that would strand a seat is refused with a 409 that names the consequence', async () => {
	const { client, person } = await signIn('registrar');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		person,
		made.summit
	]);
	const seated = await signIn('seated');
	const writes = [
		{ step: 2, fields: { member_id: made.members[0] } },
		{ step: 5, fields: { code_of_conduct: true } }
	];
	const { id, ...saved } = await rpc<{ id: string }>(seated.client, 'save_registration_steps', {
		summit: made.summit,
		writes,
		send: true
	});
	expect(saved).toMatchObject({ status: 'ok', sent: { status: 'held' } });
	const { error, status } = await client
		.from('mode_capacities')
		.update({ capacity: 0 })
		.eq('summit_id', made.summit)
		.eq('mode', 'virtual');
	expect([status, error?.message, error?.details]).toEqual([
		409,
		'seats that are out would be stranded',
		'capacity virtual: 1 seats are out, 0 would be allowed'
	]);
	const inserted = await seated.client
		.from('seats')
		.insert({ summit_id: made.summit, registration_id: id, mode: 'in_person', state: 'taken' });
	expect(inserted.error?.code).toBe('42501');
});
