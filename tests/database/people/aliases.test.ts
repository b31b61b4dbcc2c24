/*
 * A person with an alias is a different person to everybody else. Nothing that others could record before or while an
 * alias was worn finds the person afterwards: no id, no badge code. Only the person can take an alias.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import {
	actAs,
	setCaller,
	personKinds,
	makePerson,
	makeWorld,
	type PersonKind,
	type TestPerson,
	type World
} from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let registration: string;

const realName = 'Zoraida Canary';
const aliasName = 'Marta Ilves';
const on = {
	protection: 'alias',
	alias: { display_name: aliasName, office: 'Adviser', affiliation: 'Independent' },
	real_name_sealed: 'ab'.repeat(40),
	key_id: 'k1'
};
const off = { protection: 'none', display_name: realName };

// The speaker is everywhere others may meet them: sessions, a stage, an audience, a member's focal points, two
// releases.
beforeEach(async () => {
	world = await makeWorld(db.owner);
	const { speaker, programme } = world.people;
	registration = world.registrations.speaker;
	const placed: [string, unknown[]][] = [
		[`update public.people set display_name = $2 where id = $1`, [speaker.person, realName]],
		[
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
			[world.sessions.members.id, world.summit, speaker.person]
		],
		[
			`insert into public.session_people (session_id, summit_id, person_id, role, state) select id, summit_id, $2, 'moderator', 'confirmed' from public.sessions where summit_id = $1 and level <> 'closed'`,
			[world.summit, world.people.listed.person]
		],
		[
			`insert into public.session_audiences (session_id, summit_id, person_id) values ($1, $2, $3)`,
			[world.sessions.closed.id, world.summit, speaker.person]
		],
		[
			`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3), ($1, $4, $3), ($1, $2, $5)`,
			[world.summit, world.otherMember, speaker.person, world.member, world.people.virtual.person]
		],
		[
			`insert into public.agenda_marks (person_id, session_id) values ($1, $2)`,
			[speaker.person, world.sessions.public.id]
		],
		[
			`insert into private.run_participants (run_id, person_id, role, is_on_stage) values ($1, $2, 'speaker', true)`,
			[world.run, speaker.person]
		],
		[
			`insert into private.personal_links (kind, token_hash, person_id, summit_id) values ('calendar', convert_to($1::uuid::text, 'UTF8'), $1::uuid, $2)`,
			[speaker.person, world.summit]
		]
	];
	for (const [sql, values] of placed) await db.owner.query(sql, values);
	await actAs(db.owner, programme, `select public.publish_release($1)`, [world.summit]);
});

const save = (fields: unknown, by: TestPerson = world.people.speaker) =>
	callAs<{ status: string; faults?: string[] }>(db.owner, by, `private.save_registration($1, 4, $2)`, [
		registration,
		JSON.stringify(fields)
	]);
const personOf = (who: TestPerson) =>
	readValue<string>(
		db.owner,
		`select person_id from public.account_people where account_id = $1 and relation = 'self'`,
		[who.account]
	);

/** Restores the state before any decision. */
async function backUnderReview(): Promise<void> {
	await db.owner.query('begin');
	await db.owner.query(`update public.badges set revoked_at = now() where registration_id = $1`, [registration]);
	await db.owner.query(
		`update public.seats set state = 'held', held_until = now() + interval '1 day' where registration_id = $1`,
		[registration]
	);
	await db.owner.query(`update public.registrations set state = 'submitted' where id = $1`, [registration]);
	await db.owner.query('commit');
}

/** Values for the arguments of functions, by their names. */
function known(): Record<string, unknown[]> {
	const { summit, member, sessions, room, run, slug } = world;
	return {
		summit: [summit],
		member: [member, world.otherMember],
		slug: [slug],
		session: Object.values(sessions).map(({ id }) => id),
		code: Object.values(sessions).map(({ code }) => code),
		room: ['plenary', room],
		run: [run],
		way: ['stream', 'door'],
		query: ['a', 'Zora', 'Mart'],
		topics: [[`summit:${summit}`]],
		registration: Object.values(world.registrations)
	};
}

/**
 * Everything in the database that this reader can read: rows of every table, in every granted column, and the answer of
 * every function.
 */
