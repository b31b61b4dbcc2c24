-- What finance reads: the list of orders, one order with everything about it, and totals; and what a focal point reads
-- of the orders of their delegation.

-- The parts of an order for finance: {registrations, adjustments, refunds}, one row. A set without a search path, so
-- that it is inlined into the list.
create function private.order_parts(p_order uuid) returns table (parts jsonb)
language sql stable as $$
	select jsonb_build_object(
		'registrations', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.id, 'reference', r.reference, 'display_name', p.display_name, 'state', r.state,
				'mode', ol.mode, 'amount', ol.amount
			) order by ol.created_at, r.reference), '[]')
			from public.order_lines as ol
			join public.registrations as r on r.id = ol.registration_id
			join public.people as p on p.id = r.person_id
			where ol.order_id = p_order
		),
		'adjustments', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', oa.id, 'kind', oa.kind, 'amount', oa.amount, 'provider', oa.provider,
				'provider_ref', oa.provider_ref, 'reason', oa.reason, 'at', private.iso(oa.at)
			) order by oa.id), '[]')
			from public.order_adjustments as oa
			where oa.order_id = p_order
		),
		'refunds', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', rf.id, 'amount', rf.amount, 'state', rf.state, 'failure', rf.failure,
				'attempts', rf.attempts, 'by_hand', rf.checkout_id is null
			) order by rf.created_at), '[]')
			from public.refunds as rf
			where rf.order_id = p_order
		)
	)
$$;

-- Orders for finance: {status: ok | not_allowed, total, counts by state, sums by currency, rows}. `query` is a reference
-- or a part of the payer's name. Newest first, or `sort`: payer, charged, paid, balance, due or state, with - before it for
-- the reverse.
create function public.list_orders(
	summit uuid,
	state text default null,
	query text default '',
	row_limit integer default 50,
	row_offset integer default 0,
	sort text default ''
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_query text := btrim(coalesce(query, ''));
	v_result jsonb;
begin
	if not private.has_role(list_orders.summit, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	with every as materialized (
		select * from private.order_summaries(list_orders.summit)
	), found as (
		select e.* from every as e
		where (list_orders.state is null or e.state = list_orders.state)
			and (
				v_query = ''
				or e.reference = upper(v_query)
				or strpos(lower(coalesce(e.payer, '')), lower(v_query)) > 0
			)
	), shown as (
		select f.*, row_number() over (
			order by case when sort like '-%' then k.key end desc nulls last, case when sort not like '-%' then k.key end,
				f.created_at desc, f.id) as place
		from found as f
		cross join lateral (
			select case ltrim(sort, '-')
				when 'payer' then to_jsonb(lower(f.payer))
				when 'charged' then to_jsonb(f.charged)
				when 'paid' then to_jsonb(f.paid)
				when 'balance' then to_jsonb(f.balance)
				when 'due' then to_jsonb(f.due_at)
				when 'state' then to_jsonb(f.state)
			end as key
		) as k
		order by place
		limit least(greatest(row_limit, 1), 200) offset greatest(row_offset, 0)
	)
	select jsonb_build_object(
		'status', 'ok', 'total', (select count(*) from found),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c
		),
		'sums', (
			select coalesce(jsonb_agg(to_jsonb(s) order by s.currency), '[]')
			from (
				select e.currency, sum(e.charged) as charged, sum(e.paid) as paid,
					sum(e.returned) as returned,
					sum(e.balance) filter (where e.balance > 0 and e.closed_at is null) as outstanding
				from every as e
				group by e.currency
			) as s
		),
		'rows', (
			select coalesce(jsonb_agg(
				to_jsonb(s) - 'place' || o.parts order by s.place
			), '[]')
			from shown as s
			cross join lateral private.order_parts(s.id) as o
		)
	)
	into v_result;
	return v_result;
end
$$;
grant execute on function public.list_orders(uuid, text, text, integer, integer, text) to authenticated;

-- One order for finance, with what can be done with it next; null for everybody else.
create function public.read_finance_order(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(e)
		|| jsonb_build_object(
			'due_at', private.iso(e.due_at), 'closed_at', private.iso(e.closed_at),
			'created_at', private.iso(e.created_at), 'summit_id', o.summit_id
		)
		|| x.parts
		|| jsonb_build_object(
			'invoices', private.invoices_of(e.id), 'cash', private.cash_received(e.id),
			'waivers', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'id', w.id, 'state', w.state, 'amount', w.amount,
					'created_at', private.iso(w.created_at)
				) order by w.created_at), '[]')
				from public.waiver_requests as w
				where w.order_id = e.id
			),
			'has_alias', coalesce(private.has_alias(o.payer_person_id), false),
			'billing', (
				select private.last_billing(e.id) -> 'buyer'
				where not coalesce(private.has_alias(o.payer_person_id), false)
			),
			'can_invoice', exists (
				select from public.money_settings as s
				where s.summit_id = o.summit_id and s.issuer_name <> '' and s.issuer_address <> ''
			)
		)
	from public.orders as o
	cross join lateral private.order_summaries(o.summit_id, o.id) as e
	cross join lateral private.order_parts(o.id) as x
	where o.id = read_finance_order.order_id and private.has_role(o.summit_id, 'finance')
