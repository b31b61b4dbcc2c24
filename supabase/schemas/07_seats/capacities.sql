-- How many seats are allowed, as organisers read it: capacities, the policy of each sector, exceptions of members, and
-- the ceilings of sectors and regions.

-- Answers {capacities: {in_person, virtual}, ceilings: {sector: {in_person, virtual}}}, or null when the caller
-- organises neither registration nor finance.
create function public.read_seat_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(summit, 'registration', 'finance') then jsonb_build_object(
		'capacities', (
			select coalesce(jsonb_object_agg(mode, capacity), '{}')
			from public.mode_capacities
			where summit_id = summit),
		'ceilings', (
			select coalesce(jsonb_object_agg(sector, modes), '{}')
			from (select sector, jsonb_object_agg(mode, ceiling) as modes
				from public.allocation_policies
				where summit_id = summit
				group by sector) as each)) end
$$;
grant execute on function public.read_seat_settings(uuid) to authenticated;

-- A fingerprint of all that is allowed now: two organisers who edit at once do not overwrite each other
-- (public.apply_seat_quotas).
create function private.seat_quotas_version(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(coalesce(string_agg(line, ';' order by line), ''))
	from (
		select concat_ws(',', 'capacity', mode, capacity) as line
		from public.mode_capacities
		where summit_id = p_summit
		union all
		select concat_ws(',', 'policy', sector, mode, ceiling)
		from public.allocation_policies
		where summit_id = p_summit
		union all
		select concat_ws(',', 'exception', member_id, mode, ceiling, coalesce(reserved_until::text, '-'), reason)
		from public.allocation_exceptions
		where summit_id = p_summit
		union all
		select concat_ws(',', 'ceiling', mode, coalesce(sector::text, '-'), coalesce(region, '-'), ceiling)
		from public.seat_ceilings
		where summit_id = p_summit
	) as lines
$$;

-- The seats of each mode of attendance, [{mode, capacity, held, taken, reserved, waiting}]. reserved: seats that are
-- reserved for members and not yet used.
create function private.seat_figures_by_mode(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with modes as (
		select mode.mode, coalesce(c.capacity, 0) as capacity,
			private.count_reserved_seats(p_summit, mode.mode) as reserved,
			(select jsonb_build_object(
					'held', count(*) filter (where s.state = 'held'),
					'taken', count(*) filter (where s.state = 'taken'))
				from public.seats as s
				where s.summit_id = p_summit
					and s.mode = mode.mode
					and s.state <> 'released'
					and not exists (select from public.pools as p where p.id = s.pool_id and p.outside_capacity)
			) as seats,
			(select count(*)
				from public.queue_entries as q
				where q.summit_id = p_summit and q.mode = mode.mode and q.state = 'waiting') as waiting
		from unnest(enum_range(null::public.attendance_mode)) as mode
		left join public.mode_capacities as c on c.summit_id = p_summit and c.mode = mode.mode
	)
	select jsonb_agg(jsonb_build_object(
		'mode', m.mode,
		'capacity', m.capacity,
		'reserved', m.reserved,
		'waiting', m.waiting
	) || m.seats order by m.mode)
	from modes as m
$$;

-- The seats of each sector in each mode, [{sector, mode, members, policy, allocated, held, taken, waiting}].
create function private.seat_figures_by_sector(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with sectors as (
		select sector.sector, mode.mode, p.ceiling as policy, count(sm.id) as members,
			coalesce(sum(coalesce(e.ceiling, p.ceiling, 0))
				filter (where sm.standing in ('active', 'observer')), 0) as allocated,
			coalesce(sum(u.held), 0) as held,
			coalesce(sum(u.taken), 0) as taken,
			coalesce(sum(w.waiting), 0) as waiting
		from unnest(enum_range(null::public.sector)) as sector
		cross join unnest(enum_range(null::public.attendance_mode)) as mode
		left join public.summit_members as sm on sm.summit_id = p_summit and sm.sector = sector.sector
		left join public.allocation_policies as p on p.summit_id = p_summit
			and p.sector = sector.sector
			and p.mode = mode.mode
		left join public.allocation_exceptions as e on e.summit_id = p_summit
			and e.member_id = sm.member_id
			and e.mode = mode.mode
		left join private.seats_by_member(p_summit) as u on u.member_id = sm.member_id and u.mode = mode.mode
		left join private.waiting_by_member(p_summit) as w on w.member_id = sm.member_id and w.mode = mode.mode
		group by sector.sector, mode.mode, p.ceiling
	)
	select jsonb_agg(to_jsonb(s) order by s.sector, s.mode)
	from sectors as s
$$;

-- What is allowed and what is used: {modes (private.seat_figures_by_mode), sectors (private.seat_figures_by_sector),
-- ceilings: [{mode, sector, region, ceiling, used}]}.
create function private.seat_quota_figures(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'modes', private.seat_figures_by_mode(p_summit),
		'sectors', private.seat_figures_by_sector(p_summit),
		'ceilings', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'mode', c.mode,
				'sector', c.sector,
				'region', c.region,
				'ceiling', c.ceiling,
				'used', (
					select coalesce(sum(u.held + u.taken), 0)
					from private.seats_by_member(p_summit) as u
					join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = u.member_id
					where u.mode = c.mode and (sm.sector = c.sector or sm.region = c.region))
			) order by c.mode, c.sector, c.region), '[]')
			from public.seat_ceilings as c
			where c.summit_id = p_summit))
$$;

-- For organisers of registration and finance; null for all others. Answers private.seat_quota_figures and {version,
-- exceptions: [{member_id, name, mode, ceiling, reason, reserved_until, policy, used}], pools: [{name, category,
-- in_person, virtual}], regions}.
create function public.read_seat_quotas(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return private.seat_quota_figures(summit) || jsonb_build_object(
		'version', private.seat_quotas_version(summit),
		'exceptions', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'member_id', m.id,
				'name', m.name,
				'mode', e.mode,
				'ceiling', e.ceiling,
				'reason', e.reason,
				'reserved_until', private.iso(e.reserved_until),
				'policy', coalesce(p.ceiling, 0),
				'used', coalesce(u.held + u.taken, 0)
			) order by m.name, e.mode), '[]')
			from public.allocation_exceptions as e
			join public.members as m on m.id = e.member_id
			join public.summit_members as sm on sm.summit_id = e.summit_id and sm.member_id = e.member_id
			left join public.allocation_policies as p on p.summit_id = e.summit_id
				and p.sector = sm.sector
				and p.mode = e.mode
			left
				join private.seats_by_member(read_seat_quotas.summit) as u on u.member_id = e.member_id
					and u.mode = e.mode
			where e.summit_id = read_seat_quotas.summit),
		'pools', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'name', l.name,
				'category', l.category,
				'in_person', l.in_person_ceiling,
				'virtual', l.virtual_ceiling
			) order by l.category, l.name), '[]')
			from public.pools as l
			where l.summit_id = read_seat_quotas.summit),
		'regions', (
			select coalesce(jsonb_agg(distinct sm.region), '[]')
			from public.summit_members as sm
			where sm.summit_id = read_seat_quotas.summit and sm.region <> ''));
end
$$;
grant execute on function public.read_seat_quotas(uuid) to authenticated;
