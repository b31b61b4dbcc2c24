/* The accreditation desk under attack: two people where two are asked for, questions, notes, changes after accreditation, many at once. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	ask,
	connectMany,
	faultsOf,
	inTurn,
	makePeople,
	makeSummit,
	register,
	share,
	stateOf,
	value,
	type SummitWish
} from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { makeSomebody, type Somebody } from '../fixtures/world.ts';

let db: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
	db = await startDatabase();
	client = await db.connect();
});
afterAll(() => db.stop());

interface Answer {
	id: string;
	status: string;
	by?: string | null;
	own?: boolean;
}

const decide = (
	who: Somebody | null,
	ids: readonly (string | undefined)[],
	decision = 'accredit',
	reason = '',
	on = client
) => ask<Answer[]>(on, who, `public.decide_registrations($1, $2, $3)`, [ids, decision, reason]);
const statuses = async (...given: Parameters<typeof decide>) =>
	(await decide(...given)).map(({ status }) => status).toSorted();
const reading = (who: Somebody | null, id: string) =>
	ask<Record<string, never>>(client, who, `public.read_registration($1)`, [id]);
const list = (
	who: Somebody,
	summit: string,
	filters: object = {},
	size = 50,
	after: string | null = null,
	on = client
) =>
	ask<{
		total: number;
		start: number;
		rows: { id: string; display_name: string; waits: string | null; question: string | null; notes: number }[];
		next: string | null;
		previous: string | null;
		facets: Record<string, Record<string, number>>;
	}>(on, who, `public.list_registrations($1, $2, $3, $4)`, [summit, JSON.stringify(filters), size, after]);

async function staff(summit: string, name: string, role = 'registration'): Promise<Somebody> {
	const somebody = await makeSomebody(client, name);
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		somebody.person,
		role,
		summit
	]);
	return somebody;
}

async function rules(summit: string, change: Record<string, unknown>): Promise<void> {
	const owner = await staff(summit, 'Owner of the rules', 'owner');
	const settings = {
		second_person_for: [],
		second_person_decisions: ['accredit', 'decline'],
		vetted: ['display_name', 'office', 'affiliation', 'country', 'member_id', 'category'],
		pauses_rights: false,
		aim_days: 7,
		...change
	};
	expect(
		await ask(client, owner, `public.save_accreditation_settings($1, $2)`, [summit, JSON.stringify(settings)])
	).toBe('ok');
}

/** Registrations that were sent, at a Summit with two organisers. */
async function desk(count: number, change: Record<string, unknown> = {}, wish: SummitWish = {}) {
	const made = await makeSummit(client, wish);
	const second = await staff(made.summit, 'Second organiser');
	if (Object.keys(change).length > 0) await rules(made.summit, change);
	const people = await makePeople(client, count);
	const ids = await inTurn(people, async (who) => (await register(client, who, made.summit, made.members[0] ?? '')).id);
	return { ...made, second, people, ids, id: ids[0] ?? '', who: people[0] as Somebody };
}

