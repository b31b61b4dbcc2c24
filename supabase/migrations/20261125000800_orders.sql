-- Money: an order is a payer, lines, and a ledger of adjustments in which nothing is edited away. Minor units, ISO currency.

create table public.fees (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	mode public.attendance_mode not null,
	category public.registration_category,
	sector public.sector,
	amount integer not null check (amount >= 0),
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	valid_from timestamptz,
	valid_until timestamptz check (valid_until > valid_from),
	-- The most specific fee wins: category and sector, then sector, then category, then the mode alone.
	unique nulls not distinct (summit_id, mode, category, sector, currency, valid_from)
);
alter table public.fees enable row level security;
select audit.watch('public.fees');

create table public.orders (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	reference text not null unique default private.random_code(10),
	payer_person_id uuid references public.people (id) on update cascade on delete restrict,
	payer_member_id uuid references public.members (id) on delete restrict,
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	-- The deadline is days away; a Checkout Session is made on demand, ends by it, and the last one extends the hold to its own end.
	due_at timestamptz not null,
	closed_at timestamptz,
	created_at timestamptz not null default now(),
	check ((payer_person_id is null) <> (payer_member_id is null)),
	unique (id, summit_id)
);
alter table public.orders enable row level security;
create index on public.orders (payer_person_id);
create index on public.orders (payer_member_id);
create index on public.orders (summit_id, due_at) where closed_at is null;
select audit.watch('public.orders');

create table public.order_lines (
	id uuid primary key default gen_random_uuid(),
	order_id uuid not null,
	summit_id uuid not null,
	registration_id uuid not null,
	mode public.attendance_mode not null,
	amount integer not null,
	-- The moment whose fee it is: a line that moves to another order keeps it.
	priced_at timestamptz not null default now(),
	created_at timestamptz not null default now(),
	foreign key (order_id, summit_id) references public.orders (id, summit_id) on delete restrict,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict
);
alter table public.order_lines enable row level security;
create index on public.order_lines (order_id);
create index on public.order_lines (registration_id);
select audit.watch('public.order_lines');

create type public.adjustment_kind as enum ('payment', 'refund', 'waiver', 'credit', 'dispute', 'dispute_won', 'cancellation');

-- Signed against what is owed: a payment or waiver is negative, a refund or lost dispute positive. The balance of an order is
-- the sum of its lines and adjustments; zero means settled.
create table public.order_adjustments (
	id bigint generated always as identity primary key,
	order_id uuid not null references public.orders (id) on delete restrict,
	kind public.adjustment_kind not null,
	amount integer not null,
	provider text check (provider in ('stripe', 'bank', 'desk')),
	provider_ref text,
	reason text not null default '',
	-- Whose line it lessens, where it concerns one of several; null for money that came for the whole order.
	registration_id uuid references public.registrations (id) on delete restrict,
	actor_id uuid references public.people (id) on update cascade on delete restrict,
	-- The day on which the bank has it, for money that came or went by transfer.
	booked_on date,
	at timestamptz not null default clock_timestamp(),
	unique (provider, kind, provider_ref)
);
alter table public.order_adjustments enable row level security;
create index on public.order_adjustments (order_id);
create index on public.order_adjustments (registration_id);

-- Nothing is edited away; only a merge of two people, or a new id of one, rewrites who did it.
create function private.refuse_ledger_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_setting('app.merging', true) = 'yes' and to_jsonb(new) - 'actor_id' = to_jsonb(old) - 'actor_id' then
		return new;
	end if;
	raise exception 'the ledger is never changed' using errcode = 'insufficient_privilege';
end
$$;
create trigger adjustments_never_change before update or delete on public.order_adjustments for each row execute function private.refuse_ledger_change();
select audit.watch('public.order_adjustments');

-- Processing: done by the payer, and the bank takes days to say how it went.
create type public.checkout_state as enum ('requested', 'open', 'processing', 'paid', 'expired', 'failed');

