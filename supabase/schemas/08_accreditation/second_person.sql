-- Decisions by two people, where a Summit asks for it: the first decision becomes a proposal, and a second person
-- confirms or rejects it. A confirmed proposal is carried out as things are then. Changes of category follow the same
-- rule.

-- Whether this decision needs two people. Accepting a change after accreditation counts as an accreditation.
create function private.decision_needs_second_person(p_r public.registrations, p_decision text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.accreditation_settings as s
		where s.summit_id = p_r.summit_id
			and p_r.category = any (s.second_person_for)
			and case p_decision when 'accept_change' then 'accredit' else p_decision end = any (s.second_person_decisions))
$$;

-- Accounts that may be the same human as a person: their own, those that act for them, those that they act for, and
-- those of a person with whom they are being merged.
create function private.related_accounts(p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with same as (
		select p_person as id
		union
		select case when q.keep_id = p_person then q.duplicate_id else q.keep_id end
		from public.merge_requests as q
		where q.state <> 'refused' and p_person in (q.keep_id, q.duplicate_id)
	)
	select a.account_id
	from same
	join public.account_people as a on a.person_id = same.id
	union
	select theirs.account_id
	from same
	join public.account_people as own on own.person_id = same.id and own.relation = 'self'
	join public.account_people as acted on acted.account_id = own.account_id
	join public.account_people as theirs on theirs.person_id = acted.person_id and theirs.relation = 'self'
$$;

-- Whether the signed-in account may be the same human as the proposer, at the time of the proposal or now. True as well
-- when that is unknown.
create function private.may_be_proposer(p private.decision_proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(
		private.account() = p.proposer_account
			or private.account() = any (p.related_accounts)
			or private.me() = p.proposed_by
			or private.account() in (select private.related_accounts(p.proposed_by)),
		true)
$$;

-- Whether a decision that takes effect in this transaction needs no second person, or has one: a proposal that was
-- confirmed in this very transaction.
create function private.has_second_person(p_r public.registrations, p_decision text) returns boolean
language sql stable security definer set search_path = '' as $$
	select not private.decision_needs_second_person(p_r, p_decision)
		or exists (select from private.decision_proposals as p
			where p.registration_id = p_r.id
				and p.decision = p_decision
				and p.state = 'confirmed'
				and p.closed_at = now())
$$;

-- Refuses every change of state by one person alone where two are needed, whatever path led to it. A barred person is
-- declined by safeguarding, where two people have put them on the watch list.
create function private.guard_second_person() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'declined' and private.watch_list_status(new.person_id, new.summit_id) = 'barred' then
		return new;
	end if;
	if not private.has_second_person(new, case new.state when 'declined' then 'decline' else 'accredit' end) then
		raise sqlstate 'PT409' using message = 'a second person confirms this decision';
	end if;
	return new;
end
$$;
create trigger guard_second_person before update of state on public.registrations for each row
	when (new.state = 'declined' and old.state <> 'declined'
		or old.state in ('submitted', 'nominated') and new.state in ('accredited', 'awaiting_payment', 'confirmed'))
	execute function private.guard_second_person();

-- The first decision. Answers proposed, or proposal_open when another proposal is open. `p_category` and `p_member`: of
-- a change of category.
create function private.propose_decision(p_r public.registrations, p_decision text, p_reason text,
	p_category public.registration_category default null, p_member uuid default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.decision_proposals (summit_id, registration_id, decision, reason, category, member_id,
		proposed_by, proposer_account, related_accounts)
	values (p_r.summit_id, p_r.id, p_decision, left(p_reason, 2000), p_category, p_member,
		private.me(), private.account(), array(select private.related_accounts(private.me())))
	on conflict do nothing;
	if not found then return 'proposal_open'; end if;
	perform private.notify_registration(p_r);
	return 'proposed';
end
$$;

-- The second decision: the proposal is carried out as if both had decided now. Answers as private.decide_registration,
-- category_changed or another answer of private.try_category_change for a change of category, or no_proposal,
-- second_person_needed, or proposer_left (the proposer no longer holds the role; the proposal is cancelled). Locks the
-- proposal.
create function private.confirm_decision_proposal(p_r public.registrations) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.decision_proposals;
	v_status text;
begin
	select * into v_p
	from private.decision_proposals as p
	where p.registration_id = p_r.id and p.state = 'open'
	for update;
	if not found then return 'no_proposal'; end if;
	if private.may_be_proposer(v_p) then return 'second_person_needed'; end if;
	if not private.holds_role(v_p.proposed_by, p_r.summit_id, 'registration') then
		update private.decision_proposals as p
		set state = 'cancelled', closed_at = now(), answer = 'role'
		where p.id = v_p.id;
		return 'proposer_left';
	end if;
	update private.decision_proposals as p
	set state = 'confirmed', closed_by = private.me(), closed_at = now()
	where p.id = v_p.id;
	if v_p.decision = 'change_category' then
		v_status := private.try_category_change(p_r.id, v_p.category, v_p.member_id, null, v_p.reason, false, true)
			->> 'status';
		v_status := case when v_status in ('ok', 'awaiting_payment') then 'category_changed' else v_status end;
	else
		v_status := private.decide_registration(p_r, v_p.decision, v_p.reason);
	end if;
	-- A proposal that could not be carried out stays open.
	if v_status not in
		('confirmed', 'awaiting_payment', 'accredited', 'declined', 'change_accepted', 'category_changed')
	then
		update private.decision_proposals as p
		set state = 'open', closed_by = null, closed_at = null
		where p.id = v_p.id;
	end if;
	return v_status;
end
$$;

-- Closes a proposal: rejected by the second person, with a reason; withdrawn by the proposer. Answers rejected,
-- withdrawn, no_proposal or reason_needed. Locks the proposal.
create function private.reject_decision_proposal(p_r public.registrations, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.decision_proposals;
	v_state text;
begin
	select * into v_p
	from private.decision_proposals as p
	where p.registration_id = p_r.id and p.state = 'open'
	for update;
	if not found then return 'no_proposal'; end if;
	v_state := case when private.may_be_proposer(v_p) then 'withdrawn' else 'rejected' end;
	if v_state = 'rejected' and p_reason = '' then return 'reason_needed'; end if;
	perform private.set_audit_context(p_r.person_id, p_reason);
	update private.decision_proposals as p
	set state = v_state, closed_by = private.me(), closed_at = now(), answer = left(p_reason, 2000)
	where p.id = v_p.id;
	perform private.notify_registration(p_r);
	return v_state;
end
$$;

-- Cancels the open proposal of a registration, if there is one. `p_why` is kept as its answer.
create function private.cancel_decision_proposals(p_registration uuid, p_why text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.decision_proposals as p
	set state = 'cancelled', closed_at = now(), answer = p_why
	where p.registration_id = p_registration and p.state = 'open'
$$;

-- The open proposal, for an organiser who comes second: {at, decision, own, by}; null when there is none.
create function private.open_proposal_json(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'at', private.iso(p.proposed_at),
		'decision', p.decision,
		'own', private.may_be_proposer(p),
		'by', (select a.display_name from public.people as a where a.id = p.proposed_by))
	from private.decision_proposals as p
	where p.registration_id = p_r.id and p.state = 'open'
$$;

-- All proposals about a registration, newest first: [{id, decision, reason, state, answer, category, member, by, at,
-- own, closed_by, closed_at}].
create function private.list_decision_proposals(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', p.id,
		'decision', p.decision,
		'reason', p.reason,
		'state', p.state,
		'answer', p.answer,
		'category', p.category,
		'member', (select m.name from public.members as m where m.id = p.member_id),
		'by', (select a.display_name from public.people as a where a.id = p.proposed_by),
		'at', private.iso(p.proposed_at),
		'own', private.may_be_proposer(p),
		'closed_by', (select a.display_name from public.people as a where a.id = p.closed_by),
		'closed_at', private.iso(p.closed_at)
	) order by p.proposed_at desc, p.id), '[]')
	from private.decision_proposals as p
	where p.registration_id = p_r.id
$$;

-- Whether a change of category needs two people: where declining the present category or accrediting the new one does,
-- so that one person alone neither takes a category away nor gives one.
create function private.category_change_needs_second_person(p_r public.registrations,
	p_category public.registration_category)
	returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_as public.registrations := p_r;
begin
	v_as.category := p_category;
	return private.decision_needs_second_person(p_r, 'decline')
		or p_r.state not in ('submitted', 'nominated') and private.decision_needs_second_person(v_as, 'accredit');
end
$$;

-- For the second person: what the proposed change of category would do now, as private.try_category_change answers it.
-- Null when none is proposed, or when the reader is no registration organiser.
create function public.preview_proposed_category(registration uuid) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select private.try_category_change(p.registration_id, p.category, p.member_id, null, '', true, true)
	from private.decision_proposals as p
	where p.registration_id = preview_proposed_category.registration
		and p.state = 'open'
		and p.decision = 'change_category'
		and private.has_role(p.summit_id, 'registration')
$$;
grant execute on function public.preview_proposed_category(uuid) to authenticated;
