-- Tables of the door: checkpoints, devices, scans and what follows from them, and the help desk.

create type public.checkpoint_kind as enum ('entrance', 'room', 'session', 'meal', 'other');

-- Checkpoints, where badges are read. One entrance and one checkpoint for each room in the hall exist by themselves;
-- organisers add meals, sessions and others.
create table public.checkpoints (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind public.checkpoint_kind not null,
	-- Null: the name of the room.
	name jsonb check (name is null or private.is_text_map(name)),
	room_id uuid,
	session_id uuid,
	-- Null: the capacity of the room, and none elsewhere.
	capacity integer check (capacity between 1 and 1000000),
	both_ways boolean not null default true,
	-- Empty: all categories pass.
	categories public.registration_category[] not null default '{}',
	opens_at timestamptz,
	closes_at timestamptz,
	position integer not null default 0,
	ended_at timestamptz,
	-- The place behind the checkpoint: all entrances lead into one building, all doors of a room into one room.
	place text not null generated always as (case
		when kind = 'entrance' then 'building'
		else coalesce(room_id, session_id, id)::text end) stored,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	unique (id, summit_id),
	check ((kind = 'room') = (room_id is not null) and (kind = 'session') = (session_id is not null)),
	check (name is not null and name <> '{}' or kind = 'room'),
	check (closes_at > opens_at),
	constraint name_one_line check (private.are_one_line(name)),
	constraint place_one_line check (private.is_one_line(place))
);
alter table public.checkpoints enable row level security;
create index on public.checkpoints (summit_id, position);
create index on public.checkpoints (session_id);
create unique index checkpoints_one_of_room on public.checkpoints (room_id) where kind = 'room' and name is null;
create policy read on public.checkpoints for select to authenticated
	using (summit_id in (select private.summits_with_role('door', 'registration')));
grant select on public.checkpoints to authenticated;
select audit.watch('public.checkpoints');

-- Devices at the door, each with its own key for one day. Every request checks both the device and the role of the
-- person who holds it.
create table private.door_devices (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	checkpoint_id uuid not null,
	name text not null check (length(btrim(name)) between 1 and 60),
	key_hash bytea not null unique,
	enrolled_by uuid references public.people (id) on update cascade on delete set null,
	enrolled_at timestamptz not null default now(),
	expires_at timestamptz not null,
	device_revoked_at timestamptz,
	device_revoked_by uuid references public.people (id) on update cascade on delete set null,
	foreign key (checkpoint_id, summit_id) references public.checkpoints (id, summit_id),
	constraint name_one_line check (private.is_one_line(name))
);
alter table private.door_devices enable row level security;
create index on private.door_devices (summit_id);
create index on private.door_devices (checkpoint_id, summit_id);
create index on private.door_devices (enrolled_by);
create index on private.door_devices (device_revoked_by);
select audit.watch('private.door_devices', 'enrolled_by', 'key_hash');

-- What a device last reported of itself. It changes every few seconds, so it is not audited.
create table private.door_device_states (
	device_id uuid primary key references private.door_devices (id) on delete cascade,
	last_seen_at timestamptz not null default now(),
	-- How far the device's clock is behind the server's.
	offset_ms bigint not null default 0,
	-- Scans that the device has not sent yet.
	queued integer not null default 0,
	-- Battery, in per cent.
	battery_percent integer check (battery_percent between 0 and 100),
	version text not null default '' check (length(version) <= 40),
	constraint version_one_line check (private.is_one_line(version))
);
alter table private.door_device_states enable row level security;

create sequence private.door_scan_order;

-- Scans. The device chooses the id, so that a scan counts once however often it arrives. Who was where is derived from
-- all scans of a person and a day in the order of their corrected times (21_door/periods.sql), so that late and mixed
-- deliveries end in the same record.
create table private.door_scans (
	id uuid primary key,
	-- For devices that ask what changed; a scan that is undone gets a new one.
	seq bigint not null default nextval('private.door_scan_order'),
	summit_id uuid not null references public.summits (id) on delete cascade,
	checkpoint_id uuid not null,
	place text not null,
	device_id uuid references private.door_devices (id) on delete set null,
	badge_id uuid references public.badges (id) on delete set null,
	person_id uuid references public.people (id) on update cascade on delete set null,
	direction text not null check (direction in ('in', 'out')),
	-- Corrected by the offset of the device's clock.
	scanned_at timestamptz not null,
	device_at timestamptz,
	offset_ms bigint not null default 0,
	received_at timestamptz not null default clock_timestamp(),
	is_offline boolean not null default false,
	answer text not null,
	-- The person went through.
	is_counted boolean not null,
	day date not null,
	scanned_by uuid references public.people (id) on update cascade on delete set null,
	undone_at timestamptz,
	undone_by uuid references public.people (id) on update cascade on delete set null,
	-- A session without names was on: after this moment the person is erased from the scan.
	anonymise_at timestamptz,
	foreign key (checkpoint_id, summit_id) references public.checkpoints (id, summit_id)
);
alter table private.door_scans enable row level security;
create index on private.door_scans (summit_id, place, seq);
create index on private.door_scans (person_id, summit_id, day);
create index on private.door_scans (checkpoint_id, summit_id);
create index on private.door_scans (device_id);
create index on private.door_scans (badge_id);
create index on private.door_scans (scanned_by);
create index on private.door_scans (undone_by);
create index on private.door_scans (anonymise_at) where anonymise_at is not null and person_id is not null;

