-- The machines that record: which of them has which run, what it may hear and show, and the pieces that it sends.

-- LiveKit lets the recorder watch the stage while something is due, and at no other time; it never enters the green
-- room.


-- Takes what nobody holds, and holds on to what this process has already, through pauses too. A recorder from which
-- nothing has come for 20 seconds is no longer its: it is taken anew, also by the same process.
create function private.hold_recorders(p_process text, p_most integer, p_now timestamptz default now())
	returns table (recording uuid, is_new boolean)
language sql volatile security definer set search_path = '' as $$
	with due as (
		select g.id, r.held_by = p_process and r.held_until > p_now
			and not coalesce(private.is_silent(g, p_now - interval '5 seconds'), false) as is_mine
		from private.recordings as g join private.recorders as r on r.recording_id = g.id
		where g.state in ('wanted', 'running', 'paused')
			and (r.held_by = p_process or r.held_until <= p_now
				or coalesce(private.is_silent(g, p_now - interval '5 seconds'), false))
		order by is_mine desc, g.started_at limit p_most
		for update of r skip locked
	)
	update private.recorders as r set held_by = p_process, held_until = p_now + interval '15 seconds',
		tries = r.tries + case when due.is_mine then 0 else 1 end,
			due_at = case when due.is_mine then r.due_at else p_now end
	from due where r.recording_id = due.id
	returning r.recording_id, not due.is_mine
$$;
grant execute on function private.hold_recorders(text, integer, timestamptz) to app_server;

-- A new key for a recorder; the one before opens nothing any more. What it had begun is over.
create function private.key_recorder(p_recording uuid, p_hash bytea) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recorders set key_hash = p_hash, sound_lost_at = null where recording_id = p_recording;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
end
$$;
grant execute on function private.key_recorder(uuid, bytea) to app_server;

create function private.recording_of_key(p_hash bytea) returns private.recordings
language sql stable security definer set search_path = '' as $$
	select g.* from private.recordings as g join private.recorders as r on r.recording_id = g.id
		where r.key_hash = p_hash
$$;

-- Whether the hall may be in the recordings of a run: everybody of the session has agreed, wherever they sit.
create function private.records_hall(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.hall_of(p_run))
		and not exists (select from public.runs, private.lacks_recording_consent(runs.session_id) where runs.id = p_run)
$$;

--[was in recorders] What the recorder's page shows: {due, room, identity, session, on_stage: those who have agreed, and the hall}; null for a key that opens
--[was in recorders] nothing. Who is of the session may be seen in the hall: as soon as the hall is shown, each of them is in the recording and can take it back.
--[patch recorded_signing] Whoever signs in a recording is in it: taking the consent back seals it, as for everybody else who is seen.
-- What the recorder's page shows: {due, room, identity, session, on_stage: those who have agreed, and the hall}; null for a key that opens
-- nothing. Who is of the session may be seen in the hall: as soon as the hall is shown, each of them is in the recording and can take it back;
-- and so is whoever signs.
create function private.recorder_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	with counted as (
		insert into private.recording_people (recording_id, person_id)
		select g.id, p.person_id from private.recording_of_key(p_hash) as g cross
			join lateral jsonb_array_elements_text(private.drawn_signing(g.run_id, true)) as s (identity)
		join private.run_participants as p on p.run_id = g.run_id and p.identity = s.identity
		where private.is_due(g)
		union
		select g.id, sp.person_id
			from private.recording_of_key(p_hash) as g join public.session_people as sp on sp.session_id = g.session_id
		where private.is_due(g) and private.records_hall(g.run_id) and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		on conflict do nothing
	)
	select jsonb_build_object('due', private.is_due(g), 'identity', r.identity,
		'room', case when private.is_due(g) then private.open_room(g.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight')
			from private.stage_flow(g.run_id) as flow),
		'title', (select s.title from public.sessions as s where s.id = g.session_id),
		'on_stage', (select coalesce(jsonb_agg(shown), '[]')
			from jsonb_array_elements(private.named_on_stage(g.run_id)) as shown
			where shown ->> 'role' = 'hall' and private.records_hall(g.run_id)
				or exists (select from private.run_participants as p
					where p.run_id = g.run_id and p.identity = shown ->> 'identity'
					and private.may_be_recorded(g.run_id, p.person_id))))
	from private.recording_of_key(p_hash) as g join private.recorders as r on r.recording_id = g.id
