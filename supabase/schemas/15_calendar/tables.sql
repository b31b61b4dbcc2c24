-- What calendars and schedule files know of the agenda: the events of each release, events that came from another
-- system, and the invitations that went to people's own calendars.

-- One calendar event for each time of a session in a release. Its `uid` and `sequence` outlive the release, so that a
-- calendar updates an event and does not add a second one.
create table private.release_events (
	release_id uuid not null,
	session_id uuid not null,
	slot_id uuid not null,
	uid uuid not null,
	-- The number and the time of the release in which the event last changed.
	sequence integer not null,
	changed_at timestamptz not null,
	fingerprint text not null,
	-- For an imported event, copied when the release was made: the lengths of the parts of its abstract, and what
	-- else the file said.
	abstract_lengths integer[],
	origin jsonb not null default '{}',
	primary key (release_id, slot_id),
	unique (release_id, uid),
	foreign key (release_id, session_id) references public.release_sessions (release_id, session_id) on delete cascade
);
create index on private.release_events (session_id, uid);
create index on private.release_events (release_id, session_id);
alter table private.release_events enable row level security;

-- How a Summit's days are counted in schedule files.
create table private.schedule_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Minutes after midnight; a session that begins earlier belongs to the day before.
	day_begins integer not null default 0 check (day_begins between 0 and 720)
);
alter table private.schedule_settings enable row level security;
select audit.watch('private.schedule_settings');

-- Events that were imported from another system, by the name that they have there.
create table private.imported_events (
	summit_id uuid not null,
	-- How the file names its conference; '' for a UUID, which is the same event in every file.
	source text not null check (length(source) <= 120),
	-- The event's name there: a UUID in lower case, any other text, or '' where it has a number only.
	guid text not null check (length(guid) <= 200),
	number text not null check (length(number) <= 40),
	session_id uuid not null,
	-- A slot of the draft, which may have been removed since.
	slot_id uuid,
	-- The UID in calendars and in our own files: its UUID there, or the one that its first release gave it.
	uid uuid,
	code text,
	-- The lengths of subtitle, abstract and description, which follow each other in our abstract.
	abstract_lengths integer[],
	-- What the file says that has no field in a session: {url, feedback_url, logo, license}.
	origin jsonb not null default '{}' check (jsonb_typeof(origin) = 'object' and pg_column_size(origin) < 40000),
	check (guid <> '' or number <> ''),
	-- The number identifies an event only where it has no name: in some files the slots of one session share a number.
	key text not null generated always as (case when guid = '' then 'id ' || number else guid end) stored,
	primary key (summit_id, source, key),
	unique (summit_id, uid),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	constraint source_one_line check (private.is_one_line(source)),
	constraint guid_one_line check (private.is_one_line(guid)),
	constraint number_one_line check (private.is_one_line(number)),
	constraint code_one_line check (private.is_one_line(code))
);
create index on private.imported_events (session_id);
create index on private.imported_events (slot_id);
alter table private.imported_events enable row level security;

-- The state of each event in a person's own calendar, as our last mail to it said (RFC 5546, RFC 6047). A mail carries
-- the difference between this and the agenda at the moment of sending.
create table private.calendar_invitations (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The UID of the event, which outlives releases.
	uid uuid not null,
	session_id uuid not null references public.sessions (id) on delete cascade,
	sequence integer not null,
	during tstzrange not null,
	-- The fingerprint that the last mail carried; null: the mail said that the event is off or no longer theirs.
	fingerprint text,
	mail_id uuid references private.outbox (id) on delete set null,
	primary key (person_id, uid)
);
create index on private.calendar_invitations (session_id);
create index on private.calendar_invitations (mail_id);
alter table private.calendar_invitations enable row level security;

-- People whose calendar may differ from the agenda.
create table private.calendar_update_queue (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	due_at timestamptz not null,
	primary key (person_id, summit_id)
);
create index on private.calendar_update_queue (due_at);
create index on private.calendar_update_queue (summit_id);
alter table private.calendar_update_queue enable row level security;
