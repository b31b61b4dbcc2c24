-- The draft of the agenda: sessions, their people, audiences and slots. Rule 4: a room is never double-booked.

create type public.session_state as enum ('draft', 'confirmed', 'cancelled');

create type public.session_audience as enum ('everyone', 'registered', 'listed');

create type public.session_attendance as enum ('hall_and_online', 'hall', 'online');

create type public.session_role as enum ('speaker', 'chair', 'moderator', 'respondent', 'interpreter', 'captioner');

create type public.participation_state as enum ('invited', 'confirmed', 'declined');

create table public.sessions (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	code text not null unique default private.random_code(6),
	title public.text_map not null check (title <> '{}'::jsonb),
	abstract public.text_map not null default '{}',
	content_note public.text_map not null default '{}',
	links jsonb not null default '[]' check (private.are_session_links(links)),
	format_id uuid,
	track_id uuid,
	level public.confidentiality not null default 'members',
	audience public.session_audience not null default 'registered',
	attendance public.session_attendance not null default 'hall_and_online',
	spoken text[] not null default '{en}',
	interpreted text[] not null default '{}',
	is_recorded boolean not null default false,
	is_break boolean not null default false,
	state public.session_state not null default 'draft',
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	foreign key (format_id, summit_id) references public.formats (id, summit_id) on delete restrict,
	foreign key (track_id, summit_id) references public.tracks (id, summit_id) on delete restrict,
	unique (id, summit_id),
	constraint everyone_only_at_public check (audience <> 'everyone' or level = 'public'),
	constraint closed_is_listed check (level <> 'closed' or audience = 'listed'),
	constraint no_recording_when_confidential check (not is_recorded or level in ('public', 'members')),
	constraint title_one_line check (private.are_one_line(title)),
	constraint links_one_line check (private.are_one_line(links)),
	constraint spoken_one_line check (private.are_one_line(spoken)),
	constraint interpreted_one_line check (private.are_one_line(interpreted))
);
alter table public.sessions enable row level security;
create index on public.sessions (summit_id);
create index on public.sessions (format_id);
create index on public.sessions (track_id);
select audit.watch('public.sessions');

create table public.session_people (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete restrict,
	role public.session_role not null,
	position integer not null default 0,
	state public.participation_state not null default 'invited',
	consent_live boolean not null default false,
	consent_record boolean not null default false,
	consent_publish boolean not null default false,
	consent_photo boolean not null default false,
	-- Since when the four above are an answer.
	consents_said_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	unique (session_id, person_id, role)
);
alter table public.session_people enable row level security;
create index on public.session_people (person_id);
create index on public.session_people (summit_id);
select audit.watch('public.session_people', 'person_id');

-- Who is in the audience of a "listed" session: exactly one of the columns names whom a row lets in.
create table public.session_audiences (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	member_id uuid references public.members (id) on delete cascade,
	sector public.sector,
	category public.registration_category,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check (num_nonnulls(person_id, member_id, sector, category) = 1),
	unique nulls not distinct (session_id, person_id, member_id, sector, category)
);
alter table public.session_audiences enable row level security;
create index on public.session_audiences (person_id);
create index on public.session_audiences (member_id);
select audit.watch('public.session_audiences', 'person_id');

-- A time of a session; a session has none to many. Each slot uses one or more rooms. Without a session it says why the
-- rooms are held (rehearsal, cleaning): rule 4 counts it like any other, and no release contains it.
create table public.slots (
	id uuid primary key default gen_random_uuid(),
	session_id uuid,
	summit_id uuid not null references public.summits (id) on delete cascade,
	blocks text check (length(btrim(blocks)) between 1 and 200),
	check ((session_id is null) = (blocks is not null)),
	during tstzrange not null check (not isempty(during) and lower(during) is not null and upper(during) is not null
		and upper(during) - lower(during) <= interval '24 hours'),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	unique (id, summit_id),
	unique (id, during),
	constraint years check (during <@ tstzrange(timestamptz '1970-01-01 00:00Z', timestamptz '2200-01-01 00:00Z')),
	constraint blocks_one_line check (private.is_one_line(blocks))
);
alter table public.slots enable row level security;
create index on public.slots (session_id);
create index on public.slots using gist (summit_id, during);
select audit.watch('public.slots');

