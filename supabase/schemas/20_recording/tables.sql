-- Recordings of runs: what is to be recorded, who is in it, and everything that stops one. A recording is made only
-- while the run is live, by the wish of whoever runs it, of people on stage who have all agreed; the green room is
-- never in it.

-- wanted: asked for, nothing has come yet. running: it comes. paused: by itself, while the run is paused or somebody on
-- stage has not agreed. stopped: over, the file is being made. ready: the file is there. failed: nothing came of it.
-- sealed: out of everybody's reach.
create type public.recording_state as enum ('wanted', 'running', 'paused', 'stopped', 'ready', 'failed', 'sealed');

create table private.recordings (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	session_id uuid not null,
	summit_id uuid not null,
	-- The level in force when it began: lowering it opens nothing that was made before, raising it seals.
	level public.confidentiality not null check (level in ('public', 'members')),
	state public.recording_state not null default 'wanted',
	-- Why it is no longer made: host, run_ended, level, consent, too_long, no_recorder, no_file.
	reason text not null default '',
	started_by uuid references public.people (id) on update cascade on delete set null,
	started_at timestamptz not null default now(),
	stopped_at timestamptz,
	object_name text unique references private.stored_objects (name) on delete restrict,
	length_ms integer check (length_ms > 0),
	published_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check (state <> 'ready' or object_name is not null and length_ms is not null),
	check (published_at is null or state = 'ready')
);
alter table private.recordings enable row level security;
create unique index recordings_one_of_run on private.recordings (run_id) where state in ('wanted', 'running', 'paused');
create index on private.recordings (run_id);
create index on private.recordings (session_id);
create index on private.recordings (summit_id);
create index on private.recordings (started_by);
create index on private.recordings (state) where state in ('wanted', 'running', 'stopped');
select audit.watch('private.recordings', 'started_by', 'object_name');

-- The machine that records at this moment, by a key that opens this one recording and nothing else. It changes every
-- few seconds, so no row of the audit.
create table private.recorders (
	recording_id uuid primary key references private.recordings (id) on delete cascade,
	-- How LiveKit knows it.
	identity text not null unique default 'R' || private.random_code(20),
	key_hash bytea unique,
	held_by text,
	held_until timestamptz not null default '-infinity',
	tries integer not null default 0,
	-- Since when something should come, and when something last came.
	due_at timestamptz not null default now(),
	heard_at timestamptz,
	alarmed_at timestamptz,
	-- Since when people speak on the stage and the recorder hears nothing of it.
	sound_lost_at timestamptz
);
alter table private.recorders enable row level security;

-- What was recorded without a break, by the clock of the database.
create table private.recording_parts (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	number integer not null check (number between 1 and 500),
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	length_ms integer check (length_ms >= 0),
	primary key (recording_id, number)
);
alter table private.recording_parts enable row level security;

-- The pieces of a part as they came, each an object of the store, until they are one file.
create table private.recording_chunks (
	recording_id uuid not null,
	part integer not null,
	number integer not null check (number between 1 and 20000),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	received_at timestamptz not null default now(),
	primary key (recording_id, part, number),
	foreign key (recording_id, part) references private.recording_parts (recording_id, number) on delete cascade
);
alter table private.recording_chunks enable row level security;

-- Who is in it: each of them can take it back.
create table private.recording_people (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (recording_id, person_id)
);
alter table private.recording_people enable row level security;
create index on private.recording_people (person_id);

-- What its chapters are made of. Names are read live, from the display record.
create table private.recording_marks (
	id bigint generated always as identity primary key,
	recording_id uuid not null references private.recordings (id) on delete cascade,
	at timestamptz not null default now(),
	kind text not null check (kind in ('began', 'on_stage', 'slide')),
	person_id uuid references public.people (id) on update cascade on delete set null,
	page integer
);
alter table private.recording_marks enable row level security;
create index on private.recording_marks (recording_id);
create index on private.recording_marks (person_id);

-- What delegates say who come on stage from the floor: to be recorded, and shown to whoever may watch the session
-- again.
create table private.floor_consents (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	given_at timestamptz not null default now(),
	primary key (run_id, person_id)
);
alter table private.floor_consents enable row level security;
create index on private.floor_consents (person_id);

-- A public session for more people than LiveKit would carry: Egress writes it as HLS, some seconds late, and our own
-- route gives it out.

create table private.large_audiences (
	run_id uuid primary key references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	is_on boolean not null default true,
	turned_by uuid references public.people (id) on update cascade on delete set null,
	-- How LiveKit knows the page that Egress opens, and the key of that page.
	identity text not null unique default 'L' || private.random_code(20),
	key_hash bytea unique
);
alter table private.large_audiences enable row level security;
create index on private.large_audiences (summit_id);
create index on private.large_audiences (turned_by);
select audit.watch('private.large_audiences', 'turned_by', 'identity', 'key_hash');

-- LiveKit Egress where it runs: it opens the recorder's page, or the one for a large audience, and writes what it shows
-- into a bucket.

create table private.egresses (
	id uuid primary key default gen_random_uuid(),
	-- One of the two while it is wanted; both null: nobody wants it, and what it wrote is to be deleted.
	recording_id uuid unique references private.recordings (id) on delete set null,
	run_id uuid unique references public.runs (id) on delete set null,
	-- LiveKit's; null until it has answered.
	egress_id text unique check (length(egress_id) <= 64),
	-- In the bucket: the file, or what the names of the segments begin with. Unguessable, since a bucket may be read by
	-- more than us.
	object_key text not null unique default private.random_code(32),
	state text not null default 'asked' check (state in ('asked', 'active', 'ending', 'complete', 'failed')),
	started_at timestamptz,
	length_ms integer check (length_ms > 0),
	asked_at timestamptz not null default now(),
	check (recording_id is null or run_id is null)
);
alter table private.egresses enable row level security;
