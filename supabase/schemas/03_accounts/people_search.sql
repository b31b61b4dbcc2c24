-- Finding people by the name that they are shown under.

-- The people who belong to a Summit, as far as the reader may know of it: registered, in a session that the reader
-- sees, a focal point, or on its staff. For an owner of all Summits: everybody.
create function private.people_of_summit(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.person_id
	from public.registrations as r
	where r.summit_id = p_summit and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	union
	select sp.person_id
	from public.session_people as sp
	where sp.summit_id = p_summit
		and sp.state <> 'declined'
		and sp.session_id in (select private.visible_sessions(private.me(), p_summit))
	union
	select f.person_id
	from public.focal_points as f
	where f.summit_id = p_summit and (f.until is null or f.until > now())
	union
	select g.person_id
	from private.live_grants as g
	where g.summit_id = p_summit
	union
	select p.id
	from public.people as p
	where private.has_role(null, 'owner')
$$;

-- People of the Summit by part of their display name, 20 at most, for owners, programme organisers and safeguarding
-- leads (who give roles, add people to sessions or mark whom a concern is about). An alias is found like any name.
-- Everybody else is invited by mail address, which reveals nothing of whose it is.
create function public.find_people(summit uuid, query text)
	returns table (id uuid, display_name text, office text, affiliation text)
language sql stable security definer set search_path = '' as $$
	select p.id, p.display_name, p.office, p.affiliation
	from public.people as p
	where (private.has_role(summit, 'owner')
			or private.has_role(summit, 'programme')
			or private.has_role(summit, 'safeguarding'))
		and length(btrim(query)) >= 2
		and p.display_name ilike '%'
			|| replace(replace(replace(left(btrim(query), 100), '\', '\\'), '%', '\%'), '_', '\_') || '%'
		and p.id in (select private.people_of_summit(summit))
	order by p.display_name, p.id
	limit 20
$$;
grant execute on function public.find_people(uuid, text) to authenticated;

-- Whether a person is only a written name so far: no account, no address, no rights, nothing that only the person could
-- have given.
create function private.is_unclaimed(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from public.account_people as a where a.person_id = p_person and a.relation = 'self')
		and not exists (select from private.person_addresses as a where a.person_id = p_person)
		and not exists (select from private.protections as x where x.person_id = p_person)
		and not exists (select from public.role_grants as g where g.person_id = p_person)
		and not exists (select from public.focal_points as f where f.person_id = p_person)
		and not exists (select from public.registrations as r where r.person_id = p_person)
$$;
