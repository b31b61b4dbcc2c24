/* Rule 9: every write leaves a row that nobody can alter, and deleting a person's key erases their values. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

test('a staff write records its actor, the table, the columns and the values', async () => {
	await actAs(
		db.owner,
		world.people.registration,
		`update public.mode_capacities set capacity = 30 where mode = 'virtual' and summit_id = $1`,
		[world.summit]
	);
	const { rows } = await db.owner.query(
		`select actor_person, table_name, action, summit_id, changed, old_values, new_values from audit.entries
		where table_name = 'public.mode_capacities' order by id desc limit 1`
	);
	expect(rows).toEqual([
		{
			actor_person: world.people.registration.person,
			table_name: 'public.mode_capacities',
			action: 'update',
			summit_id: world.summit,
			changed: ['capacity'],
			old_values: { capacity: 20 },
			new_values: { capacity: 30 }
		}
	]);
});

test('every table in public is audited, except frozen ones and those written only by machines', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind = 'r'
			and not exists (select from pg_trigger as t join pg_proc as p on p.oid = t.tgfoid where t.tgrelid = c.oid and p.proname = 'record_change') order by 1`
	);
	expect(rows.map((row) => row.name)).toEqual(['presence', 'release_people', 'release_sessions', 'release_slots']);
});

test('no role can alter, delete or truncate an entry, not even the owner of the tables', async () => {
	for (const who of [null, ...Object.values(world.people)]) {
		await expect(actAs(db.owner, who, 'select * from audit.entries')).rejects.toThrow('permission denied');
		await expect(actAs(db.owner, who, 'delete from audit.entries')).rejects.toThrow('permission denied');
	}
	const before = (await db.owner.query('select count(*) from audit.entries')).rows;
	for (const role of ['anon', 'authenticated', 'service_role', 'app_server']) {
		for (const act of [
			'select * from audit.entries',
			`insert into audit.entries (database_role, table_name, action) values ('x', 'x', 'event')`,
			`update audit.entries set reason = 'nothing to see'`,
			'delete from audit.entries',
			'truncate audit.entries',
			`select audit.record_event('x', '', null, null, null)`
		]) {
			await db.owner.query('begin');
			await db.owner.query(`set local role ${role}`);
			await expect(db.owner.query(act), `${role}: ${act}`).rejects.toThrow('permission denied');
			await db.owner.query('rollback');
		}
	}
	await expect(db.owner.query(`update audit.entries set reason = 'nothing to see'`)).rejects.toThrow('never altered');
	await expect(db.owner.query('delete from audit.entries')).rejects.toThrow('never altered');
	await expect(db.owner.query('truncate audit.entries')).rejects.toThrow('never altered');
	expect((await db.owner.query('select count(*) from audit.entries')).rows).toEqual(before);
});

test('personal values are stored only encrypted, and destroying the key erases them', async () => {
	const { person } = world.people.virtual;
	await db.owner.query(`update public.people set display_name = 'Canary Name Here' where id = $1`, [person]);
	const entry = async () =>
		(
			await db.owner.query<{ plain: string; opened: string | null }>(
				`select e::text as plain, private.open_sealed(e.person_id, e.personal)::text as opened from audit.entries as e
				where e.table_name = 'public.people' and e.row_id = $1 order by e.id desc limit 1`,
				[person]
			)
		).rows[0];
	const stored = await entry();
	expect(stored?.plain.includes('Canary')).toBe(false);
	expect(JSON.parse(stored?.opened ?? '{}')).toEqual({
		old: { display_name: world.people.virtual.name },
		new: { display_name: 'Canary Name Here' }
	});
	await db.owner.query(`update private.person_keys set key = '' where person_id = $1`, [person]);
	await db.owner.query(`update public.people set display_name = 'After Erasure' where id = $1`, [person]);
	const { rows } = await db.owner.query(
		`select count(*) > 1 as kept, count(private.open_sealed(e.person_id, e.personal))::int as readable from audit.entries as e where e.person_id = $1`,
		[person]
	);
	expect(rows).toEqual([{ kept: true, readable: 0 }]);
	expect((await entry())?.plain.includes('Erasure')).toBe(false);
});

test('equal values have different ciphertexts, and decrypt to the original', async () => {
	const { person } = world.people.delegate;
	const values = { new: { display_name: 'Ñandú 鳥 🕊', links: [{ url: 'https://example.org/"' }], office: null } };
	const seal = async () =>
		(await db.owner.query<{ sealed: Buffer }>('select private.seal_for_audit($1, $2) as sealed', [person, values]))
			.rows[0]?.sealed;
	const [first, second] = [await seal(), await seal()];
	expect(first?.equals(second ?? Buffer.of())).toBe(false);
	const { rows } = await db.owner.query(
		'select private.open_sealed($1, $2) as one, private.open_sealed($1, $3) as two',
		[person, first, second]
	);
	expect(rows).toEqual([{ one: values, two: values }]);
});

test('refuses sealed values that were altered or belong to somebody else', async () => {
	const { rows } = await db.owner.query<{ sealed: Buffer }>('select private.seal_for_audit($1, $2) as sealed', [
		world.people.delegate.person,
		{ new: { display_name: 'Canary' } }
	]);
	const sealed = rows[0]?.sealed ?? Buffer.of();
	const open = (person: string, bytes: Buffer) =>
		db.owner.query('select private.open_sealed($1, $2) as opened', [person, bytes]);
	for (const at of [0, 31, 32, 47, 48, sealed.length - 1]) {
		const altered = Buffer.from(sealed);
		altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
		await expect(open(world.people.delegate.person, altered), `byte ${at}`).rejects.toThrow('were altered');
	}
	for (const length of [0, 16, 32, 48, sealed.length - 1])
		await expect(open(world.people.delegate.person, sealed.subarray(0, length))).rejects.toThrow('were altered');
	await expect(open(world.people.registration.person, sealed)).rejects.toThrow('were altered');
});

test('attributes, preferences, marks and reasons of a person are never in clear text', async () => {
	const { person } = world.people.delegate;
	const registration = world.registrations.delegate;
	await db.owner.query(
		`insert into public.registration_steps (registration_id, to_state, mode, reason) values ($1, 'withdrawn', 'virtual', 'Canary reason')`,
		[registration]
	);
	await db.owner.query('insert into public.person_preferences (person_id, no_photographs) values ($1, true)', [person]);
	await db.owner.query('insert into public.agenda_marks (person_id, session_id) values ($1, $2)', [
		person,
		world.sessions.public.id
	]);
	const { rows } = await db.owner.query<{ changed: string[]; plain: string }>(
		`select changed, coalesce(new_values, '{}')::text as plain from audit.entries
		where table_name in ('public.registrations', 'public.registration_steps', 'public.person_preferences', 'public.agenda_marks')`
	);
	const changed = new Set(rows.flatMap((row) => row.changed));
	const plain = rows.map((row) => row.plain).join();
	for (const column of ['is_minor', 'reason', 'no_photographs', 'session_id'])
		expect([column, changed.has(column), plain.includes(`"${column}"`)]).toEqual([column, true, false]);
});

test('the reason of a person who leaves is stored in their registration only', async () => {
	await actAs(db.owner, world.people.waiting, `select public.withdraw_registration($1, 'Canary of my own')`, [
		world.registrations.waiting
	]);
	const { rows } = await db.owner.query(
		`select count(*)::int as clear from audit.entries as e where e::text like '%Canary of%'`
	);
	expect(rows).toEqual([{ clear: 0 }]);
});
