-- Signing in, and the roles of organisers.

-- `community` runs what outlives a Summit (30_community), so it is held for all Summits alone.
create type public.organiser_role as enum ('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding',
	'owner', 'community');

-- The people of the local sample, for its one-click sign-in page. Empty everywhere else.
create table private.sample_people (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	description text not null,
	position integer not null default 0,
	constraint description_one_line check (private.is_one_line(description))
);
alter table private.sample_people enable row level security;

-- A challenge of a sign-in code: one for each browser that asked. Only that browser has its id, in a sealed cookie, so
-- nobody else can use up its tries.
create table private.sign_in_challenges (
	id uuid primary key default gen_random_uuid(),
	address_hash bytea not null,
	-- The hash of the code that was mailed for this browser alone; null when it uses the shared codes of the address.
	code_hash bytea,
	failed_attempts integer not null default 0,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	used_at timestamptz,
	invalidated_at timestamptz
);
alter table private.sign_in_challenges enable row level security;

-- The mails that an address got in the hour, and the wrong codes entered for it in the day: they decide how long the
-- next code is.
create table private.sign_in_addresses (
	address_hash bytea primary key,
	mails integer not null default 0,
	mails_since timestamptz not null default now(),
	failed_attempts integer not null default 0,
	failed_attempts_since timestamptz not null default now(),
	-- When a shared code was last mailed.
	shared_at timestamptz
);
create index on private.sign_in_addresses (failed_attempts_since);
alter table private.sign_in_addresses enable row level security;

-- Codes that every browser may use which asked for the address.
create table private.sign_in_shared_codes (
	address_hash bytea not null references private.sign_in_addresses (address_hash) on delete cascade,
	code_hash bytea not null,
	mailed_at timestamptz not null default now(),
	primary key (address_hash, code_hash)
);
alter table private.sign_in_shared_codes enable row level security;

-- How many codes a client had mailed to addresses that belong to nobody here.
create table private.sign_in_clients (
	client_hash bytea primary key,
	mails integer not null default 0,
	mails_since timestamptz not null default now()
);
create index on private.sign_in_clients (mails_since);
alter table private.sign_in_clients enable row level security;

-- Sign-ins at an issuer of a ministry that came back: each state is used once, whatever becomes of it. The state itself
-- lies in a sealed cookie of the browser that began.
create table private.used_sign_in_states (
	state_hash bytea primary key check (length(state_hash) = 32),
	used_at timestamptz not null default now()
);
create index on private.used_sign_in_states (used_at);
alter table private.used_sign_in_states enable row level security;

-- The device of each session of Auth, which sees only our server.
create table private.auth_session_devices (
	session_id uuid primary key,
	account_id uuid not null references auth.users (id) on delete cascade,
	-- A few words, "Firefox, Android": nothing else of what a browser says about itself is kept.
	device text not null default '' check (length(device) <= 80),
	created_at timestamptz not null default now(),
	constraint device_one_line check (private.is_one_line(device))
);
create index on private.auth_session_devices (account_id);
alter table private.auth_session_devices enable row level security;

-- The roles of a person, granted and ended by owners, for one Summit or (null) for all.
create table public.role_grants (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	role public.organiser_role not null,
	summit_id uuid references public.summits (id) on delete cascade,
	granted_by uuid references public.people (id) on update cascade on delete set null,
	granted_at timestamptz not null default now(),
	ended_at timestamptz,
	ended_by uuid references public.people (id) on update cascade on delete set null,
	proposal_id uuid unique references private.role_proposals (id) on delete restrict,
	-- When it ends by itself; null: when somebody ends it.
	until timestamptz,
	constraint community_for_all check (role::text <> 'community' or summit_id is null)
);
create unique index role_grants_once on public.role_grants (person_id, role,
	coalesce(summit_id, '00000000-0000-0000-0000-000000000000')) where ended_at is null;
create index on public.role_grants (person_id) where ended_at is null;
alter table public.role_grants enable row level security;
create policy read on public.role_grants for select to authenticated
	using (person_id = (select private.me()) or private.has_role(summit_id, 'owner'));
grant select on public.role_grants to authenticated;
select audit.watch('public.role_grants', 'person_id');

-- The grants that have not ended: all that asks who holds a role reads this.
create view private.live_grants as
	select g.* from public.role_grants as g where g.ended_at is null and (g.until is null or g.until > now());

-- Those of them with which somebody can act now: in their own session a strong role needs a passkey
-- (03_accounts/session_strength.sql). What others hold is not asked for their passkeys.
create view private.usable_grants as
	select g.* from private.live_grants as g where private.is_role_usable(g.person_id, g.role);

