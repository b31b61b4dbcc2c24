-- The library finds recordings and files of sessions, under the rules that decide who may watch and open them.

set check_function_bodies = off;

drop function private.library_moments(uuid, tsquery, uuid[]);
drop function private.library_hits(uuid, tsquery, text, uuid[]);
drop function private.find_in_library(uuid, tsquery, text, uuid[], jsonb, text, integer);

-- The recordings that a person may watch, among the sessions that they see (`p_sessions`). Which these are does not depend
-- on the query, so that its time says nothing about others.
create function private.library_recordings(p_person uuid, p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select g.id
	from private.recordings as g
	where g.state = 'ready'
		and g.published_at is not null
		and g.session_id = any (p_sessions)
		and private.may_watch_recording(p_person, g)
$$;

-- The published files of sessions that the reader may open, among the sessions that they see (`p_sessions`), by the rule
-- of public.list_published_files, which is asked once for a session. Independent of the query for the same reason.
create function private.library_session_files(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with published as materialized (
		select f.id, f.session_id
		from private.session_files as f
		where f.session_id = any (p_sessions) and private.is_file_published(f)
	), opened as materialized (
		select s.session_id
		from (select distinct p.session_id from published as p) as s
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

-- Files with their names and the words of their sessions.
create function private.library_session_file_rows(p_files uuid[])
	returns table (id uuid, kind text, held_on date, languages text[], words tsvector)
language sql stable security definer set search_path = '' as $$
	select f.id, f.kind::text, u.starts_on, case when v.language is not null then array[v.language] end,
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

-- The lines that a query finds in recordings that the person may watch (`p_recordings`). What was said in a pause of the
-- recording, or cut off, is not in it.
create function private.library_moments(p_query tsquery, p_recordings uuid[])
	returns table (recording_id uuid, line_id uuid, language text, said_on date)
language sql stable security definer set search_path = '' as $$
	with watched as materialized (
		select g.id, g.run_id, runs.started_at, private.cut_off(g.id, false) as cut
		from private.recordings as g
		join public.runs on runs.id = g.run_id
		where p_query is not null and g.id = any (p_recordings)
	), said as (
		select w.id as recording_id, c.id as line_id, c.language, w.started_at + c.starts * interval '1 millisecond' as at
		from watched as w
		join private.caption_lines as c on c.run_id = w.run_id
		where c.is_kept
			and c.is_final
			and not int4range(c.starts, c.ends, '[]') && w.cut
			and to_tsvector(private.search_configuration(c.language), private.part_words(c.words)) @@ p_query
	)
	select s.recording_id, s.line_id, s.language, s.at::date
	from said as s
	where exists (
		select from private.recording_parts as p
		where p.recording_id = s.recording_id
			and p.length_ms > 0
			and s.at >= p.started_at - interval '3 seconds'
			and s.at < p.started_at + p.length_ms * interval '1 millisecond')
$$;

-- What the reader finds for a query beside documents, of everything that they see; without one, recordings and files of
-- sessions. Each branch reads visibility where the pages do; `p_sessions` are private.my_visible_sessions(), and
-- `p_recordings` and `p_files` those of them that the reader may watch and open, computed once. Moments get their rank
-- later, if they are few. A speaker is found by a name that is spelt a little differently too. A commitment has the date
-- of its announcement.
create function private.library_hits(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[],
	p_recordings uuid[], p_files uuid[]) returns table (
	source text, id uuid, number integer, part uuid, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	select 'session', w.session_id, null::integer, null::uuid, null::text, null::uuid,
		extract(year from s.starts_on)::integer, null::text[], ts_rank(w.words, p_query), s.starts_on
	from private.session_words as w
	join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id and not r.is_cancelled
	join public.summits as s on s.id = r.summit_id
	where w.release_id in (select private.current_releases()) and w.session_id = any (p_sessions) and w.words @@ p_query
	union all
	select 'recording', x.id, null, null, 'recording', null, extract(year from x.recorded_on)::integer, x.languages,
		ts_rank(x.words, p_query), x.recorded_on
	from private.library_recording_rows(p_recordings) as x
	where p_query is null or x.words @@ p_query
	union all
	select 'slides', x.id, null, null, x.kind, null, extract(year from x.held_on)::integer, x.languages,
		ts_rank(x.words, p_query), x.held_on
	from private.library_session_file_rows(p_files) as x
	where p_query is null or x.words @@ p_query
	union all
	select 'speaker', x.person_id, null, null, null, null, null, null, x.likeness, null
	from (
		select p.id as person_id, extensions.word_similarity(p_question, p.display_name) as likeness
		from public.people as p
		where p_query is not null and p.id in (
			select rp.person_id
			from public.release_people as rp
			where rp.release_id in (select private.current_releases())
				and rp.session_id = any (p_sessions)
				and private.is_named(rp.session_id, rp.person_id, rp.role))) as x
	where x.likeness >= 0.75
	union all
	select 'moment', m.recording_id, null, m.line_id, null, null, extract(year from m.said_on)::integer, array[m.language],
		null, m.said_on
	from private.library_moments(p_query, p_recordings) as m
	union all
	select 'commitment', w.commitment_id, w.number, null, null, v.theme_id, extract(year from a.on_day)::integer, null,
		ts_rank(w.words, p_query), a.on_day
	from private.commitment_words as w
	join private.commitment_versions as v on v.commitment_id = w.commitment_id and v.number = w.number
	cross join lateral (
		select max(s.effective_at)::date
		from private.commitment_announcements() as s
		where s.commitment_id = w.commitment_id and s.number = w.number and s.effective_at <= now()) as a (on_day)
	where p_query is not null
		and w.words @@ p_query
		and w.commitment_id in (select private.visible_commitments(p_person))
		and w.number = private.shown_commitment_version(w.commitment_id)
$$;

-- One page of what a person finds: {total, matches (of all sources but speakers, whatever is chosen), results, facets}, as
-- public.search_library answers them.
create function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[],
	p_recordings uuid[], p_files uuid[], p_choice jsonb, p_language text, p_page integer) returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
	v_source text := p_choice ->> 'source';
	v_kind text := p_choice ->> 'kind';
	v_theme text := p_choice ->> 'theme';
	v_year text := p_choice ->> 'year';
	v_language text := p_choice ->> 'language';
	v_theme_id uuid := (select t.id from private.commitment_themes as t where t.slug = v_theme);
	v_group text := p_choice ->> 'group';
	-- A group that the reader does not see is none.
	v_groups uuid[] := array(select private.visible_groups(p_person));
	v_group_id uuid := (select g.id from private.groups as g where g.code = v_group and g.id = any (v_groups));
	v_scopes text[] := private.library_scopes(p_person);
	v_runs boolean := coalesce(private.runs_community(p_person), false);
	v_last integer := 20 * greatest(1, least(coalesce(p_page, 1), 1000));
	v_result jsonb;
begin
	with found as materialized (
		select d.*
		from private.library_documents(v_scopes, v_runs, p_query) as d
	), of_groups as materialized (
		select v.group_id, v.item_id, v.number
		from private.library_versions as v
		where v.group_id = any (v_groups)
		union
		select t.group_id, t.item_id, t.number
		from private.library_ties as t
		where t.group_id = any (v_groups)
	), documents as not materialized (
		select f.*
		from found as f
		where v_group is null
			or (f.item_id, f.number) in (select o.item_id, o.number from of_groups as o where o.group_id = v_group_id)
	), others as materialized (
		select h.*
		from private.library_hits(p_person, p_query, p_question, p_sessions, p_recordings, p_files) as h
		where v_group is null
	), by_group as (
		select o.group_id, count(*) as of_group
		from of_groups as o
		join found as d on d.item_id = o.item_id and d.number = o.number
		where (v_source is null or v_source = 'document')
			and (v_kind is null or d.kind::text = v_kind)
			and (v_theme is null or d.theme = v_theme_id)
			and (v_year is null or date_part('year', d.dated)::text = v_year)
			and (v_language is null or v_language = any (d.languages))
		group by o.group_id
	), alike as (
		select 'document' as source, d.kind::text, d.theme, d.year, d.languages, d.times
		from (
			select any_value(d.kind) as kind, any_value(d.theme) as theme,
				date_part('year', any_value(d.dated))::integer as year, any_value(d.languages) as languages,
				count(*) as times
			from documents as d
			group by d.facet) as d
		union all
		select o.source, o.kind, o.theme, o.year, o.languages, count(*)
		from others as o
		group by o.source, o.kind, o.theme, o.year, o.languages
	), grouped as materialized (
		select a.*,
			v_source is null or a.source = v_source as fits_source,
			v_kind is null or a.kind is not distinct from v_kind as fits_kind,
			v_theme is null or a.theme is not distinct from v_theme_id as fits_theme,
			v_year is null or a.year::text is not distinct from v_year as fits_year,
			v_language is null or coalesce(v_language = any (a.languages), false) as fits_language
		from alike as a
	), size as materialized (
		select coalesce(sum(g.times), 0) as all_of, p_query is not null and coalesce(sum(g.times), 0) <= 2000 as is_ranked
		from grouped as g
		where fits_source and fits_kind and fits_theme and fits_year and fits_language
	), counted as (
		select g.source, g.kind, g.theme, g.year, grouping(g.source, g.kind, g.theme, g.year) as by,
			sum(g.times) filter (where fits_kind and fits_theme and fits_year and fits_language) as of_source,
			sum(g.times) filter (where fits_source and fits_theme and fits_year and fits_language) as of_kind,
			sum(g.times) filter (where fits_source and fits_kind and fits_year and fits_language) as of_theme,
			sum(g.times) filter (where fits_source and fits_kind and fits_theme and fits_language) as of_year
		from grouped as g
		group by grouping sets ((g.source), (g.kind), (g.theme), (g.year))
	), spoken as (
		select l.language, sum(g.times) as of_language
		from grouped as g, unnest(g.languages) as l (language)
		where fits_source and fits_kind and fits_theme and fits_year
		group by l.language
	), best as (
		-- Among thousands of hits a rank says nothing: they come by their date. No more are put in order than the page needs.
		(select 'document' as source, d.item_id as id, d.number, null::uuid as part, d.dated,
			case when (select size.is_ranked from size) then (
				select ts_rank(p.head, p_query)
				from private.library_publications as p
				where p.item_id = d.item_id and p.number = d.number) else 0 end as score
		from documents as d
		where (v_source is null or v_source = 'document')
			and (v_kind is null or d.kind::text = v_kind)
			and (v_theme is null or d.theme = v_theme_id)
			and (v_year is null or date_part('year', d.dated)::text = v_year)
			and (v_language is null or v_language = any (d.languages))
		order by score desc, d.dated desc, d.item_id
		limit v_last)
		union all
		select o.source, o.id, o.number, o.part, o.dated, case when (select size.is_ranked from size) then coalesce(o.rank, (
			select ts_rank(to_tsvector(private.search_configuration(c.language), private.part_words(c.words)), p_query)
			from private.caption_lines as c
			where c.id = o.part)) else 0 end
		from others as o
		where (v_source is null or o.source = v_source)
			and (v_kind is null or o.kind = v_kind)
			and (v_theme is null or o.theme = v_theme_id)
			and (v_year is null or o.year::text = v_year)
			and (v_language is null or v_language = any (o.languages))
	), placed as (
		-- The ranks of two sources cannot be compared: the best of each come first, documents before others.
		select b.*,
			array_position(array['document', 'session', 'recording', 'slides', 'commitment', 'moment', 'speaker'],
				b.source) as of_source,
			row_number() over (
				partition by b.source
				order by b.score desc, b.dated desc nulls last, b.id, b.part) as in_source
		from best as b
	), shown as (
		select row_number() over (order by p.in_source, p.of_source) as place, p.*
		from placed as p
		order by p.in_source, p.of_source
		limit 20 offset v_last - 20
	)
	select jsonb_build_object(
		'total', (select size.all_of from size),
		'matches', (select coalesce(sum(g.times), 0) from grouped as g where g.source <> 'speaker'),
		'results', (
			select coalesce(jsonb_agg(
				private.library_hit_json(s.source, s.id, s.number, s.part, p_query, p_language, p_sessions)
				order by s.place), '[]')
			from shown as s),
		'facets', jsonb_build_object(
			'source', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.source, 'count', c.of_source)
					order by c.of_source desc, c.source), '[]')
				from counted as c
				where c.by = 7 and c.of_source > 0),
			'kind', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.kind, 'count', c.of_kind)
					order by c.of_kind desc, c.kind), '[]')
				from counted as c
				where c.by = 11 and c.kind is not null and c.of_kind > 0),
			'theme', (
				select coalesce(jsonb_agg(jsonb_build_object('value', t.slug, 'name', t.name, 'count', c.of_theme)
					order by t.position, t.slug), '[]')
				from counted as c
				join private.commitment_themes as t on t.id = c.theme
				where c.by = 13 and c.of_theme > 0),
			'year', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.year::text, 'count', c.of_year)
					order by c.year desc), '[]')
				from counted as c
				where c.by = 14 and c.year is not null and c.of_year > 0),
			'language', (
				select coalesce(jsonb_agg(jsonb_build_object('value', s.language, 'count', s.of_language)
					order by s.of_language desc, s.language), '[]')
				from spoken as s),
			'group', (
				select coalesce(jsonb_agg(jsonb_build_object('value', g.code, 'name', g.name, 'count', b.of_group)
					order by b.of_group desc, g.code), '[]')
				from by_group as b
				join private.groups as g on g.id = b.group_id)))
	into v_result;
	return v_result;
