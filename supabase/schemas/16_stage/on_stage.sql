-- Who is on the stage of a run: bringing people on, taking them off, and their microphones.

-- Who is on stage in a run and may still be there.
create function private.on_stage(p_run uuid)
	returns table (participant_id uuid, person_id uuid, identity text, role public.stage_role)
language sql stable security definer set search_path = '' as $$
	select p.id, p.person_id, p.identity, live.role
	from private.run_participants as p
	join public.runs on runs.id = p.run_id
	cross join lateral (select private.on_stage_role_of(runs.id, p.person_id) as role) as live
	where p.run_id = p_run and p.is_on_stage and live.role is not null
		and private.entry_decision(p.person_id, runs.session_id, 'stream') = 'ok'
$$;

-- Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or somebody who runs the
-- stage does. Locks the run against its end, then the place. Answers ok, already, not_found, not_a_speaker, guardian
-- (under 18, without the guardian's consent), kept_off (only somebody who runs the stage brings back whom one took
-- off), ended.
create function public.set_on_stage(run uuid, person text, on_stage boolean) returns public.on_stage_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_person uuid;
	v_row private.run_participants;
	v_runs_it boolean;
	v_kept_off boolean;
	v_silenced boolean;
begin
	-- Whether the reader may do this to this person.
	select * into v_run from public.runs where id = run for share;
	if not found or v_me is null or not private.can_see(v_me, v_run.session_id) then return 'not_found'; end if;
	v_runs_it := private.may_run(v_me, v_run.session_id);
	select people.id into v_person from public.people where people.code = set_on_stage.person;
	if v_person is null or v_person <> v_me and not v_runs_it then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	-- Whether the person may be on stage. A workshop has none.
	if on_stage and v_run.stage_format = 'meeting' then return 'not_a_speaker'; end if;
	if on_stage and private.stage_role_of(v_person, v_run.session_id) in ('host', 'speaker')
		and not private.guardian_allows(v_person, v_run.session_id, 'part') then
		return 'guardian';
	end if;
	if on_stage and (private.on_stage_role_of(run, v_person) is null
		or private.entry_decision(v_person, v_run.session_id, 'stream') <> 'ok') then
		return 'not_a_speaker';
	end if;
	if not on_stage
		and not exists (select from private.run_participants where run_id = run and person_id = v_person) then
		return 'already';
	end if;
	-- What the act changes.
	perform private.ensure_participant(run, v_person);
	select * into v_row from private.run_participants where run_id = run and person_id = v_person for update;
	if on_stage and v_row.is_kept_off and not v_runs_it then return 'kept_off'; end if;
	v_kept_off := not on_stage and (v_person <> v_me or v_row.is_kept_off);
	if v_row.is_on_stage = on_stage and v_row.is_kept_off = v_kept_off then return 'already'; end if;
	-- A silenced person stays silenced when they leave the stage and come back. Only somebody who runs the stage and
	-- brings them on gives them the microphone again.
	v_silenced := v_row.is_silenced and not (on_stage and v_runs_it);
	update private.run_participants set is_on_stage = on_stage, may_camera = on_stage,
		may_microphone = on_stage and not v_silenced, may_screen = on_stage,
		is_kept_off = v_kept_off, is_silenced = v_silenced
	where id = v_row.id;
	-- Somebody on stage waits in no queue: called from it, they would have only the rights of a delegate.
	if on_stage then
		update private.hands as h set state = 'lowered'
		where h.run_id = run and h.person_id = v_person and h.state = 'waiting';
		if found then perform private.notify_participation(run, 'hands', null, true); end if;
	end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.set_on_stage(uuid, text, boolean) to authenticated;

-- Takes the microphone of somebody on stage away, or gives it back; their picture stays. A silenced person stays
-- silenced until a host gives the microphone back. Answers ok, already, not_found.
create function public.allow_microphone(run uuid, person text, allowed boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if not exists (select from private.on_stage(run) as s
		join public.people on people.id = s.person_id
		where people.code = person) then
		return 'not_found';
	end if;
	update private.run_participants as p set may_microphone = allowed, is_silenced = not allowed
	from public.people
	where p.run_id = run and people.id = p.person_id and people.code = person and p.is_on_stage
		and p.may_microphone <> allowed;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.allow_microphone(uuid, text, boolean) to authenticated;

-- Notifies a person who comes on stage, leaves it, or loses or gets back a microphone: their page has more to read than
-- the pages of the others.
create function private.notify_own_stage_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('person:' || new.person_id, 'part', new.run_id);
	return null;
end
$$;

create trigger notify_own_stage_change
	after update of is_on_stage, is_kept_off, is_promoted, may_microphone on private.run_participants for each row
	when ((new.is_on_stage, new.is_kept_off, new.is_promoted, new.may_microphone)
		is distinct from (old.is_on_stage, old.is_kept_off, old.is_promoted, old.may_microphone))
	execute function private.notify_own_stage_change();

create trigger notify_own_stage_change_insert after insert on private.run_participants for each row
	when (new.is_on_stage) execute function private.notify_own_stage_change();

-- Somebody whose registration ends, and who may not follow a session without it, leaves its stage and its queue. When
-- they register again they must be called again, and are not put back on stage. Locks the runs by id.
create function private.remove_from_stages() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	for v_run in
		select runs.* from public.runs
		where runs.summit_id = new.summit_id and runs.state <> 'ended'
			and (exists (select from private.run_participants as p
					where p.run_id = runs.id and p.person_id = new.person_id and p.is_on_stage)
				or exists (select from private.hands as h
					where h.run_id = runs.id and h.person_id = new.person_id and h.state = 'waiting'))
			and private.entry_decision(new.person_id, runs.session_id, 'stream') <> 'ok'
		order by runs.id
		for share
	loop
		update private.run_participants as p
		set is_on_stage = false, may_microphone = false, may_camera = false, may_screen = false
		where p.run_id = v_run.id and p.person_id = new.person_id and p.is_on_stage;
		update private.hands as h set state = 'lowered'
		where h.run_id = v_run.id and h.person_id = new.person_id and h.state = 'waiting';
		perform private.publish_event('session:' || v_run.session_id, 'stage', v_run.id);
		perform private.notify_participation(v_run.id, 'hands', null, true);
	end loop;
	return null;
end
$$;

create trigger leave_stages after update of state on public.registrations for each row
	when (old.state = 'confirmed' and new.state <> 'confirmed') execute function private.remove_from_stages();
