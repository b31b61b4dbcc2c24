-- The call for proposals, proposals with their people and answers, and the decisions on them. Nothing here is readable
-- through the API: no role has a grant or policy, and everything is read and written by functions.

-- The call of a Summit. Without a row there is none.
create table private.calls (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	opens_at timestamptz not null,
	closes_at timestamptz not null check (closes_at > opens_at),
	text public.text_map not null default '{}',
	-- The formats and tracks that may be proposed; empty: all of the Summit.
	format_ids uuid[] not null default '{}',
	track_ids uuid[] not null default '{}',
	max_per_person integer not null default 3 check (max_per_person between 1 and 50),
	-- Whether reviewers read proposals without names, members and identifying answers.
	is_anonymous boolean not null default true,
	version integer not null default 1,
	updated_at timestamptz not null default now()
);
alter table private.calls enable row level security;
select audit.watch('private.calls');

-- The questions that the call asks.
create table private.call_questions (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	label public.text_map not null check (label <> '{}'::jsonb),
	help public.text_map not null default '{}',
	kind text not null check (kind in ('text', 'long_text', 'choice', 'several', 'number')),
	choices jsonb not null default '[]' check (jsonb_typeof(choices) = 'array'),
	is_required boolean not null default false,
	-- Asked once about the proposal, or of each of its people.
	subject text not null default 'proposal' check (subject in ('proposal', 'person')),
	-- Whether reviewers read the answers too, or programme organisers alone.
	visible_to text not null default 'organisers' check (visible_to in ('reviewers', 'organisers')),
	-- Whether the balance of accepted proposals counts the answers (balance.sql).
	in_balance boolean not null default false,
	position integer not null default 0,
	retired_at timestamptz,
	check (not in_balance or kind = 'choice'),
	-- What people say about themselves identifies them.
	check (subject = 'proposal' or visible_to = 'organisers'),
	constraint label_one_line check (private.are_one_line(label)),
	constraint choices_one_line check (private.are_one_line(choices))
);
create index on private.call_questions (summit_id);
alter table private.call_questions enable row level security;
select audit.watch('private.call_questions');

-- Personal links that admit one person after the close: the first who opens it signed in has it, and nobody else then.
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
create index on private.late_links (summit_id);
create index on private.late_links (person_id);
create index on private.late_links (created_by);
alter table private.late_links enable row level security;
select audit.watch('private.late_links', 'person_id', 'token_hash', 'note');

create type public.proposal_state as enum ('draft', 'submitted', 'withdrawn');

-- Proposals for the agenda. `version` detects that two tabs save at once.
create table private.proposals (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	code text not null unique default private.random_code(6),
	-- The person who started it and is responsible for it.
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
create index on private.proposals (summit_id, state);
create index on private.proposals (owner_id);
create index on private.proposals (format_id);
create index on private.proposals (track_id);
alter table private.proposals enable row level security;
select audit.watch('private.proposals', 'owner_id', 'title', 'abstract', 'content_note', 'notes');

-- The people of a proposal. Somebody who is invited is an address and a name that an author wrote, which only the
-- authors read. When the holder of the address accepts, their own record names them and the written name is deleted.
create table private.proposal_people (
	id uuid primary key default gen_random_uuid(),
	proposal_id uuid not null,
	summit_id uuid not null,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	role public.session_role not null default 'speaker' check (role in ('speaker', 'chair', 'moderator', 'respondent')),
	-- An author edits the proposal as its owner does.
	is_author boolean not null default false,
	state public.participation_state not null default 'invited',
	position integer not null default 0,
	written_name text check (length(written_name) between 1 and 120),
	address_hash bytea,
	address_sealed bytea,
	key_id text,
	address_mask text check (address_mask like '%…%' and length(address_mask) <= 200),
	locale text not null default 'en' check (private.is_interface_language(locale)),
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
create unique index proposal_people_one_address on private.proposal_people (proposal_id, address_hash)
	where person_id is null and state = 'invited';
create index on private.proposal_people (summit_id);
create index on private.proposal_people (person_id);
create index on private.proposal_people (address_hash);
create index on private.proposal_people (invited_by);
alter table private.proposal_people enable row level security;
select audit.watch('private.proposal_people', 'person_id', 'written_name', 'address_hash', 'address_sealed',
	'address_mask', 'token_hash');

-- The answers to questions about a proposal (entry null) or about one of its people.
create table private.proposal_answers (
	id uuid primary key default gen_random_uuid(),
	proposal_id uuid not null references private.proposals (id) on delete cascade,
	question_id uuid not null references private.call_questions (id) on delete cascade,
	entry_id uuid references private.proposal_people (id) on delete cascade,
	answer jsonb not null check (length(answer::text) <= 8000),
	unique nulls not distinct (proposal_id, question_id, entry_id)
);
create index on private.proposal_answers (question_id);
create index on private.proposal_answers (entry_id);
alter table private.proposal_answers enable row level security;

-- The decision on a proposal, and the decision of which its people were notified: they differ until the mails are
-- released.
create table private.proposal_decisions (
	proposal_id uuid primary key,
	summit_id uuid not null,
	-- Null: the organisers withdrew it before its release.
	decision text check (decision in ('accept', 'waitlist', 'decline')),
	version integer not null default 1,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz not null default now(),
	released_decision text check (released_decision in ('accept', 'waitlist', 'decline')),
	decision_released_at timestamptz,
	-- The session that was made of the proposal, once.
	session_id uuid unique references public.sessions (id) on delete set null,
	foreign key (proposal_id, summit_id) references private.proposals (id, summit_id) on delete cascade
);
create index on private.proposal_decisions (summit_id);
create index on private.proposal_decisions (decided_by);
alter table private.proposal_decisions enable row level security;
select audit.watch('private.proposal_decisions');

-- Whether a proposal gives survivors a voice, as organisers note it. No person is ever asked about it.
create table private.proposal_marks (
	proposal_id uuid primary key references private.proposals (id) on delete cascade,
	brings_survivors boolean not null default false
);
alter table private.proposal_marks enable row level security;
