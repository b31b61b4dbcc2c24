-- The delegation of a member: its people in order, its seats and its invitations, as focal points see them.

-- Returns the people of a member whom its focal points see: the head first, then those with a place, then by name.
-- Focal points do not see people under an alias.
create function private.list_delegates(p_summit uuid, p_member uuid)
	returns table (registration_id uuid, is_head boolean, is_over boolean, number bigint)
language sql stable security definer set search_path = '' as $$
	select r.id, coalesce(d.is_head, false), r.state in ('declined', 'withdrawn', 'expired'),
		row_number() over (order by r.state in ('declined', 'withdrawn', 'expired'), coalesce(d.is_head, false) desc,
			d.position nulls last, p.display_name, r.created_at, r.id)
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.delegation_places as d on d.registration_id = r.id and d.member_id = r.member_id
	where r.summit_id = p_summit
		and r.member_id = p_member
		and r.state <> 'draft'
		and not private.has_alias(r.person_id)
$$;

-- A focal point moves a person one place up or down, or makes them the head or no longer the head. `place`: up | down |
-- head | no_head. An advisory lock for each delegation makes two focal points move people one after the other. Returns
-- ok, already (nothing to move) or not_found.
create function public.move_delegate(registration uuid, place text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_ids uuid[];
	v_at integer;
	v_to integer;
begin
	if place is null or place not in ('up', 'down', 'head', 'no_head') then
		raise sqlstate 'PT400' using message = 'up, down, head or no_head';
	end if;
	select * into v_r
	from public.registrations as r
	where r.id = registration
		and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		and private.is_focal_for(r);
	if not found then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('delegation:' || v_r.summit_id || v_r.member_id, 3));
	perform private.set_focal_audit_context(v_r.summit_id, v_r.member_id);
	-- The new order.
	v_ids := array(
		select d.registration_id
		from private.list_delegates(v_r.summit_id, v_r.member_id) as d
		where not d.is_over
		order by d.number);
	v_at := array_position(v_ids, registration);
	v_to := case place when 'up' then v_at - 1 when 'down' then v_at + 1 when 'head' then 1 else v_at end;
	if v_to not between 1 and cardinality(v_ids) then return 'already'; end if;
	-- The head stays first: nobody moves above the head, and the head does not move down.
	if place = 'up' and v_to = 1
			and exists (select from public.delegation_places as d where d.registration_id = v_ids[1] and d.is_head)
		or place = 'down' and v_at = 1
			and exists (
				select from public.delegation_places as d where d.registration_id = registration and d.is_head) then
		return 'already';
	end if;
	v_ids := array_remove(v_ids, registration);
	v_ids := v_ids[:v_to - 1] || registration || v_ids[v_to:];
	-- The old head is removed before the new one is written: the unique index allows one at a time.
	if place in ('head', 'no_head') then
		update public.delegation_places as d
		set is_head = false
		where d.summit_id = v_r.summit_id
			and d.member_id = v_r.member_id
			and d.is_head
			and (place = 'no_head' or d.registration_id <> registration);
	end if;
	insert into public.delegation_places as d (registration_id, summit_id, member_id, position, is_head)
	select given.id, v_r.summit_id, v_r.member_id, given.n, place = 'head' and given.id = registration
	from unnest(v_ids) with ordinality as given (id, n)
	on conflict (registration_id) do update
	set member_id = excluded.member_id, position = excluded.position,
		is_head = d.is_head and place <> 'no_head' or excluded.is_head;
	return 'ok';
end
$$;
grant execute on function public.move_delegate(uuid, text) to authenticated;

-- Returns a member's seats by mode: [{mode, ceiling, held, taken, waiting, invited, left, reserved_until}]. `left`: how
-- many more people can be invited for a seat.
create function private.delegation_seats(p_summit uuid, p_member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(own.seats || jsonb_build_object(
		'mode', c.mode,
		'left', greatest(0, (own.seats ->> 'ceiling')::integer - private.count_committed_seats(own.seats)),
		'reserved_until', (
			select private.iso(e.reserved_until)
			from public.allocation_exceptions as e
			where e.summit_id = p_summit
				and e.member_id = p_member
				and e.mode = c.mode
				and e.reserved_until > now()))
		order by c.mode), '[]')
	from public.mode_capacities as c, lateral (
		select private.member_seats(p_summit, p_member, c.mode) as seats) as own
	where c.summit_id = p_summit
