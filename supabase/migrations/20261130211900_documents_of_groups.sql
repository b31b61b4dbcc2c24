-- The documents of a group on its page.
-- The documents of a group that the reader may read today, the newest first, for those who see the group: {documents:
-- [{code, title, kind, issued_on}], adds: whether the reader, who leads the group and may submit, adds some}; null for
-- others. What is for the people of the group is listed to nobody else (private.readable_publications).
create function public.list_group_documents(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'documents', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'code', i.code,
				'title', v.title,
				'kind', v.kind,
				'issued_on', v.issued_on) order by v.issued_on desc, i.code), '[]')
			from private.readable_publications((select private.me())) as p
			join private.library_items as i on i.id = p.item_id
			join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
			where p.shown_until > now()
				and (v.group_id = g.id
					or exists (
						select from private.library_ties as t
						where t.item_id = p.item_id and t.number = p.number and t.group_id = g.id))),
		'adds', g.ended_at is null
			and private.chairs_group((select private.me()), g.id)
			and private.submits_to_library())
	from private.groups as g
	where g.code = list_group_documents.code and g.id in (select private.visible_groups((select private.me())))
$$;
grant execute on function public.list_group_documents(text) to anon, authenticated;
