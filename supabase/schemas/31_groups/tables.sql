-- Standing groups: task forces, reference groups and working groups, which outlive Summits. Nothing here is readable
-- through the API: everything is read and written by functions of this folder, which ask private.visible_groups.

-- Who sees a group: everybody; those who represent a member organisation; its own people.
create type public.group_level as enum ('public', 'members', 'closed');

create type public.group_part as enum ('chair', 'secretary', 'member', 'alternate');

create table private.groups (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	name public.text_map not null check (name <> '{}'::jsonb),
	purpose public.text_map not null default '{}',
	level public.group_level not null,
	-- Whether those who see it may ask to join.
	takes_requests boolean not null default true,
	ended_at timestamptz,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint name_one_line check (private.are_one_line(name))
);
alter table private.groups enable row level security;
select audit.watch('private.groups');

-- Member organisations of a group.
create table private.group_members (
	group_id uuid not null references private.groups (id) on delete cascade,
	member_id uuid not null references public.members (id) on delete cascade,
	added_at timestamptz not null default now(),
	primary key (group_id, member_id)
);
create index on private.group_members (member_id);
alter table private.group_members enable row level security;
select audit.watch('private.group_members');

-- People of a group. An entry stops counting when its term is over, even if nobody ended it.
create table private.group_people (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	part public.group_part not null,
	-- The member organisation for which they are here.
	member_id uuid references public.members (id) on delete set null,
	-- Whom an alternate stands in for.
	alternate_of uuid references private.group_people (id) on update cascade on delete set null,
	since date not null default current_date,
	-- The last day of the term.
	until date,
	ended_at timestamptz,
	check (alternate_of is null or part = 'alternate'),
	check (alternate_of is distinct from id),
	check (until >= since)
);
create unique index group_people_once on private.group_people (group_id, person_id) where ended_at is null;
create index on private.group_people (person_id);
create index on private.group_people (member_id);
create index on private.group_people (alternate_of);
alter table private.group_people enable row level security;
select audit.watch('private.group_people', 'person_id');

-- The entries that count today.
create view private.live_group_people as
	select g.* from private.group_people as g
	where g.ended_at is null and (g.until is null or g.until >= current_date);

-- Requests to join. The note goes to chairs and secretaries.
create table private.group_requests (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	note text not null default '' check (length(note) <= 1000),
	state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'withdrawn')),
	asked_at timestamptz not null default now(),
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	check ((state = 'open') = (decided_at is null))
);
create unique index group_requests_one_open on private.group_requests (group_id, person_id) where state = 'open';
create index on private.group_requests (person_id);
create index on private.group_requests (decided_by);
alter table private.group_requests enable row level security;
select audit.watch('private.group_requests', 'person_id', 'note');

-- Invitations by mail. The mail names no group and holds no link of its own: a person who has proved the address finds
-- the invitation under Groups.
create table private.group_invitations (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	part public.group_part not null,
	member_id uuid references public.members (id) on delete set null,
	-- The last day of the term that it offers.
	until date,
	address_hash bytea not null,
	-- As the inviter wrote it: shown in their list alone.
	display_name text not null check (length(display_name) between 1 and 120),
	invited_by uuid references public.people (id) on update cascade on delete set null,
	invited_at timestamptz not null default now(),
	state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'withdrawn')),
	answered_at timestamptz,
	-- Whom an alternate is to stand in for.
	alternate_of uuid references private.group_people (id) on update cascade on delete set null,
	check ((state = 'open') = (answered_at is null)),
	check (alternate_of is null or part = 'alternate'),
	constraint display_name_one_line check (private.is_one_line(display_name))
);
create unique index group_invitations_one_open on private.group_invitations (group_id, address_hash)
	where state = 'open';
create index on private.group_invitations (address_hash) where state = 'open';
create index on private.group_invitations (member_id);
create index on private.group_invitations (invited_by);
create index on private.group_invitations (alternate_of);
alter table private.group_invitations enable row level security;
select audit.watch('private.group_invitations', '', 'display_name');

-- What chairs and secretaries sent to all people of a group.
create table private.group_notices (
	-- From the form that sent it, so that a second click sends nothing.
	id uuid primary key,
	group_id uuid not null references private.groups (id) on delete cascade,
	subject public.text_map not null check (subject <> '{}'::jsonb),
	body public.text_map not null check (body <> '{}'::jsonb),
	sent_by uuid references public.people (id) on update cascade on delete set null,
	sent_at timestamptz not null default now(),
	-- That of the group when it was sent: a group that opens does not open it.
	level public.group_level not null default 'closed',
	constraint subject_one_line check (private.are_one_line(subject)),
	constraint subject_length check (length(subject::text) <= 1000),
	constraint body_length check (length(body::text) <= 20000)
);
create index on private.group_notices (group_id, sent_at);
create index on private.group_notices (sent_by);
alter table private.group_notices enable row level security;
select audit.watch('private.group_notices', 'sent_by', 'subject', 'body');

-- The invitations that can be accepted today: open for 90 days, while the offered term and the group have not ended and
-- the inviter still leads the group.
create view private.live_group_invitations as
	select i.*
	from private.group_invitations as i
	join private.groups as g on g.id = i.group_id and g.ended_at is null
	where i.state = 'open'
		and i.invited_at > now() - interval '90 days'
		and (i.until is null or i.until >= current_date)
		and private.leads_group(i.invited_by, i.group_id);
