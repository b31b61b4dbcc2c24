-- Occupancy: how many people, and who, are inside.

-- How many people are inside a place.
create function private.count_inside(p_summit uuid, p_place text, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer
	from private.door_periods as p
	where p.summit_id = p_summit and p.place = p_place and p.day = p_day and p.left_at is null
$$;

-- How many people are inside by any door, including those who were only scanned at a room.
create function private.count_people_inside(p_summit uuid, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct d.person_id)::integer
	from private.door_periods as d
	where d.summit_id = p_summit and d.day = p_day and d.left_at is null
$$;

-- How many people have come on a day.
create function private.count_people_came(p_summit uuid, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct p.person_id)::integer
	from private.door_periods as p
	where p.summit_id = p_summit and p.day = p_day
$$;

-- How many people have come today, for people at doors.
create function public.count_arrivals_today(summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(summit, 'door', 'registration')
		then private.count_people_came(summit, private.door_day(summit))
		else 0 end
$$;
grant execute on function public.count_arrivals_today(uuid) to authenticated;

-- [{person, name, category, since, needs_help, places}]: everybody inside by name, staff and crew too, for an
-- evacuation; null for all but registration and safeguarding. For people in a session that names nobody no room or
-- session is given. Every reading is audited.
create function public.list_people_inside(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_day date := private.door_day(summit);
	v_found jsonb;
begin
	if not private.has_role(summit, 'registration', 'safeguarding') then return null; end if;
	select coalesce(jsonb_agg(jsonb_build_object('person', d.person_id, 'name', p.display_name, 'category', r.category,
		'since', private.iso(d.since), 'needs_help', r.needs, 'places', d.places)
		order by p.display_name, d.person_id), '[]') into v_found
	from (select d.person_id, min(d.entered_at) as since,
			coalesce(array_agg(d.checkpoint_id order by d.entered_at desc) filter (where d.place = 'building'
				or d.anonymise_at is null and private.unnamed_session_start(d) is null), '{}') as places
		from private.door_periods as d
		where d.summit_id = list_people_inside.summit and d.day = v_day and d.left_at is null
		group by d.person_id) as d
	join public.people as p on p.id = d.person_id
	left join lateral (select r.category,
			exists (select from public.registration_needs as x
				where x.registration_id = r.id and btrim(x.access_needs) <> '') as needs
		from public.registrations as r
		where r.person_id = d.person_id and r.summit_id = list_people_inside.summit
		order by r.state = 'confirmed' desc limit 1) as r on true;
	perform audit.record_event('door.inside', '', summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_found)));
	return v_found;
end
$$;
grant execute on function public.list_people_inside(uuid) to authenticated;
