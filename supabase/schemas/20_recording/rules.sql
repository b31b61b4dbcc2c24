-- Recordings of runs: what is to be recorded, who is in it, and everything that stops one. A recording is made only
-- while the run is live, by the wish of whoever runs it, of people on stage who have all agreed; the green room is
-- never in it.

create function private.doom_recorded_object() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if old.object_name is not null then
		perform private.doom_objects(old.object_name);
	end if;
	return null;
end
$$;

create trigger doom_object after delete on private.recordings for each row
	execute function private.doom_recorded_object();
create trigger doom_object after delete on private.recording_chunks for each row
	execute function private.doom_recorded_object();

--[was in recordings] Whether somebody on the stage of a run has agreed to be recorded: people of the session by each of their parts in it, others by
--[was in recordings] what they said when they raised their hand. `p_publish`: and to others seeing it.
--[was in recorded_signing] Whether somebody on the stage of a run has agreed to be recorded: people of the session by each of their parts in it, others by
--[was in recorded_signing] what they said when they raised their hand, and interpreters, whose signing is seen, by theirs. `p_publish`: and to others seeing it.
--[patch recorded_signing] Whoever signs in a recording is in it: taking the consent back seals it, as for everybody else who is seen.
--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- Whether somebody on the stage of a run has agreed to be recorded: people of the session by each of their parts in it, others by
-- what they said when they raised their hand; under 18, their guardian too. `p_publish`: and to others seeing it.
create function private.may_be_recorded(p_run uuid, p_person uuid, p_publish boolean default false) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select bool_and(sp.consent_record and (sp.consent_publish or not p_publish))
			from public.session_people as sp join public.runs on runs.session_id = sp.session_id
			where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined'
				and sp.role not in ('interpreter', 'captioner')),
		exists (select from private.floor_consents as f where f.run_id = p_run and f.person_id = p_person)
			or exists (select from public.session_people as sp join public.runs on runs.session_id = sp.session_id
				where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined' and sp.role = 'interpreter'
					and sp.consent_record and (sp.consent_publish or not p_publish)))
		and private.guardian_lets(p_person, (select runs.session_id from public.runs where runs.id = p_run), 'record')
$$;

