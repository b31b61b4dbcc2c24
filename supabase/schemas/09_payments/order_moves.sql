-- Moving lines to another order: a focal point gathers the orders of a delegation, or a payer chooses another currency.
-- The old order is cancelled and the new one charges, so that nothing is edited away.

-- What keeps an order from moving: money that came for it or is on its way, or an invoice. Null: nothing.
create function private.moving_obstacle(p_order public.orders) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_order.closed_at is not null or private.balance_of(p_order.id) <= 0 then 'settled'
		when p_order.due_at <= now() then 'closed'
		when exists (
			select from public.order_adjustments as a
			where a.order_id = p_order.id and a.kind in ('payment', 'refund', 'dispute')
		) then 'paid'
		when exists (select from public.order_adjustments as a where a.order_id = p_order.id and a.kind = 'waiver')
			then 'waived'
		when exists (select from public.checkouts as c where c.order_id = p_order.id and c.state = 'processing')
			then 'processing'
		when private.invoiced_amount(p_order.id) > 0 then 'invoiced'
	end
$$;

-- Moves what an order charges, line by line, to another order; priced again where the currency differs. A registration
-- may have lines of both modes: of what is still charged for it, the newest line takes its own amount first. The caller
-- has locked the modes, the registrations and both orders.
create function private.move_lines(p_from public.orders, p_to public.orders, p_registration uuid default null)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line record;
	v_r public.registrations;
	v_amount bigint;
begin
	for v_line in
		select l.registration_id, l.mode, l.vat_rate_id, min(l.priced_at) as priced_at, sum(l.amount) as charged
		from public.order_lines as l
		where l.order_id = p_from.id and (p_registration is null or l.registration_id = p_registration)
		group by l.registration_id, l.mode, l.vat_rate_id
		order by l.registration_id, max(l.created_at) desc, l.mode, l.vat_rate_id
	loop
		v_amount := least(v_line.charged, private.line_total(p_from.id, v_line.registration_id));
		continue when v_amount <= 0;
		select * into strict v_r from public.registrations as r where r.id = v_line.registration_id;
		perform private.adjust_order(p_from.id, 'cancellation', -v_amount, v_r.id, 'moved');
		insert into public.order_lines (order_id, summit_id, registration_id, mode, amount, priced_at, vat_rate_id)
		values (
			p_to.id, p_to.summit_id, v_r.id, v_line.mode,
			case
				when p_to.currency = p_from.currency then v_amount
				else private.registration_fee(v_r, v_line.mode, p_to.currency, v_line.priced_at)
			end,
			v_line.priced_at,
			-- A new price has the tax of today.
			case when p_to.currency = p_from.currency then v_line.vat_rate_id end
		);
	end loop;
	update public.waiver_requests as w set order_id = p_to.id
	where w.order_id = p_from.id
		and w.state = 'open'
		and (p_registration is null or w.registration_id = p_registration);
	-- Attempts to pay the old amount end; a payment at a page that is still open goes back.
	update public.checkouts as c set state = 'expired'
	where c.order_id = p_from.id and c.state in ('requested', 'open');
	perform private.settle_order(p_from.id, 'moved');
end
$$;

