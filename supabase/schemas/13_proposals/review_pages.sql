-- What reviewers read: their list of proposals, and one proposal with their own review, the reviews of others and the
-- discussion.

-- A proposal as reviewers read it: without names, members, notes to the organisers and answers that are for organisers
-- alone; with the names of its people where the call is not anonymous.
create function private.blind_json(p private.proposals) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'code', p.code,
		'title', p.title,
		'abstract', p.abstract,
		'content_note', p.content_note,
		'spoken', p.spoken,
		'attendance', p.attendance,
		'level', p.level,
		'format', (select f.name from public.formats as f where f.id = p.format_id),
		'track', (select t.name from public.tracks as t where t.id = p.track_id),
		'roles', (
			select coalesce(jsonb_agg(e.role order by e.position), '[]')
			from private.proposal_people as e
			where e.proposal_id = p.id and e.state <> 'declined'
		),
		'answers', (
			select coalesce(
				jsonb_agg(
					private.question_json(q) || jsonb_build_object('answer', a.answer)
					order by q.position, q.id
				),
				'[]'
			)
			from private.proposal_answers as a
			join private.call_questions as q on q.id = a.question_id
			where a.proposal_id = p.id
				and a.entry_id is null
				and q.visible_to = 'reviewers'
				and q.subject = 'proposal'
				and q.retired_at is null
		),
		'people', case
			when (select c.is_anonymous from private.calls as c where c.summit_id = p.summit_id) is false then (
				select coalesce(
					jsonb_agg(
						jsonb_build_object('name', o.display_name, 'affiliation', o.affiliation, 'role', e.role)
						order by e.position
					),
					'[]'
				)
				from private.proposal_people as e
				join public.people as o on o.id = e.person_id
				where e.proposal_id = p.id and e.state = 'confirmed'
			)
		end
	)
$$;

-- The proposals of a reviewer, {criteria, is_organiser, conflicts, rows: [{id, code, title, is_assigned, mine: none |
-- kept | sent, track, format}]}: those assigned to them, for organisers all. Of proposals with a conflict only the
-- number is given. Null for people who are neither reviewers nor programme organisers.
create function public.read_reviews(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select
			p,
			private.conflict_of(p.id, private.me()) is null as is_free,
			exists (
				select
				from private.review_assignments as a
				where a.proposal_id = p.id and a.reviewer_id = (select private.me())
			) as is_assigned
		from private.proposals as p
		where p.summit_id = summit
			and p.state = 'submitted'
	), listed as (
		select
			p,
			is_assigned,
			(
				select case when r.sent_at is null then 'kept' else 'sent' end
				from private.reviews as r
				where r.proposal_id = (p).id and r.reviewer_id = (select private.me())
			) as mine
		from asked
		where is_free
			and (is_assigned or private.has_role(summit, 'programme'))
	)
	select jsonb_build_object(
		'criteria', private.criteria_json(summit),
		'is_organiser', private.has_role(summit, 'programme'),
		'conflicts', (
			select count(*)
			from asked
			where not is_free and (is_assigned or private.has_role(summit, 'programme'))
		),
		'rows', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', (p).id,
						'code', (p).code,
						'title', (p).title,
						'is_assigned', is_assigned,
						'mine', coalesce(mine, 'none'),
						'track', (select t.name from public.tracks as t where t.id = (p).track_id),
						'format', (select f.name from public.formats as f where f.id = (p).format_id)
					)
					-- Each reviewer has an order of their own, so that the same proposals are not read first by all.
					order by
						coalesce(mine, 'none') = 'sent',
						not is_assigned,
						md5((p).id::text || private.me()::text)
				),
				'[]'
			)
			from listed
		)
	)
	where private.has_role(summit, 'programme')
		or private.is_reviewer(summit)
$$;
grant execute on function public.read_reviews(uuid) to authenticated;

-- The reviews that others have sent, [{name, scores, comment, score}], in the order in which they came.
create function private.other_reviews_json(p private.proposals) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'name', o.display_name,
				'scores', r.scores,
				'comment', r.comment,
				'score', round(private.weighted_score(p.summit_id, r.scores), 2)
			)
			order by r.sent_at
		),
		'[]'
	)
	from private.reviews as r
	join public.people as o on o.id = r.reviewer_id
	where r.proposal_id = p.id and r.reviewer_id <> (select private.me()) and r.sent_at is not null
$$;

-- The discussion of a proposal, [{id, name, body, at, is_mine}].
create function private.review_discussion_json(p_proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', m.id,
				'name', o.display_name,
				'body', m.body,
				'at', private.iso(m.written_at),
				'is_mine', m.person_id = private.me()
			)
			order by m.written_at, m.id
		),
		'[]'
	)
	from private.review_messages as m
	left join public.people as o on o.id = m.person_id
	where m.proposal_id = p_proposal
$$;

-- One proposal for its reviewer: {status: ok | conflict, proposal, criteria, is_released: whether a decision was
-- released, mine, others, discussion}; `others` and `discussion` are null until they have sent their review. Null when
-- they may not review it.
create function public.read_review(proposal uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	p private.proposals;
	v_access text;
	v_sent boolean := private.has_reviewed(proposal, private.me());
begin
	select * into p from private.proposals as own where own.id = proposal;
	v_access := private.review_access(p);
	if v_access <> 'ok' then
		return case v_access when 'conflict' then jsonb_build_object('status', 'conflict') end;
	end if;
	return jsonb_build_object(
		'status', 'ok',
		'proposal', private.blind_json(p),
		'criteria', private.criteria_json(p.summit_id),
		'is_released', private.released_decision_of(p.id) is not null,
		'mine', (
			select jsonb_build_object(
				'scores', r.scores,
				'comment', r.comment,
				'version', r.version,
				'sent_at', private.iso(r.sent_at)
			)
			from private.reviews as r
			where r.proposal_id = p.id and r.reviewer_id = (select private.me())
		),
		'others', case when v_sent then private.other_reviews_json(p) end,
		'discussion', case when v_sent then private.review_discussion_json(p.id) end
	);
end
$$;
grant execute on function public.read_review(uuid) to authenticated;
