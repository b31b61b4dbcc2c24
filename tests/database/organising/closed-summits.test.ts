/* A closed Summit is read-only: every table of it refuses people, or is listed with a reason; the closing can be taken back until data went. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { addPasskey, ageSession, askIn, openAuthSession } from '../../fixtures/passkeys.ts';
import { billing, makePayers } from '../../fixtures/paying.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { sweepRound } from '../../fixtures/retention.ts';
import { makePerson, setCaller, type TestPerson, type World } from '../../fixtures/world.ts';

interface SummitTable {
	name: string;
	/** Null: of no Summit. */
	column: string | null;
	parent: string | null;
	/** Whether it has no such column, and refers to a table that refuses. */
	follows: boolean;
	reason: string | null;
	refuses: boolean;
}

const db = useDatabase();
let world: World;
let owner: TestPerson;
/** Every item that is open when a Summit is closed. */
let all: string[];

beforeAll(async () => {
	world = await makeRetainedWorld(db.owner);
	owner = world.people.owner;
	all = await readValue<string[]>(db.owner, 'select array(select key from private.closing_items($1))', [world.summit]);
	// What forbids closing has a test of its own.
	await db.owner.query(`update public.runs set state = 'ended', ended_at = now()`);
	await db.owner.query('update private.concern_alarms set next_at = null');
	await db.owner.query(`update public.checkouts set state = 'expired'`);
});

const put = (sql: string, ...values: unknown[]) => db.owner.query(sql, [world.summit, ...values]);
/** Sets the state, and accepts all that is open. */
const setState = (state: string, who = owner, client = db.owner) =>
	callAs<{ status: string; classes?: string[]; items?: string[] }>(client, who, 'public.set_summit_state($1, $2, $3)', [
		world.summit,
		state,
		all
	]);
const stateOf = () => readValue<string>(db.owner, 'select state from public.summits where id = $1', [world.summit]);

/** Every table, by what it says to which Summit a row belongs: by its own column, or by what it refers to. */
async function summitTables(): Promise<SummitTable[]> {
	const { rows } = await db.owner.query<SummitTable>(
		`select coalesce(c.relnamespace::regnamespace || '.' || c.relname, w.table_name) as name, w.reason,
			k.name as column, (select f.confrelid::regclass::text from pg_constraint as f
				join pg_attribute as a on a.attrelid = c.oid and a.attname = k.name and a.attnum = f.conkey[1]
				where f.conrelid = c.oid and f.contype = 'f' and k.name <> 'summit_id' order by 1 limit 1) as parent,
			k.name is null and exists (select from pg_constraint as f
				join pg_trigger as t on t.tgrelid = f.confrelid and t.tgname = 'refuse_when_closed'
				where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> 'public.summits'::regclass) as follows,
			exists (select from pg_trigger as t where t.tgrelid = c.oid and t.tgname = 'refuse_when_closed'
				-- Before insert, update and delete, for each row.
				and t.tgenabled = 'O' and t.tgtype & 31 = 31) as refuses
		from (select * from pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('public', 'private')
			and oid <> 'public.summits'::regclass) as c
		full join private.writable_after_closing as w on w.table_name = c.relnamespace::regnamespace || '.' || c.relname
		left join lateral (select private.summit_column(c.oid) as name) as k on true
		order by 1`
	);
	return rows;
}

test('every table of a Summit refuses people when it is closed, or is listed with its reason', async () => {
	const tables = await summitTables();
	expect(
		tables.filter(({ column, follows, reason, refuses }) =>
			column === null ? refuses || follows !== (reason !== null) : refuses === (reason !== null)
		)
	).toEqual([]);
	expect(tables.filter(({ refuses }) => refuses).length).toBeGreaterThan(100);
});

