/* The Summit that is rehearsed: its halls, members, fees, sessions and people, who all have addresses of a domain of its own. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { openSessions, type Session } from '../fixtures/sessions.ts';
import { actAs, type TestPerson } from '../fixtures/world.ts';
import type { RehearsedSummit, StaffRole } from './rehearsal.ts';
import type { Target } from './target.ts';

/** How large a rehearsal is. */
export interface Size {
	delegates: number;
	/** Mail is sent to addresses of this domain; without it nobody has an address that mail is sent to. */
	mailDomain?: string | undefined;
}

const text = (words: string) => JSON.stringify({ original: 'en', en: words });
const zone = 'UTC';
const roles: readonly StaffRole[] = ['programme', 'registration', 'stage', 'door'];

/** The slug of a rehearsal; the database refuses it to any other Summit. */
export const rehearsalSlug = /^rehearsal-[0-9a-f]{8}$/;

/** The addresses of the accounts of a rehearsal, as an expression of Postgres: its slug and who it is. */
export const rehearsalAddress =
	'^(rehearsal-[0-9a-f]{8})-(delegate-[0-9]+|programme|registration|stage|door|speaker|interpreter)@';

/** The slug of a new rehearsal. */
export const newSlug = () => `rehearsal-${randomBytes(4).toString('hex')}`;

/** Makes the Summit with all its people, signed in, until `signal` aborts. Six in ten of them get a seat in the hall, and all others may take part online. */
export async function makeRehearsedSummit(
	target: Target,
	client: pg.Client,
	slug: string,
	{ delegates, mailDomain }: Size,
	signal?: AbortSignal
): Promise<RehearsedSummit> {
	const seats = Math.ceil(delegates * 0.6);
	const domain = mailDomain ?? `${slug}.invalid`;
	const { id, members } = await makeFrame(client, slug, seats, delegates);
	const signIn = (names: string[]) =>
		openSessions(
			target.variables,
			names.map((name) => `${slug}-${name}@${domain}`),
			signal
		);
	const staffSessions = await signIn([...roles, 'speaker', 'interpreter']);
	const crowd = await signIn(Array.from({ length: delegates }, (_, n) => `delegate-${n + 1}`));
	const all = [...staffSessions, ...crowd].map(({ person }) => person);
	await client.query(
		`update public.people as p
		set display_name = 'Rehearsal ' || n, office = 'Coordinator', country = 'UY'
		from unnest($1::uuid[]) with ordinality as t (id, n)
		where p.id = t.id`,
		[all]
	);
	// Without a mailbox of one's own nothing is sent: the addresses lead nowhere.
	if (mailDomain === undefined && !target.variables.LOCAL_INBOX_URL)
		await client.query('delete from private.person_addresses where person_id = any ($1::uuid[])', [all]);
	const named = staffSessions.map((session, n) => ({ ...session, name: `Rehearsal ${n + 1}` }));
	const staff = Object.fromEntries(roles.map((role, n) => [role, named[n]])) as RehearsedSummit['staff'];
	for (const role of roles)
		await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
			staff[role].person,
			role,
			id
		]);
	const speaker = named[roles.length] as Session & TestPerson;
	const interpreter = named[roles.length + 1] as Session & TestPerson;
	const plenary = await makeAgenda(client, id, speaker, interpreter);
	await actAs(client, staff.programme, 'select public.publish_release($1)', [id]);
	return { id, slug, domain, members, seats, staff, speaker, interpreter, plenary, delegates: crowd };
}

