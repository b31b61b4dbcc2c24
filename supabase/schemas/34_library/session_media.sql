-- Recordings and files of sessions, as the search of the library finds them.

-- The recordings that a person may watch, among the sessions that they see, of which `p_known` tells
-- (private.known_file_audience). Which these are does not depend on the query, so that its time says nothing about others.
create function private.library_recordings(p_person uuid, p_known private.file_audience[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select g.id
	from unnest(p_known) as k
	join private.recordings as g on g.session_id = k.session_id
	where g.state = 'ready'
		and g.published_at is not null
		and case k.is_let_in
			when true then private.reads_recording_level(p_person, g) and private.is_recording_shown_at(g, k.level)
			when false then false
			else private.may_watch_recording(p_person, g) end
$$;

-- The published files of sessions that the reader may open, among the sessions that they see (`p_known`), by the rule of
-- public.list_published_files, which is asked once for a session. Independent of the query for the same reason.
create function private.library_session_files(p_known private.file_audience[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with published as materialized (
		select f.id, f.session_id, k.is_let_in
		from unnest(p_known) as k
		join private.session_files as f on f.session_id = k.session_id
		where private.is_file_published_at(f, k.level)
			and f.id in (select v.file_id from private.showable_file_versions() as v)
	), held as materialized (
		select distinct p.session_id, p.is_let_in from published as p
	), opened as materialized (
		select h.session_id
		from held as h
		where coalesce(h.is_let_in, private.is_file_audience((select private.me()), h.session_id))
		union all
		select private.sessions_with_file_access(array(select h.session_id from held as h where h.is_let_in is not true))
	)
	select p.id
	from published as p
	where p.session_id in (select o.session_id from opened as o)
$$;

-- The recordings that a query finds by the words of their sessions, as these are released (`p_releases`,
-- private.current_releases); without a query all. The languages are those that are spoken.
create function private.library_recording_rows(p_recordings uuid[], p_query tsquery, p_releases uuid[])
	returns table (id uuid, recorded_on date, languages text[], rank real)
language sql stable security definer set search_path = '' as $$
	select g.id, (g.started_at at time zone u.zone)::date, r.spoken, ts_rank(w.words, p_query)
	from private.recordings as g
	join public.summits as u on u.id = g.summit_id
	join public.release_sessions as r on r.session_id = g.session_id and r.release_id = any (p_releases)
	join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
	where g.id = any (p_recordings) and not r.is_cancelled and (p_query is null or w.words @@ p_query)
$$;

-- The files that a query finds by their names and the words of their sessions as these are released (`p_releases`); without
-- a query all. They are of the day of the session as it is released; without a time, of the first day of the Summit.
create function private.library_session_file_rows(p_files uuid[], p_query tsquery, p_releases uuid[])
	returns table (id uuid, kind text, held_on date, languages text[], rank real)
language sql stable security definer set search_path = '' as $$
	with shown as materialized (
		select distinct on (v.file_id) v.file_id, v.language, v.shown_name
		from private.showable_file_versions() as v
		where v.file_id = any (p_files)
		order by v.file_id, v.chosen_at desc, v.number desc
	), found as materialized (
		select f.id, f.kind, f.session_id, r.release_id, u.zone, u.starts_on, v.language, named.words
		from shown as v
		join private.session_files as f on f.id = v.file_id
		join public.summits as u on u.id = f.summit_id
		join public.release_sessions as r on r.session_id = f.session_id and r.release_id = any (p_releases)
		join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
		cross join lateral (
			select case when p_query is not null then w.words || setweight(
				to_tsvector('private.search_simple', private.part_words(translate(v.shown_name, '._-', '   '))), 'A') end
			offset 0) as named (words)
		where not r.is_cancelled and (p_query is null or named.words @@ p_query)
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
create function private.library_replays(p_recordings uuid[], p_releases uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('slug', u.slug, 'name', u.name) order by u.starts_on desc, u.slug), '[]')
	from public.summits as u
	where u.id in (
		select g.summit_id
		from private.recordings as g
		join public.release_sessions as r
			on r.session_id = g.session_id and r.release_id = any (p_releases) and not r.is_cancelled
		where g.id = any (p_recordings))
$$;
