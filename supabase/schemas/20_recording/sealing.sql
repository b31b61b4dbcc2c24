-- Sealing recordings, and deleting the bytes of those that are deleted.

-- Deletes the pieces of recordings, and of their languages, that are sealed or have failed: they never become files. While
-- nothing of such a recording may be deleted they are kept, and are deleted when the hold ends. Of one recording, or (null)
-- of all.
create function private.drop_sealed_pieces(p_recording uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	for v_recording in
		select g.* from private.recordings as g
		where g.state in ('sealed', 'failed') and g.id = coalesce(p_recording, g.id)
			and (exists (select from private.recording_chunks as c where c.recording_id = g.id)
				or exists (select from private.recording_language_chunks as c where c.recording_id = g.id))
	loop
		continue when private.must_keep_recording(v_recording);
		delete from private.recording_chunks as c where c.recording_id = v_recording.id;
		delete from private.recording_language_chunks as c where c.recording_id = v_recording.id;
	end loop;
end
$$;

create function private.drop_pieces_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.drop_sealed_pieces(new.id);
	return null;
end
$$;
create trigger drop_pieces after update of state on private.recordings for each row
	when (new.state in ('sealed', 'failed') and old.state <> new.state)
	execute function private.drop_pieces_of_recording();

-- Seals a recording, whatever its state: nobody gets it any more, and pieces that are not yet a file never become one.
create function private.seal_recording(p_recording uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings
	set state = 'sealed', reason = p_reason, published_at = null, stopped_at = coalesce(stopped_at, now())
	where id = p_recording and state not in ('sealed', 'failed')
	returning * into v_recording;
	if not found then return; end if;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
	update private.recorders set key_hash = null where recording_id = p_recording;
	perform private.notify_recording(v_recording);
end
$$;

-- A raised level seals every recording of the session that was made at a more open one.
create function private.seal_recordings_of_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.seal_recording(g.id, 'level')
	from private.recordings as g
	where g.session_id = new.id and g.level < new.level;
	return null;
end
$$;

create trigger seal_recordings after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.seal_recordings_of_session();

create trigger mark_object_deletable after delete on private.recordings for each row
	execute function private.mark_row_object_deletable();

create trigger mark_object_deletable after delete on private.recording_chunks for each row
	execute function private.mark_row_object_deletable();