-- Stays of a person at a place, from entering to leaving. While `left_at` is null they are inside.
create table private.door_periods (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	place text not null,
	checkpoint_id uuid not null references public.checkpoints (id),
	scan_id uuid not null references private.door_scans (id) on delete cascade,
	day date not null,
	entered_at timestamptz not null,
	left_at timestamptz check (left_at >= entered_at),
	anonymise_at timestamptz
);
alter table private.door_periods enable row level security;
create index on private.door_periods (person_id, summit_id, day);
create index door_inside on private.door_periods (summit_id, place, day) where left_at is null;
create index on private.door_periods (summit_id, day);
create index on private.door_periods (checkpoint_id);
create index on private.door_periods (scan_id);
create index on private.door_periods (anonymise_at) where anonymise_at is not null;

-- For private.write_door_presence, which replaces the presence of a person at the door.
create index presence_at_door on public.presence (person_id, summit_id, checkpoint) where kind = 'door';

-- Conflicts that somebody has to examine, each listed once until somebody writes how it was resolved.
create table private.door_conflicts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('two_doors', 'revoked', 'barred', 'not_entitled', 'over_capacity', 'wrong_clock',
		'shut_out', 'unknown_badge')),
	-- The subject, so that it is listed once: a scan, a device, or a place and a day.
	subject text not null,
	scan_id uuid references private.door_scans (id) on delete cascade,
	device_id uuid references private.door_devices (id) on delete cascade,
	checkpoint_id uuid references public.checkpoints (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	facts jsonb not null default '{}',
	found_at timestamptz not null default now(),
	resolved_at timestamptz,
	resolved_by uuid references public.people (id) on update cascade on delete set null,
	note text not null default '' check (length(note) <= 1000),
	unique (summit_id, kind, subject)
);
alter table private.door_conflicts enable row level security;
create index on private.door_conflicts (scan_id);
create index on private.door_conflicts (device_id);
create index on private.door_conflicts (checkpoint_id);
create index on private.door_conflicts (person_id);
create index on private.door_conflicts (resolved_by);
select audit.watch('private.door_conflicts', 'person_id', 'note');

-- Every address that the help desk searches for or registers. All of them leave the same row, so that the desk learns
-- nothing; only safeguarding reads which addresses belong to protected people.
create table private.desk_lookups (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	by_id uuid references public.people (id) on update cascade on delete set null,
	address_hash bytea not null,
	kind text not null check (kind in ('search', 'walk_in')),
	registration_id uuid references public.registrations (id) on delete set null,
	at timestamptz not null default now(),
	-- When the job that writes to safeguarding examined this row.
	notified_at timestamptz
);
alter table private.desk_lookups enable row level security;
create index on private.desk_lookups (summit_id, at);
create index on private.desk_lookups (address_hash);
create index on private.desk_lookups (by_id);
create index on private.desk_lookups (registration_id);
create index on private.desk_lookups (kind) where notified_at is null;
select audit.watch('private.desk_lookups', '', 'address_hash');

-- Sign-in codes that the help desk issues, hashed; `first_half_hash` is that of the first half.
create table private.desk_codes (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	registration_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	code_hash bytea not null unique,
	issued_by uuid references public.people (id) on update cascade on delete set null,
	-- The kind of proof that was checked, never its number.
	checked text not null check (checked in ('passport', 'identity_card', 'known_in_person', 'focal_point')),
	issued_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '5 minutes',
	used_at timestamptz,
	ended_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	first_half_hash bytea,
	failed_attempts integer not null default 0
);
alter table private.desk_codes enable row level security;
create index on private.desk_codes (registration_id, issued_at);
create index on private.desk_codes (person_id);
create index on private.desk_codes (issued_by, issued_at);
create index on private.desk_codes (first_half_hash) where used_at is null and ended_at is null;
select audit.watch('private.desk_codes', 'person_id', 'code_hash', 'first_half_hash', 'issued_by');

-- Wrong codes by client address, for the limit of private.use_desk_code.
create table private.desk_code_failures (
	client_hash bytea not null,
	at timestamptz not null default now()
);
alter table private.desk_code_failures enable row level security;
create index on private.desk_code_failures (client_hash, at);

-- Submitted walk-in forms, by the id that the form carries, so that a form that is sent twice registers one person.
-- Nothing else could tell, because two people of one name may come to the desk.
create table private.walk_in_forms (
	idempotency_key uuid not null,
	summit_id uuid not null,
	registration_id uuid not null,
	status text not null,
	primary key (summit_id, idempotency_key),
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade
);
alter table private.walk_in_forms enable row level security;
create index on private.walk_in_forms (registration_id, summit_id);
