-- Words of the library with pairs where they are asked for alone, and a search that reads no more than it counted.

set check_function_bodies = off;

-- The words of a text by language, each by its own language, with a weight.
create or replace function private.search_vector(p_texts jsonb, p_weight "char") returns tsvector
language plpgsql stable set search_path = '' as $$
declare
	v tsvector := '';
	v_each record;
begin
	for v_each in select * from jsonb_each_text(p_texts) as each (tag, text) where each.tag <> 'original' loop
		v := v || to_tsvector(private.search_configuration(v_each.tag), private.part_words(v_each.text));
	end loop;
	return setweight(v, p_weight);
end
$$;

-- The same with its pairs of Chinese characters, for what is asked with private.query_of_pairs. A title and a summary are
-- put together only afterwards: the last character of one and the first of the other are no pair.
create or replace function private.search_vector_with_pairs(p_texts jsonb, p_weight "char") returns tsvector
language plpgsql stable set search_path = '' as $$
declare
	v tsvector := private.search_vector(p_texts, p_weight);
begin
	return v || private.pairs_in(v);
end
$$;

-- Makes the index of the published versions of an item again. The caller has locked the item.
create or replace function private.index_library_item(p_item uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.library_publications as p where p.item_id = p_item;
	with published as (
		select v.*,
			greatest(v.published_at, v.embargo_until) as shown_from,
			case v.level when 'members' then array['members'] when 'group' then array[v.group_id::text] else '{}'::text[] end
				as needs
		from private.library_versions as v
		join private.library_items as i on i.id = v.item_id and i.state <> 'withdrawn'
		where v.item_id = p_item and v.published_at is not null
	)
	insert into private.library_publications (item_id, number, kind, theme_id, issued_on, languages, needs, shown_from,
		shown_until, head, groups)
	select v.item_id, v.number, v.kind, v.theme_id, v.issued_on,
		array(
			select f.language
			from private.library_files as f
			where f.item_id = v.item_id and f.number = v.number
			order by f.language),
		array(
			select distinct need
			from published as w, unnest(w.needs) as need
			where w.number >= v.number
			order by need),
		v.shown_from,
		coalesce((select min(w.shown_from) from published as w where w.number > v.number), 'infinity'),
		private.search_vector_with_pairs(v.title, 'A') || private.search_vector_with_pairs(v.summary, 'B')
			|| to_tsvector('private.search_simple', array_to_string(v.authors, ' ')),
		array(
			select v.group_id where v.group_id is not null
			union
			select t.group_id
			from private.library_ties as t
			where t.item_id = v.item_id and t.number = v.number and t.group_id is not null
			order by 1)
	from published as v;
	insert into private.library_file_words (item_id, number, language, words, needs)
	select f.item_id, f.number, f.language,
		private.search_vector_with_pairs(jsonb_build_object(f.language, f.content), 'D'), p.needs
	from private.library_files as f
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
	where f.item_id = p_item and f.content <> ''
$$;

-- The query as it is asked of what not everybody reads; null where the reader has no scope.
create or replace function private.query_of_scopes(p_query tsquery, p_scopes text[], p_runs boolean) returns tsquery
language sql immutable set search_path = '' as $$
	select case when p_runs then p_query
		else (
			select case when p_query is null then any_of.scopes else p_query && any_of.scopes end
			from (
				select string_agg(quote_literal(' ' || scope), ' | ')::tsquery
				from unnest(p_scopes) as scope) as any_of (scopes)
		) end
$$;

-- One page of what a person finds: {total, has_matches (in any source but speakers, whatever is chosen), results,
-- facets}, as public.search_library answers them. Its statement is planned once for a connection, and reads no whole
-- table: that would take longer the more is hidden.
create or replace function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[],
	p_recordings uuid[], p_files uuid[], p_choice jsonb, p_language text, p_page integer) returns jsonb
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
	v_last integer := 20 * greatest(1, least(coalesce(p_page, 1), 1000));
	v_items uuid[];
	v_numbers integer[];
	v_result jsonb;
begin
	select coalesce(array_agg(f.item_id), '{}'), coalesce(array_agg(f.number), '{}') into v_items, v_numbers
	from private.documents_by_file(v_pairs, v_rest) as f;
	with facets as materialized (
		-- Any of the documents with a facet tells what it stands for, and who reads it. A version of it that is shown later
		-- may have the same facet.
		select d.facet, d.times, p.kind::text, p.theme_id as theme, date_part('year', p.issued_on)::integer as year,
			p.languages, p.groups, p.needs, v_group is null or coalesce(v_group_id = any (p.groups), false) as fits_group
		from (
			select f.facet, any_value(f.item_id) as item_id, count(*) as times
			from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, null) as f
			group by f.facet) as d
		cross join lateral (
			select p.*
			from private.library_publications as p
			where p.item_id = d.item_id and p.facet = d.facet and p.shown_from <= now() and p.shown_until > now()
			limit 1) as p
		where private.is_in_scope(p, v_scopes, v_runs)
	), others as materialized (
		-- Documents alone are of groups. Where one is chosen, the others are asked only whether they have a match.
		select h.*
		from private.library_hits(p_person, p_query, p_question, p_sessions, p_recordings, p_files) as h
		where v_group is null or not exists (select from facets)
	), alike as (
		select 'document' as source, f.kind, f.theme, f.year, f.languages, f.times
		from facets as f
		where f.fits_group
		union all
		select o.source, o.kind, o.theme, o.year, o.languages, count(*)
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
			select g.languages, sum(g.times) as times
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
			and (d.facet in (select f.facet from fitting as f where f.fits_group)) is true
		order by d.score desc, d.dated desc, d.item_id
		limit v_last)
		union all
		(select 'document', d.item_id, d.number, null, d.issued_on, 0
		from (
			select f.needs, sum(f.times)::bigint as times
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
				and (p.facet in (select f.facet from fitting as f where f.fits_group)) is true
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
				x.hit, private.library_hit_json(s.source, s.id, s.number, s.part, p_query, p_language, p_sessions))
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
	if v_query is not null and not (v_found ->> 'has_matches')::boolean then
		v_corrected := private.corrected_question(private.me(), v_question, v_sessions);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_sessions, v_recordings, v_files, choice,
				shown_in, page);
		end if;
		if (v_other ->> 'has_matches')::boolean then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'has_matches' || jsonb_build_object(
		'corrected', v_corrected,
		'replays', private.library_replays(v_recordings));
end
$$;

-- As they are made for a new version: what ends one text and begins the next is no pair.
update private.library_publications as p
set head = made.head
from (
	select v.item_id, v.number,
		private.search_vector_with_pairs(v.title, 'A') || private.search_vector_with_pairs(v.summary, 'B')
			|| to_tsvector('private.search_simple', array_to_string(v.authors, ' ')) as head
	from private.library_versions as v) as made
where made.item_id = p.item_id and made.number = p.number and made.head is distinct from p.head;

-- Sessions and commitments are not asked for pairs.
update private.session_words as w
set words = ts_delete(w.words, tsvector_to_array(private.pairs_in(w.words)))
where private.pairs_in(w.words) <> '';
update private.commitment_words as w
set words = ts_delete(w.words, tsvector_to_array(private.pairs_in(w.words)))
where private.pairs_in(w.words) <> '';
