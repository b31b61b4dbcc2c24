-- Which roles need a second person, who that may be, and the trigger that refuses a role that nobody confirmed. The
-- proposals themselves are in role_proposals.sql.

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
	from private.real_summits as s, private.role_holders('safeguarding', s.id) as h
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
