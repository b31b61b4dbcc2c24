-- Fees, and an order's ledger: what is owed, what was paid, what goes back. Balance = lines + adjustments; zero is settled.

-- The most specific fee wins: category and sector, then sector, then category, then the mode alone. None: free of charge.
create function private.fee_for(p_summit uuid, p_mode public.attendance_mode, p_category public.registration_category, p_sector public.sector) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select f.amount from public.fees as f
		join public.summits as s on s.id = f.summit_id and s.currency = f.currency
		where f.summit_id = p_summit and f.mode = p_mode and (f.category is null or f.category = p_category) and (f.sector is null or f.sector = p_sector)
			and (f.valid_from is null or f.valid_from <= now()) and (f.valid_until is null or f.valid_until > now())
		order by (f.sector is not null) desc, (f.category is not null) desc, f.valid_from desc nulls last
		limit 1), 0)
$$;

create function private.fee_of(p_r public.registrations, p_mode public.attendance_mode) returns integer
language sql stable security definer set search_path = '' as $$
	select private.fee_for(p_r.summit_id, p_mode, p_r.category,
		(select sm.sector from public.summit_members as sm where sm.summit_id = p_r.summit_id and sm.member_id = p_r.member_id))
$$;

create function private.balance_of(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l where l.order_id = p_order), 0)
		+ coalesce((select sum(a.amount) from public.order_adjustments as a where a.order_id = p_order), 0)
$$;

-- What an order charges for one registration: its lines, less what was cancelled or credited. A waiver pays; it does not lessen.
create function private.line_total(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l where l.order_id = p_order and l.registration_id = p_registration), 0)
		+ coalesce((select sum(a.amount) from public.order_adjustments as a
			where a.order_id = p_order and a.registration_id = p_registration and a.kind in ('cancellation', 'credit')), 0)
$$;

create function private.registration_orders(p_registration uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select o.id from public.orders as o where o.id in (select l.order_id from public.order_lines as l where l.registration_id = p_registration) order by o.created_at desc, o.id
$$;

create function private.charged_to(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(private.line_total(o, p_registration)), 0) from private.registration_orders(p_registration) as o
$$;

create function private.refund_percent(p_summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select case when s.refund_until is null or now() <= s.refund_until then s.refund_percent else 0 end from public.summits as s where s.id = p_summit
$$;

-- Refunds decided for the orders of a registration, failed ones too: they are still owed.
create function private.refunds_of(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(f.amount), 0) from public.refunds as f where f.state <> 'cancelled' and f.order_id in (select private.registration_orders(p_registration))
$$;

-- Locks an order after the modes and the registrations that it pays for, so that every path takes them in one order.
create function private.lock_order(p_order uuid) returns public.orders
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select * into v_order from public.orders as o where o.id = p_order;
	perform private.lock_modes(v_order.summit_id);
	perform from public.registrations as r where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order) order by r.id for no key update;
	select * into v_order from public.orders as o where o.id = p_order for no key update;
	return v_order;
end
$$;

create function private.open_order(p_r public.registrations, p_mode public.attendance_mode, p_amount bigint) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	insert into public.orders (summit_id, payer_person_id, currency, due_at)
	select s.id, p_r.person_id, s.currency, now() + make_interval(days => s.payment_days) from public.summits as s where s.id = p_r.summit_id
	returning * into v_order;
	insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) values (v_order.id, v_order.summit_id, p_r.id, p_mode, p_amount);
	perform private.tell_order(v_order);
	perform private.mail_about(p_r, 'payment_due',
		jsonb_build_object('mode', p_mode, 'order_id', v_order.id, 'order', v_order.reference, 'amount', p_amount, 'currency', v_order.currency, 'due_at', v_order.due_at));
	return v_order.id;
end
$$;

create function private.tell_order(p_order public.orders) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.tell('person:' || r.person_id, 'order', p_order.id)
	from public.registrations as r where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order.id);
	if p_order.payer_person_id is not null then perform private.tell('person:' || p_order.payer_person_id, 'order', p_order.id); end if;
	perform private.tell('organise:' || p_order.summit_id, 'order', p_order.id);
end
$$;