end
$$;

-- One hit as the reader is shown it: {source, code, title, …}.
create or replace function private.library_hit_json(p_source text, p_id uuid, p_number integer, p_part uuid, p_query tsquery,
	p_language text, p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('source', p_source) || case p_source
		when 'document' then private.document_hit_json(p_id, p_number, p_query, p_language)
		when 'session' then private.session_hit_json(p_id, null, null, p_query, p_language)
		when 'recording' then private.recording_hit_json(p_id, p_query, p_language)
		when 'slides' then private.session_file_hit_json(p_id, p_query, p_language)
		when 'moment' then private.session_hit_json(
			(select g.session_id from private.recordings as g where g.id = p_id), p_id, p_part, p_query, p_language)
		when 'speaker' then (
			select jsonb_build_object(
				'code', p.code,
				'summit', u.slug,
				'summit_name', u.name,
				'title', jsonb_build_object('lang', null, 'pieces',
					jsonb_build_array(jsonb_build_object('text', p.display_name, 'hit', false))))
			from public.people as p
			join public.release_people as rp on rp.person_id = p.id
				and rp.release_id in (select private.current_releases())
				and rp.session_id = any (p_sessions)
				and private.is_named(rp.session_id, rp.person_id, rp.role)
			join public.release_sessions as r on r.release_id = rp.release_id and r.session_id = rp.session_id
			join public.summits as u on u.id = r.summit_id
			where p.id = p_id
			order by u.starts_on desc, u.id
			limit 1)
		else (
			select jsonb_build_object(
				'code', c.code,
				'title', private.marked_map(v.title, p_language, p_query),
				'summary', private.marked_map(v.summary, p_language, p_query, 40),
				'member', (select m.name from public.members as m where m.id = c.member_id))
			from private.commitments as c
			join private.commitment_versions as v on v.commitment_id = c.id and v.number = p_number
			where c.id = p_id)
	end
$$;

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but speakers,
-- and the corrected one more), results: [{source, …}], facets: {source, kind, theme, year, language, group: [{value,
-- count}]}}. `choice` narrows the results: source, kind, theme (slug), year, language, group (code; documents alone are
-- of groups, of those that the reader sees). The counts of a facet are those of the other
-- choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each. `shown_in`
-- is the language of the page. `replays`: the Summits of which the reader may watch recordings, [{slug, name}].
create or replace function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(search_library.question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_sessions uuid[] := array(select private.my_visible_sessions());
	v_recordings uuid[] := array(select private.library_recordings(private.me(), v_sessions));
	v_files uuid[] := array(select private.library_session_files(v_sessions));
	v_corrected text;
	v_found jsonb;
	v_other jsonb;
begin
	v_found := private.find_in_library(private.me(), v_query, v_question, v_sessions, v_recordings, v_files, choice,
		shown_in, page);
	if v_query is not null and (v_found ->> 'matches')::bigint = 0 then
		v_corrected := private.corrected_question(private.me(), v_question);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_sessions, v_recordings, v_files, choice,
				shown_in, page);
		end if;
		if (v_other ->> 'matches')::bigint > 0 then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'matches' || jsonb_build_object(
		'corrected', v_corrected,
		'replays', private.library_replays(v_recordings));
end
$$;

