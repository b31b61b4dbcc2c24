-- Events of calendars: one for each time of a session, with a name and a sequence that outlive releases.

create table private.release_events (
	release_id uuid not null,
	session_id uuid not null,
	slot_id uuid not null,
	uid uuid not null,
	-- The number and the time of the release in which the event last changed.
	sequence integer not null,
	changed_at timestamptz not null,
	print text not null,
	-- Of what came from another system, as it was when the release was made: how its abstract parts, and what else the
	-- file said.
	parts integer[],
	origin jsonb not null default '{}',
	primary key (release_id, slot_id),
	unique (release_id, uid),
	foreign key (release_id, session_id) references public.release_sessions (release_id, session_id) on delete cascade
);
alter table private.release_events enable row level security;
create index on private.release_events (session_id, uid);
create index on private.release_events (release_id, session_id);

-- What came from another system, by the name that it has there.
create table private.schedule_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Minutes after midnight: what is on before belongs to the day before.
	day_begins integer not null default 0 check (day_begins between 0 and 720)
);
alter table private.schedule_settings enable row level security;
select audit.watch('private.schedule_settings');

create table private.imported_events (
	summit_id uuid not null,
	-- How the file names its conference; '' for a UUID, which is the same event in every file.
	source text not null check (length(source) <= 120),
	-- What the event is called there: a UUID in small letters, any other text, or '' where it has a number only.
	guid text not null check (length(guid) <= 200),
	number text not null check (length(number) <= 40),
	session_id uuid not null,
	-- Of the draft; it may be gone.
	slot_id uuid,
	-- What calendars and our own files call it: its UUID there, or the one that its first release gave it.
	uid uuid,
	code text,
	-- How long the subtitle, the abstract and the description were that are in our abstract, one below the other.
	parts integer[],
	-- What the file says of it that has no place in a session: {url, feedback_url, logo, license}
	origin jsonb not null default '{}' check (jsonb_typeof(origin) = 'object' and pg_column_size(origin) < 40000),
	check (guid <> '' or number <> ''),
	-- By its number it is known only where it has no name: in some files the times of one session share a number.
	key text not null generated always as (case when guid = '' then 'id ' || number else guid end) stored,
	primary key (summit_id, source, key),
	unique (summit_id, uid),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	constraint source_one_line check (private.is_one_line(source)),
	constraint guid_one_line check (private.is_one_line(guid)),
	constraint number_one_line check (private.is_one_line(number)),
	constraint code_one_line check (private.is_one_line(code))
);
alter table private.imported_events enable row level security;
create index on private.imported_events (session_id);
create index on private.imported_events (slot_id);

-- Invitations to a person's own calendar (RFC 5546, 6047), by mail: sessions in which they take part or have a place
-- and, if they ask for it, what they starred. What a calendar was told is written down; a mail takes the difference to
-- what is so when it is sent.

create table private.calendar_invitations (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The name of the event, which outlives releases.
	uid uuid not null,
	session_id uuid not null references public.sessions (id) on delete cascade,
	sequence integer not null,
	during tstzrange not null,
	-- What was told; null: that it is off, or theirs no more.
	print text,
	mail_id uuid references private.outbox (id) on delete set null,
	primary key (person_id, uid)
);
alter table private.calendar_invitations enable row level security;
create index on private.calendar_invitations (session_id);
create index on private.calendar_invitations (mail_id);

-- Whose calendar may differ from what is so.
create table private.calendar_dues (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	due_at timestamptz not null,
	primary key (person_id, summit_id)
);
alter table private.calendar_dues enable row level security;
create index on private.calendar_dues (due_at);
create index on private.calendar_dues (summit_id);
