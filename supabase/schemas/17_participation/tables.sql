-- Tables of participation in a run: settings, questions, raised hands, chat, polls, and what guardians allow.

-- The settings with which the sessions of a Summit begin. An owner sets them.
create table private.participation_defaults (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	approve_first boolean not null default true,
	chat text not null default 'open' check (chat in ('off', 'open', 'slow', 'people')),
	slow_seconds integer not null default 15 check (slow_seconds between 5 and 600)
);
alter table private.participation_defaults enable row level security;
select audit.watch('private.participation_defaults');

-- What hosts and stage organisers set for one session.
create table private.session_participation_settings (
	session_id uuid primary key,
	summit_id uuid not null,
	-- Others see a question only after a host has approved it.
	approve_first boolean not null,
	takes_questions boolean not null default true,
	takes_hands boolean not null default true,
	-- off; open; slow: with a pause between two messages of a person; people: only for the people of the session.
	chat text not null check (chat in ('off', 'open', 'slow', 'people')),
	slow_seconds integer not null check (slow_seconds between 5 and 600),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
alter table private.session_participation_settings enable row level security;
select audit.watch('private.session_participation_settings');

-- The salt of each session with which people are hashed. Without it no hash leads to a person, so it is deleted when a
-- session without names is over.
create table private.session_salts (
	session_id uuid primary key references public.sessions (id) on delete cascade,
	salt bytea not null default extensions.gen_random_bytes(32)
);
alter table private.session_salts enable row level security;

-- Written questions of the audience, sent before a session begins or while it is on. At levels without names no person
-- is kept with a question: the limits and the right to withdraw it rest on the hash.
create table private.session_questions (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	-- The author, or at levels without names only their hash.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	asker_hash bytea,
	body text not null check (length(btrim(body)) between 1 and 2000),
	shown_as text not null check (shown_as in ('name', 'affiliation', 'nobody')),
	-- asked: visible to speakers and hosts; approved: visible to all; current: being answered, one at a time; answered;
	-- declined: visible to hosts alone.
	state text not null default 'asked' check (state in ('asked', 'approved', 'current', 'answered', 'declined')),
	-- At levels without names only the day, because the exact time could identify the author.
	asked_at timestamptz not null default now(),
	answered_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	check (num_nonnulls(person_id, asker_hash) = 1),
	check (asker_hash is null or shown_as = 'nobody'),
	check ((state = 'answered') = (answered_at is not null)),
	votes integer not null default 0,
	merged_into uuid references private.session_questions (id) on delete cascade,
	is_approved boolean not null default false,
	-- The level of the session at which it was asked: lowering it later opens this to nobody else.
	level public.confidentiality not null
);
alter table private.session_questions enable row level security;
create index on private.session_questions (session_id);
create index on private.session_questions (person_id);
create index on private.session_questions (merged_into);
create unique index session_questions_one_current on private.session_questions (session_id) where state = 'current';

-- Votes for questions, one a person and question, under a hash at every level.
create table private.question_votes (
	question_id uuid not null references private.session_questions (id) on delete cascade,
	voter_hash bytea not null,
	primary key (question_id, voter_hash)
);
alter table private.question_votes enable row level security;

-- Where somebody raises a hand: in the hall, or online.
create type public.hand_place as enum ('hall', 'home');

-- Raised hands of a run.
create table private.hands (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	place public.hand_place not null,
	-- Asks for a camera as well as a microphone.
	with_camera boolean not null default false,
	raised_at timestamptz not null default clock_timestamp(),
	state text not null default 'waiting' check (state in ('waiting', 'called', 'done', 'skipped', 'lowered')),
	called_at timestamptz
);
alter table private.hands enable row level security;
create unique index hands_one_up on private.hands (run_id, person_id) where state in ('waiting', 'called');
create index on private.hands (person_id);

-- Chat messages of a run.
create table private.chat_messages (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	session_id uuid not null references public.sessions (id) on delete cascade,
	-- The author, or at levels without names only their hash.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	author_hash bytea,
	body text not null check (length(btrim(body)) between 1 and 1000),
	sent_at timestamptz not null default clock_timestamp(),
	check (num_nonnulls(person_id, author_hash) = 1),
	-- The level of the session at which it was sent: lowering it later opens this to nobody else.
	level public.confidentiality not null
);
alter table private.chat_messages enable row level security;
create index on private.chat_messages (run_id, sent_at);
create index on private.chat_messages (person_id);
create index on private.chat_messages (session_id);

-- People who were muted in the chat of a run, by the hash.
create table private.chat_mutes (
	run_id uuid not null references public.runs (id) on delete cascade,
	author_hash bytea not null,
	primary key (run_id, author_hash)
);
alter table private.chat_mutes enable row level security;

-- Who has reported a message, by the hash: one report a person and message.
create table private.message_reports (
	message_id uuid not null references private.chat_messages (id) on delete cascade,
	reporter_hash bytea not null,
	primary key (message_id, reporter_hash)
);
alter table private.message_reports enable row level security;

-- Polls of a session, prepared as drafts or opened at once.
create table private.polls (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	question text not null check (length(btrim(question)) between 1 and 300),
	kind text not null check (kind in ('single', 'multiple', 'rating')),
	-- Votes are also counted by the voter's sector. Those results are shown when the poll is closed.
	by_sector boolean not null default false,
	may_change boolean not null default true,
	-- While the poll is open only hosts see results, so that nobody follows the majority.
	results_at_end boolean not null default false,
	state text not null default 'draft' check (state in ('draft', 'open', 'closed')),
	created_at timestamptz not null default clock_timestamp(),
	opened_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	-- The level of the session at which it was opened: lowering it later opens this to nobody else.
	level public.confidentiality not null,
	constraint question_one_line check (private.is_one_line(question))
);
alter table private.polls enable row level security;
create index on private.polls (session_id);
select audit.watch('private.polls');

-- The options of a poll.
create table private.poll_options (
	id uuid primary key default gen_random_uuid(),
	poll_id uuid not null references private.polls (id) on delete cascade,
	position integer not null,
	label text not null check (length(btrim(label)) between 1 and 120),
	unique (poll_id, position),
	constraint label_one_line check (private.is_one_line(label))
);
alter table private.poll_options enable row level security;

-- Votes in polls, under a hash at every level; the hash limits each person to one vote.
create table private.poll_votes (
	poll_id uuid not null references private.polls (id) on delete cascade,
	option_id uuid not null references private.poll_options (id) on delete cascade,
	voter_hash bytea not null,
	sector public.sector,
	primary key (poll_id, voter_hash, option_id)
);
alter table private.poll_votes enable row level security;
create index on private.poll_votes (option_id);

-- When somebody withdrew a message or a question, and when it was sent: neither its text nor its id. Rows are deleted
-- after some minutes and at the end of the run.
create table private.withdrawn_items (
	id bigint generated always as identity primary key,
	run_id uuid not null references public.runs (id) on delete cascade,
	author_hash bytea not null,
	kind text not null check (kind in ('message', 'question')),
	originally_sent_at timestamptz not null,
	withdrawn_at timestamptz not null default clock_timestamp()
);
alter table private.withdrawn_items enable row level security;
create index on private.withdrawn_items (run_id, author_hash);

-- What a guardian allows a minor: being called on stage, and being recorded; and that nobody photographs the minor.
create table private.guardian_stage_agreements (
	id uuid primary key default gen_random_uuid(),
	registration_id uuid not null unique references public.registrations (id) on delete cascade,
	-- Who agreed: with another guardian the agreement ends.
	guardian_id uuid not null references public.registrations (id) on delete cascade,
	on_stage boolean not null,
	recorded boolean not null,
	agreed_at timestamptz not null default now(),
	-- It outlives a change of the guardian, until the new one says otherwise.
	forbids_photographs boolean not null default false
);
alter table private.guardian_stage_agreements enable row level security;
create index on private.guardian_stage_agreements (guardian_id);
select audit.watch('private.guardian_stage_agreements', 'registration_id', 'guardian_id', 'on_stage', 'recorded',
	'forbids_photographs');
