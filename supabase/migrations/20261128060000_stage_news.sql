-- What changes on a stage, with its content: read once in each process for all who may enter the run, so that none of their pages reads it.

-- What every reader of a run sees of its stage, as `read_stage` answers it to them: nothing that differs between them. What comes next in the
-- room does. Null once it has ended.
create function private.told_stage(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)), 'room', rooms.slug,
		'session', private.stage_session(runs.session_id), 'on_stage', private.named_on_stage(runs.id), 'flow', private.stage_flow(runs.id) - 'next',
		'recording', (select jsonb_build_object('state', g.state, 'why', case when g.state = 'paused' then case when runs.state = 'paused' then 'run' else 'consent' end end)
			from (select) as always left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')),
		'large', case when not private.wants_hls(runs.id) then 'off'
			when exists (select from private.egresses as e where e.run_id = runs.id and e.state = 'active') then 'on' else 'begins' end)
	from public.runs join public.rooms on rooms.id = runs.room_id where runs.id = p_run and runs.state <> 'ended'
$$;
grant execute on function private.told_stage(uuid, uuid) to app_server;

-- Whoever comes on stage, leaves it, or loses or gets back a microphone is told so themselves: their page has more to read than those of the others.
create function private.tell_own_part() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('person:' || new.person_id, 'part', new.run_id);
	return null;
end
$$;
create trigger tell_own_part after update of is_on_stage, is_kept_off, is_promoted, may_microphone on private.run_participants for each row
	when ((new.is_on_stage, new.is_kept_off, new.is_promoted, new.may_microphone) is distinct from (old.is_on_stage, old.is_kept_off, old.is_promoted, old.may_microphone))
	execute function private.tell_own_part();
create trigger tell_own_part_made after insert on private.run_participants for each row when (new.is_on_stage) execute function private.tell_own_part();
