-- One badge, one answer. It asks the registration at this moment, not what stood on the badge when it was printed.

--[was in session_door_rules] The session that is on behind a checkpoint, or begins within half an hour, and how long it lasts.
--[patch session_door_rules] The door of one session lets in whoever may be in that session, however early: it is no room's, where nothing may be on.
--[patch overrunning] A session that goes on for longer than planned is on still, behind the doors of its rooms: who may not be in it does not come in because its time
--[patch overrunning] is over, and where it names nobody, who comes then is named no more than who came before. An hour is the most: a run that was forgotten shuts no room.
-- As before: the session that is on behind a checkpoint, or begins within half an hour, and how long it lasts.
create function private.session_at_door(p_checkpoint public.checkpoints, p_at timestamptz, out session uuid,
	out until timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_checkpoint.kind not in ('room', 'session') then return; end if;
	if p_checkpoint.room_id is not null then
		select o.session_id, p_at + interval '1 hour' into session, until
			from private.overrunning_at(p_checkpoint, p_at) as o;
		if session is not null then return; end if;
	end if;
	select sl.session_id, upper(sl.during) into session, until
		from public.release_slots as sl join public.sessions as s on s.id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id) and not sl.is_cancelled
		and s.state <> 'cancelled' and not s.is_break
		and (sl.room_id = p_checkpoint.room_id or sl.session_id = p_checkpoint.session_id)
		and sl.during && tstzrange(p_at, p_at + interval '30 minutes')
	order by lower(sl.during) limit 1;
	if session is null and p_checkpoint.session_id is not null then
		session := p_checkpoint.session_id;
		until := coalesce((select min(upper(sl.during)) from public.release_slots as sl
			where sl.release_id = private.newest_release(p_checkpoint.summit_id)
			and sl.session_id = p_checkpoint.session_id and not sl.is_cancelled and upper(sl.during) > p_at),
				p_at + interval '1 hour');
	end if;
end
$$;

