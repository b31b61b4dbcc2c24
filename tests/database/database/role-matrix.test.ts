/*
 * The role matrix: what every role may do with every table and function, compared with a checked-in table. A new table
 * or function without a line in it fails; `UPDATE_ROLE_MATRIX=1` writes the lines again, for a person to read before
 * the commit.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, personKinds, makeWorld, organiserRoles, type World } from '../../fixtures/world.ts';

const FILE = new URL('../role-matrix.md', import.meta.url);
const ROLES = ['anon', 'authenticated', 'service_role', 'app_server'] as const;
const PEOPLE = ['stranger', ...personKinds] as const;

const db = useDatabase();
let world: World;
let tables: { schema: string; name: string }[];

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await fillOtherTables();
	const { rows } = await db.owner.query<{ schema: string; name: string }>(
		`select n.nspname as schema, c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private', 'audit') and c.relkind in ('r', 'p', 'v', 'm') order by 1, 2`
	);
	tables = rows;
});

/** A row for tables that the world leaves empty, so that "sees none" is a finding and not an empty table. */
async function fillOtherTables(): Promise<void> {
	const { summit, member, otherMember, people, registrations, sessions, run } = world;
	const order = `(select id from public.orders limit 1)`;
	const fill: [string, unknown[]][] = [
		[`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'in_person', 100, 'EUR')`, [summit]],
		[`insert into public.pools (summit_id, category, name) values ($1, 'press', 'Press')`, [summit]],
		[
			`insert into public.seat_ceilings (summit_id, mode, region, ceiling) values ($1, 'in_person', 'Americas', 20)`,
			[summit]
		],
		[
			`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling) values ($1, $2, 'virtual', 5)`,
			[summit, otherMember]
		],
		[
			`insert into public.member_requests (summit_id, registration_id, name) values ($1, $2, 'Unlisted Organisation')`,
			[summit, registrations.waiting]
		],
		[
			`insert into public.orders (summit_id, payer_person_id, currency, due_at) values ($1, $2, 'EUR', now() + interval '9 days')`,
			[summit, people.virtual.person]
		],
		[
			`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) values (${order}, $1, $2, 'virtual', 100)`,
			[summit, registrations.virtual]
		],
		[`insert into public.order_adjustments (order_id, kind, amount) values (${order}, 'waiver', -100)`, []],
		[
			`insert into public.checkouts (order_id, amount, currency, state, expires_at) values (${order}, 100, 'EUR', 'expired', now())`,
			[]
		],
		[`insert into public.refunds (order_id, checkout_id, amount) select order_id, id, 100 from public.checkouts`, []],
		[`insert into public.money_settings (summit_id, issuer_name) values ($1, 'Secretariat')`, [summit]],
		[`insert into public.waiver_budgets (summit_id, currency, amount) values ($1, 'EUR', 100)`, [summit]],
		[
			`insert into public.invoices (summit_id, order_id, kind, year, number, reference, amount, currency, issued_on, due_on)
			values ($1, ${order}, 'invoice', 2026, 1, 'INV-2026-0001', 100, 'EUR', current_date, current_date + 30)`,
			[summit]
		],
		[`insert into private.invoice_contents (invoice_id, content) select id, '{}' from public.invoices`, []],
		[
			`insert into private.invoice_number_series (summit_id, kind, year, last_number) values ($1, 'invoice', 2026, 1)`,
			[summit]
		],
		[
			`insert into private.bank_rows (summit_id, statement, line, booked_on, amount, currency, fingerprint) values ($1, 'a.csv', 2, current_date, 100, 'EUR', 'f')`,
			[summit]
		],
		[
			`insert into public.waiver_requests (summit_id, order_id, registration_id, person_id, requested_by, grounds) values ($1, ${order}, $2, $3, $3, 'invited')`,
			[summit, registrations.virtual, people.virtual.person]
		],
		[`insert into public.figure_settings (summit_id) values ($1)`, [summit]],
		[`insert into public.figure_releases (summit_id, number, content) values ($1, 1, '{}')`, [summit]],
		[
			`insert into public.mail_texts (summit_id, template, locale, version, subject, body) values ($1, 'offer_made', 'en', 1, 'Hello', 'You')`,
			[summit]
		],
		[`insert into public.mail_settings (summit_id) values ($1)`, [summit]],
		[
			`insert into public.group_messages (summit_id, texts) values ($1, '{"en":{"subject":"Hello","body":"You"}}')`,
			[summit]
		],
		[
			`insert into private.group_message_recipients (message_id, person_id, registration_id, locale, state) select id, $1, $2, 'en', 'waiting' from public.group_messages`,
			[people.delegate.person, registrations.delegate]
		],
		[
			`insert into public.tracks (summit_id, slug, name) values ($1, 'knowledge', '{"original":"en","en":"Knowledge"}')`,
			[summit]
		],
		[
			`insert into public.formats (summit_id, slug, name) values ($1, 'panel', '{"original":"en","en":"Panel"}')`,
			[summit]
		],
		[
			`insert into public.summit_texts (summit_id, kind, body) values ($1, 'privacy', '{"original":"en","en":"Privacy"}')`,
			[summit]
		],
		[
			`insert into public.summit_contacts (summit_id, kind, label) values ($1, 'wellbeing', '{"original":"en","en":"Somebody"}')`,
			[summit]
		],
		[
			`insert into public.consent_items (summit_id, key, label) values ($1, 'photo', '{"original":"en","en":"Photographs"}')`,
			[summit]
		],
		[
			`insert into public.consents (registration_id, person_id, item_id, given_at) select $1, $2, id, now() from public.consent_items`,
			[registrations.delegate, people.delegate.person]
		],
		[
			`insert into public.agenda_marks (person_id, session_id) values ($1, $2)`,
			[people.delegate.person, sessions.public.id]
		],
		[
			`insert into private.session_places (session_id, summit_id, hall) values ($1, $2, 5)`,
			[sessions.public.id, summit]
		],
		[
			`insert into private.session_signups (session_id, person_id, channel, state, rank) values ($1, $2, 'hall', 'placed', 1)`,
			[sessions.public.id, people.delegate.person]
		],
		[
			`insert into private.room_screens (summit_id, room_id, name, token_hash) values ($1, $2, 'Door', '\\x00')`,
			[summit, world.room]
		],
		[`select private.ensure_checkpoints($1)`, [summit]],
		[
			`insert into private.door_devices (summit_id, checkpoint_id, name, key_hash, expires_at) select $1, id, 'Tablet', '\\x00', now() + interval '1 hour' from public.checkpoints limit 1`,
			[summit]
		],
		[`insert into public.person_preferences (person_id) values ($1)`, [people.delegate.person]],
		[
			`insert into public.presence (summit_id, person_id, session_id, run_id, kind) values ($1, $2, $3, $4, 'stream')`,
			[summit, people.virtual.person, sessions.public.id, run]
		],
		[
			`insert into public.merge_requests (keep_id, duplicate_id, reason) values ($1, $2, 'Same person')`,
			[people.delegate.person, people.virtual.person]
		],
		[
			`insert into private.role_invitations (summit_id, role, address_hash, address_sealed, key_id, display_name) values ($1, 'door', 'h', 's', 'k', 'Somebody')`,
			[summit]
		],
		[
			`insert into private.watch_list_entries (summit_id, name_key, details_sealed, key_id) values ($1, 'unwanted somebody', '\\x00', 'k')`,
			[summit]
		],
		[
			`insert into private.watch_list_matches (entry_id, person_id, level) select id, $1, 'possible' from private.watch_list_entries`,
			[people.newcomer.person]
		],
		[
			`insert into public.logistics_fields (summit_id, key, label, purpose, kind)
			values ($1, 'diet', '{"original":"en","en":"Diet"}', '{"original":"en","en":"Catering"}', 'text')`,
			[summit]
		],
		[
			`insert into private.logistics_answers (registration_id, field_id, answer_sealed, key_id) select $1, id, '\\x00', 'k' from public.logistics_fields`,
			[registrations.delegate]
		],
		[
			`insert into public.badge_prints (summit_id, registration_id, badge_id, layout) select summit_id, registration_id, id, 'a6' from public.badges limit 1`,
			[]
		],
		[
			`insert into private.desk_codes (summit_id, registration_id, person_id, code_hash, checked) values ($1, $2, $3, '\\x00', 'passport')`,
			[summit, registrations.delegate, people.delegate.person]
		],
		[
			`insert into public.certificate_settings (summit_id, threshold, issuer_name, signatory_name, signatory_office) values ($1, 60, 'A', 'B', 'C')`,
			[summit]
		],
		[
			`insert into private.certificates (summit_id, person_id, kind, code_hash, content_sealed, key_id) values ($1, $2, 'attendance', '\\x00', '\\x00', 'k')`,
			[summit, people.delegate.person]
		],
		[`insert into private.sign_in_addresses (address_hash) values ('\\x00')`, []],
		[`insert into private.sign_in_shared_codes (address_hash, code_hash) values ('\\x00', '\\x00')`, []],
		[`insert into private.sign_in_clients (client_hash) values ('\\x00')`, []],
		[`insert into private.desk_code_failures (client_hash) values ('\\x00')`, []],
		[`insert into private.logistics_reminders (registration_id, kind) values ($1, 'week')`, [registrations.delegate]],
		[
			`insert into public.visa_letter_settings (summit_id, issuer_name, issuer_address, signatory_name, signatory_office) values ($1, 'A', 'B', 'C', 'D')`,
			[summit]
		],
		[
			`insert into private.visa_letters (summit_id, registration_id, number, reference, content_sealed, key_id) values ($1, $2, 1, 'VL-0001', '\\x00', 'k')`,
			[summit, registrations.delegate]
		],
		[`insert into public.room_equipment (room_id, summit_id) values ($1, $2)`, [world.room, summit]],
		[
			`with annex as (insert into public.rooms (summit_id, slug, name) values ($2, 'annex', '{"original":"en","en":"Annex"}') returning id)
			insert into public.walking_times (summit_id, first_room_id, second_room_id, minutes) select $2, least(id, $1), greatest(id, $1), 7 from annex`,
			[world.room, summit]
		],
		[`insert into public.session_needs (session_id, summit_id) values ($1, $2)`, [sessions.closed.id, summit]],
		[
			`insert into public.person_availabilities (person_id, summit_id) values ($1, $2)`,
			[people.speaker.person, summit]
		],
		[
			`insert into public.interpreter_languages (person_id, summit_id, source, target) values ($1, $2, 'en', 'fr')`,
			[people.speaker.person, summit]
		],
		[`insert into public.check_settings (summit_id, code, severity) values ($1, 'no_slot', 'warn')`, [summit]],
		[`insert into public.check_limits (summit_id) values ($1)`, [summit]],
		[
			`insert into private.placement_steps (summit_id, person_id, changes) values ($1, $2, '[]')`,
			[summit, people.programme.person]
		],
		[`insert into private.file_settings (summit_id) values ($1)`, [summit]],
		[
			`insert into private.stored_objects (name, media_type, size, sha256, state, scan)
			select repeat(letter, 32), 'application/pdf', 9, sha256('x'), 'kept', 'clean' from unnest(array['a', 'b', 'c']) as letter`,
			[]
		],
		[
			`with file as (insert into private.session_files (session_id, summit_id, kind, level) values ($1, $2, 'slides', 'public') returning id)
			insert into private.file_versions (file_id, number, object_name, shown_name) select id, 1, repeat('a', 32), 'Talk.pdf' from file`,
			[sessions.public.id, summit]
		],
		[
			`insert into private.portraits (id, person_id, large_object, small_object) values (repeat('d', 32), $1, repeat('b', 32), repeat('c', 32))`,
			[people.speaker.person]
		],
		[`insert into private.host_lists (summit_id, purpose, recipient) values ($1, 'Entry', 'Ministry')`, [summit]],
		[`insert into private.declines_without_reason (registration_id) values ($1)`, [registrations.waiting]],
		[`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [people.newcomer.person]],
		[
			`insert into private.sealed_name_hashes (person_id, key_hash, skeleton_hash) values ($1, '\\x00', '\\x00')`,
			[people.newcomer.person]
		],
		[`insert into private.former_ids (former_id, person_id) values (gen_random_uuid(), $1)`, [people.delegate.person]],
		[
			`insert into private.sealed_presence (id, summit_id, person_id, session_id, kind, checkpoint, entered_at, source)
			values (gen_random_uuid(), $1, $2, $3, 'stream', '', now(), 'livekit')`,
			[summit, people.delegate.person, sessions.public.id]
		],
		[
			`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3) on conflict do nothing`,
			[summit, member, people.focal.person]
		]
	];
	for (const [sql, values] of fill) await db.owner.query(sql, values);
}

/** What each kind of person reads of a table: `all`, `some` or `-`; then the writes that row level security allows. */
async function rightsOn(table: { schema: string; name: string }, total: number): Promise<string[]> {
	const name = `${table.schema}.${table.name}`;
	await db.owner.query('begin');
	try {
		// The table and a copy of a row are read before the role is set.
		const { rows } = await db.owner.query<{ id: string }>(`select $1::regclass::oid as id`, [name]);
		await db.owner.query(`create temporary table sample on commit drop as select * from ${name} limit 1`);
		await db.owner.query(`grant select on sample to public`);
		const cells = [];
		for (const kind of PEOPLE) {
			await db.owner.query('savepoint person');
			await setCaller(db.owner, kind === 'stranger' ? null : world.people[kind]);
			cells.push(await rights(name, rows[0]?.id ?? '', total));
			await db.owner.query('rollback to savepoint person');
		}
		return cells;
	} finally {
		await db.owner.query('rollback');
	}
}

async function attempt(sql: string): Promise<number | 'refused' | 'other'> {
	await db.owner.query('savepoint attempt');
	try {
		const result = await db.owner.query(sql);
		return result.rows[0]?.count !== undefined ? Number(result.rows[0].count) : (result.rowCount ?? 0);
	} catch (error) {
		const { code = '', message } = error as { code?: string; message: string };
		// A view over a function accepts no writes, whatever the rights.
		return code === '42501' || (code === '55000' && message.includes('view')) ? 'refused' : 'other';
	} finally {
		await db.owner.query('rollback to savepoint attempt');
	}
}

/** For the current role. Operations without any column grant are not tried column by column. */
async function rights(name: string, id: string, total: number): Promise<string> {
	const { rows: columns } = await db.owner.query<{ name: string; reads: boolean; writes: boolean }>(
		`select quote_ident(a.attname) as name, has_column_privilege(a.attrelid, a.attnum, 'select') as reads,
			has_column_privilege(a.attrelid, a.attnum, 'update') as writes
		from pg_attribute as a where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
		order by a.attnum`,
		[id]
	);
	let seen = await attempt(`select count(*) from ${name}`);
	for (const column of columns.filter(({ reads }) => reads)) {
		if (seen !== 'refused') break;
		seen = await attempt(`select count(${column.name}) from ${name}`);
	}
	let answer = typeof seen === 'string' || seen === 0 ? '-' : seen >= total ? 'all' : 'some';
	const names = columns.map((column) => column.name).join(', ');
	if ((await attempt(`insert into ${name} (${names}) select ${names} from sample`)) !== 'refused') answer += ' +insert';
	for (const column of columns.filter(({ writes }) => writes)) {
		const changed = await attempt(`update ${name} set ${column.name} = ${column.name}`);
		if (changed === 'refused' || changed === 0) continue;
		answer += ' +update';
		break;
	}
	const removed = await attempt(`delete from ${name}`);
	if (removed !== 'refused' && removed !== 0) answer += ' +delete';
	return answer;
}

async function tableLines(): Promise<string[]> {
	const lines = [`| table | rows | ${PEOPLE.join(' | ')} |`, `| --- | --- |${' --- |'.repeat(PEOPLE.length)}`];
	for (const table of tables) {
		const total = Number((await db.owner.query(`select count(*) from ${table.schema}.${table.name}`)).rows[0].count);
		const cells = await rightsOn(table, total);
		lines.push(`| ${table.schema}.${table.name} | ${total > 0 ? 'yes' : 'none'} | ${cells.join(' | ')} |`);
	}
	return lines;
}

/** Grants in the database, which hold independently of row level security. */
async function grantLines(): Promise<string[]> {
	const lines = [`| table | ${ROLES.join(' | ')} |`, `| --- |${' --- |'.repeat(ROLES.length)}`];
	for (const { schema, name } of tables) {
		const cells = [];
		for (const role of ROLES) {
			const { rows } = await db.owner.query<{ rights: string }>(
				`select coalesce(string_agg(p, ' ' order by o), '-') as rights from (
					select p, o from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) with ordinality as x (p, o)
					where has_table_privilege($1, $2, p) or (p in ('select', 'insert', 'update') and has_any_column_privilege($1, $2, p))) as granted`,
				[role, `${schema}.${name}`]
			);
			cells.push(rows[0]?.rights ?? '-');
		}
		lines.push(`| ${schema}.${name} | ${cells.join(' | ')} |`);
	}
	return lines;
}

async function functionLines(): Promise<string[]> {
	const { rows } = await db.owner.query<{ signature: string; definer: boolean; granted: boolean[] }>(
		`select n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature, p.prosecdef as definer,
			array(select has_function_privilege(role, p.oid, 'execute') from unnest($1::text[]) with ordinality as r (role, o) order by o) as granted
		from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private', 'audit') order by 1`,
		[ROLES]
	);
	return [
		`| function | runs as | ${ROLES.join(' | ')} |`,
		`| --- | --- |${' --- |'.repeat(ROLES.length)}`,
		...rows.map(
			(row) =>
				`| ${row.signature} | ${row.definer ? 'owner' : 'caller'} | ${row.granted.map((yes) => (yes ? 'yes' : '-')).join(' | ')} |`
		)
	];
}

