-- The draft of the agenda: sessions with their people, audiences, slots and rooms, who is barred from one, and how the
-- draft is edited. Only organisers and a session's own people read the draft; everybody else reads releases
-- (release_tables.sql). An owner edits the agenda too but sees no closed session, so every policy that writes also asks
-- whether the writer sees the session (`private.draft_sessions`, visibility.sql).

create type public.session_state as enum ('draft', 'confirmed', 'cancelled');

create type public.session_audience as enum ('everyone', 'registered', 'listed');

create type public.session_attendance as enum ('hall_and_online', 'hall', 'online');

create type public.session_role as enum ('speaker', 'chair', 'moderator', 'respondent', 'interpreter', 'captioner');

create type public.participation_state as enum ('invited', 'confirmed', 'declined');

-- How people take part in the live room of a session: on a stage its speakers are seen and heard, in a meeting, which pages
-- call a workshop, everybody who may enter speaks and is seen.
create type public.stage_format as enum ('stage', 'meeting');

-- How somebody enters a session: through a door of the venue, or into the stream.
create type public.access_channel as enum ('door', 'stream');

-- A session as the organisers edit it. The constraints keep its level, audience and recording consistent; `version`
-- detects that two organisers edit it at once.
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
	-- Read live, as the audience is.
	stage_format public.stage_format not null default 'stage',
	foreign key (format_id, summit_id) references public.formats (id, summit_id) on delete restrict,
	foreign key (track_id, summit_id) references public.tracks (id, summit_id) on delete restrict,
	unique (id, summit_id),
	constraint everyone_only_at_public check (audience <> 'everyone' or level = 'public'),
	constraint closed_is_listed check (level <> 'closed' or audience = 'listed'),
	constraint no_recording_when_confidential check (not is_recorded or level in ('public', 'members')),
	constraint no_recording_of_meetings check (not is_recorded or stage_format = 'stage'),
	constraint title_one_line check (private.are_one_line(title)),
	constraint links_one_line check (private.are_one_line(links)),
	constraint spoken_one_line check (private.are_one_line(spoken)),
	constraint interpreted_one_line check (private.are_one_line(interpreted))
);
create index on public.sessions (summit_id);
create index on public.sessions (format_id);
create index on public.sessions (track_id);
alter table public.sessions enable row level security;
create policy add on public.sessions for insert to authenticated
	with check (summit_id in (select private.summits_with_role('programme')));
create policy change on public.sessions for update to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and id in (select private.draft_sessions())
	)
	with check (summit_id in (select private.summits_with_role('programme')));
create policy read on public.sessions for select to authenticated
	using (id in (select private.draft_sessions()));
grant select, insert, update on public.sessions to authenticated;
select audit.watch('public.sessions');

