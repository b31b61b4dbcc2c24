-- Whoever takes part in the Summit no more, and may not follow a session without, is off its stage and out of its queue: registered again
-- they are called again, and do not stand on the stage of before.

create function private.leave_stages() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	for v_run in select runs.* from public.runs where runs.summit_id = new.summit_id and runs.state <> 'ended'
		and (exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = new.person_id and p.is_on_stage)
			or exists (select from private.hands as h where h.run_id = runs.id and h.person_id = new.person_id and h.state = 'waiting'))
		and private.entry_of(new.person_id, runs.session_id, 'stream') <> 'ok' order by runs.id for share
	loop
		update private.run_participants as p set is_on_stage = false, may_microphone = false, may_camera = false, may_screen = false
		where p.run_id = v_run.id and p.person_id = new.person_id and p.is_on_stage;
		update private.hands as h set state = 'lowered' where h.run_id = v_run.id and h.person_id = new.person_id and h.state = 'waiting';
		perform private.tell('session:' || v_run.session_id, 'stage', v_run.id);
		perform private.tell_participation(v_run.id, 'hands', null, true);
	end loop;
	return null;
end
$$;
create trigger leave_stages after update of state on public.registrations for each row
	when (old.state = 'confirmed' and new.state <> 'confirmed') execute function private.leave_stages();