test('the role matrix equals the checked-in table', async () => {
	const matrix = [
		'# The role matrix',
		'',
		'Written by `UPDATE_ROLE_MATRIX=1 npm test -- database role-matrix`, read by a person before it is committed, and held against the database by the tests.',
		'',
		'## What each kind of person reads and writes, through the row rules',
		'',
		...(await tableLines()),
		'',
		'## What each database role was granted on tables',
		'',
		...(await grantLines()),
		'',
		'## Who may call each function',
		'',
		...(await functionLines()),
		''
	].join('\n');
	if (process.env.UPDATE_ROLE_MATRIX) await writeFile(FILE, matrix);
	expect(matrix).toBe(await readFile(FILE, 'utf8'));
}, 240_000);

test('every table has row level security, and people have no grants in private or audit', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private', 'audit') and c.relkind in ('r', 'p') and not c.relrowsecurity`
	);
	expect(rows).toEqual([]);
	const granted = await db.owner.query(
		`select table_schema, table_name, grantee from information_schema.role_table_grants
		where table_schema in ('private', 'audit') and grantee in ('anon', 'authenticated', 'service_role', 'app_server', 'PUBLIC')`
	);
	expect(granted.rows).toEqual([]);
});

test('every function that runs as the owner has a fixed search path', async () => {
	const { rows } = await db.owner.query(
		`select p.oid::regprocedure::text as name from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private', 'audit') and p.prosecdef and not coalesce(p.proconfig @> array['search_path=""'], false)`
	);
	expect(rows).toEqual([]);
});

