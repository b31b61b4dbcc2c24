-- What the people of a proposal read of it: the list of their proposals, and one with its answers and people.

-- The people of a proposal as its own people see them. Authors also see the written name and the masked address of
-- those who have not answered.
create function private.proposal_people_json(p_proposal uuid, p_as_author boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', e.id,
				'role', e.role,
				'is_author', e.is_author,
				'state', case when e.state = 'invited' and e.expires_at <= now() then 'expired' else e.state::text end,
				'name', coalesce(p.display_name, case when p_as_author then e.written_name end),
				'affiliation', p.affiliation,
				'address', case when p_as_author then e.address_mask end,
				'is_me', coalesce(e.person_id = private.me(), false),
				'is_owner', coalesce(e.person_id = o.owner_id, false)
			)
			order by e.position, e.id
		),
		'[]'
	)
	from private.proposal_people as e
	join private.proposals as o on o.id = e.proposal_id
	left join public.people as p on p.id = e.person_id
	where e.proposal_id = p_proposal
$$;

-- The reader's own proposals, and those of people for whom they speak: [{id, code, title, state, decision, is_owner,
-- is_author, role, updated_at, lacks: how many fields}].
create function public.list_my_proposals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', p.id,
				'code', p.code,
				'title', p.title,
				'state', p.state,
				'decision', private.released_decision_of(p.id),
				'is_owner', p.owner_id = e.person_id,
				'is_author', e.is_author,
				'role', e.role,
				'updated_at', private.iso(p.updated_at),
				'lacks', cardinality(private.missing_proposal_fields(p))
			)
			order by p.created_at, p.id
		),
		'[]'
	)
	from private.proposal_people as e
	join private.proposals as p on p.id = e.proposal_id
	where p.summit_id = summit
		and e.state = 'confirmed'
		and e.person_id in (select private.my_people('speaking'))
$$;
grant execute on function public.list_my_proposals(uuid) to authenticated;

-- One proposal for its own people, with {window, decision, is_author, is_owner, may_edit, late_until, lacks, answers,
-- own_answers, people}; null for everybody else. Authors may edit it while the call is open for its owner. Its
-- notes to the organisers are for authors.
create function public.read_proposal(proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(p) - array['owner_id', 'summit_id', 'created_at', 'updated_at', 'submitted_at'] || jsonb_build_object(
		'notes', case when e.is_author then p.notes end,
		'window', private.call_window(p.summit_id, p.owner_id),
		'decision', private.released_decision_of(p.id),
		'is_author', e.is_author,
		'is_owner', e.person_id = p.owner_id,
		'may_edit', e.is_author
			and p.state <> 'withdrawn'
			and private.call_window(p.summit_id, p.owner_id) in ('open', 'late'),
		'late_until', private.iso(private.late_until(p.summit_id, p.owner_id)),
		'lacks', private.missing_proposal_fields(p),
		'answers', private.answers_json(p.id, null),
		'own_answers', private.answers_json(p.id, e.id),
		'people', private.proposal_people_json(p.id, e.is_author)
	)
	from private.proposals as p
	join lateral (
		select own.*
		from private.proposal_people as own
		where own.proposal_id = p.id
			and own.state = 'confirmed'
			and own.person_id in (select private.my_people('speaking'))
		order by own.is_author desc, own.person_id <> (select private.me())
		limit 1
	) as e on true
	where p.id = proposal
$$;
grant execute on function public.read_proposal(uuid) to authenticated;
