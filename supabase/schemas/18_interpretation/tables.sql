-- Booths of interpreters: who works in them, who is on air, and what they write to each other.

-- A booth for each language that a run is interpreted into, spoken or signed. Who is on air for a language is state of
-- the run: a track in LiveKit by itself puts nobody on air.
create table private.booths (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	-- A sign language: a picture instead of a sound.
	is_signed boolean not null,
	-- After so many minutes on air the page says that it is time to hand over.
	hint_minutes smallint not null default 30 check (hint_minutes between 5 and 120),
	on_air uuid references private.run_participants (id) on delete set null,
	on_air_since timestamptz,
	-- Since when the interpreter on air offers to hand over.
	offered_at timestamptz,
	unique (run_id, language)
);
-- Nobody interprets into two languages at once.
create unique index booths_one_voice on private.booths (on_air) where on_air is not null;
alter table private.booths enable row level security;
select audit.watch('private.booths');

-- What a stage manager decides about who works in a booth. It outranks the languages of the interpreters.
create table private.booth_seats (
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	is_seated boolean not null,
	primary key (booth_id, person_id)
);
create index on private.booth_seats (person_id);
alter table private.booth_seats enable row level security;
select audit.watch('private.booth_seats', 'person_id');

-- When the page of a booth was last open and connected. Deleted with the end of the run.
create table private.booth_heartbeats (
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	seen_at timestamptz not null default now(),
	primary key (booth_id, person_id)
);
create index on private.booth_heartbeats (person_id);
alter table private.booth_heartbeats enable row level security;

-- Messages between the interpreters of a booth and, in a run, the stage manager. Deleted with the end of the run, or of the
-- room of the meeting.
create table private.booth_messages (
	id bigint generated always as identity primary key,
	booth_id uuid references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (length(words) between 1 and 500),
	said_at timestamptz not null default clock_timestamp(),
	-- The booth of a meeting is a language in its room (32_meetings/room_booths.sql).
	room_id uuid,
	language text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	constraint one_booth check (num_nonnulls(booth_id, room_id) = 1 and (room_id is null) = (language is null))
);
create index on private.booth_messages (booth_id);
create index on private.booth_messages (room_id, language);
create index on private.booth_messages (person_id);
alter table private.booth_messages enable row level security;
