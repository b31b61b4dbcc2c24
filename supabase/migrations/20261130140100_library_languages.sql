-- A search reads its words by each configuration that there is, so that no list of languages is kept a second time.

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
