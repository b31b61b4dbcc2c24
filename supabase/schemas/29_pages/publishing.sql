-- Publishing pages: a version is kept of each wording that readers saw.

-- Publishes the draft of a page as its next version. {status: ok (number) | already | changed (revision, at, by) |
-- incomplete (faults) | not_found}. Locks the page, so that what is published is what the organiser looked at.
create function public.publish_page(page uuid, revision integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
	v_faults jsonb;
	v_number integer;
begin
	if v_page.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_page.revision is distinct from publish_page.revision then return private.changed_page_json(v_page); end if;
	if exists (select from private.page_versions as v
		where v.page_id = page and v.number = v_page.published
			and v.title = v_page.title and v.summary = v_page.summary and v.blocks = v_page.blocks) then
		return jsonb_build_object('status', 'already');
	end if;
	v_faults := private.page_faults(v_page.kind, v_page.title, v_page.blocks);
	if v_faults <> '[]' then return jsonb_build_object('status', 'incomplete', 'faults', v_faults); end if;
	v_number := private.publish_page_draft(v_page);
	return jsonb_build_object('status', 'ok', 'number', v_number);
end
$$;
grant execute on function public.publish_page(uuid, integer) to authenticated;

-- Makes the draft of a page its next version and shows it. The caller holds the lock of the page.
create function private.publish_page_draft(p_page private.pages) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer;
begin
	insert into private.page_versions (page_id, number, title, summary, blocks, published_by)
	values (
		p_page.id,
		(select coalesce(max(v.number), 0) + 1 from private.page_versions as v where v.page_id = p_page.id),
		p_page.title, p_page.summary, p_page.blocks, private.me())
	returning number into v_number;
	update private.pages as p set published = v_number where p.id = p_page.id;
	return v_number;
end
$$;

-- Begins an act on a page that can be undone by those who may write it.
create function private.begin_undoable_of_page(p_page private.pages, p_act public.undoable_act) returns void
language sql volatile security definer set search_path = '' as $$
	select private.begin_undoable(p_page.summit_id, p_act, nullif(p_page.title, '{}'),
		case when p_page.kind in ('code_of_conduct', 'privacy') then 'owner' else 'programme' end::public.organiser_role)
$$;

-- Takes a page away from readers, which can be undone; its draft and versions stay.
create function public.unpublish_page(page uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is null then return 'already'; end if;
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
	perform private.begin_undoable_of_page(v_page, 'page_unpublished');
	update private.pages as p set published = null where p.id = page;
	return 'ok';
end
$$;
grant execute on function public.unpublish_page(uuid) to authenticated;

-- Makes an earlier version the draft; readers see it once it is published. {status: ok (revision, at) | changed (revision,
-- at, by) | not_found}.
create function public.restore_page_version(page uuid, number integer, revision integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
	v_version private.page_versions;
begin
	select * into v_version from private.page_versions as v
		where v.page_id = page and v.number = restore_page_version.number;
	if v_page.id is null or v_version.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_page.revision is distinct from restore_page_version.revision then return private.changed_page_json(v_page); end if;
	update private.pages as p
	set title = v_version.title, summary = v_version.summary, blocks = v_version.blocks, revision = p.revision + 1,
		saved_at = now(), saved_by = private.me()
	where p.id = page;
	return (select jsonb_build_object('status', 'ok', 'revision', p.revision, 'at', private.iso(p.saved_at))
		from private.pages as p where p.id = page);
end
$$;
grant execute on function public.restore_page_version(uuid, integer, integer) to authenticated;

-- Deletes a page with its versions, which can be undone. Answers ok | not_found | published: readers see it, and it is unpublished first.
create function public.delete_page(page uuid) returns public.page_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is not null then return 'published'; end if;
	perform private.begin_undoable_of_page(v_page, 'page_deleted');
	delete from private.pages as p where p.id = page;
	return 'ok';
end
$$;
grant execute on function public.delete_page(uuid) to authenticated;

-- What readers see of pages has changed: cached pages are dropped, and open ones read again.
create trigger notify_settings after update on private.pages for each row
	when (old.published is distinct from new.published
		or new.published is not null
			and (old.slug, old.place, old.position) is distinct from (new.slug, new.place, new.position))
	execute function private.notify_settings_changed();
create trigger notify_settings_of_deleted after delete on private.pages for each row
	when (old.published is not null) execute function private.notify_settings_changed();
-- A former name was replaced.
create trigger notify_site after update on private.page_versions for each statement
	execute function private.notify_site_changed();
