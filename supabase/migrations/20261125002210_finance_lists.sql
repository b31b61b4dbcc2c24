-- What finance reads and does beyond the ledger's own rules: the list of orders with what is wrong with each, and asking again
-- for a refund that the provider refused.

-- One word for where an order stands; the first that fits.
create function private.order_state(p_balance bigint, p_paid bigint, p_returned bigint, p_is_cancelled boolean,
	p_due_at timestamptz, p_closed_at timestamptz, p_refunds public.refund_state[]) returns text
language sql stable set search_path = '' as $$
	select case
		when 'failed' = any (p_refunds) then 'refund_failed'
		when p_refunds && array['due', 'sent']::public.refund_state[] then 'refunding'
		when p_balance < 0 then 'overpaid'
		when p_balance = 0 and p_paid > 0 then case when p_returned >= p_paid then 'refunded' else 'settled' end
		-- Nothing was ever paid: what was asked is not owed any more, or nothing was asked.
		when p_balance = 0 then case when p_is_cancelled then 'cancelled' else 'free' end
		when p_closed_at is not null then 'closed'
		when p_due_at < now() then 'overdue'
		else 'owing'
	end
$$;

-- Every order of a Summit (or the one) with its balance and state. For definer functions that have checked who asks.
create function private.orders_of(p_summit uuid, p_order uuid default null) returns table (id uuid, reference text, payer text, payer_kind text, currency text,
	charged bigint, paid bigint, returned bigint, balance bigint, due_at timestamptz, closed_at timestamptz, created_at timestamptz, state text)
language sql stable security definer set search_path = '' as $$
	select o.id, o.reference, coalesce(m.name, nullif(p.display_name, '')), case when o.payer_member_id is null then 'person' else 'member' end,
		o.currency, l.charged, a.paid, a.returned, l.charged + a.total, o.due_at, o.closed_at, o.created_at,
		private.order_state(l.charged + a.total, a.paid, a.returned, a.is_cancelled, o.due_at, o.closed_at,
			array(select r.state from public.refunds as r where r.order_id = o.id))
	from public.orders as o
	left join public.people as p on p.id = o.payer_person_id
	left join public.members as m on m.id = o.payer_member_id
	cross join lateral (select coalesce(sum(amount), 0) as charged from public.order_lines where order_id = o.id) as l
	cross join lateral (select coalesce(sum(amount), 0) as total, -coalesce(sum(amount) filter (where kind = 'payment'), 0) as paid,
		coalesce(sum(amount) filter (where kind = 'refund'), 0) as returned,
		coalesce(bool_or(kind = 'cancellation'), false) as is_cancelled from public.order_adjustments where order_id = o.id) as a
	where o.summit_id = p_summit and (p_order is null or o.id = p_order)
$$;

create function public.list_orders(summit uuid, state text default null, query text default '', row_limit integer default 50, row_offset integer default 0)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_query text := btrim(coalesce(query, ''));
	v_result jsonb;
begin
	if not private.has_role(list_orders.summit, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	with every as materialized (
		select * from private.orders_of(list_orders.summit)
	), found as (
		select e.* from every as e
		where (list_orders.state is null or e.state = list_orders.state)
			and (v_query = '' or e.reference = upper(v_query) or strpos(lower(coalesce(e.payer, '')), lower(v_query)) > 0)
	), shown as (
		select f.* from found as f order by f.created_at desc, f.id
		limit least(greatest(row_limit, 1), 200) offset greatest(row_offset, 0)
	)
	select jsonb_build_object(
		'status', 'ok',
		'total', (select count(*) from found),
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}') from (select e.state, count(*) from every as e group by e.state) as c),
		'sums', (select coalesce(jsonb_agg(to_jsonb(s) order by s.currency), '[]') from (
			select e.currency, sum(e.charged) as charged, sum(e.paid) as paid, sum(e.returned) as returned,
				sum(e.balance) filter (where e.balance > 0 and e.closed_at is null) as outstanding
			from every as e group by e.currency) as s),
		'rows', (select coalesce(jsonb_agg(to_jsonb(s) || jsonb_build_object(
			'registrations', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'reference', r.reference, 'display_name', p.display_name,
					'state', r.state, 'mode', ol.mode, 'amount', ol.amount) order by ol.created_at), '[]')
				from public.order_lines as ol join public.registrations as r on r.id = ol.registration_id
				join public.people as p on p.id = r.person_id where ol.order_id = s.id),
			'adjustments', (select coalesce(jsonb_agg(jsonb_build_object('id', oa.id, 'kind', oa.kind, 'amount', oa.amount,
					'provider', oa.provider, 'provider_ref', oa.provider_ref, 'reason', oa.reason, 'at', oa.at) order by oa.id), '[]')
				from public.order_adjustments as oa where oa.order_id = s.id),
			'refunds', (select coalesce(jsonb_agg(jsonb_build_object('id', rf.id, 'amount', rf.amount, 'state', rf.state, 'failure', rf.failure,
					'attempts', rf.attempts, 'by_hand', rf.checkout_id is null) order by rf.created_at), '[]')
				from public.refunds as rf where rf.order_id = s.id)) order by s.created_at desc, s.id), '[]')
			from shown as s))
	into v_result;
	return v_result;
end
$$;

-- One order as its payers, those whom it pays for and finance see it; null for everybody else. `is_late`: money that came after
-- the seat was given on goes back.
create function public.read_order(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', e.id, 'reference', e.reference, 'summit_id', o.summit_id, 'currency', e.currency, 'charged', e.charged,
		'paid', e.paid, 'balance', e.balance, 'due_at', e.due_at, 'closed_at', e.closed_at, 'state', e.state,
		'is_processing', exists (select from public.checkouts as c where c.order_id = e.id and c.state = 'processing'),
		'is_late', exists (select from public.refunds as f where f.order_id = e.id and f.reason = 'late' and f.state <> 'cancelled'),
		'modes', (select coalesce(jsonb_agg(distinct l.mode), '[]') from public.order_lines as l where l.order_id = e.id))
	from public.orders as o cross join lateral private.orders_of(o.summit_id, o.id) as e
	where o.id = read_order.order_id and (o.id in (select private.my_orders()) or private.has_role(o.summit_id, 'finance'))
$$;

-- Answers ok, not_allowed or wrong_state. The provider is then asked anew.
create function public.retry_refund(refund uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_refund public.refunds;
	v_summit uuid;
begin
	select * into v_refund from public.refunds where id = refund for update;
	select summit_id into v_summit from public.orders where id = v_refund.order_id;
	if v_summit is null or not private.has_role(v_summit, 'finance') then return 'not_allowed'; end if;
	if v_refund.state <> 'failed' then return 'wrong_state'; end if;
	update public.refunds set state = 'due', failure = null, provider_ref = null where id = refund;
	perform private.tell('outbox', 'refund', refund);
	perform private.tell('organise:' || v_summit, 'order', v_refund.order_id);
	return 'ok';
end
$$;

grant execute on function public.list_orders(uuid, text, text, integer, integer), public.read_order(uuid), public.retry_refund(uuid) to authenticated;
