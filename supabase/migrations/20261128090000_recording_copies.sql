-- MP4 beside WebM: a second file of a recording for browsers that play no WebM. It is made after the recording by whichever process has
-- an ffmpeg, and lives no longer than what it was made of.

create table private.recording_copies (
	recording_id uuid primary key references private.recordings (id) on delete cascade,
	-- Null until it is made.
	object_name text unique references private.stored_objects (name) on delete restrict,
	-- The process that makes it, and until when it is believed to live: it renews this all the time.
	held_by text,
	held_until timestamptz not null default '-infinity',
	tries integer not null default 0,
	-- Why the last try came to nothing: interrupted (its process ended), gone (the file), ffmpeg, too_slow, too_short, store.
	reason text not null default '' check (reason in ('', 'interrupted', 'gone', 'ffmpeg', 'too_slow', 'too_short', 'store'))
);
alter table private.recording_copies enable row level security;

create trigger doom_object after delete on private.recording_copies for each row execute function private.doom_recorded_object();

-- Whatever seals a recording takes the copy along, made or being made.
create function private.drop_recording_copy() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.recording_copies where recording_id = new.id;
	return null;
end
$$;
create trigger drop_copy after update of state on private.recordings for each row
	when (old.state = 'ready' and new.state <> 'ready') execute function private.drop_recording_copy();

-- Gives one finished WebM without a copy to a process: {recording, object, length_ms}, or no row. One whose process died is given to the
-- next; three tries are enough. Locks the recording first, as whatever seals it does.
create function private.claim_recording_copy(p_process text, p_now timestamptz default now()) returns table (recording uuid, object text, length_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
begin
	select g.id, g.object_name, g.length_ms into recording, object, length_ms
	from private.recordings as g join private.stored_objects as o on o.name = g.object_name and o.state = 'kept' and o.media_type = 'video/webm'
	where g.state = 'ready' and not exists (select from private.recording_copies as c
		where c.recording_id = g.id and (c.object_name is not null or c.tries >= 3 or c.held_until > p_now))
	order by g.published_at is null, g.started_at desc limit 1 for update of g skip locked;
	if not found then return; end if;
	insert into private.recording_copies as c (recording_id, held_by, held_until, tries, reason)
	values (recording, p_process, p_now + interval '2 minutes', 1, 'interrupted')
	on conflict (recording_id) do update set held_by = p_process, held_until = p_now + interval '2 minutes', tries = c.tries + 1, reason = 'interrupted'
		where c.object_name is null and c.tries < 3 and c.held_until <= p_now;
	-- Somebody else took it since this statement began.
	if found then return next; end if;
end
$$;

-- Still at it. False when it is no longer wanted, or somebody else's.
create function private.hold_recording_copy(p_recording uuid, p_process text, p_now timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_copies set held_until = p_now + interval '2 minutes'
	where recording_id = p_recording and held_by = p_process and object_name is null;
	return found;
end
$$;

-- It is in the store. False when it is not to be kept: the recording was sealed or deleted meanwhile, or another process makes it.
create function private.finish_recording_copy(p_recording uuid, p_process text, p_object text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from private.recordings where id = p_recording and state = 'ready' for update;
	if not found then return false; end if;
	perform from private.recording_copies where recording_id = p_recording and held_by = p_process and object_name is null for update;
	if not found or not private.keep_object(p_object) then return false; end if;
	update private.recording_copies set object_name = p_object, held_by = null, held_until = '-infinity', reason = '' where recording_id = p_recording;
	return true;
end
$$;

-- This try came to nothing; the next is five minutes later. One that ended with its process is no try: the next process begins at once.
create function private.fail_recording_copy(p_recording uuid, p_process text, p_reason text, p_now timestamptz default now()) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_copies set held_by = null, reason = p_reason,
		tries = tries - case when p_reason = 'interrupted' then 1 else 0 end,
		held_until = case when p_reason = 'interrupted' then '-infinity' else p_now + interval '5 minutes' end
	where recording_id = p_recording and held_by = p_process and object_name is null
$$;

-- The bytes, for whoever may watch it or look at it: {recording, media_type, size, sha256, copy: {media_type, size, sha256} or null}. Null for
-- unknown and unseen alike. Who may have the file may have its copy, and nobody else.
create or replace function public.open_recording(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('recording', g.id, 'media_type', o.media_type, 'size', o.size, 'sha256', encode(o.sha256, 'hex'),
		'copy', (select jsonb_build_object('media_type', k.media_type, 'size', k.size, 'sha256', encode(k.sha256, 'hex'))
			from private.recording_copies as c join private.stored_objects as k on k.name = c.object_name and k.state = 'kept' where c.recording_id = g.id))
	from private.recordings as g join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.id = recording and g.summit_id = summit and (private.may_watch_again(private.me(), g) or private.may_look_at(g))
$$;

create function private.object_of_recording_copy(p_recording uuid) returns text
language sql stable security definer set search_path = '' as $$
	select c.object_name from private.recording_copies as c where c.recording_id = p_recording
$$;

revoke execute on function private.drop_recording_copy(), private.claim_recording_copy(text, timestamptz), private.hold_recording_copy(uuid, text, timestamptz),
	private.finish_recording_copy(uuid, text, text), private.fail_recording_copy(uuid, text, text, timestamptz), private.object_of_recording_copy(uuid) from public;
grant execute on function private.claim_recording_copy(text, timestamptz), private.hold_recording_copy(uuid, text, timestamptz),
	private.finish_recording_copy(uuid, text, text), private.fail_recording_copy(uuid, text, text, timestamptz), private.object_of_recording_copy(uuid) to app_server;
