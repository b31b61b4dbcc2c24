-- LiveKit Ingress for encoders that speak RTMP alone: made for a run, taken away with it, and swept where one is left.

-- Names the participant of a new ingress of a run; the one before it ends. {status: ok | not_found | ended, identity}.
create function public.make_ingress(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_identity text;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.has_role(v_run.summit_id, 'stage') then return jsonb_build_object('status', 'not_found'); end if;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'ended'); end if;
	perform private.end_encoders(v_run, 'ingress');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'ingress', run, private.me(), now() + interval '1 day') returning identity into v_identity;
	return jsonb_build_object('status', 'ok', 'identity', v_identity);
end
$$;
grant execute on function public.make_ingress(uuid) to authenticated;

-- The room of LiveKit's that an ingress sends into; null when it no longer holds.
create function private.room_of_ingress(p_identity text) returns text
language sql volatile security definer set search_path = '' as $$
	select private.open_room(d.run_id, 'stage') from private.hall_devices as d join public.runs on runs.id = d.run_id
	where d.identity = p_identity and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now() and runs.state <> 'ended' and runs.room_id = d.room_id
$$;

-- An ingress has begun to send: it becomes the hall of its run, unless another one sends. Whether it did.
create function private.seat_ingress(p_name text, p_identity text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	select d.* into v_device from private.hall_devices as d where d.identity = p_identity and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now();
	if not found or not exists (select from private.run_rooms as r where r.name = p_name and r.run_id = v_device.run_id and r.purpose = 'stage' and r.closed_at is null) then
		return false;
	end if;
	select * into v_run from public.runs where id = v_device.run_id and room_id = v_device.room_id and state <> 'ended';
	return found and private.take_hall(v_run, v_device.id, false);
end
$$;

-- Of the ingresses that LiveKit has: ours whose run is over, has moved to another room of LiveKit's, or whose key was taken back.
create function private.stale_ingresses(p_identities text[], p_rooms text[]) returns setof text
language sql volatile security definer set search_path = '' as $$
	update private.hall_devices as d set revoked_at = coalesce(d.revoked_at, now())
	from unnest(p_identities, p_rooms) as told (identity, room)
	where d.identity = told.identity and d.kind = 'ingress'
		and not (d.revoked_at is null and d.expires_at > now() and exists (select from public.runs join private.run_rooms as r on r.run_id = runs.id
			where runs.id = d.run_id and runs.state <> 'ended' and runs.room_id = d.room_id and r.name = told.room and r.purpose = 'stage' and r.closed_at is null))
	returning d.identity
$$;

grant execute on function private.room_of_ingress(text), private.seat_ingress(text, text), private.stale_ingresses(text[], text[]) to app_server;
