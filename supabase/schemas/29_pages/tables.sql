-- Pages that organisers write for the readers of a Summit: a draft of blocks, and the versions that were published.

-- A page. What organisers work on is its draft; readers see the version that `published` names. Texts that the site itself
-- shows (about, attending, code of conduct, privacy, accessibility) are pages of their kind, at most one of each.
create table private.pages (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('about', 'attending_in_person', 'attending_virtually', 'code_of_conduct', 'privacy',
		'accessibility', 'venue', 'travel', 'hotels', 'visas', 'faq', 'news', 'partners', 'press', 'other')),
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$'),
	-- Where readers find it; `none`: by its address, and where the site links it.
	place text not null default 'menu' check (place in ('menu', 'footer', 'none')),
	position integer not null default 0,
	title public.text_map not null default '{}',
	summary public.text_map not null default '{}',
	blocks jsonb not null default '[]' check (private.are_page_blocks(blocks)),
	-- The block that was removed last, so that the removal can be undone: {at, block}.
	removed jsonb check (removed is null or private.are_page_blocks(jsonb_build_array(removed -> 'block'))),
	-- Counts the changes of the draft: who saves names the one that they saw.
	revision integer not null default 1,
	saved_at timestamptz not null default now(),
	saved_by uuid references public.people (id) on update cascade on delete set null,
	published integer,
	unique (summit_id, slug),
	-- Pages that the site shows are found by their address.
	constraint slug_of_kind check (case
		when private.is_page_of_site(kind) then slug = replace(kind, '_', '-')
		else not private.is_page_of_site(replace(slug, '-', '_')) end),
	constraint title_one_line check (private.are_one_line(title)),
	constraint summary_one_line check (private.are_one_line(summary))
);
create unique index pages_of_site on private.pages (summit_id, kind) where kind in ('about', 'attending_in_person',
	'attending_virtually', 'code_of_conduct', 'privacy', 'accessibility');
create index on private.pages (saved_by);
alter table private.pages enable row level security;
-- The versions keep the wording; entries say who changed what.
select audit.watch('private.pages', '', 'title', 'summary', 'blocks', 'removed');

-- A published wording. No version is changed after the fact, except that a former name is replaced.
create table private.page_versions (
	id uuid primary key default gen_random_uuid(),
	page_id uuid not null references private.pages (id) on delete cascade,
	number integer not null check (number > 0),
	title public.text_map not null,
	summary public.text_map not null,
	blocks jsonb not null check (private.are_page_blocks(blocks)),
	published_at timestamptz not null default now(),
	published_by uuid references public.people (id) on update cascade on delete set null,
	unique (page_id, number),
	constraint title_one_line check (private.are_one_line(title)),
	constraint summary_one_line check (private.are_one_line(summary))
);
create index on private.page_versions (published_by);
alter table private.page_versions enable row level security;
select audit.watch('private.page_versions', '', 'title', 'summary', 'blocks');

-- Pictures and documents for the pages of a Summit. Editions copied from another share its objects.
create table private.page_files (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	object_name text not null references private.stored_objects (name) on delete restrict,
	shown_name text not null check (length(shown_name) between 1 and 200
		and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	-- Of a picture, in pixels.
	width integer check (width between 1 and 20000),
	height integer check (height between 1 and 20000),
	uploaded_by uuid references public.people (id) on update cascade on delete set null,
	uploaded_at timestamptz not null default now(),
	check ((width is null) = (height is null))
);
create index on private.page_files (summit_id);
create index on private.page_files (object_name);
create index on private.page_files (uploaded_by);
alter table private.page_files enable row level security;
select audit.watch('private.page_files', 'uploaded_by', 'shown_name', 'object_name');
