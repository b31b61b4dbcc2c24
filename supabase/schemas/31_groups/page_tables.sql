-- Pages of groups: formatted texts that chairs and secretaries write for the people of the group.

-- A page. What its writers work on is its draft; readers see the version that `published` names.
create table private.group_pages (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	group_id uuid not null references private.groups (id) on delete cascade,
	position integer not null default 0,
	title public.text_map not null check (title <> '{}'::jsonb),
	body public.text_map not null check (body <> '{}'::jsonb),
	-- Whether all who see the group are to read it; else its people alone. Part of the draft: it counts once published.
	for_readers boolean not null default false,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	saved_at timestamptz not null default now(),
	saved_by uuid references public.people (id) on update cascade on delete set null,
	published integer,
	constraint title_one_line check (private.are_one_line(title)),
	constraint title_length check (length(title::text) <= 5000),
	constraint body_length check (length(body::text) <= 200000)
);
create index on private.group_pages (group_id, position);
create index on private.group_pages (saved_by);
alter table private.group_pages enable row level security;
select audit.watch('private.group_pages', '', 'title', 'body');

-- A published wording. No version is changed after the fact, except that a former name is replaced.
create table private.group_page_versions (
	page_id uuid not null references private.group_pages (id) on delete cascade,
	number integer not null check (number > 0),
	title public.text_map not null,
	body public.text_map not null,
	published_at timestamptz not null default now(),
	published_by uuid references public.people (id) on update cascade on delete set null,
	-- Who reads it besides the people of the group: those who saw the group when it was published, and nobody ('closed')
	-- where it is for its people. A group that becomes stricter hides it; one that opens shows it to nobody else.
	level public.group_level not null,
	primary key (page_id, number),
	constraint title_one_line check (private.are_one_line(title))
);
create index on private.group_page_versions (published_by);
alter table private.group_page_versions enable row level security;
select audit.watch('private.group_page_versions', '', 'title', 'body');
