-- Member organisations, their standing at each Summit, their focal points, and members imported from a file.

-- A member organisation of the Alliance. It outlives Summits: what holds at one Summit only is in summit_members.
create table public.members (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(6),
	name text not null unique check (length(btrim(name)) between 2 and 200),
	sector public.sector not null,
	country char(2) check (country ~ '^[A-Z]{2}$'),
	region text not null default '',
	website text check (website ~ '^https?://'),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint name_one_line check (private.is_one_line(name)),
	constraint region_one_line check (private.is_one_line(region)),
	constraint website_one_line check (private.is_one_line(website))
);
create index members_name_search on public.members using gin (name extensions.gin_trgm_ops);
alter table public.members enable row level security;
create policy read on public.members for select to authenticated
	using (true);
create policy change on public.members for update to authenticated
	using (id in (select private.my_editable_members()));
grant select on public.members to authenticated;
-- No insert: public.add_member adds a member, because it first looks for an existing one of the same name.
grant update (name, sector, country, region, website) on public.members to authenticated;
select audit.watch('public.members');

create type public.standing as enum ('active', 'observer', 'suspended', 'left');

-- A member at one Summit: its standing, sector, country and region as they count for that Summit.
create table public.summit_members (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	member_id uuid not null references public.members (id) on delete restrict,
	standing public.standing not null default 'active',
	sector public.sector not null,
	country char(2) check (country ~ '^[A-Z]{2}$'),
	region text not null default '',
	unique (summit_id, member_id),
	constraint region_one_line check (private.is_one_line(region))
);
create index on public.summit_members (member_id);
alter table public.summit_members enable row level security;
create policy read on public.summit_members for select to authenticated
	using (summit_id in (select private.readable_summits()));
create policy add on public.summit_members for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.summit_members for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.summit_members to authenticated;
grant insert, update (standing, sector, country, region) on public.summit_members to authenticated;
select audit.watch('public.summit_members');

-- A person who nominates for a member at one Summit, until `until` (null: with no end).
create table public.focal_points (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	member_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	since timestamptz not null default now(),
	until timestamptz,
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade,
	unique (summit_id, member_id, person_id)
);
create index on public.focal_points (person_id);
alter table public.focal_points enable row level security;
-- A focal point does not see a colleague under an alias, here as everywhere: the row would link the two names.
create policy read on public.focal_points for select to authenticated
	using (
		person_id in (select private.my_people('registration'))
		or (summit_id, member_id) in (select f.summit_id, f.member_id from private.my_focal_members() as f)
			and not private.has_alias(person_id)
		or summit_id in (select private.summits_with_role('registration'))
	);
create policy add on public.focal_points for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.focal_points for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.focal_points for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.focal_points to authenticated;
grant insert, update on public.focal_points to authenticated;
grant delete on public.focal_points to authenticated;
select audit.watch('public.focal_points', 'person_id');

-- An invitation by mail address to be a focal point. Nobody looks up whose address it is: the invitation waits for the
-- person who signs in with that address, and only their answer makes them a focal point.
create table private.focal_invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	member_id uuid not null,
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	-- The first letter and the domain of the address, so that the organisers recognise the invitation.
	hint text not null check (length(hint) <= 200),
	invited_by uuid references public.people (id) on update cascade on delete set null,
	invited_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '30 days',
	state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'withdrawn')),
	answered_at timestamptz,
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade,
	unique (summit_id, member_id, address_hash),
	check ((state = 'open') = (answered_at is null)),
	constraint hint_one_line check (private.is_one_line(hint))
);
create index on private.focal_invitations (address_hash) where state = 'open';
create index on private.focal_invitations (invited_by);
alter table private.focal_invitations enable row level security;
select audit.watch('private.focal_invitations', '', 'address_hash', 'address_sealed', 'hint');

-- The UN M49 region of each country, as the app has it from CLDR; a test compares the two.
create table private.country_regions (
	country char(2) primary key,
	region text not null
);
alter table private.country_regions enable row level security;

-- A member that was merged into another. Its old id and code lead to the kept member.
create table private.merged_members (
	dropped_id uuid primary key,
	kept_id uuid not null references public.members (id) on delete cascade,
	code text not null,
	name text not null,
	merged_at timestamptz not null default now(),
	constraint name_one_line check (private.is_one_line(name))
);
create index on private.merged_members (kept_id);
alter table private.merged_members enable row level security;
select audit.watch('private.merged_members');

-- The preview of a file of members, which one organiser may apply within a day.
create table private.member_imports (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	created_by uuid not null references public.people (id) on update cascade on delete cascade,
	-- {name, encoding, delimiter, ignored: [columns]}
	file jsonb not null,
	created_at timestamptz not null default now(),
	-- {line: same | new}. Set when the first part is applied; it holds for all parts.
	choices jsonb,
	applied_at timestamptz,
	result jsonb
);
create index on private.member_imports (summit_id);
create index on private.member_imports (created_by);
alter table private.member_imports enable row level security;

-- One row of a preview. The app seals the addresses before they come here. A preview changes nothing, so it is not
-- audited; the audit holds what applying it did.
create table private.member_import_rows (
	import_id uuid not null references private.member_imports (id) on delete cascade,
	line integer not null,
	fields jsonb not null,
	focal jsonb not null default '[]',
	outcome text not null
		check (outcome in ('added', 'joined', 'changed', 'unchanged', 'similar', 'duplicate', 'error')),
	member_id uuid,
	member_name text,
	changes jsonb not null default '[]',
	-- {column, code, cell}
	fault jsonb,
	invites integer not null default 0,
	version text,
	-- What applying the row did; null before that.
	applied text check (applied in ('added', 'joined', 'changed', 'left', 'changed_meanwhile', 'taken')),
	primary key (import_id, line),
	constraint member_name_one_line check (private.is_one_line(member_name))
);
create index on private.member_import_rows (import_id, line) where applied is null;
alter table private.member_import_rows enable row level security;
