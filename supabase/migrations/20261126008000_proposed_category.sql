-- Where two accredit or decline, two change a category: one proposes it, the other confirms it, and it is done then, as things are then.

alter table private.decision_proposals
	drop constraint decision_proposals_decision_check,
	add constraint decision_proposals_decision_check check (decision in ('accredit', 'decline', 'revet', 'recategorise')),
	add column category public.registration_category,
	-- Whose seat it would have; null: a pool's.
	add column member_id uuid references public.members (id) on update cascade on delete cascade,
	add check ((decision = 'recategorise') = (category is not null) and (member_id is null or category is not null));
create index on private.decision_proposals (member_id);
update private.audited_tables set shown = '{decision,state,category,member_id}' where name = 'private.decision_proposals';

drop function private.propose_decision(public.registrations, text, text);
create function private.propose_decision(p_r public.registrations, p_decision text, p_reason text, p_category public.registration_category default null, p_member uuid default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.decision_proposals (summit_id, registration_id, decision, reason, category, member_id, proposed_by, proposer_account, near_accounts)
	values (p_r.summit_id, p_r.id, p_decision, left(p_reason, 2000), p_category, p_member, private.me(), private.account(), array(select private.accounts_near(private.me())))
	on conflict do nothing;
	if not found then return 'proposal_open'; end if;
	perform private.tell_registration(p_r);
	return 'proposed';
end
$$;

-- One alone neither takes somebody out of what they are nor brings them into what they would be.
create function private.category_needs_two(p_r public.registrations, p_category public.registration_category) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_as public.registrations := p_r;
begin
	v_as.category := p_category;
	return private.needs_second(p_r, 'decline') or p_r.state not in ('submitted', 'nominated') and private.needs_second(v_as, 'accredit');
end
$$;

create or replace function private.category_obstacle(p_r public.registrations, p_category public.registration_category, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_category is null or p_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') then 'wrong_state'
		when not exists (select from public.summits as s where s.id = p_r.summit_id and s.state in ('open', 'live')) then 'closed'
		when p_category = p_r.category then 'already'
		when p_category = 'guardian' and p_r.is_minor then 'minor'
		when p_category = 'delegate' and p_member is null then 'member_needed'
		when p_member is distinct from p_r.member_id and p_member is not null and not exists (select from public.summit_members as sm
			where sm.summit_id = p_r.summit_id and sm.member_id = p_member and sm.standing in ('active', 'observer')) then 'unknown_member'
		when (select sum(a.amount) from public.order_adjustments as a
			where a.order_id in (select private.registration_orders(p_r.id)) and a.kind in ('dispute', 'dispute_won')) > 0 then 'disputed'
		when exists (select from public.checkouts as c where c.order_id in (select private.registration_orders(p_r.id)) and c.state = 'processing') then 'processing' end
$$;

-- Under the locks; `p_tried`: found by doing it and taking it back; `p_second`: by the second of two. Nobody changes their own, nor that of
-- whom they act for.
drop function private.recategorise(uuid, public.registration_category, uuid, integer, text, boolean);
create function private.recategorise(p_registration uuid, p_category public.registration_category, p_member uuid, p_version integer, p_reason text, p_tried boolean,
	p_second boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_member uuid;
	v_obstacle text;
	v_proposes boolean;
	v_answer jsonb;
begin
	select * into v_r from public.registrations as r where r.id = p_registration and r.state <> 'draft';
	if not found or not private.has_role(v_r.summit_id, 'registration') or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = p_registration for no key update;
	if p_version <> v_r.version then return jsonb_build_object('status', 'changed'); end if;
	v_member := coalesce(p_member, case when p_category = 'delegate' then v_r.member_id end);
	v_obstacle := private.category_obstacle(v_r, p_category, v_member);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	-- Also where it is only looked at: nobody learns of the list without its keepers' knowing.
	if v_r.state not in ('submitted', 'nominated') and private.needs_a_word(v_r) then return jsonb_build_object('status', 'needs_a_word'); end if;
	v_proposes := not p_second and private.category_needs_two(v_r, p_category);
	if v_proposes and exists (select from private.decision_proposals as p where p.registration_id = v_r.id and p.state = 'open') then
		return jsonb_build_object('status', 'proposal_open');
	end if;
	perform private.act_for(v_r.person_id, p_reason);
	begin
		v_answer := private.take_category(v_r, p_category, v_member, p_reason);
		if v_answer ->> 'status' in ('ok', 'awaiting_payment') then
			set constraints public.seat_fault immediate;
			set constraints public.seat_fault deferred;
			if not p_tried and not v_proposes then return v_answer; end if;
		end if;
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when sqlstate 'PT409' or integrity_constraint_violation then return jsonb_build_object('status', 'failed');
	end;
	if not v_proposes or v_answer ->> 'status' not in ('ok', 'awaiting_payment') then return v_answer; end if;
	if p_tried then return v_answer || '{"second": true}'; end if;
	return jsonb_build_object('status', private.propose_decision(v_r, 'recategorise', p_reason, p_category, v_member));
end
$$;

-- What it would do to seat, fee and badge now. A delegate stays with their member unless another is named; others have a seat of their
-- category's pool unless a member is. Answers as private.take_category does, with `second` where a second person confirms it, or {status: changed |
-- wrong_state | closed | already | minor | member_needed | unknown_member | proposal_open | disputed | processing | needs_a_word | failed | not_allowed}.
create or replace function public.preview_category(registration uuid, category public.registration_category, member uuid default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select private.recategorise(registration, category, member, null, '', true)
$$;

-- Does it, with its reason. Answers as preview_category does, and reason_needed; proposed where a second person confirms it.
create or replace function public.change_category(registration uuid, category public.registration_category, reason text, member uuid default null, version integer default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select case when length(private.one_line(reason)) not between 1 and 200 then jsonb_build_object('status', 'reason_needed')
		else private.recategorise(registration, category, member, version, private.one_line(reason), false) end
$$;

-- For the second person: what the change that is proposed would do now. Null where none is.
create function public.preview_proposed_category(registration uuid) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select private.recategorise(p.registration_id, p.category, p.member_id, null, '', true, true) from private.decision_proposals as p
	where p.registration_id = preview_proposed_category.registration and p.state = 'open' and p.decision = 'recategorise' and private.has_role(p.summit_id, 'registration')
$$;
grant execute on function public.preview_proposed_category(uuid) to authenticated;

create or replace function private.confirm_proposal(p_r public.registrations) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.decision_proposals;
	v_status text;
begin
	select * into v_p from private.decision_proposals as p where p.registration_id = p_r.id and p.state = 'open' for update;
	if not found then return 'no_proposal'; end if;
	if private.is_proposer(v_p) then return 'second_person_needed'; end if;
	if not private.holds_role(v_p.proposed_by, p_r.summit_id, 'registration') then
		update private.decision_proposals as p set state = 'cancelled', closed_at = now(), answer = 'role' where p.id = v_p.id;
		return 'proposer_left';
	end if;
	update private.decision_proposals as p set state = 'confirmed', closed_by = private.me(), closed_at = now() where p.id = v_p.id;
	if v_p.decision = 'recategorise' then
		v_status := private.recategorise(p_r.id, v_p.category, v_p.member_id, null, v_p.reason, false, true) ->> 'status';
		v_status := case when v_status in ('ok', 'awaiting_payment') then 'recategorised' else v_status end;
	else
		v_status := private.decide_one(p_r, v_p.decision, v_p.reason);
	end if;
	-- What could not be done stays open.
	if v_status not in ('confirmed', 'awaiting_payment', 'accredited', 'declined', 'revetted', 'recategorised') then
		update private.decision_proposals as p set state = 'open', closed_by = null, closed_at = null where p.id = v_p.id;
	end if;
	return v_status;
end
$$;

create or replace function private.proposals_of(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'decision', p.decision, 'reason', p.reason, 'state', p.state, 'answer', p.answer,
		'category', p.category, 'member', (select m.name from public.members as m where m.id = p.member_id),
		'by', (select a.display_name from public.people as a where a.id = p.proposed_by), 'at', private.iso(p.proposed_at), 'own', private.is_proposer(p),
		'closed_by', (select a.display_name from public.people as a where a.id = p.closed_by), 'closed_at', private.iso(p.closed_at)) order by p.proposed_at desc, p.id), '[]')
	from private.decision_proposals as p where p.registration_id = p_r.id
$$;

create or replace function private.expect_decision(p_r public.registrations, p_decision text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_p private.decision_proposals;
	v_decision text := p_decision;
begin
	if p_r.person_id in (select private.my_people('registration')) then return 'own'; end if;
	select * into v_p from private.decision_proposals as p where p.registration_id = p_r.id and p.state = 'open';
	if p_decision in ('confirm', 'reject') then
		if v_p.id is null then return 'no_proposal'; end if;
		if p_decision = 'reject' then return case when private.is_proposer(v_p) then 'withdrawn' else 'rejected' end; end if;
		if private.is_proposer(v_p) then return 'second_person_needed'; end if;
		v_decision := v_p.decision;
	end if;
	-- Its seat is found when it is confirmed.
	if v_decision = 'recategorise' then return coalesce(private.category_obstacle(p_r, v_p.category, v_p.member_id), 'recategorised'); end if;
	if p_r.state not in ('submitted', 'nominated') and (v_decision = 'accredit' or p_r.state not in ('accredited', 'awaiting_payment', 'confirmed'))
		or v_decision = 'revet' and not exists (select from private.revettings as v where v.registration_id = p_r.id and v.state = 'open') then
		return 'wrong_state';
	end if;
	if p_decision <> 'confirm' and private.needs_second(p_r, v_decision) then return case when v_p.id is null then 'proposed' else 'proposal_open' end; end if;
	return case when v_decision = 'decline' then 'declined' when v_decision = 'revet' then 'revetted'
		when not exists (select from public.seats as s where s.registration_id = p_r.id and s.mode = p_r.mode and s.state = 'held') then 'accredited'
		when private.fee_of(p_r, p_r.mode) - private.charged_to(p_r.id) > 0 then 'awaiting_payment' else 'confirmed' end;
end
$$;
