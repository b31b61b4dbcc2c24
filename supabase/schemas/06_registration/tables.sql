-- One person at one Summit: pools, the registration and its form, invitations, and the delegation that it belongs to.
-- The tables of the logistics form, visa letters and host-state lists are in logistics_tables.sql, badges in 22_badges.

create type public.registration_category as enum
	('delegate', 'speaker', 'guest', 'staff', 'crew', 'interpreter', 'press', 'security', 'guardian');

create type public.registration_state as enum
	('draft', 'submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed', 'declined', 'withdrawn',
		'expired');

-- A named pool of seats for people without a member.
create table public.pools (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	category public.registration_category not null check (category <> 'delegate'),
	name text not null check (length(btrim(name)) between 1 and 80),
	in_person_ceiling integer not null default 0 check (in_person_ceiling >= 0),
	virtual_ceiling integer not null default 0 check (virtual_ceiling >= 0),
	-- Its seats count under its own ceilings only, not under the capacity for which delegates wait.
	outside_capacity boolean not null default false,
	unique (summit_id, category, name),
	unique (id, summit_id),
	constraint name_one_line check (private.is_one_line(name))
);
alter table public.pools enable row level security;
create policy read on public.pools for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance', 'programme')));
create policy add on public.pools for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.pools for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.pools to authenticated;
grant insert, update on public.pools to authenticated;
select audit.watch('public.pools');

-- A person's registration at a Summit.
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
	-- A delegate without a member stays a draft, or waits for the organisers to link or add the member.
	check (category <> 'delegate' or pool_id is null),
	check (not is_minor or state in ('draft', 'declined', 'withdrawn', 'expired')
		or (guardian_id is not null and guardian_consent_at is not null)),
	constraint languages_one_line check (private.are_one_line(languages))
);
-- Rule 2: one live registration per person and Summit.
create unique index registrations_one_live on public.registrations (summit_id, person_id)
	where state not in ('declined', 'withdrawn', 'expired');
create index on public.registrations (person_id);
create index on public.registrations (summit_id, state);
create index on public.registrations (summit_id, member_id);
create index on public.registrations (pool_id);
create index on public.registrations (guardian_id);
alter table public.registrations enable row level security;
create policy read on public.registrations for select to authenticated
	using (
		person_id in (select private.my_people('registration'))
		or summit_id in (select private.summits_with_role('registration', 'finance', 'safeguarding'))
	);
-- Not guardian_id: nobody learns from a minor's registration who the guardian is.
grant select (id, summit_id, person_id, reference, category, member_id, pool_id, mode, state, state_since, form_step,
	languages, code_of_conduct_at, is_minor, guardian_consent_at, submitted_at, version, created_at, updated_at)
	on public.registrations to authenticated;
select audit.watch('public.registrations', 'person_id', 'languages', 'is_minor', 'guardian_id', 'guardian_consent_at',
	'reference');

-- What the form asks and only the registration organisers need: accessibility needs and a note. Nominating and the door
-- do not read it. Organisers read it by read_registration alone, which writes each reading to the audit.
create table public.registration_needs (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	access_needs text not null default '' check (length(access_needs) <= 2000),
	note text not null default '' check (length(note) <= 2000),
	updated_at timestamptz not null default now()
);
create index on public.registration_needs (person_id);
alter table public.registration_needs enable row level security;
create policy read on public.registration_needs for select to authenticated
	using (registration_id in (select private.my_registrations()));
grant select on public.registration_needs to authenticated;
select audit.watch('public.registration_needs', 'person_id', 'access_needs', 'note');

-- A member that a registrant did not find in the list. The organisers link it to a member or add one.
create table public.member_requests (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	registration_id uuid not null unique references public.registrations (id) on delete cascade,
	name text not null check (length(btrim(name)) between 2 and 200),
	sector public.sector,
	country char(2) check (country ~ '^[A-Z]{2}$'),
	state text not null default 'open' check (state in ('open', 'linked', 'refused')),
	member_id uuid references public.members (id) on delete set null,
	created_at timestamptz not null default now(),
	constraint name_one_line check (private.is_one_line(name))
);
create index on public.member_requests (summit_id, state);
alter table public.member_requests enable row level security;
create policy read on public.member_requests for select to authenticated
	using (
		registration_id in (select private.my_registrations())
		or summit_id in (select private.summits_with_role('registration'))
	);
grant select on public.member_requests to authenticated;
select audit.watch('public.member_requests', 'registration_id', 'name', 'sector', 'country');

