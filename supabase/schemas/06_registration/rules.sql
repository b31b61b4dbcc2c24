-- One person at one Summit: the registration, what was agreed to, its history, and the badge.

-- Registrations that the signed-in account may act for.
create function private.my_registrations() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.registrations where person_id in (select private.my_people('registration'))
$$;
grant execute on function private.my_registrations() to anon, authenticated;
