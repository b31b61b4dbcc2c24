/*
 * Who reads what outlives a Summit, and what is beside its agenda: each kind of thing that holds words, taken from the catalogue, against
 * each kind of person, by every function and view of the API. Each kind holds a word of its own, which no other answer may contain.
 */
import type pg from 'pg';
import { beforeAll, expect, test, vi } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { makeCommunityOrganiser } from '../../fixtures/grouping.ts';
import { personKinds, setCaller, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

vi.setConfig({ testTimeout: 240_000 });

type Reader = PersonKind | 'visitor' | 'community';
const readers: Reader[] = ['visitor', ...personKinds, 'community'];

/**
 * The readers of each kind. The closed group has a chair (virtual) and a member (listed); its meeting a captioner (delegate), who learns of the
 * meeting alone. The commitment is for members, its focal point submitted the document for the group. The transcript is of a session for
 * members, whose people agreed. An empty row: nobody, until a further step.
 */
const READS: Record<string, readonly Reader[]> = {
	'private.api_keys': ['owner'],
	'private.backstage_messages': ['speaker', 'stage', 'owner'],
	'private.booth_messages': ['stage', 'owner'],
	'private.campaigns': ['community'],
	'private.caption_lines': ['virtual', 'speaker', 'listed', 'programme', 'stage', 'safeguarding', 'owner'],
	'private.chat_messages': [],
	'private.check_acceptances': [],
	'private.co_speaker_suggestions': ['programme', 'owner'],
	'private.commitment_comments': ['delegate', 'virtual', 'focal', 'speaker', 'listed', 'community'],
	'private.commitment_files': ['delegate', 'virtual', 'focal', 'speaker', 'listed', 'community'],
	'private.commitment_reports': ['delegate', 'virtual', 'focal', 'speaker', 'listed', 'community'],
	'private.commitment_steps': ['focal', 'community'],
	'private.commitment_versions': ['delegate', 'virtual', 'focal', 'speaker', 'listed', 'community'],
	'private.decision_batches': [],
	'private.decision_proposals': [],
	'private.door_conflicts': [],
	'private.file_versions': ['speaker', 'programme', 'stage', 'safeguarding', 'owner'],
	'private.group_actions': ['virtual', 'listed'],
	'private.group_decisions': ['virtual', 'listed'],
	'private.group_notices': ['virtual', 'listed'],
	'private.group_page_versions': ['virtual'],
	'private.group_pages': ['virtual'],
	'private.group_requests': ['virtual'],
	'private.groups': ['delegate', 'virtual', 'listed'],
	'private.imports': ['registration'],
	'private.information_requests': ['delegate'],
	'private.late_links': ['programme', 'owner'],
	'private.library_files': ['virtual', 'focal', 'listed', 'community'],
	'private.library_steps': ['focal'],
	'private.library_versions': ['virtual', 'focal', 'listed', 'community'],
	'private.meeting_captions': ['virtual'],
	'private.meeting_comments': ['virtual', 'listed'],
	'private.meeting_items': ['virtual', 'listed'],
	'private.meeting_messages': ['virtual'],
	'private.meeting_minutes': ['virtual', 'listed'],
	'private.meeting_papers': ['virtual', 'listed'],
	'private.meeting_polls': ['virtual', 'listed'],
	'private.meetings': ['delegate', 'virtual', 'listed'],
	'private.page_files': ['programme', 'owner'],
	'private.page_versions': readers,
	'private.pages': ['programme', 'owner'],
	'private.placement_steps': [],
	'private.proposal_answers': [],
	'private.proposal_people': [],
	'private.proposals': [],
	'private.recordings': ['programme', 'owner'],
	'private.release_events': readers,
	'private.review_conflicts': [],
	'private.review_messages': [],
	'private.reviews': [],
	'private.schedule_imports': ['programme'],
	'private.session_questions': ['delegate', 'speaker', 'stage', 'owner'],
	'private.side_events': ['focal', 'programme', 'owner'],
	'private.stage_announcements': [],
	'private.survey_texts': [],
	'private.text_suggestions': ['programme', 'owner'],
	'private.webhook_endpoints': ['owner'],
	'public.allocation_exceptions': ['registration', 'finance', 'owner'],
	'public.mail_texts': ['registration', 'owner'],
	'public.merge_requests': [],
	'public.nomination_refusals': ['registration', 'owner'],
	'public.people': readers,
	'public.registration_needs': ['delegate', 'virtual', 'waiting', 'speaker', 'listed'],
	'public.registration_steps': ['delegate', 'virtual', 'waiting', 'speaker', 'listed', 'registration', 'owner'],
	'public.release_sessions': readers,
	'public.releases': readers,
	'public.sessions': ['virtual', 'speaker', 'programme', 'registration', 'stage', 'safeguarding', 'owner'],
	'public.summit_contacts': readers,
	'public.summit_texts': ['owner'],
	'public.summits': readers,
	'public.waiver_requests': ['virtual', 'finance', 'owner']
};

/** Kinds that hold words in no row of this world: each has a test of its own. */
const WITHOUT: readonly string[] = [
	'private.announcements',
	'private.calls',
	'private.commitments',
	'private.impact_drafts',
	'private.impact_releases',
	'private.import_rows',
	'private.imported_events',
	'private.legal_holds',
	'private.library_items',
	'private.no_photo_areas',
	'private.poll_options',
	'private.polls',
	'private.schedule_import_rows',
	'private.status_notices',
	'private.status_updates',
	'public.figure_releases',
	'public.group_messages'
];

const db = useDatabase();
let world: World;
let community: TestPerson;
let calls: string[];
let kinds: string[];

const needle = (kind: string) => `canary${kind.replace(/^.*\./, '').replaceAll('_', '')}x`;

beforeAll(async () => {
	world = await makeRetainedWorld(db.owner);
	community = await makeCommunityOrganiser(db.owner);
	await addCommunityRows(db.owner);
	kinds = await markKinds(db.owner);
	calls = await everyCall(db.owner);
}, 240_000);

test('every kind that holds words has a row here', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		'select distinct table_name as name from private.free_text_columns order by 1'
	);
	expect(rows.map(({ name }) => name).filter((name) => !kinds.includes(name))).toEqual(WITHOUT);
	expect(kinds).toEqual(Object.keys(READS));
});