-- The history of a registration: who changed its state, when and why. Only the functions that change the state write
-- it; a row never changes.
create table public.registration_steps (
	id bigint generated always as identity primary key,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	from_state public.registration_state,
	to_state public.registration_state not null,
	mode public.attendance_mode not null,
	at timestamptz not null default clock_timestamp(),
	actor_id uuid references public.people (id) on update cascade on delete set null,
	principal_id uuid references public.people (id) on update cascade on delete set null,
	-- The text that the person reads. It is neutral where only safeguarding may know the true reason.
	reason text not null default '' check (length(reason) <= 2000),
	-- The new category, if the step changed the category; its two states are then the same.
	category public.registration_category
);
create index on public.registration_steps (registration_id, at);
alter table public.registration_steps enable row level security;
create policy read on public.registration_steps for select to authenticated
	using (
		registration_id in (select private.my_registrations())
		or exists (
			select from public.registrations as r
			where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration')))
	);
grant select on public.registration_steps to authenticated;
-- The audit leaves the reason out: the step keeps it as long as the registration exists.
select audit.watch('public.registration_steps', '', 'reason');

-- A consent that a person gave or withdrew, one for each consent item, with the text that they agreed to: a later change
-- of the item changes no text that somebody agreed to. consents.sql sets the text.
create table public.consents (
	id uuid primary key default gen_random_uuid(),
	registration_id uuid not null references public.registrations (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	item_id uuid not null references public.consent_items (id) on delete restrict,
	given_at timestamptz,
	withdrawn_at timestamptz,
	-- In the one language in which it was shown; kept when the consent is withdrawn.
	agreed_label public.text_map not null default '{}',
	agreed_detail public.text_map not null default '{}',
	-- While this is set, the minor cannot give the consent again (24_safeguarding/wards.sql).
	withdrawn_by_guardian_at timestamptz,
	unique (registration_id, item_id),
	check (given_at is not null or (agreed_label = '{}' and agreed_detail = '{}')),
	constraint agreed_label_one_line check (private.are_one_line(agreed_label))
);
create index on public.consents (person_id);
alter table public.consents enable row level security;
create policy read on public.consents for select to authenticated
	using (
		person_id in (select private.my_people('registration'))
		or exists (
			select from public.registrations as r
			where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration')))
	);
grant select on public.consents to authenticated;
select audit.watch('public.consents', 'person_id');

-- Whom to call if something happens to a person: name, telephone and relation, sealed by the app. Not audited but for
-- readings (emergency_contacts.sql): a contact that is removed here is nowhere else.
create table private.emergency_contacts (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	contact_sealed bytea not null,
	key_id text not null,
	updated_at timestamptz not null default now()
);
alter table private.emergency_contacts enable row level security;

-- The guardian that somebody under 18 names: a reference or an address as typed, whether or not anybody has it.
create table private.guardian_claims (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	reference text,
	address_hash bytea,
	address_sealed bytea,
	key_id text,
	named_at timestamptz not null default now(),
	-- How often a guardian was named within a day. It is limited, because each naming sends a mail to somebody.
	named_today integer not null default 1,
	asked_at timestamptz,
	-- When the addressee said that they are not the guardian.
	refused_at timestamptz,
	-- Whose reference this was, when it has changed since it was typed.
	holder_id uuid references public.registrations (id) on delete set null,
	check (num_nonnulls(reference, address_hash) = 1),
	check (num_nonnulls(address_hash, address_sealed, key_id) in (0, 3))
);
create index on private.guardian_claims (named_at) where asked_at is null;
create index on private.guardian_claims (address_hash);
create index on private.guardian_claims (reference);
create index on private.guardian_claims (holder_id);
alter table private.guardian_claims enable row level security;
select audit.watch('private.guardian_claims', 'registration_id', 'reference', 'address_hash', 'address_sealed',
	'holder_id');

-- An invitation to register: for a member's seat, or into a pool. It is bound to one mail address, and only the holder
-- of that address can use it.
create table private.invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	category public.registration_category not null default 'delegate',
	member_id uuid,
	pool_id uuid,
	mode public.attendance_mode not null,
	-- The keyed hash binds the invitation to an address, the sealed address is for sending it, and the mask
	-- ("m…a@ministry.example") shows its senders which one it is.
	address_hash bytea not null,
	address_sealed bytea,
	key_id text,
	address_mask text not null check (address_mask like '%…%' and length(address_mask) <= 200),
	note_sealed bytea,
	locale text not null default 'en' check (private.is_interface_language(locale)),
	invited_by uuid references public.people (id) on update cascade on delete set null,
	principal_id uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	opened_at timestamptz,
	used_at timestamptz,
	revoked_at timestamptz,
	registration_id uuid references public.registrations (id) on delete set null,
	-- The registration whose seat it transfers. That person keeps the seat until the new form is sent.
	transfers_from_id uuid references public.registrations (id) on delete set null,
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade,
	foreign key (pool_id, summit_id) references public.pools (id, summit_id) on delete cascade,
	check ((member_id is null) <> (pool_id is null)),
	check ((category = 'delegate') <= (pool_id is null)),
	check (used_at is null or revoked_at is null),
	constraint address_mask_one_line check (private.is_one_line(address_mask))
);
create index on private.invitations (summit_id, member_id);
create index on private.invitations (pool_id);
create index on private.invitations (address_hash);
create index on private.invitations (registration_id);
create index on private.invitations (transfers_from_id);
create index on private.invitations (invited_by);
create index on private.invitations (principal_id);
alter table private.invitations enable row level security;
select audit.watch('private.invitations', '', 'address_hash', 'address_sealed', 'address_mask', 'note_sealed');
create index on private.personal_links (invitation_id);

-- A focal point says that a registrant is not one of their member's people. It is a flag for the people who accredit;
-- the registrant does not learn of it.
create table public.nomination_refusals (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	reason text not null check (length(reason) between 1 and 500),
	refused_by uuid references public.people (id) on update cascade on delete set null,
	principal_id uuid references public.people (id) on update cascade on delete set null,
	refused_at timestamptz not null default now()
);
create index on public.nomination_refusals (summit_id);
create index on public.nomination_refusals (refused_by);
create index on public.nomination_refusals (principal_id);
alter table public.nomination_refusals enable row level security;
create policy read on public.nomination_refusals for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.nomination_refusals to authenticated;
select audit.watch('public.nomination_refusals', '', 'reason');

-- The head of a delegation and the order of its people, on lists and on printed badges.
create table public.delegation_places (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	summit_id uuid not null,
	member_id uuid not null,
	position integer not null,
	is_head boolean not null default false,
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade
);
create unique index delegation_places_one_head on public.delegation_places (summit_id, member_id) where is_head;
create index on public.delegation_places (summit_id, member_id, position);
alter table public.delegation_places enable row level security;
create policy read on public.delegation_places for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.delegation_places to authenticated;
select audit.watch('public.delegation_places');
