-- Fees, and an order's ledger: what is owed, what was paid, what goes back. Balance = lines + adjustments; zero is
-- settled.

-- The most specific fee wins: category and sector, then sector, then category, then the mode alone. None: free of
-- charge. Without a currency, in the Summit's own.
create function private.fee_for(p_summit uuid, p_mode public.attendance_mode, p_category public.registration_category,
	p_sector public.sector,
	p_currency text default null, p_at timestamptz default now()) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select f.amount from public.fees as f
		join public.summits as s on s.id = f.summit_id and f.currency = coalesce(p_currency, s.currency)
		where f.summit_id = p_summit and f.mode = p_mode and (f.category is null or f.category = p_category)
			and (f.sector is null or f.sector = p_sector)
			and (f.valid_from is null or f.valid_from <= p_at) and (f.valid_until is null or f.valid_until > p_at)
		order by (f.sector is not null) desc, (f.category is not null) desc, f.valid_from desc nulls last
		limit 1), 0)
$$;

create function private.balance_of(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l where l.order_id = p_order), 0)
		+ coalesce((select sum(a.amount) from public.order_adjustments as a where a.order_id = p_order), 0)
$$;

-- What an order charges for one registration: its lines, less what was cancelled or credited. A waiver pays; it does
-- not lessen.
create function private.line_total(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l
		where l.order_id = p_order and l.registration_id = p_registration), 0)
		+ coalesce((select sum(a.amount) from public.order_adjustments as a
			where a.order_id = p_order and a.registration_id = p_registration and a.kind in ('cancellation', 'credit')),
				0)
$$;

-- How much of it was waived.
create function private.waived_of(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(-sum(a.amount), 0) from public.order_adjustments as a
		where a.order_id = p_order and a.registration_id = p_registration and a.kind = 'waiver'
$$;

create function private.registration_orders(p_registration uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select o.id from public.orders as o
		where o.id in (select l.order_id from public.order_lines as l where l.registration_id = p_registration)
		order by o.created_at desc, o.id
$$;

create function private.charged_to(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(private.line_total(o, p_registration)), 0) from private.registration_orders(p_registration) as o
$$;

-- A registration is charged in one currency at a time: the one of what it is charged now, else the Summit's.
create function private.currency_of(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select o.currency from public.orders as o
		where o.id in (select private.registration_orders(p_r.id)) and private.line_total(o.id, p_r.id) <> 0
		order by o.created_at desc, o.id limit 1),
			(select s.currency from public.summits as s where s.id = p_r.summit_id))
$$;

-- In the currency that the registration is charged in already, unless another is asked for.
create function private.fee_of(p_r public.registrations, p_mode public.attendance_mode, p_currency text
	default null, p_at timestamptz default now()) returns integer
language sql stable security definer set search_path = '' as $$
	select private.fee_for(p_r.summit_id, p_mode, p_r.category,
		(select sm.sector from public.summit_members as sm
			where sm.summit_id = p_r.summit_id and sm.member_id = p_r.member_id),
		coalesce(p_currency, private.currency_of(p_r)), p_at)
$$;

create function private.refund_percent(p_summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select case when s.refund_until is null or now() <= s.refund_until then s.refund_percent else 0 end
		from public.summits as s where s.id = p_summit
$$;

-- Refunds decided for the orders of a registration, failed ones too: they are still owed.
create function private.refunds_of(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(f.amount), 0) from public.refunds as f
		where f.state <> 'cancelled' and f.order_id in (select private.registration_orders(p_registration))
$$;

-- Locks an order after the modes and the registrations that it pays for, so that every path takes them in one order.
create function private.lock_order(p_order uuid) returns public.orders
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select * into v_order from public.orders as o where o.id = p_order;
	perform private.lock_modes(v_order.summit_id);
	perform from public.registrations as r
		where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order)
		order by r.id for no key update;
	select * into v_order from public.orders as o where o.id = p_order for no key update;
	return v_order;
end
$$;

create function private.open_order(p_r public.registrations, p_mode public.attendance_mode, p_amount bigint)
	returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	insert into public.orders (summit_id, payer_person_id, currency, due_at)
	select s.id, p_r.person_id, private.currency_of(p_r),
		private.deadline_in(s.id, make_interval(days => s.payment_days)) from public.summits as s
		where s.id = p_r.summit_id
	returning * into v_order;
	insert into public.order_lines (order_id, summit_id, registration_id, mode, amount)
		values (v_order.id, v_order.summit_id, p_r.id, p_mode, p_amount);
	perform private.tell_order(v_order);
	perform private.mail_about(p_r, 'payment_due',
		jsonb_build_object('mode', p_mode, 'order_id', v_order.id, 'order', v_order.reference, 'amount', p_amount,
			'currency', v_order.currency, 'due_at', v_order.due_at));
	return v_order.id;
end
$$;

create function private.tell_order(p_order public.orders) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.tell('person:' || r.person_id, 'order', p_order.id)
	from public.registrations as r
		where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order.id);
	if p_order.payer_person_id is not null then
		perform private.tell('person:' || p_order.payer_person_id, 'order', p_order.id);
	end if;
	perform private.tell('organise:' || p_order.summit_id, 'order', p_order.id);
end
$$;

create function private.adjust_order(p_order uuid, p_kind public.adjustment_kind, p_amount bigint, p_registration uuid,
	p_reason text) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.order_adjustments (order_id, kind, amount, registration_id, reason, actor_id)
	select p_order, p_kind, p_amount, p_registration, p_reason, private.actor() where p_amount <> 0
