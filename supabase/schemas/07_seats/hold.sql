-- Holding, taking and releasing a seat. Seat, queue entry, badge, fee and state of a registration move together in one
-- transaction (Rule 2). Every function here expects the locks of the modes (private.lock_modes).

-- Holds a seat for a registration that has none in this mode, until `p_until`. Answers null, or the reason why there is
-- no seat. While somebody in the queue could have the seat, it is theirs: the queue is served first.
create function private.hold_seat(p_r public.registrations, p_mode public.attendance_mode, p_until timestamptz)
	returns public.queue_reason
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reason public.queue_reason := private.seat_refusal_reason(p_r.summit_id, p_mode, p_r.member_id, p_r.pool_id);
begin
	if v_reason is null and private.next_ready_entry(p_r.summit_id, p_mode) is not null then
		perform private.serve_queue(p_r.summit_id, p_mode);
		v_reason := coalesce(private.seat_refusal_reason(p_r.summit_id, p_mode, p_r.member_id, p_r.pool_id),
			case when private.next_ready_entry(p_r.summit_id, p_mode) is not null
				then 'others_wait'::public.queue_reason end);
	end if;
	if v_reason is null then
		insert into public.seats (summit_id, registration_id, mode, member_id, pool_id, state, held_until)
		values (p_r.summit_id, p_r.id, p_mode, p_r.member_id, p_r.pool_id, 'held', p_until);
		perform private.publish_event('summit:' || p_r.summit_id, 'seats');
	end if;
	return v_reason;
end
$$;

-- Moves a registration into a mode in which a seat is held for it. Answers `confirmed` when nothing is due;
-- `awaiting_payment` when the seat is held until a payment deadline; `payment_due` when it is confirmed already and
-- keeps its present seat until the difference is paid; `held` while it is under review; `wrong_state` when the person
-- is barred. `p_keep_place`: a person who leaves a mode keeps their place in its queue.
create function private.enter_mode(p_id uuid, p_mode public.attendance_mode, p_reason text default '',
	p_keep_place boolean default false) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_summit public.summits;
	v_due integer;
begin
	select * into strict v_r from public.registrations as r where r.id = p_id for no key update;
	select * into strict v_summit from public.summits as s where s.id = v_r.summit_id;
	if v_r.state in ('submitted', 'nominated') then
		perform private.leave_mode(v_r, p_mode, p_keep_place);
		update public.seats as s
		set held_until = private.deadline_after(v_summit.id, make_interval(days => v_summit.review_days))
		where s.registration_id = p_id and s.mode = p_mode and s.state = 'held';
		perform private.change_registration_state(p_id, v_r.state, p_reason, p_mode);
		return 'held';
	end if;
	if private.refuse_seat_if_barred(v_r, p_mode) then return 'wrong_state'; end if;
	if v_r.state = 'awaiting_payment' then perform private.cancel_charges(v_r, 0, 'switched'); end if;
	v_due := private.registration_fee(v_r, p_mode) - private.registration_charge(v_r.id);
	if v_due > 0 then
		perform private.open_order(v_r, p_mode, v_due);
		update public.seats as s
		set held_until = private.deadline_after(v_summit.id, make_interval(days => v_summit.payment_days))
		where s.registration_id = p_id and s.mode = p_mode and s.state = 'held';
		if v_r.state = 'confirmed' then
			perform private.close_entries(p_id, 'served', p_mode);
			perform private.notify_registration(v_r, 'order');
			return 'payment_due';
		end if;
		perform private.leave_mode(v_r, p_mode, p_keep_place);
		perform private.change_registration_state(p_id, 'awaiting_payment', p_reason, p_mode);
		return 'awaiting_payment';
	end if;
	perform private.confirm_seat(p_id, p_mode, p_reason, p_keep_place);
	if v_due < 0 then perform private.give_credit(v_r, -v_due); end if;
	return 'confirmed';
end
$$;

