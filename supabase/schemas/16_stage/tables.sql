-- Runs: one live holding of a session, with a LiveKit room of a random name; and the one record of presence.

create type public.run_state as enum ('waiting', 'live', 'paused', 'ended');

create type public.stage_role as enum ('host', 'speaker', 'interpreter', 'captioner', 'manager', 'viewer');

create table public.runs (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	room_id uuid not null,
	state public.run_state not null default 'waiting',
	-- The level when the run began or was last raised; raising it moves the run to a new room name.
	level public.confidentiality not null,
	started_at timestamptz,
	ended_at timestamptz,
	created_at timestamptz not null default now(),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete restrict,
	check ((state = 'ended') = (ended_at is not null))
);
alter table public.runs enable row level security;
create unique index runs_one_of_session on public.runs (session_id) where state <> 'ended';
create index on public.runs (summit_id, state);
create index on public.runs (session_id);
select audit.watch('public.runs');

-- The LiveKit names are secrets of the server: tokens carry them, tables in public do not.
create table private.run_rooms (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	purpose text not null check (purpose in ('stage', 'green_room')),
	name text not null unique default private.random_code(24),
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	-- When a room was last compared with LiveKit's, so that several processes share the work.
	reconciled_at timestamptz not null default '-infinity',
	-- Signed-out viewers leave no row: their number alone, by LiveKit's own list of the moment.
	strangers integer not null default 0
);
alter table private.run_rooms enable row level security;
create unique index run_rooms_one_open on private.run_rooms (run_id, purpose) where closed_at is null;

-- Who takes part in a run, under an opaque identity. Viewers of a public stream who are signed out have no row.
create table private.run_participants (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default private.random_code(20),
	role public.stage_role not null,
	is_on_stage boolean not null default false,
	may_camera boolean not null default false,
	may_microphone boolean not null default false,
	may_screen boolean not null default false,
	barred_at timestamptz,
	joined_at timestamptz,
	left_at timestamptz,
	unique (run_id, person_id),
	-- Taken off by somebody else: may not come back by themselves.
	is_kept_off boolean not null default false,
	-- A delegate whom a host called: a speaker for as long as they are kept on stage.
	is_promoted boolean not null default false,
	is_silenced boolean not null default false
);
alter table private.run_participants enable row level security;
create index on private.run_participants (person_id);

create type public.presence_kind as enum ('door', 'stream');

-- One record of attendance, by door scan or by stream.
create table public.presence (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	run_id uuid references public.runs (id) on delete cascade,
	kind public.presence_kind not null,
	checkpoint text not null default '',
	entered_at timestamptz not null default now(),
	left_at timestamptz check (left_at >= entered_at),
	source text not null default ''
);
alter table public.presence enable row level security;
create index on public.presence (summit_id, kind);
create index on public.presence (person_id);
create index on public.presence (session_id);
create unique index presence_one_open_stream on public.presence (run_id, person_id)
	where kind = 'stream' and left_at is null;

-- Attendance of before a session's level was raised to one that names nobody: out of the reach of every list, count and
-- export, and never brought back.
create table private.sealed_presence (
	id uuid primary key,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid not null references public.sessions (id) on delete cascade,
	run_id uuid references public.runs (id) on delete cascade,
	kind public.presence_kind not null,
	checkpoint text not null,
	entered_at timestamptz not null,
	left_at timestamptz,
	source text not null,
	sealed_at timestamptz not null default now()
);
alter table private.sealed_presence enable row level security;
create index on private.sealed_presence (person_id);
create index on private.sealed_presence (session_id);
create policy read on public.runs for select to anon, authenticated
	using (session_id in (select private.my_seen_sessions()));
grant select on public.runs to anon, authenticated;
create policy read on public.presence for select to authenticated
	using (person_id in (select private.my_people()) and not private.is_nameless(run_id));
grant select on public.presence to authenticated;

-- Runs and their LiveKit rooms: who runs a stage, under which secret name, and who was connected.

create unique index runs_one_on_air on public.runs (room_id) where state in ('live', 'paused');
create index on public.runs (room_id) where state <> 'ended';
create index on private.run_rooms (run_id);

-- One connection to LiveKit, by LiveKit's own id of it. Presence is computed from these, so neither the order of the
-- webhooks nor their number matters.
create table private.run_connections (
	sid text primary key check (length(sid) <= 64),
	participant_id uuid not null references private.run_participants (id) on delete cascade,
	run_id uuid not null references public.runs (id) on delete cascade,
	joined_at timestamptz not null,
	seen_at timestamptz not null,
	left_at timestamptz,
	-- The end as a webhook told it. An end that was only concluded, because a list names somebody no longer, gives way
	-- to it, and to their being seen again.
	told_left_at timestamptz,
	constraint sid_one_line check (private.is_one_line(sid))
);
alter table private.run_connections enable row level security;
create index on private.run_connections (participant_id);
create index on private.run_connections (run_id) where left_at is null;

-- Speakers whom a host or a stage organiser made hosts of one run, should its hosts drop out.
create table private.run_hosts (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	created_at timestamptz not null default now(),
	unique (run_id, person_id)
);
alter table private.run_hosts enable row level security;
create index on private.run_hosts (person_id);
create index on private.run_hosts (summit_id);
select audit.watch('private.run_hosts', 'person_id');

-- How a run is staged: what it shows large, when it begins by itself and when it ends by itself.

