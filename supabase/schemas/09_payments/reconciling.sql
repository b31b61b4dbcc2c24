-- Do the books agree: ledger, invoices, bank rows, and what the provider told? Asked by finance at any time and by the
-- worker each night.

-- Each thing that does not agree: a code, the order or paper concerned, and the two figures. None: the books balance.
create function private.order_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with o as materialized (
		select o.id, o.reference, o.currency::text as currency, o.closed_at,
			private.balance_of(o.id)::bigint as balance, private.asked_by(o.id)::bigint as asked,
			private.invoiced_for(o.id)::bigint as invoiced,
				exists (select from public.invoices as i where i.order_id = o.id) as has_papers,
			(select coalesce(sum(f.amount), 0)::bigint from public.refunds as f
				where f.order_id = o.id and f.state in ('due', 'sent', 'failed')) as pending,
			(select coalesce(sum(f.amount), 0)::bigint from public.refunds as f
				where f.order_id = o.id and f.state = 'done') as done,
			a.*
		from public.orders as o cross join lateral (
			select coalesce(-sum(x.amount) filter (where x.kind = 'payment'), 0)::bigint as paid,
				coalesce(sum(x.amount) filter (where x.kind = 'refund'), 0)::bigint as returned,
				coalesce(sum(x.amount) filter (where x.kind in ('dispute', 'dispute_won')), 0)::bigint as disputed,
				coalesce(-sum(x.amount) filter (where x.kind = 'waiver'), 0)::bigint as waived
			from public.order_adjustments as x where x.order_id = o.id) as a
		where o.summit_id = p_summit
	)
	-- An open order waits for money; a closed one owes nothing but what a bank took back, and gives back what is too
	-- much.
	select 'open_but_settled', o.reference, o.id, o.currency, 1::bigint, o.balance from o
		where o.closed_at is null and o.balance <= 0
	union all
	select 'balance', o.reference, o.id, o.currency, least(o.disputed, greatest(o.balance, 0)) - o.pending, o.balance
		from o
	where o.closed_at is not null and o.balance + o.pending <> least(o.disputed, greatest(o.balance, 0))
	union all
	select 'asked_below_zero', o.reference, o.id, o.currency, 0::bigint, o.asked from o where o.asked < 0
	union all
	select 'refund_above_paid', o.reference, o.id, o.currency, o.paid, o.returned + o.pending from o
		where o.returned + o.pending > o.paid
	union all
	select 'refund_not_in_ledger', o.reference, o.id, o.currency, o.done, o.returned from o where o.done <> o.returned
	union all
	select 'invoiced', o.reference, o.id, o.currency, o.asked, o.invoiced from o
		where o.has_papers and o.invoiced <> o.asked
	union all
	select 'line_below_zero', o.reference, o.id, o.currency, 0::bigint,
		private.line_total(o.id, l.registration_id)::bigint
	from o join (select distinct x.order_id, x.registration_id from public.order_lines as x
		where x.summit_id = p_summit) as l on l.order_id = o.id
	where private.line_total(o.id, l.registration_id) < 0
	union all
	select 'waived_above_line', o.reference, o.id, o.currency, private.line_total(o.id, w.registration_id)::bigint,
		w.waived
	from o join (select x.order_id, x.registration_id, -sum(x.amount)::bigint as waived
		from public.order_adjustments as x where x.kind = 'waiver' group by x.order_id, x.registration_id) as w
		on w.order_id = o.id
			where w.registration_id is null or w.waived < 0 or w.waived > private.line_total(o.id, w.registration_id)
	union all
	select 'confirmed_unpaid', r.reference, o.id, o.currency, 0::bigint, o.balance from o
	join public.order_lines as l on l.order_id = o.id join public.registrations as r on r.id = l.registration_id
	where o.closed_at is null and o.balance > 0 and r.state = 'confirmed' and l.mode = r.mode
		and private.line_total(o.id, r.id) > 0
$$;

