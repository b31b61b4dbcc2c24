/*
 * The queries that tell for many sessions at once who is in their audience and who gets their files before it, against the rules that are
 * asked one session at a time: under random levels, audiences, lists, places, locks, bars, people and roles they never say other than these.
 */
import { beforeAll, expect, test } from 'vitest';
import { makeRandom } from '../../../src/lib/agenda/solver/random.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, setCaller, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
beforeAll(async () => {
	world = await makeWorld(db.owner);
});

type Changes = Record<string, (pick: <T>(values: readonly T[]) => T) => [sql: string, values: unknown[]]>;

const changes: Changes = {
	level: (pick) => [
		`update public.sessions set level = $1::text::public.confidentiality, audience = greatest($2::text::public.session_audience, case $1::text when 'closed' then 'listed' when 'public' then 'everyone' else 'registered' end::public.session_audience)
		where summit_id = $3 and random() < 0.5`,
		[pick(levels), pick(['everyone', 'registered', 'listed'])]
	],
	attendance: (pick) => [
		'update public.sessions set attendance = $1 where summit_id = $2 and random() < 0.5',
		[pick(['hall', 'online', 'hall_and_online'])]
	],
	format: (pick) => [
		`update public.sessions set stage_format = $1, is_recorded = false where summit_id = $2 and random() < 0.5`,
		[pick(['stage', 'meeting'])]
	],
	draft: () => [`update public.sessions set state = 'draft' where summit_id = $1 and random() < 0.3`, []],
	released: (pick) => [
		`update public.release_sessions set level = $1::text::public.confidentiality, audience = greatest($2::text::public.session_audience, case $1::text when 'closed' then 'listed' when 'public' then 'everyone' else 'registered' end::public.session_audience) where summit_id = $3 and random() < 0.5`,
		[pick(levels), pick(['everyone', 'registered', 'listed'])]
	],
	cancelled: () => [
		'update public.release_sessions set is_cancelled = true where summit_id = $1 and random() < 0.3',
		[]
	],
	places: () => [
		`insert into private.session_places (session_id, summit_id, online, hall, enforced_at_entry)
		select s.id, s.summit_id, case when kind <> 1 then 0 end, case when kind <> 2 then 0 end, enforced
		from public.sessions as s
		cross join lateral (
			select s.id, 1 + floor(random() * 3) as kind, (array['none', 'door', 'both', 'both'])[1 + floor(random() * 4)] as enforced) as chosen
		where s.summit_id = $1 and random() < 0.7
		on conflict do nothing`,
		[]
	],
	locked: (pick) => [
		`insert into private.run_stage_settings (run_id, summit_id, entry_lock) select id, summit_id, $1 from public.runs where summit_id = $2
		on conflict (run_id) do update set entry_lock = excluded.entry_lock`,
		[pick(['registered', 'people'])]
	],
	bars: () => [
		`insert into private.entry_bars (summit_id, session_id, person_id, created_by)
		select $2, case when random() < 0.5 then (select id from public.sessions where summit_id = $2 order by random() limit 1) end, p, p
		from unnest($1::uuid[]) as p where random() < 0.4`,
		[everybody()]
	],
	registrations: () => [
		`update public.registrations set state = 'withdrawn' where summit_id = $1 and state = 'confirmed' and random() < 0.4`,
		[]
	],
	reviews: () => [
		`with settings as (
			insert into public.accreditation_settings (summit_id, pauses_rights) values ($1, true)
			on conflict (summit_id) do update set pauses_rights = true
		)
		insert into private.re_reviews (summit_id, registration_id, fields)
		select r.summit_id, r.id, '{name}' from public.registrations as r where r.summit_id = $1 and random() < 0.4`,
		[]
	],
	modes: (pick) => [
		`update public.registrations set mode = $1 where summit_id = $2 and random() < 0.4`,
		[pick(['in_person', 'virtual'])]
	],
	taking_part: (pick) => [
		`insert into public.session_people (session_id, summit_id, person_id, role, state)
		select s.id, s.summit_id, p, 'speaker', $1 from public.sessions as s, unnest($2::uuid[]) as p
		where s.summit_id = $3 and random() < 0.3
		on conflict do nothing`,
		[pick(['invited', 'confirmed', 'declined']), everybody()]
	],
	archived: () => [`update public.summits set state = 'archived' where id = $1 and random() < 0.5`, []],
	hidden: () => [`update public.summits set state = 'draft' where id = $1 and random() < 0.5`, []]
};
const everybody = () => Object.values(world.people).map(({ person }) => person);
const levels = ['public', 'members', 'chatham_house', 'closed'];

/** Where one query and the rule differ, how often the query knows, and how often it cannot tell. */
async function compare(): Promise<{ wrong: unknown[]; known: number; unknown: number }> {
	const people = [null, ...everybody()];
	const { rows } = await db.owner.query<{ told: boolean | null; rule: boolean; same_level: boolean }>(
		`select p.person, seen.id as session, known.is_let_in as told, private.is_file_audience(p.person, seen.id) as rule,
			known.level is not distinct from private.level_in_force(seen.id) as same_level
		from unnest($1::uuid[]) as p (person)
		cross join lateral (select array(select private.visible_sessions(p.person, $2)) as sessions) as all_of
		cross join lateral unnest(all_of.sessions) as seen (id)
		left join lateral private.known_file_audience(p.person, all_of.sessions) as known on known.session_id = seen.id`,
		[people, world.summit]
	);
	return {
		wrong: rows.filter(({ told, rule, same_level }) => (told !== null && told !== rule) || !same_level),
		known: rows.filter(({ told }) => told !== null).length,
		unknown: rows.filter(({ told }) => told === null).length
	};
}

/** The sessions of which an account gets the files before the audience: all at once, and one at a time. */
async function compareAccess(who: TestPerson): Promise<unknown[]> {
	await setCaller(db.owner, who, 'none');
	const { rows } = await db.owner.query(
		`with seen as materialized (select private.my_visible_sessions() as id)
		select seen.id, private.file_access_of(seen.id) from seen
		where (private.file_access_of(seen.id) is not null)
			is distinct from (seen.id in (select private.sessions_with_file_access(array(select id from seen))))`
	);
	return rows;
}

test('one query tells for most people and sessions of a usual Summit', async () => {
	const { wrong, known, unknown } = await compare();
	expect(wrong).toEqual([]);
	expect(unknown).toBeLessThan(known / 4);
});

test('it never says other than the rule, under changed levels, audiences, places, locks, bars and people', async () => {
	const next = makeRandom(20_261_201);
	const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
	const people = Object.values(world.people);
	let known = 0;
	for (let round = 0; round < 60; round++) {
		await db.owner.query('begin');
		try {
			// What these rows trigger elsewhere is not of interest here.
			await db.owner.query(`set local session_replication_role = replica`);
			await db.owner.query('select setseed($1)', [next()]);
			const done: string[] = [];
			for (const [name, change] of Object.entries(changes)) {
				if (next() > 0.3) continue;
				const [sql, values] = change(pick);
				await db.owner.query(sql, [...values, world.summit]);
				done.push(name);
			}
			const found = await compare();
			expect(found.wrong, done.join()).toEqual([]);
			known += found.known;
			for (const who of [pick(people), pick(people), pick(people)])
				expect(await compareAccess(who), done.join()).toEqual([]);
		} finally {
			await db.owner.query('rollback');
		}
	}
	expect(known).toBeGreaterThan(1000);
});
