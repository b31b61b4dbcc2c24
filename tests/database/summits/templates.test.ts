/* A Summit from an earlier edition takes over its settings and lists, and nothing that happened there. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;

const text = (words: string) => JSON.stringify({ original: 'en', en: words });
const run = (sql: string, ...values: unknown[]) => db.owner.query(sql, [world.summit, ...values]);

beforeAll(async () => {
	// A row in every table that people fill, so that each could be copied by mistake.
	world = await makeRetainedWorld(db.owner);
	chief = await makePerson(db.owner, 'Chief');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [chief.person]);
	await run(
		`update public.summits set zone = 'Europe/Lisbon', starts_on = '2027-06-08', ends_on = '2027-06-11', currency = 'KES', languages = '{en,fr}',
			summary = $2, city = $3, country = 'UY', address = 'Rambla 1', review_days = 9, refund_percent = 40,
			registration_opens_at = '2027-01-10T09:00Z', registration_closes_at = '2027-06-10T17:00Z',
			nominations_close_at = '2027-05-01T10:00Z', names_freeze_at = null, logistics_due_at = null, refund_until = null
		where id = $1`,
		text('In one sentence'),
		text('Montevideo')
	);
	await run(`delete from private.calls where summit_id = $1`);
	const track = await readValue(
		db.owner,
		`insert into public.tracks (summit_id, slug, name) values ($1, 'learning', $2) returning id`,
		[world.summit, text('Learning')]
	);
	await run(
		`insert into private.calls (summit_id, opens_at, closes_at, text, track_ids) values ($1, '2027-01-01T00:00Z', '2027-03-01T00:00Z', $2, array[$3]::uuid[])`,
		text('Propose a session'),
		track
	);
	await run(`insert into private.edition_origins (summit_id, from_id) values ($1, $1)`);
	await run(`insert into private.retention_periods (class, summit_id, days) values ('presence', $1, 200)`);
	await run(`insert into private.participation_defaults (summit_id, chat) values ($1, 'slow')`);
	await run(`insert into private.schedule_settings (summit_id, day_begins) values ($1, 240)`);
	await run(`insert into private.speaker_settings (summit_id, texts_due_at) values ($1, '2027-05-08T10:00Z')`);
	await run(`insert into private.review_criteria (summit_id, name) values ($1, $2)`, text('Relevance'));
	await run(`insert into public.rooms (summit_id, slug, name) values ($1, 'baobab', $2)`, text('Baobab'));
	await run(`delete from public.walking_times where summit_id = $1`);
	await run(
		`insert into public.walking_times (summit_id, first_room_id, second_room_id, minutes)
		select $1, least(a.id, b.id), greatest(a.id, b.id), 7 from public.rooms as a, public.rooms as b
		where a.summit_id = $1 and b.summit_id = $1 and a.slug = 'plenary' and b.slug = 'baobab'`
	);
	await run(
		`insert into public.room_equipment (room_id, summit_id, building, equipment) select id, $1, 'North', '{Projector}' from public.rooms where summit_id = $1 and slug = 'baobab'`
	);
	await run(
		`insert into public.mail_texts (summit_id, template, locale, version, subject, body, saved_by)
		values ($1, 'accredited', 'en', 101, 'Old', 'Old', $2), ($1, 'accredited', 'en', 102, 'New', 'New', $2),
			($1, 'accredited', 'fr', 101, 'Ancien', 'Ancien', $2), ($1, 'accredited', 'fr', 102, null, null, $2)`,
		world.people.owner.person
	);
	await run(
		`insert into public.logistics_fields (summit_id, key, label, purpose, kind, retired_at) values ($1, 'retired_field', $2, $2, 'text', now())`,
		text('Retired')
	);
	await run(
		`insert into public.fees (summit_id, mode, sector, amount, currency, valid_from, valid_until)
		values ($1, 'virtual', 'government', 123, 'KES', null, '2027-05-08T10:00Z'),
			($1, 'virtual', 'government', 246, 'KES', '2027-05-08T10:00Z', null)`
	);
});

type Made = { status: string; faults?: string[]; slug?: string };

const create = (who: TestPerson, slug: string, settings: object = {}, template = world.summit, client = db.owner) =>
	callAs<Made>(client, who, `public.create_summit_from($1, $2)`, [
		template,
		JSON.stringify({
			slug,
			name: { original: 'en', en: 'A new Summit' },
			zone: 'Africa/Nairobi',
			starts_on: '2029-06-05',
			ends_on: '2029-06-07',
			languages: ['en', 'ar'],
			...settings
		})
	]);
/** Creates one with the chosen parts. */
const createWith = (slug: string, parts: string[] | null, template = world.summit) =>
	callAs<Made>(db.owner, chief, `public.create_summit_from($1, $2, $3)`, [
		template,
		JSON.stringify({
			slug,
			name: { original: 'en', en: 'A new Summit' },
			zone: 'Africa/Nairobi',
			starts_on: '2029-06-05',
			ends_on: '2029-06-07'
		}),
		parts
	]);
