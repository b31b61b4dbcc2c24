-- The checks of a Summit's books in themselves: orders, lines, invoices and waivers. Each answers rows of a code, the
-- order or document concerned, and the two figures that differ; no row means that they agree. Those against Stripe and
-- the bank are in provider_checks.sql.

-- Checks each order against its payments, refunds and invoices.
create function private.order_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with o as materialized (
		select o.id, o.reference, o.currency::text as currency, o.closed_at,
			private.balance_of(o.id)::bigint as balance, private.order_charge(o.id)::bigint as asked,
			private.invoiced_amount(o.id)::bigint as invoiced,
			exists (select from public.invoices as i where i.order_id = o.id) as has_papers,
			(
				select coalesce(sum(f.amount), 0)::bigint
				from public.refunds as f
				where f.order_id = o.id and f.state in ('due', 'sent', 'failed')
			) as pending,
			(
				select coalesce(sum(f.amount), 0)::bigint
				from public.refunds as f
				where f.order_id = o.id and f.state = 'done'
			) as done,
			a.*
		from public.orders as o
		cross join lateral (
			select coalesce(-sum(x.amount) filter (where x.kind = 'payment'), 0)::bigint as paid,
				coalesce(sum(x.amount) filter (where x.kind = 'refund'), 0)::bigint as returned,
				coalesce(sum(x.amount) filter (where x.kind in ('dispute', 'dispute_won')), 0)::bigint as disputed,
				coalesce(-sum(x.amount) filter (where x.kind = 'waiver'), 0)::bigint as waived
			from public.order_adjustments as x
			where x.order_id = o.id
		) as a
		where o.summit_id = p_summit
	)
	-- An open order waits for money. A closed one owes only what a bank took back, and gives back what is too much.
	select 'open_but_settled', o.reference, o.id, o.currency, 1::bigint, o.balance
	from o
	where o.closed_at is null and o.balance <= 0
	union all
	select 'balance', o.reference, o.id, o.currency, least(o.disputed, greatest(o.balance, 0)) - o.pending, o.balance
	from o
	where o.closed_at is not null and o.balance + o.pending <> least(o.disputed, greatest(o.balance, 0))
	union all
	select 'asked_below_zero', o.reference, o.id, o.currency, 0::bigint, o.asked
	from o
	where o.asked < 0
	union all
	select 'refund_above_paid', o.reference, o.id, o.currency, o.paid, o.returned + o.pending
	from o
	where o.returned + o.pending > o.paid
	union all
	select 'refund_not_in_ledger', o.reference, o.id, o.currency, o.done, o.returned
	from o
	where o.done <> o.returned
	union all
	select 'invoiced', o.reference, o.id, o.currency, o.asked, o.invoiced
	from o
	where o.has_papers and o.invoiced <> o.asked
$$;

-- Checks each line of an order against cancellations, waivers and the registration.
create function private.line_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with o as materialized (
		select o.id, o.reference, o.currency::text as currency, o.closed_at, private.balance_of(o.id)::bigint as balance
		from public.orders as o
		where o.summit_id = p_summit
	)
	select 'line_below_zero', o.reference, o.id, o.currency, 0::bigint,
		private.line_total(o.id, l.registration_id)::bigint
	from o
	join (
		select distinct x.order_id, x.registration_id from public.order_lines as x where x.summit_id = p_summit
	) as l on l.order_id = o.id
	where private.line_total(o.id, l.registration_id) < 0
	union all
	select 'waived_above_line', o.reference, o.id, o.currency,
		private.line_total(o.id, w.registration_id)::bigint, w.waived
	from o
	join (
		select x.order_id, x.registration_id, -sum(x.amount)::bigint as waived
		from public.order_adjustments as x
		where x.kind = 'waiver'
		group by x.order_id, x.registration_id
	) as w on w.order_id = o.id
	where w.registration_id is null or w.waived < 0 or w.waived > private.line_total(o.id, w.registration_id)
	union all
	-- Nobody is confirmed by an order that is not paid.
	select 'confirmed_unpaid', r.reference, o.id, o.currency, 0::bigint, o.balance
	from o
	join public.order_lines as l on l.order_id = o.id
	join public.registrations as r on r.id = l.registration_id
	where o.closed_at is null
		and o.balance > 0
		and r.state = 'confirmed'
		and l.mode = r.mode
		and private.line_total(o.id, r.id) > 0
