-- Names those who get a proposal for what they are.

-- Gives the proposals of a person to the first of the others who confirmed, authors before speakers.
create or replace function private.hand_over_proposals(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with successors as (
		select distinct on (e.proposal_id) e.proposal_id, e.person_id
		from private.proposal_people as e
		join private.proposals as p on p.id = e.proposal_id and p.owner_id = p_person
		where e.state = 'confirmed' and e.person_id <> p_person
		order by e.proposal_id, e.is_author desc, e.position, e.id
	), handed as (
		update private.proposals as p set owner_id = successors.person_id, version = p.version + 1, updated_at = now()
		from successors
		where p.id = successors.proposal_id
	)
	update private.proposal_people as e set is_author = true
	from successors
	where e.proposal_id = successors.proposal_id and e.person_id = successors.person_id;
end
$$;
