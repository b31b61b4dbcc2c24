-- What finance reads and does beyond the ledger's own rules: the list of orders with what is wrong with each, and
-- asking again for a refund that the provider refused.

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
create function private.orders_of(p_summit uuid, p_order uuid default null)
	returns table (id uuid, reference text, payer text, payer_kind text, currency text,
	charged bigint, paid bigint, returned bigint, balance bigint, due_at timestamptz, closed_at timestamptz,
		created_at timestamptz, state text)
language sql stable security definer set search_path = '' as $$
	select o.id, o.reference, coalesce(m.name, nullif(p.display_name, '')),
		case when o.payer_member_id is null then 'person' else 'member' end,
		o.currency, l.charged, a.paid, a.returned, l.charged + a.total, o.due_at, o.closed_at, o.created_at,
		private.order_state(l.charged + a.total, a.paid, a.returned, a.is_cancelled, o.due_at, o.closed_at,
			array(select r.state from public.refunds as r where r.order_id = o.id))
	from public.orders as o
	left join public.people as p on p.id = o.payer_person_id
	left join public.members as m on m.id = o.payer_member_id
	cross join lateral (select coalesce(sum(amount), 0) as charged from public.order_lines where order_id = o.id) as l
	cross join lateral (select coalesce(sum(amount), 0) as total,
		-coalesce(sum(amount) filter (where kind = 'payment'), 0) as paid,
		coalesce(sum(amount) filter (where kind = 'refund'), 0) as returned,
		coalesce(bool_or(kind = 'cancellation'), false) as is_cancelled from public.order_adjustments
			where order_id = o.id) as a
	where o.summit_id = p_summit and (p_order is null or o.id = p_order)
$$;

create function public.list_orders(summit uuid, state text default null, query text default '', row_limit integer
	default 50, row_offset integer default 0)
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
			and (v_query = '' or e.reference = upper(v_query)
				or strpos(lower(coalesce(e.payer, '')), lower(v_query)) > 0)
	), shown as (
		select f.* from found as f order by f.created_at desc, f.id
		limit least(greatest(row_limit, 1), 200) offset greatest(row_offset, 0)
	)
	select jsonb_build_object(
		'status', 'ok',
		'total', (select count(*) from found),
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c),
		'sums', (select coalesce(jsonb_agg(to_jsonb(s) order by s.currency), '[]') from (
			select e.currency, sum(e.charged) as charged, sum(e.paid) as paid, sum(e.returned) as returned,
				sum(e.balance) filter (where e.balance > 0 and e.closed_at is null) as outstanding
			from every as e group by e.currency) as s),
		'rows', (select coalesce(jsonb_agg(to_jsonb(s) || jsonb_build_object(
			'registrations', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'reference', r.reference,
				'display_name', p.display_name,
					'state', r.state, 'mode', ol.mode, 'amount', ol.amount) order by ol.created_at), '[]')
				from public.order_lines as ol join public.registrations as r on r.id = ol.registration_id
				join public.people as p on p.id = r.person_id where ol.order_id = s.id),
			'adjustments',
				(select coalesce(jsonb_agg(jsonb_build_object('id', oa.id, 'kind', oa.kind, 'amount', oa.amount,
					'provider', oa.provider, 'provider_ref', oa.provider_ref, 'reason', oa.reason, 'at', oa.at)
						order by oa.id), '[]')
				from public.order_adjustments as oa where oa.order_id = s.id),
			'refunds', (select coalesce(jsonb_agg(jsonb_build_object('id', rf.id, 'amount', rf.amount, 'state',
				rf.state, 'failure', rf.failure,
					'attempts', rf.attempts, 'by_hand', rf.checkout_id is null) order by rf.created_at), '[]')
				from public.refunds as rf where rf.order_id = s.id)) order by s.created_at desc, s.id), '[]')
			from shown as s))
	into v_result;
	return v_result;
end
$$;
grant execute on function public.list_orders(uuid, text, text, integer, integer) to authenticated;

