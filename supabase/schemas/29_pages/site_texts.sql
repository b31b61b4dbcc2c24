-- Pages that the site itself shows, as the guided set-up asks for them.

-- The page of a kind that the site shows, as one text that is published at once: the guided set-up asks for it so. An
-- empty text takes it away from readers. Answers ok | not_allowed | invalid. A page with other blocks than one text is
-- left to its editor (invalid). Locks the pages of the Summit.
create function public.save_page_text(summit uuid, kind text, body jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages;
	v_made jsonb;
begin
	if not coalesce(private.may_write_page(summit, kind), false) then return 'not_allowed'; end if;
	if not private.is_page_of_site(kind) or not private.is_text_map(body) then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	select * into v_page from private.pages as p
		where p.summit_id = save_page_text.summit and p.kind = save_page_text.kind for update;
	if not found then
		if private.is_empty_text(body) then return 'ok'; end if;
		v_made := public.add_page(summit, kind, replace(kind, '_', '-'), '{}', '[]');
		if v_made ->> 'status' <> 'ok' then return 'invalid'; end if;
		select * into v_page from private.pages as p where p.id = (v_made ->> 'page')::uuid for update;
	end if;
	if jsonb_array_length(v_page.blocks) > 1 or v_page.blocks -> 0 ->> 'kind' <> 'text' then return 'invalid'; end if;
	if private.is_empty_text(body) then
		update private.pages as p set published = null where p.id = v_page.id;
		return 'ok';
	end if;
	if v_page.blocks -> 0 -> 'text' = body and v_page.published is not null then return 'ok'; end if;
	update private.pages as p
	set blocks = jsonb_build_array(jsonb_build_object('id', coalesce(v_page.blocks -> 0 ->> 'id', 'text'), 'kind', 'text',
			'text', body)),
		revision = p.revision + 1, saved_at = now(), saved_by = private.me()
	where p.id = v_page.id
	returning * into v_page;
	perform private.publish_page_draft(v_page);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_page_text(uuid, text, jsonb) to authenticated;
