-- The register of a group: what it decided, and the actions that follow.

create table private.group_decisions (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	wording public.text_map not null check (wording <> '{}'::jsonb),
	decided_on date not null,
	-- Who saw the group when this was written: lowering the level later does not open it.
	level public.group_level not null,
	withdrawn_at timestamptz,
	created_at timestamptz not null default now(),
	-- The meeting that decided it (32_meetings).
	meeting_id uuid,
	-- Until the minutes of the meeting are approved: the level at which it was written.
	written_level public.group_level,
	check (decided_on between date '2000-01-01' and date '2199-12-31'),
	constraint wording_length check (length(wording::text) <= 30000)
);
create index on private.group_decisions (group_id);
create index on private.group_decisions (meeting_id);
alter table private.group_decisions enable row level security;
select audit.watch('private.group_decisions');

create table private.group_actions (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	task public.text_map not null check (task <> '{}'::jsonb),
	-- Null: nobody yet, or somebody whose record is gone.
	owner_id uuid references private.group_people (id) on update cascade on delete set null,
	due_on date,
	done_at timestamptz,
	level public.group_level not null,
	created_at timestamptz not null default now(),
	meeting_id uuid,
	written_level public.group_level,
	check (due_on between date '2000-01-01' and date '2199-12-31'),
	constraint task_one_line check (private.are_one_line(task)),
	constraint task_length check (length(task::text) <= 5000)
);
create index on private.group_actions (group_id);
create index on private.group_actions (owner_id);
create index on private.group_actions (meeting_id);
alter table private.group_actions enable row level security;
select audit.watch('private.group_actions');
