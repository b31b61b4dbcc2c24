-- Added tax and shares of refunds are rounded to what a card can pay in currencies whose amounts have a step.

-- Whether a currency has three decimals.
create function private.has_three_decimals(p_currency text) returns boolean
language sql immutable set search_path = '' as $$
	select p_currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')
$$;

-- The smallest step of an amount that a card can pay, in minor units (src/lib/payments/amounts.ts).
create function private.currency_step(p_currency text) returns integer
language sql immutable set search_path = '' as $$
	select case when private.has_three_decimals(p_currency) then 10 when p_currency = 'MGA' then 100 else 1 end
$$;

-- A share of an amount, rounded down to what a card can be paid back.
create function private.share_of(p_amount bigint, p_percent integer, p_currency text) returns bigint
language sql immutable set search_path = '' as $$
	select case when p_percent = 100 then p_amount
		else p_amount * p_percent / 100 / private.currency_step(p_currency) * private.currency_step(p_currency) end
$$;

-- A fee as its payer pays it: with the tax, where the Summit adds it, rounded to what a card can pay.
create function private.with_vat(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category,
	p_amount integer,
	p_currency text
) returns integer
language sql stable security definer set search_path = '' as $$
	select p_amount + coalesce((
		select round(p_amount * v.percent / 100 / private.currency_step(p_currency)) * private.currency_step(p_currency)
		from public.money_settings as s
		cross join lateral private.find_vat_rate(p_summit, p_mode, p_category) as v
		where s.summit_id = p_summit and s.vat = 'added'
	), 0)::integer
$$;

-- What a switch would cost or give back now: {due, credit, currency}. Null when the registration is neither the

-- caller's nor one that they organise, and before it is accredited, when nothing is charged. While it awaits its first

-- payment, the whole fee of the new mode is due.
create or replace function public.quote_switch(registration uuid, mode public.attendance_mode) returns jsonb
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

-- The fee for these people at a moment, in minor units. The most specific wins: category and sector, then sector, then

-- category, then the mode alone. Without a fee it is free. Without a currency it is in the Summit's own. With the value

-- added tax, where the Summit adds it to its fees.
create or replace function private.find_fee(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category,
	p_sector public.sector,
	p_currency text default null,
	p_at timestamptz default now()
) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.with_vat(p_summit, p_mode, p_category, f.amount, f.currency) from public.fees as f
		join public.summits as s on s.id = f.summit_id and f.currency = coalesce(p_currency, s.currency)
		where f.summit_id = p_summit
			and f.mode = p_mode
			and (f.category is null or f.category = p_category)
			and (f.sector is null or f.sector = p_sector)
			and (f.valid_from is null or f.valid_from <= p_at)
			and (f.valid_until is null or f.valid_until > p_at)
		order by (f.sector is not null) desc, (f.category is not null) desc, f.valid_from desc nulls last
		limit 1
	), 0)
$$;

-- Whether a document can be an e-invoice: it says what its tax is, and EN 16931 writes its currency, of which two

-- decimals at most.
create or replace function private.is_electronic(p_invoice public.invoices) returns boolean
language sql stable security definer set search_path = '' as $$
	select not private.has_three_decimals(p_invoice.currency)
		and exists (
			select from private.invoice_contents as c
			where c.invoice_id = p_invoice.id and jsonb_typeof(c.content -> 'vat') = 'object'
		)
$$;

-- Cancels what a registration owes, and gives back `p_percent` of what it paid.
create or replace function private.cancel_charges(
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
create or replace function private.give_credit(p_r public.registrations, p_amount bigint, p_reason text default 'switched')
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

drop function private.with_vat(uuid, public.attendance_mode, public.registration_category, integer);
