-- One person at one Summit: the registration, what was agreed to, its history, and the badge.

create type public.registration_category as enum
	('delegate', 'speaker', 'guest', 'staff', 'crew', 'interpreter', 'press', 'security', 'guardian');
create type public.registration_state as enum
	('draft', 'submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed', 'declined', 'withdrawn', 'expired');

-- Named pools of seats for those who have no member.
create table public.pools (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	category public.registration_category not null check (category <> 'delegate'),
	name text not null check (length(btrim(name)) between 1 and 80),
	in_person_ceiling integer not null default 0 check (in_person_ceiling >= 0),
	virtual_ceiling integer not null default 0 check (virtual_ceiling >= 0),
	-- Its seats are counted under its own ceilings alone, not under the capacity that delegates wait for.
	outside_capacity boolean not null default false,
	unique (summit_id, category, name),
	unique (id, summit_id)
);
alter table public.pools enable row level security;
select audit.watch('public.pools');

create table public.registrations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	person_id uuid not null references public.people (id) on update cascade on delete restrict,
	reference text not null unique default private.random_code(8),
	category public.registration_category not null default 'delegate',
	member_id uuid,
	pool_id uuid,
	mode public.attendance_mode not null default 'virtual',
	state public.registration_state not null default 'draft',
	state_since timestamptz not null default now(),
	form_step integer not null default 1 check (form_step between 1 and 9),
	languages text[] not null default '{}',
	code_of_conduct_at timestamptz,
	is_minor boolean not null default false,
	guardian_id uuid references public.registrations (id) on delete restrict,
	guardian_consent_at timestamptz,
	submitted_at timestamptz,
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete restrict,
	foreign key (pool_id, summit_id) references public.pools (id, summit_id) on delete restrict,
	unique (id, summit_id),
	check (member_id is null or pool_id is null),
	-- A delegate without a member stays a draft or waits for the organisers ("mine is not listed").
	check (category <> 'delegate' or pool_id is null),
	check (not is_minor or state in ('draft', 'declined', 'withdrawn', 'expired') or (guardian_id is not null and guardian_consent_at is not null))
);
alter table public.registrations enable row level security;
-- Rule 2: one live registration per person and Summit.
create unique index registrations_one_live on public.registrations (summit_id, person_id) where state not in ('declined', 'withdrawn', 'expired');
create index on public.registrations (person_id);
create index on public.registrations (summit_id, state);
create index on public.registrations (summit_id, member_id);
create index on public.registrations (pool_id);
create index on public.registrations (guardian_id);
select audit.watch('public.registrations', 'person_id', 'languages', 'is_minor', 'guardian_id', 'guardian_consent_at');

-- Whom somebody under 18 names as guardian: a reference or an address as typed, whether or not anybody has it.
create table private.guardian_claims (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	reference text,
	address_hash bytea,
	address_sealed bytea,
	key_id text,
	named_at timestamptz not null default now(),
	-- How often another was named within a day: each one is a mail to somebody.
	named_today integer not null default 1,
	asked_at timestamptz,
	-- "I am not their guardian."
	refused_at timestamptz,
	check (num_nonnulls(reference, address_hash) = 1),
	check (num_nonnulls(address_hash, address_sealed, key_id) in (0, 3))
);
alter table private.guardian_claims enable row level security;
create index on private.guardian_claims (named_at) where asked_at is null;
create index on private.guardian_claims (address_hash);
create index on private.guardian_claims (reference);
select audit.watch('private.guardian_claims', 'registration_id', 'reference', 'address_hash', 'address_sealed');

-- What nominating and the door need not know.
create table public.registration_details (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	access_needs text not null default '' check (length(access_needs) <= 2000),
	note text not null default '' check (length(note) <= 2000),
	updated_at timestamptz not null default now()
);
alter table public.registration_details enable row level security;
create index on public.registration_details (person_id);
select audit.watch('public.registration_details', 'person_id', 'access_needs', 'note');

