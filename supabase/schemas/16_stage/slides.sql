-- Slides as pages of a PDF of the session. The file and the page that a run shows are state of the run.

-- Whether somebody shows slides in a run: those who run it, and people on stage who may share a screen. Delegates who
-- were called from the floor only speak: they neither turn slides nor take them away, and see no page before the
-- viewers do.
create function private.may_present(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.runs
		where id = p_run and state <> 'ended' and (private.may_run(p_person, session_id) or exists (
			select from private.on_stage(p_run) as s
			join private.run_participants as p on p.id = s.participant_id and p.may_screen
			where s.person_id = p_person)))
$$;

-- The payload of the `slides` event, for every reader of a run: {version, page, pages}; null while none are shown.
create function private.slides_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('version', sl.version_id, 'page', sl.page, 'pages', sl.pages)
	from private.run_slides as sl
	join public.runs on runs.id = sl.run_id and runs.state <> 'ended'
	where sl.run_id = p_run and sl.pages is not null
$$;
grant execute on function private.slides_event(uuid, uuid) to app_server;

-- Notifies every reader of a run that its slides changed.
create function private.notify_slides(p_run uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('run:' || p_run, 'slides', p_run)
$$;

-- {shown, may_present, files: [{id, name}] for somebody who presents}; null for somebody who does not read the run
-- (private.may_read_run).
create function public.read_slides(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('shown', private.slides_event(runs.id, null), 'may_present', mine.may,
		'files', case when mine.may then (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', v.shown_name) order by f.created_at), '[]')
			from private.session_files as f
			cross join lateral private.shown_file_version(f.id) as v
			join private.stored_objects as o on o.name = v.object_name and o.media_type = 'application/pdf'
			where f.session_id = runs.session_id) end)
	from public.runs
	cross join lateral (select private.may_present(private.me(), runs.id)) as mine (may)
	where runs.id = run and runs.state <> 'ended' and private.may_read_run(private.me(), runs)
$$;
grant execute on function public.read_slides(uuid) to anon, authenticated;

-- Shows a PDF of the session from its first page; without a file, shows none. Its pages can be fetched as soon as the
-- app has opened it (`private.save_slide_pages`). Answers {status: ok | not_found, version}.
create function public.present_slides(run uuid, file uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_version private.file_versions;
begin
	if (private.hold_open_run(run)).id is null or not private.may_present(private.me(), run) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if file is null then
		delete from private.run_slides as sl where sl.run_id = run;
	else
		select v.* into v_version
		from public.runs
		join private.session_files as f on f.session_id = runs.session_id and f.id = present_slides.file
		cross join lateral private.shown_file_version(f.id) as v
		join private.stored_objects as o on o.name = v.object_name and o.media_type = 'application/pdf'
		where runs.id = run;
		if v_version.id is null then return jsonb_build_object('status', 'not_found'); end if;
		insert into private.run_slides as sl (run_id, summit_id, version_id)
		select runs.id, runs.summit_id, v_version.id from public.runs where runs.id = run
		on conflict (run_id) do update set version_id = excluded.version_id, page = 1, furthest = 1, pages = null;
		perform private.hide_poll(run);
	end if;
	perform private.notify_slides(run);
	return jsonb_build_object('status', 'ok', 'version', v_version.id);
end
$$;
grant execute on function public.present_slides(uuid, uuid) to authenticated;

-- The app has opened the file and counted its pages. Without a number it could not be opened, and is taken off.
create function private.save_slide_pages(p_run uuid, p_version uuid, p_pages integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_pages is null then
		delete from private.run_slides where run_id = p_run and version_id = p_version;
	else
		update private.run_slides set pages = p_pages where run_id = p_run and version_id = p_version;
	end if;
	perform private.notify_slides(p_run);
end
$$;
grant execute on function private.save_slide_pages(uuid, uuid, integer) to app_server;

-- Turns to a page. Answers ok, already, not_possible, not_found.
create function public.turn_slide(run uuid, page integer) returns public.run_change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_present(private.me(), run) then return 'not_found'; end if;
	if not exists (select from private.run_slides as sl
		where sl.run_id = run and turn_slide.page between 1 and sl.pages) then
		return 'not_possible';
	end if;
	update private.run_slides as sl set page = turn_slide.page, furthest = greatest(sl.furthest, turn_slide.page)
	where sl.run_id = run and sl.page <> turn_slide.page;
	if not found then return 'already'; end if;
	perform private.hide_poll(run), private.notify_slides(run);
	return 'ok';
end
$$;
grant execute on function public.turn_slide(uuid, integer) to authenticated;

-- The stored object that a page is drawn from, for this person at this moment; null when they may not see the page.
-- Viewers see, while the run is on air, the pages that were shown and the next one; somebody who presents sees all.
create function private.slide_object(p_person uuid, p_run uuid, p_version uuid, p_page integer) returns text
language sql stable security definer set search_path = '' as $$
	select v.object_name
	from private.run_slides as sl
	join public.runs on runs.id = sl.run_id
	join private.file_versions as v on v.id = sl.version_id and v.withdrawn_at is null
	join private.stored_objects as o on o.name = v.object_name and o.state = 'kept'
		and o.scan in ('clean', 'unscanned')
	where sl.run_id = p_run and sl.version_id = p_version and p_page between 1 and sl.pages and runs.state <> 'ended'
		and private.may_read_run(p_person, runs)
		and (runs.state in ('live', 'paused') and p_page <= sl.furthest + 1 or private.may_present(p_person, p_run))
$$;
grant execute on function private.slide_object(uuid, uuid, uuid, integer) to app_server;
