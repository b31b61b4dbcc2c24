-- The search of the library: one list of what the reader finds, with counts by facet.

-- What the reader finds for a question, of everything that they may see; without one, all documents. Each branch reads
-- visibility where the pages do.
create function private.library_hits(p_person uuid, p_query tsquery) returns table (
	source text, id uuid, number integer, at integer, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	select 'document', p.item_id, p.number, null::integer, p.kind::text, p.theme_id, extract(year from p.issued_on)::integer,
		p.languages, coalesce(ts_rank(p.head, p_query), 0), p.issued_on
	from private.readable_publications(p_person) as p
	where p.shown_until > now() and (p_query is null or p.head @@ p_query or p.body @@ p_query)
$$;

-- The words of a hit as the reader is shown them, in pieces: {code, title, summary, …}.
create function private.library_hit_json(p_source text, p_id uuid, p_number integer, p_at integer,
	p_query tsquery, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', i.code,
		'title', private.marked_map(v.title, p_language, p_query),
		'summary', private.marked_map(v.summary, p_language, p_query, 40),
		'kind', v.kind,
		'level', v.level,
		'authors', v.authors,
		'issued_on', v.issued_on,
		'languages', p.languages,
		'is_in_file', p_query is not null and not p.head @@ p_query)
	from private.library_items as i
	join private.library_versions as v on v.item_id = i.id and v.number = p_number
	join private.library_publications as p on p.item_id = i.id and p.number = p_number
	where p_source = 'document' and i.id = p_id
$$;

-- The search: {total, corrected, results: [{source, …}], facets: {source, kind, theme, year, language: [{value, count}]}}.
-- `choice` narrows the results: source, kind, theme (slug), year, language. The counts of a facet are those of the other
-- choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each. `shown_in`
-- is the language of the page.
create function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_query tsquery := private.search_query(question);
	v_source text := choice ->> 'source';
	v_kind text := choice ->> 'kind';
	v_theme text := choice ->> 'theme';
	v_year text := choice ->> 'year';
	v_language text := choice ->> 'language';
	v_theme_id uuid := (select t.id from private.commitment_themes as t where t.slug = v_theme);
	v_result jsonb;
begin
	with hits as materialized (
		select h.*,
			v_source is null or h.source = v_source as fits_source,
			v_kind is null or h.kind = v_kind as fits_kind,
			v_theme is null or h.theme = v_theme_id as fits_theme,
			v_year is null or h.year::text = v_year as fits_year,
			v_language is null or v_language = any (h.languages) as fits_language
		from private.library_hits(private.me(), v_query) as h
	), counted as (
		select h.source, h.kind, h.theme, h.year, grouping(h.source, h.kind, h.theme, h.year) as by,
			count(*) filter (where fits_kind and fits_theme and fits_year and fits_language) as of_source,
			count(*) filter (where fits_source and fits_theme and fits_year and fits_language) as of_kind,
			count(*) filter (where fits_source and fits_kind and fits_year and fits_language) as of_theme,
			count(*) filter (where fits_source and fits_kind and fits_theme and fits_language) as of_year
		from hits as h
		group by grouping sets ((h.source), (h.kind), (h.theme), (h.year))
	), spoken as (
		select l.language, count(*) as of_language
		from hits as h, unnest(h.languages) as l (language)
		where fits_source and fits_kind and fits_theme and fits_year
		group by l.language
	), fitting as (
		select h.*
		from hits as h
		where fits_source and fits_kind and fits_theme and fits_year and fits_language
	), shown as (
		select row_number() over (order by f.rank desc, f.dated desc nulls last, f.id, f.at) as place, f.*
		from fitting as f
		order by f.rank desc, f.dated desc nulls last, f.id, f.at
		limit 20 offset 20 * (greatest(1, least(page, 1000)) - 1)
	)
	select jsonb_build_object(
		'total', (select count(*) from fitting),
		'results', (
			select coalesce(jsonb_agg(jsonb_build_object('source', s.source)
				|| private.library_hit_json(s.source, s.id, s.number, s.at, v_query, shown_in) order by s.place), '[]')
			from shown as s),
		'facets', jsonb_build_object(
			'source', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.source, 'count', c.of_source) order by c.of_source desc, c.source), '[]')
				from counted as c
				where c.by = 7 and c.of_source > 0),
			'kind', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.kind, 'count', c.of_kind) order by c.of_kind desc, c.kind), '[]')
				from counted as c
				where c.by = 11 and c.kind is not null and c.of_kind > 0),
			'theme', (
				select coalesce(jsonb_agg(jsonb_build_object('value', t.slug, 'name', t.name, 'count', c.of_theme)
					order by t.position, t.slug), '[]')
				from counted as c
				join private.commitment_themes as t on t.id = c.theme
				where c.by = 13 and c.of_theme > 0),
			'year', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.year::text, 'count', c.of_year) order by c.year desc), '[]')
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
grant execute on function public.search_library(text, jsonb, text, integer) to anon, authenticated;
