-- Files that organisers bring from other systems: what each row would do, and what was made of it.

-- A preview of a file, kept for a day (previews.sql).
create table private.imports (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	created_by uuid not null references public.people (id) on update cascade on delete cascade,
	contents text not null check (contents in ('registrations', 'proposals')),
	-- {name, kind, source, encoding, rows, ignored: [columns], answers: [questions that are taken], products: [{name, rows}]}
	file jsonb not null,
	-- What the organiser confirmed for the products or headings of the file; null until then.
	mapping jsonb,
	created_at timestamptz not null default now(),
	begun_at timestamptz,
	applied_at timestamptz,
	result jsonb
);
create index on private.imports (summit_id);
create index on private.imports (created_by);
alter table private.imports enable row level security;

-- A row of a preview. The app seals addresses and answers before they come here. A preview changes nothing, so it is not
-- audited; the audit holds what applying it did.
create table private.import_rows (
	import_id uuid not null references private.imports (id) on delete cascade,
	position integer not null,
	title text not null check (length(title) <= 400),
	-- What the file says (registrations.sql, proposals.sql).
	record jsonb not null,
	-- Null until the organiser has confirmed the mapping.
	outcome text check (outcome in ('new', 'changed', 'same', 'cannot')),
	target_id uuid,
	version integer,
	-- What the preview shows: changes [{field, from, to}], and codes of what is left out or worth knowing [{code, words}].
	changes jsonb not null default '[]',
	notes jsonb not null default '[]',
	-- What applying the row did; null before that.
	applied text check (applied in ('draft', 'submitted', 'queued', 'updated', 'withdrawn', 'left', 'changed_meanwhile', 'failed')),
	primary key (import_id, position),
	constraint title_one_line check (private.is_one_line(title))
);
create index on private.import_rows (import_id, position) where applied is null;
alter table private.import_rows enable row level security;

-- The registration that was made of a position of an order elsewhere, so that a later file finds it again. What was paid
-- there is noted here and nowhere in the ledger: it is not money that came to this Summit.
create table private.imported_registrations (
	summit_id uuid not null,
	-- The system and its event.
	source text not null check (length(source) <= 120),
	-- The order and its position there.
	reference text not null check (length(reference) <= 200),
	-- Null since its person took an alias: the file names them as they were called before, and finds them no more.
	registration_id uuid,
	-- What the other system said last, the amount as it writes it: "250.00 EUR".
	state text not null check (state in ('paid', 'pending', 'cancelled')),
	paid text not null default '' check (length(paid) <= 60),
	at timestamptz not null default now(),
	-- The version of the registration that the last file wrote: a later draft was written by its person, and stays.
	version integer not null default 0,
	primary key (summit_id, source, reference),
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	constraint source_one_line check (private.is_one_line(source)),
	constraint reference_one_line check (private.is_one_line(reference)),
	constraint paid_one_line check (private.is_one_line(paid))
);
create index on private.imported_registrations (registration_id);
alter table private.imported_registrations enable row level security;
