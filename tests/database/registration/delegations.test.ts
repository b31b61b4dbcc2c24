import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import { callAs, faultsOf, inTurn, makeDrafts, makePeople, register, readValue } from '../../fixtures/registering.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';
import { useDelegation, type Shown } from '../../fixtures/delegating.ts';

const db = useDatabase();
const delegation = useDelegation(db);
const { makeFocal, makeAssistant, invite, shown, protect } = delegation;

describe('people who registered themselves', () => {
	it('are nominated together, or reported as unknown, which only organisers see', async () => {
		const people = await makePeople(db.owner, 3);
		const made = await inTurn(people, (who) => register(db.owner, who, delegation.made.summit, delegation.ministry));
		const ids = made.map(({ id }) => id);
		const [first = '', second = '', third = ''] = ids;
		const refuse = (id: string, reason: string) =>
			callAs(db.owner, delegation.focal, 'public.refuse_nomination($1, $2)', [id, reason]);
		expect(await refuse(first, '  ')).toBe('reason_needed');
		expect(await refuse(first, 'Left us in spring')).toBe('ok');
		expect(
			(await shown(delegation.focal)).people
				.filter(({ not_ours }) => not_ours)
				.map(({ registration_id }) => registration_id)
		).toEqual([first]);
		const read = (who: TestPerson) => actAs(db.owner, who, 'select reason from public.nomination_refusals');
		expect(await read(delegation.made.organiser)).toEqual([{ reason: 'Left us in spring' }]);
		for (const who of [delegation.focal, people[0] as TestPerson, delegation.made.finance])
			expect(await read(who)).toEqual([]);
		expect(
			JSON.stringify(
				await callAs(db.owner, people[0] as TestPerson, 'public.my_registration($1)', [delegation.made.summit])
			)
		).not.toContain('Left us');
		expect(await callAs(db.owner, delegation.focal, 'public.nominate_registrations($1)', [[second, third]])).toEqual(
			[second, third].sort().map((id) => ({ id, status: 'nominated' }))
		);
		expect(await refuse(second, 'Too late')).toBe('wrong_state');
		// A changed decision.
		expect(await callAs(db.owner, delegation.focal, 'public.nominate_registrations($1)', [[first]])).toEqual([
			{ id: first, status: 'nominated' }
		]);
		expect(await read(delegation.made.organiser)).toEqual([]);
		const other = await makeFocal(delegation.made.members[0] ?? '');
		expect(await callAs(db.owner, other, 'public.refuse_nomination($1, $2)', [third, 'x'])).toBe('not_found');
	});
});

