-- Who holds which role, for the owner who grants and ends them.

create function public.list_roles(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'person_id', g.person_id, 'display_name', p.display_name, 'office', p.office,
		'role', g.role, 'is_for_all', g.summit_id is null, 'granted_at', g.granted_at, 'is_me', g.person_id = private.me(),
		'has_account', exists (select from public.account_people where person_id = g.person_id and relation = 'self'))
		order by g.role, p.display_name, g.granted_at), '[]')
	from public.role_grants as g join public.people as p on p.id = g.person_id
	where g.ended_at is null and (g.summit_id is null or g.summit_id = list_roles.summit) and private.has_role(list_roles.summit, 'owner')
$$;
grant execute on function public.list_roles(uuid) to authenticated;

-- Every Summit that the reader owns or organises, drafts too.
create function public.list_summits() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'state', s.state, 'starts_on', s.starts_on, 'ends_on', s.ends_on)
		order by s.starts_on desc), '[]')
	from public.summits as s where private.has_role(s.id, 'programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner')
$$;
grant execute on function public.list_summits() to authenticated;
