-- The live room of a meeting, or of a run in the meeting format: whether it is open, who takes part, its LiveKit rooms and
-- its messages. The names and identities that LiveKit knows are secrets of the server.

create table private.meeting_rooms (
	meeting_id uuid unique references private.meetings (id) on delete cascade,
	opened_by uuid references public.people (id) on update cascade on delete set null,
	opened_at timestamptz not null default now(),
	ended_at timestamptz,
	-- People who come from now on wait until a host lets them in.
	is_locked boolean not null default false,
	-- How many breakout rooms there are, and until when. Their end brings everybody back without a job.
	breakouts smallint check (breakouts between 2 and 20),
	breakouts_until timestamptz,
	run_id uuid unique references public.runs (id) on delete cascade,
	-- A meeting or a run has one room, which is known by its id.
	id uuid primary key generated always as (coalesce(meeting_id, run_id)) stored,
	check ((breakouts is null) = (breakouts_until is null)),
	constraint meeting_or_run check (num_nonnulls(meeting_id, run_id) = 1)
);
create index on private.meeting_rooms (opened_by);
alter table private.meeting_rooms enable row level security;
select audit.watch('private.meeting_rooms');

-- Who asked to enter the room of a meeting, under an opaque identity.
create table private.meeting_participants (
	id uuid primary key default gen_random_uuid(),
	room_id uuid not null references private.meeting_rooms (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default private.random_code(20),
	-- Since when they may be in the room; null: they wait.
	admitted_at timestamptz,
	-- When they last asked to enter: a page that waits asks again every few seconds.
	asked_at timestamptz not null default now(),
	removed_at timestamptz,
	hand_at timestamptz,
	-- A host muted them at this moment. They may unmute themselves.
	muted_at timestamptz,
	-- They share a screen in the room to which they belonged at this moment; in each room only one does.
	shares_at timestamptz,
	-- The breakout room to which they belong; null: the room of all.
	breakout smallint check (breakout > 0),
	-- Their last connection, by LiveKit's own id of it.
	sid text check (length(sid) <= 64),
	joined_at timestamptz,
	seen_at timestamptz,
	left_at timestamptz,
	-- How many hands they raised since this moment, within a minute.
	hands smallint not null default 0,
	hands_since timestamptz,
	-- Since when they have one of the camera places of the room to which they belonged at this moment (room_cameras.sql).
	camera_at timestamptz,
	-- How many camera places they took since this moment, within a minute.
	cameras smallint not null default 0,
	cameras_since timestamptz,
	-- They are in the room as an interpreter or captioner, not among its people (staff.sql).
	is_staff boolean not null default false,
	-- The language into which they interpret now, since when, and since when they offer to hand over.
	on_air text check (on_air is null or is_staff),
	on_air_at timestamptz check ((on_air is null) = (on_air_at is null)),
	offered_at timestamptz,
	unique (room_id, person_id),
	constraint sid_one_line check (private.is_one_line(sid))
);
create unique index meeting_one_screen on private.meeting_participants (room_id, coalesce(breakout, 0))
	where shares_at is not null;
-- One voice for each language; and nobody interprets into two at once, because it is a column.
create unique index meeting_one_voice on private.meeting_participants (room_id, on_air) where on_air is not null;
create index on private.meeting_participants (person_id);
alter table private.meeting_participants enable row level security;
-- The audit names who was removed and let in, but not in a run whose level names nobody; hands and connections are not
-- audited.
create trigger audit_record_removal after update of removed_at on private.meeting_participants for each row
	when (old.removed_at is distinct from new.removed_at and not private.is_nameless(new.room_id))
	execute function audit.record_change('person_id');
create trigger audit_record_removal_nameless after update of removed_at on private.meeting_participants for each row
	when (old.removed_at is distinct from new.removed_at and private.is_nameless(new.room_id))
	execute function audit.record_change('', 'person_id');

-- The LiveKit rooms of a meeting, under random names.
create table private.meeting_livekit_rooms (
	name text primary key default private.random_code(24),
	room_id uuid not null references private.meeting_rooms (id) on delete cascade,
	-- 0: the room of all; else the number of the breakout room.
	number smallint not null default 0 check (number >= 0),
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	-- When the room was last compared with LiveKit's list, so that several processes share the work.
	reconciled_at timestamptz not null default '-infinity'
);
create unique index meeting_livekit_rooms_one_open on private.meeting_livekit_rooms (room_id, number)
	where closed_at is null;
create index on private.meeting_livekit_rooms (room_id);
alter table private.meeting_livekit_rooms enable row level security;

-- Which sign-in sessions were given a token for an identity.
create table private.meeting_sign_ins (
	room_id uuid not null references private.meeting_rooms (id) on delete cascade,
	identity text not null,
	auth_session_id uuid not null,
	given_at timestamptz not null default now(),
	primary key (identity, auth_session_id)
);
create index on private.meeting_sign_ins (room_id);
alter table private.meeting_sign_ins enable row level security;

-- Messages in the room. They are deleted when the room ends.
create table private.meeting_messages (
	id uuid primary key default gen_random_uuid(),
	room_id uuid not null references private.meeting_rooms (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- Those who read it: 0: in the room of all, else in this breakout room; null: everywhere, until the breakout rooms end.
	number smallint,
	body text not null check (length(btrim(body)) between 1 and 1000),
	sent_at timestamptz not null default clock_timestamp(),
	-- Who has reported it to safeguarding, in a workshop, by the hash.
	reporters bytea[] not null default '{}'
);
create index on private.meeting_messages (room_id, sent_at);
create index on private.meeting_messages (person_id);
alter table private.meeting_messages enable row level security;
