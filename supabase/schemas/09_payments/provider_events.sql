-- Rule 3: what the provider tells takes effect exactly once, in any order, however often it is delivered.

-- An expandable field is an id or the object itself.
create function private.provider_id(p_value jsonb) returns text
language sql immutable set search_path = '' as $$
	select case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' when 'object' then p_value ->> 'id' end
$$;

-- Answers {effect}. Duplicate: this event was here before; waiting: that which it is about has not come yet; unknown:
-- not ours.
create function private.apply_stripe_event(p_event_id text, p_type text, p_object jsonb, p_created timestamptz)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_intent text := private.provider_id(p_object -> 'payment_intent');
	v_effect text;
begin
	insert into private.provider_events (provider, event_id, type) values ('stripe', p_event_id, p_type)
		on conflict do nothing;
	if not found then return jsonb_build_object('effect', 'duplicate'); end if;
	-- A refund and its payment that come at the same moment would else each miss the other.
	perform pg_advisory_xact_lock(hashtextextended('stripe:' || coalesce(v_intent, p_object ->> 'id', ''), 3));
	v_effect := private.apply_stripe_object(p_type, p_object);
	update private.provider_events as e
	set effect = v_effect, subject = coalesce(v_intent, p_object ->> 'id'),
		object = case when v_effect = 'waiting' then jsonb_build_object('created', p_created) || (
			select jsonb_object_agg(key, value) from jsonb_each(p_object)
			where key in ('id', 'status', 'amount', 'currency', 'payment_intent', 'metadata', 'failure_reason')) end
	where e.provider = 'stripe' and e.event_id = p_event_id;
	return jsonb_build_object('effect', v_effect);
end
$$;
grant execute on function private.apply_stripe_event(text, text, jsonb, timestamptz) to app_server;

