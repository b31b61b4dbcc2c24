-- Who reviews which proposal: assigning one reviewer or all evenly, taking a proposal back, and reminding those who
-- have reviews to write.

-- Keeps the assignments that the reader has just made, so that they can be undone until a review is begun.
create function private.keep_assignments(p_summit uuid, p_assigned jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	select private.keep_undoable(p_summit, 'reviewers_assigned', null, p_assigned, 'programme')
	where jsonb_array_length(p_assigned) > 0
$$;

-- Assigns proposals to a reviewer, which can be undone. Answers {assigned, conflicts}: those with a conflict are left
-- out, and only their number is given.
create function public.assign_reviewer(summit uuid, proposals uuid[], person uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_assigned jsonb;
begin
	if not private.has_role(summit, 'programme')
		or cardinality(proposals) > 500
		or not exists (
			select
			from private.reviewers as r
			where r.summit_id = summit
				and r.person_id = person
				and r.ended_at is null
				and (r.until is null or r.until > now())
		) then
		return jsonb_build_object('assigned', 0, 'conflicts', 0);
	end if;
	with assigned as (
		insert into private.review_assignments (proposal_id, reviewer_id, assigned_by)
		select p.id, person, private.me()
		from private.proposals as p
		where p.id = any (proposals)
			and p.summit_id = summit
			and p.state = 'submitted'
			and private.conflict_of(p.id, person) is null
		on conflict do nothing
		returning proposal_id, reviewer_id
	)
	select coalesce(jsonb_agg(jsonb_build_object('proposal', a.proposal_id, 'reviewer', a.reviewer_id)), '[]')
	into v_assigned
	from assigned as a;
	perform private.keep_assignments(summit, v_assigned);
	return jsonb_build_object('assigned', jsonb_array_length(v_assigned), 'conflicts', (
		select count(*)
		from private.proposals as p
		where p.id = any (proposals)
			and p.summit_id = summit
			and p.state = 'submitted'
			and private.conflict_of(p.id, person) is not null
	));
end
$$;
grant execute on function public.assign_reviewer(uuid, uuid[], uuid) to authenticated;

-- Ends an assignment, unless the review was sent. Answers ok | not_found. Locks the proposal first, so that no review
-- is saved meanwhile.
create function public.unassign_reviewer(proposal uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform
	from private.proposals as p
	where p.id = unassign_reviewer.proposal and private.has_role(p.summit_id, 'programme')
	for no key update;
	delete from private.review_assignments as a
	using private.proposals as p
	where p.id = a.proposal_id
		and a.proposal_id = unassign_reviewer.proposal
		and a.reviewer_id = person
		and private.has_role(p.summit_id, 'programme')
		and not private.has_reviewed(p.id, person);
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.unassign_reviewer(uuid, uuid) to authenticated;

-- Assigns each submitted proposal evenly to reviewers, up to `each` (1 to 20): of its track, without a conflict, those
-- with the fewest assignments first, which can be undone. Answers {assigned, short: how many proposals still have too
-- few}. Two organisers at once come one after the other.
create function public.assign_reviews_evenly(summit uuid, each integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
	v_reviewer uuid;
	v_missing integer;
	v_assigned jsonb := '[]';
	v_short integer := 0;
begin
	if not private.has_role(summit, 'programme') or coalesce(each, 0) not between 1 and 20 then
		return jsonb_build_object('assigned', 0, 'short', 0);
	end if;
	perform pg_advisory_xact_lock(hashtextextended('reviews:' || summit, 0));
	for p in
		select *
		from private.proposals as own
		where own.summit_id = summit and own.state = 'submitted'
		order by own.code
	loop
		v_missing := each - (select count(*) from private.review_assignments as a where a.proposal_id = p.id);
		continue when v_missing <= 0;
		for v_reviewer in
			select r.person_id
			from private.reviewers as r
			where r.summit_id = summit
				and r.ended_at is null
				and (r.until is null or r.until > now())
				and (r.track_ids = '{}' or p.track_id = any (r.track_ids))
				and not exists (
					select
					from private.review_assignments as a
					where a.proposal_id = p.id and a.reviewer_id = r.person_id
				)
			order by
				(
					select count(*)
					from private.review_assignments as a
					join private.proposals as o on o.id = a.proposal_id
					where a.reviewer_id = r.person_id and o.summit_id = summit
				),
				md5(p.id::text || r.person_id::text)
		loop
			continue when private.conflict_of(p.id, v_reviewer) is not null;
			insert into private.review_assignments (proposal_id, reviewer_id, assigned_by)
			values (p.id, v_reviewer, private.me());
			v_assigned := v_assigned || jsonb_build_object('proposal', p.id, 'reviewer', v_reviewer);
			v_missing := v_missing - 1;
			exit when v_missing = 0;
		end loop;
		if v_missing > 0 then v_short := v_short + 1; end if;
	end loop;
	perform private.keep_assignments(summit, v_assigned);
	return jsonb_build_object('assigned', jsonb_array_length(v_assigned), 'short', v_short);
end
$$;
grant execute on function public.assign_reviews_evenly(uuid, integer) to authenticated;

-- Reminds each reviewer who still has reviews to send, at most once a day. Answers how many mails were queued.
create function public.remind_reviewers(summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row record;
	v_count integer := 0;
begin
	if not private.has_role(summit, 'programme') then return 0; end if;
	for v_row in
		select a.reviewer_id, count(*) as open
		from private.review_assignments as a
		join private.proposals as p on p.id = a.proposal_id
		join private.reviewers as r
			on r.summit_id = p.summit_id
			and r.person_id = a.reviewer_id
			and r.ended_at is null
			and (r.until is null or r.until > now())
		where p.summit_id = summit
			and p.state = 'submitted'
			and private.released_decision_of(p.id) is null
			and not private.has_reviewed(p.id, a.reviewer_id)
		group by 1
		order by 1
	loop
		if private.enqueue_mail(
			v_row.reviewer_id,
			'review_reminder',
			jsonb_build_object('count', v_row.open),
			summit,
			'review_reminder:' || summit || ':' || v_row.reviewer_id || ':' || current_date
		) is not null then
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;
grant execute on function public.remind_reviewers(uuid) to authenticated;
