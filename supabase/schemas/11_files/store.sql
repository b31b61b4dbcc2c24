-- The rows of the objects in the store, from the upload to the deletion, and the comparison of rows with the store.

-- Writes the row before the bytes go to the store. The name is the app's secret: who can give it has just uploaded the
-- object.
create function private.begin_object(
	p_name text, p_media_type text, p_size bigint, p_sha256 text, p_scan public.scan_state
) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.stored_objects (name, media_type, size, sha256, scan)
	values (p_name, p_media_type, p_size, decode(p_sha256, 'hex'), p_scan)
$$;
grant execute on function private.begin_object(text, text, bigint, text, public.scan_state) to app_server;

-- Marks an object as used, when a row points to it for the first time. False when it is not there to be used.
create function private.mark_object_used(p_name text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'kept', changed_at = now()
		where o.name = p_name and o.state = 'writing';
	return found;
end
$$;

-- Whether an object was just uploaded, checked, and not used yet.
create function private.is_new_object(p_name text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.stored_objects as o
		where o.name = p_name and o.state = 'writing' and o.scan in ('clean', 'unscanned'))
$$;

-- Marks objects for deletion, when nothing points to them any more.
create function private.mark_objects_deletable(variadic p_names text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'deletable', changed_at = now()
		where o.name = any (p_names) and o.state <> 'deletable'
$$;

-- The stored object of a row is deleted when the row is deleted or gets another; for triggers of tables that have an
-- `object_name`.
create function private.mark_row_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if old.object_name is not null then perform private.mark_objects_deletable(old.object_name); end if;
	return null;
end
$$;

-- Marks an upload for deletion that was not used.
create function private.abandon_object(p_name text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'deletable', changed_at = now()
		where o.name = p_name and o.state = 'writing'
$$;
grant execute on function private.abandon_object(text) to app_server;

-- Whether the deletion of a file of pages that used this object can still be undone; a minute later than its author can.
create function private.is_object_recoverable(p_name text, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.undoable_acts as u
		where u.act = 'page_file_deleted'
			and u.made_at > p_now - interval '11 minutes'
			and u.changes @> jsonb_build_array(jsonb_build_object('before', jsonb_build_object('object_name', p_name))))
$$;

-- Whether a backup copies objects now: until it ends none is deleted. It takes this lock before it looks at the database, so
-- what it sees as kept was not deletable before, and is still there when it is copied.
create function private.is_backup_running() returns boolean
language sql volatile security definer set search_path = '' as $$
	select exists (
		select from pg_catalog.pg_locks as l
		where l.locktype = 'advisory' and l.classid = 20261201 and l.objid = 1 and l.objsubid = 2 and l.granted
			and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
$$;

-- The objects that the store may delete now: those that nothing points to any more, and uploads that were never finished.
create function private.objects_to_erase(p_now timestamptz default now()) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o
	where (o.state = 'deletable' and not private.is_object_recoverable(o.name, p_now)
			or o.state = 'writing' and o.changed_at < p_now - interval '2 hours')
		and not (select private.is_backup_running())
	order by o.changed_at limit 200
$$;
grant execute on function private.objects_to_erase(timestamptz) to app_server;

-- Deletes the rows of objects that the store has deleted. An object that was used in the meantime keeps its row; the
-- row of what the scanner refused stays beside its version or file, to say why.
create function private.delete_object_rows(p_names text[], p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'gone', changed_at = p_now
	where o.name = any (p_names)
		and o.state = 'deletable'
		and (exists (select from private.file_versions as v where v.object_name = o.name)
			or exists (select from private.page_files as f where f.object_name = o.name)
			or exists (select from private.library_files as f where f.object_name = o.name)
			or exists (select from private.commitment_files as c where c.object_name = o.name)
			or exists (select from private.meeting_papers as p where p.object_name = o.name));
	delete from private.stored_objects as o
	where o.name = any (p_names)
		and (o.state = 'deletable' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours');
end
$$;
grant execute on function private.delete_object_rows(text[], timestamptz) to app_server;

-- The objects in the store that have no row, while no backup runs.
create function private.unknown_objects(p_names text[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select given.name
	from unnest(p_names) as given (name)
	where not exists (select from private.stored_objects as o where o.name = given.name)
		and not (select private.is_backup_running())
$$;
grant execute on function private.unknown_objects(text[]) to app_server;

-- The rows whose object was not in the store when it was listed at `p_looked_at`.
create function private.missing_objects(p_present text[], p_looked_at timestamptz) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name
	from private.stored_objects as o
	where o.state = 'kept' and o.changed_at < p_looked_at and o.name <> all (p_present)
$$;
grant execute on function private.missing_objects(text[], timestamptz) to app_server;

-- Notes that the store no longer has these objects.
create function private.mark_lost_objects(p_names text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'lost', changed_at = now()
		where o.name = any (p_names) and o.state = 'kept'
$$;
grant execute on function private.mark_lost_objects(text[]) to app_server;
