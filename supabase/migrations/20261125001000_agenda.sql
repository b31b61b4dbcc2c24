-- The draft of the agenda: sessions, their people, audiences and slots. Rule 4: a room is never double-booked.

create type public.session_state as enum ('draft', 'confirmed', 'cancelled');
create type public.session_audience as enum ('everyone', 'registered', 'listed');
create type public.session_attendance as enum ('hall_and_online', 'hall', 'online');
create type public.session_role as enum ('speaker', 'chair', 'moderator', 'respondent', 'interpreter', 'captioner');
create type public.participation_state as enum ('invited', 'confirmed', 'declined');

-- Pages and files on the web that a session names: [{url, title, kind: link | attachment}], by whole addresses of http or https. The address is ASCII
-- and names its host plainly (no user before an @), so that readers can be shown where it leads; the title is one line, or '' where there is none.
create function private.are_session_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_links) is distinct from 'array' then false
		else jsonb_array_length(p_links) <= 100 and length(p_links::text) <= 20000 and not exists (select from jsonb_array_elements(p_links) as link
			where jsonb_typeof(link) <> 'object' or link - '{url,title,kind}'::text[] <> '{}'
				or jsonb_typeof(link -> 'url') is distinct from 'string' or jsonb_typeof(link -> 'title') is distinct from 'string'
				or length(link ->> 'url') > 2000 or link ->> 'url' !~ '^https?://[^/?#@\\]+([/?#].*)?$' or link ->> 'url' ~ '[^!-~]|["<>]'
				or length(link ->> 'title') > 300 or link ->> 'title' ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]'
				or link -> 'kind' not in ('"link"', '"attachment"') or link -> 'kind' is null) end
$$;
-- Constraints are checked with the rights of the person who writes.
grant execute on function private.are_session_links(jsonb) to public;

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
	constraint no_recording_when_confidential check (not is_recorded or level in ('public', 'members'))
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

-- A time of a session; a session has none to many. Each slot uses one or more rooms. Without a session it says why the rooms are
-- held (rehearsal, cleaning): rule 4 counts it like any other, and no release contains it.
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
	unique (id, during)
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
	foreign key (slot_id, during) references public.slots (id, during) on update cascade on delete cascade deferrable initially deferred,
	unique (slot_id, room_id),
	-- Deferrable, so that two sessions can swap rooms in one transaction.
	constraint room_free exclude using gist (room_id with =, during with &&) deferrable initially immediate
);
alter table public.slot_rooms enable row level security;

-- Two organisers who book one room at once would else wait for each other until one is ended as a deadlock.
create function private.book_in_turn() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(new.room_id::text, 4));
	return new;
end
$$;
create trigger book_in_turn before insert or update on public.slot_rooms for each row execute function private.book_in_turn();
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

-- Releases freeze placement, titles, texts, formats and person ids. Names, portraits, audience, level and consents are read
-- live, and the stricter of release and live wins.
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
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete restrict
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
	constraint release_room_free exclude using gist (release_id with =, room_id with =, during with &&) where (not is_cancelled) deferrable initially immediate
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

-- A release is immutable.
create function private.refuse_release_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	-- A merge of two people, or a new id of one under an alias, rewrites the id; nothing else does.
	if tg_op = 'UPDATE' and tg_table_name = 'release_people' and current_setting('app.merging', true) = 'yes' then
		return new;
	end if;
	-- A name that a protected person no longer bears is written in no release either.
	if tg_op = 'UPDATE' and tg_table_name = 'release_sessions' and current_setting('app.renaming', true) = 'yes' then return new; end if;
	raise exception 'a release is never changed' using errcode = 'insufficient_privilege';
end
$$;
create trigger release_sessions_fixed before update on public.release_sessions for each row execute function private.refuse_release_change();
create trigger release_slots_fixed before update on public.release_slots for each row execute function private.refuse_release_change();
create trigger release_people_fixed before update on public.release_people for each row execute function private.refuse_release_change();
