-- Starting and stopping a recording, and what everybody may know of it.

--[patch session_first] Whoever holds a session and its run takes the session first, as a raised level does: else the raise, and somebody who writes at that
--[patch session_first] moment, wait for each other, and one of them is refused.
-- {status: ok | not_found | level | not_planned | consent (people: who has not agreed) | over | already, recording}.
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
	-- Off by default: everybody was told with the agenda that this session is recorded.
	if not (private.stage_session(v_session.id) ->> 'is_recorded')::boolean then
		return jsonb_build_object('status', 'not_planned');
	end if;
	-- Who is not on stage is in no recording: one that runs pauses before they come.
	select array_agg(s.person_id) into v_without from private.on_stage(v_run.id) as s
		where not private.may_be_recorded(v_run.id, s.person_id);
	if v_without is not null then
		return jsonb_build_object('status', 'consent', 'people', (select jsonb_agg(people.display_name
			order by people.display_name) from public.people where people.id = any (v_without)));
	end if;
	select * into v_recording from private.recordings as g
		where g.run_id = v_run.id and g.state in ('wanted', 'running', 'paused');
	if found then return jsonb_build_object('status', 'already', 'recording', v_recording.id); end if;
	insert into private.recordings (run_id, session_id, summit_id, level, started_by, state)
	values (v_run.id, v_session.id, v_session.summit_id, greatest(private.level_in_force(v_session.id), v_run.level),
		v_me,
		case when v_run.state = 'paused' then 'paused' else 'wanted' end::public.recording_state)
			returning * into v_recording;
	insert into private.recorders (recording_id) values (v_recording.id);
	insert into private.recording_marks (recording_id, kind) values (v_recording.id, 'began');
	perform private.judge_recording(v_run.id);
	perform private.tell_recording(v_recording);
	return jsonb_build_object('status', 'ok', 'recording', v_recording.id);
end
$$;
grant execute on function public.start_recording(uuid) to authenticated;

-- ok, already, not_found.
create function public.stop_recording(run uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording uuid;
begin
	if not exists (select from public.runs where runs.id = run and private.may_run(private.me(), runs.session_id)) then
		return 'not_found';
	end if;
	select g.id into v_recording from private.recordings as g
		where g.run_id = run and g.state in ('wanted', 'running', 'paused') for update;
	if not found then return 'already'; end if;
	perform private.stop_recording(v_recording, 'host');
	return 'ok';
end
$$;
grant execute on function public.stop_recording(uuid) to authenticated;

-- The watchdog's question: it should come, and nothing has for 15 seconds.
create function private.is_silent(p_recording private.recordings, p_now timestamptz default now()) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state in ('wanted', 'running') and runs.state = 'live'
		and greatest(r.due_at, coalesce(r.heard_at, r.due_at)) < p_now - interval '15 seconds'
	from private.recorders as r, public.runs where r.recording_id = p_recording.id and runs.id = p_recording.run_id
$$;

-- Whether something should come at this moment.
create function private.is_due(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state in ('wanted', 'running')
		and exists (select from public.runs where runs.id = p_recording.run_id and runs.state = 'live')
$$;

-- People speak, and nothing of it is heard in the recording.
create function private.has_lost_sound(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_due(p_recording) and exists (select from private.recorders as r
		where r.recording_id = p_recording.id and r.sound_lost_at is not null)
$$;

-- What everybody who sees the session knows of a run's recording: {state: wanted | running | paused | null, why (of a
-- pause: run | consent), may_start, is_planned, is_silent, has_lost_sound}; the last four for who runs it. Null for a
-- run that the reader does not see.
create function public.recording_of_run(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', g.state, 'why',
		case when g.state = 'paused' then case when runs.state = 'paused' then 'run' else 'consent' end end)
		|| case when private.may_run(private.me(), runs.session_id) then jsonb_build_object(
			'may_start', g.id is null and planned.is_recorded
				and greatest(private.level_in_force(s.id), runs.level) in ('public', 'members'),
			'is_planned', planned.is_recorded, 'is_silent', coalesce(private.is_silent(g), false),
			'has_lost_sound', coalesce(private.has_lost_sound(g), false)) else '{}' end
	from public.runs join public.sessions as s on s.id = runs.session_id
	cross join lateral (select (private.stage_session(s.id) ->> 'is_recorded')::boolean as is_recorded) as planned
	left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')
	where runs.id = run and runs.state <> 'ended' and private.can_see(private.me(), runs.session_id)
$$;
grant execute on function public.recording_of_run(uuid) to anon, authenticated;

-- For the desk of all stages: [{run, session, since}] of what should be recorded and is not.
create function public.recording_alarms(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('run', g.run_id, 'session', g.session_id, 'since',
		private.iso(coalesce(r.heard_at, r.due_at))) order by r.due_at), '[]')
	from private.recordings as g join private.recorders as r on r.recording_id = g.id
	where g.summit_id = summit and private.has_role(summit, 'stage') and private.can_see(private.me(), g.session_id)
		and private.is_silent(g)
$$;
grant execute on function public.recording_alarms(uuid) to authenticated;