-- What the door may know of a person: signs to act by, never the file.
create function private.door_flags(p_person uuid, p_registration uuid, p_session uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(array_remove(array[
		case when private.no_photographs(p_person, p_registration) then 'no_photographs' end,
		case when r.is_minor then 'escort' end,
		case when s.id is not null and r.languages <> '{}' and not r.languages && s.spoken
			and r.languages && s.interpreted then 'interpreter_set' end,
		case when exists (select from public.registration_details as d
			where d.registration_id = r.id and btrim(d.access_needs) <> '') then 'access_need' end], null))
	from public.registrations as r left join public.sessions as s on s.id = p_session where r.id = p_registration
$$;

--[was in door_answers] Who may pass at all, whatever the place behind it holds now: ok, or why not.
--[patch door_night] The venue's day at the door ends at four in the morning: who is inside at midnight is inside still, and a late scan ends what the evening
--[patch door_night] began. What nobody scanned out of ends with its day.
-- As before; the night after the last day belongs to it.
create function private.door_standing(p_checkpoint public.checkpoints, p_badge public.badges,
	p_registration public.registrations, p_at timestamptz) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_summit public.summits;
begin
	select * into v_summit from public.summits where id = p_badge.summit_id;
	return case
		when exists (select from private.entry_bars
			where person_id = p_registration.person_id and summit_id = v_summit.id and session_id is null) then 'stop'
		when p_badge.revoked_at <= p_at then 'revoked'
		when p_registration.state <> 'confirmed' then 'not_confirmed'
		when p_registration.mode <> 'in_person' then 'wrong_mode'
		when (p_at at time zone v_summit.zone)::date < v_summit.starts_on
			or private.door_day(v_summit.id, p_at) > v_summit.ends_on then 'other_day'
		when private.is_paused(p_registration.id) then 'in_review'
		when p_checkpoint.categories <> '{}'
			and p_registration.category <> all (p_checkpoint.categories) then 'not_here'
		else 'ok' end;
end
$$;

create function private.session_standing(p_person uuid, p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case private.entry_of(p_person, p_session, 'door') when 'ok' then 'ok' when 'barred' then 'stop'
		else 'not_here' end
$$;

--[was in door_answers] Where there is room when it is full: another room of the session, or its stream.
-- Where there is room when it is full, also before it begins: another room of the session that is not full itself, or its stream.
create function private.elsewhere(p_checkpoint public.checkpoints, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_build_object('room', r.name)
		from public.release_slots as sl join public.rooms as r on r.id = sl.room_id
			left join public.checkpoints as c on c.room_id = r.id and c.kind = 'room' and c.name is null
			where sl.release_id = private.newest_release(p_checkpoint.summit_id) and sl.session_id = p_session
				and not sl.is_cancelled
				and sl.during && tstzrange(now(), now() + interval '30 minutes')
				and r.id is distinct from p_checkpoint.room_id
					and (r.kind = 'overflow' or r.kind <> 'online' and p_checkpoint.room_id is not null)
				and coalesce(private.count_inside(p_checkpoint.summit_id, r.id::text,
					private.door_day(p_checkpoint.summit_id)) < coalesce(c.capacity, r.capacity), true)
			order by r.kind = 'overflow' desc, lower(sl.during), r.position limit 1),
		(select jsonb_build_object('stream', true) from public.sessions as s
			where s.id = p_session and s.attendance <> 'hall'), '{}')
$$;

--[was in door_answers] Reads one badge at one checkpoint: answers, and records who goes through. `p_scan`: {id, direction, device, at, offset, device_at}.
--[was in door_answers] answer: welcome | left | already_in | full | not_here | not_open | wrong_mode | not_confirmed | in_review | revoked | stop | other_day.
--[patch unnamed_stays] Who came for one session and stayed in the room for the next, which names nobody, is recorded until that one begins, and in a session until its run
--[patch unnamed_stays] ends: neither presence nor the audit says that they stayed. Who is inside, in case of fire, is known as long as they are.
-- Whoever leaves is out, and in no count of a fire: also who is stopped on the way out, whom the door calls somebody for.
create function private.admit(p_checkpoint public.checkpoints, p_badge uuid, p_scan jsonb) returns jsonb
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
	v_capacity integer := private.capacity_of(p_checkpoint);
	v_forget timestamptz;
	v_named boolean;
	v_scan uuid := coalesce((p_scan ->> 'id')::uuid, gen_random_uuid());
begin
	select * into v_badge from public.badges where id = p_badge;
	select * into v_registration from public.registrations where id = v_badge.registration_id;
	perform private.lock_at_door(v_badge.summit_id, v_registration.person_id);
	select session, until into v_session, v_until from private.session_at_door(p_checkpoint, v_at);
	v_answer := private.door_standing(p_checkpoint, v_badge, v_registration, v_at);
	if v_answer = 'ok' and v_session is not null and not v_out then
		v_answer := private.session_standing(v_registration.person_id, v_session);
	end if;
	-- Nobody is kept in.
	if v_out and v_answer <> 'stop' then
		v_answer := 'left';
	elsif v_answer = 'ok' and (p_checkpoint.opens_at > v_at or p_checkpoint.closes_at <= v_at) then
		v_answer := 'not_open';
	elsif v_answer = 'ok' then
		select d.entered_at, coalesce(c.name, r.name) into v_since, v_where from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id left join public.rooms as r on r.id = c.room_id
		where d.person_id = v_registration.person_id and d.summit_id = v_badge.summit_id and d.day = v_day
			and d.place = p_checkpoint.place and d.left_at is null;
		if found then
			v_answer := 'already_in';
		elsif v_capacity is not null then
			-- The last place goes to one of two doors.
			perform pg_advisory_xact_lock(hashtextextended('place ' || p_checkpoint.summit_id
				|| p_checkpoint.place, 0));
			v_answer := case
				when private.count_inside(p_checkpoint.summit_id, p_checkpoint.place, v_day) >= v_capacity then 'full'
				else 'welcome' end;
		else
			v_answer := 'welcome';
		end if;
	end if;
	-- Once the session is over nobody knows who was in it.
	v_forget := case when private.level_in_force(v_session) not in ('public', 'members') then v_until end;
	-- Nor who stayed for it from the one before, and now goes.
	v_named := v_forget is null and not (v_out and exists (select from private.door_periods as d
		where d.person_id = v_registration.person_id and d.summit_id = v_badge.summit_id
		and d.day = v_day and d.left_at is null and p_checkpoint.place in (d.place, 'building')
			and private.unnamed_from(d) is not null));
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction,
		scanned_at, device_at, offset_ms, answer, counts, day, made_by, forget_at)
	values (v_scan, p_checkpoint.summit_id, p_checkpoint.id, p_checkpoint.place, (p_scan ->> 'device')::uuid,
		v_badge.id, v_registration.person_id,
		case when v_out then 'out' else 'in' end, v_at, (p_scan ->> 'device_at')::timestamptz,
			coalesce((p_scan ->> 'offset')::bigint, 0), v_answer,
		v_answer = 'welcome' or v_out, v_day, private.actor(), v_forget);
	if v_answer = 'welcome' or v_out then
		perform private.derive_presence(p_checkpoint.summit_id, v_registration.person_id, v_day);
	end if;
	perform audit.note('door', case when v_named then v_badge.id::text else '' end, v_badge.summit_id,
		case when v_named then v_registration.person_id end,
		jsonb_build_object('answer', v_answer, 'checkpoint', p_checkpoint.id));
	return jsonb_build_object('answer', v_answer, 'scan', v_scan, 'badge', v_badge.id,
		'since', private.iso(v_since), 'where', v_where,
		'elsewhere', case when v_answer = 'full' then private.elsewhere(p_checkpoint, v_session) end,
		-- An old badge may have another name printed on it than its holder bears now.
		'display_name', case when v_answer <> 'revoked'
			then (select display_name from public.people where id = v_registration.person_id) end,
		-- Signs for those who are let in.
		'flags', case when v_answer in ('welcome', 'already_in')
			then private.door_flags(v_registration.person_id, v_registration.id, v_session) else '[]'::jsonb end);
