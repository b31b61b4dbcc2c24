-- The checks of the draft that concern rooms. Severities are in check_settings.sql.

-- What the rooms of each slot offer together, and what its session needs; the expected audience is at least the number
-- of people who marked the session. Without a search path, so that it is inlined into the checks.
create function private.offered_rooms(p_summit uuid, p_moves jsonb)
	returns table (session_id uuid, attendance public.session_attendance, level public.confidentiality,
		needs_step_free boolean, needs_hearing_loop boolean, wanted text[], expected integer, seats bigint,
		has_hall boolean, has_stream boolean, is_overheard boolean, is_step_free boolean, has_loop boolean,
		equipment text[])
language sql stable as $$
	select
		p.session_id,
		s.attendance,
		s.level,
		n.needs_step_free,
		n.needs_hearing_loop,
		coalesce(n.equipment, '{}'),
		greatest(
			n.expected,
			(select count(*) from public.agenda_marks as m where m.session_id = s.id)::integer
		),
		room.*
	from private.placed_slots(p_summit, p_moves) as p
	join public.sessions as s on s.id = p.session_id and not s.is_break
	left join public.session_needs as n on n.session_id = s.id,
	-- The rooms of a slot taken together; their capacity is known only if it is known of each.
	lateral (
		select
			case
				when bool_and(r.capacity is not null) filter (where r.kind <> 'online')
					then sum(r.capacity) filter (where r.kind <> 'online')
			end as seats,
			coalesce(bool_or(r.kind <> 'online'), false) as has_hall,
			coalesce(bool_or(r.kind = 'online' or coalesce(f.is_streamed, true)), false) as has_stream,
			coalesce(bool_or(f.is_open), false) as is_overheard,
			coalesce(
				bool_and(coalesce(f.is_step_free, false)) filter (where r.kind <> 'online'), true
			) as is_step_free,
			coalesce(
				bool_and(coalesce(f.has_hearing_loop, false)) filter (where r.kind <> 'online'), true
			) as has_loop,
			array(
				select lower(e)
				from public.room_equipment as f2, unnest(f2.equipment) as e
				where f2.room_id = any (p.rooms)
			) as equipment
		from public.rooms as r
		left join public.room_equipment as f on f.room_id = r.id
		where r.id = any (p.rooms)
	) as room
$$;

-- Checks of rooms: too small, no way to attend as the session says, people who walk past can listen to a confidential
-- session, and missing equipment or access.
create function private.checks_of_rooms(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with placed as materialized (
		select * from private.offered_rooms(p_summit, p_moves)
	)
	select 'room_capacity', array[session_id], jsonb_build_object('expected', expected, 'seats', seats)
	from placed
	where attendance <> 'online'
		and has_hall
		and expected > seats
	union all
	select
		'audience_room',
		array[session_id],
		jsonb_build_object('lacks', case when attendance <> 'online' and not has_hall then 'hall' else 'stream' end)
	from placed
	where (attendance <> 'online' and not has_hall)
		or (attendance <> 'hall' and not has_stream)
	union all
	select 'level_stream', array[session_id], jsonb_build_object('level', level)
	from placed
	where level in ('chatham_house', 'closed')
		and is_overheard
	union all
	select 'equipment_missing', array[session_id], jsonb_build_object('things', to_jsonb(missing))
	from placed,
		lateral (select array(select w from unnest(wanted) as w where lower(w) <> all (equipment)) as missing) as gap
	where has_hall
		and cardinality(missing) > 0
	union all
	select
		'access_missing',
		array[session_id],
		jsonb_build_object(
			'step_free', needs_step_free and not is_step_free,
			'hearing_loop', needs_hearing_loop and not has_loop
		)
	from placed
	where has_hall
		and ((needs_step_free and not is_step_free) or (needs_hearing_loop and not has_loop))
$$;
