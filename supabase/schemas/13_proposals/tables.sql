-- The call for proposals of a Summit: when it is open by the database's clock, what it offers and asks, and who may
-- still come late.

create table private.calls (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	opens_at timestamptz not null,
	closes_at timestamptz not null check (closes_at > opens_at),
	text public.text_map not null default '{}',
	-- What may be proposed; none named: all that the Summit has.
	format_ids uuid[] not null default '{}',
	track_ids uuid[] not null default '{}',
	max_per_person integer not null default 3 check (max_per_person between 1 and 50),
	-- Reviewers learn no names, members or identifying answers.
	is_anonymous boolean not null default true,
	version integer not null default 1,
	updated_at timestamptz not null default now()
);
alter table private.calls enable row level security;
select audit.watch('private.calls');

create table private.call_questions (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	label public.text_map not null check (label <> '{}'::jsonb),
	help public.text_map not null default '{}',
	kind text not null check (kind in ('text', 'long_text', 'choice', 'several', 'number')),
	choices jsonb not null default '[]' check (jsonb_typeof(choices) = 'array'),
	is_required boolean not null default false,
	-- Asked once of the proposal, or of each of its people.
	about text not null default 'proposal' check (about in ('proposal', 'person')),
	-- Reviewers read it in their first pass, or only the programme's organisers.
	readers text not null default 'organisers' check (readers in ('reviewers', 'organisers')),
	-- A choice whose spread stands beside the choosing: how many of each are in.
	in_balance boolean not null default false,
	position integer not null default 0,
	retired_at timestamptz,
	check (not in_balance or kind = 'choice'),
	-- What somebody says of themselves says who they are.
	check (about = 'proposal' or readers = 'organisers'),
	constraint label_one_line check (private.are_one_line(label)),
	constraint choices_one_line check (private.are_one_line(choices))
);
alter table private.call_questions enable row level security;
create index on private.call_questions (summit_id);
select audit.watch('private.call_questions');

-- A personal way in after the close. Whoever opens it first, signed in, has it; it is nobody else's then.
create table private.late_links (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	token_hash bytea not null unique,
	note text not null check (length(note) between 1 and 120),
	until timestamptz not null,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	used_at timestamptz,
	revoked_at timestamptz,
	constraint note_one_line check (private.is_one_line(note))
);
alter table private.late_links enable row level security;
create index on private.late_links (summit_id);
create index on private.late_links (person_id);
create index on private.late_links (created_by);
select audit.watch('private.late_links', 'person_id', 'token_hash', 'note');

-- Proposals for the agenda. Drafts keep themselves; two tabs never overwrite each other silently. Everything is read
-- and written by functions: the tables open for nobody.

create type public.proposal_state as enum ('draft', 'submitted', 'withdrawn');

create table private.proposals (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	code text not null unique default private.random_code(6),
	-- Who began it, and answers for it.
	owner_id uuid not null references public.people (id) on update cascade on delete cascade,
	state public.proposal_state not null default 'draft',
	title public.text_map not null default '{}',
	abstract public.text_map not null default '{}',
	content_note public.text_map not null default '{}',
	notes text not null default '' check (length(notes) <= 4000),
	format_id uuid,
	track_id uuid,
	spoken text[] not null default '{en}' check (cardinality(spoken) between 1 and 10),
	attendance public.session_attendance not null default 'hall_and_online',
	level public.confidentiality not null default 'members',
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	submitted_at timestamptz,
	foreign key (format_id, summit_id) references public.formats (id, summit_id) on delete restrict,
	foreign key (track_id, summit_id) references public.tracks (id, summit_id) on delete restrict,
	unique (id, summit_id),
	constraint title_one_line check (private.are_one_line(title)),
	constraint spoken_one_line check (private.are_one_line(spoken))
);
alter table private.proposals enable row level security;
create index on private.proposals (summit_id, state);
create index on private.proposals (owner_id);
create index on private.proposals (format_id);
create index on private.proposals (track_id);
select audit.watch('private.proposals', 'owner_id', 'title', 'abstract', 'content_note', 'notes');

