-- Badges, and when they were printed.

-- A badge of a confirmed registration in person. Rule 8: its QR code carries the random id and no name; doors have the
-- list of the revoked ones.
create table public.badges (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	badge_code text not null unique default private.random_code(12),
	issued_at timestamptz not null default now(),
	revoked_at timestamptz,
	revoked_reason text,
	-- When what it shows changed: earlier prints are out of date.
	changed_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade
);
create unique index badges_one_valid on public.badges (registration_id) where revoked_at is null;
create index on public.badges (summit_id);
alter table public.badges enable row level security;
create policy read on public.badges for select to authenticated
	using (
		registration_id in (select private.my_registrations())
		or summit_id in (select private.summits_with_role('registration'))
	);
grant select on public.badges to authenticated;
select audit.watch('public.badges');

-- Each time a badge was printed on paper: in which layout, when and by whom.
create table public.badge_prints (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	badge_id uuid not null references public.badges (id) on delete cascade,
	layout text not null check (length(layout) between 1 and 40),
	printed_at timestamptz not null default now(),
	printed_by uuid references public.people (id) on update cascade on delete set null,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	constraint layout_one_line check (private.is_one_line(layout))
);
create index on public.badge_prints (badge_id, printed_at);
create index on public.badge_prints (summit_id);
create index on public.badge_prints (registration_id);
create index on public.badge_prints (printed_by);
alter table public.badge_prints enable row level security;
create policy read on public.badge_prints for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.badge_prints to authenticated;
select audit.watch('public.badge_prints', '', 'printed_by');
insert into private.audited_tables (name, area, shown)
values ('public.badge_prints', 'registration', '{printed_at,layout}');