create table public.slot_rooms (
	id uuid primary key default gen_random_uuid(),
	slot_id uuid not null,
	room_id uuid not null,
	summit_id uuid not null,
	during tstzrange not null,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete restrict,
	foreign key (slot_id, summit_id) references public.slots (id, summit_id) on delete cascade,
	-- The copied time follows its slot.
	foreign key (slot_id, during) references public.slots (id, during) on update cascade
		on delete cascade deferrable initially deferred,
	unique (slot_id, room_id),
	-- Deferrable, so that two sessions can swap rooms in one transaction.
	constraint room_free exclude using gist (room_id with =, during with &&) deferrable initially immediate
);
alter table public.slot_rooms enable row level security;
create index on public.slot_rooms (room_id);
select audit.watch('public.slot_rooms');

-- Marks of "my agenda".
create table public.agenda_marks (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid not null references public.sessions (id) on delete cascade,
	created_at timestamptz not null default now(),
	primary key (person_id, session_id)
);
alter table public.agenda_marks enable row level security;
create index on public.agenda_marks (session_id);
select audit.watch('public.agenda_marks', 'person_id', 'session_id');

-- Releases freeze placement, titles, texts, formats and person ids. Names, portraits, audience, level and consents are
-- read live, and the stricter of release and live wins.
create table public.releases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	number integer not null check (number > 0),
	note public.text_map not null default '{}',
	released_at timestamptz not null default now(),
	released_by uuid references public.people (id) on update cascade on delete set null,
	-- Of the day itself: the release before, but for what was chosen.
	is_now boolean not null default false,
	unique (summit_id, number),
	unique (id, summit_id)
);
alter table public.releases enable row level security;
select audit.watch('public.releases');

create table public.release_sessions (
	release_id uuid not null,
	session_id uuid not null,
	summit_id uuid not null,
	title public.text_map not null,
	abstract public.text_map not null,
	content_note public.text_map not null,
	links jsonb not null default '[]',
	format public.text_map not null,
	format_slug text,
	track_slug text,
	track public.text_map not null,
	level public.confidentiality not null,
	audience public.session_audience not null,
	attendance public.session_attendance not null,
	spoken text[] not null,
	interpreted text[] not null,
	is_recorded boolean not null,
	is_break boolean not null,
	is_cancelled boolean not null default false,
	primary key (release_id, session_id),
	foreign key (release_id, summit_id) references public.releases (id, summit_id) on delete cascade,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete restrict,
	constraint title_one_line check (private.are_one_line(title)),
	constraint links_one_line check (private.are_one_line(links)),
	constraint format_one_line check (private.are_one_line(format)),
	constraint track_one_line check (private.are_one_line(track)),
	constraint spoken_one_line check (private.are_one_line(spoken)),
	constraint interpreted_one_line check (private.are_one_line(interpreted))
);
alter table public.release_sessions enable row level security;
create index on public.release_sessions (session_id);

create table public.release_slots (
	release_id uuid not null,
	session_id uuid not null,
	room_id uuid not null,
	slot_id uuid not null,
	summit_id uuid not null,
	during tstzrange not null,
	-- A cancelled session stays where it was, and its room is free for another.
	is_cancelled boolean not null default false,
	primary key (release_id, slot_id, room_id),
	foreign key (release_id, session_id) references public.release_sessions (release_id, session_id) on delete cascade,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete restrict,
	constraint release_room_free exclude using gist (release_id with =, room_id with =, during with &&)
		where (not is_cancelled) deferrable initially immediate,
	constraint years check (during <@ tstzrange(timestamptz '1970-01-01 00:00Z', timestamptz '2200-01-01 00:00Z'))
);
alter table public.release_slots enable row level security;
create index on public.release_slots (release_id, session_id);
create index on public.release_slots (room_id);

