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
	updated_at timestamptz not null default now()
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
	unique (summit_id, member_id)
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

-- (summit, member) pairs whose focal point the signed-in account is or assists.
create function private.my_focal_members(p_summit uuid default null) returns table (summit_id uuid, member_id uuid)
language sql stable security definer set search_path = '' as $$
	select focal_points.summit_id, focal_points.member_id from public.focal_points
	where person_id in (select private.my_people('registration')) and (until is null or until > now())
		and (p_summit is null or focal_points.summit_id = p_summit)
$$;

-- A member outlives Summits: what it is called and where it belongs is changed by an owner of all Summits, or by whoever registers
-- for the newest Summit, not yet archived, in which it stands. What held at one Summit is in summit_members.
create function private.may_change_member(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(null, 'owner') or coalesce((
		select private.has_role(s.id, 'registration') from public.summit_members as sm join public.summits as s on s.id = sm.summit_id and s.state <> 'archived'
		where sm.member_id = p_member order by s.starts_on desc, s.id limit 1), false)
$$;

create function private.my_lasting_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.id from public.members as m where private.may_change_member(m.id)
$$;

create policy read on public.members for select to authenticated using (true);
create policy read on public.summit_members for select to authenticated using (summit_id in (select private.readable_summits()));
create policy read on public.focal_points for select to authenticated
	-- A colleague under an alias is left out here as everywhere: the row would join the two names.
	using (person_id in (select private.my_people('registration'))
		or (summit_id, member_id) in (select f.summit_id, f.member_id from private.my_focal_members() as f) and not private.has_alias(person_id)
		or summit_id in (select private.summits_with_role('registration')));
create policy change on public.members for update to authenticated using (id in (select private.my_lasting_members()));
create policy add on public.summit_members for insert to authenticated with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.summit_members for update to authenticated using (summit_id in (select private.summits_with_role('registration')));
create policy add on public.focal_points for insert to authenticated with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.focal_points for update to authenticated using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.focal_points for delete to authenticated using (summit_id in (select private.summits_with_role('registration')));
grant select on public.members, public.summit_members, public.focal_points to authenticated;
-- Members are added by add_member, which finds the one that is there already.
grant update (name, sector, country, region, website) on public.members to authenticated;
grant insert, update (standing, sector, country, region) on public.summit_members to authenticated;
grant insert, update on public.focal_points to authenticated;
grant delete on public.focal_points to authenticated;
grant execute on function private.my_focal_members(uuid), private.my_lasting_members() to anon, authenticated;
