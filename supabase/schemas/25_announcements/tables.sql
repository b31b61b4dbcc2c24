-- Announcements of the organisers and the stage to the people whom they concern: at once on open pages, and by push or
-- mail where the author chose so. Push subscriptions and the queue of pushes belong here too.

-- Whom an announcement is for. `session`: everybody of a session; `session_people`: its speakers and other roles only.
create type public.announcement_audience as enum ('everyone', 'mode', 'language', 'room', 'session', 'session_people');

create table private.announcements (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	audience public.announcement_audience not null,
	mode public.attendance_mode,
	language text check (private.is_interface_language(language)),
	room_id uuid references public.rooms (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	-- {language: {title, body}}; `original` is the language for readers whose own is missing.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null check (private.is_interface_language(original)),
	-- The page that it links to, below the Summit's address; null: none.
	page text check (page ~ '^(?:/[A-Za-z0-9-]+)*$' and length(page) <= 120),
	-- Stays on every page until the reader dismisses it.
	is_urgent boolean not null default false,
	by_push boolean not null default true,
	by_mail boolean not null default false,
	shown_until timestamptz not null,
	-- The id of the form.
	idempotency_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	withdrawn_at timestamptz,
	withdrawn_by uuid references public.people (id) on update cascade on delete set null,
	-- {people, delivered, seen, mailed, pushed, push_failed}, kept when `erase_announcement_readers` deletes the
	-- readers.
	counts jsonb,
	check (shown_until > created_at),
	check ((audience = 'mode') = (mode is not null)),
	check ((audience = 'language') = (language is not null)),
	check ((audience = 'room') = (room_id is not null)),
	check ((audience in ('session', 'session_people')) = (session_id is not null)),
	constraint page_one_line check (private.is_one_line(page)),
	constraint title_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.title')))
);
create index on private.announcements (summit_id, shown_until);
create index on private.announcements (room_id);
create index on private.announcements (session_id);
create index on private.announcements (created_by);
create index on private.announcements (withdrawn_by);
alter table private.announcements enable row level security;
select audit.watch('private.announcements');

-- The audit trail says that the texts changed and never shows them.
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.announcements', 'registration',
		'{audience,mode,language,is_urgent,by_push,by_mail,shown_until,withdrawn_at}', '{}', '{texts}');

-- Each person whom an announcement is for, once, with how it reached them. Somebody who joins the audience while the
-- announcement is shown gets a row then (`deliver_announcements`).
create table private.announcement_readers (
	announcement_id uuid not null references private.announcements (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	locale text not null,
	-- Delivered: rendered on a page. Seen: in view; for an urgent one, confirmed. Closed: dismissed.
	delivered_at timestamptz,
	seen_at timestamptz,
	closed_at timestamptz,
	outbox_id uuid references private.outbox (id) on delete set null,
	primary key (announcement_id, person_id)
);
create index on private.announcement_readers (person_id) where closed_at is null;
create index on private.announcement_readers (outbox_id);
alter table private.announcement_readers enable row level security;

-- Web push (RFC 8030) to browsers that agreed. An endpoint belongs to the signed-in session that agreed, and ends with
-- that session.
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
create index on private.push_subscriptions (person_id);
alter table private.push_subscriptions enable row level security;

-- One push of one announcement to one browser.
create table private.pushes (
	id uuid primary key default gen_random_uuid(),
	announcement_id uuid not null references private.announcements (id) on delete cascade,
	-- Null once the browser is gone; the row stays as a record that something was sent.
	subscription_id uuid references private.push_subscriptions (id) on delete set null,
	state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'gone', 'failed')),
	attempts integer not null default 0,
	send_after timestamptz not null default now(),
	claimed_at timestamptz
);
create index on private.pushes (announcement_id);
create index on private.pushes (subscription_id);
create index pushes_due on private.pushes (send_after) where state in ('queued', 'sending');
alter table private.pushes enable row level security;
