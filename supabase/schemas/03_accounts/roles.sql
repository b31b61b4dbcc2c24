-- Every Summit that the reader owns or organises, drafts too.
create function public.list_summits() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'state', s.state,
		'starts_on', s.starts_on, 'ends_on', s.ends_on)
		order by s.starts_on desc), '[]')
	from public.summits as s
		where private.has_role(s.id, 'programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner')
$$;
grant execute on function public.list_summits() to authenticated;