test.each(readers)('%s finds the words of what they may read, and of nothing else', async (reader) => {
	const found = await seenBy(reader);
	const wrong = Object.entries(found).flatMap(([call, seen]) =>
		seen.filter((kind) => !READS[kind]?.includes(reader)).map((kind) => [kind, call])
	);
	expect(wrong).toEqual([]);
	// A person in a session attends it after a minute, and the answer about their attendance names it from then on.
	const always = (kind: string) => !(kind === 'public.sessions' && reader === 'virtual');
	const expected = kinds.filter((kind) => READS[kind]?.includes(reader)).filter(always);
	expect([...new Set(Object.values(found).flat())].filter(always).sort()).toEqual(expected.sort());
});

/**
 * What the rows of each table lack: the closed group has a chair and a member, whose meeting has all its parts; a focal point reports with
 * a file; a document for the group is published; a workshop is on in the closed session; a recording is trimmed and watched.
 */
async function addCommunityRows(client: pg.Client): Promise<void> {
	const { people, sessions, summit, room, member } = world;
	const text = JSON.stringify({ original: 'en', en: 'Words' });
	await client.query(
		`with closed as (
			select id from private.groups where level = 'closed' limit 1
		), led as (
			insert into private.group_people (group_id, person_id, part, since)
			select id, p.person, p.part::public.group_part, current_date - 1
			from closed, (values ($1::uuid, 'chair'), ($2::uuid, 'member')) as p (person, part)
		), decided as (
			insert into private.group_decisions (group_id, wording, decided_on, level) select id, $3, current_date, 'closed' from closed
		), planned as (
			insert into private.group_actions (group_id, task, level) select id, $3, 'closed' from closed
		), asked as (
			insert into private.meeting_polls (group_id, title, zone, minutes, level) select id, $3, 'UTC', 60, 'closed' from closed
		), met as (
			select m.id from private.meetings as m join closed on closed.id = m.group_id
		), items as (
			insert into private.meeting_items (meeting_id, rank, title, note) select id, 1, $3, $3 from met
		), papers as (
			insert into private.meeting_papers (meeting_id, shown_name, link) select id, 'A paper', 'https://paper.example/' from met
		), minutes as (
			insert into private.meeting_minutes (meeting_id, number, body, state, comments_until)
			select id, 1, $3, 'comments', current_date + 9 from met returning meeting_id
		)
		select from minutes`,
		[people.virtual.person, people.listed.person, text]
	);
	await client.query(
		`insert into private.meeting_comments (meeting_id, number, person_id, body)
		select meeting_id, 1, $1, 'A comment' from private.meeting_minutes`,
		[people.listed.person]
	);
	await client.query(
		`insert into private.meeting_participants (room_id, person_id, admitted_at) select id, $1, now() from private.meeting_rooms`,
		[people.virtual.person]
	);
	await client.query(
		`with object as (
			insert into private.stored_objects (name, media_type, size, sha256, state, scan)
			values (repeat('8', 32), 'application/pdf', 9, sha256('x'), 'kept', 'clean'),
				(repeat('7', 32), 'application/pdf', 9, sha256('x'), 'kept', 'clean')
		), report as (
			insert into private.commitment_reports (commitment_id, member_id, progress, body)
			select c.id, $1, 'on_track', $2 from private.commitments as c returning id, commitment_id
		), comment as (
			insert into private.commitment_comments (commitment_id, member_id, body) select commitment_id, $1, 'Words' from report
		)
		insert into private.commitment_files (report_id, shown_name, object_name) select id, 'A file', repeat('8', 32) from report`,
		[member, text]
	);
	await client.query(
		`with item as (
			insert into private.library_items (state, owner_id) values ('published', $1) returning id
		), version as (
			insert into private.library_versions (item_id, number, kind, title, summary, authors, licence, issued_on, level, group_id, note,
				submitted_at, published_at)
			select item.id, 1, 'report', $2, $2, '{Words}', 'cc_by', current_date, 'group', g.id, 'Words', now(), now()
			from item, private.groups as g where g.level = 'closed' returning item_id, group_id
		), publication as (
			insert into private.library_publications (item_id, number, kind, issued_on, languages, needs, shown_from, shown_until, head, facet)
			select item_id, 1, 'report', current_date, '{en}', array[group_id::text], now(), 'infinity', '',
				private.library_facet('report', null, current_date, '{en}', '{}', array[group_id::text])
			from version
		), file as (
			insert into private.library_files (item_id, number, language, object_name, shown_name, content)
			select item_id, 1, 'en', repeat('7', 32), 'A file', 'Words' from version
		)
		insert into private.library_steps (item_id, number, step, reason) select item_id, 1, 'sent_back', 'Words' from version`,
		[people.focal.person, text]
	);
	const { rows } = await client.query<{ id: string }>(
		`with place as (
			insert into public.rooms (summit_id, slug, name, position) values ($2, 'workshops', $3, 99) returning id
		)
		insert into public.runs (session_id, summit_id, room_id, state, level, stage_format, started_at)
		select $1, $2, id, 'live', 'closed', 'meeting', now() from place returning id`,
		[sessions.closed.id, summit, text]
	);
	await client.query('begin');
	await client.query('set local session_replication_role = replica');
	await client.query(`update private.commitments set state = 'announced'`);
	await client.query(`update private.commitment_versions set audience = 'members'`);
	await client.query('commit');
	await client.query(
		`insert into private.commitment_steps (commitment_id, number, step, effective_at) select id, 1, 'announced', now() from private.commitments`
	);
	// The secretariat reads the history of what is not announced yet.
	await client.query(
		`with made as (
			insert into private.commitments (summit_id, member_id, state)
			select summit_id, member_id, 'draft' from private.commitments limit 1 returning id
		), version as (
			insert into private.commitment_versions (commitment_id, number, title, summary, beneficiaries, indicator, unit, baseline,
				target, due_on, theme_id, audience)
			select made.id, 1, v.title, v.summary, v.beneficiaries, v.indicator, v.unit, v.baseline, v.target, v.due_on,
				v.theme_id, v.audience
			from made cross join private.commitment_versions as v limit 1 returning commitment_id
		)
		insert into private.commitment_steps (commitment_id, number, step, reason)
		select commitment_id, 1, 'sent_back', 'Words' from version`
	);
	await client.query(
		`with said as (
			insert into public.runs (session_id, summit_id, room_id, state, level, started_at, ended_at)
			values ($1, $2, $3, 'ended', 'members', now() - interval '2 hours', now() - interval '1 hour') returning id
		)
		insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept) select id, 'en', 1, 0, 1, 'Words', true from said`,
		[sessions.members.id, summit, room]
	);
	await client.query(
		`update public.session_people set consent_record = true, consent_publish = true where session_id = $1`,
		[sessions.members.id]
	);
	await client.query(`update private.survey_texts set is_mixed = true`);
	await client.query(`update private.survey_collections set closes_at = now() - interval '1 day'`);
	const workshop = rows[0]?.id;
	await client.query('insert into private.meeting_rooms (run_id) values ($1)', [workshop]);
	await client.query(
		'insert into private.meeting_participants (room_id, person_id, admitted_at) values ($1, $2, now())',
		[workshop, people.speaker.person]
	);
	await client.query(`insert into private.meeting_messages (room_id, person_id, body) values ($1, $2, 'Words')`, [
		workshop,
		people.speaker.person
	]);
	await client.query(
		`insert into private.recording_trims (recording_id, recorded_ms, starts_ms, ends_ms) select id, 9000000, 1, 9000000 from private.recordings`
	);
}

