-- Faults of the site: what failed, how often, and the references that people were shown. No column holds an address, a query, a
-- person or a text that somebody typed: the app keeps only what its own code can say (src/lib/faults/facts.ts), and the checks
-- below take nothing else.

create domain private.fault_origin as text check (value in ('server', 'browser'));

-- A line of a stack: a function, a file of the app and a place in it.
create function private.is_stack_line(p_line text) returns boolean
language sql immutable set search_path = '' as $$
	select p_line ~ '^([A-Za-z_$][\w$.<>]{0,59} )?[\w./+-]{1,140}:\d{1,7}(:\d{1,7})?$' and p_line !~ '@'
$$;

create function private.are_stack_lines(p_lines text[]) returns boolean
language sql immutable set search_path = '' as $$
	select cardinality(p_lines) <= 8 and coalesce(bool_and(private.is_stack_line(l)), true) from unnest(p_lines) as each (l)
$$;

-- Each fault once, however often it happens: by its fingerprint, which is of its place in the code and the version.
create table private.faults (
	id uuid primary key default gen_random_uuid(),
	fingerprint text not null unique check (fingerprint ~ '^[0-9a-f]{32}$'),
	origin private.fault_origin not null,
	-- The pattern of the route, not the address; `none` outside routes.
	route text not null check (route ~ '^[\w/()\[\].=-]{1,160}$'),
	kind text not null check (kind ~ '^[A-Za-z]{1,60}$'),
	code text check (code ~ '^[A-Za-z0-9_]{1,40}$'),
	-- The message of the engine or of our own code, where it is one of those that repeat no value.
	words text check (words ~ '^[A-Za-z0-9_$.,() ’…-]{1,160}$'),
	stack text[] not null default '{}' check (private.are_stack_lines(stack)),
	release text not null check (release ~ '^[\w.+-]{1,60}$'),
	first_at timestamptz not null,
	last_at timestamptz not null,
	times bigint not null check (times > 0)
);
create index on private.faults (origin, last_at);
alter table private.faults enable row level security;

-- A reference stands for a fault during one minute of one process, so that a storm of errors makes few rows.
create table private.fault_references (
	reference text primary key check (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
	fault_id uuid not null references private.faults (id) on delete cascade,
	-- With which traces tell more, where they are collected.
	trace text check (trace ~ '^[0-9a-f]{32}$'),
	first_at timestamptz not null,
	last_at timestamptz not null,
	times bigint not null check (times > 0)
);
create index on private.fault_references (fault_id);
create index on private.fault_references (first_at);
alter table private.fault_references enable row level security;

insert into private.retention_rules (table_name, exemption) values
	('private.faults', 'technical'),
	('private.fault_references', 'technical');
