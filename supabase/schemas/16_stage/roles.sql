-- Who is what in the run of a session, who comes on its stage, and who runs it. What LiveKit allows them follows from
-- this, in 16_stage/rights.sql.

-- The role of somebody in the run of a session, from their part in the session and their organiser's role at this
-- moment. The first of the enum wins; somebody with none is a viewer.
create function private.stage_role_of(p_person uuid, p_session uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select coalesce(min(role), 'viewer') from (
		select (case sp.role
			when 'chair' then 'host'
			when 'moderator' then 'host'
			when 'respondent' then 'speaker'
			else sp.role::text end)::public.stage_role as role
		from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		union all
		select 'host'
		from private.run_hosts as h
		join public.runs on runs.id = h.run_id and runs.state <> 'ended'
		join public.session_people as sp on sp.session_id = p_session and sp.person_id = p_person
			and sp.state <> 'declined' and sp.role in ('speaker', 'respondent')
		where runs.session_id = p_session and h.person_id = p_person
		union all
		select 'manager'
		from private.usable_grants as g, public.sessions as s
		where s.id = p_session and g.person_id = p_person
			and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')) as held
$$;

-- The role in which somebody comes on stage: a host or speaker of the session as such, a promoted delegate as a
-- speaker. Null: not at all. Somebody under 18 comes only as far as their guardian has consented
-- (17_participation/guardians.sql).
create function private.on_stage_role_of(p_run uuid, p_person uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select case
		when role in ('host', 'speaker')
			then case when private.guardian_allows(p_person, runs.session_id, 'part') then role end
		when exists (select from private.run_participants as p
				where p.run_id = runs.id and p.person_id = p_person and p.is_promoted)
			and private.guardian_allows(p_person, runs.session_id, 'stage') then 'speaker' end
	from public.runs
	cross join lateral private.stage_role_of(p_person, runs.session_id) as role
	where runs.id = p_run
$$;

-- Hosts of the session and stage organisers run it. Nobody runs a session that they cannot see or are barred from.
create function private.may_run(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.can_see(p_person, p_session)
		and (private.stage_role_of(p_person, p_session) = 'host'
			or exists (select from private.usable_grants as g, public.sessions as s
				where s.id = p_session and g.person_id = p_person
					and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')))
		and not private.has_entry_bar(p_person, p_session)
$$;

-- A run that has not ended and that the reader runs; all columns are null for any other.
create function private.find_managed_run(p_run uuid) returns public.runs
language sql stable security definer set search_path = '' as $$
	select runs.* from public.runs
	where runs.id = p_run and runs.state <> 'ended' and private.may_run(private.me(), runs.session_id)
$$;

-- Makes a speaker of the session a host of this run, or takes that back. Answers ok, already, not_a_speaker, not_found.
create function public.make_run_host(run uuid, person text, is_host boolean) returns public.run_host_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.hold_open_run(run);
	v_person uuid;
begin
	if not coalesce(private.may_run(private.me(), v_run.session_id), false) then return 'not_found'; end if;
	select people.id into v_person
	from public.people
	join public.session_people as sp on sp.person_id = people.id
	where people.code = person and sp.session_id = v_run.session_id and sp.state <> 'declined'
		and sp.role in ('speaker', 'respondent');
	if not found then return 'not_a_speaker'; end if;
	if is_host then
		insert into private.run_hosts (run_id, summit_id, person_id) values (run, v_run.summit_id, v_person)
		on conflict (run_id, person_id) do nothing;
	else
		delete from private.run_hosts as h where h.run_id = run and h.person_id = v_person;
	end if;
	if not found then return 'already'; end if;
	perform private.ensure_participant(run, v_person);
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	perform private.publish_event('person:' || v_person, 'rights');
	return 'ok';
end
$$;
grant execute on function public.make_run_host(uuid, text, boolean) to authenticated;
