/* Who decides on registrations and who reads them, and that ids of other people are useless. */
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import {
	callAs,
	faultsOf,
	inTurn,
	makePeople,
	makeSummit,
	register,
	stateOf,
	readValue
} from '../../fixtures/registering.ts';
import { startDatabase } from '../../fixtures/stack.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = await startDatabase();
const owner = await db.connect();
afterAll(() => db.stop());

describe('deciding and reading', () => {
	async function sent(count: number, plan: Parameters<typeof makeSummit>[1] = {}) {
		const made = await makeSummit(owner, plan);
		const people = await makePeople(owner, count);
		const ids = await inTurn(
			people,
			async (who) => (await register(owner, who, made.summit, made.members[0] ?? '')).id
		);
		return { ...made, people, ids };
	}
	const decide = (
		who: TestPerson | null | undefined,
		ids: (string | undefined)[],
		decision = 'accredit',
		reason = ''
	) =>
		callAs<{ id: string; status: string }[]>(owner, who ?? null, `public.decide_registrations($1, $2, $3)`, [
			ids,
			decision,
			reason
		]);

	test('only registration organisers of that Summit, never on themselves or people they assist', async () => {
		const { summit, members, ids, people, organiser, finance } = await sent(2);
		const elsewhere = await makeSummit(owner);
		const own = await register(owner, organiser, summit, members[0] ?? '');
		await owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[organiser.account, people[1]?.person]
		);
		for (const other of [people[0], finance, elsewhere.organiser, await makePerson(owner, 'Outsider')]) {
			expect(await decide(other, [ids[0]])).toEqual([{ id: ids[0], status: 'not_allowed' }]);
		}
		await expect(decide(null, ids)).rejects.toThrow('permission denied');
		const unknown = randomUUID();
		const statuses = Object.fromEntries(
			(await decide(organiser, [ids[0], ids[1], own.id, unknown])).map(({ id, status }) => [id, status])
		);
		expect(statuses).toEqual({
			[ids[0] ?? '']: 'confirmed',
			[ids[1] ?? '']: 'not_allowed',
			[own.id]: 'not_allowed',
			[unknown]: 'not_allowed'
		});
		expect(await decide(organiser, [ids[0]])).toMatchObject([{ id: ids[0], status: 'wrong_state', own: true }]);
		expect(await decide(organiser, [ids[0]], 'decline', ' ')).toEqual([{ id: ids[0], status: 'reason_needed' }]);
		await expect(decide(organiser, ids, 'delete')).rejects.toMatchObject({ code: 'PT400' });
	});

	test('two organisers who decide at once: one answer counts, and its reason is recorded', async () => {
		const { summit, ids, organiser } = await sent(1);
		const other = await makePerson(owner, 'Second organiser');
		await owner.query(`insert into public.role_grants (summit_id, person_id, role) values ($1, $2, 'registration')`, [
			summit,
			other.person
		]);
		const [a, b] = [await db.connect(), await db.connect()];
		const answers = await Promise.all([
			callAs<{ status: string }[]>(a, organiser, `public.decide_registrations($1, 'accredit', '')`, [ids]),
			callAs<{ status: string }[]>(b, other, `public.decide_registrations($1, 'accredit', 'Checked')`, [ids])
		]);
		expect(answers.map(([answer]) => answer?.status).toSorted()).toEqual(['confirmed', 'wrong_state']);
		expect(
			await readValue(
				owner,
				`select count(*)::integer from public.registration_steps where registration_id = $1 and to_state = 'accredited'`,
				[ids[0]]
			)
		).toBe(1);
		expect(
			await readValue(owner, `select count(*)::integer from public.badges where registration_id = $1`, [ids[0]])
		).toBe(1);
		await decide(organiser, ids, 'decline', 'Not a delegate any more');
		const { rows } = await owner.query(
			`select actor_person, reason, new_values ->> 'state' as state from audit.entries where table_name = 'public.registrations' and row_id = $1 order by id desc limit 1`,
			[ids[0]]
		);
		expect(rows).toEqual([{ actor_person: organiser.person, reason: 'Not a delegate any more', state: 'declined' }]);
		expect(
			await readValue(owner, `select revoked_reason from public.badges where registration_id = $1`, [ids[0]])
		).toBe('declined');
	});

	test('an id of another person is not accepted, in every function that takes one', async () => {
		const { summit, ids } = await sent(1, { hall: 1 });
		const [outsider] = await makePeople(owner, 1);
		const before = await readValue(owner, `select to_jsonb(r) from public.registrations as r where id = $1`, [ids[0]]);
		const calls: [string, unknown][] = [
			[`public.save_sent_steps($1, '[{"step":4,"fields":{"access_needs":"Stolen"}}]')`, { status: 'not_found' }],
			[`public.withdraw_registration($1, '')`, { status: 'not_found' }],
			[`public.switch_mode($1, 'virtual')`, { status: 'not_found' }],
			[`public.join_queue($1, 'virtual')`, { status: 'not_found' }],
			[`public.leave_queue($1, 'virtual')`, { status: 'not_found' }],
			[`public.answer_offer($1, true)`, { status: 'not_found' }],
			[`public.request_checkout($1)`, { status: 'not_allowed' }],
			[`public.link_member_request($1, $1)`, 'not_allowed'],
			[`public.refuse_member_request($1, 'x')`, 'not_allowed'],
			[`public.correct_name($1, '{"display_name":"Stolen"}', 'x')`, 'not_allowed'],
			[`public.name_guardian($1, 'ABCD2345')`, 'not_found'],
			[`public.refuse_guardianship($1)`, 'not_found'],
			[`public.give_guardian_consent($1)`, 'not_found'],
			[`public.read_registration($1)`, null],
			[`public.request_merge($1, $1, 'x')`, { status: 'not_allowed' }],
			[`public.confirm_merge($1)`, 'not_allowed'],
			[`public.refuse_merge($1)`, 'not_allowed']
		];
		for (const [call, answer] of calls) {
			for (const id of [ids[0], randomUUID()])
				expect([call, await callAs(owner, outsider ?? null, call, [id])]).toEqual([call, answer]);
			await expect(callAs(owner, null, call, [ids[0]])).rejects.toThrow('permission denied');
		}
		expect(await readValue(owner, `select to_jsonb(r) from public.registrations as r where id = $1`, [ids[0]])).toEqual(
			before
		);
		for (const call of [`public.my_registration($1)`, `public.list_registrations($1)`])
			expect(await callAs(owner, outsider ?? null, call, [summit])).toBeNull();
		expect(await callAs(owner, outsider ?? null, `public.read_delegation($1)`, [summit])).toEqual([]);
	});

	test('a focal point withdraws people of their own member, and no others', async () => {
		const { summit, members, ids } = await sent(1);
		const [focal, other] = await makePeople(owner, 2);
		if (!focal || !other) throw new Error('nobody');
		const foreign = await register(owner, other, summit, members[1] ?? '');
		await owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
			summit,
			members[0],
			focal.person
		]);
		expect(await callAs(owner, focal, `public.withdraw_registration($1, 'Cannot travel')`, [foreign.id])).toEqual({
			status: 'not_found'
		});
		expect(await callAs(owner, focal, `public.withdraw_registration($1, 'Cannot travel')`, [ids[0]])).toMatchObject({
			status: 'ok'
		});
		expect(await callAs(owner, focal, `public.withdraw_registration($1, '')`, [ids[0]])).toEqual({
			status: 'wrong_state'
		});
		expect([await stateOf(owner, ids[0] ?? ''), await stateOf(owner, foreign.id)]).toEqual(['withdrawn', 'submitted']);
	});

	test('the list filters, counts and pages', async () => {
		const { summit, ids, organiser, finance, members } = await sent(4, { hall: 2 });
		await decide(organiser, [ids[0]]);
		const list = (filters: object, by = organiser) =>
			callAs<{ total: number; rows: { id: string }[]; counts: object }>(
				owner,
				by,
				`public.list_registrations($1, $2, 2)`,
				[summit, JSON.stringify(filters)]
			);
		const all = await list({});
		expect([all.total, all.rows.map(({ id }) => id), all.counts]).toEqual([
			4,
			ids.slice(0, 2),
			{ confirmed: 1, submitted: 3, to_decide: 3, queued: 2, requests: 0, guardians: 0 }
		]);
		expect((await list({ tab: 'queue' })).rows).toMatchObject([
			{ id: ids[2], queue_position: 1, queue_reason: 'capacity' },
			{ id: ids[3], queue_position: 2 }
		]);
		expect((await list({ states: ['confirmed'] })).rows).toMatchObject([{ id: ids[0], state: 'confirmed' }]);
		const reference = await readValue(owner, `select reference from public.registrations where id = $1`, [ids[2]]);
		expect((await list({ query: `DELEGATE ${reference}` })).rows).toMatchObject([{ id: ids[2] }]);
		expect((await list({ query: '%' })).total).toBe(0);
		expect((await list({ member: members[1] })).total).toBe(0);
		expect(await list({}, finance)).toBeNull();
	});

	test('a person without a member uses the pool of their category', async () => {
		const { summit, organiser } = await makeSummit(owner);
		await owner.query(
			`insert into public.pools (summit_id, category, name, virtual_ceiling) values ($1, 'press', 'Press', 1)`,
			[summit]
		);
		const [a, b] = await makePeople(owner, 2);
		const statuses = await inTurn([a, b], async (who) => {
			const { id } = await callAs<{ id: string }>(owner, who ?? null, `private.start_registration($1)`, [summit]);
			await owner.query(`update public.registrations set category = 'press' where id = $1`, [id]);
			await callAs(owner, who ?? null, `private.save_registration($1, 2, '{"affiliation":"Daily Paper"}')`, [id]);
			await callAs(owner, who ?? null, `private.save_registration($1, 5, '{"code_of_conduct":true}')`, [id]);
			return (await callAs<{ status: string }>(owner, who ?? null, `private.submit_registration($1)`, [id])).status;
		});
		expect(statuses).toEqual(['held', 'queued']);
		await actAs(owner, organiser, `update public.pools set virtual_ceiling = 2 where summit_id = $1`, [summit]);
		expect(
			await readValue(owner, `select count(*)::integer from public.seats where summit_id = $1 and state = 'held'`, [
				summit
			])
		).toBe(2);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});
});
