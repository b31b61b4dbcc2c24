-- The virus scanner: which versions wait for it, and its results. Without a scanner nothing waits.

-- What the scanner checks: the versions of files of sessions, the files of the library, of pages and of reports on
-- commitments, and the papers of meetings. It has no settings of its own, so that the planner makes it a part of the statement that asks.
create function private.scanned_files() returns table (id uuid, object_name text)
language sql stable as $$
	select v.id, v.object_name from private.file_versions as v
	union all
	select f.id, f.object_name from private.library_files as f
	union all
	select p.id, p.object_name from private.meeting_papers as p where p.object_name is not null
	union all
	select g.id, g.object_name from private.page_files as g
	union all
	select c.id, c.object_name from private.commitment_files as c where c.object_name is not null
$$;

-- The versions to scan now. With a scanner everything is scanned, also what was uploaded while there was none; without
-- one everything that waits becomes `unscanned`. Only files of sessions have more than one version. Answers to questions
-- are sealed: they were scanned before they were stored, or never.
create function private.scans_due(p_has_scanner boolean, p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_has_scanner then
		update private.stored_objects as o set scan = 'unscanned', changed_at = p_now
			where o.state = 'kept' and o.scan in ('waiting', 'failed');
		return;
	end if;
	update private.stored_objects as o set scan = 'waiting', scan_due_at = p_now, changed_at = p_now
		where o.state = 'kept'
			and o.scan = 'unscanned'
			and not exists (select from private.logistics_answers as a where a.object_name = o.name);
	return query
		select v.id
		from private.scanned_files() as v
		join private.stored_objects as o on o.name = v.object_name
		where o.state = 'kept' and o.scan in ('waiting', 'failed') and o.scan_due_at <= p_now
		order by o.scan_due_at
		limit 100;
end
$$;
grant execute on function private.scans_due(boolean, timestamptz) to app_server;

-- The object of a version that still waits for the scanner; null when it was scanned or is gone.
create function private.object_to_scan(p_version uuid) returns text
language sql stable security definer set search_path = '' as $$
	select o.name
	from private.scanned_files() as v
	join private.stored_objects as o on o.name = v.object_name
	where v.id = p_version and o.state = 'kept' and o.scan in ('waiting', 'failed')
$$;
grant execute on function private.object_to_scan(uuid) to app_server;

-- Writes the result of a scan: clean, refused with what was found, or failed with why. A scanner that is away is asked
-- again after one, two, four … minutes and then each half hour; after five tries organisers see that it failed. The
-- bytes of a refused object are deleted.
create function private.finish_scan(
	p_version uuid, p_result public.scan_state, p_note text, p_now timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.object_to_scan(p_version);
	v_object private.stored_objects;
begin
	update private.stored_objects as o
	set scan_attempts = o.scan_attempts + 1,
		scan_note = left(coalesce(p_note, ''), 200),
		changed_at = p_now,
		scan = case
			when p_result <> 'failed' then p_result
			when o.scan_attempts + 1 >= 5 then 'failed'
			else 'waiting'
		end,
		scan_due_at = p_now + least(interval '30 minutes', interval '1 minute' * power(2, least(o.scan_attempts, 10)))
	where o.name = v_name and o.scan in ('waiting', 'failed')
	returning * into v_object;
	if v_object.name is null then return; end if;
	if p_result = 'refused' then perform private.mark_objects_deletable(v_name); end if;
	if not exists (select from private.file_versions as v where v.id = p_version) then
		-- Pages of the library, of groups and of the Summit list the file.
		perform private.publish_event('site', 'changed');
	end if;
	perform private.notify_files_changed(f.session_id)
	from private.file_versions as v
	join private.session_files as f on f.id = v.file_id
	where v.id = p_version;
end
$$;
grant execute on function private.finish_scan(uuid, public.scan_state, text, timestamptz) to app_server;

-- An organiser asks for another scan at once. Answers ok or not_found.
create function public.rescan_file_version(version uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set scan_due_at = now(), changed_at = now()
	from private.file_versions as v
	join private.session_files as f on f.id = v.file_id
	where v.id = version
		and o.name = v.object_name
		and o.state = 'kept'
		and o.scan in ('waiting', 'failed')
		and private.file_access_of(f.session_id) = 'organiser';
	if not found then return 'not_found'; end if;
	perform private.publish_event('outbox', 'file', version);
	return 'ok';
end
$$;
grant execute on function public.rescan_file_version(uuid) to authenticated;
