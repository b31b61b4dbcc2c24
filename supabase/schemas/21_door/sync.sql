-- Synchronisation of devices: scans that were made without a network, and what changed meanwhile.

-- Lists what is wrong with a scan that was made without a network: an unknown badge, or a person who came in and should
-- not have.
create function private.report_scan_conflict(p_scan private.door_scans, p_checkpoint public.checkpoints,
	p_badge public.badges, p_registration public.registrations, p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry_status text;
begin
	if p_scan.badge_id is null then
		insert into private.door_conflicts (summit_id, kind, subject, scan_id, device_id, checkpoint_id)
		values (p_scan.summit_id, 'unknown_badge', p_scan.id::text, p_scan.id, p_scan.device_id, p_checkpoint.id)
		on conflict (summit_id, kind, subject) do nothing;
		return;
	end if;
	v_entry_status := private.check_door_entry(p_checkpoint, p_badge, p_registration, p_scan.scanned_at);
	-- A person who has since withdrawn, switched to online or changed category had a valid badge then, and came in
	-- rightly.
	if v_entry_status in ('not_confirmed', 'wrong_mode', 'not_here') and p_badge.revoked_at > p_scan.scanned_at then
		return;
	end if;
	if v_entry_status = 'ok' and p_session is not null then
		v_entry_status := private.check_session_entry(p_registration.person_id, p_session);
	end if;
	if v_entry_status <> 'ok' and p_scan.answer = 'welcome' then
		insert into private.door_conflicts (summit_id, kind, subject, scan_id, device_id, checkpoint_id, person_id,
			facts)
		values (p_scan.summit_id,
			case v_entry_status when 'stop' then 'barred' when 'revoked' then 'revoked' else 'not_entitled' end,
			p_scan.id::text, p_scan.id, p_scan.device_id, p_checkpoint.id,
			case when p_scan.anonymise_at is null then p_registration.person_id end,
			jsonb_build_object('entry_status', v_entry_status, 'at', private.iso(p_scan.scanned_at)))
		on conflict (summit_id, kind, subject) do nothing;
	end if;
end
$$;

-- Lists that a device which was shut out has made scans: `p_first` of them, or `p_more` besides those listed before.
create function private.report_shut_out_device(p_device private.door_devices, p_first bigint, p_more bigint)
	returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.door_conflicts as c (summit_id, kind, subject, device_id, facts)
	values (p_device.summit_id, 'shut_out', p_device.id::text, p_device.id, jsonb_build_object('scans', p_first))
	on conflict (summit_id, kind, subject) do update
	set facts = c.facts || jsonb_build_object('scans', coalesce((c.facts ->> 'scans')::integer, 0) + p_more),
		resolved_at = null
$$;

-- Whether a delivery replaces a scan that is known already. Only two do, of the device that made it: one that undoes
-- it, and one that says what the device did when the online answer did not reach it.
create function private.replaces_scan(p_known private.door_scans, p_maker uuid, p_answer text, p_undone boolean)
	returns boolean
language sql immutable set search_path = '' as $$
	select p_known.device_id is not distinct from p_maker
		and (p_undone and p_known.undone_at is null or not p_known.is_offline and p_known.answer <> p_answer)
$$;

-- The device that made a scan: the one that the scan names, where its browser has been enrolled again since, else the
-- one that sends it.
create function private.maker_of_scan(p_scan jsonb, p_sender private.door_devices) returns private.door_devices
language plpgsql stable security definer set search_path = '' as $$
declare
	v_maker private.door_devices;
begin
	select * into v_maker
	from private.door_devices as d
	where d.id = private.parse_uuid(p_scan ->> 'device') and d.summit_id = p_sender.summit_id;
	return case when found then v_maker else p_sender end;
end
$$;

-- Records one scan that was made without a network. What the device answered then is true: somebody went through. The
-- same holds for a question that arrived here while its answer came too late for the device. `device` names the device
-- that made the scan, when the browser has been enrolled again since: its time counts, and so does the scan, unless
-- that device was shut out. A person who was stopped on the way out has left, too. Answers kept | repeated | invalid.
create function private.import_offline_scan(p_person uuid, p_device private.door_devices, p_scan jsonb, p_offset bigint)
	returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := private.parse_uuid(p_scan ->> 'id');
	v_c public.checkpoints;
	v_badge public.badges;
	v_registration public.registrations;
	v_maker private.door_devices := private.maker_of_scan(p_scan, p_device);
	v_offset bigint := coalesce(private.parse_whole_number(p_scan ->> 'offset'), p_offset);
	v_device_at timestamptz := private.parse_instant(p_scan ->> 'at');
	v_at timestamptz;
	v_trusted boolean;
	v_answer text := left(p_scan ->> 'answer', 20);
	v_session uuid;
	v_until timestamptz;
	v_forget timestamptz;
	v_before private.door_scans;
	v_scan private.door_scans;
	v_undone boolean := coalesce(p_scan ->> 'undone' = 'true', false);
begin
	v_trusted := p_device.device_revoked_at is null and v_maker.device_revoked_at is null;
	-- Never later than now nor before the enrolment of the device, so that a wrong clock moves no scan to another day.
	v_at := greatest(least(v_device_at + v_offset * interval '1 millisecond', now()),
		v_maker.enrolled_at);
	select * into v_c
	from public.checkpoints as c
	where c.id = coalesce(private.parse_uuid(p_scan ->> 'checkpoint'), p_device.checkpoint_id)
		and c.summit_id = p_device.summit_id;
	if not found or v_id is null or v_device_at is null or v_answer is null then return 'invalid'; end if;
	select * into v_before from private.door_scans as s where s.id = v_id;
	if found and not (v_trusted and private.replaces_scan(v_before, v_maker.id, v_answer, v_undone)) then
		return 'repeated';
	end if;
	delete from private.door_scans as s where s.id = v_id and v_before.id is not null;
	select b.* into v_badge
	from public.badges as b
	where b.summit_id = p_device.summit_id
		and b.id = private.find_badge(p_device.summit_id, private.parse_uuid(p_scan ->> 'badge'),
			p_scan ->> 'badge_code');
	select * into v_registration from public.registrations as r where r.id = v_badge.registration_id;
	select session, until into v_session, v_until from private.session_at_door(v_c, v_at);
	v_forget := case when private.level_in_force(v_session) not in ('public', 'members') then v_until end;
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction,
		scanned_at, device_at, offset_ms, is_offline, answer, is_counted, day, scanned_by, anonymise_at, undone_at)
	values (v_id, p_device.summit_id, v_c.id, v_c.place, v_maker.id, v_badge.id, v_registration.person_id,
		case when p_scan ->> 'direction' = 'out' then 'out' else 'in' end, v_at, v_device_at,
		v_offset, true, v_answer,
		v_trusted and v_badge.id is not null
			and (v_answer in ('welcome', 'left') or v_answer = 'stop' and p_scan ->> 'direction' = 'out'),
		private.door_day(p_device.summit_id, v_at), p_person, v_forget, case when v_undone then v_at end)
	on conflict (id) do nothing
	returning * into v_scan;
	if not found then return 'repeated'; end if;
	-- A device that was shut out made the scan, and another one sends it.
	if not v_trusted and p_device.device_revoked_at is null then
		perform private.report_shut_out_device(v_maker, 1, 1);
	end if;
	if v_trusted and not v_undone and v_answer in ('welcome', 'left') then
		perform private.report_scan_conflict(v_scan, v_c, v_badge, v_registration, v_session);
	end if;
	return 'kept';
