-- Figures of registrations: exact for whoever registers; released, with small groups left out, for everybody else.

create table public.figure_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- A group of fewer people than this is never named in figures that leave the organisers.
	smallest_group integer not null default 5 check (smallest_group between 3 and 50)
);
alter table public.figure_settings enable row level security;
create policy read on public.figure_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.figure_settings to authenticated;
select audit.watch('public.figure_settings');

-- What was released stays as it was: everybody who takes figures along takes the same ones, however often they ask.
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
