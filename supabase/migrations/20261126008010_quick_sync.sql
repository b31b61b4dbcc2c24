-- Where a whole day's scans come at once, each is found by its own id, what they explain by its person, and the day is asked for once.

-- The periods of one person's day, from the scans that count.
create or replace function private.derive_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scan record;
	v_open private.door_periods;
	v_twice uuid[] := '{}';
begin
	delete from private.door_periods as d where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day;
	for v_scan in select s.*, c.kind from private.door_scans as s join public.checkpoints as c on c.id = s.checkpoint_id
		where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day and s.counts and s.undone_at is null order by s.scanned_at, s.id
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
			values (p_summit, 'two_doors', v_scan.id::text, v_scan.id, v_scan.device_id, v_scan.checkpoint_id, p_person,
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
	where c.person_id = p_person and c.summit_id = p_summit and c.kind = 'two_doors' and c.resolved_at is null and c.scan_id <> all (v_twice)
		and exists (select from private.door_scans as s where s.id = c.scan_id and s.day = p_day);
	perform private.write_door_presence(p_summit, p_person, p_day);
end
$$;


-- A batch of scans, and news both ways. `p_said`: {now, queued, charge, version, after, scans: [{id, badge | letters, direction, at, offset, answer, checkpoint, undone}]}.
-- Answers {status, now, offset, taken: {id: kept | repeated | invalid}, cursor, changes: [[badge, since or null]], checkpoint, inside, today}.
create or replace function private.sync_door(p_person uuid, p_summit uuid, p_key_hash bytea, p_said jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_device private.door_devices;
	v_c public.checkpoints;
	v_offset bigint := round(extract(epoch from now() - (p_said ->> 'now')::timestamptz) * 1000);
	v_after bigint := coalesce((p_said ->> 'after')::bigint, 0);
	v_scans jsonb := coalesce(p_said -> 'scans', '[]');
	v_ids uuid[] := array(select (each ->> 'id')::uuid from jsonb_array_elements(v_scans) as each);
	v_day date := private.door_day(p_summit);
	v_taken jsonb := '{}';
	v_each record;
begin
	select * into v_device from private.door_devices as d where d.key_hash = p_key_hash and d.summit_id = p_summit;
	v_status := private.device_status(p_person, v_device);
	-- What a device brings after its day still counts; after it was shut out it is only written down, for somebody to look at.
	if v_device.id is null or v_status = 'not_allowed' then return jsonb_build_object('status', v_status); end if;
	perform set_config('app.actor', p_person::text, true);
	-- In one order everywhere: two batches with the same people never wait for each other in a ring.
	perform private.lock_at_door(p_summit, person) from (
		select distinct r.person_id as person from jsonb_array_elements(v_scans) as each
		join public.badges as b on b.id = private.find_badge(p_summit, (each ->> 'badge')::uuid, each ->> 'letters') and b.summit_id = p_summit
		join public.registrations as r on r.id = b.registration_id order by 1) as people;
	select coalesce(jsonb_object_agg(each ->> 'id', private.take_scan(p_person, v_device, each, v_offset)), '{}') into v_taken from jsonb_array_elements(v_scans) as each;
	for v_each in select distinct s.person_id, s.day from private.door_scans as s
		where s.id = any (v_ids) and s.person_id is not null order by 1, 2
	loop
		perform private.derive_presence(p_summit, v_each.person_id, v_each.day);
	end loop;
	perform private.note_crowding(p_summit, each.place, each.day) from (select distinct s.place, s.day from private.door_scans as s
		where s.id = any (v_ids) and s.counts) as each;
	if abs(v_offset) > 120000 and v_status <> 'shut_out' then
		insert into private.door_conflicts (summit_id, kind, about, device_id, facts) values (p_summit, 'wrong_clock', v_device.id::text, v_device.id, jsonb_build_object('minutes', round(v_offset / 60000.0)))
		on conflict (summit_id, kind, about) do nothing;
	end if;
	if v_status = 'shut_out' and v_scans <> '[]' then
		insert into private.door_conflicts as c (summit_id, kind, about, device_id, facts) values (p_summit, 'shut_out', v_device.id::text, v_device.id, jsonb_build_object('scans', jsonb_array_length(v_scans)))
		on conflict (summit_id, kind, about) do update set facts = c.facts || jsonb_build_object('scans', coalesce((c.facts ->> 'scans')::integer, 0)
			+ (select count(*) from jsonb_each_text(v_taken) where value = 'kept')), resolved_at = null;
	end if;
	insert into private.door_device_states as t (device_id, offset_ms, queued, charge, version)
	values (v_device.id, v_offset, greatest(coalesce((p_said ->> 'queued')::integer, 0) - jsonb_array_length(v_scans), 0), (p_said ->> 'charge')::integer, left(coalesce(p_said ->> 'version', ''), 40))
	on conflict (device_id) do update set heard_at = now(), offset_ms = excluded.offset_ms, queued = excluded.queued, charge = excluded.charge, version = excluded.version;
	if v_scans <> '[]' then perform audit.note('door.synced', v_device.id::text, p_summit, null, jsonb_build_object('scans', jsonb_array_length(v_scans))); end if;
	if v_status <> 'ok' then return jsonb_build_object('status', v_status, 'taken', v_taken); end if;
	select * into v_c from public.checkpoints as c where c.id = v_device.checkpoint_id;
	return jsonb_build_object('status', 'ok', 'now', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'taken', v_taken, 'checkpoint', private.checkpoint_json(v_c),
		'cursor', (select coalesce(max(s.seq), v_after) from private.door_scans as s where s.summit_id = p_summit),
		-- A few are told again: a number that was drawn first may come to light last.
		'changes', (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, b.id::text), (select floor(extract(epoch from d.entered_at)) from private.door_periods as d
				where d.person_id = each.person_id and d.summit_id = p_summit and d.place = v_c.place and d.day = v_day and d.left_at is null))), '[]')
			from (select distinct s.person_id from private.door_scans as s where s.summit_id = p_summit and s.seq > v_after - 50 and s.counts and s.person_id is not null
				and s.day = v_day) as each
			join public.registrations as r on r.person_id = each.person_id and r.summit_id = p_summit
			join public.badges as b on b.registration_id = r.id and b.revoked_at is null),
		'inside', private.count_inside(p_summit, v_c.place, v_day));
end
$$;

-- Planned while the tables are empty, in the morning, and kept for the day: what is found by an index then is found by it in the evening.
alter function private.derive_presence(uuid, uuid, date) set enable_seqscan = off;
alter function private.scan_badge(uuid, uuid, bytea, jsonb) set enable_seqscan = off;
alter function private.sync_door(uuid, uuid, bytea, jsonb) set enable_seqscan = off;
