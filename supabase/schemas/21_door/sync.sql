-- What a device takes with it, and what it brings back.

-- Badges and letters stand in it as half a hash: who finds the device finds no list of them.
create function private.door_hash(p_summit uuid, p_text text) returns text
language sql immutable set search_path = '' as $$
	select substr(encode(sha256(convert_to(p_text || p_summit, 'UTF8')), 'hex'), 1, 16)
$$;

--[was in door_sync] The pack of a checkpoint for the rest of the day: {status, checkpoint, expires, day, sessions: [{from, to, only, except, flag}], rows: [[badge, letters,
--[was in door_sync] answer, flags]], inside: {row: minute}, cursor}. No names. only and except are numbers of rows; flags: bits of no_photographs 1, escort 2, access need 4.
--[was in pack_sets] Who needs an interpreter set, on what a device takes with it: numbers of rows by session, and no languages.
--[was in pack_sets] As `door_pack` of before, with sessions: [{from, to, only, except, sets}].
--[was in session_door_rules] As before, with sessions: [{from, to, only, except, sets, elsewhere}].
--[patch session_door_rules] The door of one session lets in whoever may be in that session, however early: it is no room's, where nothing may be on.
--[patch overrunning] A session that goes on for longer than planned is on still, behind the doors of its rooms: who may not be in it does not come in because its time
--[patch overrunning] is over, and where it names nobody, who comes then is named no more than who came before. An hour is the most: a run that was forgotten shuts no room.
-- As before.
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
		select b.id, b.letters, r.person_id, r.languages, row_number() over (order by b.id) - 1 as at,
			private.door_standing(v_c, b, r, now()) as standing,
			case when private.no_photographs(r.person_id, r.id) then 1 else 0 end + case when r.is_minor then 2
				else 0 end
				+ case when exists (select from public.registration_details as d
					where d.registration_id = r.id and btrim(d.access_needs) <> '') then 4 else 0 end as flags
		from public.badges as b join public.registrations as r on r.id = b.registration_id where b.summit_id = p_summit
	), planned as (
		select sl.session_id, sl.during from public.release_slots as sl
			where sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled
			and sl.room_id = v_c.room_id and upper(sl.during) > now() and lower(sl.during) < v_device.expires_at
		union all
		-- One that goes on for longer than planned: nobody knows without a network when it ends, but that the next
		-- begins.
		select o.session_id, tstzrange(o.ended - interval '1 minute',
			coalesce((select min(lower(sl.during)) from public.release_slots as sl
			where sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled and sl.room_id = v_c.room_id
				and lower(sl.during) > now()), o.ended + interval '1 hour'))
		from private.overrunning_at(v_c, now()) as o
		union all
		-- The door of one session is that at any time.
		select v_c.session_id, tstzrange(now() - interval '1 day', v_device.expires_at) where v_c.session_id is not null
	), slots as (
		select s.id as session_id, planned.during, s.spoken, s.interpreted, private.audience_in_force(s.id) = 'listed'
			or private.level_in_force(s.id) = 'closed'
			or exists (select from private.session_places as p
				where p.session_id = s.id and p.places_for <> 'none') as is_listed
		from planned join public.sessions as s on s.id = planned.session_id
			where v_c.session_id is not null or s.state <> 'cancelled' and not s.is_break
	)
	select jsonb_build_object('status', 'ok', 'checkpoint', private.checkpoint_json(v_c), 'expires',
		private.iso(v_device.expires_at), 'day', v_day, 'cursor', v_cursor,
		'sessions', (select coalesce(jsonb_agg(jsonb_build_object('from', private.iso(lower(slots.during)), 'to',
			private.iso(upper(slots.during)),
				'only', case when is_listed then (select coalesce(jsonb_agg(at order by at), '[]') from held
					where standing = 'ok' and private.session_standing(person_id, session_id) = 'ok') end,
				'except', case when not is_listed then (select coalesce(jsonb_agg(at order by at), '[]') from held
					where private.is_kept_out(person_id, session_id)) end,
				'sets', (select coalesce(jsonb_agg(at order by at), '[]') from held
					where standing = 'ok' and languages <> '{}' and not languages && spoken and languages && interpreted
						and (not is_listed or private.session_standing(person_id, session_id) = 'ok')),
				'elsewhere', case when private.capacity_of(v_c) is not null then private.planned_elsewhere(v_c,
					session_id, slots.during) end) order by slots.during), '[]') from slots),
		'rows', (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, id::text),
			private.door_hash(p_summit, letters), standing, flags) order by at), '[]') from held),
		'inside', (select coalesce(jsonb_object_agg(held.at, floor(extract(epoch from d.entered_at))), '{}')
			from private.door_periods as d join held on held.person_id = d.person_id
			where d.summit_id = p_summit and d.place = v_c.place and d.day = v_day and d.left_at is null
				and held.standing <> 'revoked')));
