-- Backups (src/local/backup): what this installation is set to, and what each run left. Counts alone: where backups lie and
-- who can open them is known to the environment only.

-- The one row that the job of each process keeps as the environment says.
create table private.backup_settings (
	is_only boolean primary key default true check (is_only),
	-- Whether a backup is made each night.
	is_nightly boolean not null,
	nightly_at time not null,
	-- How old the last good backup may be; null: nobody is alarmed.
	old_after interval,
	-- Since when one is made each night: an alarm waits for the first one.
	nightly_since timestamptz,
	-- When the owners were last alarmed.
	alarmed_at timestamptz,
	-- Since when backups are expected: made by the job, by cron or by a timer. Null: none are set up.
	expected_since timestamptz
);
alter table private.backup_settings enable row level security;

create table private.backup_runs (
	id uuid primary key default gen_random_uuid(),
	-- Of a run by the nightly job: the night, and how many runs it had.
	night date,
	attempt smallint,
	begun_at timestamptz not null default now(),
	ended_at timestamptz,
	outcome private.backup_outcome not null default 'running',
	fault private.backup_fault,
	-- The name of the backup, which is its moment.
	backup text check (backup ~ '^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$'),
	-- Bytes of the encrypted rows, and the files with theirs.
	size bigint check (size >= 0),
	files integer check (files >= 0),
	files_size bigint check (files_size >= 0),
	-- When `restore --verify` was last run on it, and how many faults it found.
	verified_at timestamptz,
	verified_faults integer check (verified_faults >= 0),
	-- Files that the store had lost, and those that were not what the database says.
	missing integer check (missing >= 0),
	damaged integer check (damaged >= 0),
	-- Whether older backups could not be deleted afterwards.
	rotation_failed boolean not null default false,
	-- Where it went: a digest of the address.
	place text check (place ~ '^[0-9a-f]{16}$'),
	check ((night is null) = (attempt is null)),
	check ((outcome = 'running') = (ended_at is null)),
	check ((outcome = 'failed') = (fault is not null)),
	check ((outcome = 'good') = (backup is not null)),
	unique (night, attempt)
);
create index on private.backup_runs (begun_at);
alter table private.backup_runs enable row level security;

-- The archive of the log of a local database (BACKUP_WAL): the one row, where it is expected. Of a hosted one its host has the log.
create table private.wal_archiving (
	is_only boolean primary key default true check (is_only),
	expected_since timestamptz not null default now(),
	-- When all that there was had last been archived.
	archived_at timestamptz,
	-- Since when it fails, and why.
	failing_since timestamptz,
	fault private.backup_fault,
	-- When the process that archives last said anything.
	reported_at timestamptz,
	check ((failing_since is null) = (fault is null))
);
alter table private.wal_archiving enable row level security;
insert into private.retention_rules (table_name, exemption) values ('private.wal_archiving', 'technical');
