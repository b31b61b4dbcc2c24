-- No stored object is deleted while a backup copies them.
create function private.is_backup_running() returns boolean
language sql volatile security definer set search_path = '' as $$
	select exists (
		select from pg_catalog.pg_locks as l
		where l.locktype = 'advisory' and l.classid = 20261201 and l.objid = 1 and l.objsubid = 2 and l.granted
			and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
$$;

create or replace function private.objects_to_erase(p_now timestamptz default now()) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o
	where (o.state = 'deletable' and not private.is_object_recoverable(o.name, p_now)
			or o.state = 'writing' and o.changed_at < p_now - interval '2 hours')
		and not (select private.is_backup_running())
	order by o.changed_at limit 200
$$;

create or replace function private.unknown_objects(p_names text[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select given.name
	from unnest(p_names) as given (name)
	where not exists (select from private.stored_objects as o where o.name = given.name)
		and not (select private.is_backup_running())
$$;
