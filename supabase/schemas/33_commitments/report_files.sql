-- The files of reports: those who report add them until the report is verified, and readers of the report open them.

-- The report, if the reader acts for its member; the commitment is locked, so that it is not verified meanwhile.
create function private.lock_own_report(p_report uuid) returns private.commitment_reports
language plpgsql volatile security definer set search_path = '' as $$
declare
	r private.commitment_reports;
begin
	perform from private.commitments as c
	join private.commitment_reports as x on x.commitment_id = c.id
	where x.id = p_report
	for update of c;
	select x.* into r
	from private.commitment_reports as x
	where x.id = p_report and x.member_id in (select private.my_current_members());
	return r;
end
$$;

-- What became of a file: kept | checking (by the virus scanner) | refused (by it, or lost by the store) | removed.
create function private.commitment_file_state(f private.commitment_files) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when f.removed_at is not null then 'removed'
		when o.state = 'kept' and o.scan in ('clean', 'unscanned') then 'kept'
		when o.state = 'kept' and o.scan in ('waiting', 'failed') then 'checking'
		else 'refused'
	end
	from (select) as always
	left join private.stored_objects as o on o.name = f.object_name
$$;

-- Whether a report may still get files: {status: ok | not_found | full}. It has at most ten, and those of a commitment
-- together at most 500 MB.
create function public.begin_commitment_file(report uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', case
		when r.id is null
			or c.state = 'withdrawn'
			or exists (select from private.commitment_verifications as v where v.report_id = r.id) then 'not_found'
		when (
			select count(*)
			from private.commitment_files as f
			where f.report_id = r.id and private.commitment_file_state(f) in ('kept', 'checking')) >= 10
			or (
				select coalesce(sum(o.size), 0)
				from private.commitment_files as f
				join private.commitment_reports as x on x.id = f.report_id and x.commitment_id = r.commitment_id
				join private.stored_objects as o on o.name = f.object_name) > 500000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.commitment_reports as r
		on r.id = begin_commitment_file.report and r.member_id in (select private.my_current_members())
	left join private.commitments as c on c.id = r.commitment_id
$$;
grant execute on function public.begin_commitment_file(uuid) to authenticated;

-- Adds a file to a report: an upload, whose `object` is known to the app alone, which has checked its content and had it
-- scanned. The upload of somebody with an alias gets a neutral name, because the name of a file may contain theirs. Answers
-- as begin_commitment_file, and invalid. Locks the commitment.
create function public.add_commitment_file(report uuid, name text, object text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitment_reports := private.lock_own_report(report);
	v_begun jsonb := public.begin_commitment_file(report);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if object is null or not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.commitment_files (report_id, shown_name, object_name, added_by)
	values (v.id, private.uploaded_file_name('file', add_commitment_file.name), object, private.me());
	perform private.publish_event('site', 'changed');
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.add_commitment_file(uuid, text, text) to authenticated;

-- Removes a file: those who act for its member until the report is verified, and those who run the community at any time.
-- That there was one stays. Locks the commitment.
create function public.remove_commitment_file(file uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_report uuid := (select f.report_id from private.commitment_files as f where f.id = file);
	v private.commitment_reports := private.lock_own_report(v_report);
begin
	if not private.runs_community() and (v.id is null or exists (
		select from private.commitment_verifications as x where x.report_id = v_report)) then
		return 'not_found';
	end if;
	update private.commitment_files as f
	set removed_at = now(), shown_name = null, object_name = null
	where f.id = file and f.removed_at is null;
	if not found then return 'not_found'; end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.remove_commitment_file(uuid) to authenticated;

create trigger mark_removed_file after update of object_name on private.commitment_files for each row
	when (old.object_name is not null and old.object_name is distinct from new.object_name)
	execute function private.mark_row_object_deletable();

-- A file of a report that the reader sees: {name, media_type, size, sha256}; null for others, and when it is gone.
create function public.open_commitment_file(file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('name', f.shown_name, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'))
	from private.commitment_files as f
	join private.commitment_reports as r on r.id = f.report_id
	join private.stored_objects as o on o.name = f.object_name and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = open_commitment_file.file
		and private.shown_commitment_version(r.commitment_id) is not null
		and r.commitment_id in (select private.visible_commitments((select private.me())))
		and (r.audience = 'public' or private.reads_as_member())
$$;
grant execute on function public.open_commitment_file(uuid) to anon, authenticated;

-- The object of a file, for the app alone, which has checked who reads it.
create function private.object_of_commitment_file(p_file uuid) returns text
language sql stable security definer set search_path = '' as $$
	select f.object_name from private.commitment_files as f where f.id = p_file
$$;
grant execute on function private.object_of_commitment_file(uuid) to app_server;
