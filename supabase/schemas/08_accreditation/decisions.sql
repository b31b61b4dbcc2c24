-- Decisions on registrations: accredit, decline, or accept a change after accreditation (accept_change). One person
-- decides, or where the Summit asks for two, makes a proposal (08_accreditation/second_person.sql).

-- Decides on one registration. Answers confirmed, awaiting_payment, accredited, declined, change_accepted, proposed,
-- proposal_open, needs_safeguarding (safeguarding decides first) or wrong_state. The caller holds the locks of
-- both modes and of the row.
create function private.decide_registration(p_r public.registrations, p_decision text, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.set_audit_context(p_r.person_id, p_reason);
	if p_r.state not in ('submitted', 'nominated')
		and (p_decision = 'accredit' or p_r.state not in ('accredited', 'awaiting_payment', 'confirmed'))
	then
		return 'wrong_state';
	end if;
	if p_decision = 'accept_change'
		and not exists (select from private.re_reviews as v where v.registration_id = p_r.id and v.state = 'open')
	then
		return 'wrong_state';
	end if;
	if p_decision = 'accredit' and private.decline_if_barred_alias(p_r) then return 'wrong_state'; end if;
	if p_decision = 'accredit' and private.needs_safeguarding_decision(p_r) then return 'needs_safeguarding'; end if;
	if not private.has_second_person(p_r, p_decision) then
		return private.propose_decision(p_r, p_decision, p_reason);
	end if;
	return case p_decision
		when 'accredit' then private.accredit_registration(p_r, p_reason)
		when 'decline' then private.decline_registration(p_r, p_reason)
		else private.confirm_re_review(p_r)
	end;
end
$$;

-- Accredits. Answers what private.enter_mode answers, or accredited when there is no seat yet: the registration keeps
-- its place in the queue and is offered a seat later.
create function private.accredit_registration(p_r public.registrations, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.change_registration_state(p_r.id, 'accredited', p_reason);
	if not exists (select from public.seats as s
		where s.registration_id = p_r.id and s.mode = p_r.mode and s.state = 'held')
	then
		return 'accredited';
	end if;
	return private.enter_mode(p_r.id, p_r.mode);
end
$$;

-- Declines: everything that was paid is refunded, and the open request for a member is refused. Answers declined.
create function private.decline_registration(p_r public.registrations, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.leave_summit(p_r.id, 'declined', p_reason, 100);
begin
	update public.member_requests as q set state = 'refused' where q.registration_id = p_r.id and q.state = 'open';
	perform private.mail_about(v_r, 'registration_declined', jsonb_build_object('reason', p_reason));
	return 'declined';
end
$$;

-- Who ended or accredited a registration, for an organiser who comes second: {at, state, own, by}. Nobody is named
-- where the person themselves, a deadline or the queue did it.
create function private.last_decision_json(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'at', private.iso(t.at),
		'state', p_r.state,
		'own', coalesce(t.actor_id = private.me(), false),
		'by', (select a.display_name from public.people as a where a.id = t.actor_id and a.id <> p_r.person_id))
	from public.registration_steps as t
	where t.registration_id = p_r.id and t.to_state in ('accredited', 'declined', 'withdrawn', 'expired')
	order by t.id desc
	limit 1
$$;

-- Decides on one registration of several, in a subtransaction: when one fails, the others stay as they are. Answers
-- {id, status, at, by, own, …} as public.decide_registrations.
create function private.decide_registration_of_batch(p_id uuid, p_summits uuid[], p_decision text, p_reason text)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_status text;
begin
	select * into v_r
	from public.registrations as r
	where r.id = p_id and r.summit_id = any (p_summits) and r.state <> 'draft';
	if not found or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('id', p_id, 'status', 'not_allowed');
	end if;
	if p_decision = 'decline' and p_reason = '' then
		return jsonb_build_object('id', p_id, 'status', 'reason_needed');
	end if;
	begin
		v_status := case p_decision
			when 'confirm' then private.confirm_decision_proposal(v_r)
			when 'reject' then private.reject_decision_proposal(v_r, p_reason)
			else private.decide_registration(v_r, p_decision, p_reason)
		end;
		-- Checks the rule of seats now, for this one, and not at the end for all.
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT409' or integrity_constraint_violation then
		return jsonb_build_object('id', p_id, 'status', 'failed');
	end;
	select * into v_r from public.registrations as r where r.id = p_id;
	return jsonb_build_object('id', p_id, 'status', v_status) || case
		when v_status in ('wrong_state', 'no_proposal') then coalesce(private.last_decision_json(v_r), '{}')
		when v_status in ('proposal_open', 'second_person_needed') then coalesce(private.open_proposal_json(v_r), '{}')
		else '{}'
	end;
end
$$;

-- Decides on up to 2000 registrations, each by itself, in the order in which they were submitted. decision: accredit,
-- decline or accept_change, and on the proposal of another person confirm or reject. Answers [{id, status: confirmed |
-- awaiting_payment | accredited | declined | change_accepted | category_changed | proposed | rejected | withdrawn |
-- not_allowed | reason_needed | wrong_state | proposal_open | no_proposal | second_person_needed | proposer_left |
-- needs_safeguarding | failed, by, at, own}]. Nobody decides on themselves or a person they act for. Locks the modes of
-- all their Summits, then the registrations by id.
create function public.decide_registrations(ids uuid[], decision text, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summits uuid[] := array(select private.summits_with_role('registration'));
	v_touched uuid[];
	v_id uuid;
	v_answers jsonb := '[]';
begin
	if decision not in ('accredit', 'decline', 'accept_change', 'confirm', 'reject') or decision is null
		or cardinality(ids) > 2000
	then
		raise sqlstate 'PT400' using message = 'decide on at most 2000 registrations';
	end if;
	v_touched := array(
		select distinct r.summit_id
		from public.registrations as r
		where r.id = any (ids) and r.summit_id = any (v_summits));
	perform private.lock_modes(variadic v_touched);
	perform
	from public.registrations as r
	where r.id = any (ids) and r.summit_id = any (v_summits)
	order by r.id
	for no key update;
	for v_id in
		select given.id
		from (select distinct unnest(ids) as id) as given
		left join public.registrations as r on r.id = given.id
		order by r.submitted_at, r.id
	loop
		v_answers := v_answers
			|| private.decide_registration_of_batch(v_id, v_summits, decision, btrim(coalesce(reason, '')));
	end loop;
	foreach v_id in array v_touched loop
		perform private.serve_queues(v_id);
	end loop;
	return v_answers;
end
$$;
grant execute on function public.decide_registrations(uuid[], text, text) to authenticated;

-- Ends what the desk was doing when the state of a registration changes: the open proposal is cancelled; once it is
-- decided, the open question is closed and the answer counts as read; once it has ended, the open re-review is closed.
create function private.close_open_desk_items() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.cancel_decision_proposals(new.id, 'state');
	if new.state in ('submitted', 'nominated') then return null; end if;
	if old.state in ('submitted', 'nominated') or new.state in ('declined', 'withdrawn', 'expired') then
		update private.information_requests as q
		set state = case q.state when 'open' then 'closed' else q.state end,
			closed_at = case q.state when 'open' then now() end,
			read_at = case q.state when 'answered' then now() end
		where q.registration_id = new.id and (q.state = 'open' or q.state = 'answered' and q.read_at is null);
	end if;
	if new.state in ('declined', 'withdrawn', 'expired') then
		update private.re_reviews as v set state = 'closed', closed_at = now()
			where v.registration_id = new.id and v.state = 'open';
	end if;
	return null;
end
$$;
create trigger close_open_desk_items after update of state on public.registrations for each row
	when (old.state is distinct from new.state and old.state <> 'draft')
		execute function private.close_open_desk_items();
