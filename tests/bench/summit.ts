/* The measured Summit: as many sessions as requested, in 8 rooms over two days, released; and a rush of people. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';

const text = (words: string) => JSON.stringify({ original: 'en', en: words });

const abstract =
	'What members have learned since the last Summit about prevention, reporting and support, what remains uncertain, ' +
	'and what a ministry, a company or a helpline can do with it in the coming year. Questions from the hall and from online alternate.';

/** A connection as the owner of the database. */
export async function ownerOf(variables: Record<string, string>): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: variables.DATABASE_URL });
	// When a measure fails, the stack ends under it; the first failure is what should be printed.
	client.on('error', () => undefined);
	await client.connect();
	return client;
}

/** Makes an open Summit with so many public sessions, released. Returns its id and slug. */
export async function makeSummit(client: pg.Client, sessions: number): Promise<{ id: string; slug: string }> {
	const slug = `bench-${randomUUID().slice(0, 8)}`;
	await client.query('begin');
	const { rows } = await client.query<{ id: string }>(
		`insert into public.summits (slug, name, zone, starts_on, ends_on, state, registration_opens_at, registration_closes_at, languages)
		values ($1, $2, 'America/Montevideo', current_date + 30, current_date + 31, 'open', now() - interval '1 day', now() + interval '20 days', '{en,fr,es,ar}')
		returning id`,
		[slug, text('Measured Summit')]
	);
	const id = rows[0]?.id ?? '';
	await client.query(
		`insert into public.rooms (summit_id, slug, name, capacity, position)
		select $1, 'room-' || n, jsonb_build_object('original', 'en', 'en', 'Room ' || n), 100 * n, n from generate_series(1, 8) as n`,
		[id]
	);
	await client.query(
		`insert into public.tracks (summit_id, slug, name, position)
		select $1, slug, jsonb_build_object('original', 'en', 'en', initcap(slug)), n
		from unnest(array['knowledge', 'collaboration', 'empowerment', 'advocacy']) with ordinality as t (slug, n)`,
		[id]
	);
	await client.query(`insert into public.formats (summit_id, slug, name) values ($1, 'panel', $2)`, [
		id,
		text('Panel')
	]);
	await client.query(
		`with made as (
			insert into public.sessions (summit_id, title, abstract, format_id, track_id, level, audience, spoken, interpreted, state)
			select $1, jsonb_build_object('original', 'en', 'en', 'Session ' || n || ': ' || (array['reporting that leads to help', 'evidence for decisions',
					'what survivors ask of services', 'financing the national response', 'safety by design in practice'])[1 + n % 5]),
				$3::jsonb, (select id from public.formats where summit_id = $1),
				(select id from public.tracks where summit_id = $1 and position = 1 + n % 4), 'public', 'everyone', '{en}', '{fr,es,ar}', 'confirmed'
			from generate_series(1, $2::int) as n returning id
		), placed as (
			select id, row_number() over (order by id) - 1 as n from made
		), timed as (
			insert into public.slots (session_id, summit_id, during)
			select id, $1, tstzrange(at, at + interval '45 minutes') from placed,
				lateral (select (current_date + 30 + (n / 8 / 12)::int) + time '11:00' at time zone 'UTC' + (n / 8 % 12) * interval '1 hour' as at) as place
			returning id, session_id, during
		)
		insert into public.slot_rooms (slot_id, room_id, summit_id, during)
		select timed.id, rooms.id, $1, timed.during from timed join placed on placed.id = timed.session_id
		join public.rooms on rooms.summit_id = $1 and rooms.position = 1 + placed.n % 8`,
		[id, sessions, text(abstract)]
	);
	await client.query(
		`with people as (
			insert into public.people (display_name, office, affiliation)
			select 'Speaker ' || n, 'Head of Programme', 'Harbour Example ' || n from generate_series(1, 80) as n returning id
		), numbered as (select id, row_number() over () as n from people)
		insert into public.session_people (session_id, summit_id, person_id, role, state)
		select s.id, $1, numbered.id, 'speaker', 'confirmed'
		-- In the order of their times: nobody is in two sessions at once, which would keep them from being released.
		from (select session_id as id, row_number() over (order by during, session_id) as n from public.slots where summit_id = $1) as s, numbered
		where numbered.n in (1 + s.n % 80, 1 + (s.n + 40) % 80)`,
		[id]
	);
	// Released by the function that makes releases, as an agenda organiser who exists only for it.
	const account = randomUUID();
	await client.query(`insert into auth.users (id, email) values ($1::uuid, $1::text || '@example.org')`, [account]);
	await client.query(
		`with person as (insert into public.people (display_name) values ('Organiser') returning id),
			link as (insert into public.account_people (account_id, person_id, relation) select $1::uuid, id, 'self' from person)
		insert into public.role_grants (person_id, role, summit_id) select id, 'programme', $2 from person`,
		[account, id]
	);
	await client.query(
		`select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true)`,
		[JSON.stringify({ sub: account, role: 'authenticated' }), account]
	);
	const released = await client.query<{ answer: { status: string } }>('select public.publish_release($1) as answer', [
		id
	]);
	if (released.rows[0]?.answer.status !== 'ok') throw new Error(`not released: ${JSON.stringify(released.rows)}`);
	await client.query('commit');
	return { id, slug };
}
