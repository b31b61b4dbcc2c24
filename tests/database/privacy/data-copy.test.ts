/* Everything about me: which tables and columns a copy gives, that it is complete, says nothing about others, and is read once. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { columnWords, tableWords } from '../../../src/lib/privacy/copy-words.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { fillOtherTables } from '../../fixtures/table-rows.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await fillOtherTables(db.owner, world);
});

/** Work of the machine, secrets, what staff wrote, decisions that are not announced, and second copies. */
const heldBack = [
	'private.bank_rows.adjustment_id',
	'private.bank_rows.bank_reference',
	'private.bank_rows.batch_reference',
	'private.bank_rows.line',
	'private.bank_rows.note',
	'private.bank_rows.statement',
	'private.campaign_recipients.member_ids',
	'private.campaign_recipients.round',
	'private.certificates.sessions',
	'private.co_speaker_suggestions.display_name',
	'private.concerns.locale',
	'private.door_scans.answer',
	'private.door_scans.day',
	'private.door_scans.offset_ms',
	'private.door_scans.seq',
	'private.file_versions.object_name',
	'private.guardian_claims.named_today',
	'private.information_requests.reminders',
	'private.logistics_answers.object_name',
	'private.meeting_comments.number',
	'private.meeting_messages.number',
	'private.meeting_messages.reporters',
	'private.meeting_participants.breakout',
	'private.meeting_participants.cameras',
	'private.meeting_participants.hands',
	'private.meeting_participants.identity',
	'private.meeting_participants.on_air',
	'private.meeting_participants.sid',
	'private.needs.team',
	'private.outbox.idempotency_key',
	'private.outbox.last_error',
	'private.outbox.params',
	'private.outbox.priority',
	'private.passkeys.counter',
	'private.passkeys.transports',
	'private.personal_links.scope',
	'private.portraits.large_object',
	'private.portraits.small_object',
	'private.proposal_decisions.decision',
	'private.proposal_people.address_mask',
	'private.proposal_people.locale',
	'private.proposal_people.sent_at',
	'private.push_subscriptions.auth',
	'private.push_subscriptions.p256dh',
	'private.reviewers.track_ids',
	'private.run_participants.identity',
	'private.session_questions.level',
	'private.text_suggestions.base',
	'private.visa_letters.code',
	'private.visa_letters.number',
	'public.checkouts.payment_intent',
	'public.checkouts.session_id',
	'public.checkouts.url',
	'public.invoices.number',
	'public.invoices.year',
	'public.order_adjustments.provider_ref',
	'public.people.portrait_path',
	'public.refunds.failed_refs',
	'public.refunds.failure',
	'public.refunds.provider_ref',
	'public.registrations.form_step',
	'public.session_audiences.category',
	'public.session_audiences.sector'
];

interface Copy {
	tables: { name: string; section: string; rows: Record<string, unknown>[] }[];
	mails: { template: string }[];
}

const copyOf = (who: TestPerson) => readValue<Copy>(db.owner, 'select private.copy_of($1)', [who.person]);