create function private.apply_stripe_object(p_type text, p_object jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	return case
		when p_type in ('checkout.session.completed', 'checkout.session.async_payment_succeeded',
			'checkout.session.async_payment_failed', 'checkout.session.expired')
			then private.apply_session(p_type, p_object)
		when p_type in ('refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated')
			then private.apply_refund(p_object)
		when p_type like 'charge.dispute.%' then private.apply_dispute(p_object)
		-- A charge only sums up its refunds; each of them has events of its own.
		when p_type = 'charge.refunded' then coalesce((
			select string_agg(private.apply_refund(jsonb_build_object('payment_intent', p_object -> 'payment_intent')
				|| refund), ',')
			from jsonb_array_elements(case jsonb_typeof(p_object #> '{refunds,data}')
				when 'array' then p_object #> '{refunds,data}' else '[]' end) as refund), 'noted')
		else 'ignored' end;
end
$$;

create function private.apply_session(p_type text, p_session jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkouts;
	v_failed boolean := p_type = 'checkout.session.async_payment_failed';
begin
	select * into v_c from public.checkouts as c
		where c.id = private.as_uuid(p_session #>> '{metadata,checkout_id}') or c.session_id = p_session ->> 'id'
	order by (c.session_id = p_session ->> 'id') desc nulls last limit 1;
	if not found then return 'unknown'; end if;
	perform private.lock_order(v_c.order_id);
	update public.checkouts as c set session_id = coalesce(c.session_id, p_session ->> 'id') where c.id = v_c.id
		returning * into v_c;
	if p_type = 'checkout.session.async_payment_succeeded' or p_type = 'checkout.session.completed'
		and p_session ->> 'payment_status' = 'paid' then
		return private.take_payment(v_c,
			coalesce(private.provider_id(p_session -> 'payment_intent'), p_session ->> 'id'),
			(p_session ->> 'amount_total')::bigint, upper(p_session ->> 'currency'));
	elsif p_type = 'checkout.session.completed' and v_c.state in ('requested', 'open') then
		-- Done by the payer; the bank takes days. The seat is held meanwhile.
		update public.checkouts as c set state = 'processing', expires_at = now() + interval '14 days'
			where c.id = v_c.id;
		perform private.extend_holds(v_c.order_id, now() + interval '14 days');
		return 'processing';
	elsif v_c.state in ('requested', 'open') or v_failed and v_c.state = 'processing' then
		update public.checkouts as c
			set state = case when v_failed then 'failed'::public.checkout_state else 'expired' end,
			expires_at = least(c.expires_at, now()) where c.id = v_c.id;
		perform private.tell_order(o) from public.orders as o where o.id = v_c.order_id;
		return case when v_failed then 'failed' else 'expired' end;
	end if;
	return 'stale';
end
$$;

-- A payment counts once by its own id, whichever event tells of it.
create function private.take_payment(p_c public.checkouts, p_ref text, p_amount bigint, p_currency text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_effect text;
	v_waiting record;
begin
	select * into strict v_order from public.orders as o where o.id = p_c.order_id;
	if p_amount is null or p_amount <= 0 or p_currency is distinct from v_order.currency then
		perform audit.note('payments.mismatch', p_c.id::text, v_order.summit_id, null,
			jsonb_build_object('amount', p_amount, 'currency', p_currency, 'reference', p_ref));
		perform private.tell('organise:' || v_order.summit_id, 'order', v_order.id);
		return 'mismatch';
	end if;
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref)
		values (p_c.order_id, 'payment', -p_amount, 'stripe', p_ref) on conflict do nothing;
	if not found then return 'duplicate'; end if;
	update public.checkouts as c set state = 'paid', payment_intent = p_ref where c.id = p_c.id;
	v_effect := private.after_payment(p_c.order_id, p_amount);
	perform private.serve_queues(v_order.summit_id);
	for v_waiting in select e.event_id, e.type, e.object from private.provider_events as e
		where e.provider = 'stripe' and e.subject = p_ref and e.effect = 'waiting'
			order by e.object ->> 'created', e.event_id loop
		update private.provider_events as e
			set effect = private.apply_stripe_object(v_waiting.type, v_waiting.object), object = null
		where e.provider = 'stripe' and e.event_id = v_waiting.event_id;
	end loop;
	return v_effect;
end
$$;

-- One state of one refund, from an event or from the provider's answer to our own call.
create function private.apply_refund(p_refund jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ref text := p_refund ->> 'id';
	v_amount bigint := (p_refund ->> 'amount')::bigint;
	v_f public.refunds;
	v_c public.checkouts;
begin
	select * into v_f from public.refunds as f
		where f.provider_ref = v_ref or f.id = private.as_uuid(p_refund #>> '{metadata,refund_id}')
	order by (f.provider_ref = v_ref) desc nulls last limit 1;
	-- A reference that failed is over, whichever other one the refund was made by since.
	if v_ref = any (v_f.failed_refs) then return 'stale'; end if;
	select * into v_c from public.checkouts as c where c.id = v_f.checkout_id or v_f.id is null
		and c.payment_intent = private.provider_id(p_refund -> 'payment_intent') limit 1;
	if v_c.id is null or not exists (select from public.order_adjustments as a
		where a.order_id = v_c.order_id and a.kind = 'payment' and a.provider_ref = v_c.payment_intent) then
		return case when p_refund -> 'payment_intent' is null then 'unknown' else 'waiting' end;
	end if;
	perform private.lock_order(v_c.order_id);
	-- Made by hand at the provider: it is the one that we owe, or a gift.
	if v_f.id is null or v_f.provider_ref <> v_ref and v_f.state = 'done' then
		select * into v_f from public.refunds as f
		where f.checkout_id = v_c.id and f.state in ('due', 'failed') and f.amount = v_amount
			and p_refund #>> '{metadata,refund_id}' is null order by f.created_at limit 1;
		if not found and p_refund ->> 'status' not in ('failed', 'canceled') then
			insert into public.refunds (order_id, checkout_id, amount, state, provider_ref, reason)
				values (v_c.order_id, v_c.id, v_amount, 'sent', v_ref, 'by_hand') returning * into v_f;
		end if;
	end if;
	if v_f.id is null then return 'ignored'; end if;
	return private.note_refund(v_f.id, v_ref, case when p_refund ->> 'status' = 'succeeded' then 'done'
		when p_refund ->> 'status' in ('failed', 'canceled') then 'failed' else 'sent' end,
			coalesce(p_refund ->> 'failure_reason', p_refund ->> 'status'), v_amount);
end
$$;

-- The order is locked. Failure is final for one reference, so that late news of its success is stale.
create function private.note_refund(p_id uuid, p_ref text, p_state text, p_failure text, p_amount bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_balance bigint;
begin
	select * into strict v_f from public.refunds as f where f.id = p_id for no key update;
	if p_ref = any (v_f.failed_refs) then return 'stale'; end if;
	if p_state = 'failed' then
		insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason)
		select a.order_id, 'refund', -a.amount, 'stripe', p_ref || ':failed', coalesce(p_failure, '')
			from public.order_adjustments as a
		where a.provider = 'stripe' and a.kind = 'refund' and a.provider_ref = p_ref on conflict do nothing;
		-- Another call of ours has gone further meanwhile.
		if p_ref is null and v_f.state <> 'due' or p_ref is not null and v_f.provider_ref is not null
			and v_f.provider_ref <> p_ref then
			return 'stale';
		end if;
		update public.refunds as f set state = 'failed', failure = p_failure, attempts = f.attempts + 1,
			provider_ref = coalesce(p_ref, f.provider_ref),
			failed_refs = f.failed_refs || array_remove(array[p_ref], null) where f.id = p_id;
	elsif p_state = 'sent' then
		if v_f.state <> 'due' then return 'stale'; end if;
		update public.refunds as f set state = 'sent', provider_ref = p_ref where f.id = p_id;
	else
		insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason)
		values (v_f.order_id, 'refund', p_amount, 'stripe', p_ref, v_f.reason) on conflict do nothing;
		if not found then return 'duplicate'; end if;
		update public.refunds as f set state = 'done', provider_ref = p_ref, failure = null where f.id = p_id;
		-- A gift does not make the order owe again.
		v_balance := private.balance_of(v_f.order_id);
		if v_f.reason = 'by_hand' then
			perform private.adjust_order(v_f.order_id, 'credit', -greatest(0, least(v_balance, p_amount)),
				(select min(l.registration_id::text)::uuid from public.order_lines as l where l.order_id = v_f.order_id
					having count(distinct l.registration_id) = 1), 'by_hand');
		end if;
	end if;
	perform private.tell_order(o) from public.orders as o where o.id = v_f.order_id;
	return 'refund_' || p_state;
end
$$;

-- Money that the payer's bank takes back, and gives again when the dispute is won. An inquiry ("warning") moves none.
create function private.apply_dispute(p_dispute jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkouts;
	v_status text := p_dispute ->> 'status';
	v_amount bigint := (p_dispute ->> 'amount')::bigint;
begin
	select * into v_c from public.checkouts as c
		where c.payment_intent = private.provider_id(p_dispute -> 'payment_intent') and c.state = 'paid' limit 1;
	if not found then return case when p_dispute -> 'payment_intent' is null then 'unknown' else 'waiting' end; end if;
	if v_status like 'warning%' or v_status = 'prevented' then return 'noted'; end if;
	perform private.lock_order(v_c.order_id);
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref)
		values (v_c.order_id, 'dispute', v_amount, 'stripe', p_dispute ->> 'id') on conflict do nothing;
	if v_status = 'won' then
		insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref)
			values (v_c.order_id, 'dispute_won', -v_amount, 'stripe', p_dispute ->> 'id') on conflict do nothing;
	end if;
	perform private.trim_refunds(v_c.order_id);
	perform private.settle_order(v_c.order_id, 'dispute_won');
	perform private.tell_order(o) from public.orders as o where o.id = v_c.order_id;
	return case when v_status = 'won' then 'dispute_won' else 'disputed' end;
end
$$;

-- What the bank has taken back is not refunded as well.
create function private.trim_refunds(p_order uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_owed bigint := greatest(0, -private.balance_of(p_order));
	v_f record;
begin
	for v_f in select f.id, f.amount, f.state from public.refunds as f
		where f.order_id = p_order and f.state in ('sent', 'due', 'failed')
		order by f.state = 'sent' desc, f.created_at loop
		if v_f.state <> 'sent' and v_f.amount > v_owed then
			update public.refunds as f set state = 'cancelled' where f.id = v_f.id;
		else
			v_owed := v_owed - v_f.amount;
		end if;
	end loop;
end
$$;

-- Refunds to ask the provider for. `attempts` counts refusals: the same attempt asked twice is one refund there.
create function private.due_refunds(p_limit integer default 100)
	returns table (id uuid, payment_intent text, amount integer, currency text, attempts integer)
language sql stable security definer set search_path = '' as $$
	select f.id, c.payment_intent, f.amount, c.currency::text, f.attempts
		from public.refunds as f join public.checkouts as c on c.id = f.checkout_id
	where f.state = 'due' order by f.created_at limit p_limit
$$;
grant execute on function private.due_refunds(integer) to app_server;

-- The provider's answer: sent, done or failed (with its reference, unless it refused the call itself).
create function private.record_refund(p_refund uuid, p_provider_ref text, p_state text, p_failure text default null)
	returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
begin
	if p_state not in ('sent', 'done', 'failed') or p_state <> 'failed' and p_provider_ref is null then
		raise sqlstate 'PT400' using message = 'a refund is sent, done or failed';
	end if;
	select * into v_f from public.refunds as f where f.id = p_refund;
	if not found then return 'not_found'; end if;
	perform private.lock_order(v_f.order_id);
	return private.note_refund(p_refund, p_provider_ref, p_state, p_failure, v_f.amount);
end
$$;
grant execute on function private.record_refund(uuid, text, text, text) to app_server;
