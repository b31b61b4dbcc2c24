-- What the checks of the agenda read (checks.sql): what rooms have, what sessions need, when people are available,
-- which languages interpreters work in, walking times between rooms, and the severities and limits of a Summit.

-- What is known of a room. Without a row nothing is known, and only the checks that need the knowledge report it.
create table public.room_equipment (
	room_id uuid primary key,
	summit_id uuid not null,
	building text not null default '' check (length(building) <= 80),
	floor text not null default '' check (length(floor) <= 40),
	is_step_free boolean not null default false,
	has_hearing_loop boolean not null default false,
	-- Whether its sessions can be watched online, and whether people who walk past can listen.
	is_streamed boolean not null default true,
	is_open boolean not null default false,
	equipment text[] not null default '{}' check (private.are_equipment_items(equipment)),
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	constraint building_one_line check (private.is_one_line(building)),
	constraint floor_one_line check (private.is_one_line(floor)),
	constraint equipment_one_line check (private.are_one_line(equipment))
);
create index on public.room_equipment (summit_id);
alter table public.room_equipment enable row level security;
create policy read on public.room_equipment for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage')));
grant select on public.room_equipment to authenticated;
select audit.watch('public.room_equipment');

-- What a session needs from its room.
create table public.session_needs (
	session_id uuid primary key,
	summit_id uuid not null,
	expected integer check (expected between 0 and 100000),
	needs_step_free boolean not null default false,
	needs_hearing_loop boolean not null default false,
	equipment text[] not null default '{}' check (private.are_equipment_items(equipment)),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	constraint equipment_one_line check (private.are_one_line(equipment))
);
create index on public.session_needs (summit_id);
alter table public.session_needs enable row level security;
create policy read on public.session_needs for select to authenticated
	using (
		summit_id in (select private.summits_with_role('programme', 'stage'))
		and session_id in (select private.draft_sessions())
	);
grant select on public.session_needs to authenticated;
select audit.watch('public.session_needs');

-- When somebody can take part, and in which time zone they are then. An empty range: they have not answered.
create table public.person_availabilities (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	zone text references private.time_zones (name),
	during tstzmultirange not null default '{}',
	primary key (person_id, summit_id),
	constraint zone_one_line check (private.is_one_line(zone))
);
create index on public.person_availabilities (summit_id);
alter table public.person_availabilities enable row level security;
create policy read on public.person_availabilities for select to authenticated
	using (summit_id in (select private.summits_with_role('programme'))
		or person_id in (select private.my_people('speaking')));
grant select on public.person_availabilities to authenticated;
select audit.watch('public.person_availabilities', 'person_id', 'zone', 'during');

-- The pairs of languages that an interpreter works in at a Summit.
create table public.interpreter_languages (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	source text not null check (source ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
	target text not null check (target ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and target <> source),
	primary key (person_id, summit_id, source, target)
);
create index on public.interpreter_languages (summit_id);
alter table public.interpreter_languages enable row level security;
create policy read on public.interpreter_languages for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage'))
		or person_id in (select private.my_people('speaking')));
grant select on public.interpreter_languages to authenticated;
select audit.watch('public.interpreter_languages', 'person_id');

-- The severities that a Summit changed; the others are the defaults of `private.check_codes` (check_settings.sql).
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

-- The limits of the checks at a Summit; without a row the defaults of `private.check_limits_of` apply.
create table public.check_limits (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	floor_minutes integer not null default 5 check (floor_minutes between 0 and 120),
	building_minutes integer not null default 10 check (building_minutes between 0 and 240),
	daytime_from time not null default '08:00',
	daytime_until time not null default '22:00' check (daytime_until > daytime_from),
	turn_minutes integer not null default 120 check (turn_minutes between 10 and 720),
	day_minutes integer not null default 360 check (day_minutes between 10 and 1440),
	track_limit integer not null default 2 check (track_limit between 1 and 50)
);
alter table public.check_limits enable row level security;
create policy read on public.check_limits for select to authenticated
	using (summit_id in (select private.summits_with_role('programme')));
grant select on public.check_limits to authenticated;
select audit.watch('public.check_limits');

-- Walking times between two rooms that differ from what their buildings and floors suggest: a tunnel, a slow lift, a
-- bridge.
create table public.walking_times (
	summit_id uuid not null,
	-- Each pair once: the lower id first.
	first_room_id uuid not null,
	second_room_id uuid not null,
	minutes integer not null check (minutes between 0 and 240),
	primary key (first_room_id, second_room_id),
	check (first_room_id < second_room_id),
	foreign key (first_room_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	foreign key (second_room_id, summit_id) references public.rooms (id, summit_id) on delete cascade
);
create index on public.walking_times (summit_id);
create index on public.walking_times (second_room_id);
alter table public.walking_times enable row level security;
create policy read on public.walking_times for select to authenticated
	using (summit_id in (select private.summits_with_role('programme', 'stage')));
grant select on public.walking_times to authenticated;
select audit.watch('public.walking_times');

-- Findings that an organiser accepted, with their reason. `fingerprint` is of what the check looked at
-- (`private.findings_with_fingerprint`), so an acceptance holds for as long as that stays the same.
create table private.check_acceptances (
	summit_id uuid not null references public.summits (id) on delete cascade,
	fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
	code text not null,
	reason text not null check (length(btrim(reason)) between 1 and 300),
	accepted_by uuid references public.people (id) on update cascade on delete set null,
	accepted_at timestamptz not null default now(),
	primary key (summit_id, fingerprint),
	constraint reason_one_line check (private.is_one_line(reason))
);
create index on private.check_acceptances (accepted_by);
alter table private.check_acceptances enable row level security;
select audit.watch('private.check_acceptances');
insert into private.audited_tables (name, area, shown, opened, named)
values ('private.check_acceptances', 'programme', '{code}', '{}', '{}');
