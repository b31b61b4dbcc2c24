-- What interpreters say about the recording of their booths. Without their consent the original is recorded instead of
-- them; when they withdraw it, their voice is taken out of what was recorded, and nobody hears that language until then.

-- What the page of a booth says to its interpreters: {state: of the recording, null while there is none, has_agreed}; null
-- for sign languages, whose picture follows the consents of the session, and where the session is not recorded.
create function private.booth_recording(p_booth private.booths, p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', g.state, 'has_agreed', exists (
		select from private.booth_consents as c where c.run_id = runs.id and c.person_id = p_person))
	from public.runs
	left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')
	where runs.id = p_booth.run_id and not p_booth.is_signed
		and private.works_in_booth(p_person, p_booth.id)
		and (g.id is not null or (private.stage_session(runs.session_id) ->> 'is_recorded')::boolean)
		and greatest(private.level_in_force(runs.session_id), runs.level) in ('public', 'members')
$$;

-- Agrees to be recorded in the booths of a run that has not ended, or withdraws it. Answers ok, already, not_found (also
-- for somebody in no booth of what may be recorded).
create function public.set_booth_consent(run uuid, agrees boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs := private.hold_open_run(run);
begin
	if v_run.id is null or agrees is null then return 'not_found'; end if;
	if not agrees then return private.withdraw_booth_consent_of(v_run, v_me); end if;
	if not exists (
		select from private.booths as b
		where b.run_id = v_run.id and private.may_interpret_in(v_me, b.id)
			and private.booth_recording(b, v_me) is not null) then
		return 'not_found';
	end if;
	insert into private.booth_consents (run_id, person_id) values (v_run.id, v_me) on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'booth', v_run.id);
	return 'ok';
end
$$;
grant execute on function public.set_booth_consent(uuid, boolean) to authenticated;

-- Withdraws the consent of an interpreter: at once nobody gets a language with their voice, and a process takes it out.
-- Answers ok or already.
create function private.withdraw_booth_consent_of(p_run public.runs, p_person uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.booth_consents as c where c.run_id = p_run.id and c.person_id = p_person;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || p_run.session_id, 'booth', p_run.id);
	perform private.notify_recording(g) from private.recordings as g
	where g.run_id = p_run.id and exists (select from private.recording_voices as v
		where v.recording_id = g.id and v.person_id = p_person);
	return 'ok';
end
$$;

-- Whether the reader agreed to be recorded in a booth of a session.
create function public.has_booth_consent(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.booth_consents as c
		join public.runs on runs.id = c.run_id
		where runs.session_id = has_booth_consent.session and c.person_id = (select private.me()))
$$;
grant execute on function public.has_booth_consent(uuid) to authenticated;

-- Withdraws the reader's consent in all runs of a session, also after their end. Answers ok or already.
create function public.withdraw_booth_consent(session uuid) returns public.ok_or_already
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_answer text := 'already';
begin
	for v_run in
		select runs.* from public.runs
		join private.booth_consents as c on c.run_id = runs.id
		where runs.session_id = withdraw_booth_consent.session and c.person_id = (select private.me())
	loop
		v_answer := private.withdraw_booth_consent_of(v_run, private.me());
	end loop;
	return v_answer;
end
$$;
grant execute on function public.withdraw_booth_consent(uuid) to authenticated;
