-- Mend the search of the library: words of each file by itself, terms of what its reader sees, moments of recordings that
-- the reader may watch, corrections that find something, and no source before another.

set check_function_bodies = off;

drop function private.library_moments(uuid, tsquery, uuid[]);
drop table private.search_terms;
alter table private.library_publications drop column body;

-- The words of the files of published versions, each file by itself: all together may be too long for one vector.
create table private.library_file_words (
	item_id uuid not null,
	number integer not null,
	language text not null,
	words tsvector not null,
	primary key (item_id, number, language),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
create index on private.library_file_words using gin (words);
alter table private.library_file_words enable row level security;

-- The words of titles and authors of published versions: from those of what its reader sees, a misspelt word is corrected.
create table private.search_terms (
	item_id uuid not null,
	number integer not null,
	word text not null check (length(word) between 4 and 40),
	primary key (item_id, number, word),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
create index on private.search_terms using gin (word extensions.gin_trgm_ops);
alter table private.search_terms enable row level security;

insert into private.retention_rules (table_name, exemption) values ('private.library_file_words', 'technical');

-- The terms of a document, when its index is made.
create or replace function private.index_publication_terms() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.search_terms (item_id, number, word)
	select distinct v.item_id, v.number, term
	from private.library_versions as v
	cross join lateral (
		select each.text
		from jsonb_each_text(v.title) as each (tag, text)
		where each.tag <> 'original'
		union all
		select unnest(v.authors)) as written
	cross join lateral unnest(tsvector_to_array(
		to_tsvector('private.search_simple', private.part_words(written.text)))) as term
	where v.item_id = new.item_id and v.number = new.number and length(term) between 4 and 40
	on conflict do nothing;
	return null;
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
		shown_until, head)
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
		private.search_vector(v.title, 'A') || private.search_vector(v.summary, 'B')
			|| to_tsvector('private.search_simple', array_to_string(v.authors, ' '))
	from published as v;
	insert into private.library_file_words (item_id, number, language, words)
	select f.item_id, f.number, f.language, private.search_vector(jsonb_build_object(f.language, f.content), 'D')
	from private.library_files as f
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
	where f.item_id = p_item and f.content <> ''
$$;

-- A query as each language reads it; null where it has no word. Quotes, signs and operators mean nothing.
create or replace function private.search_query(p_text text) returns tsquery
language plpgsql stable set search_path = '' as $$
declare
	v_words text := regexp_replace(left(coalesce(p_text, ''), 200), '[^[:alnum:]\u0300-\u036f\u064b-\u065f''’]+', ' ', 'g');
	-- Characters in a row are searched in a row.
	v_rows text[] := array(
		select each.part[1] from regexp_matches(v_words, '([\u3400-\u4dbf\u4e00-\u9fff]+)', 'g') as each (part));
	v_rest text := regexp_replace(v_words, '[\u3400-\u4dbf\u4e00-\u9fff]+', ' ', 'g');
	v_row text;
	v tsquery;
	v_each tsquery;
	v_tag text;
	v_known text[] := '{}';
begin
	foreach v_tag in array array['en', 'fr', 'es', 'ar', 'ru', 'pt', 'simple'] loop
		v_each := plainto_tsquery(private.search_configuration(v_tag), v_rest);
		foreach v_row in array v_rows loop
			v_each := v_each && phraseto_tsquery(private.search_configuration(v_tag), private.part_words(v_row));
		end loop;
		if numnode(v_each) > 0 and v_each::text <> all (v_known) then
			v := coalesce(v || v_each, v_each);
			v_known := v_known || v_each::text;
		end if;
	end loop;
	return v;
end
$$;

-- A query that any of its words answers.
create or replace function private.any_word(p_query tsquery) returns tsquery
language sql immutable set search_path = '' as $$
	select replace(p_query::text, ' & ', ' | ')::tsquery
$$;

-- A text in pieces, [{text, hit}]: words of the query are hits. At most `p_most` words around the hits; 0: all.
create or replace function private.marked_text(p_language text, p_text text, p_query tsquery, p_most integer default 0)
	returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('text', replace(part, E'\x1F', ''), 'hit', place % 2 = 0) order by place)
		filter (where part <> ''), '[]')
	from regexp_split_to_table(
		replace(ts_headline(
			private.search_configuration(p_language),
			private.part_words(translate(p_text, E'\uE000\uE001\x1F', '')),
			coalesce(private.any_word(p_query), ''::tsquery),
			case when p_most > 0
				then format(E'StartSel=\uE000, StopSel=\uE001, MaxWords=%s, MinWords=%s', p_most, p_most / 2)
				else E'StartSel=\uE000, StopSel=\uE001, HighlightAll=true' end), E'\uE001\x1F\x1F\uE000', ''),
		E'[\uE000\uE001]') with ordinality as each (part, place)
$$;

-- A text by language as the reader is shown it, in pieces: {lang, pieces}. A language in which it has all words of the
-- query comes first, then one in which it has some, the reader's before others; where none has, its beginning is one
-- piece.
create or replace function private.marked_map(p_map jsonb, p_language text, p_query tsquery, p_most integer default 0)
	returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	v_shown text := private.text_as_shown(p_map, p_language) ->> 'original';
	v_tag text;
begin
	if p_query is not null then
		select each.tag into v_tag
		from jsonb_each_text(p_map) as each (tag, text)
		cross join lateral (
			select to_tsvector(private.search_configuration(each.tag), private.part_words(each.text))) as written (words)
		where each.tag <> 'original' and written.words @@ private.any_word(p_query)
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