end
$$;

-- A badge is found by an index, not among all of its Summit. Where it is compared with badges it is asked for once, and
-- not for each of them: planners have no statistics of tables that were filled this morning.
create function private.find_badge(p_summit uuid, p_badge uuid, p_letters text) returns uuid
language sql stable cost 10000 security definer set search_path = '' as $$
	select b.id from public.badges as b where b.id = p_badge and b.summit_id = p_summit
	union all
	select b.id from public.badges as b where p_badge is null and b.summit_id = p_summit
		and b.letters = upper(regexp_replace(coalesce(p_letters, ''), '[^A-Za-z0-9]', '', 'g'))
$$;

-- By the badge's id, once the app has checked the code's signature; or by its letters, which are long and random enough
-- by themselves. For a page without script: no device. Answers as `admit`, or unknown | not_allowed | no_checkpoint.
create function public.check_badge(summit uuid, badge uuid default null, letters text default null, checkpoint uuid
	default null, direction text default 'in') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_badge uuid := private.find_badge(summit, badge, letters);
	v_checkpoint public.checkpoints;
begin
	if not private.has_role(summit, 'door', 'registration') then
		return jsonb_build_object('answer', 'not_allowed');
	end if;
	if v_badge is null then return jsonb_build_object('answer', 'unknown', 'flags', '[]'::jsonb); end if;
	perform private.ensure_checkpoints(summit);
	select * into v_checkpoint from public.checkpoints as c
	where c.summit_id = summit and c.ended_at is null
		and case when checkpoint is null then c.kind = 'entrance' else c.id = checkpoint end order by c.position, c.id
		limit 1;
	if not found then return jsonb_build_object('answer', 'no_checkpoint', 'flags', '[]'::jsonb); end if;
	return private.admit(v_checkpoint, v_badge, jsonb_build_object('direction', direction));
end
$$;
grant execute on function public.check_badge(uuid, uuid, text, uuid, text) to authenticated;

