-- Releases of the agenda, and what each reader has marked, has read and must still be notified of. A release freezes
-- placement, titles, texts, formats and the ids of people. Names, portraits, audience, level and consents are read
-- live, and the stricter of release and live applies (visibility.sql).

-- A published version of the agenda.
create table public.releases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	number integer not null check (number > 0),
	note public.text_map not null default '{}',
	released_at timestamptz not null default now(),
	released_by uuid references public.people (id) on update cascade on delete set null,
	-- Made by a live change: equal to the release before except for what was chosen (live_changes.sql).
	is_live_change boolean not null default false,
	unique (summit_id, number),
	unique (id, summit_id)
);
alter table public.releases enable row level security;
create policy read on public.releases for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
grant select on public.releases to anon, authenticated;
select audit.watch('public.releases');

-- The sessions of a release, with the texts as they were published.
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
create index on public.release_sessions (session_id);
alter table public.release_sessions enable row level security;
create policy read on public.release_sessions for select to anon, authenticated
	using (
		release_id in (select private.current_releases())
		and session_id in (select private.my_visible_sessions())
	);
grant select on public.release_sessions to anon, authenticated;

-- The times and rooms of a release. Rule 4 holds within each release.
create table public.release_slots (
	release_id uuid not null,
	session_id uuid not null,
	room_id uuid not null,
	slot_id uuid not null,
	summit_id uuid not null,
	during tstzrange not null,
	-- A cancelled session is shown where it was, and its room is free for another.
	is_cancelled boolean not null default false,
	primary key (release_id, slot_id, room_id),
	foreign key (release_id, session_id) references public.release_sessions (release_id, session_id) on delete cascade,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete restrict,
	constraint release_room_free exclude using gist (release_id with =, room_id with =, during with &&)
		where (not is_cancelled) deferrable initially immediate,
	constraint years check (during <@ tstzrange(timestamptz '1970-01-01 00:00Z', timestamptz '2200-01-01 00:00Z'))
);
create index on public.release_slots (release_id, session_id);
create index on public.release_slots (room_id);
alter table public.release_slots enable row level security;
create policy read on public.release_slots for select to anon, authenticated
	using (
		release_id in (select private.current_releases())
		and session_id in (select private.my_visible_sessions())
	);
grant select on public.release_slots to anon, authenticated;

-- The people whom a release names. Interpreters, and people who have declined since, are not shown.
create table public.release_people (
	release_id uuid not null,
	session_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete restrict,
	role public.session_role not null,
	position integer not null,
	primary key (release_id, session_id, person_id, role),
	foreign key (release_id, session_id) references public.release_sessions (release_id, session_id) on delete cascade
);
create index on public.release_people (person_id);
alter table public.release_people enable row level security;
create policy read on public.release_people for select to anon, authenticated
	using (
		release_id in (select private.current_releases())
		and session_id in (select private.my_visible_sessions())
		and private.is_named(session_id, person_id, role)
	);
grant select on public.release_people to anon, authenticated;

-- Sessions that people marked for "my agenda".
create table public.agenda_marks (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid not null references public.sessions (id) on delete cascade,
	created_at timestamptz not null default now(),
	primary key (person_id, session_id)
);
create index on public.agenda_marks (session_id);
alter table public.agenda_marks enable row level security;
create policy read on public.agenda_marks for select to authenticated using (person_id in (select private.my_people()));
create policy add on public.agenda_marks for insert to authenticated
	with check (person_id in (select private.my_people()) and session_id in (select private.my_visible_sessions()));
create policy remove on public.agenda_marks for delete to authenticated
	using (person_id in (select private.my_people()));
grant select, insert, delete on public.agenda_marks to authenticated;
select audit.watch('public.agenda_marks', 'person_id', 'session_id');

-- A change of which a person still has to be notified: the session, and the last release that they know of it (null:
-- none). digests.sql makes mails of these rows.
create table private.pending_agenda_changes (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid not null,
	summit_id uuid not null,
	known_release_id uuid references public.releases (id) on delete cascade,
	primary key (person_id, session_id),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
create index on private.pending_agenda_changes (session_id);
create index on private.pending_agenda_changes (summit_id);
alter table private.pending_agenda_changes enable row level security;

-- When the next digest of a person is due.
create table private.agenda_digests (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	due_at timestamptz not null,
	primary key (person_id, summit_id)
);
create index on private.agenda_digests (due_at);
create index on private.agenda_digests (summit_id);
alter table private.agenda_digests enable row level security;

-- Which changes somebody has read on the page of their own agenda (unread_changes.sql).
create table private.agenda_visits (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- The release up to which they have read, and the one that the present visit showed; null: before the first
	-- release.
	read_release uuid references public.releases (id) on delete cascade,
	shown_release uuid references public.releases (id) on delete cascade,
	visited_at timestamptz,
	primary key (person_id, summit_id)
);
create index on private.agenda_visits (summit_id);
create index on private.agenda_visits (read_release);
create index on private.agenda_visits (shown_release);
alter table private.agenda_visits enable row level security;

-- Monitors at the doors of rooms, each with a secret link (room_screens.sql).
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
create index on private.room_screens (summit_id);
create index on private.room_screens (room_id);
create index on private.room_screens (created_by);
alter table private.room_screens enable row level security;

-- Secret links to previews of the draft, each for one role and language (draft_previews.sql).
create table private.draft_previews (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- For whom the link is: "The board".
	name text not null check (length(btrim(name)) between 1 and 80),
	role text not null check (role in ('public', 'registered')),
	language text not null check (private.is_interface_language(language)),
	token_hash bytea not null unique,
	expires_at timestamptz not null,
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	reads integer not null default 0,
	read_at timestamptz,
	revoked_at timestamptz,
	constraint name_one_line check (private.is_one_line(name))
);
create index on private.draft_previews (summit_id);
create index on private.draft_previews (created_by);
alter table private.draft_previews enable row level security;
select audit.watch('private.draft_previews');
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.draft_previews', 'programme', '{name,role,language,expires_at,revoked_at}', '{}', '{}'),
	('draft_preview.read', 'programme', '{role}', '{}', '{}');

-- Whether a text is a site, without a path. Plain http is accepted for the local machine only, for trying it out.
create function private.is_embed_origin(p_origin text) returns boolean
language sql immutable set search_path = '' as $$
	select length(p_origin) <= 200
		and (p_origin ~ '^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[1-9][0-9]{0,4})?$'
		or p_origin ~ '^http://(localhost|127\.0\.0\.1)(:[1-9][0-9]{0,4})?$')
$$;

-- Whether each of a list is such a site.
create function private.are_embed_origins(p_origins text[]) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(bool_and(coalesce(private.is_embed_origin(each), false)), true) from unnest(p_origins) as each
$$;

-- The sites whose pages may embed the public agenda (embedding.sql).
create table private.embed_origins (
	summit_id uuid not null references public.summits (id) on delete cascade,
	origin text not null check (private.is_embed_origin(origin)),
	primary key (summit_id, origin)
);
alter table private.embed_origins enable row level security;
select audit.watch('private.embed_origins');
