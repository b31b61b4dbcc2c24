-- Announcements of the organisers and the stage to those whom they concern: on open pages at once, by push and by mail where asked.

create type public.announcement_audience as enum ('everyone', 'mode', 'language', 'room', 'session', 'session_people');

create table private.announcements (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	audience public.announcement_audience not null,
	mode public.attendance_mode,
	language text check (language in ('en', 'fr', 'es', 'ar')),
	room_id uuid references public.rooms (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	-- {language: {title, body}}, and the language for those whose own is not among them.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null check (original in ('en', 'fr', 'es', 'ar')),
	-- Where it leads, under the Summit's address; null: nowhere.
	page text check (page ~ '^(?:/[A-Za-z0-9-]+)*$' and length(page) <= 120),
	-- An urgent one stays on every page until it was read.
	is_urgent boolean not null default false,
	by_push boolean not null default true,
	by_mail boolean not null default false,
	shown_until timestamptz not null,
	-- Of one form: sent twice, it is one announcement.
	once_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	withdrawn_at timestamptz,
	withdrawn_by uuid references public.people (id) on update cascade on delete set null,
	-- {people, delivered, seen, mailed, pushed, push_failed}, once nobody is known any more to have been among them.
	counts jsonb,
	check (shown_until > created_at),
	check ((audience = 'mode') = (mode is not null)),
	check ((audience = 'language') = (language is not null)),
	check ((audience = 'room') = (room_id is not null)),
	check ((audience in ('session', 'session_people')) = (session_id is not null))
);
alter table private.announcements enable row level security;
create index on private.announcements (summit_id, shown_until);
create index on private.announcements (room_id);
create index on private.announcements (session_id);
create index on private.announcements (created_by);
create index on private.announcements (withdrawn_by);
select audit.watch('private.announcements');
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.announcements', 'registration', '{audience,mode,language,is_urgent,by_push,by_mail,shown_until,withdrawn_at}', '{}', '{texts}');

-- Those it is for, each once, and how it reached them. Who comes to belong to them while it is shown is added then.
create table private.announcement_readers (
	announcement_id uuid not null references private.announcements (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	locale text not null,
	-- On a page of theirs; before their eyes (of an urgent one: they said that they read it); and away from their pages.
	delivered_at timestamptz,
	seen_at timestamptz,
	closed_at timestamptz,
	outbox_id uuid references private.outbox (id) on delete set null,
	primary key (announcement_id, person_id)
);
alter table private.announcement_readers enable row level security;
create index on private.announcement_readers (person_id) where closed_at is null;
create index on private.announcement_readers (outbox_id);

-- Whoever leads a Summit's agenda, registration, stages or safeguarding; about a session only if they may see it.
create function private.may_announce(p_summit uuid, p_session uuid default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_summit, 'programme', 'registration', 'stage', 'safeguarding')
		and (p_session is null or private.can_see(private.me(), p_session))
$$;

-- Whom an announcement is for at this moment; `p_person`: whether that is one of them. People with a role at the Summit belong to everyone.
create function private.announced_people(p_announcement private.announcements, p_person uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with held as (
		select session_id from public.release_slots as sl
		where p_announcement.audience = 'room' and sl.release_id = private.newest_release(p_announcement.summit_id) and sl.room_id = p_announcement.room_id
			and not sl.is_cancelled and sl.during && tstzrange(now(), now() + interval '1 hour')
		union select runs.session_id from public.runs where p_announcement.audience = 'room' and runs.room_id = p_announcement.room_id and runs.state <> 'ended'
		union select p_announcement.session_id where p_announcement.session_id is not null
	), heard as (
		select sp.person_id, sp.session_id from public.session_people as sp
		where sp.session_id in (select session_id from held) and sp.state <> 'declined'
		union select marks.person_id, marks.session_id from public.agenda_marks as marks
		where marks.session_id in (select session_id from held) and p_announcement.audience <> 'session_people'
		union select p.person_id, p.session_id from public.presence as p
		where p.session_id in (select session_id from held) and p.left_at is null and p_announcement.audience <> 'session_people'
	)
	select r.person_id from public.registrations as r
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_announcement.summit_id and r.state = 'confirmed' and p_announcement.audience in ('everyone', 'mode', 'language')
		and (p_person is null or r.person_id = p_person)
		and (p_announcement.mode is null or r.mode = p_announcement.mode)
		and (p_announcement.language is null or coalesce(f.locale, 'en') = p_announcement.language)
	union
	select g.person_id from public.role_grants as g
	where p_announcement.audience = 'everyone' and g.ended_at is null and (g.summit_id is null or g.summit_id = p_announcement.summit_id)
		and (p_person is null or g.person_id = p_person)
	union
	select heard.person_id from heard
	where (p_person is null or heard.person_id = p_person) and private.can_see(heard.person_id, heard.session_id)
	union
	-- Whoever is inside by the door, whatever is on there.
	select d.person_id from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
	where p_announcement.audience = 'room' and c.room_id = p_announcement.room_id and d.left_at is null
		and d.day = private.door_day(p_announcement.summit_id) and (p_person is null or d.person_id = p_person)
$$;

-- Nothing about it leaves by push or mail that names what only few may know of.
create function private.is_discreet(p_announcement private.announcements) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_announcement.session_id is not null and private.level_in_force(p_announcement.session_id) in ('chatham_house', 'closed')
$$;
