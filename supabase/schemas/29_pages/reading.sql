-- Reading published pages. People, sessions and files are read live: what a block names is shown only where the reader
-- may see it at this moment, and names are those that everybody sees (rule 5).

-- A file of a page as a block shows it: {id, name, media_type, size, width, height}; null while it cannot be served.
create function private.page_file_json(p_file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', f.id, 'name', f.shown_name, 'media_type', o.media_type, 'size', o.size,
		'width', f.width, 'height', f.height)
	from private.page_files as f
	join private.stored_objects as o on o.name = f.object_name
		and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = p_file
$$;

-- A person as the agenda shows people: {code, display_name, office, affiliation, country, portrait}.
create function private.page_person_json(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('code', p.code, 'display_name', p.display_name, 'office', p.office,
		'affiliation', p.affiliation, 'country', p.country, 'portrait', private.visible_portrait_path(p.id))
	from public.people as p
	where p.id = p_person
$$;

-- Blocks as the reader sees them: ids of files and people become what is shown of them; people and sessions whom the
-- reader does not see in the agenda are left out.
create function private.page_blocks_as_seen(p_blocks jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Asked once, and only by pages that need it.
	v_people uuid[] := case when p_blocks @? '$[*].people[*]' then array(select private.visible_people()) end;
	v_sessions uuid[] := case when p_blocks @? '$[*].sessions[*]' then array(select private.my_visible_sessions()) end;
begin
	return (
		select coalesce(jsonb_agg(case
			when block ->> 'kind' in ('picture', 'map') then
				block || jsonb_build_object('file', private.page_file_json((block ->> 'file')::uuid))
			when block ->> 'kind' in ('files', 'partners') then block || jsonb_build_object(list.key, (
				select coalesce(jsonb_agg(item || jsonb_build_object('file', file.shown) order by place), '[]')
				from jsonb_array_elements(block -> list.key) with ordinality as each (item, place)
				cross join lateral (select private.page_file_json((item ->> 'file')::uuid)) as file (shown)
				where list.key = 'rows' or file.shown is not null))
			when block ->> 'kind' = 'people' then block || jsonb_build_object('people', (
				select coalesce(jsonb_agg(private.page_person_json(each.id::uuid) order by place), '[]')
				from jsonb_array_elements_text(block -> 'people') with ordinality as each (id, place)
				where each.id::uuid = any (v_people)))
			when block ->> 'kind' = 'sessions' then block || jsonb_build_object(
				'track', (select t.slug from public.tracks as t where t.id = (block ->> 'track')::uuid),
				'sessions', (
					select coalesce(jsonb_agg(each.id order by place), '[]')
					from jsonb_array_elements_text(block -> 'sessions') with ordinality as each (id, place)
					where each.id::uuid = any (v_sessions)))
			else block end order by at), '[]')
		from jsonb_array_elements(p_blocks) with ordinality as each (block, at)
		cross join lateral (select case block ->> 'kind' when 'files' then 'files' else 'rows' end) as list (key));
end
$$;

-- The published pages of a Summit with these slugs, in their order: [{slug, kind, title, summary, blocks, number,
-- published_at}]. A page that is not published leaves no trace.
create function public.read_pages(summit uuid, slugs text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'slug', p.slug,
		'kind', p.kind,
		'title', v.title,
		'summary', v.summary,
		'blocks', private.page_blocks_as_seen(v.blocks),
		'number', v.number,
		'published_at', private.iso(v.published_at)) order by array_position(slugs, p.slug)), '[]')
	from private.pages as p
	join private.page_versions as v on v.page_id = p.id and v.number = p.published
	where p.summit_id = read_pages.summit and p.slug = any (slugs) and cardinality(slugs) <= 20
		and p.summit_id in (select private.readable_summits())
$$;
grant execute on function public.read_pages(uuid, text[]) to anon, authenticated;

-- The published pages of a Summit in the order of their places: [{slug, kind, place, title, summary}].
create function public.list_published_pages(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'slug', p.slug,
		'kind', p.kind,
		'place', p.place,
		'title', v.title,
		'summary', v.summary) order by p.position, p.slug), '[]')
	from private.pages as p
	join private.page_versions as v on v.page_id = p.id and v.number = p.published
	where p.summit_id = list_published_pages.summit and p.summit_id in (select private.readable_summits())
$$;
grant execute on function public.list_published_pages(uuid) to anon, authenticated;

-- A file that the reader may have: {media_type, size, sha256, name}. Everybody, while a published page uses it; who edits
-- pages, always. Null for anybody else.
create function public.open_page_file(summit uuid, file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('media_type', o.media_type, 'size', o.size, 'sha256', encode(o.sha256, 'hex'),
		'name', f.shown_name)
	from private.page_files as f
	join private.stored_objects as o on o.name = f.object_name
		and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = open_page_file.file
		and f.summit_id = open_page_file.summit
		and f.summit_id in (select private.readable_summits())
		and (private.has_role(f.summit_id, 'programme') or exists (
			select from private.pages as p
			join private.page_versions as v on v.page_id = p.id and v.number = p.published
			where p.summit_id = f.summit_id and private.uses_page_file(v.blocks, f.id)))
$$;
grant execute on function public.open_page_file(uuid, uuid) to anon, authenticated;

-- The name of the object of a file, for the app alone.
create function private.object_of_page_file(p_file uuid) returns text
language sql stable security definer set search_path = '' as $$
	select f.object_name from private.page_files as f where f.id = p_file
$$;
grant execute on function private.object_of_page_file(uuid) to app_server;