$$;

-- Whoever pays is written to: the person, or each focal point of the member.
create function private.mail_payer(p_order public.orders, p_template text, p_params jsonb default '{}', p_once text
	default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_params jsonb := jsonb_build_object('order_id', p_order.id, 'order', p_order.reference, 'currency',
		p_order.currency) || p_params;
begin
	if p_order.payer_member_id is null then
		select r.* into v_r from public.order_lines as l join public.registrations as r on r.id = l.registration_id
			where l.order_id = p_order.id order by l.created_at limit 1;
		perform private.mail_about(v_r, p_template, v_params, p_once);
		return;
	end if;
	perform private.enqueue_mail(f.person_id, p_template, v_params
		|| jsonb_build_object('payer', 'member'), p_order.summit_id, p_once || ':' || f.person_id)
	from public.focal_points as f
	where f.summit_id = p_order.summit_id and f.member_id = p_order.payer_member_id
		and (f.until is null or f.until > now());
end
$$;

-- Closes an order that owes nothing, whose lines are then paid (but for who leaves), and decides a refund of whatever
-- was paid too much: newest payment first, each the way that it came.
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
		v_surplus := -private.balance_of(p_order);
	end if;
	v_surplus := v_surplus - coalesce((select sum(f.amount) from public.refunds as f
		where f.order_id = p_order and f.state in ('due', 'sent', 'failed')), 0);
	for v_paid in
		select c.id, -a.amount - coalesce((select sum(f.amount) from public.refunds as f
			where f.checkout_id = c.id and f.state <> 'cancelled'), 0) as amount, a.id as at
		from public.order_adjustments as a
			join public.checkouts as c on c.order_id = p_order and c.payment_intent = a.provider_ref
		where a.order_id = p_order and a.kind = 'payment' and a.provider = 'stripe'
		union all
		-- What came by bank or at the desk goes back by hand.
		select null, -sum(a.amount) - coalesce((select sum(f.amount) from public.refunds as f
			where f.order_id = p_order and f.checkout_id is null and f.state <> 'cancelled'), 0), max(a.id)
		from public.order_adjustments as a
			where a.order_id = p_order and a.kind = 'payment' and a.provider in ('bank', 'desk') having count(*) > 0
		order by at desc
	loop
		v_part := least(v_surplus, v_paid.amount);
		if v_part > 0 then
			perform private.decide_refund(v_order, v_paid.id, v_part, p_reason);
			v_surplus := v_surplus - v_part;
		end if;
	end loop;
	if v_surplus > 0 then perform private.decide_refund(v_order, null, v_surplus, p_reason); end if;
	perform private.tell_order(v_order);
end
$$;

create function private.decide_refund(p_order public.orders, p_checkout uuid, p_amount bigint, p_reason text)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_refund uuid;
begin
	insert into public.refunds (order_id, checkout_id, amount, reason)
		values (p_order.id, p_checkout, p_amount, p_reason) returning id into v_refund;
	perform private.tell('outbox', 'refund', v_refund);
	perform private.mail_payer(p_order, 'payment_refunded', jsonb_build_object('amount', p_amount, 'cause', p_reason),
		'refund:' || v_refund);
end
$$;

-- What a registration owes is cancelled, and this share of what it paid goes back.
create function private.cancel_charges(p_r public.registrations, p_percent integer, p_reason text, p_order uuid
	default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
	v_charged bigint;
	v_waived bigint;
	v_unpaid bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o where p_order is null or o = p_order loop
		perform from public.orders as o where o.id = v_order for no key update;
		-- A waiver ends with what it was for: no money comes back that never came, and its budget is free again.
		v_waived := private.waived_of(v_order, p_r.id);
		v_charged := private.line_total(v_order, p_r.id) - v_waived;
		perform private.adjust_order(v_order, 'waiver', v_waived, p_r.id, p_reason);
		perform private.adjust_order(v_order, 'cancellation', -v_waived, p_r.id, p_reason);
		v_unpaid := least(v_charged, greatest(private.balance_of(v_order), 0));
		perform private.adjust_order(v_order, 'cancellation', -v_unpaid, p_r.id, p_reason);
		perform private.adjust_order(v_order, 'cancellation', -((v_charged - v_unpaid) * p_percent / 100), p_r.id,
			p_reason);
		perform private.settle_order(v_order, p_reason, p_r.id);
	end loop;
end
$$;

--[was in ledger] The difference of a switch to what costs less, as far as the policy gives it back. What was waived is not paid out.
--[patch category_steps] What a change of category leaves in the history, the ledger and the sessions that were chosen.
-- The difference of a switch to what costs less, as far as the policy gives it back. What was waived is not paid out.
create function private.give_credit(p_r public.registrations, p_amount bigint, p_reason text default 'switched')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_left bigint := p_amount * private.refund_percent(p_r.summit_id) / 100;
	v_order uuid;
	v_part bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o loop
		v_part := least(v_left, private.line_total(v_order, p_r.id));
		if v_part > 0 then
			perform private.adjust_order(v_order, 'waiver', least(v_part, private.waived_of(v_order, p_r.id)), p_r.id,
				p_reason);
			perform private.adjust_order(v_order, 'credit', -v_part, p_r.id, p_reason);
			perform private.settle_order(v_order, p_reason);
			v_left := v_left - v_part;
		end if;
	end loop;
end
$$;
