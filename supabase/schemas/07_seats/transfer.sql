-- Transfer of a seat from one person of a member to another. The seat is never free in between, and nobody in the queue
-- is passed over, because the member has it already.

-- Moves what paid orders of the member charged for one person to the other; the balance of each order stays as it is.
-- Locks the orders by id.
create function private.move_member_charges(p_from public.registrations, p_to public.registrations) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_charged bigint;
	v_whole bigint;
begin
	for v_order in
		select o.*
		from public.orders as o
		where o.id in (select private.registration_orders(p_from.id))
			and o.payer_member_id = p_from.member_id
			and o.closed_at is not null
		order by o.id
		for no key update
	loop
		v_charged := private.line_total(v_order.id, p_from.id);
		continue when v_charged <= 0 or private.balance_of(v_order.id) > 0;
		-- With the tax that the member accounts for, and the credit of it.
		v_whole := private.line_total_with_tax(v_order.id, p_from.id);
		insert into public.order_lines (order_id, summit_id, registration_id, mode, amount, vat_rate_id)
		values (
			v_order.id, v_order.summit_id, p_to.id, p_from.mode, v_whole,
			(
				select l.vat_rate_id from public.order_lines as l
				where l.order_id = v_order.id and l.registration_id = p_from.id
				order by l.created_at desc limit 1
			)
		);
		perform private.adjust_order(v_order.id, 'credit', v_charged - v_whole, p_to.id, 'reverse_charge');
		perform private.adjust_order(v_order.id, 'cancellation', -v_charged, p_from.id, 'handed_over');
		perform private.notify_order(v_order);
	end loop;
end
$$;

-- Withdraws `p_from` and gives the seat to `p_to`: held while they are under review, otherwise offered to them
-- (`p_entry` is their queue entry). What `p_from` still owed is cancelled; what they paid is refunded by the rule of
-- the Summit; what the member paid stays with the seat. False, with nothing changed, when there is no seat to give.
-- `p_by` and `p_for` as in private.change_registration_state. The caller holds the locks of both modes.
create function private.transfer_seat(p_from uuid, p_to public.registrations, p_entry uuid, p_by uuid, p_for uuid)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_from public.registrations;
	v_mode public.attendance_mode := coalesce(
		(select q.mode from public.queue_entries as q where q.id = p_entry), p_to.mode);
	v_seat uuid;
	v_refund bigint;
begin
	select * into v_from from public.registrations as r where r.id = p_from for no key update;
	if v_from.id = p_to.id
		or (v_from.summit_id, v_from.member_id, v_from.mode) is distinct from (p_to.summit_id, p_to.member_id, v_mode)
	then
		return false;
	end if;
	select s.id into v_seat
	from public.seats as s
	where s.registration_id = p_from and s.mode = v_mode and s.state <> 'released';
	if v_seat is null
		or v_from.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
	then
		return false;
	end if;
	v_refund := private.refunds_of(p_from);
	perform private.move_member_charges(v_from, p_to);
	perform private.release_seats(p_from, 'handed_over', v_mode);
	v_from := private.leave_summit(p_from, 'withdrawn', 'handed_over', private.refund_percent(v_from.summit_id),
		p_by, p_for);
	v_refund := private.refunds_of(p_from) - v_refund;
	if p_entry is not null then
		perform private.serve_entry(p_entry, v_seat);
	else
		insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until, transferred_from_id)
		select s.id, p_to.id, v_mode, p_to.member_id, 'held',
			private.deadline_after(s.id, make_interval(days => s.review_days)), v_seat
		from public.summits as s
		where s.id = p_to.summit_id;
	end if;
	perform private.mail_about(v_from, 'registration_withdrawn', jsonb_build_object(
		'by', 'focal_point',
		'handed_over', true,
		'refund', v_refund,
		'currency', (select s.currency from public.summits as s where s.id = v_from.summit_id)));
	perform private.serve_queues(v_from.summit_id);
	return true;
end
$$;

