-- Pages of an earlier edition in a new one.

-- Copies the pages of a Summit: what readers see where a page is published, else its draft. People and sessions are not
-- copied, because they are of the earlier edition; a track becomes that of the new one, if it has it, and files become
-- files of the new one. Pages that every Summit has are published again; news, venues, hotels and the like are of their
-- edition, and stay drafts until somebody has read them.
create function private.copy_pages(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_ids jsonb := '{}';
	v_file private.page_files;
	v_page private.pages;
	v_new private.pages;
	v_blocks text;
	v_id text;
begin
	for v_file in select f.* from private.page_files as f where f.summit_id = p_from loop
		v_id := gen_random_uuid();
		insert into private.page_files (id, summit_id, object_name, shown_name, width, height, uploaded_by)
		values (v_id::uuid, p_to, v_file.object_name, v_file.shown_name, v_file.width, v_file.height, private.me());
		v_ids := v_ids || jsonb_build_object(v_file.id::text, v_id);
	end loop;
	for v_page in select p.* from private.pages as p where p.summit_id = p_from order by p.position loop
		select coalesce(v.title, v_page.title), coalesce(v.summary, v_page.summary), coalesce(v.blocks, v_page.blocks)::text
		into v_page.title, v_page.summary, v_blocks
		from (select) as page left join private.page_versions as v on v.page_id = v_page.id and v.number = v_page.published;
		for v_id in select jsonb_object_keys(v_ids) loop
			v_blocks := replace(v_blocks, v_id, v_ids ->> v_id);
		end loop;
		insert into private.pages (summit_id, kind, slug, place, position, title, summary, blocks, saved_by)
		values (p_to, v_page.kind, v_page.slug, v_page.place, v_page.position, v_page.title, v_page.summary,
			(select coalesce(jsonb_agg(case block ->> 'kind'
				when 'people' then block || '{"people": []}'
				when 'sessions' then block || jsonb_build_object('sessions', '[]'::jsonb, 'track', (
					select t.id
					from public.tracks as old
					join public.tracks as t on t.summit_id = p_to and t.slug = old.slug
					where old.id = private.parse_uuid(block ->> 'track')))
				else block end order by at), '[]')
				from jsonb_array_elements(v_blocks::jsonb) with ordinality as each (block, at)),
			private.me())
		returning * into v_new;
		if v_page.published is not null and private.is_page_of_site(v_new.kind)
			and private.page_faults(v_new.kind, v_new.title, v_new.blocks) = '[]' then
			perform private.publish_page_draft(v_new);
		end if;
	end loop;
end
$$;
