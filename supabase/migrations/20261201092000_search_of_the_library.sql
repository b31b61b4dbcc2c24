-- The search of the library looks up what a reader may read and nothing else, and keeps each word that it corrects by once.

set check_function_bodies = off;

-- A text with a separator around each Chinese character and each sign of punctuation that is not ASCII, so that it is a
-- word of its own whatever the locale of the database counts as a letter. The separator is removed from what is shown.
create or replace function private.part_words(p_text text) returns text
language sql immutable parallel safe
return case when octet_length(p_text) = length(p_text) then p_text else regexp_replace(p_text,
	'([\u00ab\u00bb\u060c\u061b\u061f\u2010-\u2027\u2030-\u205e\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20])',
	E'\x1F\\1\x1F', 'g') end;

-- The configuration of a language, by its tag.
create or replace function private.search_configuration(p_language text) returns regconfig
language plpgsql immutable parallel safe set search_path = '' as $$
begin
	return case split_part(p_language, '-', 1)
		when 'en' then 'private.search_en'::regconfig
		when 'fr' then 'private.search_fr'::regconfig
		when 'es' then 'private.search_es'::regconfig
		when 'ar' then 'private.search_ar'::regconfig
		when 'ru' then 'private.search_ru'::regconfig
		when 'pt' then 'private.search_pt'::regconfig
		else 'private.search_simple'::regconfig end;
end
$$;

-- The pairs of Chinese characters in a row, without positions: a phrase is compared with each text that has its words,
-- a pair is looked up.
create or replace function private.pairs_in(p_words tsvector) returns tsvector
language sql immutable set search_path = '' as $$
	with characters as materialized (
		select w.lexeme, place
		from unnest(p_words) as w, unnest(w.positions) as place
		where w.lexeme ~ '^[\u3400-\u4dbf\u4e00-\u9fff]$'
	)
	select array_to_tsvector(array(
		select distinct a.lexeme || b.lexeme from characters as a join characters as b on b.place = a.place + 1))
$$;

-- The words of a text with what its reader needs, so that one look-up finds those that a reader with these scopes may read.
-- No text has a word that begins with a space.
create or replace function private.words_with_needs(p_words tsvector, p_needs text[]) returns tsvector
language sql immutable parallel safe
return p_words || array_to_tsvector(array(select ' ' || need from unnest(p_needs) as need));

-- The words of a text by language, each by its own language, with a weight, and its pairs of Chinese characters.
create or replace function private.search_vector(p_texts jsonb, p_weight "char") returns tsvector
language plpgsql stable set search_path = '' as $$
declare
	v tsvector := '';
	v_each record;
begin
	for v_each in select * from jsonb_each_text(p_texts) as each (tag, text) where each.tag <> 'original' loop
		v := v || to_tsvector(private.search_configuration(v_each.tag), private.part_words(v_each.text));
	end loop;
	return setweight(v, p_weight) || private.pairs_in(v);
end
$$;

-- The same query for words with pairs (private.search_vector): two Chinese characters in a row are one word.
create or replace function private.query_of_pairs(p_query tsquery) returns tsquery
language sql immutable set search_path = '' as $$
	select regexp_replace(p_query::text,
		$pair$(?<!<-> )'([\u3400-\u4dbf\u4e00-\u9fff])' <-> '([\u3400-\u4dbf\u4e00-\u9fff])'(?! <->)$pair$,
		'''\1\2''', 'g')::tsquery
$$;

-- A text by language as the reader is shown it, in pieces: {lang, pieces}. A language in which it has all words of the
-- query comes first, then one in which it has some, the reader's before others; where none has, its beginning is one
-- piece.
create or replace function private.marked_map(p_map jsonb, p_language text, p_query tsquery, p_most integer default 0)
	returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	v_shown text := case when p_language <> 'original' and p_map ->> p_language ~ '\S' then p_language
		else private.text_as_shown(p_map, p_language) ->> 'original' end;
	v_any tsquery;
	v_tag text;
begin
	if to_tsvector(private.search_configuration(v_shown), private.part_words(p_map ->> v_shown)) @@ p_query then
		v_tag := v_shown;
	elsif p_query is not null then
		v_any := private.any_word(p_query);
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

-- The terms of a document, when its index is made.
create or replace function private.index_publication_terms() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.search_terms (item_id, number, needs, shown_from, shown_until, words)
	select v.item_id, v.number, new.needs, case when new.shown_from <= now() then '-infinity' else new.shown_from end,
		new.shown_until,
		array(select private.terms_of(private.texts_in(v.title) || private.texts_in(v.summary) || v.authors))
	from private.library_versions as v
	where v.item_id = new.item_id and v.number = new.number and new.shown_until > now();
	return null;
