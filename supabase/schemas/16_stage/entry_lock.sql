-- Raid protection: for one run, hosts let in only registered people, or only the people of the session.

-- Whether the lock of the session's run keeps out somebody who could otherwise watch. People who enter by their role
-- and delegates whom a host called stay.
create function private.is_locked_out(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.runs
		join private.run_stage_settings as st on st.run_id = runs.id
		where runs.session_id = p_session and runs.state <> 'ended' and st.entry_lock is not null
			and (p_person is null or not private.enters_by_role(p_person, p_session, 'stream')
				and not exists (select from private.run_participants as p
					where p.run_id = runs.id and p.person_id = p_person and p.is_promoted)
				and (st.entry_lock = 'people' or not exists (select from public.registrations as r
					where r.person_id = p_person and r.summit_id = runs.summit_id and r.state = 'confirmed'))))
$$;

-- Locks the entry of a run, or (null) opens it. People whom the lock keeps out leave at once, with every token they
-- kept: the run moves. Locks the session, the run and then the staging (lock order: 16_stage/runs.sql): in another
-- order this act and a raised level, or the end of the run, would wait for each other, and one of them would be
-- refused. Answers ok, already, not_possible, not_found.
create function public.lock_entry(run uuid, to_whom text default null) returns public.run_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if to_whom not in ('registered', 'people') then return 'not_possible'; end if;
	perform from public.sessions as s where s.id = v_run.session_id for no key update;
	perform from public.runs where runs.id = run and runs.state <> 'ended' for update;
	if not found then return 'not_found'; end if;
	perform private.lock_stage_settings(run);
	update private.run_stage_settings set entry_lock = to_whom where run_id = run and entry_lock is distinct
		from to_whom;
	if not found then return 'already'; end if;
	if to_whom is not null then
		perform private.rotate_livekit_rooms(run);
		-- One button does all of it: an open chat becomes slow, or is for the people of the session only.
		perform public.save_participation_settings(v_run.session_id,
			jsonb_build_object('chat', case to_whom when 'people' then 'people' else 'slow' end))
		where (private.participation_settings_of(v_run.session_id)).chat in ('open', 'slow');
		perform private.publish_event('session:' || v_run.session_id, 'rights', v_run.session_id);
	end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.lock_entry(uuid, text) to authenticated;
