-- Who is and was in a run: its participants and their connections, sign-ins and languages, and attendance. The names
-- that LiveKit knows are secrets of the server: tokens carry them, tables in `public` do not.

create type public.presence_kind as enum ('door', 'stream');

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

-- The identity by which LiveKit knows the desk of somebody who runs a session. It is not their own identity, because
-- they may be on that stage or in its green room as well.
create table private.desk_monitors (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default 'D' || private.random_code(20),
	unique (run_id, person_id)
);
create index on private.desk_monitors (person_id);
alter table private.desk_monitors enable row level security;

-- The sign-in sessions that were given a token for an identity of a run: a participant's, or that of a desk. They are
-- how a sign-out reaches LiveKit, which knows only the identity (`private.signed_out_identities`).
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
