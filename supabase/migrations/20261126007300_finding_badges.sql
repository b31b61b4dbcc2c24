-- A badge is found by an index, not among all of its Summit. Where it is compared with badges it is asked for once, and not for each of
-- them: planners have no statistics of tables that were filled this morning.
create or replace function private.find_badge(p_summit uuid, p_badge uuid, p_letters text) returns uuid
language sql stable cost 10000 security definer set search_path = '' as $$
	select b.id from public.badges as b where b.id = p_badge and b.summit_id = p_summit
	union all
	select b.id from public.badges as b where p_badge is null and b.summit_id = p_summit
		and b.letters = upper(regexp_replace(coalesce(p_letters, ''), '[^A-Za-z0-9]', '', 'g'))
$$;
