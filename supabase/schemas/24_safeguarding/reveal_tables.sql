-- Reveals: the only way in which a sealed name opens (Rule 7).

-- How a protected person wants to be told that their name was opened. lead: somebody of safeguarding tells them.
create domain public.reveal_contact as text check (value in ('mail', 'lead'));

-- What they chose; a mail, without a row.
create table private.reveal_contacts (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	contact public.reveal_contact not null
);
alter table private.reveal_contacts enable row level security;
select audit.watch('private.reveal_contacts', 'person_id', 'contact');

-- One request to open the name of one person, or the names of those who are withheld from a list for the host state. A
-- second person, a safeguarding lead, confirms it; who asked opens it, once. The row holds no name.
create table private.name_reveals (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	host_list_id uuid references private.host_lists (id) on delete cascade,
	reason_sealed bytea not null check (length(reason_sealed) <= 8000),
	key_id text not null,
	asked_by uuid references public.people (id) on update cascade on delete set null,
	-- The role in which it was asked: the help desk asks for somebody at the door.
	asked_as public.organiser_role not null check (asked_as in ('safeguarding', 'registration')),
	asked_at timestamptz not null default now(),
	state text not null default 'asked' check (state in ('asked', 'confirmed', 'refused', 'withdrawn', 'shown')),
	-- Until then it can be confirmed; once confirmed, until then it can be opened.
	expires_at timestamptz not null default now() + interval '1 hour',
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	shown_at timestamptz,
	check ((person_id is null) <> (host_list_id is null)),
	check (state not in ('confirmed', 'shown') or decided_by is null or decided_by is distinct from asked_by),
	check ((state = 'shown') = (shown_at is not null))
);
create unique index name_reveals_one_open on private.name_reveals (person_id, asked_by)
	where state in ('asked', 'confirmed');
create unique index name_reveals_one_open_list on private.name_reveals (host_list_id)
	where state in ('asked', 'confirmed');
create index on private.name_reveals (summit_id, asked_at desc);
create index on private.name_reveals (asked_by);
create index on private.name_reveals (decided_by);
alter table private.name_reveals enable row level security;
select audit.watch('private.name_reveals', 'person_id', 'reason_sealed', 'key_id');

-- The people whose names a reveal opened, and how each was told.
create table private.revealed_people (
	reveal_id uuid not null references private.name_reveals (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	contact public.reveal_contact not null,
	-- Null: a lead still has to tell them.
	told_at timestamptz,
	told_by uuid references public.people (id) on update cascade on delete set null,
	primary key (reveal_id, person_id)
);
create index on private.revealed_people (person_id);
create index on private.revealed_people (told_by);
alter table private.revealed_people enable row level security;
select audit.watch('private.revealed_people', 'person_id');
