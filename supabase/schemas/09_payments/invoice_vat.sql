-- What an invoice says about value added tax, by the rules of EN 16931: the net amount of each line, the sum and tax of
-- each rate (BR-CO-17: the tax is the sum times the rate, rounded), and the difference to what the order charges, which
-- rounding leaves (BT-114). It is computed once and frozen with the document.

-- What an order charges for each registration and mode, with the rate at which it was charged. `listed` is the charge of
-- the lines, `charged` what is left of it after cancellations, credits and waivers: the newest mode takes its own first.
-- Where the buyer accounts for the tax (`p_reverse`), both are without it.
create function private.taxed_lines(p_order public.orders, p_reverse boolean)
	returns table (
		registration_id uuid, registration text, mode public.attendance_mode, listed bigint, charged bigint,
		vat_category text, percent numeric, exemption_code text, exemption_reason text
	)
language sql stable security definer set search_path = '' as $$
	with listed as (
		select r.id, r.reference, l.mode, v.vat_category, v.percent, v.exemption_code, v.exemption_reason,
			p_reverse and v.vat_category = 'S' as is_reversed, max(l.created_at) as at,
			sum(l.amount)::bigint as gross,
			private.line_total(p_order.id, r.id) - private.waived_of(p_order.id, r.id) as left_over
		from public.order_lines as l
		join public.registrations as r on r.id = l.registration_id
		join public.vat_rates as v on v.id = l.vat_rate_id
		where l.order_id = p_order.id and private.line_total(p_order.id, r.id) > 0
		group by r.id, r.reference, l.mode, v.vat_category, v.percent, v.exemption_code, v.exemption_reason
	), priced as (
		select x.*, case when x.is_reversed then x.gross - private.vat_within(x.gross, x.percent) else x.gross end as price
		from listed as x
	)
	select x.id, x.reference, x.mode, x.price,
		greatest(0, least(x.price, x.left_over - coalesce(sum(x.price) over (
			partition by x.id order by x.at desc, x.mode, x.vat_category, x.percent, x.exemption_code, x.exemption_reason
			rows between unbounded preceding and 1 preceding
		), 0)))::bigint,
		case when x.is_reversed then 'AE' else x.vat_category end, case when x.is_reversed then 0 else x.percent end,
		case when x.is_reversed then 'VATEX-EU-AE' else x.exemption_code end,
		case when x.is_reversed then '' else x.exemption_reason end
	from priced as x
$$;

-- What the documents of an order have invoiced by rate, less credit notes.
create function private.invoiced_groups(p_order uuid)
	returns table (vat_category text, percent numeric, amount bigint)
language sql stable security definer set search_path = '' as $$
	select g ->> 'category', (g ->> 'percent')::numeric,
		sum((g ->> 'amount')::bigint * case i.kind when 'invoice' then 1 else -1 end)::bigint
	from public.invoices as i
	join private.invoice_contents as c on c.invoice_id = i.id
	cross join lateral jsonb_array_elements(
		case jsonb_typeof(c.content -> 'vat') when 'object' then c.content #> '{vat,groups}' else '[]' end
	) as g
	where i.order_id = p_order
	group by 1, 2
$$;

-- The sums of an invoice's groups: {net, tax, rounding} beside `p_parts`, whose groups hold amount and net.
create function private.vat_totals(p_parts jsonb, p_groups jsonb, p_amount bigint) returns jsonb
language sql immutable set search_path = '' as $$
	with taxed as (
		select g || jsonb_build_object('tax', round((g ->> 'net')::numeric * (g ->> 'percent')::numeric / 100)::bigint)
			as g, n
		from jsonb_array_elements(p_groups) with ordinality as t (g, n)
	)
	select p_parts || jsonb_build_object(
		'groups', coalesce(jsonb_agg(t.g order by t.n), '[]'),
		'net', coalesce(sum((t.g ->> 'net')::bigint), 0), 'tax', coalesce(sum((t.g ->> 'tax')::bigint), 0),
		'rounding', p_amount - coalesce(sum((t.g ->> 'net')::bigint + (t.g ->> 'tax')::bigint), 0)
	)
	from taxed as t
$$;