-- "Mine is not listed": goes to the organisers, who link or add the member.
create table public.member_requests (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	registration_id uuid not null unique references public.registrations (id) on delete cascade,
	name text not null check (length(btrim(name)) between 2 and 200),
	sector public.sector,
	country char(2) check (country ~ '^[A-Z]{2}$'),
	state text not null default 'open' check (state in ('open', 'linked', 'refused')),
	member_id uuid references public.members (id) on delete set null,
	created_at timestamptz not null default now()
);
alter table public.member_requests enable row level security;
create index on public.member_requests (summit_id, state);
select audit.watch('public.member_requests', 'registration_id', 'name', 'sector', 'country');

-- Each step has who, when and why. Written by the state functions only; never changed.
create table public.registration_steps (
	id bigint generated always as identity primary key,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	from_state public.registration_state,
	to_state public.registration_state not null,
	mode public.attendance_mode not null,
	at timestamptz not null default clock_timestamp(),
	actor_id uuid references public.people (id) on update cascade on delete set null,
	principal_id uuid references public.people (id) on update cascade on delete set null,
	-- What the person is told. A neutral text where the true reason must stay with safeguarding.
	reason text not null default '' check (length(reason) <= 2000)
);
alter table public.registration_steps enable row level security;
create index on public.registration_steps (registration_id, at);
-- The step itself keeps the reason, as long as the registration is there.
select audit.watch('public.registration_steps', '', 'reason');

create table public.consents (
	id uuid primary key default gen_random_uuid(),
	registration_id uuid not null references public.registrations (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	item_id uuid not null references public.consent_items (id) on delete restrict,
	given_at timestamptz,
	withdrawn_at timestamptz,
	unique (registration_id, item_id)
);
alter table public.consents enable row level security;
create index on public.consents (person_id);
select audit.watch('public.consents', 'person_id');

-- Rule 8: the QR carries a random badge id; doors know which are revoked.
create table public.badges (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	letters text not null unique default private.random_code(12),
	issued_at timestamptz not null default now(),
	revoked_at timestamptz,
	revoked_reason text,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade
);
alter table public.badges enable row level security;
create unique index badges_one_valid on public.badges (registration_id) where revoked_at is null;
create index on public.badges (summit_id);
select audit.watch('public.badges');

-- Registrations that the signed-in account may act for.
create function private.my_registrations() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.registrations where person_id in (select private.my_people('registration'))
$$;

create policy read on public.pools for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance', 'programme')));
create policy add on public.pools for insert to authenticated with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.pools for update to authenticated using (summit_id in (select private.summits_with_role('registration')));
create policy read on public.registrations for select to authenticated
	using (person_id in (select private.my_people('registration'))
		or summit_id in (select private.summits_with_role('registration', 'finance', 'safeguarding')));
create policy read on public.registration_details for select to authenticated
	using (registration_id in (select private.my_registrations())
		or exists (select from public.registrations as r where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration'))));
create policy read on public.member_requests for select to authenticated
	using (registration_id in (select private.my_registrations()) or summit_id in (select private.summits_with_role('registration')));
create policy read on public.registration_steps for select to authenticated
	using (registration_id in (select private.my_registrations())
		or exists (select from public.registrations as r where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration'))));
create policy read on public.consents for select to authenticated
	using (person_id in (select private.my_people('registration'))
		or exists (select from public.registrations as r where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration'))));
create policy read on public.badges for select to authenticated
	using (registration_id in (select private.my_registrations()) or summit_id in (select private.summits_with_role('registration')));
grant select on public.pools, public.registration_details, public.member_requests, public.registration_steps,
	public.consents, public.badges to authenticated;
-- Not guardian_id: who a guardian is, nobody learns from the registration of somebody under 18.
grant select (id, summit_id, person_id, reference, category, member_id, pool_id, mode, state, state_since, form_step, languages, code_of_conduct_at, is_minor,
	guardian_consent_at, submitted_at, version, created_at, updated_at) on public.registrations to authenticated;
grant insert, update on public.pools to authenticated;
grant execute on function private.my_registrations() to anon, authenticated;
