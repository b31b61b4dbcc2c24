-- Runs of sessions, their rooms in LiveKit, who takes part and how a run is shown; attendance; the devices of halls.
-- The names that LiveKit knows are secrets of the server: tokens carry them, tables in `public` do not.

create type public.run_state as enum ('waiting', 'live', 'paused', 'ended');

-- In order of precedence: of several roles the first one counts.
create type public.stage_role as enum ('host', 'speaker', 'interpreter', 'captioner', 'manager', 'viewer');

create type public.stage_layout as enum ('speaker', 'panel', 'slides');

create type public.presence_kind as enum ('door', 'stream');

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
	strangers integer not null default 0
);
create unique index run_rooms_one_open on private.livekit_rooms (run_id, purpose) where closed_at is null;
create index on private.livekit_rooms (run_id);
alter table private.livekit_rooms enable row level security;

-- Who takes part in a run, under an opaque identity. Signed-out viewers of a public stream have no row.
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
	-- Taken off stage by somebody else: this person may not come back on their own.
	is_kept_off boolean not null default false,
	-- A delegate whom a host called: a speaker for as long as they are kept on stage.
	is_promoted boolean not null default false,
	is_silenced boolean not null default false,
	unique (run_id, person_id)
);
create index on private.run_participants (person_id);
alter table private.run_participants enable row level security;

-- The audit names who was brought on stage, muted or taken off; viewers who come and go are not audited.
create trigger audit_record_insert after insert on private.run_participants for each row
	when (new.role <> 'viewer') execute function audit.record_change('person_id');

create trigger audit_record_update after update on private.run_participants for each row
	when (old.role <> 'viewer' or new.role <> 'viewer') execute function audit.record_change('person_id');

create trigger audit_record_delete after delete on private.run_participants for each row
	when (old.role <> 'viewer') execute function audit.record_change('person_id');

-- Rule 9: to call a delegate to the stage, to silence them and to take them off are staff writes. In a session without
-- names the entry does not say who it was.
create trigger audit_record_called after update on private.run_participants for each row
	when (old.role = 'viewer' and new.role = 'viewer' and (old.is_promoted or new.is_promoted)
		and not private.is_nameless(new.run_id))
	execute function audit.record_change('person_id');

create trigger audit_record_called_nameless after update on private.run_participants for each row
	when (old.role = 'viewer' and new.role = 'viewer' and (old.is_promoted or new.is_promoted)
		and private.is_nameless(new.run_id))
	execute function audit.record_change('', 'person_id');

-- One connection to LiveKit, by LiveKit's own id of it. Presence is computed from these rows, so neither the order of
-- the webhooks nor their number matters.
create table private.run_connections (
	sid text primary key check (length(sid) <= 64),
	participant_id uuid not null references private.run_participants (id) on delete cascade,
	run_id uuid not null references public.runs (id) on delete cascade,
	joined_at timestamptz not null,
	seen_at timestamptz not null,
	left_at timestamptz,
	-- The end that a webhook reported. An end that was only concluded, because a list no longer names the connection,
	-- is replaced by this one, and to the connection being seen again.
	reported_left_at timestamptz,
	constraint sid_one_line check (private.is_one_line(sid))
);
create index on private.run_connections (participant_id);
create index on private.run_connections (run_id) where left_at is null;
alter table private.run_connections enable row level security;

-- Attendance, by door scan or by stream. A session whose level names nobody has none.
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
create index on public.presence (summit_id, kind);
create index on public.presence (person_id);
create index on public.presence (session_id);
create unique index presence_one_open_stream on public.presence (run_id, person_id)
	where kind = 'stream' and left_at is null;
alter table public.presence enable row level security;
create policy read on public.presence for select to authenticated
	using (person_id in (select private.my_people()) and not private.is_nameless(run_id));
grant select on public.presence to authenticated;

-- Attendance from before the level of a session was raised to one that names nobody. No list, count or export reads it,
-- and it is never brought back.
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
create index on private.sealed_presence (person_id);
create index on private.sealed_presence (session_id);
alter table private.sealed_presence enable row level security;

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

-- Who has read the notice of a session, and at which level. Where the level names nobody it is kept only during a run.
create table private.entry_notices (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null references public.sessions (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	level public.confidentiality not null,
	confirmed_at timestamptz not null default now(),
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

-- The identity by which LiveKit knows the desk of a stage organiser in one run. It is not their own identity, because
-- they may be on that stage as well.
create table private.desk_monitors (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default 'D' || private.random_code(20),
	unique (run_id, person_id)
);
create index on private.desk_monitors (person_id);
alter table private.desk_monitors enable row level security;

-- The sign-in sessions that were given a token for an identity of a run: a participant's, or that of a desk. They are how
-- a sign-out reaches LiveKit, which knows only the identity (`private.signed_out_identities`).
create table private.run_sign_ins (
	run_id uuid not null references public.runs (id) on delete cascade,
	identity text not null,
	auth_session_id uuid not null,
	primary key (identity, auth_session_id)
);
create index on private.run_sign_ins (run_id);
alter table private.run_sign_ins enable row level security;

-- Which pages listen to a run in which language, only read its captions, or watch it late. Each page reports this
-- itself, under a random word that it draws for each visit and that identifies nobody.
create table private.run_listeners (
	run_id uuid not null references public.runs (id) on delete cascade,
	visit text not null check (visit ~ '^[A-Za-z0-9_-]{16,32}$'),
	-- Null: the original.
	language text check (length(language) <= 35),
	is_reading boolean not null default false,
	seen_at timestamptz not null default now(),
	-- The page shows the stream for a large audience, some seconds late. It is counted by itself.
	is_late boolean not null default false,
	-- Whose page it is, as a hash that differs in every session: somebody with a phone and a computer is counted once.
	-- Null: a signed-out viewer.
	listener bytea,
	constraint language_one_line check (private.is_one_line(language)),
	primary key (run_id, visit)
);
alter table private.run_listeners enable row level security;
