-- Captions: what is said in a run, line by line, in one or more languages; the tokens of engines that write them; and
-- who is in a transcript.

-- The token of an engine for one run and one language, stored as a hash.
create table private.caption_tokens (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	revoked_at timestamptz
);
create index on private.caption_tokens (run_id);
create index on private.caption_tokens (created_by);
alter table private.caption_tokens enable row level security;
select audit.watch('private.caption_tokens', '', 'token_hash');

-- One line of captions.
create table private.caption_lines (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	number integer not null,
	-- Milliseconds since the run began.
	starts integer not null check (starts >= 0),
	ends integer not null check (ends >= starts),
	words text not null check (length(words) between 1 and 500),
	-- An engine first sends a part of a line, under its own key, and then the whole line.
	key text check (length(key) <= 64),
	is_final boolean not null default true,
	-- Everybody on stage had agreed to be recorded when this was said. Otherwise the line is shown, and not kept for a
	-- transcript.
	is_kept boolean not null,
	written_by uuid references public.people (id) on update cascade on delete set null,
	token_id uuid references private.caption_tokens (id) on delete set null,
	corrected_at timestamptz,
	corrected_by uuid references public.people (id) on update cascade on delete set null,
	-- The level at which it was said.
	level public.confidentiality not null,
	unique (run_id, language, number),
	unique (token_id, key),
	constraint words_one_line check (private.is_one_line(words)),
	constraint key_one_line check (private.is_one_line(key))
);
create index on private.caption_lines (written_by);
create index on private.caption_lines (corrected_by);
create index caption_lines_left_out on private.caption_lines (run_id) where not is_kept;
alter table private.caption_lines enable row level security;

-- Whose words a transcript may hold: everybody who was on stage when a line was kept. Somebody who leaves the session
-- or says no to the transcript has withdrawn their consent, and nobody reads it any more; the same holds for
-- recordings.
create table private.caption_people (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (run_id, person_id)
);
create index on private.caption_people (person_id);
alter table private.caption_people enable row level security;

-- Lines that a person deleted: their engine cannot write them again under the same key.
create table private.deleted_captions (
	token_id uuid not null references private.caption_tokens (id) on delete cascade,
	key text not null,
	run_id uuid not null references public.runs (id) on delete cascade,
	number integer not null,
	primary key (token_id, key),
	constraint key_one_line check (private.is_one_line(key))
);
create index on private.deleted_captions (run_id);
alter table private.deleted_captions enable row level security;
