-- The committee reads what was proposed: who reads what, without conflicts of interest, at first without names, by criteria.

create table private.reviewers (
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- Reads these; none named: all.
	track_ids uuid[] not null default '{}',
	added_at timestamptz not null default now(),
	ended_at timestamptz,
	-- Reads until then; null: as long as they are on the committee.
	until timestamptz,
	primary key (summit_id, person_id)
);
alter table private.reviewers enable row level security;
create index on private.reviewers (person_id);
select audit.watch('private.reviewers', 'person_id');

create table private.review_criteria (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	name public.text_map not null check (name <> '{}'::jsonb),
	help public.text_map not null default '{}',
	weight integer not null default 1 check (weight between 1 and 10),
	position integer not null default 0
);
alter table private.review_criteria enable row level security;
create index on private.review_criteria (summit_id);
select audit.watch('private.review_criteria');

create table private.review_assignments (
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	reviewer_id uuid not null references public.people (id) on update cascade on delete cascade,
	assigned_by uuid references public.people (id) on update cascade on delete set null,
	assigned_at timestamptz not null default now(),
	primary key (proposal_id, reviewer_id)
);
alter table private.review_assignments enable row level security;
create index on private.review_assignments (reviewer_id);
create index on private.review_assignments (assigned_by);

-- Said by the reviewer; why stays with the organisers.
create table private.review_conflicts (
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	reason text not null default '' check (length(reason) <= 500),
	declared_at timestamptz not null default now(),
	primary key (proposal_id, person_id)
);
alter table private.review_conflicts enable row level security;
create index on private.review_conflicts (person_id);
select audit.watch('private.review_conflicts', 'person_id', 'reason');

create table private.reviews (
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	reviewer_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- {criterion: 0 to 5}
	scores jsonb not null default '{}' check (jsonb_typeof(scores) = 'object'),
	comment text not null default '' check (length(comment) <= 4000),
	version integer not null default 1,
	updated_at timestamptz not null default now(),
	sent_at timestamptz,
	primary key (proposal_id, reviewer_id)
);
alter table private.reviews enable row level security;
create index on private.reviews (reviewer_id);
select audit.watch('private.reviews', 'reviewer_id', 'comment');

create table private.review_messages (
	id uuid primary key default gen_random_uuid(),
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete set null,
	body text not null check (length(btrim(body)) between 1 and 2000),
	written_at timestamptz not null default now()
);
alter table private.review_messages enable row level security;
create index on private.review_messages (proposal_id, written_at);
create index on private.review_messages (person_id);

