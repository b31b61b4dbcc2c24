-- The watchdog of recordings: what should be recorded and is not, and how organisers learn of it.

-- Whether a recording is silent: pieces are due, and none has come for 15 seconds.
create function private.is_recorder_silent(p_recording private.recordings, p_now timestamptz default now())
	returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state in ('wanted', 'running') and runs.state = 'live'
		and greatest(r.due_at, coalesce(r.last_seen_at, r.due_at)) < p_now - interval '15 seconds'
	from private.recorders as r, public.runs
	where r.recording_id = p_recording.id and runs.id = p_recording.run_id
$$;

-- Whether people speak on stage and the recording has no sound.
create function private.has_lost_sound(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_recording_due(p_recording) and exists (select from private.recorders as r
		where r.recording_id = p_recording.id and r.sound_lost_at is not null)
$$;

-- [{run, session, since}] of the silent recordings of a Summit, for the desk of stage organisers.
create function public.recording_alarms(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('run', g.run_id, 'session', g.session_id,
		'since', private.iso(coalesce(r.last_seen_at, r.due_at))) order by r.due_at), '[]')
	from private.recordings as g
	join private.recorders as r on r.recording_id = g.id
	where g.summit_id = summit and private.has_role(summit, 'stage') and private.can_see(private.me(), g.session_id)
		and private.is_recorder_silent(g)
$$;
grant execute on function public.recording_alarms(uuid) to authenticated;

-- Notifies organisers, once, of each recording that has become silent; answers how many. A recording that has stopped
-- without a piece has failed. Skips recorders that another process has locked.
create function private.watch_recordings(p_now timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_count integer := 0;
begin
	for v_recording in
		select g.*
		from private.recordings as g
		join private.recorders as r on r.recording_id = g.id
		where g.state in ('wanted', 'running') and r.alarmed_at is null and private.is_recorder_silent(g, p_now)
		for update of r skip locked
	loop
		update private.recorders set alarmed_at = p_now where recording_id = v_recording.id;
		perform private.publish_event('organise:' || v_recording.summit_id, 'recording_alarm', v_recording.run_id);
		perform private.publish_event('session:' || v_recording.session_id, 'recording', v_recording.id);
		v_count := v_count + 1;
	end loop;
	-- Recordings of runs whose end no trigger has seen.
	perform private.sync_recording(g.run_id)
	from private.recordings as g
	join public.runs on runs.id = g.run_id
	where g.state in ('wanted', 'running', 'paused') and runs.state = 'ended';
	update private.recordings as g set state = 'failed', reason = 'no_recorder'
	where g.state = 'stopped' and g.stopped_at < p_now - interval '30 seconds'
		and not exists (select from private.recording_chunks as c where c.recording_id = g.id)
		and not exists (select from private.egresses as e where e.recording_id = g.id);
	return v_count;
end
$$;
grant execute on function private.watch_recordings(timestamptz) to app_server;

-- The recorder compares its sound with who speaks on stage. Organisers are notified when it has no sound, and pages of
-- the session also when the sound is back. Locks the recording.
create function private.save_recorder_sound(p_hash bytea, p_is_lost boolean, p_now timestamptz default now())
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.find_recording_by_key(p_hash);
begin
	select * into v_recording from private.recordings where id = v_recording.id for update;
	if not found then return; end if;
	update private.recorders
		set sound_lost_at = case when p_is_lost and private.is_recording_due(v_recording) then p_now end
	where recording_id = v_recording.id
		and (sound_lost_at is null) = (p_is_lost and private.is_recording_due(v_recording));
	if not found then return; end if;
	perform private.notify_recording(v_recording);
	if p_is_lost then
		perform private.publish_event('organise:' || v_recording.summit_id, 'recording_alarm', v_recording.run_id);
	end if;
end
$$;
grant execute on function private.save_recorder_sound(bytea, boolean, timestamptz) to app_server;
