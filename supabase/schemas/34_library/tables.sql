-- The library: documents of the Alliance in versions, with a file for each language, and the index of what is published.
-- Nothing here is readable through the API: everything is read and written by functions of this folder.

create type public.library_kind as enum
	('assessment', 'model', 'briefing', 'toolkit', 'report', 'minutes', 'presentation', 'other');

create type public.library_licence as enum
	('cc_by', 'cc_by_sa', 'cc_by_nc', 'cc_by_nc_nd', 'cc0', 'all_rights_reserved');

-- Who reads it: everybody; people of members; the people of one standing group.
create type public.library_level as enum ('public', 'members', 'group');

-- Of the newest version. Draft: being written, also after it was sent back.
create type public.library_state as enum ('draft', 'submitted', 'reviewed', 'published', 'withdrawn');

create type public.library_step as enum ('submitted', 'recalled', 'sent_back', 'reviewed', 'published', 'withdrawn');

create table private.library_items (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	state public.library_state not null default 'draft',
	-- The newest version.
	version integer not null default 1,
	-- Counts the changes: who acts names the one that they saw.
	revision integer not null default 1,
	-- Who submits it, and reads it before it is published.
	owner_id uuid references public.people (id) on update cascade on delete set null,
	withdrawn_at timestamptz,
	withdrawn_reason text not null default '' check (length(withdrawn_reason) <= 2000),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check ((state = 'withdrawn') = (withdrawn_at is not null)),
	check ((state = 'withdrawn') = (withdrawn_reason <> ''))
);
create index on private.library_items (owner_id);
alter table private.library_items enable row level security;
select audit.watch('private.library_items', 'owner_id');

-- Whether the texts of a version have the lengths that its form allows. A name that an alias replaced may be longer, so
-- the limit of a text is more than that of the form.
create function private.library_texts_fit(p_title jsonb, p_summary jsonb, p_authors text[]) returns boolean
language sql immutable parallel safe
return not exists (select from jsonb_each_text(p_title) as each (tag, text) where length(each.text) > 250)
	and not exists (select from jsonb_each_text(p_summary) as each (tag, text) where length(each.text) > 3500)
	and not exists (select from unnest(p_authors) as author where length(author) not between 1 and 250);
grant execute on function private.library_texts_fit(jsonb, jsonb, text[]) to public;

create table private.library_versions (
	item_id uuid not null references private.library_items (id) on delete restrict,
	number integer not null check (number > 0),
	kind public.library_kind not null,
	title public.text_map not null check (title <> '{}'::jsonb),
	summary public.text_map not null check (summary <> '{}'::jsonb),
	-- The authors by name, in their order; members among them are ties too.
	authors text[] not null default '{}' check (cardinality(authors) <= 40),
	licence public.library_licence not null,
	doi text check (length(doi) <= 200 and doi ~ '^10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]+$'),
	-- The day of the document itself.
	issued_on date not null check (issued_on between '1900-01-01' and '2100-01-01'),
	theme_id uuid references private.commitment_themes (id) on delete restrict,
	level public.library_level not null,
	group_id uuid references private.groups (id) on delete restrict,
	-- Nobody but those who work on it reads it before.
	embargo_until timestamptz,
	-- What this version changes, in words for readers.
	note text not null default '' check (length(note) <= 500),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default now(),
	-- Submitted, and never changed from then on; null again when it is sent back.
	submitted_at timestamptz,
	submitted_by uuid references public.people (id) on update cascade on delete set null,
	published_at timestamptz,
	-- The meeting whose minutes it was drafted from, and the number of these minutes.
	meeting_id uuid references private.meetings (id) on delete set null,
	minutes_number integer,
	primary key (item_id, number),
	check ((level = 'group') = (group_id is not null)),
	constraint minutes_numbered check (meeting_id is null or minutes_number is not null),
	constraint texts_within_limits check (private.library_texts_fit(title, summary, authors)),
	check (published_at is null or submitted_at is not null),
	constraint title_one_line check (private.are_one_line(title)),
	constraint authors_one_line check (private.are_one_line(authors)),
	constraint note_one_line check (private.is_one_line(note))
);
create index on private.library_versions (theme_id);
create index on private.library_versions (group_id);
create index on private.library_versions (written_by);
create index on private.library_versions (submitted_by);
create index on private.library_versions (meeting_id);
alter table private.library_versions enable row level security;
select audit.watch('private.library_versions', 'written_by');
create trigger never_change before update or delete on private.library_versions
	for each row when (old.submitted_at is not null)
	execute function private.refuse_history_change('written_by', 'submitted_by', 'submitted_at', 'published_at',
		'meeting_id');

-- Everybody who wrote in a version, also a text or a file that was replaced or removed later: none of them reviews it.
create table private.library_version_writers (
	item_id uuid not null,
	number integer not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (item_id, number, person_id),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete cascade
);
create index on private.library_version_writers (person_id);
alter table private.library_version_writers enable row level security;

