-- Finding one's member among hundreds, and adding one.

-- Accents and case do not matter: "sénégal" finds "SENEGAL".
create function private.folded(p_text text) returns text
language sql immutable set search_path = '' as $$
	select lower(extensions.unaccent('extensions.unaccent'::regdictionary, p_text))
$$;

-- Members of this Summit of which every word of the query is part of the name, or whose country is among those that the
-- reader's language names so. What begins with the query comes first. {total, members: [{id, name, sector, country}]}
create function public.search_members(summit uuid, query text default '', countries text[] default '{}', most integer
	default 12) returns jsonb
language sql stable security definer set search_path = '' as $$
	with words as (
		select array_agg('%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%') as patterns
		from regexp_split_to_table(private.folded(btrim(left(query, 100))), '\s+') as word where word <> ''
	), found as (
		select m.id, m.name, sm.sector, sm.country,
			starts_with(private.folded(m.name), private.folded(btrim(left(query, 100)))) as begins
		from public.summit_members as sm join public.members as m on m.id = sm.member_id, words
		where sm.summit_id = summit and sm.standing in ('active', 'observer') and private.me() is not null
			and summit in (select private.readable_summits())
			and (words.patterns is null or private.folded(m.name) like all (words.patterns)
				or sm.country = any (countries[1:40]))
	)
	select jsonb_build_object('total', (select count(*) from found),
		'members', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'sector', sector, 'country',
			country) order by begins desc, name), '[]')
			from (select * from found order by begins desc, name limit greatest(1, least(most, 50))) as page))
$$;
grant execute on function public.search_members(uuid, text, text[], integer) to authenticated;

-- "Mine is not listed", still unanswered. [{id, name, sector, country, created_at, registration_id, reference,
-- display_name, office}]
create function public.list_member_requests(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'name', q.name, 'sector', q.sector, 'country', q.country,
		'created_at', private.iso(q.created_at),
		'registration_id', r.id, 'reference', r.reference, 'display_name', p.display_name, 'office', p.office)
			order by q.created_at), '[]')
	from public.member_requests as q
	join public.registrations as r on r.id = q.registration_id
		and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	join public.people as p on p.id = r.person_id
	where q.summit_id = summit and q.state = 'open' and private.has_role(summit, 'registration')
$$;
grant execute on function public.list_member_requests(uuid) to authenticated;

-- A member new to the Alliance or to this Summit: ok, exists (by name, then it only joins the Summit), invalid,
-- not_allowed.
create function public.add_member(summit uuid, name text, sector public.sector, country text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := btrim(regexp_replace(name, '\s+', ' ', 'g'));
	v_id uuid;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_name is null or length(v_name) not between 2 and 200 or sector is null or country !~ '^[A-Z]{2}$' then
		return jsonb_build_object('status', 'invalid');
	end if;
	select m.id into v_id from public.members as m where private.folded(m.name) = private.folded(v_name);
	if v_id is null then
		insert into public.members (name, sector, country) values (v_name, add_member.sector, add_member.country)
		on conflict on constraint members_name_key do nothing returning id into v_id;
	end if;
	if v_id is null then select m.id into v_id from public.members as m where m.name = v_name; end if;
	insert into public.summit_members (summit_id, member_id, sector, country)
	values (summit, v_id, add_member.sector, add_member.country)
	on conflict (summit_id, member_id) do nothing;
	return jsonb_build_object('status', case when found then 'ok' else 'exists' end, 'id', v_id);
end
$$;
grant execute on function public.add_member(uuid, text, public.sector, text) to authenticated;