end
$$;

-- Counts the words of documents that come and go. Two at a time would wait for each other's words, so each waits for the
-- other; who indexes has locked the item before.
create or replace function private.count_search_words() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('search_words', 0));
	if tg_op = 'INSERT' then
		insert into private.search_words as w (needs, shown_from, shown_until, word, documents)
		select t.needs, t.shown_from, t.shown_until, each.word, count(*)
		from changed as t, unnest(t.words) as each (word)
		group by t.needs, t.shown_from, t.shown_until, each.word
		on conflict (word, needs, shown_from, shown_until) do update set documents = w.documents + excluded.documents;
	else
		update private.search_words as w
		set documents = w.documents - gone.documents
		from (
			select t.needs, t.shown_from, t.shown_until, each.word, count(*) as documents
			from changed as t, unnest(t.words) as each (word)
			group by t.needs, t.shown_from, t.shown_until, each.word) as gone
		where w.word = gone.word
			and w.needs = gone.needs
			and w.shown_from = gone.shown_from
			and w.shown_until = gone.shown_until;
		delete from private.search_words as w
		where w.documents = 0 and w.word in (select unnest(t.words) from changed as t);
	end if;
	return null;
end
$$;

drop function private.library_documents(text[], boolean, tsquery);
drop function private.document_hit_json(uuid, integer, tsquery, text);

-- The table is made anew: the search reads its first columns of thousands of rows.
create temporary table published on commit drop as select * from private.library_publications;
drop table private.search_terms;
alter table private.library_file_words drop constraint library_file_words_item_id_number_fkey;
drop function private.readable_publications(uuid);
drop function private.is_in_scope(private.library_publications, text[], boolean);
drop table private.library_publications;
drop function private.library_facet(public.library_kind, uuid, date, text[]);

-- What the search counts documents by: versions that are equal in all of these have one value, by which they are grouped.
create function private.library_facet(p_kind public.library_kind, p_theme uuid, p_issued date, p_languages text[],
	p_groups uuid[], p_needs text[]) returns uuid
language sql immutable parallel safe
return md5(jsonb_build_array(p_kind, p_theme, extract(year from p_issued), p_languages, p_groups, p_needs)::text)::uuid;

-- The published versions as readers find them, made from the tables above by private.index_library_item. Pages, counts,
-- downloads and the search read visibility here and nowhere else. The search reads the first columns of thousands of rows.
create table private.library_publications (
	item_id uuid not null,
	number integer not null,
	issued_on date not null,
	-- It is shown as the newest from its publication or the end of its embargo until a later one is.
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	facet uuid not null generated always as (
		private.library_facet(kind, theme_id, issued_on, languages, groups, needs)) stored,
	kind public.library_kind not null,
	theme_id uuid references private.commitment_themes (id) on delete restrict,
	languages text[] not null,
	-- The groups that it is for or tied to.
	groups uuid[] not null default '{}',
	-- The scopes that a reader needs (private.library_scopes): its own and those of each later version, so that an older
	-- version never opens what a newer one closed.
	needs text[] not null,
	-- The words of title, summary and authors.
	head tsvector not null,
	primary key (item_id, number),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete cascade
);
create index on private.library_publications (theme_id);
-- What everybody reads has an index of words of its own, so that a visitor's search never passes what is hidden from them.
create index on private.library_publications using gin (head) with (fastupdate = off) where needs = '{}';
create index on private.library_publications using gin (private.words_with_needs(head, needs)) with (fastupdate = off)
	where needs <> '{}';
create index on private.library_publications (needs, issued_on desc, item_id)
	include (number, facet, shown_from, shown_until);
alter table private.library_publications enable row level security;

-- Whether who has these scopes may read a published version today; `p_runs`: they run the community. This is the only
-- rule, for pages, downloads, counts and the search alike. It has no settings of its own, so that the planner makes it a
-- part of the statement that asks.
create or replace function private.is_in_scope(p private.library_publications, p_scopes text[], p_runs boolean) returns boolean
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

insert into private.library_publications (item_id, number, issued_on, shown_from, shown_until, kind, theme_id, languages, groups,
	needs, head)
select p.item_id, p.number, p.issued_on, p.shown_from, p.shown_until, p.kind, p.theme_id, p.languages,
	array(
		select v.group_id
		from private.library_versions as v
		where v.item_id = p.item_id and v.number = p.number and v.group_id is not null
		union
		select t.group_id
		from private.library_ties as t
		where t.item_id = p.item_id and t.number = p.number and t.group_id is not null
		order by 1),
	p.needs, p.head || private.pairs_in(p.head)
