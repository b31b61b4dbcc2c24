-- Webhooks: what a Summit tells other systems, as Standard Webhooks has it. Nothing here is readable through the API:
-- owners read and write by the functions of organising.sql, and the app sends by those of sending.sql.

-- The kinds of events. Another release may add some; a name is never changed or used for something else.
create type public.webhook_kind as enum (
	'registration.submitted', 'registration.nominated', 'registration.accredited', 'registration.awaiting_payment',
	'registration.confirmed', 'registration.declined', 'registration.withdrawn', 'registration.expired',
	'registration.mode_changed', 'registration.category_changed',
	'accreditation.question_asked', 'accreditation.question_answered',
	'queue.joined', 'queue.offered',
	'letter.issued', 'letter.withdrawn',
	'member.added', 'member.standing_changed', 'member.requested', 'focal_point.added',
	'order.created', 'payment.received', 'payment.disputed', 'refund.decided', 'refund.completed', 'refund.failed',
	'invoice.issued', 'credit_note.issued', 'waiver.requested', 'waiver.decided',
	'badge.issued', 'badge.revoked', 'check_in.entered', 'check_in.left', 'check_in.undone',
	'agenda.released', 'session.added', 'session.changed', 'session.cancelled',
	'proposal.submitted', 'proposal.withdrawn', 'proposal.decided', 'side_event.requested', 'side_event.decided',
	'speaker.invited', 'speaker.confirmed', 'speaker.declined', 'speaker.removed',
	'session.live', 'session.ended', 'recording.published', 'recording.withdrawn',
	'announcement.sent', 'page.published', 'session_file.published', 'document.published',
	'commitment.announced', 'commitment.withdrawn', 'commitment.reported',
	'survey.published', 'figures.released', 'impact_report.released',
	'summit.opened', 'summit.live', 'summit.closed', 'summit.archived',
	-- Sent by the button alone; nobody subscribes to it.
	'webhook.test'
);

create type public.webhook_state as enum ('waiting', 'delivered', 'failed');

-- Why nothing is sent to an endpoint. failing: it has not answered for days. gone: it answered 410.
create type public.webhook_pause as enum ('by_hand', 'failing', 'gone');

-- Why an attempt has no answer. name: the host is not found. address: it has an address that is not public. refused: no
-- connection. tls: its certificate is wrong. timeout: it took too long. protocol: the answer is not HTTP. secret: the
-- sealing key of its secret is gone.
create type public.webhook_fault as enum ('name', 'address', 'refused', 'tls', 'timeout', 'protocol', 'secret');

-- Whether a text can be the address of an endpoint. Plain http is accepted for the local machine only, and sent to only
-- where the site itself is on it. That the address is a public one is checked by the app, when it is saved and each time
-- that something is sent.
create function private.is_webhook_url(p_url text) returns boolean
language sql immutable set search_path = '' as $$
	select length(p_url) <= 500
		and (p_url ~ '^https://[^[:space:]/?#@"<>]+(/[^[:space:]"<>#]*)?$'
		or p_url ~ '^http://(localhost|127\.0\.0\.1|\[::1\])(:[1-9][0-9]{0,4})?(/[^[:space:]"<>#]*)?$')
$$;

-- An endpoint. The app chooses its id, because its secret is sealed for it.
create table private.webhook_endpoints (
	id uuid primary key,
	summit_id uuid not null references public.summits (id) on delete cascade,
	url text not null check (private.is_webhook_url(url)),
	description text not null default '' check (length(description) <= 120),
	kinds public.webhook_kind[] not null check (cardinality(kinds) > 0 and not 'webhook.test' = any (kinds)),
	-- Null: it is active.
	pause_reason public.webhook_pause,
	paused_at timestamptz,
	secret_sealed bytea not null,
	key_id text not null,
	-- The secret before the last rotation, which signs too until `old_until`.
	old_secret_sealed bytea,
	old_key_id text,
	old_until timestamptz,
	created_at timestamptz not null default now(),
	check ((pause_reason is null) = (paused_at is null)),
	check (num_nulls(old_secret_sealed, old_key_id, old_until) in (0, 3)),
	constraint url_one_line check (private.is_one_line(url)),
	constraint description_one_line check (private.is_one_line(description))
);
create index on private.webhook_endpoints (summit_id);
alter table private.webhook_endpoints enable row level security;
-- An address may contain a token of the other system: entries say that it changed, and not from what to what.
select audit.watch('private.webhook_endpoints', '', 'url', 'secret_sealed', 'old_secret_sealed');

