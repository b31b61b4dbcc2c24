-- Writing pages: drafts, their order, and files. For programme and owners; the code of conduct and the privacy notice,
-- to which registrants agree, for owners alone.

-- Whether the reader may write pages of a kind.
create function private.may_write_page(p_summit uuid, p_kind text) returns boolean
language sql stable security definer set search_path = '' as $$
	select case when p_kind in ('code_of_conduct', 'privacy') then private.has_role(p_summit, 'owner')
		else private.has_role(p_summit, 'programme') end
$$;

-- The row of a page, locked, for those who may write it; otherwise none. Two who save at once come one after the other.
create function private.lock_page(p_page uuid) returns private.pages
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages;
begin
	select * into v_page from private.pages as p where p.id = p_page for update;
	if not found or not private.may_write_page(v_page.summit_id, v_page.kind) then return null; end if;
	return v_page;
end
$$;

-- What somebody else saved in the meantime: {status: changed, revision, by, at}.
create function private.changed_page_json(p_page private.pages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', 'changed', 'revision', p_page.revision, 'at', private.iso(p_page.saved_at),
		'by', (select p.display_name from public.people as p where p.id = p_page.saved_by))
$$;

-- All pages of a Summit in order, for organisers who write them: [{id, kind, slug, place, title, languages (complete
-- ones of the Summit), revision, saved_at, published, published_at, has_changes, may_write}]; null for anybody else.
create function public.list_pages(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(list_pages.summit, 'programme') then (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', p.id,
			'kind', p.kind,
			'slug', p.slug,
			'place', p.place,
			'title', p.title,
			'languages', (select coalesce(jsonb_agg(tag order by at), '[]')
				from public.summits as s
				cross join unnest(s.languages) with ordinality as language (tag, at)
				where s.id = p.summit_id and p.blocks <> '[]' and private.is_page_in(p.title, p.blocks, tag)),
			'saved_at', private.iso(p.saved_at),
			'published', p.published,
			'published_at', private.iso(v.published_at),
			'has_changes', v.id is not null
				and (v.title <> p.title or v.summary <> p.summary or v.blocks <> p.blocks),
			'may_write', private.may_write_page(p.summit_id, p.kind)) order by p.position, p.slug), '[]')
		from private.pages as p
		left join private.page_versions as v on v.page_id = p.id and v.number = p.published
		where p.summit_id = list_pages.summit) end
$$;
grant execute on function public.list_pages(uuid) to authenticated;

-- The draft of a page for who may write it, with its versions, newest first, and the files of its Summit: {id, kind, slug,
-- place, title, summary, blocks, removed, revision, saved_at, saved_by, published, has_changes, versions: [{number, at,
-- by}], files}. Null for anybody else.
create function public.read_page_draft(summit uuid, page uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'kind', p.kind,
		'slug', p.slug,
		'place', p.place,
		'title', p.title,
		'summary', p.summary,
		'blocks', p.blocks,
		'removed', p.removed,
		'revision', p.revision,
		'saved_at', private.iso(p.saved_at),
		'saved_by', (select x.display_name from public.people as x where x.id = p.saved_by),
		'published', p.published,
		'has_changes', not exists (select from private.page_versions as v
			where v.page_id = p.id and v.number = p.published
				and v.title = p.title and v.summary = p.summary and v.blocks = p.blocks),
		'versions', (select coalesce(jsonb_agg(jsonb_build_object(
				'number', v.number,
				'at', private.iso(v.published_at),
				'by', (select x.display_name from public.people as x where x.id = v.published_by))
				order by v.number desc), '[]')
			from private.page_versions as v where v.page_id = p.id),
		'files', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', f.id, 'name', f.shown_name, 'media_type', o.media_type, 'size', o.size, 'width', f.width,
				'height', f.height, 'scan', o.scan) order by f.uploaded_at desc), '[]')
			from private.page_files as f
			join private.stored_objects as o on o.name = f.object_name and o.state = 'kept'
			where f.summit_id = p.summit_id))
	from private.pages as p
	where p.id = read_page_draft.page and p.summit_id = read_page_draft.summit
		and private.may_write_page(p.summit_id, p.kind)
$$;
grant execute on function public.read_page_draft(uuid, uuid) to authenticated;

