-- As before, and without signs that are not seen and turn what stands around them: a name runs as its letters do, on a badge, at a door and in a list.
-- Those that Persian and Indian words are written with, and marks of one direction, stay.
create or replace function private.one_line(p_text text) returns text
language sql immutable set search_path = '' as $$
	select btrim(regexp_replace(regexp_replace(coalesce(p_text, ''), '[\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]', '', 'g'), '[[:cntrl:][:space:]\u007F-\u009F\u2028\u2029]+', ' ', 'g'))
$$;
