-- Whoever holds a session and its run takes the session first, as a raised level does: else the raise, and somebody who writes at that
-- moment, wait for each other, and one of them is refused.

-- Answers ok | too_soon | too_long | invalid, or as may_write says it.
create or replace function public.send_message(run uuid, body text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation;
	v_body text := btrim(regexp_replace(left(coalesce(body, ''), 4000), '[\u0001-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]', '', 'g'));
	v_author bytea;
	v_nameless boolean;
	v_since timestamptz;
	v_id uuid;
begin
	-- The level stays as it is, and the run cannot end and be erased, between these lines and the last.
	perform from public.sessions as s where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_write(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if length(v_body) > 1000 then return 'too_long'; end if;
	if not private.says_something(v_body) then return 'invalid'; end if;
	-- One after the other of each person, so that the pause between two is kept over any number of connections.
	perform pg_advisory_xact_lock(hashtextextended('chat:' || run || v_me, 7));
	v_settings := private.participation_of(v_run.session_id);
	v_author := private.asker_hash(v_run.session_id, v_me);
	v_since := clock_timestamp() - make_interval(secs => case v_settings.chat when 'slow' then v_settings.slow_seconds else 1 end);
	if (exists (select from private.messages as x where x.run_id = run and (x.person_id = v_me or x.author = v_author) and x.sent_at > v_since)
		or exists (select from private.taken_back as t where t.run_id = run and t.what = 'message' and t.author = v_author and t.said_at > v_since))
		and not private.may_run(v_me, v_run.session_id) then return 'too_soon'; end if;
	v_nameless := private.is_nameless_level(private.level_in_force(v_run.session_id));
	insert into private.messages (run_id, session_id, person_id, author, body)
	values (run, v_run.session_id, case when not v_nameless then v_me end, case when v_nameless then v_author end, v_body) returning id into v_id;
	perform private.tell('chat:' || run, 'message', v_id);
	return 'ok';
end
$$;

-- Asks while the session is on. Answers ok (shown) | waiting (for approval) | already | limited | too_soon | invalid | closed, or why not as may_take_part says it.
create or replace function public.ask_question(run uuid, body text, shown_as text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation;
	v_status text;
	v_id uuid;
begin
	-- The level stays as it is, and the run cannot end and be erased, between these lines and the last.
	perform from public.sessions as s where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	v_settings := private.participation_of(v_run.session_id);
	if not v_settings.takes_questions then return 'closed'; end if;
	if (select count(*) from private.taken_back as t where t.run_id = run and t.what = 'question' and t.author = private.asker_hash(v_run.session_id, v_me)
		and t.taken_at > clock_timestamp() - interval '1 minute') >= 5 then return 'too_soon'; end if;
	select each.status, each.id into v_status, v_id
	from private.add_question(v_me, v_run.session_id, body, shown_as, 5, case when v_settings.approve_first then 'asked' else 'approved' end) as each;
	if v_status <> 'ok' then return v_status; end if;
	perform private.tell_participation(run, 'question', v_id, not v_settings.approve_first);
	return case when v_settings.approve_first then 'waiting' else 'ok' end;
end
$$;

-- {status: ok | not_found | level | not_planned | consent (people: who has not agreed) | over | already, recording}.
create or replace function public.start_recording(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_session public.sessions;
	v_recording private.recordings;
	v_without uuid[];
begin
	perform from public.sessions as s where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(v_me, v_run.session_id) then return jsonb_build_object('status', 'not_found'); end if;
	select * into v_session from public.sessions where id = v_run.session_id;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'over'); end if;
	if greatest(private.level_in_force(v_session.id), v_run.level) not in ('public', 'members') then return jsonb_build_object('status', 'level'); end if;
	-- Off by default: everybody was told with the agenda that this session is recorded.
	if not (private.stage_session(v_session.id) ->> 'is_recorded')::boolean then return jsonb_build_object('status', 'not_planned'); end if;
	-- Who is not on stage is in no recording: one that runs pauses before they come.
	select array_agg(s.person_id) into v_without from private.on_stage(v_run.id) as s where not private.may_be_recorded(v_run.id, s.person_id);
	if v_without is not null then
		return jsonb_build_object('status', 'consent', 'people', (select jsonb_agg(people.display_name order by people.display_name) from public.people where people.id = any (v_without)));
	end if;
	select * into v_recording from private.recordings as g where g.run_id = v_run.id and g.state in ('wanted', 'running', 'paused');
	if found then return jsonb_build_object('status', 'already', 'recording', v_recording.id); end if;
	insert into private.recordings (run_id, session_id, summit_id, level, started_by, state)
	values (v_run.id, v_session.id, v_session.summit_id, greatest(private.level_in_force(v_session.id), v_run.level), v_me,
		case when v_run.state = 'paused' then 'paused' else 'wanted' end::public.recording_state) returning * into v_recording;
	insert into private.recorders (recording_id) values (v_recording.id);
	insert into private.recording_marks (recording_id, kind) values (v_recording.id, 'began');
	perform private.judge_recording(v_run.id);
	perform private.tell_recording(v_recording);
	return jsonb_build_object('status', 'ok', 'recording', v_recording.id);
end
$$;

-- Locks the entry of a run, or (null) opens it. Whoever is thereby out is out at once, with every token they kept.
-- Answers ok, already, not_possible, not_found.
create or replace function public.lock_entry(run uuid, to_whom text default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if to_whom not in ('registered', 'people') then return 'not_possible'; end if;
	perform from public.sessions as s where s.id = v_run.session_id for no key update;
	perform private.staging_of(run);
	update private.run_stagings set entry_lock = to_whom where run_id = run and entry_lock is distinct from to_whom;
	if not found then return 'already'; end if;
	if to_whom is not null then
		perform private.move_run(run);
		-- One press does the whole of it: a chat that was open goes slowly, or is for the people of the session alone.
		perform public.set_participation(v_run.session_id, jsonb_build_object('chat', case to_whom when 'people' then 'people' else 'slow' end))
		where (private.participation_of(v_run.session_id)).chat in ('open', 'slow');
		perform private.tell('session:' || v_run.session_id, 'rights', v_run.session_id);
	end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- After the runs, which those who vote hold before what they vote on.
drop trigger raise_made_levels on public.sessions;
create trigger raise_what_was_made after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_made_levels();
