-- Captions: what is said in a run, line by line, in one or more languages. Captioners of the session write them, or an
-- engine with a token that whoever runs the stage has made. At a level that allows no transcript they are shown while
-- they are spoken, and erased.

create table private.caption_tokens (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	revoked_at timestamptz
);
alter table private.caption_tokens enable row level security;
create index on private.caption_tokens (run_id);
create index on private.caption_tokens (created_by);
select audit.watch('private.caption_tokens', '', 'token_hash');

create table private.caption_lines (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	number integer not null,
	-- Milliseconds since the run began.
	starts integer not null check (starts >= 0),
	ends integer not null check (ends >= starts),
	words text not null check (length(words) between 1 and 500),
	-- An engine says half a line first, under a key of its own, and then the whole.
	key text check (length(key) <= 64),
	is_final boolean not null default true,
	-- Everybody on stage had agreed to be recorded when this was said; else it is shown and not kept for a transcript.
	is_kept boolean not null,
	written_by uuid references public.people (id) on update cascade on delete set null,
	token_id uuid references private.caption_tokens (id) on delete set null,
	corrected_at timestamptz,
	corrected_by uuid references public.people (id) on update cascade on delete set null,
	unique (run_id, language, number),
	unique (token_id, key),
	level public.confidentiality not null,
	constraint words_one_line check (private.is_one_line(words)),
	constraint key_one_line check (private.is_one_line(key))
);
alter table private.caption_lines enable row level security;
create index on private.caption_lines (written_by);
create index on private.caption_lines (corrected_by);

-- Whose words a transcript may hold: whoever was on stage when a line was kept. Taken out of the session, or saying no
-- to it, they have taken their consent back, and nobody reads it any more; as with recordings.

create table private.caption_people (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (run_id, person_id)
);
alter table private.caption_people enable row level security;
create index on private.caption_people (person_id);

-- A line of captions that a person took away stays away: its engine cannot say it anew under the same key.

create table private.taken_captions (
	token_id uuid not null references private.caption_tokens (id) on delete cascade,
	key text not null,
	run_id uuid not null references public.runs (id) on delete cascade,
	number integer not null,
	primary key (token_id, key),
	constraint key_one_line check (private.is_one_line(key))
);
alter table private.taken_captions enable row level security;
create index on private.taken_captions (run_id);
