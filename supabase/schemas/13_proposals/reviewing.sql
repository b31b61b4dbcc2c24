-- The committee reads what was proposed: who reads what, without conflicts of interest, at first without names, by
-- criteria.

-- Members for whom somebody stands at a Summit.
create function private.members_of(p_person uuid, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.member_id from public.registrations as r
	where r.person_id = p_person and r.summit_id = p_summit and r.member_id is not null
		and r.state not in ('declined', 'withdrawn', 'expired')
	union
	select f.member_id from public.focal_points as f
		where f.person_id = p_person and f.summit_id = p_summit and (f.until is null or f.until > now())
$$;

-- Why somebody may not read a proposal: own (in it, invited to it, or acts for one of its people), member (of one of
-- its people), declared; else null.
create function private.conflict_of(p_proposal uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	with involved as (
		select coalesce(e.person_id, private.invited_person(e.address_hash)) as id, e.summit_id
			from private.proposal_people as e where e.proposal_id = p_proposal
	)
	select case
		when exists (select from involved where id = p_person)
			or exists (select from involved join public.account_people as l on l.person_id = involved.id
			join public.account_people as self on self.account_id = l.account_id and self.relation = 'self'
				and self.person_id = p_person
			where l.relation = 'assistant' and l.scope in ('all', 'speaking') and (l.until is null or l.until > now()))
				then 'own'
		when exists (select from involved, private.members_of(involved.id, involved.summit_id) as m (id)
			where m.id in (select private.members_of(p_person, involved.summit_id))) then 'member'
		when exists (select from private.review_conflicts as c
			where c.proposal_id = p_proposal and c.person_id = p_person) then 'declared' end
$$;

create function private.is_reviewer(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.reviewers as r where r.summit_id = p_summit and r.person_id = private.me()
		and r.ended_at is null and (r.until is null or r.until > now()))
$$;

-- May the signed-in person review this one now: assigned to them while they are on the committee, or an organiser's;
-- and no conflict. ok | conflict | not_found
create function private.review_access(p private.proposals) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p.id is null or p.state <> 'submitted' then 'not_found'
		when not private.has_role(p.summit_id, 'programme') and not (private.is_reviewer(p.summit_id)
			and exists (select from private.review_assignments as a
				where a.proposal_id = p.id and a.reviewer_id = private.me())) then 'not_found'
		when private.conflict_of(p.id, private.me()) is not null then 'conflict'
		else 'ok' end
$$;

-- [{id, version}] of what a review scores must be a whole number from 0 to 5 of the Summit's own criteria.
create function private.fits_scores(p_summit uuid, p_scores jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_typeof(p_scores) = 'object'
		and not exists (select from jsonb_each(p_scores) as s (criterion, score)
		where jsonb_typeof(s.score) <> 'number' or s.score::text !~ '^[0-5]$'
			or not exists (select from private.review_criteria as c
				where c.summit_id = p_summit and c.id = private.as_uuid(s.criterion))), false)
$$;

-- Keeps a review, or sends it (each criterion scored). Changed until the decision is told.
-- {status: ok | conflict | changed_meanwhile | incomplete | invalid | closed | not_found, version}
create function public.save_review(proposal uuid, scores jsonb, comment text, send boolean, version integer default 0)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
	v_old private.reviews;
	v_me uuid := private.me();
	v_access text;
begin
	-- The proposal's lock comes first, so that no decision is told meanwhile.
	select * into p from private.proposals as own where own.id = proposal for share;
	v_access := private.review_access(p);
	if v_access <> 'ok' then return jsonb_build_object('status', v_access); end if;
	if private.told_decision(p.id) is not null then return jsonb_build_object('status', 'closed'); end if;
	if not private.fits_scores(p.summit_id, scores) or length(comment) > 4000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('review:' || proposal || v_me, 0));
	select * into v_old from private.reviews as r where r.proposal_id = proposal and r.reviewer_id = v_me;
	if coalesce(v_old.version, 0) <> coalesce(save_review.version, 0) then
		return jsonb_build_object('status', 'changed_meanwhile', 'version', v_old.version);
	end if;
	-- What was sent stays sent.
	if (send or v_old.sent_at is not null) and exists (select from private.review_criteria as c
		where c.summit_id = p.summit_id and not scores ? c.id::text) then
		return jsonb_build_object('status', 'incomplete', 'version', coalesce(v_old.version, 0));
	end if;
	insert into private.review_assignments (proposal_id, reviewer_id, assigned_by) values (proposal, v_me, v_me)
		on conflict do nothing;
	insert into private.reviews as r (proposal_id, reviewer_id, scores, comment, sent_at)
		values (proposal, v_me, scores, btrim(coalesce(comment, '')), case when send then now() end)
	on conflict (proposal_id, reviewer_id) do update
		set scores = excluded.scores, comment = excluded.comment, version = r.version + 1, updated_at = now(),
		sent_at = coalesce(r.sent_at, excluded.sent_at);
	perform private.tell('organise:' || p.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok', 'version', coalesce(v_old.version, 0) + 1);
end
$$;
grant execute on function public.save_review(uuid, jsonb, text, boolean, integer) to authenticated;

-- A conflict ends the assignment and takes the own review away. Answers ok | not_found.
create function public.declare_conflict(proposal uuid, reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
begin
	select * into p from private.proposals as own where own.id = proposal for share;
	if private.review_access(p) = 'not_found' then return 'not_found'; end if;
	insert into private.review_conflicts (proposal_id, person_id, reason)
		values (proposal, private.me(), left(private.one_line(reason), 500)) on conflict do nothing;
	delete from private.reviews as r where r.proposal_id = proposal and r.reviewer_id = private.me();
	delete from private.review_assignments as a where a.proposal_id = proposal and a.reviewer_id = private.me();
	perform private.tell('organise:' || p.summit_id, 'proposals');
	return 'ok';
end
$$;
grant execute on function public.declare_conflict(uuid, text) to authenticated;

-- The discussion is for those who have sent their own review. Answers ok | invalid | limited | not_found.
create function public.discuss_proposal(proposal uuid, body text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
begin
	select * into p from private.proposals as own where own.id = proposal;
	if private.review_access(p) <> 'ok' or not private.has_reviewed(proposal, private.me()) then
		return 'not_found';
	end if;
	if length(btrim(coalesce(body, ''))) not between 1 and 2000 then return 'invalid'; end if;
	if (select count(*) from private.review_messages as m
		where m.proposal_id = proposal and m.person_id = private.me()) >= 100 then
		return 'limited';
	end if;
	insert into private.review_messages (proposal_id, person_id, body) values (proposal, private.me(), btrim(body));
	return 'ok';
end
$$;
grant execute on function public.discuss_proposal(uuid, text) to authenticated;

create function private.has_reviewed(p_proposal uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.reviews as r
		where r.proposal_id = p_proposal and r.reviewer_id = p_person and r.sent_at is not null)
$$;

-- What reviewers read: the proposal without whoever stands behind it, their own review, and the others' once theirs is
-- sent.

create function private.criteria_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'help', c.help, 'weight', c.weight,
		'position', c.position) order by c.position, c.id), '[]')
	from private.review_criteria as c where c.summit_id = p_summit
$$;

-- The mean of a review's scores by the criteria's weights; null when it scores nothing.
create function private.weighted_score(p_summit uuid, p_scores jsonb) returns numeric
language sql stable security definer set search_path = '' as $$
	select sum(c.weight * (p_scores ->> c.id::text)::integer)::numeric / nullif(sum(c.weight), 0)
	from private.review_criteria as c where c.summit_id = p_summit and p_scores ? c.id::text
$$;

-- No names, members, notes for organisers, or answers that were promised to organisers alone; with names where the call
-- says so.
create function private.blind_json(p private.proposals) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p.id, 'code', p.code, 'title', p.title, 'abstract', p.abstract, 'content_note',
		p.content_note, 'spoken', p.spoken,
		'attendance', p.attendance, 'level', p.level, 'format',
			(select f.name from public.formats as f where f.id = p.format_id),
		'track', (select t.name from public.tracks as t where t.id = p.track_id),
		'roles', (select coalesce(jsonb_agg(e.role order by e.position), '[]') from private.proposal_people as e
			where e.proposal_id = p.id and e.state <> 'declined'),
		'answers', (select coalesce(jsonb_agg(private.question_json(q) || jsonb_build_object('answer', a.answer)
			order by q.position, q.id), '[]')
			from private.proposal_answers as a join private.call_questions as q on q.id = a.question_id
			where a.proposal_id = p.id and a.entry_id is null and q.readers = 'reviewers' and q.about = 'proposal'
				and q.retired_at is null),
		'people',
			case when (select c.is_anonymous from private.calls as c where c.summit_id = p.summit_id) is false then
			(select coalesce(jsonb_agg(jsonb_build_object('name', o.display_name, 'affiliation', o.affiliation, 'role',
				e.role) order by e.position), '[]')
			from private.proposal_people as e join public.people as o on o.id = e.person_id
				where e.proposal_id = p.id and e.state = 'confirmed') end)