$$;
grant execute on function public.read_finance_order(uuid) to authenticated;

-- Totals for finance by state and currency, waivers against budgets, and what waits for finance; null for everybody
-- else.
create function public.money_overview(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (
		select * from private.order_summaries(money_overview.summit)
	)
	select jsonb_build_object(
		'states', (
			select coalesce(jsonb_agg(to_jsonb(t) order by t.currency, t.state), '[]')
			from (
				select e.currency, e.state, count(*) as orders, sum(e.charged) as charged,
					sum(e.paid) as paid, sum(e.returned) as returned, sum(e.balance) as balance
				from every as e
				group by e.currency, e.state
			) as t
		),
		'waivers', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'currency', c.currency, 'budget', coalesce(b.amount, 0),
				'waived', private.waived_total(money_overview.summit, c.currency)
			) order by c.currency), '[]')
			from (
				select distinct e.currency from every as e
				union
				select x.currency::text from public.waiver_budgets as x
				where x.summit_id = money_overview.summit
			) as c
			left join public.waiver_budgets as b on b.summit_id = money_overview.summit and b.currency = c.currency
		),
		'waiting', jsonb_build_object(
			'waivers', (
				select count(*) from public.waiver_requests as w
				where w.summit_id = money_overview.summit and w.state = 'open'
			),
			'bank_rows', (
				select count(*) from private.bank_rows as b
				where b.summit_id = money_overview.summit and b.state = 'open'
			),
			'hand_refunds', (
				select count(*) from public.refunds as f
				join public.orders as o on o.id = f.order_id
				where o.summit_id = money_overview.summit and f.checkout_id is null and f.state = 'due'
			),
			'failed_refunds', (
				select count(*) from public.refunds as f
				join public.orders as o on o.id = f.order_id
				where o.summit_id = money_overview.summit and f.state = 'failed'
			),
			'overdue_invoices', (
				select count(*) from public.invoices as i
				where i.summit_id = money_overview.summit and private.invoice_state(i) = 'overdue'
			)
		)
	)
	where private.has_role(money_overview.summit, 'finance')
$$;
grant execute on function public.money_overview(uuid) to authenticated;

-- For a focal point: for each of their members the orders that can be gathered and the member's own. Null for everybody
-- else. Protected people appear without name and reference (Rule 7).
create function public.list_delegation_orders(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object(
		'member', jsonb_build_object('id', m.id, 'name', m.name),
		'unpaid', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'order_id', o.id, 'reference', o.reference, 'registration_id', r.id,
				'registration', r.reference, 'display_name', p.display_name, 'mode', l.mode,
				'amount', private.balance_of(o.id), 'currency', o.currency,
				'due_at', private.iso(o.due_at), 'obstacle', private.moving_obstacle(o),
				'waiver', (
					select w.state from public.waiver_requests as w
					where w.order_id = o.id and w.registration_id = r.id and w.requested_by = (select private.me())
					order by w.created_at desc limit 1
				)
			) order by p.display_name, r.id), '[]')
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			join public.order_lines as l on l.registration_id = r.id and private.line_total(l.order_id, r.id) > 0
			join public.orders as o on o.id = l.order_id and o.closed_at is null and o.payer_person_id is not null
			where r.summit_id = list_delegation_orders.summit
				and r.member_id = m.id
				and private.is_focal_for(r)
				and r.state in ('awaiting_payment', 'confirmed')
		),
		'orders', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', e.id, 'reference', e.reference, 'currency', e.currency, 'charged', e.charged,
				'paid', e.paid, 'balance', e.balance, 'due_at', private.iso(e.due_at), 'state', e.state,
				'obstacle', private.moving_obstacle(o),
				'people', (
					select coalesce(jsonb_agg(jsonb_build_object(
						'registration', case when not private.has_alias(r.person_id) then r.reference end,
						'mode', l.mode, 'amount', private.line_total(o.id, r.id),
						'display_name', case when not private.has_alias(r.person_id) then p.display_name end
					) order by r.reference), '[]')
					from public.order_lines as l
					join public.registrations as r on r.id = l.registration_id
					join public.people as p on p.id = r.person_id
					where l.order_id = o.id
				)
			) order by e.created_at desc), '[]')
			from public.orders as o
			cross join lateral private.order_summaries(o.summit_id, o.id) as e
			where o.summit_id = list_delegation_orders.summit and o.payer_member_id = m.id
		)
	) order by m.name)
	from private.my_focal_members(list_delegation_orders.summit) as f
	join public.members as m on m.id = f.member_id
$$;
grant execute on function public.list_delegation_orders(uuid) to authenticated;
