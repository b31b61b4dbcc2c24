-- The tables of the journal: account codes, and the entries of closed periods.

-- Which account of finance's own chart an entry goes to. Without a row, the name of the kind is the code. A rate of tax
-- may have an account of its own: vat:19.
create table public.account_codes (
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind ~ '^(receivables|bank|desk|stripe|waivers|write_offs|revenue_in_person|revenue_virtual|vat(:\d{1,3}(\.\d{1,2})?)?)$'),
	code text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,29}$'),
	primary key (summit_id, kind)
);
alter table public.account_codes enable row level security;
create policy read on public.account_codes for select to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
grant select on public.account_codes to authenticated;
select audit.watch('public.account_codes');

-- A period whose entries are frozen: everything in the ledger until its last day that no earlier one has.
create table public.journal_periods (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	last_day date not null,
	entries integer not null check (entries >= 0),
	closed_by uuid references public.people (id) on update cascade on delete restrict,
	closed_at timestamptz not null default now(),
	unique (summit_id, last_day),
	unique (id, summit_id)
);
create index on public.journal_periods (closed_by);
alter table public.journal_periods enable row level security;
create policy read on public.journal_periods for select to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
grant select on public.journal_periods to authenticated;
select audit.watch('public.journal_periods');

-- Its entries. `source` is the row of the ledger that they are made of, and `line` their place among those of that row.
create table private.journal_entries (
	period_id uuid not null,
	summit_id uuid not null,
	source text not null check (source ~ '^(line|adjustment):[0-9a-f-]{1,36}$'),
	line integer not null check (line > 0),
	day date not null,
	document text not null check (document ~ '^[A-Z0-9-]{1,40}$'),
	kind text not null check (kind ~ '^[a-z0-9_:.]{1,30}$'),
	account text not null check (account ~ '^[A-Za-z0-9][A-Za-z0-9 ./:_-]{0,29}$'),
	event text not null check (event ~ '^[a-z_]{1,30}$'),
	debit bigint not null check (debit >= 0),
	credit bigint not null check (credit >= 0),
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	primary key (summit_id, source, line),
	foreign key (period_id, summit_id) references public.journal_periods (id, summit_id) on delete restrict,
	check ((debit = 0) <> (credit = 0))
);
create index on private.journal_entries (period_id, summit_id);
alter table private.journal_entries enable row level security;
