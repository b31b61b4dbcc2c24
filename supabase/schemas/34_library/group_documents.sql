-- The documents of a group on its page: those that are for the group, and those that are tied to it.

-- The documents of a group that the reader may read today, the newest first and at most 50, for those who see the group:
-- {documents: [{code, title, kind, issued_on}], has_more: whether the library has more of them, adds: whether the reader,
-- who leads the group and may submit, adds some}; null for others. What is for the people of the group is listed to them,
-- and as everywhere in the library to those who run the community (private.readable_publications).
create function public.list_group_documents(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'documents', found.documents,
		'has_more', found.has_more,
		'adds', g.ended_at is null
			and private.chairs_group((select private.me()), g.id)
			and private.submits_to_library())
	from private.groups as g
	cross join lateral (
		select coalesce(jsonb_agg(d.document order by d.place) filter (where d.place <= 50), '[]') as documents,
			count(*) > 50 as has_more
		from (
			select jsonb_build_object('code', i.code, 'title', v.title, 'kind', v.kind, 'issued_on', v.issued_on) as document,
				row_number() over (order by v.issued_on desc, i.code) as place
			from private.readable_publications((select private.me())) as p
			join private.library_items as i on i.id = p.item_id
			join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
			where p.shown_until > now()
				-- By the indexes on groups; of these, the versions that are shown.
				and p.item_id in (
					select x.item_id from private.library_versions as x where x.group_id = g.id
					union
					select t.item_id from private.library_ties as t where t.group_id = g.id)
				and (v.group_id = g.id
					or exists (
						select from private.library_ties as t
						where t.item_id = p.item_id and t.number = p.number and t.group_id = g.id))
			order by place
			limit 51
		) as d
	) as found
	where g.code = list_group_documents.code and g.id in (select private.visible_groups((select private.me())))
$$;
grant execute on function public.list_group_documents(text) to anon, authenticated;
