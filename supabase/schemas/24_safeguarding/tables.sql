-- Safeguarding: the watch list of people who are not let in, and concerns that people raise. All tables are private;
-- only functions read and write them.

-- Hashes of the sealed name of a person with an alias, made by the app with its own key, so that nobody passes the
-- watch list by taking an alias.
create table private.sealed_name_hashes (
	person_id uuid primary key references private.protections (person_id) on update cascade on delete cascade,
	key_hash bytea not null,
	skeleton_hash bytea not null
);
alter table private.sealed_name_hashes enable row level security;

-- The watch list. Safeguarding leads and owners keep it; nobody else reads that it has anything on anybody. One person
-- adds an entry and another confirms it; one asks for its end and another ends it. Name, reason and source are sealed
-- by the app.
create table private.watch_list_entries (
	id uuid primary key default gen_random_uuid(),
	-- Null: at every Summit.
	summit_id uuid references public.summits (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete set null,
	-- Of a person who is not known yet.
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
create index on private.watch_list_entries (person_id);
create index on private.watch_list_entries (address_hash) where address_hash is not null;
alter table private.watch_list_entries enable row level security;
select audit.watch('private.watch_list_entries', 'person_id', 'person_id', 'name_key', 'name_skeletons', 'key_hash',
	'skeleton_hash', 'country', 'address_hash', 'details_sealed', 'key_id');

-- A person whom an entry may mean, and the decision of safeguarding whether it does, which is kept.
create table private.watch_list_matches (
	id uuid primary key default gen_random_uuid(),
	entry_id uuid not null references private.watch_list_entries (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	level text not null check (level in ('certain', 'likely', 'possible')),
	found_at timestamptz not null default now(),
	-- When an accreditation of the person was held back for the first time.
	held_back_at timestamptz,
	is_same boolean,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	-- When safeguarding got a mail about a sealed match (private.is_sealed_match).
	notified_at timestamptz,
	unique (entry_id, person_id)
);
create index on private.watch_list_matches (person_id);
alter table private.watch_list_matches enable row level security;
select audit.watch('private.watch_list_matches', 'person_id', 'is_same', 'level');

-- Registrations that safeguarding declined. What others read of such a decision names nobody.
create table private.declines_without_reason (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	began_at timestamptz not null default now(),
	ended_at timestamptz not null default clock_timestamp()
);
alter table private.declines_without_reason enable row level security;
select audit.watch('private.declines_without_reason', 'registration_id', 'decided_by');

-- Sources that raise concerns, counted for an hour. What comes after the first few concerns of a source is kept in one
-- batch, which leads read as one entry of the list. So a flood neither hides what others report, nor loses anything,
-- nor stops people who share its address. The source is a keyed hash, kept for that hour and apart from the concerns.
create table private.concern_sources (
	source bytea primary key,
	began_at timestamptz not null default now(),
	raised integer not null default 0,
	batch_id uuid not null default gen_random_uuid()
);
alter table private.concern_sources enable row level security;

-- What a person saw or heard and reports to safeguarding. Leads of the Summit read it, except those whom it is about:
-- to them it does not exist. What was reported and what was done is sealed by the app; the database has no key to it.
-- Each reading is logged before it is answered.
create table private.concerns (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete set null,
	run_id uuid references public.runs (id) on delete set null,
	-- Null: the reporter did not want to be named, or was not signed in.
	reporter_id uuid references public.people (id) on update cascade on delete set null,
	-- What it is about, where that is known: "a chat message".
	subject text not null default '' check (length(subject) <= 200),
	-- The author of a message without a name, as a hash that is worth nothing once the salt of the session is deleted.
	author_hash bytea,
	-- Set for one of many concerns of one source; the batch does not say which source.
	batch_id uuid,
	text_sealed bytea not null check (length(text_sealed) <= 20000),
	key_id text not null,
	created_at timestamptz not null default now(),
	closed_at timestamptz,
	closed_by uuid references public.people (id) on update cascade on delete set null,
	note_sealed bytea check (length(note_sealed) <= 20000),
	note_key_id text,
	-- A hash of the code with which the reporter comes back. The code itself is shown once and stored nowhere; it follows
	-- from the form that was sent, so a form that is sent twice has the same one. Null: raised without a code.
	code_hash bytea unique check (length(code_hash) = 32),
	-- The language of the page on which it was raised.
	locale text check (private.is_interface_language(locale)),
	-- Who wrote it down for somebody else, by phone or at the help desk.
	taken_by uuid references public.people (id) on update cascade on delete set null,
	check ((note_sealed is null) = (note_key_id is null)),
	constraint subject_one_line check (private.is_one_line(subject))
);
create index on private.concerns (summit_id, created_at desc);
create index on private.concerns (session_id);
create index on private.concerns (reporter_id);
create index on private.concerns (batch_id) where batch_id is not null;
create index on private.concerns (taken_by);
alter table private.concerns enable row level security;
-- An audit row names its actor. For a new concern that would be the reporter, so only updates are recorded: what leads
-- do.
create trigger audit_record after update on private.concerns for each row execute function audit.record_change('',
	'text_sealed', 'key_id', 'note_sealed', 'note_key_id', 'subject', 'reporter_id', 'author_hash', 'batch_id',
	'code_hash', 'locale', 'taken_by');

-- The people whom a concern is about: named by the reporter or a lead, the author of the message, the people of the
-- session at that time. They neither read it, nor count it, nor close it.
create table private.concern_subjects (
	concern_id uuid not null references private.concerns (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	source text not null check (source in ('reporter', 'lead', 'author', 'session')),
	marked_by uuid references public.people (id) on update cascade on delete set null,
	marked_at timestamptz not null default now(),
	primary key (concern_id, person_id)
);
create index on private.concern_subjects (person_id);
create index on private.concern_subjects (marked_by);
alter table private.concern_subjects enable row level security;

-- What the reporter and the desk write to each other about a concern, sealed by the app. The reporter writes with the
-- code, without an account, so these rows are in no audit; an answer of the desk is an event there.
create table private.concern_messages (
	id uuid primary key default gen_random_uuid(),
	concern_id uuid not null references private.concerns (id) on delete cascade,
	is_from_desk boolean not null,
	-- Who answered; null for the reporter.
	author_id uuid references public.people (id) on update cascade on delete set null,
	text_sealed bytea not null check (length(text_sealed) <= 20000),
	key_id text not null,
	-- Of the form and what it said: a form that is sent twice adds one message.
	form_hash bytea not null unique check (length(form_hash) = 32),
	sent_at timestamptz not null default clock_timestamp(),
	check (is_from_desk or author_id is null)
);
create index on private.concern_messages (concern_id, sent_at);
create index on private.concern_messages (author_id);
alter table private.concern_messages enable row level security;

-- Wrong codes, counted for a source within ten minutes. The source is a keyed hash.
create table private.concern_code_tries (
	source bytea primary key,
	began_at timestamptz not null default now(),
	tries integer not null default 0
);
alter table private.concern_code_tries enable row level security;
