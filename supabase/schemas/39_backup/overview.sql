-- Whether there is a good backup, for owners and for monitors.

-- Since when there is no good backup, when that is too long. Nobody is alarmed where none are set up and none was ever made,
-- nor before the first one was due; the moment of a backup is when it began.
create function private.old_backup_since(p_now timestamptz) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select last.since
	from private.backup_settings as s
	cross join lateral (
		select greatest(
			(select max(r.begun_at) from private.backup_runs as r where r.outcome = 'good'), s.expected_since,
			s.nightly_since) as since
	) as last
	where last.since < p_now - s.old_after
$$;

-- Alarms the owners of the installation by mail when the last good backup is too old, once a day. Answers since when there is
-- none in the run that alarms them, else null. One run at a time: the row of the settings is locked.
create function private.alarm_old_backups(p_now timestamptz) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_since timestamptz := private.old_backup_since(p_now);
	v_owner uuid;
begin
	if v_since is null then
		update private.backup_settings as s set alarmed_at = null where s.alarmed_at is not null;
		return null;
	end if;
	update private.backup_settings as s set alarmed_at = p_now
		where s.alarmed_at is null or s.alarmed_at <= p_now - interval '1 day';
	if not found then return null; end if;
	for v_owner in select o from private.role_holders('owner', null) as o loop
		perform private.enqueue_mail(v_owner, 'backups_old', jsonb_build_object('since', private.iso(v_since)));
	end loop;
	return v_since;
end
$$;
grant execute on function private.alarm_old_backups(timestamptz) to app_server;

-- Who holds the lock of backups, while which no stored file is deleted: {since, by}; null while nobody does.
create function private.backup_lock_holder() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('since', private.iso(a.backend_start), 'by', a.application_name)
	from pg_catalog.pg_locks as l
	join pg_catalog.pg_stat_activity as a on a.pid = l.pid
	where l.locktype = 'advisory' and l.classid = 20261201 and l.objid = 1 and l.objsubid = 2 and l.granted
		and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
	order by a.backend_start
	limit 1
$$;
grant execute on function private.backup_lock_holder() to app_server;

-- {is_nightly, is_expected, old_since, next_at, holder, last_good, wal, runs: the last 30, the newest first}. `old_since`: since
-- when there is no good backup, when that is too long. `next_at`: when the next nightly one is due.
create function private.backup_overview(p_now timestamptz) returns jsonb
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

-- The same for owners of the installation; null for everybody else.
create function public.read_backups() returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.backup_overview(now()) where private.has_role(null, 'owner')
$$;
grant execute on function public.read_backups() to authenticated;
