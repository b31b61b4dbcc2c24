-- Whether the log of a local database is archived: for owners, commands and monitors.

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

-- Whether the log of a local database is archived. The process that does it (src/local/backup/wal/archiver.ts) says so as the owner of
-- the schema; the app says each minute whether it is expected.

create function private.expect_wal_archiving(p_is_expected boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_is_expected then
		insert into private.wal_archiving default values on conflict (is_only) do nothing;
	else
		delete from private.wal_archiving;
	end if;
end
$$;
grant execute on function private.expect_wal_archiving(boolean) to app_server;

-- Notes that all was archived, or (`p_fault`) why it was not.
create function private.record_wal_archiving(p_fault private.backup_fault default null) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.wal_archiving as w (archived_at, failing_since, fault, reported_at)
	values (case when p_fault is null then now() end, case when p_fault is not null then now() end, p_fault, now())
	on conflict (is_only) do update set
		archived_at = coalesce(excluded.archived_at, w.archived_at),
		failing_since = case when excluded.fault is not null then coalesce(w.failing_since, now()) end,
		fault = excluded.fault,
		reported_at = now()
$$;

-- {archived_at, failing_since, fault, silent_since: since when the process says nothing, when that is ten minutes or more}. Null
-- where no log is archived here.
create function private.wal_overview(p_now timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'archived_at', private.iso(w.archived_at), 'failing_since', private.iso(w.failing_since), 'fault', w.fault,
		'silent_since', (
			select private.iso(last.said)
			from (select coalesce(w.reported_at, w.expected_since) as said) as last
			where last.said < p_now - interval '10 minutes'))
	from private.wal_archiving as w
$$;

-- {is_nightly, is_expected, old_since, next_at, holder, last_good, wal, runs: the last 30, the newest first}. `old_since`: since
-- when there is no good backup, when that is too long. `next_at`: when the next nightly one is due.
create or replace function private.backup_overview(p_now timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	with runs as (
		select r.begun_at, jsonb_build_object(
			'id', r.id, 'is_nightly', r.night is not null, 'begun_at', private.iso(r.begun_at),
			'ended_at', private.iso(r.ended_at), 'outcome', r.outcome, 'fault', r.fault, 'backup', r.backup, 'size', r.size,
			'files', r.files, 'files_size', r.files_size, 'verified_at', private.iso(r.verified_at),
			'verified_faults', r.verified_faults, 'missing', r.missing, 'damaged', r.damaged,
			'rotation_failed', r.rotation_failed) as run, r.outcome
		from private.backup_runs as r
	)
	select jsonb_build_object(
		'is_nightly', coalesce((select s.is_nightly from private.backup_settings as s), false),
		'is_expected', coalesce((select s.expected_since is not null from private.backup_settings as s), false),
		'old_since', private.iso(private.old_backup_since(p_now)),
		'next_at', (
			select private.iso(private.last_backup_due(s.nightly_at, p_now) + interval '1 day')
			from private.backup_settings as s
			where s.is_nightly),
		'holder', private.backup_lock_holder(),
		'wal', private.wal_overview(p_now),
		'last_good', (select r.run from runs as r where r.outcome = 'good' order by r.begun_at desc limit 1),
		'last_verified', (
			select jsonb_build_object('backup', r.backup, 'at', private.iso(r.verified_at), 'faults', r.verified_faults)
			from private.backup_runs as r
			where r.verified_at is not null
			order by r.verified_at desc
			limit 1),
		'runs', coalesce((
			select jsonb_agg(r.run order by r.begun_at desc)
			from (select * from runs as o order by o.begun_at desc limit 30) as r), '[]'))
$$;

-- The measures of now, in the units of their names; a label for each kind that is counted. `_seconds` is the age of the oldest
-- that is due, 0 when there is none. The library of jobs makes its tables when a process first starts.
create or replace function private.read_measures() returns table (name text, labels jsonb, value double precision)
language plpgsql stable security definer set search_path = '' as $$
begin
	if to_regclass('graphile_worker.jobs') is not null then
		return query execute $jobs$
			select 'jobs_due', jsonb_build_object('job', j.task_identifier), count(*)::double precision
			from graphile_worker.jobs as j
			where j.run_at <= now() and j.attempts < j.max_attempts
			group by j.task_identifier
			union all
			select 'jobs_given_up', jsonb_build_object('job', j.task_identifier), count(*)
			from graphile_worker.jobs as j
			where j.attempts >= j.max_attempts
			group by j.task_identifier
			union all
			select 'jobs_oldest_seconds', '{}', coalesce(extract(epoch from now() - min(j.run_at)), 0)
			from graphile_worker.jobs as j
			where j.run_at <= now() and j.attempts < j.max_attempts and j.locked_at is null
		$jobs$;
	end if;
	return query
	select 'mails', jsonb_build_object('state', o.state), count(*)::double precision
	from private.outbox as o
	where o.state <> 'sent'
	group by o.state
	union all
	select 'mails_oldest_seconds', '{}', coalesce(extract(epoch from now() - min(greatest(o.created_at, o.send_after))), 0)
	from private.outbox as o
	where o.state = 'queued' and o.send_after <= now()
	union all
	select 'seats', jsonb_build_object('summit', s.slug, 'mode', c.mode, 'state', 'capacity'), c.capacity
	from public.mode_capacities as c
	join public.summits as s on s.id = c.summit_id and s.state in ('open', 'live')
	union all
	select 'seats', jsonb_build_object('summit', s.slug, 'mode', x.mode, 'state', x.state), count(*)
	from public.seats as x
	join public.summits as s on s.id = x.summit_id and s.state in ('open', 'live')
	where x.state <> 'released'
	group by s.slug, x.mode, x.state
	union all
	select 'queue', jsonb_build_object('summit', s.slug, 'mode', q.mode), count(*)
	from public.queue_entries as q
	join public.summits as s on s.id = q.summit_id and s.state in ('open', 'live')
	where q.state = 'waiting'
	group by s.slug, q.mode
	union all
	select 'live_sessions', jsonb_build_object('format', r.stage_format), count(*)
	from public.runs as r
	where r.state = 'live'
	group by r.stage_format
	union all
	select 'connections', '{}', count(*) from private.run_connections as c where c.left_at is null
	union all
	select 'backup_age_seconds', '{}', extract(epoch from now() - max(b.ended_at))
	from private.backup_runs as b
	where b.outcome = 'good'
	having max(b.ended_at) is not null
	union all
	select 'wal_age_seconds', '{}', extract(epoch from now() - coalesce(w.archived_at, w.expected_since))
	from private.wal_archiving as w;
end
$$;