end
$$;

-- The scans of a batch; none when they are not a list.
create function private.scans_in_batch(p_said jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_said -> 'scans') = 'array' then p_said -> 'scans' else '[]' end
$$;

-- Records what a device reports of itself, and lists a clock that is more than two minutes wrong, or scans of a device
-- that was shut out, as conflicts. `p_taken`: the answers of private.import_offline_scan.
create function private.save_device_report(p_device private.door_devices, p_status text, p_offset bigint, p_said jsonb,
	p_taken jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scans jsonb := private.scans_in_batch(p_said);
	v_battery bigint := private.parse_whole_number(p_said ->> 'battery_percent');
begin
	if abs(p_offset) > 120000 and p_status <> 'shut_out' then
		insert into private.door_conflicts (summit_id, kind, subject, device_id, facts)
		values (p_device.summit_id, 'wrong_clock', p_device.id::text, p_device.id,
			jsonb_build_object('minutes', round(p_offset / 60000.0)))
		on conflict (summit_id, kind, subject) do nothing;
	end if;
	if p_status = 'shut_out' and v_scans <> '[]' then
		perform private.report_shut_out_device(p_device, jsonb_array_length(v_scans),
			(select count(*) from jsonb_each_text(p_taken) where value = 'kept'));
	end if;
	insert into private.door_device_states as t (device_id, offset_ms, queued, battery_percent, version)
	values (p_device.id, p_offset,
		least(greatest(coalesce(private.parse_whole_number(p_said ->> 'queued'), 0) - jsonb_array_length(v_scans), 0),
			1000000),
		case when v_battery between 0 and 100 then v_battery end,
		left(coalesce(private.one_line(p_said ->> 'version'), ''), 40))
	on conflict (device_id) do update
	set last_seen_at = now(), offset_ms = excluded.offset_ms, queued = excluded.queued,
		battery_percent = excluded.battery_percent,
		version = excluded.version;
end
$$;

-- [[badge, since when it is inside or null]] of the people whose scans changed after a sequence number, for one place.
-- The badge is a hash. Repeats fifty numbers, because a lower one may be committed after a higher one. PL/pgSQL, so
-- that its plans are cached.
create function private.door_changes(p_summit uuid, p_place text, p_day date, p_after bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, b.id::text),
			(select floor(extract(epoch from d.entered_at))
				from private.door_periods as d
				where d.person_id = each.person_id and d.summit_id = p_summit and d.place = p_place
					and d.day = p_day and d.left_at is null))), '[]')
		from (select distinct s.person_id
			from private.door_scans as s
			where s.summit_id = p_summit and s.seq > p_after - 50 and s.is_counted and s.person_id is not null
				and s.day = p_day) as each
		join public.registrations as r on r.person_id = each.person_id and r.summit_id = p_summit
		join public.badges as b on b.registration_id = r.id and b.revoked_at is null);
