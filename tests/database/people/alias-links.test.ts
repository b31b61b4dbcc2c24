/*
 * Nothing that others could record about a person before or while an alias was worn finds the person afterwards: no id, no badge
 * code, no reference.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, personKinds, type PersonKind } from '../../fixtures/world.ts';
import { useAliasWorld, realName, aliasName, on, off } from '../../fixtures/taking-aliases.ts';

const db = useDatabase();
const alias = useAliasWorld(db);
const { save, personOf } = alias;

/** Restores the state before any decision. */
async function backUnderReview(): Promise<void> {
	await db.owner.query('begin');
	await db.owner.query(`update public.badges set revoked_at = now() where registration_id = $1`, [alias.registration]);
	await db.owner.query(
		`update public.seats set state = 'held', held_until = now() + interval '1 day' where registration_id = $1`,
		[alias.registration]
	);
	await db.owner.query(`update public.registrations set state = 'submitted' where id = $1`, [alias.registration]);
	await db.owner.query('commit');
}

// The codes of the groups in which the speaker is, or asks to be.
let groups: string[];

beforeEach(async () => {
	const { rows } = await db.owner.query<{ code: string }>(
		`select g.code from private.groups as g where exists (select from private.group_people as x where x.group_id = g.id and x.person_id = $1)
		or exists (select from private.group_requests as r where r.group_id = g.id and r.person_id = $1)`,
		[alias.world.people.speaker.person]
	);
	groups = rows.map(({ code }) => code);
});

/** Values for the arguments of functions, by their names. */
function known(): Record<string, unknown[]> {
	const { summit, member, sessions, room, run, slug } = alias.world;
	return {
		summit: [summit],
		member: [member, alias.world.otherMember],
		slug: [slug],
		session: Object.values(sessions).map(({ id }) => id),
		code: [...Object.values(sessions).map(({ code }) => code), ...groups],
		room: ['plenary', room],
		run: [run],
		way: ['stream', 'door'],
		query: ['a', 'Zora', 'Mart'],
		topics: [[`summit:${summit}`]],
		registration: Object.values(alias.world.registrations)
	};
}

/**
 * Everything in the database that this reader can read: rows of every table, in every granted column, and the answer of
 * every function.
 */
async function everything(kind: PersonKind | 'visitor'): Promise<unknown[]> {
	const who = kind === 'visitor' ? null : alias.world.people[kind];
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
		alias.world.summit
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
async function marksOf(kind: PersonKind | 'visitor'): Promise<Set<string>> {
	const tree = await everything(kind);
	const person = await personOf(alias.world.people.speaker);
	const code = await readValue<string>(db.owner, `select code from public.people where id = $1`, [person]);
	return ofThings(marksBeside(tree, [realName, aliasName, person, code]));
}

// Except for accreditation organisers: they decide on one registration under either name, and are told that it has an
// alias.
const readers: (PersonKind | 'visitor')[] = ['visitor', ...personKinds].filter(
	(kind) => !['speaker', 'registration', 'finance', 'safeguarding', 'owner'].includes(kind)
) as (PersonKind | 'visitor')[];

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
		// It calls every function as every kind of reader, three times.
	}, 240_000);

	test('by the old id, reference or badge code anywhere in the database, except in the audit', async () => {
		const old = await db.owner.query<{ mark: string }>(
			`select id::text as mark from public.people where id = $1 union all select code from public.people where id = $1
			union all select id::text from public.session_people where person_id = $1
			union all select id::text from public.session_audiences where person_id = $1
			union all select id::text from public.focal_points where person_id = $1
			union all select id::text from private.group_people where person_id = $1
			union all select id::text from private.group_requests where person_id = $1
			union all select reference from public.registrations where person_id = $1
			union all select identity from private.run_participants where person_id = $1`,
			[alias.world.people.speaker.person]
		);
		expect(old.rows.length).toBeGreaterThanOrEqual(11);
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

	test('by the reference: mails that wait name the new one', async () => {
		const reference = () =>
			readValue<string>(db.owner, 'select reference from public.registrations where id = $1', [alias.registration]);
		const old = await reference();
		await db.owner.query(
			`select private.mail_about(r, 'registration_received') from public.registrations as r where r.id = $1`,
			[alias.registration]
		);
		expect((await save(on)).status).toBe('ok');
		expect(await reference()).not.toBe(old);
		expect(
			await readValue(
				db.owner,
				`select params ->> 'reference' from private.outbox where params ->> 'registration_id' = $1`,
				[alias.registration]
			)
		).toBe(await reference());
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
				[alias.registration]
			);
		const old = await badgeCode();
		expect((await save(on)).status).toBe('ok');
		const check = (which: string) =>
			callAs<Record<string, unknown>>(db.owner, alias.world.people.door, `public.check_badge($1, null, $2)`, [
				alias.world.summit,
				which
			]);
		expect(await check(old)).toMatchObject({ answer: 'revoked', display_name: null });
		expect(await check(await badgeCode())).toMatchObject({ display_name: aliasName });
	});
});
