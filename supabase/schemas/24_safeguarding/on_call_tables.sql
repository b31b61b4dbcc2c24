-- Who of safeguarding is on call, and the alarms of concerns. All tables are private; only functions read and write
-- them.

-- When a lead is on call. Of several at once, the first position is called first.
create table private.on_call_shifts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	during tstzrange not null check (upper(during) - lower(during) between interval '1 minute' and interval '3 days'),
	position smallint not null default 1 check (position between 1 and 3),
	added_by uuid references public.people (id) on update cascade on delete set null,
	constraint on_call_shifts_one exclude using gist (summit_id with =, position with =, during with &&)
);
create index on private.on_call_shifts (person_id);
create index on private.on_call_shifts (added_by);
alter table private.on_call_shifts enable row level security;
select audit.watch('private.on_call_shifts', 'person_id');

-- After how many minutes without an answer an alarm goes on to the next.
create table private.on_call_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	minutes integer not null default 10 check (minutes between 2 and 120)
);
alter table private.on_call_settings enable row level security;
select audit.watch('private.on_call_settings');

-- Where a lead is reached by text message, sealed by the app.
create table private.on_call_phones (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	number_sealed bytea not null check (length(number_sealed) <= 200),
	key_id text not null,
	saved_at timestamptz not null default now()
);
alter table private.on_call_phones enable row level security;

-- The alarm of a concern: it goes from the first who is on call to the next, and then to all who may read the concern,
-- until one of them says that they have it.
create table private.concern_alarms (
	id uuid primary key default gen_random_uuid(),
	concern_id uuid not null references private.concerns (id) on delete cascade,
	raised_at timestamptz not null default now(),
	-- The steps that were taken.
	step smallint not null default 0,
	-- When it goes on; null: it is answered, or all were called often enough.
	next_at timestamptz,
	acknowledged_at timestamptz,
	acknowledged_by uuid references public.people (id) on update cascade on delete set null
);
create unique index concern_alarms_one_open on private.concern_alarms (concern_id) where acknowledged_at is null;
create index on private.concern_alarms (next_at) where next_at is not null;
create index on private.concern_alarms (concern_id);
create index on private.concern_alarms (acknowledged_by);
alter table private.concern_alarms enable row level security;

-- What the worker sends of an alarm: a text message, or a push to one browser. It says nothing of the concern.
create table private.alarm_calls (
	id uuid primary key default gen_random_uuid(),
	alarm_id uuid not null references private.concern_alarms (id) on delete cascade,
	step smallint not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- Null: a text message.
	subscription_id uuid references private.push_subscriptions (id) on delete cascade,
	state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'gone')),
	attempts smallint not null default 0,
	claimed_at timestamptz,
	send_after timestamptz not null default now(),
	unique nulls not distinct (alarm_id, step, person_id, subscription_id)
);
create index on private.alarm_calls (person_id);
create index on private.alarm_calls (subscription_id);
create index on private.alarm_calls (send_after) where state in ('queued', 'sending');
alter table private.alarm_calls enable row level security;
