-- What runs out by itself: offers, payment deadlines and holds under review; and the queue that is served with what
-- they free. The worker runs `sweep` each minute, and on demand.

-- Orders whose deadline has passed and that no attempt to pay is under way for. After the Summit none expires: who was
-- there owes the money still.
create function private.overdue_orders(p_now timestamptz) returns setof public.orders
language sql stable security definer set search_path = '' as $$
	select o.* from public.orders as o
	where o.closed_at is null
		and o.due_at <= p_now
		and private.balance_of(o.id) > 0
		and not exists (
			select from public.summits as s where s.id = o.summit_id and private.is_over(s, p_now)
		)
		and not exists (
			select from public.checkouts as c
			where c.order_id = o.id and c.state in ('requested', 'open', 'processing') and c.expires_at > p_now
		)
$$;

-- A Summit that goes on after it was over, reopened or with a later last day, gives orders whose deadline passed in the
-- meantime their full time again. The caller holds the locks of the modes.
create function private.extend_lapsed_orders() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_until timestamptz := private.deadline_after(new.id, make_interval(days => new.payment_days));
	v_order public.orders;
begin
	for v_order in
		update public.orders as o set due_at = v_until
		where o.id in (select x.id from private.overdue_orders(now()) as x where x.summit_id = new.id)
		returning *
	loop
		perform private.extend_holds(v_order.id, v_until);
		perform private.notify_order(v_order);
	end loop;
	return null;
end
$$;
create trigger extend_lapsed_orders after update on public.summits for each row
	when (private.is_over(old) and not private.is_over(new))
	execute function private.extend_lapsed_orders();

-- Ends an order whose deadline has passed: seats go back, and so does what was paid in part.
create function private.expire_order(p_order uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	-- Closed first, so that a part payment does not confirm some of a delegation by chance.
	update public.orders as o set closed_at = now() where o.id = p_order and o.closed_at is null;
	for v_r in
		select r.* from public.registrations as r
		where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order)
		order by r.id
	loop
		if v_r.state = 'awaiting_payment' then
			v_r := private.leave_summit(v_r.id, 'expired', '', 100);
			perform private.mail_about(v_r, 'registration_expired');
		elsif v_r.state = 'confirmed' and private.cancel_switch(v_r, p_order) then
			perform private.mail_about(
				v_r, 'offer_lapsed',
				jsonb_build_object('mode', case v_r.mode when 'virtual' then 'in_person' else 'virtual' end)
			);
		else
			perform private.cancel_charges(v_r, 100, 'expired', p_order);
		end if;
	end loop;
	update public.checkouts as c set state = 'expired'
	where c.order_id = p_order and c.state in ('requested', 'open');
end
$$;

-- Registrations under review whose hold has run out.
create function private.expired_holds(p_now timestamptz) returns setof public.registrations
language sql stable security definer set search_path = '' as $$
	select r.* from public.seats as s
	join public.registrations as r on r.id = s.registration_id
		and r.mode = s.mode
		and r.state in ('submitted', 'nominated')
	where s.state = 'held' and s.held_until <= p_now
	order by s.held_until, s.id
$$;

