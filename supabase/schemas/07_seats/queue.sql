-- One queue for each mode, served in order of rank by whatever frees a seat.

-- Under the lock of the mode, so that ranks follow the order of arrival without gaps or ties.
create function private.enqueue(p_r public.registrations, p_mode public.attendance_mode, p_reason public.queue_reason)
	returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into public.queue_entries (summit_id, registration_id, mode, rank, reason)
	select p_r.summit_id, p_r.id, p_mode, coalesce(max(q.rank), 0) + 1, p_reason from public.queue_entries as q
		where q.summit_id = p_r.summit_id and q.mode = p_mode
	returning id into v_id;
	perform private.tell('person:' || p_r.person_id, 'queue', p_r.id);
	perform private.tell('summit:' || p_r.summit_id, 'seats');
	return v_id;
end
$$;

create function private.queue_position(p_entry uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*) from public.queue_entries as own
	join public.queue_entries as q on q.summit_id = own.summit_id and q.mode = own.mode and q.state = 'waiting'
		and q.rank <= own.rank
	where own.id = p_entry and own.state = 'waiting'
$$;

-- Who could have a seat now, in order of rank, at most as many as there are seats within the capacity. Those whose
-- member is at its ceiling are passed over and keep their rank. Each is judged for itself: what one of them takes may
-- be what another lacks.
create function private.ready_in_queue(p_summit uuid, p_mode public.attendance_mode, p_most bigint)
	returns setof public.queue_entries
language plpgsql stable security definer set search_path = '' as $$
declare
	v_free bigint;
begin
	if not exists (select from public.queue_entries as q
		where q.summit_id = p_summit and q.mode = p_mode and q.state = 'waiting') then
		return;
	end if;
	select c.capacity - (select count(*) from public.seats as s
		where s.summit_id = p_summit and s.mode = p_mode and s.state <> 'released'
		and not exists (select from public.pools as p where p.id = s.pool_id and p.outside_capacity)) into v_free
	from public.mode_capacities as c where c.summit_id = p_summit and c.mode = p_mode;
	if coalesce(v_free, 0) <= 0
		and not exists (select from public.pools as p where p.summit_id = p_summit and p.outside_capacity) then
		return;
	end if;
	return query with used as (
		select s.member_id, s.pool_id, count(*) as seats from public.seats as s
		where s.summit_id = p_summit and s.mode = p_mode and s.state <> 'released' group by s.member_id, s.pool_id
	), aside as (
		select e.member_id, greatest(0, e.ceiling - coalesce(used.seats, 0)) as seats
		from public.allocation_exceptions as e left join used on used.member_id = e.member_id
		where e.summit_id = p_summit and e.mode = p_mode and e.reserved_until > now()
	), filled as (select * from private.full_ceilings(p_summit, p_mode)), ready as (
		select q.id, pools.outside_capacity is true as is_outside,
			count(*) filter (where pools.outside_capacity is not true) over (order by q.rank) as nth
		from public.queue_entries as q
		join public.registrations as r on r.id = q.registration_id
		left join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = r.member_id
		left join public.allocation_exceptions as e on e.summit_id = p_summit and e.member_id = r.member_id
			and e.mode = p_mode
		left join public.allocation_policies as p on p.summit_id = p_summit and p.sector = sm.sector and p.mode = p_mode
		left join public.pools on pools.id = r.pool_id
		left join used on used.member_id = r.member_id
		left join used as pooled on pooled.pool_id = r.pool_id
		where q.summit_id = p_summit and q.mode = p_mode and q.state = 'waiting'
			and case
				when r.member_id is not null then sm.standing in ('active', 'observer')
					and coalesce(used.seats, 0) < coalesce(e.ceiling, p.ceiling, 0)
					and not exists (select from filled where filled.sector = sm.sector or filled.region = sm.region)
				when r.pool_id is not null then coalesce(pooled.seats, 0) < case p_mode
					when 'in_person' then pools.in_person_ceiling else pools.virtual_ceiling end
				else false end
			and (pools.outside_capacity is true or v_free > coalesce((select sum(aside.seats) from aside
				where aside.member_id is distinct from r.member_id), 0))
	)
	select q.* from ready join public.queue_entries as q on q.id = ready.id
		where ready.is_outside or ready.nth <= v_free order by q.rank limit p_most;
end
$$;

create function private.next_in_queue(p_summit uuid, p_mode public.attendance_mode) returns uuid
language sql stable security definer set search_path = '' as $$
	select q.id from private.ready_in_queue(p_summit, p_mode, 1) as q
$$;