--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- Who of a session stands in the way of recording it: all who may come on stage, whether they have answered or not.
create function private.lacks_recording_consent(p_session uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct sp.person_id from public.session_people as sp
	where sp.session_id = p_session and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')
		and not (sp.consent_record and private.guardian_lets(sp.person_id, p_session, 'record'))
$$;

create function private.tell_recording(p_recording private.recordings) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.tell('session:' || p_recording.session_id, 'recording', p_recording.id);
	perform private.tell('organise:' || p_recording.summit_id, 'recording', p_recording.id);
end
$$;

-- Ends what is being recorded: to be made a file of, or to be destroyed.
create function private.stop_recording(p_recording uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings set state = 'stopped', reason = p_reason, stopped_at = now()
	where id = p_recording and state in ('wanted', 'running', 'paused') returning * into v_recording;
	if not found then return; end if;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
	perform private.tell_recording(v_recording);
end
$$;

-- Nobody gets it any more, whatever its state; what is not yet a file becomes none.
create function private.seal_recording(p_recording uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings
		set state = 'sealed', reason = p_reason, published_at = null, stopped_at = coalesce(stopped_at, now())
	where id = p_recording and state not in ('sealed', 'failed') returning * into v_recording;
	if not found then return; end if;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
	delete from private.recording_chunks where recording_id = p_recording;
	update private.recorders set key_hash = null where recording_id = p_recording;
	perform private.tell_recording(v_recording);
end
$$;

-- Who is on stage while it is recorded is in it; whoever has not agreed pauses it before a second of them is.
create function private.judge_recording(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_run public.runs;
	v_fits boolean;
begin
	select * into v_recording from private.recordings
		where run_id = p_run and state in ('wanted', 'running', 'paused') for update;
	if not found then return; end if;
	select * into v_run from public.runs where id = p_run;
	if v_run.state = 'ended' then
		perform private.stop_recording(v_recording.id, 'run_ended');
		return;
	end if;
	v_fits := v_run.state <> 'paused'
		and not exists (select from private.on_stage(p_run) as s where not private.may_be_recorded(p_run, s.person_id));
	if v_fits and v_run.state = 'live' then
		insert into private.recording_people (recording_id, person_id)
		select v_recording.id, s.person_id from private.on_stage(p_run) as s on conflict do nothing;
	end if;
	if v_fits and v_recording.state = 'paused' then
		update private.recordings set state = 'wanted' where id = v_recording.id;
		update private.recorders set due_at = now(), heard_at = null, tries = 0, alarmed_at = null, sound_lost_at = null
			where recording_id = v_recording.id;
		insert into private.recording_marks (recording_id, kind) values (v_recording.id, 'began');
	elsif not v_fits and v_recording.state <> 'paused' then
		update private.recordings set state = 'paused' where id = v_recording.id;
		update private.recording_parts set ended_at = now() where recording_id = v_recording.id and ended_at is null;
	else
		return;
	end if;
	perform private.tell_recording(v_recording);
end
$$;

create function private.follow_run_for_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'live' then
		update private.recorders as r set due_at = now(), heard_at = null, alarmed_at = null, sound_lost_at = null
		from private.recordings as g
			where g.id = r.recording_id and g.run_id = new.id and g.state in ('wanted', 'running');
	end if;
	perform private.judge_recording(new.id);
	return null;
end
$$;

create trigger follow_recording after update of state on public.runs for each row
	when (new.state <> old.state) execute function private.follow_run_for_recording();

create function private.follow_stage_for_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.judge_recording(new.run_id);
	if new.is_on_stage then
		insert into private.recording_marks (recording_id, kind, person_id)
		select g.id, 'on_stage', new.person_id from private.recordings as g
			where g.run_id = new.run_id and g.state in ('wanted', 'running');
	end if;
	return null;
end
$$;

create trigger follow_recording_insert after insert on private.run_participants for each row
	when (new.is_on_stage) execute function private.follow_stage_for_recording();

create trigger follow_recording_update after update of is_on_stage on private.run_participants for each row
	when (new.is_on_stage <> old.is_on_stage) execute function private.follow_stage_for_recording();

-- Somebody took it back, or has no part in the session any more: what they are in is sealed at once, and what only
-- shows them to others is hidden.
create function private.follow_consent() returns trigger
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
			perform private.tell_recording(v_recording);
		end if;
	end loop;
	perform private.judge_recording(runs.id) from public.runs
		where runs.session_id = old.session_id and runs.state <> 'ended';
	return null;
end
$$;

create trigger follow_consent_update after update of consent_record, consent_publish, state,
	role on public.session_people
	for each row execute function private.follow_consent();
create trigger follow_consent_delete after delete on public.session_people for each row
	execute function private.follow_consent();

-- DESIGN.md: raising a level stops and seals what exists.
create function private.seal_recordings_of_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.seal_recording(g.id, 'level') from private.recordings as g
		where g.session_id = new.id and g.level < new.level;
	return null;
end
$$;

create trigger seal_recordings after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.seal_recordings_of_session();

-- What somebody says about being recorded while raising their hand; taken back, what they are in is sealed.
create function private.say_floor_consent(p_run uuid, p_person uuid, p_agrees boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_agrees then
		insert into private.floor_consents (run_id, person_id) values (p_run, p_person) on conflict do nothing;
	else
		delete from private.floor_consents where run_id = p_run and person_id = p_person;
		if not private.may_be_recorded(p_run, p_person) then
			perform private.seal_recording(g.id, 'consent')
				from private.recordings as g join private.recording_people as p on p.recording_id = g.id
			where g.run_id = p_run and p.person_id = p_person;
		end if;
	end if;
	perform private.judge_recording(p_run);
end
$$;

-- A page of slides is a chapter too.
create function private.mark_slide(p_run uuid, p_page integer) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.recording_marks (recording_id, kind, page)
	select g.id, 'slide', p_page from private.recordings as g
		where g.run_id = p_run and g.state in ('wanted', 'running')
$$;

create function private.follow_slides_for_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_slide(new.run_id, new.page);
	return null;
end
$$;

create trigger follow_recording after insert or update of page, version_id on private.run_slides for each row
	execute function private.follow_slides_for_recording();