-- The draft, or with a number an earlier version, as readers would see it: as read_pages. Null for anybody who may not
-- write it.
create function public.preview_page(summit uuid, page uuid, version integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'slug', p.slug,
		'kind', p.kind,
		'title', coalesce(v.title, p.title),
		'summary', coalesce(v.summary, p.summary),
		'blocks', private.page_blocks_as_seen(coalesce(v.blocks, p.blocks)),
		'number', coalesce(v.number, 0),
		'published_at', private.iso(coalesce(v.published_at, p.saved_at)))
	from private.pages as p
	left join private.page_versions as v on v.page_id = p.id and v.number = preview_page.version
	where p.id = preview_page.page and p.summit_id = preview_page.summit
		and private.may_write_page(p.summit_id, p.kind)
		and (preview_page.version is null or v.id is not null)
$$;
grant execute on function public.preview_page(uuid, uuid, integer) to authenticated;

-- The people whom a page may name: those of the newest release, as they are shown: [{id, display_name, office,
-- affiliation}]. Empty for who writes no pages.
create function public.list_page_people(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name, 'office', p.office,
		'affiliation', p.affiliation) order by p.display_name, p.id), '[]')
	from public.people as p
	where private.has_role(list_page_people.summit, 'programme')
		and exists (select from public.release_people as rp
			join public.session_people as sp on sp.session_id = rp.session_id and sp.person_id = rp.person_id
				and sp.role = rp.role and sp.summit_id = list_page_people.summit
			where rp.person_id = p.id and rp.release_id = private.newest_release(list_page_people.summit)
				and private.is_named(rp.session_id, rp.person_id, rp.role)
				and rp.session_id in (select private.my_visible_sessions()))
$$;
grant execute on function public.list_page_people(uuid) to authenticated;

-- Adds a page at the end, as a draft. {status: ok (page) | not_allowed | invalid | taken}. Taken: its address is used, or
-- the page that the site shows exists already. Locks the pages of the Summit.
create function public.add_page(summit uuid, kind text, slug text, title jsonb, blocks jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not coalesce(private.may_write_page(summit, kind), false) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	if (select count(*) >= 200 from private.pages as p where p.summit_id = summit)
		or not private.are_page_blocks(blocks) or not private.name_only_own(summit, blocks, '[]') then
		return jsonb_build_object('status', 'invalid');
	end if;
	insert into private.pages (summit_id, kind, slug, place, position, title, blocks, saved_by)
	values (
		summit, kind, case when private.is_page_of_site(kind) then replace(kind, '_', '-') else slug end,
		case when kind in ('privacy', 'accessibility') then 'none' when kind = 'code_of_conduct' then 'footer'
			else 'menu' end,
		(select coalesce(max(p.position), 0) + 1 from private.pages as p where p.summit_id = summit),
		title, blocks, private.me())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'page', v_id);
exception
	when unique_violation then return jsonb_build_object('status', 'taken');
	when check_violation or not_null_violation or data_exception then return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.add_page(uuid, text, text, jsonb, jsonb) to authenticated;

-- Saves a draft {title, summary, blocks, removed} that was made from a revision; `removed` is left as it is where it is
-- not given. {status: ok (revision, at) | changed (revision, at, by) | not_found | invalid}. Nothing is written over what
-- somebody else saved in the meantime.
create function public.save_page(page uuid, revision integer, draft jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_page.revision is distinct from save_page.revision then return private.changed_page_json(v_page); end if;
	if not private.has_only_keys(draft, 'title', 'summary', 'blocks', 'removed')
		or not private.are_page_blocks(draft -> 'blocks')
		or not private.name_only_own(v_page.summit_id, draft -> 'blocks', v_page.blocks) then
		return jsonb_build_object('status', 'invalid');
	end if;
	update private.pages as p
	set title = draft -> 'title',
		summary = draft -> 'summary',
		blocks = draft -> 'blocks',
		removed = case when draft ? 'removed' then nullif(draft -> 'removed', 'null') else p.removed end,
		revision = p.revision + 1,
		saved_at = now(),
		saved_by = private.me()
	where p.id = page
		and (p.title, p.summary, p.blocks) is distinct from
			((draft -> 'title')::public.text_map, (draft -> 'summary')::public.text_map, draft -> 'blocks');
	return (select jsonb_build_object('status', 'ok', 'revision', p.revision, 'at', private.iso(p.saved_at))
		from private.pages as p where p.id = page);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_page(uuid, integer, jsonb) to authenticated;

-- Saves the address and the place of a page. Answers ok | not_found | invalid | taken. The pages that the site shows at
-- addresses of its own keep theirs.
create function public.save_page_place(page uuid, slug text, place text) returns public.page_place_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	update private.pages as p
	set slug = case when private.is_page_of_site(p.kind) then p.slug else save_page_place.slug end,
		place = case when p.kind in ('privacy', 'accessibility') then p.place else save_page_place.place end
	where p.id = page;
	return 'ok';
exception
	when unique_violation then return 'taken';
	when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.save_page_place(uuid, text, text) to authenticated;

-- Moves a page one place among those of its Summit: by -1 up, by 1 down. Locks the pages of the Summit.
create function public.move_page(page uuid, by integer) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := (select p.summit_id from private.pages as p where p.id = page);
begin
	if v_summit is null or by not in (-1, 1) or not private.has_role(v_summit, 'programme') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || v_summit, 0));
	update private.pages as p
	set position = placed.place
	from (
		select id, row_number() over (order by at) as place
		from (
			select x.id, row_number() over (order by x.position, x.slug) + case when x.id = page then 1.5 * by else 0 end as at
			from private.pages as x where x.summit_id = v_summit) as moved) as placed
	where p.id = placed.id and p.position <> placed.place;
	return 'ok';