-- Its people. Whoever is invited is an address and a name that an author wrote, which only the authors read, until the
-- holder of the address accepts: then the display record stands for them, whatever was written.
create table private.proposal_people (
	id uuid primary key default gen_random_uuid(),
	proposal_id uuid not null,
	summit_id uuid not null,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	role public.session_role not null default 'speaker' check (role in ('speaker', 'chair', 'moderator', 'respondent')),
	-- An author writes in it as its owner does.
	is_author boolean not null default false,
	state public.participation_state not null default 'invited',
	position integer not null default 0,
	written_name text check (length(written_name) between 1 and 120),
	address_hash bytea,
	address_sealed bytea,
	key_id text,
	address_mask text check (address_mask like '%…%' and length(address_mask) <= 200),
	locale text not null default 'en' check (locale in ('en', 'fr', 'es', 'ar')),
	token_hash bytea unique,
	sent_at timestamptz[] not null default '{}',
	expires_at timestamptz,
	invited_by uuid references public.people (id) on update cascade on delete set null,
	answered_at timestamptz,
	foreign key (proposal_id, summit_id) references private.proposals (id, summit_id) on delete cascade,
	unique (proposal_id, person_id),
	check ((state = 'confirmed') <= (person_id is not null)),
	check (person_id is not null or address_hash is not null),
	constraint written_name_one_line check (private.is_one_line(written_name)),
	constraint address_mask_one_line check (private.is_one_line(address_mask))
);
alter table private.proposal_people enable row level security;
create unique index proposal_people_one_address on private.proposal_people (proposal_id, address_hash)
	where person_id is null and state = 'invited';
create index on private.proposal_people (summit_id);
create index on private.proposal_people (person_id);
create index on private.proposal_people (address_hash);
create index on private.proposal_people (invited_by);
select audit.watch('private.proposal_people', 'person_id', 'written_name', 'address_hash', 'address_sealed',
	'address_mask', 'token_hash');

-- One answer to a question about the proposal (entry null), or one of each of its people.
create table private.proposal_answers (
	id uuid primary key default gen_random_uuid(),
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	question_id uuid not null references private.call_questions (id) on delete cascade,
	entry_id uuid references private.proposal_people (id) on delete cascade,
	answer jsonb not null check (length(answer::text) <= 8000),
	unique nulls not distinct (proposal_id, question_id, entry_id)
);
alter table private.proposal_answers enable row level security;
create index on private.proposal_answers (question_id);
create index on private.proposal_answers (entry_id);

-- What is decided on a proposal, and what of it was told: two things until the mails are released.

create table private.proposal_decisions (
	proposal_id uuid primary key,
	summit_id uuid not null,
	-- Null: the organisers took it back before it was told.
	decision text check (decision in ('accept', 'waitlist', 'decline')),
	version integer not null default 1,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz not null default now(),
	told text check (told in ('accept', 'waitlist', 'decline')),
	told_at timestamptz,
	-- The session that it became, once.
	session_id uuid unique references public.sessions (id) on delete set null,
	foreign key (proposal_id, summit_id) references private.proposals (id, summit_id) on delete cascade
);
alter table private.proposal_decisions enable row level security;
create index on private.proposal_decisions (summit_id);
create index on private.proposal_decisions (decided_by);
select audit.watch('private.proposal_decisions');

-- Set by organisers, about the proposal and never asked of a person: it brings survivors' own voices.
create table private.proposal_marks (
	proposal_id uuid primary key references private.proposals (id) on delete cascade,
	brings_survivors boolean not null default false
);
alter table private.proposal_marks enable row level security;

-- The committee reads what was proposed: who reads what, without conflicts of interest, at first without names, by
-- criteria.

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
	position integer not null default 0,
	constraint name_one_line check (private.are_one_line(name))
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

-- Reviewers from outside: invited by mail address, for the Summit's call, until a day. They read what is assigned to
-- them and nothing else. The link works once, for whoever has proven the address, and signs nobody in.

create table private.reviewer_invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	track_ids uuid[] not null default '{}',
	-- As whoever invites wrote it; the name of whoever accepts and has none yet.
	display_name text not null check (length(display_name) between 1 and 120),
	reads_until timestamptz not null,
	address_hash bytea not null,
	token_hash bytea unique,
	invited_by uuid references public.people (id) on update cascade on delete set null,
	invited_at timestamptz not null default now(),
	state public.role_invitation_state not null default 'open',
	answered_at timestamptz,
	check ((state = 'open') = (answered_at is null)),
	constraint display_name_one_line check (private.is_one_line(display_name))
);
alter table private.reviewer_invitations enable row level security;
create unique index reviewer_invitations_one_open on private.reviewer_invitations (summit_id, address_hash)
	where state = 'open';
create index on private.reviewer_invitations (invited_by);
select audit.watch('private.reviewer_invitations', '', 'token_hash', 'address_hash', 'display_name');
