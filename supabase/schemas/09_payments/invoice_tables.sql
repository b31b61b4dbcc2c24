-- The tables of invoices: who issues them, their numbers, contents and reminders.

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
	-- Finance decided that nobody pays. Fees that there are count all the same.
	has_no_fees boolean not null default false,
	-- Value added tax is not charged by this Summit, contained in its fees, or added to them (`vat.sql`).
	vat text not null default 'off' check (vat in ('off', 'included', 'added')),
	issuer_country text not null default '' check (issuer_country ~ '^([A-Z]{2})?$'),
	issuer_vat_id text not null default ''
		check (issuer_vat_id ~ '^[A-Z0-9+*]*$' and (issuer_vat_id = '' or private.is_vat_id(issuer_vat_id))),
	-- The number in a register of companies or associations.
	issuer_registration text not null default '' check (length(issuer_registration) <= 60),
	-- Whether a business of another EU country, which has a VAT id, accounts for the tax itself.
	reverse_charge boolean not null default false,
	constraint issuer_registration_one_line check (private.is_one_line(issuer_registration)),
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
