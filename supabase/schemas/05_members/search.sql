-- The search for one's member in the registration form.

-- Returns a text without accents and in lower case, for comparing: "sénégal" finds "SENEGAL".
create function private.fold_for_search(p_text text) returns text
language sql immutable set search_path = '' as $$
	select lower(extensions.unaccent('extensions.unaccent'::regdictionary, p_text))
$$;

-- Finds active and observer members of this Summit whose name contains every word of the query, or whose country is
-- one of `countries`: the page passes those whose name in the reader's language matches the query. Names that begin
-- with the query come first. Returns {total, members: [{id, name, sector, country}]}.
create function public.search_members(summit uuid, query text default '', countries text[] default '{}',
	most integer default 12) returns jsonb
language sql stable security definer set search_path = '' as $$
	with words as (
		select array_agg('%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%') as patterns
		from regexp_split_to_table(private.fold_for_search(btrim(left(query, 100))), '\s+') as word
		where word <> ''
	), found as (
		select m.id, m.name, sm.sector, sm.country,
			words.patterns is not null
				and starts_with(private.fold_for_search(m.name), private.fold_for_search(btrim(left(query, 100)))) as begins
		from public.summit_members as sm
		join public.members as m on m.id = sm.member_id, words
		where sm.summit_id = summit
			and sm.standing in ('active', 'observer')
			and (select private.me()) is not null
			and summit in (select private.readable_summits())
			and (words.patterns is null
				or private.fold_for_search(m.name) like all (words.patterns)
				or sm.country = any (countries[1:40]))
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'members', (
			select coalesce(jsonb_agg(
				jsonb_build_object('id', id, 'name', name, 'sector', sector, 'country', country)
				order by begins desc, name), '[]')
			from (select * from found order by begins desc, name limit greatest(1, least(most, 50))) as page))
$$;
grant execute on function public.search_members(uuid, text, text[], integer) to authenticated;
