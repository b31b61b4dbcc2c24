-- What the agenda builder reads: the whole draft on its grid, and the places that suit a session which is to be moved.

-- {release, changes: how many sessions the next release would change, undo, redo, sessions, blocks}, with the sessions
-- that the reader sees; null without the programme role.
create function public.read_agenda_builder(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with seen as materialized (
		select private.visible_sessions(private.me(), read_agenda_builder.summit) as id
	)
	select jsonb_build_object(
		'release', (
			select jsonb_build_object('number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(read_agenda_builder.summit)
		),
		'changes', (
			select count(*)
			from private.draft_changes(read_agenda_builder.summit) as c
			where c.change <> 'none' and c.session_id in (select id from seen)
		),
		'undo', (
			select count(*)
			from private.placement_steps as s
			where s.summit_id = read_agenda_builder.summit and s.person_id = (select private.me()) and not s.is_undone
		),
		'redo', (
			select count(*)
			from private.placement_steps as s
			where s.summit_id = read_agenda_builder.summit and s.person_id = (select private.me()) and s.is_undone
		),
		'sessions', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', s.id,
						'code', s.code,
						'title', s.title,
						'level', s.level,
						'state', s.state,
						'track', t.slug,
						'format', f.slug,
						'minutes', coalesce(f.minutes, 60),
						'is_break', s.is_break,
						'attendance', s.attendance,
						'spoken', s.spoken,
						'interpreted', s.interpreted,
						'slots', coalesce(d.slots, '[]')
					)
					order by s.code
				),
				'[]'
			)
			from public.sessions as s
			left join private.draft_places(read_agenda_builder.summit) as d on d.session_id = s.id
			left join public.formats as f on f.id = s.format_id
			left join public.tracks as t on t.id = s.track_id
			where s.summit_id = read_agenda_builder.summit and s.id in (select id from seen)
		),
		'blocks', (
			select coalesce(jsonb_agg(private.read_placement(read_agenda_builder.summit, b.id) order by b.during), '[]')
			from public.slots as b
			where b.summit_id = read_agenda_builder.summit and b.session_id is null
		)
	)
	where private.has_role(read_agenda_builder.summit, 'programme')
$$;
grant execute on function public.read_agenda_builder(uuid) to authenticated;

-- What is needed to propose a time and room for a session: {rooms: [{slug, name, kind, capacity, step_free,
-- hearing_loop, equipment, busy: [[start, end, session]]}], needs: {expected, step_free, hearing_loop, equipment},
-- people: [{name, remote, zone, available: [[start, end]], busy: [[start, end]]}], limits: {daytime_from,
-- daytime_until}}. A session that the reader does not see is null in `busy`: only that the room is taken. Null when the
-- reader may not edit the session.
create function public.read_move_options(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'rooms', (
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
			where r.summit_id = s.summit_id
		),
		-- An aggregate, so that a session without stated needs has a row too.
		'needs', (
			select jsonb_build_object(
				'expected', greatest(
					max(n.expected),
					(select count(*) from public.agenda_marks as m where m.session_id = s.id)
				),
				'step_free', coalesce(bool_or(n.needs_step_free), false),
				'hearing_loop', coalesce(bool_or(n.needs_hearing_loop), false),
				'equipment', coalesce(
					(select n2.equipment from public.session_needs as n2 where n2.session_id = s.id),
					'{}'
				)
			)
			from public.session_needs as n
			where n.session_id = s.id
		),
		'people', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'name', p.display_name,
						'remote', private.attends_online(s.summit_id, p.id) or s.attendance = 'online',
						'zone', a.zone,
						'available', (
							select coalesce(
								jsonb_agg(jsonb_build_array(private.iso(lower(span)), private.iso(upper(span)))),
								'[]'
							)
							from unnest(a.during) as span
						),
						'busy', (
							select coalesce(
								jsonb_agg(
									jsonb_build_array(
										private.iso(lower(other.during)),
										private.iso(upper(other.during))
									)
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
		),
		'limits', private.check_limits_of(s.summit_id)
			- array['floor_minutes', 'building_minutes', 'turn_minutes', 'day_minutes', 'track_limit']
	)
	from public.sessions as s
	where s.id = read_move_options.session
		and private.may_edit_session(s.id)
$$;
grant execute on function public.read_move_options(uuid) to authenticated;
