-- The list of the members of a Summit, as organisers of registration and finance read it.
--
-- The functions of a row have no search path, so that they are inlined into the query.

-- A member in the list, with everything by which it is filtered. seats: {mode: {ceiling, own, held, taken, waiting}},
-- where `own` says that the ceiling is an exception.
create type private.member_row as (
	id uuid,
	code text,
	name text,
	website text,
	sector public.sector,
	country text,
	region text,
	standing public.standing,
	focal jsonb,
	seats jsonb,
	used numeric,
	waiting numeric,
	is_full boolean,
	has_exception boolean
);

-- The seats of each member by mode, and in all.
create function private.member_seat_totals(p_summit uuid)
	returns table (member_id uuid, seats jsonb, used numeric, waiting numeric, is_full boolean, has_exception boolean)
language sql stable as $$
	with by_mode as (
		select sm.member_id, mode.mode, e.ceiling as own, coalesce(e.ceiling, p.ceiling, 0) as ceiling,
			coalesce(u.held, 0) as held, coalesce(u.taken, 0) as taken, coalesce(w.waiting, 0) as waiting
		from public.summit_members as sm
		cross join unnest(enum_range(null::public.attendance_mode)) as mode
		left join public.allocation_exceptions as e on e.summit_id = sm.summit_id
			and e.member_id = sm.member_id
			and e.mode = mode.mode
		left join public.allocation_policies as p on p.summit_id = sm.summit_id
			and p.sector = sm.sector
			and p.mode = mode.mode
		left join private.seats_by_member(p_summit) as u on u.member_id = sm.member_id and u.mode = mode.mode
		left join private.waiting_by_member(p_summit) as w on w.member_id = sm.member_id and w.mode = mode.mode
		where sm.summit_id = p_summit
	)
	select m.member_id,
		jsonb_object_agg(m.mode, jsonb_build_object(
			'ceiling', m.ceiling, 'own', m.own is not null,
			'held', m.held, 'taken', m.taken, 'waiting', m.waiting)),
		sum(m.held + m.taken), sum(m.waiting), bool_or(m.held + m.taken >= m.ceiling), bool_or(m.own is not null)
	from by_mode as m
	group by m.member_id
$$;

-- The members of a Summit. Not restricted by role: the caller checks it. The columns follow private.member_row.
-- PL/pgSQL, so that its plan is cached.
create function private.list_member_rows(p_summit uuid) returns setof private.member_row
language plpgsql stable security definer set search_path = '' as $$
begin
	return query
	with focal as (
		select f.member_id, jsonb_agg(p.display_name order by p.display_name) as names
		from public.focal_points as f
		join public.people as p on p.id = f.person_id
		where f.summit_id = p_summit and (f.until is null or f.until > now())
		group by f.member_id
	)
	select m.id, m.code, m.name, m.website, sm.sector, sm.country::text, sm.region, sm.standing,
		coalesce(focal.names, '[]'), s.seats, s.used, s.waiting, s.is_full, s.has_exception
	from public.summit_members as sm
	join public.members as m on m.id = sm.member_id
	join private.member_seat_totals(p_summit) as s on s.member_id = m.id
	left join focal on focal.member_id = m.id
	where sm.summit_id = p_summit;
end
$$;

-- Whether the filters find a member; `p_words` are the words of the filter query as patterns.
create function private.is_member_found(m private.member_row, f jsonb, p_words text[]) returns boolean
language sql stable as $$
	select (p_words = '{}'
			or private.fold_for_search(m.name) like all (p_words)
			or m.code = upper(btrim(f ->> 'query')))
		and (not f ? 'sectors' or f -> 'sectors' ? m.sector::text)
		and (not f ? 'country' or m.country = f ->> 'country')
		and (not f ? 'region' or m.region = f ->> 'region')
		and (not f ? 'standing' or m.standing::text = f ->> 'standing')
		and case f ->> 'focal'
			when 'with' then m.focal <> '[]'
			when 'without' then m.focal = '[]'
			else true end
		and case f ->> 'seats'
			when 'none' then m.used = 0
			when 'some' then m.used > 0
			when 'full' then m.is_full
			when 'waiting' then m.waiting > 0
			when 'exception' then m.has_exception
			else true end
$$;

-- By what a member is sorted: name (the default), sector, country, hall, online or waiting.
create function private.member_sort_key(m private.member_row, p_sort text) returns jsonb
language sql stable as $$
	select case p_sort
		when 'sector' then to_jsonb(m.sector)
		when 'country' then to_jsonb(m.country)
		when 'hall' then to_jsonb((m.seats #>> '{in_person,held}')::integer + (m.seats #>> '{in_person,taken}')::integer)
		when 'online' then to_jsonb((m.seats #>> '{virtual,held}')::integer + (m.seats #>> '{virtual,taken}')::integer)
		when 'waiting' then to_jsonb(m.waiting)
		else to_jsonb(private.fold_for_search(m.name))
	end
$$;

-- A member as the page reads it.
create function private.member_row_json(m private.member_row) returns jsonb
language sql stable as $$
	select jsonb_build_object(
		'id', m.id, 'code', m.code, 'name', m.name,
		'sector', m.sector, 'country', m.country, 'region', m.region,
		'standing', m.standing, 'website', m.website,
		'seats', m.seats, 'focal', m.focal)
$$;

-- Returns, for registration and finance, the members with their seats, queue and focal points. Filters: query, sectors,
-- country, region, standing, focal (with | without), seats (none | some | full | waiting | exception); `sort` as in
-- private.member_sort_key, with - before it for the reverse. {total, members:
-- [{id, code, name, sector, country, region, standing, website, focal: [names], seats}], countries, regions}; null when
-- not allowed.
create function public.list_members(summit uuid, filters jsonb default '{}', page_size integer default 50,
	page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return (with found as materialized (
		select m, private.member_sort_key(m, ltrim(filters ->> 'sort', '-')) as key
		from private.list_member_rows(list_members.summit) as m
		where private.is_member_found(m, filters, v_words)
	), page as (
		select m, row_number() over (
			order by case when filters ->> 'sort' like '-%' then key end desc nulls last,
				case when coalesce(filters ->> 'sort', '') not like '-%' then key end, (m).name, (m).id) as place
		from found
		order by place
		limit greatest(1, least(page_size, 20000)) offset greatest(0, page_start)
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'countries', (
			select coalesce(jsonb_agg(distinct sm.country), '[]')
			from public.summit_members as sm
			where sm.summit_id = list_members.summit and sm.country is not null),
		'regions', (
			select coalesce(jsonb_agg(distinct sm.region), '[]')
			from public.summit_members as sm
			where sm.summit_id = list_members.summit and sm.region <> ''),
		'members', coalesce(jsonb_agg(private.member_row_json(page.m) order by page.place), '[]'))
	from page);
end
$$;
grant execute on function public.list_members(uuid, jsonb, integer, integer) to authenticated;
