-- Codes for the devices of halls: made and taken back by whoever answers for all stages, random, kept as a hash, for a day at most.

-- Makes a code for a room; it is told once. Answers {status: ok | not_found, code, until}.
create function public.make_hall_code(summit uuid, room text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room uuid := (select id from public.rooms where summit_id = summit and slug = room);
	v_code text := private.random_code(16);
begin
	if v_room is null or not private.has_role(summit, 'stage') then return jsonb_build_object('status', 'not_found'); end if;
	insert into private.hall_devices (summit_id, room_id, code_hash, created_by, expires_at)
	values (summit, v_room, sha256(convert_to(v_code, 'UTF8')), private.me(), now() + interval '1 day');
	return jsonb_build_object('status', 'ok', 'code', v_code, 'until', private.iso(now() + interval '1 day'));
end
$$;

-- Takes back every code of a room: what it sends ends at once. Answers ok, already, not_found.
create function public.revoke_hall_codes(summit uuid, room text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room uuid := (select id from public.rooms where summit_id = summit and slug = room);
	v_run record;
begin
	if v_room is null or not private.has_role(summit, 'stage') then return 'not_found'; end if;
	update private.hall_devices set revoked_at = now() where room_id = v_room and revoked_at is null and expires_at > now();
	if not found then return 'already'; end if;
	for v_run in select runs.id, runs.session_id from public.runs join private.run_halls as h on h.run_id = runs.id where runs.room_id = v_room and runs.state <> 'ended' loop
		perform private.tell('session:' || v_run.session_id, 'stage', v_run.id);
	end loop;
	return 'ok';
end
$$;

-- Makes a device the hall of a run. False: another one sends there at this moment, and is not to be put out.
create function private.take_hall(p_run public.runs, p_device uuid, p_takes boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.run_halls (run_id, device_id) values (p_run.id, p_device) on conflict (run_id) do nothing;
	if not found then
		if exists (select from private.run_halls where run_id = p_run.id and device_id = p_device) then return true; end if;
		update private.run_halls as h set device_id = p_device, sid = null, since = null, seen_at = null, sends = '{}'
		where h.run_id = p_run.id and (p_takes or h.seen_at is null or h.seen_at < now() - interval '15 seconds' or not exists (select from private.hall_of(p_run.id)));
		if not found then return false; end if;
	end if;
	perform private.tell('session:' || p_run.session_id, 'stage', p_run.id);
	return true;
end
$$;

-- What the device of a room needs to send into the run that is on there, or waits; an encoder, into its own. {status: ok | refused (no
-- such code) | none (nothing is on) | busy (another one sends)}. Only who takes puts out another that sends.
create function private.hall_pass(p_code text, p_summit uuid, p_room text, p_kind text default 'browser', p_takes boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	select d.* into v_device from private.hall_devices as d join public.rooms on rooms.id = d.room_id
	where d.code_hash = sha256(convert_to(coalesce(p_code, ''), 'UTF8')) and d.summit_id = p_summit and rooms.slug = p_room and d.kind = p_kind
		and d.revoked_at is null and d.expires_at > now();
	if not found then return jsonb_build_object('status', 'refused'); end if;
	select runs.* into v_run from public.runs where runs.room_id = v_device.room_id and runs.state <> 'ended' and (v_device.run_id is null or runs.id = v_device.run_id)
	order by runs.state not in ('live', 'paused'), (select lower(during) from private.slot_at(runs.session_id)), runs.created_at limit 1;
	if not found then return jsonb_build_object('status', 'none'); end if;
	if not private.take_hall(v_run, v_device.id, p_takes) then return jsonb_build_object('status', 'busy'); end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'session', v_run.session_id, 'state', v_run.state, 'room', private.open_room(v_run.id, 'stage'),
		'identity', v_device.identity, 'publish', private.hall_rights(v_run, 'stage', array[v_device.identity]) -> v_device.identity);
end
$$;

grant execute on function public.make_hall_code(uuid, text), public.revoke_hall_codes(uuid, text) to authenticated;
grant execute on function private.hall_pass(text, uuid, text, text, boolean) to app_server;
