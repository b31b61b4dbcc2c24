-- Consent to be recorded: who has agreed, what follows when somebody withdraws their consent, and what is forgotten
-- where nobody is named.

-- Whether somebody on the stage of a run has agreed to be recorded, and (`p_publish`) to others seeing it: people of
-- the session by each of their parts in it, interpreters, whose signing is seen, by theirs, and delegates by what they
-- said when they raised their hand. Somebody under 18 needs the consent of their guardian too, and is not recorded
-- before it.
create function private.may_be_recorded(p_run uuid, p_person uuid, p_publish boolean default false) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select bool_and(sp.consent_record and (sp.consent_publish or not p_publish))
			from public.session_people as sp
			join public.runs on runs.session_id = sp.session_id
			where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined'
				and sp.role not in ('interpreter', 'captioner')),
		exists (select from private.floor_consents as f where f.run_id = p_run and f.person_id = p_person)
		or exists (select from public.session_people as sp
			join public.runs on runs.session_id = sp.session_id
			where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined' and sp.role = 'interpreter'
				and sp.consent_record and (sp.consent_publish or not p_publish)))
		and private.guardian_allows(p_person, (select runs.session_id from public.runs where runs.id = p_run), 'record')
$$;

-- The people of a session who have not agreed to be recorded: all who may come on stage, whether they have answered or
-- not, and those under 18 without the consent of their guardian.
create function private.list_without_recording_consent(p_session uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct sp.person_id
	from public.session_people as sp
	where sp.session_id = p_session and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')
		and not (sp.consent_record and private.guardian_allows(sp.person_id, p_session, 'record'))
$$;

-- Whether the hall may be in the recordings of a run: everybody of the session has agreed, wherever they sit.
create function private.may_record_hall(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.find_run_hall(p_run))
		and not exists (select from public.runs, private.list_without_recording_consent(runs.session_id)
			where runs.id = p_run)
$$;

-- Whether everybody in a recording still agrees to be in it, and (`p_publish`) to others seeing it.
create function private.all_consent_to_recording(p_recording private.recordings, p_publish boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.recording_people as p
		where p.recording_id = p_recording.id
			and not private.may_be_recorded(p_recording.run_id, p.person_id, p_publish))
$$;

-- Somebody of the session withdrew their consent or left the session: recordings that they are in are sealed at once. A
-- recording that they only do not want others to see is no longer published. Locks the recordings.
create function private.enforce_consent_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	for v_recording in
		select g.* from private.recordings as g
		where g.session_id = old.session_id and g.state not in ('sealed', 'failed')
			and exists (select from private.recording_people as p
				where p.recording_id = g.id and p.person_id = old.person_id)
		for update
	loop
		if not private.may_be_recorded(v_recording.run_id, old.person_id) then
			perform private.seal_recording(v_recording.id, 'consent');
		elsif v_recording.published_at is not null
			and not private.may_be_recorded(v_recording.run_id, old.person_id, true) then
			update private.recordings set published_at = null where id = v_recording.id;
			perform private.notify_recording(v_recording);
		end if;
	end loop;
	perform private.sync_recording(runs.id)
	from public.runs
	where runs.session_id = old.session_id and runs.state <> 'ended';
	return null;
end
$$;

create trigger enforce_consent_update
	after update of consent_record, consent_publish, state, role on public.session_people
	for each row execute function private.enforce_consent_change();

create trigger enforce_consent_delete after delete on public.session_people
	for each row execute function private.enforce_consent_change();

-- What a delegate says about being recorded when they raise their hand. When they withdraw it, the recordings of the
-- run that they are in are sealed.
create function private.set_floor_consent(p_run uuid, p_person uuid, p_agrees boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_agrees then
		insert into private.floor_consents (run_id, person_id) values (p_run, p_person) on conflict do nothing;
	else
		delete from private.floor_consents where run_id = p_run and person_id = p_person;
		if not private.may_be_recorded(p_run, p_person) then
			perform private.seal_recording(g.id, 'consent')
			from private.recordings as g
			join private.recording_people as p on p.recording_id = g.id
			where g.run_id = p_run and p.person_id = p_person;
		end if;
	end if;
	perform private.sync_recording(p_run);
end
$$;

-- Whether the reader agreed to be recorded when they raised their hand in a session.
create function public.has_floor_consent(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.floor_consents as f
		join public.runs on runs.id = f.run_id
		where runs.session_id = has_floor_consent.session and f.person_id = (select private.me()))
$$;
grant execute on function public.has_floor_consent(uuid) to authenticated;

-- Withdraws the reader's consent from the floor, on stage or after the session: every recording that they are in is
-- sealed at once. Answers ok or already.
create function public.withdraw_floor_consent(session uuid) returns public.ok_or_already
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
	v_answer text := 'already';
begin
	for v_run in
		select f.run_id
		from private.floor_consents as f
		join public.runs on runs.id = f.run_id
		where runs.session_id = withdraw_floor_consent.session and f.person_id = (select private.me())
	loop
		perform private.set_floor_consent(v_run, private.me(), false);
		v_answer := 'ok';
	end loop;
	return v_answer;
end
$$;
grant execute on function public.withdraw_floor_consent(uuid) to authenticated;

-- Deletes who spoke from the floor or agreed in a booth when the level of a run is raised to one that names nobody. Such a
-- run has no recording, so the consent has no use there.
create function private.erase_floor_consents() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.floor_consents as f where f.run_id = new.id;
	delete from private.booth_consents as c where c.run_id = new.id;
	return null;
end
$$;

create trigger forget_floor_consents after update of level on public.runs for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed'))
	execute function private.erase_floor_consents();
