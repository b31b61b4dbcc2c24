-- The programme committee: its reviewers, the criteria, who reviews what, conflicts of interest, reviews and
-- discussions.

-- The members of the committee.
create table private.reviewers (
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The tracks that they review; empty: all.
	track_ids uuid[] not null default '{}',
	added_at timestamptz not null default now(),
	ended_at timestamptz,
	-- When their access ends; null: when they leave the committee.
	until timestamptz,
	primary key (summit_id, person_id)
);
create index on private.reviewers (person_id);
alter table private.reviewers enable row level security;
select audit.watch('private.reviewers', 'person_id');

-- The criteria by which reviewers score, with their weights.
create table private.review_criteria (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	name public.text_map not null check (name <> '{}'::jsonb),
	help public.text_map not null default '{}',
	weight integer not null default 1 check (weight between 1 and 10),
	position integer not null default 0,
	constraint name_one_line check (private.are_one_line(name))
);
create index on private.review_criteria (summit_id);
alter table private.review_criteria enable row level security;
select audit.watch('private.review_criteria');

-- Which reviewer reviews which proposal.
create table private.review_assignments (
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	reviewer_id uuid not null references public.people (id) on update cascade on delete cascade,
	assigned_by uuid references public.people (id) on update cascade on delete set null,
	assigned_at timestamptz not null default now(),
	primary key (proposal_id, reviewer_id)
);
create index on private.review_assignments (reviewer_id);
create index on private.review_assignments (assigned_by);
alter table private.review_assignments enable row level security;

-- Conflicts of interest that reviewers declared. Only organisers read the reason.
create table private.review_conflicts (
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	reason text not null default '' check (length(reason) <= 500),
	declared_at timestamptz not null default now(),
	primary key (proposal_id, person_id)
);
create index on private.review_conflicts (person_id);
alter table private.review_conflicts enable row level security;
select audit.watch('private.review_conflicts', 'person_id', 'reason');

-- One review of one reviewer; a draft until it is sent.
create table private.reviews (
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	reviewer_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- {id of a criterion: 0 to 5}
	scores jsonb not null default '{}' check (jsonb_typeof(scores) = 'object'),
	comment text not null default '' check (length(comment) <= 4000),
	version integer not null default 1,
	updated_at timestamptz not null default now(),
	sent_at timestamptz,
	primary key (proposal_id, reviewer_id)
);
create index on private.reviews (reviewer_id);
alter table private.reviews enable row level security;
select audit.watch('private.reviews', 'reviewer_id', 'comment');

-- The discussion of a proposal among those who have sent their review.
create table private.review_messages (
	id uuid primary key default gen_random_uuid(),
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete set null,
	body text not null check (length(btrim(body)) between 1 and 2000),
	written_at timestamptz not null default now()
);
create index on private.review_messages (proposal_id, written_at);
create index on private.review_messages (person_id);
alter table private.review_messages enable row level security;

-- Invitations of external reviewers by mail address, for the call of a Summit and until a day
-- (reviewer_invitations.sql).
create table private.reviewer_invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	track_ids uuid[] not null default '{}',
	-- As the organiser wrote it; it becomes the name of the person who accepts, if they have none yet.
	display_name text not null check (length(display_name) between 1 and 120),
	access_ends_at timestamptz not null,
	address_hash bytea not null,
	token_hash bytea unique,
	invited_by uuid references public.people (id) on update cascade on delete set null,
	invited_at timestamptz not null default now(),
	state public.role_invitation_state not null default 'open',
	answered_at timestamptz,
	check ((state = 'open') = (answered_at is null)),
	constraint display_name_one_line check (private.is_one_line(display_name))
);
create unique index reviewer_invitations_one_open on private.reviewer_invitations (summit_id, address_hash)
	where state = 'open';
create index on private.reviewer_invitations (invited_by);
alter table private.reviewer_invitations enable row level security;
select audit.watch('private.reviewer_invitations', '', 'token_hash', 'address_hash', 'display_name');