-- The tax of an invoice over `p_amount`: {shown, reverse_charge, lines, allowances, groups, net, tax, rounding}. An
-- allowance is what was taken off the lines of a rate, or invoiced before; below zero it is a charge. Fees that contain
-- the tax are divided together, so that their sum is exact; those to which it is added keep their own net amounts.
create function private.invoice_vat(
	p_order public.orders,
	p_settings public.money_settings,
	p_amount bigint,
	p_reverse boolean
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with lines as materialized (
		select t.*, row_number() over (order by t.registration, t.mode, t.vat_category, t.percent) as place
		from private.taxed_lines(p_order, p_reverse) as t
	), given as (
		select t.vat_category, t.percent, max(t.exemption_code) as exemption_code,
			max(t.exemption_reason) as exemption_reason, sum(t.listed) as listed, sum(t.charged) as charged
		from lines as t
		group by t.vat_category, t.percent
	), found as (
		select coalesce(g.vat_category, i.vat_category) as vat_category, coalesce(g.percent, i.percent) as percent,
			coalesce(g.exemption_code, case when i.vat_category = 'AE' then 'VATEX-EU-AE' else '' end) as exemption_code,
			coalesce(g.exemption_reason, '') as exemption_reason, coalesce(g.listed, 0)::bigint as listed,
			(coalesce(g.charged, 0) - coalesce(i.amount, 0))::bigint as amount
		from given as g
		full join private.invoiced_groups(p_order.id) as i on i.vat_category = g.vat_category and i.percent = g.percent
		where coalesce(g.listed, 0) <> 0 or i.amount <> 0
		union all
		-- An order without lines that charge anything.
		select v.vat_category, v.percent, v.exemption_code, v.exemption_reason, 0, 0
		from private.find_vat_rate(p_order.summit_id, null, null) as v
		where not exists (select from given) and not exists (select from private.invoiced_groups(p_order.id) as i where i.amount <> 0)
	), groups as materialized (
		-- What belongs to no rate, like a document from before there was tax, is taken from the largest group.
		select f.vat_category, f.percent, f.exemption_code, f.exemption_reason, f.listed,
			f.amount + case
				when row_number() over (order by f.amount desc, f.vat_category, f.percent) = 1
					then p_amount - sum(f.amount) over ()
				else 0
			end as amount
		from found as f
	), nets as materialized (
		select t.*, case
			when p_settings.vat = 'added' then t.listed - private.vat_within(t.listed, t.percent)
			else u.upto - private.vat_within(u.upto, t.percent)
				- (u.upto - t.listed - private.vat_within(u.upto - t.listed, t.percent))
		end as net
		from lines as t
		cross join lateral (
			select sum(o.listed)::bigint as upto from lines as o
			where o.vat_category = t.vat_category and o.percent = t.percent and o.place <= t.place
		) as u
	), sums as (
		select g.*, g.listed - g.amount as off,
			g.listed - g.amount - private.vat_within((g.listed - g.amount)::bigint, g.percent) as net_off,
			coalesce((
				select sum(n.net) from nets as n where n.vat_category = g.vat_category and n.percent = g.percent
			), 0) as net_lines
		from groups as g
		where g.listed <> 0 or g.amount <> 0
	)
	select private.vat_totals(
		jsonb_build_object(
			'shown', p_settings.vat, 'reverse_charge', p_reverse,
			'lines', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'registration', n.registration, 'mode', n.mode, 'net', n.net, 'amount', n.listed,
					'category', n.vat_category, 'percent', n.percent
				) order by n.place), '[]')
				from nets as n
			),
			'allowances', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'net', s.net_off, 'amount', s.off, 'category', s.vat_category, 'percent', s.percent
				) order by s.vat_category, s.percent), '[]')
				from sums as s
				where s.net_off <> 0
			)
		),
		(
			select coalesce(jsonb_agg(jsonb_build_object(
				'category', s.vat_category, 'percent', s.percent, 'exemption_code', s.exemption_code,
				'exemption_reason', s.exemption_reason, 'net', s.net_lines - s.net_off, 'amount', s.amount
			) order by s.vat_category, s.percent), '[]')
			from sums as s
		),
		p_amount
	)
$$;

