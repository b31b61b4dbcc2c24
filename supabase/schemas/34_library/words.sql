-- How texts and questions become words that can be compared: the stem of each word by its language, without accents.
-- Chinese is written without spaces, so each of its characters is a word, and a question for several is one for them in
-- a row.

create text search configuration private.search_en (copy = pg_catalog.english);
alter text search configuration private.search_en alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, english_stem;
create text search configuration private.search_fr (copy = pg_catalog.french);
alter text search configuration private.search_fr alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, french_stem;
create text search configuration private.search_es (copy = pg_catalog.spanish);
alter text search configuration private.search_es alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, spanish_stem;
create text search configuration private.search_ar (copy = pg_catalog.arabic);
alter text search configuration private.search_ar alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, arabic_stem;
create text search configuration private.search_ru (copy = pg_catalog.russian);
alter text search configuration private.search_ru alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, russian_stem;
create text search configuration private.search_pt (copy = pg_catalog.portuguese);
alter text search configuration private.search_pt alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, portuguese_stem;
create text search configuration private.search_simple (copy = pg_catalog.simple);
alter text search configuration private.search_simple alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, simple;

-- A text with a separator around each Chinese character and each sign of punctuation that is not ASCII, so that it is a
-- word of its own whatever the locale of the database counts as a letter. The separator is removed from what is shown.
create function private.part_words(p_text text) returns text
language sql immutable parallel safe
return case when octet_length(p_text) = length(p_text) then p_text else regexp_replace(p_text,
	'([\u00ab\u00bb\u060c\u061b\u061f\u2010-\u2027\u2030-\u205e\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20])',
	E'\x1F\\1\x1F', 'g') end;

-- The configuration of a language, by its tag.
create function private.search_configuration(p_language text) returns regconfig
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
create function private.pairs_in(p_words tsvector) returns tsvector
language sql immutable set search_path = '' as $$
	with characters as materialized (
		select w.lexeme, place
		from unnest(p_words) as w, unnest(w.positions) as place
		where w.lexeme ~ '^[\u3400-\u4dbf\u4e00-\u9fff]$'
	)
	select array_to_tsvector(array(
		select distinct a.lexeme || b.lexeme from characters as a join characters as b on b.place = a.place + 1))
$$;

-- The Chinese characters of a text as they follow each other: signs, spaces and ends of lines between them are removed, and
-- other words between them are one space.
create function private.characters_in(p_text text) returns text
language sql immutable parallel safe
return case when p_text ~ '[\u3400-\u4dbf\u4e00-\u9fff]' then btrim(regexp_replace(
	regexp_replace(p_text, '[^[:alnum:]\u3400-\u4dbf\u4e00-\u9fff]+', '', 'g'),
	'[^\u3400-\u4dbf\u4e00-\u9fff]+', ' ', 'g')) else '' end;

-- Such characters in parts of at most 8000. Two parts in a row have 200 in common, which is the length of the longest query,
-- so that what is found in all of it is found in one part.
create function private.parts_of_characters(p_characters text) returns table (part integer, characters text)
language sql immutable set search_path = '' as $$
	select n::integer, substr(p_characters, 7800 * n + 1, 8000)
	from generate_series(0, greatest(length(p_characters) - 201, 0) / 7800) as n
	where p_characters <> ''
$$;

-- The words of a file, and the pairs of these characters, all without positions. Positions of a long text would be wrong:
-- Postgres counts to 16383, and keeps 255 of a word. So many pairs fit into one vector beside the words of any text.
create function private.file_vector(p_language text, p_text text, p_characters text) returns tsvector
language plpgsql stable set search_path = '' as $$
declare
	v_characters text[] := string_to_array(p_characters, null);
begin
	return strip(private.search_vector(jsonb_build_object(p_language, p_text), 'D'))
		|| array_to_tsvector(array(
			select distinct a || b
			from unnest(v_characters, v_characters[2:]) as each (a, b)
			where a <> ' ' and b <> ' '
			limit 80000));
end
$$;

-- The words of a text with what its reader needs, so that one look-up finds those that a reader with these scopes may read.
-- No text has a word that begins with a space.
create function private.words_with_needs(p_words tsvector, p_needs text[]) returns tsvector
language sql immutable parallel safe
return p_words || array_to_tsvector(array(select ' ' || need from unnest(p_needs) as need));

-- The words of a text by language, each by its own language, with a weight.
create function private.search_vector(p_texts jsonb, p_weight "char") returns tsvector
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
create function private.search_vector_with_pairs(p_texts jsonb, p_weight "char") returns tsvector
language plpgsql stable set search_path = '' as $$
declare
	v tsvector := private.search_vector(p_texts, p_weight);
begin
	return v || private.pairs_in(v);
