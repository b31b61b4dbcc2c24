-- The severity of each check of the agenda at a Summit, and the limits that the checks measure by.

-- Every check with its default severity. A speaker who has confirmed two sessions at one time blocks the release; while
-- one of the two is unanswered it may still be declined, so that is a warning.
create function private.check_codes() returns table (code text, severity text)
language sql immutable set search_path = '' as $$
	values
		('speaker_twice', 'block'),
		('level_stream', 'block'),
		('speaker_maybe_twice', 'warn'),
		('outside_summit', 'warn'),
		('room_capacity', 'warn'),
		('speaker_travel', 'warn'),
		('outside_availability', 'warn'),
		('humane_hours', 'warn'),
		('interpreter_pairs', 'warn'),
		('interpreter_hours', 'warn'),
		('audience_room', 'warn'),
		('unconfirmed_speaker', 'warn'),
		('equipment_missing', 'warn'),
		('access_missing', 'warn'),
		('track_parallel', 'note'),
		('member_parallel', 'note'),
		('no_slot', 'note'),
		('no_people', 'note')
$$;

-- Every check with its severity at a Summit.
create function private.check_severities(p_summit uuid) returns table (code text, severity text)
language sql stable security definer set search_path = '' as $$
	select c.code, coalesce(s.severity, c.severity)
	from private.check_codes() as c
	left join public.check_settings as s on s.summit_id = p_summit and s.code = c.code
$$;

-- The limits of a Summit, or the defaults of the table `check_limits`.
create function private.check_limits_of(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select to_jsonb(l) - 'summit_id' from public.check_limits as l where l.summit_id = p_summit),
		'{"floor_minutes": 5, "building_minutes": 10, "daytime_from": "08:00:00", "daytime_until": "22:00:00",
			"turn_minutes": 120, "day_minutes": 360, "track_limit": 2}'
	)
$$;

-- {severities: {code: severity}, limits}; null without the programme role.
create function public.read_check_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'severities',
			(select jsonb_object_agg(code, severity) from private.check_severities(read_check_settings.summit)),
		'limits', private.check_limits_of(read_check_settings.summit)
	)
	where private.has_role(read_check_settings.summit, 'programme')
$$;
grant execute on function public.read_check_settings(uuid) to authenticated;

-- Saves the severities and limits that are given; the others stay. Answers ok | not_allowed | invalid.
create function public.save_check_settings(summit uuid, severities jsonb, limits jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	insert into public.check_settings (summit_id, code, severity)
	select summit, c.code, severities ->> c.code
	from private.check_codes() as c
	where severities ? c.code
	on conflict (summit_id, code) do update set severity = excluded.severity;
	insert into public.check_limits (summit_id) values (summit) on conflict do nothing;
	update public.check_limits as l
	set (floor_minutes, building_minutes, daytime_from, daytime_until, turn_minutes, day_minutes, track_limit) = (
		select
			n.floor_minutes,
			n.building_minutes,
			n.daytime_from,
			n.daytime_until,
			n.turn_minutes,
			n.day_minutes,
			n.track_limit
		from jsonb_populate_record(l, limits - 'summit_id') as n
	)
	where l.summit_id = save_check_settings.summit;
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_check_settings(uuid, jsonb, jsonb) to authenticated;
