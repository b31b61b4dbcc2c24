-- What follows from a change of category: the seat moves from one member or pool to another in its mode, without taking
-- a seat from people who wait there, and fee, badge, member and chosen sessions follow.

-- Returns whether somebody else waits in this mode for what a seat under this member or pool would use: the ceiling of
-- that member or pool, or that of its sector or region.
create function private.others_wait_for_seat(p_r public.registrations, p_member uuid, p_pool uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.queue_entries as q
		join public.registrations as w on w.id = q.registration_id and w.id <> p_r.id
		left join public.summit_members as theirs on theirs.summit_id = p_r.summit_id
			and theirs.member_id = w.member_id
		left join public.summit_members as own on own.summit_id = p_r.summit_id and own.member_id = p_member
		where q.summit_id = p_r.summit_id
			and q.mode = p_r.mode
			and q.state = 'waiting'
			and (w.member_id = p_member
				or w.pool_id = p_pool
				or exists (
					select from public.seat_ceilings as c
					where c.summit_id = p_r.summit_id
						and c.mode = p_r.mode
						and (c.sector = own.sector and c.sector = theirs.sector
							or c.region = own.region and c.region = theirs.region))))
$$;

-- Returns why the registration could have no seat under another member or pool if it had none now; null if it could.
-- It releases the seat, asks, and takes the release back, so that the seat does not count against itself.
create function private.seat_obstacle_elsewhere(p_r public.registrations, p_member uuid, p_pool uuid)
	returns public.queue_reason
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reason public.queue_reason;
begin
	begin
		perform private.release_seats(p_r.id, 'category');
		v_reason := private.seat_refusal_reason(p_r.summit_id, p_r.mode, p_member, p_pool);
		raise sqlstate 'GS000' using message = 'only tried';
	exception when sqlstate 'GS000' then null;
	end;
	return coalesce(v_reason,
		case when private.others_wait_for_seat(p_r, p_member, p_pool) then 'others_wait'::public.queue_reason end);
end
$$;

-- Changes the category and moves the seats and queue places of the registration to another member or pool. Returns
-- null, or why there is no seat. The caller has locked both modes and served their queues. An offered seat is given
-- back and its place in the queue waits again at its rank, so that a new offer is made under the new ceiling.
create function private.move_seats_to_allocation(p_r public.registrations, p_category public.registration_category,
	p_member uuid, p_pool uuid) returns public.queue_reason
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_offered uuid[] := array(
		select q.seat_id from public.queue_entries as q where q.registration_id = p_r.id and q.state = 'offered');
	v_reason public.queue_reason;
begin
	update public.queue_entries as q
	set state = 'waiting', seat_id = null, offered_at = null, deadline = null
	where q.registration_id = p_r.id and q.state = 'offered';
	update public.seats as s
	set state = 'released', held_until = null, released_at = now(), release_reason = 'category'
	where s.id = any (v_offered);
	if exists (select from public.seats as s where s.registration_id = p_r.id and s.state <> 'released') then
		v_reason := private.seat_obstacle_elsewhere(p_r, p_member, p_pool);
		if v_reason is not null then return v_reason; end if;
	end if;
	-- The seat is already in use, and the new ceiling was checked above: the guards on single rows must not count it
	-- again.
	perform set_config('app.allowances', 'together', true);
	update public.registrations as r
	set category = p_category, member_id = p_member, pool_id = p_pool, version = r.version + 1, updated_at = now()
	where r.id = p_r.id;
	update public.seats as s
	set member_id = p_member, pool_id = p_pool
	where s.registration_id = p_r.id and s.state <> 'released';
	perform set_config('app.allowances', '', true);
	perform private.notify_seats(p_r.id);
	return null;
end
$$;

-- Ends what belonged to the member that the registration leaves (its place in the delegation, a refused nomination, the
-- request for a member) and gives the person the affiliation of the member that it joins.
create function private.apply_member_change(p_r public.registrations, p_member uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
begin
	if p_member is null then
		delete from public.member_requests as q where q.registration_id = p_r.id and q.state = 'open';
	else
		update public.member_requests as q
		set state = 'linked', member_id = p_member
		where q.registration_id = p_r.id and q.state = 'open';
	end if;
	if p_r.member_id is not distinct from p_member then return; end if;
	delete from public.delegation_places as d where d.registration_id = p_r.id;
	delete from public.nomination_refusals as x where x.registration_id = p_r.id;
	select m.name into v_name from public.members as m where m.id = p_member;
	update public.people as p
	set affiliation = v_name, updated_at = now()
	where p.id = p_r.person_id and p.affiliation <> v_name and not private.has_alias(p.id);
	-- A nomination by the old member does not count for the new one. The date of sending stays.
	if p_r.state = 'nominated' then
		perform private.change_registration_state(p_r.id, 'submitted');
		update public.registrations as r set submitted_at = p_r.submitted_at where r.id = p_r.id;
	end if;
end
$$;

-- Charges or credits the difference to the fee of the new category and replaces the badge, which shows the category.
-- The person is accredited already, so only the payment can be missing: then the seat is held until the deadline, as
-- after any accreditation with a fee, and there is no badge until it is paid. Returns ok or awaiting_payment.
create function private.recharge_registration(p_id uuid, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_due bigint;
	v_until timestamptz;
begin
	select * into strict v_r from public.registrations as r where r.id = p_id;
	if v_r.state = 'awaiting_payment' then perform private.cancel_charges(v_r, 0, 'category'); end if;
	v_due := private.registration_fee(v_r, v_r.mode) - private.registration_charge(v_r.id);
	perform private.revoke_badge(v_r, 'category');
	if v_due > 0 then
		perform private.open_order(v_r, v_r.mode, v_due);
		select private.deadline_after(s.id, make_interval(days => s.payment_days)) into v_until
		from public.summits as s
		where s.id = v_r.summit_id;
		update public.seats as s
		set state = 'held', held_until = v_until
		where s.registration_id = v_r.id and s.mode = v_r.mode and s.state <> 'released';
		if v_r.state = 'confirmed' then
			perform private.change_registration_state(v_r.id, 'awaiting_payment', p_reason);
		end if;
		perform private.notify_registration(v_r, 'badge');
		return 'awaiting_payment';
	end if;
	if v_r.state = 'awaiting_payment' then
		perform private.confirm_seat(v_r.id, v_r.mode, p_reason);
	else
		insert into public.badges (summit_id, registration_id)
		select v_r.summit_id, v_r.id where v_r.mode = 'in_person';
		perform private.notify_registration(v_r, 'badge');
		perform private.publish_event('person:' || v_r.person_id, 'rights');
		perform private.mail_about(v_r, 'registration_confirmed');
	end if;
	if v_due < 0 then perform private.give_credit(v_r, -v_due, 'category'); end if;
	return 'ok';
end
$$;

-- A person who is no longer confirmed, or changes mode, category or member, loses the places in sessions that they
-- could not sign up for now (12_agenda/sign_up.sql).
create trigger give_up_lost_signups after update of state, mode, category, member_id on public.registrations
	for each row when (old.state = 'confirmed' and (new.state, new.mode, new.category, new.member_id)
		is distinct from (old.state, old.mode, old.category, old.member_id))
	execute function private.give_up_lost_signups();
