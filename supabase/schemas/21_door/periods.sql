-- Stays of people at places, derived from their scans, and the presence that follows.

-- The title of a checkpoint in its original language.
create function private.checkpoint_title(p_checkpoint uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
	return (select coalesce(c.name ->> (c.name ->> 'original'), r.name ->> (r.name ->> 'original'), '')
		from public.checkpoints as c
		left join public.rooms as r on r.id = c.room_id
		where c.id = p_checkpoint);
end
$$;

-- Derives the stays of one person's day from the scans that count, and lists a badge that came in twice as a conflict.
-- Scans of the same moment, which a wrong clock makes many of, count in the order in which their device made them.
-- Sequential scans are off for the reason given at scan_badge.
create function private.derive_door_periods(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
declare
	v_scan record;
	v_open private.door_periods;
	v_twice uuid[] := '{}';
begin
	delete from private.door_periods as d where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day;
	for v_scan in
		select s.*, c.kind
		from private.door_scans as s
		join public.checkpoints as c on c.id = s.checkpoint_id
		where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day and s.is_counted
			and s.undone_at is null
		order by s.scanned_at, s.device_at, s.id
	loop
		if v_scan.direction = 'out' then
			-- Leaving the building ends every stay in a room.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at)
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null
				and v_scan.place in (d.place, 'building');
			continue;
		end if;
		select * into v_open
		from private.door_periods as d
		where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null
			and d.place = v_scan.place;
		if found then
			-- The same badge came in twice: at two doors that were offline, or at one device that was reset.
			v_twice := v_twice || v_scan.id;
			insert into private.door_conflicts
				(summit_id, kind, subject, scan_id, device_id, checkpoint_id, person_id, facts)
			values (p_summit, 'two_doors', v_scan.id::text, v_scan.id, v_scan.device_id, v_scan.checkpoint_id,
				case when v_scan.anonymise_at is null then p_person end,
				jsonb_build_object('first', v_open.checkpoint_id, 'first_at', private.iso(v_open.entered_at),
					'at', private.iso(v_scan.scanned_at)))
			on conflict (summit_id, kind, subject) do nothing;
			continue;
		end if;
		if v_scan.kind in ('room', 'session') then
			-- Nobody is in two rooms at once.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at)
			from public.checkpoints as c
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null
				and c.id = d.checkpoint_id and c.kind in ('room', 'session');
		end if;
		insert into private.door_periods
			(summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at, anonymise_at)
		values (p_summit, p_person, v_scan.place, v_scan.checkpoint_id, v_scan.id, p_day, v_scan.scanned_at,
			v_scan.anonymise_at);
	end loop;
	-- Removes conflicts that a late scan or an undone scan has explained.
	delete from private.door_conflicts as c
	where c.summit_id = p_summit and c.kind = 'two_doors' and c.resolved_at is null and c.scan_id <> all (v_twice)
		and c.scan_id in (select s.id
			from private.door_scans as s
			where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day);
	perform private.write_door_presence(p_summit, p_person, p_day);
end
$$;

-- Writes the presence of one person's day: at the door, and in the sessions of a room. A session with a run is attended
-- while it runs, which `attended_seconds` counts; any other within its time, once that is over. Nothing is written of
-- sessions that name nobody: a stay that continues into one ends in presence when that session begins. A session of the
-- next day is not attended by somebody who was not scanned on leaving today. PL/pgSQL, because it runs with every scan
-- and its plans are cached.
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
	select p_summit, p_person, 'door', private.checkpoint_title(d.checkpoint_id), d.entered_at,
		least(d.left_at, private.unnamed_session_start(d)), 'badge'
	from private.door_periods as d
	where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.anonymise_at is null;
	if not exists (select from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.anonymise_at is null
			and c.kind in ('room', 'session'))
	then
		return;
	end if;
	with held as (
		select d.summit_id, d.person_id, d.checkpoint_id, d.entered_at,
			case when v_ends > now() then d.left_at else coalesce(d.left_at, v_ends) end as left_at, sl.session_id,
			sl.during
		from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(p_summit)
			and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
			and sl.during && tstzrange(d.entered_at, coalesce(d.left_at, greatest(v_ends, d.entered_at)))
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.anonymise_at is null
			and lower(sl.during) < now()
			and private.level_in_force(sl.session_id) in ('public', 'members')
	), attended as (
		select held.*, runs.id as run_id, runs.ended_at
		from held
		left join public.runs on runs.session_id = held.session_id and runs.started_at is not null
			and not private.is_nameless(runs.id)
			and tstzrange(runs.started_at, coalesce(runs.ended_at, 'infinity')) && held.during
	)
	insert into public.presence
		(summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source)
	select summit_id, person_id, session_id, run_id, 'door', private.checkpoint_title(checkpoint_id),
		case when run_id is null then greatest(entered_at, lower(during)) else entered_at end,
		case
			when run_id is null then least(coalesce(left_at, upper(during)), upper(during))
			else greatest(entered_at, least(left_at, ended_at)) end, 'badge'
	from attended
	where run_id is not null or upper(during) <= now() or left_at is not null;
end
$$;

-- Runs each minute: erases the people of stays and scans whose time to forget has come, deletes the state of devices a
-- week after they expired, and writes presence in sessions that have begun or ended without a new scan. Open stays that
-- must be forgotten remain half an hour longer, for the count of an evacuation. Answers how many people were written.
create function private.sweep_door() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_done integer := 0;
begin
	delete from private.door_periods as d
	where d.anonymise_at <= now() and (d.left_at is not null or d.anonymise_at <= now() - interval '30 minutes');
	update private.door_scans as s set person_id = null, badge_id = null
	where s.anonymise_at <= now() - interval '30 minutes' and s.person_id is not null;
	delete from private.door_device_states as t
	using private.door_devices as d
	where d.id = t.device_id and d.expires_at < now() - interval '7 days';
	for v_each in
		select distinct d.summit_id, d.person_id, d.day
		from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(d.summit_id)
			and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
		where d.anonymise_at is null and d.left_at is null and d.day >= current_date - 2
			and sl.during &&
				tstzrange(d.entered_at, greatest(private.door_day_begins(d.summit_id, d.day + 1), d.entered_at))
			and (lower(sl.during) between now() - interval '3 minutes' and now()
				or upper(sl.during) <= now()
					-- The minute job may have been down: a session that has no presence yet is written, however late.
					and not exists (select from public.presence as p
						where p.person_id = d.person_id and p.session_id = sl.session_id and p.kind = 'door'
							and p.entered_at < upper(sl.during)
							and coalesce(p.left_at, 'infinity') > d.entered_at)
					and private.level_in_force(sl.session_id) in ('public', 'members'))
		order by 1, 2, 3
	loop
		perform private.lock_person_at_door(v_each.summit_id, v_each.person_id);
		perform private.write_door_presence(v_each.summit_id, v_each.person_id, v_each.day);
		v_done := v_done + 1;
	end loop;
	return v_done;
end
$$;
grant execute on function private.sweep_door() to app_server;
