-- Announcements of the organisers and the stage to those whom they concern: on open pages at once, by push and by mail
-- where asked.

create type public.announcement_audience as enum ('everyone', 'mode', 'language', 'room', 'session', 'session_people');

create table private.announcements (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	audience public.announcement_audience not null,
	mode public.attendance_mode,
	language text check (language in ('en', 'fr', 'es', 'ar')),
	room_id uuid references public.rooms (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	-- {language: {title, body}}, and the language for those whose own is not among them.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null check (original in ('en', 'fr', 'es', 'ar')),
	-- Where it leads, under the Summit's address; null: nowhere.
	page text check (page ~ '^(?:/[A-Za-z0-9-]+)*$' and length(page) <= 120),
	-- An urgent one stays on every page until it was read.
	is_urgent boolean not null default false,
	by_push boolean not null default true,
	by_mail boolean not null default false,
	shown_until timestamptz not null,
	-- Of one form: sent twice, it is one announcement.
	once_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	withdrawn_at timestamptz,
	withdrawn_by uuid references public.people (id) on update cascade on delete set null,
	-- {people, delivered, seen, mailed, pushed, push_failed}, once nobody is known any more to have been among them.
	counts jsonb,
	check (shown_until > created_at),
	check ((audience = 'mode') = (mode is not null)),
	check ((audience = 'language') = (language is not null)),
	check ((audience = 'room') = (room_id is not null)),
	check ((audience in ('session', 'session_people')) = (session_id is not null)),
	constraint page_one_line check (private.is_one_line(page)),
	constraint title_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.title')))
);
alter table private.announcements enable row level security;
create index on private.announcements (summit_id, shown_until);
create index on private.announcements (room_id);
create index on private.announcements (session_id);
create index on private.announcements (created_by);
create index on private.announcements (withdrawn_by);
select audit.watch('private.announcements');

-- Those it is for, each once, and how it reached them. Who comes to belong to them while it is shown is added then.
create table private.announcement_readers (
	announcement_id uuid not null references private.announcements (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	locale text not null,
	-- On a page of theirs; before their eyes (of an urgent one: they said that they read it); and away from their
	-- pages.
	delivered_at timestamptz,
	seen_at timestamptz,
	closed_at timestamptz,
	outbox_id uuid references private.outbox (id) on delete set null,
	primary key (announcement_id, person_id)
);
alter table private.announcement_readers enable row level security;
create index on private.announcement_readers (person_id) where closed_at is null;
create index on private.announcement_readers (outbox_id);

-- Web push (RFC 8030) to browsers that agreed. An endpoint belongs to the session that agreed in it, and ends with that
-- session.

create table private.push_subscriptions (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid not null,
	endpoint text not null unique check (endpoint ~ '^https?://' and length(endpoint) <= 1000),
	p256dh text not null check (length(p256dh) between 80 and 100),
	auth text not null check (length(auth) between 16 and 40),
	created_at timestamptz not null default now(),
	constraint endpoint_one_line check (private.is_one_line(endpoint)),
	constraint p256dh_one_line check (private.is_one_line(p256dh)),
	constraint auth_one_line check (private.is_one_line(auth))
);
alter table private.push_subscriptions enable row level security;
create index on private.push_subscriptions (person_id);

create table private.pushes (
	id uuid primary key default gen_random_uuid(),
	announcement_id uuid not null references private.announcements (id) on delete cascade,
	-- Kept when the browser has gone: it was sent to.
	subscription_id uuid references private.push_subscriptions (id) on delete set null,
	state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'gone', 'failed')),
	attempts integer not null default 0,
	send_after timestamptz not null default now(),
	claimed_at timestamptz
);
alter table private.pushes enable row level security;
create index on private.pushes (announcement_id);
create index on private.pushes (subscription_id);
create index pushes_due on private.pushes (send_after) where state in ('queued', 'sending');
