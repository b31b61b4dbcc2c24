-- The search of the library over many documents takes less time: facets are grouped by one value, no more hits are put in
-- order than a page needs, and no query is planned anew.

set check_function_bodies = off;

-- What the facets of the search count: versions that are equal in all of these have one value, by which they are grouped.
create function private.library_facet(p_kind public.library_kind, p_theme uuid, p_issued date, p_languages text[])
	returns uuid
language sql immutable parallel safe
return md5(jsonb_build_array(p_kind, p_theme, extract(year from p_issued), p_languages)::text)::uuid;

alter table private.library_publications add column facet uuid not null
	generated always as (private.library_facet(kind, theme_id, issued_on, languages)) stored;

-- Whether who has these scopes may read a published version today; `p_runs`: they run the community. This is the only
-- rule, for pages, downloads, counts and the search alike. It has no settings of its own, so that the planner makes it a
-- part of the statement that asks.
create function private.is_in_scope(p private.library_publications, p_scopes text[], p_runs boolean) returns boolean
language sql stable
return p.shown_from <= now() and (p.needs <@ p_scopes or p_runs);

-- The published versions that a person may read today; null: a visitor.
create or replace function private.readable_publications(p_person uuid) returns setof private.library_publications
language sql stable as $$
	select p.*
	from private.library_publications as p
	where private.is_in_scope(p, (select private.library_scopes(p_person)),
		(select coalesce(private.runs_community(p_person), false)))
$$;

-- A text by language as the reader is shown it, in pieces: {lang, pieces}. A language in which it has all words of the
-- query comes first, then one in which it has some, the reader's before others; where none has, its beginning is one
-- piece.
create or replace function private.marked_map(p_map jsonb, p_language text, p_query tsquery, p_most integer default 0)
	returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	v_shown text := private.text_as_shown(p_map, p_language) ->> 'original';
	v_any tsquery := private.any_word(p_query);
	v_tag text;
begin
	if p_query is not null then
		select each.tag into v_tag
		from jsonb_each_text(p_map) as each (tag, text)
		cross join lateral (
			select to_tsvector(private.search_configuration(each.tag), private.part_words(each.text))) as written (words)
		where each.tag <> 'original' and written.words @@ v_any
		order by written.words @@ p_query desc, each.tag = v_shown desc, each.tag
		limit 1;
	end if;
	return jsonb_build_object('lang', coalesce(v_tag, v_shown), 'pieces', case
		when v_tag is not null then private.marked_text(v_tag, p_map ->> v_tag, p_query, p_most)
		when v_shown is null then '[]'
		else jsonb_build_array(jsonb_build_object('hit', false, 'text', case
			when length(p_map ->> v_shown) > 300 then left(p_map ->> v_shown, 299) || '…'
			else p_map ->> v_shown end)) end);
end
$$;

drop function private.library_hits;

-- The documents that a query finds, of those that a reader of these scopes reads; without one, all of them. Of the three
-- branches one or two have work, which is known when they run: a plan for each query would take longer than they do.
create function private.library_documents(p_scopes text[], p_runs boolean, p_query tsquery) returns table (
	item_id uuid, number integer, kind public.library_kind, theme uuid, languages text[], dated date, facet uuid
)
language sql stable as $$
	select p.item_id, p.number, p.kind, p.theme_id, p.languages, p.issued_on, p.facet
	from private.library_publications as p
	where p_query is null and p.shown_until > now() and private.is_in_scope(p, p_scopes, p_runs)
	union all
	select p.item_id, p.number, p.kind, p.theme_id, p.languages, p.issued_on, p.facet
	from private.library_publications as p
	where p.head @@ p_query and p.shown_until > now() and private.is_in_scope(p, p_scopes, p_runs)
	union all
	select p.item_id, p.number, p.kind, p.theme_id, p.languages, p.issued_on, p.facet
	from (
		select distinct w.item_id, w.number
		from private.library_file_words as w
		where w.words @@ p_query) as w
	join private.library_publications as p on p.item_id = w.item_id and p.number = w.number
	where not p.head @@ p_query and p.shown_until > now() and private.is_in_scope(p, p_scopes, p_runs)
$$;

-- What the reader finds for a query beside documents, of everything that they see. Each branch reads visibility where the
-- pages do; `p_sessions` are private.my_visible_sessions(), computed once. Moments get their rank later, if they are few. A
-- speaker is found by a name that is spelt a little differently too. A commitment has the date of its announcement.
create function private.library_hits(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[]) returns table (
	source text, id uuid, number integer, part uuid, theme uuid, year integer, languages text[], rank real, dated date
)
language sql stable as $$
	select 'session', w.session_id, null::integer, null::uuid, null::uuid, extract(year from s.starts_on)::integer,
		null::text[], ts_rank(w.words, p_query), s.starts_on
	from private.session_words as w
	join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id and not r.is_cancelled
	join public.summits as s on s.id = r.summit_id
	where w.release_id in (select private.current_releases()) and w.session_id = any (p_sessions) and w.words @@ p_query
	union all
	select 'speaker', x.person_id, null, null, null, null, null, x.likeness, null
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
	select 'moment', m.recording_id, null, m.line_id, null, extract(year from m.said_on)::integer, array[m.language],
		null, m.said_on
	from private.library_moments(p_person, p_query, p_sessions) as m
	union all
	select 'commitment', w.commitment_id, w.number, null, v.theme_id, extract(year from a.on_day)::integer, null,
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
	v_scopes text[] := private.library_scopes(p_person);
	v_runs boolean := coalesce(private.runs_community(p_person), false);
	v_last integer := 20 * greatest(1, least(coalesce(p_page, 1), 1000));
	v_result jsonb;
begin
	with documents as materialized (
		select d.*
		from private.library_documents(v_scopes, v_runs, p_query) as d
	), others as materialized (
		select h.*
		from private.library_hits(p_person, p_query, p_question, p_sessions) as h
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
				from spoken as s)))
	into v_result;
	return v_result;
end
$$;
