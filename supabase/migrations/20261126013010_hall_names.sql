-- Who is on stage, as every reader of the run is told, the hall with its room's name in each language; whoever is unnamed stands there under their identity of this run alone.
create or replace function private.named_on_stage(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(case when private.is_unnamed_on(people.id, runs.session_id)
			then jsonb_build_object('identity', s.identity, 'code', s.identity, 'display_name', '', 'office', '', 'affiliation', '', 'country', null, 'role', s.role)
			else jsonb_build_object('identity', s.identity, 'code', people.code, 'display_name', people.display_name, 'office', people.office,
				'affiliation', people.affiliation, 'country', people.country, 'role', s.role) end order by s.role,
		(select min(position) from public.session_people as sp where sp.session_id = runs.session_id and sp.person_id = s.person_id),
		people.display_name), '[]')
		|| (select coalesce(jsonb_agg(jsonb_build_object('identity', h.identity, 'code', 'HALL', 'display_name', h.name ->> (h.name ->> 'original'), 'name', h.name, 'office', '',
			'affiliation', '', 'country', null, 'role', 'hall')), '[]') from private.hall_of(p_run) as h)
	from private.on_stage(p_run) as s join public.people on people.id = s.person_id join public.runs on runs.id = p_run
$$;
