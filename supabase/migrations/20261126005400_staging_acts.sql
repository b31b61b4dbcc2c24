-- What hosts and stage organisers do to how a run is shown, when it begins, and who hosts it.

-- A run that is not over and that the reader runs; all null for any other.
create function private.run_of_mine(p_run uuid) returns public.runs
language sql stable security definer set search_path = '' as $$
	select runs.* from public.runs where runs.id = p_run and runs.state <> 'ended' and private.may_run(private.me(), runs.session_id)
$$;

-- Answers ok, already, not_found.
create function public.set_stage_layout(run uuid, layout public.stage_layout) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.staging_of(run);
	update private.run_stagings as s set layout = set_stage_layout.layout where s.run_id = run and s.layout <> set_stage_layout.layout;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- Shows one person on stage large, or (no code) whoever speaks. Answers ok, already, not_found.
create function public.set_spotlight(run uuid, person text default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
	v_shown uuid;
begin
	if v_run.id is null then return 'not_found'; end if;
	if person is not null then
		select s.participant_id into v_shown from private.on_stage(run) as s join public.people on people.id = s.person_id where people.code = person;
		if not found then return 'not_found'; end if;
	end if;
	perform private.staging_of(run);
	update private.run_stagings as s set spotlight_id = v_shown where s.run_id = run and s.spotlight_id is distinct from v_shown;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- Begins by itself after so many seconds; without a number the clock is stopped and it starts by hand. Answers ok, not_possible, not_found.
create function public.count_down(run uuid, seconds integer default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if v_run.state <> 'waiting' or seconds not between 5 and 3600 then return 'not_possible'; end if;
	perform private.staging_of(run);
	update private.run_stagings set starts_at = now() + make_interval(secs => seconds), is_held = seconds is null where run_id = run;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('outbox', 'run_clock', run);
	return 'ok';
end
$$;

-- Makes a speaker of the session a host of this run, or takes that back. Answers ok, already, not_a_speaker, not_found.
create function public.make_run_host(run uuid, person text, is_host boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
	v_person uuid;
begin
	if v_run.id is null then return 'not_found'; end if;
	select people.id into v_person from public.people join public.session_people as sp on sp.person_id = people.id
	where people.code = person and sp.session_id = v_run.session_id and sp.state <> 'declined' and sp.role in ('speaker', 'respondent');
	if not found then return 'not_a_speaker'; end if;
	if is_host then
		insert into private.run_hosts (run_id, summit_id, person_id) values (run, v_run.summit_id, v_person) on conflict (run_id, person_id) do nothing;
	else
		delete from private.run_hosts as h where h.run_id = run and h.person_id = v_person;
	end if;
	if not found then return 'already'; end if;
	perform private.stage_participant(run, v_person);
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('person:' || v_person, 'rights');
	return 'ok';
end
$$;

-- Takes the microphone of somebody on stage away, or gives it back; their picture stays. Answers ok, already, not_found.
create function public.allow_microphone(run uuid, person text, allowed boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if not exists (select from private.on_stage(run) as s join public.people on people.id = s.person_id where people.code = person) then return 'not_found'; end if;
	update private.run_participants as p set may_microphone = allowed
	from public.people
	where p.run_id = run and people.id = p.person_id and people.code = person and p.is_on_stage and p.may_microphone <> allowed;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- Whether a session begins and ends by itself. Hosts, stage organisers and those of the programme say so. Answers ok, not_found.
create function public.save_session_clock(session uuid, starts_itself boolean, ends_after integer) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := (select summit_id from public.sessions where id = session);
	v_run uuid;
begin
	if v_summit is null or not (private.may_run(private.me(), session)
		or private.can_see(private.me(), session) and private.has_role(v_summit, 'programme')) or ends_after not between 0 and 240 then
		return 'not_found';
	end if;
	insert into private.session_clocks as c (id, summit_id, starts_itself, ends_after) values (session, v_summit, save_session_clock.starts_itself, save_session_clock.ends_after)
	on conflict (id) do update set starts_itself = excluded.starts_itself, ends_after = excluded.ends_after;
	select id into v_run from public.runs where session_id = session and state <> 'ended';
	if v_run is not null then
		perform private.tell('session:' || session, 'stage', v_run);
		perform private.tell('outbox', 'run_clock', v_run);
	end if;
	return 'ok';
end
$$;

grant execute on function public.set_stage_layout(uuid, public.stage_layout), public.set_spotlight(uuid, text), public.count_down(uuid, integer),
	public.make_run_host(uuid, text, boolean), public.allow_microphone(uuid, text, boolean), public.save_session_clock(uuid, boolean, integer) to authenticated;
