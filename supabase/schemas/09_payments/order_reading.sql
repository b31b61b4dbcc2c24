-- Reading one order: its state and balance, and what its payer can do.

-- The state of an order in one word; the first that fits.
create function private.order_state(
	p_balance bigint,
	p_paid bigint,
	p_returned bigint,
	p_is_cancelled boolean,
	p_due_at timestamptz,
	p_closed_at timestamptz,
	p_refunds public.refund_state[]
) returns text
language sql stable set search_path = '' as $$
	select case
		when 'failed' = any (p_refunds) then 'refund_failed'
		when p_refunds && array['due', 'sent']::public.refund_state[] then 'refunding'
		when p_balance < 0 then 'overpaid'
		when p_balance = 0 and p_paid > 0 then case when p_returned >= p_paid then 'refunded' else 'settled' end
		-- Nothing was ever paid: the charge was cancelled, or there was none.
		when p_balance = 0 then case when p_is_cancelled then 'cancelled' else 'free' end
		when p_closed_at is not null then 'closed'
		when p_due_at < now() then 'overdue'
		else 'owing'
	end
$$;

-- Every order of a Summit (or one) with its balance and state. Callers have checked who asks.
create function private.order_summaries(p_summit uuid, p_order uuid default null)
returns table (
	id uuid, reference text, payer text, payer_kind text, currency text, charged bigint, paid bigint,
	returned bigint, balance bigint, due_at timestamptz, closed_at timestamptz, created_at timestamptz,
	state text
)
language sql stable security definer set search_path = '' as $$
	select o.id, o.reference, coalesce(m.name, nullif(p.display_name, '')),
		case when o.payer_member_id is null then 'person' else 'member' end, o.currency, l.charged,
		a.paid, a.returned, l.charged + a.total, o.due_at, o.closed_at, o.created_at,
		private.order_state(
			l.charged + a.total, a.paid, a.returned, a.is_cancelled, o.due_at, o.closed_at,
			array(select r.state from public.refunds as r where r.order_id = o.id)
		)
	from public.orders as o
	left join public.people as p on p.id = o.payer_person_id
	left join public.members as m on m.id = o.payer_member_id
	cross join lateral (select coalesce(sum(amount), 0) as charged from public.order_lines where order_id = o.id) as l
	cross join lateral (
		select coalesce(sum(amount), 0) as total,
			-coalesce(sum(amount) filter (where kind = 'payment'), 0) as paid,
			coalesce(sum(amount) filter (where kind = 'refund'), 0) as returned,
			coalesce(bool_or(kind = 'cancellation'), false) as is_cancelled
		from public.order_adjustments
		where order_id = o.id
	) as a
	where o.summit_id = p_summit and (p_order is null or o.id = p_order)
$$;

-- One order for its payers, the people it pays for, and finance; null for everybody else. `is_late`: money that came
-- after the seat was given away goes back.
create function public.read_order(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', e.id, 'reference', e.reference, 'summit_id', o.summit_id, 'currency', e.currency,
		'charged', e.charged, 'paid', e.paid, 'balance', e.balance, 'due_at', e.due_at,
		'closed_at', e.closed_at, 'state', e.state,
		'is_processing', exists (
			select from public.checkouts as c where c.order_id = e.id and c.state = 'processing'
		),
		'is_late', exists (
			select from public.refunds as f where f.order_id = e.id and f.reason = 'late' and f.state <> 'cancelled'
		),
		'modes', (
			select coalesce(jsonb_agg(distinct l.mode), '[]') from public.order_lines as l where l.order_id = e.id
		)
	)
	from public.orders as o
	cross join lateral private.order_summaries(o.summit_id, o.id) as e
	where o.id = read_order.order_id
		and (o.id in (select private.my_orders()) or private.has_role(o.summit_id, 'finance'))
$$;
grant execute on function public.read_order(uuid) to authenticated;

-- What a payer can do with an order besides paying it by card; {pays: false} for a person who is paid for; null for
-- everybody else.
create function public.read_payer_choices(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when o.id not in (select private.my_payable_orders()) then jsonb_build_object('pays', false)
		else jsonb_build_object(
			'pays', true, 'payer', case when o.payer_member_id is null then 'person' else 'member' end,
			'invoices', private.invoices_of(o.id), 'vat', private.order_vat(o),
			'can_invoice', coalesce((
				select s.issuer_name <> '' and (s.transfer_allowed or private.balance_of(o.id) <= 0)
				from public.money_settings as s
				where s.summit_id = o.summit_id
			), false)
				and private.order_charge(o.id) > 0
				and not exists (
					select from public.invoices as i
					where i.order_id = o.id and i.kind = 'invoice' and private.invoice_remainder(i.id) > 0
				),
			'has_alias', coalesce(private.has_alias(o.payer_person_id), false),
			'currencies', (select coalesce(jsonb_agg(c order by c), '[]') from private.order_currencies(o) as c),
			'waiver', (
				select jsonb_build_object('id', w.id, 'state', w.state, 'amount', w.amount, 'answer', w.answer)
				from public.waiver_requests as w
				where w.order_id = o.id
					and (w.requested_by = (select private.me()) or w.person_id in (select private.my_people('registration')))
				order by w.created_at desc limit 1
			),
			'registration_id', (
				select min(l.registration_id::text)::uuid
				from public.order_lines as l
				where l.order_id = o.id and l.registration_id in (select private.my_registrations())
			),
			'waivable', o.closed_at is null
				and exists (
					select from public.order_lines as l
					where l.order_id = o.id
						and l.registration_id in (select private.my_registrations())
						and private.waivable_amount(o.id, l.registration_id) > 0
				)
		)
	end
	from public.orders as o
	where o.id = read_payer_choices.order_id and o.id in (select private.my_orders())
$$;
grant execute on function public.read_payer_choices(uuid) to authenticated;
