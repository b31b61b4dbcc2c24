-- Capacities and the ceilings of each sector's members, saved whole or not at all. Lowering them below what is out is
-- refused.

-- `rules`: {capacities: {in_person, virtual}, ceilings: {sector: {in_person, virtual}}}; null for a ceiling: none of
-- that mode. Answers {status: ok | not_allowed | below_use, detail}.
create function public.save_seats(summit uuid, rules jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	begin
		-- Ceilings first while they grow, capacities last: the queue is served once both are known.
		insert into public.allocation_policies (summit_id, sector, mode, ceiling)
		select save_seats.summit, each.sector::public.sector, mode.key::public.attendance_mode,
			coalesce((mode.value #>> '{}')::integer, 0)
		from jsonb_each(rules -> 'ceilings') as each (sector, modes), jsonb_each(each.modes) as mode
		on conflict (summit_id, sector, mode) do update set ceiling = excluded.ceiling
			where allocation_policies.ceiling <> excluded.ceiling;
		insert into public.mode_capacities (summit_id, mode, capacity)
		select save_seats.summit, mode.key::public.attendance_mode, (mode.value #>> '{}')::integer
			from jsonb_each(rules -> 'capacities') as mode
		on conflict (summit_id, mode) do update set capacity = excluded.capacity
			where mode_capacities.capacity <> excluded.capacity;
	exception when sqlstate 'PT409' then
		get stacked diagnostics v_detail = pg_exception_detail;
		return jsonb_build_object('status', 'below_use', 'detail', v_detail);
	end;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_seats(uuid, jsonb) to authenticated;

create function public.read_seats(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(summit, 'registration', 'finance') then jsonb_build_object(
		'capacities', (select coalesce(jsonb_object_agg(mode, capacity), '{}') from public.mode_capacities
			where summit_id = summit),
		'ceilings', (select coalesce(jsonb_object_agg(sector, modes), '{}') from (
			select sector, jsonb_object_agg(mode, ceiling) as modes from public.allocation_policies
				where summit_id = summit group by sector) as each)) end
$$;
grant execute on function public.read_seats(uuid) to authenticated;

-- What is allowed, as a whole: capacities, policies by sector, ceilings for balance, exceptions. A change is tried
-- first, and then applied in one transaction, by whoever has seen what it changes.

-- All that is allowed now, as one word: two organisers at once do not overwrite each other.
create function private.allowances_version(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(coalesce(string_agg(line, ';' order by line), '')) from (
		select concat_ws(',', 'capacity', mode, capacity) as line from public.mode_capacities where summit_id = p_summit
		union all select concat_ws(',', 'policy', sector, mode, ceiling) from public.allocation_policies
			where summit_id = p_summit
		union all select concat_ws(',', 'exception', member_id, mode, ceiling, coalesce(reserved_until::text, '-'),
			reason) from public.allocation_exceptions where summit_id = p_summit
		union all select concat_ws(',', 'ceiling', mode, coalesce(sector::text, '-'), coalesce(region, '-'), ceiling)
			from public.seat_ceilings where summit_id = p_summit) as lines
$$;

-- Every place where the seats that are out exceed what is now allowed.
create function private.overruns_of(p_summit uuid)
	returns table (kind text, mode public.attendance_mode, member_id uuid, name text, seats bigint, allowed integer)
language sql stable security definer set search_path = '' as $$
	with used as (
		select s.mode, s.member_id, s.pool_id, count(*) as seats from public.seats as s
		where s.summit_id = p_summit and s.state <> 'released' group by s.mode, s.member_id, s.pool_id
	), each as (
		select 'capacity' as kind, used.mode, null::uuid as member_id, null::text as name,
			sum(used.seats)::bigint as seats,
			coalesce((select c.capacity from public.mode_capacities as c
				where c.summit_id = p_summit and c.mode = used.mode), 0) as allowed
		from used left join public.pools as p on p.id = used.pool_id where p.outside_capacity is not true
			group by used.mode
		union all
		select 'member', used.mode, m.id, m.name, used.seats, coalesce(e.ceiling, p.ceiling, 0)
		from used join public.members as m on m.id = used.member_id
		left join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = m.id
		left join public.allocation_exceptions as e on e.summit_id = p_summit and e.member_id = m.id
			and e.mode = used.mode
		left join public.allocation_policies as p on p.summit_id = p_summit and p.sector = sm.sector
			and p.mode = used.mode
		union all
		select 'pool', used.mode, null, p.name, used.seats, private.pool_ceiling(p.id, used.mode)
			from used join public.pools as p on p.id = used.pool_id
		union all
		select case when c.sector is null then 'region' else 'sector' end, c.mode, null,
			coalesce(c.sector::text, c.region), sum(used.seats)::bigint, c.ceiling
		from public.seat_ceilings as c
		join used on used.mode = c.mode
		join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = used.member_id
			and (sm.sector = c.sector or sm.region = c.region)
		where c.summit_id = p_summit group by c.id
	)
	select each.* from each where each.seats > each.allowed order by each.kind, each.mode, each.name
$$;

-- The end of a change that was made of several: nothing is stranded, and what became free goes to the queue.
create function private.settle_allowances(p_summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_overrun text := private.overrun_of(p_summit);
	v_served integer;
begin
	if v_overrun is not null then
		raise sqlstate 'PT409' using message = 'seats that are out would be stranded', detail = v_overrun;
	end if;
	v_served := private.serve_queues(p_summit);
	perform private.tell('summit:' || p_summit, 'seats');
	return v_served;
end
$$;

-- {modes: [{mode, capacity, held, taken, aside, waiting}], sectors: [{sector, mode, members, policy, allocated, held,
-- taken, waiting}], ceilings: [{mode, sector, region, ceiling, used}]}
create function private.allowance_figures(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with modes as (
		select mode.mode, coalesce(c.capacity, 0) as capacity, private.kept_aside(p_summit, mode.mode) as aside,
			(select jsonb_build_object('held', count(*) filter (where s.state = 'held'), 'taken',
				count(*) filter (where s.state = 'taken'))
				from public.seats as s where s.summit_id = p_summit and s.mode = mode.mode and s.state <> 'released'
					and not exists (select from public.pools as p
						where p.id = s.pool_id and p.outside_capacity)) as seats,
			(select count(*) from public.queue_entries as q
				where q.summit_id = p_summit and q.mode = mode.mode and q.state = 'waiting') as waiting
		from unnest(enum_range(null::public.attendance_mode)) as mode left
			join public.mode_capacities as c on c.summit_id = p_summit and c.mode = mode.mode
	), sectors as (
		select sector.sector, mode.mode, p.ceiling as policy, count(sm.id) as members, coalesce(sum(coalesce(e.ceiling,
			p.ceiling, 0)) filter (where sm.standing in ('active', 'observer')), 0) as allocated,
			coalesce(sum(u.held), 0) as held, coalesce(sum(u.taken), 0) as taken, coalesce(sum(w.waiting), 0) as waiting
		from unnest(enum_range(null::public.sector)) as sector cross
			join unnest(enum_range(null::public.attendance_mode)) as mode
		left join public.summit_members as sm on sm.summit_id = p_summit and sm.sector = sector.sector
		left join public.allocation_policies as p on p.summit_id = p_summit and p.sector = sector.sector
			and p.mode = mode.mode
		left join public.allocation_exceptions as e on e.summit_id = p_summit and e.member_id = sm.member_id
			and e.mode = mode.mode
		left join private.member_seats(p_summit) as u on u.member_id = sm.member_id and u.mode = mode.mode
		left join private.member_waiting(p_summit) as w on w.member_id = sm.member_id and w.mode = mode.mode
		group by sector.sector, mode.mode, p.ceiling
	)
	select jsonb_build_object(
		'modes', (select jsonb_agg(jsonb_build_object('mode', m.mode, 'capacity', m.capacity, 'aside', m.aside,
			'waiting', m.waiting) || m.seats order by m.mode) from modes as m),
		'sectors', (select jsonb_agg(to_jsonb(s) order by s.sector, s.mode) from sectors as s),
		'ceilings', (select coalesce(jsonb_agg(jsonb_build_object('mode', c.mode, 'sector', c.sector, 'region',
			c.region, 'ceiling', c.ceiling, 'used', (
				select coalesce(sum(u.held + u.taken), 0) from private.member_seats(p_summit) as u
					join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = u.member_id
				where u.mode = c.mode and (sm.sector = c.sector or sm.region = c.region)))
					order by c.mode, c.sector, c.region), '[]')
			from public.seat_ceilings as c where c.summit_id = p_summit))
$$;

-- For registration and finance; null for others. Adds {version, exceptions: [{member_id, name, mode, ceiling,
-- reserved_until, reason, policy, used}], pools, regions}.
create function public.read_allowances(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return private.allowance_figures(summit) || jsonb_build_object('version', private.allowances_version(summit),
		'exceptions', (select coalesce(jsonb_agg(jsonb_build_object('member_id', m.id, 'name', m.name, 'mode', e.mode,
			'ceiling', e.ceiling, 'reason', e.reason,
				'reserved_until', private.iso(e.reserved_until), 'policy', coalesce(p.ceiling, 0), 'used',
					coalesce(u.held + u.taken, 0)) order by m.name, e.mode), '[]')
			from public.allocation_exceptions as e join public.members as m on m.id = e.member_id
			join public.summit_members as sm on sm.summit_id = e.summit_id and sm.member_id = e.member_id
			left join public.allocation_policies as p on p.summit_id = e.summit_id and p.sector = sm.sector
				and p.mode = e.mode
			left join private.member_seats(read_allowances.summit) as u on u.member_id = e.member_id and u.mode = e.mode
			where e.summit_id = read_allowances.summit),
		'pools', (select coalesce(jsonb_agg(jsonb_build_object('name', l.name, 'category', l.category, 'in_person',
			l.in_person_ceiling, 'virtual', l.virtual_ceiling) order by l.category, l.name), '[]')
			from public.pools as l where l.summit_id = read_allowances.summit),
		'regions', (select coalesce(jsonb_agg(distinct sm.region), '[]') from public.summit_members as sm
			where sm.summit_id = read_allowances.summit and sm.region <> ''));
end
$$;
grant execute on function public.read_allowances(uuid) to authenticated;

-- A proposal names what changes: {capacities: {mode: n}, policies: {sector: {mode: n | null}}, ceilings: all of them,
-- [{mode, sector | region, ceiling}], exceptions: [{member_id, mode, ceiling | null, reserved_until, reason}]}. null
-- takes away.
create function private.write_allowances(p_summit uuid, p_proposal jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.allowances', 'together', true);
	insert into public.mode_capacities (summit_id, mode, capacity)
	select p_summit, c.key::public.attendance_mode, (c.value #>> '{}')::integer
		from jsonb_each(coalesce(p_proposal -> 'capacities', '{}')) as c
	on conflict (summit_id, mode) do update set capacity = excluded.capacity
		where mode_capacities.capacity <> excluded.capacity;
	insert into public.allocation_policies (summit_id, sector, mode, ceiling)
	select p_summit, s.key::public.sector, m.key::public.attendance_mode, (m.value #>> '{}')::integer
	from jsonb_each(coalesce(p_proposal -> 'policies', '{}')) as s, jsonb_each(s.value) as m where m.value <> 'null'
	on conflict (summit_id, sector, mode) do update set ceiling = excluded.ceiling
		where allocation_policies.ceiling <> excluded.ceiling;
	delete from public.allocation_policies as p
		using jsonb_each(coalesce(p_proposal -> 'policies', '{}')) as s, jsonb_each(s.value) as m
	where p.summit_id = p_summit and p.sector = s.key::public.sector and p.mode = m.key::public.attendance_mode
		and m.value = 'null';
	if p_proposal ? 'ceilings' then
		delete from public.seat_ceilings as c where c.summit_id = p_summit and not exists (
			select from jsonb_to_recordset(p_proposal -> 'ceilings') as g (mode public.attendance_mode,
				sector public.sector, region text)
			where g.mode = c.mode and g.sector is not distinct from c.sector and g.region is not distinct
				from c.region);
		insert into public.seat_ceilings (summit_id, mode, sector, region, ceiling)
		select p_summit, g.mode, g.sector, g.region, g.ceiling
		from jsonb_to_recordset(p_proposal -> 'ceilings') as g (mode public.attendance_mode, sector public.sector,
			region text, ceiling integer)
		on conflict (summit_id, mode, sector, region) do update set ceiling = excluded.ceiling
			where seat_ceilings.ceiling <> excluded.ceiling;
	end if;
	insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reserved_until, reason)
	select p_summit, g.member_id, g.mode, g.ceiling, g.reserved_until, btrim(coalesce(g.reason, ''))
	from jsonb_to_recordset(coalesce(p_proposal -> 'exceptions', '[]')) as g (member_id uuid,
		mode public.attendance_mode, ceiling integer, reserved_until timestamptz, reason text)
	where g.ceiling is not null
	on conflict (summit_id, member_id, mode) do update
		set ceiling = excluded.ceiling, reserved_until = excluded.reserved_until, reason = excluded.reason;
	delete from public.allocation_exceptions as e
	using jsonb_to_recordset(coalesce(p_proposal -> 'exceptions', '[]')) as g (member_id uuid,
		mode public.attendance_mode, ceiling integer)
	where e.summit_id = p_summit and e.member_id = g.member_id and e.mode = g.mode and g.ceiling is null;
	perform set_config('app.allowances', '', true);
end
$$;

-- What would be otherwise, found by doing it and taking it back. Answers {status: ok | stranded | invalid |
-- not_allowed, version, before, after, members: {total, rows: [{id, name, mode, before, after, used}]}, stranded:
-- [{kind, mode, member_id, name, seats, allowed}], served: [{mode, seats, offers}], next: [{mode, registration_id,
-- display_name, member}]}.
create function public.preview_allowances(summit uuid, proposal jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answer jsonb;
	v_before jsonb;
	v_stranded jsonb;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_modes(summit);
	v_answer := jsonb_build_object('status', 'ok', 'version', private.allowances_version(summit), 'before',
		private.allowance_figures(summit));
	select jsonb_object_agg(sm.member_id || ' '
		|| mode.mode, private.ceiling_of(summit, sm.member_id, mode.mode)) into v_before
	from public.summit_members as sm cross join unnest(enum_range(null::public.attendance_mode)) as mode
		where sm.summit_id = preview_allowances.summit;
	begin
		perform private.write_allowances(summit, proposal);
		select coalesce(jsonb_agg(to_jsonb(o)), '[]') into v_stranded from private.overruns_of(summit) as o;
		v_answer := v_answer
			|| jsonb_build_object('members', private.changed_members(summit, coalesce(v_before, '{}')));
		if v_stranded = '[]' then perform private.serve_queues(summit); end if;
		v_answer := v_answer || jsonb_build_object('status', case when v_stranded = '[]' then 'ok' else 'stranded' end,
			'stranded', v_stranded,
			'after', private.allowance_figures(summit),
			-- The moment of this transaction is that of what it served.
			'served', (select coalesce(jsonb_agg(to_jsonb(n) order by n.mode), '[]') from (
				select q.mode, count(*) as seats, count(*) filter (where q.state = 'offered') as offers
					from public.queue_entries as q
				where q.summit_id = preview_allowances.summit
					and (q.offered_at = now() and q.state = 'offered' or q.closed_at = now() and q.state = 'served')
					group by q.mode) as n),
			'next', (select coalesce(jsonb_agg(jsonb_build_object('mode', n.mode, 'registration_id', n.registration_id,
				'display_name', n.display_name, 'member', n.member) order by n.mode, n.rank), '[]') from (
				select q.mode, q.rank, q.registration_id, p.display_name, m.name as member
					from public.queue_entries as q
				join public.registrations as r on r.id = q.registration_id join public.people as p on p.id = r.person_id
					left join public.members as m on m.id = r.member_id
				where q.summit_id = preview_allowances.summit
					and (q.offered_at = now() and q.state = 'offered' or q.closed_at = now() and q.state = 'served')
				order by q.mode, q.rank limit 20) as n));
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when data_exception or integrity_constraint_violation then return jsonb_build_object('status', 'invalid');
	end;
	return v_answer;
end
$$;
grant execute on function public.preview_allowances(uuid, jsonb) to authenticated;

create function private.changed_members(p_summit uuid, p_before jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	with each as (
		select m.id, m.name, mode.mode, (p_before ->> (sm.member_id || ' ' || mode.mode))::integer as before,
			private.ceiling_of(p_summit, sm.member_id, mode.mode) as after,
			coalesce(u.held + u.taken, 0) as used
		from public.summit_members as sm cross join unnest(enum_range(null::public.attendance_mode)) as mode
		join public.members as m on m.id = sm.member_id
		left join private.member_seats(p_summit) as u on u.member_id = sm.member_id and u.mode = mode.mode
		where sm.summit_id = p_summit
	), changed as (select * from each where each.before is distinct from each.after)
	select jsonb_build_object('total', (select count(*) from changed), 'rows',
		(select coalesce(jsonb_agg(to_jsonb(c) order by c.name, c.mode), '[]')
		from (select * from changed order by (changed.used > changed.after) desc, changed.name, changed.mode
			limit 50) as c))
$$;

-- Applies a proposal whole. `version` is the one that was read. Answers {status: ok | conflict | stranded | invalid |
-- not_allowed, served, detail}.
create function public.apply_allowances(summit uuid, proposal jsonb, version text, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_served integer;
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_modes(summit);
	if version is distinct from private.allowances_version(summit) then
		return jsonb_build_object('status', 'conflict');
	end if;
	begin
		perform set_config('app.reason', btrim(left(coalesce(reason, ''), 500)), true);
		perform private.write_allowances(summit, proposal);
		v_served := private.settle_allowances(summit);
	exception
		when sqlstate 'PT409' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return jsonb_build_object('status', 'stranded', 'detail', v_detail);
		when data_exception or integrity_constraint_violation then return jsonb_build_object('status', 'invalid');
	end;
	perform private.tell('organise:' || summit, 'registration');
	return jsonb_build_object('status', 'ok', 'served', v_served);
end
$$;
grant execute on function public.apply_allowances(uuid, jsonb, text, text) to authenticated;
