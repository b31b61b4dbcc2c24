create type public.side_event_state as enum ('requested', 'change_asked', 'accepted', 'declined', 'withdrawn');

-- Side events that members ask for. An accepted one is a session like any other, and its member is named as organiser.
-- Nothing here is readable through the API: everything is read and written by functions (side_events.sql).
create table private.side_events (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	member_id uuid not null,
	-- The focal point who asked and is told of the decision.
	requested_by uuid references public.people (id) on update cascade on delete set null,
	title public.text_map not null check (title <> '{}'::jsonb),
	purpose public.text_map not null check (purpose <> '{}'::jsonb),
	wished text not null check (length(wished) between 1 and 200),
	room_needs text not null default '' check (length(room_needs) <= 1000),
	expected integer not null check (expected between 1 and 5000),
	languages text[] not null check (cardinality(languages) between 1 and 10),
	contact text not null check (length(contact) between 1 and 200),
	state public.side_event_state not null default 'requested',
	-- What the organisers wrote with their decision: the reason, or what to change.
	answer text not null default '' check (length(answer) <= 2000),
	session_id uuid unique references public.sessions (id) on delete set null,
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	foreign key (summit_id, member_id) references public.summit_members (summit_id, member_id) on delete cascade,
	check ((state in ('declined', 'change_asked')) <= (answer <> '')),
	constraint title_one_line check (private.are_one_line(title)),
	constraint wished_one_line check (private.is_one_line(wished)),
	constraint contact_one_line check (private.is_one_line(contact)),
	constraint languages_one_line check (private.are_one_line(languages))
);
create index on private.side_events (summit_id, member_id);
create index on private.side_events (requested_by);
create index on private.side_events (decided_by);
alter table private.side_events enable row level security;
select audit.watch('private.side_events', 'requested_by', 'contact');
