-- The door as organisers see it: devices, rooms, who is inside, and what has to be looked at.

-- Its next request is refused, and what it holds is wiped. Answers ok | not_found.
create function public.shut_out_device(device uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.door_devices;
	v_queued integer;
begin
	update private.door_devices as d set shut_out_at = now(), shut_out_by = private.me()
	where d.id = device and d.shut_out_at is null and private.has_role(d.summit_id, 'registration')
		returning * into v_device;
	if not found then return 'not_found'; end if;
	select t.queued into v_queued from private.door_device_states as t where t.device_id = device;
	if v_queued > 0 then
		insert into private.door_conflicts (summit_id, kind, about, device_id, facts)
		values (v_device.summit_id, 'shut_out', device::text, device, jsonb_build_object('queued', v_queued))
			on conflict (summit_id, kind, about) do nothing;
	end if;
	perform private.tell('organise:' || v_device.summit_id, 'door');
	return 'ok';
end
$$;
grant execute on function public.shut_out_device(uuid) to authenticated;

-- One page: {devices, places, building, conflicts}. Null for who may not.
create function public.read_door_desk(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_day date := private.door_day(summit);
begin
	if not private.has_role(summit, 'registration', 'safeguarding') then return null; end if;
	perform private.ensure_checkpoints(summit);
	return jsonb_build_object(
		'building', (select count(distinct d.person_id) from private.door_periods as d
			where d.summit_id = summit and d.day = v_day and d.left_at is null),
		'came', (select count(distinct d.person_id) from private.door_periods as d
			where d.summit_id = summit and d.day = v_day),
		'places', (select coalesce(jsonb_agg(private.checkpoint_json(c)
			|| jsonb_build_object('inside', private.count_inside(summit, c.place, v_day))
			order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c where c.summit_id = read_door_desk.summit and c.ended_at is null),
		'devices', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name, 'checkpoint',
			d.checkpoint_id, 'person', p.display_name, 'heard_at', private.iso(t.heard_at),
				'queued', coalesce(t.queued, 0), 'charge', t.charge, 'version', coalesce(t.version, ''),
					'offset_minutes', round(coalesce(t.offset_ms, 0) / 60000.0), 'shut_out', d.shut_out_at is not null,
				'expired', d.expires_at <= now(), 'scans', (select count(*) from private.door_scans as s
					where s.device_id = d.id)) order by d.shut_out_at nulls first, d.enrolled_at desc), '[]')
			from private.door_devices as d left join private.door_device_states as t on t.device_id = d.id left
				join public.people as p on p.id = d.enrolled_by
			where d.summit_id = summit and d.enrolled_at > now() - interval '2 days'),
		'conflicts', (select coalesce(jsonb_agg(private.conflict_json(c) order by c.resolved_at nulls first,
			c.found_at desc), '[]') from private.door_conflicts as c where c.summit_id = read_door_desk.summit));
end
$$;
grant execute on function public.read_door_desk(uuid) to authenticated;

--[was in door_desk] Whom it concerns by display name. A bar is not named as one: the words are safeguarding's.
--[patch door_matters] What does not fit together at the doors, and of whom: at a session that names nobody it is known as long as the scan itself says it, and
--[patch door_matters] neither the report nor the audit keeps a name. A scan may come by another device than the one that made it.
-- Whom it concerns by display name. A bar is not named as one: the words are safeguarding's.
create function private.conflict_json(p_c private.door_conflicts) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_c.id, 'kind', p_c.kind, 'found_at', private.iso(p_c.found_at), 'facts', p_c.facts,
		'note', p_c.note, 'resolved_at', private.iso(p_c.resolved_at),
		'who_looks', case when p_c.kind = 'barred' then 'safeguarding'
			when p_c.kind in ('wrong_clock', 'over_capacity') then 'door' else 'registration' end,
		'person', (select display_name from public.people where id = coalesce(p_c.person_id,
			(select s.person_id from private.door_scans as s where s.id = p_c.scan_id))),
		'resolved_by', (select display_name from public.people where id = p_c.resolved_by),
		'device', (select name from private.door_devices where id = p_c.device_id), 'checkpoint', p_c.checkpoint_id)
$$;

