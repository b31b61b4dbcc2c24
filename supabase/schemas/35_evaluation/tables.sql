-- Surveys of a Summit, and the answers to them. Nothing here is readable through the API: everything is read and written
-- by functions.
--
-- Answers are anonymous. A row of an answer holds no person, no registration, no address and no time, and refers to nothing
-- that does. That a person has answered is a mark of its own. What keeps the two apart is said in answering.sql.

create type public.survey_kind as enum ('session', 'summit', 'follow_up');

create type public.survey_question_kind as enum ('scale', 'choice', 'choices', 'yes_no', 'number', 'text');

-- A survey: the form that each session of the Summit is given feedback on, the survey about the Summit, or the one that
-- follows months later. It is written as a draft and published once; published questions never change.
create table private.surveys (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind public.survey_kind not null,
	title public.text_map not null check (title <> '{}'::jsonb),
	intro public.text_map not null default '{}',
	opens_at timestamptz not null,
	closes_at timestamptz not null,
	-- Of session feedback: for how many hours after its end a session takes answers.
	hours integer check (hours between 1 and 720),
	published_at timestamptz,
	-- The smallest group that results name, as it was when the survey was published: results under two thresholds could
	-- be compared.
	smallest_group integer check (smallest_group between 3 and 50),
	version integer not null default 1,
	created_at timestamptz not null default now(),
	check (opens_at < closes_at),
	check ((hours is not null) = (kind = 'session')),
	check ((published_at is null) = (smallest_group is null)),
	constraint title_one_line check (private.are_one_line(title))
);
create index on private.surveys (summit_id);
alter table private.surveys enable row level security;
select audit.watch('private.surveys');

-- A question. One that depends on another comes after it, so that no circle is possible.
create table private.survey_questions (
	id uuid primary key default gen_random_uuid(),
	survey_id uuid not null references private.surveys (id) on delete cascade,
	key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
	kind public.survey_question_kind not null,
	label public.text_map not null check (label <> '{}'::jsonb),
	help public.text_map not null default '{}',
	-- Of the kinds `choice` and `choices`: [{key, label}].
	choices jsonb not null default '[]' check (private.are_survey_choices(choices)),
	is_required boolean not null default false,
	position integer not null,
	-- The key of an earlier question: this one is asked only if the answer to that one is among these values.
	depends_on text,
	depends_values text[] not null default '{}',
	version integer not null default 1,
	unique (survey_id, key),
	unique (survey_id, position) deferrable initially immediate,
	foreign key (survey_id, depends_on) references private.survey_questions (survey_id, key) on delete restrict,
	check ((kind in ('choice', 'choices')) = (jsonb_array_length(choices) >= 2)),
	check ((depends_on is null) = (depends_values = '{}')),
	constraint label_one_line check (private.are_one_line(label)),
	constraint choices_one_line check (private.are_one_line(choices)),
	constraint depends_values_one_line check (private.are_one_line(depends_values))
);
create index on private.survey_questions (survey_id, depends_on);
alter table private.survey_questions enable row level security;
select audit.watch('private.survey_questions');

-- What answers are collected on: the Summit (session null) or one session. Made when the first person opens the form; its
-- end is fixed from then on, except that organisers may end it earlier or later while it takes answers.
create table private.survey_collections (
	id uuid primary key default gen_random_uuid(),
	survey_id uuid not null references private.surveys (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	closes_at timestamptz not null,
	-- The pair of keys with which the app signs the tokens of this collection alone; the private one is sealed.
	public_key text check (length(public_key) <= 2000),
	private_key_sealed bytea,
	key_id text,
	-- When, after its end, all answers, texts and marks were written again in random order. Results are shown from then on,
	-- and there is no private key any more.
	finally_mixed_at timestamptz,
	unique nulls not distinct (survey_id, session_id),
	constraint survey_collection_keys check (num_nulls(private_key_sealed, key_id) in (0, 2)
		and (private_key_sealed is null or public_key is not null and finally_mixed_at is null))
);
create index on private.survey_collections (session_id);
alter table private.survey_collections enable row level security;

-- Who has answered, or has been given the token with which they answer. Not audited: an entry has a time, and the order of
-- the marks is that of the answers.
create table private.survey_marks (
	collection_id uuid not null references private.survey_collections (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The hash of the blinded token that was signed, so that a repeated request is given the same signature. It cannot be
	-- compared with a token: each blinded token fits every token. Random where the page had no script, and for everybody
	-- after the final mixing, so that no mark differs from the others.
	blinded_hash bytea not null default extensions.gen_random_bytes(32) check (length(blinded_hash) = 32),
	primary key (collection_id, person_id)
);
create index on private.survey_marks (person_id);
alter table private.survey_marks enable row level security;

-- The answers of one person but for open texts: {key: [values]}.
create table private.survey_answers (
	id uuid primary key default gen_random_uuid(),
	collection_id uuid not null references private.survey_collections (id) on delete cascade,
	-- The hash of the token; random where the page had no script, and for all after the final mixing.
	token_hash bytea not null unique default extensions.gen_random_bytes(32) check (length(token_hash) = 32),
	answers jsonb not null check (jsonb_typeof(answers) = 'object'),
	-- Whether it was written again in random order together with those of others (mix_survey_answers).
	is_mixed boolean not null default false
);
create index on private.survey_answers (collection_id) where not is_mixed;
create index on private.survey_answers (collection_id);
alter table private.survey_answers enable row level security;

-- An open text, apart from the other answers of its author.
create table private.survey_texts (
	id uuid primary key default gen_random_uuid(),
	collection_id uuid not null references private.survey_collections (id) on delete cascade,
	question_id uuid not null references private.survey_questions (id) on delete cascade,
	body text not null check (length(body) between 1 and 2000),
	is_mixed boolean not null default false,
	-- Why it is hidden; '' while it is not.
	hidden_reason text not null default '' check (length(hidden_reason) <= 500),
	constraint hidden_reason_one_line check (private.is_one_line(hidden_reason))
);
create index on private.survey_texts (collection_id);
create index on private.survey_texts (question_id);
alter table private.survey_texts enable row level security;

-- The readers who agreed that a text is released. It takes two.
create table private.survey_text_approvals (
	text_id uuid not null references private.survey_texts (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (text_id, person_id)
);
create index on private.survey_text_approvals (person_id);
alter table private.survey_text_approvals enable row level security;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.surveys', 'settings', '{kind,title,intro,opens_at,closes_at,hours,published_at}', '{}', '{}'),
	('private.survey_questions', 'settings',
		'{key,kind,label,help,choices,is_required,depends_on,depends_values}', '{}', '{}'),
	('survey_text.hidden', 'settings', '{}', '{}', '{reason}'),
	('survey.results_read', 'settings', '{}', '{}', '{}');
