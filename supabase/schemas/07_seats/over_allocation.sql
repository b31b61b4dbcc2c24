-- A change of capacities, ceilings, pools or members never leaves more seats in use than are allowed ("stranded"
-- seats), and what it frees goes to the queue.

-- The first capacity or ceiling that the seats in use exceed, as a text; null when there is none.
create function private.find_over_allocation(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	with used as (
		select s.mode, s.member_id, s.pool_id, count(*) as seats
		from public.seats as s
		where s.summit_id = p_summit and s.state <> 'released'
		group by s.mode, s.member_id, s.pool_id
	)
	select format('%s: %s seats are out, %s would be allowed', what, seats, allowed)
	from (
		select 'capacity ' || mode as what, sum(seats) as seats,
			coalesce((select c.capacity
				from public.mode_capacities as c
				where c.summit_id = p_summit and c.mode = used.mode), 0) as allowed
		from used
		left join public.pools as p on p.id = used.pool_id
		where p.outside_capacity is not true
		group by mode
		union all
		select m.name || ' ' || used.mode, used.seats, private.member_seat_ceiling(p_summit, used.member_id, used.mode)
		from used
		join public.members as m on m.id = used.member_id
		union all
		select p.name || ' ' || used.mode, used.seats, private.pool_ceiling(p.id, used.mode)
		from used
		join public.pools as p on p.id = used.pool_id
		union all
		select coalesce(c.sector::text, c.region) || ' ' || c.mode, sum(used.seats), c.ceiling
		from public.seat_ceilings as c
		join used on used.mode = c.mode
		join public.summit_members as sm on sm.summit_id = p_summit
			and sm.member_id = used.member_id
			and (sm.sector = c.sector or sm.region = c.region)
		where c.summit_id = p_summit
		group by c.id
	) as each
	where seats > allowed
	limit 1
$$;

-- Every capacity and ceiling that the seats in use exceed. kind: capacity, member, pool, region or sector.
create function private.list_over_allocations(p_summit uuid)
	returns table (kind text, mode public.attendance_mode, member_id uuid, name text, seats bigint, allowed integer)
language sql stable security definer set search_path = '' as $$
	with used as (
		select s.mode, s.member_id, s.pool_id, count(*) as seats
		from public.seats as s
		where s.summit_id = p_summit and s.state <> 'released'
		group by s.mode, s.member_id, s.pool_id
	), each as (
		select 'capacity' as kind, used.mode, null::uuid as member_id, null::text as name,
			sum(used.seats)::bigint as seats,
			coalesce((select c.capacity
				from public.mode_capacities as c
				where c.summit_id = p_summit and c.mode = used.mode), 0) as allowed
		from used
		left join public.pools as p on p.id = used.pool_id
		where p.outside_capacity is not true
		group by used.mode
		union all
		select 'member', used.mode, m.id, m.name, used.seats, coalesce(e.ceiling, p.ceiling, 0)
		from used
		join public.members as m on m.id = used.member_id
		left join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = m.id
		left join public.allocation_exceptions as e on e.summit_id = p_summit
			and e.member_id = m.id
			and e.mode = used.mode
		left join public.allocation_policies as p on p.summit_id = p_summit
			and p.sector = sm.sector
			and p.mode = used.mode
		union all
		select 'pool', used.mode, null, p.name, used.seats, private.pool_ceiling(p.id, used.mode)
		from used
		join public.pools as p on p.id = used.pool_id
		union all
		select case when c.sector is null then 'region' else 'sector' end, c.mode, null,
			coalesce(c.sector::text, c.region), sum(used.seats)::bigint, c.ceiling
		from public.seat_ceilings as c
		join used on used.mode = c.mode
		join public.summit_members as sm on sm.summit_id = p_summit
			and sm.member_id = used.member_id
			and (sm.sector = c.sector or sm.region = c.region)
		where c.summit_id = p_summit
		group by c.id
	)
	select each.* from each where each.seats > each.allowed order by each.kind, each.mode, each.name
$$;

-- Locks the modes before the row of a setting is locked. A transaction that locked the row first and then waited for
-- the modes would deadlock with one that holds the modes and wants the row. A statement trigger does not know the
-- Summit yet, so this locks all Summits whose settings the caller may write.
create function private.lock_managed_modes() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	-- A change in several steps has locked the modes of its own Summit before.
	if current_setting('app.allowances', true) = 'together' then return null; end if;
	perform private.lock_modes(variadic array(select private.summits_with_role('registration')));
	return null;
end
$$;
create trigger lock_managed_modes before insert or update or delete on public.mode_capacities for each statement
	execute function private.lock_managed_modes();
create trigger lock_managed_modes before insert or update or delete on public.allocation_policies for each statement
	execute function private.lock_managed_modes();
create trigger lock_managed_modes before insert or update or delete on public.allocation_exceptions for each statement
	execute function private.lock_managed_modes();
create trigger lock_managed_modes before insert or update or delete on public.seat_ceilings for each statement
	execute function private.lock_managed_modes();
create trigger lock_managed_modes before insert or update or delete on public.pools for each statement
	execute function private.lock_managed_modes();
create trigger lock_managed_modes before update on public.summit_members for each statement
	execute function private.lock_managed_modes();

-- Refuses a change that strands seats; otherwise serves the queue with what became free. Locks the modes of the Summit.
create function private.guard_seat_quotas() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_summit uuid := (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'summit_id')::uuid;
	v_overrun text;
begin
	-- A change in several steps is checked once, at its end (private.finish_seat_quota_change).
	if current_setting('app.allowances', true) = 'together' then return null; end if;
	perform private.lock_modes(v_summit);
	v_overrun := private.find_over_allocation(v_summit);
	if v_overrun is not null then
		raise sqlstate 'PT409' using message = 'seats that are out would be stranded', detail = v_overrun;
	end if;
	perform private.serve_queues(v_summit);
	perform private.publish_event('summit:' || v_summit, 'seats');
	return null;
end
$$;
create trigger guard_seat_quotas after insert or update or delete on public.mode_capacities for each row
	execute function private.guard_seat_quotas();
create trigger guard_seat_quotas after insert or update or delete on public.allocation_policies for each row
	execute function private.guard_seat_quotas();
create trigger guard_seat_quotas after insert or update or delete on public.allocation_exceptions for each row
	execute function private.guard_seat_quotas();
create trigger guard_seat_quotas after insert or update or delete on public.seat_ceilings for each row
	execute function private.guard_seat_quotas();
create trigger guard_seat_quotas after insert or update or delete on public.pools for each row
	execute function private.guard_seat_quotas();
create trigger guard_seat_quotas after update of standing, sector, region on public.summit_members for each row
	when ((old.standing, old.sector, old.region) is distinct from (new.standing, new.sector, new.region))
		execute function private.guard_seat_quotas();

-- Ends a change in several steps: raises PT409 when it strands seats, otherwise serves the queues and answers how many
-- were served. The caller holds the locks of both modes.
create function private.finish_seat_quota_change(p_summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_overrun text := private.find_over_allocation(p_summit);
	v_served integer;
begin
	if v_overrun is not null then
		raise sqlstate 'PT409' using message = 'seats that are out would be stranded', detail = v_overrun;
	end if;
	v_served := private.serve_queues(p_summit);
	perform private.publish_event('summit:' || p_summit, 'seats');
	return v_served;
end
$$;
