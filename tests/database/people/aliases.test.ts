/* A person with an alias is a different person to everybody else, keeps their own data, and is the only one who can take it. */
import { describe, expect, test } from 'vitest';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { useAliasWorld, realName, aliasName, on, off } from '../../fixtures/taking-aliases.ts';

const db = useDatabase();
const alias = useAliasWorld(db);
const { save, personOf } = alias;

test('the person keeps their own data: account, marks, links, place on the stage, audit and its key', async () => {
	const { speaker } = alias.world.people;
	expect((await save(on)).status).toBe('ok');
	const person = await personOf(speaker);
	expect(person).not.toBe(speaker.person);
	const counts = (
		await db.owner.query(
			`select (select count(*) from public.agenda_marks where person_id = $1)::integer as marks,
				(select count(*) from private.personal_links where person_id = $1)::integer as links,
				(select count(*) from private.run_participants where person_id = $1 and is_on_stage)::integer as on_stage,
				(select count(distinct release_id) from public.release_people where person_id = $1)::integer as releases,
				(select person_id from private.former_ids where former_id = $2) as now`,
			[person, speaker.person]
		)
	).rows[0];
	expect(counts).toEqual({ marks: 1, links: 1, on_stage: 1, releases: 2, now: person });
	// One key opens values sealed under either id; the removed name is in no clear-text value.
	const opened = await db.owner.query<{ value: string }>(
		`select private.open_sealed($1, e.personal)::text as value from audit.entries as e where e.person_id in ($1, $2) and e.personal is not null and e.table_name = 'public.people'`,
		[person, speaker.person]
	);
	expect(opened.rows.map((row) => row.value).join()).toContain(realName);
	expect(
		await readValue(db.owner, `select count(*)::integer from private.person_keys where person_id = $1`, [
			speaker.person
		])
	).toBe(0);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from audit.entries as e where to_jsonb(e)::text like '%' || $1 || '%'`,
			[realName]
		)
	).toBe(0);
});

test('the same alias again changes nothing; another alias is another person', async () => {
	const { speaker } = alias.world.people;
	expect((await save(on)).status).toBe('ok');
	const first = await personOf(speaker);
	expect((await save({ ...on, access_needs: 'Step-free way in' })).status).toBe('ok');
	expect(await personOf(speaker)).toBe(first);
	expect((await save({ ...on, alias: { ...on.alias, display_name: 'Ana Luz' } })).status).toBe('ok');
	expect(await personOf(speaker)).not.toBe(first);
});

describe('an assistant', () => {
	test.each(['registration', 'all'])('with scope %s fills in the form and cannot change protection', async (scope) => {
		const assistant = await makePerson(db.owner, 'Assistant');
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', $3)`,
			[assistant.account, alias.world.people.speaker.person, scope]
		);
		const shown = async () =>
			readValue(db.owner, `select display_name from public.people where id = $1`, [
				await personOf(alias.world.people.speaker)
			]);
		const kinds = () => readValue(db.owner, `select count(*)::integer from private.protections where kind = 'alias'`);
		const before = await kinds();
		for (const fields of [on, { protection: 'talk_first' }, { no_photographs: false }, { alias: on.alias }]) {
			expect(await save(fields, assistant)).toMatchObject({ status: 'invalid', faults: ['protection'] });
		}
		expect([await shown(), await kinds()]).toEqual([realName, before]);
		expect((await save({ access_needs: 'A quiet room', note: '' }, assistant)).status).toBe('ok');
		expect((await save(on)).status).toBe('ok');
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', $3) on conflict do nothing`,
			[assistant.account, await personOf(alias.world.people.speaker), scope]
		);
		for (const fields of [
			{ ...on, alias: { ...on.alias, display_name: 'Other Name' } },
			off,
			{ protection: 'talk_first' }
		]) {
			expect(await save(fields, assistant)).toMatchObject({ status: 'invalid', faults: ['protection'] });
		}
		expect(await shown()).toBe(aliasName);
	});
});

test('taking an alias while others decide, publish and read: each waits for the other, and none is lost', async () => {
	const clients = await connectMany(db, 4);
	const { registration: registrar, programme } = alias.world.people;
	const acts: [TestPerson, string, unknown[]][] = [];
	for (let n = 0; n < 6; n++) {
		const form = JSON.stringify({ ...on, alias: { ...on.alias, display_name: `Name ${n}` } });
		acts.push([alias.world.people.speaker, `private.save_registration($1, 4, $2)`, [alias.registration, form]]);
		acts.push([
			registrar,
			`public.decide_registrations($1, 'accredit', '')`,
			[[alias.registration, alias.world.registrations.waiting]]
		]);
		acts.push([programme, `public.publish_release($1)`, [alias.world.summit]]);
		acts.push([programme, `public.read_agenda($1)`, [alias.world.summit]]);
	}
	const answers = await inParallel(clients, acts, (one, [who, sql, values]) =>
		callAs<{ status?: string }>(one, who, sql, values)
	);
	expect(answers.filter((_, n) => n % 4 === 0).map((answer) => answer.status)).toEqual(Array(6).fill('ok'));
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from public.release_people as rp where not exists (select from public.people as p where p.id = rp.person_id)`
		)
	).toBe(0);
});

test('an organisation missing from the list is in no clear-text value of the audit', async () => {
	await db.owner.query(
		`insert into public.member_requests (summit_id, registration_id, name, sector, country) values ($1, $2, 'Canary Shelter', 'civil_society', 'UY')`,
		[alias.world.summit, alias.world.registrations.waiting]
	);
	await db.owner.query(`delete from public.member_requests where registration_id = $1`, [
		alias.world.registrations.waiting
	]);
	const { rows } = await db.owner.query<{ action: string; clear: boolean; opened: string | null }>(
		`select e.action, e::text like '%Canary%' as clear, private.open_sealed(e.person_id, e.personal)::text as opened
		from audit.entries as e where e.table_name = 'public.member_requests' and e.person_id = $1 order by e.id`,
		[alias.world.people.waiting.person]
	);
	expect(rows.map(({ action, clear }) => [action, clear])).toEqual([
		['insert', false],
		['delete', false]
	]);
	expect(JSON.parse(rows[0]?.opened ?? '{}')).toMatchObject({ new: { name: 'Canary Shelter' } });
});