create table public.release_people (
	release_id uuid not null,
	session_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete restrict,
	role public.session_role not null,
	position integer not null,
	primary key (release_id, session_id, person_id, role),
	foreign key (release_id, session_id) references public.release_sessions (release_id, session_id) on delete cascade
);
alter table public.release_people enable row level security;
create index on public.release_people (person_id);

-- Who sees, who enters: two predicates, used by page, search, API, feeds, token, recording, files and door alike.

create type public.way_in as enum ('door', 'stream');

-- Bars: somebody removed from one session or (null) from the whole Summit. Why is for safeguarding.
create table private.entry_bars (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	unique nulls not distinct (summit_id, person_id, session_id),
	-- Bars that come from the list go with it.
	is_from_list boolean not null default false,
	by_lead boolean not null default false
);
alter table private.entry_bars enable row level security;
create index on private.entry_bars (person_id);
select audit.watch('private.entry_bars', 'person_id');
create policy read on public.sessions for select to authenticated using (id in (select private.draft_sessions()));
create policy add on public.sessions for insert to authenticated
	with check (summit_id in (select private.summits_with_role('programme')));

create policy change on public.sessions for update to authenticated
	using (summit_id in (select private.summits_with_role('programme')) and id in (select private.draft_sessions()))
	with check (summit_id in (select private.summits_with_role('programme')));
create policy read on public.session_people for select to authenticated
	using (session_id in (select private.draft_sessions()));