describe('an assistant', () => {
	it('acts for the focal point: the audit names both', async () => {
		const assistant = await makeAssistant(delegation.focal);
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		const { id } = await register(db.owner, colleague, delegation.made.summit, delegation.ministry);
		expect((await shown(assistant)).acting_for).toBe(delegation.focal.name);
		expect((await shown(delegation.focal)).acting_for).toBeNull();
		const { id: invitation } = await invite(assistant, 'a@example.org');
		await callAs(db.owner, assistant, 'public.nominate_registrations($1)', [[id]]);
		const { rows } = await db.owner.query(
			`select distinct table_name, actor_person, principal_person from audit.entries
			where row_id in ($1, $2) and actor_person = $3 order by 1`,
			[invitation, id, assistant.person]
		);
		expect(rows).toEqual(
			['private.invitations', 'public.registrations'].map((table_name) => ({
				table_name,
				actor_person: assistant.person,
				principal_person: delegation.focal.person
			}))
		);
		const step = await db.owner.query(
			`select actor_id, principal_id from public.registration_steps where registration_id = $1 and to_state = 'nominated'`,
			[id]
		);
		expect(step.rows).toEqual([{ actor_id: assistant.person, principal_id: delegation.focal.person }]);
		await db.owner.query(
			`update public.account_people set until = now() where account_id = $1 and relation = 'assistant'`,
			[assistant.account]
		);
		expect(await callAs(db.owner, assistant, 'public.read_delegation($1)', [delegation.made.summit])).toEqual([]);
	});

	it('keeps both names on the nomination of an invited person', async () => {
		const assistant = await makeAssistant(delegation.focal);
		const { token, letter } = makeLetter('a@example.org');
		await callAs(db.owner, assistant, `public.invite_delegate($1, $2, 'in_person', $3)`, [
			delegation.made.summit,
			delegation.ministry,
			letter
		]);
		const who = await makePerson(db.owner, 'Invited');
		await proveAddress(db.owner, who, 'a@example.org');
		const { registration } = await callAs<{ registration: string }>(db.owner, who, 'public.accept_invitation($1)', [
			token
		]);
		await db.owner.query('update public.registrations set code_of_conduct_at = now() where id = $1', [registration]);
		expect(await callAs(db.owner, who, 'public.my_nomination($1)', [delegation.made.summit])).toMatchObject({
			is_valid: true
		});
		await callAs(db.owner, who, 'private.submit_registration($1)', [registration]);
		const { rows } = await db.owner.query(
			`select to_state, actor_id, principal_id from public.registration_steps where registration_id = $1 and to_state <> 'draft' order by id`,
			[registration]
		);
		expect(rows).toEqual([
			{ to_state: 'submitted', actor_id: who.person, principal_id: null },
			{ to_state: 'nominated', actor_id: assistant.person, principal_id: delegation.focal.person }
		]);
		expect(await readValue(db.owner, 'select state from public.registrations where id = $1', [registration])).toBe(
			'nominated'
		);
	});
});

describe('the order of a delegation', () => {
	it('has one head in first place, and moves the others one place at a time', async () => {
		const people = await makePeople(db.owner, 3);
		const ids = await inTurn(
			people,
			async (who) => (await register(db.owner, who, delegation.made.summit, delegation.ministry)).id
		);
		const order = async () =>
			(await shown(delegation.focal)).people.map(
				({ display_name, is_head }) => `${String(display_name)}${is_head ? ' *' : ''}`
			);
		const place = (n: number, to: string) =>
			callAs(db.owner, delegation.focal, 'public.move_delegate($1, $2)', [ids[n], to]);
		expect(await order()).toEqual(['Delegate 1', 'Delegate 2', 'Delegate 3']);
		expect(await place(0, 'up')).toBe('already');
		expect(await place(2, 'up')).toBe('ok');
		expect(await order()).toEqual(['Delegate 1', 'Delegate 3', 'Delegate 2']);
		expect(await place(1, 'head')).toBe('ok');
		expect(await order()).toEqual(['Delegate 2 *', 'Delegate 1', 'Delegate 3']);
		expect(await place(0, 'up')).toBe('already');
		expect(await place(1, 'down')).toBe('already');
		expect(await place(2, 'head')).toBe('ok');
		expect(await order()).toEqual(['Delegate 3 *', 'Delegate 2', 'Delegate 1']);
		expect(await place(2, 'no_head')).toBe('ok');
		expect(await place(0, 'up')).toBe('ok');
		expect(await order()).toEqual(['Delegate 3', 'Delegate 1', 'Delegate 2']);
		await callAs(db.owner, people[0] as TestPerson, 'public.withdraw_registration($1)', [ids[0]]);
		expect(await place(0, 'head')).toBe('not_found');
		expect(await order()).toEqual(['Delegate 3', 'Delegate 2', 'Delegate 1']);
		const other = await makeFocal(delegation.made.members[0] ?? '');
		expect(await callAs(db.owner, other, 'public.move_delegate($1, $2)', [ids[1], 'head'])).toBe('not_found');
	});
});

