-- The programme committee, for programme organisers: its reviewers, the criteria, the assignment of proposals, and the
-- progress of reviews.

-- Adds somebody of the Summit to the committee without an end date, or changes the tracks that a reviewer reviews: an
-- external one stays until the same day. Somebody who has left, or whose day is over, is added again. Answers ok |
-- not_allowed | unknown_person | invalid.
create function public.save_reviewer(summit uuid, person uuid, tracks uuid[] default '{}')
	returns public.reviewer_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if not exists (
			select
			from public.people as p
			where p.id = person and p.id in (select private.people_of_summit(summit))
		)
		and not exists (
			select
			from private.reviewers as r
			where r.summit_id = save_reviewer.summit and r.person_id = person
		) then
		return 'unknown_person';
	end if;
	if cardinality(tracks) > 100 then return 'invalid'; end if;
	insert into private.reviewers as r (summit_id, person_id, track_ids)
	values (summit, person, coalesce(tracks, '{}'))
	on conflict (summit_id, person_id) do update set
		track_ids = excluded.track_ids,
		ended_at = null,
		until = case when r.ended_at is null and r.until > now() then r.until end;
	return 'ok';
end
$$;
grant execute on function public.save_reviewer(uuid, uuid, uuid[]) to authenticated;

-- Removes somebody from the committee: reviews that they sent stay, and their other assignments end, so that others can
-- take them. Answers ok | not_found.
create function public.end_reviewer(summit uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	update private.reviewers as r
	set ended_at = now()
	where r.summit_id = summit
		and r.person_id = person
		and r.ended_at is null;
	if not found then return 'not_found'; end if;
	delete from private.review_assignments as a
	using private.proposals as p
	where p.id = a.proposal_id
		and p.summit_id = summit
		and a.reviewer_id = person
		and not private.has_reviewed(a.proposal_id, person);
	return 'ok';
end
$$;
grant execute on function public.end_reviewer(uuid, uuid) to authenticated;

-- Saves a criterion (null: a new one). Answers {status: ok | not_allowed | invalid | not_found, id}.
create function public.save_criterion(summit uuid, criterion uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.review_criteria;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if criterion is not null
		and not exists (select from private.review_criteria as c where c.id = criterion and c.summit_id = summit) then
		return jsonb_build_object('status', 'not_found');
	end if;
	begin
		v := jsonb_populate_record(
			null::private.review_criteria,
			'{"help": {}, "weight": 1, "position": 0}'::jsonb
			|| jsonb_strip_nulls(fields)
			|| jsonb_build_object('id', coalesce(criterion, gen_random_uuid()), 'summit_id', summit)
		);
		insert into private.review_criteria
		select v.*
		on conflict (id) do update
			set name = excluded.name, help = excluded.help, weight = excluded.weight, position = excluded.position;
	exception when data_exception or integrity_constraint_violation then return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok', 'id', v.id);
end
$$;
grant execute on function public.save_criterion(uuid, uuid, jsonb) to authenticated;

-- Removes a criterion; scores by it no longer count. Answers ok | not_found.
create function public.remove_criterion(summit uuid, criterion uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.review_criteria as c
	where c.id = criterion
		and c.summit_id = summit
		and private.has_role(summit, 'programme');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_criterion(uuid, uuid) to authenticated;

-- Assigns proposals to a reviewer. Answers {assigned, conflicts}: those with a conflict are left out, and only their
-- number is given.
create function public.assign_reviewer(summit uuid, proposals uuid[], person uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_assigned integer;
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
	insert into private.review_assignments (proposal_id, reviewer_id, assigned_by)
	select p.id, person, private.me()
	from private.proposals as p
	where p.id = any (proposals)
		and p.summit_id = summit
		and p.state = 'submitted'
		and private.conflict_of(p.id, person) is null
	on conflict do nothing;
	get diagnostics v_assigned = row_count;
	return jsonb_build_object('assigned', v_assigned, 'conflicts', (
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

-- Ends an assignment, unless the review was sent. Answers ok | not_found.
create function public.unassign_reviewer(proposal uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
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
-- with the fewest assignments first. Answers {assigned, short: how many proposals still have too few}. Two organisers
-- at once come one after the other.
create function public.assign_reviews_evenly(summit uuid, each integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
	v_reviewer uuid;
	v_missing integer;
	v_assigned integer := 0;
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
			v_assigned := v_assigned + 1;
			v_missing := v_missing - 1;
			exit when v_missing = 0;
		end loop;
		if v_missing > 0 then v_short := v_short + 1; end if;
	end loop;
	return jsonb_build_object('assigned', v_assigned, 'short', v_short);
end
$$;
grant execute on function public.assign_reviews_evenly(uuid, integer) to authenticated;

-- The committee and its progress, {criteria, proposals, unassigned, reviewers: [{person, name, affiliation, track_ids,
-- until, assigned, sent, reminded_at}]}; null without the programme role.
create function public.read_committee(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as (
		select
			a.reviewer_id,
			count(*) as assigned,
			count(*) filter (where private.has_reviewed(a.proposal_id, a.reviewer_id)) as sent
		from private.review_assignments as a
		join private.proposals as p on p.id = a.proposal_id and p.summit_id = summit and p.state = 'submitted'
		group by 1
	)
	select jsonb_build_object(
		'criteria', private.criteria_json(summit),
		'proposals', (
			select count(*)
			from private.proposals as p
			where p.summit_id = summit and p.state = 'submitted'
		),
		'unassigned', (
			select count(*)
			from private.proposals as p
			where p.summit_id = summit
				and p.state = 'submitted'
				and not exists (select from private.review_assignments as a where a.proposal_id = p.id)
		),
		'reviewers', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'person', r.person_id,
						'name', o.display_name,
						'affiliation', o.affiliation,
						'track_ids', r.track_ids,
						'until', private.iso(r.until),
						'assigned', coalesce(h.assigned, 0),
						'sent', coalesce(h.sent, 0),
						'reminded_at', (
							select private.iso(max(m.created_at))
							from private.outbox as m
							where m.person_id = r.person_id
								and m.summit_id = summit
								and m.template = 'review_reminder'
						)
					)
					order by o.display_name, o.id
				),
				'[]'
			)
			from private.reviewers as r
			join public.people as o on o.id = r.person_id
			left join held as h on h.reviewer_id = r.person_id
			where r.summit_id = summit and r.ended_at is null
		)
	)
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.read_committee(uuid) to authenticated;

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
