-- Wallet passes: which badges were saved as passes, and the devices that ask for their latest state. It changes with each
-- turn of the worker, so it is not audited.

-- A badge that was given out as a pass of Apple Wallet or Google Wallet. A new badge is another pass: the one on a phone
-- that was lost never gets the next code.
create table private.wallet_passes (
	badge_id uuid primary key references public.badges (id) on delete cascade,
	-- The language in which it was given out.
	locale text not null check (private.is_interface_language(locale)),
	-- Of what it shows.
	fingerprint bytea not null,
	-- When that last changed, in whole seconds: devices know no shorter time.
	changed_at timestamptz not null default date_trunc('second', now()),
	checked_at timestamptz not null default now(),
	-- Since when it is no longer valid. That is final.
	ended_at timestamptz,
	-- Google may have it, so it is told what changed: when next, and after how many failures.
	is_at_google boolean not null default false,
	google_due_at timestamptz,
	google_tries integer not null default 0
);
create index wallet_passes_unended on private.wallet_passes (checked_at) where ended_at is null;
create index wallet_passes_google_due on private.wallet_passes (google_due_at) where google_due_at is not null;
alter table private.wallet_passes enable row level security;

-- A device that has a pass in Apple Wallet: by which name it asks, and the token by which Apple reaches it.
create table private.wallet_devices (
	badge_id uuid not null references private.wallet_passes (badge_id) on delete cascade,
	device text not null check (device ~ '^[A-Za-z0-9._-]{1,100}$'),
	push_token text not null check (push_token ~ '^[A-Za-z0-9]{16,200}$'),
	added_at timestamptz not null default now(),
	-- When it is told next that the pass changed, and after how many failures; null: it knows.
	due_at timestamptz,
	tries integer not null default 0,
	primary key (badge_id, device)
);
create index on private.wallet_devices (device);
create index wallet_devices_due on private.wallet_devices (due_at) where due_at is not null;
alter table private.wallet_devices enable row level security;
