-- Thanks after a Summit are prepared once.

drop function public.save_group_message(uuid, uuid, integer, jsonb, jsonb, text, text);

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - array['created_at', 'updated_at', 'counts_watching', 'is_rehearsal'] || jsonb_build_object(
		'registration', case
			when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
			else 'open'
		end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id
				and kind = 'debrief' and s.id in (select private.summits_with_role('owner'))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id and (s.state <> 'archived' or kind in ('privacy', 'safeguarding'))),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;

-- Changes the settings that are given. {status: ok | not_allowed | slug_taken | invalid, faults, slug}.
-- Locks the Summit, so that no deadline is set after its new end (private.is_after_summit_end in
-- 04_summits/deadlines.sql).
create or replace function public.save_summit(summit uuid, settings jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summits;
	v_new public.summits;
	v_faults text[];
begin
	select * into v_old from public.summits where id = summit for update;
	if not found or not private.has_role(summit, 'owner') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if jsonb_typeof(settings) is distinct from 'object' then
		return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end if;
	-- Another function changes the state.
	settings := settings - array['id', 'state', 'created_at', 'updated_at'];
	v_faults := private.invalid_summit_settings(to_jsonb(v_old) || settings);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		v_new := jsonb_populate_record(v_old, settings);
		-- The Summit does not end before any deadline, those of the call, of files and of speakers included, which have
		-- tables of their own.
		v_faults := private.deadlines_after_summit_end(v_new);
		if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
		update public.summits
		set slug = v_new.slug,
			name = v_new.name,
			summary = v_new.summary,
			zone = v_new.zone,
			starts_on = v_new.starts_on,
			ends_on = v_new.ends_on,
			venue_name = v_new.venue_name,
			city = v_new.city,
			country = v_new.country,
			address = v_new.address,
			languages = v_new.languages,
			currency = v_new.currency,
			registration_opens_at = v_new.registration_opens_at,
			registration_closes_at = v_new.registration_closes_at,
			nominations_close_at = v_new.nominations_close_at,
			names_freeze_at = v_new.names_freeze_at,
			logistics_due_at = v_new.logistics_due_at,
			review_days = v_new.review_days,
			payment_days = v_new.payment_days,
			offer_hours = v_new.offer_hours,
			refund_until = v_new.refund_until,
			refund_percent = v_new.refund_percent,
			updated_at = now()
		where id = summit;
	exception
		when unique_violation then return jsonb_build_object('status', 'slug_taken');
		when check_violation or not_null_violation or data_exception then
			return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end;
	return jsonb_build_object('status', 'ok', 'slug', v_new.slug);
end
$$;

-- Changes the state, and is the only way to: nobody may update it in the table. {status: ok | already | not_allowed |
-- not_ready (items: what has to be done first, private.launch_blockers in 28_organising/checklist.sql) | clock_ran
-- (classes: what retention has begun to delete since the closing, which therefore cannot be taken back) | blocked
-- (items: what forbids closing) | open (items: what else is open, and is not among `accepted`; both
-- private.closing_items in 36_closing/items.sql)}. To close a Summit, to archive it and to take either back needs a
-- passkey. Locks the Summit, so that two changes come one after the other.
create or replace function public.set_summit_state(summit uuid, state public.summit_state, accepted text[] default '{}')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summit_state;
	v_open text[];
	v_ran text[];
	v_refusal jsonb;
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	select s.state into v_old from public.summits as s where s.id = summit for update;
	if v_old = set_summit_state.state then return jsonb_build_object('status', 'already'); end if;
	v_open := private.launch_blockers(summit, v_old, set_summit_state.state);
	if v_open <> '{}' then return jsonb_build_object('status', 'not_ready', 'items', v_open); end if;
	if v_old > set_summit_state.state and v_old in ('closed', 'archived') then
		v_ran := private.clocks_that_ran(summit);
		if v_ran <> '{}' then return jsonb_build_object('status', 'clock_ran', 'classes', v_ran); end if;
	end if;
	if set_summit_state.state in ('closed', 'archived') and set_summit_state.state > v_old then
		v_refusal := private.closing_refusal(summit, coalesce(accepted, '{}'));
		if v_refusal -> 'blocked' <> '[]' then
			return jsonb_build_object('status', 'blocked', 'items', v_refusal -> 'blocked');
		elsif v_old <> 'closed' and v_refusal -> 'open' <> '[]' then
			return jsonb_build_object('status', 'open', 'items', v_refusal -> 'open');
		end if;
	end if;
	if 'closed' <= greatest(v_old, set_summit_state.state) then perform private.require_confirmation(); end if;
	update public.summits as s set state = set_summit_state.state, updated_at = now() where s.id = summit;
	return jsonb_build_object('status', 'ok');
end
$$;

-- Returns whether registration is open: before, open or closed; the same as read_summit says (04_summits).
create or replace function private.registration_window(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
		when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
		else 'open' end
	from public.summits as s
	where s.id = p_summit
$$;

-- Withdraws a registration, by the person, the focal point of the member, or a registration organiser. What was paid is
-- refunded by the rule of the Summit. Once the Summit is closed the person alone withdraws, and nothing is refunded. Answers {status: ok | not_found | wrong_state, refund, currency}. Locks both
-- modes and the registration.
create or replace function public.withdraw_registration(registration uuid, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_refund bigint;
	v_currency text;
	v_by text;
	v_is_closed boolean;
begin
	select * into v_r from public.registrations as r where r.id = registration;
	v_by := case
		when v_r.person_id in (select private.my_people('registration')) then 'self'
		when v_r.state <> 'draft' and private.is_focal_for(v_r) then 'focal_point'
		when v_r.state <> 'draft' and private.has_role(v_r.summit_id, 'registration') then 'organiser'
	end;
	if v_by is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	v_is_closed := private.is_summit_closed(v_r.summit_id);
	if v_by = 'self' then perform private.allow_closed_summits(); end if;
	-- The reason of the person is kept only in their registration, which can be erased; the audit keeps that of others.
	perform private.set_audit_context(v_r.person_id, case when v_by <> 'self' then reason end);
	v_refund := private.refunds_of(v_r.id);
	v_currency := private.registration_currency(v_r);
	v_r := private.leave_summit(v_r.id, 'withdrawn', btrim(coalesce(reason, '')),
		case when v_is_closed then 0 else private.refund_percent(v_r.summit_id) end);
	v_refund := private.refunds_of(v_r.id) - v_refund;
	if v_r.submitted_at is not null then
		perform private.mail_about(v_r, 'registration_withdrawn', jsonb_build_object(
			'by', v_by,
			'reason', btrim(coalesce(reason, '')),
			'refund', v_refund,
			'currency', v_currency));
	end if;
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', 'ok', 'refund', v_refund, 'currency', v_currency);
end
$$;

-- A review that nobody finished in time is not the fault of the person: their seat goes to the queue and they to its
-- end, still under review. When nobody else waits, they get it back at once. After the Summit the registration expires.
create or replace function private.expire_hold(p_r public.registrations) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := p_r;
begin
	if exists (select from public.summits as s where s.id = v_r.summit_id and s.state in ('closed', 'archived')) then
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

-- Joins the queue of the other mode and keeps the present seat. Answers {status: queued | offered | already |
-- wrong_state | not_found, position, reason, deadline}.
create or replace function public.join_queue(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own_registration(registration);
	v_mode public.attendance_mode := join_queue.mode;
	v_status text := 'already';
	v_q public.queue_entries;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_mode is null
		or v_r.mode = v_mode
		or v_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
		-- A switch of mode that waits for its payment.
		or exists (select from public.seats as s
			where s.registration_id = v_r.id
				and s.mode = v_mode
				and s.state = 'held'
				and not exists (select from public.queue_entries as q where q.seat_id = s.id and q.state = 'offered'))
	then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if not exists (select from public.queue_entries as q
		where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered'))
	then
		perform private.enqueue(v_r, v_mode,
			coalesce(private.seat_refusal_reason(v_r.summit_id, v_mode, v_r.member_id, v_r.pool_id), 'others_wait'));
		perform private.serve_queue(v_r.summit_id, v_mode);
		v_status := null;
	end if;
	select * into strict v_q
	from public.queue_entries as q
	where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered');
	return jsonb_build_object(
		'status', coalesce(v_status, case v_q.state when 'offered' then 'offered' else 'queued' end),
		'position', private.queue_position(v_q.id),
		'reason', v_q.reason,
		'deadline', v_q.deadline);
end
$$;

-- Filters: query, reason (capacity | allocation | ceiling | standing | others_wait), sector, region, state (waiting |
-- offered), member. Answers {mode, total, waiting, offered, serving, capacity, open, reserved, reasons: {reason: n},
-- rows: [{id, registration_id, reference, display_name, member, member_id, pool, sector, region, registration_state,
-- present_mode, state, position, reason, since, deadline, used, allowed, full: [{name, ceiling, used}]}]}, or null when
-- the reader is no registration organiser.
create or replace function public.list_queue(summit uuid, mode public.attendance_mode, filters jsonb default '{}',
	page_size integer default 50, page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text := private.fold_for_search(btrim(left(filters ->> 'query', 100)));
	v_capacity integer := coalesce((
		select c.capacity
		from public.mode_capacities as c
		where c.summit_id = list_queue.summit and c.mode = list_queue.mode), 0);
	v_open bigint;
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	v_open := private.count_capacity_in_use(summit, mode);
	return (with reserved as materialized (
		select * from private.list_reserved_seats(list_queue.summit, list_queue.mode)
	), reached as materialized (
		select * from private.ceilings_in_use(list_queue.summit, list_queue.mode) as c where c.seats >= c.ceiling
	), every as materialized (
		select q, private.queue_row_reason(q,
			exists (select from reached as c where c.sector = q.sector or c.region = q.region),
			v_open + coalesce((
				select sum(k.seats) from reserved as k where k.member_id is distinct from q.member_id), 0)
				>= v_capacity) as reason
		from private.list_queue_rows(list_queue.summit, list_queue.mode) as q
	), found as (
		select * from every as v where private.is_queue_row_found(v.q, v.reason, filters, v_words)
	), page as (
		select * from found order by (q).rank limit greatest(1, least(page_size, 20000)) offset greatest(0, page_start)
	)
	select jsonb_build_object(
		'mode', list_queue.mode,
		'capacity', v_capacity,
		'open', v_open,
		'reserved', (select coalesce(sum(k.seats), 0) from reserved as k),
		'serving', (select s.state in ('open', 'live') from public.summits as s where s.id = list_queue.summit),
		'total', (select count(*) from found),
		'waiting', (select count(*) from every where (q).state = 'waiting'),
		'offered', (select count(*) from every where (q).state = 'offered'),
		'reasons', (
			select coalesce(jsonb_object_agg(c.reason, c.count), '{}')
			from (select reason, count(*) from every where reason is not null group by reason) as c),
		'rows', (
			select coalesce(jsonb_agg(private.queue_row_json(page.q, page.reason, (
					select coalesce(jsonb_agg(jsonb_build_object(
						'name', coalesce(c.sector::text, c.region), 'ceiling', c.ceiling, 'used', c.seats)), '[]')
					from reached as c
					where page.reason = 'ceiling' and (c.sector = (page.q).sector or c.region = (page.q).region)))
				order by (page.q).rank), '[]')
			from page)));
end
$$;

-- Serves one queue until no entry in it can have a seat, while the Summit is open or live. Answers how many were
-- served. A seat that is given makes no other entry ready, so an entry that is passed over within a round stays
-- unserved.
create or replace function private.serve_queue(p_summit uuid, p_mode public.attendance_mode) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ready record;
	v_before integer;
	v_served integer := 0;
	v_had uuid[];
	-- True when only the capacity and the own ceiling of each member or pool limit the seats.
	v_plain boolean := not exists (select from public.seat_ceilings as c
			where c.summit_id = p_summit and c.mode = p_mode)
		and not exists (select from public.allocation_exceptions as e
			where e.summit_id = p_summit and e.mode = p_mode and e.reserved_until > now());
begin
	if not exists (select from public.summits as s where s.id = p_summit and s.state in ('open', 'live')) then
		return 0;
	end if;
	loop
		v_before := v_served;
		v_had := '{}';
		for v_ready in
			select q.id, r.member_id, r.pool_id
			from private.list_ready_entries(p_summit, p_mode, 100) as q
			join public.registrations as r on r.id = q.registration_id
			order by q.rank
		loop
			-- Checked again only where an earlier entry of this round may have taken the seat: counting all seats for
			-- each entry would take longer than serving it.
			continue when (not v_plain or coalesce(v_ready.member_id, v_ready.pool_id) = any (v_had))
				and private.seat_refusal_reason(p_summit, p_mode, v_ready.member_id, v_ready.pool_id) is not null;
			perform private.serve_entry(v_ready.id);
			v_had := v_had || coalesce(v_ready.member_id, v_ready.pool_id);
			v_served := v_served + 1;
		end loop;
		exit when v_served = v_before;
	end loop;
	if v_served > 0 then perform private.publish_event('summit:' || p_summit, 'seats'); end if;
	return v_served;
end
$$;

-- Switches a registration to a mode; seat, fee, badge and rights move together or not at all (Rule 2). Answers {status:
-- ok | awaiting_payment | payment_due | no_seat | already | wrong_state | not_found, reason, order_id, amount,
-- currency, due_at}. payment_due: the present seat stays until the difference is paid. Locks both modes and the
-- registration.
create or replace function public.switch_mode(registration uuid, mode public.attendance_mode, keep_place boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own_registration(registration);
	v_mode public.attendance_mode := switch_mode.mode;
	v_reason public.queue_reason;
	v_status text;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state = 'draft' then
		update public.registrations as r
		set mode = v_mode, version = r.version + 1, updated_at = now()
		where r.id = v_r.id;
		return jsonb_build_object('status', 'ok');
	end if;
	if v_r.state in ('declined', 'withdrawn', 'expired') or v_mode is null then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if v_r.mode = v_mode then
		-- The person changes back before the switch is paid.
		if v_r.state = 'confirmed' and private.cancel_switch(v_r) then
			perform private.serve_queues(v_r.summit_id);
			return jsonb_build_object('status', 'ok');
		end if;
		return jsonb_build_object('status', 'already');
	end if;
	perform private.serve_queue(v_r.summit_id, v_mode);
	if exists (select from public.seats as s
		where s.registration_id = v_r.id and s.mode = v_mode and s.state = 'held')
	then
		-- The seat is held already, by an offer or by a switch that waits for its payment.
		if not exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_mode and q.state = 'offered')
		then
			return jsonb_build_object('status', 'payment_due') || coalesce(private.open_order_json(v_r.id), '{}');
		end if;
	else
		v_reason := private.hold_seat(v_r, v_mode, now() + interval '1 hour');
		if v_reason is not null then return jsonb_build_object('status', 'no_seat', 'reason', v_reason); end if;
	end if;
	v_status := private.enter_mode(v_r.id, v_mode, '', coalesce(keep_place, false));
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', case when v_status in ('confirmed', 'held') then 'ok' else v_status end) || case
		when v_status in ('awaiting_payment', 'payment_due') then coalesce(private.open_order_json(v_r.id), '{}')
		else '{}'
	end;
end
$$;

-- Orders whose deadline has passed and that no attempt to pay is under way for. After the closing none expires: who was
-- at the Summit owes the money still.
create or replace function private.overdue_orders(p_now timestamptz) returns setof public.orders
language sql stable security definer set search_path = '' as $$
	select o.* from public.orders as o
	where o.closed_at is null
		and o.due_at <= p_now
		and private.balance_of(o.id) > 0
		and not exists (
			select from public.summits as s where s.id = o.summit_id and s.state in ('closed', 'archived')
		)
		and not exists (
			select from public.checkouts as c
			where c.order_id = o.id and c.state in ('requested', 'open', 'processing') and c.expires_at > p_now
		)
$$;

-- Whether an order that had ended may begin again for `p_r`, apart from the seat. Only money that stays counts: what is
-- on its way back does not pay for a second beginning. Volatile, because `check_barred` leaves a setting behind.
create or replace function private.may_reopen_order(
	p_order public.orders,
	p_r public.registrations,
	p_mode public.attendance_mode,
	p_cancelled bigint
) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_leaving bigint;
begin
	select coalesce(sum(f.amount), 0) into v_leaving from public.refunds as f
	where f.order_id = p_order.id and f.state in ('due', 'sent', 'failed');
	if p_cancelled <= 0
		or -private.balance_of(p_order.id) - v_leaving < p_cancelled
		or not exists (
			select from public.summits as s where s.id = p_order.summit_id and s.state in ('open', 'live')
		) then
		return false;
	end if;
	if p_r.state = 'expired' then
		if exists (
			select from public.registrations as other
			where other.summit_id = p_r.summit_id
				and other.person_id = p_r.person_id
				and other.state not in ('declined', 'withdrawn', 'expired')
		) then
			return false;
		end if;
	-- Of a confirmed registration only a switch that ran out is done late, never one that the person gave up for
	-- another.
	elsif p_r.state <> 'confirmed'
		or p_r.mode = p_mode
		or not exists (
			select from public.order_adjustments as a
			where a.order_id = p_order.id and a.kind = 'cancellation' and a.reason = 'switch_not_paid'
		)
		or exists (
			select from public.orders as o
			where o.closed_at is null and o.id in (select private.registration_orders(p_r.id))
		)
		or exists (
			select from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_mode and q.state in ('waiting', 'offered')
		) then
		return false;
	end if;
	if private.check_barred(p_r) then return false; end if;
	-- The rest of a fee, of which a part has gone back, does not pay for the seat.
	return not exists (select from private.registration_orders(p_r.id) as other where other <> p_order.id)
		or private.registration_charge(p_r.id) + p_cancelled >= private.registration_fee(
			p_r, p_mode, p_order.currency,
			(select min(l.priced_at) from public.order_lines as l where l.order_id = p_order.id)
		);
end
$$;

-- The share that the Summit's policy gives back now.
create or replace function private.refund_percent(p_summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select case when s.refund_until is null or now() <= s.refund_until then s.refund_percent else 0 end
	from public.summits as s
	where s.id = p_summit
$$;

-- Writes a new message (no id), or changes a draft after version `after`. `form` is the id of a new one: of two
-- that are written with one id, the second is not written, and the first is answered as `stale`.
-- {status: ok | not_allowed | stale | sent | invalid, id, version}
create or replace function public.save_group_message(
	summit uuid, message uuid, after integer, filters jsonb, texts jsonb, original text, page text,
	form uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_group_message.summit;
	v_fault text := private.group_message_fault(save_group_message.filters, save_group_message.texts,
		save_group_message.original, save_group_message.page);
	v_old public.group_messages;
	v_id uuid;
begin
	if not private.has_role(v_summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null then return jsonb_build_object('status', 'invalid'); end if;
	if message is null then
		insert into public.group_messages (id, summit_id, filters, texts, original, page, created_by)
		values (coalesce(form, gen_random_uuid()), v_summit, save_group_message.filters, save_group_message.texts,
			save_group_message.original, save_group_message.page, private.actor())
		on conflict (id) do nothing
		returning id into v_id;
		if found then return jsonb_build_object('status', 'ok', 'id', v_id, 'version', 1); end if;
		select * into v_old from public.group_messages as g where g.id = form and g.summit_id = v_summit;
		if not found then return jsonb_build_object('status', 'not_allowed'); end if;
		return jsonb_build_object('status', 'stale', 'id', v_old.id, 'version', v_old.version);
	end if;
	select * into v_old from public.group_messages as g where g.id = message and g.summit_id = v_summit for update;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_old.state <> 'draft' then return jsonb_build_object('status', 'sent', 'id', message); end if;
	if v_old.version is distinct from after then
		return jsonb_build_object('status', 'stale', 'id', message, 'version', v_old.version);
	end if;
	update public.group_messages as g
	set filters = save_group_message.filters,
		texts = save_group_message.texts,
		original = save_group_message.original,
		page = save_group_message.page,
		version = g.version + 1
	where g.id = message;
	return jsonb_build_object('status', 'ok', 'id', message, 'version', after + 1);
end
$$;

-- Begins the registration of a person with an account who has accepted a part and has no registration. A registration
-- that exists stays as it is; after organisers have declined one, only the person can begin another.
create or replace function private.start_registration_for_part(p_person uuid, p_session uuid, p_part public.session_role)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
	v_id uuid;
begin
	select * into strict v_session from public.sessions as s where s.id = p_session;
	if not exists (select from public.summits as s where s.id = v_session.summit_id and s.state in ('open', 'live'))
		or not exists (select from public.account_people as a where a.person_id = p_person and a.relation = 'self')
		or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = v_session.summit_id
				and r.state not in ('withdrawn', 'expired'))
	then
		return;
	end if;
	insert into public.registrations (summit_id, person_id, category, mode)
	values (v_session.summit_id, p_person, private.registration_category_of(p_part),
		case when v_session.attendance = 'online' then 'virtual' else 'in_person' end::public.attendance_mode)
	on conflict do nothing
	returning id into v_id;
	if v_id is null then return; end if;
	insert into public.registration_needs (registration_id, person_id) values (v_id, p_person);
	insert into public.registration_steps (registration_id, to_state, mode, actor_id)
	select v_id, 'draft', r.mode, private.actor()
	from public.registrations as r
	where r.id = v_id;
end
$$;

-- Whether a person who has confirmed a part may still register while the Summit is open or live, although registration
-- is closed to others.
create or replace function private.may_register_late(p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.category <> 'delegate'
		and exists (select from public.session_people as sp
			join public.summits as s on s.id = sp.summit_id
			where sp.person_id = p_r.person_id and sp.summit_id = p_r.summit_id and sp.state = 'confirmed'
				and private.registration_category_of(sp.role) = p_r.category
				and s.state in ('open', 'live'))
$$;

-- Applies the next rows of the reader's preview, each as it was shown, those that end a registration first: another ticket
-- of its person takes its place. The app calls it again while it answers `more`.
-- Rows whose registration somebody changed since are left. Locks the modes, then the preview. Answers {status: ok | more
-- | already | not_mapped | closed | not_found}, and at the end {counts, refused}.
create or replace function public.apply_import(import uuid, most integer default 200) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
	v_row private.import_rows;
begin
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_i.summit_id);
	select * into v_i from private.imports as i where i.id = import for update;
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_i.applied_at is not null then return v_i.result || jsonb_build_object('status', 'already'); end if;
	if v_i.mapping is null then return jsonb_build_object('status', 'not_mapped'); end if;
	if v_i.contents = 'registrations'
		and not exists (select from public.summits as s where s.id = v_i.summit_id and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	perform set_config('app.reason', 'import', true);
	for v_row in
		select *
		from private.import_rows as r
		where r.import_id = v_i.id and r.applied is null
		order by (r.record ->> 'state' = 'cancelled') is true desc, r.position
		limit greatest(1, least(coalesce(most, 200), 500))
	loop
		-- Addresses and answers are no longer needed, so they are deleted.
		update private.import_rows as r
		set applied = private.apply_import_row(v_i, v_row), record = r.record - '{address,answers,people}'::text[]
		where r.import_id = v_i.id and r.position = v_row.position;
	end loop;
	if exists (select from private.import_rows as r where r.import_id = v_i.id and r.applied is null) then
		update private.imports as i set begun_at = coalesce(i.begun_at, now()) where i.id = import;
		return jsonb_build_object('status', 'more');
	end if;
	update private.imports as i
	set begun_at = coalesce(i.begun_at, now()), applied_at = now(), result = private.import_result(import)
	where i.id = import
	returning * into v_i;
	perform private.serve_queues(v_i.summit_id);
	perform audit.record_event(v_i.contents || '.imported', import::text, v_i.summit_id, null, (
		select jsonb_build_object(
			'added', count(*) filter (where r.applied in ('draft', 'submitted', 'queued')),
			'changed', count(*) filter (where r.applied in ('updated', 'withdrawn')),
			'refused', count(*) filter (where r.applied in ('changed_meanwhile', 'failed')))
		from private.import_rows as r
		where r.import_id = v_i.id));
	perform private.publish_event('organise:' || v_i.summit_id,
		case v_i.contents when 'proposals' then 'proposals' else 'registration' end);
	return v_i.result || jsonb_build_object('status', 'ok');
end
$$;

grant execute on function public.save_group_message(uuid, uuid, integer, jsonb, jsonb, text, text, uuid) to authenticated;
