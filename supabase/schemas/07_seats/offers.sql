-- An offer: a seat from the queue that is held for a person until they accept it, decline it, or the deadline passes.

-- Ends an offer that is not used: `left` when the person declines it, `lapsed` when the deadline passed. A person with
-- a seat in the other mode keeps it; a person without one leaves the Summit, as withdrawn or expired. Answers the state
-- of the registration.
create function private.end_offer(p_q public.queue_entries, p_state public.queue_state) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into strict v_r from public.registrations as r where r.id = p_q.registration_id for no key update;
	perform private.close_entry(p_q, p_state);
	if v_r.mode = p_q.mode then
		v_r := private.leave_summit(v_r.id,
			case p_state when 'lapsed' then 'expired'::public.registration_state else 'withdrawn' end,
			'', private.refund_percent(v_r.summit_id));
	end if;
	perform private.mail_about(v_r, case when p_state = 'lapsed' then 'offer_lapsed' else 'registration_withdrawn' end,
		jsonb_build_object('mode', p_q.mode, 'state', v_r.state, 'by', 'self', 'refund', 0))
	where p_state = 'lapsed' or v_r.state = 'withdrawn';
	return v_r.state::text;
end
$$;

-- Accepts or declines an offer. Answers {status: confirmed | awaiting_payment | payment_due | ok | declined | withdrawn
-- | lapsed | wrong_state | not_found, order_id, amount, currency, due_at}. ok: the hold for review moved to this mode.
-- withdrawn: there was no other seat to keep. Locks both modes and the registration.
create function public.answer_offer(entry uuid, accept boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q public.queue_entries;
	v_r public.registrations;
	v_status text;
begin
	select q.* into v_q
	from public.queue_entries as q
	join public.registrations as r on r.id = q.registration_id
	where q.id = entry and r.person_id in (select private.my_people('registration'));
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	v_r := private.lock_own_registration(v_q.registration_id);
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
	return jsonb_build_object('status', case v_status when 'held' then 'ok' else v_status end) || case
		when v_status in ('awaiting_payment', 'payment_due') then coalesce(private.open_order_json(v_r.id), '{}')
		else '{}'
	end;
end
$$;
grant execute on function public.answer_offer(uuid, boolean) to authenticated;
