-- Giving free seats to those who wait, in order of rank. Every function here expects the lock of the mode
-- (private.lock_mode).

-- The waiting entries that could have a seat now, in order of rank, at most `p_most` and at most as many as there are
-- seats within the capacity. Entries whose member is at its ceiling are passed over and keep their rank. Each entry is
-- judged by itself: what one of them takes may be what another lacks, so the caller checks again while it serves.
create function private.list_ready_entries(p_summit uuid, p_mode public.attendance_mode, p_most bigint)
	returns setof public.queue_entries
language plpgsql stable security definer set search_path = '' as $$
declare
	v_free bigint;
begin
	if not exists (select from public.queue_entries as q
		where q.summit_id = p_summit and q.mode = p_mode and q.state = 'waiting')
	then
		return;
	end if;
	select c.capacity - (
		select count(*)
		from public.seats as s
		where s.summit_id = p_summit
			and s.mode = p_mode
			and s.state <> 'released'
			and not exists (select from public.pools as p where p.id = s.pool_id and p.outside_capacity))
	into v_free
	from public.mode_capacities as c
	where c.summit_id = p_summit and c.mode = p_mode;
	if coalesce(v_free, 0) <= 0
		and not exists (select from public.pools as p where p.summit_id = p_summit and p.outside_capacity)
	then
		return;
	end if;
	return query with used as (
		select s.member_id, s.pool_id, count(*) as seats
		from public.seats as s
		where s.summit_id = p_summit and s.mode = p_mode and s.state <> 'released'
		group by s.member_id, s.pool_id
	), reserved as (
		select * from private.list_reserved_seats(p_summit, p_mode)
	), filled as (
		select * from private.full_ceilings(p_summit, p_mode)
	), ready as (
		select q.id, pools.outside_capacity is true as is_outside,
			count(*) filter (where pools.outside_capacity is not true) over (order by q.rank) as nth
		from public.queue_entries as q
		join public.registrations as r on r.id = q.registration_id
		left join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = r.member_id
		left join public.allocation_exceptions as e on e.summit_id = p_summit
			and e.member_id = r.member_id
			and e.mode = p_mode
		left join public.allocation_policies as p on p.summit_id = p_summit and p.sector = sm.sector and p.mode = p_mode
		left join public.pools on pools.id = r.pool_id
		left join used on used.member_id = r.member_id
		left join used as pooled on pooled.pool_id = r.pool_id
		where q.summit_id = p_summit
			and q.mode = p_mode
			and q.state = 'waiting'
			and case
				when r.member_id is not null
					then sm.standing in ('active', 'observer')
						and coalesce(used.seats, 0) < coalesce(e.ceiling, p.ceiling, 0)
						and not exists (select from filled
							where filled.sector = sm.sector or filled.region = sm.region)
				when r.pool_id is not null
					then coalesce(pooled.seats, 0)
						< case p_mode when 'in_person' then pools.in_person_ceiling else pools.virtual_ceiling end
				else false
			end
			and (pools.outside_capacity is true
				or v_free > coalesce((
					select sum(reserved.seats) from reserved where reserved.member_id is distinct from r.member_id), 0))
	)
	select q.*
	from ready
	join public.queue_entries as q on q.id = ready.id
	where ready.is_outside or ready.nth <= v_free
	order by q.rank
	limit p_most;
end
$$;

-- The first entry that could have a seat now, or null.
create function private.next_ready_entry(p_summit uuid, p_mode public.attendance_mode) returns uuid
language sql stable security definer set search_path = '' as $$
	select q.id from private.list_ready_entries(p_summit, p_mode, 1) as q
$$;

-- Gives one entry a seat: a hold to a registration that is under review in this mode, an offer to one that is
-- accredited or has a seat in the other mode. `p_handed_from`: the seat of a colleague that was released for it.
create function private.serve_entry(p_entry uuid, p_handed_from uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q public.queue_entries;
	v_r public.registrations;
	v_summit public.summits;
	v_until timestamptz;
	v_seat uuid;
	v_is_hold boolean;
begin
	select * into strict v_q from public.queue_entries as q where q.id = p_entry for no key update;
	select * into strict v_r from public.registrations as r where r.id = v_q.registration_id for no key update;
	select * into strict v_summit from public.summits as s where s.id = v_q.summit_id;
	v_is_hold := v_r.mode = v_q.mode and v_r.state in ('submitted', 'nominated');
	v_until := private.deadline_after(v_summit.id, case
		when v_is_hold then make_interval(days => v_summit.review_days)
		else make_interval(hours => v_summit.offer_hours)
	end);
	insert into public.seats (summit_id, registration_id, mode, member_id, pool_id, state, held_until,
		transferred_from_id)
	values (v_q.summit_id, v_r.id, v_q.mode, v_r.member_id, v_r.pool_id, 'held', v_until, p_handed_from)
	returning id into v_seat;
	if v_is_hold then
		update public.queue_entries as q set state = 'served', seat_id = v_seat, closed_at = now() where q.id = p_entry;
	else
		update public.queue_entries as q
		set state = 'offered', seat_id = v_seat, offered_at = now(), deadline = v_until
		where q.id = p_entry;
		perform private.mail_about(v_r, 'offer_made',
			jsonb_build_object('mode', v_q.mode, 'entry_id', p_entry, 'deadline', v_until));
	end if;
	perform private.notify_registration(v_r, 'queue');
end
$$;

-- Serves one queue until no entry in it can have a seat, while the Summit gives seats. Answers how many were served. A
-- seat that is given makes no other entry ready, so an entry that is passed over within a round stays unserved.
create function private.serve_queue(p_summit uuid, p_mode public.attendance_mode) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ready record;
	v_before integer;
	v_served integer := 0;
	v_had uuid[];
	-- True when only the capacity and the own ceiling of each member or pool limit the seats.
	v_plain boolean := not exists (select from public.seat_ceilings as c
			where c.summit_id = p_summit and c.mode = p_mode)
		and not exists (select from public.allocation_exceptions as e
			where e.summit_id = p_summit and e.mode = p_mode and e.reserved_until > now());
begin
	if not exists (select from public.summits as s where s.id = p_summit and private.gives_seats(s)) then
		return 0;
	end if;
	loop
		v_before := v_served;
		v_had := '{}';
		for v_ready in
			select q.id, r.member_id, r.pool_id
			from private.list_ready_entries(p_summit, p_mode, 100) as q
			join public.registrations as r on r.id = q.registration_id
			order by q.rank
		loop
			-- Checked again only where an earlier entry of this round may have taken the seat: counting all seats for
			-- each entry would take longer than serving it.
			continue when (not v_plain or coalesce(v_ready.member_id, v_ready.pool_id) = any (v_had))
				and private.seat_refusal_reason(p_summit, p_mode, v_ready.member_id, v_ready.pool_id) is not null;
			perform private.serve_entry(v_ready.id);
			v_had := v_had || coalesce(v_ready.member_id, v_ready.pool_id);
			v_served := v_served + 1;
		end loop;
		exit when v_served = v_before;
	end loop;
	if v_served > 0 then perform private.publish_event('summit:' || p_summit, 'seats'); end if;
	return v_served;
end
$$;

-- Serves the queues of both modes. Answers how many entries were served.
create function private.serve_queues(p_summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mode public.attendance_mode;
	v_served integer := 0;
begin
	for v_mode in select c.mode from public.mode_capacities as c where c.summit_id = p_summit order by c.mode loop
		v_served := v_served + private.serve_queue(p_summit, v_mode);
	end loop;
	return v_served;
end
$$;