test('people write no row of a closed Summit, and the app still does', async () => {
	const tables = (await summitTables()).filter(({ refuses }) => refuses);
	const [wrong, tried]: [unknown[], string[]] = [[], []];
	await db.owner.query('begin');
	await put(`update public.summits set state = 'closed' where id = $1`);
	/** The SQLSTATE of a statement with the claims of a request and all rights of the database: only the trigger refuses. */
	const outcome = async (sql: string, who: TestPerson | null | 'app') => {
		await db.owner.query('savepoint attempt');
		if (who !== 'app') await setCaller(db.owner, who, 'none');
		const code = await db.owner.query(sql, [world.summit]).then(
			() => 'ok',
			(refused: { code: string }) => refused.code
		);
		await db.owner.query('rollback to savepoint attempt');
		return code;
	};
	const elsewhere = await readValue<string>(
		db.owner,
		`insert into public.summits (slug, name, zone, starts_on, ends_on, state)
		values ('open-one', '{"original":"en","en":"Open"}', 'UTC', current_date, current_date, 'open') returning id`
	);
	for (const { name, column, parent } of tables) {
		const key = column ?? '';
		// Tables without an id have the session in their key.
		const named = parent === 'private.session_places' || parent === 'release_sessions' ? 'session_id' : 'id';
		// Rooms are of a run, or of no Summit.
		const from =
			parent === 'private.meeting_rooms'
				? `(select o.id, r.summit_id from ${parent} as o join public.runs as r on r.id = o.run_id) as o`
				: parent;
		const where = from ? `${key} in (select ${named} from ${from} where summit_id = $1)` : `${key} = $1`;
		const change = `update ${name} set ${key} = ${key} where ${where}`;
		const row = await readValue<string | null>(db.owner, `select jsonb_agg(t)->0 from ${name} as t where ${where}`, [
			world.summit
		]);
		if (row !== null) tried.push(name);
		if (row !== null)
			for (const [who, sql] of [
				[owner, change],
				[world.people.delegate, `delete from ${name} where ${where}`],
				// Nor is one moved to a Summit that is open.
				...(key === 'summit_id'
					? [[owner, `update ${name} set summit_id = '${elsewhere}' where ${where}`] as const]
					: []),
				[null, `insert into ${name} overriding system value select * from ${name} where ${where}`]
			] as const) {
				const code = await outcome(sql, who);
				// Some rows nobody deletes or writes so, in any state.
				const always = code !== 'PT423' && code !== 'ok' && code === (await outcome(sql, 'app'));
				if (code !== 'PT423' && !always) wrong.push([name, sql, code]);
			}
	}
	expect(wrong).toEqual([]);
	expect(tried.length).toBeGreaterThan(90);
	// A job, a webhook, a device that was without a network: no request of a person.
	expect(await outcome('update public.registrations set reference = reference where summit_id = $1', 'app')).toBe('ok');
	const settings = `update public.summits set slug = 'moved' where id = $1`;
	expect([await outcome(settings, owner), await outcome(settings, 'app')]).toEqual(['PT423', 'ok']);
	await db.owner.query('rollback');
});

test('what has to be possible at any time is still done: money, consent, concerns', async () => {
	const payers = await makePayers(db.owner);
	const { delegate, speaker } = world.people;
	await put(`update public.summits set state = 'closed' where id in ($1, $2)`, payers.summit);
	const mark = () => callAs(db.owner, delegate, 'public.mark_session($1, true)', [world.sessions.public.id]);
	await expect(mark()).rejects.toMatchObject({ code: 'PT423' });
	expect(
		await callAs(db.owner, payers.finance, `public.record_bank_payment($1, 5000, 'EUR', current_date, 'Late')`, [
			payers.orders[0]
		])
	).toMatchObject({ status: 'paid' });
	expect(
		await readValue(db.owner, 'select state from public.registrations where id = $1', [payers.registrations[0]])
	).toBe('confirmed');
	const participation = await readValue<string>(
		db.owner,
		'select id from public.session_people where session_id = $1 and person_id = $2',
		[world.sessions.public.id, speaker.person]
	);
	expect(
		await callAs(db.owner, speaker, 'public.save_participation_consents($1, true, false, false, false)', [
			participation
		])
	).toBe('ok');
	const concerns = () => readValue<number>(db.owner, 'select count(*)::integer from private.concerns');
	const before = await concerns();
	await callAs(db.owner, delegate, `private.raise_concern($1, null, null, $2, 'other', '\\x01', 'k', null)`, [
		world.summit,
		delegate.person
	]);
	expect(await concerns()).toBe(before + 1);
	await db.owner.query('delete from private.concern_alarms');
	await setState('open');
	await mark();
});

