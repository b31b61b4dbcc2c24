-- What the checks of the agenda ask: what a room has, what a session needs, when somebody can, which languages an
-- interpreter works in.

-- Things as people name them: a projector, two lecterns.
create function private.are_things(p_things text[]) returns boolean
language sql immutable set search_path = '' as $$
	select cardinality(p_things) <= 30 and length(array_to_string(p_things, '')) <= 1500
		and array_position(p_things, null) is null
$$;
grant execute on function private.are_things(text[]) to public;

-- [{room: slug, building, floor, is_step_free, has_hearing_loop, is_streamed, is_open, equipment}]. Answers ok |
-- not_allowed | invalid.
create function public.save_room_facts(summit uuid, facts jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	insert into public.room_facts (room_id, summit_id, building, floor, is_step_free, has_hearing_loop, is_streamed,
		is_open, equipment)
	select rooms.id, summit, btrim(coalesce(item ->> 'building', '')), btrim(coalesce(item ->> 'floor', '')),
		coalesce((item ->> 'is_step_free')::boolean, false),
		coalesce((item ->> 'has_hearing_loop')::boolean, false), coalesce((item ->> 'is_streamed')::boolean, true),
			coalesce((item ->> 'is_open')::boolean, false),
		array(select jsonb_array_elements_text(coalesce(item -> 'equipment', '[]')))
	from jsonb_array_elements(facts) as each (item)
		join public.rooms on rooms.summit_id = summit and rooms.slug = item ->> 'room'
	on conflict (room_id) do update
		set building = excluded.building, floor = excluded.floor, is_step_free = excluded.is_step_free,
		has_hearing_loop = excluded.has_hearing_loop, is_streamed = excluded.is_streamed, is_open = excluded.is_open,
			equipment = excluded.equipment;
	perform private.tell('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_room_facts(uuid, jsonb) to authenticated;

-- {expected, needs_step_free, needs_hearing_loop, equipment}. Answers ok | not_allowed | invalid.
create function public.save_session_needs(session uuid, needs jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	insert into public.session_needs (session_id, summit_id, expected, needs_step_free, needs_hearing_loop, equipment)
	select s.id, s.summit_id, (needs ->> 'expected')::integer, coalesce((needs ->> 'needs_step_free')::boolean, false),
		coalesce((needs ->> 'needs_hearing_loop')::boolean, false),
			array(select jsonb_array_elements_text(coalesce(needs -> 'equipment', '[]')))
	from public.sessions as s where s.id = session
	on conflict (session_id) do update set expected = excluded.expected, needs_step_free = excluded.needs_step_free,
		needs_hearing_loop = excluded.needs_hearing_loop, equipment = excluded.equipment;
	perform private.tell('organise:' || summit_id, 'session') from public.sessions where id = session;
	return 'ok';
exception when check_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_session_needs(uuid, jsonb) to authenticated;

-- Whether the signed-in may say when somebody can: a programme organiser for the people of the Summit's sessions that
-- they see, and the person or who acts for them.
create function private.may_say_when(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp where sp.summit_id = p_summit and sp.person_id = p_person
		and (p_person in (select private.my_people('speaking')) or private.may_edit_session(sp.session_id)))
$$;

-- Writes down when somebody can; `during`: [{start, end}]. Answers ok | not_allowed | invalid.
create function public.save_availability(summit uuid, person uuid, zone text, during jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_say_when(summit, person) then return 'not_allowed'; end if;
	if zone is not null and not exists (select from private.time_zones where name = save_availability.zone) then
		return 'invalid';
	end if;
	if jsonb_typeof(during) <> 'array' or jsonb_array_length(during) > 60 then return 'invalid'; end if;
	insert into public.person_availabilities (person_id, summit_id, zone, during)
	select person, summit, save_availability.zone,
		coalesce(range_agg(tstzrange((item ->> 'start')::timestamptz, (item ->> 'end')::timestamptz)), '{}')
	from jsonb_array_elements(save_availability.during) as each (item)
	on conflict (person_id, summit_id) do update set zone = excluded.zone, during = excluded.during;
	perform private.tell('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_availability(uuid, uuid, text, jsonb) to authenticated;

-- The pairs that an interpreter works in, [{source, target}], instead of those before. Answers ok | not_allowed |
-- invalid.
create function public.save_interpreter_languages(summit uuid, person uuid, pairs jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_say_when(summit, person) then return 'not_allowed'; end if;
	delete from public.interpreter_languages as l where l.summit_id = summit and l.person_id = person;
	insert into public.interpreter_languages (person_id, summit_id, source, target)
	select distinct person, summit, item ->> 'source', item ->> 'target'
		from jsonb_array_elements(pairs) as each (item);
	perform private.tell('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_interpreter_languages(uuid, uuid, jsonb) to authenticated;

-- {slug: {room, building, …}} of the rooms of which something is known; null for all but programme.
create function public.read_room_facts(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_object_agg(r.slug, to_jsonb(f) - array['room_id', 'summit_id']
		|| jsonb_build_object('room', r.slug))
		from public.room_facts as f join public.rooms as r on r.id = f.room_id
			where f.summit_id = read_room_facts.summit), '{}')
	where private.has_role(read_room_facts.summit, 'programme')
$$;
grant execute on function public.read_room_facts(uuid) to authenticated;

create function public.read_session_needs(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(n) - array['session_id', 'summit_id'] from public.session_needs as n
	where n.session_id = read_session_needs.session and private.may_edit_session(n.session_id)
$$;
grant execute on function public.read_session_needs(uuid) to authenticated;

-- [{person, name, roles, zone, during: [{start, end}], pairs: [{source, target}]}] of those in sessions that the reader
-- sees; null for all but programme.
create function public.read_people_facts(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_agg(jsonb_build_object('person', p.id, 'name', p.display_name, 'roles', mine.roles,
		'zone', a.zone,
			'during', (select coalesce(jsonb_agg(jsonb_build_object('start', private.iso(lower(span)), 'end',
				private.iso(upper(span)))), '[]') from unnest(a.during) as span),
			'pairs', (select coalesce(jsonb_agg(jsonb_build_object('source', l.source, 'target', l.target)
				order by l.source, l.target), '[]')
				from public.interpreter_languages as l
					where l.person_id = p.id and l.summit_id = read_people_facts.summit)) order by p.display_name, p.id)
		from (select sp.person_id, jsonb_agg(distinct sp.role) as roles from public.session_people as sp
			where sp.summit_id = read_people_facts.summit and sp.state <> 'declined'
				and sp.session_id in (select private.seen_sessions(private.me(), read_people_facts.summit))
					group by sp.person_id) as mine
		join public.people as p on p.id = mine.person_id
		left join public.person_availabilities as a on a.person_id = p.id and a.summit_id = read_people_facts.summit),
			'[]')
	where private.has_role(read_people_facts.summit, 'programme')
$$;
grant execute on function public.read_people_facts(uuid) to authenticated;