$$;
grant execute on function private.recorder_view(bytea) to app_server;

-- Begins a part: its number, or null when nothing is to be recorded. One at a time.
create function private.begin_recording_part(p_hash bytea) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.recording_of_key(p_hash);
	v_number integer;
begin
	select * into v_recording from private.recordings where id = v_recording.id for update;
	if not found or not private.is_due(v_recording) then return null; end if;
	update private.recording_parts set ended_at = now() where recording_id = v_recording.id and ended_at is null;
	select coalesce(max(number), 0) + 1 into v_number from private.recording_parts where recording_id = v_recording.id;
	insert into private.recording_parts (recording_id, number) values (v_recording.id, v_number);
	return v_number;
end
$$;
grant execute on function private.begin_recording_part(bytea) to app_server;

-- Takes a piece whose bytes lie in the store: ok, already (it came twice), gap (one before it is missing), over.
create function private.add_recording_chunk(p_hash bytea, p_part integer, p_number integer, p_object text,
	p_now timestamptz default now()) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.recording_of_key(p_hash);
	v_last integer;
begin
	select * into v_recording from private.recordings where id = v_recording.id for update;
	-- The last piece of a part comes a moment after its end; what it holds of the time after is cut off.
	if not found or v_recording.state not in ('wanted', 'running', 'paused', 'stopped')
		or not exists (select from private.recording_parts as p
			where p.recording_id = v_recording.id and p.number = p_part
			and (p.ended_at is null or p.ended_at > p_now - interval '20 seconds')) then
		return 'over';
	end if;
	select coalesce(max(number), 0) into v_last from private.recording_chunks as c
		where c.recording_id = v_recording.id and c.part = p_part;
	if p_number <= v_last then return 'already'; end if;
	if p_number > v_last + 1 then return 'gap'; end if;
	if not private.keep_object(p_object) then return 'over'; end if;
	insert into private.recording_chunks (recording_id, part, number, object_name)
		values (v_recording.id, p_part, p_number, p_object);
	update private.recorders set heard_at = p_now, alarmed_at = null, tries = 0 where recording_id = v_recording.id;
	if v_recording.state = 'wanted' and private.is_due(v_recording) then
		update private.recordings set state = 'running' where id = v_recording.id;
		perform private.tell_recording(v_recording);
	end if;
	-- Somebody who forgot to stop it: eight hours are enough of anything.
	if v_recording.started_at < p_now - interval '8 hours' then
		perform private.stop_recording(v_recording.id, 'too_long');
	end if;
	return 'ok';
end
$$;
grant execute on function private.add_recording_chunk(bytea, integer, integer, text, timestamptz) to app_server;

-- The recorder compares what it records with who speaks on the stage: those who run stages are told when nothing is
-- heard, and when it is again.
create function private.note_recorder_sound(p_hash bytea, p_is_lost boolean, p_now timestamptz default now())
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.recording_of_key(p_hash);
begin
	select * into v_recording from private.recordings where id = v_recording.id for update;
	if not found then return; end if;
	update private.recorders set sound_lost_at = case when p_is_lost and private.is_due(v_recording) then p_now end
	where recording_id = v_recording.id and (sound_lost_at is null) = (p_is_lost and private.is_due(v_recording));
	if not found then return; end if;
	perform private.tell_recording(v_recording);
	if p_is_lost then
		perform private.tell('organise:' || v_recording.summit_id, 'recording_alarm', v_recording.run_id);
	end if;
end
$$;
grant execute on function private.note_recorder_sound(bytea, boolean, timestamptz) to app_server;

create function private.end_recording_part(p_hash bytea, p_part integer) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_parts as p set ended_at = least(p.ended_at, now())
	from private.recording_of_key(p_hash) as g where p.recording_id = g.id and p.number = p_part
$$;
grant execute on function private.end_recording_part(bytea, integer) to app_server;

