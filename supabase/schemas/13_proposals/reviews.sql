-- Reviewing: reviewers read a proposal, without names unless the call says otherwise, score it by criteria, and read
-- the reviews of others and discuss only after they sent their own.

-- Whether the reader is on the committee of a Summit now.
create function private.is_reviewer(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.reviewers as r
		where r.summit_id = p_summit
			and r.person_id = (select private.me())
			and r.ended_at is null
			and (r.until is null or r.until > now())
	)
$$;

-- Whether somebody has sent their review of a proposal.
create function private.has_reviewed(p_proposal uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.reviews as r
		where r.proposal_id = p_proposal
			and r.reviewer_id = p_person
			and r.sent_at is not null
	)
$$;

-- Whether the reader may review a submitted proposal: as a reviewer to whom it is assigned or a programme organiser,
-- without a conflict. Answers ok | conflict | not_found.
create function private.review_access(p private.proposals) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p.id is null or p.state <> 'submitted' then 'not_found'
		when not private.has_role(p.summit_id, 'programme')
			and not (
				private.is_reviewer(p.summit_id)
				and exists (
					select
					from private.review_assignments as a
					where a.proposal_id = p.id and a.reviewer_id = (select private.me())
				)
			) then 'not_found'
		when private.conflict_of(p.id, private.me()) is not null then 'conflict'
		else 'ok'
	end
$$;

-- Whether scores are whole numbers from 0 to 5 for criteria of the Summit: {id of a criterion: score}.
create function private.are_valid_scores(p_summit uuid, p_scores jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_typeof(p_scores) = 'object'
		and not exists (
			select
			from jsonb_each(p_scores) as s (criterion, score)
			where jsonb_typeof(s.score) <> 'number'
				or s.score::text !~ '^[0-5]$'
				or not exists (
					select
					from private.review_criteria as c
					where c.summit_id = p_summit and c.id = private.parse_uuid(s.criterion)
				)
		),
		false
	)
$$;

-- The mean of the scores of a review by the weights of the criteria; null when it scores none.
create function private.weighted_score(p_summit uuid, p_scores jsonb) returns numeric
language sql stable security definer set search_path = '' as $$
	select sum(c.weight * (p_scores ->> c.id::text)::integer)::numeric / nullif(sum(c.weight), 0)
	from private.review_criteria as c
	where c.summit_id = p_summit
		and p_scores ? c.id::text
$$;

-- The criteria of a Summit: [{id, name, help, weight, position}].
create function private.criteria_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object('id', c.id, 'name', c.name, 'help', c.help, 'weight', c.weight, 'position', c.position)
			order by c.position, c.id
		),
		'[]'
	)
	from private.review_criteria as c
	where c.summit_id = p_summit
$$;

-- Saves the reader's review as a draft, or sends it, with every criterion scored. A sent review can change, but not be
-- unsent, until the decision is released. Answers {status: ok | conflict | changed_meanwhile | incomplete | invalid |
-- closed | not_found, version}. Locks the proposal (for share) first, so that no decision is released meanwhile, then
-- the review.
create function public.save_review(proposal uuid, scores jsonb, comment text, send boolean, version integer default 0)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
	v_old private.reviews;
	v_me uuid := private.me();
	v_access text;
begin
	select * into p from private.proposals as own where own.id = proposal for share;
	v_access := private.review_access(p);
	if v_access <> 'ok' then return jsonb_build_object('status', v_access); end if;
	if private.released_decision_of(p.id) is not null then return jsonb_build_object('status', 'closed'); end if;
	if not private.are_valid_scores(p.summit_id, scores) or length(comment) > 4000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('review:' || proposal || v_me, 0));
	select * into v_old from private.reviews as r where r.proposal_id = proposal and r.reviewer_id = v_me;
	if coalesce(v_old.version, 0) <> coalesce(save_review.version, 0) then
		return jsonb_build_object('status', 'changed_meanwhile', 'version', v_old.version);
	end if;
	-- A sent review stays complete.
	if (send or v_old.sent_at is not null)
		and exists (
			select
			from private.review_criteria as c
			where c.summit_id = p.summit_id and not scores ? c.id::text
		) then
		return jsonb_build_object('status', 'incomplete', 'version', coalesce(v_old.version, 0));
	end if;
	insert into private.review_assignments (proposal_id, reviewer_id, assigned_by)
	values (proposal, v_me, v_me)
	on conflict do nothing;
	insert into private.reviews as r (proposal_id, reviewer_id, scores, comment, sent_at)
	values (proposal, v_me, scores, btrim(coalesce(comment, '')), case when send then now() end)
	on conflict (proposal_id, reviewer_id) do update set
		scores = excluded.scores,
		comment = excluded.comment,
		version = r.version + 1,
		updated_at = now(),
		sent_at = coalesce(r.sent_at, excluded.sent_at);
	perform private.publish_event('organise:' || p.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok', 'version', coalesce(v_old.version, 0) + 1);
end
$$;
grant execute on function public.save_review(uuid, jsonb, text, boolean, integer) to authenticated;

-- Adds a message of the reader to the discussion, which is for those who have sent their review. Answers ok | invalid |
-- limited (100 messages) | not_found. Locks the reader's review, so that the limit holds.
create function public.discuss_proposal(proposal uuid, body text) returns public.discussion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
begin
	select * into p from private.proposals as own where own.id = proposal;
	if private.review_access(p) <> 'ok' or not private.has_reviewed(proposal, private.me()) then
		return 'not_found';
	end if;
	if length(btrim(coalesce(body, ''))) not between 1 and 2000 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('review:' || proposal || private.me(), 0));
	if (
		select count(*)
		from private.review_messages as m
		where m.proposal_id = proposal and m.person_id = (select private.me())
	) >= 100 then
		return 'limited';
	end if;
	insert into private.review_messages (proposal_id, person_id, body) values (proposal, private.me(), btrim(body));
	return 'ok';
end
$$;
grant execute on function public.discuss_proposal(uuid, text) to authenticated;
