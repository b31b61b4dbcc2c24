-- Reading the files of a session: its people and organisers get all versions, everybody else what is published and
-- meant for them.

-- A version as JSON: {id, number, name, media_type, size, language, uploaded_at, by, is_late, is_withdrawn,
-- is_recording_shown, state, attempts, note}. Only organisers read the note of the scanner.
create function private.version_json(p_version private.file_versions, p_shown uuid, p_access text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_version.id,
		'number', p_version.number,
		'name', p_version.shown_name,
		'media_type', o.media_type,
		'size', o.size,
		'language', p_version.language,
		'uploaded_at', private.iso(p_version.uploaded_at),
		'by', (select p.display_name from public.people as p where p.id = p_version.uploaded_by),
		'is_late', p_version.is_late,
		'is_withdrawn', p_version.withdrawn_at is not null,
		'is_shown', coalesce(p_version.id = p_shown, false),
		'state', case when o.state = 'lost' then 'lost' else o.scan::text end,
		'attempts', o.scan_attempts,
		'note', case when p_access = 'organiser' then o.scan_note else '' end)
	from private.stored_objects as o
	where o.name = p_version.object_name
$$;

-- The files of a session for its people and organisers: {access, due_at, slides_mb, handouts_mb, level, is_cancelled,
-- files: [{id, kind, publication, is_open, versions}]}; null for everybody else.
create function public.read_session_files(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'access', own.access,
		'due_at', private.iso(settings.due_at),
		'slides_mb', settings.slides_mb,
		'handouts_mb', settings.handouts_mb,
		'level', private.level_in_force(s.id),
		'is_cancelled', exists (
			select from public.release_sessions as rs
			where rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id) and rs.is_cancelled),
		'files', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', f.id,
				'kind', f.kind,
				'publication', f.publication,
				'is_open', private.is_file_published(f),
				'versions', versions.list) order by f.kind, f.created_at), '[]')
			from private.session_files as f
			cross join lateral (select (private.shown_file_version(f.id)).id) as shown (id)
			cross join lateral (select coalesce(
					jsonb_agg(private.version_json(v, shown.id, own.access) order by v.number desc), '[]') as list
				from private.file_versions as v
				where v.file_id = f.id and (own.access <> 'reader' or v.id = shown.id)) as versions
			where f.session_id = s.id and (own.access <> 'reader' or shown.id is not null)))
	from public.sessions as s
	cross join lateral private.file_settings_of(s.summit_id) as settings
	cross join lateral (select private.file_access_of(s.id)) as own (access)
	where s.id = session and own.access is not null
$$;
grant execute on function public.read_session_files(uuid) to authenticated;

-- What is published with a session, for those who may have it: [{id, name, kind, media_type, size, language}].
create function public.list_published_files(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', f.id,
		'name', v.shown_name,
		'kind', f.kind,
		'media_type', o.media_type,
		'size', o.size,
		'language', v.language) order by f.kind, f.created_at), '[]')
	from private.session_files as f
	cross join lateral private.shown_file_version(f.id) as v
	join private.stored_objects as o on o.name = v.object_name
	where f.session_id = session
		and private.is_file_published(f)
		and (private.file_access_of(session) is not null or private.is_file_audience(private.me(), session))
$$;
grant execute on function public.list_published_files(uuid) to anon, authenticated;

-- The version of a file that the reader gets: the shown one, or by its number any scanned version for those who may
-- change the files.
create function private.readable_version(p_file uuid, p_number integer) returns private.file_versions
language sql stable security definer set search_path = '' as $$
	select v.*
	from private.session_files as f
	cross join lateral (select private.file_access_of(f.session_id)) as own (access)
	join private.file_versions as v on v.file_id = f.id
	join private.stored_objects as o on o.name = v.object_name
		and o.state = 'kept'
		and o.scan in ('clean', 'unscanned')
	where f.id = p_file and case
		when v.id = (private.shown_file_version(f.id)).id and p_number is null
			or p_number = v.number and v.id = (private.shown_file_version(f.id)).id
			then own.access is not null
				or private.is_file_published(f) and private.is_file_audience(private.me(), f.session_id)
		else p_number = v.number and own.access in ('organiser', 'person')
	end