end
$$;

-- A query as each language reads it; null where it has no word. Quotes, signs and operators mean nothing.
create function private.search_query(p_text text) returns tsquery
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
	v_configuration regconfig;
	v_known text[] := '{}';
begin
	foreach v_configuration in array array(
		select c.oid::regconfig
		from pg_catalog.pg_ts_config as c
		where c.cfgnamespace = 'private'::regnamespace and c.cfgname ~ '^search_'
		order by c.cfgname)
	loop
		v_each := plainto_tsquery(v_configuration, v_rest);
		foreach v_row in array v_rows loop
			v_each := v_each && phraseto_tsquery(v_configuration, private.part_words(v_row));
		end loop;
		if numnode(v_each) > 0 and v_each::text <> all (v_known) then
			v := coalesce(v || v_each, v_each);
			v_known := v_known || v_each::text;
		end if;
	end loop;
	return v;
end
$$;

-- The same query for words with pairs (private.search_vector_with_pairs): two Chinese characters in a row are one word.
create function private.query_of_pairs(p_query tsquery) returns tsquery
language sql immutable set search_path = '' as $$
	select regexp_replace(p_query::text,
		$pair$(?<!<-> )'([\u3400-\u4dbf\u4e00-\u9fff])' <-> '([\u3400-\u4dbf\u4e00-\u9fff])'(?! <->)$pair$,
		'''\1\2''', 'g')::tsquery
$$;

-- The runs of three characters and more in a query.
create function private.runs_of_query(p_query tsquery) returns text[]
language sql immutable set search_path = '' as $$
	select array(
		select distinct regexp_replace(each.run[1], '[^\u3400-\u4dbf\u4e00-\u9fff]+', '', 'g')
		from regexp_matches(p_query::text,
			$run$('[\u3400-\u4dbf\u4e00-\u9fff]'(?: <-> '[\u3400-\u4dbf\u4e00-\u9fff]'){2,})$run$, 'g') as each (run))
$$;

-- The same query for the words of a file (private.file_vector): longer runs (private.runs_of_query) are all their pairs,
-- and what has these pairs is compared with private.has_runs.
create function private.query_of_file(p_query tsquery) returns tsquery
language plpgsql immutable set search_path = '' as $$
declare
	v text := private.query_of_pairs(p_query)::text;
	v_run text;
begin
	for v_run in
		-- A run may be the beginning of another.
		select run from unnest(private.runs_of_query(p_query)) as run order by length(run) desc
	loop
		v := replace(v,
			(select string_agg(quote_literal(c), ' <-> ' order by n)
			from unnest(string_to_array(v_run, null)) with ordinality as each (c, n)),
			'( ' || (select string_agg(quote_literal(substr(v_run, n, 2)), ' & ') from generate_series(1, length(v_run) - 1) as n)
				|| ' )');
	end loop;
	return v::tsquery;
end
$$;

-- A query that any of its words answers.
create function private.any_word(p_query tsquery) returns tsquery
language sql immutable parallel safe
return replace(p_query::text, ' & ', ' | ')::tsquery;

-- A text in pieces, [{text, hit}]: words of the query are hits. At most `p_most` words around the hits; 0: all.
create function private.marked_text(p_language text, p_text text, p_query tsquery, p_most integer default 0)
	returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	v_marked text := ts_headline(
		private.search_configuration(p_language),
		private.part_words(translate(p_text, E'\uE000\uE001\x1F', '')),
		coalesce(private.any_word(p_query), ''::tsquery),
		case when p_most > 0
			then format(E'StartSel=\uE000, StopSel=\uE001, MaxWords=%s, MinWords=%s', p_most, p_most / 2)
			else E'StartSel=\uE000, StopSel=\uE001, HighlightAll=true' end);
	v_pieces jsonb := '[]';
	v_part text;
	v_is_hit boolean := false;
begin
	-- Hits in a row are one piece. The pieces between the signs are by turns no hit and a hit.
	foreach v_part in array string_to_array(
		translate(replace(coalesce(v_marked, ''), E'\uE001\x1F\x1F\uE000', ''), E'\uE001', E'\uE000'), E'\uE000')
	loop
		if v_part <> '' then
			v_pieces := v_pieces || jsonb_build_object('text', replace(v_part, E'\x1F', ''), 'hit', v_is_hit);
		end if;
		v_is_hit := not v_is_hit;
	end loop;
	return v_pieces;
end
$$;

-- A text by language as the reader is shown it, in pieces: {lang, pieces}. A language in which it has all words of the
-- query comes first, then one in which it has some, the reader's before others; where none has, its beginning is one
-- piece.
create function private.marked_map(p_map jsonb, p_language text, p_query tsquery, p_most integer default 0)
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
