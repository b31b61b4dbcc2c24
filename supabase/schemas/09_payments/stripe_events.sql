-- Events of Stripe. Each takes effect exactly once, in any order, however often it is delivered (Rule 3).

-- The id in an expandable field, which holds the id or the object itself.
create function private.stripe_id(p_value jsonb) returns text
language sql immutable set search_path = '' as $$
	select case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' when 'object' then p_value ->> 'id' end
$$;

-- Answers {effect}. Duplicate: the event was here before. Waiting: the payment that it is about has not come yet.
-- Unknown: not ours.
create function private.apply_stripe_event(p_event_id text, p_type text, p_object jsonb, p_created timestamptz)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_intent text := private.stripe_id(p_object -> 'payment_intent');
	v_effect text;
begin
	insert into private.provider_events (provider, event_id, type)
	values ('stripe', p_event_id, p_type)
	on conflict do nothing;
	if not found then return jsonb_build_object('effect', 'duplicate'); end if;
	-- Without this lock a refund and its payment that come at the same moment would each miss the other.
	perform pg_advisory_xact_lock(hashtextextended('stripe:' || coalesce(v_intent, p_object ->> 'id', ''), 3));
	v_effect := private.apply_stripe_object(p_type, p_object);
	update private.provider_events as e
	set
		effect = v_effect, subject = coalesce(v_intent, p_object ->> 'id'),
		object = case
			when v_effect = 'waiting' then jsonb_build_object('created', p_created) || (
				select jsonb_object_agg(key, value) from jsonb_each(p_object)
				where key in ('id', 'status', 'amount', 'currency', 'payment_intent', 'metadata', 'failure_reason')
			)
		end
	where e.provider = 'stripe' and e.event_id = p_event_id;
	return jsonb_build_object('effect', v_effect);
end
$$;
grant execute on function private.apply_stripe_event(text, text, jsonb, timestamptz) to app_server;

