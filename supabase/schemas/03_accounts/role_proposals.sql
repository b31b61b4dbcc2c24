-- Roles that need two people: one owner proposes, a second person confirms, and neither of them gets the role.
-- Safeguarding leads read concerns and sealed names, finance moves money, owners grant roles.

-- Whether a role needs two people. For safeguarding one of the two is a safeguarding lead of the Summit, or of any
-- Summit while this one has none. The first lead of an installation cannot wait for a lead: two owners name them. The
-- only owner decides alone, since there is nobody to wait for; that is recorded, shown beside the role, and made known
-- to later leads. Nobody becomes the only owner by removing the others: an owner or lead whose role another person
-- ended counts for 14 days more.
create function private.needs_second_person(p_role public.organiser_role) returns boolean
language sql immutable set search_path = '' as $$
	select p_role in ('safeguarding', 'finance', 'owner')
$$;

-- The safeguarding leads who take part in naming another: those of this Summit, else those of any.
create function private.safeguarding_leads_for(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select h from private.role_holders('safeguarding', p_summit) as h
	union
	select h
	from public.summits as s, private.role_holders('safeguarding', s.id) as h
	where not exists (select from private.role_holders('safeguarding', p_summit))
$$;

-- The people who may confirm this proposal of `p_proposer` for `p_person`: for a safeguarding lead the other leads, and
-- owners where the proposer is a lead or there are none; for other roles owners. Never the two themselves.
create function private.role_confirmers(
	p_role public.organiser_role, p_summit uuid, p_is_deputy boolean, p_proposer uuid, p_person uuid
) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with leads as (
		select l
		from private.safeguarding_leads_for(p_summit) as l
		where p_role = 'safeguarding' and not p_is_deputy and l is distinct from p_person
	)
	select d from (
		select l as d from leads
		union
		select o from private.role_holders('owner', p_summit) as o
		where not exists (select from leads) or p_proposer in (select l from leads)
	) as found
	where d is distinct from p_proposer and d is distinct from p_person
$$;

-- Whether the proposer decides alone: no other person's owner role (for safeguarding, also lead role) is live, and none
-- was ended by somebody else less than 14 days ago.
create function private.is_sole_confirmer(
	p_role public.organiser_role, p_summit uuid, p_is_deputy boolean, p_proposer uuid
) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (
		select from public.role_grants as g
		where g.person_id <> p_proposer
			and (g.role = 'owner' and (g.summit_id is null or g.summit_id = p_summit)
				or g.role = 'safeguarding' and p_role = 'safeguarding' and not p_is_deputy)
			and (g.ended_at is null
					and (g.role = 'safeguarding' or g.person_id in (select private.role_holders('owner', p_summit)))
				or g.ended_at > now() - interval '14 days' and g.ended_by is distinct from g.person_id))
$$;

-- Whether a confirmed proposal still gives its role to this person: those who decided may still decide, and neither of
-- them gets the role.
create function private.is_role_proposal_valid(p private.role_proposals, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'confirmed'
		and p_person is not null
		and p_person is distinct from p.proposed_by
		and private.holds_role(p.proposed_by, p.summit_id, 'owner')
		and case
			when p.is_self_confirmed then private.is_sole_confirmer(p.role, p.summit_id, p.is_deputy, p.proposed_by)
			else p.decided_by in (
				select private.role_confirmers(p.role, p.summit_id, p.is_deputy, p.proposed_by, p_person))
		end
$$;

-- Refuses a grant of such a role without its confirmed proposal, by whatever path it is written. Two exceptions: the
-- first owner of an installation, whom OWNER_EMAIL names, and the owner of the database itself when it acts for nobody
-- (migrations, the sample).
create function private.check_role_grant() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if not private.needs_second_person(new.role) or new.ended_at is not null then return new; end if;
	-- No grant begins: another column changed.
	if tg_op = 'UPDATE' and old.ended_at is null
		and (old.role, old.summit_id, old.proposal_id) is not distinct from
			(new.role, new.summit_id, new.proposal_id) then
		return new;
	end if;
	-- The owner of the database.
	if auth.uid() is null
		and private.actor() is null
		and pg_catalog.pg_has_role(session_user,
			(select c.relowner from pg_catalog.pg_class as c where c.oid = tg_relid), 'usage') then
		return new;
	end if;
	-- The first owner of the installation.
	if tg_op = 'INSERT' and new.role = 'owner' and new.summit_id is null and auth.uid() is null
		and not exists (select from public.role_grants where role = 'owner') then
		return new;
	end if;
	select * into v_p from private.role_proposals as p where p.id = new.proposal_id;
	if not found
		or tg_op = 'UPDATE'
		or v_p.is_deputy
		or v_p.role <> new.role
		or v_p.summit_id is distinct from new.summit_id
		or v_p.person_id is distinct from new.person_id and v_p.address_hash is null
		or not private.is_role_proposal_valid(v_p, new.person_id) then
		raise exception 'a second person confirms this role first' using errcode = 'insufficient_privilege';
	end if;
	return new;
end
$$;
create trigger role_needs_second_person before insert or update on public.role_grants for each row
	execute function private.check_role_grant();

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
		address_sealed, key_id, display_name, proposed_by)
	values (p.summit_id, p.via_summit_id, p.role, p.is_deputy, p.person_id, p.address_hash,
		p.address_sealed, p.key_id, p.display_name, v_me)
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
			p.display_name, null, false, p.summit_id is null, p.id);
	end if;
	if p.is_deputy then
		insert into private.concern_deputies (summit_id, person_id, proposal_id)
		values (p.summit_id, p.person_id, p.id)
		on conflict do nothing;
	else
		v_status := private.insert_role_grant(p.person_id, p.role, p.summit_id, p.via_summit_id, p.proposed_by, p);
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
	if not private.holds_role(v_p.proposed_by, v_p.summit_id, 'owner') then return 'lapsed'; end if;
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

-- Open proposals that the reader sees: [{id, role, is_deputy, is_for_all, display_name, address_sealed, key_id,
-- proposed_by, proposed_at, expires_at, is_invitation_addressee, may_confirm, waits_for: [name]}]. The app opens the
-- address for the person who decides: they have to know to whom the role goes.
create function public.list_role_proposals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id,
		'role', q.role,
		'is_deputy', q.is_deputy,
		'is_for_all', q.summit_id is null,
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