$$;

-- A file that the reader opens: {version, name, media_type, size, sha256}; null when there is none or the reader may
-- not see it.
create function public.open_session_file(summit uuid, file uuid, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'version', v.id,
		'name', v.shown_name,
		'media_type', o.media_type,
		'size', o.size,
		'sha256', encode(o.sha256, 'hex'))
	from private.session_files as f
	cross join lateral private.readable_version(f.id, open_session_file.number) as v
	join private.stored_objects as o on o.name = v.object_name
	where f.id = file and f.summit_id = summit and v.id is not null
$$;
grant execute on function public.open_session_file(uuid, uuid, integer) to anon, authenticated;

-- The name of the object of a version, for the app alone.
create function private.object_of_version(p_version uuid) returns text
language sql stable security definer set search_path = '' as $$
	select v.object_name
	from private.file_versions as v
	where v.id = p_version
$$;
grant execute on function private.object_of_version(uuid) to app_server;

-- How many files a session has: {slides, handouts}. Withdrawn and refused ones do not count.
create function private.count_files(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'slides', count(*) filter (where f.kind = 'slides'),
		'handouts', count(*) filter (where f.kind = 'handout'))
	from private.session_files as f
	where f.session_id = p_session
		and exists (select
			from private.file_versions as v
			join private.stored_objects as o on o.name = v.object_name
			where v.file_id = f.id and v.withdrawn_at is null and o.state = 'kept' and o.scan <> 'refused')
$$;

-- How many files each session of the reader has: {due_at, sessions: {id: {slides, handouts}}}.
create function public.count_my_session_files(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('due_at', private.iso((private.file_settings_of(summit)).due_at),
		'sessions', coalesce(jsonb_object_agg(mine.session_id, private.count_files(mine.session_id)), '{}'))
	from (select distinct sp.session_id
		from public.session_people as sp
		where sp.summit_id = summit
			and sp.state <> 'declined'
			and sp.person_id in (select private.my_people('speaking'))) as mine
$$;
grant execute on function public.count_my_session_files(uuid) to authenticated;

-- The sessions of a Summit with their files, for programme organisers: {due_at, slides_mb, handouts_mb,
-- sessions: [{id, code, title, level, start, slides, handouts, late, waiting, failed, refused}]}; null for others.
-- Sessions that the reader does not see are left out.
create function public.list_session_files(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'due_at', private.iso(settings.due_at),
		'slides_mb', settings.slides_mb,
		'handouts_mb', settings.handouts_mb,
		'session_mb', settings.session_mb,
		'person_mb', settings.person_mb,
		'summit_gb', settings.summit_gb,
		'sessions', (select coalesce(jsonb_agg(private.count_files(s.id) || jsonb_build_object(
				'id', s.id,
				'code', s.code,
				'title', s.title,
				'level', s.level,
				'start', (select private.iso(min(lower(sl.during))) from public.slots as sl where sl.session_id = s.id),
				'late', found.late,
				'waiting', found.waiting,
				'failed', found.failed,
				'refused', found.refused)
				order by (select min(lower(sl.during)) from public.slots as sl where sl.session_id = s.id) nulls last,
					s.code), '[]')
			from public.sessions as s
			cross join lateral (select
					coalesce(bool_or(v.is_late), false) as late,
					count(*) filter (where o.scan = 'waiting') as waiting,
					count(*) filter (where o.scan = 'failed' or o.state = 'lost') as failed,
					count(*) filter (where o.scan = 'refused') as refused
				from private.session_files as f
				join private.file_versions as v on v.file_id = f.id and v.withdrawn_at is null
				join private.stored_objects as o on o.name = v.object_name
				where f.session_id = s.id) as found
			where s.summit_id = summit
				and s.state <> 'cancelled'
				and not s.is_break
				and s.id in (select private.visible_sessions(private.me(), summit))))
	from private.file_settings_of(summit) as settings
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.list_session_files(uuid) to authenticated;
