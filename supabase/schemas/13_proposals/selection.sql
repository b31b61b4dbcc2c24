-- Selecting proposals, for programme organisers: the scores of their reviews, and what was proposed with all that its
-- authors wrote.

-- The reviews that were sent, with the score and the normalised score: its distance from the mean of the reviewer, in
-- standard deviations of the reviewer.
create function private.review_scores(p_summit uuid)
	returns table (proposal_id uuid, reviewer_id uuid, score numeric, normalised numeric)
language sql stable security definer set search_path = '' as $$
	with scored as (
		select r.proposal_id, r.reviewer_id, private.weighted_score(p_summit, r.scores) as score
		from private.reviews as r
		join private.proposals as p on p.id = r.proposal_id
		where p.summit_id = p_summit
			and r.sent_at is not null
	)
	select
		s.proposal_id,
		s.reviewer_id,
		s.score,
		coalesce((s.score - avg(s.score) over own) / nullif(stddev_pop(s.score) over own, 0), 0)
	from scored as s
	where s.score is not null
	window own as (partition by s.reviewer_id)
$$;

-- Why the scores of a proposal are withheld from the reader: conflict | review_first (assigned to them, and their
-- review not yet sent, which the scores would influence); null: they are shown.
create function private.scores_withheld_reason(p_proposal uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.conflict_of(p_proposal, private.me()) is not null then 'conflict'
		when exists (
				select
				from private.review_assignments as a
				where a.proposal_id = p_proposal and a.reviewer_id = (select private.me())
			)
			and not private.has_reviewed(p_proposal, private.me()) then 'review_first'
	end
$$;

-- Whether a proposal has waited two weeks without a review, at a Summit that has reviewers.
create function private.is_proposal_stale(p private.proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'submitted'
		and p.submitted_at < now() - interval '14 days'
		and exists (select from private.reviewers as r where r.summit_id = p.summit_id and r.ended_at is null)
		and not exists (select from private.reviews as r where r.proposal_id = p.id and r.sent_at is not null)
		and not exists (
			select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
$$;

-- What the list shows of the people of a proposal: [{name, affiliation, role, state}], without those who declined.
create function private.selection_names_json(p_proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object('name', o.display_name, 'affiliation', o.affiliation, 'role', e.role, 'state', e.state)
			order by e.position
		),
		'[]'
	)
	from private.proposal_people as e
	left join public.people as o on o.id = e.person_id
	where e.proposal_id = p_proposal and e.state <> 'declined'
$$;

-- The scores of a proposal in the list, from its reviews in private.review_scores.
create type private.proposal_grade as (
	proposal_id uuid,
	score numeric,
	spread numeric,
	normalised numeric,
	reviews bigint
);

-- A proposal in the list. `p_withheld`: why its scores are withheld from the reader, null when they are shown.
create function private.selection_row_json(p private.proposals, g private.proposal_grade, p_withheld text)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'code', p.code,
		'title', p.title,
		'state', p.state,
		'level', p.level,
		'attendance', p.attendance,
		'format_id', p.format_id,
		'track_id', p.track_id,
		'decision', d.decision,
		'released_decision', d.released_decision,
		'version', coalesce(d.version, 0),
		'session_id', d.session_id,
		'brings_survivors', coalesce(
			(select m.brings_survivors from private.proposal_marks as m where m.proposal_id = p.id), false
		),
		'withheld', p_withheld,
		'score', case when p_withheld is null then round(g.score, 2) end,
		'spread', case when p_withheld is null then round(g.spread, 2) end,
		'normalised', case when p_withheld is null then round(g.normalised, 2) end,
		'reviews', case when p_withheld is null then coalesce(g.reviews, 0) end,
		'assigned', (select count(*) from private.review_assignments as a where a.proposal_id = p.id),
		'is_stale', p_withheld is distinct from 'conflict' and private.is_proposal_stale(p),
		'people', private.selection_names_json(p.id)
	)
	from (select) as one
	left join private.proposal_decisions as d on d.proposal_id = p.id
$$;

-- All proposals but drafts, by score: {rows, balance, drafts: how many, held: {mails, proposals} that wait for their
-- release}; null without the programme role.
create function public.read_selection(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with graded as (
		select s.proposal_id, avg(s.score) as score, stddev_pop(s.score) as spread, avg(s.normalised) as normalised,
			count(*) as reviews
		from private.review_scores(summit) as s
		group by 1
	), listed as (
		select p, row(g.*)::private.proposal_grade as g, private.scores_withheld_reason(p.id) as withheld
		from private.proposals as p
		left join graded as g on g.proposal_id = p.id
		where p.summit_id = summit
			and p.state <> 'draft'
	)
	select jsonb_build_object(
		'balance', private.selection_balance_json(summit),
		'drafts', (select count(*) from private.proposals as p where p.summit_id = summit and p.state = 'draft'),
		'held', jsonb_build_object(
			'mails', (
				select count(*)
				from private.outbox as o
				where o.summit_id = summit and o.state = 'held' and o.idempotency_key like 'proposal_decision:%'
			),
			'proposals', (
				select count(*)
				from private.proposal_decisions as o
				where o.summit_id = summit and o.decision is not null and o.decision is distinct from o.released_decision
			)
		),
		'rows', (
			select coalesce(
				jsonb_agg(
					private.selection_row_json(p, g, withheld)
					order by case when withheld is null then (g).score end desc nulls last, (p).code
				),
				'[]'
			)
			from listed
		)
	)
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.read_selection(uuid) to authenticated;

-- The answers to the questions of the call, [{the question, answer}]: of one person of a proposal, or with `p_entry`
-- null those about the proposal itself.
create function private.call_answers_json(p_proposal uuid, p_entry uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(private.question_json(q) || jsonb_build_object('answer', a.answer) order by q.position, q.id), '[]'
	)
	from private.proposal_answers as a
	join private.call_questions as q on q.id = a.question_id
	where case when p_entry is null then a.proposal_id = p_proposal and a.entry_id is null else a.entry_id = p_entry end
$$;

-- The people of a proposal for organisers: [{name, office, affiliation, country, role, state, is_author, answers}].
create function private.selection_people_json(p_proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'name', o.display_name,
				'office', o.office,
				'affiliation', o.affiliation,
				'country', o.country,
				'role', e.role,
				'state', e.state,
				'is_author', e.is_author,
				'answers', private.call_answers_json(p_proposal, e.id)
			)
			order by e.position
		),
		'[]'
	)
	from private.proposal_people as e
	left join public.people as o on o.id = e.person_id
	where e.proposal_id = p_proposal
