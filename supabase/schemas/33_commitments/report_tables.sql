-- Progress on commitments: reports of its members, their verification, comments of peers, and reminders.

create type public.commitment_progress as enum ('on_track', 'at_risk', 'delivered');

-- A report of a member. `links` is the evidence: [{url, title}].
create table private.commitment_reports (
	id uuid primary key default gen_random_uuid(),
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	member_id uuid not null references public.members (id) on delete restrict,
	progress public.commitment_progress not null,
	value numeric(18, 2) check (value <> 'NaN'),
	body public.text_map not null check (body <> '{}'::jsonb),
	links jsonb not null default '[]' check (jsonb_typeof(links) = 'array' and jsonb_array_length(links) <= 10),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default clock_timestamp(),
	-- For whom the commitment was when this was written: a later version for everybody does not open it.
	audience public.commitment_audience not null default 'members',
	constraint links_one_line check (private.are_one_line(links))
);
create index on private.commitment_reports (commitment_id, written_at);
create index on private.commitment_reports (member_id);
create index on private.commitment_reports (written_by);
alter table private.commitment_reports enable row level security;
select audit.watch('private.commitment_reports', 'written_by');
create trigger never_change before update or delete on private.commitment_reports
	for each row execute function private.refuse_history_change('written_by', 'member_id');

-- The files of a report, evidence beside its links. What was removed keeps its row, without its name and object.
create table private.commitment_files (
	id uuid primary key default gen_random_uuid(),
	report_id uuid not null references private.commitment_reports (id) on delete restrict,
	-- Text only: no path, no control character, no character that changes the direction of what follows.
	shown_name text check (length(shown_name) between 1 and 200
		and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	object_name text unique references private.stored_objects (name) on delete restrict,
	added_by uuid references public.people (id) on update cascade on delete set null,
	added_at timestamptz not null default clock_timestamp(),
	removed_at timestamptz,
	check ((removed_at is null) = (shown_name is not null) and (removed_at is null) = (object_name is not null))
);
create index on private.commitment_files (report_id);
create index on private.commitment_files (added_by);
alter table private.commitment_files enable row level security;
select audit.watch('private.commitment_files', 'added_by', 'shown_name', 'object_name');

-- The secretariat has seen the evidence of a report. Without a row a report is the member's own word.
create table private.commitment_verifications (
	report_id uuid primary key references private.commitment_reports (id) on delete restrict,
	verified_by uuid references public.people (id) on update cascade on delete set null,
	verified_at timestamptz not null default now()
);
create index on private.commitment_verifications (verified_by);
alter table private.commitment_verifications enable row level security;
select audit.watch('private.commitment_verifications', 'verified_by');
create trigger never_change before update or delete on private.commitment_verifications
	for each row execute function private.refuse_history_change('verified_by');

-- A comment of a peer: a focal point of a member, who speaks for it.
create table private.commitment_comments (
	id uuid primary key default gen_random_uuid(),
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	member_id uuid not null references public.members (id) on delete restrict,
	body text not null check (length(body) between 1 and 2000),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default clock_timestamp()
);
create index on private.commitment_comments (commitment_id, written_at);
create index on private.commitment_comments (member_id);
create index on private.commitment_comments (written_by);
alter table private.commitment_comments enable row level security;
select audit.watch('private.commitment_comments', 'written_by');
create trigger never_change before update or delete on private.commitment_comments
	for each row execute function private.refuse_history_change('written_by', 'member_id');

-- When the focal points of a commitment were reminded of a report.
create table private.commitment_reminders (
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	sent_at timestamptz not null default now(),
	primary key (commitment_id, sent_at)
);
alter table private.commitment_reminders enable row level security;
