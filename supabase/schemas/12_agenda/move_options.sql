-- What the builder needs to propose a time and a room for a session.

-- The rooms of a Summit and when they are taken: [{slug, name, kind, capacity, step_free, hearing_loop, equipment,
-- busy: [[start, end, session]]}]. A session that the reader does not see is null: only that the room is taken.
create function private.move_rooms_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'slug', r.slug,
				'name', r.name,
				'kind', r.kind,
				'capacity', r.capacity,
				'step_free', coalesce(f.is_step_free, false),
				'hearing_loop', coalesce(f.has_hearing_loop, false),
				'equipment', coalesce(f.equipment, '{}'),
				'busy', (
					select coalesce(
						jsonb_agg(
							jsonb_build_array(
								private.iso(lower(sr.during)),
								private.iso(upper(sr.during)),
								case when private.can_see(private.me(), slots.session_id) then slots.session_id end
							)
							order by sr.during
						),
						'[]'
					)
					from public.slot_rooms as sr
					join public.slots on slots.id = sr.slot_id
					where sr.room_id = r.id
				)
			)
			order by r.position, r.slug
		),
		'[]'
	)
	from public.rooms as r
	left join public.room_equipment as f on f.room_id = r.id
	where r.summit_id = p_summit
$$;

-- What a session needs of a room: {expected, step_free, hearing_loop, equipment}. The expected audience is at least the
-- number of people who marked the session.
create function private.move_needs_json(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'expected', greatest(
			n.expected,
			(select count(*) from public.agenda_marks as m where m.session_id = p_session)
		),
		'step_free', coalesce(n.needs_step_free, false),
		'hearing_loop', coalesce(n.needs_hearing_loop, false),
		'equipment', coalesce(n.equipment, '{}')
	)
	from (select) as one
	left join public.session_needs as n on n.session_id = p_session
$$;

-- When the people of a session are available, and when other sessions need them: [{name, remote, zone, available:
-- [[start, end]], busy: [[start, end]]}].
create function private.move_people_json(s public.sessions) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'name', p.display_name,
				'remote', private.attends_online(s.summit_id, p.id) or s.attendance = 'online',
				'zone', a.zone,
				'available', (
					select coalesce(
						jsonb_agg(jsonb_build_array(private.iso(lower(span)), private.iso(upper(span)))), '[]'
					)
					from unnest(a.during) as span
				),
				'busy', (
					select coalesce(
						jsonb_agg(
							jsonb_build_array(private.iso(lower(other.during)), private.iso(upper(other.during)))
						),
						'[]'
					)
					from public.session_people as sp
					join public.slots as other on other.session_id = sp.session_id
					where sp.person_id = p.id
						and sp.summit_id = s.summit_id
						and sp.session_id <> s.id
						and sp.state <> 'declined'
				)
			)
			order by p.display_name
		),
		'[]'
	)
	from public.people as p
	left join public.person_availabilities as a on a.person_id = p.id and a.summit_id = s.summit_id
	where p.id in (
		select sp.person_id
		from public.session_people as sp
		where sp.session_id = s.id and sp.state <> 'declined'
	)
$$;

-- {rooms, needs, people, limits: {daytime_from, daytime_until}}; null when the reader may not edit the session.
create function public.read_move_options(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'rooms', private.move_rooms_json(s.summit_id),
		'needs', private.move_needs_json(s.id),
		'people', private.move_people_json(s),
		'limits', private.check_limits_of(s.summit_id)
			- array['floor_minutes', 'building_minutes', 'turn_minutes', 'day_minutes', 'track_limit']
	)
	from public.sessions as s
	where s.id = read_move_options.session
		and private.may_edit_session(s.id)
$$;
grant execute on function public.read_move_options(uuid) to authenticated;
