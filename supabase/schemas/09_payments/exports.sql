-- Lists of money for a file.

-- Each order with its sums, oldest first.
create function private.exported_orders(p_summit uuid, p_state text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'order', e.reference, 'payer', e.payer, 'payer_kind', e.payer_kind, 'state', e.state,
		'currency', e.currency, 'charged', e.charged, 'paid', e.paid, 'returned', e.returned,
		'balance', e.balance, 'created_at', private.iso(e.created_at), 'due_at', private.iso(e.due_at),
		'closed_at', private.iso(e.closed_at),
		'registrations', (
			select string_agg(distinct r.reference, ' ')
			from public.order_lines as l
			join public.registrations as r on r.id = l.registration_id
			where l.order_id = e.id
		)
	) order by e.created_at, e.id), '[]')
	from private.order_summaries(p_summit) as e
	where p_state is null or e.state = p_state
$$;

-- The ledger: each line and each adjustment, oldest first.
create function private.exported_entries(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(to_jsonb(t) order by t.at, t.entry), '[]')
	from (
		select o.reference as "order", 'line' as kind, 'L' || left(l.id::text, 8) as entry,
			r.reference as registration, l.amount, o.currency, null as provider, null as provider_ref, '' as reason,
			null::date as booked_on, private.iso(l.created_at) as at
		from public.order_lines as l
		join public.orders as o on o.id = l.order_id
		join public.registrations as r on r.id = l.registration_id
		where o.summit_id = p_summit
		union all
		select o.reference, a.kind::text, a.id::text, r.reference, a.amount, o.currency, a.provider, a.provider_ref,
			a.reason, a.booked_on, private.iso(a.at)
		from public.order_adjustments as a
		join public.orders as o on o.id = a.order_id
		left join public.registrations as r on r.id = a.registration_id
		where o.summit_id = p_summit
	) as t
$$;

-- Invoices and credit notes by number.
create function private.exported_invoices(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'number', i.reference, 'kind', i.kind, 'answers', x.reference, 'order', o.reference,
		'payer', coalesce(m.name, p.display_name), 'amount', i.amount, 'currency', i.currency,
		'issued_on', i.issued_on, 'due_on', i.due_on, 'state', private.invoice_state(i)
	) order by i.kind, i.year, i.number), '[]')
	from public.invoices as i
	join public.orders as o on o.id = i.order_id
	left join public.invoices as x on x.id = i.credited_invoice_id
	left join public.members as m on m.id = o.payer_member_id
	left join public.people as p on p.id = o.payer_person_id
	where i.summit_id = p_summit
$$;

-- All rows of one kind: orders, entries (the ledger) or invoices. The audit trail records the export. Null for
-- everybody but finance.
create function public.export_money(summit uuid, what text, state text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rows jsonb;
begin
	if not private.has_role(export_money.summit, 'finance') or what not in ('orders', 'entries', 'invoices') then
		return null;
	end if;
	perform private.require_confirmation();
	v_rows := case what
		when 'orders' then private.exported_orders(export_money.summit, export_money.state)
		when 'entries' then private.exported_entries(export_money.summit)
		else private.exported_invoices(export_money.summit)
	end;
	perform audit.record_event(
		'payments.exported', what, export_money.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_rows), 'state', export_money.state)
	);
	return v_rows;
end
$$;
grant execute on function public.export_money(uuid, text, text) to authenticated;
