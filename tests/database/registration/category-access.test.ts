/* Change of category: who may make it, who confirms it, and what it takes away. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { addStaff, decisionStatuses } from '../../fixtures/accrediting.ts';
import {
	callAs,
	connectMany,
	makeSummit,
	inParallel,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makePerson, makeWorld } from '../../fixtures/world.ts';
import { categoryDesk, type Changed } from '../../fixtures/changing-category.ts';

const db = useDatabase();
let summit: RegisteringSummit;

const { member, change, preview, proposed, askTwoFor, addPool, delegate, seatOf, nameOf, badgesOf, everything, sound } =
	categoryDesk(db, () => summit);

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 6, online: 6, ceilings: { civil_society: 2 } });
});

describe('access', () => {
	it('is for registration organisers, with a reason, and never for oneself', async () => {
		const world = await makeWorld(db.owner);
		await db.owner.query(
			`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'guest', 'Guests', 5)`,
			[world.summit]
		);
		const id = world.registrations.delegate;
		for (const kind of personKinds) {
			const may = kind === 'registration' || kind === 'owner';
			expect([kind, (await preview(id, 'guest', null, world.people[kind])).status]).toEqual([
				kind,
				may ? 'ok' : 'not_allowed'
			]);
			if (!may) expect(await change(id, 'guest', null, world.people[kind])).toEqual({ status: 'not_allowed' });
		}
		const act = (reason: string, version: number | null = null) =>
			callAs<Changed>(db.owner, world.people.registration, `public.change_category($1, 'guest', $2, null, $3)`, [
				id,
				reason,
				version
			]);
		expect(await act('  ')).toEqual({ status: 'reason_needed' });
		expect(await act('x', 99)).toEqual({ status: 'changed' });
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[world.people.registration.account, world.people.delegate.person]
		);
		expect(await act('x')).toEqual({ status: 'not_allowed' });
		expect(await change(randomUUID(), 'guest')).toEqual({ status: 'not_allowed' });
		expect(
			await readValue(
				db.owner,
				`select has_function_privilege('app_server', 'public.change_category(uuid, public.registration_category, text, uuid, integer)', 'execute')`
			)
		).toBe(false);
	});

	it('removes the closed sessions of the former category, and the places in them', async () => {
		const world = await makeWorld(db.owner);
		const session = world.sessions.members.id;
		await db.owner.query(
			`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'guest', 'Guests', 5)`,
			[world.summit]
		);
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [session]);
		await db.owner.query(
			`insert into public.session_audiences (session_id, summit_id, category) values ($1, $2, 'delegate')`,
			[session, world.summit]
		);
		const { programme, delegate: them, registration } = world.people;
		await callAs(db.owner, programme, `public.set_session_places($1, 1, 1)`, [session]);
		expect(await callAs(db.owner, them, `public.sign_up($1, 'hall')`, [session])).toMatchObject({ status: 'ok' });
		const seen = () => callAs<boolean>(db.owner, them, `public.can_see($1)`, [session]);
		const places = () =>
			readValue(db.owner, `select count(*)::integer from private.session_signups where session_id = $1`, [session]);
		expect([await seen(), await places()]).toEqual([true, 1]);
		expect(await change(world.registrations.delegate, 'guest', null, registration)).toMatchObject({ status: 'ok' });
		expect([await seen(), await places()]).toEqual([false, 0]);
	});

	it('every row is audited with actor and reason, and cannot be altered', async () => {
		await addPool('press', 1);
		const { id } = await delegate();
		const last = await readValue<string>(db.owner, `select max(id)::text from audit.entries`);
		await change(id, 'press');
		const { rows } = await db.owner.query<{ table_name: string; right: boolean }>(
			`select distinct table_name, actor_person = $3 and reason = 'asked at the desk' as right from audit.entries where id > $1::bigint and registration_id = $2`,
			[last, id, summit.organiser.person]
		);
		const tables = rows.map(({ table_name }) => table_name);
		expect(tables).toEqual(
			expect.arrayContaining(['public.registrations', 'public.seats', 'public.badges', 'public.registration_steps'])
		);
		expect(rows.filter(({ right }) => !right)).toEqual([]);
	});

	it('where accrediting or declining takes two, one proposes and another confirms', async () => {
		await addPool('security', 2);
		await addPool('guest', 2);
		const { id, who } = await delegate();
		const undecided = await delegate(member(), 'in_person', false);
		const second = await addStaff(db.owner, summit.summit, 'Second at the desk');
		await askTwoFor('security');
		const before = await everything();
		expect(await preview(id, 'security')).toMatchObject({ status: 'ok', second: true, place: 'Security pool' });
		expect(await change(id, 'security')).toEqual({ status: 'proposed' });
		expect(await everything()).toBe(before);
		// One proposal at a time; its maker and the person concerned cannot confirm it.
		expect(await change(id, 'security', null, second)).toEqual({ status: 'proposal_open' });
		expect(await decisionStatuses(db.owner, summit.organiser, [id], 'confirm')).toEqual(['second_person_needed']);
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
			[who.person, summit.summit]
		);
		expect(await decisionStatuses(db.owner, who, [id], 'confirm')).toEqual(['not_allowed']);
		expect(await proposed(id, second)).toMatchObject({ status: 'ok', place: 'Security pool', seat: 'moved' });
		expect(await proposed(id, await makePerson(db.owner, 'Outsider'))).toBeNull();
		expect(await everything()).toBe(before);
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['category_changed']);
		expect(await seatOf(id)).toBe('taken in_person Security pool');
		expect(await proposed(id, second)).toBeNull();
		// The change back takes two as well, and the second may refuse.
		expect(await change(id, 'guest')).toEqual({ status: 'proposed' });
		expect(await decisionStatuses(db.owner, second, [id], 'reject', 'Stays at the entrance')).toEqual(['rejected']);
		expect(await seatOf(id)).toBe('taken in_person Security pool');
		// It is still undecided, and takes two.
		expect(await change(undecided.id, 'security')).toMatchObject({ status: 'ok', state: 'submitted' });
		expect(await change(undecided.id, 'guest')).toEqual({ status: 'proposed' });
		await sound();
	});

	it('a proposal that has become impossible changes nothing, and is applied once when possible', async () => {
		const pool = await addPool('security', 1);
		const { id, who } = await delegate();
		const second = await addStaff(db.owner, summit.summit, 'Second at the desk');
		const third = await addStaff(db.owner, summit.summit, 'Third at the desk');
		await askTwoFor('security');
		expect(await change(id, 'security')).toEqual({ status: 'proposed' });
		await db.owner.query(`update public.pools set in_person_ceiling = 0 where id = $1`, [pool]);
		expect(await proposed(id, second)).toMatchObject({ status: 'no_seat' });
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['no_seat']);
		expect(await seatOf(id)).toBe(`taken in_person ${await nameOf(member())}`);
		await db.owner.query(`update public.pools set in_person_ceiling = 1 where id = $1`, [pool]);
		const both = await connectMany(db, 2);
		const outcomes = await inParallel(both, [second, third], (one, by) => decisionStatuses(one, by, [id], 'confirm'));
		expect(outcomes.flat().toSorted()).toEqual(['category_changed', 'no_proposal']);
		expect((await badgesOf(id)).map(({ valid }) => valid)).toEqual([false, true]);
		expect(await change(id, 'guest')).toMatchObject({ status: 'no_pool' });
		// A person who leaves has no open proposal.
		await addPool('guest', 1);
		expect(await change(id, 'guest')).toEqual({ status: 'proposed' });
		await callAs(db.owner, who, `public.withdraw_registration($1)`, [id]);
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['no_proposal']);
		await sound();
	});

	it('people on the watch list, under 18 or withdrawn keep their category', async () => {
		await addPool('press', 2);
		await addPool('guardian', 2);
		const { id } = await delegate();
		const guardian = await delegate();
		await db.owner.query(
			`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
			[id, guardian.id]
		);
		expect(await change(id, 'guardian')).toEqual({ status: 'minor' });
		expect(await preview(id, 'press')).toMatchObject({ status: 'ok' });
		const leads = [
			await makePerson(db.owner, 'Safeguarding one'),
			await makePerson(db.owner, 'Safeguarding two')
		] as const;
		for (const { person } of leads)
			await db.owner.query(
				`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
				[person, summit.summit]
			);
		const reference = await readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [
			id
		]);
		const entry = await callAs<{ id: string }>(db.owner, leads[0], `public.add_watch_list_entry($1, $2)`, [
			summit.summit,
			JSON.stringify({ registration: reference, details_sealed: 'ab'.repeat(40), key_id: 'k1' })
		]);
		await callAs(db.owner, leads[1], `public.update_watch_list_entry($1, $2, 'confirm')`, [summit.summit, entry.id]);
		const before = await everything();
		for (const act of [preview, change]) expect(await act(id, 'press')).toEqual({ status: 'needs_safeguarding' });
		expect(await everything()).toBe(before);
		await callAs(db.owner, guardian.who, `public.withdraw_registration($1)`, [guardian.id]);
		expect(await change(guardian.id, 'press')).toEqual({ status: 'wrong_state' });
		await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [summit.summit]);
		expect(await change(id, 'press')).toEqual({ status: 'closed' });
	});
});
