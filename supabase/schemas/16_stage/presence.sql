-- Attendance by stream, computed from the connections that LiveKit reports, by webhooks and by its own lists.

-- Writes the attendance of one participant as the periods of their connections; a gap of less than a minute is a
-- reconnection. Writes nothing while the level names nobody. Locks the participant, so that two reports about one
-- person do not write at the same time.
create function private.write_presence(p_participant uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants;
	v_run public.runs;
begin
	select * into v_participant from private.run_participants where id = p_participant for update;
	select * into v_run from public.runs where id = v_participant.run_id;
	if v_run.id is null or private.level_in_force(v_run.session_id) in ('chatham_house', 'closed')
		or v_run.level in ('chatham_house', 'closed') then
		return;
	end if;
	delete from public.presence where run_id = v_run.id and person_id = v_participant.person_id and kind = 'stream';
	insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at, source)
	select v_run.summit_id, v_participant.person_id, v_run.session_id, v_run.id, 'stream', lower(period),
		case when not upper_inf(period) then upper(period) - interval '1 minute' end, 'livekit'
	from (select unnest(range_agg(tstzrange(joined_at, left_at + interval '1 minute'))) as period
		from private.run_connections where participant_id = p_participant) as periods;
end
$$;

-- Moves all attendance of a session out of reach, when its level is raised to one that names nobody. Who watched its
-- recordings is deleted.
create function private.seal_presence(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.watched_recordings as w
	using private.recordings as g
	where g.id = w.recording_id and g.session_id = p_session;
	with named as (delete from public.presence where session_id = p_session returning *)
	insert into private.sealed_presence (id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at,
		left_at, source)
	select id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source from named
$$;

-- Whether LiveKit has reported somebody's connection to the stage of a run within the last half minute.
create function private.is_connected(p_participant uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.run_connections as c
		where c.participant_id = p_participant and c.left_at is null and c.seen_at > now() - interval '30 seconds')
$$;

-- Stores connections as LiveKit reports them: [{sid, identity, joined_at, left_at?}], in any order and any number of
-- times. Answers how many attendances it wrote. Locks the run before the connections, as the end of a run does: many
-- people leave at the end of a session, and a host's end and the report of a leaving would wait for each other.
create function private.save_connections(p_name text, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- Being in the green room is no attendance.
	select run_id into v_run from private.livekit_rooms where name = p_name and purpose = 'stage';
	if not found then return private.save_meeting_connections(p_name, p_connections, p_at); end if;
	return private.save_run_connections(v_run, p_connections, p_at);
end
$$;

-- The same for the connections of a run, by the identities of its participants.
create function private.save_run_connections(p_run uuid, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_changed uuid;
	v_count integer := 0;
begin
	perform from public.runs where id = p_run for key share;
	-- Connections that are seen after an end that was only concluded are still open.
	for v_changed in
		update private.run_connections as c set left_at = null
		from jsonb_to_recordset(p_connections) as reported (sid text, left_at timestamptz)
		where c.sid = reported.sid and reported.left_at is null and c.reported_left_at is null and c.left_at < p_at
			and exists (select from public.runs where runs.id = p_run and runs.state <> 'ended')
		returning c.participant_id
	loop
		perform private.write_presence(v_changed);
	end loop;
	-- New connections, and updates of known ones. The rows are taken by sid, so that two reports do not deadlock.
	for v_changed in
		insert into private.run_connections as c
			(sid, participant_id, run_id, joined_at, seen_at, left_at, reported_left_at)
		select reported.sid, p.id, p_run, least(reported.joined_at, coalesce(reported.left_at, reported.joined_at)), p_at,
			reported.left_at, reported.left_at
		from jsonb_to_recordset(p_connections)
			as reported (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.run_participants as p on p.run_id = p_run and p.identity = reported.identity
		order by reported.sid
		on conflict (sid) do update set seen_at = greatest(c.seen_at, excluded.seen_at),
			reported_left_at = coalesce(c.reported_left_at, excluded.reported_left_at),
			left_at = coalesce(c.reported_left_at, excluded.reported_left_at, c.left_at),
			joined_at = least(c.joined_at, excluded.joined_at)
		returning case when xmax = 0 or left_at is not null then participant_id end
	loop
		if v_changed is not null then
			perform private.write_presence(v_changed);
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

-- A webhook of LiveKit about one participant, whose signature was checked. Answers how many attendances it changed.
create function private.apply_livekit_event(p_name text, p_sid text, p_identity text, p_joined_at timestamptz,
	p_left_at timestamptz) returns integer
language sql volatile security definer set search_path = '' as $$
	select private.save_connections(p_name, jsonb_build_array(jsonb_build_object('sid', p_sid, 'identity', p_identity,
		'joined_at', p_joined_at, 'left_at', p_left_at)), coalesce(p_left_at, p_joined_at))
$$;
grant execute on function private.apply_livekit_event(text, text, text, timestamptz, timestamptz) to app_server;

-- LiveKit's own list of a room, every few seconds: it shows who came or left without a webhook. Connections that it has
-- not named for 20 seconds ended when they were last seen. LiveKit's clock may be ahead of ours: a connection that
-- began, by its clock, after we last saw it lasted for no time, because a negative period cannot be stored.
create function private.reconcile_connections(p_name text, p_connections jsonb, p_at timestamptz default now())
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	if exists (select from private.meeting_livekit_rooms as r where r.name = p_name) then
		perform private.save_meeting_connections(p_name, p_connections, p_at, true);
		return;
	end if;
	perform private.save_connections(p_name, p_connections, p_at),
		private.save_anonymous_viewers(p_name,
			array(select reported.identity from jsonb_to_recordset(p_connections) as reported (identity text)));
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and c.run_id = (select run_id from private.livekit_rooms
				where name = p_name and purpose = 'stage' and closed_at is null)
		returning participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;
grant execute on function private.reconcile_connections(text, jsonb, timestamptz) to app_server;

-- Counts the signed-out viewers in LiveKit's list of a stage, by the prefix of their identities.
create function private.save_anonymous_viewers(p_name text, p_identities text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.livekit_rooms as r set signed_out_viewers = viewers.signed_out_viewers
	from (select count(*)::integer as signed_out_viewers from unnest(p_identities) as i where i like 'v-%') as viewers
	where r.name = p_name
		and r.purpose = 'stage'
		and r.closed_at is null
		and r.signed_out_viewers <> viewers.signed_out_viewers
$$;

-- Ends the connections in rooms that LiveKit no longer has, for example after it restarted: no list names them any
-- more. Answers how many. Locks the runs by id before their rooms and connections, as the end of a run does.
create function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	perform from public.runs
	where id in (select c.run_id from private.run_connections as c
			where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			union all
			select r.run_id from private.meeting_rooms as r where r.ended_at is null)
	order by id
	for key share;
	perform private.end_lost_meeting_connections(p_open_names, p_at);
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.livekit_rooms as r
				where r.run_id = c.run_id and r.name = any (p_open_names))
			and not exists (select from private.meeting_livekit_rooms as r
				where r.room_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.end_lost_connections(text[], timestamptz) to app_server;

-- The end of a run and the list of its room change the same connections. Both take them by sid; in different orders
-- each would wait for the other, and a host's end or the list would be lost.
create function private.lock_connections() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.run_connections as c where c.run_id = new.id and c.left_at is null order by c.sid for update;
	return new;
end
$$;

create trigger lock_connections before update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.lock_connections();