const newSlug = () => `n-${randomUUID().slice(0, 8)}`;
const idOf = (slug: string) => readValue<string>(db.owner, `select id from public.summits where slug = $1`, [slug]);

/** The tables that have rows of a Summit. */
async function filledTables(summit: string): Promise<string[]> {
	const { rows } = await db.owner.query<{ name: string }>(
		`select c.table_schema || '.' || c.table_name as name from information_schema.columns as c
		join information_schema.tables as t using (table_schema, table_name)
		where c.column_name = 'summit_id' and c.table_schema in ('public', 'private') and t.table_type = 'BASE TABLE' order by 1`
	);
	const filled: string[] = [];
	for (const { name } of rows)
		if (await readValue(db.owner, `select exists (select from ${name} where summit_id = $1)`, [summit]))
			filled.push(name);
	return filled;
}

const copied = [
	'private.call_questions',
	'private.calls',
	'private.edition_origins',
	'private.file_settings',
	'private.page_files',
	'private.pages',
	'private.participation_defaults',
	'private.retention_periods',
	'private.review_criteria',
	'private.schedule_settings',
	'private.speaker_settings',
	'private.surveys',
	'public.accreditation_settings',
	'public.allocation_policies',
	'public.check_limits',
	'public.check_settings',
	'public.checkpoints',
	'public.consent_items',
	'public.fees',
	'public.figure_settings',
	'public.formats',
	'public.logistics_fields',
	'public.mail_settings',
	'public.mail_texts',
	'public.mode_capacities',
	'public.pools',
	'public.room_equipment',
	'public.rooms',
	'public.seat_ceilings',
	'public.summit_texts',
	'public.tracks',
	'public.vat_rates',
	'public.walking_times'
];

test('copies these lists and settings and no other table', async () => {
	const there = await filledTables(world.summit);
	// Else the test would not show that they are copied, and that others are not.
	expect(there).toEqual(expect.arrayContaining(copied));
	for (const never of [
		'public.registrations',
		'public.sessions',
		'public.orders',
		'public.summit_contacts',
		'public.role_grants'
	])
		expect(there).toContain(never);
	const slug = newSlug();
	expect(await create(chief, slug)).toEqual({ status: 'ok', slug });
	expect(await filledTables(await idOf(slug))).toEqual(copied);
	// The earlier edition is as it was.
	expect(await filledTables(world.summit)).toEqual(there);
});

