-- The interpreted sound of recordings: which interpreters agreed, whose voice is in it, and the files by language.

-- Interpreters who agreed that their booths are recorded in a run.
create table private.booth_consents (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	given_at timestamptz not null default now(),
	primary key (run_id, person_id)
);
create index on private.booth_consents (person_id);
alter table private.booth_consents enable row level security;

-- The sound of a recording in one language: the interpreters, and the original where nobody interprets. Its file is as
-- long as the picture.
create table private.recording_languages (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	-- Null until it is made, and where it could not be made or cut.
	object_name text unique references private.stored_objects (name) on delete restrict,
	-- The file before a trim, kept as long as the whole picture.
	whole_object_name text unique references private.stored_objects (name) on delete restrict,
	-- For how long nothing came from the recorder, in milliseconds: there the file has the original.
	missing_ms integer not null default 0 check (missing_ms >= 0),
	-- Somebody interpreted who had not agreed to be recorded.
	is_refused boolean not null default false,
	-- Organisers leave it out of what is published.
	is_left_out boolean not null default false,
	-- The process that makes the file, and until when it is believed to live. The process renews this while it works.
	held_by text,
	held_until timestamptz not null default '-infinity',
	attempts integer not null default 0,
	-- Why the last try failed: interrupted (its process ended), gone (a file), unreadable, store.
	reason text not null default '' check (reason in ('', 'interrupted', 'gone', 'unreadable', 'store')),
	primary key (recording_id, language)
);
alter table private.recording_languages enable row level security;
-- A process renews its claim every few seconds, which is no act of anybody.
create trigger audit_record_insert after insert on private.recording_languages
	for each row execute function audit.record_change('', 'object_name', 'whole_object_name', 'held_by');
create trigger audit_record_update after update on private.recording_languages for each row
	when ((old.object_name, old.whole_object_name, old.is_left_out)
		is distinct from (new.object_name, new.whole_object_name, new.is_left_out))
	execute function audit.record_change('', 'object_name', 'whole_object_name', 'held_by');
create trigger audit_record_delete after delete on private.recording_languages
	for each row execute function audit.record_change('', 'object_name', 'whole_object_name', 'held_by');

-- The pieces of a language in a part, in the order in which they came, until they are made into its file.
create table private.recording_language_chunks (
	recording_id uuid not null,
	part integer not null,
	language text not null,
	number integer not null check (number between 1 and 20000),
	-- When in the part its first piece begins, in milliseconds: a booth may be opened in the middle.
	starts_ms integer not null default 0 check (starts_ms between 0 and 36000000),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	received_at timestamptz not null default now(),
	primary key (recording_id, part, language, number),
	foreign key (recording_id, part) references private.recording_parts (recording_id, number) on delete cascade,
	foreign key (recording_id, language) references private.recording_languages (recording_id, language)
		on delete cascade
);
create index on private.recording_language_chunks (recording_id, language);
alter table private.recording_language_chunks enable row level security;

-- When the recorder was told to record whose voice, by the clock of the database.
create table private.recording_voices (
	id bigint generated always as identity primary key,
	recording_id uuid not null,
	language text not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	started_at timestamptz not null default now(),
	ended_at timestamptz not null default now(),
	-- A process is taking this voice out of the file.
	is_leaving boolean not null default false,
	foreign key (recording_id, language) references private.recording_languages (recording_id, language)
		on delete cascade
);
create index on private.recording_voices (recording_id, language, id);
create index on private.recording_voices (person_id);
alter table private.recording_voices enable row level security;
