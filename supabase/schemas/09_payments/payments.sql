-- What money sets in motion, whichever way it came: by card, by bank or at the desk.

-- After money has come in for a locked order. Answers paid, underpaid, revived (the order had ended and begins again)
-- or surplus (it had ended and the money goes back).
create function private.apply_payment(p_order uuid, p_amount bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_effect text;
begin
	perform private.allow_closed_summits();
	select * into strict v_order from public.orders as o where o.id = p_order;
	if v_order.closed_at is null then
		v_effect := case when private.balance_of(p_order) > 0 then 'underpaid' else 'paid' end;
	else
		v_effect := case when private.reopen_order(v_order) then 'revived' else 'surplus' end;
	end if;
	if v_effect <> 'surplus' then
		perform private.mail_payer(v_order, 'payment_received', jsonb_build_object('amount', p_amount));
	end if;
	perform private.settle_order(p_order, case v_effect when 'surplus' then 'late' else 'overpaid' end);
	if v_effect in ('paid', 'revived') then
		update public.checkouts as c set state = 'expired'
		where c.order_id = p_order and c.state in ('requested', 'open');
	end if;
	perform private.notify_order(v_order);
	return v_effect;
end
$$;

-- Each line of a paid order takes effect: a registration is confirmed, or its switch of mode is done, unless the person
-- is barred.
create function private.complete_order(p_order uuid, p_leaving uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line record;
	v_r public.registrations;
begin
	for v_line in
		select distinct r.id, r.state, l.mode
		from public.order_lines as l
		join public.registrations as r on r.id = l.registration_id
		where l.order_id = p_order
			and r.id is distinct from p_leaving
			and private.line_total(p_order, r.id) > 0
			and (r.state = 'awaiting_payment' and l.mode = r.mode or r.state = 'confirmed' and l.mode <> r.mode)
			and exists (
				select from public.seats as s
				where s.registration_id = r.id
					and s.mode = l.mode
					and s.state = 'held'
					and not exists (
						select from public.queue_entries as q where q.seat_id = s.id and q.state = 'offered'
					)
			)
		order by r.id
	loop
		select * into strict v_r from public.registrations as r where r.id = v_line.id;
		if not private.refuse_seat_if_barred(v_r, v_line.mode, p_order) then
			perform private.confirm_seat(v_line.id, v_line.mode);
		end if;
	end loop;
end
$$;

-- Whether an order that had ended may begin again for `p_r`, apart from the seat. Only money that stays counts: what is
-- on its way back does not pay for a second beginning. Volatile, because `check_barred` leaves a setting behind.
create function private.may_reopen_order(
	p_order public.orders,
	p_r public.registrations,
	p_mode public.attendance_mode,
	p_cancelled bigint
) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_leaving bigint;
begin
	select coalesce(sum(f.amount), 0) into v_leaving from public.refunds as f
	where f.order_id = p_order.id and f.state in ('due', 'sent', 'failed');
	if p_cancelled <= 0
		or -private.balance_of(p_order.id) - v_leaving < p_cancelled
		or not exists (
			select from public.summits as s where s.id = p_order.summit_id and private.gives_seats(s)
		) then
		return false;
	end if;
	if p_r.state = 'expired' then
		if exists (
			select from public.registrations as other
			where other.summit_id = p_r.summit_id
				and other.person_id = p_r.person_id
				and other.state not in ('declined', 'withdrawn', 'expired')
		) then
			return false;
		end if;
	-- Of a confirmed registration only a switch that ran out is done late, never one that the person gave up for
	-- another.
	elsif p_r.state <> 'confirmed'
		or p_r.mode = p_mode
		or not exists (
			select from public.order_adjustments as a
			where a.order_id = p_order.id and a.kind = 'cancellation' and a.reason = 'switch_not_paid'
		)
		or exists (
			select from public.orders as o
			where o.closed_at is null and o.id in (select private.registration_orders(p_r.id))
		)
		or exists (
			select from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_mode and q.state in ('waiting', 'offered')
		) then
		return false;
	end if;
	if private.check_barred(p_r) then return false; end if;
	-- The rest of a fee, of which a part has gone back, does not pay for the seat.
	return not exists (select from private.registration_orders(p_r.id) as other where other <> p_order.id)
		or private.registration_charge(p_r.id) + p_cancelled >= private.registration_fee(
			p_r, p_mode, p_order.currency,
			(select min(l.priced_at) from public.order_lines as l where l.order_id = p_order.id)
		);
end
$$;

-- Money that came after its hold had ended gets the seat if there is one by the rules (Rule 3), for a person who has no
-- other claim by now. Answers whether it did. An order for several registrations is refunded instead, because otherwise
-- it would be chance which part of a delegation is seated.
create function private.reopen_order(p_order public.orders) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_cancelled bigint;
begin
	if (select count(distinct l.registration_id) from public.order_lines as l where l.order_id = p_order.id) <> 1 then
		return false;
	end if;
	select r.* into v_r from public.registrations as r
	where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order.id);
	select l.mode into v_mode from public.order_lines as l
	where l.order_id = p_order.id
	order by l.created_at desc limit 1;
	select -coalesce(sum(a.amount), 0) into v_cancelled from public.order_adjustments as a
	where a.order_id = p_order.id and a.kind = 'cancellation';
	if not private.may_reopen_order(p_order, v_r, v_mode, v_cancelled) then return false; end if;
	-- The queue is served first, so that nobody who waits is passed over (Rule 1).
	perform private.serve_queue(v_r.summit_id, v_mode);
	if private.seat_refusal_reason(v_r.summit_id, v_mode, v_r.member_id, v_r.pool_id) is not null
		or private.next_ready_entry(v_r.summit_id, v_mode) is not null then
		return false;
	end if;
	if v_r.state = 'expired' then
		v_r := private.change_registration_state(v_r.id, 'awaiting_payment', '', v_mode);
	end if;
	perform private.hold_seat(v_r, v_mode, now() + interval '1 hour');
	perform private.adjust_order(p_order.id, 'cancellation', v_cancelled, v_r.id, 'paid_late');
	perform private.confirm_seat(v_r.id, v_mode);
	return true;
end
$$;