describe('four eyes', () => {
	const both = { second_person_for: ['delegate'] };

	test('the first decision is a proposal, and a second person carries it out with its reason', async () => {
		const { id, organiser, second, who } = await desk(1, both);
		expect(await decide(organiser, [id], 'accredit', 'Papers are in order')).toEqual([{ id, status: 'proposed' }]);
		expect(await stateOf(client, id)).toBe('submitted');
		expect(
			await value(
				client,
				`select count(*)::int from private.outbox where person_id = $1 and template <> 'registration_received'`,
				[who.person]
			)
		).toBe(0);
		expect(await decide(second, [id])).toMatchObject([
			{ status: 'proposal_open', by: 'Staff registration', own: false }
		]);
		expect(await decide(organiser, [id], 'confirm')).toMatchObject([{ status: 'second_person_needed', own: true }]);
		expect(await decide(second, [id], 'confirm')).toEqual([{ id, status: 'confirmed' }]);
		expect(
			await value(
				client,
				`select reason from public.registration_steps where registration_id = $1 and to_state = 'accredited'`,
				[id]
			)
		).toBe('Papers are in order');
		expect(await decide(second, [id], 'confirm')).toMatchObject([{ status: 'no_proposal', by: 'Second organiser' }]);
		expect((await reading(organiser, id)).proposals).toMatchObject([
			{ state: 'confirmed', by: 'Staff registration', closed_by: 'Second organiser', own: true }
		]);
	});

	test('one human is one, by whatever account', async () => {
		const { id, summit, organiser, second } = await desk(1, both);
		await decide(organiser, [id]);
		// The second account may act for the first, then the first for the second.
		for (const [account, person] of [
			[second.account, organiser.person],
			[organiser.account, second.person]
		]) {
			await client.query(
				`insert into public.account_people (account_id, person_id, relation, until) values ($1, $2, 'assistant', now() - interval '1 day')`,
				[account, person]
			);
			expect(await statuses(second, [id], 'confirm')).toEqual(['second_person_needed']);
			await client.query(`delete from public.account_people where relation = 'assistant' and account_id = $1`, [
				account
			]);
		}
		// Two records that are being made one.
		const twin = await staff(summit, 'Twin of the first');
		await client.query(
			`insert into public.merge_requests (keep_id, duplicate_id, reason) values ($1, $2, 'The same')`,
			[twin.person, organiser.person]
		);
		expect(await statuses(twin, [id], 'confirm')).toEqual(['second_person_needed']);
		expect(await statuses(second, [id], 'confirm')).toEqual(['confirmed']);
	});

	test('a link that is cut after the proposal makes no second person', async () => {
		const { id, organiser, second } = await desk(1, both);
		await client.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[second.account, organiser.person]
		);
		await decide(organiser, [id]);
		await client.query(`delete from public.account_people where account_id = $1 and person_id = $2`, [
			second.account,
			organiser.person
		]);
		expect(await statuses(second, [id], 'confirm')).toEqual(['second_person_needed']);
	});

	test('nobody gets around it: not by the state itself, a refused member, another role, nor the rules', async () => {
		const { id, summit, organiser, second, who } = await desk(1, both);
		await expect(client.query(`select private.move_registration($1, 'accredited')`, [id])).rejects.toThrow(
			'second person'
		);
		await expect(client.query(`select private.leave_summit($1, 'declined', 'x', 0)`, [id])).rejects.toThrow(
			'second person'
		);
		for (const other of [await staff(summit, 'Finance', 'finance'), await staff(summit, 'Lead', 'safeguarding'), who])
			expect([...(await statuses(other, [id])), ...(await statuses(other, [id], 'confirm'))]).toEqual([
				'not_allowed',
				'not_allowed'
			]);
		for (const other of [organiser, second, who])
			expect(await ask(client, other, `public.save_accreditation_settings($1, '{}')`, [summit])).toBe('not_allowed');
		const request = await value<string>(
			client,
			`insert into public.member_requests (summit_id, registration_id, name) values ($1, $2, 'Not Listed') returning id`,
			[summit, id]
		);
		expect(await ask(client, organiser, `public.refuse_member_request($1, 'Unknown')`, [request])).toBe('proposed');
		expect(await value(client, `select state from public.member_requests where id = $1`, [request])).toBe('open');
		expect(await statuses(second, [id], 'confirm')).toEqual(['declined']);
		expect(await value(client, `select state from public.member_requests where id = $1`, [request])).toBe('refused');
	});

	test('a proposal is rejected with a reason, taken back without, and gone with what it stood on', async () => {
		const { ids, summit, members, organiser, second, people } = await desk(4, both);
		expect(await statuses(organiser, ids)).toEqual(['proposed', 'proposed', 'proposed', 'proposed']);
		expect(await statuses(second, [ids[0]], 'reject')).toEqual(['reason_needed']);
		expect(await statuses(second, [ids[0]], 'reject', 'The letter is missing')).toEqual(['rejected']);
		expect(await statuses(organiser, [ids[1]], 'reject')).toEqual(['withdrawn']);
		await ask(client, people[2] ?? null, `public.withdraw_registration($1)`, [ids[2]]);
		await ask(client, people[3] ?? null, `public.change_my_details($1, '{"display_name":"Another Name"}')`, [ids[3]]);
		expect(await statuses(second, ids, 'confirm')).toEqual(Array(4).fill('no_proposal'));
		const { rows } = await client.query(
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
		// Whoever decides here no more has decided nothing.
		await decide(organiser, [ids[0]]);
		await client.query(`update public.role_grants set ended_at = now() where person_id = $1`, [organiser.person]);
		expect(await statuses(second, [ids[0]], 'confirm')).toEqual(['proposer_left']);
		expect(await stateOf(client, ids[0] ?? '')).toBe('submitted');
	});

	test('twenty who propose and confirm at once: one proposal, one decision', async () => {
		const { ids, summit, organiser, second } = await desk(6, both);
		const clients = await connectMany(db, 20);
		const acts = Array.from({ length: 60 }, (_, n) => n);
		const answers = (
			await share(clients, acts, (on, n) =>
				decide(n % 2 ? organiser : second, ids, n % 3 === 0 ? 'confirm' : 'accredit', '', on)
			)
		).flat();
		const count = (status: string) => answers.filter((answer) => answer.status === status).length;
		await decide(organiser, ids, 'confirm');
		await decide(second, ids, 'confirm');
		expect(count('proposed')).toBe(6);
		expect(await inTurn(ids, (id) => stateOf(client, id))).toEqual(Array(6).fill('confirmed'));
		const alone = await value(
			client,
			`select count(*)::int from private.decision_proposals where summit_id = $1 and (state <> 'confirmed' or proposed_by = closed_by)`,
			[summit]
		);
		expect(alone).toBe(0);
		expect(await faultsOf(client, summit)).toEqual([]);
	});
});

