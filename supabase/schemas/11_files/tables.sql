-- The store of files, the files of sessions with their versions, and portraits.

create type public.scan_state as enum ('waiting', 'clean', 'unscanned', 'refused', 'failed');

-- The objects in the store: a row is written before its object, so that neither exists without the other. Names are
-- random and say nothing of a person; only the app knows them.
create table private.stored_objects (
	name text primary key check (name ~ '^[a-z0-9]{32}$'),
	media_type text not null,
	size bigint not null check (size > 0),
	sha256 bytea not null check (length(sha256) = 32),
	-- writing: nothing points to it yet. deletable: the store may delete it. gone: the store deleted it. lost: the
	-- store no longer has it, although we did not delete it.
	state text not null default 'writing' check (state in ('writing', 'kept', 'deletable', 'gone', 'lost')),
	scan public.scan_state not null,
	scan_note text not null default '' check (length(scan_note) <= 200),
	scan_attempts integer not null default 0,
	scan_due_at timestamptz not null default now(),
	created_at timestamptz not null default now(),
	changed_at timestamptz not null default now()
);
create index on private.stored_objects (state, changed_at) where state in ('writing', 'deletable');
create index on private.stored_objects (scan_due_at)
	where state = 'kept' and scan in ('waiting', 'failed', 'unscanned');
alter table private.stored_objects enable row level security;

create type public.file_kind as enum ('slides', 'handout');

-- stage: for the people of the session and organisers. session: also for everybody who may enter it.
create type public.file_publication as enum ('stage', 'session');

-- The due date and size limits of a Summit: of one file, of all files of a session, of what one person uploads within a
-- day, and of all session files of the Summit.
create table private.file_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	due_at timestamptz,
	slides_mb integer not null default 50 check (slides_mb between 1 and 100),
	handouts_mb integer not null default 20 check (handouts_mb between 1 and 100),
	session_mb integer not null default 2000 check (session_mb between 100 and 100000),
	person_mb integer not null default 1000 check (person_mb between 100 and 100000),
	summit_gb integer not null default 50 check (summit_gb between 1 and 10000)
);
alter table private.file_settings enable row level security;
select audit.watch('private.file_settings');

-- Slides and handouts of a session. Each upload is a version.
create table private.session_files (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	kind public.file_kind not null,
	publication public.file_publication not null default 'stage',
	-- The level in force when it was published: lowering a level opens nothing that was made before.
	level public.confidentiality not null,
	created_at timestamptz not null default now(),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
create index on private.session_files (session_id);
create index on private.session_files (summit_id);
alter table private.session_files enable row level security;
select audit.watch('private.session_files');

-- The versions of a file. The one that was chosen last, of those that may be served, is shown.
create table private.file_versions (
	id uuid primary key default gen_random_uuid(),
	file_id uuid not null references private.session_files (id) on delete cascade,
	number integer not null check (number > 0),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	-- Text only: no path, no control character, no character that changes the direction of what follows.
	shown_name text not null check (length(shown_name) between 1 and 200
		and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	language text check (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'),
	is_late boolean not null default false,
	uploaded_by uuid references public.people (id) on update cascade on delete set null,
	uploaded_at timestamptz not null default now(),
	chosen_at timestamptz default now(),
	withdrawn_at timestamptz,
	unique (file_id, number)
);
create index on private.file_versions (uploaded_by);
alter table private.file_versions enable row level security;
select audit.watch('private.file_versions', 'uploaded_by', 'shown_name', 'object_name');

-- Square portraits of those who speak, in two sizes, shown beside their names. A person who is protected or under 18
-- has none.
create table private.portraits (
	-- The value of people.portrait_path.
	id text primary key check (id ~ '^[a-z0-9]{32}$'),
	person_id uuid not null unique references public.people (id) on update cascade on delete cascade,
	large_object text not null unique references private.stored_objects (name) on delete restrict,
	small_object text not null unique references private.stored_objects (name) on delete restrict,
	created_at timestamptz not null default now()
);
alter table private.portraits enable row level security;
select audit.watch('private.portraits', 'person_id', 'id', 'large_object', 'small_object');
