-- Marks the words of a query in less time.

set check_function_bodies = off;

-- A query that any of its words answers.
create or replace function private.any_word(p_query tsquery) returns tsquery
language sql immutable parallel safe
return replace(p_query::text, ' & ', ' | ')::tsquery;

-- A text in pieces, [{text, hit}]: words of the query are hits. At most `p_most` words around the hits; 0: all.
create or replace function private.marked_text(p_language text, p_text text, p_query tsquery, p_most integer default 0)
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
