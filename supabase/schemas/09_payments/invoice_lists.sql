-- Reading invoices, for payers and for finance.

-- Answers credit_note | credited | paid | overdue | due.
create function private.invoice_state(p_invoice public.invoices) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_invoice.kind = 'credit_note' then 'credit_note'
		when private.invoice_remainder(p_invoice.id) = 0 then 'credited'
		when private.balance_of(p_invoice.order_id) <= 0 then 'paid'
		when p_invoice.due_on < (
			select (now() at time zone s.zone)::date from public.summits as s where s.id = p_invoice.summit_id
		) then 'overdue'
		else 'due'
	end
$$;

-- The invoices and credit notes of an order, oldest first.
create function private.invoices_of(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', i.id, 'kind', i.kind, 'reference', i.reference, 'amount', i.amount, 'currency', i.currency,
		'issued_on', i.issued_on, 'due_on', i.due_on, 'state', private.invoice_state(i)
	) order by i.created_at, i.kind desc, i.number), '[]')
	from public.invoices as i
	where i.order_id = p_order
$$;

-- The document, for its payer and finance; null for everybody else. If its payer has been protected since it was
-- issued, all others see the name that everybody sees (Rule 7).
create function public.read_invoice(invoice uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.content || jsonb_build_object(
		'id', i.id, 'summit_id', i.summit_id, 'order_id', i.order_id, 'state', private.invoice_state(i)
	) || case
		when private.has_alias(o.payer_person_id) and o.payer_person_id is distinct from private.me()
			then jsonb_build_object('buyer', private.invoice_buyer(o, '{}'))
		else '{}'
	end
	from public.invoices as i
	join private.invoice_contents as c on c.invoice_id = i.id
	join public.orders as o on o.id = i.order_id
	where i.id = read_invoice.invoice
		and (i.order_id in (select private.my_payable_orders()) or private.has_role(i.summit_id, 'finance'))
$$;
grant execute on function public.read_invoice(uuid) to authenticated;

-- Invoices and credit notes for finance: {total, counts by state, rows}; null for everybody else. States: those of
-- `invoice_state`. Newest first, or `sort`: payer, amount, issued, due or state, with - before it for the reverse.
create function public.list_invoices(
	summit uuid,
	state text default null,
	query text default '',
	row_limit integer default 50,
	row_offset integer default 0,
	sort text default ''
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (
		select i.id, i.kind, i.reference, i.amount, i.currency, i.issued_on, i.due_on, i.order_id,
			i.created_at, i.number, o.reference as order_reference,
			coalesce(m.name, p.display_name) as payer, private.invoice_state(i) as state
		from public.invoices as i
		join public.orders as o on o.id = i.order_id
		left join public.members as m on m.id = o.payer_member_id
		left join public.people as p on p.id = o.payer_person_id
		where i.summit_id = list_invoices.summit
	), found as (
		select e.* from every as e
		where (list_invoices.state is null or e.state = list_invoices.state)
			and (
				btrim(coalesce(list_invoices.query, '')) = ''
				or strpos(
					lower(concat_ws(' ', e.reference, e.order_reference, e.payer)), lower(btrim(list_invoices.query))
				) > 0
			)
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c
		),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(x) - '{place,number,created_at}'::text[] order by x.place), '[]')
			from (
				select f.*, row_number() over (
					order by case when sort like '-%' then k.key end desc nulls last,
						case when sort not like '-%' then k.key end, f.created_at desc, f.number desc) as place
				from found as f
				cross join lateral (
					select case ltrim(sort, '-')
						when 'payer' then to_jsonb(lower(f.payer))
						when 'amount' then to_jsonb(f.amount)
						when 'issued' then to_jsonb(f.issued_on)
						when 'due' then to_jsonb(f.due_on)
						when 'state' then to_jsonb(f.state)
					end as key
				) as k
				order by place
				limit greatest(1, least(coalesce(row_limit, 50), 200)) offset greatest(0, coalesce(row_offset, 0))
			) as x
		)
	)
	where private.has_role(list_invoices.summit, 'finance')
$$;
grant execute on function public.list_invoices(uuid, text, text, integer, integer, text) to authenticated;