-- One order as its payers, those whom it pays for and finance see it; null for everybody else. `is_late`: money that
-- came after the seat was given on goes back.
create function public.read_order(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', e.id, 'reference', e.reference, 'summit_id', o.summit_id, 'currency', e.currency,
		'charged', e.charged,
		'paid', e.paid, 'balance', e.balance, 'due_at', e.due_at, 'closed_at', e.closed_at, 'state', e.state,
		'is_processing', exists (select from public.checkouts as c where c.order_id = e.id and c.state = 'processing'),
		'is_late', exists (select from public.refunds as f
			where f.order_id = e.id and f.reason = 'late' and f.state <> 'cancelled'),
		'modes',
			(select coalesce(jsonb_agg(distinct l.mode), '[]') from public.order_lines as l where l.order_id = e.id))
	from public.orders as o cross join lateral private.orders_of(o.summit_id, o.id) as e
	where o.id = read_order.order_id
		and (o.id in (select private.my_orders()) or private.has_role(o.summit_id, 'finance'))
$$;
grant execute on function public.read_order(uuid) to authenticated;

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
grant execute on function public.retry_refund(uuid) to authenticated;

-- What finance reads: one order whole, invoices, waivers, fees with what each kind of person pays, and everything for
-- export.

create function private.order_json(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'registrations', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'reference', r.reference,
			'display_name', p.display_name,
				'state', r.state, 'mode', ol.mode, 'amount', ol.amount) order by ol.created_at, r.reference), '[]')
			from public.order_lines as ol join public.registrations as r on r.id = ol.registration_id
			join public.people as p on p.id = r.person_id where ol.order_id = p_order),
		'adjustments', (select coalesce(jsonb_agg(jsonb_build_object('id', oa.id, 'kind', oa.kind, 'amount', oa.amount,
			'registration_id', oa.registration_id,
				'provider', oa.provider, 'provider_ref', oa.provider_ref, 'reason', oa.reason, 'booked_on',
					oa.booked_on, 'at', private.iso(oa.at),
				'actor', (select a.display_name from public.people as a where a.id = oa.actor_id)) order by oa.id),
					'[]')
			from public.order_adjustments as oa where oa.order_id = p_order),
		'refunds', (select coalesce(jsonb_agg(jsonb_build_object('id', rf.id, 'amount', rf.amount, 'state', rf.state,
			'failure', rf.failure,
				'attempts', rf.attempts, 'by_hand', rf.checkout_id is null) order by rf.created_at), '[]')
			from public.refunds as rf where rf.order_id = p_order))
$$;

-- One order for finance, with what may be done with it next; null for everybody else.
create function public.read_finance_order(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(e) || jsonb_build_object('due_at', private.iso(e.due_at), 'closed_at', private.iso(e.closed_at),
		'created_at', private.iso(e.created_at), 'summit_id', o.summit_id)
		|| private.order_json(e.id)
			|| jsonb_build_object('invoices', private.invoices_of(e.id), 'cash', private.cash_in(e.id),
		'waivers', (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'state', w.state, 'amount', w.amount,
			'created_at', private.iso(w.created_at)) order by w.created_at), '[]')
			from public.waiver_requests as w where w.order_id = e.id),
		'has_alias', coalesce(private.has_alias(o.payer_person_id), false),
		'billing', (select private.last_billing(e.id) -> 'buyer'
			where not coalesce(private.has_alias(o.payer_person_id), false)),
		'can_invoice', exists (select from public.money_settings as s
			where s.summit_id = o.summit_id and s.issuer_name <> '' and s.issuer_address <> ''))
	from public.orders as o cross join lateral private.orders_of(o.summit_id, o.id) as e
	where o.id = read_finance_order.order_id and private.has_role(o.summit_id, 'finance')
$$;
grant execute on function public.read_finance_order(uuid) to authenticated;

