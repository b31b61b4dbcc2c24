-- Encoders at the desk of a hall (OBS, vMix, hardware): a code for one run, which they send as the bearer token of
-- WHIP; and LiveKit Ingress for those that only speak RTMP. An ingress is made for a run, ends with it, and is removed
-- from LiveKit where one is left over.

-- Makes the code of a run's encoder and ends the one before. The code is shown once. Locks the run. Answers {status: ok
-- | not_found | ended, code}.
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
	perform private.revoke_encoders(v_run, 'encoder');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, code_hash, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'encoder', run, sha256(convert_to(v_code, 'UTF8')), private.me(),
		now() + interval '1 day');
	return jsonb_build_object('status', 'ok', 'code', v_code);
end
$$;
grant execute on function public.make_encoder_code(uuid) to authenticated;

-- Ends the encoders of one kind in a run, and answers whether there was one.
create function private.revoke_encoders(p_run public.runs, p_kind text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.hall_devices set revoked_at = now()
	where run_id = p_run.id and kind = p_kind and revoked_at is null;
	if not found then return false; end if;
	perform private.publish_event('session:' || p_run.session_id, 'stage', p_run.id);
	return true;
end
$$;

-- Revokes the code of a run's encoder, or its ingress: what it sends ends at once. Answers ok, already, not_found.
create function public.end_encoder(run uuid, kind text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run;
	if not found or kind = 'browser' or not private.has_role(v_run.summit_id, 'stage') then return 'not_found'; end if;
	return case when private.revoke_encoders(v_run, kind) then 'ok' else 'already' end;
end
$$;
grant execute on function public.end_encoder(uuid, text) to authenticated;

-- The runs of a room that have not ended, with what sends for its hall, for stage organisers and owners; null for
-- everyone else. [{id, state, session, hall, encoder_until, has_ingress}]
create function public.read_encoders(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', runs.id, 'state', runs.state,
		'session', private.stage_session(runs.session_id),
		'hall', private.hall_state(runs.id),
		'encoder_until', (select private.iso(d.expires_at) from private.hall_devices as d
			where d.run_id = runs.id and d.kind = 'encoder' and d.revoked_at is null and d.expires_at > now()),
		'has_ingress', exists (select from private.hall_devices as d
			where d.run_id = runs.id and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now()))
		order by runs.state not in ('live', 'paused'), runs.created_at) filter (where runs.id is not null), '[]')
	from public.rooms
	left join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and private.can_see(private.me(), runs.session_id)
	where rooms.summit_id = read_encoders.summit and rooms.slug = read_encoders.room
	having private.has_role(read_encoders.summit, 'stage') and count(rooms.id) > 0
$$;
grant execute on function public.read_encoders(uuid, text) to authenticated;

-- Makes the participant of a new ingress of a run and ends the one before. Locks the run. Answers {status: ok |
-- not_found | ended, identity}.
create function public.make_ingress(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_identity text;
begin
	select * into v_run from public.runs where id = run for update;
	-- A workshop has no stage.
	if not found or not private.has_role(v_run.summit_id, 'stage') or v_run.stage_format = 'meeting' then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'ended'); end if;
	perform private.revoke_encoders(v_run, 'ingress');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'ingress', run, private.me(), now() + interval '1 day')
	returning identity into v_identity;
	return jsonb_build_object('status', 'ok', 'identity', v_identity);
end
$$;
grant execute on function public.make_ingress(uuid) to authenticated;

-- The LiveKit room that an ingress sends into; null when the ingress no longer holds.
create function private.ingress_livekit_room(p_identity text) returns text
language sql volatile security definer set search_path = '' as $$
	select private.ensure_livekit_room(d.run_id, 'stage')
	from private.hall_devices as d
	join public.runs on runs.id = d.run_id
	where d.identity = p_identity and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now()
		and runs.state <> 'ended' and runs.room_id = d.room_id
$$;
grant execute on function private.ingress_livekit_room(text) to app_server;

-- An ingress has begun to send: it becomes the hall of its run, unless another device sends. Answers whether it did.
create function private.assign_ingress(p_name text, p_identity text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	select d.* into v_device
	from private.hall_devices as d
	where d.identity = p_identity and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now();
	if not found or not exists (select from private.livekit_rooms as r
		where r.name = p_name and r.run_id = v_device.run_id and r.purpose = 'stage' and r.closed_at is null) then
		return false;
	end if;
	v_run := private.hold_open_run(v_device.run_id);
	return coalesce(v_run.room_id = v_device.room_id, false)
		and private.assign_hall_device(v_run, v_device.id, false);
end
$$;
grant execute on function private.assign_ingress(text, text) to app_server;

-- Those of LiveKit's ingresses that are ours and no longer hold: the run has ended or moved to another LiveKit room, or
-- the ingress was revoked. They count as revoked from now on.
create function private.revoke_stale_ingresses(p_identities text[], p_rooms text[]) returns setof text
language sql volatile security definer set search_path = '' as $$
	update private.hall_devices as d set revoked_at = coalesce(d.revoked_at, now())
	from unnest(p_identities, p_rooms) as reported (identity, room)
	where d.identity = reported.identity and d.kind = 'ingress'
		and not (d.revoked_at is null and d.expires_at > now() and exists (
			select from public.runs
			join private.livekit_rooms as r on r.run_id = runs.id
			where runs.id = d.run_id and runs.state <> 'ended' and runs.room_id = d.room_id and r.name = reported.room
				and r.purpose = 'stage' and r.closed_at is null))
	returning d.identity
$$;
grant execute on function private.revoke_stale_ingresses(text[], text[]) to app_server;
