-- What finance may do with an order, so that none is a dead end: give money back, note what went by hand, wait longer,
-- write off.

-- What came for an order and has not gone back, nor is about to.
create function private.cash_in(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select -sum(a.amount) from public.order_adjustments as a
		where a.order_id = p_order and a.kind in ('payment', 'refund', 'dispute', 'dispute_won')), 0)::bigint
		- coalesce((select sum(f.amount) from public.refunds as f
			where f.order_id = p_order and f.state in ('due', 'sent', 'failed')), 0)
$$;

-- Answers {status: ok | too_much | reason_needed | registration_needed | nothing | own | not_allowed, most}. Lessens
-- what the order charges for one registration, and the money goes back the way that it came. `amount` null: what it can
-- be at most.
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
	v_order := private.lock_order(v_order.id);
	if v_registration is null then
		select min(l.registration_id::text)::uuid into v_registration from public.order_lines as l
			where l.order_id = v_order.id having count(distinct l.registration_id) = 1;
	end if;
	if v_registration is null or not exists (select from public.order_lines as l
		where l.order_id = v_order.id and l.registration_id = v_registration) then
		return jsonb_build_object('status', 'registration_needed');
	end if;
	-- While something is owed, money that came stays until the order is settled or its lines are cancelled.
	if private.balance_of(v_order.id) > 0 then return jsonb_build_object('status', 'nothing'); end if;
	v_most := greatest(0, least(private.line_total(v_order.id, v_registration) - private.waived_of(v_order.id,
		v_registration), private.cash_in(v_order.id)));
	v_amount := coalesce(refund_order.amount, v_most);
	if v_most = 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_amount <= 0 or v_amount > v_most then return jsonb_build_object('status', 'too_much', 'most', v_most); end if;
	perform private.act_for((select r.person_id from public.registrations as r where r.id = v_registration),
		btrim(reason));
	perform private.adjust_order(v_order.id, 'credit', -v_amount, v_registration, left(btrim(reason), 500));
	perform private.settle_order(v_order.id, 'finance');
	return jsonb_build_object('status', 'ok', 'amount', v_amount);
end
$$;
grant execute on function public.refund_order(uuid, uuid, integer, text) to authenticated;

-- A refund that finance has sent by bank. Answers ok | wrong_state | invalid | own | not_allowed.
create function public.record_hand_refund(refund uuid, booked_on date, reference text) returns text
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
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	if v_f.checkout_id is not null or v_f.state <> 'due' then return 'wrong_state'; end if;
	perform private.act_for(v_order.payer_person_id);
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason, actor_id, booked_on)
	values (v_order.id, 'refund', v_f.amount, 'bank', 'refund:'
		|| v_f.id, left(btrim(reference), 500), private.actor(), booked_on);
	update public.refunds as f set state = 'done' where f.id = refund;
	perform private.tell_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.record_hand_refund(uuid, date, text) to authenticated;

-- A refund that the provider refuses for good is sent by bank instead. Answers ok | wrong_state | not_allowed.
create function public.refund_by_hand(refund uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	if v_f.state <> 'failed' or v_f.checkout_id is null then return 'wrong_state'; end if;
	perform private.act_for(v_order.payer_person_id);
	-- The same debt, by another way: the provider's late news of the old reference stays stale.
	update public.refunds as f set checkout_id = null, state = 'due', provider_ref = null where f.id = refund;
	perform private.tell_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.refund_by_hand(uuid) to authenticated;

-- Answers ok | wrong_state | too_soon | own | not_allowed: the order and its seats wait longer.
create function public.extend_order(order_id uuid, until timestamptz, reason text default '') returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select o.* into v_order from public.orders as o where o.id = extend_order.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	v_order := private.lock_order(v_order.id);
	if v_order.closed_at is not null then return 'wrong_state'; end if;
	if until is null or until <= greatest(v_order.due_at, now()) or until > now() + interval '1 year' then
		return 'too_soon';
	end if;
	perform private.act_for(v_order.payer_person_id, reason);
	update public.orders as o set due_at = until where o.id = v_order.id;
	perform private.extend_holds(v_order.id, until);
	perform private.tell_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.extend_order(uuid, timestamptz, text) to authenticated;

-- A closed order that still owes (money that the payer's bank took back) and is not asked for any more. Answers ok |
-- wrong_state | reason_needed | own | not_allowed.
create function public.write_off_order(order_id uuid, reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_part bigint;
	v_line record;
	v_owed bigint;
begin
	select o.* into v_order from public.orders as o where o.id = write_off_order.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	v_order := private.lock_order(v_order.id);
	v_owed := private.balance_of(v_order.id);
	if v_order.closed_at is null or v_owed <= 0 then return 'wrong_state'; end if;
	perform private.act_for(v_order.payer_person_id, reason);
	for v_line in select distinct l.registration_id as id from public.order_lines as l where l.order_id = v_order.id
		order by 1 loop
		v_part := least(v_owed, private.line_total(v_order.id, v_line.id) - private.waived_of(v_order.id, v_line.id));
		if v_part > 0 then
			perform private.adjust_order(v_order.id, 'credit', -v_part, v_line.id, left(btrim(reason), 500));
			v_owed := v_owed - v_part;
		end if;
	end loop;
	perform private.tell_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.write_off_order(uuid, text) to authenticated;