create function private.paper_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with series as (
		select i.kind, i.year, count(*) as papers, max(i.number) as last, min(i.number) as first
			from public.invoices as i where i.summit_id = p_summit group by i.kind, i.year
	)
	select 'number_gap', s.kind || ' ' || s.year, null::uuid, null::text, s.last::bigint, s.papers from series as s
		where s.last <> s.papers or s.first <> 1
	union all
	select 'last_number', coalesce(s.kind, n.kind) || ' '
		|| coalesce(s.year, n.year), null, null, coalesce(n.last_number, 0)::bigint, coalesce(s.last, 0)::bigint
	from series as s full
		join (select * from private.number_series as x where x.summit_id = p_summit) as n on n.kind = s.kind
		and n.year = s.year
	where n.last_number is distinct from s.last
	union all
	select 'paper_changed', i.reference, i.order_id, i.currency::text, i.amount::bigint,
		(c.content ->> 'amount')::bigint
	from public.invoices as i left join private.invoice_contents as c on c.invoice_id = i.id
	where i.summit_id = p_summit and (c.content is null or (c.content ->> 'amount')::bigint is distinct from i.amount
		or c.content ->> 'reference' is distinct from i.reference or c.content ->> 'currency' is distinct
			from i.currency::text)
	union all
	select 'paper_currency', i.reference, i.order_id, i.currency::text, null::bigint, null::bigint
		from public.invoices as i join public.orders as o on o.id = i.order_id
	where i.summit_id = p_summit and i.currency <> o.currency
	union all
	select 'credited_above_invoice', i.reference, i.order_id, i.currency::text, i.amount::bigint,
		i.amount - private.left_of_invoice(i.id)
	from public.invoices as i where i.summit_id = p_summit and i.kind = 'invoice' and private.left_of_invoice(i.id) < 0
	union all
	select 'waived_above_budget', w.currency, null, w.currency, coalesce((select b.amount
		from public.waiver_budgets as b where b.summit_id = p_summit and b.currency = w.currency), 0), w.waived
	from (select distinct o.currency::text as currency, private.waived_in(p_summit, o.currency::text) as waived
		from public.orders as o where o.summit_id = p_summit) as w
	where w.waived > coalesce((select b.amount from public.waiver_budgets as b
		where b.summit_id = p_summit and b.currency = w.currency), 0)
	union all
	select 'waiver_without_request', o.reference, o.id, o.currency::text, coalesce(q.granted, 0)::bigint, w.granted
	from (select x.order_id, -sum(x.amount) filter (where x.amount < 0)::bigint as granted
		from public.order_adjustments as x where x.kind = 'waiver' group by x.order_id) as w
	join public.orders as o on o.id = w.order_id and o.summit_id = p_summit
	left join (select r.order_id, sum(r.amount) as granted from public.waiver_requests as r where r.state = 'approved'
		group by r.order_id) as q on q.order_id = o.id
	where w.granted is distinct from coalesce(q.granted, 0)
$$;

