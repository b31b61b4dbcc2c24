/*
 * A late alias: a person who is named wherever people write, speak and are released takes another name. Afterwards no
 * table contains the old one, and the person and safeguarding are told what cannot be removed.
 */
import { beforeAll, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

const old = 'Zoraida Quillcanary';
const alias = 'Marta Ilves of the Northern Lakes and Beyond';
const map = (words: string) => JSON.stringify({ original: 'en', en: words });

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await nameEverywhere();
});

/** Writes the speaker's name wherever somebody could write it, and publishes a release with it. */
async function nameEverywhere(): Promise<void> {
	const { summit, run, room } = world;
	const speaker = world.people.speaker.person;
	const other = world.people.delegate.person;
	const session = world.sessions.public.id;
	const registration = world.registrations.speaker;
	const rows: [string, unknown[]][] = [
		['update public.people set display_name = $2, office = $3 where id = $1', [speaker, old, 'Judge']],
		[`update public.people set biography = $2 where id = $1`, [other, map(`Wrote a book with ${old}.`)]],
		[
			`update public.sessions set title = $2, abstract = $3, content_note = $4 where id = $1`,
			[session, map(`A talk with ${old}`), map(`QUILLCANARY, Zoraida and “${old}”: a talk`), map(`${old}'s own story`)]
		],
		[`update public.summits set summary = $2 where id = $1`, [summit, map(`Opened by zoraida   quillcanary`)]],
		[
			`insert into public.summit_texts (summit_id, kind, body) values ($1, 'debrief', $2)`,
			[summit, map(`${old} hosts.`)]
		],
		[
			`insert into private.chat_messages (run_id, session_id, person_id, body) values ($1, $2, $3, $4)`,
			[run, session, other, `Thanks, ${old}!`]
		],
		[
			`insert into private.session_questions (session_id, summit_id, person_id, body, shown_as) values ($1, $2, $3, $4, 'name')`,
			[session, summit, other, `Is ${old} right?`]
		],
		[
			`with poll as (insert into private.polls (session_id, summit_id, question, kind) values ($1, $2, $3, 'single') returning id)
			insert into private.poll_options (poll_id, position, label) select id, 1, $4 from poll`,
			[session, summit, `Did ${old} convince you?`, `${old}${' and more'.repeat(11)}`.slice(0, 119)]
		],
		[
			`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept, level) values ($1, 'en', 1, 0, 9, $2, true, 'public')`,
			[run, `I give the floor to ${old}.`]
		],
		[
			`insert into private.backstage_messages (run_id, person_id, words) values ($1, $2, $3)`,
			[run, other, `${old} is next`]
		],
		[
			`insert into private.announcements (summit_id, audience, texts, original, shown_until, idempotency_key, created_by, room_id) values ($1, 'room', $2, 'en', now() + interval '1 day', gen_random_uuid(), $3, $4)`,
			[summit, JSON.stringify({ en: { title: 'Soon', body: `${old} speaks` } }), other, room]
		],
		[
			`insert into public.group_messages (summit_id, texts) values ($1, $2)`,
			[summit, JSON.stringify({ en: { subject: old, body: old } })]
		],
		[
			`with object as (insert into private.stored_objects (name, media_type, size, sha256, scan) values (repeat('a', 32), 'application/pdf', 9, sha256('x'), 'clean') returning name),
			file as (insert into private.session_files (session_id, summit_id, kind, level) values ($1, $2, 'slides', 'public') returning id)
			insert into private.file_versions (file_id, number, object_name, shown_name) select file.id, 1, object.name, $3 from file, object`,
			[session, summit, `${old} slides.pdf`]
		],
		[
			`insert into private.proposals (summit_id, owner_id, title, notes) values ($1, $2, $3, $4)`,
			[summit, speaker, map(`${old} again`), `Call me ${old}`]
		],
		[
			`with item as (insert into private.library_items default values returning id),
			version as (insert into private.library_versions (item_id, number, kind, title, summary, licence, issued_on, level)
				select id, 1, 'report', $1::jsonb, $1::jsonb, 'cc0', current_date, 'public' from item returning item_id),
			object as (insert into private.stored_objects (name, media_type, size, sha256, scan)
				select repeat(n::text, 32), 'application/pdf', 9, sha256('x'), 'clean' from generate_series(1, 3) as n returning name)
			insert into private.library_files (item_id, number, language, object_name, shown_name, content)
			select item_id, 1, case when name ~ '1' then 'en' when name ~ '2' then 'fr' else 'es' end, name, 'paper.pdf',
				case when name ~ '1' then $2 else '' end from version, object`,
			[map('A paper'), `Written by ${old}.`]
		],
		[
			`insert into private.information_requests (summit_id, registration_id, question, deadline) values ($1, $2, $3, now() + interval '9 days')`,
			[summit, registration, `Are you the ${old} of last time?`]
		],
		[`update public.registration_steps set reason = $2 where registration_id = $1`, [registration, `${old} is known`]],
		[
			`insert into private.schedule_imports (summit_id, created_by, file, additions) values ($1, $2, '{}', $3)`,
			[summit, other, JSON.stringify({ people: [{ key: 1, display_name: old }] })]
		],
		[
			`insert into private.outbox (person_id, template, locale, params, summit_id) values ($1, 'speaker_reminder', 'en', $2, $3)`,
			[other, JSON.stringify({ about: old }), summit]
		],
		[
			`insert into private.co_speaker_suggestions (session_id, summit_id, person_id, part, display_name, address_hash, address_sealed, key_id, state, closed_at)
			values ($1, $2, $3, 'speaker', $4, '\\x0a', '\\x00', 'k', 'invited', now())`,
			[session, summit, other, old]
		],
		[
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, '\\x0a', '\\x00', 'k', now())`,
			[speaker]
		],
		[
			`insert into private.calendar_invitations (person_id, uid, session_id, sequence, during, fingerprint) select $1, gen_random_uuid(), $2, 1, tstzrange(now(), now() + interval '1 hour'), 'p'`,
			[other, session]
		]
	];
	for (const [sql, values] of rows) await db.owner.query(sql, values);
	await actAs(db.owner, world.people.programme, `select public.publish_release($1)`, [summit]);
	await db.owner.query(`update public.releases set note = $2 where summit_id = $1`, [summit, map(`With ${old}`)]);
}

/** Every table of the database that contains the word. */
async function tablesWith(word: string): Promise<string[]> {
	const tables = await db.owner.query<{ name: string }>(
		`select format('%I.%I', n.nspname, c.relname) as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname in ('public', 'private') order by 1`
	);
	const found: string[] = [];
	for (const { name } of tables.rows) {
		const { rows } = await db.owner.query(`select from ${name} as t where t::text ilike $1 limit 1`, [`%${word}%`]);
		if (rows.length > 0) found.push(name);
	}
	return found;
}

test('no table contains the old name, and safeguarding and the person read what remains', async () => {
	expect((await tablesWith('quillcanary')).length).toBeGreaterThanOrEqual(20);
	const { speaker, safeguarding } = world.people;
	await db.owner.query('delete from private.calendar_update_queue');
	await chooseAlias(db.owner, speaker, alias);
	expect(await tablesWith('quillcanary')).toEqual([]);
	expect(
		await readValue(
			db.owner,
			`select title ->> 'en' from public.release_sessions where title::text like '%talk with%' limit 1`
		)
	).toBe(`A talk with ${alias}`);
	// A text that would no longer fit is left out; the alias is not refused.
	expect(
		await readValue(db.owner, `select count(*)::integer from private.poll_options where label ~ $1`, [`^(${alias}|…)`])
	).toBe(1);
	const own = await callAs<{ facts: Record<string, unknown> }>(db.owner, speaker, 'public.my_alias_traces()');
	// The text of one file is known to name them; the file itself keeps the name, and so it is not counted as rewritten.
	expect(own.facts).toMatchObject({ library_files: 1 });
	expect(Object.keys(own.facts['rewritten'] ?? {})).not.toContain('private.library_files.content');
	expect(own.facts).toMatchObject({ left: {}, files: 1, calendars: 1, releases: expect.any(Number) });
	const list = (kind: PersonKind) =>
		callAs(db.owner, world.people[kind], 'public.list_alias_traces($1)', [world.summit]);
	expect(await list('safeguarding')).toMatchObject([{ display_name: alias, facts: own.facts }]);
	for (const kind of ['owner', 'registration', 'programme', 'delegate'] as const) expect(await list(kind)).toBeNull();
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.outbox where template = 'safeguarding_needed' and person_id = $1`,
			[safeguarding.person]
		)
	).toBe(1);
	// Calendar entries that were sent by mail are sent again.
	expect(
		await readValue(db.owner, 'select count(*)::integer from private.calendar_update_queue where person_id = $1', [
			world.people.delegate.person
		])
	).toBe(1);
});

