-- Too many in a room: two doors, or a door and what a device brings, never overlook it together; and what turns out otherwise, or was taken
-- back, is no matter any more.

create or replace function private.note_crowding(p_summit uuid, p_place text, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkpoints;
	v_capacity integer;
	v_most integer;
	v_at timestamptz;
	v_facts jsonb;
begin
	select * into v_c from public.checkpoints as c where c.summit_id = p_summit and c.place = p_place and private.capacity_of(c) is not null order by c.capacity nulls last, c.id limit 1;
	if not found then return; end if;
	v_capacity := private.capacity_of(v_c);
	-- The lock of `admit`: who is let in at this moment is counted here, or counts what is brought here.
	perform pg_advisory_xact_lock(hashtextextended('place ' || p_summit || p_place, 0));
	select peak.inside, peak.at into v_most, v_at from (select at, sum(step) over (order by at, step) as inside from (
			select entered_at as at, 1 as step from private.door_periods as d where d.summit_id = p_summit and d.place = p_place and d.day = p_day
			union all select left_at, -1 from private.door_periods as d where d.summit_id = p_summit and d.place = p_place and d.day = p_day and d.left_at is not null) as steps
		order by inside desc, at limit 1) as peak;
	if coalesce(v_most, 0) <= v_capacity then
		delete from private.door_conflicts as c where c.summit_id = p_summit and c.kind = 'over_capacity' and c.about = p_place || ' ' || p_day and c.resolved_at is null;
		return;
	end if;
	v_facts := jsonb_build_object('most', v_most, 'capacity', v_capacity, 'at', private.iso(v_at));
	insert into private.door_conflicts (summit_id, kind, about, checkpoint_id, facts) values (p_summit, 'over_capacity', p_place || ' ' || p_day, v_c.id, v_facts)
	on conflict (summit_id, kind, about) do update set facts = excluded.facts,
		-- More than somebody has looked at is a new matter.
		resolved_at = case when (excluded.facts ->> 'most')::integer > (door_conflicts.facts ->> 'most')::integer then null else door_conflicts.resolved_at end
	where door_conflicts.facts <> excluded.facts;
end
$$;

-- As before. `p_said`: {now, queued, charge, version, after, scans: [{id, badge | letters, direction, at, offset, answer, checkpoint, device, undone}]}.
create or replace function private.sync_door(p_person uuid, p_summit uuid, p_key_hash bytea, p_said jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
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
	-- Places in one order, too.
	perform private.note_crowding(p_summit, each.place, each.day) from (select distinct s.place, s.day from private.door_scans as s
		where s.id = any (v_ids) and s.counts order by 1, 2) as each;
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