$$;

-- For whoever is on the committee: {criteria, rows: [{id, code, title, track, format, mine: none | kept | sent}],
-- conflicts}: what is assigned to them, and for organisers the rest as well. Of what they may not read nothing stands
-- here but how many. Null for everybody else.
create function public.read_reviews(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select p, private.conflict_of(p.id, private.me()) is null as is_free,
			exists (select from private.review_assignments as a
				where a.proposal_id = p.id and a.reviewer_id = private.me()) as is_assigned
		from private.proposals as p where p.summit_id = summit and p.state = 'submitted'
	), listed as (
		select p, is_assigned, (select case when r.sent_at is null then 'kept' else 'sent' end from private.reviews as r
			where r.proposal_id = (p).id and r.reviewer_id = private.me()) as mine
		from asked where is_free and (is_assigned or private.has_role(summit, 'programme'))
	)
	select jsonb_build_object('criteria', private.criteria_json(summit), 'is_organiser',
		private.has_role(summit, 'programme'),
		'conflicts',
			(select count(*) from asked where not is_free and (is_assigned or private.has_role(summit, 'programme'))),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', (p).id, 'code', (p).code, 'title', (p).title,
			'is_assigned', is_assigned, 'mine', coalesce(mine, 'none'),
			'track', (select t.name from public.tracks as t where t.id = (p).track_id), 'format',
				(select f.name from public.formats as f where f.id = (p).format_id))
			-- Each reviewer in an order of their own, so that the first is not read most by all.
			order by coalesce(mine, 'none') = 'sent', not is_assigned, md5((p).id::text || private.me()::text)), '[]')
				from listed))
	where private.has_role(summit, 'programme') or private.is_reviewer(summit)
