-- People across Summits, the accounts that act for them, and what is sealed about them.

-- At most five pages on the web, by their whole address.
create function private.are_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_links) is distinct from 'array' then false
		else jsonb_array_length(p_links) <= 5 and not exists (select from jsonb_array_elements(p_links) as link
			where jsonb_typeof(link) <> 'object' or coalesce(link ->> 'url', '') !~ '^https://[^[:space:][:cntrl:]"<>@\\]{3,250}$' or link - 'url' <> '{}') end
$$;
grant execute on function private.are_links(jsonb) to public;

-- The display record: the only source of any name that anyone is shown. For a protected person all of it is the alias.
create table public.people (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	-- Empty until the person first says how they want to be called.
	display_name text not null default '' check (length(display_name) <= 120 and display_name = btrim(display_name)),
	office text not null default '' check (length(office) <= 200),
	affiliation text not null default '' check (length(affiliation) <= 200),
	country char(2) check (country ~ '^[A-Z]{2}$'),
	biography public.text_map not null default '{}',
	portrait_path text,
	-- [{url}]: where the person can be read of, as they chose.
	links jsonb not null default '[]' check (private.are_links(links)),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
alter table public.people enable row level security;
create index people_name_search on public.people using gin (display_name extensions.gin_trgm_ops);
select audit.watch('public.people', 'id', 'display_name', 'office', 'affiliation', 'country', 'biography', 'portrait_path', 'links');

create type public.acting_relation as enum ('self', 'assistant');

-- Who may act for whom. An account is itself one person at most.
create table public.account_people (
	id uuid primary key default gen_random_uuid(),
	account_id uuid not null references auth.users (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	relation public.acting_relation not null,
	scope text not null default 'all' check (scope in ('all', 'registration', 'speaking')),
	until timestamptz,
	created_at timestamptz not null default now(),
	unique (account_id, person_id)
);
alter table public.account_people enable row level security;
create unique index account_people_one_self on public.account_people (account_id) where relation = 'self';
create unique index account_people_one_account on public.account_people (person_id) where relation = 'self';
create index on public.account_people (person_id);
select audit.watch('public.account_people', 'person_id');

-- The signed-in account, or null when its session was ended, or the account closed or barred. A signed token is believed by the data API until it
-- runs out; only Auth's own tables know. Every policy and function asks here who it is, never auth.uid().
create function private.account() returns uuid
language sql stable security definer set search_path = '' as $$
	select u.id from auth.users as u
	where u.id = auth.uid() and u.deleted_at is null and (u.banned_until is null or u.banned_until <= now())
		and coalesce(u.id = (select s.user_id from auth.sessions as s
				where s.id = (auth.jwt() ->> 'session_id')::uuid and (s.not_after is null or s.not_after > now())),
			auth.jwt() ->> 'session_id' is null)
$$;
grant execute on function private.account() to anon, authenticated;

-- The person that the signed-in account is, or null.
create function private.me() returns uuid
language sql stable security definer set search_path = '' as $$
	select person_id from public.account_people where account_id = (select private.account()) and relation = 'self'
$$;

-- Everyone the signed-in account may act for, itself included, within a scope.
create function private.my_people(p_scope text default 'all') returns setof uuid
language sql stable security definer set search_path = '' as $$
	select person_id from public.account_people
	where account_id = (select private.account()) and (until is null or until > now())
		and (relation = 'self' or scope in ('all', p_scope))
$$;

-- Who acts: named by the app where no account is signed in, else the account's person.
create function private.actor() returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce(nullif(current_setting('app.actor', true), '')::uuid, private.me())
$$;

-- Addresses. The plain address stands only in auth.users; here it is sealed by the app and found by a keyed hash.
create table private.person_addresses (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	address_hash bytea not null unique,
	address_sealed bytea not null,
	key_id text not null,
	is_primary boolean not null default true,
	verified_at timestamptz,
	-- The hash of an address that was typed at a desk for somebody new while it is a protected person's. Mail goes to it as to any other, but it
	-- leads nobody to anybody: the row's own hash is random, and it is never proven.
	typed_hash bytea unique check (typed_hash is null or verified_at is null),
	created_at timestamptz not null default now()
);
alter table private.person_addresses enable row level security;
create unique index person_addresses_one_primary on private.person_addresses (person_id) where is_primary;
create index on private.person_addresses (person_id);
select audit.watch('private.person_addresses', 'person_id', 'address_hash', 'address_sealed');

create type public.protection_kind as enum ('alias', 'talk_first');

-- Why a person is protected is nobody's business here; that they are is known to them, safeguarding and accreditation.
create table private.protections (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	kind public.protection_kind not null,
	real_name_sealed bytea,
	key_id text,
	no_photographs boolean not null default true,
	created_at timestamptz not null default now(),
	check ((real_name_sealed is null) = (key_id is null))
);
alter table private.protections enable row level security;
select audit.watch('private.protections', 'person_id', 'kind', 'real_name_sealed');

-- A focal point would know an alias among their own people, and so who it stands for: they count the seat, and see no more.
create function private.has_alias(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections where person_id = p_person and kind = 'alias')
$$;
grant execute on function private.has_alias(uuid) to authenticated;

-- What a person set for themselves.
create table public.person_preferences (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	locale text not null default 'en' check (locale in ('en', 'fr', 'es', 'ar')),
	time_zone text references private.time_zones (name),
	no_photographs boolean not null default false,
	updated_at timestamptz not null default now()
);
alter table public.person_preferences enable row level security;
select audit.watch('public.person_preferences', 'person_id', 'locale', 'time_zone', 'no_photographs');

-- Ids that a person had before: merged away, or renewed when an alias was put on or taken off. What the audit says of an old
-- id, and the key that an old id has, are this person's.
create table private.former_ids (
	former_id uuid primary key,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	since timestamptz not null default now()
);
alter table private.former_ids enable row level security;
create index on private.former_ids (person_id);

-- Whether what was once written of somebody may not be read beside what they are called now: they are or were under another name,
-- asked to talk first, or are two people made one.
create function private.audit_guards(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		or exists (select from private.former_ids as f where p_person in (f.person_id, f.former_id))
$$;

-- Sign-in: one challenge for each browser that asked. Only that browser holds its id, in a sealed cookie, so that nobody else can miss for it.
create table private.sign_in_challenges (
	id uuid primary key default gen_random_uuid(),
	address_hash bytea not null,
	-- The code that was mailed for this browser alone; null when it uses the address's own (below).
	code_hash bytea,
	misses integer not null default 0,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	used_at timestamptz,
	burnt_at timestamptz
);
alter table private.sign_in_challenges enable row level security;

-- What an address has been sent in the hour, and how often somebody missed for it in the day: it decides how long the next code is.
create table private.sign_in_addresses (
	address_hash bytea primary key,
	mails integer not null default 0,
	mails_since timestamptz not null default now(),
	misses integer not null default 0,
	misses_since timestamptz not null default now(),
	-- When a code was last mailed that every browser may use which asked for this address.
	shared_at timestamptz
);
alter table private.sign_in_addresses enable row level security;
create index on private.sign_in_addresses (misses_since);

create table private.sign_in_shared_codes (
	address_hash bytea not null references private.sign_in_addresses (address_hash) on delete cascade,
	code_hash bytea not null,
	mailed_at timestamptz not null default now(),
	primary key (address_hash, code_hash)
);
alter table private.sign_in_shared_codes enable row level security;

-- How many codes a client had sent to addresses that belong to nobody here.
create table private.sign_in_clients (
	client_hash bytea primary key,
	mails integer not null default 0,
	mails_since timestamptz not null default now()
);
alter table private.sign_in_clients enable row level security;
create index on private.sign_in_clients (mails_since);

-- Personal links (calendar, invitation): random, stored hashed, revocable, scoped. None signs anybody in.
create table private.personal_links (
	id uuid primary key default gen_random_uuid(),
	kind text not null check (kind in ('calendar', 'invitation')),
	token_hash bytea not null unique,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	summit_id uuid,
	scope jsonb not null default '{}',
	created_at timestamptz not null default now(),
	expires_at timestamptz,
	used_at timestamptz,
	revoked_at timestamptz
);
alter table private.personal_links enable row level security;
create index on private.personal_links (person_id);
select audit.watch('private.personal_links', 'person_id', 'token_hash');