$$;

-- Checks the numbers and contents of invoices and credit notes.
create function private.invoice_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with series as (
		select i.kind, i.year, count(*) as papers, max(i.number) as last, min(i.number) as first
		from public.invoices as i
		where i.summit_id = p_summit
		group by i.kind, i.year
	)
	-- Series without gaps, that end with the last number drawn.
	select 'number_gap', s.kind || ' ' || s.year, null::uuid, null::text, s.last::bigint, s.papers
	from series as s
	where s.last <> s.papers or s.first <> 1
	union all
	select 'last_number', coalesce(s.kind, n.kind) || ' ' || coalesce(s.year, n.year), null, null,
		coalesce(n.last_number, 0)::bigint, coalesce(s.last, 0)::bigint
	from series as s
	full join (select * from private.invoice_number_series as x where x.summit_id = p_summit) as n on n.kind = s.kind
		and n.year = s.year
	where n.last_number is distinct from s.last
	union all
	-- Documents as they were issued.
	select 'paper_changed', i.reference, i.order_id, i.currency::text, i.amount::bigint,
		(c.content ->> 'amount')::bigint
	from public.invoices as i
	left join private.invoice_contents as c on c.invoice_id = i.id
	where i.summit_id = p_summit
		and (
			c.content is null
			or (c.content ->> 'amount')::bigint is distinct from i.amount
			or c.content ->> 'reference' is distinct from i.reference
			or c.content ->> 'currency' is distinct from i.currency::text
			or jsonb_typeof(c.content -> 'vat') = 'object'
				and (c.content #>> '{vat,net}')::bigint + (c.content #>> '{vat,tax}')::bigint
					+ (c.content #>> '{vat,rounding}')::bigint is distinct from i.amount::bigint
		)
	union all
	select 'paper_currency', i.reference, i.order_id, i.currency::text, null::bigint, null::bigint
	from public.invoices as i
	join public.orders as o on o.id = i.order_id
	where i.summit_id = p_summit and i.currency <> o.currency
	union all
	select 'credited_above_invoice', i.reference, i.order_id, i.currency::text, i.amount::bigint,
		i.amount - private.invoice_remainder(i.id)
	from public.invoices as i
	where i.summit_id = p_summit and i.kind = 'invoice' and private.invoice_remainder(i.id) < 0
$$;

-- Checks waivers against the budgets and the approved requests.
create function private.waiver_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	select 'waived_above_budget', w.currency, null, w.currency,
		coalesce((
			select b.amount from public.waiver_budgets as b where b.summit_id = p_summit and b.currency = w.currency
		), 0),
		w.waived
	from (
		select distinct o.currency::text as currency, private.waived_total(p_summit, o.currency::text) as waived
		from public.orders as o
		where o.summit_id = p_summit
	) as w
	where w.waived > coalesce((
		select b.amount from public.waiver_budgets as b where b.summit_id = p_summit and b.currency = w.currency
	), 0)
	union all
	select 'waiver_without_request', o.reference, o.id, o.currency::text, coalesce(q.granted, 0)::bigint, w.granted
	from (
		select x.order_id, -sum(x.amount) filter (where x.amount < 0)::bigint as granted
		from public.order_adjustments as x
		where x.kind = 'waiver'
		group by x.order_id
	) as w
	join public.orders as o on o.id = w.order_id and o.summit_id = p_summit
	left join (
		select r.order_id, sum(r.amount) as granted
		from public.waiver_requests as r
		where r.state = 'approved'
		group by r.order_id
	) as q on q.order_id = o.id
	where w.granted is distinct from coalesce(q.granted, 0)
$$;
