-- Money of a Summit: fees, orders with their ledger, card payments, refunds, invoices, bank statements and waivers.
-- Amounts are in minor units, currencies ISO codes. Nothing in the ledger is edited away.

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
	foreign key (order_id, summit_id) references public.orders (id, summit_id) on delete restrict,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict
);
create index on public.order_lines (order_id);
create index on public.order_lines (registration_id);
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

-- Who issues a Summit's invoices, where a transfer goes, and how long an order waits for one.
create table public.money_settings (
	summit_id uuid primary key references public.summits (id) on delete restrict,
	-- Whether a payer may ask for an invoice and pay it by bank.
	transfer_allowed boolean not null default false,
	issuer_name text not null default '' check (length(issuer_name) <= 200),
	issuer_address text not null default '' check (length(issuer_address) <= 500),
	issuer_tax_number text not null default '' check (length(issuer_tax_number) <= 60),
	iban text not null default '' check (iban = '' or private.is_iban(iban)),
	bic text not null default '' check (bic ~ '^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$'),
	bank_name text not null default '' check (length(bank_name) <= 200),
	-- The beginning of invoice and credit note numbers.
	invoice_prefix text not null default 'INV' check (invoice_prefix ~ '^[A-Z][A-Z0-9]{1,7}$'),
	terms_days integer not null default 30 check (terms_days between 1 and 120),
	-- A transfer takes days to arrive: the seat is held this long after the due date.
	grace_days integer not null default 5 check (grace_days between 0 and 30),
	invoice_note text not null default '' check (length(invoice_note) <= 1000),
	constraint issuer_name_one_line check (private.is_one_line(issuer_name)),
	constraint issuer_tax_number_one_line check (private.is_one_line(issuer_tax_number)),
	constraint iban_one_line check (private.is_one_line(iban)),
	constraint bank_name_one_line check (private.is_one_line(bank_name))
);
alter table public.money_settings enable row level security;
create policy read on public.money_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
grant select on public.money_settings to authenticated;
select audit.watch('public.money_settings');

-- How much may be waived, by currency. Without a row, nothing.
create table public.waiver_budgets (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	amount bigint not null check (amount >= 0),
	unique (summit_id, currency)
);
alter table public.waiver_budgets enable row level security;
create policy read on public.waiver_budgets for select to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
grant select on public.waiver_budgets to authenticated;
select audit.watch('public.waiver_budgets');

create type public.invoice_kind as enum ('invoice', 'credit_note');

-- The last number of each series. A number is drawn under one lock a Summit and given back when the transaction fails,
-- so that series have no gaps.
create table private.invoice_number_series (
	summit_id uuid not null references public.summits (id) on delete restrict,
	kind public.invoice_kind not null,
	year integer not null,
	last_number integer not null check (last_number > 0),
	primary key (summit_id, kind, year)
);
alter table private.invoice_number_series enable row level security;

-- Invoices and credit notes, frozen when issued (`invoices.sql`).
create table public.invoices (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	order_id uuid not null,
	kind public.invoice_kind not null,
	year integer not null,
	number integer not null check (number > 0),
	reference text not null,
	-- The invoice that a credit note answers.
	credited_invoice_id uuid references public.invoices (id) on delete restrict,
	amount integer not null check (amount > 0),
	currency char(3) not null,
	-- The day at the venue.
	issued_on date not null,
	due_on date,
	issued_by uuid references public.people (id) on update cascade on delete restrict,
	created_at timestamptz not null default now(),
	foreign key (order_id, summit_id) references public.orders (id, summit_id) on delete restrict,
	check ((kind = 'credit_note') = (credited_invoice_id is not null)),
	check ((kind = 'invoice') = (due_on is not null)),
	unique (summit_id, kind, year, number),
	unique (summit_id, reference)
);
create index on public.invoices (order_id);
create index on public.invoices (credited_invoice_id);
create index on public.invoices (issued_by);
alter table public.invoices enable row level security;
create policy read on public.invoices for select to authenticated
	using (
		order_id in (select private.my_payable_orders()) or summit_id in (select private.summits_with_role('finance'))
	);
grant select on public.invoices to authenticated;
select audit.watch('public.invoices');

-- The text of an issued document. It holds the payer's name and address, so it is readable through `read_invoice` only.
create table private.invoice_contents (
	invoice_id uuid primary key references public.invoices (id) on delete restrict,
	content jsonb not null
);
alter table private.invoice_contents enable row level security;