-- Those of the orders that the reader, a focal point of the member, may gather: paid by a person, for registrations of
-- this member. Locks the registrations, then the orders.
create function private.lock_orders_to_combine(p_summit uuid, p_member uuid, p_orders uuid[]) returns uuid[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ids uuid[];
begin
	v_ids := array(
		select o.id from public.orders as o
		join public.order_lines as l on l.order_id = o.id
		join public.registrations as r on r.id = l.registration_id
		where o.id = any (p_orders)
			and o.summit_id = p_summit
			and o.payer_person_id is not null
			and r.member_id = p_member
			and private.is_focal_for(r)
		group by o.id
		order by o.id
	);
	perform from public.registrations as r
	where r.id in (select l.registration_id from public.order_lines as l where l.order_id = any (v_ids))
	order by r.id for no key update;
	perform from public.orders as o where o.id = any (v_ids) order by o.id for no key update;
	return v_ids;
end
$$;

-- Mails the person whose order was moved into another.
create function private.mail_about_moved_order(p_from public.orders, p_to uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select r.* into v_r from public.order_lines as l
	join public.registrations as r on r.id = l.registration_id
	where l.order_id = p_from.id
	limit 1;
	perform private.set_audit_context(v_r.person_id);
	perform private.mail_about(
		v_r, 'payment_moved', jsonb_build_object('order', p_from.reference), 'moved:' || p_from.id || ':' || p_to
	);
end
$$;

-- A focal point gathers orders of their people into one of the member. Those with an obstacle stay as they are. Answers
-- {status: ok | nothing | not_allowed, order_id, reference, moved, left: [{order_id, status}]}. Locks the modes, the
-- registrations, then the orders.
create function public.combine_orders(summit uuid, member uuid, orders uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ids uuid[];
	v_currency text;
	v_order public.orders;
	v_new public.orders;
	v_obstacle text;
	v_moved integer := 0;
	v_left jsonb := '[]';
begin
	if not exists (
		select from private.my_focal_members(combine_orders.summit) as f where f.member_id = combine_orders.member
	) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.lock_modes(combine_orders.summit);
	v_ids := private.lock_orders_to_combine(combine_orders.summit, combine_orders.member, combine_orders.orders);
	for v_order in select * from public.orders as o where o.id = any (v_ids) order by o.id loop
		v_obstacle := private.moving_obstacle(v_order);
		-- An order has one currency, that of the first one.
		if v_obstacle is null and v_currency <> v_order.currency then v_obstacle := 'currency'; end if;
		if v_obstacle is not null then
			v_left := v_left || jsonb_build_object('order_id', v_order.id, 'status', v_obstacle);
			continue;
		end if;
		if v_new.id is null then
			v_currency := v_order.currency;
			insert into public.orders (summit_id, payer_member_id, currency, due_at)
			select combine_orders.summit, combine_orders.member, v_currency, max(o.due_at)
			from public.orders as o
			where o.id = any (v_ids) and private.moving_obstacle(o) is null and o.currency = v_currency
			returning * into v_new;
		end if;
		perform private.move_lines(v_order, v_new);
		v_moved := v_moved + 1;
		perform private.mail_about_moved_order(v_order, v_new.id);
		perform private.notify_order(v_order);
	end loop;
	if v_new.id is null then return jsonb_build_object('status', 'nothing', 'left', v_left); end if;
	perform private.extend_holds(v_new.id, v_new.due_at);
	perform private.notify_order(v_new);
	return jsonb_build_object(
		'status', 'ok', 'order_id', v_new.id, 'reference', v_new.reference, 'moved', v_moved,
		'left', v_left
	);
end
$$;
grant execute on function public.combine_orders(uuid, uuid, uuid[]) to authenticated;

-- Divides an order of a member into one for each person. Answers {status: ok | not_allowed | settled | closed | paid |
-- waived | processing | invoiced}. Locks the order.
create function public.split_order(order_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_new public.orders;
	v_obstacle text;
	v_r public.registrations;
begin
	select o.* into v_order from public.orders as o
	where o.id = split_order.order_id
		and o.payer_member_id is not null
		and o.id in (select private.my_payable_orders());
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	v_order := private.lock_order(v_order.id);
	v_obstacle := private.moving_obstacle(v_order);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	for v_r in
		select distinct r.* from public.registrations as r
		join public.order_lines as l on l.registration_id = r.id
		where l.order_id = v_order.id and private.line_total(v_order.id, r.id) > 0
	loop
		insert into public.orders (summit_id, payer_person_id, currency, due_at)
		values (v_order.summit_id, v_r.person_id, v_order.currency, v_order.due_at)
		returning * into v_new;
		perform private.move_lines(v_order, v_new, v_r.id);
		perform private.notify_order(v_new);
		perform private.mail_about(
			v_r, 'payment_due',
			jsonb_build_object(
				'order_id', v_new.id, 'order', v_new.reference, 'amount', private.balance_of(v_new.id),
				'currency', v_new.currency, 'due_at', v_new.due_at
			)
		);
	end loop;
	perform private.notify_order(v_order);
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.split_order(uuid) to authenticated;

-- Currencies that a payer may choose for an order; none when the order has to stay as it is.
create function private.order_currencies(p_order public.orders) returns setof text
language sql stable security definer set search_path = '' as $$
	select c from private.fee_currencies(p_order.summit_id) as c
	where private.moving_obstacle(p_order) is null
		-- The difference of a switch is paid in the currency of the first order.
		and not exists (
			select from public.order_lines as l, private.registration_orders(l.registration_id) as other
			where l.order_id = p_order.id
				and private.line_total(p_order.id, l.registration_id) > 0
				and other <> p_order.id
				and private.line_total(other, l.registration_id) <> 0
		)
	order by c
$$;

-- Answers {status: ok | already | not_offered | not_allowed, order_id}. Locks the order.
create function public.choose_currency(order_id uuid, currency text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_new public.orders;
begin
	select o.* into v_order from public.orders as o
	where o.id = choose_currency.order_id and o.id in (select private.my_payable_orders());
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	v_order := private.lock_order(v_order.id);
	if v_order.currency = choose_currency.currency then
		return jsonb_build_object('status', 'already', 'order_id', v_order.id);
	end if;
	if choose_currency.currency is null
		or choose_currency.currency not in (select private.order_currencies(v_order)) then
		return jsonb_build_object('status', 'not_offered');
	end if;
	perform private.set_audit_context(v_order.payer_person_id);
	insert into public.orders (summit_id, payer_person_id, payer_member_id, currency, due_at)
	values (
		v_order.summit_id, v_order.payer_person_id, v_order.payer_member_id, choose_currency.currency, v_order.due_at
	)
	returning * into v_new;
	perform private.move_lines(v_order, v_new);
	-- The fee in that currency may be zero, which settles the order.
	perform private.settle_order(v_new.id, 'moved');
	perform private.notify_order(v_new);
	return jsonb_build_object('status', 'ok', 'order_id', v_new.id);
end
$$;
grant execute on function public.choose_currency(uuid, text) to authenticated;
