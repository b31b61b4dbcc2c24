-- Keys by which other systems read a Summit over /api/v1, what each was used for, and the answers that a repeated request
-- gets again. Only the hash of a key is stored. Nothing here is readable through the data API.

-- What a key may be used for. Those before `members` read what every visitor reads; from `registration_rows` on they
-- concern single people.
create type public.api_scope as enum ('agenda', 'sessions', 'speakers', 'commitments', 'documents', 'members', 'registrations',
	'presence', 'registration_rows', 'presence_rows', 'check_in');

create table private.api_keys (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- The system that uses it: "Website of the Alliance".
	name text not null check (length(btrim(name)) between 1 and 80),
	scopes public.api_scope[] not null check (cardinality(scopes) between 1 and 20 and array_position(scopes, null) is null),
	-- SHA-256.
	key_hash bytea not null unique check (length(key_hash) = 32),
	-- The last characters, by which owners recognise a key.
	hint text not null check (hint ~ '^[A-Za-z0-9_-]{4}$'),
	-- The owner who made it. A key is refused as soon as its maker is no owner of the Summit any more.
	made_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	revoked_at timestamptz,
	revoked_by uuid references public.people (id) on update cascade on delete set null,
	check (expires_at > created_at and expires_at <= created_at + interval '366 days'),
	constraint name_one_line check (private.is_one_line(name))
);
create index on private.api_keys (summit_id);
create index on private.api_keys (made_by);
create index on private.api_keys (revoked_by);
alter table private.api_keys enable row level security;
select audit.watch('private.api_keys', '', 'key_hash');
insert into private.audited_tables (name, area, shown) values
	('private.api_keys', 'settings', '{name,scopes,expires_at,revoked_at}'),
	('api_keys.read', 'settings', '{scope}');

-- When a key was last used for a scope, to the minute, and when the audit last noted it.
create table private.api_key_uses (
	api_key_id uuid not null references private.api_keys (id) on delete cascade,
	scope public.api_scope not null,
	last_used_at timestamptz not null default now(),
	noted_at timestamptz,
	primary key (api_key_id, scope)
);
alter table private.api_key_uses enable row level security;

-- How many requests a key made in its last minute.
create table private.api_key_windows (
	api_key_id uuid primary key references private.api_keys (id) on delete cascade,
	begun_at timestamptz not null,
	requests integer not null check (requests > 0)
);
alter table private.api_key_windows enable row level security;

-- What a request that changes something was answered, for a day: the same Idempotency-Key gets it again. The answer names
-- nobody; names are read live.
create table private.api_answers (
	api_key_id uuid not null references private.api_keys (id) on delete cascade,
	idempotency_key text not null check (idempotency_key ~ '^[!-~]{1,255}$'),
	-- SHA-256 of what was asked.
	request_hash bytea not null check (length(request_hash) = 32),
	answer jsonb,
	made_at timestamptz not null default now(),
	primary key (api_key_id, idempotency_key)
);
create index on private.api_answers (made_at);
alter table private.api_answers enable row level security;
