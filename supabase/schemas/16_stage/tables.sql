-- Runs of sessions, their rooms in LiveKit, their hosts and how a run is shown; the devices of halls. Who takes part is
-- in presence_tables.sql.

create type public.run_state as enum ('waiting', 'live', 'paused', 'ended');

-- In order of precedence: of several roles the first one counts.
create type public.stage_role as enum ('host', 'speaker', 'interpreter', 'captioner', 'manager', 'viewer');

create type public.stage_layout as enum ('speaker', 'panel', 'slides');

-- A run is one live holding of a session. A session has one run at a time, and a room has one run on air at a time.
create table public.runs (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	room_id uuid not null,
	state public.run_state not null default 'waiting',
	-- The strictest level that the run has had. It is only ever raised, and each raise moves the run to a new LiveKit
	-- room.
	level public.confidentiality not null,
	started_at timestamptz,
	ended_at timestamptz,
	created_at timestamptz not null default now(),
	-- That of the session when the run was opened.
	stage_format public.stage_format not null default 'stage',
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete restrict,
	check ((state = 'ended') = (ended_at is not null))
);
create unique index runs_one_of_session on public.runs (session_id) where state <> 'ended';
create unique index runs_one_on_air on public.runs (room_id) where state in ('live', 'paused');
create index on public.runs (summit_id, state);
create index on public.runs (session_id);
create index on public.runs (room_id) where state <> 'ended';
alter table public.runs enable row level security;
create policy read on public.runs for select to anon, authenticated
	using (session_id in (select private.my_visible_sessions()));
grant select on public.runs to anon, authenticated;
select audit.watch('public.runs');

-- The LiveKit rooms of a run, open and closed ones. A run gets new rooms after a bar or a raised level (Rule 6).
create table private.livekit_rooms (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	purpose text not null check (purpose in ('stage', 'green_room')),
	name text not null unique default private.random_code(24),
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	-- When the room was last compared with LiveKit's list, so that several processes share the work.
	reconciled_at timestamptz not null default '-infinity',
	-- How many signed-out viewers LiveKit lists at this moment. They have no rows.
	signed_out_viewers integer not null default 0
);
create unique index run_rooms_one_open on private.livekit_rooms (run_id, purpose) where closed_at is null;
create index on private.livekit_rooms (run_id);
alter table private.livekit_rooms enable row level security;

-- Speakers whom a host or a stage organiser made hosts of one run, in case its hosts drop out.
create table private.run_hosts (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	created_at timestamptz not null default now(),
	unique (run_id, person_id)
);
create index on private.run_hosts (person_id);
create index on private.run_hosts (summit_id);
alter table private.run_hosts enable row level security;
select audit.watch('private.run_hosts', 'person_id');

