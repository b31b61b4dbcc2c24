-- What a device takes with it, and what it brings back.

-- Badges and letters stand in it as half a hash: who finds the device finds no list of them.
create function private.door_hash(p_summit uuid, p_text text) returns text
language sql immutable set search_path = '' as $$
	select substr(encode(sha256(convert_to(p_text || p_summit, 'UTF8')), 'hex'), 1, 16)
$$;

-- The pack of a checkpoint for the rest of the day: {status, checkpoint, expires, day, sessions: [{from, to, only, except, flag}], rows: [[badge, letters,
-- answer, flags]], inside: {row: minute}, cursor}. No names. only and except are numbers of rows; flags: bits of no_photographs 1, escort 2, access need 4.
create function private.door_pack(p_person uuid, p_summit uuid, p_key_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_device private.door_devices;
	v_c public.checkpoints;
	v_day date := private.door_day(p_summit);
	v_cursor bigint := (select coalesce(max(s.seq), 0) from private.door_scans as s where s.summit_id = p_summit);
begin
	select * into v_device from private.door_devices as d where d.key_hash = p_key_hash and d.summit_id = p_summit;
	v_status := private.device_status(p_person, v_device);
	if v_status <> 'ok' then return jsonb_build_object('status', v_status); end if;
	select * into v_c from public.checkpoints as c where c.id = v_device.checkpoint_id;
	return (with held as (
		select b.id, b.letters, r.person_id, row_number() over (order by b.id) - 1 as at, private.door_standing(v_c, b, r, now()) as standing,
			case when private.no_photographs(r.person_id, r.id) then 1 else 0 end + case when r.is_minor then 2 else 0 end
				+ case when exists (select from public.registration_details as d where d.registration_id = r.id and btrim(d.access_needs) <> '') then 4 else 0 end as flags
		from public.badges as b join public.registrations as r on r.id = b.registration_id where b.summit_id = p_summit
	), slots as (
		select sl.session_id, sl.during, s.spoken, private.audience_in_force(s.id) = 'listed' or private.level_in_force(s.id) = 'closed'
			or exists (select from private.session_places as p where p.session_id = s.id and p.places_for <> 'none') as is_listed
		from public.release_slots as sl join public.sessions as s on s.id = sl.session_id
		where sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled and s.state <> 'cancelled' and not s.is_break
			and (sl.room_id = v_c.room_id or sl.session_id = v_c.session_id) and upper(sl.during) > now() and lower(sl.during) < v_device.expires_at
	)
	select jsonb_build_object('status', 'ok', 'checkpoint', private.checkpoint_json(v_c), 'expires', private.iso(v_device.expires_at), 'day', v_day, 'cursor', v_cursor,
		'sessions', (select coalesce(jsonb_agg(jsonb_build_object('from', private.iso(lower(slots.during)), 'to', private.iso(upper(slots.during)),
				'only', case when is_listed then (select coalesce(jsonb_agg(at order by at), '[]') from held where standing = 'ok' and private.session_standing(person_id, session_id) = 'ok') end,
				'except', case when not is_listed then (select coalesce(jsonb_agg(at order by at), '[]') from held where private.is_kept_out(person_id, session_id)) end) order by slots.during), '[]') from slots),
		'rows', (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, id::text), private.door_hash(p_summit, letters), standing, flags) order by at), '[]') from held),
		'inside', (select coalesce(jsonb_object_agg(held.at, floor(extract(epoch from d.entered_at))), '{}') from private.door_periods as d join held on held.person_id = d.person_id
			where d.summit_id = p_summit and d.place = v_c.place and d.day = v_day and d.left_at is null and held.standing <> 'revoked')));
end
$$;
grant execute on function private.door_pack(uuid, uuid, bytea) to app_server;

-- Over its capacity at any moment of the day, by the periods as they are now known.
create function private.note_crowding(p_summit uuid, p_place text, p_day date) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.door_conflicts (summit_id, kind, about, checkpoint_id, facts)
	select p_summit, 'over_capacity', p_place || ' ' || p_day, c.id, jsonb_build_object('most', peak.inside, 'capacity', private.capacity_of(c), 'at', private.iso(peak.at))
	from (select at, sum(step) over (order by at, step) as inside from (
			select entered_at as at, 1 as step from private.door_periods as d where d.summit_id = p_summit and d.place = p_place and d.day = p_day
			union all select left_at, -1 from private.door_periods as d where d.summit_id = p_summit and d.place = p_place and d.day = p_day and d.left_at is not null) as steps
		order by inside desc, at limit 1) as peak
	join lateral (select * from public.checkpoints as c where c.summit_id = p_summit and c.place = p_place and private.capacity_of(c) is not null order by c.capacity nulls last, c.id limit 1) as c
		on peak.inside > private.capacity_of(c)
	on conflict (summit_id, kind, about) do update set facts = excluded.facts,
		-- More than somebody has looked at is a new matter.
		resolved_at = case when (excluded.facts ->> 'most')::integer > (door_conflicts.facts ->> 'most')::integer then null else door_conflicts.resolved_at end
	where door_conflicts.facts <> excluded.facts
$$;

