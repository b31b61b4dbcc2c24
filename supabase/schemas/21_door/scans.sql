-- Scans, and what follows from them. Each has an id that its device chose, so that it counts once however often it
-- arrives; who was where is derived from all scans of a person and a day in the order of their corrected times, so that
-- late and mixed deliveries end in the same record.

--[patch door_night] The venue's day at the door ends at four in the morning: who is inside at midnight is inside still, and a late scan ends what the evening
--[patch door_night] began. What nobody scanned out of ends with its day.
create function private.door_day(p_summit uuid, p_at timestamptz default now()) returns date
language sql stable security definer set search_path = '' as $$
	select ((p_at at time zone s.zone) - interval '4 hours')::date from public.summits as s where s.id = p_summit
$$;

create function private.count_inside(p_summit uuid, p_place text, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer from private.door_periods as p
		where p.summit_id = p_summit and p.place = p_place and p.day = p_day and p.left_at is null
$$;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.door_conflicts', 'registration', '{kind,resolved_at}', '{note}', '{}');

create function private.title_of(p_checkpoint uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
	return (select coalesce(c.name ->> (c.name ->> 'original'), r.name ->> (r.name ->> 'original'), '')
		from public.checkpoints as c left join public.rooms as r on r.id = c.room_id where c.id = p_checkpoint);
end
$$;

--[was in door_scans] Presence at a door and in the sessions of a room, for one person's day. A session that has a run is attended while it runs, which
--[was in door_scans] `attended_seconds` sees to; another one within its time, and when that is over. Of sessions that name nobody nothing is written.
--[was in door_scans] plpgsql, so that its plans are made once: it runs with every scan.
--[was in door_night] As before, within the day: a session of tomorrow is attended by nobody who forgot to scan out today.
--[patch door_night] The venue's day at the door ends at four in the morning: who is inside at midnight is inside still, and a late scan ends what the evening
--[patch door_night] began. What nobody scanned out of ends with its day.
--[patch unnamed_stays] Who came for one session and stayed in the room for the next, which names nobody, is recorded until that one begins, and in a session until its run
--[patch unnamed_stays] ends: neither presence nor the audit says that they stayed. Who is inside, in case of fire, is known as long as they are.
-- As before.
create function private.write_door_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_begins timestamptz := private.door_day_begins(p_summit, p_day);
	v_ends timestamptz := private.door_day_begins(p_summit, p_day + 1);
begin
	delete from public.presence as p
	where p.person_id = p_person and p.summit_id = p_summit and p.kind = 'door' and p.entered_at >= v_begins
		and p.entered_at < v_ends;
	insert into public.presence (summit_id, person_id, kind, checkpoint, entered_at, left_at, source)
	select p_summit, p_person, 'door', private.title_of(d.checkpoint_id), d.entered_at,
		least(d.left_at, private.unnamed_from(d)), 'badge'
	from private.door_periods as d
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null;
	if not exists (select from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null
			and c.kind in ('room', 'session')) then
		return;
	end if;
	with held as (
		select d.summit_id, d.person_id, d.checkpoint_id, d.entered_at,
			case when v_ends > now() then d.left_at else coalesce(d.left_at, v_ends) end as left_at, sl.session_id,
			sl.during
		from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
			and sl.during && tstzrange(d.entered_at, coalesce(d.left_at, greatest(v_ends, d.entered_at)))
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null
			and lower(sl.during) < now()
			and private.level_in_force(sl.session_id) in ('public', 'members')
	), attended as (
		select held.*, runs.id as run_id, runs.ended_at from held
		left join public.runs on runs.session_id = held.session_id and runs.started_at is not null
			and not private.is_nameless(runs.id)
			and tstzrange(runs.started_at, coalesce(runs.ended_at, 'infinity')) && held.during
	)
	insert into public.presence (summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at,
		source)
	select summit_id, person_id, session_id, run_id, 'door', private.title_of(checkpoint_id),
		case when run_id is null then greatest(entered_at, lower(during)) else entered_at end,
		case when run_id is null then least(coalesce(left_at, upper(during)), upper(during))
			else greatest(entered_at, least(left_at, ended_at)) end, 'badge'
	from attended where run_id is not null or upper(during) <= now() or left_at is not null;
end
$$;

--[was in door_scans] The periods of one person's day, from the scans that count.
--[patch door_matters] What does not fit together at the doors, and of whom: at a session that names nobody it is known as long as the scan itself says it, and
--[patch door_matters] neither the report nor the audit keeps a name. A scan may come by another device than the one that made it.
-- As before. Scans of one moment, which a clock that runs wild makes many of, stand in the order in which their device made them.
create function private.derive_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
declare
	v_scan record;
	v_open private.door_periods;
	v_twice uuid[] := '{}';
begin
	delete from private.door_periods as d where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day;
	for v_scan in select s.*, c.kind from private.door_scans as s join public.checkpoints as c on c.id = s.checkpoint_id
		where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day and s.counts and s.undone_at is null
			order by s.scanned_at, s.device_at, s.id
	loop
		if v_scan.direction = 'out' then
			-- Who leaves the building is in no room.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at)
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null
				and v_scan.place in (d.place, 'building');
			continue;
		end if;
		select * into v_open from private.door_periods as d
		where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null
			and d.place = v_scan.place;
		if found then
			-- Two doors that knew nothing of each other, or one that has lost its memory, let in the same badge.
			v_twice := v_twice || v_scan.id;
			insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id, person_id,
				facts)
			values (p_summit, 'two_doors', v_scan.id::text, v_scan.id, v_scan.device_id, v_scan.checkpoint_id,
				case when v_scan.forget_at is null then p_person end,
				jsonb_build_object('first', v_open.checkpoint_id, 'first_at', private.iso(v_open.entered_at), 'at',
					private.iso(v_scan.scanned_at)))
			on conflict (summit_id, kind, about) do nothing;
			continue;
		end if;
		if v_scan.kind in ('room', 'session') then
			-- Nobody is in two rooms.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at)
				from public.checkpoints as c
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null
				and c.id = d.checkpoint_id and c.kind in ('room', 'session');
		end if;
		insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at,
			forget_at)
		values (p_summit, p_person, v_scan.place, v_scan.checkpoint_id, v_scan.id, p_day, v_scan.scanned_at,
			v_scan.forget_at);
	end loop;
	-- What a late scan or an undoing has explained is no conflict.
	delete from private.door_conflicts as c
	where c.summit_id = p_summit and c.kind = 'two_doors' and c.resolved_at is null and c.scan_id <> all (v_twice)
		and c.scan_id in (select s.id from private.door_scans as s
			where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day);
	perform private.write_door_presence(p_summit, p_person, p_day);
