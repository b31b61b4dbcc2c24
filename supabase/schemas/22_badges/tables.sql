-- Badges on paper: what a sheet is set from, which were printed when and by whom, and the new badge for one that is
-- lost or wrong.

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
alter table public.badge_prints enable row level security;
create index on public.badge_prints (badge_id, printed_at);
create index on public.badge_prints (summit_id);
create index on public.badge_prints (registration_id);
create index on public.badge_prints (printed_by);
select audit.watch('public.badge_prints', '', 'printed_by');
create policy read on public.badge_prints for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.badge_prints to authenticated;