create function private.provider_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select x.*, o.reference, o.currency::text as currency
			from public.order_adjustments as x join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
		where x.provider is not null
	), c as materialized (
		select x.*, o.reference
			from public.checkouts as x join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
	), f as materialized (
		select x.*, o.reference, o.currency::text as currency
			from public.refunds as x join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
	)
	-- No money by card without the provider's word for it, and none that it told of without an entry.
	select 'payment_without_event', a.reference, a.order_id, a.currency, null::bigint, -a.amount::bigint from a
	where a.provider = 'stripe' and a.kind = 'payment' and not exists (select from private.provider_events as e
		where e.provider = 'stripe' and e.subject = a.provider_ref and e.type like 'checkout.session.%'
			and e.effect in ('paid', 'underpaid', 'revived', 'surplus'))
	union all
	select 'paid_not_in_ledger', c.reference, c.order_id, c.currency::text, c.amount::bigint, 0::bigint from c
	where c.state = 'paid' and not exists (select from a where a.provider = 'stripe' and a.kind = 'payment'
		and a.provider_ref = c.payment_intent and a.order_id = c.order_id)
	union all
	select 'event_not_in_ledger', c.reference, c.order_id, c.currency::text, c.amount::bigint, 0::bigint
	from private.provider_events as e join c on c.payment_intent = e.subject or c.session_id = e.subject
	where e.provider = 'stripe' and e.effect in ('paid', 'underpaid', 'revived', 'surplus')
		and not exists (select from public.order_adjustments as x
			where x.provider = 'stripe' and x.kind = 'payment' and x.provider_ref = e.subject)
	union all
	select 'event_mismatch', c.reference, c.order_id, c.currency::text, c.amount::bigint, null
		from private.provider_events as e join c on c.payment_intent = e.subject or c.session_id = e.subject
	where e.provider = 'stripe' and e.effect = 'mismatch'
	union all
	select 'refund_without_record', a.reference, a.order_id, a.currency, null, a.amount::bigint from a
	where a.kind = 'refund' and case a.provider
		when 'stripe' then not exists (select from f where f.order_id = a.order_id and (f.provider_ref = a.provider_ref
			or regexp_replace(a.provider_ref, ':failed$', '') = any (f.failed_refs)))
		else not exists (select from f where f.order_id = a.order_id and 'refund:' || f.id = a.provider_ref
			and f.state = 'done' and f.amount = a.amount) end
	union all
	select 'refund_not_in_ledger', f.reference, f.order_id, f.currency, f.amount::bigint, 0 from f
	where f.state = 'done' and not exists (select from a where a.kind = 'refund' and a.order_id = f.order_id
		and a.provider_ref = case when f.checkout_id is null then 'refund:' || f.id else f.provider_ref end)
	union all
	select 'dispute_without_event', a.reference, a.order_id, a.currency, null, a.amount::bigint from a
	where a.kind in ('dispute', 'dispute_won') and not exists (select from private.provider_events as e
		where e.provider = 'stripe' and e.type like 'charge.dispute.%' and e.effect in ('disputed', 'dispute_won')
			and exists (select from a as paid
				where paid.order_id = a.order_id and paid.kind = 'payment' and paid.provider_ref = e.subject))
	union all
	select 'dispute_won_unlost', a.reference, a.order_id, a.currency, null, a.amount::bigint from a
	where a.kind = 'dispute_won' and not exists (select from a as lost
		where lost.kind = 'dispute' and lost.provider_ref = a.provider_ref and lost.amount = -a.amount)
	union all
	-- By bank: confirmed from a statement, or typed in by somebody of finance.
	select 'transfer_without_source', a.reference, a.order_id, a.currency, null, -a.amount::bigint from a
	where a.kind = 'payment' and a.provider in ('bank', 'desk') and case when a.provider_ref like 'row:%'
		then not exists (select from private.bank_rows as b where b.adjustment_id = a.id and b.amount = -a.amount
			and b.currency = a.currency and b.order_id = a.order_id)
		else a.provider_ref is null or a.provider_ref not like 'hand:%' or a.actor_id is null or a.booked_on is null end
	union all
	select 'row_not_in_ledger', b.statement || ', line '
		|| b.line, b.order_id, b.currency::text, b.amount::bigint, coalesce(-a.amount, 0)::bigint
	from private.bank_rows as b left join a on a.id = b.adjustment_id
	where b.summit_id = p_summit and b.state in ('applied', 'linked')
		and (a.id is null or a.kind <> 'payment' or a.amount <> -b.amount or a.order_id is distinct from b.order_id)
	union all
	-- An entry without a provider moves no money.
	select 'money_without_provider', o.reference, o.id, o.currency::text, 0, x.amount::bigint
		from public.order_adjustments as x join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
	where x.provider is null and x.kind in ('payment', 'refund', 'dispute', 'dispute_won')
$$;