test('owners alone close, archive and take back, with a passkey, and of two at once one does', async () => {
	const { programme, delegate, safeguarding } = world.people;
	for (const who of [programme, delegate, safeguarding])
		expect(await setState('closed', who)).toEqual({ status: 'not_allowed' });
	const second = await makePerson(db.owner, 'Second owner');
	await put(`insert into public.role_grants (person_id, role, summit_id) values ($2, 'owner', $1)`, second.person);
	const clients = [await db.connect(), await db.connect()] as const;
	const answers = await Promise.all([setState('closed', owner, clients[0]), setState('closed', second, clients[1])]);
	expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'ok']);
	await Promise.all(clients.map((client) => client.end()));
	for (const state of ['archived', 'closed', 'live'])
		expect([state, await setState(state), await stateOf()]).toEqual([state, { status: 'ok' }, state]);
	await db.app.query('select private.set_passkeys_required(true)');
	const session = await openAuthSession(db, second);
	await addPasskey(db.app, session);
	const set = () => askIn(db.owner, session, `select public.set_summit_state($1, 'closed', $2)`, [world.summit, all]);
	await ageSession(db, session, { confirmed: '6 minutes', acted: '1 minute' });
	await expect(set()).rejects.toMatchObject({ code: 'PT428' });
	expect(await stateOf()).toBe('live');
	await ageSession(db, session, { confirmed: '1 minute' });
	expect(await set()).toEqual({ status: 'ok' });
	await db.app.query('select private.set_passkeys_required(false)');
	await setState('open');
});

test('the closing is taken back until retention deletes something, and the refusal names what', async () => {
	await setState('closed');
	const age = (days: number) =>
		put(
			`update private.retention_clocks set started_at = now() - make_interval(days => $2) where summit_id = $1`,
			days
		);
	await age(6);
	expect(await setState('archived')).toEqual({ status: 'ok' });
	expect(await setState('open')).toEqual({ status: 'ok' });
	await setState('archived');
	await age(31);
	const ran = { status: 'clock_ran', classes: ['logistics', 'needs', 'emergency_contacts'] };
	expect([await setState('open'), await setState('closed')]).toEqual([ran, ran]);
	expect(await stateOf()).toBe('archived');
	// What is under a legal hold is not deleted.
	for (const held of ran.classes)
		await put(
			`insert into private.legal_holds (via_summit_id, class, summit_id, reason) values ($1, $2, $1, 'A court asks.')`,
			held
		);
	expect(await setState('open')).toEqual({ status: 'ok' });
});

test('what runs or is in flight forbids closing by name, and what else is open is accepted one by one', async () => {
	const state = (accepted: string[]) =>
		callAs<{ status: string; items?: string[] }>(db.owner, owner, `public.set_summit_state($1, 'closed', $2)`, [
			world.summit,
			accepted
		]);
	interface Closing {
		items: { key: string; blocks: boolean; count: number | null; details: string[] }[];
		clocks: { code: string; due_at: string | null }[];
	}
	const read = (who = owner) => callAs<Closing | null>(db.owner, who, 'public.read_closing($1)', [world.summit]);
	await put(`update public.runs set state = 'live', ended_at = null where id = $2 and summit_id = $1`, world.run);
	const found = await read();
	expect(found?.items.find(({ key }) => key === 'live_runs')).toEqual({
		key: 'live_runs',
		blocks: true,
		count: 1,
		details: [world.sessions.public.code]
	});
	const open = found?.items.filter(({ count, blocks, key }) => !blocks && key !== 'concerns' && count) ?? [];
	const keys = open.map(({ key }) => key);
	expect(keys).toEqual(expect.arrayContaining(['refunds', 'registrations', 'mails', 'recordings']));
	expect(await state(keys)).toEqual({ status: 'blocked', items: ['live_runs'] });
	// An open stage that is not live forbids it too: somebody may be in its green room.
	await put(`update public.runs set state = 'waiting' where id = $2 and summit_id = $1`, world.run);
	expect(await state(keys)).toEqual({ status: 'blocked', items: ['live_runs'] });
	await put(`update public.runs set state = 'ended', ended_at = now() where id = $2 and summit_id = $1`, world.run);
	expect(await state(keys.slice(1))).toEqual({ status: 'open', items: keys.slice(0, 1) });
	// Owners learn nothing of concerns, and nobody else reads the page.
	expect(found?.items.find(({ key }) => key === 'concerns')?.count).toBeNull();
	for (const who of [world.people.programme, world.people.safeguarding, world.people.delegate])
		expect([who.name, await read(who)]).toEqual([who.name, null]);
	expect(found?.clocks.every(({ due_at }) => due_at === null)).toBe(true);
	expect(await state(keys)).toEqual({ status: 'ok' });
	expect((await read())?.clocks.every(({ due_at }) => due_at !== null)).toBe(true);
	await setState('open');
});

