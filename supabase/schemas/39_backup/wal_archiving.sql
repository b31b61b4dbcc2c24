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
