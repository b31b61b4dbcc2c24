import { randomUUID } from 'node:crypto';
import { enrolTablet, type Tablet } from './door.ts';
import type pg from 'pg';
import { insertRows } from './rows.ts';

/** What an organiser of the sample does, by the function of the database that the pages call. */
interface Act {
	/** The organiser's name. */
	by: string;
	/** Of which there is something to do; each row fills the call. */
	of: string;
	/** The call, with the columns of `of`. */
	call: string;
}

// Sessions with a later turn of the agenda, registrations, members and orders: the first of each, in a fixed order.
const acts: Act[] = [
	{
		by: 'Ana Petrović',
		of: `select s.id, s.version, s.title, s.state, n from ${later()} where n <= 3`,
		call: `public.save_session($1, id, case n
			when 1 then jsonb_build_object('version', version, 'title', title || jsonb_build_object('en', (title ->> 'en') || ': what works'))
			when 2 then jsonb_build_object('version', version, 'state', 'cancelled')
			else jsonb_build_object('version', version, 'slots', (select jsonb_agg(slot || jsonb_build_object('end', private.iso((slot ->> 'end')::timestamptz - interval '15 minutes')))
				from jsonb_array_elements(private.draft_slots(id)) as slot)) end)`
	},
	{
		by: 'Emeka Nwosu',
		of: `select r.id, p.display_name from public.registrations as r join public.people as p on p.id = r.person_id
			where r.summit_id = $1 and r.state = 'confirmed' and r.category = 'delegate' and not exists (select from private.protections as x where x.person_id = r.person_id)
			order by r.reference limit 4`,
		call: `public.correct_name(id, jsonb_build_object('display_name', display_name, 'office', 'Deputy Director'), 'Office corrected, as asked by mail', true)`
	},
	{
		by: 'Emeka Nwosu',
		of: `select m.member_id as id, m.region from public.summit_members as m where m.summit_id = $1 and m.standing = 'active'
			and not exists (select from public.registrations as r where r.member_id = m.member_id and r.summit_id = $1) order by m.member_id limit 3`,
		call: `public.save_member($1, id, private.member_version($1, id), '{"standing": "observer"}')`
	},
	{
		by: 'Katarzyna Wójcik',
		of: `select o.id, o.due_at from public.orders as o where o.summit_id = $1 and o.closed_at is null and o.due_at > now() order by o.reference limit 3`,
		call: `public.extend_order(id, due_at + interval '7 days', 'The ministry pays at the end of the month')`
	}
];

// Sessions for those registered that have not begun, in the order of their codes; breaks and the live one are left.
function later(): string {
	return `(select s.*, row_number() over (order by s.code) as n from public.sessions as s
		where s.summit_id = $1 and s.state = 'confirmed' and s.level = 'members' and not s.is_break
			and (select count(*) from public.slots as sl where sl.session_id = s.id and lower(sl.during) > $2) = 1
			and exists (select from public.release_sessions as rs where rs.session_id = s.id)) as s`;
}

/** Accounts of organisers by name, for as long as they act. */
type OrganiserAccounts = Map<string, string>;

/** Gives a temporary account to each organiser who acts: they get their own when they sign in later. */
export async function makeOrganiserAccounts(client: pg.Client): Promise<OrganiserAccounts> {
	const { rows } = await client.query<{ name: string; id: string }>(
		`select p.display_name as name, p.id from public.people as p join public.role_grants as g on g.person_id = p.id where g.role in ('programme', 'registration', 'finance')`
	);
	const lent: OrganiserAccounts = new Map(rows.map(({ name }) => [name, randomUUID()]));
	await insertRows(
		client,
		'auth.users',
		[...lent.values()].map((id) => ({ id, email: `${id}@sample.invalid` }))
	);
	await insertRows(
		client,
		'public.account_people',
		rows.map(({ name, id }) => ({ id: randomUUID(), account_id: lent.get(name), person_id: id, relation: 'self' }))
	);
	return lent;
}