async function everything(kind: PersonKind | 'stranger'): Promise<unknown[]> {
	const who = kind === 'stranger' ? null : world.people[kind];
	const role = who ? 'authenticated' : 'anon';
	const found: unknown[] = [];
	const columns = await db.owner.query<{ table: string; columns: string }>(
		`select c.oid::regclass::text as table, string_agg(quote_ident(a.attname), ', ') as columns
		from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and has_column_privilege($1, c.oid, a.attnum, 'select') group by c.oid`,
		[role]
	);
	const functions = await db.owner.query<{ name: string; given: string[]; types: string[]; set: boolean }>(
		`select p.proname as name, p.proretset as set, coalesce(p.proargnames[1:p.pronargs], '{}') as given,
			array(select format_type(t, null) from unnest(p.proargtypes::oid[]) with ordinality as x (t, n) order by n) as types
		from pg_proc as p where p.pronamespace = 'public'::regnamespace and p.provolatile <> 'v' and has_function_privilege($1, p.oid, 'execute')`,
		[role]
	);
	await db.owner.query('begin');
	await setCaller(db.owner, who);
	const read = async (sql: string, values: unknown[] = []) => {
		await db.owner.query('savepoint one');
		const rows = await db.owner.query(sql, values).then(
			(result) => result.rows,
			() => db.owner.query('rollback to savepoint one').then(() => [])
		);
		found.push(...rows);
	};
	for (const row of columns.rows) await read(`select ${row.columns} from ${row.table}`);
	for (const { name, given, types, set } of functions.rows) {
		const needed = given.filter((argument) => argument in known());
		// Arguments with a default are left out.
		let calls: Record<string, unknown>[] = [{}];
		for (const argument of needed) {
			calls = calls.flatMap((call) => (known()[argument] ?? []).map((each) => ({ ...call, [argument]: each })));
		}
		for (const call of calls) {
			const list = needed
				.map((argument, n) => `${argument} => $${n + 1}::${types[given.indexOf(argument)]}`)
				.join(', ');
			await read(
				set ? `select * from public.${name}(${list})` : `select public.${name}(${list}) as answer`,
				Object.values(call)
			);
		}
	}
	await db.owner.query('rollback');
	const feeds = await db.app.query('select private.read_agenda_for($1, $2, false) as answer', [
		who?.person ?? null,
		world.summit
	]);
	return [...found, ...feeds.rows];
}

/**
 * Every id, code and identity in one object that contains one of the words: anything by which a reader can identify a
 * person.
 */
function marksBeside(tree: unknown, words: readonly string[]): Set<string> {
	const marks = new Set<string>();
	const visit = (node: unknown): void => {
		if (Array.isArray(node)) node.forEach(visit);
		else if (typeof node === 'object' && node !== null && !(node instanceof Date)) {
			const texts = Object.values(node).filter((each) => typeof each === 'string');
			if (texts.some((text) => words.includes(text))) {
				for (const text of texts) if (/^[0-9a-f-]{36}$|^[A-Z2-9]{6,24}$/i.test(text)) marks.add(text);
			}
			Object.values(node).forEach(visit);
		}
	};
	visit(tree);
	return marks;
}

/** Those of these identifiers that identify no person: identifiers of sessions, Summits, members and releases. */
async function ofThings(marks: Set<string>): Promise<Set<string>> {
	const { rows } = await db.owner.query<{ mark: string }>(
		`select id::text as mark from public.sessions union select code from public.sessions union select id::text from public.summits
		union select id::text from public.releases union select id::text from public.members union select id::text from public.rooms
		union select id::text from public.runs`
	);
	const things = new Set(rows.map((row) => row.mark));
	return new Set([...marks].filter((mark) => !things.has(mark) && /\d|^[A-Z]+$/.test(mark) && mark !== 'Zoraida'));
}

/** Every identifier of the speaker in all that a reader can read. */
async function marksOf(kind: PersonKind | 'stranger'): Promise<Set<string>> {
	const tree = await everything(kind);
	const person = await personOf(world.people.speaker);
	const code = await readValue<string>(db.owner, `select code from public.people where id = $1`, [person]);
	return ofThings(marksBeside(tree, [realName, aliasName, person, code]));
}

// Except for accreditation organisers: they decide on one registration under either name, and are told that it has an
// alias.
const readers: (PersonKind | 'stranger')[] = ['stranger', ...personKinds].filter(
	(kind) => !['speaker', 'registration', 'finance', 'safeguarding', 'owner'].includes(kind)
) as (PersonKind | 'stranger')[];

