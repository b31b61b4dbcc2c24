-- Which groups a reader sees.

-- Whether the reader sees a group, or may make one. There are none yet.
create function private.sees_groups() returns boolean
language sql stable security definer set search_path = '' as $$ select false $$;
