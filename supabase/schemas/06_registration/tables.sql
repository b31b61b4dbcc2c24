-- One person at one Summit: the registration, what was agreed to, its history, and the badge.

create type public.registration_category as enum
	('delegate', 'speaker', 'guest', 'staff', 'crew', 'interpreter', 'press', 'security', 'guardian');

create type public.registration_state as enum
	('draft', 'submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed', 'declined', 'withdrawn',
		'expired');

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
	unique (id, summit_id),
	constraint name_one_line check (private.is_one_line(name))
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
	check (not is_minor or state in ('draft', 'declined', 'withdrawn', 'expired')
		or (guardian_id is not null and guardian_consent_at is not null)),
	constraint languages_one_line check (private.are_one_line(languages))
);
alter table public.registrations enable row level security;

-- Rule 2: one live registration per person and Summit.
create unique index registrations_one_live on public.registrations (summit_id, person_id)
	where state not in ('declined', 'withdrawn', 'expired');
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
	created_at timestamptz not null default now(),
	constraint name_one_line check (private.is_one_line(name))
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
	reason text not null default '' check (length(reason) <= 2000),
	-- A step that changed the category says to which; its states are then the same.
	category public.registration_category
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

create policy read on public.pools for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance', 'programme')));
create policy add on public.pools for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.pools for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));

create policy read on public.registrations for select to authenticated
	using (person_id in (select private.my_people('registration'))
		or summit_id in (select private.summits_with_role('registration', 'finance', 'safeguarding')));