test('an archived Summit shows the people of a session no more than everybody sees', async () => {
	const { speaker, virtual } = world.people;
	const { closed, members } = world.sessions;
	for (const session of [closed, members])
		await put(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($2, $1, $3, 'interpreter', 'confirmed')`,
			session.id,
			virtual.person
		);
	const token = world.summit.replaceAll('-', '').repeat(2);
	await callAs(db.owner, virtual, 'public.create_calendar_link($1, $2)', [world.summit, token]);
	/** What the interpreter and the speaker see of the closed session, and the sessions of the interpreter's feed. */
	const look = async () => {
		const sees = [];
		for (const who of [virtual, speaker])
			for (const sql of [
				'private.can_see(private.me(), $1)',
				`private.may_read_version(private.me(), $1, 'closed')`,
				'private.me() is not null and exists (select from private.draft_sessions() as d where d = $1)',
				'private.file_access_of($1) is not null'
			])
				sees.push(await callAs<boolean>(db.owner, who, sql, [closed.id]));
		const feed = await db.app.query<{ codes: string[] }>(
			`select array(select s ->> 'code' from jsonb_array_elements(private.read_personal_feed(decode($1, 'hex')) #> '{agenda,sessions}') as s) as codes`,
			[token]
		);
		return { sees: new Set(sees), codes: feed.rows[0]?.codes.sort() };
	};
	expect(await look()).toEqual({ sees: new Set([true]), codes: [closed.code, members.code].sort() });
	await put(`update public.summits set state = 'archived' where id = $1`);
	expect(await look()).toEqual({ sees: new Set([false]), codes: [] });
	expect(await callAs(db.owner, speaker, 'public.can_see($1)', [world.sessions.public.id])).toBe(true);
	await put(`update public.summits set state = 'open' where id = $1`);
});

test('an owner learns of an unanswered alarm only when nothing else is in the way of the closing', async () => {
	const read = () => callAs<object>(db.owner, owner, 'public.read_closing($1)', [world.summit]);
	await callAs(
		db.owner,
		world.people.delegate,
		`private.raise_concern($1, null, null, $2, 'other', '\\x01', 'k', null)`,
		[world.summit, world.people.delegate.person]
	);
	await db.owner.query('update private.concern_alarms set next_at = null');
	const before = await read();
	const { rowCount } = await put(
		`update private.concern_alarms as a set next_at = now() from private.concerns as c
		where c.id = a.concern_id and c.summit_id = $1 and c.closed_at is null and a.acknowledged_at is null`
	);
	expect(rowCount).toBeGreaterThan(0);
	expect(await read()).toEqual(before);
	expect(await setState('closed')).toEqual({ status: 'blocked', items: ['concerns'] });
	expect(await callAs(db.owner, owner, `public.set_summit_state($1, 'closed')`, [world.summit])).toMatchObject({
		status: 'open'
	});
	await db.owner.query('update private.concern_alarms set next_at = null');
});

test('a closing of which data were deleted is not taken back by a longer period or a hold that comes later', async () => {
	await db.owner.query('begin');
	await put(`update public.summits set state = 'closed' where id = $1`);
	await put(`delete from private.legal_holds where summit_id = $1`);
	await put(`update private.retention_clocks set started_at = now() - interval '8 days' where summit_id = $1`);
	await sweepRound(db.owner, 'now()');
	const ran = () => readValue<string[]>(db.owner, 'select private.clocks_that_ran($1)', [world.summit]);
	expect(await ran()).toEqual(['emergency_contacts']);
	await put(`insert into private.retention_periods (class, summit_id, days) values ('emergency_contacts', $1, 90)`);
	expect(await ran()).toEqual(['emergency_contacts']);
	await put(
		`insert into private.legal_holds (via_summit_id, class, summit_id, reason) values ($1, 'emergency_contacts', $1, 'A court asks.')`
	);
	expect(await ran()).toEqual(['emergency_contacts']);
	await db.owner.query('rollback');
});

test('an archived Summit names nobody but its speakers, to nobody but its organisers', async () => {
	await put(
		`insert into public.summit_contacts (summit_id, kind, label, mail) values
			($1, 'registration', jsonb_build_object('original', 'en', 'en', $2::text), 'desk@summit.example')`,
		world.people.registration.name
	);
	const { people } = world;
	const named = () => Object.values(people).filter(({ name }) => name !== people.speaker.name);
	const found: string[] = [];
	const look = async (who: TestPerson | null, what: string, sql: string, values: unknown[]) => {
		const answer = await callAs<unknown>(db.owner, who, sql, values).catch(() => null);
		const words = JSON.stringify(answer) ?? '';
		for (const { name } of named())
			if (name !== who?.name && words.includes(name)) found.push(`${what} names ${name} to ${who?.name ?? 'anybody'}`);
	};
	const { rows: functions } = await db.owner.query<{ name: string; types: string[]; names: string[] }>(
		`select p.proname as name, coalesce(p.proargnames[1:p.pronargs], '{}') as names,
			array(select t::regtype::text from unnest(p.proargtypes) with ordinality as a (t, n) order by n) as types
		from pg_proc as p where p.pronamespace = 'public'::regnamespace and p.provolatile <> 'v' and p.prorettype <> 'trigger'::regtype
			and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
		order by 1`
	);
	const { rows: tables } = await db.owner.query<{ name: string }>(
		`select oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')`
	);
	const known: Record<string, unknown> = {
		session: world.sessions.public.id,
		run: world.run,
		registration: world.registrations.waiting,
		person: people.virtual.person,
		member: world.member,
		slug: world.slug,
		room: 'plenary',
		code: world.sessions.public.code,
		language: 'en',
		locale: 'en'
	};
	const valueOf = (name: string, type: string) =>
		/summit/.test(name) && type === 'uuid'
			? world.summit
			: (known[name] ?? (type === 'jsonb' ? '{}' : type === 'integer' ? 1 : type.endsWith('[]') ? '{}' : null));
	const readAll = async (readers: (TestPerson | null)[]) => {
		found.length = 0;
		for (const who of readers) {
			for (const { name, types, names } of functions)
				await look(
					who,
					name,
					`public.${name}(${types.map((type, at) => `$${at + 1}::${type}`).join(', ')})`,
					types.map((type, at) => valueOf(names[at] ?? '', type))
				);
			for (const { name } of tables) await look(who, name, `(select jsonb_agg(t) from ${name} as t)`, []);
		}
		return [...new Set(found)];
	};
	await setState('closed');
	expect((await readAll([people.focal])).length).toBeGreaterThan(0);
	await setState('archived');
	expect(await readAll([null, people.delegate, people.focal, people.speaker])).toEqual([]);
});

test('people withdraw what they agreed to and what they published, at a closed Summit too', async () => {
	const { delegate, speaker, programme, registration: desk } = world.people;
	const registration = world.registrations.delegate;
	const one = <T>(sql: string, ...values: unknown[]) => readValue<T>(db.owner, sql, values);
	const call = (who: TestPerson, sql: string, ...values: unknown[]) => callAs(db.owner, who, sql, values);
	const refused = (who: TestPerson, sql: string, ...values: unknown[]) =>
		expect(call(who, sql, ...values)).rejects.toMatchObject({ code: 'PT423' });
	const item = await one<string>('select item_id from public.consents where registration_id = $1', registration);
	await put(
		`insert into private.emergency_contacts (registration_id, contact_sealed, key_id) values ($2, '\\x01', $1::text)
		on conflict do nothing`,
		registration
	);
	await put(`update public.summits set state = 'closed', refund_until = null where id = $1`);
	const writes = [
		{ step: 5, fields: { consents: { [item]: false } } },
		{ step: 4, fields: { protection: 'talk_first', no_photographs: true, emergency_contact: null, access_needs: '' } }
	];
	expect(await call(delegate, 'public.save_sent_steps($1, $2)', registration, JSON.stringify(writes))).toMatchObject({
		status: 'ok'
	});
	expect(
		await one(
			`select jsonb_build_array((select withdrawn_at is not null from public.consents where registration_id = r.id),
				(select concat(kind, ' ', no_photographs) from private.protections where person_id = r.person_id),
				(select count(*) from private.emergency_contacts where registration_id = r.id))
			from public.registrations as r where r.id = $1`,
			registration
		)
	).toEqual([true, 'talk_first t', 0]);
	// A registration is withdrawn by its person alone, without a refund.
	const other = world.registrations.virtual;
	await refused(desk, 'public.withdraw_registration($1)', other);
	expect(await call(world.people.virtual, 'public.withdraw_registration($1)', other)).toMatchObject({
		status: 'ok',
		refund: 0
	});
	// A file is taken down, and neither changed nor shown again.
	const version = await one<string>(
		`select v.id from private.file_versions as v join private.session_files as f on f.id = v.file_id where f.session_id = $1`,
		world.sessions.public.id
	);
	const file = await one<string>('select file_id from private.file_versions where id = $1', version);
	await put(
		`update public.session_people set state = 'confirmed' where person_id = $2 and summit_id = $1`,
		speaker.person
	);
	for (const who of [speaker, programme]) {
		await refused(who, 'public.restore_file_version($1)', version);
		await refused(who, `public.publish_session_file($1, 'session')`, file);
		expect(await call(who, `public.publish_session_file($1, 'stage')`, file)).toBe('ok');
		expect(await call(who, 'public.withdraw_file_version($1)', version)).toBe('ok');
	}
	await put(`update public.summits set state = 'open' where id = $1`);
	await db.owner.query('delete from private.protections where person_id = $1', [delegate.person]);
});

test('no clock starts a run of a closed Summit, and a page, money and a run can still be settled', async () => {
	const { programme, stage } = world.people;
	const payers = await makePayers(db.owner);
	const [order, registration] = [payers.orders[0] ?? '', payers.registrations[0] ?? ''];
	const asked = await callAs<{ id: string }>(
		db.owner,
		payers.people[0] ?? null,
		`public.request_waiver($1, $2, 'no_budget', '')`,
		[order, registration]
	);
	const run = await readValue<string>(
		db.owner,
		`insert into public.runs (session_id, summit_id, room_id, level) values ($1, $2, $3, 'members') returning id`,
		[world.sessions.members.id, world.summit, world.room]
	);
	await db.owner.query('select private.lock_stage_settings($1)', [run]);
	await db.owner.query(
		`update private.run_stage_settings set starts_at = now() - interval '1 minute' where run_id = $1`,
		[run]
	);
	await put(`update public.summits set state = 'closed' where id in ($1, $2)`, payers.summit);
	const of = (id: string) => readValue<string>(db.owner, 'select state from public.runs where id = $1', [id]);
	await db.app.query('select private.run_session_timers()');
	expect(await of(run)).toBe('waiting');
	expect(await callAs(db.owner, stage, `public.set_run_state($1, 'ended')`, [run])).toBe('ok');
	// Money: nothing expires, and finance goes on.
	await db.app.query(`select private.sweep_deadlines(now() + interval '1 year')`);
	expect(await readValue(db.owner, 'select state from public.registrations where id = $1', [registration])).toBe(
		'awaiting_payment'
	);
	const finance = <T>(sql: string, ...values: unknown[]) => callAs<T>(db.owner, payers.finance, sql, values);
	expect(await finance(`public.extend_order($1, now() + interval '300 days')`, order)).toBe('ok');
	const invoice = await finance<{ status: string; invoice_id: string }>(
		'public.request_invoice($1, $2)',
		order,
		billing
	);
	expect(invoice).toMatchObject({ status: 'ok' });
	expect(
		await finance(`public.correct_invoice($1, $2, 'Wrong address')`, invoice.invoice_id, {
			...billing,
			address: '5 Hill Road'
		})
	).toMatchObject({ status: 'ok' });
	expect(await finance(`public.decide_waiver($1, true)`, asked.id)).toMatchObject({ status: 'ok' });
	// A page is taken down, and not written again.
	const page = await readValue<string>(
		db.owner,
		'select id from private.pages where summit_id = $1 and published is not null',
		[world.summit]
	);
	const revision = await readValue<number>(db.owner, 'select revision from private.pages where id = $1', [page]);
	const restore = () => callAs(db.owner, programme, 'public.restore_page_version($1, 1, $2)', [page, revision]);
	expect(await callAs(db.owner, programme, 'public.unpublish_page($1)', [page])).toBe('ok');
	await expect(restore()).rejects.toMatchObject({ code: 'PT423' });
	await put(`update public.summits set state = 'open' where id = $1`);
});
