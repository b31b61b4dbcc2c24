-- The checks of a Summit's books against Stripe's events and the bank's statements. They answer as those in
-- reconciliation_checks.sql.

-- Checks payments by card against the provider's events, in both directions.
create function private.card_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select x.*, o.reference, o.currency::text as currency
		from public.order_adjustments as x
		join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
		where x.provider is not null
	), c as materialized (
		select x.*, o.reference from public.checkouts as x
		join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
	)
	select 'payment_without_event', a.reference, a.order_id, a.currency, null::bigint, -a.amount::bigint
	from a
	where a.provider = 'stripe'
		and a.kind = 'payment'
		and not exists (
			select from private.provider_events as e
			where e.provider = 'stripe'
				and e.subject = a.provider_ref
				and e.type like 'checkout.session.%'
				and e.effect in ('paid', 'underpaid', 'revived', 'surplus')
		)
	union all
	select 'paid_not_in_ledger', c.reference, c.order_id, c.currency::text, c.amount::bigint, 0::bigint
	from c
	where c.state = 'paid'
		and not exists (
			select from a
			where a.provider = 'stripe'
				and a.kind = 'payment'
				and a.provider_ref = c.payment_intent
				and a.order_id = c.order_id
		)
	union all
	select 'event_not_in_ledger', c.reference, c.order_id, c.currency::text, c.amount::bigint, 0::bigint
	from private.provider_events as e
	join c on c.payment_intent = e.subject or c.session_id = e.subject
	where e.provider = 'stripe'
		and e.effect in ('paid', 'underpaid', 'revived', 'surplus')
		and not exists (
			select from public.order_adjustments as x
			where x.provider = 'stripe' and x.kind = 'payment' and x.provider_ref = e.subject
		)
	union all
	select 'event_mismatch', c.reference, c.order_id, c.currency::text, c.amount::bigint, null
	from private.provider_events as e
	join c on c.payment_intent = e.subject or c.session_id = e.subject
	where e.provider = 'stripe' and e.effect = 'mismatch'
$$;

-- Checks refunds against their entries in the ledger, in both directions.
create function private.refund_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select x.*, o.reference, o.currency::text as currency
		from public.order_adjustments as x
		join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
		where x.provider is not null
	), f as materialized (
		select x.*, o.reference, o.currency::text as currency
		from public.refunds as x
		join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
	)
	select 'refund_without_record', a.reference, a.order_id, a.currency, null, a.amount::bigint
	from a
	where a.kind = 'refund'
		and case a.provider
			when 'stripe' then not exists (
				select from f
				where f.order_id = a.order_id
					and (
						f.provider_ref = a.provider_ref
						or regexp_replace(a.provider_ref, ':failed$', '') = any (f.failed_refs)
					)
			)
			else not exists (
				select from f
				where f.order_id = a.order_id
					and 'refund:' || f.id = a.provider_ref
					and f.state = 'done'
					and f.amount = a.amount
			)
		end
	union all
	select 'refund_not_in_ledger', f.reference, f.order_id, f.currency, f.amount::bigint, 0
	from f
	where f.state = 'done'
		and not exists (
			select from a
			where a.kind = 'refund'
				and a.order_id = f.order_id
				and a.provider_ref = case when f.checkout_id is null then 'refund:' || f.id else f.provider_ref end
		)
$$;

-- Checks disputes against the provider's events, and a dispute that was won against the one that was lost before.
create function private.dispute_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select x.*, o.reference, o.currency::text as currency
		from public.order_adjustments as x
		join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
		where x.provider is not null
	)
	select 'dispute_without_event', a.reference, a.order_id, a.currency, null::bigint, a.amount::bigint
	from a
	where a.kind in ('dispute', 'dispute_won')
		and not exists (
			select from private.provider_events as e
			where e.provider = 'stripe'
				and e.type like 'charge.dispute.%'
				and e.effect in ('disputed', 'dispute_won')
				and exists (
					select from a as paid
					where paid.order_id = a.order_id and paid.kind = 'payment' and paid.provider_ref = e.subject
				)
		)
	union all
	select 'dispute_won_unlost', a.reference, a.order_id, a.currency, null::bigint, a.amount::bigint
	from a
	where a.kind = 'dispute_won'
		and not exists (
			select from a as lost
			where lost.kind = 'dispute' and lost.provider_ref = a.provider_ref and lost.amount = -a.amount
		)
$$;

-- Checks payments by bank against rows of statements, in both directions.
create function private.transfer_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select x.*, o.reference, o.currency::text as currency
		from public.order_adjustments as x
		join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
		where x.provider is not null
	)
	-- A payment was confirmed from a statement or recorded by a person of finance.
	select 'transfer_without_source', a.reference, a.order_id, a.currency, null, -a.amount::bigint
	from a
	where a.kind = 'payment'
		and a.provider in ('bank', 'desk')
		and case
			when a.provider_ref like 'row:%' then not exists (
				select from private.bank_rows as b
				where b.adjustment_id = a.id
					and b.amount = -a.amount
					and b.currency = a.currency
					and b.order_id = a.order_id
			)
			else a.provider_ref is null
				or a.provider_ref not like 'hand:%'
				or a.actor_id is null
				or a.booked_on is null
		end
	union all
	select 'row_not_in_ledger', b.statement || ', line ' || b.line, b.order_id, b.currency::text,
		b.amount::bigint, coalesce(-a.amount, 0)::bigint
	from private.bank_rows as b
	left join a on a.id = b.adjustment_id
	where b.summit_id = p_summit
		and b.state in ('applied', 'linked')
		and (a.id is null or a.kind <> 'payment' or a.amount <> -b.amount or a.order_id is distinct from b.order_id)
	union all
	-- Entries without a provider move no money.
	select 'money_without_provider', o.reference, o.id, o.currency::text, 0, x.amount::bigint
	from public.order_adjustments as x
	join public.orders as o on o.id = x.order_id and o.summit_id = p_summit
	where x.provider is null and x.kind in ('payment', 'refund', 'dispute', 'dispute_won')
$$;
