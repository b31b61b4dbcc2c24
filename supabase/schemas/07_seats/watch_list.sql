-- Whoever is barred gets no seat, whichever way led there: what was paid goes back, and nobody is told why.

-- Leaves as if declined: with no reason, and nobody named in what others read. What was paid goes back whole. Both
-- modes are locked.
create function private.decline_neutrally(p_r public.registrations, p_by uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_began timestamptz := clock_timestamp();
	v_r public.registrations;
begin
	perform private.act_for(p_r.person_id);
	v_r := private.leave_summit(p_r.id, 'declined', '', 100);
	update public.registration_steps as s set actor_id = null, principal_id = null
	where s.id = (select max(x.id) from public.registration_steps as x where x.registration_id = v_r.id);
	perform private.mail_about(v_r, 'registration_declined', '{"reason": ""}');
	perform private.serve_queues(v_r.summit_id);
	insert into private.neutral_declines (registration_id, decided_by, began_at) values (v_r.id, p_by, v_began)
		on conflict do nothing;
end
$$;

-- A bar that comes between this answer and what follows from it in the same transaction came after it.
create function private.is_barred(p_r public.registrations) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.bar_on(p_r.person_id, p_r.summit_id) = 'barred' then return true; end if;
	perform set_config('app.not_barred', p_r.id::text, true);
	return false;
end
$$;

-- Asked where a seat would be theirs now, with the order that was paid for it if there is one. Who has no seat for good
-- yet is declined; who has one keeps it until safeguarding decides, and what was to come is undone. False, with nothing
-- done, for everybody else.
create function private.turn_away(p_r public.registrations, p_mode public.attendance_mode, p_order uuid default null)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.is_barred(p_r) then return false; end if;
	if p_r.state <> 'confirmed' then
		perform private.decline_neutrally(p_r);
		return true;
	end if;
	perform private.drop_entry(q, 'left') from public.queue_entries as q
		where q.registration_id = p_r.id and q.mode = p_mode and q.state = 'offered';
	if not private.cancel_switch(p_r, p_order) then
		perform private.release_seats(p_r.id, 'left', p_mode);
	end if;
	perform private.serve_queues(p_r.summit_id);
	return true;
end
$$;
