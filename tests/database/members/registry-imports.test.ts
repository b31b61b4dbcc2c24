/* Member files: shown row by row before anything is written, and applied once as shown. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import {
	callAs,
	connectMany,
	faultsOf,
	inTurn,
	makePeople,
	makeSummit,
	register,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Status = { status: string; [key: string]: unknown };
interface Line {
	line: number;
	outcome: string;
	member_id: string | null;
	changes: { field: string; from: unknown; to: unknown }[];
	fault: Record<string, unknown> | null;
	invites: number;
}
const anyName = () => `Org ${randomUUID().slice(0, 8)}`;
const address = (mark: string, hint = 'a…@example.org') => ({
	hash: mark.repeat(64).slice(0, 64),
	sealed: mark.repeat(64),
	key_id: 'test',
	hint
});
const one = async <T>(sql: string, values: unknown[] = []) => (await db.owner.query(sql, values)).rows[0] as T;

async function prepare(who: TestPerson, summit: string, rows: object[]): Promise<string> {
	const file = { name: 'members.csv', encoding: 'utf-8', delimiter: ',', ignored: [], rows: rows.length };
	const made = await callAs<Status>(db.owner, who, `public.prepare_member_import($1, $2, $3)`, [
		summit,
		JSON.stringify(file),
		JSON.stringify(rows)
	]);
	expect(made.status).toBe('ok');
	return made['id'] as string;
}
const lines = async (who: TestPerson, id: string) =>
	(await callAs<{ rows: Line[] }>(db.owner, who, `public.read_member_import($1, '{}', 200)`, [id])).rows;
const apply = (who: TestPerson, id: string, choices: object = {}, client = db.owner) =>
	callAs<Status>(client, who, `public.apply_member_import($1, $2)`, [id, JSON.stringify(choices)]);

test('a file is shown row by row before anything is written, and applied as shown', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, {});
	const known = await inTurn(members, (id) =>
		one<{ id: string; code: string; name: string }>(`select id, code, name from public.members where id = $1`, [id])
	);
	const elsewhere = await one<{ name: string }>(
		`insert into public.members (name, sector, country) values ($1, 'civil_society', 'PT') returning name`,
		[anyName()]
	);
	const fresh = anyName();
	const rows = [
		{ line: 2, fields: { name: fresh, sector: 'government', country: 'KE' }, focal: [address('b1'), address('b1')] },
		{ line: 3, fields: { code: known[0]?.code, standing: 'observer', website: 'https://example.org' } },
		{ line: 4, fields: { name: known[1]?.name } },
		{ line: 5, fields: { name: known[2]?.name.toUpperCase(), country: 'PT', standing: 'suspended' } },
		{ line: 6, fields: { name: fresh, sector: 'government', country: 'KE' } },
		{ line: 7, fields: { name: anyName() } },
		{ line: 8, fields: {}, fault: { column: 'sector', code: 'unknown', cell: '=1+1' } },
		{ line: 9, fields: { code: 'NOPE00', name: anyName() } },
		{ line: 10, fields: { name: elsewhere.name } },
		{ line: 11, fields: { code: known[1]?.code, name: known[0]?.name } }
	];
	const before = await one(`select count(*)::integer from public.members`);
	const id = await prepare(organiser, summit, rows);
	const shown = await lines(organiser, id);
	expect(shown.map(({ line, outcome, fault }) => [line, outcome, fault?.['code'] ?? null])).toEqual([
		[2, 'added', null],
		[3, 'changed', null],
		[4, 'unchanged', null],
		[5, 'similar', null],
		[6, 'duplicate', 'duplicate'],
		[7, 'error', 'missing'],
		[8, 'error', 'unknown'],
		[9, 'error', 'unknown_code'],
		[10, 'joined', null],
		[11, 'duplicate', 'duplicate']
	]);
	expect(shown[0]).toMatchObject({ invites: 1 });
	expect(shown[0]?.changes).toContainEqual({ field: 'region', from: null, to: 'Africa' });
	expect(shown[1]?.changes).toEqual([
		{ field: 'standing', from: 'active', to: 'observer' },
		{ field: 'website', from: null, to: 'https://example.org' }
	]);
	expect(shown[4]?.fault).toMatchObject({ line: 2 });
	expect(await one(`select count(*)::integer from public.members`)).toEqual(before);
	// Only the person who made the preview can read it.
	const outsider = await makePerson(db.owner, 'Another organiser');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		outsider.person,
		summit
	]);
	expect(await callAs(db.owner, outsider, `public.read_member_import($1)`, [id])).toBeNull();
	expect(await apply(outsider, id)).toEqual({ status: 'not_found' });

	expect(await apply(organiser, id, { 5: 'same' })).toEqual({
		status: 'ok',
		added: 1,
		joined: 1,
		changed: 2,
		left: 6,
		refused: []
	});
	expect((await apply(organiser, id)).status).toBe('already');
	expect(
		await one(
			`select sm.standing, sm.region, m.website from public.summit_members as sm join public.members as m on m.id = sm.member_id where m.name = $1 and sm.summit_id = $2`,
			[fresh, summit]
		)
	).toEqual({ standing: 'active', region: 'Africa', website: null });
	expect(await one(`select standing from public.summit_members where member_id = $1`, [members[2]])).toEqual({
		standing: 'suspended'
	});
	expect(
		await one(`select count(*)::integer from private.member_import_rows where import_id = $1 and focal <> '[]'`, [id])
	).toEqual({ count: 0 });
	// The same file again changes nothing.
	const again = await lines(organiser, await prepare(organiser, summit, [rows[0], rows[1], rows[8]] as object[]));
	expect(again.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
});

test('a row that somebody else changed meanwhile is skipped, and the rest is applied', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, {});
	const codes = await inTurn(members, (id) =>
		readValue<string>(db.owner, `select code from public.members where id = $1`, [id])
	);
	const name = anyName();
	const id = await prepare(organiser, summit, [
		{ line: 2, fields: { code: codes[0], standing: 'left' } },
		{ line: 3, fields: { code: codes[1], standing: 'left' } },
		{ line: 4, fields: { name, sector: 'government', country: 'KE' } }
	]);
	await db.owner.query(`update public.summit_members set standing = 'observer' where member_id = $1`, [members[0]]);
	await db.owner.query(`insert into public.members (name, sector, country) values ($1, 'government', 'UG')`, [name]);
	const done = await apply(organiser, id);
	expect(done).toMatchObject({ status: 'ok', added: 0, changed: 1 });
	expect(done['refused']).toMatchObject([
		{ line: 2, why: 'changed_meanwhile' },
		{ line: 4, why: 'changed_meanwhile' }
	]);
	expect(await one(`select standing from public.summit_members where member_id = $1`, [members[0]])).toEqual({
		standing: 'observer'
	});
});

test('an import whose rows together would strand seats changes nothing at all', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, {});
	const people = await makePeople(db.owner, 2);
	await register(db.owner, people[0] as TestPerson, summit, members[0] ?? '');
	await register(db.owner, people[1] as TestPerson, summit, members[1] ?? '');
	await db.owner.query(
		`insert into public.seat_ceilings (summit_id, mode, region, ceiling) values ($1, 'in_person', 'Oceania', 1)`,
		[summit]
	);
	const codes = await inTurn(members, (id) =>
		readValue<string>(db.owner, `select code from public.members where id = $1`, [id])
	);
	const id = await prepare(organiser, summit, [
		{ line: 2, fields: { code: codes[0], region: 'Oceania' } },
		{ line: 3, fields: { code: codes[1], region: 'Oceania' } },
		{ line: 4, fields: { name: anyName(), sector: 'government', country: 'KE' } }
	]);
	const before = await one(`select count(*)::integer from public.members`);
	expect(await apply(organiser, id)).toMatchObject({
		status: 'stranded',
		detail: 'Oceania in_person: 2 seats are out, 1 would be allowed'
	});
	expect(await one(`select count(*)::integer from public.members`)).toEqual(before);
	expect(
		await one(`select count(*)::integer from public.summit_members where summit_id = $1 and region = 'Oceania'`, [
			summit
		])
	).toEqual({ count: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('two people who confirm the same import at once apply it once', async () => {
	const { summit, organiser } = await makeSummit(db.owner, {});
	const rows = Array.from({ length: 50 }, (_, n) => ({
		line: n + 2,
		fields: { name: anyName(), sector: 'government', country: 'KE' }
	}));
	const id = await prepare(organiser, summit, rows);
	const clients = await connectMany(db, 2);
	const answers = await Promise.all(clients.map((client) => apply(organiser, id, {}, client)));
	await Promise.all(clients.map((client) => client.end()));
	expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'ok']);
	expect(
		await one(
			`select count(*)::integer from public.summit_members where summit_id = $1 and sector = 'government' and country = 'KE'`,
			[summit]
		)
	).toEqual({ count: 50 });
});

test('an interrupted import continues with the original choices, and applies no row twice', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, {});
	const like = (
		await readValue<string>(db.owner, `select name from public.members where id = $1`, [members[0]])
	).toUpperCase();
	const rows = Array.from({ length: 60 }, (_, n) => ({
		line: n + 2,
		fields: { name: n === 59 ? like : anyName(), sector: 'government', country: 'PT' }
	}));
	const id = await prepare(organiser, summit, rows);
	const part = (client: pg.Client, choices: object = {}) =>
		callAs<Status>(client, organiser, `public.apply_member_import($1, $2, 20)`, [id, JSON.stringify(choices)]);
	expect(await part(db.owner, { 61: 'new' })).toEqual({ status: 'more', left: 40 });
	expect(await callAs(db.owner, organiser, `public.read_member_import($1)`, [id])).toMatchObject({
		applied: 20,
		applied_at: null
	});
	// The process is killed in the middle of a part, and that part is rolled back.
	const killed = await db.connect();
	await killed.query('begin');
	await setCaller(killed, organiser);
	await killed.query(`select public.apply_member_import($1, '{}', 20)`, [id]);
	await killed.end();
	// Previewing another file meanwhile leaves the started import unchanged.
	await prepare(organiser, summit, [{ line: 2, fields: { name: anyName(), sector: 'government', country: 'PT' } }]);
	const clients = await connectMany(db, 4);
	const answers = await Promise.all(clients.map((client) => part(client, { 61: 'same' })));
	expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'already', 'more', 'ok']);
	expect(answers.find(({ status }) => status === 'ok')).toMatchObject({ added: 60, left: 0, refused: [] });
	expect(
		await one(`select count(*)::integer from public.summit_members where summit_id = $1 and sector = 'government'`, [
			summit
		])
	).toEqual({ count: 61 });
});

test('previews are for registration organisers only, have a row limit, and are deleted after a day', async () => {
	const { summit, organiser, finance } = await makeSummit(db.owner, {});
	const rows = (count: number) =>
		JSON.stringify(Array.from({ length: count }, (_, n) => ({ line: n + 2, fields: { name: `Many ${n}` } })));
	const ready = (who: TestPerson | null, body: string) =>
		callAs<Status>(db.owner, who, `public.prepare_member_import($1, '{}', $2)`, [summit, body]);
	expect(await ready(finance, rows(1))).toEqual({ status: 'not_allowed' });
	expect(await ready(organiser, rows(10_001))).toEqual({ status: 'too_many' });
	expect(await ready(organiser, `[{"line": 2, "fields": {"sector": "banks"}}]`)).toEqual({ status: 'invalid' });
	expect(await ready(organiser, `[{"line": 2, "fields": {}, "focal": [{"hash": "someone@example.org"}]}]`)).toEqual({
		status: 'invalid'
	});
	const id = await prepare(organiser, summit, [{ line: 2, fields: { name: anyName() } }]);
	await db.owner.query(`update private.member_imports set created_at = now() - interval '25 hours' where id = $1`, [
		id
	]);
	expect(await apply(organiser, id)).toEqual({ status: 'not_found' });
	await db.owner.query(`select private.sweep_deadlines()`);
	expect(await one(`select count(*)::integer from private.member_import_rows where import_id = $1`, [id])).toEqual({
		count: 0
	});
});
