/* People who come through the main entrance, as a scanner there writes it: a scan each, and what follows from it. */
import type pg from 'pg';

/** Lets people into the building who have a badge: `at` is an ISO timestamp. */
export async function letIn(
	client: pg.Client,
	summit: string,
	came: readonly { person: unknown; at: string }[]
): Promise<void> {
	await client.query('select private.ensure_checkpoints($1)', [summit]);
	await client.query(
		`with came as (select * from jsonb_to_recordset($2) as each (person uuid, at timestamptz)),
		door as (select * from public.checkpoints where summit_id = $1 and kind = 'entrance' limit 1),
		scans as (insert into private.door_scans (id, summit_id, checkpoint_id, place, badge_id, person_id, direction, scanned_at, answer, is_counted, day)
			select gen_random_uuid(), $1, door.id, door.place, b.id, came.person, 'in', came.at, 'welcome', true, private.door_day($1, came.at)
			from came cross join door join public.registrations as r on r.person_id = came.person and r.summit_id = $1
			join public.badges as b on b.registration_id = r.id and b.revoked_at is null returning *),
		periods as (insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at)
			select summit_id, person_id, place, checkpoint_id, id, day, scanned_at from scans returning *)
		insert into public.presence (summit_id, person_id, kind, checkpoint, entered_at, source)
		select summit_id, person_id, 'door', 'Main entrance', entered_at, 'badge' from periods`,
		[summit, JSON.stringify(came)]
	);
}

/** Lets those in who take part in a run in person and are not in the building: otherwise the day's page misses them. */
export async function letInSpeakers(client: pg.Client, run: string): Promise<void> {
	const { rows } = await client.query<{ summit: string; person: string; at: Date }>(
		`select distinct runs.summit_id as summit, sp.person_id as person, runs.started_at as at
		from public.runs
		join public.session_people as sp on sp.session_id = runs.session_id and sp.state = 'confirmed'
		join public.registrations as r on r.summit_id = runs.summit_id and r.person_id = sp.person_id
			and r.state = 'confirmed' and r.mode = 'in_person'
		where runs.id = $1 and not exists (select from private.door_periods as d
			where d.person_id = sp.person_id and d.summit_id = runs.summit_id and d.left_at is null
				and d.day = private.door_day(runs.summit_id, runs.started_at))`,
		[run]
	);
	const [first] = rows;
	if (first)
		await letIn(
			client,
			first.summit,
			rows.map(({ person, at }) => ({ person, at: at.toISOString() }))
		);
}