from published as p;
create trigger index_terms after insert on private.library_publications for each row
	execute function private.index_publication_terms();

-- The documents whose files a query finds.
create or replace function private.documents_by_file(p_query tsquery, p_rest tsquery) returns table (item_id uuid, number integer)
language sql stable as $$
	select f.item_id, f.number from private.library_file_words as f where f.needs = '{}' and f.words @@ p_query
	union
	select f.item_id, f.number
	from private.library_file_words as f
	where p_query is not null and f.needs <> '{}' and private.words_with_needs(f.words, f.needs) @@ p_rest
$$;

-- The documents that a query finds and that are shown today, of those whose needs a reader of these scopes may have; without
-- a query all of them, with their ranks for `p_rank`. Whether a reader has all that a document needs is asked once for its
-- facet. `p_rest` is the query as it is asked of those that not everybody reads (private.query_of_scopes), and `p_items`
-- with `p_numbers` are what it finds by files. Which branches have work is known when they run: a plan for each query would
-- take longer than they do.
create or replace function private.library_documents(p_runs boolean, p_query tsquery, p_rest tsquery, p_items uuid[], p_numbers integer[],
	p_rank tsquery) returns table (item_id uuid, number integer, dated date, facet uuid, score real)
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
create or replace function private.query_of_scopes(p_query tsquery, p_scopes text[], p_runs boolean) returns tsquery
language sql immutable set search_path = '' as $$
	select case when p_runs then p_query
		else (
			select case when p_query is null then any_of.scopes else p_query && any_of.scopes end
			from (select string_agg(quote_literal(' ' || scope), ' | ')::tsquery from unnest(p_scopes) as scope) as any_of (scopes)
		) end
$$;

-- A hit that is no document, as the reader is shown it: {source, code, title, …}.
create or replace function private.library_hit_json(p_source text, p_id uuid, p_number integer, p_part uuid, p_query tsquery,
	p_language text, p_sessions uuid[]) returns jsonb
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

-- The query with each word replaced by the most similar term of the documents, released sessions and commitments that the
-- person reads; null where nothing is replaced. Each branch reads visibility as the search itself does. Terms are found by
-- their trigrams: to compare a word with each of them would take longer than the planner expects.
create or replace function private.corrected_question(p_person uuid, p_question text, p_sessions uuid[]) returns text
language plpgsql stable security definer set search_path = '' set enable_seqscan = off
set plan_cache_mode = force_generic_plan as $$
declare
	v_words text[] := '{}';
	v_word text;
	v_found text;
	v_releases uuid[] := array(select private.current_releases());
	v_commitments uuid[] := array(select private.visible_commitments(p_person));
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
					and t.release_id = any (v_releases)
					and t.session_id = any (p_sessions)
					and not r.is_cancelled
				union all
				select t.word
				from private.commitment_terms as t
				where t.word operator(extensions.%) v_word
					and t.commitment_id = any (v_commitments)
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

-- One page of what a person finds: {total, matches (of all sources but speakers, whatever is chosen), results, facets}, as
-- public.search_library answers them.
create or replace function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_sessions uuid[],
	p_recordings uuid[], p_files uuid[], p_choice jsonb, p_language text, p_page integer) returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan set jit = off as $$
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
	with others as materialized (
		select h.*
		from private.library_hits(p_person, p_query, p_question, p_sessions, p_recordings, p_files) as h
		where v_group is null
	), facets as materialized (
		-- Any of the documents with a facet tells what it stands for, and who reads it.
		select d.facet, d.times, p.kind::text, p.theme_id as theme, date_part('year', p.issued_on)::integer as year, p.languages,
			p.groups, p.needs, v_group is null or coalesce(v_group_id = any (p.groups), false) as fits_group
		from (
			select f.facet, any_value(f.item_id) as item_id, count(*) as times
			from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, null) as f
			group by f.facet) as d
		cross join lateral (
			select p.*
			from private.library_publications as p
			where p.item_id = d.item_id and p.facet = d.facet
			limit 1) as p
		where private.is_in_scope(p, v_scopes, v_runs)
	), alike as (
		select 'document' as source, f.kind, f.theme, f.year, f.languages, f.times
		from facets as f
		where f.fits_group
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
		-- Among thousands of hits a rank says nothing: they come by their date, and are read in that order until there are
		-- enough of them, for each of the needs that were counted. `is true` keeps the planner from comparing each with all facets.
		(select 'document' as source, d.item_id as id, d.number, null::uuid as part, d.dated, d.score
		from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, p_query) as d
		where (select size.is_ranked from size) and (d.facet in (select f.facet from fitting as f where f.fits_group)) is true
		order by d.score desc, d.dated desc, d.item_id
		limit v_last)
		union all
		(select 'document', d.item_id, d.number, null, d.issued_on, 0
		from (select distinct f.needs from fitting as f where f.fits_group) as read
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
			limit v_last) as d
		where not (select size.is_ranked from size)
		order by d.issued_on desc, d.item_id
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
		'matches', (select coalesce(sum(g.times), 0) from grouped as g where g.source <> 'speaker'),
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
		private.search_vector(v.title, 'A') || private.search_vector(v.summary, 'B')
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
	select f.item_id, f.number, f.language, private.search_vector(jsonb_build_object(f.language, f.content), 'D'), p.needs
	from private.library_files as f
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
	where f.item_id = p_item and f.content <> ''
