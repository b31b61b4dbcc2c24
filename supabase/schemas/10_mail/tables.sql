-- The outbox of mails, the organisers' own texts for them, and messages to groups.

create type public.mail_state as enum ('queued', 'sending', 'sent', 'dead', 'held');

-- The outbox: a mail is written in the transaction of the change that causes it, and a worker sends it.
create table private.outbox (
	id uuid primary key default gen_random_uuid(),
	-- To a person (the address is opened at sending), or to a sealed address where there is no person yet.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	address_sealed bytea,
	key_id text,
	template text not null,
	locale text not null default 'en',
	-- Only ids and values of the Summit; what is secret (a code) is sealed in `secret`.
	params jsonb not null default '{}',
	secret bytea,
	summit_id uuid references public.summits (id) on delete cascade,
	-- Lower goes first: sign-in codes 0 or 1, mails that somebody waits for 5, the rest 9.
	priority integer not null default 9,
	state public.mail_state not null default 'queued',
	attempts integer not null default 0,
	last_error text,
	send_after timestamptz not null default now(),
	created_at timestamptz not null default now(),
	sent_at timestamptz,
	-- The same key is never queued twice: one mail for one change.
	idempotency_key text unique,
	check ((person_id is null) <> (address_sealed is null)),
	-- The process that sends a mail holds a claim on it, and extends it while it works. A claim that ran out belonged
	-- to a process that died. Each claim has its own id, so that nothing counts that a process writes after it was
	-- believed dead.
	claim_id uuid,
	claimed_until timestamptz
);
create index outbox_due on private.outbox (priority, created_at) where state = 'queued';
create index on private.outbox (person_id);
create index on private.outbox (summit_id, state);
create index outbox_claimed on private.outbox (claimed_until) where state = 'sending';
create index outbox_open on private.outbox (state) where state <> 'sent';
alter table private.outbox enable row level security;

-- The organisers' own texts for the mails of a Summit, by language. Each saving is a version; none is changed or
-- removed.
create table public.mail_texts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	template text not null check (template ~ '^[a-z_]{3,40}$'),
	locale text not null check (private.is_interface_language(locale)),
	version integer not null check (version > 0),
	-- Both null: from this version on the default text.
	subject text check (length(btrim(subject)) between 1 and 600),
	body text check (length(btrim(body)) between 1 and 8000),
	saved_at timestamptz not null default now(),
	saved_by uuid references public.people (id) on update cascade on delete set null,
	check ((subject is null) = (body is null)),
	unique (summit_id, template, locale, version)
);
create index on public.mail_texts (saved_by);
alter table public.mail_texts enable row level security;
create policy read on public.mail_texts for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.mail_texts to authenticated;
select audit.watch('public.mail_texts');

-- How fast messages to groups are sent.
create table public.mail_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- How many mails of messages go out in a minute. Codes and mails that somebody waits for go ahead of them.
	per_minute integer not null default 60 check (per_minute between 1 and 1000)
);
alter table public.mail_settings enable row level security;
create policy read on public.mail_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.mail_settings to authenticated;
select audit.watch('public.mail_settings');

-- Messages of organisers to a group of people: written by language, frozen when they are sent.
create table public.group_messages (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- {states, mode, sector, region, country, category, member, language, logistics}: to whom it goes.
	filters jsonb not null default '{}' check (jsonb_typeof(filters) = 'object'),
	-- {language: {subject, body}}, and the language for readers whose own is missing.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null default 'en' check (private.is_interface_language(original)),
	-- The page that its button opens, under the address of the Summit; null: no button.
	page text check (page in ('', '/me', '/me/logistics', '/agenda', '/register')),
	state text not null default 'draft' check (state in ('draft', 'sending', 'paused', 'cancelled')),
	version integer not null default 1,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	sent_by uuid references public.people (id) on update cascade on delete set null,
	sent_at timestamptz,
	total integer,
	check ((state = 'draft') = (sent_at is null)),
	constraint subject_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.subject')))
);
create index on public.group_messages (summit_id, created_at);
create index on public.group_messages (created_by);
create index on public.group_messages (sent_by);
alter table public.group_messages enable row level security;
create policy read on public.group_messages for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.group_messages to authenticated;
select audit.watch('public.group_messages');

-- The people who get a message, frozen when it is sent, each once. Their addresses are opened only where the mail is
-- sent.
create table private.group_message_recipients (
	message_id uuid not null references public.group_messages (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	locale text not null,
	-- unreachable: there is no address, or a server refused the last mail to it for good.
	state text not null check (state in ('waiting', 'queued', 'unreachable', 'cancelled')),
	outbox_id uuid references private.outbox (id) on delete set null,
	queued_at timestamptz,
	primary key (message_id, person_id)
);
create index on private.group_message_recipients (person_id);
create index on private.group_message_recipients (registration_id);
create index on private.group_message_recipients (outbox_id);
create index message_recipients_waiting on private.group_message_recipients (message_id) where state = 'waiting';
create index message_recipients_queued on private.group_message_recipients (message_id, queued_at)
	where state = 'queued';
alter table private.group_message_recipients enable row level security;
