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
create unique index runs_one_current on public.runs (room_id) where state <> 'ended';
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
	closed_at timestamptz
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
	unique (run_id, person_id)
);
alter table private.run_participants enable row level security;
create index on private.run_participants (person_id);
select audit.watch('private.run_participants', 'person_id');

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
create unique index presence_one_open_stream on public.presence (run_id, person_id) where kind = 'stream' and left_at is null;

-- Attendance of before a session's level was raised to one that names nobody: out of the reach of every list, count and export,
-- and never brought back.
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

create policy read on public.runs for select to anon, authenticated using (session_id in (select private.my_seen_sessions()));
grant select on public.runs to anon, authenticated;
-- The level of a run is never lowered: what was raised to a level that names nobody stays unread.
create function private.is_nameless(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.runs where id = p_run and level in ('chatham_house', 'closed'))
$$;
grant execute on function private.is_nameless(uuid) to authenticated;
create policy read on public.presence for select to authenticated using (person_id in (select private.my_people()) and not private.is_nameless(run_id));
grant select on public.presence to authenticated;