-- Answers ok | not_found | invalid.
create function public.resolve_door_conflict(conflict uuid, note text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	if length(btrim(coalesce(note, ''))) not between 3 and 1000 then return 'invalid'; end if;
	update private.door_conflicts as c
		set resolved_at = now(), resolved_by = private.me(), note = btrim(resolve_door_conflict.note)
	where c.id = conflict and private.has_role(c.summit_id, 'registration', 'safeguarding')
		returning c.summit_id into v_summit;
	if v_summit is null then return 'not_found'; end if;
	perform private.tell('organise:' || v_summit, 'door');
	return 'ok';
end
$$;
grant execute on function public.resolve_door_conflict(uuid, text) to authenticated;

-- Everybody inside by name, staff and crew too, for an evacuation; the look is audited. [{name, category, places,
-- since}]. Who is in a session that names nobody is in the building, and no room or session is said.
create function public.read_inside(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_day date := private.door_day(summit);
	v_found jsonb;
begin
	if not private.has_role(summit, 'registration', 'safeguarding') then return null; end if;
	select coalesce(jsonb_agg(jsonb_build_object('person', d.person_id, 'name', p.display_name, 'category', r.category,
		'since', private.iso(d.since), 'needs_help', r.needs,
		'places', d.places) order by p.display_name, d.person_id), '[]') into v_found
	from (select d.person_id, min(d.entered_at) as since, coalesce(array_agg(d.checkpoint_id order by d.entered_at desc)
			filter (where d.place = 'building' or d.forget_at is null and private.unnamed_from(d) is null),
				'{}') as places
		from private.door_periods as d where d.summit_id = read_inside.summit and d.day = v_day and d.left_at is null
			group by d.person_id) as d
	join public.people as p on p.id = d.person_id
	left join lateral (select r.category, exists (select from public.registration_details as x
		where x.registration_id = r.id and btrim(x.access_needs) <> '') as needs
		from public.registrations as r where r.person_id = d.person_id and r.summit_id = read_inside.summit
			order by r.state = 'confirmed' desc limit 1) as r on true;
	perform audit.note('door.inside', '', summit, null, jsonb_build_object('rows', jsonb_array_length(v_found)));
	return v_found;
end
$$;
grant execute on function public.read_inside(uuid) to authenticated;

--[was in door_desk] By name, for whoever keeps the registrations: a badge that was left at home. The look is audited. [{badge, name, affiliation, category}].
--[patch folded_names] A name is found at the door without its accents, and by its words in any order, as at the help desk.
-- As before.
create function public.find_at_door(summit uuid, name text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_found jsonb;
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	if length(btrim(coalesce(name, ''))) < 2 then return '[]'; end if;
	select coalesce(jsonb_agg(jsonb_build_object('letters', f.letters, 'name', f.display_name, 'affiliation',
		f.affiliation, 'category', f.category) order by f.display_name), '[]') into v_found
	from (select b.letters, p.display_name, p.affiliation, r.category
		from public.registrations as r join public.people as p on p.id = r.person_id
		join public.badges as b on b.registration_id = r.id and b.revoked_at is null
		where r.summit_id = find_at_door.summit
			and private.folded(p.display_name) like all (private.desk_words(find_at_door.name)) order by p.display_name
			limit 20) as f;
	perform audit.note('door.searched', '', summit, null, jsonb_build_object('rows', jsonb_array_length(v_found)));
	return v_found;
end
$$;
grant execute on function public.find_at_door(uuid, text) to authenticated;

insert into private.audited_tables (name, area, shown, opened, named) values
	('door', 'registration', '{answer,checkpoint}', '{}', '{}'),
	('door.undone', 'registration', '{checkpoint}', '{}', '{}'),
	('door.synced', 'registration', '{scans}', '{}', '{}'),
	('door.inside', 'registration', '{rows}', '{}', '{}'),
	('door.searched', 'registration', '{rows}', '{}', '{}')
on conflict (name) do nothing;

--[was in door_desk] Each minute: what must be forgotten is, and sessions that have ended without a run are attended by who was in their room.
--[was in door_night] As before, of the day that is on, and of one that has just ended.
--[patch door_night] The venue's day at the door ends at four in the morning: who is inside at midnight is inside still, and a late scan ends what the evening
--[patch door_night] began. What nobody scanned out of ends with its day.
--[patch missed_minutes] Minutes in a room are written when its session ends, or when the minute's round runs again: none is missed because nobody looked then.
-- As before.
create function private.sweep_door() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_done integer := 0;
begin
	delete from private.door_periods as d
		where d.forget_at <= now() and (d.left_at is not null or d.forget_at <= now() - interval '30 minutes');
	update private.door_scans as s set person_id = null, badge_id = null
		where s.forget_at <= now() - interval '30 minutes' and s.person_id is not null;
	delete from private.door_device_states as t using private.door_devices as d
		where d.id = t.device_id and d.expires_at < now() - interval '7 days';
	for v_each in select distinct d.summit_id, d.person_id, d.day from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(d.summit_id) and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
		where d.forget_at is null and d.left_at is null and d.day >= current_date - 2
			and sl.during && tstzrange(d.entered_at,
				greatest(private.door_day_begins(d.summit_id, d.day + 1), d.entered_at))
			and (lower(sl.during) between now() - interval '3 minutes' and now() or upper(sl.during) <= now()
				-- Whoever looks after each minute may have stood still: what is not written yet is, however late.
				and not exists (select from public.presence as p
					where p.person_id = d.person_id and p.session_id = sl.session_id and p.kind = 'door'
					and p.entered_at < upper(sl.during) and coalesce(p.left_at, 'infinity') > d.entered_at)
				and private.level_in_force(sl.session_id) in ('public', 'members')) order by 1, 2, 3
	loop
		perform private.lock_at_door(v_each.summit_id, v_each.person_id);
		perform private.write_door_presence(v_each.summit_id, v_each.person_id, v_each.day);
		v_done := v_done + 1;
	end loop;
	return v_done;
end
$$;
grant execute on function private.sweep_door() to app_server;
