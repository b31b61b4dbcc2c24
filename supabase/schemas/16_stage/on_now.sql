-- What is on and what comes next, in all rooms of a Summit.

-- The current run of a room among those that this reader sees: one on air before one that waits, and of those that wait
-- the earliest.
create function private.current_run(p_person uuid, p_room uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id
	from public.runs
	where runs.room_id = p_room and runs.state <> 'ended' and private.can_see(p_person, runs.session_id)
	order by runs.state not in ('live', 'paused'), (select lower(during) from private.slot_at(runs.session_id)),
		runs.created_at
	limit 1
$$;

-- The current run of each room: [{room, session, entry, run_id, state, started_at}], of what the reader sees.
create function public.on_now(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'session', private.stage_session(runs.session_id),
		'entry', private.entry_decision(private.me(), runs.session_id, 'stream'),
		'run_id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at))
		order by rooms.position, rooms.slug), '[]')
	from public.rooms
	join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and summit in (select private.readable_summits())
$$;
grant execute on function public.on_now(uuid) to anon, authenticated;

-- The next session of each room that has no run yet and starts within a day: [{room, session, start, end}], of what the
-- reader sees. A session has one stage: with several rooms it is listed once, in the room where its stage opens
-- (private.slot_at).
create function public.up_next(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with stages as (
		select distinct on (rs.session_id) rs.room_id, rs.session_id, rs.during
		from public.release_slots as rs
		join public.rooms on rooms.id = rs.room_id
		join public.sessions as s on s.id = rs.session_id and not s.is_break and s.state <> 'cancelled'
			and s.attendance <> 'hall'
		where rs.release_id = private.newest_release(summit) and not rs.is_cancelled
			and summit in (select private.readable_summits())
			and upper(rs.during) > now() and lower(rs.during) < now() + interval '1 day'
			and rs.session_id in (select private.visible_sessions(private.me(), summit))
			and not exists (select from public.runs
				where runs.session_id = rs.session_id
					and (runs.state <> 'ended' or runs.started_at >= lower(rs.during) - interval '3 hours'))
		order by rs.session_id, rs.during, rooms.kind, rooms.position, rooms.slug
	), coming as (
		select distinct on (room_id) * from stages order by room_id, during
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'session', private.stage_session(coming.session_id),
		'start', private.iso(lower(coming.during)), 'end', private.iso(upper(coming.during)))
		order by lower(coming.during), rooms.position), '[]')
	from coming
	join public.rooms on rooms.id = coming.room_id
$$;
grant execute on function public.up_next(uuid) to anon, authenticated;
