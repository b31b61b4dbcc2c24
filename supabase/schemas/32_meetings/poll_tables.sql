-- The meeting finder: times that a chair or secretary offers, and who of the group can come when.

create type public.meeting_poll_state as enum ('open', 'chosen', 'closed');

create type public.time_vote as enum ('yes', 'if_needed', 'no');

create table private.meeting_polls (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	group_id uuid not null references private.groups (id) on delete cascade,
	title public.text_map not null check (title <> '{}'::jsonb),
	-- The zone in which the times were offered, and in which the meeting is planned.
	zone text not null references private.time_zones (name),
	minutes integer not null check (minutes between 5 and 10080),
	place text not null default '' check (length(place) <= 200),
	link text check (link ~ '^https://[^[:space:]<>"]+$' and length(link) <= 500),
	level public.group_level not null,
	state public.meeting_poll_state not null default 'open',
	-- The meeting that was planned from it.
	meeting_id uuid references private.meetings (id) on delete set null,
	created_at timestamptz not null default now(),
	constraint title_one_line check (private.are_one_line(title)),
	constraint place_one_line check (private.is_one_line(place)),
	constraint title_length check (length(title::text) <= 5000)
);
create index on private.meeting_polls (group_id);
create index on private.meeting_polls (meeting_id);
create index on private.meeting_polls (zone);
alter table private.meeting_polls enable row level security;
select audit.watch('private.meeting_polls');

create table private.meeting_poll_times (
	id uuid primary key default gen_random_uuid(),
	poll_id uuid not null references private.meeting_polls (id) on delete cascade,
	starts_at timestamptz not null check (starts_at between timestamptz '2000-01-01Z' and timestamptz '2199-12-31Z'),
	unique (poll_id, starts_at)
);
alter table private.meeting_poll_times enable row level security;
select audit.watch('private.meeting_poll_times');

create table private.meeting_poll_votes (
	time_id uuid not null references private.meeting_poll_times (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	vote public.time_vote not null,
	voted_at timestamptz not null default now(),
	primary key (time_id, person_id)
);
create index on private.meeting_poll_votes (person_id);
alter table private.meeting_poll_votes enable row level security;
select audit.watch('private.meeting_poll_votes', 'person_id');
