-- Figures of registrations: how small a group may be named, and the figures that were released.

-- How small a group may be named at a Summit.
create table public.figure_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Figures that leave the organisers never name a group of fewer people than this.
	smallest_group integer not null default 5 check (smallest_group between 3 and 50)
);
alter table public.figure_settings enable row level security;
create policy read on public.figure_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.figure_settings to authenticated;
select audit.watch('public.figure_settings');
insert into private.audited_tables (name, area, shown, opened, named)
values ('public.figure_settings', 'settings', '{smallest_group}', '{}', '{}');

-- A release of figures. It never changes: everybody who takes figures takes the same ones, however often they ask, so
-- that nobody finds out about single people by comparing.
create table public.figure_releases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	number integer not null check (number > 0),
	released_at timestamptz not null default now(),
	-- {threshold, total: {count, on}, tables: [{dimension, rows: [{family, value, count, on}]}]}
	content jsonb not null check (jsonb_typeof(content) = 'object' and pg_column_size(content) < 200000),
	unique (summit_id, number)
);
alter table public.figure_releases enable row level security;
create policy read on public.figure_releases for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.figure_releases to authenticated;
select audit.watch('public.figure_releases');
insert into private.audited_tables (name, area, shown, opened, named)
values ('public.figure_releases', 'registration', '{number,released_at}', '{}', '{}');
