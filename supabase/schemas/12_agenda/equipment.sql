-- What rooms have and what sessions need: access, equipment, streaming and expected audience.

-- The check of lists of equipment, as people name it: a projector, two lecterns.
create function private.are_equipment_items(p_things text[]) returns boolean
language sql immutable set search_path = '' as $$
	select cardinality(p_things) <= 30 and length(array_to_string(p_things, '')) <= 1500
		and array_position(p_things, null) is null
$$;
grant execute on function private.are_equipment_items(text[]) to public;

-- Saves what rooms have: [{room: slug, building, floor, is_step_free, has_hearing_loop, is_streamed, is_open,
-- equipment}]. Answers ok | not_allowed | invalid (also for a room that is given twice).
create function public.save_room_equipment(summit uuid, facts jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	insert into public.room_equipment (
		room_id, summit_id, building, floor, is_step_free, has_hearing_loop, is_streamed, is_open, equipment
	)
	select
		rooms.id,
		summit,
		btrim(coalesce(item ->> 'building', '')),
		btrim(coalesce(item ->> 'floor', '')),
		coalesce((item ->> 'is_step_free')::boolean, false),
		coalesce((item ->> 'has_hearing_loop')::boolean, false),
		coalesce((item ->> 'is_streamed')::boolean, true),
		coalesce((item ->> 'is_open')::boolean, false),
		array(select jsonb_array_elements_text(coalesce(item -> 'equipment', '[]')))
	from jsonb_array_elements(facts) as each (item)
	join public.rooms on rooms.summit_id = summit and rooms.slug = item ->> 'room'
	on conflict (room_id) do update set
		building = excluded.building,
		floor = excluded.floor,
		is_step_free = excluded.is_step_free,
		has_hearing_loop = excluded.has_hearing_loop,
		is_streamed = excluded.is_streamed,
		is_open = excluded.is_open,
		equipment = excluded.equipment;
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or cardinality_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_room_equipment(uuid, jsonb) to authenticated;

-- {slug: {room, building, …}} of the rooms of which something is known; null without the programme role.
create function public.read_room_equipment(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select jsonb_object_agg(
				r.slug,
				to_jsonb(f) - array['room_id', 'summit_id'] || jsonb_build_object('room', r.slug)
			)
			from public.room_equipment as f
			join public.rooms as r on r.id = f.room_id
			where f.summit_id = read_room_equipment.summit
		),
		'{}'
	)
	where private.has_role(read_room_equipment.summit, 'programme')
$$;
grant execute on function public.read_room_equipment(uuid) to authenticated;

-- Saves what a session needs: {expected, needs_step_free, needs_hearing_loop, equipment}. Answers ok | not_allowed |
-- invalid.
create function public.save_session_needs(session uuid, needs jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	insert into public.session_needs (
		session_id, summit_id, expected, needs_step_free, needs_hearing_loop, equipment
	)
	select
		s.id,
		s.summit_id,
		(needs ->> 'expected')::integer,
		coalesce((needs ->> 'needs_step_free')::boolean, false),
		coalesce((needs ->> 'needs_hearing_loop')::boolean, false),
		array(select jsonb_array_elements_text(coalesce(needs -> 'equipment', '[]')))
	from public.sessions as s
	where s.id = session
	on conflict (session_id) do update set
		expected = excluded.expected,
		needs_step_free = excluded.needs_step_free,
		needs_hearing_loop = excluded.needs_hearing_loop,
		equipment = excluded.equipment;
	perform private.publish_event('organise:' || summit_id, 'session') from public.sessions where id = session;
	return 'ok';
exception when check_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_session_needs(uuid, jsonb) to authenticated;

-- What a session needs; null when nothing was saved or the reader may not edit it.
create function public.read_session_needs(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(n) - array['session_id', 'summit_id'] from public.session_needs as n
	where n.session_id = read_session_needs.session and private.may_edit_session(n.session_id)
$$;
grant execute on function public.read_session_needs(uuid) to authenticated;