test('copies the values, by room, track and newest wording', async () => {
	const slug = newSlug();
	await create(chief, slug);
	const summit = await idOf(slug);
	const rowsOf = async (sql: string, of: string) => (await db.owner.query(sql, [of])).rows;
	for (const sql of [
		`select slug, name, kind, capacity, position, is_quiet_room from public.rooms where summit_id = $1 order by slug`,
		`select slug, name, minutes from public.formats where summit_id = $1 order by slug`,
		`select mode, capacity from public.mode_capacities where summit_id = $1 order by mode`,
		`select sector, mode, ceiling from public.allocation_policies where summit_id = $1 order by sector, mode`,
		`select mode, category, sector, amount, currency from public.fees where summit_id = $1 order by amount, mode`,
		`select kind, body from public.summit_texts where summit_id = $1 order by kind`,
		`select kind, slug, place, position, title, summary, blocks from private.pages where summit_id = $1 order by slug`,
		`select object_name, shown_name, width, height from private.page_files where summit_id = $1`,
		`select key, label, is_required from public.consent_items where summit_id = $1 order by key`,
		`select key, label from public.logistics_fields where summit_id = $1 and retired_at is null order by key`,
		`select label, kind, choices from private.call_questions where summit_id = $1 and retired_at is null order by label`,
		`select r.slug, e.building, e.equipment from public.room_equipment as e join public.rooms as r on r.id = e.room_id where r.summit_id = $1 order by r.slug`,
		`select minutes from public.walking_times as w join public.rooms as r on r.id = w.first_room_id where r.summit_id = $1`,
		`select t.slug, c.text from private.calls as c join public.tracks as t on t.id = any (c.track_ids) and t.summit_id = $1 where c.summit_id = $1`
	]) {
		const before = await rowsOf(sql, world.summit);
		expect(before.length, sql).toBeGreaterThan(0);
		expect(await rowsOf(sql, summit), sql).toEqual(before);
	}
	expect(
		await rowsOf(
			`select locale, version, subject, saved_by from public.mail_texts where summit_id = $1 and template = 'accredited'`,
			summit
		)
	).toEqual([{ locale: 'en', version: 1, subject: 'New', saved_by: chief.person }]);
	expect(
		await rowsOf(`select key from public.logistics_fields where summit_id = $1 and key = 'retired_field'`, summit)
	).toEqual([]);
});

