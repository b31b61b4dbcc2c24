-- Decisions of finance about an order that would otherwise be a dead end: wait longer, or write off.

-- Lets an order and its seats wait longer. Answers ok | wrong_state | too_soon | own | not_allowed. Locks the order.
create function public.extend_order(order_id uuid, until timestamptz, reason text default '')
	returns public.order_extension_status
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
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_order.payer_person_id, reason);
	update public.orders as o set due_at = until where o.id = v_order.id;
	perform private.extend_holds(v_order.id, until);
	perform private.notify_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.extend_order(uuid, timestamptz, text) to authenticated;

-- Writes off a closed order that still owes, because the payer's bank took money back. What is still charged becomes a
-- credit. What is not charged any more, because it was given back before the bank took it as well, is a loss: it
-- lessens no charge and changes no invoice. Answers ok | wrong_state | reason_needed | own | not_allowed. Locks the
-- order.
create function public.write_off_order(order_id uuid, reason text) returns public.write_off_status
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
	perform private.set_audit_context(v_order.payer_person_id, reason);
	for v_line in
		select distinct l.registration_id as id
		from public.order_lines as l
		where l.order_id = v_order.id
		order by 1
	loop
		v_part := least(v_owed, private.line_total(v_order.id, v_line.id) - private.waived_of(v_order.id, v_line.id));
		if v_part > 0 then
			perform private.adjust_order(v_order.id, 'credit', -v_part, v_line.id, left(btrim(reason), 500));
			v_owed := v_owed - v_part;
		end if;
	end loop;
	perform private.adjust_order(v_order.id, 'write_off', -v_owed, null, left(btrim(reason), 500));
	perform private.notify_order(v_order);
	return 'ok';
end
$$;
grant execute on function public.write_off_order(uuid, text) to authenticated;
