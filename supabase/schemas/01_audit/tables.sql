-- Rule 9: every write leaves a row that nobody can alter. Values of personal columns are kept only encrypted with a
-- key of that person, whose destruction is the erasure.

create table private.person_keys (
	person_id uuid primary key,
	key text not null default encode(extensions.gen_random_bytes(32), 'hex'),
	created_at timestamptz not null default now()
);
alter table private.person_keys enable row level security;

create table audit.entries (
	id bigint generated always as identity primary key,
	at timestamptz not null default clock_timestamp(),
	actor_account uuid,
	actor_person uuid,
	principal_person uuid,
	database_role text not null,
	reason text,
	table_name text not null,
	action text not null check (action in ('insert', 'update', 'delete', 'event')),
	row_id text,
	summit_id uuid,
	person_id uuid,
	-- What the row belongs to, so that the history of one registration, order or member is found.
	registration_id uuid,
	order_id uuid,
	member_id uuid,
	changed text[] not null default '{}',
	old_values jsonb,
	new_values jsonb,
	personal bytea
);
alter table audit.entries enable row level security;
create index on audit.entries (table_name, row_id);
create index on audit.entries (summit_id, id);
create index on audit.entries (person_id);
create index on audit.entries (registration_id) where registration_id is not null;
create index on audit.entries (order_id) where order_id is not null;
create index on audit.entries (member_id) where member_id is not null;

-- What organisers read of the audit: each role its own subjects, only the columns that are named here, and personal
-- values one by one, where the person's key is there. A table that is not named here is read by nobody.

-- shown: values are read with the entry. opened: said as "changed", and opened on request, which is logged. named: said
-- as "changed", never opened here. All other columns (ids, letters, hashes, links, counters) are left out.
create table private.audited_tables (
	name text primary key,
	area text not null check (area in ('registration', 'member', 'money', 'protection', 'settings', 'stage')),
	shown text[] not null default '{}',
	opened text[] not null default '{}',
	named text[] not null default '{}'
);
alter table private.audited_tables enable row level security;
