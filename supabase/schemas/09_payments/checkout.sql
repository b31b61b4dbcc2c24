-- Paying by card: a Checkout Session on demand.

-- Answers {status: ok | open | processing | settled | closed | not_allowed, checkout_id, amount, currency, expires_at,
-- url, reference}. Ok: a new attempt. Open: the present one, with its page if the provider has made it. The last
-- attempt before the deadline extends the hold of the seat to its own end. Locks the order.
create function public.request_checkout(order_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_c public.checkouts;
	v_status text := 'open';
	v_balance bigint;
begin
	select * into v_order from public.orders as o
	where o.id = request_checkout.order_id
		and (o.id in (select private.my_payable_orders()) or private.has_role(o.summit_id, 'finance'));
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	v_order := private.lock_order(v_order.id);
	v_balance := private.balance_of(v_order.id);
	if v_balance <= 0 then return jsonb_build_object('status', 'settled'); end if;
	if v_order.closed_at is not null then return jsonb_build_object('status', 'closed'); end if;
	select * into v_c from public.checkouts as c
	where c.order_id = v_order.id and c.state in ('requested', 'open', 'processing')
	for no key update;
	if v_c.state = 'processing' then return jsonb_build_object('status', 'processing'); end if;
	-- An attempt is usable while its amount is right and its page can still be opened; Stripe needs 30 minutes to make
	-- one.
	if v_c.id is not null
		and (
			v_c.amount <> v_balance
			or v_c.expires_at < now() + case v_c.state
				when 'open' then interval '1 minute'
				else interval '30 minutes'
			end
		) then
		update public.checkouts as c set state = 'expired' where c.id = v_c.id;
		v_c := null;
	end if;
	if v_c.id is null then
		if v_order.due_at <= now() then return jsonb_build_object('status', 'closed'); end if;
		perform private.set_audit_context(v_order.payer_person_id);
		insert into public.checkouts (order_id, amount, currency, expires_at)
		values (
			v_order.id, v_balance, v_order.currency,
			greatest(least(now() + interval '24 hours', v_order.due_at), now() + interval '31 minutes')
		)
		returning * into v_c;
		perform private.extend_holds(v_order.id, v_c.expires_at);
		v_status := 'ok';
	end if;
	return jsonb_build_object(
		'status', v_status, 'checkout_id', v_c.id, 'amount', v_c.amount, 'currency', v_c.currency,
		'expires_at', v_c.expires_at, 'url', v_c.url, 'reference', v_order.reference
	);
end
$$;
grant execute on function public.request_checkout(uuid) to authenticated;

-- Records the provider's result for an attempt. The event of its payment may have come first; that state is kept.
-- Answers ok | not_found.
create function private.record_checkout(
	p_checkout uuid,
	p_session_id text,
	p_payment_intent text,
	p_url text,
	p_expires_at timestamptz
) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
begin
	select c.order_id into v_order from public.checkouts as c where c.id = p_checkout;
	if not found then return 'not_found'; end if;
	perform private.lock_order(v_order);
	update public.checkouts as c
	set
		session_id = coalesce(c.session_id, p_session_id),
		payment_intent = coalesce(c.payment_intent, p_payment_intent), url = p_url,
		expires_at = p_expires_at, state = case c.state when 'requested' then 'open' else c.state end
	where c.id = p_checkout;
	perform private.extend_holds(v_order, p_expires_at);
	return 'ok';
end
$$;
grant execute on function private.record_checkout(uuid, text, text, text, timestamptz) to app_server;
