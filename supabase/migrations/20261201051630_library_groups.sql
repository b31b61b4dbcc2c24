-- The search of the library counts and chooses the documents of groups that the reader sees.

set check_function_bodies = off;

-- One page of what a person finds: {total, matches (of all sources but speakers, whatever is chosen), results, facets}, as
-- public.search_library answers them.
create or replace function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[], p_choice jsonb,
	p_language text, p_page integer) returns jsonb
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
		from private.library_hits(p_person, p_query, p_question, p_sessions) as h
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
		select o.source, null, o.theme, o.year, o.languages, count(*)
		from others as o
		group by o.source, o.theme, o.year, o.languages
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
			and v_kind is null
			and (v_theme is null or o.theme = v_theme_id)
			and (v_year is null or o.year::text = v_year)
			and (v_language is null or v_language = any (o.languages))
	), placed as (
		-- The ranks of two sources cannot be compared: the best of each come first, documents before others.
		select b.*, array_position(array['document', 'session', 'commitment', 'moment', 'speaker'], b.source) as of_source,
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

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but speakers,
-- and the corrected one more), results: [{source, …}], facets: {source, kind, theme, year, language, group: [{value,
-- count}]}}. `choice` narrows the results: source, kind, theme (slug), year, language, group (code; documents alone are
-- of groups, of those that the reader sees). The counts of a facet are those of the other
-- choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each. `shown_in`
-- is the language of the page.
create or replace function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(search_library.question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_sessions uuid[] := case when v_query is not null then array(select private.my_visible_sessions()) end;
	v_corrected text;
	v_found jsonb;
	v_other jsonb;
begin
	v_found := private.find_in_library(private.me(), v_query, v_question, v_sessions, choice, shown_in, page);
	if v_query is not null and (v_found ->> 'matches')::bigint = 0 then
		v_corrected := private.corrected_question(private.me(), v_question);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_sessions, choice, shown_in, page);
		end if;
		if (v_other ->> 'matches')::bigint > 0 then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'matches' || jsonb_build_object('corrected', v_corrected);
end
$$;
