-- What organisers see at a glance while the Summit is held. Each number is that of its own page: the day at the doors
-- (21_door/on_the_day.sql), the checks of interpreters (12_agenda/checks_of_interpreters.sql).

-- The session that is on or comes next in each room within a day, of the newest release, that the reader sees: [{room,
-- code, title, at, until, has_stage, state: of its run, null without one, interpreters: {needed, assigned}, inside,
-- capacity: null where no door counts}].
create function private.room_sessions_json(p_summit uuid, p_day date) returns jsonb
language sql stable security definer set search_path = '' as $$
	with needs as materialized (
		select n.session_id, 2 * count(*) as needed, sum(least(n.people, 2)) as assigned
		from private.interpreter_needs(p_summit) as n
		group by n.session_id
	), coming as (
		select distinct on (sl.room_id) sl.room_id, sl.during, s.id, s.code, s.title, s.attendance <> 'hall' as has_stage
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
				'has_stage', coming.has_stage,
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
