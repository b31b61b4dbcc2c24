-- The table of bank statements.

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
	-- For a part of a batch: what the hash above would be of the whole booking.
	batch_reference text,
	check ((state in ('applied', 'linked')) = (adjustment_id is not null)),
	check (is_incoming or state in ('returned', 'set_aside')),
	unique (summit_id, fingerprint),
	unique (summit_id, bank_reference),
	unique (summit_id, plain_fingerprint)
);
create index on private.bank_rows (summit_id, state, booked_on);
create index on private.bank_rows (order_id);
create index on private.bank_rows (parent_id);
create index on private.bank_rows (summit_id, batch_reference);
create index on private.bank_rows (summit_id, booked_on, amount);
create unique index on private.bank_rows (adjustment_id);
create index on private.bank_rows (imported_by);
create index on private.bank_rows (decided_by);
alter table private.bank_rows enable row level security;
select audit.watch('private.bank_rows', '', 'words', 'note');