/** Writes the word of each kind into its rows; answers the kinds of which there is a row. */
async function markKinds(client: pg.Client): Promise<string[]> {
	const { rows } = await client.query<{ name: string; column: string; type: string }>(
		`select f.table_name as name, quote_ident(f.column_name) as column, format_type(a.atttypid, null) as type
		from private.free_text_columns as f
		join pg_attribute as a on a.attrelid = f.table_name::regclass and a.attname = f.column_name
		order by 1, 2`
	);
	const marked = new Set<string>();
	await client.query('begin');
	// What was said or released is never changed otherwise.
	await client.query('set local session_replication_role = replica');
	for (const { name, column, type } of rows) {
		const word = needle(name);
		const value =
			type === 'text'
				? word
				: type === 'text[]'
					? [word]
					: JSON.stringify(type === 'public.text_map' || type === 'text_map' ? { original: 'en', en: word } : [word]);
		await client.query('savepoint marking');
		try {
			const { rowCount } = await client.query(`update ${name} set ${column} = $1`, [value]);
			if (rowCount) marked.add(name);
		} catch {
			await client.query('rollback to savepoint marking');
		}
	}
	await client.query('commit');
	return [...marked];
}

/** Each function and view of the API with each argument that fits its parameters by name, as a query of one text. */
async function everyCall(client: pg.Client): Promise<string[]> {
	const { rows: functions } = await client.query<{ name: string; names: string[]; types: string[]; optional: number }>(
		`select p.oid::regproc::text as name, coalesce(p.proargnames[1:p.pronargs], '{}') as names,
			array(select format_type(t, null) from unnest(p.proargtypes::oid[]) with ordinality as x (t, n) order by n) as types,
			p.pronargdefaults as optional
		from pg_proc as p
		where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.provolatile <> 'v'
			and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
		order by 1`
	);
	const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
		`select c.oid::regclass::text as name, array_agg(quote_ident(a.attname)) as columns
		from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
			and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
		group by 1 order by 1`
	);
	const ids = await idsByName(client);
	const made = tables.map(({ name, columns }) => `select ${columns.join(', ')} from ${name}`);
	for (const { name, names, types, optional } of functions) {
		const required = names
			.slice(0, names.length - optional)
			.map((parameter, at) => valuesFor(ids, parameter, types[at] ?? ''));
		const combined = required.reduce<string[][]>(
			(before, values) => before.flatMap((one) => values.map((value) => [...one, value])),
			[[]]
		);
		made.push(...combined.slice(0, 60).map((values) => `select * from public.${name}(${values.join(', ')})`));
	}
	return made.map((query) => `select jsonb_agg(to_jsonb(x))::text from (${query}) as x`);
}