create policy read on public.registration_details for select to authenticated
	using (registration_id in (select private.my_registrations())
		or exists (select from public.registrations as r
			where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration'))));

create policy read on public.member_requests for select to authenticated
	using (registration_id in (select private.my_registrations())
		or summit_id in (select private.summits_with_role('registration')));

create policy read on public.registration_steps for select to authenticated
	using (registration_id in (select private.my_registrations())
		or exists (select from public.registrations as r
			where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration'))));

create policy read on public.consents for select to authenticated
	using (person_id in (select private.my_people('registration'))
		or exists (select from public.registrations as r
			where r.id = registration_id and r.summit_id in (select private.summits_with_role('registration'))));

create policy read on public.badges for select to authenticated
	using (registration_id in (select private.my_registrations())
		or summit_id in (select private.summits_with_role('registration')));

grant select on public.pools, public.registration_details, public.member_requests, public.registration_steps,
	public.consents, public.badges to authenticated;

-- Not guardian_id: who a guardian is, nobody learns from the registration of somebody under 18.
grant select (id, summit_id, person_id, reference, category, member_id, pool_id, mode, state, state_since, form_step,
	languages, code_of_conduct_at, is_minor,
	guardian_consent_at, submitted_at, version, created_at, updated_at) on public.registrations to authenticated;
grant insert, update on public.pools to authenticated;

-- Invitations to register: for a member's seat, or into a pool. Bound to one mail address, which only that address's
-- holder can use.

create table private.invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	category public.registration_category not null default 'delegate',
	member_id uuid,
	pool_id uuid,
	mode public.attendance_mode not null,
	-- The keyed hash binds it; the sealed address sends it; the mask ("m…a@ministry.example") tells its senders which
	-- one it is.
	address_hash bytea not null,
	address_sealed bytea,
	key_id text,
	address_mask text not null check (address_mask like '%…%' and length(address_mask) <= 200),
	note_sealed bytea,
	locale text not null default 'en' check (locale in ('en', 'fr', 'es', 'ar')),
	invited_by uuid references public.people (id) on update cascade on delete set null,
	principal_id uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	opened_at timestamptz,
	used_at timestamptz,
	revoked_at timestamptz,
	registration_id uuid references public.registrations (id) on delete set null,
	-- Whose seat it hands on. They keep it until the form is sent.
	replaces_id uuid references public.registrations (id) on delete set null,
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade,
	foreign key (pool_id, summit_id) references public.pools (id, summit_id) on delete cascade,
	check ((member_id is null) <> (pool_id is null)),
	check ((category = 'delegate') <= (pool_id is null)),
	check (used_at is null or revoked_at is null),
	constraint address_mask_one_line check (private.is_one_line(address_mask))
);
alter table private.invitations enable row level security;
create index on private.invitations (summit_id, member_id);
create index on private.invitations (pool_id);
create index on private.invitations (address_hash);
create index on private.invitations (registration_id);
create index on private.invitations (replaces_id);
create index on private.invitations (invited_by);
create index on private.invitations (principal_id);
select audit.watch('private.invitations', '', 'address_hash', 'address_sealed', 'address_mask', 'note_sealed');
create index on private.personal_links (invitation_id);

-- What focal points do for their member: see its seats and people, invite, stand for those who registered by
-- themselves, or not.

-- A focal point says "not one of ours". A flag for whoever accredits; the registrant hears nothing of it.
create table public.nomination_refusals (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	reason text not null check (length(reason) between 1 and 500),
	refused_by uuid references public.people (id) on update cascade on delete set null,
	principal_id uuid references public.people (id) on update cascade on delete set null,
	refused_at timestamptz not null default now()
);
alter table public.nomination_refusals enable row level security;
create index on public.nomination_refusals (summit_id);
create index on public.nomination_refusals (refused_by);
create index on public.nomination_refusals (principal_id);
create policy read on public.nomination_refusals for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.nomination_refusals to authenticated;
select audit.watch('public.nomination_refusals', '', 'reason');

-- The head of a delegation and the order in which its people are named: on lists, and on badges as they are printed.
create table public.delegation_places (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	summit_id uuid not null,
	member_id uuid not null,
	position integer not null,
	is_head boolean not null default false,
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade
);
alter table public.delegation_places enable row level security;
create unique index delegation_places_one_head on public.delegation_places (summit_id, member_id) where is_head;
create index on public.delegation_places (summit_id, member_id, position);
create policy read on public.delegation_places for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.delegation_places to authenticated;
select audit.watch('public.delegation_places');

-- What only the confirmed are asked. Each field says what it is for, who reads it and when it is erased; that was
-- promised, and is kept. Answers are sealed by the app.

create table public.detail_fields (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	key text not null check (key ~ '^[a-z][a-z0-9_]{1,40}$'),
	label public.text_map not null check (label <> '{}'),
	help public.text_map not null default '{}',
	purpose public.text_map not null check (purpose <> '{}'),
	kind text not null check (kind in ('text', 'long_text', 'choice', 'date', 'country', 'yes_no')),
	-- Of a choice: [{key, label}].
	choices jsonb not null default '[]' check (jsonb_typeof(choices) = 'array'),
	-- Empty: all.
	categories public.registration_category[] not null default '{}',
	modes public.attendance_mode[] not null default '{}',
	is_required boolean not null default false,
	-- Says who somebody is: never read, by anybody else, of whoever is under another name.
	is_identity boolean not null default false,
	-- Goes to the host state's list.
	for_host boolean not null default false,
	-- Besides the person. An owner reads no more than anybody else.
	readers public.organiser_role[] not null default '{registration}',
	-- After the last day.
	erase_days integer not null default 30 check (erase_days between 0 and 3650),
	position integer not null default 0,
	retired_at timestamptz,
	unique (summit_id, key),
	unique (id, summit_id),
	constraint label_one_line check (private.are_one_line(label)),
	constraint choices_one_line check (private.are_one_line(choices))
);
alter table public.detail_fields enable row level security;
select audit.watch('public.detail_fields');
create policy read on public.detail_fields for select to authenticated
	using (summit_id in (select private.readable_summits()));
grant select on public.detail_fields to authenticated;

-- Not in the audit: what is erased here is nowhere else.
create table private.detail_answers (
	registration_id uuid not null references public.registrations (id) on delete cascade,
	field_id uuid not null references public.detail_fields (id) on delete cascade,
	answer_sealed bytea not null,
	key_id text not null,
	answered_at timestamptz not null default now(),
	primary key (registration_id, field_id)
);
alter table private.detail_answers enable row level security;
create index on private.detail_answers (field_id);

create table private.detail_reminders (
	registration_id uuid not null references public.registrations (id) on delete cascade,
	kind text not null check (kind in ('asked', 'week', 'day')),
	at timestamptz not null default now(),
	primary key (registration_id, kind)
);
alter table private.detail_reminders enable row level security;

-- Letters of invitation for a visa: for whoever is confirmed in person and gave what a letter says. Its content is
-- sealed, its person's alone, and whoever is shown one learns from its code whether it holds, and no more.

create table public.letter_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	issuer_name text not null check (length(btrim(issuer_name)) between 1 and 200),
	issuer_address text not null check (length(btrim(issuer_address)) between 1 and 500),
	signatory_name text not null check (length(btrim(signatory_name)) between 1 and 120),
	signatory_office text not null check (length(btrim(signatory_office)) between 1 and 200),
	prefix text not null default 'VL' check (prefix ~ '^[A-Z0-9-]{1,12}$'),
	updated_at timestamptz not null default now(),
	constraint issuer_name_one_line check (private.is_one_line(issuer_name)),
	constraint signatory_name_one_line check (private.is_one_line(signatory_name)),
	constraint signatory_office_one_line check (private.is_one_line(signatory_office))
);
alter table public.letter_settings enable row level security;
select audit.watch('public.letter_settings');
create policy read on public.letter_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.letter_settings to authenticated;

create table private.visa_letters (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	number integer not null,
	reference text not null,
	code text not null unique default private.random_code(12),
	content_sealed bytea,
	key_id text,
	issued_at timestamptz not null default now(),
	replaced_at timestamptz,
	withdrawn_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	unique (summit_id, number),
	-- What a letter said is kept only while it holds.
	check ((content_sealed is not null) = (replaced_at is null and withdrawn_at is null)),
	check ((content_sealed is null) = (key_id is null))
);
alter table private.visa_letters enable row level security;
create unique index visa_letters_one_valid on private.visa_letters (registration_id) where content_sealed is not null;
select audit.watch('private.visa_letters', 'registration_id', 'content_sealed', 'key_id', 'code');

-- The list for the host state: a reveal of many. One asks, another confirms, it is taken once, logged before it is
-- served, and holds who is accredited in person at that moment. Whoever is under another name is not in it: their
-- reveal needs a passkey.

create table private.host_lists (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	purpose text not null check (length(btrim(purpose)) between 1 and 1000),
	recipient text not null check (length(btrim(recipient)) between 1 and 300),
	fields uuid[] not null default '{}',
	state text not null default 'asked' check (state in ('asked', 'confirmed', 'refused', 'taken')),
	asked_by uuid references public.people (id) on update cascade on delete set null,
	asked_at timestamptz not null default now(),
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	expires_at timestamptz not null default now() + interval '7 days',
	taken_by uuid references public.people (id) on update cascade on delete set null,
	taken_at timestamptz,
	rows integer,
	withheld integer,
	check (state not in ('confirmed', 'taken') or decided_by is null or decided_by is distinct from asked_by),
	check ((state = 'taken') = (taken_at is not null and rows is not null and withheld is not null)),
	constraint recipient_one_line check (private.is_one_line(recipient))
);
alter table private.host_lists enable row level security;
create index on private.host_lists (summit_id);
select audit.watch('private.host_lists');