end
$$;

-- How far a device's clock is behind, in milliseconds, by the time that it says; 0 when it says none. At most some
-- thirty years, so that no calculation with it fails.
create function private.clock_offset(p_said text) returns bigint
language sql stable set search_path = '' as $$
	select coalesce(greatest(-1e12, least(1e12,
		round(extract(epoch from now() - private.parse_instant(p_said)) * 1000))), 0)::bigint
$$;

-- Locks the people whose badges the scans name, in one order, so that two batches with the same people cannot deadlock.
create function private.lock_people_of_scans(p_summit uuid, p_scans jsonb) returns void
language sql volatile security definer set search_path = '' set enable_seqscan = off as $$
	select private.lock_person_at_door(p_summit, person)
	from (select distinct r.person_id as person
		from jsonb_array_elements(p_scans) as each
		join public.badges as b on b.summit_id = p_summit
			and b.id = private.find_badge(p_summit, private.parse_uuid(each ->> 'badge'), each ->> 'badge_code')
		join public.registrations as r on r.id = b.registration_id
		order by 1) as people
$$;

-- Exchanges a batch of scans and changes with a device. `p_said`: {now, queued, battery_percent, version, after, scans:
-- [{id, badge | badge code, direction, at, offset, answer, checkpoint, device, undone}]}. {status, now, taken: {id:
-- kept | repeated | invalid}, cursor, changes: [[badge, since or null]], checkpoint, inside}. Sequential scans are off
-- for the reason given at scan_badge. Locks people, then places.
create function private.sync_door(p_person uuid, p_summit uuid, p_key_hash bytea, p_said jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
declare
	v_status text;
	v_device private.door_devices;
	v_c public.checkpoints;
	v_offset bigint := private.clock_offset(p_said ->> 'now');
	v_after bigint := coalesce(private.parse_whole_number(p_said ->> 'after'), 0);
	v_scans jsonb := private.scans_in_batch(p_said);
	v_ids uuid[] := array(select private.parse_uuid(each ->> 'id') from jsonb_array_elements(v_scans) as each);
	v_day date := private.door_day(p_summit);
	v_taken jsonb := '{}';
	v_each record;
begin
	select * into v_device from private.door_devices as d where d.key_hash = p_key_hash and d.summit_id = p_summit;
	v_status := private.device_status(p_person, v_device);
	-- Scans that a device sends after its day still count; after it was shut out they are only recorded, for somebody
	-- to examine.
	if v_device.id is null or v_status = 'not_allowed' then return jsonb_build_object('status', v_status); end if;
	perform set_config('app.actor', p_person::text, true);
	perform private.lock_people_of_scans(p_summit, v_scans);
	select coalesce(jsonb_object_agg(each ->> 'id', private.import_offline_scan(p_person, v_device, each, v_offset)),
		'{}')
	into v_taken
	from jsonb_array_elements(v_scans) as each
	where each ->> 'id' is not null;
	for v_each in
		select distinct s.person_id, s.day
		from private.door_scans as s
		where s.id = any (v_ids) and s.person_id is not null
		order by 1, 2
	loop
		perform private.derive_door_periods(p_summit, v_each.person_id, v_each.day);
	end loop;
	-- Locks places in one order, too.
	perform private.update_over_capacity(p_summit, each.place, each.day)
	from (select distinct s.place, s.day
		from private.door_scans as s
		where s.id = any (v_ids) and s.is_counted
		order by 1, 2) as each;
	perform private.save_device_report(v_device, v_status, v_offset, p_said, v_taken);
	if v_scans <> '[]' then
		perform audit.record_event('door.synced', v_device.id::text, p_summit, null,
			jsonb_build_object('scans', jsonb_array_length(v_scans)));
	end if;
	if v_status <> 'ok' then return jsonb_build_object('status', v_status, 'taken', v_taken); end if;
	select * into v_c from public.checkpoints as c where c.id = v_device.checkpoint_id;
	return jsonb_build_object('status', 'ok', 'now', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'taken', v_taken, 'checkpoint', private.checkpoint_json(v_c),
		'cursor', (select coalesce(max(s.seq), v_after) from private.door_scans as s where s.summit_id = p_summit),
		'changes', private.door_changes(p_summit, v_c.place, v_day, v_after),
		'inside', private.count_inside(p_summit, v_c.place, v_day));
end
$$;
grant execute on function private.sync_door(uuid, uuid, bytea, jsonb) to app_server;