describe('decided once', () => {
	test('whoever comes second is told who was first, and when', async () => {
		const { ids, id, organiser, second, summit } = await desk(2);
		const [a, b] = await connectMany(db, 2);
		const answers = await Promise.all([
			decide(organiser, ids, 'accredit', '', a),
			decide(second, ids, 'decline', 'Too late', b)
		]);
		const late = answers.flat().filter(({ status }) => status === 'wrong_state');
		const first = answers[0]?.every(({ status }) => status === 'confirmed') ? 'Staff registration' : 'Second organiser';
		// Accredited first, they may still be declined after; declined first, they are not accredited.
		expect(late.every(({ by, own }) => by === first && own === false)).toBe(true);
		expect(
			await value(
				client,
				`select count(*)::int from public.registration_steps where registration_id = $1 and to_state = 'declined'`,
				[id]
			)
		).toBe(1);
		expect(await decide(second, [id], 'accredit')).toMatchObject([
			{ status: 'wrong_state', by: 'Second organiser', own: true, state: 'declined' }
		]);
		expect(await faultsOf(client, summit)).toEqual([]);
	});

	test('what fails with one leaves the others as they are', async () => {
		const { ids, organiser, summit } = await desk(3);
		await client.query(
			`create function private.burst() returns trigger language plpgsql as $f$ begin raise sqlstate 'PT409' using message = 'burst'; end $f$`
		);
		await client.query(
			`create trigger burst before update of state on public.registrations for each row when (old.id = '${ids[1]}') execute function private.burst()`
		);
		expect((await decide(organiser, ids)).map(({ status }) => status)).toEqual(['confirmed', 'failed', 'confirmed']);
		await client.query(`drop trigger burst on public.registrations`);
		expect(await statuses(organiser, [ids[1]])).toEqual(['confirmed']);
		expect(await faultsOf(client, summit)).toEqual([]);
	});

	test('a choice by filters is frozen, decided in parts, once, by its maker alone', async () => {
		const { summit, organiser, second, ids } = await desk(7);
		const choose = (who: Somebody, filters: object, decision = 'accredit') =>
			ask<{ status: string; id: string; count: number }>(client, who, `public.choose_registrations($1, $2, null, $3)`, [
				summit,
				decision,
				JSON.stringify(filters)
			]);
		const chosen = await choose(organiser, { tab: 'decide', mode: 'in_person' });
		expect(chosen).toMatchObject({ status: 'ok', count: 7 });
		expect(await choose(organiser, { tab: 'second' })).toEqual({ status: 'nobody' });
		const newcomer = await makeSomebody(client, 'Newcomer');
		const late = await register(
			client,
			newcomer,
			summit,
			await value(client, `select member_id from public.registrations where id = $1`, [ids[0]])
		);
		await decide(second, [ids[6]], 'decline', 'Another reason');
		type Batch = {
			count: number;
			done: number;
			rows: { id: string; expected?: string; status?: string; by?: string }[];
		};
		const read = (who: Somebody) => ask<Batch | null>(client, who, `public.read_batch($1)`, [chosen.id]);
		expect((await read(organiser))?.rows.map(({ expected }) => expected)).toEqual([
			...Array(6).fill('confirmed'),
			'wrong_state'
		]);
		expect(await read(second)).toBeNull();
		const act = (on: pg.Client, who = organiser, most = 2) =>
			ask<{ status: string; left: number }>(on, who, `public.decide_batch($1, '', $2)`, [chosen.id, most]);
		expect(await act(client, second)).toEqual({ status: 'not_found' });
		// Two windows at once, until nothing is left.
		const clients = await connectMany(db, 4);
		await share(
			clients,
			Array.from({ length: 10 }, (_, n) => n),
			(on) => act(on)
		);
		expect(await act(client)).toEqual({ status: 'ok', done: 7, left: 0 });
		const done = await read(organiser);
		expect(done?.rows.map(({ status }) => status)).toEqual([...Array(6).fill('confirmed'), 'wrong_state']);
		expect(done?.rows[6]).toMatchObject({ by: 'Second organiser' });
		expect(await stateOf(client, late.id)).toBe('submitted');
		expect(
			await value(
				client,
				`select max(n)::int from (select count(*) as n from public.registration_steps as t join public.registrations as r on r.id = t.registration_id where r.summit_id = $1 and t.to_state = 'accredited' group by r.id) as x`,
				[summit]
			)
		).toBe(1);
		const declining = await choose(organiser, { tab: 'decide' }, 'decline');
		expect(await ask(client, organiser, `public.decide_batch($1, ' ')`, [declining.id])).toEqual({
			status: 'reason_needed'
		});
	});
});

