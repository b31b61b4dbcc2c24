-- The outbox: written in the same transaction as the change, sent by a worker.

create type public.mail_state as enum ('queued', 'sending', 'sent', 'dead', 'held');

create table private.outbox (
	id uuid primary key default gen_random_uuid(),
	-- To a person (the address is opened at sending), or to a sealed address where there is no person yet.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	address_sealed bytea,
	key_id text,
	template text not null,
	locale text not null default 'en',
	-- Ids and values of the Summit only; what is secret (a code) is sealed in `secret`.
	params jsonb not null default '{}',
	secret bytea,
	summit_id uuid references public.summits (id) on delete cascade,
	-- Lower goes first: sign-in codes 0 or 1, what somebody waits for 5, the rest 9.
	priority integer not null default 9,
	state public.mail_state not null default 'queued',
	attempts integer not null default 0,
	last_error text,
	send_after timestamptz not null default now(),
	created_at timestamptz not null default now(),
	sent_at timestamptz,
	-- The same mail is never queued twice for the same change.
	once_key text unique,
	check ((person_id is null) <> (address_sealed is null)),
	-- Who sends a mail holds it for a while, and longer as long as it lives: one that is held no more belonged to a
	-- process that died. The claim is a number of its own: what a process that was believed dead writes down later
	-- counts no more.
	claim_id uuid,
	claimed_until timestamptz
);
alter table private.outbox enable row level security;
create index outbox_due on private.outbox (priority, created_at) where state = 'queued';
create index on private.outbox (person_id);
create index on private.outbox (summit_id, state);

-- The outbox at work: what is due, who sends it, what came of it, and what organisers see. Nothing here knows the
-- worker's own tables: it hears the news of a row, or finds the row in its round each minute.

create index outbox_claimed on private.outbox (claimed_until) where state = 'sending';

-- The organisers' own words for the mails of a Summit, by language. Each saving is a version of its own; none is
-- changed or removed.

create table public.mail_texts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	template text not null check (template ~ '^[a-z_]{3,40}$'),
	locale text not null check (locale in ('en', 'fr', 'es', 'ar')),
	version integer not null check (version > 0),
	-- Without words: from here on ours again.
	subject text check (length(btrim(subject)) between 1 and 600),
	body text check (length(btrim(body)) between 1 and 8000),
	saved_at timestamptz not null default now(),
	saved_by uuid references public.people (id) on update cascade on delete set null,
	check ((subject is null) = (body is null)),
	unique (summit_id, template, locale, version)
);
alter table public.mail_texts enable row level security;
create index on public.mail_texts (saved_by);
create policy read on public.mail_texts for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.mail_texts to authenticated;
select audit.watch('public.mail_texts');

-- Messages of organisers to a group of people: written by language, frozen when they are sent, sent a few a minute.

create table public.mail_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- How many of a message go out in a minute. Codes and what somebody waits for go ahead of them in any case.
	per_minute integer not null default 60 check (per_minute between 1 and 1000)
);
alter table public.mail_settings enable row level security;
create policy read on public.mail_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.mail_settings to authenticated;
select audit.watch('public.mail_settings');

create table public.group_messages (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- {states, mode, sector, region, country, category, member, language, details}: whom it is for.
	filters jsonb not null default '{}' check (jsonb_typeof(filters) = 'object'),
	-- {language: {subject, body}}, and the language for those whose own is not among them.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null default 'en' check (original in ('en', 'fr', 'es', 'ar')),
	-- Where its button leads, under the Summit's address; null: it has none.
	page text check (page in ('', '/me', '/me/details', '/agenda', '/register')),
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
alter table public.group_messages enable row level security;
create index on public.group_messages (summit_id, created_at);
create index on public.group_messages (created_by);
create index on public.group_messages (sent_by);
create policy read on public.group_messages for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.group_messages to authenticated;
select audit.watch('public.group_messages');

-- Who gets it, frozen in one moment: each person once. Their address is opened where the mail is sent, and nowhere
-- here.
create table private.message_recipients (
	message_id uuid not null references public.group_messages (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	locale text not null,
	-- unreachable: there is no address, or the last mail to it was refused for good.
	state text not null check (state in ('waiting', 'queued', 'unreachable', 'cancelled')),
	outbox_id uuid references private.outbox (id) on delete set null,
	queued_at timestamptz,
	primary key (message_id, person_id)
);
alter table private.message_recipients enable row level security;
create index on private.message_recipients (person_id);
create index on private.message_recipients (registration_id);
create index on private.message_recipients (outbox_id);
create index message_recipients_waiting on private.message_recipients (message_id) where state = 'waiting';
create index message_recipients_queued on private.message_recipients (message_id, queued_at) where state = 'queued';