-- The tax of a credit note over `p_amount` of an invoice, with the rates of that invoice; null if it has none. It takes
-- from the rates of which the order charges less, and then from what is left. What ends the amount of a rate ends its net
-- amount too.
create function private.credit_note_vat(p_order uuid, p_invoice uuid, p_amount bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_vat jsonb := (select c.content -> 'vat' from private.invoice_contents as c where c.invoice_id = p_invoice);
	v_left bigint := p_amount;
	v_group record;
	v_taken jsonb := '{}';
	v_part bigint;
	v_round integer;
	v_groups jsonb;
begin
	if jsonb_typeof(v_vat) is distinct from 'object' then return null; end if;
	select * into strict v_order from public.orders as o where o.id = p_order;
	-- First what the order charges less of by rate, then whatever is left of the invoice.
	for v_round in 1..2 loop
		for v_group in
			select r.n, r.left_over, r.vat_category, r.percent,
				greatest(0, coalesce(i.amount, 0) - coalesce(t.charged, 0))::bigint as less
			from private.credited_groups(p_invoice) as r
			left join private.invoiced_groups(p_order) as i on i.vat_category = r.vat_category and i.percent = r.percent
			left join (
				select x.vat_category, x.percent, sum(x.charged) as charged
				from private.taxed_lines(v_order, coalesce((v_vat ->> 'reverse_charge')::boolean, false)) as x
				group by 1, 2
			) as t on t.vat_category = r.vat_category and t.percent = r.percent
			order by less desc, r.left_over desc, r.n
		loop
			v_part := least(
				v_left,
				v_group.left_over - coalesce((v_taken ->> v_group.n::text)::bigint, 0),
				case v_round when 1 then v_group.less else v_left end
			);
			continue when v_part <= 0;
			v_taken := v_taken
				|| jsonb_build_object(v_group.n, coalesce((v_taken ->> v_group.n::text)::bigint, 0) + v_part);
			v_left := v_left - v_part;
		end loop;
	end loop;
	select jsonb_agg(r.g || jsonb_build_object(
		'amount', x.amount,
		'net', case
			when x.amount = r.left_over then r.net_left
			else x.amount - private.vat_within(x.amount, r.percent)
		end
	) order by r.n) into v_groups
	from private.credited_groups(p_invoice) as r
	cross join lateral (select coalesce((v_taken ->> r.n::text)::bigint, 0) as amount) as x
	where x.amount <> 0;
	return private.vat_totals(
		jsonb_build_object(
			'shown', v_vat -> 'shown', 'reverse_charge', v_vat -> 'reverse_charge', 'lines', '[]'::jsonb,
			'allowances', '[]'::jsonb
		),
		coalesce(v_groups, '[]'), p_amount
	);
end
$$;

-- What is left of the rates of an invoice after its credit notes.
create function private.credited_groups(p_invoice uuid)
	returns table (n bigint, g jsonb, vat_category text, percent numeric, left_over bigint, net_left bigint)
language sql stable security definer set search_path = '' as $$
	select t.n, t.g - 'tax', t.g ->> 'category', (t.g ->> 'percent')::numeric,
		((t.g ->> 'amount')::bigint - coalesce(sum((x.g ->> 'amount')::bigint), 0))::bigint,
		((t.g ->> 'net')::bigint - coalesce(sum((x.g ->> 'net')::bigint), 0))::bigint
	from private.invoice_contents as c
	cross join lateral jsonb_array_elements(c.content #> '{vat,groups}') with ordinality as t (g, n)
	left join lateral (
		select e as g from public.invoices as i
		join private.invoice_contents as k on k.invoice_id = i.id
		cross join lateral jsonb_array_elements(
			case jsonb_typeof(k.content -> 'vat') when 'object' then k.content #> '{vat,groups}' else '[]' end
		) as e
		where i.credited_invoice_id = p_invoice
			and e ->> 'category' = t.g ->> 'category'
			and (e ->> 'percent')::numeric = (t.g ->> 'percent')::numeric
	) as x on true
	where c.invoice_id = p_invoice and jsonb_typeof(c.content -> 'vat') = 'object'
	group by t.n, t.g
$$;

-- What a payer is told of the tax in an order: {shown, net, tax}; null where the Summit has none.
create function private.order_vat(p_order public.orders) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('shown', s.vat, 'net', sum(t.charged)::bigint - sum(x.tax)::bigint, 'tax', sum(x.tax)::bigint)
	from public.money_settings as s
	cross join lateral private.taxed_lines(p_order, private.is_reverse_charged(p_order.id)) as t
	cross join lateral (select private.vat_within(t.charged, t.percent) as tax) as x
	where s.summit_id = p_order.summit_id and s.vat <> 'off'
	group by s.vat
$$;
