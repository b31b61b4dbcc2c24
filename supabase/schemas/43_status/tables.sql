-- The status of the site: notices that organisers write about what does not work, and what was measured of its parts and of
-- requests. Nothing here refers to a reader.

create domain private.site_part as text check (value in ('site', 'sign_in', 'registration', 'stages', 'mail', 'payments'));
create domain private.notice_severity as text check (value in ('info', 'maintenance', 'minor', 'major'));
-- How far those who mend it are.
create domain private.notice_stage as text check (value in ('investigating', 'identified', 'watching', 'resolved'));

create table private.status_notices (
	id uuid primary key default gen_random_uuid(),
	-- Null: of the whole site.
	summit_id uuid references public.summits (id) on delete cascade,
	severity private.notice_severity not null,
	parts text[] not null check (
		parts <@ array['site', 'sign_in', 'registration', 'stages', 'mail', 'payments'] and cardinality(parts) <= 6),
	-- {language: {title, body}}; `original` is the language for readers whose own is missing.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null check (private.is_interface_language(original)),
	-- Also shown at the top of every page, until the reader dismisses it.
	is_banner boolean not null,
	starts_at timestamptz not null,
	-- Null: until it is resolved.
	ends_at timestamptz check (ends_at > starts_at),
	resolved_at timestamptz,
	-- Taken back: it was a mistake, and is shown nowhere.
	withdrawn_at timestamptz,
	-- The id of the form.
	idempotency_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	constraint title_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.title')))
);
create index on private.status_notices (summit_id);
create index on private.status_notices (starts_at);
create index on private.status_notices (created_by);
alter table private.status_notices enable row level security;
select audit.watch('private.status_notices');

-- What became of a notice since, the last one with `resolved`.
create table private.status_updates (
	id uuid primary key default gen_random_uuid(),
	notice_id uuid not null references private.status_notices (id) on delete cascade,
	stage private.notice_stage not null,
	-- {language: text}; may be empty.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	idempotency_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now()
);
create index on private.status_updates (notice_id);
create index on private.status_updates (created_by);
alter table private.status_updates enable row level security;
select audit.watch('private.status_updates');

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.status_notices', 'registration',
		'{severity,parts,is_banner,starts_at,ends_at,resolved_at,withdrawn_at}', '{}', '{texts}'),
	('private.status_updates', 'registration', '{stage}', '{}', '{texts}');

-- How many minutes of a day (UTC) a part worked and did not, as the first process that wrote a minute saw it.
create table private.part_days (
	day date not null,
	part private.site_part not null,
	-- A bit for each minute of the day that was written, and for each in which the part worked.
	minutes bit(1440) not null,
	good_minutes bit(1440) not null,
	good integer not null generated always as (bit_count(good_minutes)) stored,
	bad integer not null generated always as (bit_count(minutes & ~good_minutes)) stored,
	primary key (day, part)
);
alter table private.part_days enable row level security;

-- Requests for pages of an hour, of all processes: how many, how many failed by a fault of the site, how many took longer than
-- a second, and how many took how long: up to 0.1, 0.25, 0.5, 1, 2.5, 5 and 10 seconds, and longer.
create table private.request_hours (
	hour timestamptz primary key,
	requests bigint not null check (requests >= 0),
	failed bigint not null check (failed >= 0),
	slow bigint not null check (slow >= 0),
	times bigint[] not null check (cardinality(times) = 8)
);
alter table private.request_hours enable row level security;

insert into private.retention_rules (table_name, exemption) values
	('private.status_notices', 'agenda'),
	('private.status_updates', 'agenda'),
	('private.part_days', 'technical'),
	('private.request_hours', 'technical');
insert into private.free_text_columns (table_name, column_name) values
	('private.status_notices', 'texts'),
	('private.status_updates', 'texts');
