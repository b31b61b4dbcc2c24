-- The hall as one participant: a browser at the desk of a room, or an encoder of one run, that sends its camera and its
-- sound, with a code and no person.

create function private.hall_of(p_run uuid) returns table (identity text, name jsonb)
language sql stable security definer set search_path = '' as $$
	select d.identity, rooms.name from private.run_halls as h join private.hall_devices as d on d.id = h.device_id
	join public.runs on runs.id = h.run_id and runs.room_id = d.room_id and runs.state <> 'ended'
		join public.rooms on rooms.id = d.room_id
	where h.run_id = p_run and d.revoked_at is null and d.expires_at > now() and (d.run_id is null or d.run_id = p_run)
$$;

-- As `stage_rights`, for the devices of halls among these identities: picture and sound while it is live.
create function private.hall_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, case when p_purpose <> 'stage' or d.identity is distinct
		from (select identity from private.hall_of(p_run.id)) then null
		when p_run.state = 'live' then '["camera", "microphone", "screen"]'::jsonb else '[]'::jsonb end), '{}')
	from private.hall_devices as d where d.identity = any (p_identities)
$$;

-- Which of these identities are devices of halls, and of what kind.
create function private.halls_among(p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, d.kind), '{}') from private.hall_devices as d
		where d.identity = any (p_identities)
$$;

-- LiveKit's word on the device that sends for a hall: there under this connection, sending these; or gone, when no time
-- is given.
create function private.note_hall(p_name text, p_identity text, p_sid text, p_since timestamptz, p_sends text[]
	default '{}') returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_halls as h
		set sid = p_sid, since = p_since, seen_at = case when p_since is not null then now() end, sends = p_sends
	from private.hall_devices as d, private.run_rooms as r
	where d.id = h.device_id and d.identity = p_identity and r.run_id = h.run_id and r.name = p_name
		and r.purpose = 'stage'
		-- The end of an earlier connection may be told late.
		and (p_since is not null or h.sid = p_sid)
$$;
grant execute on function private.note_hall(text, text, text, timestamptz, text[]) to app_server;

-- Codes for the devices of halls: made and taken back by whoever answers for all stages, random, kept as a hash, for a
-- day at most.

-- Makes a code for a room; it is told once. Answers {status: ok | not_found, code, until}.
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
	return jsonb_build_object('status', 'ok', 'code', v_code, 'until', private.iso(now() + interval '1 day'));
end
$$;
grant execute on function public.make_hall_code(uuid, text) to authenticated;

