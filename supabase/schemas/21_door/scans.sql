-- Scans that are made online: a badge is read, the door answers, and the scan is recorded.

-- Locks a person at the doors of a Summit: their scans are handled one after the other, whichever badge and door.
create function private.lock_person_at_door(p_summit uuid, p_person uuid) returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('door ' || p_summit || p_person, 0))
$$;

-- A badge by its id or by its code, found through an index. The high cost makes the planner call this once where its
-- result is compared with badges: tables that were filled this morning have no statistics yet.
create function private.find_badge(p_summit uuid, p_badge uuid, p_badge_code text) returns uuid
language sql stable cost 10000 security definer set search_path = '' as $$
	select b.id
	from public.badges as b
	where b.id = p_badge and b.summit_id = p_summit
	union all
	select b.id
	from public.badges as b
	where p_badge is null and b.summit_id = p_summit
		and b.badge_code = upper(regexp_replace(coalesce(p_badge_code, ''), '[^A-Za-z0-9]', '', 'g'))
$$;

-- The answer of a checkpoint to a badge: welcome | left | already_in (since when, and the name of the checkpoint where
-- they entered) | full | not_open, or why private.check_door_entry or private.check_session_entry refuses. Locks the
-- place if it has a capacity, so that two doors cannot both give away the last place.
create function private.answer_at_door(p_checkpoint public.checkpoints, p_badge public.badges,
	p_registration public.registrations, p_session uuid, p_out boolean, out answer text, out since timestamptz,
	out entered_by jsonb)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_at timestamptz := now();
	v_day date := private.door_day(p_checkpoint.summit_id);
	v_capacity integer := private.checkpoint_capacity(p_checkpoint);
begin
	answer := private.check_door_entry(p_checkpoint, p_badge, p_registration, v_at);
	if answer = 'ok' and p_session is not null and not p_out then
		answer := private.check_session_entry(p_registration.person_id, p_session);
	end if;
	-- Nobody is kept from leaving.
	if p_out and answer <> 'stop' then
		answer := 'left';
	elsif answer = 'ok' and (p_checkpoint.opens_at > v_at or p_checkpoint.closes_at <= v_at) then
		answer := 'not_open';
	elsif answer = 'ok' then
		select d.entered_at, coalesce(c.name, r.name) into since, entered_by
		from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id
		left join public.rooms as r on r.id = c.room_id
		where d.person_id = p_registration.person_id and d.summit_id = p_badge.summit_id and d.day = v_day
			and d.place = p_checkpoint.place and d.left_at is null;
		if found then
			answer := 'already_in';
		elsif v_capacity is not null then
			perform pg_advisory_xact_lock(hashtextextended('place ' || p_checkpoint.summit_id || p_checkpoint.place,
				0));
			answer := case
				when private.count_inside(p_checkpoint.summit_id, p_checkpoint.place, v_day) >= v_capacity then 'full'
				else 'welcome' end;
		else
			answer := 'welcome';
		end if;
	end if;
end
$$;

