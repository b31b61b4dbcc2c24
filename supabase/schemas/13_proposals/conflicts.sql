-- Conflicts of interest: who may not review or decide on a proposal.

-- The members that a person represents at a Summit: of their registration, and those whose focal point they are.
create function private.represented_members(p_person uuid, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.member_id
	from public.registrations as r
	where r.person_id = p_person
		and r.summit_id = p_summit
		and r.member_id is not null
		and r.state not in ('declined', 'withdrawn', 'expired')
	union
	select f.member_id
	from public.focal_points as f
	where f.person_id = p_person
		and f.summit_id = p_summit
		and (f.until is null or f.until > now())
$$;

-- The conflict of a person with a proposal: own (in it, invited to it, or an assistant of one of its people) | member
-- (of the same member as one of its people) | declared; null: none.
create function private.conflict_of(p_proposal uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	with involved as (
		select coalesce(e.person_id, private.find_person_by_address(e.address_hash)) as id, e.summit_id
		from private.proposal_people as e
		where e.proposal_id = p_proposal
	)
	select case
		when exists (select from involved where id = p_person)
			or exists (
				select
				from involved
				join public.account_people as l on l.person_id = involved.id
				join public.account_people as self
					on self.account_id = l.account_id
					and self.relation = 'self'
					and self.person_id = p_person
				where l.relation = 'assistant'
					and l.scope in ('all', 'speaking')
					and (l.until is null or l.until > now())
			) then 'own'
		when exists (
			select
			from involved, private.represented_members(involved.id, involved.summit_id) as m (id)
			where m.id in (select private.represented_members(p_person, involved.summit_id))
		) then 'member'
		when exists (
			select
			from private.review_conflicts as c
			where c.proposal_id = p_proposal and c.person_id = p_person
		) then 'declared'
	end
$$;

-- Declares a conflict of the reader, which ends their assignment and deletes their review. Answers ok | not_found.
create function public.declare_conflict(proposal uuid, reason text) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
begin
	select * into p from private.proposals as own where own.id = proposal for share;
	if private.review_access(p) = 'not_found' then return 'not_found'; end if;
	insert into private.review_conflicts (proposal_id, person_id, reason)
	values (proposal, private.me(), left(private.one_line(reason), 500))
	on conflict do nothing;
	delete from private.reviews as r where r.proposal_id = proposal and r.reviewer_id = (select private.me());
	delete from private.review_assignments as a where a.proposal_id = proposal and a.reviewer_id = (select private.me());
	perform private.publish_event('organise:' || p.summit_id, 'proposals');
	return 'ok';
end
$$;
grant execute on function public.declare_conflict(uuid, text) to authenticated;