-- One scan that was made without a network. What it said then stands: somebody went through. That holds too where a question arrived here
-- and its answer came too late for the device. Answers kept | repeated | invalid.
create function private.take_scan(p_person uuid, p_device private.door_devices, p_scan jsonb, p_offset bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := (p_scan ->> 'id')::uuid;
	v_c public.checkpoints;
	v_badge public.badges;
	v_registration public.registrations;
	v_offset bigint := coalesce((p_scan ->> 'offset')::bigint, p_offset);
	-- Never later than now, nor from before the device was enrolled: a clock that runs wild moves nothing out of its day.
	v_at timestamptz := greatest(least((p_scan ->> 'at')::timestamptz + v_offset * interval '1 millisecond', now()), p_device.enrolled_at);
	v_trusted boolean := p_device.shut_out_at is null;
	v_answer text := left(p_scan ->> 'answer', 20);
	v_session uuid;
	v_until timestamptz;
	v_standing text;
	v_before private.door_scans;
	v_undone boolean := coalesce((p_scan ->> 'undone')::boolean, false);
begin
	select * into v_c from public.checkpoints as c where c.id = coalesce((p_scan ->> 'checkpoint')::uuid, p_device.checkpoint_id) and c.summit_id = p_device.summit_id;
	if not found or v_id is null or v_at is null or v_answer is null then return 'invalid'; end if;
	select * into v_before from private.door_scans as s where s.id = v_id;
	if found and (v_before.device_id is distinct from p_device.id or not v_trusted
		or not (v_undone and v_before.undone_at is null) and (v_before.is_offline or v_before.answer = v_answer)) then
		return 'repeated';
	end if;
	delete from private.door_scans as s where s.id = v_id and v_before.id is not null;
	select b.* into v_badge from public.badges as b
	where b.summit_id = p_device.summit_id and b.id = private.find_badge(p_device.summit_id, (p_scan ->> 'badge')::uuid, p_scan ->> 'letters');
	select * into v_registration from public.registrations as r where r.id = v_badge.registration_id;
	select session, until into v_session, v_until from private.session_at_door(v_c, v_at);
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction, scanned_at, device_at, offset_ms, is_offline, answer, counts, day, made_by, forget_at, undone_at)
	values (v_id, p_device.summit_id, v_c.id, v_c.place, p_device.id, v_badge.id, v_registration.person_id, case when p_scan ->> 'direction' = 'out' then 'out' else 'in' end,
		v_at, (p_scan ->> 'at')::timestamptz, v_offset, true, v_answer, v_trusted and v_badge.id is not null and v_answer in ('welcome', 'left'),
		private.door_day(p_device.summit_id, v_at), p_person, case when private.level_in_force(v_session) not in ('public', 'members') then v_until end,
		case when v_undone then v_at end)
	on conflict (id) do nothing;
	if not found then return 'repeated'; end if;
	if not v_trusted or v_undone or v_answer not in ('welcome', 'left') then return 'kept'; end if;
	if v_badge.id is null then
		insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id)
		values (p_device.summit_id, 'unknown_badge', v_id::text, v_id, p_device.id, v_c.id) on conflict (summit_id, kind, about) do nothing;
		return 'kept';
	end if;
	v_standing := private.door_standing(v_c, v_badge, v_registration, v_at);
	if v_standing = 'ok' and v_session is not null then v_standing := private.session_standing(v_registration.person_id, v_session); end if;
	if v_standing <> 'ok' and v_answer = 'welcome' then
		insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id, person_id, facts)
		values (p_device.summit_id, case v_standing when 'stop' then 'barred' when 'revoked' then 'revoked' else 'not_entitled' end, v_id::text, v_id, p_device.id, v_c.id,
			v_registration.person_id, jsonb_build_object('standing', v_standing, 'at', private.iso(v_at))) on conflict (summit_id, kind, about) do nothing;
	end if;
	return 'kept';
end
$$;

-- A batch of scans, and news both ways. `p_said`: {now, queued, charge, version, after, scans: [{id, badge | letters, direction, at, offset, answer, checkpoint, undone}]}.
-- Answers {status, now, offset, taken: {id: kept | repeated | invalid}, cursor, changes: [[badge, since or null]], checkpoint, inside, today}.
create function private.sync_door(p_person uuid, p_summit uuid, p_key_hash bytea, p_said jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_device private.door_devices;
	v_c public.checkpoints;
	v_offset bigint := round(extract(epoch from now() - (p_said ->> 'now')::timestamptz) * 1000);
	v_after bigint := coalesce((p_said ->> 'after')::bigint, 0);
	v_scans jsonb := coalesce(p_said -> 'scans', '[]');
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
		where s.id in (select (each ->> 'id')::uuid from jsonb_array_elements(v_scans) as each) and s.person_id is not null order by 1, 2
	loop
		perform private.derive_presence(p_summit, v_each.person_id, v_each.day);
	end loop;
	perform private.note_crowding(p_summit, each.place, each.day) from (select distinct s.place, s.day from private.door_scans as s
		where s.id in (select (each ->> 'id')::uuid from jsonb_array_elements(v_scans) as each) and s.counts) as each;
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
				where d.person_id = each.person_id and d.summit_id = p_summit and d.place = v_c.place and d.day = private.door_day(p_summit) and d.left_at is null))), '[]')
			from (select distinct s.person_id from private.door_scans as s where s.summit_id = p_summit and s.seq > v_after - 50 and s.counts and s.person_id is not null
				and s.day = private.door_day(p_summit)) as each
			join public.registrations as r on r.person_id = each.person_id and r.summit_id = p_summit
			join public.badges as b on b.registration_id = r.id and b.revoked_at is null),
		'inside', private.count_inside(p_summit, v_c.place, private.door_day(p_summit)));
end
$$;
grant execute on function private.sync_door(uuid, uuid, bytea, jsonb) to app_server;
