-- Money of a Summit: fees, orders with their ledger, card payments and refunds. Amounts are in minor units, currencies
-- ISO codes. Nothing in the ledger is edited away. The tables of invoices, of bank statements and of waivers are in
-- files of their own.

-- What a registration costs. The most specific fee wins (`fees.sql`).
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
	-- A null column matches every value.
	unique nulls not distinct (summit_id, mode, category, sector, currency, valid_from)
);
alter table public.fees enable row level security;
create policy read on public.fees for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
create policy add on public.fees for insert to authenticated
	with check (summit_id in (select private.summits_with_role('finance')));
create policy change on public.fees for update to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
create policy remove on public.fees for delete to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
grant select on public.fees to anon, authenticated;
grant insert, update, delete on public.fees to authenticated;
select audit.watch('public.fees');

-- A payer (a person or a member) and a deadline. What is owed is the sum of lines and adjustments (`ledger.sql`).
create table public.orders (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	reference text not null unique default private.random_code(10),
	payer_person_id uuid references public.people (id) on update cascade on delete restrict,
	payer_member_id uuid references public.members (id) on delete restrict,
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	-- Some days after the order was made. A Checkout Session ends by it; the last one extends the hold of the seat to
	-- its own end.
	due_at timestamptz not null,
	closed_at timestamptz,
	created_at timestamptz not null default now(),
	check ((payer_person_id is null) <> (payer_member_id is null)),
	unique (id, summit_id)
);
create index on public.orders (payer_person_id);
create index on public.orders (payer_member_id);
create index on public.orders (summit_id, due_at) where closed_at is null;
alter table public.orders enable row level security;
create policy read on public.orders for select to authenticated
	using (id in (select private.my_orders()) or summit_id in (select private.summits_with_role('finance')));
grant select on public.orders to authenticated;
select audit.watch('public.orders');

-- What an order charges for one registration in one mode.
create table public.order_lines (
	id uuid primary key default gen_random_uuid(),
	order_id uuid not null,
	summit_id uuid not null,
	registration_id uuid not null,
	mode public.attendance_mode not null,
	amount integer not null,
	-- The moment whose fee applies; a line that moves to another order keeps it.
	priced_at timestamptz not null default now(),
	created_at timestamptz not null default now(),
	-- The rate of tax that the charge was made with; null while the Summit has none (`vat_tables.sql`).
	vat_rate_id uuid,
	foreign key (order_id, summit_id) references public.orders (id, summit_id) on delete restrict,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict
);
create index on public.order_lines (order_id);
create index on public.order_lines (registration_id);
create index on public.order_lines (vat_rate_id);
alter table public.order_lines enable row level security;
create policy read on public.order_lines for select to authenticated
	using (order_id in (select private.my_orders()) or summit_id in (select private.summits_with_role('finance')));
grant select on public.order_lines to authenticated;
select audit.watch('public.order_lines');

-- Dispute: a payer's bank took the money back. Credit and cancellation lessen what is charged; a waiver pays it; a
-- write-off gives up what is owed beyond the charge.
create type public.adjustment_kind as enum ('payment', 'refund', 'waiver', 'credit', 'dispute', 'dispute_won',
	'cancellation', 'write_off');

-- The entries of the ledger, signed against what is owed: a payment or waiver is negative, a refund or a lost dispute
-- positive. The balance of an order is the sum of its lines and adjustments; zero means settled.
create table public.order_adjustments (
	id bigint generated always as identity primary key,
	order_id uuid not null references public.orders (id) on delete restrict,
	kind public.adjustment_kind not null,
	amount integer not null,
	provider text check (provider in ('stripe', 'bank', 'desk')),
	provider_ref text,
	reason text not null default '',
	-- The registration whose charge it changes; null for money that came for the whole order.
	registration_id uuid references public.registrations (id) on delete restrict,
	actor_id uuid references public.people (id) on update cascade on delete restrict,
	-- The bank's booking day, for money that came or went by transfer.
	booked_on date,
	at timestamptz not null default clock_timestamp(),
	unique (provider, kind, provider_ref),
	constraint provider_ref_one_line check (private.is_one_line(provider_ref))
);
create index on public.order_adjustments (order_id);
create index on public.order_adjustments (registration_id);
alter table public.order_adjustments enable row level security;
create policy read on public.order_adjustments for select to authenticated
	using (
		order_id in (select private.my_orders())
		or exists (
			select from public.orders as o
			where o.id = order_id and o.summit_id in (select private.summits_with_role('finance'))
		)
	);
grant select on public.order_adjustments to authenticated;
select audit.watch('public.order_adjustments');

-- Processing: the payer is done, and the bank takes days to say how it went.
create type public.checkout_state as enum ('requested', 'open', 'processing', 'paid', 'expired', 'failed');

-- An attempt to pay an order by card: one Checkout Session of Stripe.
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
create index on public.checkouts (order_id);
create unique index checkouts_one_open on public.checkouts (order_id)
	where state in ('requested', 'open', 'processing');
create index on public.checkouts (payment_intent);
alter table public.checkouts enable row level security;
create policy read on public.checkouts for select to authenticated
	using (
		order_id in (select private.my_orders())
		or exists (
			select from public.orders as o
			where o.id = order_id and o.summit_id in (select private.summits_with_role('finance'))
		)
	);
grant select on public.checkouts to authenticated;
select audit.watch('public.checkouts');

-- Due: decided, and to be sent. Cancelled: the payer's bank took the money back first.
create type public.refund_state as enum ('due', 'sent', 'done', 'failed', 'cancelled');

-- A refund is owed from the moment that the database decides it. The worker then asks the provider, once.
create table public.refunds (
	id uuid primary key default gen_random_uuid(),
	order_id uuid not null references public.orders (id) on delete restrict,
	-- Null: the money came by bank or at the desk, and finance sends it back by hand.
	checkout_id uuid references public.checkouts (id) on delete restrict,
	amount integer not null check (amount > 0),
	state public.refund_state not null default 'due',
	provider_ref text unique,
	reason text not null default '',
	failure text,
	attempts integer not null default 0,
	-- References that failed stay failed, whatever event about them comes late.
	failed_refs text[] not null default '{}',
	created_at timestamptz not null default now(),
	constraint provider_ref_one_line check (private.is_one_line(provider_ref))
);
create index on public.refunds (order_id);
create index on public.refunds (checkout_id);
create index on public.refunds (created_at) where state = 'due';
alter table public.refunds enable row level security;
create policy read on public.refunds for select to authenticated
	using (
		order_id in (select private.my_orders())
		or exists (
			select from public.orders as o
			where o.id = order_id and o.summit_id in (select private.summits_with_role('finance'))
		)
	);
grant select on public.refunds to authenticated;
select audit.watch('public.refunds');

-- Each event of a provider takes effect exactly once, in any order (Rule 3).
create table private.provider_events (
	provider text not null check (provider in ('stripe', 'livekit')),
	event_id text not null,
	type text not null,
	received_at timestamptz not null default now(),
	effect text not null default '',
	-- An event that came before its subject (a refund before its payment) waits here, with the fields needed later.
	subject text,
	object jsonb,
	primary key (provider, event_id)
);
create index on private.provider_events (subject) where effect = 'waiting';
alter table private.provider_events enable row level security;

-- The last nightly check of each Summit's books (`reconciliation.sql`).
create table private.reconciliations (
	summit_id uuid primary key references public.summits (id) on delete restrict,
	ran_at timestamptz not null,
	faults jsonb not null
);
alter table private.reconciliations enable row level security;
