-- Names as they are compared: without case, accents, order and particles, in Latin letters, and as the consonants that
-- most ways of writing a name share. src/lib/safeguarding/names.ts does the same; a test holds the two against each
-- other.

-- The name under an alias is compared too, by hashes that the app makes with its own key: who is barred does not come
-- in by another name.
create table private.sealed_names (
	person_id uuid primary key references private.protections (person_id) on update cascade on delete cascade,
	key_hash bytea not null,
	skeleton_hash bytea not null
);
alter table private.sealed_names enable row level security;

-- Who is not let in. Safeguarding leads and owners keep the list; nobody else reads that it has anything on anybody.
-- One adds, another confirms; one asks for the end, another ends. Name, reason and source are sealed by the app.

create table private.barred_entries (
	id uuid primary key default gen_random_uuid(),
	-- Null: at every Summit.
	summit_id uuid references public.summits (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete set null,
	-- For whoever is not known yet.
	name_key text not null default '',
	name_skeletons text[] not null default '{}',
	key_hash bytea,
	skeleton_hash bytea,
	country char(2) check (country ~ '^[A-Z]{2}$'),
	address_hash bytea,
	details_sealed bytea not null,
	key_id text not null,
	until timestamptz,
	state text not null default 'proposed' check (state in ('proposed', 'active', 'refused', 'ended')),
	added_by uuid references public.people (id) on update cascade on delete set null,
	added_at timestamptz not null default now(),
	confirmed_by uuid references public.people (id) on update cascade on delete set null,
	confirmed_at timestamptz,
	end_asked_by uuid references public.people (id) on update cascade on delete set null,
	end_asked_at timestamptz,
	ended_by uuid references public.people (id) on update cascade on delete set null,
	ended_at timestamptz,
	check (confirmed_by is null or confirmed_by is distinct from added_by),
	check (ended_by is null or state <> 'ended' or ended_by is distinct from end_asked_by)
);
alter table private.barred_entries enable row level security;
create index on private.barred_entries (person_id);
create index on private.barred_entries (address_hash) where address_hash is not null;

select audit.watch('private.barred_entries', 'person_id', 'person_id', 'name_key', 'name_skeletons', 'key_hash',
	'skeleton_hash', 'country', 'address_hash',
	'details_sealed', 'key_id');

-- An entry and a person it may mean. What safeguarding says of the two is remembered.
create table private.bar_matches (
	id uuid primary key default gen_random_uuid(),
	entry_id uuid not null references private.barred_entries (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	level text not null check (level in ('certain', 'likely', 'possible')),
	found_at timestamptz not null default now(),
	-- Their accreditation was asked for and waits.
	held_at timestamptz,
	is_same boolean,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	-- Safeguarding was written to about a sealed match.
	notified_at timestamptz,
	unique (entry_id, person_id)
);
alter table private.bar_matches enable row level security;
create index on private.bar_matches (person_id);
select audit.watch('private.bar_matches', 'person_id', 'is_same', 'level');

-- Registrations that safeguarding declined: what others read of it names nobody.
create table private.neutral_declines (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	began_at timestamptz not null default now(),
	ended_at timestamptz not null default clock_timestamp()
);
alter table private.neutral_declines enable row level security;
select audit.watch('private.neutral_declines', 'registration_id', 'decided_by');

-- Concerns: what somebody saw or heard that must not wait. Safeguarding leads of the Summit read them, except those
-- whom a concern is about: to them it does not exist. Nobody else finds a trace. What was said and what was done is
-- sealed by the app: the database has no key to it. Each reading is logged before it is answered.

-- A source that raises many concerns within an hour: what comes after the first few is kept in one batch, read as one
-- entry of the list. So a flood neither hides what others report, nor loses anything, nor stops those who share its
-- address. The source is a keyed hash, kept for that hour apart from the concerns.
create table private.concern_sources (
	source bytea primary key,
	began_at timestamptz not null default now(),
	raised integer not null default 0,
	batch_id uuid not null default gen_random_uuid()
);
alter table private.concern_sources enable row level security;

create table private.concerns (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete set null,
	run_id uuid references public.runs (id) on delete set null,
	-- Null: they did not want to be named, or are not signed in.
	reporter_id uuid references public.people (id) on update cascade on delete set null,
	-- What it is about, where that is known: "a chat message".
	about text not null default '' check (length(about) <= 200),
	-- Of a message without a name: the hash of whoever wrote it, worth nothing once the session's salt is gone.
	author bytea,
	-- One of many from one source; the batch says nothing of which.
	batch_id uuid,
	words_sealed bytea not null check (length(words_sealed) <= 20000),
	key_id text not null,
	created_at timestamptz not null default now(),
	closed_at timestamptz,
	closed_by uuid references public.people (id) on update cascade on delete set null,
	note_sealed bytea check (length(note_sealed) <= 20000),
	note_key_id text,
	check ((note_sealed is null) = (note_key_id is null)),
	constraint about_one_line check (private.is_one_line(about))
);
alter table private.concerns enable row level security;
create index on private.concerns (summit_id, created_at desc);
create index on private.concerns (session_id);
create index on private.concerns (reporter_id);
create index on private.concerns (batch_id) where batch_id is not null;

-- Whom a concern is about: named by the reporter or a lead, the author of the message, the people of the session at
-- that time. These people neither read it, nor count it, nor close it.
create table private.concern_subjects (
	concern_id uuid not null references private.concerns (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	source text not null check (source in ('reporter', 'lead', 'author', 'session')),
	marked_by uuid references public.people (id) on update cascade on delete set null,
	marked_at timestamptz not null default now(),
	primary key (concern_id, person_id)
);
alter table private.concern_subjects enable row level security;
create index on private.concern_subjects (person_id);
create index on private.concern_subjects (marked_by);