-- Whether a session begins at its time and ends some minutes after it without anybody pressing; neither unless somebody
-- says so.
create table private.session_clocks (
	id uuid primary key references public.sessions (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	starts_itself boolean not null default false,
	-- Minutes after the planned end; null: whenever a host ends it.
	ends_after integer check (ends_after between 0 and 240)
);
alter table private.session_clocks enable row level security;
create index on private.session_clocks (summit_id);
select audit.watch('private.session_clocks');

create type public.stage_layout as enum ('speaker', 'panel', 'slides');

create table private.run_stagings (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null unique references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	layout public.stage_layout not null default 'speaker',
	spotlight_id uuid references private.run_participants (id) on delete set null,
	-- It goes live at this moment, unless somebody holds it.
	starts_at timestamptz,
	-- A host stopped the clock: it starts by hand.
	is_held boolean not null default false,
	-- Only who is registered, or only the people of the session, watches for the moment.
	entry_lock text check (entry_lock in ('registered', 'people')),
	poll_id uuid references private.polls (id) on delete set null
);
alter table private.run_stagings enable row level security;
create index on private.run_stagings (spotlight_id);
create index on private.run_stagings (summit_id);
select audit.watch('private.run_stagings');

-- Who has read, at which level, what a session asks of whoever enters it. Not kept where the level names nobody.
create table private.entry_notices (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null references public.sessions (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	level public.confidentiality not null,
	confirmed_at timestamptz not null default now(),
	unique (session_id, person_id)
);
alter table private.entry_notices enable row level security;
create index on private.entry_notices (person_id);

-- The hall as one participant: a browser at the desk of a room, or an encoder of one run, that sends its camera and its
-- sound, with a code and no person.

create table private.hall_devices (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	room_id uuid not null,
	kind text not null default 'browser' check (kind in ('browser', 'encoder', 'ingress')),
	-- A browser stays at its desk from run to run; an encoder's code is for one run.
	run_id uuid references public.runs (id) on delete cascade check ((kind = 'browser') = (run_id is null)),
	-- LiveKit's ingress has its own key, which is not ours to keep.
	code_hash bytea unique check ((kind = 'ingress') = (code_hash is null)),
	identity text not null unique default private.random_code(20),
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	revoked_at timestamptz,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade
);
alter table private.hall_devices enable row level security;
create index on private.hall_devices (room_id, summit_id);
create index on private.hall_devices (created_by);
create unique index hall_devices_one_encoder on private.hall_devices (run_id, kind)
	where kind <> 'browser' and revoked_at is null;
select audit.watch('private.hall_devices', 'created_by', 'code_hash', 'identity');

-- The device that sends for the hall in a run, while its code holds and it is still for that room; and its connection,
-- as LiveKit tells.
create table private.run_halls (
	run_id uuid primary key references public.runs (id) on delete cascade,
	device_id uuid not null references private.hall_devices (id) on delete cascade,
	sid text check (length(sid) <= 64),
	since timestamptz,
	seen_at timestamptz,
	sends text[] not null default '{}',
	constraint sid_one_line check (private.is_one_line(sid))
);
alter table private.run_halls enable row level security;
create index on private.run_halls (device_id);

-- What is written in the green room: among the people of a session and to those who run it. Kept while the run lasts,
-- and on no topic that viewers hear.

create table private.backstage_messages (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (length(words) between 1 and 1000),
	written_at timestamptz not null default clock_timestamp()
);
alter table private.backstage_messages enable row level security;
create index on private.backstage_messages (run_id, written_at desc);
create index on private.backstage_messages (person_id);

-- Slides as pages of a PDF of the session: which one and which page is state of the run; readers fetch small pictures
-- of pages.

create table private.run_slides (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null unique references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	version_id uuid not null references private.file_versions (id) on delete cascade,
	page integer not null default 1 check (page > 0),
	-- How far they were shown: nobody looks further ahead than one page.
	furthest integer not null default 1,
	-- Known once the file has been opened.
	pages integer check (pages between 1 and 2000),
	check (page <= coalesce(pages, page))
);
alter table private.run_slides enable row level security;
create index on private.run_slides (version_id);
create index on private.run_slides (summit_id);

-- What the desk of all rooms measures: it listens to a run without being seen or counted, and knows how many strangers
-- watch and whether the hall is still on the line.

-- How LiveKit knows a stage organiser's desk in one run: never as themselves, for they may be on its stage as well.
create table private.desk_ears (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default 'D' || private.random_code(20),
	unique (run_id, person_id)
);
alter table private.desk_ears enable row level security;
create index on private.desk_ears (person_id);

-- Who listens to a run in which language, or reads its captions alone: pages say so of themselves, by a word that is
-- drawn for each visit and tells of nobody.
create table private.run_listeners (
	run_id uuid not null references public.runs (id) on delete cascade,
	visit text not null check (visit ~ '^[A-Za-z0-9_-]{16,32}$'),
	-- Null: the floor.
	language text check (length(language) <= 35),
	is_reading boolean not null default false,
	seen_at timestamptz not null default now(),
	primary key (run_id, visit),
	-- Such a page is no reader of captions: it is counted by itself.
	is_late boolean not null default false,
	-- Whose page it is, as a hash of this session alone: somebody with a phone and a computer is counted once. Null: a
	-- stranger's.
	listener bytea,
	constraint language_one_line check (private.is_one_line(language))
);
alter table private.run_listeners enable row level security;

-- A poll, or its result, shown to hall and home: large on every stage page and on the room's screen, until it is taken
-- off again.

create index on private.run_stagings (poll_id);
