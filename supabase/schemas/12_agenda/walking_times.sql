-- Walking times between rooms: by building and floor, or as organisers stated them for a pair.

-- The walking time in minutes between two placements, the least between any two of their rooms: the stated time of the
-- pair, else by building and floor; 0 on the same floor, to and from online rooms, or where nothing is known.
create function private.walking_minutes(p_from uuid[], p_to uuid[], p_limits jsonb) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(
		min(
			case
				when a.id = b.id or a.kind = 'online' or b.kind = 'online' then 0
				when w.minutes is not null then w.minutes
				when fa.room_id is null or fb.room_id is null then 0
				when lower(fa.building) <> lower(fb.building) then (p_limits ->> 'building_minutes')::integer
				when lower(fa.floor) <> lower(fb.floor) then (p_limits ->> 'floor_minutes')::integer
				else 0
			end
		),
		0
	)
	from public.rooms as a
	left join public.room_equipment as fa on fa.room_id = a.id
	cross join public.rooms as b
	left join public.room_equipment as fb on fb.room_id = b.id
	left join public.walking_times as w on w.first_room_id = least(a.id, b.id) and w.second_room_id = greatest(a.id,
		b.id)
	where a.id = any (p_from)
		and b.id = any (p_to)
$$;

-- States the walking time between two rooms; null: by building and floor again. Answers ok | not_allowed | unknown |
-- invalid.
create function public.save_walking_time(summit uuid, one text, other text, minutes integer)
	returns public.room_save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_one uuid;
	v_other uuid;
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	-- Each pair is stored once, the lower id first.
	select min(r.id::text)::uuid, max(r.id::text)::uuid into v_one, v_other
	from public.rooms as r
	where r.summit_id = summit
		and r.slug in (one, other)
		and r.kind <> 'online';
	if v_one is null or v_one = v_other then return 'unknown'; end if;
	if minutes is null then
		delete from public.walking_times as w where w.first_room_id = v_one and w.second_room_id = v_other;
	elsif minutes not between 0 and 240 then
		return 'invalid';
	else
		insert into public.walking_times (summit_id, first_room_id, second_room_id, minutes)
		values (summit, v_one, v_other, save_walking_time.minutes)
		on conflict (first_room_id, second_room_id) do update set minutes = excluded.minutes;
	end if;
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
end
$$;
grant execute on function public.save_walking_time(uuid, text, text, integer) to authenticated;

-- [{one, other, minutes, is_said}] of each pair of rooms of the venue, by slug; `is_said`: stated for the pair. Null
-- without the programme role.
create function public.list_walking_times(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select jsonb_agg(
				jsonb_build_object(
					'one', a.slug,
					'other', b.slug,
					'minutes', private.walking_minutes(array[a.id], array[b.id], l),
					'is_said', w.first_room_id is not null
				)
				order by a.position, a.slug, b.position, b.slug
			)
			from (select private.check_limits_of(list_walking_times.summit) as l) as limits
			join public.rooms as a on a.summit_id = list_walking_times.summit and a.kind <> 'online'
			join public.rooms as b
				on b.summit_id = a.summit_id
				and b.kind <> 'online'
				and (b.position, b.slug) > (a.position, a.slug)
			left join public.walking_times as w on w.first_room_id = least(a.id, b.id)
				and w.second_room_id = greatest(a.id, b.id)
		),
		'[]'
	)
	where private.has_role(list_walking_times.summit, 'programme')
$$;
grant execute on function public.list_walking_times(uuid) to authenticated;
