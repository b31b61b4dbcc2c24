-- Rule 1 on every path: never more seats than the capacity of the mode nor than the allocation of the member, and every
-- seat belongs to a live registration. Here are the ceilings and the triggers that refuse what breaks the rule; the
-- locks are in 07_seats/locks.sql.

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

-- The last check of every write to the ledger, whatever wrote it. The functions that give seats check first and answer
-- with a status; a refusal here is a fault. Locks the mode of a new seat.
create function private.guard_seat() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_obstacle public.queue_reason;
begin
	if tg_op = 'DELETE' then
		raise sqlstate 'PT409' using message = 'a seat is released, never deleted';
	end if;
	if tg_op = 'UPDATE' then
		if (new.id, new.summit_id, new.registration_id, new.mode, new.transferred_from_id)
			is distinct from (old.id, old.summit_id, old.registration_id, old.mode, old.transferred_from_id)
		then
			raise sqlstate 'PT409' using message = 'a seat does not move: release it and take another';
		end if;
		if old.state = 'released' and new is distinct from old then
			raise sqlstate 'PT409' using message = 'a released seat stays released';
		end if;
		if new.state = 'released' or (new.member_id, new.pool_id) is not distinct from (old.member_id, old.pool_id) then
			return new;
		end if;
	elsif new.state = 'released' then
		return new;
	end if;
	perform private.lock_mode(new.summit_id, new.mode);
	if not exists (select from public.registrations as r
		where r.id = new.registration_id
			and r.summit_id = new.summit_id
			and r.member_id is not distinct from new.member_id
			and r.pool_id is not distinct from new.pool_id
			and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed'))
	then
		raise sqlstate 'PT409' using message = 'a seat belongs to a live registration and its member';
	end if;
	-- A transfer within a member gives one seat for one that was released for it in this very transaction, so it cannot
	-- exceed anything.
	if tg_op = 'INSERT' and new.transferred_from_id is not null then
		if not exists (select from public.seats as s
			where s.id = new.transferred_from_id
				and s.released_at = now()
				and s.release_reason = 'handed_over'
				and (s.summit_id, s.mode, s.member_id) = (new.summit_id, new.mode, new.member_id))
		then
			raise sqlstate 'PT409' using message = 'a seat is handed on within its member, at once';
		end if;
		return new;
	end if;
	-- A change in several steps (a merge of members, a change of pool) moves seats without giving any. Its caller
	-- checks the total at its end.
	if tg_op = 'UPDATE' and current_setting('app.allowances', true) = 'together' then return new; end if;
	v_obstacle := private.seat_refusal_reason(new.summit_id, new.mode, new.member_id, new.pool_id);
	if v_obstacle is not null then
		raise sqlstate 'PT409' using message = 'no seat', detail = v_obstacle::text;
	end if;
	return new;
end
$$;
create trigger guard_seat before insert or update or delete on public.seats for each row
	execute function private.guard_seat();

-- Refuses to empty a ledger.
create function private.refuse_truncate() returns trigger
language plpgsql set search_path = '' as $$
begin
	raise exception 'a ledger is never emptied' using errcode = 'insufficient_privilege';
end
$$;
create trigger never_truncate before truncate on public.seats for each statement
	execute function private.refuse_truncate();
create trigger never_truncate before truncate on public.queue_entries for each statement
	execute function private.refuse_truncate();
create trigger never_truncate before truncate on public.order_adjustments for each statement
	execute function private.refuse_truncate();

-- What is wrong between a registration and its seats, queue entries and badge; null when all is right.
create function private.seat_fault(p_registration uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = p_registration;
	if not found then return null; end if;
	-- A registration that is not live has nothing.
	if v_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') then
		return case
			when exists (select from public.seats as s where s.registration_id = v_r.id and s.state <> 'released')
				then 'a seat of a registration that is not live'
			when exists (select from public.queue_entries as q
				where q.registration_id = v_r.id and q.state in ('waiting', 'offered'))
				then 'a place in the queue of a registration that is not live'
			when exists (select from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null)
				then 'a valid badge of a registration that is not live'
		end;
	end if;
	-- A live one has a seat in its mode: taken when confirmed, held while payment is due; before that, held or queued
	-- for.
	if v_r.state in ('confirmed', 'awaiting_payment') then
		if not exists (select from public.seats as s
			where s.registration_id = v_r.id
				and s.mode = v_r.mode
				and s.state = case v_r.state when 'confirmed' then 'taken'::public.seat_state else 'held' end)
		then
			return format('%s without its seat', v_r.state);
		end if;
	elsif not exists (select from public.seats as s
			where s.registration_id = v_r.id and s.mode = v_r.mode and s.state = 'held')
		and not exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_r.mode and q.state in ('waiting', 'offered'))
	then
		return format('%s with neither a seat nor a place in the queue', v_r.state);
	end if;
	if exists (select from public.seats as s
		where s.registration_id = v_r.id
			and s.state <> 'released'
			and (s.member_id, s.pool_id) is distinct from (v_r.member_id, v_r.pool_id))
	then
		return 'a seat of another member or pool';
	end if;
	-- A second seat is one that is offered, or one that a switch of mode holds until it is paid.
	if exists (select from public.seats as s
		where s.registration_id = v_r.id
			and s.state <> 'released'
			and s.mode <> v_r.mode
			and (s.state <> 'held'
				or not exists (select from public.queue_entries as q where q.seat_id = s.id and q.state = 'offered')
				and not exists (select from public.order_lines as l
					join public.orders as o on o.id = l.order_id
					where l.registration_id = v_r.id and l.mode = s.mode and o.closed_at is null)))
	then
		return 'a second seat without an offer or a switch';
	end if;
	if exists (select from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null)
		and (v_r.state <> 'confirmed' or v_r.mode <> 'in_person')
	then
		return 'a valid badge without a confirmed seat in person';
	end if;
	return null;
end
$$;

-- Raises the fault of the registration that a row belongs to. Planned for many rows, as private.submit_registration is.
-- The triggers are deferred: they check at the end of the transaction, when all its parts are written.
create function private.check_seat_fault() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
declare
	v_fault text := private.seat_fault((coalesce(to_jsonb(new), to_jsonb(old))
		->> case when tg_table_name = 'registrations' then 'id' else 'registration_id' end)::uuid);
begin
	if v_fault is not null then
		raise sqlstate 'PT409' using message = v_fault;
	end if;
	return null;
end
$$;
create constraint trigger seat_fault_of_new after insert on public.registrations
	deferrable initially deferred for each row when (new.state <> 'draft')
	execute function private.check_seat_fault();
-- A draft has neither seat nor place: rows of those that name it are checked themselves.
create constraint trigger seat_fault after update of state, mode, member_id, pool_id on public.registrations
	deferrable initially deferred for each row
	when ((new.state <> 'draft' or old.state <> 'draft')
		and (old.state, old.mode, old.member_id, old.pool_id)
			is distinct from (new.state, new.mode, new.member_id, new.pool_id))
	execute function private.check_seat_fault();
create constraint trigger seat_fault after insert or update on public.seats
	deferrable initially deferred for each row execute function private.check_seat_fault();
create constraint trigger seat_fault after insert or update or delete on public.queue_entries
	deferrable initially deferred for each row execute function private.check_seat_fault();
create constraint trigger seat_fault after insert or update on public.badges
	deferrable initially deferred for each row execute function private.check_seat_fault();

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
