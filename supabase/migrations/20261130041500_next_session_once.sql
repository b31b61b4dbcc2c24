-- The next session of each room that has no run yet and starts within a day: [{room, session, start, end}], of what the
-- reader sees. A session has one stage: with several rooms it is listed once, in the room where its stage opens
-- (private.slot_at).
create or replace function public.up_next(summit uuid) returns jsonb
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
