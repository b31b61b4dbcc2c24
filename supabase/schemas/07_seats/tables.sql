-- Rule 1 in tables: how many seats there are, who may have how many of them, the seat ledger, and the queue.
-- Functions write seats and the queue; organisers write capacities and ceilings directly, under the triggers of
-- 07_seats/over_allocation.sql.

-- The number of seats of each mode at a Summit.
create table public.mode_capacities (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	mode public.attendance_mode not null,
	capacity integer not null check (capacity >= 0),
	unique (summit_id, mode)
);
alter table public.mode_capacities enable row level security;
create policy read on public.mode_capacities for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.mode_capacities for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.mode_capacities for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.mode_capacities for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.mode_capacities to authenticated;
select audit.watch('public.mode_capacities');

-- The ceiling of each member of a sector. Without a row, the sector has no seats in that mode.
create table public.allocation_policies (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	sector public.sector not null,
	mode public.attendance_mode not null,
	ceiling integer not null check (ceiling >= 0),
	unique (summit_id, sector, mode)
);
alter table public.allocation_policies enable row level security;
create policy read on public.allocation_policies for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.allocation_policies for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.allocation_policies for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.allocation_policies for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.allocation_policies to authenticated;
select audit.watch('public.allocation_policies');

-- The ceiling of one member, which replaces the policy of its sector. Until reserved_until, the unused seats are
-- reserved for that member; after that, they go to the queue.
create table public.allocation_exceptions (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	member_id uuid not null,
	mode public.attendance_mode not null,
	ceiling integer not null check (ceiling >= 0),
	reserved_until timestamptz,
	reason text not null default '',
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade,
	unique (summit_id, member_id, mode)
);
alter table public.allocation_exceptions enable row level security;
create policy read on public.allocation_exceptions for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.allocation_exceptions for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.allocation_exceptions for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.allocation_exceptions for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.allocation_exceptions to authenticated;
select audit.watch('public.allocation_exceptions');

-- An optional ceiling on all seats of a sector or of a region, for balance.
create table public.seat_ceilings (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	mode public.attendance_mode not null,
	sector public.sector,
	region text,
	ceiling integer not null check (ceiling >= 0),
	check ((sector is null) <> (region is null)),
	unique nulls not distinct (summit_id, mode, sector, region),
	constraint region_one_line check (private.is_one_line(region))
);
alter table public.seat_ceilings enable row level security;
create policy read on public.seat_ceilings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.seat_ceilings for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.seat_ceilings for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.seat_ceilings for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.seat_ceilings to authenticated;
select audit.watch('public.seat_ceilings');

create type public.seat_state as enum ('held', 'taken', 'released');

-- The ledger of all seats that were ever held or taken. A seat is released, never moved or deleted
-- (private.guard_seat in 07_seats/rules.sql).
create table public.seats (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	mode public.attendance_mode not null,
	member_id uuid,
	pool_id uuid,
	state public.seat_state not null,
	held_until timestamptz,
	created_at timestamptz not null default now(),
	released_at timestamptz,
	release_reason text,
	-- The seat of a colleague that was transferred to this registration.
	transferred_from_id uuid unique references public.seats (id) on delete restrict,
	-- Every seat belongs to a registration.
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict,
	check ((state = 'held') = (held_until is not null)),
	check ((state = 'released') = (released_at is not null))
);
-- One open seat per registration and mode: during an offer, a person keeps the seat of the other mode.
create unique index seats_one_open on public.seats (registration_id, mode) where state <> 'released';
create index seats_open on public.seats (summit_id, mode, member_id) where state <> 'released';
create index seats_held on public.seats (held_until) where state = 'held';
create index on public.seats (registration_id);
alter table public.seats enable row level security;
create policy read on public.seats for select to authenticated
	using (registration_id in (select private.my_registrations())
	or summit_id in (select private.summits_with_role('registration', 'finance')));
grant select on public.seats to authenticated;
select audit.watch('public.seats');

create type public.queue_reason as enum ('capacity', 'allocation', 'ceiling', 'others_wait');

create type public.queue_state as enum ('waiting', 'offered', 'served', 'lapsed', 'left');

-- Who waits for a seat, in order of rank. An entry is waiting, then offered with a seat that is held until the
-- deadline; it ends as served, lapsed (the deadline passed) or left.
create table public.queue_entries (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	mode public.attendance_mode not null,
	rank bigint not null,
	reason public.queue_reason not null,
	state public.queue_state not null default 'waiting',
	seat_id uuid references public.seats (id) on delete restrict,
	offered_at timestamptz,
	deadline timestamptz,
	created_at timestamptz not null default now(),
	closed_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict,
	unique (summit_id, mode, rank),
	check ((state = 'offered') <= (seat_id is not null and deadline is not null)),
	check ((state in ('served', 'lapsed', 'left')) = (closed_at is not null))
);
create unique index queue_entries_one_open on public.queue_entries (registration_id, mode)
	where state in ('waiting', 'offered');
create index queue_entries_waiting on public.queue_entries (summit_id, mode, rank) where state = 'waiting';
create index on public.queue_entries (deadline) where state = 'offered';
alter table public.queue_entries enable row level security;
create policy read on public.queue_entries for select to authenticated
	using (registration_id in (select private.my_registrations())
	or summit_id in (select private.summits_with_role('registration', 'finance')));
grant select on public.queue_entries to authenticated;
select audit.watch('public.queue_entries');
