-- A signed-out reader learns how many sessions there are for those registered. Closed ones are not counted.

-- How many sessions of the newest release every registered person sees and a signed-out reader does not. Closed sessions
-- are not counted, whoever they are for.
create function private.count_sessions_for_registered(p_summit uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from public.release_sessions as rs
	join public.sessions as s on s.id = rs.session_id
	where rs.release_id = private.newest_release(p_summit)
		and s.state = 'confirmed'
		and not rs.is_cancelled
		and not rs.is_break
		and greatest(rs.level, s.level) in ('members', 'chatham_house')
$$;

create or replace function public.read_agenda(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.read_agenda_for(private.me(), summit) || jsonb_build_object(
		'key', public.agenda_cache_key(summit),
		'more', case when private.me() is null then private.count_sessions_for_registered(summit) else 0 end
	)
	where summit in (select private.readable_summits())
$$;