-- Hands the object of an event to the function for its type and answers that function's effect.
create function private.apply_stripe_object(p_type text, p_object jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	return case
		when p_type in (
			'checkout.session.completed', 'checkout.session.async_payment_succeeded',
			'checkout.session.async_payment_failed', 'checkout.session.expired'
		) then private.apply_checkout_session(p_type, p_object)
		when p_type in ('refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated')
			then private.apply_refund(p_object)
		when p_type like 'charge.dispute.%' then private.apply_dispute(p_object)
		-- A charge sums up its refunds. Each refund counts by its own id.
		when p_type = 'charge.refunded' then coalesce((
			select string_agg(
				private.apply_refund(jsonb_build_object('payment_intent', p_object -> 'payment_intent') || refund),
				','
			)
			from jsonb_array_elements(
				case jsonb_typeof(p_object #> '{refunds,data}')
					when 'array' then p_object #> '{refunds,data}'
					else '[]'
				end
			) as refund
		), 'noted')
		else 'ignored'
	end;
end
$$;

-- A Checkout Session was completed, paid late, refused or ended. Answers what `record_payment` answers, or unknown |
-- processing | failed | expired | stale. Locks the order.
create function private.apply_checkout_session(p_type text, p_session jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkouts;
	v_failed boolean := p_type = 'checkout.session.async_payment_failed';
begin
	select * into v_c from public.checkouts as c
	where c.id = private.parse_uuid(p_session #>> '{metadata,checkout_id}') or c.session_id = p_session ->> 'id'
	order by (c.session_id = p_session ->> 'id') desc nulls last limit 1;
	if not found then return 'unknown'; end if;
	perform private.lock_order(v_c.order_id);
	update public.checkouts as c set session_id = coalesce(c.session_id, p_session ->> 'id')
	where c.id = v_c.id
	returning * into v_c;
	if p_type = 'checkout.session.async_payment_succeeded'
		or p_type = 'checkout.session.completed' and p_session ->> 'payment_status' = 'paid' then
		return private.record_payment(
			v_c, coalesce(private.stripe_id(p_session -> 'payment_intent'), p_session ->> 'id'),
			(p_session ->> 'amount_total')::bigint, upper(p_session ->> 'currency')
		);
	elsif p_type = 'checkout.session.completed' and v_c.state in ('requested', 'open') then
		-- The payer is done and the bank takes days, during which the seat is held.
		update public.checkouts as c
		set state = 'processing', expires_at = now() + interval '14 days'
		where c.id = v_c.id;
		perform private.extend_holds(v_c.order_id, now() + interval '14 days');
		return 'processing';
	elsif v_c.state in ('requested', 'open') or v_failed and v_c.state = 'processing' then
		update public.checkouts as c
		set
			state = case when v_failed then 'failed'::public.checkout_state else 'expired' end,
			expires_at = least(c.expires_at, now())
		where c.id = v_c.id;
		perform private.notify_order(o) from public.orders as o where o.id = v_c.order_id;
		return case when v_failed then 'failed' else 'expired' end;
	end if;
	return 'stale';
end
$$;

-- Counts a payment of a locked order. The payment's own id makes it count once, whichever event reports it. Events that
-- waited for it are applied afterwards. Answers what `apply_payment` answers, or mismatch | duplicate.
create function private.record_payment(p_c public.checkouts, p_ref text, p_amount bigint, p_currency text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_effect text;
	v_waiting record;
begin
	select * into strict v_order from public.orders as o where o.id = p_c.order_id;
	if p_amount is null or p_amount <= 0 or p_currency is distinct from v_order.currency then
		perform audit.record_event(
			'payments.mismatch', p_c.id::text, v_order.summit_id, null,
			jsonb_build_object('amount', p_amount, 'currency', p_currency, 'reference', p_ref)
		);
		perform private.publish_event('organise:' || v_order.summit_id, 'order', v_order.id);
		return 'mismatch';
	end if;
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref)
	values (p_c.order_id, 'payment', -p_amount, 'stripe', p_ref)
	on conflict do nothing;
	if not found then return 'duplicate'; end if;
	update public.checkouts as c set state = 'paid', payment_intent = p_ref where c.id = p_c.id;
	v_effect := private.apply_payment(p_c.order_id, p_amount);
	perform private.serve_queues(v_order.summit_id);
	for v_waiting in
		select e.event_id, e.type, e.object
		from private.provider_events as e
		where e.provider = 'stripe' and e.subject = p_ref and e.effect = 'waiting'
		order by e.object ->> 'created', e.event_id
	loop
		update private.provider_events as e
		set effect = private.apply_stripe_object(v_waiting.type, v_waiting.object), object = null
		where e.provider = 'stripe' and e.event_id = v_waiting.event_id;
	end loop;
	return v_effect;
end
$$;

-- Applies one state of one refund, from an event. Answers what `record_refund_state` answers, or unknown | waiting |
-- ignored. Locks the order.
create function private.apply_refund(p_refund jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ref text := p_refund ->> 'id';
	v_amount bigint := (p_refund ->> 'amount')::bigint;
	v_f public.refunds;
	v_c public.checkouts;
begin
	select * into v_f from public.refunds as f
	where f.provider_ref = v_ref or f.id = private.parse_uuid(p_refund #>> '{metadata,refund_id}')
	order by (f.provider_ref = v_ref) desc nulls last limit 1;
	-- A reference that failed is final, whichever reference the refund was made by since.
	if v_ref = any (v_f.failed_refs) then return 'stale'; end if;
	select * into v_c from public.checkouts as c
	where c.id = v_f.checkout_id
		or v_f.id is null and c.payment_intent = private.stripe_id(p_refund -> 'payment_intent')
	limit 1;
	if v_c.id is null
		or not exists (
			select from public.order_adjustments as a
			where a.order_id = v_c.order_id and a.kind = 'payment' and a.provider_ref = v_c.payment_intent
		) then
		return case when p_refund -> 'payment_intent' is null then 'unknown' else 'waiting' end;
	end if;
	perform private.lock_order(v_c.order_id);
	-- Made by hand in Stripe's dashboard: it is a refund that we owe, or an extra one.
	if v_f.id is null or v_f.provider_ref <> v_ref and v_f.state = 'done' then
		select * into v_f from public.refunds as f
		where f.checkout_id = v_c.id
			and f.state in ('due', 'failed')
			and f.amount = v_amount
			and p_refund #>> '{metadata,refund_id}' is null
		order by f.created_at limit 1;
		if not found and p_refund ->> 'status' not in ('failed', 'canceled') then
			insert into public.refunds (order_id, checkout_id, amount, state, provider_ref, reason)
			values (v_c.order_id, v_c.id, v_amount, 'sent', v_ref, 'by_hand')
			returning * into v_f;
		end if;
	end if;
	if v_f.id is null then return 'ignored'; end if;
	return private.record_refund_state(
		v_f.id, v_ref,
		case
			when p_refund ->> 'status' = 'succeeded' then 'done'
			when p_refund ->> 'status' in ('failed', 'canceled') then 'failed'
			else 'sent'
		end,
		coalesce(p_refund ->> 'failure_reason', p_refund ->> 'status'), v_amount
	);
end
$$;

-- Money that the payer's bank takes back, and returns when the dispute is won. An inquiry ("warning") moves none.
-- Answers disputed | dispute_won | noted | unknown | waiting. Locks the order.
create function private.apply_dispute(p_dispute jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkouts;
	v_status text := p_dispute ->> 'status';
	v_amount bigint := (p_dispute ->> 'amount')::bigint;
begin
	select * into v_c from public.checkouts as c
	where c.payment_intent = private.stripe_id(p_dispute -> 'payment_intent') and c.state = 'paid'
	limit 1;
	if not found then
		return case when p_dispute -> 'payment_intent' is null then 'unknown' else 'waiting' end;
	end if;
	if v_status like 'warning%' or v_status = 'prevented' then return 'noted'; end if;
	perform private.lock_order(v_c.order_id);
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref)
	values (v_c.order_id, 'dispute', v_amount, 'stripe', p_dispute ->> 'id')
	on conflict do nothing;
	if v_status = 'won' then
		insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref)
		values (v_c.order_id, 'dispute_won', -v_amount, 'stripe', p_dispute ->> 'id')
		on conflict do nothing;
		-- What was written off as lost has come back: it is nobody's to be paid out.
		if found then
			perform private.adjust_order(v_c.order_id, 'write_off', least(v_amount, (
				select coalesce(-sum(a.amount), 0)
				from public.order_adjustments as a
				where a.order_id = v_c.order_id and a.kind = 'write_off'
			)), null, 'dispute_won');
		end if;
	end if;
	perform private.cancel_excess_refunds(v_c.order_id);
	perform private.settle_order(v_c.order_id, 'dispute_won');
	perform private.notify_order(o) from public.orders as o where o.id = v_c.order_id;
	return case when v_status = 'won' then 'dispute_won' else 'disputed' end;
end
$$;
