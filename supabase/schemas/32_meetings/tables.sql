-- Meetings of groups: agenda, papers, attendance and minutes. Nothing here is readable through the API: everything is read
-- and written by functions of this folder, which ask private.is_in_group.

create type public.meeting_state as enum ('planned', 'held', 'cancelled');

create type public.meeting_answer as enum ('yes', 'no', 'alternate');

create type public.minutes_state as enum ('draft', 'comments', 'approved');

create table private.meetings (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	group_id uuid not null references private.groups (id) on delete cascade,
	title public.text_map not null check (title <> '{}'::jsonb),
	-- Where its wall time is thought, and kept when clocks change.
	zone text not null references private.time_zones (name),
	starts_at timestamptz not null,
	ends_at timestamptz not null,
	place text not null default '' check (length(place) <= 200),
	link text check (link ~ '^https://[^[:space:]<>"]+$' and length(link) <= 500),
	-- Its people see a meeting at any level. The level says who else may ever learn that its minutes were approved, and
	-- who reads what it decided; where that of the group is stricter, that one counts.
	level public.group_level not null,
	state public.meeting_state not null default 'planned',
	-- The same for all meetings that were planned together.
	series_id uuid,
	-- Since when those who see the group are told that the minutes were approved.
	published_at timestamptz,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check (ends_at > starts_at and ends_at <= starts_at + interval '7 days'),
	check (starts_at between timestamptz '2000-01-01Z' and timestamptz '2199-12-31Z'),
	check (published_at is null or level <> 'closed'),
	constraint title_one_line check (private.are_one_line(title)),
	constraint place_one_line check (private.is_one_line(place)),
	constraint title_length check (length(title::text) <= 5000)
);
create index on private.meetings (group_id, starts_at);
create index on private.meetings (series_id);
create index on private.meetings (zone);
alter table private.meetings enable row level security;
select audit.watch('private.meetings');

-- The agenda of a meeting, in the order of `rank`.
create table private.meeting_items (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	rank integer not null,
	title public.text_map not null check (title <> '{}'::jsonb),
	minutes integer check (minutes between 1 and 600),
	presenter_id uuid references private.group_people (id) on update cascade on delete set null,
	note public.text_map not null default '{}',
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	constraint title_one_line check (private.are_one_line(title)),
	constraint title_length check (length(title::text) <= 5000),
	constraint note_length check (length(note::text) <= 20000)
);
create index on private.meeting_items (meeting_id, rank);
create index on private.meeting_items (presenter_id);
alter table private.meeting_items enable row level security;
select audit.watch('private.meeting_items');

-- Papers of a meeting or of an item of its agenda: a file in the private store, or an address.
create table private.meeting_papers (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	item_id uuid references private.meeting_items (id) on delete cascade,
	shown_name text not null check (length(shown_name) between 1 and 200
		and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	object_name text unique references private.stored_objects (name) on delete restrict,
	link text check (link ~ '^https://[^[:space:]<>"]+$' and length(link) <= 500),
	added_by uuid references public.people (id) on update cascade on delete set null,
	added_at timestamptz not null default now(),
	check ((object_name is null) <> (link is null))
);
create index on private.meeting_papers (meeting_id);
create index on private.meeting_papers (item_id);
create index on private.meeting_papers (added_by);
alter table private.meeting_papers enable row level security;
select audit.watch('private.meeting_papers', 'added_by', 'shown_name', 'object_name', 'link');

-- What somebody answered to a meeting, and whether they were there. The people of the group are invited without a row.
create table private.meeting_people (
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	answer public.meeting_answer,
	-- Who comes instead.
	alternate_id uuid references private.group_people (id) on update cascade on delete set null,
	answered_at timestamptz,
	-- Null: not recorded.
	attended boolean,
	primary key (meeting_id, person_id),
	check ((answer is null) = (answered_at is null)),
	check (alternate_id is null or answer = 'alternate')
);
create index on private.meeting_people (person_id);
create index on private.meeting_people (alternate_id);
alter table private.meeting_people enable row level security;
select audit.watch('private.meeting_people', 'person_id');

-- The minutes of a meeting. An approved version is never changed: a correction is the next version.
create table private.meeting_minutes (
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	number integer not null check (number > 0),
	body public.text_map not null check (body <> '{}'::jsonb),
	-- Why the version before is corrected.
	reason text not null default '' check (length(reason) <= 500),
	state public.minutes_state not null default 'draft',
	-- The last day for comments, in the zone of the meeting.
	comments_until date,
	approved_at timestamptz,
	approved_by uuid references public.people (id) on update cascade on delete set null,
	version integer not null default 1,
	updated_at timestamptz not null default now(),
	primary key (meeting_id, number),
	check ((state = 'approved') = (approved_at is not null)),
	check (state = 'draft' or comments_until is not null),
	check ((number = 1) = (reason = '')),
	check (length(body::text) <= 60000),
	constraint reason_one_line check (private.is_one_line(reason))
);
create unique index meeting_minutes_one_open on private.meeting_minutes (meeting_id) where state <> 'approved';
create index on private.meeting_minutes (approved_by);
alter table private.meeting_minutes enable row level security;
select audit.watch('private.meeting_minutes');

-- What people of the group say on minutes that are open for comments.
create table private.meeting_comments (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null,
	number integer not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	body text not null check (length(body) between 1 and 4000),
	written_at timestamptz not null default now(),
	foreign key (meeting_id, number) references private.meeting_minutes (meeting_id, number) on delete cascade
);
create index on private.meeting_comments (meeting_id, number);
create index on private.meeting_comments (person_id);
alter table private.meeting_comments enable row level security;
select audit.watch('private.meeting_comments', 'person_id', 'body');

-- What the calendar of somebody holds of a meeting, as our last mail said (RFC 5546, RFC 6047). It is written when the
-- mail is sent, and outlives the mail, so that a later one has a higher sequence.
create table private.meeting_invitations (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	sequence integer not null,
	-- The hash of what the mail said; null: it was a cancellation.
	fingerprint text,
	-- Whether the calendar did not hold the meeting before.
	is_new boolean not null,
	mail_id uuid references private.outbox (id) on delete set null,
	primary key (person_id, meeting_id)
);
create index on private.meeting_invitations (meeting_id);
create index on private.meeting_invitations (mail_id);
alter table private.meeting_invitations enable row level security;