describe('the list', () => {
	test('counts of each filter are those that one would find', async () => {
		const { summit, members, organiser, ids, people } = await desk(3, {}, { hall: 2 });
		const [a, b] = await makePeople(client, 2);
		await register(client, a as Somebody, summit, members[1] ?? '', 'virtual');
		await register(client, b as Somebody, summit, members[1] ?? '', 'virtual');
		await decide(organiser, [ids[0]]);
		await ask(client, organiser, `public.ask_information($1, 'Which delegation?', now() + interval '3 days')`, [
			ids[1]
		]);
		await ask(client, organiser, `public.add_note($1, 'Called on Monday')`, [ids[1]]);
		for (const filters of [
			{},
			{ mode: 'virtual' },
			{ tab: 'decide' },
			{ tab: 'decide', mode: 'in_person' },
			{ waits: 'person', query: 'delegate' }
		] as Record<string, string>[]) {
			const found = await list(organiser, summit, filters);
			for (const [facet, counts] of Object.entries(found.facets)) {
				const name = facet === 'state' ? 'states' : facet;
				for (const [chosen, count] of Object.entries(counts)) {
					const asked = { ...filters, [name]: facet === 'state' ? [chosen] : chosen };
					expect([facet, chosen, (await list(organiser, summit, asked)).total]).toEqual([facet, chosen, count]);
				}
			}
		}
		expect((await list(organiser, summit, { flag: 'notes' })).rows).toMatchObject([
			{ id: ids[1], notes: 1, question: 'open', waits: 'person' }
		]);
		await client.query(`update public.people set display_name = 'Zoë Quinn-Example' where id = $1`, [
			people[2]?.person
		]);
		expect((await list(organiser, summit, { query: 'quinn ZOE' })).rows.map(({ id }) => id)).toEqual([ids[2]]);
		expect((await list(organiser, summit, { query: '%' })).total).toBe(0);
		expect((await list(organiser, summit, { member: randomUUID() })).total).toBe(0);
		for (const other of [people[0] as Somebody, await staff(summit, 'Finance', 'finance')]) {
			expect(await list(other, summit)).toBeNull();
			expect(await ask(client, other, `public.export_registrations($1)`, [summit])).toBeNull();
		}
	});

	test('who still owes an answer of the second form is found by that', async () => {
		const { summit, organiser, ids } = await desk(2);
		await client.query(
			`insert into public.detail_fields (summit_id, key, label, purpose, kind, is_required)
			values ($1, 'diet', '{"original":"en","en":"Diet"}', '{"original":"en","en":"Catering"}', 'text', true)`,
			[summit]
		);
		expect((await list(organiser, summit, { flag: 'details' })).total).toBe(0);
		await decide(organiser, [ids[0]]);
		expect((await list(organiser, summit, { flag: 'details' })).rows.map(({ id }) => id)).toEqual([ids[0]]);
		await client.query(
			`insert into private.detail_answers (registration_id, field_id, answer_sealed, key_id) select $1, id, '\\x00', 'test' from public.detail_fields where summit_id = $2`,
			[ids[0], summit]
		);
		expect((await list(organiser, summit, { flag: 'details' })).total).toBe(0);
	});

	test('pages stand still while others come and go', async () => {
		const { summit, organiser, ids, members, people } = await desk(9);
		for (const filters of [{}, { desc: true }, { sort: 'name' }, { sort: 'time', desc: true }]) {
			const seen: string[] = [];
			let after: string | null = null;
			do {
				const page: Awaited<ReturnType<typeof list>> = await list(organiser, summit, filters, 4, after);
				expect(page.start).toBe(seen.length);
				seen.push(...page.rows.map(({ id }) => id));
				after = page.next;
			} while (after);
			expect(seen.toSorted()).toEqual(ids.toSorted());
		}
		const first = await list(organiser, summit, { tab: 'decide' }, 4);
		await decide(organiser, ids.slice(0, 2));
		const second = await list(organiser, summit, { tab: 'decide' }, 4, first.next);
		expect(second.rows.map(({ id }) => id)).toEqual(ids.slice(4, 8));
		const third = await list(organiser, summit, { tab: 'decide' }, 4, second.next);
		expect(third.rows.map(({ id }) => id)).toEqual(ids.slice(8));
		expect((await list(organiser, summit, { tab: 'decide' }, 4, third.previous)).rows.map(({ id }) => id)).toEqual(
			ids.slice(4, 8)
		);
		expect([members.length, people.length]).toEqual([3, 9]);
	});

	test('a file holds what is shown, and leaves who, how many and which filters', async () => {
		const { summit, organiser, id } = await desk(2);
		await ask(client, organiser, `public.add_note($1, 'Canary note of the desk')`, [id]);
		const rows = await ask<object[]>(
			client,
			organiser,
			`public.export_registrations($1, '{"tab":"decide","query":"Delegate"}')`,
			[summit]
		);
		expect(rows.length).toBe(2);
		expect(JSON.stringify(rows)).not.toContain('Canary');
		const entry = await value<object>(
			client,
			`select jsonb_build_object('by', actor_person, 'values', new_values) from audit.entries where table_name = 'registrations.exported' and summit_id = $1`,
			[summit]
		);
		expect(entry).toEqual({ by: organiser.person, values: { rows: 2, filters: { tab: 'decide', query: true } } });
	});
});

