-- Recordings and files of sessions, as the search of the library finds them.

-- The recordings that a person may watch, among the sessions that they see (`p_sessions`). Which these are does not depend
-- on the query, so that its time says nothing about others.
create function private.library_recordings(p_person uuid, p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with ready as materialized (
		select g.id, g.session_id
		from private.recordings as g
		where g.state = 'ready' and g.published_at is not null and g.session_id = any (p_sessions)
	), known as materialized (
		select k.session_id, k.is_let_in
		from private.known_file_audience(p_person, array(select r.session_id from ready as r)) as k
	)
	select g.id
	from private.recordings as g
	left join known as k on k.session_id = g.session_id
	where g.id in (select r.id from ready as r)
		and case k.is_let_in
			when true then private.reads_recording_level(p_person, g) and private.is_recording_shown(g)
			when false then false
			else private.may_watch_recording(p_person, g) end
$$;

-- The published files of sessions that the reader may open, among the sessions that they see (`p_sessions`), by the rule
-- of public.list_published_files, which is asked once for a session. Independent of the query for the same reason.
create function private.library_session_files(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with with_files as materialized (
		select x.session_id, private.level_in_force(x.session_id) as level
		from (select distinct f.session_id from private.session_files as f where f.session_id = any (p_sessions)) as x
	), published as materialized (
		select f.id, f.session_id
		from with_files as w
		join private.session_files as f on f.session_id = w.session_id
		where private.is_file_published_at(f, w.level)
	), held as materialized (
		select distinct p.session_id from published as p
	), known as materialized (
		select k.session_id, k.is_let_in
		from private.known_file_audience((select private.me()), array(select h.session_id from held as h)) as k
	), opened as materialized (
		select private.sessions_with_file_access(array(select h.session_id from held as h)) as session_id
		union all
		select h.session_id
		from held as h
		left join known as k on k.session_id = h.session_id
		where case when k.is_let_in is null then private.is_file_audience((select private.me()), h.session_id)
			else k.is_let_in end
	)
	select p.id
	from published as p
	where p.session_id in (select o.session_id from opened as o) and exists (select from private.shown_file_versions(p.id))
$$;

-- The recordings that a query finds by the words of their sessions, as these are released; without a query all. The
-- languages are those that are spoken.
create function private.library_recording_rows(p_recordings uuid[], p_query tsquery)
	returns table (id uuid, recorded_on date, languages text[], rank real)
language sql stable security definer set search_path = '' as $$
	with newest as materialized (
		select u.id, u.zone, private.newest_release(u.id) as release_id from public.summits as u
	)
	select g.id, (g.started_at at time zone n.zone)::date, r.spoken, ts_rank(w.words, p_query)
	from private.recordings as g
	join newest as n on n.id = g.summit_id
	join public.release_sessions as r on r.session_id = g.session_id and r.release_id = n.release_id
	join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
	where g.id = any (p_recordings) and not r.is_cancelled and (p_query is null or w.words @@ p_query)
$$;

-- The files that a query finds by their names and the words of their sessions; without a query all. They are of the day of
-- the session as it is released; without a time, of the first day of the Summit.
create function private.library_session_file_rows(p_files uuid[], p_query tsquery)
	returns table (id uuid, kind text, held_on date, languages text[], rank real)
language sql stable security definer set search_path = '' as $$
	with newest as materialized (
		select u.id, u.zone, u.starts_on, private.newest_release(u.id) as release_id from public.summits as u
	), found as materialized (
		select f.id, f.kind, f.session_id, n.release_id, n.zone, n.starts_on, v.language, named.words
		from private.session_files as f
		join newest as n on n.id = f.summit_id
		join public.release_sessions as r on r.session_id = f.session_id and r.release_id = n.release_id
		join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
		cross join lateral private.shown_file_versions(f.id) as v
		cross join lateral (
			select case when p_query is not null then w.words || setweight(
				to_tsvector('private.search_simple', private.part_words(translate(v.shown_name, '._-', '   '))), 'A') end
			offset 0) as named (words)
		where f.id = any (p_files) and not r.is_cancelled and (p_query is null or named.words @@ p_query)
	)
	select x.id, x.kind::text,
		coalesce((
			select (min(lower(t.during)) at time zone x.zone)::date
			from public.release_slots as t
			where t.release_id = x.release_id and t.session_id = x.session_id and not t.is_cancelled), x.starts_on),
		case when x.language is not null then array[x.language] end,
		ts_rank(x.words, p_query)
	from found as x
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
