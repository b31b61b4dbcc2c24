-- Devices at the door: enrolling, moving and shutting out.

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.door_devices', 'registration', '{name,checkpoint_id,expires_at,device_revoked_at}', '{}', '{}');

-- Whether a device (null: no device has that key) may make a request now for the person who holds it: ok | unknown |
-- shut_out | expired | not_allowed.
create function private.device_status(p_person uuid, p_device private.door_devices) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_device.id is null then 'unknown'
		when p_device.device_revoked_at is not null then 'shut_out'
		when p_device.expires_at <= now() then 'expired'
		when not private.holds_role(p_person, p_device.summit_id, 'door', 'registration')
			-- Who may not enter the Summit admits nobody either.
			or exists (select from private.entry_bars as b
				where b.person_id = p_person and b.summit_id = p_device.summit_id and b.session_id is null)
			then 'not_allowed'
		else 'ok' end
$$;

-- Enrols the device that the signed-in person holds. The database keeps only the hash of its key. {status: ok |
-- not_allowed | invalid | not_found | too_often, id}
create function public.enrol_door_device(summit uuid, checkpoint uuid, name text, key_hash text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'door', 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if key_hash !~ '^[0-9a-f]{64}$' or length(btrim(coalesce(name, ''))) not between 1 and 60 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if not exists (select from public.checkpoints as c
		where c.id = checkpoint and c.summit_id = summit and c.ended_at is null)
	then
		return jsonb_build_object('status', 'not_found');
	end if;
	perform private.require_confirmation();
	-- Limits how many devices one person can enrol.
	if (select count(*)
		from private.door_devices as d
		where d.summit_id = summit and d.enrolled_by = (select private.me())
			and d.enrolled_at > now() - interval '1 hour') >= 30
	then
		return jsonb_build_object('status', 'too_often');
	end if;
	insert into private.door_devices (summit_id, checkpoint_id, name, key_hash, enrolled_by, expires_at)
	values (summit, checkpoint, btrim(name), decode(key_hash, 'hex'), private.me(), private.door_device_expiry(summit))
	returning id into v_id;
	perform private.publish_event('organise:' || summit, 'door');
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.enrol_door_device(uuid, uuid, text, text) to authenticated;

-- Moves a device to another checkpoint, for the person who holds it and for organisers. Answers ok or not_found.
create function public.move_door_device(device uuid, checkpoint uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	update private.door_devices as d set checkpoint_id = checkpoint
	where d.id = device and d.device_revoked_at is null
		and (private.has_role(d.summit_id, 'registration')
			or d.enrolled_by = (select private.me()) and private.has_role(d.summit_id, 'door'))
		and exists (select from public.checkpoints as c
			where c.id = checkpoint and c.summit_id = d.summit_id and c.ended_at is null)
	returning d.summit_id into v_summit;
	if v_summit is null then return 'not_found'; end if;
	perform private.publish_event('organise:' || v_summit, 'door');
	return 'ok';
end
$$;
grant execute on function public.move_door_device(uuid, uuid) to authenticated;

-- Shuts a device out: its next request is refused, and the device deletes what it holds. Scans that it still holds are
-- listed as a conflict. Answers ok or not_found.
create function public.revoke_door_device(device uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.door_devices;
	v_queued integer;
begin
	update private.door_devices as d set device_revoked_at = now(), device_revoked_by = private.me()
	where d.id = device and d.device_revoked_at is null and private.has_role(d.summit_id, 'registration')
	returning * into v_device;
	if not found then return 'not_found'; end if;
	perform private.require_confirmation();
	select t.queued into v_queued from private.door_device_states as t where t.device_id = device;
	if v_queued > 0 then
		insert into private.door_conflicts (summit_id, kind, subject, device_id, facts)
		values (v_device.summit_id, 'shut_out', device::text, device, jsonb_build_object('queued', v_queued))
		on conflict (summit_id, kind, subject) do nothing;
	end if;
	perform private.publish_event('organise:' || v_device.summit_id, 'door');
	return 'ok';
end
$$;
grant execute on function public.revoke_door_device(uuid) to authenticated;
