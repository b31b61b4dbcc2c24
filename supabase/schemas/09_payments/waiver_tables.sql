-- The tables of waivers: budgets and requests.

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
