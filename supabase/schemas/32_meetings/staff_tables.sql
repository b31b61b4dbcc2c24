-- Interpreters and captioners of a meeting, and what captioners write in its room.

create type public.meeting_staff_part as enum ('interpreter', 'captioner');

-- Whom its chairs named, of the group or from outside, for one language each.
create table private.meeting_staff (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	part public.meeting_staff_part not null,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	named_at timestamptz not null default now(),
	unique (meeting_id, person_id, part, language)
);
create index on private.meeting_staff (person_id);
alter table private.meeting_staff enable row level security;
select audit.watch('private.meeting_staff', 'person_id');

-- Captions of what is said in the room. They are deleted ten minutes later, and when the room ends.
create table private.meeting_captions (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	number integer not null check (number > 0),
	words text not null check (length(words) between 1 and 500),
	written_by uuid references public.people (id) on update cascade on delete set null,
	said_at timestamptz not null default clock_timestamp(),
	corrected_at timestamptz,
	unique (meeting_id, language, number),
	constraint words_one_line check (private.is_one_line(words))
);
create index on private.meeting_captions (written_by);
alter table private.meeting_captions enable row level security;