-- Totals by state and currency; null for everybody but finance.
create function public.money_overview(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (select * from private.orders_of(money_overview.summit))
	select jsonb_build_object(
		'states', (select coalesce(jsonb_agg(to_jsonb(t) order by t.currency, t.state), '[]') from (
			select e.currency, e.state, count(*) as orders, sum(e.charged) as charged, sum(e.paid) as paid,
				sum(e.returned) as returned, sum(e.balance) as balance
			from every as e group by e.currency, e.state) as t),
		'waivers', (select coalesce(jsonb_agg(jsonb_build_object('currency', c.currency, 'budget',
			coalesce(b.amount, 0), 'waived',
			private.waived_in(money_overview.summit, c.currency)) order by c.currency), '[]')
			from (select distinct e.currency from every as e union select x.currency::text
				from public.waiver_budgets as x where x.summit_id = money_overview.summit) as c
			left join public.waiver_budgets as b on b.summit_id = money_overview.summit and b.currency = c.currency),
		'waiting', jsonb_build_object(
			'waivers', (select count(*) from public.waiver_requests as w
				where w.summit_id = money_overview.summit and w.state = 'open'),
			'bank_rows', (select count(*) from private.bank_rows as b
				where b.summit_id = money_overview.summit and b.state = 'open'),
			'hand_refunds', (select count(*) from public.refunds as f join public.orders as o on o.id = f.order_id
				where o.summit_id = money_overview.summit and f.checkout_id is null and f.state = 'due'),
			'failed_refunds', (select count(*) from public.refunds as f join public.orders as o on o.id = f.order_id
				where o.summit_id = money_overview.summit and f.state = 'failed'),
			'overdue_invoices', (select count(*) from public.invoices as i
				where i.summit_id = money_overview.summit and private.invoice_state(i) = 'overdue')))
	where private.has_role(money_overview.summit, 'finance')
$$;
grant execute on function public.money_overview(uuid) to authenticated;

-- Invoices and credit notes for finance, newest first. States: due, overdue, paid, credited, credit_note.
create function public.list_invoices(summit uuid, state text default null, query text default '', row_limit integer
	default 50, row_offset integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (
		select i.id, i.kind, i.reference, i.amount, i.currency, i.issued_on, i.due_on, i.order_id, i.created_at,
			i.number, o.reference as order_reference, coalesce(m.name, p.display_name) as payer,
			private.invoice_state(i) as state
		from public.invoices as i join public.orders as o on o.id = i.order_id
		left join public.members as m on m.id = o.payer_member_id left
			join public.people as p on p.id = o.payer_person_id
		where i.summit_id = list_invoices.summit
	), found as (
		select e.* from every as e where (list_invoices.state is null or e.state = list_invoices.state)
			and (btrim(coalesce(list_invoices.query, '')) = '' or strpos(lower(concat_ws(' ', e.reference,
				e.order_reference, e.payer)), lower(btrim(list_invoices.query))) > 0)
	)
	select jsonb_build_object('total', (select count(*) from found),
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c),
		'rows', (select coalesce(jsonb_agg(to_jsonb(x) order by x.created_at desc, x.number desc), '[]') from (
			select f.* from found as f order by f.created_at desc, f.number desc
				limit greatest(1, least(coalesce(row_limit, 50), 200))
				offset greatest(0, coalesce(row_offset, 0))) as x))
	where private.has_role(list_invoices.summit, 'finance')
$$;
grant execute on function public.list_invoices(uuid, text, text, integer, integer) to authenticated;

-- Requests for a waiver for finance; null for everybody else. `own`: asked for by or for the reader, who does not
-- decide it.
create function public.list_waivers(summit uuid, state text default 'open', row_limit integer
	default 50, row_offset integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}') from (select w.state, count(*)
			from public.waiver_requests as w where w.summit_id = list_waivers.summit group by w.state) as c),
		'total', (select count(*) from public.waiver_requests as w
			where w.summit_id = list_waivers.summit and w.state = list_waivers.state),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'state', w.state, 'grounds', w.grounds,
			'explanation', w.explanation, 'amount', w.amount, 'answer', w.answer,
				'created_at', private.iso(w.created_at), 'decided_at', private.iso(w.decided_at), 'order_id',
					w.order_id, 'order', o.reference, 'currency', o.currency,
				'registration', r.reference, 'display_name', p.display_name, 'member', m.name, 'mode', r.mode, 'owed',
					private.waivable(w.order_id, w.registration_id),
				'by_focal', w.requested_by <> w.person_id, 'decided_by',
					(select d.display_name from public.people as d where d.id = w.decided_by),
				'own', w.requested_by in (select private.my_people()) or w.person_id in (select private.my_people()))
					order by w.created_at, w.id), '[]')
			from (select * from public.waiver_requests as x
				where x.summit_id = list_waivers.summit and x.state = list_waivers.state order by x.created_at, x.id
				limit greatest(1, least(coalesce(row_limit, 50), 200)) offset greatest(0, coalesce(row_offset, 0))) as w
			join public.orders as o on o.id = w.order_id join public.registrations as r on r.id = w.registration_id
			join public.people as p on p.id = r.person_id left join public.members as m on m.id = r.member_id))
	where private.has_role(list_waivers.summit, 'finance')
