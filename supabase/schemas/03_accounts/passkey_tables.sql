-- Passkeys of people, and which sign-in sessions they confirmed.

-- Whether roles that reach sensitive data need a passkey: yes, unless the app says otherwise at its start
-- (PASSKEYS_REQUIRED).
create table private.sign_in_policy (
	is_only boolean primary key default true check (is_only),
	passkeys_required boolean not null
);
alter table private.sign_in_policy enable row level security;

-- They belong to a person and not to an account: who signs in by another address of the same person gets another
-- account, and must not get rid of the passkeys so.
create table private.passkeys (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- As the authenticator knows it.
	credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
	-- By which authenticators know the person: random, the same for all passkeys of a person.
	user_handle bytea not null check (length(user_handle) = 32),
	public_key bytea not null,
	-- How often the authenticator has signed; always 0 where it does not count.
	counter bigint not null default 0 check (counter >= 0),
	transports text[] not null default '{}'
		check (transports <@ array['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']),
	-- As the person calls it.
	name text not null check (length(name) between 1 and 60),
	-- Synchronised between devices, as most passkeys of telephones are.
	is_backed_up boolean not null default false,
	created_at timestamptz not null default now(),
	last_used_at timestamptz,
	constraint name_one_line check (private.is_one_line(name))
);
create index on private.passkeys (person_id);
alter table private.passkeys enable row level security;
select audit.watch('private.passkeys', 'person_id', 'credential_id', 'user_handle', 'public_key', 'name');

-- What an authenticator has to sign: random, valid for five minutes, once. All but those for signing in belong to one
-- session of Auth, and by it to one account.
create table private.passkey_challenges (
	challenge bytea primary key check (length(challenge) = 32),
	purpose text not null check (purpose in ('sign_in', 'confirm', 'add')),
	session_id uuid,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '5 minutes',
	used_at timestamptz,
	check ((purpose = 'sign_in') = (session_id is null))
);
create index on private.passkey_challenges (expires_at);
alter table private.passkey_challenges enable row level security;

-- The sessions of Auth in which a passkey was used. Removing the passkey ends what it confirmed.
create table private.session_assurances (
	session_id uuid primary key,
	passkey_id uuid not null references private.passkeys (id) on delete cascade,
	-- When the passkey was last used: at sign-in, or to confirm an act.
	confirmed_at timestamptz not null default now(),
	-- When something was last done, as far as the app wrote it down: once a minute.
	acted_at timestamptz not null default now()
);
create index on private.session_assurances (passkey_id);
create index on private.session_assurances (confirmed_at);
alter table private.session_assurances enable row level security;

-- Codes with which somebody who lost their passkeys may add another one. Each is valid once.
create table private.recovery_codes (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	code_hash bytea not null unique check (length(code_hash) = 32),
	created_at timestamptz not null default now(),
	used_at timestamptz,
	-- The session in which it was used: another passkey may be added only there.
	session_id uuid,
	check ((used_at is null) = (session_id is null))
);
create index on private.recovery_codes (person_id);
alter table private.recovery_codes enable row level security;
select audit.watch('private.recovery_codes', 'person_id', 'code_hash');