-- Members for whom somebody stands at a Summit.
create function private.members_of(p_person uuid, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.member_id from public.registrations as r
	where r.person_id = p_person and r.summit_id = p_summit and r.member_id is not null and r.state not in ('declined', 'withdrawn', 'expired')
	union
	select f.member_id from public.focal_points as f where f.person_id = p_person and f.summit_id = p_summit and (f.until is null or f.until > now())
$$;

-- Why somebody may not read a proposal: own (in it, invited to it, or acts for one of its people), member (of one of its people), declared; else null.
create function private.conflict_of(p_proposal uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	with involved as (
		select coalesce(e.person_id, private.invited_person(e.address_hash)) as id, e.summit_id from private.proposal_people as e where e.proposal_id = p_proposal
	)
	select case
		when exists (select from involved where id = p_person) or exists (select from involved join public.account_people as l on l.person_id = involved.id
			join public.account_people as self on self.account_id = l.account_id and self.relation = 'self' and self.person_id = p_person
			where l.relation = 'assistant' and l.scope in ('all', 'speaking') and (l.until is null or l.until > now())) then 'own'
		when exists (select from involved, private.members_of(involved.id, involved.summit_id) as m (id)
			where m.id in (select private.members_of(p_person, involved.summit_id))) then 'member'
		when exists (select from private.review_conflicts as c where c.proposal_id = p_proposal and c.person_id = p_person) then 'declared' end
$$;

create function private.is_reviewer(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.reviewers as r where r.summit_id = p_summit and r.person_id = private.me() and r.ended_at is null and (r.until is null or r.until > now()))
$$;

-- May the signed-in person review this one now: assigned to them while they are on the committee, or an organiser's; and no conflict.
-- ok | conflict | not_found
create function private.review_access(p private.proposals) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p.id is null or p.state <> 'submitted' then 'not_found'
		when not private.has_role(p.summit_id, 'programme') and not (private.is_reviewer(p.summit_id)
			and exists (select from private.review_assignments as a where a.proposal_id = p.id and a.reviewer_id = private.me())) then 'not_found'
		when private.conflict_of(p.id, private.me()) is not null then 'conflict'
		else 'ok' end
$$;

-- [{id, version}] of what a review scores must be a whole number from 0 to 5 of the Summit's own criteria.
create function private.fits_scores(p_summit uuid, p_scores jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_typeof(p_scores) = 'object' and not exists (select from jsonb_each(p_scores) as s (criterion, score)
		where jsonb_typeof(s.score) <> 'number' or s.score::text !~ '^[0-5]$'
			or not exists (select from private.review_criteria as c where c.summit_id = p_summit and c.id = private.as_uuid(s.criterion))), false)
$$;

-- Keeps a review, or sends it (each criterion scored). Changed until the decision is told.
-- {status: ok | conflict | changed_meanwhile | incomplete | invalid | closed | not_found, version}
create function public.save_review(proposal uuid, scores jsonb, comment text, send boolean, version integer default 0) returns jsonb
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
	if not private.fits_scores(p.summit_id, scores) or length(comment) > 4000 then return jsonb_build_object('status', 'invalid'); end if;
	perform pg_advisory_xact_lock(hashtextextended('review:' || proposal || v_me, 0));
	select * into v_old from private.reviews as r where r.proposal_id = proposal and r.reviewer_id = v_me;
	if coalesce(v_old.version, 0) <> coalesce(save_review.version, 0) then return jsonb_build_object('status', 'changed_meanwhile', 'version', v_old.version); end if;
	-- What was sent stays sent.
	if (send or v_old.sent_at is not null) and exists (select from private.review_criteria as c where c.summit_id = p.summit_id and not scores ? c.id::text) then
		return jsonb_build_object('status', 'incomplete', 'version', coalesce(v_old.version, 0));
	end if;
	insert into private.review_assignments (proposal_id, reviewer_id, assigned_by) values (proposal, v_me, v_me) on conflict do nothing;
	insert into private.reviews as r (proposal_id, reviewer_id, scores, comment, sent_at) values (proposal, v_me, scores, btrim(coalesce(comment, '')), case when send then now() end)
	on conflict (proposal_id, reviewer_id) do update set scores = excluded.scores, comment = excluded.comment, version = r.version + 1, updated_at = now(),
		sent_at = coalesce(r.sent_at, excluded.sent_at);
	perform private.tell('organise:' || p.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok', 'version', coalesce(v_old.version, 0) + 1);
end
$$;

-- A conflict ends the assignment and takes the own review away. Answers ok | not_found.
create function public.declare_conflict(proposal uuid, reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
begin
	select * into p from private.proposals as own where own.id = proposal for share;
	if private.review_access(p) = 'not_found' then return 'not_found'; end if;
	insert into private.review_conflicts (proposal_id, person_id, reason) values (proposal, private.me(), left(private.one_line(reason), 500)) on conflict do nothing;
	delete from private.reviews as r where r.proposal_id = proposal and r.reviewer_id = private.me();
	delete from private.review_assignments as a where a.proposal_id = proposal and a.reviewer_id = private.me();
	perform private.tell('organise:' || p.summit_id, 'proposals');
	return 'ok';
end
$$;

-- The discussion is for those who have sent their own review. Answers ok | invalid | limited | not_found.
create function public.discuss_proposal(proposal uuid, body text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
begin
	select * into p from private.proposals as own where own.id = proposal;
	if private.review_access(p) <> 'ok' or not private.has_reviewed(proposal, private.me()) then return 'not_found'; end if;
	if length(btrim(coalesce(body, ''))) not between 1 and 2000 then return 'invalid'; end if;
	if (select count(*) from private.review_messages as m where m.proposal_id = proposal and m.person_id = private.me()) >= 100 then return 'limited'; end if;
	insert into private.review_messages (proposal_id, person_id, body) values (proposal, private.me(), btrim(body));
	return 'ok';
end
$$;

create function private.has_reviewed(p_proposal uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.reviews as r where r.proposal_id = p_proposal and r.reviewer_id = p_person and r.sent_at is not null)
$$;

grant execute on function public.save_review(uuid, jsonb, text, boolean, integer), public.declare_conflict(uuid, text), public.discuss_proposal(uuid, text) to authenticated;