describe('the list of tables', () => {
	test('says of every table that refers to a person whether it is given', async () => {
		const { rows } = await db.owner.query<{ name: string }>(
			`select distinct n.nspname || '.' || c.relname as name
			from pg_constraint as k
			join pg_class as c on c.oid = k.conrelid
			join pg_namespace as n on n.oid = c.relnamespace
			where k.contype = 'f' and n.nspname in ('public', 'private')
				and k.confrelid in ('public.people'::regclass, 'public.registrations'::regclass, 'auth.users'::regclass)
				-- Columns that are emptied when somebody goes say who did something.
				and k.confdeltype <> 'n'
			except
			select name from (select name from private.copied_tables union all select name from private.not_copied_tables) as l
			order by 1`
		);
		expect(rows).toEqual([]);
	});

	test('names no table twice', async () => {
		const { rows } = await db.owner.query(
			`select name from private.copied_tables intersect select name from private.not_copied_tables`
		);
		expect(rows).toEqual([]);
	});

	test('gives no column that leads to somebody else, and none that is hashed or a key', async () => {
		const { rows } = await db.owner.query(
			`select t.name, a.attname
			from private.copied_tables as t
			cross join unnest(t.columns) as listed
			left join pg_attribute as a on a.attrelid = t.name::regclass and a.attname = listed and not a.attisdropped
			where (a.attname is null and listed <> 'currency')
				or a.attname ~ '(_hash|^key_id|token|secret)$'
				or exists (select from pg_constraint as k
					where k.contype = 'f' and k.conrelid = t.name::regclass and a.attnum = k.conkey[1]
						and k.confrelid in ('public.people'::regclass, 'public.registrations'::regclass, 'auth.users'::regclass))`
		);
		expect(rows).toEqual([]);
	});

	test('has a word for every table and column, and for nothing else', async () => {
		const names = await readValue<string[]>(
			db.owner,
			`select array_agg(split_part(name, '.', 2) order by name) from private.copied_tables`
		);
		expect(Object.keys(tableWords).sort()).toEqual(names.sort());
		const columns = await readValue<string[]>(
			db.owner,
			`select array_agg(distinct regexp_replace(c, '_(id|sealed)$', '')) from private.copied_tables, unnest(columns) as c`
		);
		expect(Object.keys(columnWords).sort()).toEqual(columns.sort());
	});

	test('decides about every column that may say something: these are held back', async () => {
		const { rows } = await db.owner.query<{ column: string }>(
			`select t.name || '.' || a.attname as column
			from private.copied_tables as t
			join pg_attribute as a on a.attrelid = t.name::regclass and a.attnum > 0 and not a.attisdropped
			where not a.attname = any (t.columns)
				and a.atttypid::regtype::text not in ('uuid', 'bytea', 'timestamp with time zone', 'boolean')
				and a.attname !~ '(^id|key_id|version|attempts|rank|fingerprint|position)$'
			order by 1`
		);
		expect(rows.map(({ column }) => column)).toEqual(heldBack);
	});
});

test('gives every table that has a row about the person, with names instead of ids', async () => {
	const { delegate } = world.people;
	const copy = await copyOf(delegate);
	const given = copy.tables.map(({ name }) => name);
	const { rows } = await db.owner.query<{ name: string; owner_column: string }>(
		`select name, owner_column from private.copied_tables where owner = 'person' order by 1`
	);
	const filled: string[] = [];
	for (const { name, owner_column } of rows) {
		const count = await readValue<number>(
			db.owner,
			`select count(*)::integer from ${name} where ${owner_column} = $1`,
			[delegate.person]
		);
		if (count > 0) filled.push(name);
	}
	expect(filled.length).toBeGreaterThan(5);
	expect(given).toEqual(expect.arrayContaining(filled));
	const registration = copy.tables.find(({ name }) => name === 'public.registrations')?.rows[0];
	expect(registration).toMatchObject({ category: 'delegate', summit: { original: 'en' } });
	expect(JSON.stringify(copy)).not.toContain(delegate.person);
});

test('names nobody else', async () => {
	const all = Object.values(world.people);
	for (const who of all) {
		const copy = JSON.stringify(await copyOf(who));
		expect(all.filter((other) => other !== who && copy.includes(other.name)).map(({ name }) => name)).toEqual([]);
	}
});

test('does not name a session that the person no longer sees', async () => {
	const { delegate } = world.people;
	const { closed } = world.sessions;
	await db.owner.query(
		`insert into public.agenda_marks (person_id, session_id) values ($1, $2), ($1, $3) on conflict do nothing`,
		[delegate.person, closed.id, world.sessions.public.id]
	);
	const copy = JSON.stringify(await copyOf(delegate));
	expect(copy).toContain(world.sessions.public.title);
	expect(copy).not.toContain(closed.title);
});

/** Calls a function as somebody, in one of their sessions of Auth. */
async function call<Answer>(
	who: TestPerson,
	session: string | null,
	sql: string,
	values: unknown[] = []
): Promise<Answer> {
	const client = await db.connect();
	await client.query('begin');
	try {
		const claims = { sub: who.account, role: 'authenticated', ...(session && { session_id: session }) };
		await client.query(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify(claims)]);
		await client.query('set local role authenticated');
		return await readValue<Answer>(client, sql, values);
	} finally {
		await client.query('commit');
		await client.end();
	}
}

const ask = (who: TestPerson, session: string | null = null) =>
	call<string>(who, session, 'select public.request_data_copy()');

