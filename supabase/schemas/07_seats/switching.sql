-- Between the modes: switching, waiting for a seat while keeping another, and answering an offer; and members that were
-- not listed.

-- The own registration under the locks that a change of seats needs; null when it is not one's own.
create function private.lock_own(p_registration uuid) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r
	where r.id = p_registration and (r.person_id in (select private.my_people('registration')) or r.state <> 'draft'
		and private.has_role(r.summit_id, 'registration'));
	if found then
		perform private.lock_modes(v_r.summit_id);
		select * into v_r from public.registrations as r where r.id = p_registration for no key update;
		perform private.act_for(v_r.person_id);
	end if;
	return v_r;
end
$$;

create function private.order_due(p_registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('order_id', o.id, 'amount', private.balance_of(o.id), 'currency', o.currency, 'due_at',
		o.due_at)
	from public.orders as o where o.closed_at is null
		and o.id in (select l.order_id from public.order_lines as l where l.registration_id = p_registration)
	order by o.created_at desc limit 1
$$;

-- What a switch would cost or give back now: {due, credit, currency}; null when it is neither one's own nor for the
-- desk. Nothing is charged before a registration is accredited, and what is not paid yet is asked for anew.
create function public.quote_switch(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_due bigint;
	v_waived bigint;
begin
	select * into v_r from public.registrations as r where r.id = registration and (r.person_id
		in (select private.my_people('registration')) or private.has_role(r.summit_id, 'registration'));
	if not found or v_r.state not in ('accredited', 'awaiting_payment', 'confirmed') then return null; end if;
	v_due := private.fee_of(v_r, quote_switch.mode);
	if v_r.state <> 'awaiting_payment' then
		-- What an open switch charges is not paid yet.
		v_due := v_due - private.charged_to(v_r.id) + (select coalesce(sum(private.line_total(o.id, v_r.id)), 0)
			from public.orders as o
			where o.closed_at is null and o.id in (select l.order_id from public.order_lines as l
				where l.registration_id = v_r.id and l.mode <> v_r.mode));
	end if;
	select coalesce(sum(private.waived_of(o, v_r.id)), 0) into v_waived from private.registration_orders(v_r.id) as o;
	return jsonb_build_object('due', greatest(v_due, 0), 'currency', private.currency_of(v_r),
		'credit', greatest(0, -v_due * private.refund_percent(v_r.summit_id) / 100 - v_waived));
end
$$;
grant execute on function public.quote_switch(uuid, public.attendance_mode) to authenticated;

-- A switch that is not paid yet is undone: the seat it held goes back, and so does what was charged.
create function private.cancel_switch(p_r public.registrations, p_order uuid default null) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order uuid;
begin
	select o.id into v_order from public.orders as o
	join public.order_lines as l on l.order_id = o.id and l.registration_id = p_r.id and l.mode <> p_r.mode
	where o.closed_at is null or o.id = p_order;
	if not found then return false; end if;
	update public.seats as s
		set state = 'released', held_until = null, released_at = now(), release_reason = 'switch_not_paid'
	where s.registration_id = p_r.id and s.mode <> p_r.mode and s.state = 'held';
	perform private.cancel_charges(p_r, 100, 'switch_not_paid', v_order);
	perform private.tell('summit:' || p_r.summit_id, 'seats');
	perform private.tell_registration(p_r, 'order');
	return true;
end
$$;

-- Seat, fee, badge and rights move together or not at all. Answers {status: ok | awaiting_payment | payment_due |
-- no_seat | already | wrong_state | not_found, reason, order_id, amount, currency, due_at}. Payment_due: the present
-- seat stays until the difference is paid.
create function public.switch_mode(registration uuid, mode public.attendance_mode, keep_place boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own(registration);
	v_mode public.attendance_mode := switch_mode.mode;
	v_reason public.queue_reason;
	v_status text;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state = 'draft' then
		update public.registrations as r set mode = v_mode, version = r.version + 1, updated_at = now()
			where r.id = v_r.id;
		return jsonb_build_object('status', 'ok');
	end if;
	if v_r.state in ('declined', 'withdrawn', 'expired') or v_mode is null then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if v_r.mode = v_mode then
		-- Back from a switch that waits for its payment.
		if v_r.state = 'confirmed' and private.cancel_switch(v_r) then
			perform private.serve_queues(v_r.summit_id);
			return jsonb_build_object('status', 'ok');
		end if;
		return jsonb_build_object('status', 'already');
	end if;
	perform private.serve_queue(v_r.summit_id, v_mode);
	if exists (select from public.seats as s where s.registration_id = v_r.id and s.mode = v_mode and s.state = 'held')
		then
		-- It is held already: an offer, or a switch that waits for its payment.
		if not exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_mode and q.state = 'offered') then
			return jsonb_build_object('status', 'payment_due') || coalesce(private.order_due(v_r.id), '{}');
		end if;
	else
		v_reason := private.hold_seat(v_r, v_mode, now() + interval '1 hour');
		if v_reason is not null then return jsonb_build_object('status', 'no_seat', 'reason', v_reason); end if;
	end if;
	v_status := private.enter_mode(v_r.id, v_mode, '', coalesce(keep_place, false));
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', case when v_status in ('confirmed', 'held') then 'ok' else v_status end)
		|| case when v_status in ('awaiting_payment', 'payment_due') then coalesce(private.order_due(v_r.id), '{}')
			else '{}' end;
end
$$;
grant execute on function public.switch_mode(uuid, public.attendance_mode, boolean) to authenticated;

-- Waits for a seat in the other mode and keeps the present one. {status: queued | offered | already | wrong_state |
-- not_found, entry_id, position, reason, deadline}
create function public.join_queue(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own(registration);
	v_mode public.attendance_mode := join_queue.mode;
	v_status text := 'already';
	v_q public.queue_entries;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_mode is null or v_r.mode = v_mode
		or v_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
		or exists (select from public.seats as s
			where s.registration_id = v_r.id and s.mode = v_mode and s.state = 'held'
			and not exists (select from public.queue_entries as q where q.seat_id = s.id and q.state = 'offered')) then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if not exists (select from public.queue_entries as q
		where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered')) then
		perform private.enqueue(v_r, v_mode,
			coalesce(private.seat_obstacle(v_r.summit_id, v_mode, v_r.member_id, v_r.pool_id), 'others_wait'));
		perform private.serve_queue(v_r.summit_id, v_mode);
		v_status := null;
	end if;
	select * into strict v_q from public.queue_entries as q
		where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered');
	return jsonb_build_object('status',
		coalesce(v_status, case v_q.state when 'offered' then 'offered' else 'queued' end), 'entry_id', v_q.id,
		'position', private.queue_position(v_q.id), 'reason', v_q.reason, 'deadline', v_q.deadline);
end
$$;
grant execute on function public.join_queue(uuid, public.attendance_mode) to authenticated;

-- Gives up a place that is not the registration's only hold: {status: ok | wrong_state | not_found}. Who has nothing
-- else withdraws.
create function public.leave_queue(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own(registration);
	v_mode public.attendance_mode := leave_queue.mode;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.mode = v_mode or not exists (select from public.queue_entries as q
		where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered')) then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.drop_entry(q, 'left') from public.queue_entries as q
		where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered');
	perform private.serve_queue(v_r.summit_id, v_mode);
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.leave_queue(uuid, public.attendance_mode) to authenticated;

-- Ends a place in the queue and frees the seat that was offered with it.
create function private.drop_entry(p_q public.queue_entries, p_state public.queue_state) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.queue_entries as q set state = p_state, closed_at = now() where q.id = p_q.id;
	update public.seats as s
		set state = 'released', held_until = null, released_at = now(), release_reason = p_state::text
	where s.id = p_q.seat_id and s.state = 'held';
	perform private.tell('summit:' || p_q.summit_id, 'seats');
	perform private.tell('person:' || r.person_id, 'queue', r.id) from public.registrations as r
		where r.id = p_q.registration_id;
end
$$;

-- Whose offer ends unused: those with a seat elsewhere keep it; who has none is out, by own will or by the clock.
create function private.end_offer(p_q public.queue_entries, p_state public.queue_state) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into strict v_r from public.registrations as r where r.id = p_q.registration_id for no key update;
	perform private.drop_entry(p_q, p_state);
	if v_r.mode = p_q.mode then
		v_r := private.leave_summit(v_r.id,
			case p_state when 'lapsed' then 'expired'::public.registration_state else 'withdrawn' end, '',
			private.refund_percent(v_r.summit_id));
	end if;
	perform private.mail_about(v_r, case when p_state = 'lapsed' then 'offer_lapsed' else 'registration_withdrawn' end,
		jsonb_build_object('mode', p_q.mode, 'state', v_r.state, 'by', 'self', 'refund', 0))
			where p_state = 'lapsed' or v_r.state = 'withdrawn';
	return v_r.state::text;
end
$$;

-- Answers {status: confirmed | awaiting_payment | payment_due | ok | declined | withdrawn | lapsed | wrong_state |
-- not_found, order_id, …}. Withdrawn: there was no other seat to keep. Ok: the hold for review has moved.
create function public.answer_offer(entry uuid, accept boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q public.queue_entries;
	v_r public.registrations;
	v_status text;
begin
	select q.* into v_q from public.queue_entries as q join public.registrations as r on r.id = q.registration_id
	where q.id = entry and r.person_id in (select private.my_people('registration'));
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	v_r := private.lock_own(v_q.registration_id);
	select * into v_q from public.queue_entries as q where q.id = entry for no key update;
	if v_q.state = 'lapsed' or v_q.state = 'offered' and v_q.deadline <= now() then
		return jsonb_build_object('status', 'lapsed');
	end if;
	if v_q.state <> 'offered' or accept is null then return jsonb_build_object('status', 'wrong_state'); end if;
	if accept then
		v_status := private.enter_mode(v_r.id, v_q.mode);
	else
		v_status := private.end_offer(v_q, 'left');
	end if;
	perform private.serve_queues(v_r.summit_id);
	if not accept then
		return jsonb_build_object('status', case v_status when 'withdrawn' then 'withdrawn' else 'declined' end);
	end if;
	return jsonb_build_object('status', case v_status when 'held' then 'ok' else v_status end)
		|| case when v_status in ('awaiting_payment', 'payment_due') then coalesce(private.order_due(v_r.id), '{}')
			else '{}' end;
end
$$;
grant execute on function public.answer_offer(uuid, boolean) to authenticated;

-- "Mine is not listed", answered: the registration joins the member and keeps its rank. Answers ok, not_allowed,
-- wrong_state, unknown_member.
create function public.link_member_request(request uuid, member uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_request public.member_requests;
	v_r public.registrations;
	v_name text;
begin
	select * into v_request from public.member_requests as q where q.id = request;
	if not found or not private.has_role(v_request.summit_id, 'registration') then return 'not_allowed'; end if;
	perform private.lock_modes(v_request.summit_id);
	select * into v_r from public.registrations as r where r.id = v_request.registration_id for no key update;
	select * into v_request from public.member_requests as q where q.id = request for no key update;
	if v_request.state <> 'open' or v_r.state in ('declined', 'withdrawn', 'expired') then return 'wrong_state'; end if;
	select m.name into v_name from public.summit_members as sm join public.members as m on m.id = sm.member_id
	where sm.summit_id = v_request.summit_id and sm.member_id = member and sm.standing in ('active', 'observer');
	if not found then return 'unknown_member'; end if;
	perform private.act_for(v_r.person_id);
	update public.member_requests as q set state = 'linked', member_id = member where q.id = request;
	update public.registrations as r set member_id = member, version = r.version + 1, updated_at = now()
		where r.id = v_r.id;
	update public.people as person set affiliation = v_name, updated_at = now()
		where person.id = v_r.person_id and not private.has_alias(person.id);
	perform private.serve_queues(v_request.summit_id);
	perform private.tell_registration(v_r);
	perform private.tell('organise:' || v_request.summit_id, 'member_request', request);
	return 'ok';
end
$$;
grant execute on function public.link_member_request(uuid, uuid) to authenticated;

-- Refused: a registration that was sent is declined with the reason; a draft may choose another member.
-- Answers ok, not_allowed, wrong_state, reason_needed; proposed or proposal_open where a second person confirms it.
create function public.refuse_member_request(request uuid, reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_request public.member_requests;
	v_r public.registrations;
begin
	select * into v_request from public.member_requests as q where q.id = request;
	if not found or not private.has_role(v_request.summit_id, 'registration') then return 'not_allowed'; end if;
	if btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	perform private.lock_modes(v_request.summit_id);
	select * into v_r from public.registrations as r where r.id = v_request.registration_id for no key update;
	select * into v_request from public.member_requests as q where q.id = request for no key update;
	if v_request.state <> 'open' then return 'wrong_state'; end if;
	if v_r.person_id in (select private.my_people('registration')) then return 'not_allowed'; end if;
	if v_r.state not in ('draft', 'declined', 'withdrawn', 'expired') then
		v_status := private.decide_one(v_r, 'decline', btrim(reason));
		-- It stays open until the second person has confirmed.
		if v_status <> 'declined' then return v_status; end if;
	end if;
	update public.member_requests as q set state = 'refused' where q.id = request;
	perform private.tell_registration(v_r);
	perform private.tell('organise:' || v_request.summit_id, 'member_request', request);
	return 'ok';
end
$$;
grant execute on function public.refuse_member_request(uuid, text) to authenticated;
