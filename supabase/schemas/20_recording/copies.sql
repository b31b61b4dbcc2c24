-- Copies of recordings in MP4: who makes one, and what ends it. A copy lives no longer than the file it was made from.

create trigger mark_object_deletable after delete on private.recording_copies for each row
	execute function private.mark_row_object_deletable();

-- Whatever seals a recording removes the copy, made or being made; also under a legal hold, for the file that it was made
-- from is kept.
create function private.drop_recording_copy() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.recording_copies where recording_id = new.id;
	return null;
end
$$;
create trigger drop_copy after update of state on private.recordings for each row
	when (old.state = 'ready' and new.state <> 'ready') execute function private.drop_recording_copy();

-- Gives one finished WebM without a copy to a process: {recording, object, length_ms}, or no row. One whose process
-- died is given to the next; three tries are enough. What is to be trimmed has its copy afterwards. Locks the recording first, as sealing does.
create function private.claim_recording_copy(p_process text, p_now timestamptz default now())
	returns table (recording uuid, object text, length_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
begin
	select g.id, g.object_name, g.length_ms into recording, object, length_ms
	from private.recordings as g
	join private.stored_objects as o
		on o.name = g.object_name and o.state = 'kept' and o.media_type = 'video/webm'
	where g.state = 'ready'
		and not private.is_trim_wanted(g.id)
		and not exists (
			select from private.recording_copies as c
			where c.recording_id = g.id and (c.object_name is not null or c.attempts >= 3 or c.held_until > p_now)
		)
	order by g.published_at is null, g.started_at desc
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	insert into private.recording_copies as c (recording_id, held_by, held_until, attempts, reason)
	values (recording, p_process, p_now + interval '2 minutes', 1, 'interrupted')
	on conflict (recording_id) do update set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = c.attempts + 1,
		reason = 'interrupted'
	where c.object_name is null and c.attempts < 3 and c.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if found then return next; end if;
end
$$;
grant execute on function private.claim_recording_copy(text, timestamptz) to app_server;

-- The process still works on it. False when the copy is not wanted any more, or another process makes it.
create function private.hold_recording_copy(p_recording uuid, p_process text, p_now timestamptz default now())
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_copies set held_until = p_now + interval '2 minutes'
	where recording_id = p_recording and held_by = p_process and object_name is null;
	return found;
end
$$;
grant execute on function private.hold_recording_copy(uuid, text, timestamptz) to app_server;

-- The copy is in the store. False when it must not be kept: the recording was sealed or deleted meanwhile, or another
-- process makes the copy. Locks the recording first, as sealing does.
create function private.finish_recording_copy(p_recording uuid, p_process text, p_object text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from private.recordings where id = p_recording and state = 'ready' for update;
	if not found then return false; end if;
	perform from private.recording_copies
		where recording_id = p_recording and held_by = p_process and object_name is null
		for update;
	if not found or not private.mark_object_used(p_object) then return false; end if;
	update private.recording_copies set object_name = p_object, held_by = null, held_until = '-infinity', reason = ''
		where recording_id = p_recording;
	return true;
end
$$;
grant execute on function private.finish_recording_copy(uuid, text, text) to app_server;

-- This try failed; the next is five minutes later. One that ended with its process does not count, and the next process
-- begins at once.
create function private.fail_recording_copy(
	p_recording uuid, p_process text, p_reason text, p_now timestamptz default now()
) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_copies set
		held_by = null,
		reason = p_reason,
		attempts = attempts - case when p_reason = 'interrupted' then 1 else 0 end,
		held_until = case when p_reason = 'interrupted' then '-infinity' else p_now + interval '5 minutes' end
	where recording_id = p_recording and held_by = p_process and object_name is null
$$;
grant execute on function private.fail_recording_copy(uuid, text, text, timestamptz) to app_server;

-- The stored object of a copy. The caller has asked `public.open_recording` who may have it.
create function private.object_of_recording_copy(p_recording uuid) returns text
language sql stable security definer set search_path = '' as $$
	select c.object_name from private.recording_copies as c where c.recording_id = p_recording
$$;
grant execute on function private.object_of_recording_copy(uuid) to app_server;
