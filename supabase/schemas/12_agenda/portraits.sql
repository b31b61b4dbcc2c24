-- Whether the portrait of a person is shown. It awaits its move to 11_files/portraits.sql.

-- Whether no portrait of a person is shown, whatever is stored: they are protected, or under 18.
create function private.must_hide_portrait(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		or exists (select from public.registrations as r where r.person_id = p_person and r.is_minor)
$$;

-- The path of the portrait that is shown; null: none.
create function private.visible_portrait_path(p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.portrait_path from public.people as p where p.id = p_person and not private.must_hide_portrait(p.id)
$$;