create function private.reconcile_money(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	select * from private.order_faults(p_summit)
	union all select * from private.paper_faults(p_summit)
	union all select * from private.provider_faults(p_summit)
	order by 1, 2, 3
$$;

-- For finance: {faults, totals by currency, checked_at, night}; null for everybody else.
create function public.check_books(summit uuid) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select jsonb_build_object('checked_at', private.iso(now()),
		'faults', (select coalesce(jsonb_agg(to_jsonb(f)), '[]') from private.reconcile_money(check_books.summit) as f),
		'night', (select jsonb_build_object('ran_at', private.iso(n.ran_at), 'faults', jsonb_array_length(n.faults))
			from private.reconciliations as n where n.summit_id = check_books.summit),
		'totals', (select coalesce(jsonb_agg(to_jsonb(t) order by t.currency), '[]') from (
			select o.currency::text as currency, count(*) as orders, sum(x.lines) as lines,
				sum(x.cancelled) as cancelled, sum(x.credited) as credited, sum(x.waived) as waived,
				sum(x.by_card) as by_card, sum(x.by_bank) as by_bank, sum(x.returned) as returned,
					sum(x.disputed) as disputed, sum(private.balance_of(o.id)) as balance,
				sum(private.invoiced_for(o.id)) as invoiced
			from public.orders as o cross join lateral (
				select (select coalesce(sum(l.amount), 0) from public.order_lines as l
					where l.order_id = o.id) as lines,
					coalesce(sum(a.amount) filter (where a.kind = 'cancellation'), 0) as cancelled,
						coalesce(sum(a.amount) filter (where a.kind = 'credit'), 0) as credited,
					coalesce(sum(a.amount) filter (where a.kind = 'waiver'), 0) as waived,
					coalesce(sum(a.amount) filter (where a.kind = 'payment' and a.provider = 'stripe'), 0) as by_card,
					coalesce(sum(a.amount) filter (where a.kind = 'payment' and a.provider <> 'stripe'), 0) as by_bank,
					coalesce(sum(a.amount) filter (where a.kind = 'refund'), 0) as returned,
					coalesce(sum(a.amount) filter (where a.kind in ('dispute', 'dispute_won')), 0) as disputed
				from public.order_adjustments as a where a.order_id = o.id) as x
			where o.summit_id = check_books.summit group by o.currency) as t))
	where private.has_role(check_books.summit, 'finance')
$$;
grant execute on function public.check_books(uuid) to authenticated;

-- Once a night at each venue, after two o'clock; finance is written to when something does not agree. Answers the
-- Summits that were checked.
create function private.reconcile_nightly(p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit record;
	v_faults jsonb;
begin
	for v_summit in select s.id, s.zone
		from public.summits as s left join private.reconciliations as n on n.summit_id = s.id
		where s.state <> 'draft' and exists (select from public.orders as o where o.summit_id = s.id)
			and extract(hour from p_now at time zone s.zone) >= 2
				and (n.ran_at is null or (n.ran_at at time zone s.zone)::date < (p_now at time zone s.zone)::date)
		order by s.id
	loop
		continue when not pg_try_advisory_xact_lock(hashtextextended('books:' || v_summit.id, 6));
		select coalesce(jsonb_agg(to_jsonb(f)), '[]') into v_faults from private.reconcile_money(v_summit.id) as f;
		insert into private.reconciliations as n (summit_id, ran_at, faults) values (v_summit.id, p_now, v_faults)
		on conflict (summit_id) do update set ran_at = excluded.ran_at, faults = excluded.faults;
		if v_faults <> '[]' then
			perform private.enqueue_mail(g.person_id, 'books_differ',
				jsonb_build_object('count', jsonb_array_length(v_faults)), v_summit.id,
				'books:' || v_summit.id || ':' || (p_now at time zone v_summit.zone)::date || ':' || g.person_id)
			from (select distinct g.person_id from public.role_grants as g where g.role = 'finance'
				and g.ended_at is null and (g.summit_id is null or g.summit_id = v_summit.id)) as g;
		end if;
		return next v_summit.id;
	end loop;
end
$$;
grant execute on function private.reconcile_nightly(timestamptz) to app_server;