end
$$;
grant execute on function private.door_pack(uuid, uuid, bytea) to app_server;

--[was in door_sync] Over its capacity at any moment of the day, by the periods as they are now known.
--[patch crowding] Too many in a room: two doors, or a door and what a device brings, never overlook it together; and what turns out otherwise, or was taken
--[patch crowding] back, is no matter any more.
-- Over its capacity at any moment of the day, by the periods as they are now known.
create function private.note_crowding(p_summit uuid, p_place text, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkpoints;
	v_capacity integer;
	v_most integer;
	v_at timestamptz;
	v_facts jsonb;
begin
	select * into v_c from public.checkpoints as c
		where c.summit_id = p_summit and c.place = p_place and private.capacity_of(c) is not null
		order by c.capacity nulls last, c.id limit 1;
	if not found then return; end if;
	v_capacity := private.capacity_of(v_c);
	-- The lock of `admit`: who is let in at this moment is counted here, or counts what is brought here.
	perform pg_advisory_xact_lock(hashtextextended('place ' || p_summit || p_place, 0));
	select peak.inside, peak.at into v_most, v_at from (select at, sum(step) over (order by at, step) as inside from (
			select entered_at as at, 1 as step from private.door_periods as d
				where d.summit_id = p_summit and d.place = p_place and d.day = p_day
			union all select left_at, -1 from private.door_periods as d
				where d.summit_id = p_summit and d.place = p_place and d.day = p_day and d.left_at is not null) as steps
		order by inside desc, at limit 1) as peak;
	if coalesce(v_most, 0) <= v_capacity then
		delete from private.door_conflicts as c where c.summit_id = p_summit and c.kind = 'over_capacity'
			and c.about = p_place || ' ' || p_day and c.resolved_at is null;
		return;
	end if;
	v_facts := jsonb_build_object('most', v_most, 'capacity', v_capacity, 'at', private.iso(v_at));
	insert into private.door_conflicts (summit_id, kind, about, checkpoint_id, facts)
		values (p_summit, 'over_capacity', p_place || ' ' || p_day, v_c.id, v_facts)
	on conflict (summit_id, kind, about) do update set facts = excluded.facts,
		-- More than somebody has looked at is a new matter.
		resolved_at = case
			when (excluded.facts ->> 'most')::integer > (door_conflicts.facts ->> 'most')::integer then null
			else door_conflicts.resolved_at end
	where door_conflicts.facts <> excluded.facts;
end
$$;

--[was in door_sync] One scan that was made without a network. What it said then stands: somebody went through. That holds too where a question arrived here
--[was in door_sync] and its answer came too late for the device. Answers kept | repeated | invalid.
--[was in door_matters] As before. `device`: which one made it, where this browser has been another device since: its time stands, and it counts unless that
--[was in door_matters] device was shut out.
--[patch door_matters] What does not fit together at the doors, and of whom: at a session that names nobody it is known as long as the scan itself says it, and
--[patch door_matters] neither the report nor the audit keeps a name. A scan may come by another device than the one that made it.
--[patch changed_meanwhile] Who came in rightly and takes part as something else since is no matter: with the category goes the badge, and it was valid then.
-- Who was stopped on the way out without a network has left, too.
create function private.take_scan(p_person uuid, p_device private.door_devices, p_scan jsonb, p_offset bigint)
	returns text
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
	select * into v_maker from private.door_devices as d
		where d.id = (p_scan ->> 'device')::uuid and d.summit_id = p_device.summit_id;
	if not found then v_maker := p_device; end if;
	v_trusted := p_device.shut_out_at is null and v_maker.shut_out_at is null;
	-- Never later than now, nor from before the device was enrolled: a clock that runs wild moves nothing out of its
	-- day.
	v_at := greatest(least((p_scan ->> 'at')::timestamptz + v_offset * interval '1 millisecond', now()),
		v_maker.enrolled_at);
	select * into v_c from public.checkpoints as c
		where c.id = coalesce((p_scan ->> 'checkpoint')::uuid, p_device.checkpoint_id)
		and c.summit_id = p_device.summit_id;
	if not found or v_id is null or v_at is null or v_answer is null then return 'invalid'; end if;
	select * into v_before from private.door_scans as s where s.id = v_id;
	if found and (v_before.device_id is distinct from v_maker.id or not v_trusted
		or not (v_undone and v_before.undone_at is null) and (v_before.is_offline or v_before.answer = v_answer)) then
		return 'repeated';
	end if;
	delete from private.door_scans as s where s.id = v_id and v_before.id is not null;
	select b.* into v_badge from public.badges as b
	where b.summit_id = p_device.summit_id
		and b.id = private.find_badge(p_device.summit_id, (p_scan ->> 'badge')::uuid, p_scan ->> 'letters');
	select * into v_registration from public.registrations as r where r.id = v_badge.registration_id;
	select session, until into v_session, v_until from private.session_at_door(v_c, v_at);
	v_forget := case when private.level_in_force(v_session) not in ('public', 'members') then v_until end;
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction,
		scanned_at, device_at, offset_ms, is_offline, answer, counts, day, made_by, forget_at, undone_at)
	values (v_id, p_device.summit_id, v_c.id, v_c.place, v_maker.id, v_badge.id, v_registration.person_id,
		case when p_scan ->> 'direction' = 'out' then 'out' else 'in' end,
		v_at, (p_scan ->> 'at')::timestamptz, v_offset, true, v_answer, v_trusted and v_badge.id is not null
			and (v_answer in ('welcome', 'left') or v_answer = 'stop' and p_scan ->> 'direction' = 'out'),
		private.door_day(p_device.summit_id, v_at), p_person, v_forget, case when v_undone then v_at end)
	on conflict (id) do nothing;
	if not found then return 'repeated'; end if;
	if not v_trusted and p_device.shut_out_at is null then
		insert into private.door_conflicts as c (summit_id, kind, about, device_id, facts)
			values (p_device.summit_id, 'shut_out', v_maker.id::text, v_maker.id, '{"scans": 1}')
		on conflict (summit_id, kind, about) do update set facts = c.facts
			|| jsonb_build_object('scans', coalesce((c.facts ->> 'scans')::integer, 0) + 1), resolved_at = null;
	end if;
	if not v_trusted or v_undone or v_answer not in ('welcome', 'left') then return 'kept'; end if;
	if v_badge.id is null then
		insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id)
		values (p_device.summit_id, 'unknown_badge', v_id::text, v_id, v_maker.id, v_c.id)
			on conflict (summit_id, kind, about) do nothing;
		return 'kept';
	end if;
	v_standing := private.door_standing(v_c, v_badge, v_registration, v_at);
	-- Who has withdrawn, gone online or become something else since had a valid badge then: they came in rightly.
	if v_standing in ('not_confirmed', 'wrong_mode', 'not_here') and v_badge.revoked_at > v_at then
		return 'kept';
	end if;
	if v_standing = 'ok' and v_session is not null then
		v_standing := private.session_standing(v_registration.person_id, v_session);
	end if;
	if v_standing <> 'ok' and v_answer = 'welcome' then
		insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id, person_id, facts)
		values (p_device.summit_id,
			case v_standing when 'stop' then 'barred' when 'revoked' then 'revoked' else 'not_entitled' end, v_id::text,
			v_id, v_maker.id, v_c.id,
			case when v_forget is null then v_registration.person_id end,
				jsonb_build_object('standing', v_standing, 'at', private.iso(v_at)))
		on conflict (summit_id, kind, about) do nothing;
	end if;
	return 'kept';
