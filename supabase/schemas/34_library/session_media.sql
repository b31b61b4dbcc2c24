-- Recordings and files of sessions, as the search of the library finds them.

-- The recordings that a person may watch, among the sessions that they see (`p_sessions`). Which these are does not depend
-- on the query, so that its time says nothing about others.
create function private.library_recordings(p_person uuid, p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with ready as materialized (
		select g.id, g.session_id
		from private.recordings as g
		where g.state = 'ready' and g.published_at is not null and g.session_id = any (p_sessions)
	), open as materialized (
		select seen.session_id
		from private.sessions_open_to(p_person, array(select r.session_id from ready as r)) as seen (session_id)
	)
	select g.id
	from private.recordings as g
	where g.id in (select r.id from ready as r)
		and case when g.level = 'public' and g.session_id in (select o.session_id from open as o)
			then private.is_recording_shown(g)
			else private.may_watch_recording(p_person, g) end
$$;

-- The published files of sessions that the reader may open, among the sessions that they see (`p_sessions`), by the rule
-- of public.list_published_files, which is asked once for a session. Independent of the query for the same reason.
create function private.library_session_files(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with published as materialized (
		select f.id, f.session_id
		from private.session_files as f
		where f.session_id = any (p_sessions) and private.is_file_published(f)
	), open as materialized (
		select seen.session_id
		from private.sessions_open_to((select private.me()), array(select p.session_id from published as p))
			as seen (session_id)
	), opened as materialized (
		select o.session_id from open as o
		union all
		select s.session_id
		from (
			select distinct p.session_id
			from published as p
			where p.session_id not in (select o.session_id from open as o)) as s
		where private.is_file_audience((select private.me()), s.session_id)
			or private.file_access_of(s.session_id) is not null
	)
	select p.id
	from published as p
	where p.session_id in (select o.session_id from opened as o) and (private.shown_file_version(p.id)).id is not null
$$;

-- Recordings with the words of their sessions, as these are released; the languages are those that are spoken.
create function private.library_recording_rows(p_recordings uuid[])
	returns table (id uuid, recorded_on date, languages text[], words tsvector)
language sql stable security definer set search_path = '' as $$
	select g.id, (g.started_at at time zone u.zone)::date, r.spoken, w.words
	from private.recordings as g
	join public.summits as u on u.id = g.summit_id
	join public.release_sessions as r on r.session_id = g.session_id and r.release_id = private.newest_release(u.id)
	join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
	where g.id = any (p_recordings) and not r.is_cancelled
$$;

-- Files with their names and the words of their sessions. They are of the day of the session as it is released; without a
-- time, of the first day of the Summit.
create function private.library_session_file_rows(p_files uuid[])
	returns table (id uuid, kind text, held_on date, languages text[], words tsvector)
language sql stable security definer set search_path = '' as $$
	select f.id, f.kind::text,
		coalesce((
			select (min(lower(t.during)) at time zone u.zone)::date
			from public.release_slots as t
			where t.release_id = r.release_id and t.session_id = r.session_id and not t.is_cancelled), u.starts_on),
		case when v.language is not null then array[v.language] end,
		w.words || setweight(
			to_tsvector('private.search_simple', private.part_words(translate(v.shown_name, '._-', '   '))), 'A')
	from private.session_files as f
	join public.summits as u on u.id = f.summit_id
	join public.release_sessions as r on r.session_id = f.session_id and r.release_id = private.newest_release(u.id)
	join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
	cross join lateral private.shown_file_version(f.id) as v
	where f.id = any (p_files) and not r.is_cancelled
$$;

-- A recording: its session, its day and its length.
create function private.recording_hit_json(p_recording uuid, p_query tsquery, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.session_hit_json(g.session_id, null, null, p_query, p_language) || jsonb_build_object(
		'recording', g.id,
		'recorded_on', (g.started_at at time zone u.zone)::date,
		'length_ms', g.length_ms)
	from private.recordings as g
	join public.summits as u on u.id = g.summit_id
	where g.id = p_recording
$$;

-- A file of a session.
create function private.session_file_hit_json(p_file uuid, p_query tsquery, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.session_hit_json(f.session_id, null, null, p_query, p_language) - 'summary' || jsonb_build_object(
		'file', f.id,
		'kind', f.kind,
		'name', v.shown_name,
		'media_type', o.media_type,
		'size', o.size,
		'language', v.language)
	from private.session_files as f
	cross join lateral private.shown_file_version(f.id) as v
	join private.stored_objects as o on o.name = v.object_name
	where f.id = p_file
$$;

-- The Summits of which the reader may watch a recording, the newest first: [{slug, name}]. Each has a page that lists them.
create function private.library_replays(p_recordings uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('slug', u.slug, 'name', u.name) order by u.starts_on desc, u.slug), '[]')
	from public.summits as u
	where u.id in (
		select g.summit_id
		from private.recordings as g
		join public.release_sessions as r
			on r.session_id = g.session_id and r.release_id = private.newest_release(g.summit_id) and not r.is_cancelled
		where g.id = any (p_recordings))
$$;