-- Gives one seat to one entry: a hold to whom is under review, an offer to whom is accredited or sits elsewhere.
-- `p_handed_from`: the seat of a colleague that was released for it.
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
	v_until := private.deadline_in(v_summit.id, case when v_is_hold then make_interval(days => v_summit.review_days)
		else make_interval(hours => v_summit.offer_hours) end);
	insert into public.seats (summit_id, registration_id, mode, member_id, pool_id, state, held_until, handed_from)
	values (v_q.summit_id, v_r.id, v_q.mode, v_r.member_id, v_r.pool_id, 'held', v_until, p_handed_from)
		returning id into v_seat;
	if v_is_hold then
		update public.queue_entries as q set state = 'served', seat_id = v_seat, closed_at = now() where q.id = p_entry;
	else
		update public.queue_entries as q set state = 'offered', seat_id = v_seat, offered_at = now(), deadline = v_until
			where q.id = p_entry;
		perform private.mail_about(v_r, 'offer_made',
			jsonb_build_object('mode', v_q.mode, 'entry_id', p_entry, 'deadline', v_until));
	end if;
	perform private.tell_registration(v_r, 'queue');
end
$$;

-- Serves one queue until nobody in it can have a seat; the lock of the mode is held. Answers how many were served. A
-- seat that is given makes nobody ready who was not, so that whoever is passed over in between stays behind.
create function private.serve_queue(p_summit uuid, p_mode public.attendance_mode) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ready record;
	v_before integer;
	v_served integer := 0;
	v_had uuid[];
	-- Nothing but the hall and each one's own seats stands in the way.
	v_plain boolean := not exists (select from public.seat_ceilings as c
		where c.summit_id = p_summit and c.mode = p_mode)
		and not exists (select from public.allocation_exceptions as e
			where e.summit_id = p_summit and e.mode = p_mode and e.reserved_until > now());
begin
	if not exists (select from public.summits as s where s.id = p_summit and s.state in ('open', 'live')) then
		return 0;
	end if;
	loop
		v_before := v_served;
		v_had := '{}';
		for v_ready in select q.id, r.member_id, r.pool_id from private.ready_in_queue(p_summit, p_mode, 100) as q
			join public.registrations as r on r.id = q.registration_id order by q.rank
		loop
			-- Asked again only where one before them may have taken it: to count all seats for each would take longer
			-- than to serve.
			continue when (not v_plain or coalesce(v_ready.member_id, v_ready.pool_id) = any (v_had))
				and private.seat_obstacle(p_summit, p_mode, v_ready.member_id, v_ready.pool_id) is not null;
			perform private.serve_entry(v_ready.id);
			v_had := v_had || coalesce(v_ready.member_id, v_ready.pool_id);
			v_served := v_served + 1;
		end loop;
		exit when v_served = v_before;
	end loop;
	if v_served > 0 then perform private.tell('summit:' || p_summit, 'seats'); end if;
	return v_served;
end
$$;

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

-- Takes a hold for a newcomer, or says why not. While anyone who could have it waits, the seat is theirs.
create function private.hold_seat(p_r public.registrations, p_mode public.attendance_mode, p_until timestamptz)
	returns public.queue_reason
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reason public.queue_reason := private.seat_obstacle(p_r.summit_id, p_mode, p_r.member_id, p_r.pool_id);
begin
	if v_reason is null and private.next_in_queue(p_r.summit_id, p_mode) is not null then
		perform private.serve_queue(p_r.summit_id, p_mode);
		v_reason := coalesce(private.seat_obstacle(p_r.summit_id, p_mode, p_r.member_id, p_r.pool_id),
			case when private.next_in_queue(p_r.summit_id, p_mode) is not null
				then 'others_wait'::public.queue_reason end);
	end if;
	if v_reason is null then
		insert into public.seats (summit_id, registration_id, mode, member_id, pool_id, state, held_until)
		values (p_r.summit_id, p_r.id, p_mode, p_r.member_id, p_r.pool_id, 'held', p_until);
		perform private.tell('summit:' || p_r.summit_id, 'seats');
	end if;
	return v_reason;
end
$$;

create function private.tell_seats(p_registration uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.tell('summit:' || r.summit_id, 'seats') from public.registrations as r where r.id = p_registration
$$;

create function private.release_seats(p_registration uuid, p_reason text, p_mode public.attendance_mode default null)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.seats as s set state = 'released', held_until = null, released_at = now(), release_reason = p_reason
	where s.registration_id = p_registration and s.state <> 'released' and (p_mode is null or s.mode = p_mode);
	if found then perform private.tell_seats(p_registration); end if;
end
$$;

create function private.close_entries(p_registration uuid, p_state public.queue_state, p_mode public.attendance_mode
	default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.queue_entries as q set state = p_state, closed_at = now()
	where q.registration_id = p_registration and q.state in ('waiting', 'offered')
		and (p_mode is null or q.mode = p_mode);
	if found then perform private.tell_seats(p_registration); end if;
end
$$;

-- Mails about a registration name it by its reference; names and addresses come in at sending.
create function private.mail_about(p_r public.registrations, p_template text, p_params jsonb default '{}', p_once text
	default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.enqueue_mail(p_r.person_id, p_template,
		jsonb_build_object('registration_id', p_r.id, 'reference', p_r.reference, 'mode', p_r.mode)
			|| p_params, p_r.summit_id, p_once);
end
$$;
