-- Do the books agree: ledger, invoices, bank rows and the provider's events? Finance asks at any time, the worker each
-- night.

-- All checks of a Summit.
create function private.reconcile_money(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	select * from private.order_faults(p_summit)
	union all
	select * from private.line_faults(p_summit)
	union all
	select * from private.invoice_faults(p_summit)
	union all
	select * from private.waiver_faults(p_summit)
	union all
	select * from private.card_faults(p_summit)
	union all
	select * from private.refund_faults(p_summit)
	union all
	select * from private.dispute_faults(p_summit)
	union all
	select * from private.transfer_faults(p_summit)
	order by 1, 2, 3
$$;

-- For finance: {checked_at, faults, night, totals by currency}; null for everybody else.
create function public.check_books(summit uuid) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select jsonb_build_object(
		'checked_at', private.iso(now()),
		'faults', (
			select coalesce(jsonb_agg(to_jsonb(f)), '[]') from private.reconcile_money(check_books.summit) as f
		),
		'night', (
			select jsonb_build_object('ran_at', private.iso(n.ran_at), 'faults', jsonb_array_length(n.faults))
			from private.reconciliations as n
			where n.summit_id = check_books.summit
		),
		'totals', (
			select coalesce(jsonb_agg(to_jsonb(t) order by t.currency), '[]')
			from (
				select o.currency::text as currency, count(*) as orders, sum(x.lines) as lines,
					sum(x.cancelled) as cancelled, sum(x.credited) as credited, sum(x.waived) as waived,
					sum(x.by_card) as by_card, sum(x.by_bank) as by_bank, sum(x.returned) as returned,
					sum(x.disputed) as disputed, sum(private.balance_of(o.id)) as balance,
					sum(private.invoiced_amount(o.id)) as invoiced
				from public.orders as o
				cross join lateral (
					select (
						select coalesce(sum(l.amount), 0) from public.order_lines as l where l.order_id = o.id
					) as lines,
						coalesce(sum(a.amount) filter (where a.kind = 'cancellation'), 0) as cancelled,
						coalesce(sum(a.amount) filter (where a.kind = 'credit'), 0) as credited,
						coalesce(sum(a.amount) filter (where a.kind = 'waiver'), 0) as waived,
						coalesce(
							sum(a.amount) filter (where a.kind = 'payment' and a.provider = 'stripe'), 0
						) as by_card,
						coalesce(
							sum(a.amount) filter (where a.kind = 'payment' and a.provider <> 'stripe'), 0
						) as by_bank,
						coalesce(sum(a.amount) filter (where a.kind = 'refund'), 0) as returned,
						coalesce(sum(a.amount) filter (where a.kind in ('dispute', 'dispute_won')), 0) as disputed
					from public.order_adjustments as a
					where a.order_id = o.id
				) as x
				where o.summit_id = check_books.summit
				group by o.currency
			) as t
		)
	)
	where private.has_role(check_books.summit, 'finance')
$$;
grant execute on function public.check_books(uuid) to authenticated;

-- Runs once a night at each venue, after two o'clock, and mails finance when something does not agree. Answers the
-- Summits that it checked. The lock lets one worker check a Summit.
create function private.reconcile_nightly(p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit record;
	v_faults jsonb;
begin
	for v_summit in
		select s.id, s.zone from public.summits as s
		left join private.reconciliations as n on n.summit_id = s.id
		where s.state <> 'draft'
			and exists (select from public.orders as o where o.summit_id = s.id)
			and extract(hour from p_now at time zone s.zone) >= 2
			and (n.ran_at is null or (n.ran_at at time zone s.zone)::date < (p_now at time zone s.zone)::date)
		order by s.id
	loop
		continue when not pg_try_advisory_xact_lock(hashtextextended('books:' || v_summit.id, 6));
		select coalesce(jsonb_agg(to_jsonb(f)), '[]') into v_faults from private.reconcile_money(v_summit.id) as f;
		insert into private.reconciliations as n (summit_id, ran_at, faults)
		values (v_summit.id, p_now, v_faults)
		on conflict (summit_id) do update set ran_at = excluded.ran_at, faults = excluded.faults;
		if v_faults <> '[]' then
			perform private.enqueue_mail(
				g.person_id, 'books_differ', jsonb_build_object('count', jsonb_array_length(v_faults)),
				v_summit.id,
				'books:' || v_summit.id || ':' || (p_now at time zone v_summit.zone)::date || ':' || g.person_id
			)
			from (
				select distinct g.person_id from private.live_grants as g
				where g.role = 'finance' and (g.summit_id is null or g.summit_id = v_summit.id)
			) as g;
		end if;
		return next v_summit.id;
	end loop;
end
$$;
grant execute on function private.reconcile_nightly(timestamptz) to app_server;
