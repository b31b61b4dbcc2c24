-- Read no more than the first 200 letters of a question to the library.

-- The search: {total, corrected (the words that were searched instead, where the question itself finds nothing), results:
-- [{source, …}], facets: {source, kind, theme, year, language: [{value, count}]}}.
-- `choice` narrows the results: source, kind, theme (slug), year, language. The counts of a facet are those of the other
-- choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each. `shown_in`
-- is the language of the page.
create or replace function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_source text := choice ->> 'source';
	v_kind text := choice ->> 'kind';
	v_theme text := choice ->> 'theme';
	v_year text := choice ->> 'year';
	v_language text := choice ->> 'language';
	v_theme_id uuid := (select t.id from private.commitment_themes as t where t.slug = v_theme);
	v_sessions uuid[] := case when v_query is not null then array(select private.my_visible_sessions()) end;
	v_corrected text;
	v_result jsonb;
begin
	if v_query is not null
		and not exists (select from private.library_hits(private.me(), v_query, v_question, v_sessions)) then
		v_corrected := private.corrected_question(private.me(), v_question);
		v_query := coalesce(private.search_query(v_corrected), v_query);
	end if;
	with hits as materialized (
		select h.*
		from private.library_hits(private.me(), v_query, coalesce(v_corrected, v_question), v_sessions) as h
	), grouped as materialized (
		select h.source, h.kind, h.theme, h.year, h.languages, count(*) as times,
			v_source is null or h.source = v_source as fits_source,
			v_kind is null or h.kind is not distinct from v_kind as fits_kind,
			v_theme is null or h.theme is not distinct from v_theme_id as fits_theme,
			v_year is null or h.year::text is not distinct from v_year as fits_year,
			v_language is null or coalesce(v_language = any (h.languages), false) as fits_language
		from hits as h
		group by h.source, h.kind, h.theme, h.year, h.languages
	), size as materialized (
		select coalesce(sum(g.times), 0) as all_of
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
		-- Among thousands of hits a rank says nothing: they come by their date.
		select h.*, case when size.all_of > 2000 then 0 else coalesce(h.rank, ts_rank(p.head, v_query), 0) end as score
		from hits as h
		cross join size
		left join private.library_publications as p
			on size.all_of <= 2000 and h.source = 'document' and p.item_id = h.id and p.number = h.number
		where (v_source is null or h.source = v_source)
			and (v_kind is null or h.kind = v_kind)
			and (v_theme is null or h.theme = v_theme_id)
			and (v_year is null or h.year::text = v_year)
			and (v_language is null or v_language = any (h.languages))
		order by score desc, h.dated desc nulls last, h.id, h.part
		limit 20 offset 20 * (greatest(1, least(page, 1000)) - 1)
	), shown as (
		select row_number() over (order by b.score desc, b.dated desc nulls last, b.id, b.part) as place, b.*
		from best as b
	)
	select jsonb_build_object(
		'total', (select size.all_of from size),
		'corrected', v_corrected,
		'results', (
			select coalesce(jsonb_agg(
				private.library_hit_json(s.source, s.id, s.number, s.part, v_query, shown_in, v_sessions)
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
				from spoken as s)))
	into v_result;
	return v_result;
end
$$;