-- Ends offers of a seat that ran out, of Summits whose modes are locked; answers how many.
create function private.end_lapsed_offers(p_summits uuid[], p_now timestamptz, p_most integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q public.queue_entries;
	v_ended integer := 0;
begin
	for v_q in
		select * from public.queue_entries as q
		where q.state = 'offered' and q.deadline <= p_now and q.summit_id = any (p_summits)
		order by q.deadline, q.id limit p_most
	loop
		-- An offer that lapsed with the registration's other offer is over already.
		continue when not exists (select from public.queue_entries as q where q.id = v_q.id and q.state = 'offered');
		perform private.end_offer(v_q, 'lapsed');
		v_ended := v_ended + 1;
	end loop;
	return v_ended;
end
$$;

-- Expires orders that were not paid in time, of Summits whose modes are locked; answers how many. Locks each order.
create function private.expire_overdue_orders(p_summits uuid[], p_now timestamptz, p_most integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_expired integer := 0;
begin
	for v_order in
		select * from private.overdue_orders(p_now) as o
		where o.summit_id = any (p_summits)
		order by o.due_at, o.id limit p_most
	loop
		perform private.lock_order(v_order.id);
		perform private.expire_order(v_order.id);
		v_expired := v_expired + 1;
	end loop;
	return v_expired;
end
$$;

-- Ends holds that ran out under review, of Summits whose modes are locked; answers how many. Locks each registration.
create function private.end_expired_holds(p_summits uuid[], p_now timestamptz, p_most integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_ended integer := 0;
begin
	for v_r in
		select * from private.expired_holds(p_now) as r where r.summit_id = any (p_summits) limit p_most
	loop
		select * into v_r from public.registrations as r where r.id = v_r.id for no key update;
		continue when v_r.state not in ('submitted', 'nominated');
		perform private.expire_hold(v_r);
		v_ended := v_ended + 1;
	end loop;
	return v_ended;
end
$$;

-- Expires attempts to pay. Those that somebody else holds locked end with the next sweep.
create function private.expire_checkouts(p_summits uuid[], p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	update public.checkouts as c set state = 'expired'
	where c.id in (
		select x.id from public.checkouts as x
		join public.orders as o on o.id = x.order_id
		where x.state in ('requested', 'open') and x.expires_at <= p_now and o.summit_id = any (p_summits)
		for no key update of x skip locked
	)
$$;

-- What other nouns have to do each minute.
create function private.sweep_other_nouns(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_member_imports(p_now);
	perform private.expire_watch_list_entries(p_now);
	perform private.sweep_logistics_answers(p_now);
	perform private.send_information_reminders(p_now);
	perform private.sweep_speakers(p_now);
	perform private.sweep_questions(p_now);
	perform private.send_guardian_requests();
	perform private.sweep_desk_lookups(p_now);
	perform private.send_term_cancellations();
	perform private.rotate_ended_terms();
	perform private.rotate_ended_term_runs();
	perform private.queue_ended_term_calendars();
end
$$;

-- Answers {offers, orders, holds, served, more}: how many ran out, how many were served from the queue, and whether to
-- call again at once. Locks the modes of all Summits concerned first, then each order, so that it never waits in a
-- circle with a payment.
create function private.sweep_deadlines(p_now timestamptz default now()) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_batch constant integer := 200;
	v_summits uuid[];
	v_offers integer := 0;
	v_orders integer := 0;
	v_holds integer := 0;
	v_served integer := 0;
begin
	perform set_config('app.reason', 'deadline', true);
	perform private.sweep_other_nouns(p_now);
	-- The Summits where something ran out or somebody waits.
	v_summits := array(
		select q.summit_id from public.queue_entries as q
		where q.state = 'offered' and q.deadline <= p_now
		union
		select o.summit_id from private.overdue_orders(p_now) as o
		union
		select r.summit_id from private.expired_holds(p_now) as r
		-- A reservation that ends frees seats without anybody doing anything.
		union
		select q.summit_id from public.queue_entries as q
		where q.state = 'waiting'
	);
	if v_summits <> '{}' then
		perform private.lock_modes(variadic v_summits);
		v_offers := private.end_lapsed_offers(v_summits, p_now, v_batch);
		v_orders := private.expire_overdue_orders(v_summits, p_now, v_batch);
		v_holds := private.end_expired_holds(v_summits, p_now, v_batch);
		perform private.expire_checkouts(v_summits, p_now);
		v_served := (select sum(private.serve_queues(s)) from unnest(v_summits) as s);
	end if;
	return jsonb_build_object(
		'offers', v_offers, 'orders', v_orders, 'holds', v_holds, 'served', v_served,
		'more', greatest(v_offers, v_orders, v_holds) >= v_batch
	);
end
$$;
grant execute on function private.sweep_deadlines(timestamptz) to app_server;
