-- What outlives a Summit, at /community: who runs it, and which of its sections a reader finds.

-- Whether somebody runs the community: the role `community`, which is only held for all Summits, or an owner of all.
create function private.runs_community(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, null, 'community')
$$;

-- The same of the signed-in person.
create function private.runs_community() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community(private.me())
$$;
grant execute on function private.runs_community() to anon, authenticated;

-- The sections in which the reader sees something, or may begin something, in the order of the navigation. Each noun
-- answers for its own.
create function public.community_sections() returns text[]
language sql stable security definer set search_path = '' as $$
	select array(
		select v.name
		from (values
			(1, 'groups', private.sees_groups()),
			(2, 'commitments', private.sees_commitments()),
			(3, 'library', private.sees_library()),
			(4, 'campaigns', private.runs_community())) as v (position, name, is_seen)
		where v.is_seen
		order by v.position)
$$;
grant execute on function public.community_sections() to anon, authenticated;