describe('notes', () => {
	test('are for whoever accredits, for safeguarding when marked, and never for the person', async () => {
		const { id, summit, organiser, who, people, second } = await desk(2);
		const lead = await staff(summit, 'Lead', 'safeguarding');
		const finance = await staff(summit, 'Finance', 'finance');
		const add = (by: Somebody, note: string, marked = false) =>
			ask(client, by, `public.add_note($1, $2, $3)`, [id, note, marked]);
		expect([await add(organiser, 'Canary first note'), await add(second, 'Canary for the lead', true)]).toEqual([
			'ok',
			'ok'
		]);
		for (const other of [who, lead, finance]) expect(await add(other, 'Mine')).toBe('not_allowed');
		expect([await add(organiser, ' '), await add(organiser, 'x'.repeat(4001))]).toEqual(['invalid', 'invalid']);
		expect((await reading(organiser, id)).notes).toMatchObject([
			{ note: 'Canary for the lead', author: 'Second organiser', for_safeguarding: true },
			{ note: 'Canary first note', author: 'Staff registration' }
		]);
		const marked = await ask<{ notes: object[] }[]>(client, lead, `public.list_safeguarding_notes($1)`, [summit]);
		expect(marked.map(({ notes }) => notes)).toMatchObject([[{ note: 'Canary for the lead' }]]);
		for (const other of [organiser, who, finance])
			expect(await ask(client, other, `public.list_safeguarding_notes($1)`, [summit])).toBeNull();
		// An organiser who is registered reads no note about themselves.
		await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
			who.person,
			summit
		]);
		expect((await reading(who, id)).notes).toEqual([]);
		expect((await list(who, summit, { flag: 'notes' })).total).toBe(0);
		expect(await add(who, 'About myself')).toBe('not_allowed');
		// Nothing of it stands in clear anywhere, and the person's key erases it.
		const plain = await value<string>(
			client,
			`select (select string_agg(n::text, '') from private.registration_notes as n) || (select string_agg(e::text, '') from audit.entries as e) || (select coalesce(string_agg(o::text, ''), '') from private.outbox as o)`
		);
		expect(plain).not.toContain('Canary first');
		await expect(client.query(`update private.registration_notes set for_safeguarding = true`)).rejects.toThrow(
			'never changed'
		);
		await client.query(`update private.person_keys set key = '' where person_id = $1`, [who.person]);
		expect((await reading(organiser, id)).notes).toMatchObject([{ note: null }, { note: null }]);
		expect(await add(organiser, 'After erasure')).toBe('not_allowed');
		expect(people.length).toBe(2);
	});

	test('follow a person to a new name', async () => {
		const { id, organiser, who } = await desk(1);
		await ask(client, organiser, `public.add_note($1, 'Before the alias')`, [id]);
		await client.query(`select private.renew_person($1)`, [who.person]);
		expect((await reading(organiser, id)).notes).toMatchObject([{ note: 'Before the alias' }]);
	});
});

