-- Rule 1: capacity, allocations, the seat ledger and the queue. Locks are taken mode first, then member or pool, in id
-- order.

create table public.mode_capacities (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	mode public.attendance_mode not null,
	capacity integer not null check (capacity >= 0),
	unique (summit_id, mode)
);
alter table public.mode_capacities enable row level security;
select audit.watch('public.mode_capacities');

-- Policy: the ceiling of each member of a sector. No row: no seats for that sector in that mode.
create table public.allocation_policies (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	sector public.sector not null,
	mode public.attendance_mode not null,
	ceiling integer not null check (ceiling >= 0),
	unique (summit_id, sector, mode)
);
alter table public.allocation_policies enable row level security;
select audit.watch('public.allocation_policies');

-- Exception for one member. With reserved_until its seats are also kept aside; what is unused then goes to the queue.
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
select audit.watch('public.allocation_exceptions');

-- Optional balance: at most so many seats for a sector or a region.
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
select audit.watch('public.seat_ceilings');

create type public.seat_state as enum ('held', 'taken', 'released');

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
	-- The seat of a colleague that this one goes on from.
	handed_from uuid unique references public.seats (id) on delete restrict,
	-- No seat belongs to nobody.
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict,
	check ((state = 'held') = (held_until is not null)),
	check ((state = 'released') = (released_at is not null))
);
alter table public.seats enable row level security;

-- One open seat per registration and mode: during an offer a delegate keeps the seat online while one in the hall is
-- held.
create unique index seats_one_open on public.seats (registration_id, mode) where state <> 'released';
create index seats_open on public.seats (summit_id, mode, member_id) where state <> 'released';
create index seats_held on public.seats (held_until) where state = 'held';
create index on public.seats (registration_id);
select audit.watch('public.seats');

create type public.queue_reason as enum ('capacity', 'allocation', 'ceiling', 'others_wait');

create type public.queue_state as enum ('waiting', 'offered', 'served', 'lapsed', 'left');

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
alter table public.queue_entries enable row level security;
create unique index queue_entries_one_open on public.queue_entries (registration_id, mode)
	where state in ('waiting', 'offered');
create index queue_entries_waiting on public.queue_entries (summit_id, mode, rank) where state = 'waiting';
create index on public.queue_entries (deadline) where state = 'offered';
select audit.watch('public.queue_entries');
create policy read on public.mode_capacities for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.mode_capacities for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.mode_capacities for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.mode_capacities for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.mode_capacities to authenticated;
create policy read on public.allocation_policies for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.allocation_policies for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.allocation_policies for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.allocation_policies for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.allocation_policies to authenticated;
create policy read on public.allocation_exceptions for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.allocation_exceptions for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.allocation_exceptions for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.allocation_exceptions for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.allocation_exceptions to authenticated;
create policy read on public.seat_ceilings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration', 'finance')));
create policy add on public.seat_ceilings for insert to authenticated
	with check (summit_id in (select private.summits_with_role('registration')));
create policy change on public.seat_ceilings for update to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
create policy remove on public.seat_ceilings for delete to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select, insert, update, delete on public.seat_ceilings to authenticated;

create policy read on public.seats for select to authenticated
	using (registration_id in (select private.my_registrations())
	or summit_id in (select private.summits_with_role('registration', 'finance')));
grant select on public.seats to authenticated;

create policy read on public.queue_entries for select to authenticated
	using (registration_id in (select private.my_registrations())
	or summit_id in (select private.summits_with_role('registration', 'finance')));
grant select on public.queue_entries to authenticated;
