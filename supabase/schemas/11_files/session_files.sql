-- Adding, changing and withdrawing the slides and handouts of a session, and the settings of a Summit for them. Changes
-- to the files of a session take an advisory lock on it.

create trigger mark_object_deletable after delete on private.file_versions for each row
	execute function private.mark_row_object_deletable();

-- The settings of a Summit, or the defaults.
create function private.file_settings_of(p_summit uuid) returns private.file_settings
language sql stable security definer set search_path = '' as $$
	select coalesce(f, row(p_summit, null, 50, 20, 2000, 1000, 50)::private.file_settings)
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

-- Why `p_size` more bytes of the caller do not fit into a session: {status: session_full | person_full | summit_full,
-- bytes (the limit)}; null when they do. All versions count until their object is deleted, withdrawn ones too. The
-- caller that adds a file holds the lock `uploads:` of the Summit, so that two at once never pass a limit together.
create function private.upload_refusal(p_session uuid, p_size bigint) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', l.status, 'bytes', l.most)
	from public.sessions as s
	cross join lateral private.file_settings_of(s.summit_id) as q
	cross join lateral (select
			coalesce(sum(o.size) filter (where f.session_id = s.id), 0) as of_session,
			coalesce(sum(o.size) filter (where v.uploaded_by = private.me()
				and v.uploaded_at > now() - interval '1 day'), 0) as of_person,
			coalesce(sum(o.size), 0) as of_summit
		from private.session_files as f
		join private.file_versions as v on v.file_id = f.id
		join private.stored_objects as o on o.name = v.object_name and o.state <> 'gone'
		where f.summit_id = s.summit_id) as stored
	cross join lateral (values
		(1, 'session_full', 1000000::bigint * q.session_mb, stored.of_session),
		(2, 'person_full', 1000000::bigint * q.person_mb, stored.of_person),
		(3, 'summit_full', 1000000000::bigint * q.summit_gb, stored.of_summit)
	) as l (rank, status, most, used)
	where s.id = p_session and l.used + p_size > l.most
	order by l.rank limit 1
$$;

-- Whether an upload may begin, so that nobody sends 50 MB that are refused. {status: ok | not_found | full, bytes}, or as
-- private.upload_refusal says it.
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
		when quota.refusal is not null then quota.refusal
		else jsonb_build_object('status', 'ok', 'bytes',
			1000000 * case kind when 'slides' then settings.slides_mb else settings.handouts_mb end)
	end
	from (select) as always
	left join public.sessions as s on s.id = session
	left join lateral private.file_settings_of(s.summit_id) as settings on true
	left join lateral private.upload_refusal(s.id, 1) as quota (refusal) on true
$$;
grant execute on function public.begin_session_file(uuid, public.file_kind, uuid) to authenticated;

-- A name that says nothing of a person, with the extension of the name that it replaces.
create function private.neutral_file_name(p_neutral text, p_name text) returns text
language sql immutable parallel safe
return p_neutral || coalesce(substring(p_name from '\.[A-Za-z0-9]{1,5}$'), '');

-- The name under which a file that the reader uploads is shown. Where they or `p_also` have an alias, it is a neutral one:
-- the name of an uploaded file may contain theirs (Rule 7).
create function private.uploaded_file_name(p_neutral text, p_name text, p_also uuid default null) returns text
language sql stable security definer set search_path = '' as $$
	select case when private.has_alias(private.me()) or private.has_alias(p_also)
		then private.neutral_file_name(p_neutral, p_name) else p_name end
$$;

-- The name under which a file of a session is shown. Where one of the people of the session has an alias, it is a neutral one too.
create function private.safe_file_name(
	p_session uuid, p_kind public.file_kind, p_number integer, p_name text
) returns text
language sql stable security definer set search_path = '' as $$
	select private.uploaded_file_name(p_kind || '-' || p_number, p_name, (
		select sp.person_id
		from public.session_people as sp
		where sp.session_id = p_session and sp.state <> 'declined' and private.has_alias(sp.person_id)
		limit 1))
$$;

-- Makes an upload a file of the session, or the next version of one. `object` is known to the app alone, which has
-- checked its content. {status: ok | not_found | full, file, version, number, late}, or as private.upload_refusal says it.
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
	v_refusal jsonb;
begin
	perform pg_advisory_xact_lock(hashtextextended(session::text, 47));
	if private.lock_file_access(session) is null then return jsonb_build_object('status', 'not_found'); end if;
	v_begun := public.begin_session_file(session, kind, file);
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	perform pg_advisory_xact_lock(hashtextextended('uploads:' || v_summit, 0));
	v_refusal := private.upload_refusal(session, (select o.size from private.stored_objects as o where o.name = object));
	if v_refusal is not null then return v_refusal; end if;
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
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
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
	if publication = 'stage' then perform private.allow_closed_summits(); end if;
	update private.session_files as f
		set publication = publish_session_file.publication, level = private.level_in_force(f.session_id)
		where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.publish_session_file(uuid, public.file_publication) to authenticated;

-- Removes a file with all its versions, for good. Answers ok, not_found, held (nothing of it may be deleted; it can be taken
-- down).
create function public.remove_session_file(file uuid) returns public.file_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	if private.is_class_held('files', v_file.summit_id, now())
		or private.people_of_session_file(v_file.id) && private.held_people(now()) then
		return 'held';
	end if;
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
	delete from private.session_files as f where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.remove_session_file(uuid) to authenticated;

-- Saves the settings, for programme organisers; limits that are left out stay as they are. Answers ok | not_allowed | invalid | late (after the end of the
-- Summit).
create function public.save_file_settings(
	summit uuid, due_at timestamptz, slides_mb integer, handouts_mb integer, session_mb integer default null,
	person_mb integer default null, summit_gb integer default null
) returns public.deadline_save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now private.file_settings := private.file_settings_of(summit);
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	v_now.session_mb := coalesce(session_mb, v_now.session_mb);
	v_now.person_mb := coalesce(person_mb, v_now.person_mb);
	v_now.summit_gb := coalesce(summit_gb, v_now.summit_gb);
	if coalesce(slides_mb, 0) not between 1 and 100
		or coalesce(handouts_mb, 0) not between 1 and 100
		or v_now.session_mb not between 100 and 100000
		or v_now.person_mb not between 100 and 100000
		or v_now.summit_gb not between 1 and 10000 then
		return 'invalid';
	end if;
	if private.is_after_summit_end(summit, save_file_settings.due_at) then return 'late'; end if;
	insert into private.file_settings (summit_id, due_at, slides_mb, handouts_mb, session_mb, person_mb, summit_gb)
	values (summit, save_file_settings.due_at, save_file_settings.slides_mb, save_file_settings.handouts_mb,
		v_now.session_mb, v_now.person_mb, v_now.summit_gb)
	on conflict (summit_id) do update
		set due_at = excluded.due_at, slides_mb = excluded.slides_mb, handouts_mb = excluded.handouts_mb,
			session_mb = excluded.session_mb, person_mb = excluded.person_mb, summit_gb = excluded.summit_gb;
	perform private.publish_event('organise:' || summit, 'files');
	return 'ok';
end
$$;
grant execute on function public.save_file_settings(
	uuid, timestamptz, integer, integer, integer, integer, integer
) to authenticated;
