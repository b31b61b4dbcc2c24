-- Roles that need two people: one owner proposes, a second person confirms (role_confirmers.sql), and neither of them
-- gets the role. Safeguarding leads read concerns and sealed names, finance moves money, owners grant roles.

-- Proposes a role, and notifies those who may confirm it; the only owner's proposal takes effect at once. The caller
-- checks who asks. Answers ok (in effect), proposed, already_proposed, own (nobody proposes themselves) or no_second
-- (somebody else has to be able to confirm it first). Locks the roles.
create function private.propose_role(p private.role_proposals) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_decider uuid;
	v_is_waiting boolean := false;
begin
	if p.person_id = v_me then return 'own'; end if;
	perform pg_advisory_xact_lock(20261125);
	update private.role_proposals as o set state = 'expired', decided_at = now()
		where o.state = 'open' and o.expires_at <= now();
	insert into private.role_proposals (summit_id, via_summit_id, role, is_deputy, person_id, address_hash,
		address_sealed, key_id, display_name, proposed_by, until)
	values (p.summit_id, p.via_summit_id, p.role, p.is_deputy, p.person_id, p.address_hash,
		p.address_sealed, p.key_id, p.display_name, v_me, p.until)
	on conflict do nothing
	returning * into p;
	if not found then return 'already_proposed'; end if;
	for v_decider in select private.role_confirmers(p.role, p.summit_id, p.is_deputy, v_me, p.person_id) loop
		v_is_waiting := true;
		perform private.publish_event('person:' || v_decider, 'roles');
		perform private.enqueue_mail(v_decider, 'role_proposed', jsonb_build_object('role', p.role), p.via_summit_id,
			format('role_proposed:%s:%s', p.id, v_decider));
	end loop;
	if v_is_waiting then return 'proposed'; end if;
	if not private.is_sole_confirmer(p.role, p.summit_id, p.is_deputy, v_me) then
		delete from private.role_proposals as o where o.id = p.id;
		return 'no_second';
	end if;
	update private.role_proposals as o
	set state = 'confirmed',
		decided_by = v_me,
		decided_at = now(),
		is_self_confirmed = true,
		is_without_lead = o.role = 'safeguarding' and v_me not in (select private.safeguarding_leads_for(o.summit_id))
	where o.id = p.id
	returning * into p;
	return private.apply_role_proposal(p);
end
$$;

-- Does what a confirmed proposal says: gives the role, names the deputy, or (where it goes to an address) invites.
create function private.apply_role_proposal(p private.role_proposals) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
begin
	if p.address_hash is not null then
		return private.create_role_invitation(p.via_summit_id, p.role, null, null,
			jsonb_build_object('hash', encode(p.address_hash, 'hex'), 'sealed', encode(p.address_sealed, 'hex'),
				'key_id', p.key_id),
			p.display_name, null, false, p.summit_id is null, p.id, p.until);
	end if;
	if p.is_deputy then
		insert into private.concern_deputies (summit_id, person_id, proposal_id)
		values (p.summit_id, p.person_id, p.id)
		on conflict do nothing;
	else
		v_status := private.insert_role_grant(p.person_id, p.role, p.summit_id, p.via_summit_id, p.proposed_by, p,
			p.until);
		if v_status <> 'ok' then return v_status; end if;
	end if;
	perform private.publish_event('person:' || p.person_id, 'rights');
	perform private.enqueue_mail(p.person_id, case when p.is_deputy then 'deputy_granted' else 'role_granted' end,
		case when p.is_deputy then '{}' else jsonb_build_object('role', p.role) end, p.via_summit_id);
	return 'ok';
end
$$;

-- Names a deputy for the concerns of this Summit that no lead may read: an owner's proposal, confirmed by another
-- owner. Answers not_allowed, unknown_person or already, and what propose_role answers.
create function public.name_concern_deputy(person uuid, summit uuid) returns public.role_grant_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if summit is null or not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	perform private.require_confirmation();
	if exists (select from private.concern_deputies as d
		where d.person_id = person and d.summit_id = summit and d.ended_at is null) then
		return 'already';
	end if;
	v_p.summit_id := summit;
	v_p.via_summit_id := summit;
	v_p.role := 'safeguarding';
	v_p.is_deputy := true;
	v_p.person_id := person;
	return private.propose_role(v_p);
end
$$;
grant execute on function public.name_concern_deputy(uuid, uuid) to authenticated;

