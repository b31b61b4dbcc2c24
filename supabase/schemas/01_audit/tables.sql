-- Rule 9: every write of staff leaves an entry that nobody can alter. Values of personal columns are kept only
-- encrypted with a key of the person; to destroy the key is to erase the values.

-- The key of each person: 32 bytes that encrypt and 32 that authenticate. An empty key: it was destroyed, and no new
-- one is made.
create table private.person_keys (
	person_id uuid primary key,
	key text not null default encode(extensions.gen_random_bytes(64), 'hex'),
	created_at timestamptz not null default now()
);
alter table private.person_keys enable row level security;

-- The entries. `personal` holds {old, new} of the personal columns, encrypted with the key of `person_id`.
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
	personal bytea,
	-- A former name was replaced in the texts of this row. Nobody reads which texts these were.
	replaced_former_name boolean not null default false
);
create index on audit.entries (table_name, row_id);
create index on audit.entries (summit_id, id);
create index on audit.entries (person_id);
create index on audit.entries (registration_id) where registration_id is not null;
create index on audit.entries (order_id) where order_id is not null;
create index on audit.entries (member_id) where member_id is not null;
alter table audit.entries enable row level security;

-- Which tables and events organisers read in the audit, by area, and which columns of them. Nobody reads a table that
-- has no row here. `shown`: values are read with the entry. `opened`: named as "changed", and opened on request, which
-- is recorded. `named`: named as "changed" and never opened. All other columns (ids, codes, hashes, links, counters)
-- are left out.
create table private.audited_tables (
	name text primary key,
	area text not null check (area in ('registration', 'member', 'money', 'protection', 'settings', 'stage', 'programme',
		'session')),
	shown text[] not null default '{}',
	opened text[] not null default '{}',
	named text[] not null default '{}'
);
alter table private.audited_tables enable row level security;
