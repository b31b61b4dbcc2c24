-- LiveKit Egress, where it runs: starting jobs, following what LiveKit reports of them, and taking their files.

-- The egress of a recording, made when there is none: {id, object_key, is_new}; null for a recording that has ended.
-- Locks the recording.
create function private.ensure_egress(p_recording uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_egress private.egresses;
begin
	perform from private.recordings where id = p_recording and state in ('wanted', 'running', 'paused') for update;
	if not found then return null; end if;
	insert into private.egresses (recording_id) values (p_recording) on conflict do nothing returning * into v_egress;
	if found then
		return jsonb_build_object('id', v_egress.id, 'object_key', v_egress.object_key, 'is_new', true);
	end if;
	select * into v_egress from private.egresses where recording_id = p_recording;
	return jsonb_build_object('id', v_egress.id, 'object_key', v_egress.object_key, 'is_new', false);
end
$$;
grant execute on function private.ensure_egress(uuid) to app_server;

-- LiveKit has accepted the job.
create function private.set_egress_id(p_id uuid, p_egress text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.egresses set egress_id = p_egress where id = p_id and egress_id is null
$$;
grant execute on function private.set_egress_id(uuid, text) to app_server;

-- LiveKit refused the job, or it wrote nothing and nothing is left of it.
create function private.delete_egress(p_id uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.egresses where id = p_id
$$;
grant execute on function private.delete_egress(uuid) to app_server;

-- Stores what LiveKit reports of an egress, by a signed webhook or its own list, in any order and any number of times:
-- an egress that has ended stays ended. Locks the egress before the recording. Answers whether the egress is ours.
create function private.save_egress_state(p_egress text, p_state text, p_started timestamptz default null,
	p_length integer default null) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_egress private.egresses;
	v_recording private.recordings;
begin
	select * into v_egress from private.egresses where egress_id = p_egress for update;
	if not found then return false; end if;
	if v_egress.state not in ('complete', 'failed')
		and (v_egress.state <> 'ending' or p_state in ('complete', 'failed')) then
		update private.egresses set state = p_state, started_at = coalesce(p_started, started_at),
			length_ms = coalesce(nullif(p_length, 0), length_ms)
		where id = v_egress.id
		returning * into v_egress;
	end if;
	select * into v_recording from private.recordings
	where id = v_egress.recording_id and state in ('wanted', 'running', 'paused')
	for update;
	if not found then return true; end if;
	if v_egress.state = 'active' then
		update private.recorders set last_seen_at = now(), alarmed_at = null, attempts = 0
			where recording_id = v_recording.id;
		if v_recording.state = 'wanted' and private.is_recording_due(v_recording) then
			update private.recordings set state = 'running' where id = v_recording.id;
			perform private.notify_recording(v_recording);
		end if;
		if v_recording.started_at < now() - interval '8 hours' then
			perform private.stop_recording(v_recording.id, 'too_long');
		end if;
	elsif v_egress.state in ('complete', 'failed') then
		perform private.continue_recording(v_recording);
	end if;
	return true;
end
$$;
grant execute on function private.save_egress_state(text, text, timestamptz, integer) to app_server;

-- An egress ended by itself: what it wrote becomes a file, and the recording continues as a new one.
create function private.continue_recording(p_recording private.recordings) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new private.recordings;
begin
	perform private.stop_recording(p_recording.id, 'egress');
	if p_recording.started_at > now() - interval '20 seconds' then
		-- An egress that breaks as it begins would break again: organisers get an alarm, and start the
		-- recording again by hand.
		perform private.publish_event('organise:' || p_recording.summit_id, 'recording_alarm', p_recording.run_id);
		return;
	end if;
	insert into private.recordings (run_id, session_id, summit_id, level, started_by, state)
	values (p_recording.run_id, p_recording.session_id, p_recording.summit_id, p_recording.level,
		p_recording.started_by, 'wanted')
	returning * into v_new;
	insert into private.recorders (recording_id) values (v_new.id);
	insert into private.recording_marks (recording_id, kind) values (v_new.id, 'began');
	perform private.sync_recording(p_recording.run_id);
	perform private.notify_recording(v_new);
end
$$;

-- What is to be done with each egress. stop: it runs, and nobody wants it. fetch: its file is to be taken. drop: it has
-- ended, and what it wrote is to be deleted. look: it should run, and LiveKit's list (`p_named`) does not name it. Of a
-- recording that is sealed or has failed nothing is deleted while a hold keeps it, as with pieces (drop_sealed_pieces).
create function private.list_egress_actions(p_named text[])
	returns table (id uuid, egress_id text, object_key text, recording uuid, length_ms integer, action text)
language sql stable security definer set search_path = '' as $$
	select e.id, e.egress_id, e.object_key, e.recording_id, e.length_ms, case
		when e.state in ('asked', 'active', 'ending') and e.egress_id is null
			then case when e.asked_at < now() - interval '1 minute' then 'drop' end
		when e.state in ('asked', 'active', 'ending') and e.egress_id <> all (p_named) then 'look'
		when e.state in ('asked', 'active')
			and not coalesce(g.state in ('wanted', 'running', 'paused'), private.wants_hls(e.run_id)) then 'stop'
		when e.state in ('complete', 'failed') and g.state = 'stopped' and e.length_ms is not null then 'fetch'
		when e.state in ('complete', 'failed') and g.state in ('sealed', 'failed') and private.must_keep_recording(g) then null
		when e.state in ('complete', 'failed')
			and (e.run_id is null or e.asked_at < now() - interval '15 seconds') then 'drop' end
	from private.egresses as e
	left join private.recordings as g on g.id = e.recording_id
$$;
grant execute on function private.list_egress_actions(text[]) to app_server;

-- The file of an egress is in the store. Locks the egress. Answers false when its recording was sealed meanwhile.
create function private.finish_egress(p_id uuid, p_object text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_egress private.egresses;
	v_done boolean;
begin
	select * into v_egress from private.egresses where id = p_id for update;
	if not found or v_egress.length_ms is null then return false; end if;
	insert into private.recording_parts (recording_id, number, started_at, ended_at)
	select g.id, 1, coalesce(v_egress.started_at, g.started_at), g.stopped_at
	from private.recordings as g
	where g.id = v_egress.recording_id
	on conflict do nothing;
	v_done := coalesce(private.finish_recording(v_egress.recording_id, p_object, v_egress.length_ms,
		jsonb_build_object('1', v_egress.length_ms)), false);
	return v_done;
end
$$;
grant execute on function private.finish_egress(uuid, text) to app_server;

-- An egress ended without a file: its recording has failed.
create function private.fail_egress(p_id uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.fail_recording(e.recording_id)
	from private.egresses as e
	join private.recordings as g on g.id = e.recording_id and g.state = 'stopped'
	where e.id = p_id
$$;
grant execute on function private.fail_egress(uuid) to app_server;
