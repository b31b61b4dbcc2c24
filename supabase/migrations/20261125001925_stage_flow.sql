-- How a run is staged: what it shows large, when it begins by itself and when it ends by itself.

-- Whether a session begins at its time and ends some minutes after it without anybody pressing; neither unless somebody says so.
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
	entry_lock text check (entry_lock in ('registered', 'people'))
);
alter table private.run_stagings enable row level security;
create index on private.run_stagings (spotlight_id);
create index on private.run_stagings (summit_id);
select audit.watch('private.run_stagings');

-- The staging of a run that is not over, locked; one is made where there is none.
create function private.staging_of(p_run uuid) returns private.run_stagings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_staging private.run_stagings;
begin
	insert into private.run_stagings (run_id, summit_id) select runs.id, runs.summit_id from public.runs where runs.id = p_run and runs.state <> 'ended'
	on conflict (run_id) do nothing;
	select * into v_staging from private.run_stagings where run_id = p_run for update;
	return v_staging;
end
$$;

-- When a run ends by itself: some minutes after its planned end, where that is wished; null: never.
create function private.ends_itself_at(p_run uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select upper(slot.during) + make_interval(mins => c.ends_after)
	from public.runs join private.session_clocks as c on c.id = runs.session_id cross join lateral private.slot_at(runs.session_id) as slot
	where runs.id = p_run and runs.state <> 'ended' and c.ends_after is not null
$$;

-- How the clock of a session is set: {starts_itself, ends_after}.
create function private.session_clock(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('starts_itself', coalesce(c.starts_itself, false), 'ends_after', c.ends_after)
	from (select) as always left join private.session_clocks as c on c.id = p_session
$$;

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

create function private.has_confirmed(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.entry_notices as n where n.session_id = p_session and n.person_id = p_person and n.level >= private.level_in_force(p_session))
$$;
