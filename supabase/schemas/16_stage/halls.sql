-- The hall as one participant of a run: a browser at the desk of its room, or an encoder (16_stage/encoders.sql), sends
-- the picture and sound of the hall with a code and without a person. The pass of such a device is `private.hall_pass`.

-- The device that sends for the hall of a run, if its code holds and it belongs to the room of the run, with the name
-- of the room.
create function private.find_run_hall(p_run uuid) returns table (identity text, name jsonb)
language sql stable security definer set search_path = '' as $$
	select d.identity, rooms.name
	from private.run_halls as h
	join private.hall_devices as d on d.id = h.device_id
	join public.runs on runs.id = h.run_id and runs.room_id = d.room_id and runs.state <> 'ended'
	join public.rooms on rooms.id = d.room_id
	where h.run_id = p_run and d.revoked_at is null and d.expires_at > now() and (d.run_id is null or d.run_id = p_run)
$$;

-- The device of a code that holds in this room; all columns are null for any other.
create function private.find_hall_device(p_code text, p_summit uuid, p_room text, p_kind text)
	returns private.hall_devices
language sql stable security definer set search_path = '' as $$
	select d.*
	from private.hall_devices as d
	join public.rooms on rooms.id = d.room_id
	where d.code_hash = sha256(convert_to(coalesce(p_code, ''), 'UTF8')) and d.summit_id = p_summit
		and rooms.slug = p_room and d.kind = p_kind
		and d.revoked_at is null and d.expires_at > now()
$$;

-- The run for which a device sends now: the one on air in its room before those that wait; all columns are null when
-- there is none.
create function private.find_device_run(p_device private.hall_devices) returns public.runs
language sql stable security definer set search_path = '' as $$
	select runs.*
	from public.runs
	where runs.room_id = p_device.room_id and runs.state <> 'ended'
		and (p_device.run_id is null or runs.id = p_device.run_id)
	order by runs.state not in ('live', 'paused'), (select lower(during) from private.slot_at(runs.session_id)),
		runs.created_at
	limit 1
$$;

-- Makes a code for a browser in a room, for a day. Only stage organisers do. The code is random, shown once and stored
-- as a hash. Answers {status: ok | not_found, code}.
create function public.make_hall_code(summit uuid, room text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room uuid := (select id from public.rooms where summit_id = summit and slug = room);
	v_code text := private.random_code(16);
begin
	if v_room is null or not private.has_role(summit, 'stage') then
		return jsonb_build_object('status', 'not_found');
	end if;
	insert into private.hall_devices (summit_id, room_id, code_hash, created_by, expires_at)
	values (summit, v_room, sha256(convert_to(v_code, 'UTF8')), private.me(), now() + interval '1 day');
	return jsonb_build_object('status', 'ok', 'code', v_code);
end
$$;
grant execute on function public.make_hall_code(uuid, text) to authenticated;

-- Revokes every code of a room: what its devices send ends at once. Answers ok, already, not_found.
create function public.revoke_hall_codes(summit uuid, room text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room uuid := (select id from public.rooms where summit_id = summit and slug = room);
	v_run record;
begin
	if v_room is null or not private.has_role(summit, 'stage') then return 'not_found'; end if;
	update private.hall_devices set revoked_at = now()
	where room_id = v_room and revoked_at is null and expires_at > now();
	if not found then return 'already'; end if;
	for v_run in
		select runs.id, runs.session_id
		from public.runs
		join private.run_halls as h on h.run_id = runs.id
		where runs.room_id = v_room and runs.state <> 'ended'
	loop
		perform private.publish_event('session:' || v_run.session_id, 'stage', v_run.id);
	end loop;
	return 'ok';
end
$$;
grant execute on function public.revoke_hall_codes(uuid, text) to authenticated;

-- Makes a device the hall of a run, and answers whether it is. It does not replace another device that has sent within
-- 15 seconds, unless `p_takes`. The caller holds the run.
create function private.assign_hall_device(p_run public.runs, p_device uuid, p_takes boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.run_halls (run_id, device_id) values (p_run.id, p_device) on conflict (run_id) do nothing;
	if not found then
		if exists (select from private.run_halls where run_id = p_run.id and device_id = p_device) then
			return true;
		end if;
		update private.run_halls as h set device_id = p_device, sid = null, since = null, seen_at = null, sends = '{}'
		where h.run_id = p_run.id and (p_takes or h.seen_at is null or h.seen_at < now() - interval '15 seconds'
			or not exists (select from private.find_run_hall(p_run.id)));
		if not found then return false; end if;
	end if;
	perform private.publish_event('session:' || p_run.session_id, 'stage', p_run.id);
	return true;
end
$$;

-- What LiveKit reports of the device that sends for a hall: it is there under this connection and sends these tracks;
-- or, without a time, it has gone.
create function private.save_hall_connection(p_name text, p_identity text, p_sid text, p_since timestamptz,
	p_sends text[] default '{}') returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_halls as h
	set sid = p_sid, since = p_since, seen_at = case when p_since is not null then now() end, sends = p_sends
	from private.hall_devices as d, private.livekit_rooms as r
	where d.id = h.device_id and d.identity = p_identity and r.run_id = h.run_id and r.name = p_name
		and r.purpose = 'stage'
		-- The end of an earlier connection may be reported late.
		and (p_since is not null or h.sid = p_sid)
$$;
grant execute on function private.save_hall_connection(text, text, text, timestamptz, text[]) to app_server;

-- The device that sends for a run: {kind, is_connected, since, sends}; null when there is none.
create function private.hall_state(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('kind', d.kind, 'is_connected', coalesce(h.seen_at > now() - interval '15 seconds', false),
		'since', private.iso(h.since), 'sends', h.sends)
	from private.run_halls as h
	join private.hall_devices as d on d.id = h.device_id
	where h.run_id = p_run
		and exists (select from private.find_run_hall(p_run) as on_now where on_now.identity = d.identity)
$$;
