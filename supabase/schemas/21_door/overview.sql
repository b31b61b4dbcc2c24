-- The door page of organisers: devices, places, conflicts, and finding a badge by name.

insert into private.audited_tables (name, area, shown, opened, named) values
	('door', 'registration', '{answer,checkpoint}', '{}', '{}'),
	('door.undone', 'registration', '{checkpoint}', '{}', '{}'),
	('door.synced', 'registration', '{scans}', '{}', '{}'),
	('door.inside', 'registration', '{rows}', '{}', '{}'),
	('door.searched', 'registration', '{rows}', '{}', '{}')
on conflict (name) do nothing;

-- {building, came, places, devices, conflicts} for registration and safeguarding; null for others.
create function public.read_door_desk(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_day date := private.door_day(summit);
begin
	if not private.has_role(summit, 'registration', 'safeguarding') then return null; end if;
	perform private.ensure_checkpoints(summit);
	return jsonb_build_object(
		'building', private.count_people_inside(summit, v_day),
		'came', private.count_people_came(summit, v_day),
		'places', (select coalesce(jsonb_agg(private.checkpoint_json(c)
				|| jsonb_build_object('inside', private.count_inside(summit, c.place, v_day))
				order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c
			where c.summit_id = read_door_desk.summit and c.ended_at is null),
		'devices', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name,
				'checkpoint', d.checkpoint_id, 'person', p.display_name, 'last_seen_at', private.iso(t.last_seen_at),
				'queued', coalesce(t.queued, 0), 'battery_percent', t.battery_percent, 'version', coalesce(t.version,
					''),
				'offset_minutes', round(coalesce(t.offset_ms, 0) / 60000.0), 'shut_out',
					d.device_revoked_at is not null,
				'expired', d.expires_at <= now(),
				'scans', (select count(*) from private.door_scans as s where s.device_id = d.id))
				order by d.device_revoked_at nulls first, d.enrolled_at desc), '[]')
			from private.door_devices as d
			left join private.door_device_states as t on t.device_id = d.id
			left join public.people as p on p.id = d.enrolled_by
			where d.summit_id = summit and d.enrolled_at > now() - interval '2 days'),
		'conflicts', (select coalesce(
				jsonb_agg(private.conflict_json(c) order by c.resolved_at nulls first, c.found_at desc), '[]')
			from private.door_conflicts as c
			where c.summit_id = read_door_desk.summit));
end
$$;
grant execute on function public.read_door_desk(uuid) to authenticated;

-- [{badge code, name, affiliation, category}]: valid badges by the holder's name, for a badge that was left at home.
-- Finds a name without its accents and by its words in any order, as the help desk does. For registration organisers;
-- null for others. Every search is audited.
create function public.find_badges_by_name(summit uuid, name text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_found jsonb;
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	if length(btrim(coalesce(name, ''))) < 2 then return '[]'; end if;
	select coalesce(jsonb_agg(jsonb_build_object('badge_code', f.badge_code, 'name', f.display_name,
		'affiliation', f.affiliation, 'category', f.category)
		order by f.display_name), '[]') into v_found
	from (select b.badge_code, p.display_name, p.affiliation, r.category
		from public.registrations as r
		join public.people as p on p.id = r.person_id
		join public.badges as b on b.registration_id = r.id and b.revoked_at is null
		where r.summit_id = find_badges_by_name.summit
			and private.fold_for_search(p.display_name) like all (private.desk_search_patterns(find_badges_by_name.name))
		order by p.display_name limit 20) as f;
	perform audit.record_event('door.searched', '', summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_found)));
	return v_found;
end
$$;
grant execute on function public.find_badges_by_name(uuid, text) to authenticated;
