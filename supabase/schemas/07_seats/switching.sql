-- Switching between the modes: its price, the switch, and undoing one that is not paid yet.

-- The newest open order that charges a registration: {order_id, amount, currency, due_at}, or null.
create function private.open_order_json(p_registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'order_id', o.id,
		'amount', private.balance_of(o.id),
		'currency', o.currency,
		'due_at', o.due_at)
	from public.orders as o
	where o.closed_at is null
		and o.id in (select l.order_id from public.order_lines as l where l.registration_id = p_registration)
	order by o.created_at desc
	limit 1
$$;

-- What a switch would cost or give back now: {due, credit, currency}. Null when the registration is neither the
-- caller's nor one that they organise, and before it is accredited, when nothing is charged. While it awaits its first
-- payment, the whole fee of the new mode is due.
create function public.quote_switch(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_due bigint;
	v_waived bigint;
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration
		and (r.person_id in (select private.my_people('registration'))
			or private.has_role(r.summit_id, 'registration'));
	if not found or v_r.state not in ('accredited', 'awaiting_payment', 'confirmed') then return null; end if;
	v_due := private.registration_fee(v_r, quote_switch.mode);
	if v_r.state <> 'awaiting_payment' then
		-- What an open switch charges is not paid yet.
		v_due := v_due - private.registration_charge(v_r.id) + (
			select coalesce(sum(private.line_total_with_tax(o.id, v_r.id)), 0)
			from public.orders as o
			where o.closed_at is null
				and o.id in (select l.order_id
					from public.order_lines as l
					where l.registration_id = v_r.id and l.mode <> v_r.mode));
	end if;
	select coalesce(sum(private.waived_of(o, v_r.id)), 0) into v_waived from private.registration_orders(v_r.id) as o;
	return jsonb_build_object(
		'due', greatest(v_due, 0),
		'currency', private.registration_currency(v_r),
		'credit', greatest(0, private.share_of(greatest(0, -v_due), private.refund_percent(v_r.summit_id),
			private.registration_currency(v_r)) - v_waived));
end
$$;
grant execute on function public.quote_switch(uuid, public.attendance_mode) to authenticated;

-- Undoes a switch that is not paid: releases the seat that it held and cancels what it charged. `p_order`: an order
-- that was closed meanwhile and counts as well. False when there is no such switch. The caller holds the locks of the
-- modes.
create function private.cancel_switch(p_r public.registrations, p_order uuid default null) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
begin
	select o.id into v_order
	from public.orders as o
	join public.order_lines as l on l.order_id = o.id and l.registration_id = p_r.id and l.mode <> p_r.mode
	where o.closed_at is null or o.id = p_order;
	if not found then return false; end if;
	update public.seats as s
	set state = 'released', held_until = null, released_at = now(), release_reason = 'switch_not_paid'
	where s.registration_id = p_r.id and s.mode <> p_r.mode and s.state = 'held';
	perform private.cancel_charges(p_r, 100, 'switch_not_paid', v_order);
	perform private.publish_event('summit:' || p_r.summit_id, 'seats');
	perform private.notify_registration(p_r, 'order');
	return true;
end
$$;

-- Switches a registration to a mode; seat, fee, badge and rights move together or not at all (Rule 2). Answers {status:
-- ok | awaiting_payment | payment_due | no_seat | already | wrong_state | not_found, reason, order_id, amount,
-- currency, due_at}. payment_due: the present seat stays until the difference is paid. Locks both modes and the
-- registration.
create function public.switch_mode(registration uuid, mode public.attendance_mode, keep_place boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own_registration(registration);
	v_mode public.attendance_mode := switch_mode.mode;
	v_reason public.queue_reason;
	v_status text;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state = 'draft' then
		update public.registrations as r
		set mode = v_mode, version = r.version + 1, updated_at = now()
		where r.id = v_r.id;
		return jsonb_build_object('status', 'ok');
	end if;
	if v_r.state in ('declined', 'withdrawn', 'expired')
		or v_mode is null
		or not exists (select from public.summits as s where s.id = v_r.summit_id and private.gives_seats(s))
	then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if v_r.mode = v_mode then
		-- The person changes back before the switch is paid.
		if v_r.state = 'confirmed' and private.cancel_switch(v_r) then
			perform private.serve_queues(v_r.summit_id);
			return jsonb_build_object('status', 'ok');
		end if;
		return jsonb_build_object('status', 'already');
	end if;
	perform private.serve_queue(v_r.summit_id, v_mode);
	if exists (select from public.seats as s
		where s.registration_id = v_r.id and s.mode = v_mode and s.state = 'held')
	then
		-- The seat is held already, by an offer or by a switch that waits for its payment.
		if not exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_mode and q.state = 'offered')
		then
			return jsonb_build_object('status', 'payment_due') || coalesce(private.open_order_json(v_r.id), '{}');
		end if;
	else
		v_reason := private.hold_seat(v_r, v_mode, now() + interval '1 hour');
		if v_reason is not null then return jsonb_build_object('status', 'no_seat', 'reason', v_reason); end if;
	end if;
	v_status := private.enter_mode(v_r.id, v_mode, '', coalesce(keep_place, false));
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', case when v_status in ('confirmed', 'held') then 'ok' else v_status end) || case
		when v_status in ('awaiting_payment', 'payment_due') then coalesce(private.open_order_json(v_r.id), '{}')
		else '{}'
	end;
end
$$;
grant execute on function public.switch_mode(uuid, public.attendance_mode, boolean) to authenticated;