-- Proposals of roles that need two people (03_accounts/role_proposals.sql).
create table private.role_proposals (
	id uuid primary key default gen_random_uuid(),
	-- Null: for all Summits.
	summit_id uuid references public.summits (id) on delete cascade,
	-- The Summit on whose page it was proposed, which the mails about it name.
	via_summit_id uuid not null references public.summits (id) on delete cascade,
	role public.organiser_role not null check (role in ('safeguarding', 'finance', 'owner')),
	-- A deputy reads only the concerns that no safeguarding lead may read, and holds no role.
	is_deputy boolean not null default false check (not is_deputy or role = 'safeguarding' and summit_id is not null),
	-- Who gets it: a known person, or the person who proves this address.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	address_hash bytea,
	address_sealed bytea,
	key_id text,
	display_name text check (length(display_name) between 1 and 120),
	proposed_by uuid references public.people (id) on update cascade on delete set null,
	proposed_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '14 days',
	state text not null default 'open' check (state in ('open', 'confirmed', 'refused', 'withdrawn', 'expired')),
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	-- Confirmed by the proposer, as the only owner.
	is_self_confirmed boolean not null default false,
	-- Confirmed while there was no safeguarding lead who could take part.
	is_without_lead boolean not null default false,
	check ((person_id is null) = (address_hash is not null)),
	check ((address_hash is null) = (address_sealed is null) and (address_hash is null) = (key_id is null)
		and (address_hash is null) = (display_name is null)),
	check (not is_deputy or address_hash is null),
	check ((state = 'open') = (decided_at is null)),
	-- When the role ends by itself.
	until timestamptz,
	constraint display_name_one_line check (private.is_one_line(display_name))
);
create unique index role_proposals_one_open on private.role_proposals (summit_id, role, is_deputy, person_id,
	address_hash) nulls not distinct where state = 'open';
create index on private.role_proposals (summit_id);
create index on private.role_proposals (via_summit_id);
create index on private.role_proposals (person_id);
create index on private.role_proposals (proposed_by);
create index on private.role_proposals (decided_by);
alter table private.role_proposals enable row level security;
select audit.watch('private.role_proposals', 'person_id', 'address_hash', 'address_sealed', 'display_name');

-- The people who read the concerns that no safeguarding lead may read, named by two owners.
create table private.concern_deputies (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	proposal_id uuid not null unique references private.role_proposals (id) on delete restrict,
	granted_at timestamptz not null default now(),
	ended_at timestamptz,
	ended_by uuid references public.people (id) on update cascade on delete set null
);
create unique index concern_deputies_once on private.concern_deputies (summit_id, person_id) where ended_at is null;
create index on private.concern_deputies (person_id);
create index on private.concern_deputies (ended_by);
alter table private.concern_deputies enable row level security;
select audit.watch('private.concern_deputies', 'person_id');

create type public.role_invitation_state as enum ('open', 'accepted', 'declined', 'withdrawn');

-- Invitations by mail address to a role or to a part in a session (03_accounts/role_invitations.sql).
create table private.role_invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	role public.organiser_role,
	session_id uuid,
	part public.session_role,
	-- The entry that it hands over, of a person whom organisers wrote down by name (14_speakers/invitations.sql): to
	-- the person, or to their assistant.
	entry_id uuid references public.session_people (id) on update cascade on delete cascade,
	as_assistant boolean not null default false,
	-- A role for all Summits; summit_id is then the Summit on whose page it was offered.
	is_for_all boolean not null default false,
	-- The confirmed proposal, for a role that needs two people.
	proposal_id uuid references private.role_proposals (id) on delete cascade,
	-- The link in the mail: it leads to the invitation, and signs nobody in.
	token_hash bytea unique,
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	-- As the inviter wrote it: shown in their list, and given to a person who accepts and has no name yet.
	display_name text not null check (length(display_name) between 1 and 120),
	invited_by uuid references public.people (id) on update cascade on delete set null,
	invited_at timestamptz not null default now(),
	state public.role_invitation_state not null default 'open',
	answered_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check ((role is null) <> (session_id is null)),
	check ((session_id is null) = (part is null)),
	check (entry_id is null or session_id is not null),
	check (not is_for_all or role is not null),
	check (not as_assistant or entry_id is not null),
	check ((state = 'open') = (answered_at is null)),
	-- When the role ends by itself.
	until timestamptz,
	constraint display_name_one_line check (private.is_one_line(display_name)),
	constraint community_for_all check (role::text <> 'community' or is_for_all)
);
create unique index role_invitations_one_open on private.role_invitations (summit_id, role, session_id, part, entry_id,
	as_assistant, is_for_all, address_hash) nulls not distinct where state = 'open';
create index on private.role_invitations (address_hash) where state = 'open';
create index on private.role_invitations (session_id);
create index on private.role_invitations (invited_by);
create index on private.role_invitations (entry_id);
create index on private.role_invitations (proposal_id);
alter table private.role_invitations enable row level security;
select audit.watch('private.role_invitations', '', 'token_hash', 'address_hash', 'address_sealed', 'display_name');

create index on private.sign_in_challenges (expires_at);