-- The people of a session, one row for each role. Organisers add people and place them; only the person gives consent,
-- through functions (14_speakers/participations.sql), so the consent columns are not granted.
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
	-- When the person answered the four above; null: not yet.
	consents_answered_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	unique (session_id, person_id, role)
);
create index on public.session_people (person_id);
create index on public.session_people (summit_id);
alter table public.session_people enable row level security;
create policy add on public.session_people for insert to authenticated
	with check (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
create policy change on public.session_people for update to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
create policy read on public.session_people for select to authenticated
	using (session_id in (select private.draft_sessions()));
create policy remove on public.session_people for delete to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
grant select, delete on public.session_people to authenticated;
grant insert (session_id, summit_id, person_id, role, position, state), update (role, position, state)
	on public.session_people to authenticated;
select audit.watch('public.session_people', 'person_id');

-- The audience of a session with the audience "listed": exactly one column names the person, member, sector or category
-- that a row admits.
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
create index on public.session_audiences (person_id);
create index on public.session_audiences (member_id);
alter table public.session_audiences enable row level security;
create policy add on public.session_audiences for insert to authenticated
	with check (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
create policy change on public.session_audiences for update to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
create policy read on public.session_audiences for select to authenticated
	using (session_id in (select private.draft_sessions()));
create policy remove on public.session_audiences for delete to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
grant select, insert, update, delete on public.session_audiences to authenticated;
select audit.watch('public.session_audiences', 'person_id');

-- A time of a session; a session has none to many, and each slot uses one or more rooms. A slot without a session
-- blocks its rooms and says why (rehearsal, cleaning): Rule 4 counts it like any other, and no release contains it.
create table public.slots (
	id uuid primary key default gen_random_uuid(),
	session_id uuid,
	summit_id uuid not null references public.summits (id) on delete cascade,
	block_reason text check (length(btrim(block_reason)) between 1 and 200),
	check ((session_id is null) = (block_reason is not null)),
	during tstzrange not null check (not isempty(during) and lower(during) is not null and upper(during) is not null
		and upper(during) - lower(during) <= interval '24 hours'),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	unique (id, summit_id),
	unique (id, during),
	constraint years check (during <@ tstzrange(timestamptz '1970-01-01 00:00Z', timestamptz '2200-01-01 00:00Z')),
	constraint block_reason_one_line check (private.is_one_line(block_reason))
);
create index on public.slots (session_id);
create index on public.slots using gist (summit_id, during);
alter table public.slots enable row level security;
create policy add on public.slots for insert to authenticated
	with check (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
create policy change on public.slots for update to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
create policy read on public.slots for select to authenticated
	using (session_id in (select private.draft_sessions()));
create policy remove on public.slots for delete to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and session_id in (select private.draft_sessions())
	);
grant select, insert, update, delete on public.slots to authenticated;
select audit.watch('public.slots');

-- The rooms of a slot. The exclusion constraint holds Rule 4: a room is never double-booked.
create table public.slot_rooms (
	id uuid primary key default gen_random_uuid(),
	slot_id uuid not null,
	room_id uuid not null,
	summit_id uuid not null,
	during tstzrange not null,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete restrict,
	foreign key (slot_id, summit_id) references public.slots (id, summit_id) on delete cascade,
	-- The time is copied here for the exclusion constraint, and follows its slot.
	foreign key (slot_id, during) references public.slots (id, during) on update cascade
		on delete cascade deferrable initially deferred,
	unique (slot_id, room_id),
	-- Deferrable, so that two sessions can swap rooms in one transaction.
	constraint room_free exclude using gist (room_id with =, during with &&) deferrable initially immediate
);
create index on public.slot_rooms (room_id);
alter table public.slot_rooms enable row level security;
create policy add on public.slot_rooms for insert to authenticated
	with check (
		summit_id in (select private.summits_with_role('programme'))
		and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions()))
	);
create policy change on public.slot_rooms for update to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions()))
	);
create policy read on public.slot_rooms for select to authenticated
	using (slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));
create policy remove on public.slot_rooms for delete to authenticated
	using (
		summit_id in (select private.summits_with_role('programme'))
		and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions()))
	);
grant select, insert, update, delete on public.slot_rooms to authenticated;
select audit.watch('public.slot_rooms');

-- What each organiser changed in the agenda builder, for undo and redo (placement_changes.sql): `changes` is
-- [{slot, from, to}], where `from` or `to` is null where the slot did not exist, and [{edit: session, from, to}] with the
-- fields that changed (edit_steps.sql).
create table private.placement_steps (
	id bigint generated always as identity primary key,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	changes jsonb not null,
	is_undone boolean not null default false,
	made_at timestamptz not null default now()
);
create index on private.placement_steps (summit_id, person_id);
create index on private.placement_steps (person_id);
alter table private.placement_steps enable row level security;

-- People who are barred from one session or (session null) from the whole Summit. The reason is for safeguarding alone
-- (24_safeguarding).
create table private.entry_bars (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	unique nulls not distinct (summit_id, person_id, session_id),
	-- A bar that comes from the watch list ends with its entry there.
	is_from_watch_list boolean not null default false,
	is_set_by_lead boolean not null default false
);
create index on private.entry_bars (person_id);
alter table private.entry_bars enable row level security;
select audit.watch('private.entry_bars', 'person_id');
