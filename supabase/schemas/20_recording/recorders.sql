-- The machines that record: which of them has which recording, what its page shows, and the pieces that it sends. What
-- LiveKit allows them is in 16_stage/rights.sql.

-- Gives a process recordings that nobody holds, and extends its hold on those it has, through pauses too. A recorder
-- from which nothing has come for 20 seconds is given away again, also to the same process. Skips rows that another
-- process has locked.
create function private.claim_recorders(p_process text, p_most integer, p_now timestamptz default now())
	returns table (recording uuid, is_new boolean)
language sql volatile security definer set search_path = '' as $$
	with due as (
		select g.id, r.held_by = p_process and r.held_until > p_now
			and not coalesce(private.is_recorder_silent(g, p_now - interval '5 seconds'), false) as is_mine
		from private.recordings as g
		join private.recorders as r on r.recording_id = g.id
		where g.state in ('wanted', 'running', 'paused')
			and (r.held_by = p_process or r.held_until <= p_now
				or coalesce(private.is_recorder_silent(g, p_now - interval '5 seconds'), false))
		order by is_mine desc, g.started_at
		limit p_most
		for update of r skip locked
	)
	update private.recorders as r set held_by = p_process, held_until = p_now + interval '15 seconds',
		attempts = r.attempts + case when due.is_mine then 0 else 1 end,
		due_at = case when due.is_mine then r.due_at else p_now end
	from due
	where r.recording_id = due.id
	returning r.recording_id, not due.is_mine
$$;
grant execute on function private.claim_recorders(text, integer, timestamptz) to app_server;

-- A process gives up its hold before it expires.
create function private.release_recorder(p_recording uuid, p_process text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recorders set held_until = '-infinity' where recording_id = p_recording and held_by = p_process
$$;
grant execute on function private.release_recorder(uuid, text) to app_server;

-- Gives a recorder a new key. The key before opens nothing any more, and the part that it had begun has ended.
create function private.set_recorder_key(p_recording uuid, p_hash bytea) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recorders set key_hash = p_hash, sound_lost_at = null where recording_id = p_recording;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
end
$$;
grant execute on function private.set_recorder_key(uuid, bytea) to app_server;

-- The recording that a key opens; all columns are null for any other key.
create function private.find_recording_by_key(p_hash bytea) returns private.recordings
language sql stable security definer set search_path = '' as $$
	select g.*
	from private.recordings as g
	join private.recorders as r on r.recording_id = g.id
	where r.key_hash = p_hash
$$;

-- What the page of the recorder shows: {due, room, identity, staged, title, on_stage: the people who have agreed, and
-- the hall, booths: who of the interpreters may be recorded}; null for a key that opens nothing. It also counts who is in the recording, so that each can withdraw their
-- consent: everybody who signs, and, when the hall is shown, everybody of the session, because they may be seen in it.
create function private.recorder_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	with counted as (
		insert into private.recording_people (recording_id, person_id)
		select g.id, p.person_id
		from private.find_recording_by_key(p_hash) as g
		cross join lateral jsonb_array_elements_text(private.rendered_signing(g.run_id, true)) as s (identity)
		join private.run_participants as p on p.run_id = g.run_id and p.identity = s.identity
		where private.is_recording_due(g)
		union
		select g.id, sp.person_id
		from private.find_recording_by_key(p_hash) as g
		join public.session_people as sp on sp.session_id = g.session_id
		where private.is_recording_due(g) and private.may_record_hall(g.run_id) and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		on conflict do nothing
	)
	select jsonb_build_object('due', private.is_recording_due(g), 'identity', r.identity,
		'room', case when private.is_recording_due(g) then private.ensure_livekit_room(g.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight')
			from private.stage_progress(g.run_id) as flow),
		'title', (select s.title from public.sessions as s where s.id = g.session_id),
		'on_stage', (
			select coalesce(jsonb_agg(shown), '[]')
			from jsonb_array_elements(private.named_on_stage(g.run_id)) as shown
			where shown ->> 'role' = 'hall' and private.may_record_hall(g.run_id)
				or exists (select from private.run_participants as p
					where p.run_id = g.run_id and p.identity = shown ->> 'identity'
						and private.may_be_recorded(g.run_id, p.person_id))),
		'booths', private.recorded_booths(g))
	from private.find_recording_by_key(p_hash) as g
	join private.recorders as r on r.recording_id = g.id
	cross join lateral private.note_voices(g)
$$;
grant execute on function private.recorder_view(bytea) to app_server;

-- Begins a part, after the end of the part before. Answers its number, or null when nothing is to be recorded. Locks
-- the recording.
create function private.begin_recording_part(p_hash bytea) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.find_recording_by_key(p_hash);
	v_number integer;
begin
	select * into v_recording from private.recordings where id = v_recording.id for update;
	if not found or not private.is_recording_due(v_recording) then return null; end if;
	update private.recording_parts set ended_at = now() where recording_id = v_recording.id and ended_at is null;
	select coalesce(max(number), 0) + 1 into v_number from private.recording_parts where recording_id = v_recording.id;
	insert into private.recording_parts (recording_id, number) values (v_recording.id, v_number);
	perform private.begin_recorded_languages(v_recording);
	return v_number;
end
$$;
grant execute on function private.begin_recording_part(bytea) to app_server;

-- Stores a piece whose bytes are in the store. Locks the recording. Answers ok, already (it came twice), gap (a piece
-- before it is missing), over.
create function private.add_recording_chunk(p_hash bytea, p_part integer, p_number integer, p_object text,
	p_now timestamptz default now()) returns private.recording_chunk_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.find_recording_by_key(p_hash);
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
	if not private.mark_object_used(p_object) then return 'over'; end if;
	insert into private.recording_chunks (recording_id, part, number, object_name)
	values (v_recording.id, p_part, p_number, p_object);
	update private.recorders set last_seen_at = p_now, alarmed_at = null, attempts = 0 where recording_id = v_recording.id;
	if v_recording.state = 'wanted' and private.is_recording_due(v_recording) then
		update private.recordings set state = 'running' where id = v_recording.id;
		perform private.notify_recording(v_recording);
	end if;
	-- Somebody forgot to stop it: no session lasts eight hours.
	if v_recording.started_at < p_now - interval '8 hours' then
		perform private.stop_recording(v_recording.id, 'too_long');
	end if;
	return 'ok';
end
$$;
grant execute on function private.add_recording_chunk(bytea, integer, integer, text, timestamptz) to app_server;

-- Ends a part.
create function private.end_recording_part(p_hash bytea, p_part integer) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_parts as p set ended_at = least(p.ended_at, now())
	from private.find_recording_by_key(p_hash) as g where p.recording_id = g.id and p.number = p_part
$$;
grant execute on function private.end_recording_part(bytea, integer) to app_server;