describe('nobody can link the two names', () => {
	test('by anything that they could read about the person before', async () => {
		const before = new Map<string, Set<string>>();
		for (const reader of readers) before.set(reader, await marksOf(reader));
		// The identifiers existed before: the delegate reads an id, a code and, on the stage, an identity.
		expect(before.get('delegate')?.size).toBeGreaterThanOrEqual(3);
		expect((await save(on)).status).toBe('ok');
		const under = new Map<string, Set<string>>();
		for (const reader of readers) {
			const marks = await marksOf(reader);
			under.set(reader, marks);
			expect({ reader, both: [...marks].filter((mark) => before.get(reader)?.has(mark)) }).toEqual({
				reader,
				both: []
			});
		}
		expect(under.get('delegate')?.size).toBeGreaterThanOrEqual(3);
		// The alias is removed before accreditation: the old name returns, with another new id.
		await backUnderReview();
		expect((await save(off)).status).toBe('ok');
		for (const reader of readers) {
			const noted = under.get(reader) ?? new Set();
			const marks = await marksOf(reader);
			expect({ reader, both: [...marks].filter((mark) => noted.has(mark)) }).toEqual({ reader, both: [] });
		}
	});

	test('by the old id or badge code anywhere in the database, except in the audit', async () => {
		const old = await db.owner.query<{ mark: string }>(
			`select id::text as mark from public.people where id = $1 union all select code from public.people where id = $1
			union all select id::text from public.session_people where person_id = $1
			union all select id::text from public.session_audiences where person_id = $1
			union all select id::text from public.focal_points where person_id = $1
			union all select identity from private.run_participants where person_id = $1`,
			[world.people.speaker.person]
		);
		expect(old.rows.length).toBeGreaterThanOrEqual(8);
		expect((await save(on)).status).toBe('ok');
		const tables = await db.owner.query<{ name: string }>(
			`select format('%I.%I', n.nspname, c.relname) as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
			where c.relkind = 'r' and n.nspname in ('public', 'private', 'audit', 'auth', 'extensions')`
		);
		const held: string[] = [];
		for (const { name } of tables.rows) {
			const { rows } = await db.owner.query(
				`select from ${name} as t, unnest($1::text[]) as mark where t::text like '%' || mark || '%' limit 1`,
				[old.rows.map((row) => row.mark)]
			);
			if (rows.length) held.push(name);
		}
		expect(held.toSorted()).toEqual(['audit.entries', 'private.former_ids']);
	});

	test('and every column that references a person follows', async () => {
		const { rows } = await db.owner.query(
			`select conrelid::regclass::text as table, conname from pg_constraint where contype = 'f' and confrelid = 'public.people'::regclass and confupdtype <> 'c'`
		);
		expect(rows).toEqual([]);
	});

	test('at the door: the badge is new, and the old one names nobody', async () => {
		const badgeCode = () =>
			readValue<string>(
				db.owner,
				`select badge_code from public.badges where registration_id = $1 and revoked_at is null`,
				[registration]
			);
		const old = await badgeCode();
		expect((await save(on)).status).toBe('ok');
		const check = (which: string) =>
			callAs<Record<string, unknown>>(db.owner, world.people.door, `public.check_badge($1, null, $2)`, [
				world.summit,
				which
			]);
		expect(await check(old)).toMatchObject({ answer: 'revoked', display_name: null });
		expect(await check(await badgeCode())).toMatchObject({ display_name: aliasName });
	});
});

test('the person keeps their own data: account, marks, links, place on the stage, audit and its key', async () => {
	const { speaker } = world.people;
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
	const { speaker } = world.people;
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
			[assistant.account, world.people.speaker.person, scope]
		);
		const shown = async () =>
			readValue(db.owner, `select display_name from public.people where id = $1`, [
				await personOf(world.people.speaker)
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
			[assistant.account, await personOf(world.people.speaker), scope]
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
	const { registration: registrar, programme } = world.people;
	const acts: [TestPerson, string, unknown[]][] = [];
	for (let n = 0; n < 6; n++) {
		const alias = JSON.stringify({ ...on, alias: { ...on.alias, display_name: `Name ${n}` } });
		acts.push([world.people.speaker, `private.save_registration($1, 4, $2)`, [registration, alias]]);
		acts.push([
			registrar,
			`public.decide_registrations($1, 'accredit', '')`,
			[[registration, world.registrations.waiting]]
		]);
		acts.push([programme, `public.publish_release($1)`, [world.summit]]);
		acts.push([programme, `public.read_agenda($1)`, [world.summit]]);
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
		[world.summit, world.registrations.waiting]
	);
	await db.owner.query(`delete from public.member_requests where registration_id = $1`, [world.registrations.waiting]);
	const { rows } = await db.owner.query<{ action: string; clear: boolean; opened: string | null }>(
		`select e.action, e::text like '%Canary%' as clear, private.open_sealed(e.person_id, e.personal)::text as opened
		from audit.entries as e where e.table_name = 'public.member_requests' and e.person_id = $1 order by e.id`,
		[world.people.waiting.person]
	);
	expect(rows.map(({ action, clear }) => [action, clear])).toEqual([
		['insert', false],
		['delete', false]
	]);
	expect(JSON.parse(rows[0]?.opened ?? '{}')).toMatchObject({ new: { name: 'Canary Shelter' } });
});
