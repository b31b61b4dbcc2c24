-- How answers write times. It awaits its move to 00_database/texts.sql.

-- A time in UTC as ISO 8601 text, to the second. Immutable, because the zone and the format are fixed.
create function private.iso(p_at timestamptz) returns text
language sql immutable set search_path = '' as $$
	select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