$$;
grant execute on function public.read_reviews(uuid) to authenticated;

-- {status: ok | conflict, proposal, criteria, mine, others: null until mine is sent, discussion}; null when it is none
-- of the reader's.
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
	return jsonb_build_object('status', 'ok', 'proposal', private.blind_json(p), 'criteria',
		private.criteria_json(p.summit_id), 'told', private.told_decision(p.id) is not null,
		'mine', (select jsonb_build_object('scores', r.scores, 'comment', r.comment, 'version', r.version, 'sent_at',
			private.iso(r.sent_at))
			from private.reviews as r where r.proposal_id = p.id and r.reviewer_id = private.me()),
		'others', case when v_sent then (select coalesce(jsonb_agg(jsonb_build_object('name', o.display_name, 'scores',
			r.scores, 'comment', r.comment,
				'score', round(private.weighted_score(p.summit_id, r.scores), 2)) order by r.sent_at), '[]')
			from private.reviews as r join public.people as o on o.id = r.reviewer_id
				where r.proposal_id = p.id and r.reviewer_id <> private.me() and r.sent_at is not null) end,
		'discussion', case when v_sent then (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name',
			o.display_name, 'body', m.body, 'at', private.iso(m.written_at),
				'is_mine', m.person_id = private.me()) order by m.written_at, m.id), '[]')
			from private.review_messages as m left join public.people as o on o.id = m.person_id
				where m.proposal_id = p.id) end);
end
$$;
grant execute on function public.read_review(uuid) to authenticated;
