-- The runs of backups: who makes the one of a night, and what each leaves. Called by the job of the app
-- (src/lib/backup/server/nightly.ts) and by the commands, which connect as the owner of the schema.

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

-- The last moment at which a nightly backup was due.
create function private.last_backup_due(p_at time, p_now timestamptz) returns timestamptz
language sql immutable set search_path = '' as $$
	select case when due > p_now then due - interval '1 day' else due end
	from (select ((p_now at time zone 'UTC')::date + p_at) at time zone 'UTC' as due) as today
$$;

-- Begins a run by the command. Answers its id.
create function private.begin_backup() returns uuid
language sql volatile security definer set search_path = '' as $$
	insert into private.backup_runs default values returning id
$$;

-- Ends the rows of runs that were killed: they hold no lock. A run that has just begun may not have it yet.
create function private.end_killed_backups(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	update private.backup_runs as r set outcome = 'failed', fault = 'killed', ended_at = p_now
		where r.outcome = 'running' and r.begun_at < p_now - interval '5 minutes' and not (select private.is_backup_running())
$$;

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
-- an hour, three times in all. A good run by the command since it was due counts too. Locks the settings, so that of
-- several processes each sees what the one before it claimed.
create function private.claim_backup(p_now timestamptz) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_settings private.backup_settings;
	v_due timestamptz;
	v_night date;
	v_attempts integer;
	v_id uuid;
begin
	select * into v_settings from private.backup_settings for no key update;
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
grant execute on function private.claim_backup(timestamptz) to app_server;

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

-- Ends a run as failed, if it has not ended. Answers why it failed; null when it is good.
create function private.fail_backup(p_id uuid, p_fault private.backup_fault) returns private.backup_fault
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.backup_runs as r set outcome = 'failed', fault = p_fault, ended_at = now()
		where r.id = p_id and r.outcome = 'running';
	return (select r.fault from private.backup_runs as r where r.id = p_id);
end
$$;
grant execute on function private.fail_backup(uuid, private.backup_fault) to app_server;

-- Notes that a backup of this installation was verified. False when no run here made it.
create function private.record_backup_verification(p_backup text, p_faults integer) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.backup_runs as r set verified_at = now(), verified_faults = p_faults where r.backup = p_backup;
	return found;
end
$$;
