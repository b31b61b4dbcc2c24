-- Refunds: how much may go back, deciding one, sending it by the provider or by hand.

-- The share that the Summit's policy gives back now.
create function private.refund_percent(p_summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select case when private.is_over(s) or now() > s.refund_until then 0 else s.refund_percent end
	from public.summits as s
	where s.id = p_summit
$$;

-- A share of an amount, rounded down to what a card can be paid back.
create function private.share_of(p_amount bigint, p_percent integer, p_currency text) returns bigint
language sql immutable set search_path = '' as $$
	select case when p_percent = 100 then p_amount
		else p_amount * p_percent / 100 / private.currency_step(p_currency) * private.currency_step(p_currency) end
$$;

-- Refunds that were decided for the orders of a registration, failed ones included: they are still owed.
create function private.refunds_of(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(f.amount), 0) from public.refunds as f
	where f.state <> 'cancelled' and f.order_id in (select private.registration_orders(p_registration))
$$;

-- The money that came for an order, less what has gone back or is about to.
create function private.cash_received(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select -sum(a.amount) from public.order_adjustments as a
		where a.order_id = p_order and a.kind in ('payment', 'refund', 'dispute', 'dispute_won')
	), 0)::bigint
		- coalesce((
			select sum(f.amount) from public.refunds as f
			where f.order_id = p_order and f.state in ('due', 'sent', 'failed')
		), 0)
$$;

-- Decides a refund, asks the worker to send it, and mails the payer. `p_checkout` null: by hand.
create function private.decide_refund(p_order public.orders, p_checkout uuid, p_amount bigint, p_reason text)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_refund uuid;
begin
	insert into public.refunds (order_id, checkout_id, amount, reason)
	values (p_order.id, p_checkout, p_amount, p_reason)
	returning id into v_refund;
	perform private.publish_event('outbox', 'refund', v_refund);
	perform private.mail_payer(
		p_order, 'payment_refunded', jsonb_build_object('amount', p_amount, 'cause', p_reason), 'refund:' || v_refund
	);
end
$$;

-- Finance lessens what an order charges for one registration, and the money goes back the way that it came. `amount`
-- null: as much as possible. Answers {status: ok | too_much | reason_needed | registration_needed | nothing | own |
-- not_allowed, amount, most}. Locks the order.
create function public.refund_order(order_id uuid, registration uuid, amount integer, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_registration uuid := registration;
	v_most bigint;
	v_amount bigint;
begin
	select o.* into v_order from public.orders as o where o.id = refund_order.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	if private.is_own_order(v_order.id) then return jsonb_build_object('status', 'own'); end if;
	perform private.require_confirmation();
	v_order := private.lock_order(v_order.id);
	if v_registration is null then
		select min(l.registration_id::text)::uuid into v_registration
		from public.order_lines as l
		where l.order_id = v_order.id
		having count(distinct l.registration_id) = 1;
	end if;
	if v_registration is null
		or not exists (
			select from public.order_lines as l where l.order_id = v_order.id and l.registration_id = v_registration
		) then
		return jsonb_build_object('status', 'registration_needed');
	end if;
	-- While something is owed, money stays until the order is settled or its lines are cancelled.
	if private.balance_of(v_order.id) > 0 then return jsonb_build_object('status', 'nothing'); end if;
	v_most := greatest(
		0,
		least(
			private.line_total(v_order.id, v_registration) - private.waived_of(v_order.id, v_registration),
			private.cash_received(v_order.id)
		)
	);
	v_amount := coalesce(refund_order.amount, v_most);
	if v_most = 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_amount <= 0 or v_amount > v_most then
		return jsonb_build_object('status', 'too_much', 'most', v_most);
	end if;
	perform private.set_audit_context((
		select r.person_id from public.registrations as r where r.id = v_registration
	), btrim(reason));
	perform private.allow_closed_summits();
	perform private.adjust_order(v_order.id, 'credit', -v_amount, v_registration, left(btrim(reason), 500));
	perform private.settle_order(v_order.id, 'finance');
	return jsonb_build_object('status', 'ok', 'amount', v_amount);
end
$$;
grant execute on function public.refund_order(uuid, uuid, integer, text) to authenticated;

-- Records a refund that finance has sent by bank. Answers ok | wrong_state | invalid | own | not_allowed. Locks the
-- order.
create function public.record_manual_refund(refund uuid, booked_on date, reference text)
	returns public.manual_refund_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if booked_on is null or booked_on > current_date + 1 or btrim(coalesce(reference, '')) = '' then
		return 'invalid';
	end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	perform private.require_confirmation();
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	if v_f.checkout_id is not null or v_f.state <> 'due' then return 'wrong_state'; end if;
	perform private.set_audit_context(v_order.payer_person_id);
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason, actor_id, booked_on)
	values (
		v_order.id, 'refund', v_f.amount, 'bank', 'refund:' || v_f.id, left(btrim(reference), 500),
		private.actor(), booked_on
	);
	update public.refunds as f set state = 'done' where f.id = refund;
	perform private.notify_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.record_manual_refund(uuid, date, text) to authenticated;

