-- Rules for texts: maps of a text by language, texts of one line, and plain text that many people read.

-- Whether the pages are in this language. The list is that of `locales` in src/lib/i18n/locale.ts, which
-- tests/database/database/interface-languages.test.ts compares.
create function private.is_interface_language(p_language text) returns boolean
language sql immutable parallel safe
return p_language in ('en', 'fr', 'es', 'ar', 'ru', 'zh', 'pt');
grant execute on function private.is_interface_language(text) to public;

-- Whether a map is text by BCP 47 tag, where "original" names the author's language:
-- {"original": "en", "en": "…", "fr": "…"}. The empty map is allowed.
create function private.is_text_map(p_map jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_map) is distinct from 'object' then false
		when p_map = '{}'::jsonb then true
		else p_map ? (p_map ->> 'original') and not exists (
			select from jsonb_each(p_map) as entry(tag, value)
			where jsonb_typeof(entry.value) <> 'string'
				or (entry.tag <> 'original' and entry.tag !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'))
	end
$$;
grant execute on function private.is_text_map(jsonb) to public;
create domain public.text_map as jsonb check (private.is_text_map(value));

-- A text as a reader of the language is shown it: that language, another of the same base, else English, else the
-- author's; {} where the map has no text. The result is a map of this one language. The pages choose in the same order
-- (`text` in src/lib/i18n/locale.ts).
create function private.text_as_shown(p_map jsonb, p_language text) returns jsonb
language sql immutable set search_path = '' as $$
	select coalesce((
		select jsonb_build_object('original', each.tag, each.tag, p_map ->> each.tag)
		from jsonb_object_keys(p_map) with ordinality as each(tag, place)
		where each.tag <> 'original' and p_map ->> each.tag ~ '\S'
		order by each.tag = p_language desc, each.tag = split_part(p_language, '-', 1) desc,
			split_part(each.tag, '-', 1) = split_part(p_language, '-', 1) desc, each.tag = 'en' desc,
			each.tag = p_map ->> 'original' desc, each.place
		limit 1), '{}')
$$;

-- Texts of one line are names, titles and labels. A line break or a character that changes the reading direction would
-- add lines to calendars, mails and headers, or show one name as another. Forms replace such characters by a space, as
-- private.one_line does; the constraints refuse what did not pass through a form.
-- tests/database/database/one-line-texts.test.ts asks of every text column which kind it is.

-- Whether a text has no control character, no line or paragraph separator and no character that opens or closes a run
-- of another direction. Direction marks and joiners are part of how people write, and are allowed.
create function private.is_one_line(p_text text) returns boolean
language sql immutable parallel safe
return p_text !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]';
grant execute on function private.is_one_line(text) to public;

-- The same for every text of an array.
create function private.are_one_line(p_texts text[]) returns boolean
language sql immutable parallel safe
return not exists (select from unnest(p_texts) as text where not private.is_one_line(text));
grant execute on function private.are_one_line(text[]) to public;

-- The same for every string in a JSON value at any depth: a text by language, a list of links, choices with labels.
create function private.are_one_line(p_texts jsonb) returns boolean
language sql immutable parallel safe
return not exists (select from jsonb_path_query(p_texts, 'strict $.** ? (@.type() == "string")') as text
	where not private.is_one_line(text #>> '{}'));
grant execute on function private.are_one_line(jsonb) to public;

-- Plain text that many people read takes no more room than its words need: without control characters, at most four
-- combining marks in a row, at most one empty line in a row and at most twelve lines (the rest follows on the last
-- one). It shortens nothing; what is too long is refused by the constraint of the column.
create function private.normalise_free_text(p_text text) returns text
language sql immutable set search_path = '' as $$
	select btrim(
		coalesce(string_agg(case when n = 1 then '' when n <= 12 then E'\n' else ' ' end || line, '' order by n), ''),
		E' \t\n')
	from regexp_split_to_table(
		regexp_replace(
			regexp_replace(
				regexp_replace(coalesce(p_text, ''),
					'[\u0001-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]', '', 'g'),
				'([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+',
				'\1', 'g'),
			'(\n[ \t]*){3,}', E'\n\n', 'g'),
		E'\n') with ordinality as t (line, n)
$$;

-- Returns the instant that a text from outside means, or null when it is none, so that bad input is refused and not
-- raised. Neither the endless instants nor what depends on today, as "tomorrow" does.
create function private.parse_instant(p_text text) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
	return case when p_text ~ '^\d{4}-\d\d-\d\d' then p_text::timestamptz end;
exception
	when data_exception then return null;
end
$$;

-- The same for a day.
create function private.parse_day(p_text text) returns date
language plpgsql immutable set search_path = '' as $$
begin
	return case when p_text ~ '^\d{4}-\d\d-\d\d$' then p_text::date end;
exception
	when data_exception then return null;
end
$$;

-- The same for a whole number of at most twelve digits: as milliseconds some thirty years, which no calculation with
-- times exceeds.
create function private.parse_whole_number(p_text text) returns bigint
language sql immutable set search_path = '' as $$
	select case when p_text ~ '^-?\d{1,12}$' then p_text::bigint end
$$;

-- A time in UTC as ISO 8601 text, to the second. Immutable, because the zone and the format are fixed.
create function private.iso(p_at timestamptz) returns text
language sql immutable set search_path = '' as $$
	select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

-- Returns a text as one line, for a name or an office: no control characters, single spaces. It also removes invisible
-- signs that change the direction or the joining of the text around them, so that a name on a badge, at a door and in a
-- list reads as its letters do. The joiners that Persian and Indian words need, and marks of one direction, are kept.
create function private.one_line(p_text text) returns text
language sql immutable set search_path = '' as $$
	select btrim(regexp_replace(
		regexp_replace(coalesce(p_text, ''), '[\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]', '', 'g'),
		'[[:cntrl:][:space:]\u007F-\u009F\u2028\u2029]+', ' ', 'g'))
$$;
