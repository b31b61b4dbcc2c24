-- People across Summits, the accounts that act for them, and what is sealed about them.

-- Whether a value is a list of at most five web pages, [{url}] with complete https addresses.
create function private.are_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_links) is distinct from 'array' then false
		else jsonb_array_length(p_links) <= 5 and not exists (select
			from jsonb_array_elements(p_links) as link
			where jsonb_typeof(link) <> 'object'
				or coalesce(link ->> 'url', '') !~ '^https://[^[:space:][:cntrl:]"<>@\\]{3,250}$'
				or link - 'url' <> '{}')
	end
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
	-- [{url}]: pages about the person, as they chose.
	links jsonb not null default '[]' check (links = '[]' or private.are_links(links)),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint display_name_one_line check (private.is_one_line(display_name)),
	constraint office_one_line check (private.is_one_line(office)),
	constraint affiliation_one_line check (private.is_one_line(affiliation)),
	constraint links_one_line check (links = '[]' or private.are_one_line(links))
);
create index people_name_search on public.people using gin (display_name extensions.gin_trgm_ops);
alter table public.people enable row level security;
select audit.watch('public.people', 'id', 'code', 'display_name', 'office', 'affiliation', 'country',
	'biography', 'portrait_path', 'links');

create type public.account_relation as enum ('self', 'assistant');

-- Which account may act for which person. An account is itself one person at most.
create table public.account_people (
	id uuid primary key default gen_random_uuid(),
	account_id uuid not null references auth.users (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	relation public.account_relation not null,
	scope text not null default 'all' check (scope in ('all', 'registration', 'speaking')),
	until timestamptz,
	created_at timestamptz not null default now(),
	unique (account_id, person_id)
);
create unique index account_people_one_self on public.account_people (account_id) where relation = 'self';
create unique index account_people_one_account on public.account_people (person_id) where relation = 'self';
create index on public.account_people (person_id);
alter table public.account_people enable row level security;
select audit.watch('public.account_people', 'person_id');

-- The addresses of people. The plain address exists only in auth.users; here it is sealed by the app and found by a
-- keyed hash.
create table private.person_addresses (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	address_hash bytea not null unique,
	address_sealed bytea not null,
	key_id text not null,
	is_primary boolean not null default true,
	verified_at timestamptz,
	-- The hash of an address that was typed at a desk for a new person although it belongs to a protected person. Mail
	-- goes to it as to any other address, but it leads nobody to the other person: the row's own hash is random, and
	-- the address is never verified.
	typed_hash bytea unique check (typed_hash is null or verified_at is null),
	created_at timestamptz not null default now(),
	-- Since when mail to it bounces, or is reported as spam; messages of organisers leave its person out.
	unreachable_since timestamptz
);
create unique index person_addresses_one_primary on private.person_addresses (person_id) where is_primary;
create index on private.person_addresses (person_id);
alter table private.person_addresses enable row level security;
select audit.watch('private.person_addresses', 'person_id', 'address_hash', 'address_sealed');

create type public.protection_kind as enum ('alias', 'talk_first');

-- How a person is protected, not why. Known to the person, safeguarding and accreditation.
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
	-- Null until the person chose one, or signed in for the first time: mails are in English until then.
	locale text check (private.is_interface_language(locale)),
	time_zone text references private.time_zones (name),
	no_photographs boolean not null default false,
	updated_at timestamptz not null default now(),
	agenda_changes text not null default 'mail' check (agenda_changes in ('mail', 'page')),
	calendar_invitations text not null default 'own' check (calendar_invitations in ('none', 'own', 'marked')),
	constraint time_zone_one_line check (private.is_one_line(time_zone))
);
alter table public.person_preferences enable row level security;
select audit.watch('public.person_preferences', 'person_id', 'locale', 'time_zone', 'no_photographs');

-- Ids that a person had before: of a record that was merged into theirs, or from before an alias was put on or taken
-- off. Audit entries and the key of an old id belong to this person.
create table private.former_ids (
	former_id uuid primary key,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	since timestamptz not null default now()
);
create index on private.former_ids (person_id);
alter table private.former_ids enable row level security;

-- Personal links for calendars and invitations: random, stored hashed, revocable and scoped (Rule 8). None signs
-- anybody in.
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
	-- Each sending makes a link: the newest one works, those before it are revoked.
	invitation_id uuid references private.invitations (id) on delete cascade,
	check ((kind = 'invitation') = (invitation_id is not null))
);
create index on private.personal_links (person_id);
alter table private.personal_links enable row level security;
select audit.watch('private.personal_links', 'person_id', 'token_hash');

-- Requests to merge two records of one person (02_people/merge_requests.sql). The reason is written about somebody, so
-- the audit keeps it encrypted.
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
create unique index merge_requests_one_open on public.merge_requests (keep_id, duplicate_id) where state = 'open';
create index on public.merge_requests (duplicate_id);
create index on public.merge_requests (asked_by);
create index on public.merge_requests (decided_by);
alter table public.merge_requests enable row level security;
create policy read on public.merge_requests for select to authenticated
	using ((select private.may_merge(private.me())));
grant select on public.merge_requests to authenticated;
select audit.watch('public.merge_requests', 'keep_id', 'reason');

-- Offers to act for a person, open until the holder of the address answers (02_people/assistants.sql). An offer names
-- nobody, and nobody learns whose address it is when its holder accepts.
create table private.assistant_invitations (
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
create index on private.assistant_invitations (address_hash);
alter table private.assistant_invitations enable row level security;
select audit.watch('private.assistant_invitations', 'person_id', 'address_hash', 'address_sealed');

-- The address by which an assistant was asked. The person who asked sees it while the assistant acts for them, and
-- never whose it is.
create table private.assistant_addresses (
	account_people_id uuid primary key references public.account_people (id) on delete cascade,
	address_sealed bytea not null,
	key_id text not null
);
alter table private.assistant_addresses enable row level security;
select audit.watch('private.assistant_addresses', '', 'address_sealed');

-- The columns in which somebody may have written a name that others read (02_people/alias_rewriting.sql). A test
-- compares the list with the schema.
create table private.free_text_columns (
	table_name text not null,
	column_name text not null,
	primary key (table_name, column_name)
);
alter table private.free_text_columns enable row level security;

-- Where a former name is still readable after an alias, for the person and for safeguarding. It never contains that
-- name.
create table private.alias_traces (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	at timestamptz not null default now(),
	-- {rewritten: {table.column: rows}, left: {table.column: rows}, releases, badges, certificates, letters,
	-- host_lists, invoices, recordings, files, calendars}
	facts jsonb not null
);
create index on private.alias_traces (person_id);
alter table private.alias_traces enable row level security;
select audit.watch('private.alias_traces', 'person_id', 'facts');
