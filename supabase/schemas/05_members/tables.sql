-- Member organisations, and their standing as of each Summit.

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
alter table public.members enable row level security;
create index members_name_search on public.members using gin (name extensions.gin_trgm_ops);
select audit.watch('public.members');

create type public.standing as enum ('active', 'observer', 'suspended', 'left');

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
alter table public.summit_members enable row level security;
create index on public.summit_members (member_id);
select audit.watch('public.summit_members');

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
alter table public.focal_points enable row level security;
create index on public.focal_points (person_id);
select audit.watch('public.focal_points', 'person_id');
create policy read on public.members for select to authenticated using (true);
create policy read on public.summit_members for select to authenticated
	using (summit_id in (select private.readable_summits()));

create policy read on public.focal_points for select to authenticated
	-- A colleague under an alias is left out here as everywhere: the row would join the two names.
	using (person_id in (select private.my_people('registration'))
		or (summit_id, member_id) in (select f.summit_id, f.member_id from private.my_focal_members() as f)
			and not private.has_alias(person_id)
		or summit_id in (select private.summits_with_role('registration')));
create policy change on public.members for update to authenticated using (id in (select private.my_lasting_members()));
create policy add on public.summit_members for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.summit_members for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy add on public.focal_points for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.focal_points for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.focal_points for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.members, public.summit_members, public.focal_points to authenticated;

-- Members are added by add_member, which finds the one that is there already.
grant update (name, sector, country, region, website) on public.members to authenticated;
grant insert, update (standing, sector, country, region) on public.summit_members to authenticated;
grant insert, update on public.focal_points to authenticated;
grant delete on public.focal_points to authenticated;

-- The member registry: regions by country, one member read and changed, its history, and focal points asked by mail
-- address.

-- UN M49, as the app has it from CLDR; a test holds the two together.
create table private.country_regions (
	country char(2) primary key,
	region text not null
);
alter table private.country_regions enable row level security;

-- A member that was merged into another: its old id leads there.
create table private.merged_members (
	dropped_id uuid primary key,
	kept_id uuid not null references public.members (id) on delete cascade,
	code text not null,
	name text not null,
	merged_at timestamptz not null default now(),
	constraint name_one_line check (private.is_one_line(name))
);
alter table private.merged_members enable row level security;
create index on private.merged_members (kept_id);
select audit.watch('private.merged_members');

-- Asked by mail address to be a focal point. Nobody looks up whose address it is: the offer waits for whoever signs in
-- with it, and only their answer puts a person there.
create table private.focal_invitations (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	member_id uuid not null,
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	-- Its first letter and its domain, so that whoever asked knows which one it is.
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
alter table private.focal_invitations enable row level security;
create index on private.focal_invitations (address_hash) where state = 'open';
create index on private.focal_invitations (invited_by);
select audit.watch('private.focal_invitations', '', 'address_hash', 'address_sealed', 'hint');

-- Members from a file: what would come of each row is shown first and kept for a day, and exactly that is applied,
-- in parts, so that nobody waits long for the seats' locks; one that was broken off goes on where it was.

create table private.member_imports (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	created_by uuid not null references public.people (id) on update cascade on delete cascade,
	-- {name, encoding, delimiter, ignored: [columns]}
	file jsonb not null,
	created_at timestamptz not null default now(),
	-- With the first part, whose choices hold for all: {line: same | new}.
	choices jsonb,
	applied_at timestamptz,
	result jsonb
);
alter table private.member_imports enable row level security;
create index on private.member_imports (summit_id);
create index on private.member_imports (created_by);

-- Addresses are sealed before they come here. No row of a preview is an act: the audit holds what applying did.
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
	-- What came of it; null until then.
	applied text check (applied in ('added', 'joined', 'changed', 'left', 'changed_meanwhile', 'taken')),
	primary key (import_id, line),
	constraint member_name_one_line check (private.is_one_line(member_name))
);
alter table private.member_import_rows enable row level security;
create index on private.member_import_rows (import_id, line) where applied is null;
