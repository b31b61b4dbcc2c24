-- Signing in, who one is, roles, preferences, and which news one may hear.

-- The sample's people, for the one-click sign-in page of the local sample. Empty everywhere else.
create table private.sample_people (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	about text not null,
	position integer not null default 0,
	constraint about_one_line check (private.is_one_line(about))
);
alter table private.sample_people enable row level security;

-- Roles that take two people. Safeguarding leads read concerns and sealed names, finance moves money, owners grant
-- roles: one owner proposes such a role, a second person confirms it, and neither of them is who gets it.  For
-- safeguarding one of the two is a safeguarding lead of the Summit, or of any Summit while this one has none. The first
-- lead of an installation cannot wait for a lead: two owners name them. An owner who is the only one decides alone,
-- since there is nobody to wait for; that is recorded, shown beside the role, and told to the leads who come later.
-- Nobody becomes the only one by removing the others: an owner or lead whose role another person ended counts for 14
-- days more.

create table private.role_proposals (
	id uuid primary key default gen_random_uuid(),
	-- Null: for all Summits.
	summit_id uuid references public.summits (id) on delete cascade,
	-- The Summit on whose page it was proposed: the mails about it name this one.
	via_summit_id uuid not null references public.summits (id) on delete cascade,
	role public.organiser_role not null check (role in ('safeguarding', 'finance', 'owner')),
	-- A deputy reads only the concerns that no safeguarding lead may read (see concerns), and holds no role.
	is_deputy boolean not null default false check (not is_deputy or role = 'safeguarding' and summit_id is not null),
	-- Who gets it: somebody known, or whoever proves this address.
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
	-- Confirmed by the proposer, the only owner.
	is_alone boolean not null default false,
	-- Confirmed while there was no safeguarding lead who could take part.
	is_without_lead boolean not null default false,
	check ((person_id is null) = (address_hash is not null)),
	check ((address_hash is null) = (address_sealed is null) and (address_hash is null) = (key_id is null)
		and (address_hash is null) = (display_name is null)),
	check (not is_deputy or address_hash is null),
	check ((state = 'open') = (decided_at is null)),
	constraint display_name_one_line check (private.is_one_line(display_name))
);
alter table private.role_proposals enable row level security;
create unique index role_proposals_one_open on private.role_proposals (summit_id, role, is_deputy, person_id,
	address_hash) nulls not distinct where state = 'open';
create index on private.role_proposals (summit_id);
create index on private.role_proposals (via_summit_id);
create index on private.role_proposals (person_id);
create index on private.role_proposals (proposed_by);
create index on private.role_proposals (decided_by);
select audit.watch('private.role_proposals', 'person_id', 'address_hash', 'address_sealed', 'display_name');

-- Whoever reads the concerns that no lead may read, named by two owners.
create table private.concern_deputies (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	proposal_id uuid not null unique references private.role_proposals (id) on delete restrict,
	granted_at timestamptz not null default now(),
	ended_at timestamptz,
	ended_by uuid references public.people (id) on update cascade on delete set null
);
alter table private.concern_deputies enable row level security;
create unique index concern_deputies_once on private.concern_deputies (summit_id, person_id) where ended_at is null;
create index on private.concern_deputies (person_id);
create index on private.concern_deputies (ended_by);
select audit.watch('private.concern_deputies', 'person_id');

-- A role or a part in a session that is offered to a mail address. Nobody looks up whose address it is: the offer waits
-- for whoever signs in with it, and only their answer puts a person in its place. So an address that is unknown, known,
-- or of somebody who takes part under another name gives the same answer, the same list and the same mail.

create type public.role_invitation_state as enum ('open', 'accepted', 'declined', 'withdrawn');

create table private.role_invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	role public.organiser_role,
	session_id uuid,
	part public.session_role,
	-- Whose part it takes over, of somebody whom organisers wrote down by name (004760); as whom: themselves, or their
	-- assistant.
	entry_id uuid references public.session_people (id) on update cascade on delete cascade,
	as_assistant boolean not null default false,
	-- A role for all Summits; the Summit is then the one on whose page it was offered.
	is_for_all boolean not null default false,
	-- Of a role that takes two people: what they agreed on.
	proposal_id uuid references private.role_proposals (id) on delete cascade,
	-- The link in the mail: it leads to the offer, and signs nobody in.
	token_hash bytea unique,
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	-- As whoever invites wrote it; shown in their list, and the name of whoever accepts and has none yet.
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
	constraint display_name_one_line check (private.is_one_line(display_name))
);
alter table private.role_invitations enable row level security;
create unique index role_invitations_one_open on private.role_invitations (summit_id, role, session_id, part, entry_id,
	as_assistant, is_for_all, address_hash) nulls not distinct where state = 'open';
create index on private.role_invitations (address_hash) where state = 'open';
create index on private.role_invitations (session_id);
create index on private.role_invitations (invited_by);
create index on private.role_invitations (entry_id);
create index on private.role_invitations (proposal_id);
select audit.watch('private.role_invitations', '', 'token_hash', 'address_hash', 'address_sealed', 'display_name');

-- Where an account is signed in. Auth keeps the sessions; it sees only our server, so the device is noted here at
-- sign-in.

create table private.sign_ins (
	session_id uuid primary key,
	account_id uuid not null references auth.users (id) on delete cascade,
	-- In a word or three, "Firefox, Android": no more of what a browser says about itself is kept.
	device text not null default '' check (length(device) <= 80),
	created_at timestamptz not null default now(),
	constraint device_one_line check (private.is_one_line(device))
);
alter table private.sign_ins enable row level security;
create index on private.sign_ins (account_id);