-- From an enrolled device, in one round trip. `p_scan`: {id, badge | letters, direction, at, offset}. Answers as
-- check_badge, with `status` of the device.
create function private.scan_badge(p_person uuid, p_summit uuid, p_key_hash bytea, p_scan jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_device private.door_devices;
	v_checkpoint public.checkpoints;
	v_badge uuid;
	v_before private.door_scans;
begin
	select * into v_device from private.door_devices as d where d.key_hash = p_key_hash and d.summit_id = p_summit;
	v_status := private.device_status(p_person, v_device);
	if v_status <> 'ok' then return jsonb_build_object('status', v_status); end if;
	perform set_config('app.actor', p_person::text, true);
	select * into v_before from private.door_scans as s where s.id = (p_scan ->> 'id')::uuid;
	if found then
		-- Asked again after an answer that was lost: the same answer. An id of another device says nothing.
		return case when v_before.device_id = v_device.id then jsonb_build_object('status', 'ok', 'answer',
			v_before.answer, 'scan', v_before.id, 'badge', v_before.badge_id, 'flags', '[]'::jsonb)
			else jsonb_build_object('status', 'invalid') end;
	end if;
	select * into v_checkpoint from public.checkpoints as c where c.id = v_device.checkpoint_id and c.ended_at is null;
	if not found then
		return jsonb_build_object('status', 'ok', 'answer', 'no_checkpoint', 'flags', '[]'::jsonb);
	end if;
	v_badge := private.find_badge(p_summit, (p_scan ->> 'badge')::uuid, p_scan ->> 'letters');
	if v_badge is null then
		return jsonb_build_object('status', 'ok', 'answer', 'unknown', 'flags', '[]'::jsonb);
	end if;
	return jsonb_build_object('status', 'ok') || private.admit(v_checkpoint, v_badge,
		jsonb_build_object('id', p_scan ->> 'id', 'direction', p_scan ->> 'direction', 'device', v_device.id,
			'device_at', p_scan ->> 'at', 'offset', p_scan ->> 'offset'));
end
$$;
grant execute on function private.scan_badge(uuid, uuid, bytea, jsonb) to app_server;

--[was in door_answers] Within a minute, by whoever made it: a finger that slipped. Answers ok | too_late | not_found.
-- As before; with the scan goes what it alone made too many.
create function private.undo_scan_as(p_person uuid, p_summit uuid, p_scan uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scan private.door_scans;
begin
	select * into v_scan from private.door_scans as s
		where s.id = p_scan and s.summit_id = p_summit and s.made_by = p_person;
	if not found or not private.holds_role(p_person, p_summit, 'door', 'registration') then return 'not_found'; end if;
	if v_scan.undone_at is not null then return 'ok'; end if;
	if v_scan.received_at < now() - interval '1 minute' and v_scan.scanned_at < now() - interval '1 minute' then
		return 'too_late';
	end if;
	if v_scan.person_id is not null then perform private.lock_at_door(p_summit, v_scan.person_id); end if;
	update private.door_scans as s set undone_at = now(), undone_by = p_person, seq = nextval('private.door_scan_order')
		where s.id = p_scan;
	if v_scan.person_id is not null then
		perform private.derive_presence(p_summit, v_scan.person_id, v_scan.day);
		perform private.note_crowding(p_summit, v_scan.place, v_scan.day);
	end if;
	perform audit.note('door.undone', case when v_scan.forget_at is null then v_scan.badge_id::text else '' end,
		p_summit, case when v_scan.forget_at is null then v_scan.person_id end,
		jsonb_build_object('checkpoint', v_scan.checkpoint_id));
	return 'ok';
end
$$;

create function public.undo_scan(summit uuid, scan uuid) returns text
language sql volatile security definer set search_path = '' as $$
	select private.undo_scan_as(private.me(), summit, scan)
$$;
grant execute on function public.undo_scan(uuid, uuid) to authenticated;

-- How many came into the building today, for those who stand there.
create function public.count_at_door(summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct p.person_id)::integer from private.door_periods as p
	where p.summit_id = count_at_door.summit and p.day = private.door_day(summit)
		and private.has_role(summit, 'door', 'registration')
$$;
grant execute on function public.count_at_door(uuid) to authenticated;

-- Everybody in, by whichever door: also who was read at a room alone.
create function private.people_inside(p_summit uuid, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct d.person_id)::integer from private.door_periods as d
		where d.summit_id = p_summit and d.day = p_day and d.left_at is null
$$;

-- Where there is room when it is full, on what a device takes with it: by the agenda, for without a network nobody
-- knows how full the other room is.
create function private.planned_elsewhere(p_checkpoint public.checkpoints, p_session uuid, p_during tstzrange)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_build_object('room', r.name)
		from public.release_slots as sl join public.rooms as r on r.id = sl.room_id
			where sl.release_id = private.newest_release(p_checkpoint.summit_id) and sl.session_id = p_session
				and not sl.is_cancelled and sl.during && p_during
				and r.id is distinct from p_checkpoint.room_id
					and (r.kind = 'overflow' or r.kind <> 'online' and p_checkpoint.room_id is not null)
			order by r.kind = 'overflow' desc, lower(sl.during), r.position limit 1),
		(select jsonb_build_object('stream', true) from public.sessions as s
			where s.id = p_session and s.attendance <> 'hall'))
$$;