/** The ids and codes of what there is, by the singular of its table. */
async function idsByName(client: pg.Client): Promise<Map<string, string[]>> {
	const { rows } = await client.query<{ name: string; column: string }>(
		`select c.oid::regclass::text as name, a.attname as column
		from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attname in ('id', 'code')
		where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
			and (a.attname = 'code' or a.atttypid = 'uuid'::regtype)`
	);
	const found = new Map<string, string[]>();
	for (const { name, column } of rows) {
		const { rows: values } = await client.query<{ value: string }>(
			`select ${column}::text as value from ${name} limit 4`
		);
		const key = column === 'code' ? 'code' : name.replace(/^.*\./, '').replace(/ies$/, 'y').replace(/s$/, '');
		// Codes of texts of the platform are no codes of things.
		const useful = values
			.map(({ value }) => value)
			.filter((value) => column === 'id' || /^[A-Z0-9]{4,12}$/.test(value));
		found.set(key, [...(found.get(key) ?? []), ...useful]);
	}
	return found;
}

/** What fits a parameter: ids of things of its name, every code, and one plain value of other types. */
function valuesFor(ids: Map<string, string[]>, parameter: string, type: string): string[] {
	const quoted = (values: string[], as: string) => values.map((value) => `'${value}'::${as}`);
	if (type === 'uuid') {
		const own = [...ids].filter(([name]) => name === parameter || name.endsWith(`_${parameter}`));
		return quoted(parameter === 'summit' ? [world.summit] : own.flatMap(([, values]) => values).slice(0, 12), 'uuid');
	}
	if (type === 'text' && /code|session|group|meeting/.test(parameter)) return quoted(ids.get('code') ?? [], 'text');
	const plain: Record<string, string[]> = {
		text: [`'en'::text`],
		'text[]': [`'{people,messages,chat,items}'::text[]`],
		integer: ['1'],
		bigint: ['1::bigint'],
		jsonb: [`'{}'::jsonb`],
		boolean: ['true'],
		date: ['current_date'],
		'timestamp with time zone': ['now()'],
		'uuid[]': [`'{}'::uuid[]`]
	};
	return plain[type] ?? [];
}