-- Takes back every code of a room: what it sends ends at once. Answers ok, already, not_found.
create function public.revoke_hall_codes(summit uuid, room text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room uuid := (select id from public.rooms where summit_id = summit and slug = room);
	v_run record;
begin
	if v_room is null or not private.has_role(summit, 'stage') then return 'not_found'; end if;
	update private.hall_devices set revoked_at = now()
		where room_id = v_room and revoked_at is null and expires_at > now();
	if not found then return 'already'; end if;
	for v_run in select runs.id, runs.session_id from public.runs join private.run_halls as h on h.run_id = runs.id
		where runs.room_id = v_room and runs.state <> 'ended' loop
		perform private.tell('session:' || v_run.session_id, 'stage', v_run.id);
	end loop;
	return 'ok';
end
$$;
grant execute on function public.revoke_hall_codes(uuid, text) to authenticated;

-- Makes a device the hall of a run. False: another one sends there at this moment, and is not to be put out.
create function private.take_hall(p_run public.runs, p_device uuid, p_takes boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.run_halls (run_id, device_id) values (p_run.id, p_device) on conflict (run_id) do nothing;
	if not found then
		if exists (select from private.run_halls where run_id = p_run.id and device_id = p_device) then
			return true;
		end if;
		update private.run_halls as h set device_id = p_device, sid = null, since = null, seen_at = null, sends = '{}'
		where h.run_id = p_run.id and (p_takes or h.seen_at is null or h.seen_at < now() - interval '15 seconds'
			or not exists (select from private.hall_of(p_run.id)));
		if not found then return false; end if;
	end if;
	perform private.tell('session:' || p_run.session_id, 'stage', p_run.id);
	return true;
end
$$;

-- What the device of a room needs to send into the run that is on there, or waits; an encoder, into its own. {status:
-- ok | refused (no such code) | none (nothing is on) | busy (another one sends)}. Only who takes puts out another that
-- sends.
create function private.hall_pass(p_code text, p_summit uuid, p_room text, p_kind text
	default 'browser', p_takes boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	select d.* into v_device from private.hall_devices as d join public.rooms on rooms.id = d.room_id
	where d.code_hash = sha256(convert_to(coalesce(p_code, ''), 'UTF8')) and d.summit_id = p_summit
		and rooms.slug = p_room and d.kind = p_kind
		and d.revoked_at is null and d.expires_at > now();
	if not found then return jsonb_build_object('status', 'refused'); end if;
	select runs.* into v_run from public.runs where runs.room_id = v_device.room_id and runs.state <> 'ended'
		and (v_device.run_id is null or runs.id = v_device.run_id)
	order by runs.state not in ('live', 'paused'), (select lower(during) from private.slot_at(runs.session_id)),
		runs.created_at limit 1;
	if not found then return jsonb_build_object('status', 'none'); end if;
	if not private.take_hall(v_run, v_device.id, p_takes) then return jsonb_build_object('status', 'busy'); end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'session', v_run.session_id, 'state', v_run.state,
		'room', private.open_room(v_run.id, 'stage'),
		'identity', v_device.identity, 'publish',
			private.hall_rights(v_run, 'stage', array[v_device.identity]) -> v_device.identity);
end
$$;
grant execute on function private.hall_pass(text, uuid, text, text, boolean) to app_server;

-- Encoders at the desk of a hall (OBS, vMix, hardware): a code for one run, which they send as the bearer of WHIP; and
-- an ingress of LiveKit's for those that speak RTMP alone.

-- Makes the code of a run's encoder, told once; the one before it ends. Answers {status: ok | not_found | ended, code,
-- until}.
create function public.make_encoder_code(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_code text := private.random_code(32);
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.has_role(v_run.summit_id, 'stage') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'ended'); end if;
	perform private.end_encoders(v_run, 'encoder');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, code_hash, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'encoder', run, sha256(convert_to(v_code, 'UTF8')), private.me(),
		now() + interval '1 day');
	return jsonb_build_object('status', 'ok', 'code', v_code, 'until', private.iso(now() + interval '1 day'));
end
$$;
grant execute on function public.make_encoder_code(uuid) to authenticated;

