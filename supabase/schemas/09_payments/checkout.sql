-- Paying: a Checkout Session on demand, what a payment sets in motion, and what a deadline does without one.

-- Answers {status: ok | open | processing | settled | closed | not_allowed, checkout_id, amount, currency, expires_at,
-- url, reference}. Ok: a new attempt; open: the present one, with its page if the provider has made it. The last
-- attempt before the deadline extends the hold to its own end.
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
		where c.order_id = v_order.id and c.state in ('requested', 'open', 'processing') for no key update;
	if v_c.state = 'processing' then return jsonb_build_object('status', 'processing'); end if;
	-- An attempt is of use while its amount is right and its page can still be opened, or made by the provider's rules.
	if v_c.id is not null and (v_c.amount <> v_balance
		or v_c.expires_at < now() + case v_c.state when 'open' then interval '1 minute' else interval '30 minutes' end)
			then
		update public.checkouts as c set state = 'expired' where c.id = v_c.id;
		v_c := null;
	end if;
	if v_c.id is null then
		if v_order.due_at <= now() then return jsonb_build_object('status', 'closed'); end if;
		perform private.act_for(v_order.payer_person_id);
		insert into public.checkouts (order_id, amount, currency, expires_at)
		values (v_order.id, v_balance, v_order.currency,
			greatest(least(now() + interval '24 hours', v_order.due_at), now() + interval '31 minutes'))
		returning * into v_c;
		perform private.extend_holds(v_order.id, v_c.expires_at);
		v_status := 'ok';
	end if;
	return jsonb_build_object('status', v_status, 'checkout_id', v_c.id, 'amount', v_c.amount, 'currency', v_c.currency,
		'expires_at', v_c.expires_at,
		'url', v_c.url, 'reference', v_order.reference);
end
$$;
grant execute on function public.request_checkout(uuid) to authenticated;