-- Reads one badge at one checkpoint: answers, and records who goes through. `p_scan`: {id, direction, device, at,
-- offset, device_at}. {answer: welcome | left | already_in | full | not_here | not_open | wrong_mode | not_confirmed |
-- in_review | revoked | stop | other_day, scan, since, where, elsewhere, display_name, flags}. People who leave
-- are out and in no count of an evacuation, even those who are stopped on the way out. Locks the person, then the
-- place.
create function private.process_scan(p_checkpoint public.checkpoints, p_badge uuid, p_scan jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_badge public.badges;
	v_registration public.registrations;
	v_at timestamptz := now();
	v_day date := private.door_day(p_checkpoint.summit_id);
	v_out boolean := coalesce(p_scan ->> 'direction', 'in') = 'out';
	v_session uuid;
	v_until timestamptz;
	v_since timestamptz;
	v_where jsonb;
	v_answer text;
	v_forget timestamptz;
	v_named boolean;
	v_scan uuid := coalesce(private.parse_uuid(p_scan ->> 'id'), gen_random_uuid());
begin
	select * into v_badge from public.badges where id = p_badge;
	select * into v_registration from public.registrations where id = v_badge.registration_id;
	perform private.lock_person_at_door(v_badge.summit_id, v_registration.person_id);
	select session, until into v_session, v_until from private.session_at_door(p_checkpoint, v_at);
	select answer, since, entered_by into v_answer, v_since, v_where
	from private.answer_at_door(p_checkpoint, v_badge, v_registration, v_session, v_out);
	-- The record forgets the person once a session without names is over.
	v_forget := case when private.level_in_force(v_session) not in ('public', 'members') then v_until end;
	-- The audit also names nobody who stayed from the session before into one without names and leaves now.
	v_named := v_forget is null
		and not (v_out
			and exists (select from private.door_periods as d
				where d.person_id = v_registration.person_id and d.summit_id = v_badge.summit_id and d.day = v_day
					and d.left_at is null
					and p_checkpoint.place in (d.place, 'building')
					and private.unnamed_session_start(d) is not null));
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction,
		scanned_at, device_at, offset_ms, answer, is_counted, day, scanned_by, anonymise_at)
	values (v_scan, p_checkpoint.summit_id, p_checkpoint.id, p_checkpoint.place, private.parse_uuid(p_scan ->> 'device'),
		v_badge.id, v_registration.person_id, case when v_out then 'out' else 'in' end, v_at,
		private.parse_instant(p_scan ->> 'device_at'), coalesce(private.parse_whole_number(p_scan ->> 'offset'), 0),
		v_answer, v_answer = 'welcome' or v_out, v_day, private.actor(), v_forget);
	if v_answer = 'welcome' or v_out then
		perform private.derive_door_periods(p_checkpoint.summit_id, v_registration.person_id, v_day);
	end if;
	perform audit.record_event('door', case when v_named then v_badge.id::text else '' end, v_badge.summit_id,
		case when v_named then v_registration.person_id end,
		jsonb_build_object('answer', v_answer, 'checkpoint', p_checkpoint.id));
	return jsonb_build_object('answer', v_answer, 'scan', v_scan, 'since', private.iso(v_since),
		'where', v_where, 'elsewhere',
			case when v_answer = 'full' then private.find_alternative_room(p_checkpoint, v_session) end,
		-- A revoked badge may show a former name, which must not be linked to the present one.
		'display_name', case when v_answer <> 'revoked' then
			(select display_name from public.people where id = v_registration.person_id) end,
		-- Only for people who are let in.
		'flags', case
			when v_answer in ('welcome', 'already_in')
				then private.door_flags(v_registration.person_id, v_registration.id, v_session)
			else '[]'::jsonb end);
end
$$;

-- Checks a badge without a device, for the page that needs no script: by its id, after the app has checked the
-- signature of the code, or by its printed code, which is long and random enough by itself. Answers as `admit`, or
-- unknown | not_allowed | no_checkpoint.
create function public.check_badge(summit uuid, badge uuid default null, badge_code text default null,
	checkpoint uuid default null, direction text default 'in') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_badge uuid := private.find_badge(summit, badge, badge_code);
	v_checkpoint public.checkpoints;
begin
	if not private.has_role(summit, 'door', 'registration') then
		return jsonb_build_object('answer', 'not_allowed');
	end if;
	if v_badge is null then return jsonb_build_object('answer', 'unknown', 'flags', '[]'::jsonb); end if;
	perform private.ensure_checkpoints(summit);
	select * into v_checkpoint
	from public.checkpoints as c
	where c.summit_id = summit and c.ended_at is null
		and case when checkpoint is null then c.kind = 'entrance' else c.id = checkpoint end
	order by c.position, c.id limit 1;
	if not found then return jsonb_build_object('answer', 'no_checkpoint', 'flags', '[]'::jsonb); end if;
	return private.process_scan(v_checkpoint, v_badge, jsonb_build_object('direction', direction));
end
$$;
grant execute on function public.check_badge(uuid, uuid, text, uuid, text) to authenticated;