$$;
grant execute on function public.list_waivers(uuid, text, integer, integer) to authenticated;

-- Fees, and what each sector and category pays for each mode now and from each later date, in each currency.
create function public.list_fees(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with moments as (
		select now() as at union select f.valid_from from public.fees as f
			where f.summit_id = list_fees.summit and f.valid_from > now()
		union select f.valid_until from public.fees as f where f.summit_id = list_fees.summit and f.valid_until > now()
	), currencies as (
		select s.currency::text as currency from public.summits as s where s.id = list_fees.summit
			union select f.currency::text from public.fees as f where f.summit_id = list_fees.summit
	)
	select jsonb_build_object('currencies', (select jsonb_agg(c.currency order by c.currency) from currencies as c),
		'complete', (select jsonb_agg(c order by c) from private.fee_currencies(list_fees.summit) as c),
		'moments', (select jsonb_agg(private.iso(m.at) order by m.at) from moments as m),
		'fees', (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'mode', f.mode, 'category', f.category,
			'sector', f.sector, 'amount', f.amount, 'currency', f.currency,
				'valid_from', private.iso(f.valid_from), 'valid_until', private.iso(f.valid_until)) order by f.currency,
					f.mode, f.sector nulls first, f.category nulls first, f.valid_from nulls first), '[]')
			from public.fees as f where f.summit_id = list_fees.summit),
		'paid', (select coalesce(jsonb_agg(jsonb_build_object('mode', x.mode, 'sector', x.sector, 'category',
			x.category, 'currency', c.currency,
				'amounts', (select jsonb_agg(private.fee_for(list_fees.summit, x.mode, x.category, x.sector, c.currency,
					m.at) order by m.at) from moments as m)) order by x.mode, x.category, x.sector, c.currency), '[]')
			from currencies as c, (
				select k.mode, 'delegate'::public.registration_category as category, t.sector
					from unnest(enum_range(null::public.attendance_mode)) as k (mode),
					unnest(enum_range(null::public.sector)) as t (sector)
				union all
				select k.mode, g.category, null from unnest(enum_range(null::public.attendance_mode)) as k (mode),
					unnest(enum_range(null::public.registration_category)) as g (category)
					where g.category <> 'delegate') as x))
	where private.has_role(list_fees.summit, 'finance')
$$;
grant execute on function public.list_fees(uuid) to authenticated;