create function private.adjust_order(p_order uuid, p_kind public.adjustment_kind, p_amount bigint, p_registration uuid, p_reason text) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.order_adjustments (order_id, kind, amount, registration_id, reason, actor_id)
	select p_order, p_kind, p_amount, p_registration, p_reason, private.actor() where p_amount <> 0
$$;

-- Closes an order that owes nothing, whose lines are then paid (but for who leaves), and decides a refund of whatever was paid
-- too much: newest payment first.
create function private.settle_order(p_order uuid, p_reason text, p_leaving uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_surplus bigint;
	v_part bigint;
	v_paid record;
begin
	select * into strict v_order from public.orders as o where o.id = p_order for no key update;
	v_surplus := -private.balance_of(p_order);
	if v_surplus < 0 then return; end if;
	if v_order.closed_at is null then
		update public.orders as o set closed_at = now() where o.id = p_order;
		perform private.complete_order(p_order, p_leaving);
	end if;
	v_surplus := v_surplus - coalesce((select sum(f.amount) from public.refunds as f where f.order_id = p_order and f.state in ('due', 'sent', 'failed')), 0);
	for v_paid in
		select c.id, -a.amount - coalesce((select sum(f.amount) from public.refunds as f where f.checkout_id = c.id and f.state <> 'cancelled'), 0) as amount
		from public.order_adjustments as a join public.checkouts as c on c.order_id = p_order and c.payment_intent = a.provider_ref
		where a.order_id = p_order and a.kind = 'payment' and a.provider = 'stripe' order by a.id desc
	loop
		v_part := least(v_surplus, v_paid.amount);
		if v_part > 0 then
			perform private.decide_refund(v_order, v_paid.id, v_part, p_reason);
			v_surplus := v_surplus - v_part;
		end if;
	end loop;
	-- What came by bank or at the desk goes back by hand.
	if v_surplus > 0 then perform private.decide_refund(v_order, null, v_surplus, p_reason); end if;
	perform private.tell_order(v_order);
end
$$;

create function private.decide_refund(p_order public.orders, p_checkout uuid, p_amount bigint, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_refund uuid;
	v_r public.registrations;
begin
	insert into public.refunds (order_id, checkout_id, amount, reason) values (p_order.id, p_checkout, p_amount, p_reason) returning id into v_refund;
	perform private.tell('outbox', 'refund', v_refund);
	select r.* into v_r from public.order_lines as l join public.registrations as r on r.id = l.registration_id where l.order_id = p_order.id order by l.created_at limit 1;
	perform private.mail_about(v_r, 'payment_refunded',
		jsonb_build_object('order_id', p_order.id, 'order', p_order.reference, 'amount', p_amount, 'currency', p_order.currency, 'cause', p_reason), 'refund:' || v_refund);
end
$$;

-- What a registration owes is cancelled, and this share of what it paid goes back.
create function private.cancel_charges(p_r public.registrations, p_percent integer, p_reason text, p_order uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
	v_charged bigint;
	v_unpaid bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o where p_order is null or o = p_order loop
		perform from public.orders as o where o.id = v_order for no key update;
		v_charged := private.line_total(v_order, p_r.id);
		v_unpaid := least(v_charged, greatest(private.balance_of(v_order), 0));
		perform private.adjust_order(v_order, 'cancellation', -v_unpaid, p_r.id, p_reason);
		perform private.adjust_order(v_order, 'cancellation', -((v_charged - v_unpaid) * p_percent / 100), p_r.id, p_reason);
		perform private.settle_order(v_order, p_reason, p_r.id);
	end loop;
end
$$;

-- The difference of a switch to what costs less, as far as the policy gives it back.
create function private.give_credit(p_r public.registrations, p_amount bigint) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_left bigint := p_amount * private.refund_percent(p_r.summit_id) / 100;
	v_order uuid;
	v_part bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o loop
		v_part := least(v_left, private.line_total(v_order, p_r.id));
		if v_part > 0 then
			perform private.adjust_order(v_order, 'credit', -v_part, p_r.id, 'switched');
			perform private.settle_order(v_order, 'switched');
			v_left := v_left - v_part;
		end if;
	end loop;
end
$$;
