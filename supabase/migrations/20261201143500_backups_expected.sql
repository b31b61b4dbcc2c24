-- Backups that cron or a timer makes are expected too, a good run keeps what it warned of, and old runs are cleaned up everywhere.

alter table private.backup_settings add column expected_since timestamptz;
update private.backup_settings set expected_since = nightly_since;

alter table private.backup_runs
	add column missing integer check (missing >= 0),
	add column damaged integer check (damaged >= 0),
	add column rotation_failed boolean not null default false;

drop function private.set_backup_settings(boolean, time, interval);
-- Keeps the settings as the environment says. Backups may be expected (`p_is_expected`) where cron or a timer makes them.
create function private.set_backup_settings(
	p_is_nightly boolean, p_at time, p_old_after interval, p_is_expected boolean default null) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.backup_settings as s (is_nightly, nightly_at, old_after, nightly_since, expected_since)
	values (p_is_nightly, p_at, p_old_after, case when p_is_nightly then now() end,
		case when coalesce(p_is_expected, p_is_nightly) then now() end)
	on conflict (is_only) do update set
		is_nightly = excluded.is_nightly,
		nightly_at = excluded.nightly_at,
		old_after = excluded.old_after,
		nightly_since = case when excluded.is_nightly then coalesce(s.nightly_since, now()) end,
		expected_since = case
			when excluded.expected_since is not null then coalesce(s.expected_since, s.nightly_since, now()) end
	where (s.is_nightly, s.nightly_at, s.old_after, s.expected_since is not null)
		is distinct from (excluded.is_nightly, excluded.nightly_at, excluded.old_after, excluded.expected_since is not null)
$$;
grant execute on function private.set_backup_settings(boolean, time, interval, boolean) to app_server;

-- Ends what was killed and forgets old runs, also where the app makes no backup itself.
create function private.clean_backup_runs(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.end_killed_backups(p_now);
	delete from private.backup_runs as r where r.begun_at < p_now - interval '400 days';
end
$$;
grant execute on function private.clean_backup_runs(timestamptz) to app_server;

-- Claims the backup of this night for one process: null while there is nothing to do. A failed one is tried again after half
-- an hour, three times in all. A good run by the command since it was due counts too.
create or replace function private.claim_backup(p_now timestamptz) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_settings private.backup_settings;
	v_due timestamptz;
	v_night date;
	v_attempts integer;
	v_id uuid;
begin
	select * into v_settings from private.backup_settings;
	if v_settings.is_nightly is not true then return null; end if;
	perform private.clean_backup_runs(p_now);
	v_due := private.last_backup_due(v_settings.nightly_at, p_now);
	v_night := (v_due at time zone 'UTC')::date;
	if v_due < v_settings.nightly_since
		or exists (
			select from private.backup_runs as r
			where r.outcome = 'running' or r.outcome = 'good' and r.begun_at >= v_due
				or r.night = v_night and r.ended_at > p_now - interval '30 minutes')
	then
		return null;
	end if;
	select count(*) into v_attempts from private.backup_runs as r where r.night = v_night;
	if v_attempts >= 3 then return null; end if;
	insert into private.backup_runs (night, attempt, begun_at) values (v_night, v_attempts + 1, p_now)
		on conflict (night, attempt) do nothing
		returning id into v_id;
	return v_id;
end
$$;

drop function private.record_backup(uuid, text, bigint, integer, bigint);
-- Ends a run as good, also one that was taken for killed and is good all the same.
create function private.record_backup(
	p_id uuid, p_backup text, p_size bigint, p_files integer, p_files_size bigint, p_missing integer default null,
	p_damaged integer default null) returns void
language sql volatile security definer set search_path = '' as $$
	update private.backup_runs as r
		set outcome = 'good', fault = null, ended_at = now(), backup = p_backup, size = p_size, files = p_files,
			files_size = p_files_size, missing = p_missing, damaged = p_damaged
		where r.id = p_id and r.outcome <> 'good'
$$;

-- Notes on a good run that older backups could not be deleted after it.
create function private.fail_backup_rotation(p_id uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.backup_runs as r set rotation_failed = true where r.id = p_id
$$;

-- Since when there is no good backup, when that is too long. Nobody is alarmed where none are set up and none was ever made,
-- nor before the first one was due; the moment of a backup is when it began.
create or replace function private.old_backup_since(p_now timestamptz) returns timestamptz
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

-- {is_nightly, is_expected, old_since, next_at, holder, last_good, runs: the last 30, the newest first}. `old_since`: since
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