-- What a version is about or came from: one of the four.
create table private.library_ties (
	id bigint generated always as identity primary key,
	item_id uuid not null,
	number integer not null,
	member_id uuid references public.members (id) on delete restrict,
	is_author boolean not null default false,
	session_id uuid references public.sessions (id) on delete cascade,
	group_id uuid references private.groups (id) on delete restrict,
	commitment_id uuid references private.commitments (id) on delete restrict,
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete restrict,
	check (num_nonnulls(member_id, session_id, group_id, commitment_id) = 1),
	check (not is_author or member_id is not null)
);
create index on private.library_ties (item_id, number);
create index on private.library_ties (member_id);
create index on private.library_ties (session_id);
create index on private.library_ties (group_id);
create index on private.library_ties (commitment_id);
alter table private.library_ties enable row level security;

-- One file for each language of a version. It was scanned before it was stored.
create table private.library_files (
	id uuid primary key default gen_random_uuid(),
	item_id uuid not null,
	number integer not null,
	language text not null check (private.is_interface_language(language)),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	shown_name text not null check (length(shown_name) between 1 and 200),
	-- The text of a PDF, for the search alone.
	content text not null default '' check (length(content) <= 200000),
	uploaded_by uuid references public.people (id) on update cascade on delete set null,
	uploaded_at timestamptz not null default now(),
	unique (item_id, number, language),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete restrict,
	constraint shown_name_one_line check (private.is_one_line(shown_name))
);
create index on private.library_files (uploaded_by);
alter table private.library_files enable row level security;
select audit.watch('private.library_files', 'uploaded_by', 'shown_name', 'object_name', 'content');

create trigger mark_object_deletable after delete on private.library_files for each row
	execute function private.mark_row_object_deletable();

-- How often files of a published item were sent on a day (of UTC), and nothing about who asked for them. Written with each
-- download, so it is not audited.
create table private.library_openings (
	item_id uuid not null references private.library_items (id) on delete cascade,
	day date not null,
	count integer not null check (count > 0),
	primary key (item_id, day)
);
alter table private.library_openings enable row level security;

-- What happened to the versions; comments of the review are reasons.
create table private.library_steps (
	id bigint generated always as identity primary key,
	item_id uuid not null,
	number integer not null,
	step public.library_step not null,
	reason text not null default '' check (length(reason) <= 2000),
	made_by uuid references public.people (id) on update cascade on delete set null,
	made_at timestamptz not null default clock_timestamp(),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete restrict,
	check ((step in ('sent_back', 'withdrawn')) <= (reason <> ''))
);
create index on private.library_steps (item_id, number);
create index on private.library_steps (made_by);
alter table private.library_steps enable row level security;
select audit.watch('private.library_steps', 'made_by');
create trigger never_change before update or delete on private.library_steps
	for each row execute function private.refuse_history_change('made_by');

-- What the search counts documents by: versions that are equal in all of these have one facet. One that no version has any
-- longer counts nothing and stays.
create table private.library_facets (
	id integer generated always as identity primary key,
	-- Of all of the following, which may be too long for an index.
	digest uuid not null unique,
	kind public.library_kind not null,
	theme_id uuid references private.commitment_themes (id) on delete cascade,
	year integer not null,
	languages text[] not null,
	groups uuid[] not null,
	needs text[] not null
);
create index on private.library_facets (theme_id);
alter table private.library_facets enable row level security;

-- The published versions as readers find them, made from the tables above by private.index_library_item. Pages, counts,
-- downloads and the search read visibility here and nowhere else. The search reads the first columns of thousands of rows.
create table private.library_publications (
	item_id uuid not null,
	number integer not null,
	issued_on date not null,
	-- It is shown as the newest from its publication or the end of its embargo until a later one is.
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	facet integer not null references private.library_facets (id) on delete restrict,
	kind public.library_kind not null,
	theme_id uuid references private.commitment_themes (id) on delete restrict,
	languages text[] not null,
	-- The groups that it is for or tied to.
	groups uuid[] not null default '{}',
	-- The scopes that a reader needs (private.library_scopes): its own and those of each later version, so that an older
	-- version never opens what a newer one closed.
	needs text[] not null,
	-- The words of title, summary and authors.
	head tsvector not null,
	primary key (item_id, number),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete cascade
);
create index on private.library_publications (theme_id);
create index on private.library_publications (facet);
-- What everybody reads has an index of words of its own, so that a visitor's search never passes what is hidden from them.
create index on private.library_publications using gin (head) with (fastupdate = off) where needs = '{}';
create index on private.library_publications using gin (private.words_with_needs(head, needs)) with (fastupdate = off)
	where needs <> '{}';
create index on private.library_publications (needs, issued_on desc, item_id)
	include (number, facet, shown_from, shown_until);
alter table private.library_publications enable row level security;