describe('data hidden from a focal point', () => {
	let lite: TestLite;
	beforeAll(async () => {
		lite = await startLite(db);
	});
	afterAll(() => lite.stop());

	it('is unreachable by any table or function', async () => {
		// First the test creates all of it.
		const people = (await makePeople(db.owner, 3)) as [TestPerson, TestPerson, TestPerson];
		const [open, hidden, declined] = people;
		const ids = await inTurn(
			people,
			async (who) => (await register(db.owner, who, delegation.made.summit, delegation.ministry)).id
		);
		await db.owner.query(
			`insert into public.registration_needs (registration_id, person_id, access_needs, note)
			select id, person_id, 'CANARY needs', 'CANARY note' from public.registrations where id = any ($1)`,
			[ids]
		);
		await db.owner.query(`update public.registrations set is_minor = false, languages = '{fr}' where id = any ($1)`, [
			ids
		]);
		await db.owner.query(
			`update public.people set biography = '{"original":"en","en":"CANARY life"}', affiliation = 'CANARY affiliation', country = 'KI' where id = any ($1)`,
			[people.map(({ person }) => person)]
		);
		await db.owner.query(`update public.people set display_name = 'CANARY alias' where id = $1`, [hidden.person]);
		await protect(hidden.person);
		await proveAddress(db.owner, open, 'canary@example.org');
		await callAs(
			db.owner,
			delegation.made.organiser,
			`public.decide_registrations($1, 'decline', 'CANARY safeguarding reason')`,
			[[ids[2]]]
		);
		const { client: reader, userId: account } = await lite.signIn('focal@example.org');
		await db.owner.query(`delete from public.account_people where account_id = $1`, [account]);
		await db.owner.query(`update public.account_people set account_id = $1 where person_id = $2`, [
			account,
			(await makeFocal(delegation.ministry)).person
		]);
		const seen = await reader.rpc('read_delegation', { summit: delegation.made.summit });
		expect(seen.error).toBeNull();
		const names = (seen.data as Shown[])
			.flatMap((one) => one.people)
			.map(({ display_name, state }) => [display_name, state]);
		expect(names).toEqual([
			[open.name, 'submitted'],
			[declined.name, 'declined']
		]);
		const tables = await db.owner.query<{ name: string; columns: string }>(
			`select c.relname as name, string_agg(a.attname, ',') as columns from pg_catalog.pg_class as c
			join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
			where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') group by c.oid`
		);
		expect(tables.rows.length).toBeGreaterThan(20);
		const answers = await Promise.all(
			tables.rows.map(async ({ name, columns }) => ({ name, ...(await reader.from(name).select(columns)) }))
		);
		expect(answers.filter(({ error }) => error).map(({ name, error }) => `${name}: ${error?.code}`)).toEqual([]);
		const whole = JSON.stringify([seen.data, answers.map(({ data }) => data)]);
		expect(whole).not.toContain('CANARY');
		expect(whole).not.toContain(hidden.person);
		for (const table of [
			'registrations',
			'registration_needs',
			'registration_steps',
			'seats',
			'queue_entries',
			'consents',
			'badges'
		]) {
			expect(answers.find(({ name }) => name === table)?.data).toEqual([]);
		}
		for (const id of ids) {
			for (const [name, argument] of [
				['read_registration', 'registration'],
				['my_registration', 'summit']
			] as const) {
				expect(
					(await reader.rpc(name, { [argument]: argument === 'summit' ? delegation.made.summit : id })).data
				).toBeNull();
			}
		}
		expect(await callAs(db.owner, delegation.focal, 'public.nominate_registrations($1)', [[ids[1]]])).toEqual([
			{ id: ids[1], status: 'not_allowed' }
		]);
		expect(await callAs(db.owner, delegation.focal, 'public.refuse_nomination($1, $2)', [ids[1], 'x'])).toBe(
			'not_found'
		);
		expect(await callAs(db.owner, delegation.focal, 'public.move_delegate($1, $2)', [ids[1], 'head'])).toBe(
			'not_found'
		);
		expect(await faultsOf(db.owner, delegation.made.summit)).toEqual([]);
	});
});

it('drafts are hidden from the focal point', async () => {
	const people = await makePeople(db.owner, 1);
	await makeDrafts(db.owner, delegation.made.summit, people, () => delegation.ministry);
	expect((await shown(delegation.focal)).people).toEqual([]);
});
