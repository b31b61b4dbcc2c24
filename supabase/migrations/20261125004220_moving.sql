-- What "move to" asks before it proposes places: what is free, what the session needs, when its people can.

-- {rooms: [{slug, name, kind, capacity, step_free, hearing_loop, equipment, busy: [[start, end]]}], needs: {expected, step_free, hearing_loop,
-- equipment}, people: [{name, remote, zone, available: [[start, end]], busy: [[start, end]]}], limits}; null when not to be edited.
create function public.read_move(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object('slug', r.slug, 'name', r.name, 'kind', r.kind, 'capacity', r.capacity,
				'step_free', coalesce(f.is_step_free, false), 'hearing_loop', coalesce(f.has_hearing_loop, false), 'equipment', coalesce(f.equipment, '{}'),
				'busy', (select coalesce(jsonb_agg(jsonb_build_array(private.iso(lower(sr.during)), private.iso(upper(sr.during)), slots.session_id) order by sr.during), '[]')
					from public.slot_rooms as sr join public.slots on slots.id = sr.slot_id where sr.room_id = r.id)) order by r.position, r.slug), '[]')
			from public.rooms as r left join public.room_facts as f on f.room_id = r.id where r.summit_id = s.summit_id),
		'needs', (select jsonb_build_object('expected', greatest(max(n.expected), (select count(*) from public.agenda_marks as m where m.session_id = s.id)),
				'step_free', coalesce(bool_or(n.needs_step_free), false), 'hearing_loop', coalesce(bool_or(n.needs_hearing_loop), false),
				'equipment', coalesce((select n2.equipment from public.session_needs as n2 where n2.session_id = s.id), '{}'))
			from public.session_needs as n where n.session_id = s.id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object('name', p.display_name, 'remote', private.is_remote(s.summit_id, p.id) or s.attendance = 'online',
				'zone', a.zone,
				'available', (select coalesce(jsonb_agg(jsonb_build_array(private.iso(lower(span)), private.iso(upper(span)))), '[]') from unnest(a.during) as span),
				'busy', (select coalesce(jsonb_agg(jsonb_build_array(private.iso(lower(other.during)), private.iso(upper(other.during)))), '[]')
					from public.session_people as sp join public.slots as other on other.session_id = sp.session_id
					where sp.person_id = p.id and sp.summit_id = s.summit_id and sp.session_id <> s.id and sp.state <> 'declined')) order by p.display_name), '[]')
			from public.people as p left join public.person_availabilities as a on a.person_id = p.id and a.summit_id = s.summit_id
			where p.id in (select sp.person_id from public.session_people as sp where sp.session_id = s.id and sp.state <> 'declined')),
		'limits', private.limits_of(s.summit_id))
	from public.sessions as s where s.id = read_move.session and private.may_edit_session(s.id)
$$;

grant execute on function public.read_move(uuid) to authenticated;
