-- Adding, changing and withdrawing the slides and handouts of a session, and the settings of a Summit for them. Changes
-- to the files of a session take an advisory lock on it.

-- The object of a version is deleted with the version.
create function private.mark_version_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.object_name);
	return null;
end
$$;
create trigger mark_object_deletable after delete on private.file_versions for each row
	execute function private.mark_version_object_deletable();

-- The settings of a Summit, or the defaults.
create function private.file_settings_of(p_summit uuid) returns private.file_settings
language sql stable security definer set search_path = '' as $$
	select coalesce(f, row(p_summit, null, 50, 20)::private.file_settings)
	from (select) as always
	left join private.file_settings as f on f.summit_id = p_summit
$$;

-- Events for the open pages of a session and of the organisers.
create function private.notify_files_changed(p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.publish_event('session:' || p_session, 'files', p_session);
	perform private.publish_event('organise:'
		|| (select s.summit_id from public.sessions as s where s.id = p_session), 'files');
end
$$;

-- Whether an upload may begin, so that nobody sends 50 MB that are refused. {status: ok | not_found | full, bytes}
create function public.begin_session_file(session uuid, kind public.file_kind, file uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when private.file_access_of(s.id) is null
			or private.file_access_of(s.id) = 'reader'
			or file is not null and not exists (select
				from private.session_files as f
				where f.id = file and f.session_id = s.id and f.kind = begin_session_file.kind)
			then jsonb_build_object('status', 'not_found')
		when (select count(*) from private.session_files as f where f.session_id = s.id) >= 30 and file is null
			or (select count(*) from private.file_versions as v where v.file_id = file) >= 100
			then jsonb_build_object('status', 'full')
		else jsonb_build_object('status', 'ok', 'bytes',
			1000000 * case kind when 'slides' then settings.slides_mb else settings.handouts_mb end)
	end
	from (select) as always
	left join public.sessions as s on s.id = session
	left join lateral private.file_settings_of(s.summit_id) as settings on true
$$;
grant execute on function public.begin_session_file(uuid, public.file_kind, uuid) to authenticated;

-- The name under which a file is shown. Where one of the people of the session has an alias, it is a neutral one: the
-- name of an uploaded file may contain theirs (Rule 7).
create function private.safe_file_name(
	p_session uuid, p_kind public.file_kind, p_number integer, p_name text
) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.has_alias(private.me()) or exists (select
				from public.session_people as sp
				where sp.session_id = p_session and sp.state <> 'declined' and private.has_alias(sp.person_id))
			then p_kind || '-' || p_number || coalesce(substring(p_name from '\.[A-Za-z0-9]{1,5}$'), '')
		else p_name
	end
$$;

-- Makes an upload a file of the session, or the next version of one. `object` is known to the app alone, which has
-- checked its content. {status: ok | not_found | full, file, version, number, late}
create function public.add_session_file(
	session uuid, object text, name text, kind public.file_kind, publication public.file_publication default 'stage',
	language text default null, file uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files;
	v_version private.file_versions;
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = session);
	v_number integer;
	v_begun jsonb;
begin
	perform pg_advisory_xact_lock(hashtextextended(session::text, 47));
	if private.lock_file_access(session) is null then return jsonb_build_object('status', 'not_found'); end if;
	v_begun := public.begin_session_file(session, kind, file);
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if not private.mark_object_used(object) then return jsonb_build_object('status', 'not_found'); end if;
	if file is null then
		insert into private.session_files (session_id, summit_id, kind, publication, level)
		values (session, v_summit, kind, publication, private.level_in_force(session))
		returning * into v_file;
	else
		select * into v_file from private.session_files as f where f.id = file;
	end if;
	v_number := (select coalesce(max(v.number), 0) + 1 from private.file_versions as v where v.file_id = v_file.id);
	insert into private.file_versions (file_id, number, object_name, shown_name, language, is_late, uploaded_by)
	values (
		v_file.id,
		v_number,
		object,
		private.safe_file_name(session, v_file.kind, v_number, name),
		language,
		coalesce((private.file_settings_of(v_summit)).due_at < now(), false),
		private.me())
	returning * into v_version;
	perform private.publish_event('outbox', 'file', v_version.id);
	perform private.notify_files_changed(session);
	return jsonb_build_object(
		'status', 'ok',
		'file', v_file.id,
		'version', v_version.id,
		'number', v_number,
		'late', v_version.is_late);
end
$$;
grant execute on function public.add_session_file(
	uuid, text, text, public.file_kind, public.file_publication, text, uuid
) to authenticated;

-- Withdraws a version. When it was the one shown, none is shown until another is chosen. Answers ok or not_found.
create function public.withdraw_file_version(version uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(
		(select v.file_id from private.file_versions as v where v.id = version));
begin
	if v_file.id is null then return 'not_found'; end if;
	if (private.shown_file_version(v_file.id)).id = version then
		update private.file_versions as v set chosen_at = null where v.file_id = v_file.id and v.chosen_at is not null;
	end if;
	update private.file_versions as v set withdrawn_at = now(), chosen_at = null
		where v.id = version and v.withdrawn_at is null;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.withdraw_file_version(uuid) to authenticated;

-- Shows an older version again, also a withdrawn one. Answers ok, not_found or refused (the scanner refused it, or its
-- object is gone).
create function public.restore_file_version(version uuid) returns public.file_restore_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(
		(select v.file_id from private.file_versions as v where v.id = version));
begin
	if v_file.id is null then return 'not_found'; end if;
	if exists (select
		from private.file_versions as v
		join private.stored_objects as o on o.name = v.object_name
		where v.id = version and (o.scan = 'refused' or o.state <> 'kept')) then
		return 'refused';
	end if;
	update private.file_versions as v set chosen_at = clock_timestamp(), withdrawn_at = null where v.id = version;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.restore_file_version(uuid) to authenticated;

-- Sets whether a file is for the stage only or published with the session, at the level that is in force now. Answers
-- ok or not_found.
create function public.publish_session_file(file uuid, publication public.file_publication)
	returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	update private.session_files as f
		set publication = publish_session_file.publication, level = private.level_in_force(f.session_id)
		where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.publish_session_file(uuid, public.file_publication) to authenticated;

-- Removes a file with all its versions, for good. Answers ok or not_found.
create function public.remove_session_file(file uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	delete from private.session_files as f where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.remove_session_file(uuid) to authenticated;

-- Saves the settings, for programme organisers. Answers ok | not_allowed | invalid | late (after the end of the
-- Summit).
create function public.save_file_settings(
	summit uuid, due_at timestamptz, slides_mb integer, handouts_mb integer
) returns public.deadline_save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if coalesce(slides_mb, 0) not between 1 and 100 or coalesce(handouts_mb, 0) not between 1 and 100 then
		return 'invalid';
	end if;
	if private.is_after_summit_end(summit, save_file_settings.due_at) then return 'late'; end if;
	insert into private.file_settings (summit_id, due_at, slides_mb, handouts_mb)
	values (summit, save_file_settings.due_at, save_file_settings.slides_mb, save_file_settings.handouts_mb)
	on conflict (summit_id) do update
		set due_at = excluded.due_at, slides_mb = excluded.slides_mb, handouts_mb = excluded.handouts_mb;
	perform private.publish_event('organise:' || summit, 'files');
	return 'ok';
end
$$;
grant execute on function public.save_file_settings(uuid, timestamptz, integer, integer) to authenticated;