describe('questions', () => {
	const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
	const put = (by: Somebody, id: string, days = 5, question = 'Which delegation are you with?') =>
		ask<{ status: string; id: string }>(client, by, `public.ask_information($1, $2, $3)`, [id, question, until(days)]);
	const reply = (by: Somebody | null, request: string, answer = 'The one of Example Harbour') =>
		ask<string>(client, by, `public.answer_information($1, $2)`, [request, answer]);

	test('go to the person alone, come back answered, in several rounds', async () => {
		const { id, summit, organiser, second, who, people } = await desk(2);
		expect((await put(who, id)).status).toBe('not_allowed');
		expect((await put(await staff(summit, 'Finance', 'finance'), id)).status).toBe('not_allowed');
		expect([
			(await put(organiser, id, 90)).status,
			(await put(organiser, id, -1)).status,
			(await put(organiser, id, 5, '?')).status
		]).toEqual(['invalid', 'invalid', 'invalid']);
		const asked = await put(organiser, id);
		expect((await put(second, id)).status).toBe('already');
		expect(await stateOf(client, id)).toBe('submitted');
		expect((await list(organiser, summit, { tab: 'waiting' })).rows).toMatchObject([{ id, question: 'open' }]);
		expect((await list(organiser, summit, { tab: 'decide' })).total).toBe(1);
		const mine = (by: Somebody) => ask<{ questions: object[] } | null>(client, by, `public.my_desk($1)`, [summit]);
		expect((await mine(who))?.questions).toMatchObject([{ question: 'Which delegation are you with?', state: 'open' }]);
		expect(JSON.stringify(await mine(who))).not.toContain('Staff');
		expect((await mine(people[1] as Somebody))?.questions).toEqual([]);
		for (const other of [people[1] as Somebody, organiser]) expect(await reply(other, asked.id)).toBe('not_found');
		expect([await reply(who, asked.id, ' '), await reply(who, asked.id), await reply(who, asked.id)]).toEqual([
			'invalid',
			'ok',
			'wrong_state'
		]);
		expect((await list(organiser, summit, { flag: 'answered', tab: 'decide' })).rows).toMatchObject([
			{ id, question: 'answered' }
		]);
		expect((await reading(organiser, id)).information).toMatchObject([
			{ answer: 'The one of Example Harbour', is_read: false, asked_by: 'Staff registration' }
		]);
		expect((await put(second, id, 2, 'And who sends you?')).status).toBe('ok');
		expect((await reading(organiser, id)).information).toMatchObject([
			{ state: 'open' },
			{ state: 'answered', is_read: true }
		]);
		await decide(organiser, [id]);
		expect((await reading(organiser, id)).information).toMatchObject([{ state: 'closed' }, { state: 'answered' }]);
		expect((await mine(who))?.questions).toMatchObject([{ state: 'answered' }]);
	});

	test('two answers at once are one', async () => {
		const { id, organiser, who } = await desk(1);
		const asked = await put(organiser, id);
		const clients = await connectMany(db, 10);
		const answers = await Promise.all(
			clients.map((on, n) => ask<string>(on, who, `public.answer_information($1, $2)`, [asked.id, `Answer ${n}`]))
		);
		expect(answers.filter((answer) => answer === 'ok').length).toBe(1);
	});

	test('a seat that is held lasts until two days after the deadline, and two days after the answer; then it lapses as it would', async () => {
		const { ids, summit, organiser, people } = await desk(2, {}, { hall: 2 });
		await client.query(`update public.seats set held_until = now() + interval '1 hour' where summit_id = $1`, [summit]);
		const asked = await put(organiser, ids[0] ?? '', 5);
		const days = () =>
			value<number>(
				client,
				`select round(extract(epoch from held_until - now()) / 86400)::int from public.seats where registration_id = $1 and state = 'held'`,
				[ids[0]]
			);
		expect(await days()).toBe(7);
		await client.query(`select private.sweep(now() + interval '3 days')`);
		expect(await days()).toBe(7);
		expect(await reply(people[0] as Somebody, asked.id)).toBe('ok');
		expect(await days()).toBe(7);
		await client.query(`select private.sweep(now() + interval '8 days')`);
		// Nobody else waits: it is theirs again, for the usual time.
		expect(await stateOf(client, ids[0] ?? '')).toBe('submitted');
		expect(await faultsOf(client, summit)).toEqual([]);
	});

	test('reminders come at half of the time and a day before, once each, in nobody else’s name', async () => {
		const { id, organiser, who } = await desk(1);
		await put(organiser, id, 8);
		const sent = () =>
			value<number>(
				client,
				`select count(*)::int from private.outbox where person_id = $1 and template = 'information_reminder'`,
				[who.person]
			);
		const after = async (days: number) => {
			await client.query(`select private.sweep(now() + $1 * interval '1 day')`, [days]);
			return sent();
		};
		expect([
			await after(1),
			await after(4.1),
			await after(4.2),
			await after(7.5),
			await after(7.6),
			await after(9)
		]).toEqual([0, 1, 1, 2, 2, 2]);
	});
});

