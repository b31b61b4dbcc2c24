-- The LiveKit rooms of runs: their secret names, the move to a new room, and which rooms a process compares with
-- LiveKit. Those of meetings are in 32_meetings/room_livekit.sql.

-- The name of a run's open LiveKit room; a new room is made when there is none. Null for a run that has ended. The loop
-- reads again when another process makes the room at the same moment. Holds the run while it makes one.
create function private.ensure_livekit_room(p_run uuid, p_purpose text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
begin
	loop
		select name into v_name from private.livekit_rooms
			where run_id = p_run and purpose = p_purpose and closed_at is null;
		exit when found;
		insert into private.livekit_rooms (run_id, purpose)
		select run.id, p_purpose from private.hold_open_run(p_run) as run where run.id is not null
		on conflict (run_id, purpose) where closed_at is null do nothing;
		exit when not found and not exists (select from private.livekit_rooms
			where run_id = p_run and purpose = p_purpose and closed_at is null);
	end loop;
	return v_name;
end
$$;

-- Gives a run new LiveKit rooms after a bar or a raised level: removing a participant from LiveKit revokes no token, so
-- somebody who kept one for the old rooms must find nobody there (Rule 6). Locks the run.
create function private.rotate_livekit_rooms(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	select session_id into v_session from public.runs where id = p_run and state <> 'ended' for update;
	if not found then return; end if;
	update private.livekit_rooms set closed_at = now() where run_id = p_run and closed_at is null;
	if (select stage_format from public.runs where id = p_run) = 'meeting' then
		-- The next passes make them.
		perform private.rotate_meeting_rooms(p_run), private.publish_event('meeting:' || p_run, 'rights'),
			private.publish_event('session:' || v_session, 'run', p_run);
		return;
	end if;
	perform private.ensure_livekit_room(p_run, 'stage'), private.ensure_livekit_room(p_run, 'green_room');
	perform private.publish_event('session:' || v_session, 'run', p_run);
end
$$;

-- Those of the rooms open in LiveKit that are ours, and whether they are open here too. Each room goes to one process
-- at a time.
create function private.claim_livekit_rooms(p_names text[], p_every interval default '2 seconds')
	returns table (name text, is_open boolean)
language sql volatile security definer set search_path = '' as $$
	with of_meetings as (
		update private.meeting_livekit_rooms as r set reconciled_at = clock_timestamp()
		where r.name = any (p_names) and r.reconciled_at < clock_timestamp() - p_every
		returning r.name, r.closed_at is null
	), of_runs as (
		update private.livekit_rooms as r set reconciled_at = clock_timestamp()
		where r.name = any (p_names) and r.reconciled_at < clock_timestamp() - p_every
		returning r.name, r.closed_at is null
	)
	select * from of_runs union all select * from of_meetings
$$;
grant execute on function private.claim_livekit_rooms(text[], interval) to app_server;

-- The LiveKit rooms of a session's runs or of a meeting, also those closed within the last hour; and the open ones of the
-- runs and meetings in which one of these people takes part.
create function private.list_livekit_rooms(p_session uuid, p_people uuid[] default '{}') returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name
	from private.livekit_rooms as r
	join public.runs on runs.id = r.run_id
	where runs.session_id = p_session and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name
	from private.livekit_rooms as r
	join private.run_participants as p on p.run_id = r.run_id
	where p.person_id = any (p_people) and r.closed_at is null
	union
	select private.list_meeting_livekit_rooms(p_session, p_people)
$$;
grant execute on function private.list_livekit_rooms(uuid, uuid[]) to app_server;
