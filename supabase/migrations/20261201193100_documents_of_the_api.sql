-- Documents of the API ask once for a page what they are tied to.

-- The documents that everybody may read today, by their code. The library outlives Summits, so each key reads all of them.
-- What they are tied to is asked once for the page, by the same rules as on their own pages.
create or replace function private.api_documents(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'documents') as k
	cross join lateral (
		with shown as materialized (
			select i.id, i.code, max(r.number) as number
			from private.readable_publications(null) as r
			join private.library_items as i on i.id = r.item_id
			where i.code collate "C" > coalesce(p_after, '')
			group by i.id
			order by i.code collate "C"
			limit private.api_page_size(p_most) + 1
		), ties as materialized (
			select t.* from private.library_ties as t join shown as d on d.id = t.item_id and d.number = t.number
		), sessions as materialized (
			select s.id, s.code, u.slug
			from public.sessions as s
			join public.summits as u on u.id = s.summit_id
			where s.id in (select t.session_id from ties as t)
				and private.can_see(null, s.id)
				and exists (
					select from public.release_sessions as r
					where r.session_id = s.id and r.release_id = private.newest_release(s.summit_id))
		), commitments as materialized (
			select c.id, c.code
			from private.commitments as c
			where c.id in (select t.commitment_id from ties as t)
				and c.id in (select a.id from private.announced_commitments() as a)
		)
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select d.code collate "C" as key, jsonb_build_object(
				'code', d.code,
				'number', v.number,
				'kind', v.kind,
				'title', v.title,
				'summary', v.summary,
				'authors', v.authors,
				'licence', v.licence,
				'doi', v.doi,
				'issued_on', v.issued_on,
				'theme', (
					select jsonb_build_object('slug', h.slug, 'name', h.name)
					from private.commitment_themes as h
					where h.id = v.theme_id),
				'published_at', private.iso(v.published_at),
				'files', (
					select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'language', f.language, 'name', f.shown_name,
						'media_type', o.media_type, 'size', o.size) order by f.language), '[]')
					from private.library_files as f
					join private.stored_objects as o on o.name = f.object_name
					where f.item_id = d.id and f.number = d.number and o.state = 'kept'),
				'members', (
					select coalesce(jsonb_agg(to_jsonb(y) order by y.name), '[]')
					from (
						select m.code, m.name, bool_or(t.is_author) as is_author
						from ties as t
						join public.members as m on m.id = t.member_id
						where t.item_id = d.id
						group by m.id) as y),
				'sessions', (
					select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'summit', s.slug) order by s.code), '[]')
					from ties as t
					join sessions as s on s.id = t.session_id
					where t.item_id = d.id),
				'commitments', (
					select coalesce(jsonb_agg(c.code order by c.code), '[]')
					from ties as t
					join commitments as c on c.id = t.commitment_id
					where t.item_id = d.id)) as item
			from shown as d
			join private.library_versions as v on v.item_id = d.id and v.number = d.number) as x) as page
$$;
