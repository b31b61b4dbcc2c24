-- Previews of agenda files that organisers import.

-- A preview of an agenda file, kept for a day (imports.sql).
create table private.schedule_imports (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	created_by uuid not null references public.people (id) on update cascade on delete cascade,
	-- {name, kind, events, day_begins, ignored}
	file jsonb not null,
	-- What is created before the sessions: {rooms: [{slug, name}], tracks, formats, people: [{key, display_name,
	-- biography, office, affiliation}]}
	additions jsonb not null,
	created_at timestamptz not null default now(),
	applied_at timestamptz,
	result jsonb
);
create index on private.schedule_imports (summit_id);
create index on private.schedule_imports (created_by);
alter table private.schedule_imports enable row level security;

-- The rows of a preview. They are not audited: a preview changes nothing, and the audit holds what applying it did.
create table private.schedule_import_rows (
	import_id uuid not null references private.schedule_imports (id) on delete cascade,
	position integer not null,
	title text not null,
	outcome text not null check (outcome in ('new', 'changed', 'same', 'cannot')),
	session_id uuid,
	version integer,
	-- What the preview shows: changes [{field, from, to}], and codes of what is wrong or left out.
	changes jsonb not null default '[]',
	notes jsonb not null default '[]',
	-- {fields, track, format, slots: [{id, start, end, rooms, guid}], people: [{key | code, role}], events: [{guid,
	-- source, number, code, parts, origin}]}
	plan jsonb not null,
	primary key (import_id, position),
	constraint title_one_line check (private.is_one_line(title))
);
alter table private.schedule_import_rows enable row level security;
