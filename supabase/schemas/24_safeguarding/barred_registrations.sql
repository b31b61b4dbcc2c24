-- What the watch list does to a registration: its accreditation waits for safeguarding, or it is declined. A barred
-- person gets no seat on any path: what was paid is refunded, and no answer or mail says why.

-- What the list has against accrediting a person: barred; word (safeguarding must decide first whether it is the same
-- person; never for a sealed match); null when nothing.
create function private.watch_list_status(p_person uuid, p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when bool_or(m.is_same and e.state = 'active') then 'barred'
		when bool_or((m.is_same is null and m.level <> 'possible' or m.is_same and e.state = 'proposed')
			and not private.is_sealed_match(e, m.person_id))
			then 'word'
	end
	from private.watch_list_matches as m
	join private.watch_list_entries as e on e.id = m.entry_id
	where m.person_id = p_person
		and e.state in ('proposed', 'active')
		and (e.until is null or e.until > now())
		and (e.summit_id is null or e.summit_id = p_summit)
$$;

-- Mails those who may decide that a person waits at a Summit, but not who: safeguarding leads, or owners where there
-- are none. `p_scope` is the Summit of the entry; null for one of all Summits, about which only those decide who have
-- the role for all. At most once an hour each.
create function private.mail_watch_list_managers(p_summit uuid, p_scope uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.enqueue_mail(g.person_id, 'safeguarding_needed', '{}', p_summit,
		format('word:%s:%s:%s', p_summit, g.person_id, to_char(now(), 'YYYYMMDDHH24')))
	from (
		select distinct x.person_id
		from private.live_grants as x
		where (x.summit_id is null or x.summit_id = p_scope)
			and x.role = case
				when exists (select from private.live_grants as s
					where (s.summit_id is null or s.summit_id = p_scope)
						and s.role = 'safeguarding')
					then 'safeguarding'::public.organiser_role
				else 'owner'
			end) as g;
end
$$;

-- The same for a sealed match: only safeguarding leads, nobody in their place.
create function private.mail_safeguarding_leads(p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.enqueue_mail(g.person_id, 'safeguarding_needed', '{}', p_summit,
		format('word:%s:%s:%s', p_summit, g.person_id, to_char(now(), 'YYYYMMDDHH24')))
	from (
		select distinct x.person_id
		from private.live_grants as x
		where (x.summit_id is null or x.summit_id = p_summit) and x.role = 'safeguarding') as g;
end
$$;

-- Called before an accreditation, after private.decline_if_barred_alias. True when safeguarding must decide first: they
-- are notified, and the organiser learns only that the registration waits. False when nothing is against it.
create function private.needs_safeguarding_decision(p_r public.registrations) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scope uuid;
	v_held uuid[];
begin
	perform private.save_watch_list_matches(p_r.person_id);
	if private.watch_list_status(p_r.person_id, p_r.summit_id) is null then return false; end if;
	with held as (
		update private.watch_list_matches as m
		set held_back_at = now()
		from private.watch_list_entries as e
		where e.id = m.entry_id
			and m.person_id = p_r.person_id
			and m.held_back_at is null
			and m.is_same is distinct from false
			and m.level <> 'possible'
			and (e.summit_id is null or e.summit_id = p_r.summit_id)
		returning e.summit_id
	)
	select array_agg(distinct summit_id) into v_held from held;
	foreach v_scope in array coalesce(v_held, '{}') loop
		perform private.mail_watch_list_managers(p_r.summit_id, v_scope);
	end loop;
	perform private.publish_event('organise:' || p_r.summit_id, 'registration', p_r.id);
	return true;
end
$$;

-- Called before an accreditation: declines a person whom safeguarding has found behind an alias. Answers whether it
-- did. The organiser reads only that the registration was decided meanwhile. The caller holds the locks of both modes.
create function private.decline_if_barred_alias(p_r public.registrations) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from private.watch_list_matches as m
		join private.watch_list_entries as e on e.id = m.entry_id
		where m.person_id = p_r.person_id
			and m.is_same
			and e.state = 'active'
			and (e.until is null or e.until > now())
			and (e.summit_id is null or e.summit_id = p_r.summit_id)
			and private.is_sealed_match(e, m.person_id))
	then
		return false;
	end if;
	perform private.decline_without_reason(p_r);
	return true;
end
$$;

-- The last check, whatever changes a registration: a barred person never becomes accredited or confirmed, and never
-- gets another seat. private.check_barred lets a registration pass that was checked in this transaction.
create function private.guard_barred() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.id::text is distinct from current_setting('app.not_barred', true)
		and private.watch_list_status(new.person_id, new.summit_id) = 'barred'
	then
		raise sqlstate 'PT409' using message = 'safeguarding decides about this registration first';
	end if;
	return new;
end
$$;
create trigger guard_barred before update of state, mode on public.registrations for each row
	when (new.state in ('accredited', 'awaiting_payment', 'confirmed')
		and (new.state, new.mode) is distinct from (old.state, old.mode))
	execute function private.guard_barred();

-- Declines a registration as organisers decline, but without a reason and without naming anybody in what others read.
-- The whole payment is refunded. `p_by`: who decided, for the audit alone. The caller holds the locks of both modes.
create function private.decline_without_reason(p_r public.registrations, p_by uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_began timestamptz := clock_timestamp();
	v_r public.registrations;
begin
	perform private.set_audit_context(p_r.person_id);
	v_r := private.leave_summit(p_r.id, 'declined', '', 100);
	update public.registration_steps as s
	set actor_id = null, principal_id = null
	where s.id = (select max(x.id) from public.registration_steps as x where x.registration_id = v_r.id);
	perform private.mail_about(v_r, 'registration_declined', '{"reason": ""}');
	perform private.serve_queues(v_r.summit_id);
	insert into private.declines_without_reason (registration_id, decided_by, began_at)
	values (v_r.id, p_by, v_began)
	on conflict do nothing;
end
$$;

-- Whether the person is barred. When not, the rest of this transaction may rely on the answer: a bar that another
-- transaction commits meanwhile counts as later, and private.guard_barred lets this registration pass.
create function private.check_barred(p_r public.registrations) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.watch_list_status(p_r.person_id, p_r.summit_id) = 'barred' then return true; end if;
	perform set_config('app.not_barred', p_r.id::text, true);
	return false;
end
$$;

-- Called where a seat would become theirs; `p_order`: the order that was paid for it, if there is one. True when the
-- person is barred: a registration that is not confirmed yet is declined; a confirmed one keeps its seat until
-- safeguarding decides, and only the offer or the switch is undone. False, with nothing done, for everybody else. The
-- caller holds the locks of both modes.
create function private.refuse_seat_if_barred(p_r public.registrations, p_mode public.attendance_mode, p_order uuid
	default null)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.check_barred(p_r) then return false; end if;
	if p_r.state <> 'confirmed' then
		perform private.decline_without_reason(p_r);
		return true;
	end if;
	perform private.close_entry(q, 'left')
	from public.queue_entries as q
	where q.registration_id = p_r.id and q.mode = p_mode and q.state = 'offered';
	if not private.cancel_switch(p_r, p_order) then
		perform private.release_seats(p_r.id, 'left', p_mode);
	end if;
	perform private.serve_queues(p_r.summit_id);
	return true;
end
$$;
