-- Starting, pausing and stopping a recording, by hand and with the run, and what everybody may know of it.

-- Starts a recording. Locks the session before the run, as a raised level does: in another order the raise and this act
-- would wait for each other, and one of them would be refused. {status: ok | not_found | over | level | not_planned |
-- consent (people: the names of those who have not agreed) | already, recording}.
create function public.start_recording(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_session public.sessions;
	v_recording private.recordings;
	v_without uuid[];
begin
	perform from public.sessions as s
	where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(v_me, v_run.session_id) then
		return jsonb_build_object('status', 'not_found');
	end if;
	select * into v_session from public.sessions where id = v_run.session_id;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'over'); end if;
	if greatest(private.level_in_force(v_session.id), v_run.level) not in ('public', 'members') then
		return jsonb_build_object('status', 'level');
	end if;
	-- The agenda must have announced that this session is recorded. It is not, by default.
	if not (private.stage_session(v_session.id) ->> 'is_recorded')::boolean then
		return jsonb_build_object('status', 'not_planned');
	end if;
	-- Only people on stage need to have agreed: a recording that runs pauses before another one comes on.
	select array_agg(s.person_id) into v_without
	from private.on_stage(v_run.id) as s
	where not private.may_be_recorded(v_run.id, s.person_id);
	if v_without is not null then
		return jsonb_build_object('status', 'consent', 'people', (
			select jsonb_agg(people.display_name order by people.display_name)
			from public.people where people.id = any (v_without)));
	end if;
	select * into v_recording from private.recordings as g
	where g.run_id = v_run.id and g.state in ('wanted', 'running', 'paused');
	if found then return jsonb_build_object('status', 'already', 'recording', v_recording.id); end if;
	insert into private.recordings (run_id, session_id, summit_id, level, started_by, state)
	values (v_run.id, v_session.id, v_session.summit_id, greatest(private.level_in_force(v_session.id), v_run.level),
		v_me, case when v_run.state = 'paused' then 'paused' else 'wanted' end::public.recording_state)
	returning * into v_recording;
	insert into private.recorders (recording_id) values (v_recording.id);
	insert into private.recording_marks (recording_id, kind) values (v_recording.id, 'began');
	perform private.sync_recording(v_run.id);
	perform private.notify_recording(v_recording);
	return jsonb_build_object('status', 'ok', 'recording', v_recording.id);
end
$$;
grant execute on function public.start_recording(uuid) to authenticated;

-- Stops the recording of a run by hand. Answers ok, already, not_found.
create function public.stop_recording(run uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording uuid;
begin
	if not exists (select from public.runs where runs.id = run and private.may_run(private.me(), runs.session_id)) then
		return 'not_found';
	end if;
	select g.id into v_recording from private.recordings as g
	where g.run_id = run and g.state in ('wanted', 'running', 'paused')
	for update;
	if not found then return 'already'; end if;
	perform private.stop_recording(v_recording, 'host');
	return 'ok';
end
$$;
grant execute on function public.stop_recording(uuid) to authenticated;

-- Ends what is being recorded; its pieces are made into a file, or deleted.
create function private.stop_recording(p_recording uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings set state = 'stopped', reason = p_reason, stopped_at = now()
	where id = p_recording and state in ('wanted', 'running', 'paused')
	returning * into v_recording;
	if not found then return; end if;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
	perform private.notify_recording(v_recording);
end
$$;

-- Brings the recording of a run in line with its state and its stage. Everybody on stage while it records is in it. It
-- pauses, before a second of them is recorded, when somebody comes on who has not agreed, and continues when they
-- leave. Locks the recording.
create function private.sync_recording(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_run public.runs;
	v_fits boolean;
begin
	select * into v_recording from private.recordings
	where run_id = p_run and state in ('wanted', 'running', 'paused')
	for update;
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
		select v_recording.id, s.person_id from private.on_stage(p_run) as s
		on conflict do nothing;
	end if;
	if v_fits and v_recording.state = 'paused' then
		update private.recordings set state = 'wanted' where id = v_recording.id;
		update private.recorders set due_at = now(), last_seen_at = null, attempts = 0, alarmed_at = null,
			sound_lost_at = null
		where recording_id = v_recording.id;
		insert into private.recording_marks (recording_id, kind) values (v_recording.id, 'began');
	elsif not v_fits and v_recording.state <> 'paused' then
		update private.recordings set state = 'paused' where id = v_recording.id;
		update private.recording_parts set ended_at = now() where recording_id = v_recording.id and ended_at is null;
	else
		return;
	end if;
	perform private.notify_recording(v_recording);
end
$$;

-- A run that starts, pauses or ends. Pieces are due from the moment that it goes live.
create function private.sync_recording_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'live' then
		update private.recorders as r set due_at = now(), last_seen_at = null, alarmed_at = null, sound_lost_at = null
		from private.recordings as g
		where g.id = r.recording_id and g.run_id = new.id and g.state in ('wanted', 'running');
	end if;
	perform private.sync_recording(new.id);
	return null;
end
$$;

create trigger follow_recording after update of state on public.runs for each row
	when (new.state <> old.state) execute function private.sync_recording_of_run();

-- Somebody comes on stage or leaves it. Who comes on begins a chapter.
create function private.sync_recording_of_stage() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.sync_recording(new.run_id);
	if new.is_on_stage then
		insert into private.recording_marks (recording_id, kind, person_id)
		select g.id, 'on_stage', new.person_id
		from private.recordings as g
		where g.run_id = new.run_id and g.state in ('wanted', 'running');
	end if;
	return null;
end
$$;

create trigger follow_recording_insert after insert on private.run_participants for each row
	when (new.is_on_stage) execute function private.sync_recording_of_stage();

create trigger follow_recording_update after update of is_on_stage on private.run_participants for each row
	when (new.is_on_stage <> old.is_on_stage) execute function private.sync_recording_of_stage();

-- Whether something is to be recorded at this moment.
create function private.is_recording_due(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state in ('wanted', 'running')
		and exists (select from public.runs where runs.id = p_recording.run_id and runs.state = 'live')
$$;

-- What everybody who sees the session knows of a run's recording: {state: wanted | running | paused | null, why (of a
-- pause: run | consent)}, and for those who run it also {may_start, is_planned, is_recorder_silent, has_lost_sound}.
-- Null for a run that the reader does not see.
create function public.recording_of_run(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', g.state, 'why', case
			when g.state = 'paused' then case when runs.state = 'paused' then 'run' else 'consent' end end)
		|| case when private.may_run(private.me(), runs.session_id) then jsonb_build_object(
			'may_start', g.id is null and planned.is_recorded
				and greatest(private.level_in_force(s.id), runs.level) in ('public', 'members'),
			'is_planned', planned.is_recorded,
			'is_silent', coalesce(private.is_recorder_silent(g), false),
			'has_lost_sound', coalesce(private.has_lost_sound(g), false)) else '{}' end
	from public.runs
	join public.sessions as s on s.id = runs.session_id
	cross join lateral (select (private.stage_session(s.id) ->> 'is_recorded')::boolean as is_recorded) as planned
	left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')
	where runs.id = run and runs.state <> 'ended' and private.can_see(private.me(), runs.session_id)
$$;
grant execute on function public.recording_of_run(uuid) to anon, authenticated;

-- Notifies everybody who sees the session, and organisers, of a change of a recording.
create function private.notify_recording(p_recording private.recordings) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.publish_event('session:' || p_recording.session_id, 'recording', p_recording.id);
	perform private.publish_event('organise:' || p_recording.summit_id, 'recording', p_recording.id);
end
$$;
