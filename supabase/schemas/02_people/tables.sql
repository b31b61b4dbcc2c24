-- People across Summits, the accounts that act for them, and what is sealed about them.

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
	updated_at timestamptz not null default now(),
	constraint display_name_one_line check (private.is_one_line(display_name)),
	constraint office_one_line check (private.is_one_line(office)),
	constraint affiliation_one_line check (private.is_one_line(affiliation)),
	constraint links_one_line check (private.are_one_line(links))
);
alter table public.people enable row level security;
create index people_name_search on public.people using gin (display_name extensions.gin_trgm_ops);
select audit.watch('public.people', 'id', 'display_name', 'office', 'affiliation', 'country', 'biography',
	'portrait_path', 'links');

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

-- Addresses. The plain address stands only in auth.users; here it is sealed by the app and found by a keyed hash.
create table private.person_addresses (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	address_hash bytea not null unique,
	address_sealed bytea not null,
	key_id text not null,
	is_primary boolean not null default true,
	verified_at timestamptz,
	-- The hash of an address that was typed at a desk for somebody new while it is a protected person's. Mail goes to
	-- it as to any other, but it leads nobody to anybody: the row's own hash is random, and it is never proven.
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

-- What a person set for themselves.
create table public.person_preferences (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	locale text not null default 'en' check (locale in ('en', 'fr', 'es', 'ar')),
	time_zone text references private.time_zones (name),
	no_photographs boolean not null default false,
	updated_at timestamptz not null default now(),
	agenda_changes text not null default 'mail' check (agenda_changes in ('mail', 'page')),
	calendar_invitations text not null default 'own' check (calendar_invitations in ('none', 'own', 'marked')),
	constraint time_zone_one_line check (private.is_one_line(time_zone))
);
alter table public.person_preferences enable row level security;
select audit.watch('public.person_preferences', 'person_id', 'locale', 'time_zone', 'no_photographs');

-- Ids that a person had before: merged away, or renewed when an alias was put on or taken off. What the audit says of
-- an old id, and the key that an old id has, are this person's.
create table private.former_ids (
	former_id uuid primary key,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	since timestamptz not null default now()
);
alter table private.former_ids enable row level security;
create index on private.former_ids (person_id);

-- Sign-in: one challenge for each browser that asked. Only that browser holds its id, in a sealed cookie, so that
-- nobody else can miss for it.
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

-- What an address has been sent in the hour, and how often somebody missed for it in the day: it decides how long the
-- next code is.
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
	revoked_at timestamptz,
	-- Each sending is a link of its own: the newest one works, those before it are revoked.
	invitation_id uuid references private.invitations (id) on delete cascade,
	check ((kind = 'invitation') = (invitation_id is not null))
);
alter table private.personal_links enable row level security;
create index on private.personal_links (person_id);
select audit.watch('private.personal_links', 'person_id', 'token_hash');

-- Two records of one person become one. One of the staff asks and another confirms; audited, refused when both have a
-- live registration at one Summit.

-- Who asks and who confirms; staff write a reason about somebody, which is sealed in the audit like all that concerns
-- them.
create table public.merge_requests (
	id uuid primary key default gen_random_uuid(),
	keep_id uuid not null references public.people (id) on update cascade on delete cascade,
	duplicate_id uuid not null references public.people (id) on update cascade on delete cascade,
	reason text not null check (length(btrim(reason)) between 1 and 2000),
	state text not null default 'open' check (state in ('open', 'confirmed', 'refused')),
	asked_by uuid references public.people (id) on update cascade on delete set null,
	asked_at timestamptz not null default now(),
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	check ((state = 'open') = (decided_at is null)),
	check (state <> 'confirmed' or decided_by is distinct from asked_by)
);
alter table public.merge_requests enable row level security;
create unique index merge_requests_one_open on public.merge_requests (keep_id, duplicate_id) where state = 'open';
create index on public.merge_requests (duplicate_id);
create index on public.merge_requests (asked_by);
create index on public.merge_requests (decided_by);
select audit.watch('public.merge_requests', 'keep_id', 'reason');
create policy read on public.merge_requests for select to authenticated
	using ((select private.may_merge(private.me())));
grant select on public.merge_requests to authenticated;

-- Who may act for whom: offered to a mail address, accepted by its holder, read and ended by either.

-- An offer names nobody, and nobody is told whose address it is when its holder accepts.
create table private.acting_offers (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	scope text not null check (scope in ('all', 'registration', 'speaking')),
	until timestamptz not null,
	created_at timestamptz not null default now(),
	unique (person_id, address_hash)
);
alter table private.acting_offers enable row level security;
create index on private.acting_offers (address_hash);
select audit.watch('private.acting_offers', 'person_id', 'address_hash', 'address_sealed');

-- By which address an assistant was asked. Whoever asked is shown it for as long as they act, and never whose it is.
create table private.acting_addresses (
	acting_id uuid primary key references public.account_people (id) on delete cascade,
	address_sealed bytea not null,
	key_id text not null
);
alter table private.acting_addresses enable row level security;
select audit.watch('private.acting_addresses', '', 'address_sealed');

-- An alias that is put on late: the name was written where people write freely, and was sent and printed. What can be
-- changed is changed with it; what cannot be taken back is told to the person and to safeguarding.

-- Columns in which somebody may have written a name that others read. A test holds the list against the schema.
create table private.written_places (
	table_name text not null,
	column_name text not null,
	primary key (table_name, column_name)
);
alter table private.written_places enable row level security;

-- What of the old name is out of reach, for the person and for safeguarding. The old name is not in it.
create table private.alias_traces (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	at timestamptz not null default now(),
	-- {rewritten, left: {table.column: rows}, releases, badges, certificates, letters, host_lists, invoices,
	-- recordings, files, calendars}
	facts jsonb not null
);
alter table private.alias_traces enable row level security;
create index on private.alias_traces (person_id);
select audit.watch('private.alias_traces', 'person_id', 'facts');