create table public.checkouts (
	id uuid primary key default gen_random_uuid(),
	order_id uuid not null references public.orders (id) on delete restrict,
	amount integer not null check (amount > 0),
	currency char(3) not null,
	state public.checkout_state not null default 'requested',
	session_id text unique,
	payment_intent text,
	url text,
	expires_at timestamptz not null,
	created_at timestamptz not null default now()
);
alter table public.checkouts enable row level security;
create index on public.checkouts (order_id);
create unique index checkouts_one_open on public.checkouts (order_id) where state in ('requested', 'open', 'processing');
create index on public.checkouts (payment_intent);
select audit.watch('public.checkouts');

-- A refund is owed from the moment the database decides it; the worker then asks the provider, once.
-- Cancelled: the bank took the money back first.
create type public.refund_state as enum ('due', 'sent', 'done', 'failed', 'cancelled');

create table public.refunds (
	id uuid primary key default gen_random_uuid(),
	order_id uuid not null references public.orders (id) on delete restrict,
	-- Null: the money came by bank or at the desk, and goes back by hand.
	checkout_id uuid references public.checkouts (id) on delete restrict,
	amount integer not null check (amount > 0),
	state public.refund_state not null default 'due',
	provider_ref text unique,
	reason text not null default '',
	failure text,
	attempts integer not null default 0,
	-- What the provider once called failed stays failed, whatever news of it comes late.
	failed_refs text[] not null default '{}',
	created_at timestamptz not null default now()
);
alter table public.refunds enable row level security;
create index on public.refunds (order_id);
create index on public.refunds (checkout_id);
create index on public.refunds (created_at) where state = 'due';
select audit.watch('public.refunds');

-- Rule 3: each provider event takes effect exactly once, in any order.
create table private.provider_events (
	provider text not null check (provider in ('stripe', 'livekit')),
	event_id text not null,
	type text not null,
	received_at timestamptz not null default now(),
	effect text not null default '',
	-- What came before that which it is about (a refund before its payment) waits here, only with what is needed later.
	subject text,
	object jsonb,
	primary key (provider, event_id)
);
alter table private.provider_events enable row level security;
create index on private.provider_events (subject) where effect = 'waiting';

-- Orders that the signed-in account pays, for itself or for a member.
create function private.my_payable_orders() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.orders where payer_person_id in (select private.my_people('registration'))
	union
	select o.id from public.orders as o join private.my_focal_members() as f on f.summit_id = o.summit_id and f.member_id = o.payer_member_id
$$;

-- Orders that the signed-in account pays or that pay for it, and those of its members.
create function private.my_orders() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_payable_orders()
	union
	select order_id from public.order_lines where registration_id in (select private.my_registrations())
$$;

create policy read on public.fees for select to anon, authenticated using (summit_id in (select private.readable_summits()));
create policy add on public.fees for insert to authenticated with check (summit_id in (select private.summits_with_role('finance')));
create policy change on public.fees for update to authenticated using (summit_id in (select private.summits_with_role('finance')));
create policy remove on public.fees for delete to authenticated using (summit_id in (select private.summits_with_role('finance')));
create policy read on public.orders for select to authenticated
	using (id in (select private.my_orders()) or summit_id in (select private.summits_with_role('finance')));
create policy read on public.order_lines for select to authenticated
	using (order_id in (select private.my_orders()) or summit_id in (select private.summits_with_role('finance')));
create policy read on public.order_adjustments for select to authenticated
	using (order_id in (select private.my_orders()) or exists (select from public.orders as o where o.id = order_id and o.summit_id in (select private.summits_with_role('finance'))));
create policy read on public.checkouts for select to authenticated
	using (order_id in (select private.my_orders()) or exists (select from public.orders as o where o.id = order_id and o.summit_id in (select private.summits_with_role('finance'))));
create policy read on public.refunds for select to authenticated
	using (order_id in (select private.my_orders()) or exists (select from public.orders as o where o.id = order_id and o.summit_id in (select private.summits_with_role('finance'))));
grant select on public.fees to anon, authenticated;
grant insert, update, delete on public.fees to authenticated;
grant select on public.orders, public.order_lines, public.order_adjustments, public.checkouts, public.refunds to authenticated;
grant execute on function private.my_orders(), private.my_payable_orders() to anon, authenticated;
