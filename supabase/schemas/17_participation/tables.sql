-- Taking part in a run: who may, and how a Summit and each session set it.

-- How sessions of a Summit begin; an owner sets it.
create table private.participation_defaults (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	approve_first boolean not null default true,
	chat text not null default 'open' check (chat in ('off', 'open', 'slow', 'people')),
	slow_seconds integer not null default 15 check (slow_seconds between 5 and 600)
);
alter table private.participation_defaults enable row level security;
select audit.watch('private.participation_defaults');

-- What hosts and stage organisers set for one session.
create table private.session_participation (
	session_id uuid primary key,
	summit_id uuid not null,
	-- Others see a question only once somebody who runs the session has let it through.
	approve_first boolean not null,
	takes_questions boolean not null default true,
	takes_hands boolean not null default true,
	-- off; open; slow: so many seconds between two messages of a person; people: those of the session alone.
	chat text not null check (chat in ('off', 'open', 'slow', 'people')),
	slow_seconds integer not null check (slow_seconds between 5 and 600),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
alter table private.session_participation enable row level security;
select audit.watch('private.session_participation');

-- Questions in writing while a session is on: asked by whoever may take part, read by all once approved, voted for,
-- merged, answered.

create index on private.session_questions (merged_into);
create unique index session_questions_one_current on private.session_questions (session_id) where state = 'current';

-- One vote a person and question, by a hash at every level: who wants to hear what is nobody's business.
create table private.question_votes (
	question_id uuid not null references private.session_questions (id) on delete cascade,
	voter bytea not null,
	primary key (question_id, voter)
);
alter table private.question_votes enable row level security;

-- Hands: one queue for the hall and for those who follow from elsewhere. While both wait, they are called in turn: the
-- next one is from the other place than the one called last (at first from where a hand was raised first), and within a
-- place by when it was raised.

create type public.hand_place as enum ('hall', 'home');

create table private.hands (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	place public.hand_place not null,
	-- Wants to be seen, too.
	with_camera boolean not null default false,
	raised_at timestamptz not null default clock_timestamp(),
	state text not null default 'waiting' check (state in ('waiting', 'called', 'done', 'skipped', 'lowered')),
	called_at timestamptz
);
alter table private.hands enable row level security;
create unique index hands_one_up on private.hands (run_id, person_id) where state in ('waiting', 'called');
create index on private.hands (person_id);

-- Chat beside a run. A message that is taken away is gone: nothing is left of it in lists, counts, news or ids.

create table private.messages (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	session_id uuid not null references public.sessions (id) on delete cascade,
	-- Whose it is, or (at levels without names) only that it is the same somebody's.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	author bytea,
	body text not null check (length(btrim(body)) between 1 and 1000),
	sent_at timestamptz not null default clock_timestamp(),
	check (num_nonnulls(person_id, author) = 1),
	level public.confidentiality not null
);
alter table private.messages enable row level security;
create index on private.messages (run_id, sent_at);
create index on private.messages (person_id);
create index on private.messages (session_id);

-- Who may not write any more, by a hash that says nothing once the session's salt is gone.
create table private.chat_mutes (
	run_id uuid not null references public.runs (id) on delete cascade,
	author bytea not null,
	primary key (run_id, author)
);
alter table private.chat_mutes enable row level security;

-- A message that hurts is reported to the safeguarding leads, and to nobody else: neither who wrote it nor who runs the
-- session learns of it.

-- One report a person and message, by the hash that the chat knows people by.
create table private.message_reports (
	message_id uuid not null references private.messages (id) on delete cascade,
	reporter bytea not null,
	primary key (message_id, reporter)
);
alter table private.message_reports enable row level security;

-- Polls: prepared or made on the spot by whoever runs the session; one vote a person; results live, and kept where
-- names are.

create table private.polls (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	question text not null check (length(btrim(question)) between 1 and 300),
	kind text not null check (kind in ('single', 'multiple', 'rating')),
	-- Counted by the sector of who votes, too; told once the poll is closed, and of small groups together.
	by_sector boolean not null default false,
	may_change boolean not null default true,
	-- While it is open nobody is told how others vote but who runs the session: nobody follows the crowd.
	results_at_end boolean not null default false,
	state text not null default 'draft' check (state in ('draft', 'open', 'closed')),
	created_at timestamptz not null default clock_timestamp(),
	opened_at timestamptz,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	level public.confidentiality not null,
	constraint question_one_line check (private.is_one_line(question))
);
alter table private.polls enable row level security;
create index on private.polls (session_id);
select audit.watch('private.polls');

create table private.poll_options (
	id uuid primary key default gen_random_uuid(),
	poll_id uuid not null references private.polls (id) on delete cascade,
	position integer not null,
	label text not null check (length(btrim(label)) between 1 and 120),
	unique (poll_id, position),
	constraint label_one_line check (private.is_one_line(label))
);
alter table private.poll_options enable row level security;

-- Whose a vote is, is a hash at every level; it holds one person to one vote.
create table private.poll_votes (
	poll_id uuid not null references private.polls (id) on delete cascade,
	option_id uuid not null references private.poll_options (id) on delete cascade,
	voter bytea not null,
	sector public.sector,
	primary key (poll_id, voter, option_id)
);
alter table private.poll_votes enable row level security;
create index on private.poll_votes (option_id);

-- The pause between two messages, and the number of questions and hands of one person, hold for what was taken back as
-- well: else whoever writes, takes away and writes again is never too soon, and all who watch are told each time.

-- That somebody took something back, and when they had said it: no word of it, and no id. Forgotten after some minutes,
-- and with the run.
create table private.taken_back (
	id bigint generated always as identity primary key,
	run_id uuid not null references public.runs (id) on delete cascade,
	author bytea not null,
	what text not null check (what in ('message', 'question')),
	said_at timestamptz not null,
	taken_at timestamptz not null default clock_timestamp()
);
alter table private.taken_back enable row level security;
create index on private.taken_back (run_id, author);

-- Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be
-- recorded. Until the guardian has said so they are not called and not recorded, whatever they say themselves; from the
-- floor they are named nowhere.

create table private.stage_agreements (
	id uuid primary key default gen_random_uuid(),
	registration_id uuid not null unique references public.registrations (id) on delete cascade,
	-- Who said it: another guardian begins anew.
	guardian_id uuid not null references public.registrations (id) on delete cascade,
	on_stage boolean not null,
	recorded boolean not null,
	said_at timestamptz not null default now()
);
alter table private.stage_agreements enable row level security;
create index on private.stage_agreements (guardian_id);
select audit.watch('private.stage_agreements', 'registration_id', 'guardian_id', 'on_stage', 'recorded');
