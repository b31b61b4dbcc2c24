-- Whoever was silenced on stage stays silent until a host gives the microphone back, through leaving the stage and coming again too.

alter table private.run_participants add column is_silenced boolean not null default false;

-- Takes the microphone of somebody on stage away, or gives it back; their picture stays. Answers ok, already, not_found.
create or replace function public.allow_microphone(run uuid, person text, allowed boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if not exists (select from private.on_stage(run) as s join public.people on people.id = s.person_id where people.code = person) then return 'not_found'; end if;
	update private.run_participants as p set may_microphone = allowed, is_silenced = not allowed
	from public.people
	where p.run_id = run and people.id = p.person_id and people.code = person and p.is_on_stage and p.may_microphone <> allowed;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or a host or stage organiser does.
-- Answers ok, already, not_found, not_a_speaker, kept_off (only a host brings back whom a host took off), ended.
create or replace function public.set_on_stage(run uuid, person text, on_stage boolean) returns text
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
	select * into v_run from public.runs where id = run for share;
	if not found or v_me is null or not private.can_see(v_me, v_run.session_id) then return 'not_found'; end if;
	v_runs_it := private.may_run(v_me, v_run.session_id);
	select people.id into v_person from public.people where people.code = set_on_stage.person;
	if v_person is null or v_person <> v_me and not v_runs_it then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	if on_stage and (private.comes_on(run, v_person) is null
		or private.entry_of(v_person, v_run.session_id, 'stream') <> 'ok') then
		return 'not_a_speaker';
	end if;
	if not on_stage and not exists (select from private.run_participants where run_id = run and person_id = v_person) then return 'already'; end if;
	perform private.stage_participant(run, v_person);
	select * into v_row from private.run_participants where run_id = run and person_id = v_person for update;
	if on_stage and v_row.is_kept_off and not v_runs_it then return 'kept_off'; end if;
	v_kept_off := not on_stage and (v_person <> v_me or v_row.is_kept_off);
	if v_row.is_on_stage = on_stage and v_row.is_kept_off = v_kept_off then return 'already'; end if;
	-- Whoever runs the stage and brings somebody on gives the microphone, too.
	v_silenced := v_row.is_silenced and not (on_stage and v_runs_it);
	update private.run_participants set is_on_stage = on_stage, may_camera = on_stage, may_microphone = on_stage and not v_silenced, may_screen = on_stage,
		is_kept_off = v_kept_off, is_silenced = v_silenced
	where id = v_row.id;
	-- Whoever is on stage waits in no queue: called from it, they would have a delegate's rights alone.
	if on_stage then
		update private.hands as h set state = 'lowered' where h.run_id = run and h.person_id = v_person and h.state = 'waiting';
		if found then perform private.tell_participation(run, 'hands', null, true); end if;
	end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