/** The kinds whose word a reader finds, by call. */
async function seenBy(reader: Reader): Promise<Record<string, string[]>> {
	const who = reader === 'visitor' ? null : reader === 'community' ? community : world.people[reader];
	await db.owner.query('begin');
	try {
		await setCaller(db.owner, who);
		await db.owner.query(
			`do $attack$
			declare
				v_call text;
				v_answer text;
				v_words jsonb;
				v_found jsonb := '{}';
			begin
				for v_call in select jsonb_array_elements_text($calls$${JSON.stringify(calls)}$calls$::jsonb) loop
					begin
						execute v_call into v_answer;
						select jsonb_agg(distinct each.word[1]) into v_words
						from regexp_matches(v_answer, 'canary[a-z]+x', 'g') as each (word);
						if v_words is not null then v_found := v_found || jsonb_build_object(v_call, v_words); end if;
					exception when others then null;
					end;
				end loop;
				perform set_config('tests.found', v_found::text, true);
			end
			$attack$`
		);
		const { rows } = await db.owner.query<{ found: Record<string, string[]> }>(
			`select current_setting('tests.found')::jsonb as found`
		);
		const byWord = new Map(kinds.map((kind) => [needle(kind), kind]));
		return Object.fromEntries(
			Object.entries(rows[0]?.found ?? {}).map(([call, words]) => [call, words.map((word) => byWord.get(word) ?? word)])
		);
	} finally {
		await db.owner.query('rollback');
	}
}
