-- The overview of organisers while the Summit is held; the numbers that it shares with other pages are stated once.

-- The languages into which sessions are interpreted and that are not spoken there, and how many people interpret into
-- each from one that is. A language needs two.
create function private.interpreter_needs(p_summit uuid)
	returns table (session_id uuid, language text, people bigint)
language sql stable security definer set search_path = '' as $$
	with interpreting as materialized (
		select sp.session_id, l.target, count(distinct l.person_id) as people
		from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id
		join public.interpreter_languages as l
			on l.person_id = sp.person_id
			and l.summit_id = p_summit
			and l.source = any (s.spoken)
		where sp.summit_id = p_summit
			and sp.role = 'interpreter'
			and sp.state <> 'declined'
		group by sp.session_id, l.target
	)
	select s.id, language, coalesce(i.people, 0)
	from public.sessions as s
	cross join unnest(s.interpreted) as language
	left join interpreting as i on i.session_id = s.id and i.target = language
	where s.summit_id = p_summit
		and not s.is_break
		and language <> all (s.spoken)
$$;

-- Checks of interpreters: fewer than two for a language that is not spoken in the session.
create or replace function private.checks_of_interpreter_pairs(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	select 'interpreter_pairs', array[n.session_id], jsonb_build_object('language', n.language, 'count', n.people)
	from private.interpreter_needs(p_summit) as n
	where n.session_id in (select p.session_id from private.placed_slots(p_summit, p_moves) as p)
		and n.people < 2
$$;

-- How many people have come on a day.
create function private.count_people_came(p_summit uuid, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct p.person_id)::integer
	from private.door_periods as p
	where p.summit_id = p_summit and p.day = p_day
$$;

-- How many people have come today, for people at doors.
create or replace function public.count_arrivals_today(summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(summit, 'door', 'registration')
		then private.count_people_came(summit, private.door_day(summit))
		else 0 end
$$;

-- {day, came, building, arrivals: [{at, people}] by quarter of an hour, doors, conflicts, mail, mark}: what all readers
-- share.
create or replace function private.door_day_overview(p_summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_day date := private.door_day(p_summit);
begin
	return jsonb_build_object('day', v_day,
		'came', private.count_people_came(p_summit, v_day),
		'building', private.count_people_inside(p_summit, v_day),
		'arrivals', (select coalesce(
				jsonb_agg(jsonb_build_object('at', private.iso(q.at), 'people', q.people) order by q.at), '[]')
			from (select date_bin('15 minutes', first.at, '2000-01-01') as at, count(*) as people
				from (select min(d.entered_at) as at
					from private.door_periods as d
					where d.summit_id = p_summit and d.day = v_day
					group by d.person_id) as first
				group by 1) as q),
		-- Nothing measures a queue of people; its signs are how many come through and how many scans wait in the
		-- devices.
		'doors', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', coalesce(c.name, r.name),
				'kind', c.kind,
				'now', (select count(*)
					from private.door_scans as s
					where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes'),
				'refused', (select count(*)
					from private.door_scans as s
					where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes' and not s.is_counted),
				'inside', private.count_inside(p_summit, c.place, v_day), 'capacity', private.checkpoint_capacity(c),
				'devices', dev.open, 'silent', dev.silent, 'queued', dev.queued)
				order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c
			left join public.rooms as r on r.id = c.room_id
			cross join lateral (select count(*) as open,
					count(*) filter (where private.is_device_offline(t.last_seen_at)) as silent,
					coalesce(sum(t.queued), 0) as queued
				from private.door_devices as d
				left join private.door_device_states as t on t.device_id = d.id
				where d.checkpoint_id = c.id and d.device_revoked_at is null and d.expires_at > now()) as dev
			where c.summit_id = p_summit and c.ended_at is null),
		'conflicts',
			(select count(*) from private.door_conflicts as c where c.summit_id = p_summit and c.resolved_at is null),
		'mail', (select count(*)
			from private.outbox as o
			where o.summit_id = p_summit and o.state = 'dead' and o.created_at > now() - interval '1 day'
				and o.last_error is distinct from 'withdrawn' and not private.is_unlisted_mail(o.template)),
		'mark', private.upcoming_sessions_version(p_summit, v_day));
end
$$;

-- {building, came, places, devices, conflicts} for registration and safeguarding; null for others.
create or replace function public.read_door_desk(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_day date := private.door_day(summit);
begin
	if not private.has_role(summit, 'registration', 'safeguarding') then return null; end if;
	perform private.ensure_checkpoints(summit);
	return jsonb_build_object(
		'building', private.count_people_inside(summit, v_day),
		'came', private.count_people_came(summit, v_day),
		'places', (select coalesce(jsonb_agg(private.checkpoint_json(c)
				|| jsonb_build_object('inside', private.count_inside(summit, c.place, v_day))
				order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c
			where c.summit_id = read_door_desk.summit and c.ended_at is null),
		'devices', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name,
				'checkpoint', d.checkpoint_id, 'person', p.display_name, 'last_seen_at', private.iso(t.last_seen_at),
				'queued', coalesce(t.queued, 0), 'battery_percent', t.battery_percent, 'version', coalesce(t.version,
					''),
				'offset_minutes', round(coalesce(t.offset_ms, 0) / 60000.0), 'shut_out',
					d.device_revoked_at is not null,
				'expired', d.expires_at <= now(),
				'scans', (select count(*) from private.door_scans as s where s.device_id = d.id))
				order by d.device_revoked_at nulls first, d.enrolled_at desc), '[]')
			from private.door_devices as d
			left join private.door_device_states as t on t.device_id = d.id
			left join public.people as p on p.id = d.enrolled_by
			where d.summit_id = summit and d.enrolled_at > now() - interval '2 days'),
		'conflicts', (select coalesce(
				jsonb_agg(private.conflict_json(c) order by c.resolved_at nulls first, c.found_at desc), '[]')
			from private.door_conflicts as c
			where c.summit_id = read_door_desk.summit));
end
$$;

-- What organisers see at a glance while the Summit is held. Each number is that of its own page: the day at the doors
-- (21_door/on_the_day.sql), the checks of interpreters (12_agenda/checks_of_interpreters.sql).

-- The session that is on or comes next in each room within a day, of the newest release, that the reader sees: [{room,
-- code, title, at, until, state: of its run, null without one, interpreters: {needed, assigned}, inside, capacity: null
-- where no door counts}].
create function private.room_sessions_json(p_summit uuid, p_day date) returns jsonb
language sql stable security definer set search_path = '' as $$
	with needs as materialized (
		select n.session_id, 2 * count(*) as needed, sum(least(n.people, 2)) as assigned
		from private.interpreter_needs(p_summit) as n
		group by n.session_id
	), coming as (
		select distinct on (sl.room_id) sl.room_id, sl.during, s.id, s.code, s.title
		from public.release_slots as sl
		join public.sessions as s on s.id = sl.session_id and s.state = 'confirmed' and not s.is_break
		where sl.release_id = private.newest_release(p_summit)
			and not sl.is_cancelled
			and upper(sl.during) > now()
			and lower(sl.during) < now() + interval '1 day'
			and s.id in (select private.my_visible_sessions())
		order by sl.room_id, sl.during
	)
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
				'code', coming.code,
				'title', coming.title,
				'at', private.iso(lower(coming.during)),
				'until', private.iso(upper(coming.during)),
				'state', runs.state,
				'interpreters', jsonb_build_object(
					'needed', coalesce(needs.needed, 0), 'assigned', coalesce(needs.assigned, 0)),
				'inside', case when c.id is not null then private.count_inside(p_summit, c.place, p_day) end,
				'capacity', private.checkpoint_capacity(c)
			)
			order by lower(coming.during), rooms.position, rooms.slug
		),
		'[]'
	)
	from coming
	join public.rooms on rooms.id = coming.room_id
	left join needs on needs.session_id = coming.id
	left join public.runs on runs.session_id = coming.id and runs.state <> 'ended'
	left join public.checkpoints as c
		on c.room_id = rooms.id and c.kind = 'room' and c.name is null and c.ended_at is null
$$;

-- {came, building: today, expected: the confirmed in person, rooms: private.room_sessions_json}; null for who does not
-- read the day at the doors.
create function public.read_live_overview(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'came', private.count_people_came(read_live_overview.summit, today.day),
		'building', private.count_people_inside(read_live_overview.summit, today.day),
		'expected', (
			select count(*)
			from public.registrations as r
			where r.summit_id = read_live_overview.summit and r.state = 'confirmed' and r.mode = 'in_person'),
		'rooms', private.room_sessions_json(read_live_overview.summit, today.day))
	from (select private.door_day(read_live_overview.summit) as day) as today
	where private.has_role(read_live_overview.summit, 'programme', 'registration', 'stage', 'safeguarding')
$$;
grant execute on function public.read_live_overview(uuid) to authenticated;