-- Checks a badge from an enrolled device, in one round trip. `p_scan`: {id, badge | badge code, direction, at, offset}.
-- Answers as check_badge, with the `status` of the device; invalid for an id that is none. Sequential scans are off here, in derive_door_periods and in
-- sync_door: their plans are made in the morning, while the tables are empty, and must still use indexes in the
-- evening.
create function private.scan_badge(p_person uuid, p_summit uuid, p_key_hash bytea, p_scan jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_device private.door_devices;
	v_checkpoint public.checkpoints;
	v_badge uuid;
	v_before private.door_scans;
	v_id uuid := private.parse_uuid(p_scan ->> 'id');
begin
	select * into v_device from private.door_devices as d where d.key_hash = p_key_hash and d.summit_id = p_summit;
	v_status := private.device_status(p_person, v_device);
	if v_status <> 'ok' then return jsonb_build_object('status', v_status); end if;
	if v_id is null and p_scan ->> 'id' is not null then return jsonb_build_object('status', 'invalid'); end if;
	perform set_config('app.actor', p_person::text, true);
	select * into v_before from private.door_scans as s where s.id = v_id;
	if found then
		-- A repeated question, after an answer that was lost, gets the same answer. The id of another device's scan
		-- reveals nothing.
		return case
			when v_before.device_id = v_device.id then jsonb_build_object('status', 'ok', 'answer', v_before.answer,
				'scan', v_before.id, 'flags', '[]'::jsonb)
			else jsonb_build_object('status', 'invalid') end;
	end if;
	select * into v_checkpoint from public.checkpoints as c where c.id = v_device.checkpoint_id and c.ended_at is null;
	if not found then
		return jsonb_build_object('status', 'ok', 'answer', 'no_checkpoint', 'flags', '[]'::jsonb);
	end if;
	v_badge := private.find_badge(p_summit, private.parse_uuid(p_scan ->> 'badge'), p_scan ->> 'badge_code');
	if v_badge is null then
		return jsonb_build_object('status', 'ok', 'answer', 'unknown', 'flags', '[]'::jsonb);
	end if;
	return jsonb_build_object('status', 'ok')
		|| private.process_scan(v_checkpoint, v_badge,
			jsonb_build_object('id', v_id, 'direction', p_scan ->> 'direction', 'device', v_device.id,
				'device_at', p_scan ->> 'at', 'offset', p_scan ->> 'offset'));
end
$$;
grant execute on function private.scan_badge(uuid, uuid, bytea, jsonb) to app_server;
alter function private.scan_badge(uuid, uuid, bytea, jsonb) set enable_seqscan = off;

-- Undoes a scan that was a mistake, within a minute and by the person who made it, and the conflict that it alone
-- caused. Answers ok | too_late | not_found.
create function private.undo_scan_as(p_person uuid, p_summit uuid, p_scan uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scan private.door_scans;
begin
	select * into v_scan
	from private.door_scans as s
	where s.id = p_scan and s.summit_id = p_summit and s.scanned_by = p_person;
	if not found or not private.holds_role(p_person, p_summit, 'door', 'registration') then return 'not_found'; end if;
	if v_scan.undone_at is not null then return 'ok'; end if;
	if v_scan.received_at < now() - interval '1 minute' and v_scan.scanned_at < now() - interval '1 minute' then
		return 'too_late';
	end if;
	if v_scan.person_id is not null then perform private.lock_person_at_door(p_summit, v_scan.person_id); end if;
	update private.door_scans as s set undone_at = now(), undone_by = p_person, seq = nextval('private.door_scan_order')
	where s.id = p_scan;
	if v_scan.person_id is not null then
		perform private.derive_door_periods(p_summit, v_scan.person_id, v_scan.day);
		perform private.update_over_capacity(p_summit, v_scan.place, v_scan.day);
	end if;
	perform audit.record_event('door.undone', case when v_scan.anonymise_at is null then v_scan.badge_id::text
		else '' end,
		p_summit, case when v_scan.anonymise_at is null then v_scan.person_id end,
		jsonb_build_object('checkpoint', v_scan.checkpoint_id));
	return 'ok';
end
$$;

-- The same for the signed-in person.
create function public.undo_scan(summit uuid, scan uuid) returns public.scan_undo_status
language sql volatile security definer set search_path = '' as $$
	select private.undo_scan_as(private.me(), summit, scan)
$$;
grant execute on function public.undo_scan(uuid, uuid) to authenticated;
