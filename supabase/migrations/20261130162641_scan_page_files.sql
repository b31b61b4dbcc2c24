-- Files of pages are scanned like every other uploaded file: until now they waited forever once a scanner was there.
create or replace function private.scanned_files() returns table (id uuid, object_name text)
language sql stable as $$
	select v.id, v.object_name from private.file_versions as v
	union all
	select f.id, f.object_name from private.library_files as f
	union all
	select p.id, p.object_name from private.meeting_papers as p where p.object_name is not null
	union all
	select g.id, g.object_name from private.page_files as g
$$;