-- Takes the seat that is held in this mode: the registration becomes confirmed, gets a badge when it is in person (or
-- loses it when it is virtual), leaves the other mode, and the person gets a mail.
create function private.confirm_seat(p_id uuid, p_mode public.attendance_mode, p_reason text default '',
	p_keep_place boolean default false) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into strict v_r from public.registrations as r where r.id = p_id;
	perform private.leave_mode(v_r, p_mode, p_keep_place);
	update public.seats as s
	set state = 'taken', held_until = null
	where s.registration_id = p_id and s.mode = p_mode and s.state = 'held';
	v_r := private.change_registration_state(p_id, 'confirmed', p_reason, p_mode);
	if p_mode = 'in_person' then
		insert into public.badges (summit_id, registration_id)
		select v_r.summit_id, p_id
		where not exists (select from public.badges as b where b.registration_id = p_id and b.revoked_at is null);
	else
		perform private.revoke_badge(v_r, 'switched');
	end if;
	perform private.notify_registration(v_r, 'badge');
	perform private.publish_event('summit:' || v_r.summit_id, 'seats');
	perform private.mail_about(v_r, 'registration_confirmed');
end
$$;

-- Closes what a registration leaves behind when it enters `p_mode`: the queue entry that led there, and seat and queue
-- entry of the other mode. A place that only waits there is kept with `p_keep_place`; an offer is not.
create function private.leave_mode(p_r public.registrations, p_mode public.attendance_mode, p_keep_place boolean)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.close_entries(p_r.id, 'served', p_mode);
	if p_r.mode = p_mode then return; end if;
	perform private.release_seats(p_r.id, 'switched', p_r.mode);
	if not p_keep_place
		or exists (select from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_r.mode and q.state = 'offered')
	then
		perform private.close_entries(p_r.id, 'left', p_r.mode);
	end if;
end
$$;

-- Releases the open seats of a registration, of one mode or (null) of both.
create function private.release_seats(p_registration uuid, p_reason text, p_mode public.attendance_mode default null)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.seats as s
	set state = 'released', held_until = null, released_at = now(), release_reason = p_reason
	where s.registration_id = p_registration and s.state <> 'released' and (p_mode is null or s.mode = p_mode);
	if found then perform private.notify_seats(p_registration); end if;
end
$$;

-- Ends a live registration as `p_to`: releases its seats, closes its queue entries, revokes its badge and cancels its
-- charges. `p_percent` of what was paid is refunded. `p_by` and `p_for` as in private.change_registration_state.
create function private.leave_summit(p_id uuid, p_to public.registration_state, p_reason text, p_percent integer,
	p_by uuid default null, p_for uuid default null) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	perform private.release_seats(p_id, p_to::text);
	perform private.close_entries(p_id, 'left');
	v_r := private.change_registration_state(p_id, p_to, p_reason, null, p_by, p_for);
	perform private.revoke_badge(v_r, p_to::text);
	perform private.cancel_charges(v_r, p_percent, p_to::text);
	return v_r;
end
$$;

-- Notifies open pages of the Summit that its seats changed.
create function private.notify_seats(p_registration uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('summit:' || r.summit_id, 'seats') from public.registrations as r
		where r.id = p_registration
$$;

-- Queues a mail about a registration to its person. The mail names the registration by its reference; names and
-- addresses are filled in when it is sent (Rule 7).
create function private.mail_about(p_r public.registrations, p_template text, p_params jsonb default '{}',
	p_once text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.enqueue_mail(p_r.person_id, p_template,
		jsonb_build_object('registration_id', p_r.id, 'reference', p_r.reference, 'mode', p_r.mode) || p_params,
		p_r.summit_id, p_once);
end
$$;

-- A review that nobody finished in time is not the fault of the person: their seat goes to the queue and they to its
-- end, still under review. When nobody else waits, they get it back at once. After the Summit the registration expires.
create function private.expire_hold(p_r public.registrations) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := p_r;
begin
	if exists (select from public.summits as s where s.id = v_r.summit_id and private.is_over(s)) then
		v_r := private.leave_summit(v_r.id, 'expired', '', 100);
		perform private.mail_about(v_r, 'registration_expired');
		return;
	end if;
	perform private.release_seats(v_r.id, 'lapsed', v_r.mode);
	perform private.enqueue(v_r, v_r.mode, 'others_wait');
	perform private.serve_queue(v_r.summit_id, v_r.mode);
	if private.registration_seat_status(v_r) ->> 'queue_position' is not null then
		perform private.mail_about(
			v_r, 'registration_queued',
			jsonb_build_object(
				'queue_reason', 'others_wait', 'position', private.registration_seat_status(v_r) -> 'queue_position'
			)
		);
	end if;
	perform private.notify_registration(v_r);
end
$$;
