-- A name is found at the door without its accents, and by its words in any order, as at the help desk.

-- As before.
create or replace function public.find_at_door(summit uuid, name text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_found jsonb;
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	if length(btrim(coalesce(name, ''))) < 2 then return '[]'; end if;
	select coalesce(jsonb_agg(jsonb_build_object('letters', f.letters, 'name', f.display_name, 'affiliation', f.affiliation, 'category', f.category) order by f.display_name), '[]') into v_found
	from (select b.letters, p.display_name, p.affiliation, r.category from public.registrations as r join public.people as p on p.id = r.person_id
		join public.badges as b on b.registration_id = r.id and b.revoked_at is null
		where r.summit_id = find_at_door.summit and private.folded(p.display_name) like all (private.desk_words(find_at_door.name)) order by p.display_name limit 20) as f;
	perform audit.note('door.searched', '', summit, null, jsonb_build_object('rows', jsonb_array_length(v_found)));
	return v_found;
end
$$;
