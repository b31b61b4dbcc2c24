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

-- Whether a document can be an e-invoice: it says what its tax is, and EN 16931 writes its currency, of which two
-- decimals at most.
create function private.is_electronic(p_invoice public.invoices) returns boolean
language sql stable security definer set search_path = '' as $$
	select not private.has_three_decimals(p_invoice.currency)
		and exists (
			select from private.invoice_contents as c
			where c.invoice_id = p_invoice.id and jsonb_typeof(c.content -> 'vat') = 'object'
		)
$$;

-- The invoices and credit notes of an order, oldest first.
create function private.invoices_of(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', i.id, 'kind', i.kind, 'reference', i.reference, 'amount', i.amount, 'currency', i.currency,
		'issued_on', i.issued_on, 'due_on', i.due_on, 'state', private.invoice_state(i),
		'electronic', private.is_electronic(i)
	) order by i.created_at, i.kind desc, i.number), '[]')
	from public.invoices as i
	where i.order_id = p_order
$$;

-- A document as its reader sees it: if its payer has been protected since it was issued, all others see the name that
-- everybody sees (Rule 7).
create function private.paper_of(p_invoice public.invoices) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.content || jsonb_build_object(
		'id', p_invoice.id, 'summit_id', p_invoice.summit_id, 'order_id', p_invoice.order_id,
		'state', private.invoice_state(p_invoice)
	) || case
		when private.has_alias(o.payer_person_id) and o.payer_person_id is distinct from private.me()
			then jsonb_build_object('buyer', private.invoice_buyer(o, '{}'))
		else '{}'
	end
	from private.invoice_contents as c, public.orders as o
	where c.invoice_id = p_invoice.id and o.id = p_invoice.order_id
$$;

-- The document, for its payer and finance; null for everybody else.
create function public.read_invoice(invoice uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.paper_of(i)
	from public.invoices as i
	where i.id = read_invoice.invoice
		and (i.order_id in (select private.my_payable_orders()) or private.has_role(i.summit_id, 'finance'))
$$;
grant execute on function public.read_invoice(uuid) to authenticated;

-- The documents issued from one day to another, both included, in the order of their numbers; the audit trail records
-- it. At most 1000: too_many otherwise. Answers {status: ok | too_many | invalid, papers}; null for everybody but finance.
create function public.export_papers(summit uuid, first_day date, last_day date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_papers jsonb;
	v_count integer;
begin
	if not private.has_role(export_papers.summit, 'finance') then return null; end if;
	if first_day is null or last_day is null or last_day < first_day or last_day > first_day + 366 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.require_confirmation();
	select count(*) into v_count from public.invoices as i
	where i.summit_id = export_papers.summit and i.issued_on between first_day and last_day;
	if v_count > 1000 then return jsonb_build_object('status', 'too_many'); end if;
	select coalesce(jsonb_agg(private.paper_of(i) order by i.kind, i.year, i.number), '[]') into v_papers
	from public.invoices as i
	where i.summit_id = export_papers.summit and i.issued_on between first_day and last_day;
	perform audit.record_event(
		'payments.exported', 'papers', export_papers.summit, null,
		jsonb_build_object('rows', v_count, 'first_day', first_day, 'last_day', last_day)
	);
	return jsonb_build_object('status', 'ok', 'papers', v_papers);
end
$$;
grant execute on function public.export_papers(uuid, date, date) to authenticated;

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
			coalesce(m.name, p.display_name) as payer, private.invoice_state(i) as state,
			private.is_electronic(i) as electronic
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