/** Takes the accounts back, and all that would be written to anybody of what was done with them. */
export async function endOrganiserAccounts(client: pg.Client, lent: OrganiserAccounts): Promise<void> {
	await client.query('delete from public.account_people where account_id = any ($1)', [[...lent.values()]]);
	await client.query('delete from auth.users where id = any ($1)', [[...lent.values()]]);
	for (const table of ['agenda_digests', 'pending_agenda_changes', 'calendar_update_queue'])
		await client.query(`delete from private.${table}`);
	await client.query(`delete from private.outbox where state = 'queued' and created_at >= now()`);
}

/** A few steps as acts of the sample's organisers, so that histories have something to tell; then the second release, and a tablet for the door. */
export async function makeHistory(
	client: pg.Client,
	summit: string,
	now: Date,
	lent: OrganiserAccounts
): Promise<Tablet> {
	const become = async (by: string | null) => {
		await client.query(
			`select set_config('request.jwt.claim.sub', $1, true), set_config('request.jwt.claims', $2, true)`,
			[lent.get(by ?? '') ?? '', by === null ? '' : JSON.stringify({ role: 'authenticated', sub: lent.get(by) })]
		);
		for (const name of ['app.principal', 'app.reason', 'app.name_freeze'])
			await client.query(`select set_config($1, '', true)`, [name]);
	};
	for (const { by, of, call } of acts) {
		await become(by);
		await client.query(`with rows as materialized (${of}) select ${call} from rows where $2::timestamptz is not null`, [
			summit,
			now
		]);
	}
	await become('Ana Petrović');
	const released = await client.query<{ answer: { status: string } }>(
		`select public.publish_release($1, $2) as answer`,
		[
			summit,
			JSON.stringify({ original: 'en', en: 'One session ends earlier, one is cancelled, one has a clearer title.' })
		]
	);
	if (released.rows[0]?.answer.status !== 'ok')
		throw new Error(`The sample could not be released: ${JSON.stringify(released.rows[0]?.answer)}`);
	await become('Emeka Nwosu');
	const tablet = await enrolTablet(client, summit, now);
	await become(null);
	return tablet;
}

/** A workshop that cannot take everyone: all places are taken, and some wait. */
export async function limitPlaces(client: pg.Client, summit: string, now: Date): Promise<void> {
	const session = await client.query<{ id: string }>(
		`select s.id from ${later()} order by s.attendance <> 'hall_and_online', s.n desc limit 1`,
		[summit, now]
	);
	const id = session.rows[0]?.id;
	const people = await client.query<{ person_id: string; mode: string }>(
		`select r.person_id, r.mode from public.registrations as r where r.summit_id = $1 and r.state = 'confirmed' and r.category = 'delegate'
		order by exists (select from private.sample_people as x where x.person_id = r.person_id) desc, r.reference limit 30`,
		[summit]
	);
	if (!id) return;
	await insertRows(client, 'private.session_places', [
		{ session_id: id, summit_id: summit, hall: 12, online: 8, enforced_at_entry: 'both' }
	]);
	const taken = { hall: 0, online: 0 };
	const most = { hall: 12, online: 8 };
	const rows = people.rows.map(({ person_id, mode }, at) => {
		const channel = mode === 'in_person' ? 'hall' : 'online';
		taken[channel] += 1;
		return {
			session_id: id,
			person_id,
			channel,
			state: taken[channel] <= most[channel] ? 'placed' : 'waiting',
			rank: at + 1,
			signed_up_at: new Date(now.getTime() - (60 - at) * 3_600_000).toISOString()
		};
	});
	await insertRows(client, 'private.session_signups', rows);
	await client.query(
		`insert into public.agenda_marks (person_id, session_id) select person_id, session_id from private.session_signups where session_id = $1 on conflict do nothing`,
		[id]
	);
}

/** Whom the release changes concern: people of the sample have them in their agenda, and looked at it before the second release. */
export async function starChangedSessions(client: pg.Client, summit: string, now: Date): Promise<void> {
	await client.query(
		`insert into public.agenda_marks (person_id, session_id)
		select x.person_id, s.id from private.sample_people as x
		join public.registrations as r on r.person_id = x.person_id and r.summit_id = $1 and r.state = 'confirmed', ${later()} where s.n <= 4 on conflict do nothing`,
		[summit, now]
	);
	await client.query(
		`update private.agenda_visits as l set read_release = private.newest_release(l.summit_id), shown_release = private.newest_release(l.summit_id)`
	);
}
