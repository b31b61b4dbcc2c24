-- Texts of one line: names, titles, labels. A line break or a sign that turns the reading direction in one of them
-- would write lines of its own into calendars, mails and headers, or show a name as another. Forms fold such signs into
-- a space (private.one_line does the same here); what comes past the forms is refused. tests/database/one-line.test.ts
-- asks of every text column which kind it is.

-- No control characters, no line or paragraph separators, none of the signs that open or close a run of another
-- direction. Marks of one direction and joiners are part of how people write, and stay.
create function private.is_one_line(p_text text) returns boolean
language sql immutable parallel safe
return p_text !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]';
grant execute on function private.is_one_line(text) to public;

create function private.are_one_line(p_texts text[]) returns boolean
language sql immutable parallel safe
return not exists (select from unnest(p_texts) as text where not private.is_one_line(text));
grant execute on function private.are_one_line(text[]) to public;

-- Every text in it, at whatever depth: a text by language, a list of links, choices with their labels.
create function private.are_one_line(p_texts jsonb) returns boolean
language sql immutable parallel safe
return not exists (select from jsonb_path_query(p_texts, 'strict $.** ? (@.type() == "string")') as text
	where not private.is_one_line(text #>> '{}'));
grant execute on function private.are_one_line(jsonb) to public;

-- Words that many read take no more room than words do: no columns of empty lines, no towers of marks, nothing that
-- cannot be seen; and whatever is too long is refused whole, not shortened.

create function private.plain_words(p_text text) returns text
language sql immutable set search_path = '' as $$
	select btrim(coalesce(string_agg(case when n = 1 then '' when n <= 12 then E'\n' else ' ' end || line, ''
		order by n), ''), E' \t\n')
	from regexp_split_to_table(
		regexp_replace(regexp_replace(regexp_replace(coalesce(p_text, ''),
			'[\u0001-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]', '', 'g'),
			'([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+',
				'\1', 'g'),
			'(\n[ \t]*){3,}', E'\n\n', 'g'), E'\n') with ordinality as t (line, n)
$$;
