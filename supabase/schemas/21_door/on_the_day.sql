-- The day at a glance: who arrives, at which doors, in which rooms, and who is missing from a session that is about to
-- begin. What all readers share is read once in each process whenever something changes at a door.

-- [{code, title, room, at, run, state, people: [{name, role, identity, seen}]}]: sessions of the newest release that
-- begin within half an hour, or began less than half an hour ago, and that the reader sees. `seen` is where a person
-- was last: stage (connected), building (by the door) or null. Only LiveKit knows who waits in a green room.
create function private.upcoming_sessions_json(p_summit uuid, p_day date) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'title', s.title, 'room', rooms.name,
		'at', private.iso(lower(sl.during)), 'run', live.id, 'state', live.state,
		'people', (select coalesce(jsonb_agg(jsonb_build_object('name', p.display_name, 'role', sp.role,
				'identity', rp.identity,
				'seen', case
					when rp.id is not null and private.is_connected(rp.id) then 'stage'
					when exists (select from private.door_periods as d
						where d.person_id = sp.person_id and d.summit_id = p_summit and d.day = p_day
							and d.left_at is null)
						then 'building' end)
				order by sp.role, p.display_name), '[]')
			from public.session_people as sp
			join public.people as p on p.id = sp.person_id
			left join private.run_participants as rp on rp.run_id = live.id and rp.person_id = sp.person_id
			where sp.session_id = s.id and sp.state = 'confirmed'
				and (private.is_named(s.id, sp.person_id, sp.role)
					or private.has_role(p_summit, 'programme', 'stage'))))
		order by lower(sl.during), rooms.position), '[]')
	from public.release_slots as sl
	join public.sessions as s on s.id = sl.session_id
	join public.rooms on rooms.id = sl.room_id
	left join lateral (select runs.id, runs.state
		from public.runs
		where runs.session_id = s.id and runs.state <> 'ended'
		order by runs.created_at desc limit 1) as live on true
	where sl.release_id = private.newest_release(p_summit)
		and not sl.is_cancelled and s.state = 'confirmed'
		and lower(sl.during) between now() - interval '30 minutes' and now() + interval '30 minutes'
		and upper(sl.during) > now()
		and s.id in (select private.my_visible_sessions())
$$;

