-- What lies in the store of files: one row for each object, written before the object is, so that neither is left
-- without the other. Names are random and never a person's; the app alone knows them.

-- Before the bytes go to the store. The name is the app's secret: whoever can say it has just uploaded it.
create function private.begin_object(p_name text, p_media_type text, p_size bigint, p_sha256 text,
	p_scan public.scan_state) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.stored_objects (name, media_type, size, sha256, scan)
		values (p_name, p_media_type, p_size, decode(p_sha256, 'hex'), p_scan)
$$;
grant execute on function private.begin_object(text, text, bigint, text, public.scan_state) to app_server;

-- Points to an object for the first time. False when it is not there to be taken.
create function private.keep_object(p_name text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'kept', changed_at = now()
		where o.name = p_name and o.state = 'writing';
	return found;
end
$$;

create function private.doom_objects(variadic p_names text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'doomed', changed_at = now()
		where o.name = any (p_names) and o.state <> 'doomed'
$$;

-- What was uploaded and then not wanted.
create function private.abandon_object(p_name text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'doomed', changed_at = now()
		where o.name = p_name and o.state = 'writing'
$$;
grant execute on function private.abandon_object(text) to app_server;

-- What the store may drop: what nothing points to any more, and what was begun and never finished.
create function private.objects_to_erase(p_now timestamptz default now()) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o
	where o.state = 'doomed' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours'
	order by o.changed_at limit 200
$$;
grant execute on function private.objects_to_erase(timestamptz) to app_server;

-- Their rows go when the store has dropped them, and no earlier. One that was taken in the meantime stays; of what the
-- scanner refused, the row stays beside its version and says why.
create function private.forget_objects(p_names text[], p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'gone', changed_at = p_now
		where o.name = any (p_names) and o.state = 'doomed'
		and exists (select from private.file_versions as v where v.object_name = o.name);
	delete from private.stored_objects as o where o.name = any (p_names)
		and (o.state = 'doomed' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours');
end
$$;
grant execute on function private.forget_objects(text[], timestamptz) to app_server;

-- Of the objects that the store has, those that no row names.
create function private.unknown_objects(p_names text[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select given.name from unnest(p_names) as given (name)
		where not exists (select from private.stored_objects as o where o.name = given.name)
$$;
grant execute on function private.unknown_objects(text[]) to app_server;

-- Rows whose object was not among those that the store had when it was looked through.
create function private.missing_objects(p_present text[], p_looked_at timestamptz) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o
		where o.state = 'kept' and o.changed_at < p_looked_at and o.name <> all (p_present)
$$;
grant execute on function private.missing_objects(text[], timestamptz) to app_server;

create function private.mark_lost_objects(p_names text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'lost', changed_at = now()
		where o.name = any (p_names) and o.state = 'kept'
$$;
grant execute on function private.mark_lost_objects(text[]) to app_server;

-- The scanner for viruses, behind the pages: what waits for it, and what it said. Without one nothing waits.

-- Versions whose turn it is. With a scanner everything is looked at, what came while there was none too; without one
-- nobody waits for it.
create function private.scans_due(p_has_scanner boolean, p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_has_scanner then
		update private.stored_objects as o set scan = 'unscanned', changed_at = p_now
			where o.state = 'kept' and o.scan in ('waiting', 'failed');
		return;
	end if;
	update private.stored_objects as o set scan = 'waiting', scan_due_at = p_now, changed_at = p_now
		where o.state = 'kept' and o.scan = 'unscanned';
	return query select v.id from private.file_versions as v join private.stored_objects as o on o.name = v.object_name
		where o.state = 'kept' and o.scan in ('waiting', 'failed') and o.scan_due_at <= p_now order by o.scan_due_at
			limit 100;
end
$$;
grant execute on function private.scans_due(boolean, timestamptz) to app_server;

-- The object of a version that still waits; null when it was looked at or is gone.
create function private.object_to_scan(p_version uuid) returns text
language sql stable security definer set search_path = '' as $$
	select o.name from private.file_versions as v join private.stored_objects as o on o.name = v.object_name
	where v.id = p_version and o.state = 'kept' and o.scan in ('waiting', 'failed')
$$;
grant execute on function private.object_to_scan(uuid) to app_server;

-- What came of looking at it: clean, refused with what was found, or failed with why. A scanner that is away is asked
-- again, after one, two, four … minutes and then each half hour; after five tries organisers are told that it failed.
-- The bytes of what was refused go.
create function private.finish_scan(p_version uuid, p_result public.scan_state, p_note text, p_now timestamptz
	default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.object_to_scan(p_version);
	v_object private.stored_objects;
begin
	update private.stored_objects as o
		set scan_tries = o.scan_tries + 1, scan_note = left(coalesce(p_note, ''), 200), changed_at = p_now,
		scan = case when p_result <> 'failed' then p_result when o.scan_tries + 1 >= 5 then 'failed' else 'waiting' end,
		scan_due_at = p_now + least(interval '30 minutes', interval '1 minute' * power(2, least(o.scan_tries, 10)))
	where o.name = v_name and o.scan in ('waiting', 'failed') returning * into v_object;
	if v_object.name is null then return; end if;
	if p_result = 'refused' then perform private.doom_objects(v_name); end if;
	perform private.tell_files(f.session_id)
		from private.file_versions as v join private.session_files as f on f.id = v.file_id where v.id = p_version;
end
$$;
grant execute on function private.finish_scan(uuid, public.scan_state, text, timestamptz) to app_server;

-- An organiser asks for another look at once. Answers ok or not_found.
create function public.scan_again(version uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set scan_due_at = now(), changed_at = now()
	from private.file_versions as v join private.session_files as f on f.id = v.file_id
	where v.id = version and o.name = v.object_name and o.state = 'kept' and o.scan in ('waiting', 'failed')
		and private.file_standing(f.session_id) = 'organiser';
	if not found then return 'not_found'; end if;
	perform private.tell('outbox', 'file', version);
	return 'ok';
end
$$;
grant execute on function public.scan_again(uuid) to authenticated;