-- All rows of one kind for a file: orders, entries (the ledger) or invoices. It leaves a note. Null for everybody but
-- finance.
create function public.export_money(summit uuid, what text, state text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rows jsonb;
begin
	if not private.has_role(export_money.summit, 'finance') or what not in ('orders', 'entries', 'invoices') then
		return null;
	end if;
	v_rows := case what
		when 'orders' then (select coalesce(jsonb_agg(jsonb_build_object('order', e.reference, 'payer', e.payer,
			'payer_kind', e.payer_kind, 'state', e.state, 'currency', e.currency,
				'charged', e.charged, 'paid', e.paid, 'returned', e.returned, 'balance', e.balance, 'created_at',
					private.iso(e.created_at), 'due_at', private.iso(e.due_at),
				'closed_at', private.iso(e.closed_at), 'registrations', (select string_agg(distinct r.reference, ' ')
					from public.order_lines as l join public.registrations as r on r.id = l.registration_id
					where l.order_id = e.id))
				order by e.created_at, e.id), '[]') from private.orders_of(export_money.summit) as e
					where export_money.state is null or e.state = export_money.state)
		when 'entries' then (select coalesce(jsonb_agg(to_jsonb(t) order by t.at, t.entry), '[]') from (
			select o.reference as "order", 'line' as kind, 'L' || left(l.id::text, 8) as entry,
				r.reference as registration, l.amount, o.currency, null as provider, null as provider_ref, '' as reason,
				null::date as booked_on, private.iso(l.created_at) as at
			from public.order_lines as l join public.orders as o on o.id = l.order_id
				join public.registrations as r on r.id = l.registration_id where o.summit_id = export_money.summit
			union all
			select o.reference, a.kind::text, a.id::text, r.reference, a.amount, o.currency, a.provider, a.provider_ref,
				a.reason, a.booked_on, private.iso(a.at)
			from public.order_adjustments as a join public.orders as o on o.id = a.order_id left
				join public.registrations as r on r.id = a.registration_id
				where o.summit_id = export_money.summit) as t)
		else (select coalesce(jsonb_agg(jsonb_build_object('number', i.reference, 'kind', i.kind, 'answers',
			x.reference, 'order', o.reference, 'payer', coalesce(m.name, p.display_name),
				'amount', i.amount, 'currency', i.currency, 'issued_on', i.issued_on, 'due_on', i.due_on, 'state',
					private.invoice_state(i)) order by i.kind, i.year, i.number), '[]')
			from public.invoices as i join public.orders as o on o.id = i.order_id left
				join public.invoices as x on x.id = i.answers_id
			left join public.members as m on m.id = o.payer_member_id left
				join public.people as p on p.id = o.payer_person_id where i.summit_id = export_money.summit) end;
	perform audit.note('payments.exported', what, export_money.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_rows), 'state', export_money.state));
	return v_rows;
end
$$;
grant execute on function public.export_money(uuid, text, text) to authenticated;

-- What a payer may do with an order beside paying it by card; null for everybody else. Whoever is paid for learns that
-- a member pays.
create function public.read_payer_choices(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when o.id not in (select private.my_payable_orders()) then jsonb_build_object('pays', false)
		else jsonb_build_object('pays', true,
		'payer', case when o.payer_member_id is null then 'person' else 'member' end,
		'invoices', private.invoices_of(o.id),
		'can_invoice', coalesce((select s.issuer_name <> '' and (s.transfer_allowed or private.balance_of(o.id) <= 0)
			from public.money_settings as s where s.summit_id = o.summit_id), false)
			and private.asked_by(o.id) > 0 and not exists (select from public.invoices as i
				where i.order_id = o.id and i.kind = 'invoice' and private.left_of_invoice(i.id) > 0),
		'has_alias', coalesce(private.has_alias(o.payer_person_id), false),
		'currencies', (select coalesce(jsonb_agg(c order by c), '[]') from private.currencies_for(o) as c),
		'waiver', (select jsonb_build_object('id', w.id, 'state', w.state, 'amount', w.amount, 'answer', w.answer)
			from public.waiver_requests as w
			where w.order_id = o.id
				and (w.requested_by = private.me() or w.person_id in (select private.my_people('registration')))
				order by w.created_at desc limit 1),
		'registration_id', (select min(l.registration_id::text)::uuid from public.order_lines as l
			where l.order_id = o.id and l.registration_id in (select private.my_registrations())),
		'waivable', o.closed_at is null and exists (select from public.order_lines as l where l.order_id = o.id
			and l.registration_id in (select private.my_registrations())
			and private.waivable(o.id, l.registration_id) > 0)) end
	from public.orders as o where o.id = read_payer_choices.order_id and o.id in (select private.my_orders())
$$;
grant execute on function public.read_payer_choices(uuid) to authenticated;