test('a name that others share, or a single word, is not rewritten: safeguarding reads where it may occur', async () => {
	const { summit } = world;
	const session = world.sessions.members.id;
	for (const [name, twice] of [
		['Anselma Twinname', true],
		['Bartholomea', false]
	] as const) {
		const who = await makePerson(db.owner, name);
		if (twice) await makePerson(db.owner, name);
		await db.owner.query(`insert into public.registrations (summit_id, person_id, state) values ($1, $2, 'draft')`, [
			summit,
			who.person
		]);
		await db.owner.query(`update public.sessions set abstract = $2 where id = $1`, [session, map(`About ${name}.`)]);
		await chooseAlias(db.owner, who, `Else ${name.length}`);
		expect(await readValue(db.owner, `select abstract ->> 'en' from public.sessions where id = $1`, [session])).toBe(
			`About ${name}.`
		);
		expect(await callAs(db.owner, who, 'public.my_alias_traces()')).toMatchObject({
			facts: { rewritten: {}, left: { 'public.sessions.abstract': 1 } }
		});
	}
});

test('nothing remains, and nothing is reported, for a person without a former name', async () => {
	const who = await makePerson(db.owner, '');
	await db.owner.query(`insert into public.registrations (summit_id, person_id, state) values ($1, $2, 'draft')`, [
		world.summit,
		who.person
	]);
	await chooseAlias(db.owner, who, 'Nobody Before');
	expect(await callAs(db.owner, who, 'public.my_alias_traces()')).toBeNull();
});