end
$$;

--[was in door_sync] A batch of scans, and news both ways. `p_said`: {now, queued, charge, version, after, scans: [{id, badge | letters, direction, at, offset, answer, checkpoint, undone}]}.
--[was in door_sync] Answers {status, now, offset, taken: {id: kept | repeated | invalid}, cursor, changes: [[badge, since or null]], checkpoint, inside, today}.
--[patch crowding] Too many in a room: two doors, or a door and what a device brings, never overlook it together; and what turns out otherwise, or was taken
--[patch crowding] back, is no matter any more.
-- As before. `p_said`: {now, queued, charge, version, after, scans: [{id, badge | letters, direction, at, offset, answer, checkpoint, device, undone}]}.
create function private.sync_door(p_person uuid, p_summit uuid, p_key_hash bytea, p_said jsonb) returns jsonb
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
	-- What a device brings after its day still counts; after it was shut out it is only written down, for somebody to
	-- look at.
	if v_device.id is null or v_status = 'not_allowed' then return jsonb_build_object('status', v_status); end if;
	perform set_config('app.actor', p_person::text, true);
	-- In one order everywhere: two batches with the same people never wait for each other in a ring.
	perform private.lock_at_door(p_summit, person) from (
		select distinct r.person_id as person from jsonb_array_elements(v_scans) as each
		join public.badges as b on b.id = private.find_badge(p_summit, (each ->> 'badge')::uuid, each ->> 'letters')
			and b.summit_id = p_summit
		join public.registrations as r on r.id = b.registration_id order by 1) as people;
	select coalesce(jsonb_object_agg(each ->> 'id', private.take_scan(p_person, v_device, each, v_offset)),
		'{}') into v_taken from jsonb_array_elements(v_scans) as each;
	for v_each in select distinct s.person_id, s.day from private.door_scans as s
		where s.id = any (v_ids) and s.person_id is not null order by 1, 2
	loop
		perform private.derive_presence(p_summit, v_each.person_id, v_each.day);
	end loop;
	-- Places in one order, too.
	perform private.note_crowding(p_summit, each.place, each.day)
		from (select distinct s.place, s.day from private.door_scans as s
		where s.id = any (v_ids) and s.counts order by 1, 2) as each;
	if abs(v_offset) > 120000 and v_status <> 'shut_out' then
		insert into private.door_conflicts (summit_id, kind, about, device_id, facts) values (p_summit, 'wrong_clock',
			v_device.id::text, v_device.id, jsonb_build_object('minutes', round(v_offset / 60000.0)))
		on conflict (summit_id, kind, about) do nothing;
	end if;
	if v_status = 'shut_out' and v_scans <> '[]' then
		insert into private.door_conflicts as c (summit_id, kind, about, device_id, facts) values (p_summit, 'shut_out',
			v_device.id::text, v_device.id, jsonb_build_object('scans', jsonb_array_length(v_scans)))
		on conflict (summit_id, kind, about) do update
			set facts = c.facts || jsonb_build_object('scans', coalesce((c.facts ->> 'scans')::integer, 0)
			+ (select count(*) from jsonb_each_text(v_taken) where value = 'kept')), resolved_at = null;
	end if;
	insert into private.door_device_states as t (device_id, offset_ms, queued, charge, version)
	values (v_device.id, v_offset,
		greatest(coalesce((p_said ->> 'queued')::integer, 0) - jsonb_array_length(v_scans), 0),
		(p_said ->> 'charge')::integer, left(coalesce(p_said ->> 'version', ''), 40))
	on conflict (device_id) do update set heard_at = now(), offset_ms = excluded.offset_ms, queued = excluded.queued,
		charge = excluded.charge, version = excluded.version;
	if v_scans <> '[]' then
		perform audit.note('door.synced', v_device.id::text, p_summit, null,
			jsonb_build_object('scans', jsonb_array_length(v_scans)));
	end if;
	if v_status <> 'ok' then return jsonb_build_object('status', v_status, 'taken', v_taken); end if;
	select * into v_c from public.checkpoints as c where c.id = v_device.checkpoint_id;
	return jsonb_build_object('status', 'ok', 'now', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'taken', v_taken, 'checkpoint', private.checkpoint_json(v_c),
		'cursor', (select coalesce(max(s.seq), v_after) from private.door_scans as s where s.summit_id = p_summit),
		-- A few are told again: a number that was drawn first may come to light last.
		'changes', (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, b.id::text),
			(select floor(extract(epoch from d.entered_at)) from private.door_periods as d
				where d.person_id = each.person_id and d.summit_id = p_summit and d.place = v_c.place and d.day = v_day
					and d.left_at is null))), '[]')
			from (select distinct s.person_id from private.door_scans as s
				where s.summit_id = p_summit and s.seq > v_after - 50 and s.counts and s.person_id is not null
				and s.day = v_day) as each
			join public.registrations as r on r.person_id = each.person_id and r.summit_id = p_summit
			join public.badges as b on b.registration_id = r.id and b.revoked_at is null),
		'inside', private.count_inside(p_summit, v_c.place, v_day));
end
$$;
grant execute on function private.sync_door(uuid, uuid, bytea, jsonb) to app_server;