test('copies surveys as drafts with their questions, at the same days of the new edition', async () => {
	const from = await makeWorld(db.owner);
	await db.owner.query(
		`update public.summits set zone = 'Europe/Lisbon', starts_on = '2027-06-08', ends_on = '2027-06-11' where id = $1`,
		[from.summit]
	);
	const { rows: surveys } = await db.owner.query<{ id: string }>(
		`insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at, hours, published_at, smallest_group) values
			($1, 'session', $2, '{}', '2027-06-08 08:00 Europe/Lisbon', '2027-06-12 18:00 Europe/Lisbon', 48, now(), 5),
			($1, 'follow_up', $3, $2, '2027-12-01 09:00 Europe/Lisbon', '2028-01-15 23:00 Europe/Lisbon', null, null, null),
			($1, 'session', $3, '{}', '2027-06-11 08:00 Europe/Lisbon', '2027-06-11 09:00 Europe/Lisbon', 2, null, null)
		returning id`,
		[from.summit, text('Your session'), text('Half a year later')]
	);
	const choices = JSON.stringify(
		['much', 'little'].map((key) => ({ key, label: { original: 'en', en: key, fr: key } }))
	);
	await db.owner.query(
		`insert into private.survey_questions (survey_id, key, kind, label, help, choices, is_required, position, depends_on, depends_values) values
			($1, 'use', 'choice', $2, $2, $3, true, 1, null, '{}'),
			($1, 'why', 'text', $2, '{}', '[]', false, 2, 'use', '{little}')`,
		[surveys[1]?.id, text('Did you use it?'), choices]
	);
	await db.owner.query(
		`insert into private.survey_collections (survey_id, closes_at) values ($1, now() + interval '1 day')`,
		[surveys[1]?.id]
	);
	const slug = newSlug();
	expect(await createWith(slug, ['surveys'], from.summit)).toEqual({ status: 'ok', slug });
	const summit = await idOf(slug);
	const { rows } = await db.owner.query(
		`select kind, title ->> 'en' as title, hours, published_at, smallest_group,
			(opens_at at time zone 'Africa/Nairobi')::text as opens, (closes_at at time zone 'Africa/Nairobi')::text as closes
		from private.surveys where summit_id = $1 order by opens_at`,
		[summit]
	);
	const draft = { published_at: null, smallest_group: null };
	expect(rows).toEqual([
		{
			...draft,
			kind: 'session',
			title: 'Your session',
			hours: 48,
			opens: '2029-06-05 08:00:00',
			closes: '2029-06-08 18:00:00'
		},
		// The fourth day of four, at an edition of three.
		{
			...draft,
			kind: 'session',
			title: 'Half a year later',
			hours: 2,
			opens: '2029-06-08 08:00:00',
			closes: '2029-06-08 09:00:00'
		},
		// As long after the last day as before, and not moved to its end.
		{
			...draft,
			kind: 'follow_up',
			title: 'Half a year later',
			hours: null,
			opens: '2029-11-27 09:00:00',
			closes: '2030-01-11 23:00:00'
		}
	]);
	const questions = async (of: string) =>
		(
			await db.owner.query(
				`select key, q.kind, label, help, choices, is_required, position, depends_on, depends_values
				from private.survey_questions as q join private.surveys as s on s.id = q.survey_id
				where s.summit_id = $1 order by position`,
				[of]
			)
		).rows;
	expect(await questions(from.summit)).toHaveLength(2);
	expect(await questions(summit)).toEqual(await questions(from.summit));
	// What was answered there stays there.
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.survey_collections as c join private.surveys as s on s.id = c.survey_id where s.summit_id = $1`,
			[summit]
		)
	).toBe(0);
	const { items } = await callAs<{ items: { key: string; count: number }[] }>(
		db.owner,
		chief,
		'public.read_copied_edition($1)',
		[summit]
	);
	expect(items).toContainEqual({ key: 'surveys', count: 3 });
});

test('copies that nobody pays, and nothing else of the settings about money', async () => {
	const free = await makeWorld(db.owner);
	await db.owner.query(
		`insert into public.money_settings (summit_id, has_no_fees, issuer_name, transfer_allowed) values ($1, true, 'Secretariat', true)`,
		[free.summit]
	);
	const slug = newSlug();
	expect(await create(chief, slug, {}, free.summit)).toEqual({ status: 'ok', slug });
	const { rows } = await db.owner.query(
		`select has_no_fees, issuer_name, transfer_allowed from public.money_settings where summit_id = $1`,
		[await idOf(slug)]
	);
	expect(rows).toEqual([{ has_no_fees: true, issuer_name: '', transfer_allowed: false }]);
});

test('copies how long data is kept and whether watching counts, as it was last set', async () => {
	const from = await makeWorld(db.owner);
	await db.owner.query(`update public.summits set counts_watching = true where id = $1`, [from.summit]);
	await db.owner.query(
		`insert into private.retention_periods (class, summit_id, days, effective_at, withdrawn_at) values
			('presence', $1, 300, now() - interval '3 days', null), ('presence', $1, 200, now(), null),
			('presence', $1, 100, now(), now()),
			('needs', $1, 90, now() - interval '3 days', null), ('needs', $1, null, now(), null)`,
		[from.summit]
	);
	const slug = newSlug();
	expect(await createWith(slug, [], from.summit)).toEqual({ status: 'ok', slug });
	const { rows } = await db.owner.query(
		`select s.counts_watching, p.class, p.days, p.set_by, p.effective_at <= now() as holds
		from public.summits as s left join private.retention_periods as p on p.summit_id = s.id where s.slug = $1`,
		[slug]
	);
	expect(rows).toEqual([{ counts_watching: true, class: 'presence', days: 200, set_by: chief.person, holds: true }]);
});

test('publishes copied pages that every Summit has, and leaves the others to be read and published', async () => {
	const from = await makeWorld(db.owner);
	const track = await readValue<string>(
		db.owner,
		`insert into public.tracks (summit_id, slug, name) values ($1, 'learning', $2) returning id`,
		[from.summit, text('Learning')]
	);
	const blocks = JSON.stringify([
		{ id: 'aaaa', kind: 'text', text: { original: 'en', en: 'Words' } },
		{ id: 'bbbb', kind: 'sessions', title: {}, sessions: [], track }
	]);
	await db.owner.query(`delete from private.pages where summit_id = $1`, [from.summit]);
	await db.owner.query(
		`with page as (
			insert into private.pages (summit_id, kind, slug, title, blocks, published)
			select $1, kind, kind, $2, $3, 1 from unnest(array['about', 'news', 'venue']) as kind returning *)
		insert into private.page_versions (page_id, number, title, summary, blocks)
		select id, 1, title, summary, blocks from page`,
		[from.summit, text('Title'), blocks]
	);
	const slug = newSlug();
	await createWith(slug, ['programme', 'pages'], from.summit);
	const summit = await idOf(slug);
	const { rows } = await db.owner.query(
		`select p.slug, p.published, t.slug as track from private.pages as p
		left join public.tracks as t on t.id::text = p.blocks -> 1 ->> 'track' and t.summit_id = p.summit_id
		where p.summit_id = $1 order by p.slug`,
		[summit]
	);
	expect(rows).toEqual([
		{ slug: 'about', published: 1, track: 'learning' },
		{ slug: 'news', published: null, track: 'learning' },
		{ slug: 'venue', published: null, track: 'learning' }
	]);
	const look = async () =>
		(
			await callAs<{ items: { key: string; count: number }[] }>(db.owner, chief, 'public.read_copied_edition($1)', [
				summit
			])
		).items.filter(({ key }) => key.endsWith('_pages'));
	expect(await look()).toEqual([
		{ key: 'draft_pages', count: 2 },
		{ key: 'published_pages', count: 1 }
	]);
	const bare = newSlug();
	await createWith(bare, ['pages'], from.summit);
	expect(
		await readValue(
			db.owner,
			`select array_agg(distinct (blocks -> 1 ->> 'track')) from private.pages where summit_id = $1`,
			[await idOf(bare)]
		)
	).toEqual([null]);
});

test('moves deadlines by the days between the first days, at the same time on the clock of the venue', async () => {
	const slug = newSlug();
	await create(chief, slug);
	const { rows } = await db.owner.query(
		`select state, city, country, address, zone, languages, currency, review_days, refund_percent, summary ->> 'en' as summary,
			(registration_opens_at at time zone zone)::text as opens, (registration_closes_at at time zone zone)::text as closes,
			(nominations_close_at at time zone zone)::text as nominations, names_freeze_at as freeze
		from public.summits where slug = $1`,
		[slug]
	);
	expect(rows).toEqual([
		{
			state: 'draft',
			city: {},
			country: null,
			address: '',
			zone: 'Africa/Nairobi',
			languages: ['en', 'ar'],
			currency: 'KES',
			review_days: 9,
			refund_percent: 40,
			summary: 'In one sentence',
			opens: '2029-01-07 09:00:00',
			// 10 June 2027, 18:00 in Lisbon, on the third of four days.
			closes: '2029-06-07 18:00:00',
			nominations: '2029-04-28 11:00:00',
			freeze: null
		}
	]);
	expect(
		await readValue(
			db.owner,
			`select (texts_due_at at time zone 'Africa/Nairobi')::text from private.speaker_settings where summit_id = $1`,
			[await idOf(slug)]
		)
	).toBe('2029-05-05 11:00:00');
	expect(
		await readValue(
			db.owner,
			`select (valid_until at time zone 'Africa/Nairobi')::text from public.fees where summit_id = $1 and amount = 123`,
			[await idOf(slug)]
		)
	).toBe('2029-05-05 11:00:00');
});

test('ends deadlines with a shorter edition', async () => {
	const slug = newSlug();
	expect(await create(chief, slug, { ends_on: '2029-06-05' })).toEqual({ status: 'ok', slug });
	expect(
		await readValue(
			db.owner,
			`select (registration_closes_at at time zone zone)::text from public.summits where slug = $1`,
			[slug]
		)
	).toBe('2029-06-06 00:00:00');
});

test('puts what is given before what is copied', async () => {
	const slug = newSlug();
	await create(chief, slug, { currency: 'EUR', review_days: 21, registration_opens_at: null });
	const { rows } = await db.owner.query(
		`select currency, review_days, registration_opens_at from public.summits where slug = $1`,
		[slug]
	);
	expect(rows).toEqual([{ currency: 'EUR', review_days: 21, registration_opens_at: null }]);
});

test('refuses everybody but an owner of all Summits, and an edition that does not exist', async () => {
	const other = await makeWorld(db.owner);
	const slug = newSlug();
	// The owner of another edition, and of this one alone, who makes no Summits.
	for (const who of [other.people.owner, world.people.owner, world.people.programme, world.people.delegate])
		expect(await create(who, slug)).toEqual({ status: 'not_allowed' });
	expect(await create(chief, slug, {}, randomUUID())).toEqual({ status: 'not_allowed' });
	expect(await idOf(slug)).toBeUndefined();
});

test.each([
	['no such day', { starts_on: '2029-02-31' }],
	['an end before the beginning', { ends_on: '2029-06-01' }],
	['no zone', { zone: 'Nowhere' }],
	['a number out of range', { review_days: -1 }],
	['languages that are no list', { languages: 'en' }]
])('makes nothing with %s', async (_, settings) => {
	const slug = newSlug();
	expect(await create(chief, slug, settings)).toMatchObject({ status: 'invalid' });
	expect(await idOf(slug)).toBeUndefined();
});

test('makes one of two at once, whole', async () => {
	const slug = newSlug();
	const [one, two] = [await db.connect(), await db.connect()];
	const made = await Promise.all([
		create(chief, slug, {}, world.summit, one),
		create(chief, slug, {}, world.summit, two)
	]);
	expect(made.map(({ status }) => status).sort()).toEqual(['ok', 'slug_taken']);
	expect(await filledTables(await idOf(slug))).toEqual(copied);
	expect(
		await readValue(db.owner, `select count(*)::int from public.rooms where summit_id = $1`, [await idOf(slug)])
	).toBe(await readValue(db.owner, `select count(*)::int from public.rooms where summit_id = $1`, [world.summit]));
});

test('copies only the chosen parts', async () => {
	const slug = newSlug();
	expect(await createWith(slug, ['rooms', 'fees'])).toEqual({ status: 'ok', slug });
	expect(await filledTables(await idOf(slug))).toEqual([
		'private.edition_origins',
		'private.retention_periods',
		'public.accreditation_settings',
		'public.fees',
		'public.mode_capacities',
		'public.room_equipment',
		'public.rooms',
		'public.vat_rates',
		'public.walking_times'
	]);
	const none = newSlug();
	expect(await createWith(none, [])).toEqual({ status: 'ok', slug: none });
	expect(await filledTables(await idOf(none))).toEqual([
		'private.edition_origins',
		'private.retention_periods',
		'public.accreditation_settings',
		'public.mode_capacities'
	]);
	for (const wrong of [['people'], ['rooms', 'registrations'], null])
		expect(await createWith(newSlug(), wrong)).toEqual({ status: 'invalid', faults: ['parts'] });
});

test('copies members in good standing with focal points who have not ended, and roles that one owner may give', async () => {
	const from = await makeWorld(db.owner);
	const kept = await readValue<string>(
		db.owner,
		`select member_id from public.summit_members where summit_id = $1 and standing = 'active' order by member_id limit 1`,
		[from.summit]
	);
	const gone = await readValue<string>(
		db.owner,
		`insert into public.members (name, sector) values ('Gone Institute', 'civil_society') returning id`
	);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, standing, sector) values ($1, $2, 'left', 'civil_society')`,
		[from.summit, gone]
	);
	// In good standing there, but suspended at a later edition.
	const suspended = await readValue<string>(
		db.owner,
		`insert into public.members (name, sector) values ('Suspended Institute', 'civil_society') returning id`
	);
	const later = await makeWorld(db.owner);
	await db.owner.query(`update public.summits set starts_on = '2035-06-01', ends_on = '2035-06-02' where id = $1`, [
		later.summit
	]);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, standing, sector) values
			($1, $3, 'active', 'civil_society'), ($2, $3, 'suspended', 'civil_society')`,
		[from.summit, later.summit, suspended]
	);
	const [stays, ended] = [await makePerson(db.owner, 'Stays'), await makePerson(db.owner, 'Ended')];
	await db.owner.query(`delete from public.focal_points where summit_id = $1`, [from.summit]);
	await db.owner.query(
		`insert into public.focal_points (summit_id, member_id, person_id, since, until) values
			($1, $2, $3, now() - interval '2 days', null), ($1, $2, $4, now() - interval '2 days', now() - interval '1 day')`,
		[from.summit, kept, stays.person, ended.person]
	);
	await db.owner.query(`delete from public.role_grants where summit_id = $1`, [from.summit]);
	for (const [who, role, end] of [
		[stays, 'programme', null],
		[stays, 'door', '2999-01-01'],
		[ended, 'stage', null],
		[stays, 'finance', null],
		[ended, 'safeguarding', null]
	] as const)
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id, until) values ($1, $2, $3, $4)`, [
			who.person,
			role,
			from.summit,
			end
		]);
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1 and role = 'stage'`, [
		ended.person
	]);
	const slug = newSlug();
	expect(await createWith(slug, ['members', 'roles'], from.summit)).toEqual({ status: 'ok', slug });
	const summit = await idOf(slug);
	const { rows: standing } = await db.owner.query(
		`select member_id, standing from public.summit_members where summit_id = $1 order by member_id`,
		[summit]
	);
	const { rows: before } = await db.owner.query(
		`select member_id, standing from public.summit_members where summit_id = $1 and standing in ('active', 'observer') and member_id <> $2 order by member_id`,
		[from.summit, suspended]
	);
	expect(standing).toEqual(before);
	const { rows: focal } = await db.owner.query(
		`select member_id, person_id from public.focal_points where summit_id = $1`,
		[summit]
	);
	expect(focal).toEqual([{ member_id: kept, person_id: stays.person }]);
	const { rows: roles } = await db.owner.query(`select person_id, role from public.role_grants where summit_id = $1`, [
		summit
	]);
	expect(roles).toEqual([{ person_id: stays.person, role: 'programme' }]);
	// As when an owner gives a role: its holder is told, with the other acts nobody is.
	const { rows: mails } = await db.owner.query(`select person_id, template from private.outbox where summit_id = $1`, [
		summit
	]);
	expect(mails).toEqual([{ person_id: stays.person, template: 'role_granted' }]);

	const look = await callAs<{ from: { slug: string }; items: { key: string; count: number }[] }>(
		db.owner,
		chief,
		`public.read_copied_edition($1)`,
		[summit]
	);
	expect(look.from.slug).toBe(from.slug);
	expect(look.items).toEqual(
		expect.arrayContaining([
			{ key: 'members_left', count: 2 },
			{ key: 'roles', count: 3 }
		])
	);
	for (const who of [stays, from.people.owner])
		expect(await callAs(db.owner, who, `public.read_copied_edition($1)`, [summit])).toBeNull();
	expect(await callAs(db.owner, chief, `public.read_copied_edition($1)`, [from.summit])).toBeNull();
});
