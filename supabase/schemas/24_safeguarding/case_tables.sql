-- Cases: the work of safeguarding on one or several concerns. All tables are private; only functions read and write
-- them.

-- A case. Its texts are sealed by the app with the case's own key, which is sealed with SEALING_KEY: with this row goes
-- the key, and nothing of the case can be read any more. The reference is random: it counts nothing.
create table private.cases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	reference text not null unique default private.random_code(6) check (reference ~ '^[A-Z0-9]{6}$'),
	severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
	category text not null check (category in ('child', 'material', 'sexual', 'harassment', 'threat', 'privacy',
		'wellbeing', 'other')),
	state text not null default 'open' check (state in ('open', 'waiting', 'closed')),
	lead_id uuid references public.people (id) on update cascade on delete set null,
	key_sealed bytea not null check (length(key_sealed) <= 200),
	key_id text not null,
	-- Counts the changes: of two leads who change a case at once, the second is told.
	version integer not null default 1,
	opened_by uuid references public.people (id) on update cascade on delete set null,
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	outcome text check (outcome in ('resolved', 'referred', 'not_confirmed', 'no_action', 'other')),
	check ((state = 'closed') = (closed_at is not null)),
	check ((closed_at is null) = (outcome is null))
);
create index on private.cases (summit_id, opened_at desc);
create index on private.cases (lead_id);
create index on private.cases (opened_by);
alter table private.cases enable row level security;
select audit.watch('private.cases', '', 'key_sealed', 'key_id');

-- The concerns of a case. A concern is in one case at most. Whom one of them is about sees none of them, and nothing of
-- the case.
create table private.case_concerns (
	concern_id uuid primary key references private.concerns (id) on delete cascade,
	case_id uuid not null references private.cases (id) on delete cascade,
	joined_by uuid references public.people (id) on update cascade on delete set null,
	joined_at timestamptz not null default now()
);
create index on private.case_concerns (case_id);
create index on private.case_concerns (joined_by);
alter table private.case_concerns enable row level security;
select audit.watch('private.case_concerns');

-- The timeline of a case: notes, hand-overs to the next shift, acts, and how it ended. Nothing is changed or deleted.
create table private.case_entries (
	id uuid primary key default gen_random_uuid(),
	case_id uuid not null references private.cases (id) on delete cascade,
	kind text not null check (kind in ('note', 'handover', 'act', 'outcome')),
	text_sealed bytea not null check (length(text_sealed) <= 20000),
	-- Of the form and what it said: a form that is sent twice adds one entry.
	form_hash bytea not null unique check (length(form_hash) = 32),
	author_id uuid references public.people (id) on update cascade on delete set null,
	at timestamptz not null default clock_timestamp()
);
create index on private.case_entries (case_id, at);
create index on private.case_entries (author_id);
alter table private.case_entries enable row level security;
select audit.watch('private.case_entries', '', 'text_sealed', 'form_hash');

-- Recordings that a case holds: sealed, and neither deleted by the programme nor by their period. The hold ends with
-- the case. It is no row of private.legal_holds, because owners read those, and whom a case is about must not find it.
create table private.held_recordings (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	case_id uuid not null references private.cases (id) on delete cascade,
	held_by uuid references public.people (id) on update cascade on delete set null,
	held_at timestamptz not null default now(),
	primary key (recording_id, case_id)
);
create index on private.held_recordings (case_id);
create index on private.held_recordings (held_by);
alter table private.held_recordings enable row level security;
select audit.watch('private.held_recordings');