end
$$;
grant execute on function public.move_page(uuid, integer) to authenticated;

-- Adds an uploaded object as a file of pages. The object is known to the app alone, which made it. The upload of somebody
-- with an alias gets a neutral name. {status: ok (file) |
-- not_allowed | full}. Locks the pages of the Summit.
create function public.add_page_file(summit uuid, object text, name text, width integer, height integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	if (select count(*) >= 500 from private.page_files as f where f.summit_id = summit) then
		return jsonb_build_object('status', 'full');
	end if;
	if not private.mark_object_used(object) then return jsonb_build_object('status', 'not_allowed'); end if;
	insert into private.page_files (summit_id, object_name, shown_name, width, height, uploaded_by)
	values (summit, object, private.uploaded_file_name('file', name), width, height, private.me())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'file', v_id);
end
$$;
grant execute on function public.add_page_file(uuid, text, text, integer, integer) to authenticated;

-- Whether somebody may upload files for pages, asked before anything is read.
create function public.may_add_page_file(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(may_add_page_file.summit, 'programme')
$$;
grant execute on function public.may_add_page_file(uuid) to authenticated;

-- Deletes a file that no page uses, in its draft or in a version, which can be undone. Answers ok | not_found | in_use.
create function public.delete_page_file(summit uuid, file uuid) returns public.page_file_removal_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	-- Who saves a page at this moment comes first or finds no such file.
	perform from private.pages as p where p.summit_id = delete_page_file.summit for update;
	if exists (
		select from private.pages as p
		left join private.page_versions as v on v.page_id = p.id
		where p.summit_id = delete_page_file.summit
			and (private.uses_page_file(p.blocks, file) or private.uses_page_file(jsonb_build_array(p.removed -> 'block'), file)
				or private.uses_page_file(v.blocks, file))) then
		return 'in_use';
	end if;
	perform private.allow_closed_summits();
	perform private.begin_undoable(summit, 'page_file_deleted',
		(select to_jsonb(f.shown_name) from private.page_files as f where f.id = delete_page_file.file), 'programme');
	delete from private.page_files as f where f.id = delete_page_file.file and f.summit_id = delete_page_file.summit;
	if not found then return 'not_found'; end if;
	return 'ok';
end
$$;
grant execute on function public.delete_page_file(uuid, uuid) to authenticated;

-- The object of a file is deleted with the last file that uses it.
create function private.mark_page_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not exists (select from private.page_files as f where f.object_name = old.object_name) then
		perform private.mark_objects_deletable(old.object_name);
	end if;
	return null;
end
$$;
create trigger mark_page_object after delete on private.page_files for each row
	execute function private.mark_page_object_deletable();

-- The object of a file whose deletion is undone is kept again: the store erases none within that time
-- (11_files/store.sql).
create function private.keep_page_object() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'kept', changed_at = now()
	where o.name = new.object_name and o.state = 'deletable';
	return null;
end
$$;
create trigger keep_page_object after insert on private.page_files for each row
	execute function private.keep_page_object();

-- A former name that is replaced in a draft is a change of it: who has the page open does not write the name back.
create function private.count_renamed_page() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.revision := old.revision + 1;
	return new;
end
$$;
create trigger count_renaming before update on private.pages for each row
	when (current_setting('app.renaming', true) = 'yes') execute function private.count_renamed_page();
