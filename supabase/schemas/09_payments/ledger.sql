-- The ledger of an order: what is owed, what was paid, what goes back. The balance is the sum of lines and adjustments;
-- zero means settled.

-- Entries are never changed or deleted. Merging two people, or a new id of a person, may rewrite the actor only.
create function private.refuse_ledger_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE'
		and current_setting('app.merging', true) = 'yes'
		and to_jsonb(new) - 'actor_id' = to_jsonb(old) - 'actor_id' then
		return new;
	end if;
	raise exception 'the ledger is never changed' using errcode = 'insufficient_privilege';
end
$$;

create trigger adjustments_never_change before update or delete on public.order_adjustments for each row
	execute function private.refuse_ledger_change();

-- What an order still owes; negative: what was paid too much.
create function private.balance_of(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l where l.order_id = p_order), 0)
		+ coalesce((select sum(a.amount) from public.order_adjustments as a where a.order_id = p_order), 0)
$$;

-- What an order charges for one registration: its lines, less what was cancelled or credited. A waiver pays a charge
-- and does not lessen it.
create function private.line_total(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select sum(l.amount) from public.order_lines as l
		where l.order_id = p_order and l.registration_id = p_registration
	), 0)
		+ coalesce((
			select sum(a.amount) from public.order_adjustments as a
			where a.order_id = p_order and a.registration_id = p_registration and a.kind in ('cancellation', 'credit')
		), 0)
$$;

-- How much of it was waived.
create function private.waived_of(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(-sum(a.amount), 0)
	from public.order_adjustments as a
	where a.order_id = p_order and a.registration_id = p_registration and a.kind = 'waiver'
$$;

-- The same with the tax that its payer accounts for, as fees are compared: what it charged before and after that credit
-- says how much of the rest it is.
create function private.line_total_with_tax(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select case
		when coalesce(t.tax, 0) <= 0 or b.base <= t.tax then private.line_total(p_order, p_registration)
		else round(private.line_total(p_order, p_registration)::numeric * b.base / (b.base - t.tax))::bigint
	end
	from (
		select -sum(a.amount) as tax, min(a.id) as first, min(a.at) as at
		from public.order_adjustments as a
		where a.order_id = p_order
			and a.registration_id = p_registration
			and a.kind = 'credit'
			and a.reason = 'reverse_charge'
	) as t
	cross join lateral (
		select coalesce((
			select sum(l.amount) from public.order_lines as l
			where l.order_id = p_order and l.registration_id = p_registration and l.created_at <= t.at
		), 0)
			+ coalesce((
				select sum(c.amount) from public.order_adjustments as c
				where c.order_id = p_order
					and c.registration_id = p_registration
					and c.kind in ('cancellation', 'credit')
					and c.id < t.first
			), 0) as base
	) as b
$$;

-- What a registration is charged in all its orders, as fees are compared.
create function private.registration_charge(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(private.line_total_with_tax(o, p_registration)), 0)
	from private.registration_orders(p_registration) as o
$$;

-- Adds an entry that moves no money; nothing for an amount of zero.
create function private.adjust_order(
	p_order uuid,
	p_kind public.adjustment_kind,
	p_amount bigint,
	p_registration uuid,
	p_reason text
) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.order_adjustments (order_id, kind, amount, registration_id, reason, actor_id)
	select p_order, p_kind, p_amount, p_registration, p_reason, private.actor()
	where p_amount <> 0
$$;

-- Closes an order that owes nothing, which makes its lines take effect (except for `p_leaving`, who is leaving), and
-- decides refunds of what was paid too much: the newest payment first, each the way that it came. Locks the order.
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
	v_surplus := v_surplus - coalesce((
		select sum(f.amount) from public.refunds as f
		where f.order_id = p_order and f.state in ('due', 'sent', 'failed')
	), 0);
	for v_paid in
		select c.id,
			-a.amount - coalesce((
				select sum(f.amount) from public.refunds as f where f.checkout_id = c.id and f.state <> 'cancelled'
			), 0) as amount,
			a.id as at
		from public.order_adjustments as a
		join public.checkouts as c on c.order_id = p_order and c.payment_intent = a.provider_ref
		where a.order_id = p_order and a.kind = 'payment' and a.provider = 'stripe'
		union all
		-- Money by bank or at the desk goes back by hand.
		select null,
			-sum(a.amount) - coalesce((
				select sum(f.amount) from public.refunds as f
				where f.order_id = p_order and f.checkout_id is null and f.state <> 'cancelled'
			), 0),
			max(a.id)
		from public.order_adjustments as a
		where a.order_id = p_order and a.kind = 'payment' and a.provider in ('bank', 'desk')
		having count(*) > 0
		order by at desc
	loop
		v_part := least(v_surplus, v_paid.amount);
		if v_part > 0 then
			perform private.decide_refund(v_order, v_paid.id, v_part, p_reason);
			v_surplus := v_surplus - v_part;
		end if;
	end loop;
	if v_surplus > 0 then perform private.decide_refund(v_order, null, v_surplus, p_reason); end if;
	perform private.notify_order(v_order);
end
$$;

-- Cancels what a registration owes, and gives back `p_percent` of what it paid.
create function private.cancel_charges(
	p_r public.registrations,
	p_percent integer,
	p_reason text,
	p_order uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
	v_charged bigint;
	v_waived bigint;
	v_unpaid bigint;
begin
	for v_order in
		select o from private.registration_orders(p_r.id) as o where p_order is null or o = p_order
	loop
		perform from public.orders as o where o.id = v_order for no key update;
		-- The waiver ends with the charge: it pays out no money, and the budget is free again.
		v_waived := private.waived_of(v_order, p_r.id);
		v_charged := private.line_total(v_order, p_r.id) - v_waived;
		perform private.adjust_order(v_order, 'waiver', v_waived, p_r.id, p_reason);
		perform private.adjust_order(v_order, 'cancellation', -v_waived, p_r.id, p_reason);
		v_unpaid := least(v_charged, greatest(private.balance_of(v_order), 0));
		perform private.adjust_order(v_order, 'cancellation', -v_unpaid, p_r.id, p_reason);
		perform private.adjust_order(
			v_order, 'cancellation',
			-private.share_of(v_charged - v_unpaid, p_percent, (select o.currency from public.orders as o where o.id = v_order)),
			p_r.id, p_reason
		);
		perform private.settle_order(v_order, p_reason, p_r.id);
	end loop;
end
$$;

-- Gives back the difference to a lower fee, as far as the refund policy allows. What was waived is not paid out. The
-- reason goes into the ledger: a switch of mode or a change of category.
create function private.give_credit(p_r public.registrations, p_amount bigint, p_reason text default 'switched')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_left bigint := private.share_of(p_amount, private.refund_percent(p_r.summit_id), private.registration_currency(p_r));
	v_order uuid;
	v_whole bigint;
	v_part bigint;
	v_charged bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o loop
		v_whole := private.line_total_with_tax(v_order, p_r.id);
		v_part := least(v_left, v_whole);
		if v_part > 0 then
			v_left := v_left - v_part;
			-- Where the payer accounts for the tax, only what was charged is given back.
			v_charged := private.line_total(v_order, p_r.id);
			v_part := round(v_part::numeric * v_charged / v_whole);
			perform private.adjust_order(
				v_order, 'waiver', least(v_part, private.waived_of(v_order, p_r.id)), p_r.id, p_reason
			);
			perform private.adjust_order(v_order, 'credit', -v_part, p_r.id, p_reason);
			perform private.settle_order(v_order, p_reason);
		end if;
	end loop;
end
$$;
