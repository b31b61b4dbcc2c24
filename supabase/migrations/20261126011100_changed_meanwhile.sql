-- Who came in rightly and takes part as something else since is no matter: with the category goes the badge, and it was valid then.

-- Who was stopped on the way out without a network has left, too.
create or replace function private.take_scan(p_person uuid, p_device private.door_devices, p_scan jsonb, p_offset bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := (p_scan ->> 'id')::uuid;
	v_c public.checkpoints;
	v_badge public.badges;
	v_registration public.registrations;
	v_maker private.door_devices;
	v_offset bigint := coalesce((p_scan ->> 'offset')::bigint, p_offset);
	v_at timestamptz;
	v_trusted boolean;
	v_answer text := left(p_scan ->> 'answer', 20);
	v_session uuid;
	v_until timestamptz;
	v_forget timestamptz;
	v_standing text;
	v_before private.door_scans;
	v_undone boolean := coalesce((p_scan ->> 'undone')::boolean, false);
begin
	select * into v_maker from private.door_devices as d where d.id = (p_scan ->> 'device')::uuid and d.summit_id = p_device.summit_id;
	if not found then v_maker := p_device; end if;
	v_trusted := p_device.shut_out_at is null and v_maker.shut_out_at is null;
	-- Never later than now, nor from before the device was enrolled: a clock that runs wild moves nothing out of its day.
	v_at := greatest(least((p_scan ->> 'at')::timestamptz + v_offset * interval '1 millisecond', now()), v_maker.enrolled_at);
	select * into v_c from public.checkpoints as c where c.id = coalesce((p_scan ->> 'checkpoint')::uuid, p_device.checkpoint_id) and c.summit_id = p_device.summit_id;
	if not found or v_id is null or v_at is null or v_answer is null then return 'invalid'; end if;
	select * into v_before from private.door_scans as s where s.id = v_id;
	if found and (v_before.device_id is distinct from v_maker.id or not v_trusted
		or not (v_undone and v_before.undone_at is null) and (v_before.is_offline or v_before.answer = v_answer)) then
		return 'repeated';
	end if;
	delete from private.door_scans as s where s.id = v_id and v_before.id is not null;
	select b.* into v_badge from public.badges as b
	where b.summit_id = p_device.summit_id and b.id = private.find_badge(p_device.summit_id, (p_scan ->> 'badge')::uuid, p_scan ->> 'letters');
	select * into v_registration from public.registrations as r where r.id = v_badge.registration_id;
	select session, until into v_session, v_until from private.session_at_door(v_c, v_at);
	v_forget := case when private.level_in_force(v_session) not in ('public', 'members') then v_until end;
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction, scanned_at, device_at, offset_ms, is_offline, answer, counts, day, made_by, forget_at, undone_at)
	values (v_id, p_device.summit_id, v_c.id, v_c.place, v_maker.id, v_badge.id, v_registration.person_id, case when p_scan ->> 'direction' = 'out' then 'out' else 'in' end,
		v_at, (p_scan ->> 'at')::timestamptz, v_offset, true, v_answer, v_trusted and v_badge.id is not null and (v_answer in ('welcome', 'left') or v_answer = 'stop' and p_scan ->> 'direction' = 'out'),
		private.door_day(p_device.summit_id, v_at), p_person, v_forget, case when v_undone then v_at end)
	on conflict (id) do nothing;
	if not found then return 'repeated'; end if;
	if not v_trusted and p_device.shut_out_at is null then
		insert into private.door_conflicts as c (summit_id, kind, about, device_id, facts) values (p_device.summit_id, 'shut_out', v_maker.id::text, v_maker.id, '{"scans": 1}')
		on conflict (summit_id, kind, about) do update set facts = c.facts || jsonb_build_object('scans', coalesce((c.facts ->> 'scans')::integer, 0) + 1), resolved_at = null;
	end if;
	if not v_trusted or v_undone or v_answer not in ('welcome', 'left') then return 'kept'; end if;
	if v_badge.id is null then
		insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id)
		values (p_device.summit_id, 'unknown_badge', v_id::text, v_id, v_maker.id, v_c.id) on conflict (summit_id, kind, about) do nothing;
		return 'kept';
	end if;
	v_standing := private.door_standing(v_c, v_badge, v_registration, v_at);
	-- Who has withdrawn, gone online or become something else since had a valid badge then: they came in rightly.
	if v_standing in ('not_confirmed', 'wrong_mode', 'not_here') and v_badge.revoked_at > v_at then return 'kept'; end if;
	if v_standing = 'ok' and v_session is not null then v_standing := private.session_standing(v_registration.person_id, v_session); end if;
	if v_standing <> 'ok' and v_answer = 'welcome' then
		insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id, person_id, facts)
		values (p_device.summit_id, case v_standing when 'stop' then 'barred' when 'revoked' then 'revoked' else 'not_entitled' end, v_id::text, v_id, v_maker.id, v_c.id,
			case when v_forget is null then v_registration.person_id end, jsonb_build_object('standing', v_standing, 'at', private.iso(v_at)))
		on conflict (summit_id, kind, about) do nothing;
	end if;
	return 'kept';
end
$$;
