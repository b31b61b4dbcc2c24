-- One queue for each mode of a Summit: joining, leaving and closing entries. Whatever frees a seat serves the queue
-- (07_seats/queue_serving.sql). Every function here expects the lock of the mode (private.lock_mode), except those that
-- a person calls, which take it.

-- Adds a registration at the end of the queue. Answers the id of the entry. Under the lock of the mode, so that ranks
-- follow the order of arrival without gaps or ties.
create function private.enqueue(p_r public.registrations, p_mode public.attendance_mode, p_reason public.queue_reason)
	returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into public.queue_entries (summit_id, registration_id, mode, rank, reason)
	select p_r.summit_id, p_r.id, p_mode, coalesce(max(q.rank), 0) + 1, p_reason
	from public.queue_entries as q
	where q.summit_id = p_r.summit_id and q.mode = p_mode
	returning id into v_id;
	perform private.publish_event('person:' || p_r.person_id, 'queue', p_r.id);
	perform private.publish_event('summit:' || p_r.summit_id, 'seats');
	return v_id;
end
$$;

-- The place of a waiting entry among those that wait, from 1; 0 when it does not wait.
create function private.queue_position(p_entry uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from public.queue_entries as own
	join public.queue_entries as q on q.summit_id = own.summit_id
		and q.mode = own.mode
		and q.state = 'waiting'
		and q.rank <= own.rank
	where own.id = p_entry and own.state = 'waiting'
$$;

-- Closes the open entries of a registration, of one mode or (null) of both.
create function private.close_entries(p_registration uuid, p_state public.queue_state,
	p_mode public.attendance_mode default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.queue_entries as q
	set state = p_state, closed_at = now()
	where q.registration_id = p_registration
		and q.state in ('waiting', 'offered')
		and (p_mode is null or q.mode = p_mode);
	if found then perform private.notify_seats(p_registration); end if;
end
$$;

-- Closes an entry and releases the seat that was offered with it.
create function private.close_entry(p_q public.queue_entries, p_state public.queue_state) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.queue_entries as q set state = p_state, closed_at = now() where q.id = p_q.id;
	update public.seats as s
	set state = 'released', held_until = null, released_at = now(), release_reason = p_state::text
	where s.id = p_q.seat_id and s.state = 'held';
	perform private.publish_event('summit:' || p_q.summit_id, 'seats');
	perform private.publish_event('person:' || r.person_id, 'queue', r.id)
	from public.registrations as r
	where r.id = p_q.registration_id;
end
$$;

-- Joins the queue of the other mode and keeps the present seat. Answers {status: queued | offered | already |
-- wrong_state | not_found, position, reason, deadline}.
create function public.join_queue(registration uuid, mode public.attendance_mode) returns jsonb
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
		or not exists (select from public.summits as s where s.id = v_r.summit_id and private.gives_seats(s))
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
grant execute on function public.join_queue(uuid, public.attendance_mode) to authenticated;

-- Leaves the queue of the other mode. Answers {status: ok | wrong_state | not_found}. The queue of the own mode cannot
-- be left this way: a person who has nothing else withdraws the registration.
create function public.leave_queue(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_own_registration(registration);
	v_mode public.attendance_mode := leave_queue.mode;
begin
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.mode = v_mode
		or not exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered'))
	then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.close_entry(q, 'left')
	from public.queue_entries as q
	where q.registration_id = v_r.id and q.mode = v_mode and q.state in ('waiting', 'offered');
	perform private.serve_queue(v_r.summit_id, v_mode);
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.leave_queue(uuid, public.attendance_mode) to authenticated;
