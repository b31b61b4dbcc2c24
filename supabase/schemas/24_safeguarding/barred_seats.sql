-- A barred person gets no seat on any path: what was paid is refunded, and no answer or mail says why.

-- Declines a registration as organisers decline, but without a reason and without naming anybody in what others read. What
-- was paid is refunded whole. `p_by`: who decided, for the audit alone. The caller holds the locks of both modes.
create function private.decline_neutrally(p_r public.registrations, p_by uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_began timestamptz := clock_timestamp();
	v_r public.registrations;
begin
	perform private.act_for(p_r.person_id);
	v_r := private.leave_summit(p_r.id, 'declined', '', 100);
	update public.registration_steps as s
	set actor_id = null, principal_id = null
	where s.id = (select max(x.id) from public.registration_steps as x where x.registration_id = v_r.id);
	perform private.mail_about(v_r, 'registration_declined', '{"reason": ""}');
	perform private.serve_queues(v_r.summit_id);
	insert into private.neutral_declines (registration_id, decided_by, began_at)
	values (v_r.id, p_by, v_began)
	on conflict do nothing;
end
$$;

-- Whether the person is barred. When not, the rest of this transaction may rely on the answer: a bar that another
-- transaction commits meanwhile counts as later, and private.guard_barred (24_safeguarding/accreditation.sql) lets this
-- registration pass.
create function private.is_barred(p_r public.registrations) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.bar_on(p_r.person_id, p_r.summit_id) = 'barred' then return true; end if;
	perform set_config('app.not_barred', p_r.id::text, true);
	return false;
end
$$;

-- Called where a seat would become theirs; `p_order`: the order that was paid for it, if there is one. True when the
-- person is barred: a registration that is not confirmed yet is declined; a confirmed one keeps its seat until
-- safeguarding decides, and only the offer or the switch is undone. False, with nothing done, for everybody else. The
-- caller holds the locks of both modes.
create function private.turn_away(p_r public.registrations, p_mode public.attendance_mode, p_order uuid default null)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.is_barred(p_r) then return false; end if;
	if p_r.state <> 'confirmed' then
		perform private.decline_neutrally(p_r);
		return true;
	end if;
	perform private.drop_entry(q, 'left')
	from public.queue_entries as q
	where q.registration_id = p_r.id and q.mode = p_mode and q.state = 'offered';
	if not private.cancel_switch(p_r, p_order) then
		perform private.release_seats(p_r.id, 'left', p_mode);
	end if;
	perform private.serve_queues(p_r.summit_id);
	return true;
end
$$;