-- In which role the caller may transfer the seat of a registration: organiser, focal_point, or closed when the time for
-- nominations is over; null when they may not, or when it is not live or has no member.
create function private.seat_transfer_role(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
			and p_r.member_id is not null
			and (private.has_role(p_r.summit_id, 'registration') or private.is_focal_for(p_r))
			then private.nominator_role(p_r.summit_id, p_r.member_id)
	end
$$;

-- Transfers a seat to a colleague who waits in the queue of its mode; a colleague who registered by themselves becomes
-- nominated. Answers ok, not_found, closed, wrong_state (there is no seat to give) or not_waiting. Locks both modes,
-- then the two registrations by id.
create function public.transfer_seat_to_colleague(registration uuid, colleague uuid) returns public.seat_transfer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_from public.registrations;
	v_to public.registrations;
	v_entry uuid;
	v_principal uuid;
begin
	select * into v_from from public.registrations as r where r.id = registration;
	if not found or private.seat_transfer_role(v_from) is null then return 'not_found'; end if;
	if private.seat_transfer_role(v_from) = 'closed' then return 'closed'; end if;
	perform private.lock_modes(v_from.summit_id);
	perform from public.registrations as r where r.id in (registration, colleague) order by r.id for no key update;
	select * into v_from from public.registrations as r where r.id = registration;
	select * into v_to
	from public.registrations as r
	where r.id = colleague
		and r.summit_id = v_from.summit_id
		and r.member_id = v_from.member_id
		and r.id <> v_from.id;
	if not found or private.seat_transfer_role(v_from) is null or private.seat_transfer_role(v_to) is null then
		return 'not_found';
	end if;
	select q.id into v_entry
	from public.queue_entries as q
	where q.registration_id = v_to.id and q.mode = v_from.mode and q.state = 'waiting';
	if not found then return 'not_waiting'; end if;
	v_principal := private.set_focal_audit_context(v_from.summit_id, v_from.member_id, 'handed over');
	if v_to.state = 'submitted' then
		delete from public.nomination_refusals as x where x.registration_id = v_to.id;
		v_to := private.change_registration_state(v_to.id, 'nominated');
	end if;
	return case
		when private.transfer_seat(v_from.id, v_to, v_entry, private.actor(), v_principal) then 'ok'
		else 'wrong_state'
	end;
end
$$;
grant execute on function public.transfer_seat_to_colleague(uuid, uuid) to authenticated;

-- Invites somebody to take over a seat; the seat stays where it is until they have submitted the form. Answers like
-- invite_delegate, and not_found, wrong_state, or already when the seat is promised to somebody else. An advisory lock
-- on the invitations of the member keeps two invitations to one seat apart.
create function public.transfer_seat_by_invitation(registration uuid, letter jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_as text;
begin
	select * into v_r from public.registrations as r where r.id = registration;
	v_as := case when found then private.seat_transfer_role(v_r) end;
	if v_as is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_as = 'closed' or private.registration_window(v_r.summit_id) <> 'open' then
		return jsonb_build_object('status', 'closed');
	end if;
	if not exists (select from public.seats as s
		where s.registration_id = v_r.id and s.mode = v_r.mode and s.state <> 'released')
	then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if not private.is_sealed_invitation(letter) then return jsonb_build_object('status', 'invalid'); end if;
	if private.find_person_by_address(decode(letter ->> 'address_hash', 'hex')) = private.me() then
		return jsonb_build_object('status', 'self');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('invitations:' || v_r.member_id || v_r.summit_id, 3));
	if exists (select from private.invitations as i
		where i.transfers_from_id = v_r.id and private.invitation_state(i) in ('sent', 'opened'))
	then
		return jsonb_build_object('status', 'already');
	end if;
	return private.create_invitation(v_r.summit_id, v_r.member_id, null, 'delegate', v_r.mode,
		case v_as
			when 'organiser' then (select s.registration_closes_at from public.summits as s where s.id = v_r.summit_id)
			else private.nomination_deadline(v_r.summit_id)
		end,
		letter, private.set_focal_audit_context(v_r.summit_id, v_r.member_id, 'handed over'), v_r.id);
end
$$;
grant execute on function public.transfer_seat_by_invitation(uuid, jsonb) to authenticated;