$$;

-- The decision on a proposal: {decision, released_decision, version, session_id, held: mails that wait for the
-- release}; null without one.
create function private.selection_decision_json(p_proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'decision', d.decision,
		'released_decision', d.released_decision,
		'version', d.version,
		'session_id', d.session_id,
		'held', (
			select count(*)
			from private.outbox as o
			where o.state = 'held' and o.idempotency_key like 'proposal_decision:' || p_proposal || ':%'
		)
	)
	from private.proposal_decisions as d
	where d.proposal_id = p_proposal
$$;

-- The people to whom a proposal is assigned: [{person, name, sent}].
create function private.selection_reviewers_json(p_proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object('person', o.id, 'name', o.display_name, 'sent', private.has_reviewed(p_proposal, o.id))
			order by o.display_name
		),
		'[]'
	)
	from private.review_assignments as a
	join public.people as o on o.id = a.reviewer_id
	where a.proposal_id = p_proposal
$$;

-- The reviews of a proposal that were sent: [{name, scores, comment, score}].
create function private.selection_reviews_json(p_summit uuid, p_proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'name', o.display_name,
				'scores', r.scores,
				'comment', r.comment,
				'score', round(private.weighted_score(p_summit, r.scores), 2)
			)
			order by r.sent_at
		),
		'[]'
	)
	from private.reviews as r
	join public.people as o on o.id = r.reviewer_id
	where r.proposal_id = p_proposal and r.sent_at is not null
$$;

-- One proposal with all that its authors wrote, its decision and its reviews, for programme organisers; null for
-- others. Reviews are null while they are withheld from the reader; with a conflict they do not learn the reviewers
-- either.
create function public.read_selection_proposal(proposal uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	p private.proposals;
	v_withheld text;
begin
	select * into p from private.proposals as own where own.id = proposal and own.state <> 'draft';
	if not found or not private.has_role(p.summit_id, 'programme') then return null; end if;
	v_withheld := private.scores_withheld_reason(p.id);
	return private.blind_json(p) || jsonb_build_object(
		'state', p.state,
		'notes', p.notes,
		'submitted_at', private.iso(p.submitted_at),
		'withheld', v_withheld,
		'brings_survivors', coalesce(
			(select m.brings_survivors from private.proposal_marks as m where m.proposal_id = p.id), false
		),
		'decision', private.selection_decision_json(p.id),
		'people', private.selection_people_json(p.id),
		'answers', private.call_answers_json(p.id, null),
		'criteria', private.criteria_json(p.summit_id),
		'reviewers', case
			when v_withheld is distinct from 'conflict' then private.selection_reviewers_json(p.id)
			else '[]'
		end,
		'reviews', case when v_withheld is null then private.selection_reviews_json(p.summit_id, p.id) end
	);
end
$$;
grant execute on function public.read_selection_proposal(uuid) to authenticated;
