-- Editions of the Summit and everything an owner sets for one.

create type public.summit_state as enum ('draft', 'open', 'live', 'closed', 'archived');

create table public.summits (
	id uuid primary key default gen_random_uuid(),
	slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'
		and slug not in ('en', 'fr', 'es', 'ar', 'sign-in', 'sign-out', 'account', 'calendar', 'webhooks', 'api', 'healthz', 'readyz',
			'sample', 'privacy', 'accessibility', 'talk', 'certificates', 'organise', 'new', 'files', 'offline', 'invitation', 'live')),
	name public.text_map not null,
	summary public.text_map not null default '{}',
	zone text not null references private.time_zones (name),
	starts_on date not null,
	ends_on date not null check (ends_on >= starts_on and ends_on - starts_on <= 31),
	state public.summit_state not null default 'draft',
	venue_name public.text_map not null default '{}',
	city public.text_map not null default '{}',
	country char(2) check (country ~ '^[A-Z]{2}$'),
	address text not null default '',
	languages text[] not null default '{en}',
	currency char(3) not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
	registration_opens_at timestamptz,
	registration_closes_at timestamptz check (registration_closes_at > registration_opens_at),
	-- After it only organisers nominate. Null: as long as registration is open.
	nominations_close_at timestamptz,
	-- After it the accredited keep the name they are shown under: lists have gone out.
	names_freeze_at timestamptz,
	-- By then the confirmed answer the second form.
	details_due_at timestamptz,
	review_days integer not null default 14 check (review_days between 1 and 90),
	payment_days integer not null default 10 check (payment_days between 1 and 60),
	offer_hours integer not null default 72 check (offer_hours between 1 and 720),
	refund_until timestamptz,
	refund_percent integer not null default 100 check (refund_percent between 0 and 100),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
alter table public.summits enable row level security;
select audit.watch('public.summits');

-- When a Summit is over: the midnight after its last day, where it is held.
create function private.end_of(s public.summits) returns timestamptz
language sql stable set search_path = '' as $$
	select (s.ends_on + 1)::timestamp at time zone s.zone
$$;

-- Whether a time lies after the end of a Summit. No deadline does, and while one is set, the end does not move before it: it waits here.
create function private.is_after_end(p_summit uuid, variadic p_at timestamptz[]) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit public.summits;
begin
	select * into v_summit from public.summits as s where s.id = p_summit for share;
	return coalesce((select max(at) from unnest(p_at) as at) > private.end_of(v_summit), false);
end
$$;

-- A deadline from now on, of a hold, a payment or an offer: it ends with the Summit at the latest. What is still open afterwards waits as long as ever.
create function private.deadline_in(p_summit uuid, p_wait interval) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select case when private.end_of(s) > now() then least(now() + p_wait, private.end_of(s)) else now() + p_wait end from public.summits as s where s.id = p_summit
$$;

-- Many roles per person, granted and ended by an owner, for one Summit or (null) for all.
create table public.role_grants (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	role public.organiser_role not null,
	summit_id uuid references public.summits (id) on delete cascade,
	granted_by uuid references public.people (id) on update cascade on delete set null,
	granted_at timestamptz not null default now(),
	ended_at timestamptz,
	ended_by uuid references public.people (id) on update cascade on delete set null
);
alter table public.role_grants enable row level security;
create unique index role_grants_once on public.role_grants (person_id, role, coalesce(summit_id, '00000000-0000-0000-0000-000000000000')) where ended_at is null;
create index on public.role_grants (person_id) where ended_at is null;
select audit.watch('public.role_grants', 'person_id');