-- The lines of published recordings that a query finds, of those recordings that the person may watch, among the
-- sessions that they see (`p_sessions`). What was said in a pause of the recording is not in it. Which recordings these
-- are does not depend on the query, so that its time says nothing about others.
create or replace function private.library_moments(p_person uuid, p_query tsquery, p_sessions uuid[])
	returns table (recording_id uuid, line_id uuid, language text, said_on date)
language sql stable security definer set search_path = '' as $$
	with watched as materialized (
		select g.id, g.run_id, runs.started_at
		from private.recordings as g
		join public.runs on runs.id = g.run_id
		where p_query is not null
			and g.state = 'ready'
			and g.published_at is not null
			and runs.session_id = any (p_sessions)
			and private.may_watch_recording(p_person, g)
	), said as (
		select w.id as recording_id, c.id as line_id, c.language, w.started_at + c.starts * interval '1 millisecond' as at
		from watched as w
		join private.caption_lines as c on c.run_id = w.run_id
		where c.is_kept
			and c.is_final
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

-- What the reader finds for a query, of everything that they see; without one, all documents. Each branch reads
-- visibility where the pages do; `p_sessions` are private.my_visible_sessions(), computed once. Documents and moments get
-- their rank later, if they are few. A speaker is found by a name that is spelt a little differently too. A commitment
-- has the date of its announcement.
create or replace function private.library_hits(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[]) returns table (
	source text, id uuid, number integer, part uuid, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	select 'document', p.item_id, p.number, null::uuid, p.kind::text, p.theme_id, extract(year from p.issued_on)::integer,
		p.languages, null::real, p.issued_on
	from private.readable_publications(p_person) as p
	where p.shown_until > now()
		and (p_query is null
			or p.head @@ p_query
			or (p.item_id, p.number) in (
				select w.item_id, w.number from private.library_file_words as w where w.words @@ p_query))
	union all
	select 'session', w.session_id, null, null, null, null, extract(year from s.starts_on)::integer, null,
		ts_rank(w.words, p_query), s.starts_on
	from private.session_words as w
	join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id and not r.is_cancelled
	join public.summits as s on s.id = r.summit_id
	where w.release_id in (select private.current_releases()) and w.session_id = any (p_sessions) and w.words @@ p_query
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
	from private.library_moments(p_person, p_query, p_sessions) as m
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

-- The query with each word replaced by the most similar term of the documents that the person reads; null where nothing
-- is replaced.
create or replace function private.corrected_question(p_person uuid, p_question text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text[] := '{}';
	v_word text;
	v_found text;
begin
	for v_word in
		select word
		from regexp_split_to_table(lower(extensions.unaccent('extensions.unaccent', left(p_question, 200))), '\s+') as word
		where word <> ''
		limit 8
	loop
		v_found := null;
		if length(v_word) between 4 and 40 then
			select t.word into v_found
			from private.search_terms as t
			join private.readable_publications(p_person) as p on p.item_id = t.item_id and p.number = t.number
			where t.word operator(extensions.%) v_word
				and extensions.similarity(t.word, v_word) >= 0.35
				and p.shown_until > now()
			group by t.word
			order by extensions.similarity(t.word, v_word) desc, t.word
			limit 1;
		end if;
		v_words := v_words || coalesce(v_found, v_word);
	end loop;
	return nullif(array_to_string(v_words, ' '), lower(extensions.unaccent('extensions.unaccent', btrim(p_question))));
end
$$;

-- One page of what a person finds: {total, matches (of all sources but speakers, whatever is chosen), results, facets}, as
-- public.search_library answers them.
create or replace function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[], p_choice jsonb,
	p_language text, p_page integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_source text := p_choice ->> 'source';
	v_kind text := p_choice ->> 'kind';
	v_theme text := p_choice ->> 'theme';
	v_year text := p_choice ->> 'year';
	v_language text := p_choice ->> 'language';
	v_theme_id uuid := (select t.id from private.commitment_themes as t where t.slug = v_theme);
	v_result jsonb;
begin
	with hits as materialized (
		select h.*
		from private.library_hits(p_person, p_query, p_question, p_sessions) as h
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
		select h.*, case when size.all_of > 2000 then 0 else coalesce(
			h.rank,
			ts_rank(p.head, p_query),
			ts_rank(to_tsvector(private.search_configuration(c.language), private.part_words(c.words)), p_query),
			0) end as score
		from hits as h
		cross join size
		left join private.library_publications as p
			on size.all_of <= 2000 and h.source = 'document' and p.item_id = h.id and p.number = h.number
		left join private.caption_lines as c on size.all_of <= 2000 and h.source = 'moment' and c.id = h.part
		where (v_source is null or h.source = v_source)
			and (v_kind is null or h.kind = v_kind)
			and (v_theme is null or h.theme = v_theme_id)
			and (v_year is null or h.year::text = v_year)
			and (v_language is null or v_language = any (h.languages))
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
		limit 20 offset 20 * (greatest(1, least(coalesce(p_page, 1), 1000)) - 1)
	)
	select jsonb_build_object(
		'total', (select size.all_of from size),
		'matches', (select count(*) from hits as h where h.source <> 'speaker'),
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

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but speakers,
-- and the corrected one more), results: [{source, …}], facets: {source, kind, theme, year, language: [{value, count}]}}.
-- `choice` narrows the results: source, kind, theme (slug), year, language. The counts of a facet are those of the other
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

reset check_function_bodies;

-- The index is made again with the words of the files.
select private.index_library_item(p.item_id) from (select distinct x.item_id from private.library_publications as x) as p;
