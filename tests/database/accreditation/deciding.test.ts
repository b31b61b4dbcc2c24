/*
 * Decisions at the desk under attack: two people where two are required, one decision for each registration, many
 * requests at once.
 */
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { decideAs, makeDesk, readRegistration, addStaff, decisionStatuses } from '../../fixtures/accrediting.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	inTurn,
	register,
	inParallel,
	stateOf,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

describe('two-person rule', () => {
	const both = { second_person_for: ['delegate'] };

	test('records the first decision as a proposal, and a second person carries it out with its reason', async () => {
		const { id, organiser, second, who } = await makeDesk(db.owner, 1, both);
		expect(await decideAs(db.owner, organiser, [id], 'accredit', 'Papers are in order')).toEqual([
			{ id, status: 'proposed' }
		]);
		expect(await stateOf(db.owner, id)).toBe('submitted');
		expect(
			await readValue(
				db.owner,
				`select count(*)::int from private.outbox where person_id = $1 and template <> 'registration_received'`,
				[who.person]
			)
		).toBe(0);
		expect(await decideAs(db.owner, second, [id])).toMatchObject([
			{ status: 'proposal_open', by: 'Staff registration', own: false }
		]);
		expect(await decideAs(db.owner, organiser, [id], 'confirm')).toMatchObject([
			{ status: 'second_person_needed', own: true }
		]);
		expect(await decideAs(db.owner, second, [id], 'confirm')).toEqual([{ id, status: 'confirmed' }]);
		expect(
			await readValue(
				db.owner,
				`select reason from public.registration_steps where registration_id = $1 and to_state = 'accredited'`,
				[id]
			)
		).toBe('Papers are in order');
		expect(await decideAs(db.owner, second, [id], 'confirm')).toMatchObject([
			{ status: 'no_proposal', by: 'Second organiser' }
		]);
		expect((await readRegistration(db.owner, organiser, id)).proposals).toMatchObject([
			{ state: 'confirmed', by: 'Staff registration', closed_by: 'Second organiser', own: true }
		]);
	});

	test('counts one human as one person, whichever account they use', async () => {
		const { id, summit, organiser, second } = await makeDesk(db.owner, 1, both);
		await decideAs(db.owner, organiser, [id]);
		// The second account may act for the first; then the first may act for the second.
		for (const [account, person] of [
			[second.account, organiser.person],
			[organiser.account, second.person]
		]) {
			await db.owner.query(
				`insert into public.account_people (account_id, person_id, relation, until) values ($1, $2, 'assistant', now() - interval '1 day')`,
				[account, person]
			);
			expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['second_person_needed']);
			await db.owner.query(`delete from public.account_people where relation = 'assistant' and account_id = $1`, [
				account
			]);
		}
		// Two records that are being merged.
		const other = await addStaff(db.owner, summit, 'Twin of the first');
		await db.owner.query(
			`insert into public.merge_requests (keep_id, duplicate_id, reason) values ($1, $2, 'The same')`,
			[other.person, organiser.person]
		);
		expect(await decisionStatuses(db.owner, other, [id], 'confirm')).toEqual(['second_person_needed']);
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['confirmed']);
	});

	test('counts one person also when the link between two accounts is cut after the proposal', async () => {
		const { id, organiser, second } = await makeDesk(db.owner, 1, both);
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[second.account, organiser.person]
		);
		await decideAs(db.owner, organiser, [id]);
		await db.owner.query(`delete from public.account_people where account_id = $1 and person_id = $2`, [
			second.account,
			organiser.person
		]);
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['second_person_needed']);
	});

	test('cannot be bypassed by writing the state, a refused member, another role or the rules', async () => {
		const { id, summit, organiser, second, who } = await makeDesk(db.owner, 1, both);
		await expect(db.owner.query(`select private.change_registration_state($1, 'accredited')`, [id])).rejects.toThrow(
			'second person'
		);
		await expect(db.owner.query(`select private.leave_summit($1, 'declined', 'x', 0)`, [id])).rejects.toThrow(
			'second person'
		);
		for (const other of [
			await addStaff(db.owner, summit, 'Finance', 'finance'),
			await addStaff(db.owner, summit, 'Lead', 'safeguarding'),
			who
		])
			expect([
				...(await decisionStatuses(db.owner, other, [id])),
				...(await decisionStatuses(db.owner, other, [id], 'confirm'))
			]).toEqual(['not_allowed', 'not_allowed']);
		for (const other of [organiser, second, who])
			expect(await callAs(db.owner, other, `public.save_accreditation_settings($1, '{}')`, [summit])).toBe(
				'not_allowed'
			);
		const request = await readValue<string>(
			db.owner,
			`insert into public.member_requests (summit_id, registration_id, name) values ($1, $2, 'Not Listed') returning id`,
			[summit, id]
		);
		expect(await callAs(db.owner, organiser, `public.refuse_member_request($1, 'Unknown')`, [request])).toBe(
			'proposed'
		);
		expect(await readValue(db.owner, `select state from public.member_requests where id = $1`, [request])).toBe('open');
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['declined']);
		expect(await readValue(db.owner, `select state from public.member_requests where id = $1`, [request])).toBe(
			'refused'
		);
	});

	test('a proposal is rejected with a reason, withdrawn without one, and lapses when the registration changes', async () => {
		const { ids, summit, members, organiser, second, people } = await makeDesk(db.owner, 4, both);
		expect(await decisionStatuses(db.owner, organiser, ids)).toEqual(['proposed', 'proposed', 'proposed', 'proposed']);
		expect(await decisionStatuses(db.owner, second, [ids[0]], 'reject')).toEqual(['reason_needed']);
		expect(await decisionStatuses(db.owner, second, [ids[0]], 'reject', 'The letter is missing')).toEqual(['rejected']);
		expect(await decisionStatuses(db.owner, organiser, [ids[1]], 'reject')).toEqual(['withdrawn']);
		await callAs(db.owner, people[2] ?? null, `public.withdraw_registration($1)`, [ids[2]]);
		await callAs(db.owner, people[3] ?? null, `public.update_my_details($1, '{"display_name":"Another Name"}')`, [
			ids[3]
		]);
		expect(await decisionStatuses(db.owner, second, ids, 'confirm')).toEqual(Array(4).fill('no_proposal'));
		const { rows } = await db.owner.query(
			`select state, answer from private.decision_proposals where summit_id = $1 order by array_position($2::uuid[], registration_id)`,
			[summit, ids]
		);
		expect(rows).toEqual([
			{ state: 'rejected', answer: 'The letter is missing' },
			{ state: 'withdrawn', answer: '' },
			{ state: 'cancelled', answer: 'state' },
			{ state: 'cancelled', answer: 'changed' }
		]);
		expect(members.length).toBe(3);
		// A proposal counts no longer when its author has lost the role.
		await decideAs(db.owner, organiser, [ids[0]]);
		await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [organiser.person]);
		expect(await decisionStatuses(db.owner, second, [ids[0]], 'confirm')).toEqual(['proposer_left']);
		expect(await stateOf(db.owner, ids[0] ?? '')).toBe('submitted');
	});

	test('twenty people who propose and confirm at once make one proposal and one decision', async () => {
		const { ids, summit, organiser, second } = await makeDesk(db.owner, 6, both);
		const clients = await connectMany(db, 20);
		const acts = Array.from({ length: 60 }, (_, n) => n);
		const answers = (
			await inParallel(clients, acts, (on, n) =>
				decideAs(on, n % 2 ? organiser : second, ids, n % 3 === 0 ? 'confirm' : 'accredit', '')
			)
		).flat();
		const count = (status: string) => answers.filter((answer) => answer.status === status).length;
		await decideAs(db.owner, organiser, ids, 'confirm');
		await decideAs(db.owner, second, ids, 'confirm');
		expect(count('proposed')).toBe(6);
		expect(await inTurn(ids, (id) => stateOf(db.owner, id))).toEqual(Array(6).fill('confirmed'));
		const alone = await readValue(
			db.owner,
			`select count(*)::int from private.decision_proposals where summit_id = $1 and (state <> 'confirmed' or proposed_by = closed_by)`,
			[summit]
		);
		expect(alone).toBe(0);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});
});

