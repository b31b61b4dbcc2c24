-- What is on its way back pays for no second beginning: an order that ran out begins again by money that stays alone.
create or replace function private.revive_order(p_order public.orders) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_cancelled bigint;
	v_leaving bigint;
begin
	-- An order for several is refunded and ordered anew: part of a delegation would otherwise be seated by chance.
	if (select count(distinct l.registration_id) from public.order_lines as l where l.order_id = p_order.id) <> 1 then return false; end if;
	select r.* into v_r from public.registrations as r where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order.id);
	select l.mode into v_mode from public.order_lines as l where l.order_id = p_order.id order by l.created_at desc limit 1;
	select -coalesce(sum(a.amount), 0) into v_cancelled from public.order_adjustments as a where a.order_id = p_order.id and a.kind = 'cancellation';
	select coalesce(sum(f.amount), 0) into v_leaving from public.refunds as f where f.order_id = p_order.id and f.state in ('due', 'sent', 'failed');
	if v_cancelled <= 0 or -private.balance_of(p_order.id) - v_leaving < v_cancelled
		or not exists (select from public.summits as s where s.id = p_order.summit_id and s.state in ('open', 'live')) then
		return false;
	end if;
	if v_r.state = 'expired' then
		if exists (select from public.registrations as other where other.summit_id = v_r.summit_id and other.person_id = v_r.person_id
			and other.state not in ('declined', 'withdrawn', 'expired')) then return false; end if;
	-- Of the confirmed only a switch that ran out is done late, never one that they gave up for another.
	elsif v_r.state <> 'confirmed' or v_r.mode = v_mode
		or not exists (select from public.order_adjustments as a where a.order_id = p_order.id and a.kind = 'cancellation' and a.reason = 'switch_not_paid')
		or exists (select from public.orders as o where o.closed_at is null and o.id in (select private.registration_orders(v_r.id)))
		or exists (select from public.queue_entries as q where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered')) then
		return false;
	end if;
	if private.is_barred(v_r) then return false; end if;
	-- The rest of a fee whose other part has gone back is no fee.
	if exists (select from private.registration_orders(v_r.id) as other where other <> p_order.id) and private.charged_to(v_r.id) + v_cancelled <
		private.fee_of(v_r, v_mode, p_order.currency, (select min(l.priced_at) from public.order_lines as l where l.order_id = p_order.id)) then
		return false;
	end if;
	perform private.serve_queue(v_r.summit_id, v_mode);
	if private.seat_obstacle(v_r.summit_id, v_mode, v_r.member_id, v_r.pool_id) is not null or private.next_in_queue(v_r.summit_id, v_mode) is not null then
		return false;
	end if;
	if v_r.state = 'expired' then v_r := private.move_registration(v_r.id, 'awaiting_payment', '', v_mode); end if;
	perform private.hold_seat(v_r, v_mode, now() + interval '1 hour');
	perform private.adjust_order(p_order.id, 'cancellation', v_cancelled, v_r.id, 'paid_late');
	perform private.confirm_in(v_r.id, v_mode);
	return true;
end
$$;