-- True when a person holds one of the roles for this Summit (null: for all). Owners hold every role but safeguarding.
create function private.holds_role(p_person uuid, p_summit uuid, variadic p_roles public.organiser_role[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.role_grants
		where person_id = p_person and ended_at is null and (summit_id is null or summit_id = p_summit)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;

-- The same of the signed-in person. An assistant never inherits an organiser's role.
create function private.has_role(p_summit uuid, variadic p_roles public.organiser_role[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(private.me(), p_summit, variadic p_roles)
$$;

-- The Summits in which the signed-in person holds one of the roles: for policies, computed once per statement.
create function private.summits_with_role(variadic p_roles public.organiser_role[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select summits.id from public.summits
	where exists (
		select from public.role_grants
		where person_id = (select private.me()) and ended_at is null and (role_grants.summit_id is null or role_grants.summit_id = summits.id)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;

create type public.room_kind as enum ('hall', 'overflow', 'online');

create table public.rooms (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- Pages beside the rooms of a Summit stand at the others.
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$' and slug not in ('desk', 'check')),
	name public.text_map not null,
	kind public.room_kind not null default 'hall',
	capacity integer check (capacity >= 0),
	position integer not null default 0,
	unique (summit_id, slug),
	unique (id, summit_id)
);
alter table public.rooms enable row level security;
select audit.watch('public.rooms');

create table public.tracks (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
	name public.text_map not null,
	position integer not null default 0,
	unique (summit_id, slug),
	unique (id, summit_id)
);
alter table public.tracks enable row level security;
select audit.watch('public.tracks');

create table public.formats (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
	name public.text_map not null,
	minutes integer not null default 60 check (minutes between 5 and 1440),
	position integer not null default 0,
	unique (summit_id, slug),
	unique (id, summit_id)
);
alter table public.formats enable row level security;
select audit.watch('public.formats');

create table public.summit_texts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('about', 'privacy', 'accessibility', 'code_of_conduct', 'attending_in_person', 'attending_virtually')),
	body public.text_map not null,
	unique (summit_id, kind)
);
alter table public.summit_texts enable row level security;
select audit.watch('public.summit_texts');

create table public.summit_contacts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('wellbeing', 'safeguarding', 'registration', 'technical', 'general', 'emergency')),
	label public.text_map not null,
	note public.text_map not null default '{}',
	mail text check (mail like '%_@_%'),
	telephone text,
	hours public.text_map not null default '{}',
	position integer not null default 0
);
alter table public.summit_contacts enable row level security;
create index on public.summit_contacts (summit_id);
select audit.watch('public.summit_contacts');

-- What a registrant is asked to agree to, one by one.
create table public.consent_items (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	key text not null check (key ~ '^[a-z][a-z_]{1,40}$'),
	label public.text_map not null,
	detail public.text_map not null default '{}',
	is_required boolean not null default false,
	position integer not null default 0,
	unique (summit_id, key),
	unique (id, summit_id)
);
alter table public.consent_items enable row level security;
select audit.watch('public.consent_items');

-- Reading: a Summit that is no draft is public; a draft is seen by its organisers. One helper for the settings tables.
create function private.readable_summits() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.summits where state <> 'draft'
	union
	select private.summits_with_role('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner')
$$;

do $$
declare
	v_table text;
begin
	create policy read on public.summits for select to anon, authenticated using (id in (select private.readable_summits()));
	create policy change on public.summits for update to authenticated
		using (id in (select private.summits_with_role('owner'))) with check (id in (select private.summits_with_role('owner')));
	foreach v_table in array array['rooms', 'tracks', 'formats', 'summit_texts', 'summit_contacts', 'consent_items'] loop
		execute format('create policy read on public.%I for select to anon, authenticated using (summit_id in (select private.readable_summits()))', v_table);
		execute format('create policy add on public.%I for insert to authenticated with check (summit_id in (select private.summits_with_role(''owner'')))', v_table);
		execute format('create policy change on public.%I for update to authenticated using (summit_id in (select private.summits_with_role(''owner''))) with check (summit_id in (select private.summits_with_role(''owner'')))', v_table);
		execute format('create policy remove on public.%I for delete to authenticated using (summit_id in (select private.summits_with_role(''owner'')))', v_table);
		execute format('grant select on public.%I to anon, authenticated', v_table);
		execute format('grant insert, update, delete on public.%I to authenticated', v_table);
	end loop;
end
$$;
grant select on public.summits to anon, authenticated;
grant update on public.summits to authenticated;
grant execute on function private.readable_summits(), private.summits_with_role(public.organiser_role[]),
	private.has_role(uuid, public.organiser_role[]), private.me(), private.my_people(text) to anon, authenticated;

create policy read on public.role_grants for select to authenticated
	using (person_id = (select private.me()) or private.has_role(summit_id, 'owner'));
grant select on public.role_grants to authenticated;
