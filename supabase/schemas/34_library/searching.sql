-- The search of the library: one list of what the reader finds, with counts by facet.

-- The lines that a query finds in recordings that the person may watch (`p_recordings`). What was said in a pause of
-- the recording, or cut off, is not in it.
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

-- Whether a file of a published version has each of these runs of characters. It reads no more parts than it has to.
create function private.has_runs(p_item uuid, p_number integer, p_language text, p_runs text[]) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_run text;
begin
	foreach v_run in array p_runs loop
		perform from private.library_file_characters as c
		where c.item_id = p_item and c.number = p_number and c.language = p_language and strpos(c.characters, v_run) > 0
		limit 1;
		if not found then return false; end if;
	end loop;
	return true;
end
$$;

-- The documents whose files a query finds. `p_query` is private.query_of_file, `p_rest` the same as it is asked of those that
-- not everybody reads, and `p_runs` are private.runs_of_query.
create function private.documents_by_file(p_query tsquery, p_rest tsquery, p_runs text[])
	returns table (item_id uuid, number integer)
language sql stable as $$
	select f.item_id, f.number
	from private.library_file_words as f
	where f.needs = '{}'
		and f.words @@ p_query
		and case when p_runs = '{}' then true else private.has_runs(f.item_id, f.number, f.language, p_runs) end
	union
	select f.item_id, f.number
	from private.library_file_words as f
	where p_query is not null
		and f.needs <> '{}'
		and private.words_with_needs(f.words, f.needs) @@ p_rest
		and case when p_runs = '{}' then true else private.has_runs(f.item_id, f.number, f.language, p_runs) end
$$;

-- The documents that a query finds and that are shown today, of those whose needs a reader of these scopes may have;
-- without a query all of them, with their ranks for `p_rank`. Whether a reader has all that a document needs is asked
-- once for its facet. `p_rest` is the query as it is asked of those that not everybody reads (private.query_of_scopes),
-- and `p_items` with `p_numbers` are what it finds by files. Which branches have work is known when they run: a plan
-- for each query would take longer than they do.
create function private.library_documents(p_runs boolean, p_query tsquery, p_rest tsquery, p_items uuid[],
	p_numbers integer[], p_rank tsquery)
	returns table (item_id uuid, number integer, dated date, facet integer, score real)
language sql stable as $$
	select p.item_id, p.number, p.issued_on, p.facet, null::real
	from private.library_publications as p
	where p_query is null and p.needs = '{}' and p.shown_from <= now() and p.shown_until > now()
	union all
	select p.item_id, p.number, p.issued_on, p.facet, ts_rank(p.head, p_rank)
	from private.library_publications as p
	where p.needs = '{}' and p.head @@ p_query and p.shown_from <= now() and p.shown_until > now()
	union all
	select p.item_id, p.number, p.issued_on, p.facet, null
	from private.library_publications as p
	where p_runs and p_query is null and p.needs <> '{}' and p.shown_from <= now() and p.shown_until > now()
	union all
	select p.item_id, p.number, p.issued_on, p.facet, ts_rank(p.head, p_rank)
	from private.library_publications as p
	where p.needs <> '{}'
		and private.words_with_needs(p.head, p.needs) @@ p_rest
		and p.shown_from <= now()
		and p.shown_until > now()
	union all
	select p.item_id, p.number, p.issued_on, p.facet, ts_rank(p.head, p_rank)
	from unnest(p_items, p_numbers) as f (item_id, number)
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
	where not p.head @@ p_query and p.shown_from <= now() and p.shown_until > now()
$$;

-- The query as it is asked of what not everybody reads; null where the reader has no scope.
create function private.query_of_scopes(p_query tsquery, p_scopes text[], p_runs boolean) returns tsquery
language sql immutable set search_path = '' as $$
	select case when p_runs then p_query
		else (
			select case when p_query is null then any_of.scopes else p_query && any_of.scopes end
			from (
				select string_agg(quote_literal(' ' || scope), ' | ')::tsquery
				from unnest(p_scopes) as scope) as any_of (scopes)
		) end
