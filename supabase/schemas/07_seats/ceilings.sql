-- How many seats a member or pool may have, how many are reserved and how many are used, and why one more cannot be
-- had. What is held to these ceilings is in 07_seats/rules.sql.

-- The most seats of a mode that a member may have: its exception, else the policy of its sector, else none.
create function private.member_seat_ceiling(p_summit uuid, p_member uuid, p_mode public.attendance_mode) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select e.ceiling
			from public.allocation_exceptions as e
			where e.summit_id = p_summit and e.member_id = p_member and e.mode = p_mode),
		(select p.ceiling
			from public.allocation_policies as p
			join public.summit_members as sm on sm.summit_id = p.summit_id and sm.sector = p.sector
			where p.summit_id = p_summit and sm.member_id = p_member and p.mode = p_mode),
		0)
$$;

-- The most seats of a mode that a pool may have.
create function private.pool_ceiling(p_pool uuid, p_mode public.attendance_mode) returns integer
language sql stable security definer set search_path = '' as $$
	select case p_mode when 'in_person' then p.in_person_ceiling else p.virtual_ceiling end
	from public.pools as p
	where p.id = p_pool
$$;

-- True when the seats of this pool count only towards its own ceilings, not towards the capacity of the mode.
create function private.is_outside_capacity(p_pool uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.pools as p where p.id = p_pool and p.outside_capacity)
$$;

-- The seats that are reserved for each member and not yet used. Nothing is reserved for a member whose standing lets it
-- take no seat.
create function private.list_reserved_seats(p_summit uuid, p_mode public.attendance_mode)
	returns table (member_id uuid, seats bigint)
language sql stable security definer set search_path = '' as $$
	select e.member_id, greatest(0, e.ceiling - (
		select count(*)
		from public.seats as s
		where s.summit_id = p_summit
			and s.mode = p_mode
			and s.member_id = e.member_id
			and s.state <> 'released'))
	from public.allocation_exceptions as e
	join public.summit_members as sm on sm.summit_id = e.summit_id
		and sm.member_id = e.member_id
		and sm.standing in ('active', 'observer')
	where e.summit_id = p_summit and e.mode = p_mode and e.reserved_until > now()
$$;

-- How many they are in all. `p_but`: a member whose own reserve does not count.
create function private.count_reserved_seats(p_summit uuid, p_mode public.attendance_mode, p_but uuid default null)
	returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(a.seats), 0)::bigint
	from private.list_reserved_seats(p_summit, p_mode) as a
	where a.member_id is distinct from p_but
$$;

-- The sectors and regions whose own ceiling is reached. The open seats are counted once for all ceilings, and not at
-- all where a Summit has none.
create function private.full_ceilings(p_summit uuid, p_mode public.attendance_mode)
	returns table (sector public.sector, region text)
language sql stable security definer set search_path = '' as $$
	with open as materialized (
		select sm.sector, sm.region, count(*) as seats
		from public.seats as s
		join public.summit_members as sm on sm.summit_id = s.summit_id and sm.member_id = s.member_id
		where s.summit_id = p_summit and s.mode = p_mode and s.state <> 'released'
		group by sm.sector, sm.region
	)
	select c.sector, c.region
	from public.seat_ceilings as c
	where c.summit_id = p_summit and c.mode = p_mode and c.ceiling <= (
		select coalesce(sum(open.seats), 0) from open where open.sector = c.sector or open.region = c.region)
$$;

-- Why a person of this member or pool cannot have one more seat of the mode now; null when they can. The order of the
-- answers: their own allocation, then the ceiling of sector or region, then the capacity less what is reserved for
-- others.
create function private.seat_refusal_reason(p_summit uuid, p_mode public.attendance_mode, p_member uuid, p_pool uuid)
	returns public.queue_reason
language plpgsql stable security definer set search_path = '' as $$
declare
	v_own bigint;
	v_open bigint;
	v_member public.summit_members;
begin
	if p_member is not null then
		select * into v_member
		from public.summit_members as sm
		where sm.summit_id = p_summit and sm.member_id = p_member;
		select count(*) into v_own
		from public.seats as s
		where s.summit_id = p_summit and s.mode = p_mode and s.member_id = p_member and s.state <> 'released';
		if v_member.standing is null
			or v_member.standing not in ('active', 'observer')
			or v_own >= private.member_seat_ceiling(p_summit, p_member, p_mode)
		then
			return 'allocation';
		end if;
		if exists (select from private.full_ceilings(p_summit, p_mode) as f
			where f.sector = v_member.sector or f.region = v_member.region)
		then
			return 'ceiling';
		end if;
	else
		select count(*) into v_own
		from public.seats as s
		where s.summit_id = p_summit and s.mode = p_mode and s.pool_id = p_pool and s.state <> 'released';
		if p_pool is null or v_own >= private.pool_ceiling(p_pool, p_mode) then return 'allocation'; end if;
		if private.is_outside_capacity(p_pool) then return null; end if;
	end if;
	-- All seats of the mode are counted last, because that takes the longest.
	select count(*) into v_open
	from public.seats as s
	where s.summit_id = p_summit
		and s.mode = p_mode
		and s.state <> 'released'
		and (s.pool_id is null
			or s.pool_id not in (select p.id from public.pools as p where p.summit_id = p_summit and p.outside_capacity));
	if v_open + private.count_reserved_seats(p_summit, p_mode, p_member) >= coalesce((
		select c.capacity
		from public.mode_capacities as c
		where c.summit_id = p_summit and c.mode = p_mode), 0)
	then
		return 'capacity';
	end if;
	return null;
end
$$;

-- Returns the seats of each member and mode, counted once for a whole list.
create function private.seats_by_member(p_summit uuid)
	returns table (member_id uuid, mode public.attendance_mode, held bigint, taken bigint)
language sql stable security definer set search_path = '' as $$
	select s.member_id, s.mode, count(*) filter (where s.state = 'held'), count(*) filter (where s.state = 'taken')
	from public.seats as s
	where s.summit_id = p_summit and s.state <> 'released' and s.member_id is not null
	group by s.member_id, s.mode
$$;

-- Returns a member's seats in one mode: {ceiling, held, taken, waiting, invited}. `invited` counts the invitations that
-- may still need a seat: unused, or used for a draft; not those that transfer a seat.
create function private.member_seats(p_summit uuid, p_member uuid, p_mode public.attendance_mode) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'ceiling', private.member_seat_ceiling(p_summit, p_member, p_mode),
		'held', count(*) filter (where s.state = 'held'),
		'taken', count(*) filter (where s.state = 'taken'),
		'waiting', (
			select count(*)
			from public.queue_entries as q
			join public.registrations as r on r.id = q.registration_id
			where q.summit_id = p_summit and q.mode = p_mode and q.state = 'waiting' and r.member_id = p_member),
		'invited', (
			select count(*)
			from private.invitations as i
			left join public.registrations as r on r.id = i.registration_id
			where i.summit_id = p_summit
				and i.member_id = p_member
				and i.mode = p_mode
				and i.transfers_from_id is null
				and i.revoked_at is null
				and i.expires_at > now()
				and (i.used_at is null or r.state = 'draft' and r.member_id = p_member and r.mode = p_mode)))
	from public.seats as s
	where s.summit_id = p_summit and s.member_id = p_member and s.mode = p_mode and s.state <> 'released'
$$;