-- Turns a refund that the provider refuses for good into one by bank. Answers ok | wrong_state | own | not_allowed.
-- Locks the order.
create function public.make_refund_manual(refund uuid) returns public.refund_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	perform private.require_confirmation();
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	if v_f.state <> 'failed' or v_f.checkout_id is null then return 'wrong_state'; end if;
	perform private.set_audit_context(v_order.payer_person_id);
	-- The same debt by another way. Late events about the old reference stay stale.
	update public.refunds as f set checkout_id = null, state = 'due', provider_ref = null where f.id = refund;
	perform private.notify_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.make_refund_manual(uuid) to authenticated;

-- Asks the provider again for a refund that it refused. Answers ok | wrong_state | own | not_allowed. Locks the order.
create function public.retry_refund(refund uuid) returns public.refund_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	perform private.require_confirmation();
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	-- One that finance has made a refund by bank in the meantime is not the provider's any more.
	if v_f.state <> 'failed' or v_f.checkout_id is null then return 'wrong_state'; end if;
	perform private.set_audit_context(v_order.payer_person_id);
	update public.refunds as f set state = 'due', failure = null, provider_ref = null where f.id = refund;
	perform private.publish_event('outbox', 'refund', refund);
	perform private.publish_event('organise:' || v_order.summit_id, 'order', v_order.id);
	return 'ok';
end
$$;
grant execute on function public.retry_refund(uuid) to authenticated;

-- Refunds that the worker has to ask the provider for. `attempts` counts refusals and is part of the idempotency key:
-- the same attempt asked twice is one refund there.
create function private.due_refunds(p_limit integer default 100)
	returns table (id uuid, payment_intent text, amount integer, currency text, attempts integer)
language sql stable security definer set search_path = '' as $$
	select f.id, c.payment_intent, f.amount, c.currency::text, f.attempts
	from public.refunds as f
	join public.checkouts as c on c.id = f.checkout_id
	where f.state = 'due'
	order by f.created_at limit p_limit
$$;
grant execute on function private.due_refunds(integer) to app_server;

-- Records the provider's answer to our call: sent, done or failed, with its reference unless it refused the call
-- itself. Answers not_found or what `record_refund_state` answers. Locks the order.
create function private.record_refund(p_refund uuid, p_provider_ref text, p_state text, p_failure text default null)
	returns private.refund_effect
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
	return private.record_refund_state(p_refund, p_provider_ref, p_state, p_failure, v_f.amount);
end
$$;
grant execute on function private.record_refund(uuid, text, text, text) to app_server;

-- Moves a refund of a locked order to a state that the provider reports. A failure is final for its reference, so a
-- later event of success under the same reference is stale. Answers refund_sent | refund_done | refund_failed | stale |
-- duplicate.
create function private.record_refund_state(p_id uuid, p_ref text, p_state text, p_failure text, p_amount bigint)
	returns text
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
		where a.provider = 'stripe' and a.kind = 'refund' and a.provider_ref = p_ref
		on conflict do nothing;
		-- Another call of ours has got further in the meantime.
		if p_ref is null and v_f.state <> 'due'
			or p_ref is not null and v_f.provider_ref is not null and v_f.provider_ref <> p_ref then
			return 'stale';
		end if;
		update public.refunds as f
		set
			state = 'failed', failure = p_failure, attempts = f.attempts + 1,
			provider_ref = coalesce(p_ref, f.provider_ref),
			failed_refs = f.failed_refs || array_remove(array[p_ref], null)
		where f.id = p_id;
	elsif p_state = 'sent' then
		if v_f.state <> 'due' then return 'stale'; end if;
		update public.refunds as f set state = 'sent', provider_ref = p_ref where f.id = p_id;
	else
		insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason)
		values (v_f.order_id, 'refund', p_amount, 'stripe', p_ref, v_f.reason)
		on conflict do nothing;
		if not found then return 'duplicate'; end if;
		update public.refunds as f set state = 'done', provider_ref = p_ref, failure = null where f.id = p_id;
		-- An extra refund does not make the order owe again.
		v_balance := private.balance_of(v_f.order_id);
		if v_f.reason = 'by_hand' then
			perform private.adjust_order(
				v_f.order_id, 'credit', -greatest(0, least(v_balance, p_amount)),
				(
					select min(l.registration_id::text)::uuid
					from public.order_lines as l
					where l.order_id = v_f.order_id
					having count(distinct l.registration_id) = 1
				),
				'by_hand'
			);
		end if;
	end if;
	perform private.notify_order(o) from public.orders as o where o.id = v_f.order_id;
	return 'refund_' || p_state;
end
$$;

-- Cancels refunds of money that the payer's bank has taken back already.
create function private.cancel_excess_refunds(p_order uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_owed bigint := greatest(0, -private.balance_of(p_order));
	v_f record;
begin
	for v_f in
		select f.id, f.amount, f.state from public.refunds as f
		where f.order_id = p_order and f.state in ('sent', 'due', 'failed')
		order by f.state = 'sent' desc, f.created_at
	loop
		if v_f.state <> 'sent' and v_f.amount > v_owed then
			update public.refunds as f set state = 'cancelled' where f.id = v_f.id;
		else
			v_owed := v_owed - v_f.amount;
		end if;
	end loop;
end
$$;
