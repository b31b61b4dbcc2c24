-- Runs: one live holding of a session, with a LiveKit room of a random name; and the one record of presence.

-- The level of a run is never lowered: what was raised to a level that names nobody stays unread.
create function private.is_nameless(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.runs where id = p_run and level in ('chatham_house', 'closed'))
$$;
grant execute on function private.is_nameless(uuid) to authenticated;