const read = (who: TestPerson, copy: string, session: string | null = null) =>
	call<{ status: string; copy?: unknown }>(who, session, 'select public.read_data_copy($1)', [copy]);

const newest = (who: TestPerson) =>
	readValue<string>(
		db.owner,
		'select id from private.data_copies where person_id = $1 order by asked_at desc limit 1',
		[who.person]
	);

describe('a copy that was asked for', () => {
	test('is read once, of ten downloads at once by one', async () => {
		const { virtual } = world.people;
		expect(await ask(virtual)).toBe('ok');
		const id = await newest(virtual);
		const answers = await Promise.all(Array.from({ length: 10 }, () => read(virtual, id)));
		expect(answers.map(({ status }) => status).sort()).toEqual(['ok', ...Array.from({ length: 9 }, () => 'used')]);
	});

	test('is read by nobody else, and not after 24 hours', async () => {
		const { virtual, delegate, owner, safeguarding } = world.people;
		expect(await ask(virtual)).toBe('ok');
		const id = await newest(virtual);
		for (const other of [delegate, owner, safeguarding]) expect(await read(other, id)).toEqual({ status: 'not_found' });
		await db.owner.query(`update private.data_copies set expires_at = now() where id = $1`, [id]);
		expect(await read(virtual, id)).toEqual({ status: 'expired' });
		expect(await read(virtual, randomUUID())).toEqual({ status: 'not_found' });
	});

	test('waits with two others at most', async () => {
		const { listed } = world.people;
		expect([await ask(listed), await ask(listed), await ask(listed), await ask(listed)]).toEqual([
			'ok',
			'ok',
			'ok',
			'too_many'
		]);
	});

	test('is not for an assistant', async () => {
		const { programme, waiting } = world.people;
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation, until) values ($1, $2, 'assistant', now() + interval '1 day')`,
			[programme.account, waiting.person]
		);
		expect(await ask(programme)).toBe('ok');
		const copy = JSON.stringify(await read(programme, await newest(programme)));
		expect(copy).not.toContain(waiting.name);
	});

	test('tells the person by mail', async () => {
		const { rows } = await db.owner.query(
			`select count(*)::integer from private.outbox where template = 'data_copy_requested' and person_id = $1`,
			[world.people.listed.person]
		);
		expect(rows).toEqual([{ count: 3 }]);
	});
});

describe('a protected person', () => {
	async function sessionOf(who: TestPerson, minutes: number): Promise<string> {
		const id = randomUUID();
		await db.owner.query(
			`insert into auth.sessions (id, user_id, created_at, updated_at) values ($1, $2, now() - make_interval(mins => $3), now())`,
			[id, who.account, minutes]
		);
		return id;
	}

	test('signs in once more before, to ask and to download', async () => {
		const { speaker } = world.people;
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [
			speaker.person
		]);
		const [old, fresh] = [await sessionOf(speaker, 16), await sessionOf(speaker, 14)];
		expect(await ask(speaker, old)).toBe('confirm_first');
		expect(await ask(speaker, fresh)).toBe('ok');
		const id = await newest(speaker);
		expect(await read(speaker, id, old)).toEqual({ status: 'confirm_first' });
		expect((await read(speaker, id, fresh)).status).toBe('ok');
	});

	test('confirms with a passkey where there is one, however fresh the session is', async () => {
		const { focal } = world.people;
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [focal.person]);
		const passkey = await readValue<string>(
			db.owner,
			`insert into private.passkeys (person_id, credential_id, user_handle, public_key, name)
			values ($1, $2, $3, '\\x01', 'Phone') returning id`,
			[focal.person, Buffer.from(randomUUID()), Buffer.alloc(32, 1)]
		);
		const session = await sessionOf(focal, 1);
		await expect(ask(focal, session)).rejects.toMatchObject({ code: 'PT428' });
		await db.owner.query(`insert into private.session_assurances (session_id, passkey_id) values ($1, $2)`, [
			session,
			passkey
		]);
		expect(await ask(focal, session)).toBe('ok');
		await db.owner.query(`update private.session_assurances set confirmed_at = now() - interval '6 minutes'`);
		await expect(read(focal, await newest(focal), session)).rejects.toMatchObject({ code: 'PT428' });
	});
});
