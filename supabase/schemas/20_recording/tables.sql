-- Recordings of runs: what is recorded, by which machine, in which pieces, and who is in it; and large audiences, for
-- whom the same machines write a stream.

-- wanted: asked for, and nothing has come yet. running: it is being recorded. paused: on its own, while the run is
-- paused or somebody on stage has not agreed. stopped: it has ended, and its file is being made. ready: the file is
-- there. failed: there is no file. sealed: nobody can get it.
create type public.recording_state as enum ('wanted', 'running', 'paused', 'stopped', 'ready', 'failed', 'sealed');

-- A recording is made only while the run is live, when somebody who runs it asked for it, and only while everybody on
-- stage has agreed. The green room is never in it.
create table private.recordings (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	session_id uuid not null,
	summit_id uuid not null,
	-- The level in force when it began. A lowered level opens nothing that was made before, a raised level seals it.
	level public.confidentiality not null check (level in ('public', 'members')),
	state public.recording_state not null default 'wanted',
	-- Why it ended: host, run_ended, level, consent, too_long, egress, no_recorder, no_file.
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
create unique index recordings_one_of_run on private.recordings (run_id) where state in ('wanted', 'running', 'paused');
create index on private.recordings (run_id);
create index on private.recordings (session_id);
create index on private.recordings (summit_id);
create index on private.recordings (started_by);
create index on private.recordings (state) where state in ('wanted', 'running', 'stopped');
alter table private.recordings enable row level security;
select audit.watch('private.recordings', 'started_by', 'object_name');

-- A copy of the file in MP4, for browsers that play no WebM. It is made after the recording by any process that has an
-- ffmpeg, and deleted with the file that it was made from.
create table private.recording_copies (
	recording_id uuid primary key references private.recordings (id) on delete cascade,
	-- Null until it is made.
	object_name text unique references private.stored_objects (name) on delete restrict,
	-- The process that makes it, and until when it is believed to live. The process renews this while it works.
	held_by text,
	held_until timestamptz not null default '-infinity',
	attempts integer not null default 0,
	-- Why the last try failed: interrupted (its process ended), gone (the file), ffmpeg, too_slow, too_short, store.
	reason text not null default ''
		check (reason in ('', 'interrupted', 'gone', 'ffmpeg', 'too_slow', 'too_short', 'store'))
);
alter table private.recording_copies enable row level security;

-- How the file of a recording is trimmed: its beginning and its end are cut off, and what is left keeps its captions,
-- chapters and moments of the search at the right positions. Made when somebody first trims it.
create table private.recording_trims (
	recording_id uuid primary key references private.recordings (id) on delete cascade,
	-- How long everything that was recorded is, and what of it the file holds, in milliseconds.
	recorded_ms integer not null,
	starts_ms integer not null default 0 check (starts_ms >= 0),
	ends_ms integer not null check (ends_ms > starts_ms),
	-- What the file is to hold, in milliseconds of the file; null when nothing is to be cut.
	from_ms integer check (from_ms >= 0),
	until_ms integer check (until_ms > from_ms),
	-- The file before the cut, and what it holds: kept until the recording is published or the cut is undone.
	object_name text unique references private.stored_objects (name) on delete restrict,
	whole_starts_ms integer,
	whole_ends_ms integer,
	-- The process that cuts, and until when it is believed to live. The process renews this while it works.
	held_by text,
	held_until timestamptz not null default '-infinity',
	attempts integer not null default 0,
	-- Why the last try failed: interrupted (its process ended), gone (the file), no_picture (between the two positions),
	-- unreadable, store.
	reason text not null default ''
		check (reason in ('', 'interrupted', 'gone', 'no_picture', 'unreadable', 'store')),
	check ((from_ms is null) = (until_ms is null)),
	check (from_ms is null or object_name is null),
	check ((object_name is null) = (whole_starts_ms is null) and (object_name is null) = (whole_ends_ms is null))
);
alter table private.recording_trims enable row level security;
-- A process renews its claim every few seconds, which is no act of anybody.
create trigger audit_record_insert after insert on private.recording_trims
	for each row execute function audit.record_change('', 'object_name', 'held_by');
create trigger audit_record_update after update on private.recording_trims for each row
	when ((old.starts_ms, old.ends_ms, old.from_ms, old.until_ms, old.object_name)
		is distinct from (new.starts_ms, new.ends_ms, new.from_ms, new.until_ms, new.object_name))
	execute function audit.record_change('', 'object_name', 'held_by');
create trigger audit_record_delete after delete on private.recording_trims
	for each row execute function audit.record_change('', 'object_name', 'held_by');

-- The machine that records at this moment, with a key that opens this recording and nothing else. It changes every few
-- seconds, so it is not audited.
create table private.recorders (
	recording_id uuid primary key references private.recordings (id) on delete cascade,
	-- How LiveKit knows it.
	identity text not null unique default 'R' || private.random_code(20),
	key_hash bytea unique,
	held_by text,
	held_until timestamptz not null default '-infinity',
	attempts integer not null default 0,
	-- Since when pieces should come, and when one last came.
	due_at timestamptz not null default now(),
	last_seen_at timestamptz,
	alarmed_at timestamptz,
	-- Since when people speak on the stage and the recorder gets no sound.
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

-- The pieces of a part in the order in which they came, each an object of the store, until they are made into one file.
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

-- Who is in a recording: each of them can withdraw their consent.
create table private.recording_people (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (recording_id, person_id)
);
create index on private.recording_people (person_id);
alter table private.recording_people enable row level security;

-- What the chapters of a recording are made of. Names are not stored: they are read from the person when they are
-- shown.
create table private.recording_marks (
	id bigint generated always as identity primary key,
	recording_id uuid not null references private.recordings (id) on delete cascade,
	at timestamptz not null default now(),
	kind text not null check (kind in ('began', 'on_stage', 'slide')),
	person_id uuid references public.people (id) on update cascade on delete set null,
	page integer
);
create index on private.recording_marks (recording_id);
create index on private.recording_marks (person_id);
alter table private.recording_marks enable row level security;

-- Delegates who agreed, when they raised their hand, to be recorded and shown to everybody who may watch again.
create table private.floor_consents (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	given_at timestamptz not null default now(),
	primary key (run_id, person_id)
);
create index on private.floor_consents (person_id);
alter table private.floor_consents enable row level security;

-- A public session for more people than LiveKit can carry: LiveKit Egress writes it as HLS, some seconds late, and our
-- own route delivers it.
create table private.large_audiences (
	run_id uuid primary key references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	is_on boolean not null default true,
	changed_by uuid references public.people (id) on update cascade on delete set null,
	-- How LiveKit knows the page that Egress opens, and the key of that page.
	identity text not null unique default 'L' || private.random_code(20),
	key_hash bytea unique
);
create index on private.large_audiences (summit_id);
create index on private.large_audiences (changed_by);
alter table private.large_audiences enable row level security;
select audit.watch('private.large_audiences', 'changed_by', 'identity', 'key_hash');

-- A job of LiveKit Egress, where it runs: it opens the page of the recorder or of a large audience, and writes what the
-- page shows into a bucket.
create table private.egresses (
	id uuid primary key default gen_random_uuid(),
	-- One of the two while it is wanted. Both are null when nobody wants it, and what it wrote is to be deleted.
	recording_id uuid unique references private.recordings (id) on delete set null,
	run_id uuid unique references public.runs (id) on delete set null,
	-- LiveKit's id; null until LiveKit has answered.
	egress_id text unique check (length(egress_id) <= 64),
	-- In the bucket: the name of the file, or the beginning of the names of the segments. It cannot be guessed, because
	-- others may be able to read the bucket.
	object_key text not null unique default private.random_code(32),
	state text not null default 'asked' check (state in ('asked', 'active', 'ending', 'complete', 'failed')),
	started_at timestamptz,
	length_ms integer check (length_ms > 0),
	asked_at timestamptz not null default now(),
	check (recording_id is null or run_id is null)
);
alter table private.egresses enable row level security;