async function makeFrame(
	client: pg.Client,
	slug: string,
	seats: number,
	delegates: number
): Promise<{ id: string; members: string[] }> {
	await client.query('begin');
	const { rows } = await client.query<{ id: string }>(
		`insert into public.summits (slug, name, zone, starts_on, ends_on, state, registration_opens_at, registration_closes_at, languages,
			is_rehearsal)
		values ($1, $2, $3, (now() at time zone $3)::date, (now() at time zone $3)::date + 2, 'open', now() - interval '1 hour',
			now() + interval '1 day', '{en,fr}', true)
		returning id`,
		[slug, text('Rehearsal'), zone]
	);
	const id = rows[0]?.id ?? '';
	await client.query(
		`insert into public.mode_capacities (summit_id, mode, capacity) values ($1, 'in_person', $2), ($1, 'virtual', $3)`,
		[id, seats, delegates * 2]
	);
	await client.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling)
		select $1, sector, mode, $2 from unnest(enum_range(null::public.sector)) as sector, unnest(enum_range(null::public.attendance_mode)) as mode`,
		[id, delegates]
	);
	await client.query(
		`insert into public.fees (summit_id, mode, sector, amount, currency) values ($1, 'in_person', 'private_sector', 35000, 'EUR')`,
		[id]
	);
	const made = await client.query<{ id: string }>(
		`with made as (
			insert into public.members (name, sector, country, region)
			select 'Rehearsal Member ' || n || ' of ' || $2, (array['civil_society', 'private_sector', 'government', 'civil_society'])[1 + n % 4]::public.sector,
				'UY', 'Americas'
			from generate_series(1, 40) as n
			returning id, sector, country, region
		), joined as (
			insert into public.summit_members (summit_id, member_id, sector, country, region)
			select $1, id, sector, country, region from made
		)
		select id from made order by id`,
		[id, slug]
	);
	await client.query('commit');
	return { id, members: made.rows.map((row) => row.id) };
}

/** Thirty public sessions over three days in three halls, and a plenary that is on now, interpreted and recorded. */
async function makeAgenda(
	client: pg.Client,
	summit: string,
	speaker: TestPerson,
	interpreter: TestPerson
): Promise<{ id: string; code: string }> {
	await client.query('begin');
	await client.query(
		`insert into public.rooms (summit_id, slug, name, capacity, position)
		select $1, slug, jsonb_build_object('original', 'en', 'en', initcap(slug)), 2000, n
		from unnest(array['plenary', 'harbour', 'lantern']) with ordinality as t (slug, n)`,
		[summit]
	);
	await client.query(
		`with made as (
			insert into public.sessions (summit_id, title, abstract, level, audience, state)
			select $1, jsonb_build_object('original', 'en', 'en', 'Rehearsed session ' || n),
				jsonb_build_object('original', 'en', 'en', 'What members have learned, and what remains uncertain.'), 'public', 'everyone', 'confirmed'
			from generate_series(1, 30) as n returning id
		), numbered as (select id, row_number() over (order by id) - 1 as n from made
		), timed as (
			insert into public.slots (session_id, summit_id, during)
			select id, $1, tstzrange(at, at + interval '45 minutes')
			from numbered, lateral (select date_trunc('hour', now()) + interval '4 hours' + n / 2 * interval '1 hour' as at) as begins
			returning id, session_id, during
		)
		insert into public.slot_rooms (slot_id, room_id, summit_id, during)
		select timed.id, rooms.id, $1, timed.during
		from timed
		join numbered on numbered.id = timed.session_id
		join public.rooms on rooms.summit_id = $1 and rooms.position = 2 + numbered.n % 2`,
		[summit]
	);
	const { rows } = await client.query<{ id: string; code: string }>(
		`insert into public.sessions (summit_id, title, level, audience, state, spoken, interpreted, is_recorded)
		values ($1, $2, 'public', 'everyone', 'confirmed', '{en}', '{fr}', true) returning id, code`,
		[summit, text('Rehearsed plenary')]
	);
	const plenary = rows[0] ?? { id: '', code: '' };
	await client.query(
		`with slot as (
			insert into public.slots (session_id, summit_id, during)
			values ($1, $2, tstzrange(date_trunc('minute', now()) - interval '5 minutes', date_trunc('minute', now()) + interval '3 hours'))
			returning id, during
		)
		insert into public.slot_rooms (slot_id, room_id, summit_id, during)
		select slot.id, r.id, $2, slot.during from slot, public.rooms as r where r.summit_id = $2 and r.slug = 'plenary'`,
		[plenary.id, summit]
	);
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state)
		values ($1, $2, $3, 'speaker', 'confirmed'), ($1, $2, $4, 'interpreter', 'confirmed')`,
		[plenary.id, summit, speaker.person, interpreter.person]
	);
	await client.query(
		`insert into public.interpreter_languages (person_id, summit_id, source, target) values ($1, $2, 'en', 'fr')`,
		[interpreter.person, summit]
	);
	await client.query('commit');
	return plenary;
}