describe('one decision', () => {
	test('names the organiser who decided first to the second, and when', async () => {
		const { ids, id, organiser, second, summit } = await makeDesk(db.owner, 2);
		const [a, b] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
		const answers = await Promise.all([decideAs(a, organiser, ids), decideAs(b, second, ids, 'decline', 'Too late')]);
		const late = answers.flat().filter(({ status }) => status === 'wrong_state');
		const first = answers[0]?.every(({ status }) => status === 'confirmed') ? 'Staff registration' : 'Second organiser';
		// An accredited registration can still be declined; a declined one cannot be accredited.
		expect(late.every(({ by, own }) => by === first && own === false)).toBe(true);
		expect(
			await readValue(
				db.owner,
				`select count(*)::int from public.registration_steps where registration_id = $1 and to_state = 'declined'`,
				[id]
			)
		).toBe(1);
		expect(await decideAs(db.owner, second, [id], 'accredit')).toMatchObject([
			{ status: 'wrong_state', by: 'Second organiser', own: true, state: 'declined' }
		]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('decides the rest when one registration fails', async () => {
		const { ids, organiser, summit } = await makeDesk(db.owner, 3);
		await db.owner.query(
			`create function private.burst() returns trigger language plpgsql as $f$ begin raise sqlstate 'PT409' using message = 'burst'; end $f$`
		);
		await db.owner.query(
			`create trigger burst before update of state on public.registrations for each row when (old.id = '${ids[1]}') execute function private.burst()`
		);
		expect((await decideAs(db.owner, organiser, ids)).map(({ status }) => status)).toEqual([
			'confirmed',
			'failed',
			'confirmed'
		]);
		await db.owner.query(`drop trigger burst on public.registrations`);
		expect(await decisionStatuses(db.owner, organiser, [ids[1]])).toEqual(['confirmed']);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('freezes a selection made by filters, and decides it in parts, once, by its maker only', async () => {
		const { summit, organiser, second, ids } = await makeDesk(db.owner, 7);
		const choose = (who: TestPerson, filters: object, decision = 'accredit') =>
			callAs<{ status: string; id: string; count: number }>(
				db.owner,
				who,
				`public.create_decision_batch($1, $2, null, $3)`,
				[summit, decision, JSON.stringify(filters)]
			);
		const chosen = await choose(organiser, { tab: 'decide', mode: 'in_person' });
		expect(chosen).toMatchObject({ status: 'ok', count: 7 });
		expect(await choose(organiser, { tab: 'second' })).toEqual({ status: 'nobody' });
		const newcomer = await makePerson(db.owner, 'Newcomer');
		const late = await register(
			db.owner,
			newcomer,
			summit,
			await readValue(db.owner, `select member_id from public.registrations where id = $1`, [ids[0]])
		);
		await decideAs(db.owner, second, [ids[6]], 'decline', 'Another reason');
		type Batch = {
			count: number;
			done: number;
			rows: { id: string; expected?: string; status?: string; by?: string }[];
		};
		const read = (who: TestPerson) =>
			callAs<Batch | null>(db.owner, who, `public.read_decision_batch($1)`, [chosen.id]);
		expect((await read(organiser))?.rows.map(({ expected }) => expected)).toEqual([
			...Array(6).fill('confirmed'),
			'wrong_state'
		]);
		expect(await read(second)).toBeNull();
		const act = (on: pg.Client, who = organiser, most = 2) =>
			callAs<{ status: string; left: number }>(on, who, `public.decide_next_of_batch($1, '', $2)`, [chosen.id, most]);
		expect(await act(db.owner, second)).toEqual({ status: 'not_found' });
		// Two windows work at once until nothing is left.
		const clients = await connectMany(db, 4);
		await inParallel(
			clients,
			Array.from({ length: 10 }, (_, n) => n),
			(on) => act(on)
		);
		expect(await act(db.owner)).toEqual({ status: 'ok', done: 7, left: 0 });
		const done = await read(organiser);
		expect(done?.rows.map(({ status }) => status)).toEqual([...Array(6).fill('confirmed'), 'wrong_state']);
		expect(done?.rows[6]).toMatchObject({ by: 'Second organiser' });
		expect(await stateOf(db.owner, late.id)).toBe('submitted');
		expect(
			await readValue(
				db.owner,
				`select max(n)::int from (select count(*) as n from public.registration_steps as t join public.registrations as r on r.id = t.registration_id where r.summit_id = $1 and t.to_state = 'accredited' group by r.id) as x`,
				[summit]
			)
		).toBe(1);
		const declining = await choose(organiser, { tab: 'decide' }, 'decline');
		expect(await callAs(db.owner, organiser, `public.decide_next_of_batch($1, ' ')`, [declining.id])).toEqual({
			status: 'reason_needed'
		});
	});
});
