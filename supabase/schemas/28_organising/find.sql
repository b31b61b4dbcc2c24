-- Finding anything of a Summit, from the organisers' menu.

-- What the reader's roles open and the words of a query name: [{kind: registration | member | session | proposal | order,
-- id, label, detail}], at most eight of a kind. The label of a session or proposal is its title, by language. People are
-- found by the name that they are shown under and nothing else. An empty query finds nothing.
create function public.find_in_summit(summit uuid, query text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as materialized (
		select
			words,
			cardinality(words) > 0 and private.has_role(find_in_summit.summit, 'registration') as registration,
			cardinality(words) > 0 and private.has_role(find_in_summit.summit, 'registration', 'finance') as members,
			cardinality(words) > 0 and private.has_role(find_in_summit.summit, 'programme') as programme,
			cardinality(words) > 0 and private.has_role(find_in_summit.summit, 'finance') as finance
		from private.desk_search_patterns(query) as words
	), found (kind, id, label, detail) as (
		(select 'registration', r.id, to_jsonb(p.display_name), concat_ws(' · ', r.reference, m.name)
			from asked
			join public.registrations as r on asked.registration and r.summit_id = find_in_summit.summit
				and r.state <> 'draft'
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id
			where private.fold_for_search(concat_ws(' ', p.display_name, r.reference)) like all (asked.words)
			order by p.display_name, r.id
			limit 8)
		union all
		(select 'member', m.id, to_jsonb(m.name), s.country::text
			from asked
			join public.summit_members as s on asked.members and s.summit_id = find_in_summit.summit
			join public.members as m on m.id = s.member_id
			where private.fold_for_search(m.name) like all (asked.words)
			order by m.name, m.id
			limit 8)
		union all
		(select 'session', s.id, s.title::jsonb, s.code
			from asked
			join public.sessions as s on asked.programme and s.summit_id = find_in_summit.summit
			where private.fold_for_search(concat_ws(' ', s.title::text, s.code)) like all (asked.words)
				and s.id in (
					select private.visible_sessions((select private.me()), find_in_summit.summit))
			order by s.title ->> (s.title ->> 'original'), s.id
			limit 8)
		union all
		(select 'proposal', p.id, p.title::jsonb, p.code
			from asked
			join private.proposals as p on asked.programme and p.summit_id = find_in_summit.summit
				and p.state = 'submitted'
			where private.fold_for_search(concat_ws(' ', p.title::text, p.code)) like all (asked.words)
			order by p.title ->> (p.title ->> 'original'), p.id
			limit 8)
		union all
		(select 'order', o.id, to_jsonb(o.reference), coalesce(m.name, p.display_name)
			from asked
			join public.orders as o on asked.finance and o.summit_id = find_in_summit.summit
			left join public.members as m on m.id = o.payer_member_id
			left join public.people as p on p.id = o.payer_person_id
			where private.fold_for_search(concat_ws(' ', o.reference, m.name, p.display_name)) like all (asked.words)
			order by o.reference
			limit 8)
	)
	select coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'id', f.id, 'label', f.label, 'detail', f.detail)), '[]')
	from found as f
$$;
grant execute on function public.find_in_summit(uuid, text) to authenticated;
