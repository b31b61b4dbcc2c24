-- Presence as LiveKit tells of it, by webhooks and by its own lists.

--[patch runs_first] What is told of a run's connections takes the run first, as its end does: at the end of a session many leave, and a host's end and a
--[patch runs_first] word of somebody's leaving waited for each other.
-- Reads connections as LiveKit told of them: [{sid, identity, joined_at, left_at?}]. Any order, any number of times.
create function private.note_connections(p_name text, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
	v_changed uuid;
	v_count integer := 0;
begin
	-- The green room is no attendance.
	select run_id into v_run from private.run_rooms where name = p_name and purpose = 'stage';
	if not found then return 0; end if;
	perform from public.runs where id = v_run for key share;
	-- Whoever is seen after an end that was only concluded is still there.
	for v_changed in
		update private.run_connections as c set left_at = null
		from jsonb_to_recordset(p_connections) as told (sid text, left_at timestamptz)
		where c.sid = told.sid and told.left_at is null and c.told_left_at is null and c.left_at < p_at
			and exists (select from public.runs where runs.id = v_run and runs.state <> 'ended')
		returning c.participant_id
	loop
		perform private.write_presence(v_changed);
	end loop;
	for v_changed in
		insert into private.run_connections as c (sid, participant_id, run_id, joined_at, seen_at, left_at,
			told_left_at)
		select told.sid, p.id, v_run, least(told.joined_at, coalesce(told.left_at, told.joined_at)), p_at, told.left_at,
			told.left_at
		from jsonb_to_recordset(p_connections) as told (sid text, identity text, joined_at timestamptz,
			left_at timestamptz)
		join private.run_participants as p on p.run_id = v_run and p.identity = told.identity
		order by told.sid
		on conflict (sid) do update set seen_at = greatest(c.seen_at, excluded.seen_at),
			told_left_at = coalesce(c.told_left_at, excluded.told_left_at),
			left_at = coalesce(c.told_left_at, excluded.told_left_at, c.left_at),
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

-- A webhook of LiveKit about a participant; the signature was checked. Answers how many records it changed.
create function private.apply_livekit_event(p_name text, p_sid text, p_identity text, p_joined_at timestamptz,
	p_left_at timestamptz) returns integer
language sql volatile security definer set search_path = '' as $$
	select private.note_connections(p_name, jsonb_build_array(jsonb_build_object('sid', p_sid, 'identity', p_identity,
		'joined_at', p_joined_at, 'left_at', p_left_at)),
		coalesce(p_left_at, p_joined_at))
$$;
grant execute on function private.apply_livekit_event(text, text, text, timestamptz, timestamptz) to app_server;

--[was in stage_presence] LiveKit's own list of a room, every few seconds: who came or went without a webhook. Connections that it does not name for
--[was in stage_presence] 20 seconds ended when they were last seen.
--[patch clocks_of_lists] LiveKit's clock may be ahead of ours: who came by its clock after we saw them last was there for no time, and not for less than none,
--[patch clocks_of_lists] which nobody could write down.
-- LiveKit's own list of a room, every few seconds: who came or went without a webhook. Connections that it does not name for
-- 20 seconds ended when they were last seen.
create function private.note_list(p_name text, p_connections jsonb, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	perform private.note_connections(p_name, p_connections, p_at),
		private.note_crowd(p_name,
			array(select told.identity from jsonb_to_recordset(p_connections) as told (identity text)));
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and c.run_id = (select run_id from private.run_rooms
				where name = p_name and purpose = 'stage' and closed_at is null)
		returning participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;
grant execute on function private.note_list(text, jsonb, timestamptz) to app_server;

--[was in stage_presence] LiveKit came back without the rooms it had: what it no longer lists is over. Rooms that are gone are named by nobody.
--[patch runs_first] What is told of a run's connections takes the run first, as its end does: at the end of a session many leave, and a host's end and a
--[patch runs_first] word of somebody's leaving waited for each other.
-- LiveKit came back without the rooms it had: what it no longer lists is over. Rooms that are gone are named by nobody.
create function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	perform from public.runs where id in (select c.run_id from private.run_connections as c
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds')
	order by id for key share;
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.run_rooms as r
				where r.run_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.end_lost_connections(text[], timestamptz) to app_server;

-- The end of a run and the list of its room change the same connections: in one order, or each waits for the other, and
-- a host's end or the list is thrown away.
create function private.hold_connections() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.run_connections as c where c.run_id = new.id and c.left_at is null order by c.sid for update;
	return new;
end
$$;

create trigger hold_connections before update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.hold_connections();
