-- The places of sign-up sessions, and who has one or waits for one.

-- How many places a session has in the hall and online, where it cannot take everyone (sign_up.sql).
create table private.session_places (
	session_id uuid primary key,
	summit_id uuid not null,
	hall integer check (hall >= 0),
	online integer check (online >= 0),
	closes_at timestamptz,
	-- Where entering requires the place: nowhere (the sign-up only helps organisers to plan), at the door, or at the
	-- door and on the stream.
	enforced_at_entry text not null default 'both' check (enforced_at_entry in ('none', 'door', 'both')),
	check (num_nonnulls(hall, online) > 0),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
create index on private.session_places (summit_id);
alter table private.session_places enable row level security;
select audit.watch('private.session_places');

-- Sign-ups for such sessions: a place, or a turn in the waiting list.
create table private.session_signups (
	session_id uuid not null references private.session_places (session_id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	channel text not null check (channel in ('hall', 'online')),
	state text not null check (state in ('placed', 'waiting')),
	-- The order of the waiting list, given under the lock of the session's places.
	rank integer not null,
	signed_up_at timestamptz not null default now(),
	primary key (session_id, person_id),
	unique (session_id, rank)
);
create index on private.session_signups (person_id);
alter table private.session_signups enable row level security;
select audit.watch('private.session_signups', 'person_id');
