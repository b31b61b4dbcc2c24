-- By when speakers are to have done what, when they are reminded of what is missing, and how many questions one may
-- send ahead.

create table private.speaker_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Answers to invitations and consents are wanted with the profile.
	profile_due_at timestamptz,
	texts_due_at timestamptz,
	availability_due_at timestamptz,
	check_due_at timestamptz,
	-- Before a deadline, twice.
	first_days integer not null default 14 check (first_days between 2 and 90),
	last_days integer not null default 3 check (last_days between 1 and 30),
	questions_each integer not null default 3 check (questions_each between 0 and 20),
	check (last_days < first_days)
);
alter table private.speaker_settings enable row level security;
select audit.watch('private.speaker_settings');

-- The texts of a session, by its speakers, chairs and moderators: until the deadline straight into the draft,
-- afterwards as a suggestion that a programme organiser takes over or declines. What somebody else saved meanwhile is
-- never overwritten.

create table private.text_suggestions (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- {title, abstract, content_note, links}: as suggested, and as they were then.
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

-- Questions in writing, sent before a session begins by whoever may enter it, or in it (run_questions). Where no name
-- is given in a session, none is kept with a question: the limit and taking it back rest on a hash with a salt that
-- goes with them, when the session is over.

create table private.question_salts (
	session_id uuid primary key references public.sessions (id) on delete cascade,
	salt bytea not null default extensions.gen_random_bytes(32)
);
alter table private.question_salts enable row level security;

create table private.session_questions (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	-- Whose it is, or (at levels without names) only that it is the same somebody's.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	asker bytea,
	body text not null check (length(btrim(body)) between 1 and 2000),
	shown_as text not null check (shown_as in ('name', 'affiliation', 'nobody')),
	-- Asked, and read by those who answer; approved, and read by all who watch; current: answered now, one at a time;
	-- answered; or declined, and read by hosts and stage organisers alone.
	state text not null default 'asked' check (state in ('asked', 'approved', 'current', 'answered', 'declined')),
	-- At levels without names only the day: when somebody wrote says who.
	asked_at timestamptz not null default now(),
	answered_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check (num_nonnulls(person_id, asker) = 1),
	check (asker is null or shown_as = 'nobody'),
	check ((state = 'answered') = (answered_at is not null)),
	votes integer not null default 0,
	merged_into uuid references private.session_questions (id) on delete cascade,
	is_approved boolean not null default false,
	level public.confidentiality not null
);
alter table private.session_questions enable row level security;
create index on private.session_questions (session_id);
create index on private.session_questions (person_id);

-- What came of a speaker's last test of camera, microphone, loudspeaker and line: no more than that, and on what kind
-- of device.

create table private.device_checks (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	device text not null check (device in ('phone', 'tablet', 'computer')),
	-- ok, or what was wrong.
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

-- What a speaker needs, one by one: who reads it and when it is erased is fixed, said beside the field, and kept.
-- Sealed by the app.

create table private.speaker_needs (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('equipment', 'access', 'interpretation', 'arrival')),
	need_sealed bytea not null,
	key_id text not null,
	said_at timestamptz not null default now(),
	primary key (person_id, summit_id, kind)
);
alter table private.speaker_needs enable row level security;
create index on private.speaker_needs (summit_id);

-- A confirmed speaker, chair or moderator suggests somebody for their session; an organiser invites them, or not. The
-- address is sealed, and nobody learns from the answer whether anybody has it.

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

-- Twice before a deadline, who has something missing is told, and who acts for them; each once. The mail names neither
-- people nor sessions.

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
