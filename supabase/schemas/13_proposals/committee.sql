-- The programme committee, for programme organisers: its reviewers, the criteria, and the progress of reviews. Who
-- reviews what is in review_assignments.sql.

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

-- Removes somebody from the committee, which can be undone: reviews that they sent stay, and their other assignments end, so that others can
-- take them. Answers ok | not_found.
create function public.end_reviewer(summit uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform private.begin_undoable(summit, 'reviewer_removed', null, 'programme');
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

-- Removes a criterion, which can be undone; scores by it no longer count. Answers ok | not_found.
create function public.remove_criterion(summit uuid, criterion uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.begin_undoable(summit, 'criterion_removed', to_jsonb(c.name), 'programme')
	from private.review_criteria as c
	where c.id = criterion
		and c.summit_id = summit
		and private.has_role(summit, 'programme');
	delete from private.review_criteria as c
	where c.id = criterion
		and c.summit_id = summit
		and private.has_role(summit, 'programme');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_criterion(uuid, uuid) to authenticated;

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