create function private.extend_holds(p_order uuid, p_until timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	update public.seats as s set held_until = p_until
	from public.order_lines as l
	where l.order_id = p_order and s.registration_id = l.registration_id and s.mode = l.mode and s.state = 'held'
		and s.held_until < p_until
$$;

-- What the provider made of an attempt. News of its payment may have come first: that stays.
create function private.record_checkout(p_checkout uuid, p_session_id text, p_payment_intent text, p_url text,
	p_expires_at timestamptz) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
begin
	select c.order_id into v_order from public.checkouts as c where c.id = p_checkout;
	if not found then return 'not_found'; end if;
	perform private.lock_order(v_order);
	update public.checkouts as c
	set session_id = coalesce(c.session_id, p_session_id),
		payment_intent = coalesce(c.payment_intent, p_payment_intent), url = p_url,
		expires_at = p_expires_at, state = case c.state when 'requested' then 'open' else c.state end
	where c.id = p_checkout;
	perform private.extend_holds(v_order, p_expires_at);
	return 'ok';
end
$$;
grant execute on function private.record_checkout(uuid, text, text, text, timestamptz) to app_server;

-- Each line of an order that was paid takes effect: confirmed, or a switch of mode done, but for those who are barred.
-- `p_leaving` is just leaving.
create function private.complete_order(p_order uuid, p_leaving uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line record;
	v_r public.registrations;
begin
	for v_line in
		select distinct r.id, r.state, l.mode
			from public.order_lines as l join public.registrations as r on r.id = l.registration_id
		where l.order_id = p_order and r.id is distinct from p_leaving and private.line_total(p_order, r.id) > 0
			and (r.state = 'awaiting_payment' and l.mode = r.mode or r.state = 'confirmed' and l.mode <> r.mode)
			and exists (select from public.seats as s
				where s.registration_id = r.id and s.mode = l.mode and s.state = 'held'
				and not exists (select from public.queue_entries as q where q.seat_id = s.id and q.state = 'offered'))
		order by r.id
	loop
		select * into strict v_r from public.registrations as r where r.id = v_line.id;
		if not private.turn_away(v_r, v_line.mode, p_order) then
			perform private.confirm_in(v_line.id, v_line.mode);
		end if;
	end loop;
end
$$;

--[was in payments] Money that came after its hold had ended gets the seat if there is one by the rules, for whoever has no other claim by now.
-- What is on its way back pays for no second beginning: an order that ran out begins again by money that stays alone.
create function private.revive_order(p_order public.orders) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_cancelled bigint;
	v_leaving bigint;
begin
	-- An order for several is refunded and ordered anew: part of a delegation would otherwise be seated by chance.
	if (select count(distinct l.registration_id) from public.order_lines as l where l.order_id = p_order.id) <> 1 then
		return false;
	end if;
	select r.* into v_r from public.registrations as r
		where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order.id);
	select l.mode into v_mode from public.order_lines as l where l.order_id = p_order.id order by l.created_at desc
		limit 1;
	select -coalesce(sum(a.amount), 0) into v_cancelled from public.order_adjustments as a
		where a.order_id = p_order.id and a.kind = 'cancellation';
	select coalesce(sum(f.amount), 0) into v_leaving from public.refunds as f
		where f.order_id = p_order.id and f.state in ('due', 'sent', 'failed');
	if v_cancelled <= 0 or -private.balance_of(p_order.id) - v_leaving < v_cancelled
		or not exists (select from public.summits as s where s.id = p_order.summit_id and s.state in ('open', 'live'))
			then
		return false;
	end if;
	if v_r.state = 'expired' then
		if exists (select from public.registrations as other
			where other.summit_id = v_r.summit_id and other.person_id = v_r.person_id
			and other.state not in ('declined', 'withdrawn', 'expired')) then return false; end if;
	-- Of the confirmed only a switch that ran out is done late, never one that they gave up for another.
	elsif v_r.state <> 'confirmed' or v_r.mode = v_mode
		or not exists (select from public.order_adjustments as a
			where a.order_id = p_order.id and a.kind = 'cancellation' and a.reason = 'switch_not_paid')
		or exists (select from public.orders as o
			where o.closed_at is null and o.id in (select private.registration_orders(v_r.id)))
		or exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered')) then
		return false;
	end if;
	if private.is_barred(v_r) then return false; end if;
	-- The rest of a fee whose other part has gone back is no fee.
	if exists (select from private.registration_orders(v_r.id) as other where other <> p_order.id)
		and private.charged_to(v_r.id) + v_cancelled <
		private.fee_of(v_r, v_mode, p_order.currency,
			(select min(l.priced_at) from public.order_lines as l where l.order_id = p_order.id)) then
		return false;
	end if;
	perform private.serve_queue(v_r.summit_id, v_mode);
	if private.seat_obstacle(v_r.summit_id, v_mode, v_r.member_id, v_r.pool_id) is not null
		or private.next_in_queue(v_r.summit_id, v_mode) is not null then
		return false;
	end if;
	if v_r.state = 'expired' then v_r := private.move_registration(v_r.id, 'awaiting_payment', '', v_mode); end if;
	perform private.hold_seat(v_r, v_mode, now() + interval '1 hour');
	perform private.adjust_order(p_order.id, 'cancellation', v_cancelled, v_r.id, 'paid_late');
	perform private.confirm_in(v_r.id, v_mode);
	return true;
end
$$;

-- After money has come in. Answers paid, underpaid, revived or surplus.
create function private.after_payment(p_order uuid, p_amount bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_effect text;
begin
	select * into strict v_order from public.orders as o where o.id = p_order;
	if v_order.closed_at is null then
		v_effect := case when private.balance_of(p_order) > 0 then 'underpaid' else 'paid' end;
	else
		v_effect := case when private.revive_order(v_order) then 'revived' else 'surplus' end;
	end if;
	if v_effect <> 'surplus' then
		perform private.mail_payer(v_order, 'payment_received', jsonb_build_object('amount', p_amount));
	end if;
	perform private.settle_order(p_order, case v_effect when 'surplus' then 'late' else 'overpaid' end);
	if v_effect in ('paid', 'revived') then
		update public.checkouts as c set state = 'expired'
			where c.order_id = p_order and c.state in ('requested', 'open');
	end if;
	perform private.tell_order(v_order);
	return v_effect;
end
$$;

-- The deadline has passed: seats go back, and whatever was paid in part too.
create function private.expire_order(p_order uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	-- Closed first: what was paid in part confirms nobody of a delegation by chance.
	update public.orders as o set closed_at = now() where o.id = p_order and o.closed_at is null;
	for v_r in select r.* from public.registrations as r
		where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order)
		order by r.id loop
		if v_r.state = 'awaiting_payment' then
			v_r := private.leave_summit(v_r.id, 'expired', '', 100);
			perform private.mail_about(v_r, 'registration_expired');
		elsif v_r.state = 'confirmed' and private.cancel_switch(v_r, p_order) then
			perform private.mail_about(v_r, 'offer_lapsed',
				jsonb_build_object('mode', case v_r.mode when 'virtual' then 'in_person' else 'virtual' end));
		else
			perform private.cancel_charges(v_r, 100, 'expired', p_order);
		end if;
	end loop;
	update public.checkouts as c set state = 'expired' where c.order_id = p_order and c.state in ('requested', 'open');
end
$$;