-- Ends the encoders of one kind in a run; whether there was one.
create function private.end_encoders(p_run public.runs, p_kind text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.hall_devices set revoked_at = now() where run_id = p_run.id and kind = p_kind and revoked_at is null;
	if not found then return false; end if;
	perform private.tell('session:' || p_run.session_id, 'stage', p_run.id);
	return true;
end
$$;

-- Takes the code of a run's encoder back, or its ingress: what it sends ends at once. Answers ok, already, not_found.
create function public.end_encoder(run uuid, kind text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run;
	if not found or kind = 'browser' or not private.has_role(v_run.summit_id, 'stage') then return 'not_found'; end if;
	return case when private.end_encoders(v_run, kind) then 'ok' else 'already' end;
end
$$;
grant execute on function public.end_encoder(uuid, text) to authenticated;

-- The device that sends for a run, and whether it does: {kind, is_connected, since, sends}; null: none has come.
create function private.hall_state(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('kind', d.kind, 'is_connected', h.seen_at > now() - interval '15 seconds', 'since',
		private.iso(h.since), 'sends', h.sends)
	from private.run_halls as h join private.hall_devices as d on d.id = h.device_id
	where h.run_id = p_run and exists (select from private.hall_of(p_run) as on_now where on_now.identity = d.identity)
$$;

-- For stage organisers and owners, the runs of a room that are not over, with what sends for its hall; null for
-- everyone else. [{id, state, session, hall, encoder_until, has_ingress}]
create function public.read_encoders(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', runs.id, 'state', runs.state, 'session',
		private.stage_session(runs.session_id), 'hall', private.hall_state(runs.id),
			'encoder_until', (select private.iso(d.expires_at) from private.hall_devices as d
				where d.run_id = runs.id and d.kind = 'encoder' and d.revoked_at is null and d.expires_at > now()),
			'has_ingress', exists (select from private.hall_devices as d
				where d.run_id = runs.id and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now()))
		order by runs.state not in ('live', 'paused'), runs.created_at) filter (where runs.id is not null), '[]')
	from public.rooms left join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and private.can_see(private.me(), runs.session_id)
	where rooms.summit_id = read_encoders.summit and rooms.slug = read_encoders.room
	having private.has_role(read_encoders.summit, 'stage') and count(rooms.id) > 0
$$;
grant execute on function public.read_encoders(uuid, text) to authenticated;

-- LiveKit Ingress for encoders that speak RTMP alone: made for a run, taken away with it, and swept where one is left.

-- Names the participant of a new ingress of a run; the one before it ends. {status: ok | not_found | ended, identity}.
create function public.make_ingress(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_identity text;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.has_role(v_run.summit_id, 'stage') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'ended'); end if;
	perform private.end_encoders(v_run, 'ingress');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'ingress', run, private.me(), now() + interval '1 day')
		returning identity into v_identity;
	return jsonb_build_object('status', 'ok', 'identity', v_identity);
end
$$;
grant execute on function public.make_ingress(uuid) to authenticated;

-- The room of LiveKit's that an ingress sends into; null when it no longer holds.
create function private.room_of_ingress(p_identity text) returns text
language sql volatile security definer set search_path = '' as $$
	select private.open_room(d.run_id, 'stage') from private.hall_devices as d join public.runs on runs.id = d.run_id
	where d.identity = p_identity and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now()
		and runs.state <> 'ended' and runs.room_id = d.room_id
$$;
grant execute on function private.room_of_ingress(text) to app_server;

-- An ingress has begun to send: it becomes the hall of its run, unless another one sends. Whether it did.
create function private.seat_ingress(p_name text, p_identity text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	select d.* into v_device from private.hall_devices as d
		where d.identity = p_identity and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now();
	if not found or not exists (select from private.run_rooms as r
		where r.name = p_name and r.run_id = v_device.run_id and r.purpose = 'stage' and r.closed_at is null) then
		return false;
	end if;
	select * into v_run from public.runs where id = v_device.run_id and room_id = v_device.room_id and state <> 'ended';
	return found and private.take_hall(v_run, v_device.id, false);
end
$$;
grant execute on function private.seat_ingress(text, text) to app_server;

-- Of the ingresses that LiveKit has: ours whose run is over, has moved to another room of LiveKit's, or whose key was
-- taken back.
create function private.stale_ingresses(p_identities text[], p_rooms text[]) returns setof text
language sql volatile security definer set search_path = '' as $$
	update private.hall_devices as d set revoked_at = coalesce(d.revoked_at, now())
	from unnest(p_identities, p_rooms) as told (identity, room)
	where d.identity = told.identity and d.kind = 'ingress'
		and not (d.revoked_at is null and d.expires_at > now()
			and exists (select from public.runs join private.run_rooms as r on r.run_id = runs.id
			where runs.id = d.run_id and runs.state <> 'ended' and runs.room_id = d.room_id and r.name = told.room
				and r.purpose = 'stage' and r.closed_at is null))
	returning d.identity
$$;
grant execute on function private.stale_ingresses(text[], text[]) to app_server;