-- The watchdog: those who run stages are told, once, of what should be recorded and is not; what never began after ten
-- tries has failed, and what ended without a piece too.
create function private.watch_recordings(p_now timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_count integer := 0;
begin
	for v_recording in
		select g.* from private.recordings as g join private.recorders as r on r.recording_id = g.id
		where g.state in ('wanted', 'running') and r.alarmed_at is null and private.is_silent(g, p_now)
			for update of r skip locked
	loop
		update private.recorders set alarmed_at = p_now where recording_id = v_recording.id;
		perform private.tell('organise:' || v_recording.summit_id, 'recording_alarm', v_recording.run_id);
		perform private.tell('session:' || v_recording.session_id, 'recording', v_recording.id);
		v_count := v_count + 1;
	end loop;
	-- A run whose end was missed, by whatever hand it was written.
	perform private.judge_recording(g.run_id) from private.recordings as g join public.runs on runs.id = g.run_id
	where g.state in ('wanted', 'running', 'paused') and runs.state = 'ended';
	update private.recordings as g set state = 'failed', reason = 'no_recorder'
	where g.state = 'stopped' and g.stopped_at < p_now - interval '30 seconds'
		and not exists (select from private.recording_chunks as c where c.recording_id = g.id)
		and not exists (select from private.egresses as e where e.recording_id = g.id);
	return v_count;
end
$$;
grant execute on function private.watch_recordings(timestamptz) to app_server;

-- What is over and waits to be made a file, given to one process at a time.
create function private.recordings_to_finish(p_process text, p_now timestamptz default now()) returns setof uuid
language sql volatile security definer set search_path = '' as $$
	update private.recorders as r set held_by = p_process, held_until = p_now + interval '30 minutes'
	from private.recordings as g
	where g.id = r.recording_id and g.state = 'stopped' and g.stopped_at < p_now - interval '8 seconds'
		and r.held_until < p_now
		and exists (select from private.recording_chunks as c where c.recording_id = g.id)
	returning g.id
$$;
grant execute on function private.recordings_to_finish(text, timestamptz) to app_server;

-- The recorder lets go of it before its time is up.
create function private.leave_recording(p_recording uuid, p_process text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recorders set held_until = '-infinity' where recording_id = p_recording and held_by = p_process
$$;
grant execute on function private.leave_recording(uuid, text) to app_server;

-- Its pieces in order: the part, how many milliseconds of it count, the object.
create function private.pieces_of_recording(p_recording uuid) returns table (part integer, most_ms integer, object text)
language sql stable security definer set search_path = '' as $$
	select p.number, (extract(epoch from p.ended_at - p.started_at) * 1000)::integer, c.object_name
	from private.recording_parts as p
		join private.recording_chunks as c on c.recording_id = p.recording_id and c.part = p.number
	where p.recording_id = p_recording and p.ended_at is not null
	order by p.number, c.number
$$;
grant execute on function private.pieces_of_recording(uuid) to app_server;

-- The one file of it is in the store: a draft that organisers look at. `p_lengths`: {part: milliseconds}. False when it
-- was sealed meanwhile.
create function private.finish_recording(p_recording uuid, p_object text, p_length integer, p_lengths jsonb)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings where id = p_recording and state = 'stopped' for update;
	if not found or not private.keep_object(p_object) then return false; end if;
	update private.recordings set state = 'ready', object_name = p_object, length_ms = p_length where id = p_recording;
	update private.recording_parts as p set length_ms = coalesce((p_lengths ->> p.number::text)::integer, 0)
		where p.recording_id = p_recording;
	delete from private.recording_chunks where recording_id = p_recording;
	update private.recorders set key_hash = null where recording_id = p_recording;
	perform private.tell_recording(v_recording);
	return true;
end
$$;
grant execute on function private.finish_recording(uuid, text, integer, jsonb) to app_server;

create function private.fail_recording(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings set state = 'failed', reason = 'no_file' where id = p_recording and state = 'stopped'
		returning * into v_recording;
	if not found then return; end if;
	delete from private.recording_chunks where recording_id = p_recording;
	perform private.tell_recording(v_recording);
end
$$;
grant execute on function private.fail_recording(uuid) to app_server;
