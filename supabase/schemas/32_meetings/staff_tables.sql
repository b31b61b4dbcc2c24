-- Interpreters and captioners of a meeting, and what captioners write in its room.

create type public.meeting_staff_part as enum ('interpreter', 'captioner');
create type public.meeting_staff_state as enum ('invited', 'accepted', 'declined');

-- A language code as it is usually written: pt-BR, zh-Hant. Two spellings of one would be two booths.
create function private.canonical_language(p_tag text) returns text
language sql immutable set search_path = '' as $$
	select string_agg(case
			when x.at > 1 and x.subtag ~ '^[A-Za-z]{2}$' then upper(x.subtag)
			when x.at > 1 and x.subtag ~ '^[A-Za-z]{4}$' then initcap(x.subtag)
			else lower(x.subtag) end, '-' order by x.at)
	from regexp_split_to_table(btrim(p_tag), '-') with ordinality as x (subtag, at)
$$;

-- The language of a booth or of captions of a meeting: the languages of the site as it knows them, others without a region. fr and
-- fr-FR would be two booths.
create function private.booth_language(p_tag text) returns text
language sql immutable set search_path = '' as $$
	select case
		when split_part(x.tag, '-', 1) = 'sgn' then x.tag
		when private.is_interface_language(split_part(x.tag, '-', 1)) then split_part(x.tag, '-', 1)
		else regexp_replace(x.tag, '-([A-Z]{2}|[0-9]{3})(?=-|$)', '', 'g') end
	from (select private.canonical_language(p_tag) as tag) as x
$$;

-- Whom its chairs named, of the group or from outside, for one language each.
create table private.meeting_staff (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	part public.meeting_staff_part not null,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	named_at timestamptz not null default now(),
	-- Whether they said that they work there: the room opens for them once they have accepted.
	state public.meeting_staff_state not null default 'invited',
	answered_at timestamptz,
	unique (meeting_id, person_id, part, language),
	constraint one_booth check (language = private.booth_language(language)),
	constraint answered check ((answered_at is null) = (state = 'invited'))
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
