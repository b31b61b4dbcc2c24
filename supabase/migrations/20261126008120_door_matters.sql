-- What does not fit together at the doors, and of whom: at a session that names nobody it is known as long as the scan itself says it, and
-- neither the report nor the audit keeps a name. A scan may come by another device than the one that made it.

create or replace function private.conflict_json(p_c private.door_conflicts) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_c.id, 'kind', p_c.kind, 'found_at', private.iso(p_c.found_at), 'facts', p_c.facts, 'note', p_c.note, 'resolved_at', private.iso(p_c.resolved_at),
		'who_looks', case when p_c.kind = 'barred' then 'safeguarding' when p_c.kind in ('wrong_clock', 'over_capacity') then 'door' else 'registration' end,
		'person', (select display_name from public.people where id = coalesce(p_c.person_id, (select s.person_id from private.door_scans as s where s.id = p_c.scan_id))),
		'resolved_by', (select display_name from public.people where id = p_c.resolved_by),
		'device', (select name from private.door_devices where id = p_c.device_id), 'checkpoint', p_c.checkpoint_id)
$$;

-- As before. Scans of one moment, which a clock that runs wild makes many of, stand in the order in which their device made them.
create or replace function private.derive_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
declare
	v_scan record;
	v_open private.door_periods;
	v_twice uuid[] := '{}';
begin
	delete from private.door_periods as d where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day;
	for v_scan in select s.*, c.kind from private.door_scans as s join public.checkpoints as c on c.id = s.checkpoint_id
		where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day and s.counts and s.undone_at is null order by s.scanned_at, s.device_at, s.id
	loop
		if v_scan.direction = 'out' then
			-- Who leaves the building is in no room.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at)
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null and v_scan.place in (d.place, 'building');
			continue;
		end if;
		select * into v_open from private.door_periods as d
		where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null and d.place = v_scan.place;
		if found then
			-- Two doors that knew nothing of each other, or one that has lost its memory, let in the same badge.
			v_twice := v_twice || v_scan.id;
			insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id, person_id, facts)
			values (p_summit, 'two_doors', v_scan.id::text, v_scan.id, v_scan.device_id, v_scan.checkpoint_id, case when v_scan.forget_at is null then p_person end,
				jsonb_build_object('first', v_open.checkpoint_id, 'first_at', private.iso(v_open.entered_at), 'at', private.iso(v_scan.scanned_at)))
			on conflict (summit_id, kind, about) do nothing;
			continue;
		end if;
		if v_scan.kind in ('room', 'session') then
			-- Nobody is in two rooms.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at) from public.checkpoints as c
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null and c.id = d.checkpoint_id and c.kind in ('room', 'session');
		end if;
		insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at, forget_at)
		values (p_summit, p_person, v_scan.place, v_scan.checkpoint_id, v_scan.id, p_day, v_scan.scanned_at, v_scan.forget_at);
	end loop;
	-- What a late scan or an undoing has explained is no conflict.
	delete from private.door_conflicts as c
	where c.summit_id = p_summit and c.kind = 'two_doors' and c.resolved_at is null and c.scan_id <> all (v_twice)
		and c.scan_id in (select s.id from private.door_scans as s where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day);
	perform private.write_door_presence(p_summit, p_person, p_day);
end
$$;

-- As before. `device`: which one made it, where this browser has been another device since: its time stands, and it counts unless that
-- device was shut out.
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
		v_at, (p_scan ->> 'at')::timestamptz, v_offset, true, v_answer, v_trusted and v_badge.id is not null and v_answer in ('welcome', 'left'),
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
	-- Who has withdrawn or gone online since had a valid badge then: they came in rightly.
	if v_standing in ('not_confirmed', 'wrong_mode') and v_badge.revoked_at > v_at then return 'kept'; end if;
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