-- An owner builds the agenda too, and still sees no closed session, so changes none either.
create policy add on public.session_people for insert to authenticated with check (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
create policy change on public.session_people for update to authenticated using (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
create policy remove on public.session_people for delete to authenticated using (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
grant select, delete on public.session_people to authenticated;
create policy read on public.session_audiences for select to authenticated
	using (session_id in (select private.draft_sessions()));

-- An owner builds the agenda too, and still sees no closed session, so changes none either.
create policy add on public.session_audiences for insert to authenticated with check (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
create policy change on public.session_audiences for update to authenticated using (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
create policy remove on public.session_audiences for delete to authenticated using (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
grant select, insert, update, delete on public.session_audiences to authenticated;
create policy read on public.slots for select to authenticated using (session_id in (select private.draft_sessions()));

-- An owner builds the agenda too, and still sees no closed session, so changes none either.
create policy add on public.slots for insert to authenticated with check (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
create policy change on public.slots for update to authenticated using (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
create policy remove on public.slots for delete to authenticated using (summit_id
	in (select private.summits_with_role('programme')) and session_id in (select private.draft_sessions()));
grant select, insert, update, delete on public.slots to authenticated;

create policy read on public.slot_rooms for select to authenticated
	using (slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));

create policy add on public.slot_rooms for insert to authenticated
	with check (summit_id in (select private.summits_with_role('programme'))
	and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));

create policy change on public.slot_rooms for update to authenticated
	using (summit_id in (select private.summits_with_role('programme'))
	and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));

create policy remove on public.slot_rooms for delete to authenticated
	using (summit_id in (select private.summits_with_role('programme'))
	and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));
grant select, insert, update, delete on public.slot_rooms to authenticated;
grant select, insert, update on public.sessions to authenticated;
create policy read on public.releases for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
grant select on public.releases to anon, authenticated;
grant insert (session_id, summit_id, person_id, role, position, state),
	update (role, position, state) on public.session_people to authenticated;

create policy read on public.release_people for select to anon, authenticated
	using (release_id in (select private.current_releases()) and session_id in (select private.my_seen_sessions())
		and private.is_named(session_id, person_id, role));
grant select on public.release_people to anon, authenticated;

create policy read on public.release_sessions for select to anon, authenticated
	using (release_id in (select private.current_releases()) and session_id in (select private.my_seen_sessions()));
grant select on public.release_sessions to anon, authenticated;

create policy read on public.release_slots for select to anon, authenticated
	using (release_id in (select private.current_releases()) and session_id in (select private.my_seen_sessions()));
grant select on public.release_slots to anon, authenticated;
create policy read on public.agenda_marks for select to authenticated using (person_id in (select private.my_people()));

create policy add on public.agenda_marks for insert to authenticated
	with check (person_id in (select private.my_people()) and session_id in (select private.my_seen_sessions()));
create policy remove on public.agenda_marks for delete to authenticated
	using (person_id in (select private.my_people()));
grant select, insert, delete on public.agenda_marks to authenticated;
create policy read on public.people for select to anon, authenticated using (id in (select private.seen_people()));
grant select (id, code, display_name, office, affiliation, country, biography, portrait_path,
	links) on public.people to anon, authenticated;
create policy read on public.account_people for select to authenticated using (account_id = (select private.account()));
grant select on public.account_people to authenticated;
create policy read on public.person_preferences for select to authenticated
	using (person_id in (select private.my_people()));
create policy add on public.person_preferences for insert to authenticated
	with check (person_id = (select private.me()));
create policy change on public.person_preferences for update to authenticated using (person_id = (select private.me()))
	with check (person_id = (select private.me()));
grant select, insert, update on public.person_preferences to authenticated;

-- The end of sessions: told to every process at once, and found out about where nobody told. And codes that nobody
-- needs any more.

create index on private.sign_in_challenges (expires_at);

-- Placing in the draft: each change saves itself, is refused when somebody else has changed the same meanwhile, and can
-- be undone.

-- What each organiser did, to be undone and done again: [{slot, from, to}], null where there was no such time.
create table private.placement_steps (
	id bigint generated always as identity primary key,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	changes jsonb not null,
	is_undone boolean not null default false,
	made_at timestamptz not null default now()
);
alter table private.placement_steps enable row level security;
create index on private.placement_steps (summit_id, person_id);
create index on private.placement_steps (person_id);

-- What the checks of the agenda ask: what a room has, what a session needs, when somebody can, which languages an
-- interpreter works in.

-- No row: nothing is known of the room, and nothing is said against it but where it must be known.
create table public.room_facts (
	room_id uuid primary key,
	summit_id uuid not null,
	building text not null default '' check (length(building) <= 80),
	floor text not null default '' check (length(floor) <= 40),
	is_step_free boolean not null default false,
	has_hearing_loop boolean not null default false,
	-- Whether what happens in it can be watched online; and whether anybody may walk past and listen.
	is_streamed boolean not null default true,
	is_open boolean not null default false,
	equipment text[] not null default '{}' check (private.are_things(equipment)),
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	constraint building_one_line check (private.is_one_line(building)),
	constraint floor_one_line check (private.is_one_line(floor)),
	constraint equipment_one_line check (private.are_one_line(equipment))
);
alter table public.room_facts enable row level security;
create policy read on public.room_facts for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage')));
grant select on public.room_facts to authenticated;
create index on public.room_facts (summit_id);
select audit.watch('public.room_facts');

create table public.session_needs (
	session_id uuid primary key,
	summit_id uuid not null,
	expected integer check (expected between 0 and 100000),
	needs_step_free boolean not null default false,
	needs_hearing_loop boolean not null default false,
	equipment text[] not null default '{}' check (private.are_things(equipment)),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	constraint equipment_one_line check (private.are_one_line(equipment))
);
alter table public.session_needs enable row level security;

create policy read on public.session_needs for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage'))
		and session_id in (select private.draft_sessions()));
grant select on public.session_needs to authenticated;
create index on public.session_needs (summit_id);
select audit.watch('public.session_needs');

-- When somebody can take part, and in which zone they are then; no time: they have not said.
create table public.person_availabilities (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	zone text references private.time_zones (name),
	during tstzmultirange not null default '{}',
	primary key (person_id, summit_id),
	constraint zone_one_line check (private.is_one_line(zone))
);
alter table public.person_availabilities enable row level security;

create policy read on public.person_availabilities for select to authenticated
	using (summit_id in (select private.summits_with_role('programme'))
		or person_id in (select private.my_people('speaking')));
grant select on public.person_availabilities to authenticated;
create index on public.person_availabilities (summit_id);
select audit.watch('public.person_availabilities', 'person_id', 'zone', 'during');

create table public.interpreter_languages (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	source text not null check (source ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
	target text not null check (target ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and target <> source),
	primary key (person_id, summit_id, source, target)
);
alter table public.interpreter_languages enable row level security;

create policy read on public.interpreter_languages for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage'))
		or person_id in (select private.my_people('speaking')));
grant select on public.interpreter_languages to authenticated;
create index on public.interpreter_languages (summit_id);
select audit.watch('public.interpreter_languages', 'person_id');

-- How grave each check of the agenda is at a Summit, and what it measures by.

create table public.check_settings (
	summit_id uuid not null references public.summits (id) on delete cascade,
	code text not null,
	severity text not null check (severity in ('block', 'warn', 'note')),
	primary key (summit_id, code)
);
alter table public.check_settings enable row level security;
create policy read on public.check_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('programme')));
grant select on public.check_settings to authenticated;
select audit.watch('public.check_settings');

create table public.check_limits (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	floor_minutes integer not null default 5 check (floor_minutes between 0 and 120),
	building_minutes integer not null default 10 check (building_minutes between 0 and 240),
	humane_from time not null default '08:00',
	humane_until time not null default '22:00' check (humane_until > humane_from),
	turn_minutes integer not null default 120 check (turn_minutes between 10 and 720),
	day_minutes integer not null default 360 check (day_minutes between 10 and 1440),
	track_limit integer not null default 2 check (track_limit between 1 and 50)
);
alter table public.check_limits enable row level security;
create policy read on public.check_limits for select to authenticated
	using (summit_id in (select private.summits_with_role('programme')));
grant select on public.check_limits to authenticated;
select audit.watch('public.check_limits');

-- The ways between rooms that take another time than their buildings and floors say: a tunnel, a lift that is slow, a
-- bridge.

create table public.room_ways (
	summit_id uuid not null,
	-- Each pair once: the lower id first.
	one_id uuid not null,
	other_id uuid not null,
	minutes integer not null check (minutes between 0 and 240),
	primary key (one_id, other_id),
	check (one_id < other_id),
	foreign key (one_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	foreign key (other_id, summit_id) references public.rooms (id, summit_id) on delete cascade
);
alter table public.room_ways enable row level security;
create policy read on public.room_ways for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage')));
grant select on public.room_ways to authenticated;
create index on public.room_ways (summit_id);
create index on public.room_ways (other_id);
select audit.watch('public.room_ways');

-- The checks of the draft. Each is one code with the sessions concerned; `read_checks` gives them to programme
-- organisers, and `blocking_checks` to what publishes. They are here and not in the app, so that no other way leads
-- around those that block.

create type private.finding as (code text, sessions uuid[], detail jsonb);

-- Digests: whoever a change concerns is told of it once, in one mail for all that changes within a quarter of an hour.
-- What a person was last told of a session is compared with what is so when the mail goes out: what was taken back in
-- between is not mentioned.

-- A change that somebody is still to be told of: of which session, and since which release they know nothing (null:
-- since ever).
create table private.agenda_concerns (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid not null,
	summit_id uuid not null,
	told_release uuid references public.releases (id) on delete cascade,
	primary key (person_id, session_id),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
alter table private.agenda_concerns enable row level security;
create index on private.agenda_concerns (session_id);
create index on private.agenda_concerns (summit_id);

create table private.agenda_digests (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	due_at timestamptz not null,
	primary key (person_id, summit_id)
);
alter table private.agenda_digests enable row level security;
create index on private.agenda_digests (due_at);
create index on private.agenda_digests (summit_id);

-- The screen at the door of a room: what is on there and what comes. At its public address it shows what everyone may
-- see. By a secret link, which organisers make for one monitor, also the titles of what is held for those registered;
-- of a closed session never more than that the room is closed then.

create table private.room_screens (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	room_id uuid not null,
	name text not null check (length(btrim(name)) between 1 and 80),
	token_hash bytea not null unique,
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	seen_at timestamptz,
	revoked_at timestamptz,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	constraint name_one_line check (private.is_one_line(name))
);
alter table private.room_screens enable row level security;
create index on private.room_screens (summit_id);
create index on private.room_screens (room_id);
create index on private.room_screens (created_by);

-- Places in a session that cannot take everyone: for the hall and online, given in the order of asking; whoever finds
-- none waits, in order, and moves up by themselves. Locks: the registration first, then the session's places.

create table private.session_places (
	session_id uuid primary key,
	summit_id uuid not null,
	hall integer check (hall >= 0),
	online integer check (online >= 0),
	closes_at timestamptz,
	-- Where the place is asked for: nowhere (one signs up so that organisers can plan), at the door, or at the door and
	-- on the stream.
	places_for text not null default 'both' check (places_for in ('none', 'door', 'both')),
	check (num_nonnulls(hall, online) > 0),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
alter table private.session_places enable row level security;
create index on private.session_places (summit_id);
select audit.watch('private.session_places');

create table private.session_signups (
	session_id uuid not null references private.session_places (session_id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	way text not null check (way in ('hall', 'online')),
	state text not null check (state in ('placed', 'waiting')),
	-- Drawn under the lock of the session's places.
	rank integer not null,
	asked_at timestamptz not null default now(),
	primary key (session_id, person_id),
	unique (session_id, rank)
);
alter table private.session_signups enable row level security;
create index on private.session_signups (person_id);
select audit.watch('private.session_signups', 'person_id');

-- Agendas from a file: what would come of each row is shown first and kept for a day, and exactly that is applied,
-- whole.

create table private.schedule_imports (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	created_by uuid not null references public.people (id) on update cascade on delete cascade,
	-- {name, kind, events, day_begins, ignored}
	file jsonb not null,
	-- What is made beforehand: {rooms: [{slug, name}], tracks, formats, people: [{key, display_name, biography, office,
	-- affiliation}]}
	makes jsonb not null,
	created_at timestamptz not null default now(),
	applied_at timestamptz,
	result jsonb
);
alter table private.schedule_imports enable row level security;
create index on private.schedule_imports (summit_id);
create index on private.schedule_imports (created_by);

-- No row of a preview is an act: the audit holds what applying did.
create table private.schedule_import_rows (
	import_id uuid not null references private.schedule_imports (id) on delete cascade,
	position integer not null,
	title text not null,
	outcome text not null check (outcome in ('new', 'changed', 'same', 'cannot')),
	session_id uuid,
	version integer,
	-- What is said of the row: changes [{field, from, to}], and codes of what is wrong or left out.
	changes jsonb not null default '[]',
	notes jsonb not null default '[]',
	-- {fields, track, format, slots: [{id, start, end, rooms, guid}], people: [{key | code, role}], events: [{guid,
	-- source, number, code, parts, origin}]}
	work jsonb not null,
	primary key (import_id, position),
	constraint title_one_line check (private.is_one_line(title))
);
alter table private.schedule_import_rows enable row level security;

-- What integrators read over REST: views whose names carry a version and whose columns stay. Each shows what its reader
-- sees of the newest releases, by the same predicate as every page. supabase/README.md documents them.

grant select on public.agenda_sessions_v1, public.agenda_slots_v1, public.agenda_people_v1 to anon, authenticated;

-- The public agenda within the pages of others: only of those sites that an organiser names.

create table private.embed_origins (
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- A site, without a path. Without TLS only on one's own machine, for trying.
	origin text not null check (length(origin) <= 200
		and (origin ~ '^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[1-9][0-9]{0,4})?$'
		or origin ~ '^http://(localhost|127\.0\.0\.1)(:[1-9][0-9]{0,4})?$')),
	primary key (summit_id, origin)
);
alter table private.embed_origins enable row level security;
select audit.watch('private.embed_origins');

-- What changed in somebody's own agenda since they last looked: the rows of their digests, on the page. A visit shows
-- what is new since the visit before; it stays on the page until the next one, or until it is put away.

create table private.agenda_looks (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- Up to where they have read, and what the visit of now has shown them; null: before the first release.
	read_release uuid references public.releases (id) on delete cascade,
	shown_release uuid references public.releases (id) on delete cascade,
	looked_at timestamptz,
	primary key (person_id, summit_id)
);
alter table private.agenda_looks enable row level security;
create index on private.agenda_looks (summit_id);
create index on private.agenda_looks (read_release);
create index on private.agenda_looks (shown_release);
