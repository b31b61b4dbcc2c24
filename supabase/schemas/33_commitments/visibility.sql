-- Which commitments a reader sees.

-- Whether the reader sees a commitment, or may enter one. There are none yet.
create function private.sees_commitments() returns boolean
language sql stable security definer set search_path = '' as $$ select false $$;