$$;

alter table private.library_file_words
	add column needs text[],
	add constraint library_file_words_item_id_number_fkey foreign key (item_id, number)
		references private.library_publications (item_id, number) on delete cascade;
update private.library_file_words as w
set needs = p.needs, words = w.words || private.pairs_in(w.words)
from private.library_publications as p
where p.item_id = w.item_id and p.number = w.number;
alter table private.library_file_words alter column needs set not null;
drop index private.library_file_words_words_idx;
create index on private.library_file_words using gin (words) with (fastupdate = off) where needs = '{}';
create index on private.library_file_words using gin (private.words_with_needs(words, needs)) with (fastupdate = off)
	where needs <> '{}';

-- The words of a published version, and who reads it when. `shown_from` is -infinity where it was shown when it was
-- indexed, so that most versions have the same times; one that will not be shown again has no row.
create table private.search_terms (
	item_id uuid not null,
	number integer not null,
	needs text[] not null,
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	words text[] not null,
	primary key (item_id, number),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
alter table private.search_terms enable row level security;

-- Each of these words once for the same readers and times, however many documents have it, and how many have.
create table private.search_words (
	needs text[] not null,
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	word text not null check (length(word) between 4 and 40),
	documents integer not null check (documents >= 0),
	primary key (word, needs, shown_from, shown_until)
);
create index on private.search_words using gin (word extensions.gin_trgm_ops) with (fastupdate = off) where needs = '{}';
create index on private.search_words using gin (word extensions.gin_trgm_ops) with (fastupdate = off) where needs <> '{}';
alter table private.search_words enable row level security;
create trigger count_words after insert on private.search_terms referencing new table as changed
	for each statement execute function private.count_search_words();
create trigger count_gone_words after delete on private.search_terms referencing old table as changed
	for each statement execute function private.count_search_words();
insert into private.search_terms (item_id, number, needs, shown_from, shown_until, words)
select p.item_id, p.number, p.needs, case when p.shown_from <= now() then '-infinity' else p.shown_from end, p.shown_until,
	array(select private.terms_of(private.texts_in(v.title) || private.texts_in(v.summary) || v.authors))
from private.library_publications as p
join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
where p.shown_until > now();

-- Files with their names and the words of their sessions. They are of the day of the session as it is released; without a
-- time, of the first day of the Summit.
create or replace function private.library_session_file_rows(p_files uuid[])
	returns table (id uuid, kind text, held_on date, languages text[], words tsvector)
language sql stable security definer set search_path = '' as $$
	select f.id, f.kind::text,
		coalesce((
			select (min(lower(t.during)) at time zone u.zone)::date
			from public.release_slots as t
			where t.release_id = r.release_id and t.session_id = r.session_id and not t.is_cancelled), u.starts_on),
		case when v.language is not null then array[v.language] end,
		w.words || setweight(
			to_tsvector('private.search_simple', private.part_words(translate(v.shown_name, '._-', '   '))), 'A')
	from private.session_files as f
	join public.summits as u on u.id = f.summit_id
	join public.release_sessions as r on r.session_id = f.session_id and r.release_id = private.newest_release(u.id)
	join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
	cross join lateral private.shown_file_version(f.id) as v
	where f.id = any (p_files) and not r.is_cancelled
$$;

-- Whether the reader finds the library: it has a document or a recording for them, or they may submit. Recordings are
-- asked for last, and where none is published not at all: to know who may watch one takes longer than the rest.
create or replace function private.sees_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.submits_to_library()
		or exists (select from private.readable_publications(private.me()))
		or case when exists (select from private.recordings as g where g.published_at is not null) then exists (
			select from private.library_recording_rows(array(
				select private.library_recordings(private.me(), array(select private.my_visible_sessions()))))) else false end
$$;

insert into private.retention_rules (table_name, exemption) values ('private.search_words', 'technical');
