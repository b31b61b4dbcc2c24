-- Tables of speakers: deadlines, suggested texts and co-speakers, device checks, needs and sent reminders.

-- The deadlines of speakers, when reminders are sent before a deadline, and how many questions one person may send
-- before a session. One row a Summit; 14_speakers/settings.sql has the defaults.
create table private.speaker_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- The deadline of the profile is also that of answers to invitations and of consents.
	profile_due_at timestamptz,
	texts_due_at timestamptz,
	availability_due_at timestamptz,
	check_due_at timestamptz,
	-- Days before a deadline at which the first and the last reminder are sent.
	first_reminder_days integer not null default 14 check (first_reminder_days between 2 and 90),
	last_reminder_days integer not null default 3 check (last_reminder_days between 1 and 30),
	questions_per_person integer not null default 3 check (questions_per_person between 0 and 20),
	check (last_reminder_days < first_reminder_days)
);
alter table private.speaker_settings enable row level security;
select audit.watch('private.speaker_settings');

-- Texts of a session that a speaker suggested after the deadline. A programme organiser accepts or declines them.
create table private.text_suggestions (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- {title, abstract, content_note, links}: as suggested, and as the session had them at that moment.
	texts jsonb not null,
	base jsonb not null,
	state text not null default 'open' check (state in ('open', 'accepted', 'declined')),
	reason text not null default '' check (length(reason) <= 1000),
	suggested_at timestamptz not null default now(),
	closed_by uuid references public.people (id) on update cascade on delete set null,
	closed_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check ((state = 'open') = (closed_at is null)),
	constraint title_one_line check (private.are_one_line(texts -> 'title'))
);
alter table private.text_suggestions enable row level security;
create unique index text_suggestions_one_open on private.text_suggestions (session_id, person_id) where state = 'open';
create index on private.text_suggestions (person_id);
create index on private.text_suggestions (summit_id, state);
create index on private.text_suggestions (closed_by);
select audit.watch('private.text_suggestions', 'person_id', 'texts', 'base');

-- The result of a speaker's last test of camera, microphone, loudspeaker and connection, and the kind of device.
-- Nothing else about the device is kept.
create table private.device_checks (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	device text not null check (device in ('phone', 'tablet', 'computer')),
	camera text not null check (camera in ('ok', 'off', 'refused', 'missing', 'busy', 'unsupported', 'failed')),
	microphone text not null
		check (microphone in ('ok', 'silent', 'refused', 'missing', 'busy', 'unsupported', 'failed')),
	loudspeaker text not null check (loudspeaker in ('ok', 'not_heard')),
	line text not null check (line in ('ok', 'blocked', 'no_answer', 'away')),
	checked_at timestamptz not null default now(),
	primary key (person_id, summit_id)
);
alter table private.device_checks enable row level security;
create index on private.device_checks (summit_id);

-- What a speaker needs, one row a kind, sealed by the app. 14_speakers/needs.sql says who reads each kind and when it
-- is erased.
create table private.speaker_needs (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('equipment', 'access', 'interpretation', 'arrival')),
	need_sealed bytea not null,
	key_id text not null,
	saved_at timestamptz not null default now(),
	primary key (person_id, summit_id, kind)
);
alter table private.speaker_needs enable row level security;
create index on private.speaker_needs (summit_id);

-- People whom confirmed speakers, chairs and moderators suggest for their session. The address is sealed.
create table private.co_speaker_suggestions (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	part public.session_role not null check (part in ('speaker', 'chair', 'moderator', 'respondent')),
	display_name text not null check (length(display_name) between 1 and 120),
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	note text not null default '' check (length(note) <= 1000),
	state text not null default 'open' check (state in ('open', 'invited', 'declined')),
	suggested_at timestamptz not null default now(),
	closed_by uuid references public.people (id) on update cascade on delete set null,
	closed_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check ((state = 'open') = (closed_at is null)),
	constraint display_name_one_line check (private.is_one_line(display_name))
);
alter table private.co_speaker_suggestions enable row level security;
create unique index co_speaker_suggestions_one_open on private.co_speaker_suggestions (session_id, address_hash, part)
	where state = 'open';
create index on private.co_speaker_suggestions (person_id);
create index on private.co_speaker_suggestions (summit_id, state);
create index on private.co_speaker_suggestions (closed_by);
select audit.watch('private.co_speaker_suggestions', 'person_id', 'display_name', 'address_hash', 'address_sealed',
	'note');

-- Reminders that were sent, so that each is sent once: `first` and `last` before a deadline, `now` when an organiser
-- sends one.
create table private.speaker_reminders (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	task text not null,
	stage text not null check (stage in ('first', 'last', 'now')),
	due_at timestamptz not null,
	at timestamptz not null default now(),
	primary key (person_id, summit_id, task, stage, due_at)
);
alter table private.speaker_reminders enable row level security;
create index on private.speaker_reminders (summit_id);