-- Which process sends to an endpoint at this moment, and how it goes. It changes with each turn, so it is not audited.
create table private.webhook_senders (
	endpoint_id uuid primary key references private.webhook_endpoints (id) on delete cascade,
	-- A claim that ran out belonged to a process that died. Each has its own id, so that nothing counts that a process
	-- writes after it was believed dead.
	claim_id uuid,
	claimed_until timestamptz,
	-- The endpoint that has waited longest is served first.
	served_at timestamptz not null default '-infinity',
	-- Since when no attempt has succeeded, and how many have failed. Until `held_until` nothing is tried: an endpoint that is
	-- away is not asked for each event.
	failing_since timestamptz,
	failures integer not null default 0,
	held_until timestamptz
);
alter table private.webhook_senders enable row level security;

-- What happened, written in the transaction of what happened, and only where an endpoint wants it. `data`: codes and ids,
-- never a name or a text.
create table private.webhook_events (
	id uuid primary key default gen_random_uuid(),
	place bigint not null generated always as identity,
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind public.webhook_kind not null,
	data jsonb not null check (jsonb_typeof(data) = 'object'),
	-- The session that it tells of: once that is closed, the event is deleted instead of sent.
	session_id uuid references public.sessions (id) on delete cascade,
	-- Later than now where it was decided ahead; until then nobody learns of it.
	occurred_at timestamptz not null default now()
);
create index on private.webhook_events (summit_id, occurred_at);
create index on private.webhook_events (session_id);
alter table private.webhook_events enable row level security;

-- An event for one endpoint.
create table private.webhook_deliveries (
	id uuid primary key default gen_random_uuid(),
	event_id uuid not null references private.webhook_events (id) on delete cascade,
	endpoint_id uuid not null references private.webhook_endpoints (id) on delete cascade,
	state public.webhook_state not null default 'waiting',
	-- Attempts in all, and those since it was last queued: a replay begins the schedule again.
	attempts integer not null default 0,
	tries integer not null default 0,
	-- When it is tried next; infinity for a test, which the page sends itself.
	due_at timestamptz not null default now(),
	unique (event_id, endpoint_id)
);
create index on private.webhook_deliveries (endpoint_id, state);
create index webhook_deliveries_due on private.webhook_deliveries (endpoint_id, due_at) where state = 'waiting';
alter table private.webhook_deliveries enable row level security;

-- Each attempt, with the beginning of the answer.
create table private.webhook_attempts (
	delivery_id uuid not null references private.webhook_deliveries (id) on delete cascade,
	number integer not null check (number > 0),
	at timestamptz not null default now(),
	took_ms integer not null check (took_ms >= 0),
	status integer check (status between 100 and 999),
	fault public.webhook_fault,
	excerpt text not null default '' check (length(excerpt) <= 500),
	primary key (delivery_id, number),
	check ((status is null) = (fault is not null)),
	constraint excerpt_one_line check (private.is_one_line(excerpt))
);
alter table private.webhook_attempts enable row level security;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.webhook_endpoints', 'settings', '{description,kinds,pause_reason}', '{}', '{url,secret_sealed}'),
	('webhooks.replayed', 'settings', '{count}', '{}', '{}'),
	('webhooks.tested', 'settings', '{}', '{}', '{}');
