-- Making the file of a recording that has stopped, from its pieces.

-- The recordings that wait to be made into a file, for one process at a time. The last piece has eight seconds to come. Also
-- deletes pieces of recordings, and lines of captions, that are kept for no hold any more.
create function private.claim_recordings_to_finish(p_process text, p_now timestamptz default now()) returns setof uuid
language sql volatile security definer set search_path = '' as $$
	select private.drop_sealed_pieces();
	select private.drop_held_captions();
	update private.recorders as r set held_by = p_process, held_until = p_now + interval '30 minutes'
	from private.recordings as g
	where g.id = r.recording_id and g.state = 'stopped' and g.stopped_at < p_now - interval '8 seconds'
		and r.held_until < p_now
		and exists (select from private.recording_chunks as c where c.recording_id = g.id)
	returning g.id
$$;
grant execute on function private.claim_recordings_to_finish(text, timestamptz) to app_server;

-- The pieces of a recording in order: the part, how many milliseconds of it count, the object.
create function private.list_recording_chunks(p_recording uuid)
	returns table (part integer, most_ms integer, object text)
language sql stable security definer set search_path = '' as $$
	select p.number, (extract(epoch from p.ended_at - p.started_at) * 1000)::integer, c.object_name
	from private.recording_parts as p
	join private.recording_chunks as c on c.recording_id = p.recording_id and c.part = p.number
	where p.recording_id = p_recording and p.ended_at is not null
	order by p.number, c.number
$$;
grant execute on function private.list_recording_chunks(uuid) to app_server;

-- The one file of a recording is in the store: a draft for organisers to look at. `p_lengths`: {part: milliseconds}.
-- Locks the recording. Answers false when it was sealed meanwhile.
create function private.finish_recording(p_recording uuid, p_object text, p_length integer, p_lengths jsonb)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings where id = p_recording and state = 'stopped' for update;
	if not found or not private.mark_object_used(p_object) then return false; end if;
	update private.recordings set state = 'ready', object_name = p_object, length_ms = p_length where id = p_recording;
	update private.recording_parts as p set length_ms = coalesce((p_lengths ->> p.number::text)::integer, 0)
	where p.recording_id = p_recording;
	delete from private.recording_chunks where recording_id = p_recording;
	update private.recorders set key_hash = null where recording_id = p_recording;
	perform private.notify_recording(v_recording);
	return true;
end
$$;
grant execute on function private.finish_recording(uuid, text, integer, jsonb) to app_server;

-- A recording of which no file can be made has failed.
create function private.fail_recording(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings set state = 'failed', reason = 'no_file'
	where id = p_recording and state = 'stopped'
	returning * into v_recording;
	if not found then return; end if;
	perform private.notify_recording(v_recording);
end
$$;
grant execute on function private.fail_recording(uuid) to app_server;

-- The stored object of a recording. The caller has asked `public.open_recording` who may have it.
create function private.object_of_recording(p_recording uuid) returns text
language sql stable security definer set search_path = '' as $$
	select g.object_name from private.recordings as g where g.id = p_recording
$$;
grant execute on function private.object_of_recording(uuid) to app_server;