$$;

-- What the reader finds for a query beside documents, of everything that they see; without one, recordings and files of
-- sessions. Each branch reads visibility where the pages do, and what takes long is computed once for a search:
-- `p_releases` are private.current_releases(), `p_sessions` private.my_visible_sessions(), `p_recordings` and `p_files`
-- those of them that the reader may watch and open, and `p_commitments` private.visible_commitments(). Moments get their
-- rank later, if they are few. A speaker is found by a name that is spelt a little differently too; names are compared
-- first, as to know who is named takes longer. A commitment has the date of its announcement.
create function private.library_hits(p_query tsquery, p_question text, p_releases uuid[], p_sessions uuid[],
	p_recordings uuid[], p_files uuid[], p_commitments uuid[]) returns table (
	source text, id uuid, number integer, part uuid, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	with speaking as materialized (
		select rp.person_id, rp.session_id, rp.role
		from public.release_people as rp
		where p_query is not null and rp.release_id = any (p_releases) and rp.session_id = any (p_sessions)
	), alike as materialized (
		select p.id as person_id, extensions.word_similarity(p_question, p.display_name) as likeness
		from public.people as p
		where p.id in (select k.person_id from speaking as k)
	), committed as materialized (
		select w.commitment_id, w.number, ts_rank(w.words, p_query) as rank
		from private.commitment_words as w
		where p_query is not null and w.words @@ p_query and w.commitment_id = any (p_commitments)
	)
	select 'session', w.session_id, null::integer, null::uuid, null::text, null::uuid,
		extract(year from s.starts_on)::integer, null::text[], ts_rank(w.words, p_query), s.starts_on
	from private.session_words as w
	join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id and not r.is_cancelled
	join public.summits as s on s.id = r.summit_id
	where w.release_id = any (p_releases) and w.session_id = any (p_sessions) and w.words @@ p_query
	union all
	select 'recording', x.id, null, null, 'recording', null, extract(year from x.recorded_on)::integer, x.languages, x.rank, x.recorded_on
	from private.library_recording_rows(p_recordings, p_query, p_releases) as x
	union all
	select 'slides', x.id, null, null, x.kind, null, extract(year from x.held_on)::integer, x.languages, x.rank, x.held_on
	from private.library_session_file_rows(p_files, p_query, p_releases) as x
	union all
	select 'speaker', a.person_id, null, null, null, null, null, null, a.likeness, null
	from alike as a
	where a.likeness >= 0.75 and exists (
		select
		from speaking as k
		where k.person_id = a.person_id and private.is_named(k.session_id, k.person_id, k.role))
	union all
	select 'moment', m.recording_id, null, m.line_id, null, null, extract(year from m.said_on)::integer, array[m.language],
		null, m.said_on
	from private.library_moments(p_query, p_recordings) as m
	union all
	select 'commitment', w.commitment_id, w.number, null, null, v.theme_id, extract(year from a.on_day)::integer, null,
		w.rank, a.on_day
	from committed as w
	join private.shown_commitment_versions(array(select c.commitment_id from committed as c)) as s
		on s.commitment_id = w.commitment_id and s.number = w.number
	join private.commitment_versions as v on v.commitment_id = w.commitment_id and v.number = w.number
	cross join lateral (select private.announced_since(w.commitment_id, w.number)::date) as a (on_day)
$$;

-- A released session, or a moment in its recording: `at` in seconds of the file.
create function private.session_hit_json(p_session uuid, p_recording uuid, p_line uuid, p_query tsquery,
	p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', s.code,
		'summit', u.slug,
		'summit_name', u.name,
		'title', private.marked_map(r.title, p_language, p_query),
		'summary', case when p_line is null then private.marked_map(r.abstract, p_language, p_query, 40) else (
			select jsonb_build_object('lang', c.language, 'pieces', private.marked_text(c.language, c.words, p_query))
			from private.caption_lines as c
			where c.id = p_line) end) || case when p_line is null then '{}' else jsonb_build_object(
		'recording', p_recording,
		'at', (
			select private.position_in_recording(p_recording, runs.started_at + c.starts * interval '1 millisecond') / 1000
			from private.caption_lines as c
			join public.runs on runs.id = c.run_id
			where c.id = p_line)) end
	from public.sessions as s
	join public.summits as u on u.id = s.summit_id
	join public.release_sessions as r on r.session_id = s.id and r.release_id = private.newest_release(s.summit_id)
	where s.id = p_session
$$;

-- A hit that is no document, as the reader is shown it: {source, code, title, …}.
create function private.library_hit_json(p_source text, p_id uuid, p_number integer, p_part uuid, p_query tsquery,
	p_language text, p_releases uuid[], p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('source', p_source) || case p_source
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
				and rp.release_id = any (p_releases)
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

-- The query with each word replaced by the most similar term of the documents, released sessions and commitments that
-- the person reads; null where nothing is replaced. Each branch reads visibility as the search itself does. Terms are
-- found by their trigrams: to compare a word with each of them would take longer than the planner expects.
create function private.corrected_question(p_person uuid, p_question text, p_releases uuid[], p_sessions uuid[],
	p_commitments uuid[]) returns text
language plpgsql stable security definer set search_path = '' set enable_seqscan = off
set plan_cache_mode = force_generic_plan as $$
declare
	v_words text[] := '{}';
	v_word text;
	v_found text;
	v_scopes text[] := private.library_scopes(p_person);
	v_runs boolean := coalesce(private.runs_community(p_person), false);
	v_restricted boolean := v_runs or v_scopes <> '{}';
begin
	for v_word in
		select word
		from regexp_split_to_table(lower(extensions.unaccent('extensions.unaccent', left(p_question, 200))), '\s+') as word
		where word <> ''
		limit 8
	loop
		v_found := null;
		if length(v_word) between 4 and 40 then
			select near.word into v_found
			from (
				select w.word
				from private.search_words as w
				where w.needs = '{}'
					and w.word operator(extensions.%) v_word
					and w.shown_from <= now()
					and w.shown_until > now()
				union all
				select w.word
				from private.search_words as w
				where v_restricted
					and w.needs <> '{}'
					and w.word operator(extensions.%) v_word
					and (w.needs <@ v_scopes or v_runs)
					and w.shown_from <= now()
					and w.shown_until > now()
				union all
				select t.word
				from private.session_terms as t
				join public.release_sessions as r on r.release_id = t.release_id and r.session_id = t.session_id
				where t.word operator(extensions.%) v_word
					and t.release_id = any (p_releases)
					and t.session_id = any (p_sessions)
					and not r.is_cancelled
				union all
				select t.word
				from private.commitment_terms as t
				where t.word operator(extensions.%) v_word
					and t.commitment_id = any (p_commitments)
					and t.number = private.shown_commitment_version(t.commitment_id)
			) as near
			cross join lateral (select extensions.similarity(near.word, v_word)) as how (alike)
			where how.alike >= 0.35
			order by how.alike desc, near.word
			limit 1;
		end if;
		v_words := v_words || coalesce(v_found, v_word);
	end loop;
	return nullif(array_to_string(v_words, ' '), lower(extensions.unaccent('extensions.unaccent', btrim(p_question))));
end
$$;

-- One page of what a person finds: {total, has_matches (in any source but speakers, whatever is chosen), results,
-- facets}, as public.search_library answers them. Its statement is planned once for a connection, and reads no whole
-- table: that would take longer the more is hidden.
create function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_releases uuid[],
	p_sessions uuid[], p_recordings uuid[], p_files uuid[], p_commitments uuid[], p_choice jsonb, p_language text, p_page integer)
	returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set jit = off as $$
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
	v_pairs tsquery := private.query_of_pairs(p_query);
	v_rest tsquery := private.query_of_scopes(v_pairs, v_scopes, v_runs);
	v_file tsquery := private.query_of_file(p_query);
	v_last integer := 20 * greatest(1, least(coalesce(p_page, 1), 1000));
	v_items uuid[];
	v_numbers integer[];
	v_result jsonb;
begin
	select coalesce(array_agg(f.item_id), '{}'), coalesce(array_agg(f.number), '{}') into v_items, v_numbers
	from private.documents_by_file(v_file, private.query_of_scopes(v_file, v_scopes, v_runs), private.runs_of_query(p_query))
		as f;
	with facets as materialized (
		-- Those whose documents the query finds. Each is read by its id, so that what is hidden from the reader is not passed.
		select f.id, d.times, f.kind::text, f.theme_id as theme, f.year, f.languages, f.groups, f.needs,
			v_group is null or coalesce(v_group_id = any (f.groups), false) as fits_group
		from (
			select f.facet, count(*)::integer as times
			from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, null) as f
			group by f.facet) as d
		cross join lateral (select f.* from private.library_facets as f where f.id = d.facet offset 0) as f
		where private.has_needs(f.needs, v_scopes, v_runs)
	), others as materialized (
		-- Documents alone are of groups. Where one is chosen, the others are asked only whether they have a match.
		select h.*
		from private.library_hits(p_query, p_question, p_releases, p_sessions, p_recordings, p_files, p_commitments) as h
		where v_group is null or not exists (select from facets)
	), alike as (
		select 'document' as source, f.kind, f.theme, f.year, f.languages, f.times
		from facets as f
		where f.fits_group
		union all
		select o.source, o.kind, o.theme, o.year, o.languages, count(*)::integer
		from others as o
		where v_group is null
		group by o.source, o.kind, o.theme, o.year, o.languages
	), grouped as materialized (
		select a.*,
			v_source is null or a.source = v_source as fits_source,
			v_kind is null or a.kind is not distinct from v_kind as fits_kind,
			v_theme is null or a.theme is not distinct from v_theme_id as fits_theme,
			v_year is null or a.year::text is not distinct from v_year as fits_year,
			v_language is null or coalesce(v_language = any (a.languages), false) as fits_language
		from alike as a
	), fitting as materialized (
		select f.*
		from facets as f
		where (v_source is null or v_source = 'document')
			and (v_kind is null or f.kind = v_kind)
			and (v_theme is null or f.theme = v_theme_id)
			and (v_year is null or f.year::text = v_year)
			and (v_language is null or v_language = any (f.languages))
	), by_group as (
		select g.id as group_id, sum(f.times) as of_group
		from fitting as f, unnest(f.groups) as g (id)
		where g.id = any (v_groups)
		group by g.id
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
		from (
			select g.languages, sum(g.times)::integer as times
			from grouped as g
			where fits_source and fits_kind and fits_theme and fits_year
			group by g.languages) as g
		cross join lateral unnest(g.languages) as l (language)
		group by l.language
	), best as (
		-- Among thousands of hits a rank says nothing: they come by their date, and are read in that order for each of the
		-- needs that were counted, until there are enough of them or all that were counted. `is true` keeps the planner
		-- from comparing each with all facets.
		(select 'document' as source, d.item_id as id, d.number, null::uuid as part, d.dated, d.score
		from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, p_query) as d
		where (select size.is_ranked from size)
			and (d.facet in (select f.id from fitting as f where f.fits_group)) is true
		order by d.score desc, d.dated desc, d.item_id
		limit v_last)
		union all
		(select 'document', d.item_id, d.number, null, d.issued_on, 0
		from (
			select f.needs, sum(f.times) as times
			from fitting as f
			where f.fits_group
			group by f.needs) as read
		cross join lateral (
			select p.item_id, p.number, p.issued_on
			from private.library_publications as p
			where p.needs = read.needs
				and p.shown_from <= now()
				and p.shown_until > now()
				and (v_pairs is null
					or ts_match_vq(p.head, v_pairs)
					or (p.item_id, p.number) in (select f.* from unnest(v_items, v_numbers) as f))
				and (p.facet in (select f.id from fitting as f where f.fits_group)) is true
			order by p.issued_on desc, p.item_id
			limit least(v_last, read.times)) as d
		where not (select size.is_ranked from size)
		order by d.issued_on desc, d.item_id
		limit v_last)
		union all
		select o.source, o.id, o.number, o.part, o.dated, case
			when (select size.is_ranked from size) then coalesce(o.rank, (
				select ts_rank(to_tsvector(private.search_configuration(c.language), private.part_words(c.words)), p_query)
				from private.caption_lines as c
				where c.id = o.part))
			else 0 end
		from others as o
		where v_group is null
			and (v_source is null or o.source = v_source)
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
	), documents as (
		select s.place, jsonb_build_object(
			'source', 'document',
			'code', i.code,
			'title', private.marked_map(v.title, p_language, p_query),
			'summary', private.marked_map(v.summary, p_language, p_query, 40),
			'kind', v.kind,
			'level', v.level,
			'authors', v.authors,
			'issued_on', v.issued_on,
			'languages', p.languages,
			'is_in_file', p_query is not null and not p.head @@ v_pairs) as hit
		from shown as s
		join private.library_items as i on i.id = s.id
		join private.library_versions as v on v.item_id = s.id and v.number = s.number
		join private.library_publications as p on p.item_id = s.id and p.number = s.number
		where s.source = 'document'
	)
	select jsonb_build_object(
		'total', (select size.all_of from size),
		'has_matches', exists (select from facets) or exists (select from others as o where o.source <> 'speaker'),
		'results', (
			select coalesce(jsonb_agg(coalesce(
				x.hit, private.library_hit_json(s.source, s.id, s.number, s.part, p_query, p_language, p_releases,
					p_sessions))
				order by s.place), '[]')
			from shown as s
			left join documents as x on x.place = s.place),
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

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but
-- speakers, whatever is chosen, and the corrected one more), results: [{source, …}], facets: {source, kind, theme,
-- year, language, group: [{value, count}]}}. `choice` narrows the results: source, kind, theme (slug), year, language,
-- group (code; documents alone are of groups, of those that the reader sees). The counts of a facet are those of the
-- other choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each.
-- `shown_in` is the language of the page. `replays`: the Summits of which the reader may watch recordings,
-- [{slug, name}].
create function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(search_library.question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_releases uuid[] := array(select r
		from private.current_releases() as r
		join public.releases as e on e.id = r
		join private.real_summits as s on s.id = e.summit_id);
	v_sessions uuid[] := array(select private.my_visible_sessions());
	v_known private.file_audience[] := array(select k from private.known_file_audience(private.me(), v_sessions) as k);
	v_recordings uuid[] := array(select private.library_recordings(private.me(), v_known));
	v_files uuid[] := array(select private.library_session_files(v_known));
	v_commitments uuid[] := case when v_query is not null then array(select private.visible_commitments(private.me())) end;
	v_corrected text;
	v_found jsonb;
	v_other jsonb;
begin
	v_found := private.find_in_library(private.me(), v_query, v_question, v_releases, v_sessions, v_recordings, v_files,
		v_commitments, choice, shown_in, page);
	if v_query is not null and not (v_found ->> 'has_matches')::boolean then
		v_corrected := private.corrected_question(private.me(), v_question, v_releases, v_sessions, v_commitments);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_releases, v_sessions, v_recordings,
				v_files, v_commitments, choice, shown_in, page);
		end if;
		if (v_other ->> 'has_matches')::boolean then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'has_matches' || jsonb_build_object(
		'corrected', v_corrected,
		'replays', private.library_replays(v_recordings, v_releases));
end
$$;
grant execute on function public.search_library(text, jsonb, text, integer) to anon, authenticated;