-- Reminders that were sent, each once.
create table private.invoice_reminders (
	invoice_id uuid not null references public.invoices (id) on delete restrict,
	stage text not null check (stage in ('before', 'after')),
	at timestamptz not null default now(),
	primary key (invoice_id, stage)
);
alter table private.invoice_reminders enable row level security;

-- Applied: counted as a payment. Linked: the same payment had been recorded by hand. Divided: its parts are rows of
-- their own. Returned: an earlier payment that went back, or one of ours that came back; it pays nothing.
create type public.bank_row_state as enum ('open', 'applied', 'linked', 'set_aside', 'divided', 'returned');

-- Rows of bank statements. Their text names the payer, and what finance notes about a row may do so too: both stay in
-- `private` and out of the audit, which says only that they changed.
create table private.bank_rows (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	statement text not null,
	line integer not null,
	booked_on date not null,
	-- Minor units. Rows are money that came in, or a returned payment, which may have gone out.
	amount integer not null check (amount > 0),
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	words text not null default '',
	fingerprint text not null,
	-- The hash of the bank's own number of the booking and the amount; null in files without numbers.
	bank_reference text,
	-- For a row with the bank's number: its fingerprint in a file without numbers, once such a file had it too.
	plain_fingerprint text,
	is_incoming boolean not null default true,
	parent_id uuid references private.bank_rows (id) on delete cascade,
	-- The order that its text names, if any; once confirmed, the order that it was counted for.
	order_id uuid references public.orders (id) on delete restrict,
	state public.bank_row_state not null default 'open',
	adjustment_id bigint references public.order_adjustments (id) on delete restrict,
	note text not null default '',
	imported_by uuid references public.people (id) on update cascade on delete restrict,
	imported_at timestamptz not null default now(),
	decided_by uuid references public.people (id) on update cascade on delete restrict,
	decided_at timestamptz,
	check ((state in ('applied', 'linked')) = (adjustment_id is not null)),
	check (is_incoming or state in ('returned', 'set_aside')),
	unique (summit_id, fingerprint),
	unique (summit_id, bank_reference),
	unique (summit_id, plain_fingerprint)
);
create index on private.bank_rows (summit_id, state, booked_on);
create index on private.bank_rows (order_id);
create index on private.bank_rows (parent_id);
create index on private.bank_rows (summit_id, booked_on, amount);
create unique index on private.bank_rows (adjustment_id);
create index on private.bank_rows (imported_by);
create index on private.bank_rows (decided_by);
alter table private.bank_rows enable row level security;
select audit.watch('private.bank_rows', '', 'words', 'note');

-- Requests to waive a charge. The people who asked and whom it is for read a request; another focal point of the member
-- does not.
create table public.waiver_requests (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	order_id uuid not null,
	registration_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete restrict,
	requested_by uuid not null references public.people (id) on update cascade on delete restrict,
	grounds text not null check (grounds in ('no_budget', 'low_income_country', 'small_organisation',
		'lived_experience', 'invited', 'other')),
	explanation text not null default '' check (length(explanation) <= 2000),
	state text not null default 'open' check (state in ('open', 'approved', 'refused', 'withdrawn')),
	amount integer check (amount > 0),
	answer text not null default '' check (length(answer) <= 2000),
	decided_by uuid references public.people (id) on update cascade on delete restrict,
	decided_at timestamptz,
	created_at timestamptz not null default now(),
	foreign key (order_id, summit_id) references public.orders (id, summit_id) on delete restrict,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete restrict,
	check ((state = 'approved') = (amount is not null)),
	check ((state in ('approved', 'refused')) = (decided_at is not null))
);
create unique index waiver_requests_one_open on public.waiver_requests (registration_id, order_id) where state = 'open';
create index on public.waiver_requests (summit_id, state, created_at);
create index on public.waiver_requests (order_id);
create index on public.waiver_requests (person_id);
create index on public.waiver_requests (requested_by);
create index on public.waiver_requests (decided_by);
alter table public.waiver_requests enable row level security;
create policy read on public.waiver_requests for select to authenticated
	using (
		person_id in (select private.my_people('registration'))
		or requested_by = (select private.me())
		or summit_id in (select private.summits_with_role('finance'))
	);
grant select on public.waiver_requests to authenticated;
select audit.watch('public.waiver_requests', 'person_id', 'grounds', 'explanation', 'answer');

-- The last nightly check of each Summit's books (`reconciliation.sql`).
create table private.reconciliations (
	summit_id uuid primary key references public.summits (id) on delete restrict,
	ran_at timestamptz not null,
	faults jsonb not null
);
alter table private.reconciliations enable row level security;