-- Whether a session starts at its time and ends some minutes after its time without anybody pressing a button. It does
-- neither until somebody sets it.
create table private.session_timers (
	id uuid primary key references public.sessions (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	starts_automatically boolean not null default false,
	-- Minutes after the planned end; null: when a host ends it.
	auto_end_minutes integer check (auto_end_minutes between 0 and 240)
);
create index on private.session_timers (summit_id);
alter table private.session_timers enable row level security;
select audit.watch('private.session_timers');

-- How a run is shown, when it starts by itself and whom it lets in.
create table private.run_stage_settings (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null unique references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	layout public.stage_layout not null default 'speaker',
	spotlight_id uuid references private.run_participants (id) on delete set null,
	-- The run goes live at this moment, unless somebody holds it.
	starts_at timestamptz,
	-- A host stopped the clock: the run starts by hand.
	is_countdown_stopped boolean not null default false,
	-- Only registered people, or only the people of the session, may watch for the moment.
	entry_lock text check (entry_lock in ('registered', 'people')),
	-- The poll that is shown large on every stage page and on the screen of the room.
	poll_id uuid references private.polls (id) on delete set null
);
create index on private.run_stage_settings (spotlight_id);
create index on private.run_stage_settings (summit_id);
create index on private.run_stage_settings (poll_id);
alter table private.run_stage_settings enable row level security;
select audit.watch('private.run_stage_settings');

-- Who has read the notice of a session, at which level and with which content note: only a fingerprint of the words, so
-- that a changed note is shown again. Where the level names nobody it is kept only during a run.
create table private.entry_notices (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null references public.sessions (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	level public.confidentiality not null,
	confirmed_at timestamptz not null default now(),
	note_version text not null default '' check (note_version ~ '^([0-9a-f]{16})?$'),
	unique (session_id, person_id)
);
create index on private.entry_notices (person_id);
alter table private.entry_notices enable row level security;

-- Devices that send the picture and sound of a hall as one participant, with a code and without a person: a browser at
-- the desk of a room, an encoder of one run, or an ingress of LiveKit's for one run.
create table private.hall_devices (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	room_id uuid not null,
	kind text not null default 'browser' check (kind in ('browser', 'encoder', 'ingress')),
	-- A browser stays at its desk from run to run; the code of an encoder is for one run.
	run_id uuid references public.runs (id) on delete cascade check ((kind = 'browser') = (run_id is null)),
	-- An ingress has a key of LiveKit's, which we do not keep.
	code_hash bytea unique check ((kind = 'ingress') = (code_hash is null)),
	identity text not null unique default private.random_code(20),
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	revoked_at timestamptz,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade
);
create index on private.hall_devices (room_id, summit_id);
create index on private.hall_devices (created_by);
create unique index hall_devices_one_encoder on private.hall_devices (run_id, kind)
	where kind <> 'browser' and revoked_at is null;
alter table private.hall_devices enable row level security;
select audit.watch('private.hall_devices', 'created_by', 'code_hash', 'identity');

-- The device that sends for the hall in a run, and its connection as LiveKit reports it. The row counts only while the
-- code of the device holds and the device still belongs to the room of the run (`private.find_run_hall`).
create table private.run_halls (
	run_id uuid primary key references public.runs (id) on delete cascade,
	device_id uuid not null references private.hall_devices (id) on delete cascade,
	sid text check (length(sid) <= 64),
	since timestamptz,
	seen_at timestamptz,
	sends text[] not null default '{}',
	constraint sid_one_line check (private.is_one_line(sid))
);
create index on private.run_halls (device_id);
alter table private.run_halls enable row level security;

-- Messages of the green room, among the people of a session and those who run it. They are kept while the run lasts,
-- and no topic that viewers may receive carries them.
create table private.backstage_messages (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (length(words) between 1 and 1000),
	written_at timestamptz not null default clock_timestamp()
);
create index on private.backstage_messages (run_id, written_at desc);
create index on private.backstage_messages (person_id);
alter table private.backstage_messages enable row level security;

-- What those who run a session announce to everybody who watches a run: one text at a time, until it is taken back or
-- its time is over. They are deleted with the end of the run; the audit keeps who announced.
create table private.stage_announcements (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (btrim(words) = words and length(words) between 1 and 280),
	announced_at timestamptz not null default clock_timestamp(),
	shown_until timestamptz not null,
	withdrawn_at timestamptz,
	constraint words_one_line check (private.is_one_line(words))
);
create index on private.stage_announcements (run_id, announced_at desc);
create index on private.stage_announcements (summit_id);
create index on private.stage_announcements (person_id);
alter table private.stage_announcements enable row level security;
select audit.watch('private.stage_announcements', 'person_id', 'words');

-- The PDF of the session that a run shows, and its current page. Viewers fetch small pictures of single pages.
create table private.run_slides (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null unique references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	version_id uuid not null references private.file_versions (id) on delete cascade,
	page integer not null default 1 check (page > 0),
	-- The last page that was shown. Viewers may fetch one page more than this, and none further ahead.
	furthest integer not null default 1,
	-- Known as soon as the app has opened the file.
	pages integer check (pages between 1 and 2000),
	check (page <= coalesce(pages, page))
);
create index on private.run_slides (version_id);
create index on private.run_slides (summit_id);
alter table private.run_slides enable row level security;

-- The audit records who shows a file, and not who turns its pages.
create trigger audit_record after insert or delete on private.run_slides for each row
	execute function audit.record_change('');

create trigger audit_record_change after update of version_id on private.run_slides for each row
	execute function audit.record_change('');
