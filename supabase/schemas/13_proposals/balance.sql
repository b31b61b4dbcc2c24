-- The balance of what is accepted so far, which organisers see beside the selection (selection.sql).

-- The people of accepted proposals by sector or region, [{label, count}]; a count below the smallest group of the
-- Summit is null. It counts people, not proposals.
create function private.accepted_people_counts(p_summit uuid, p_by text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with chosen as (
		select distinct e.person_id
		from private.proposal_decisions as d
		join private.proposal_people as e on e.proposal_id = d.proposal_id and e.state = 'confirmed'
		where d.summit_id = p_summit
			and d.decision = 'accept'
	), counted as (
		select case p_by when 'sector' then sm.sector::text else sm.region end as label, count(*) as count
		from chosen as c
		left join lateral (
			select m.sector, m.region
			from private.represented_members(c.person_id, p_summit) as own (id)
			join public.summit_members as m on m.summit_id = p_summit and m.member_id = own.id
			limit 1
		) as sm on true
		group by 1
	)
	select coalesce(
		jsonb_agg(
			jsonb_build_object('label', label, 'count', private.suppress_small_count(p_summit, count))
			order by label nulls last
		),
		'[]'
	)
	from counted
$$;

-- How many proposals of each track are accepted, [{name, count}].
create function private.accepted_tracks_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'name', t.name,
				'count', (
					select count(*)
					from private.proposal_decisions as d
					join private.proposals as p on p.id = d.proposal_id
					where d.decision = 'accept' and p.track_id = t.id
				)
			)
			order by t.position, t.slug
		),
		'[]'
	)
	from public.tracks as t
	where t.summit_id = p_summit
$$;

-- How many accepted proposals chose each answer to the questions of the call that count for the balance, [{label,
-- choices: [{label, count}]}].
create function private.accepted_answers_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'label', q.label,
				'choices', (
					select jsonb_agg(
						jsonb_build_object(
							'label', choice -> 'label',
							'count', (
								select private.suppress_small_count(p_summit, count(*))
								from private.proposal_answers as a
								join private.proposal_decisions as d
									on d.proposal_id = a.proposal_id and d.decision = 'accept'
								where a.question_id = q.id and a.answer = choice -> 'key'
							)
						)
					)
					from jsonb_array_elements(q.choices) as choice
				)
			)
			order by q.position
		),
		'[]'
	)
	from private.call_questions as q
	where q.summit_id = p_summit and q.in_balance and q.retired_at is null
$$;

-- The balance of accepted proposals: {sector, region, accepted, track, survivors, questions}; counts that could
-- identify people (private.suppress_small_count) are null.
create function private.selection_balance_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'sector', private.accepted_people_counts(p_summit, 'sector'),
		'region', private.accepted_people_counts(p_summit, 'region'),
		'accepted', (
			select count(*)
			from private.proposal_decisions as d
			where d.summit_id = p_summit and d.decision = 'accept'
		),
		'track', private.accepted_tracks_json(p_summit),
		'survivors', (
			select private.suppress_small_count(p_summit, count(*))
			from private.proposal_decisions as d
			join private.proposal_marks as m on m.proposal_id = d.proposal_id
			where d.summit_id = p_summit and d.decision = 'accept' and m.brings_survivors
		),
		'questions', private.accepted_answers_json(p_summit)
	)
$$;
