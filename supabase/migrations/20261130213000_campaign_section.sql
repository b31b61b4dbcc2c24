-- The sections in which the reader sees something, or may begin something, in the order of the navigation. Each noun
-- answers for its own.
create or replace function public.community_sections() returns text[]
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

-- Links by which readers of mail unsubscribe begin with this word.
alter table public.summits
	drop constraint summits_slug_check,
	add constraint summits_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'
		and not private.is_interface_language(slug)
		and slug not in ('sign-in', 'sign-out', 'account', 'calendar', 'webhooks', 'api', 'healthz', 'readyz', 'sample',
			'privacy', 'accessibility', 'talk', 'certificates', 'organise', 'new', 'files', 'offline', 'invitation', 'live',
			'community', 'unsubscribe'));