test('app_server reads and writes no table, and inherits nothing', async () => {
	for (const { schema, name } of tables) {
		const { rows } = await db.owner.query(
			`select has_any_column_privilege('app_server', $1, 'select, insert, update, references') or has_table_privilege('app_server', $1, 'delete, truncate, trigger') as any`,
			[`${schema}.${name}`]
		);
		expect({ name, any: rows[0].any }).toEqual({ name, any: false });
	}
	const { rows } = await db.owner.query(
		`select rolbypassrls, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = 'app_server'`
	);
	expect(rows).toEqual([{ rolbypassrls: false, rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
});

test('an organiser of another Summit has no role here', async () => {
	const other = await makeWorld(db.owner);
	for (const role of organiserRoles) {
		await db.owner.query('begin');
		await setCaller(db.owner, other.people[role]);
		const counts = await db.owner.query<{ registrations: string; drafts: string; queue: string }>(
			`select (select count(*) from public.registrations where summit_id = $1) as registrations,
				(select count(*) from public.sessions where summit_id = $1) as drafts,
				(select count(*) from public.queue_entries where summit_id = $1) as queue`,
			[world.summit]
		);
		await db.owner.query('rollback');
		expect({ role, ...counts.rows[0] }).toEqual({ role, registrations: '0', drafts: '0', queue: '0' });
	}
});
