-- Booths: one for each language that a run is interpreted into, spoken or signed. Who is the voice of a language is
-- state of the run; a track in LiveKit alone makes nobody a voice.

create table private.booths (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	-- A picture instead of a sound.
	is_signed boolean not null,
	-- After so long on air the page says that it is time to hand over.
	hint_minutes smallint not null default 30 check (hint_minutes between 5 and 120),
	on_air uuid references private.run_participants (id) on delete set null,
	on_air_since timestamptz,
	-- The one on air offers to hand over.
	offered_at timestamptz,
	unique (run_id, language)
);
alter table private.booths enable row level security;

-- Nobody speaks two languages at once.
create unique index booths_one_voice on private.booths (on_air) where on_air is not null;
select audit.watch('private.booths');

-- What a stage manager decides about a booth, over what the languages of its interpreters say.
create table private.booth_seats (
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	is_seated boolean not null,
	primary key (booth_id, person_id)
);
alter table private.booth_seats enable row level security;
create index on private.booth_seats (person_id);
select audit.watch('private.booth_seats', 'person_id');

-- When a booth's page was last open and connected; and what partners and the stage manager write to each other. Both
-- end with the run.
create table private.booth_beats (
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	seen_at timestamptz not null default now(),
	primary key (booth_id, person_id)
);
alter table private.booth_beats enable row level security;
create index on private.booth_beats (person_id);

create table private.booth_lines (
	id bigint generated always as identity primary key,
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (length(words) between 1 and 500),
	said_at timestamptz not null default clock_timestamp()
);
alter table private.booth_lines enable row level security;
create index on private.booth_lines (booth_id);
create index on private.booth_lines (person_id);