-- The second person confirms. Answers ok, not_found (answered, withdrawn, expired, or none that the reader sees), own
-- (the reader's own, or for the reader), not_allowed, lapsed (the proposer is no longer an owner) or already.
create function public.confirm_role_proposal(proposal uuid) returns public.role_confirmation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_p private.role_proposals;
begin
	perform pg_advisory_xact_lock(20261125);
	select * into v_p from private.role_proposals as o
		where o.id = proposal and o.state = 'open' and o.expires_at > now() for update;
	if not found or not private.can_see_role_proposal(v_p) then return 'not_found'; end if;
	if v_me in (v_p.proposed_by, v_p.person_id) then return 'own'; end if;
	if v_me not in (
		select private.role_confirmers(v_p.role, v_p.summit_id, v_p.is_deputy, v_p.proposed_by, v_p.person_id)) then
		return 'not_allowed';
	end if;
	if not private.holds_role(v_p.proposed_by, v_p.summit_id, 'owner') or v_p.until <= now() then
		return 'lapsed';
	end if;
	perform private.require_confirmation();
	update private.role_proposals as o
	set state = 'confirmed',
		decided_by = v_me,
		decided_at = now(),
		is_without_lead = o.role = 'safeguarding'
			and not exists (select from private.safeguarding_leads_for(o.summit_id) as l
				where l in (v_me, o.proposed_by))
	where o.id = proposal
	returning * into v_p;
	return private.apply_role_proposal(v_p);
end
$$;
grant execute on function public.confirm_role_proposal(uuid) to authenticated;

-- The proposer takes it back, or somebody who could confirm it refuses. Answers ok or not_found.
create function public.refuse_role_proposal(proposal uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_p private.role_proposals;
begin
	perform pg_advisory_xact_lock(20261125);
	select * into v_p from private.role_proposals as o where o.id = proposal and o.state = 'open' for update;
	if not found or v_me is distinct from v_p.proposed_by
		and v_me not in (
			select private.role_confirmers(v_p.role, v_p.summit_id, v_p.is_deputy, v_p.proposed_by, v_p.person_id)) then
		return 'not_found';
	end if;
	update private.role_proposals as o
	set state = case when v_me = v_p.proposed_by then 'withdrawn' else 'refused' end,
		decided_by = v_me,
		decided_at = now()
	where o.id = proposal;
	perform private.publish_event('person:' || v_p.proposed_by, 'roles');
	return 'ok';
end
$$;
grant execute on function public.refuse_role_proposal(uuid) to authenticated;

-- Whether the reader sees a proposal: owners those of their Summit, safeguarding leads those of safeguarding.
create function private.can_see_role_proposal(p private.role_proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p.summit_id, 'owner')
		or p.role = 'safeguarding' and not p.is_deputy
			and private.me() in (select private.safeguarding_leads_for(p.summit_id))
$$;

-- Open proposals that the reader sees: [{id, role, is_deputy, is_for_all, until, display_name, address_sealed, key_id,
-- proposed_by, proposed_at, expires_at, is_invitation_addressee, may_confirm, waits_for: [name]}]. The app opens the
-- address for the person who decides: they have to know to whom the role goes.
create function public.list_role_proposals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id,
		'role', q.role,
		'is_deputy', q.is_deputy,
		'is_for_all', q.summit_id is null,
		'until', private.iso(q.until),
		'display_name',
			coalesce(q.display_name, (select x.display_name from public.people as x where x.id = q.person_id)),
		'address_sealed', encode(q.address_sealed, 'hex'),
		'key_id', q.key_id,
		'proposed_by', (select x.display_name from public.people as x where x.id = q.proposed_by),
		'proposed_at', private.iso(q.proposed_at),
		'expires_at', private.iso(q.expires_at),
		'is_mine', q.proposed_by = private.me(),
		'may_confirm', private.me() in (
			select private.role_confirmers(q.role, q.summit_id, q.is_deputy, q.proposed_by, q.person_id)),
		'waits_for', (select coalesce(jsonb_agg(x.display_name order by x.display_name), '[]')
			from public.people as x
			where x.id in (
				select private.role_confirmers(q.role, q.summit_id, q.is_deputy, q.proposed_by, q.person_id))))
		order by q.proposed_at), '[]')
	from private.role_proposals as q
	where q.state = 'open'
		and q.expires_at > now()
		and (q.summit_id is null or q.summit_id = list_role_proposals.summit)
		and private.can_see_role_proposal(q)
$$;
grant execute on function public.list_role_proposals(uuid) to authenticated;