$$;

-- Returns a member's invitations, newest first: open ones, and those that were used, revoked or expired within the last
-- week. An invitation that transfers the seat of a person under an alias does not say whose seat.
create function private.delegation_invitations(p_summit uuid, p_member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', i.id, 'address', i.address_mask, 'mode', i.mode, 'state', private.invitation_state(i),
		'until', private.iso(i.expires_at), 'may_send', sent.today < 3,
		'replaces', case
			when not private.has_alias((select r.person_id from public.registrations as r
				where r.id = i.transfers_from_id))
				then i.transfers_from_id end,
		'hands_over', (
			select p.display_name
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			where r.id = i.transfers_from_id and not private.has_alias(r.person_id)))
		order by sent.last_at desc, i.id), '[]')
	from private.invitations as i, lateral (
		select max(l.created_at) as last_at,
			count(*) filter (where l.created_at > now() - interval '1 day') as today
		from private.personal_links as l
		where l.invitation_id = i.id) as sent
	where i.summit_id = p_summit
		and i.member_id = p_member
		and (private.invitation_state(i) in ('sent', 'opened')
			or coalesce(i.used_at, i.revoked_at, i.expires_at) > now() - interval '7 days')
$$;

-- Returns, for focal points, their members' delegations: [{member, acting_for, nominating, until, seats, people,
-- invitations}]. People under an alias count among the seats and are not named. Nothing says who used an invitation,
-- what somebody needs, or why somebody was declined.
create function public.read_delegation(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'member', jsonb_build_object('id', m.id, 'name', m.name, 'sector', sm.sector, 'country', sm.country),
		'acting_for', (
			select p.display_name from public.people as p where p.id = private.focal_principal(f.summit_id, m.id)),
		'nominating', private.nominator_role(f.summit_id, m.id) <> 'closed'
			and private.registration_window(f.summit_id) = 'open'
			and sm.standing in ('active', 'observer'),
		'until', private.iso(private.nomination_deadline(f.summit_id)),
		'seats', private.delegation_seats(f.summit_id, m.id),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'registration_id', r.id, 'display_name', p.display_name, 'office', p.office,
				'mode', r.mode, 'state', r.state, 'state_since', private.iso(r.state_since),
				'is_head', d.is_head and not d.is_over,
				'not_ours', exists (select from public.nomination_refusals as x where x.registration_id = r.id),
				'has_seat', exists (
					select from public.seats as s
					where s.registration_id = r.id and s.mode = r.mode and s.state <> 'released'),
				-- Until when the seat is held, for the review or the payment.
				'held_until', (
					select private.iso(s.held_until)
					from public.seats as s
					where s.registration_id = r.id and s.mode = r.mode and s.state = 'held'),
				'queue', (
					select coalesce(jsonb_agg(jsonb_build_object('mode', q.mode,
						'position', case when q.state = 'waiting' then private.queue_position(q.id) end,
						'deadline', private.iso(q.deadline)) order by q.mode), '[]')
					from public.queue_entries as q
					where q.registration_id = r.id and q.state in ('waiting', 'offered')))
				order by d.number), '[]')
			from private.list_delegates(f.summit_id, m.id) as d
			join public.registrations as r on r.id = d.registration_id
			join public.people as p on p.id = r.person_id),
		'invitations', private.delegation_invitations(f.summit_id, m.id))
		order by m.name), '[]')
	from (
		select distinct mine.summit_id, mine.member_id
			from private.my_focal_members(read_delegation.summit) as mine
			where mine.summit_id not in (select private.archived_summits())) as f
	join public.members as m on m.id = f.member_id
	join public.summit_members as sm on sm.summit_id = f.summit_id and sm.member_id = f.member_id
$$;
grant execute on function public.read_delegation(uuid) to authenticated;
