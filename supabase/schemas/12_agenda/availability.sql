-- When people are available and which languages interpreters work in, for the checks and for proposing times.

-- Whether the reader may state somebody's availability and languages: the person, or who acts for them; a programme
-- organiser for the people of sessions that they may edit.
create function private.may_edit_availability(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from public.session_people as sp
		where sp.summit_id = p_summit
			and sp.person_id = p_person
			and (
				p_person in (select private.my_people('speaking'))
				or private.may_edit_session(sp.session_id)
			)
	)
$$;

-- Whether somebody takes part online at a Summit.
create function private.attends_online(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from public.registrations as r
		where r.summit_id = p_summit
			and r.person_id = p_person
			and r.mode = 'virtual'
			and r.state not in ('declined', 'withdrawn', 'expired')
	)
$$;

-- Saves when somebody is available, with up to 60 spans; `during`: [{start, end}]. Answers ok | not_allowed | invalid.
create function public.save_availability(summit uuid, person uuid, zone text, during jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_availability(summit, person) then return 'not_allowed'; end if;
	if zone is not null and not exists (select from private.time_zones where name = save_availability.zone) then
		return 'invalid';
	end if;
	if jsonb_typeof(during) <> 'array' or jsonb_array_length(during) > 60 then return 'invalid'; end if;
	insert into public.person_availabilities (person_id, summit_id, zone, during)
	select
		person,
		summit,
		save_availability.zone,
		coalesce(range_agg(tstzrange((item ->> 'start')::timestamptz, (item ->> 'end')::timestamptz)), '{}')
	from jsonb_array_elements(save_availability.during) as each (item)
	on conflict (person_id, summit_id) do update set zone = excluded.zone, during = excluded.during;
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_availability(uuid, uuid, text, jsonb) to authenticated;

-- Replaces the pairs of languages that an interpreter works in, [{source, target}]. Answers ok | not_allowed | invalid.
create function public.save_interpreter_languages(summit uuid, person uuid, pairs jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_availability(summit, person) then return 'not_allowed'; end if;
	delete from public.interpreter_languages as l where l.summit_id = summit and l.person_id = person;
	insert into public.interpreter_languages (person_id, summit_id, source, target)
	select distinct person, summit, item ->> 'source', item ->> 'target'
	from jsonb_array_elements(pairs) as each (item);
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_interpreter_languages(uuid, uuid, jsonb) to authenticated;

-- [{person, name, roles, zone, during: [{start, end}], pairs: [{source, target}]}] of the people in sessions that the
-- reader sees; null without the programme role.
create function public.list_availabilities(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select jsonb_agg(
				jsonb_build_object(
					'person', p.id,
					'name', p.display_name,
					'roles', mine.roles,
					'zone', a.zone,
					'during', (
						select coalesce(
							jsonb_agg(
								jsonb_build_object('start', private.iso(lower(span)), 'end', private.iso(upper(span)))
							),
							'[]'
						)
						from unnest(a.during) as span
					),
					'pairs', (
						select coalesce(
							jsonb_agg(
								jsonb_build_object('source', l.source, 'target', l.target)
								order by l.source, l.target
							),
							'[]'
						)
						from public.interpreter_languages as l
						where l.person_id = p.id and l.summit_id = list_availabilities.summit
					)
				)
				order by p.display_name, p.id
			)
			from (
				select sp.person_id, jsonb_agg(distinct sp.role) as roles
				from public.session_people as sp
				where sp.summit_id = list_availabilities.summit
					and sp.state <> 'declined'
					and sp.session_id in (select private.visible_sessions(private.me(), list_availabilities.summit))
				group by sp.person_id
			) as mine
			join public.people as p on p.id = mine.person_id
			left join public.person_availabilities as a
				on a.person_id = p.id and a.summit_id = list_availabilities.summit
		),
		'[]'
	)
	where private.has_role(list_availabilities.summit, 'programme')
$$;
grant execute on function public.list_availabilities(uuid) to authenticated;