describe('changes after accreditation', () => {
	const change = (who: Somebody, id: string, fields: object) =>
		ask<{ status: string; review?: boolean }>(client, who, `public.change_my_details($1, $2)`, [
			id,
			JSON.stringify(fields)
		]);

	test('mark what was and what is, until an organiser has looked; organisers’ own corrections do not', async () => {
		const { id, summit, organiser, who, people } = await desk(2);
		expect(await change(who, id, { display_name: 'Delegate One' })).toEqual({ status: 'ok', review: false });
		await decide(organiser, [id]);
		expect(
			await ask(client, organiser, `public.correct_name($1, '{"display_name":"Delegate Uno"}', 'Misspelt')`, [id])
		).toBe('ok');
		expect((await reading(organiser, id)).revetting).toBeNull();
		expect(await change(people[1] as Somebody, id, { display_name: 'Stolen' })).toEqual({ status: 'not_found' });
		expect(await change(who, id, { display_name: '' })).toMatchObject({ status: 'invalid' });
		expect(await change(who, id, { display_name: 'Delegate Due', office: 'Head' })).toEqual({
			status: 'ok',
			review: true
		});
		await change(who, id, { display_name: 'Delegate Tre', office: 'Head' });
		expect((await reading(organiser, id)).revetting).toMatchObject({
			fields: ['display_name', 'office'],
			old: { display_name: 'Delegate Uno', office: '' },
			new: { display_name: 'Delegate Tre', office: 'Head' },
			is_paused: false
		});
		expect((await list(organiser, summit, { tab: 'revet' })).rows).toMatchObject([{ id, waits: 'organiser' }]);
		// Back to what was looked at: nothing to look at.
		await change(who, id, { display_name: 'Delegate Uno', office: '' });
		expect((await reading(organiser, id)).revetting).toBeNull();
		await change(who, id, { display_name: 'Delegate Due', office: '' });
		expect(await statuses(organiser, [id], 'revet')).toEqual(['revetted']);
		expect(await statuses(organiser, [id], 'revet')).toEqual(['wrong_state']);
		expect((await reading(organiser, id)).revetting).toBeNull();
	});

	test('door and stage wait where the Summit says so, the seat does not', async () => {
		const { id, summit, organiser, who } = await desk(1, { pauses_rights: true });
		await decide(organiser, [id]);
		await client.query(
			`update public.summits set starts_on = (now() at time zone zone)::date, ends_on = (now() at time zone zone)::date + 1 where id = $1`,
			[summit]
		);
		const badge = await value<string>(client, `select id from public.badges where registration_id = $1`, [id]);
		const door = async () =>
			(await ask<{ answer: string }>(client, organiser, `public.check_badge($1, $2)`, [summit, badge])).answer;
		await change(who, id, { display_name: 'Somebody Else' });
		expect(await door()).toBe('in_review');
		expect(await value(client, `select state from public.seats where registration_id = $1`, [id])).toBe('taken');
		await decide(organiser, [id], 'revet');
		expect(await door()).toBe('welcome');
	});

	test('two people confirm it where two accredit', async () => {
		const { id, organiser, second, who } = await desk(1, { second_person_for: ['delegate'] });
		await decide(organiser, [id]);
		await decide(second, [id], 'confirm');
		await change(who, id, { display_name: 'Somebody Else' });
		expect(await statuses(organiser, [id], 'revet')).toEqual(['proposed']);
		// What changes again is looked at again.
		await change(who, id, { display_name: 'Somebody Other' });
		expect(await statuses(second, [id], 'confirm')).toEqual(['no_proposal']);
		await decide(second, [id], 'revet');
		expect(await statuses(organiser, [id], 'confirm')).toEqual(['revetted']);
	});

	test('a name that was sealed is read by nobody', async () => {
		const { id, organiser, who } = await desk(1);
		await change(who, id, { display_name: 'Canary Real Name' });
		await decide(organiser, [id]);
		await change(who, id, { display_name: 'Canary Real Name', office: 'Canary office' });
		const on = {
			protection: 'alias',
			alias: { display_name: 'Noor Haddad' },
			real_name_sealed: '00'.repeat(40),
			key_id: 'test'
		};
		expect(
			(await ask<{ status: string }>(client, who, `public.save_registration($1, 4, $2)`, [id, JSON.stringify(on)]))
				.status
		).toBe('ok');
		const seen = await reading(organiser, id);
		expect(seen.revetting).toMatchObject({ fields: ['display_name', 'office'] });
		expect(JSON.stringify(seen)).not.toContain('Canary');
		expect(
			await value(
				client,
				`select count(*)::int from private.revettings where registration_id = $1 and sealed is not null`,
				[id]
			)
		).toBe(0);
		expect(await change(who, id, { display_name: 'Canary Real Name' })).toEqual({ status: 'protected' });
		expect(await statuses(organiser, [id], 'revet')).toEqual(['revetted']);
	});
});