end
$$;

-- Scans of one person come one after the other, whichever of their badges and doors.
create function private.lock_at_door(p_summit uuid, p_person uuid) returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('door ' || p_summit || p_person, 0))
$$;

-- The venue's day at the door ends at four in the morning: who is inside at midnight is inside still, and a late scan
-- ends what the evening began. What nobody scanned out of ends with its day.

create function private.door_day_begins(p_summit uuid, p_day date) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select (p_day::timestamp + interval '4 hours') at time zone s.zone from public.summits as s where s.id = p_summit
$$;

-- Scans are records of who was where: no room, session or checkpoint takes them along. One that has been scanned at, or
-- that devices were set up for and may still bring scans of, stays; it is closed instead. With its Summit all of it
-- goes.

create function private.keep_scanned() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	-- A Summit that goes is gone by now.
	if exists (select from public.summits as s where s.id = old.summit_id)
		and (exists (select from private.door_scans as s where s.checkpoint_id = old.id)
		or exists (select from private.door_devices as d where d.checkpoint_id = old.id)) then
		raise exception 'Badges are read at this checkpoint, and who was where is kept: close the checkpoint, and keep its room or session.'
			using errcode = 'restrict_violation';
	end if;
	return old;
end
$$;

create trigger keep_scanned before delete on public.checkpoints for each row execute function private.keep_scanned();

-- Planned while the tables are empty, in the morning, and kept for the day: what is found by an index then is found by
-- it in the evening. So are the functions that take what devices bring.
alter function private.scan_badge(uuid, uuid, bytea, jsonb) set enable_seqscan = off;