-- {day, came, building, arrivals: [{at, people}] by quarter of an hour, doors, soon, conflicts, mail, mark} for
-- organisers; null for others.
create function public.read_on_the_day(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme', 'registration', 'stage', 'safeguarding') then return null; end if;
	return private.door_day_overview(summit)
		|| jsonb_build_object('soon', private.upcoming_sessions_json(summit, private.door_day(summit)));
end
$$;
grant execute on function public.read_on_the_day(uuid) to authenticated;

-- Whether a person may follow the live updates of the door.
create function private.may_subscribe_door(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, p_summit, 'programme', 'registration', 'stage', 'safeguarding')
$$;

-- A mark that changes with the sessions that are about to begin, without revealing anything of them: readers who have
-- another mark load their sessions again. While a run is open it changes every minute, because only LiveKit knows who
-- waits in a green room.
create function private.upcoming_sessions_version(p_summit uuid, p_day date) returns text
language sql stable security definer set search_path = '' as $$
	select md5(coalesce(string_agg(concat_ws(' ', s.id, lower(sl.during), s.state, live.id, live.state,
		case when live.id is not null then date_trunc('minute', now()) end,
		(select string_agg(concat_ws(' ', sp.person_id, sp.role, sp.state, private.is_connected(rp.id),
				exists (select from private.door_periods as d
					where d.person_id = sp.person_id and d.summit_id = p_summit and d.day = p_day
						and d.left_at is null)), ','
				order by sp.person_id, sp.role)
			from public.session_people as sp
			left join private.run_participants as rp on rp.run_id = live.id and rp.person_id = sp.person_id
			where sp.session_id = s.id)), ';'
		order by s.id, lower(sl.during)), ''))
	from public.release_slots as sl
	join public.sessions as s on s.id = sl.session_id
	left join lateral (select runs.id, runs.state
		from public.runs
		where runs.session_id = s.id and runs.state <> 'ended'
		order by runs.created_at desc limit 1) as live on true
	where sl.release_id = private.newest_release(p_summit)
		and not sl.is_cancelled
		and lower(sl.during) between now() - interval '30 minutes' and now() + interval '30 minutes'
		and upper(sl.during) > now()
$$;

-- Whether a device is offline, by when it was last seen.
create function private.is_device_offline(p_last_seen_at timestamptz) returns boolean
language sql stable as $$
	select p_last_seen_at is null or p_last_seen_at < now() - interval '2 minutes'
$$;

-- {day, came, building, arrivals: [{at, people}] by quarter of an hour, doors, conflicts, mail, mark}: what all readers
-- share.
create function private.door_day_overview(p_summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_day date := private.door_day(p_summit);
begin
	return jsonb_build_object('day', v_day,
		'came', private.count_people_came(p_summit, v_day),
		'building', private.count_people_inside(p_summit, v_day),
		'arrivals', (select coalesce(
				jsonb_agg(jsonb_build_object('at', private.iso(q.at), 'people', q.people) order by q.at), '[]')
			from (select date_bin('15 minutes', first.at, '2000-01-01') as at, count(*) as people
				from (select min(d.entered_at) as at
					from private.door_periods as d
					where d.summit_id = p_summit and d.day = v_day
					group by d.person_id) as first
				group by 1) as q),
		-- Nothing measures a queue of people; its signs are how many come through and how many scans wait in the
		-- devices.
		'doors', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', coalesce(c.name, r.name),
				'kind', c.kind,
				'now', (select count(*)
					from private.door_scans as s
					where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes'),
				'refused', (select count(*)
					from private.door_scans as s
					where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes' and not s.is_counted),
				'inside', private.count_inside(p_summit, c.place, v_day), 'capacity', private.checkpoint_capacity(c),
				'devices', dev.open, 'silent', dev.silent, 'queued', dev.queued)
				order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c
			left join public.rooms as r on r.id = c.room_id
			cross join lateral (select count(*) as open,
					count(*) filter (where private.is_device_offline(t.last_seen_at)) as silent,
					coalesce(sum(t.queued), 0) as queued
				from private.door_devices as d
				left join private.door_device_states as t on t.device_id = d.id
				where d.checkpoint_id = c.id and d.device_revoked_at is null and d.expires_at > now()) as dev
			where c.summit_id = p_summit and c.ended_at is null),
		'conflicts',
			(select count(*) from private.door_conflicts as c where c.summit_id = p_summit and c.resolved_at is null),
		'mail', (select count(*)
			from private.outbox as o
			where o.summit_id = p_summit and o.state = 'dead' and o.created_at > now() - interval '1 day'
				and o.last_error is distinct from 'withdrawn' and not private.is_unlisted_mail(o.template)),
		'mark', private.upcoming_sessions_version(p_summit, v_day));
end
$$;

-- The same for open pages.
create function private.today_event(p_summit uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.door_day_overview(p_summit)
$$;
grant execute on function private.today_event(uuid, uuid) to app_server;

-- Notifies readers of a change to scans, conflicts or devices, once a statement and Summit.
create function private.notify_door() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('door:' || each.summit_id, 'today')
	from (select distinct changed.summit_id from changed) as each;
	return null;
end
$$;
create trigger notify_door_insert after insert on private.door_scans referencing new table as changed
	for each statement execute function private.notify_door();
create trigger notify_door_update after update on private.door_scans referencing new table as changed
	for each statement execute function private.notify_door();
create trigger notify_door_insert after insert on private.door_conflicts referencing new table as changed
	for each statement execute function private.notify_door();
create trigger notify_door_update after update on private.door_conflicts referencing new table as changed
	for each statement execute function private.notify_door();
create trigger notify_door_insert after insert on private.door_devices referencing new table as changed
	for each statement execute function private.notify_door();
create trigger notify_door_update after update on private.door_devices referencing new table as changed
	for each statement execute function private.notify_door();

-- Notifies readers of the state of a device. It changes every few seconds, so only two changes count: the device is
-- online again, or has more or fewer scans to send.
create function private.notify_door_device() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('door:' || d.summit_id, 'today') from private.door_devices as d
		where d.id = new.device_id;
	return null;
end
$$;
create trigger notify_door_device_insert after insert on private.door_device_states for each row
	execute function private.notify_door_device();
create trigger notify_door_device_update after update on private.door_device_states for each row
	when (new.queued <> old.queued or new.last_seen_at > old.last_seen_at + interval '2 minutes')
	execute function private.notify_door_device();

-- Notifies readers of what changes by the clock alone: a device falls silent, five minutes are over, a session is about
-- to begin. Runs each minute.
create function private.notify_door_by_clock() returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('door:' || s.id, 'today')
	from public.summits as s
	where current_date between s.starts_on - 1 and s.ends_on + 1
$$;
grant execute on function private.notify_door_by_clock() to app_server;
