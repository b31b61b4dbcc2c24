-- The blocks of pages: what each kind holds, and what it may name.

-- Whether a value has no other keys than these.
create function private.has_only_keys(p_value jsonb, variadic p_keys text[]) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_value) = 'object' and p_value - p_keys = '{}'::jsonb
$$;

-- Whether every item of a list has only these keys; false for what is no list, or too long.
create function private.has_only_items(p_list jsonb, variadic p_keys text[]) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_list) is distinct from 'array' then false
		else jsonb_array_length(p_list) <= 100
			and not exists (select from jsonb_array_elements(p_list) as item
				where not private.has_only_keys(item, variadic p_keys)) end
$$;

-- Whether these keys of every item of a list are text maps.
create function private.have_text_maps(p_list jsonb, variadic p_keys text[]) returns boolean
language sql immutable set search_path = '' as $$
	select not exists (
		select from jsonb_array_elements(p_list) as item, unnest(p_keys) as key
		where not private.is_text_map(item -> key))
$$;

-- Whether a link leads to a page of the site, another site, an address or a number. Never a script.
create function private.is_page_link(p_link text) returns boolean
language sql immutable set search_path = '' as $$
	select length(p_link) <= 500 and p_link !~ '[[:space:][:cntrl:]<>"\\]'
		and p_link ~* '^(https?://[^/@]+(/|\?|#|$)|mailto:[^@]+@[^@]+$|tel:[+0-9().-]+$|/([^/]|$))'
$$;

-- Whether a value is a list of ids.
create function private.are_ids(p_list jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_list) is distinct from 'array' then false
		else jsonb_array_length(p_list) <= 100
			and not exists (select from jsonb_array_elements(p_list) as item
				where jsonb_typeof(item) <> 'string' or private.parse_uuid(item #>> '{}') is null) end
$$;

-- Whether a value is a list of complete or unfinished blocks. A text map has the key `original`, wherever it is.
create function private.are_page_blocks(p_blocks jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_blocks) is distinct from 'array' then false
		when jsonb_array_length(p_blocks) > 60 or length(p_blocks::text) > 400000 then false
		else
			(select count(distinct block ->> 'id') = count(*) from jsonb_array_elements(p_blocks) as block)
			and not exists (
				select from jsonb_array_elements(p_blocks) as block
				where not coalesce(block ->> 'id' ~ '^[a-z0-9]{4,16}$' and case block ->> 'kind'
					when 'text' then private.has_only_keys(block, 'id', 'kind', 'text')
						and private.is_text_map(block -> 'text')
					when 'picture' then private.has_only_keys(block, 'id', 'kind', 'file', 'alt', 'caption')
						and private.is_text_map(block -> 'alt') and private.is_text_map(block -> 'caption')
					when 'list' then private.has_only_keys(block, 'id', 'kind', 'title', 'rows')
						and private.is_text_map(block -> 'title')
						and private.has_only_items(block -> 'rows', 'term', 'text')
						and private.have_text_maps(block -> 'rows', 'term', 'text')
					when 'people' then private.has_only_keys(block, 'id', 'kind', 'title', 'people')
						and private.is_text_map(block -> 'title') and private.are_ids(block -> 'people')
					when 'sessions' then private.has_only_keys(block, 'id', 'kind', 'title', 'sessions', 'track')
						and private.is_text_map(block -> 'title') and private.are_ids(block -> 'sessions')
						and (block ->> 'track' is null or private.parse_uuid(block ->> 'track') is not null)
					when 'map' then
						private.has_only_keys(block, 'id', 'kind', 'file', 'alt', 'address', 'latitude', 'longitude')
						and private.is_text_map(block -> 'alt') and private.is_text_map(block -> 'address')
						and coalesce((block ->> 'latitude')::numeric, 0) between -90 and 90
						and coalesce((block ->> 'longitude')::numeric, 0) between -180 and 180
					when 'files' then private.has_only_keys(block, 'id', 'kind', 'title', 'files')
						and private.is_text_map(block -> 'title')
						and private.has_only_items(block -> 'files', 'file', 'label')
						and private.have_text_maps(block -> 'files', 'label')
					when 'partners' then private.has_only_keys(block, 'id', 'kind', 'title', 'rows')
						and private.is_text_map(block -> 'title')
						and private.has_only_items(block -> 'rows', 'name', 'link', 'tier', 'file')
						and not jsonb_path_exists(block, '$.rows[*] ? (@.name.type() != "string" || @.link.type() != "string")')
						and not jsonb_path_exists(block, '$.rows[*] ? (!(@.tier == "host" || @.tier == "principal"
							|| @.tier == "partner" || @.tier == "supporter"))')
						and not exists (select from jsonb_array_elements(block -> 'rows') as item
							where item ->> 'link' <> '' and not private.is_page_link(item ->> 'link'))
					when 'action' then private.has_only_keys(block, 'id', 'kind', 'label', 'to')
						and private.is_text_map(block -> 'label')
						and (block ->> 'to' in ('', 'register', 'agenda') or private.is_page_link(block ->> 'to'))
					else false end, false))
			and not exists (
				select from jsonb_path_query(p_blocks, 'strict $.** ? (@.type() == "object" && exists(@.file)).file') as file
				where jsonb_typeof(file) <> 'null' and private.parse_uuid(file #>> '{}') is null)
		end
$$;

-- Whether blocks use a file.
create function private.uses_page_file(p_blocks jsonb, p_file uuid) returns boolean
language sql immutable set search_path = '' as $$
	select p_blocks @> jsonb_build_array(jsonb_build_object('file', p_file))
		or p_blocks @> jsonb_build_array(jsonb_build_object('files', jsonb_build_array(jsonb_build_object('file', p_file))))
		or p_blocks @> jsonb_build_array(jsonb_build_object('rows', jsonb_build_array(jsonb_build_object('file', p_file))))
$$;

-- Whether blocks name nothing of another Summit: their files, people, sessions and tracks are of this one. What the draft
-- names already (`p_known`) may stay, so that a page can be saved after a speaker or a session is gone.
create function private.name_only_own(p_summit uuid, p_blocks jsonb, p_known jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	with named (kind, id) as (
		select 'file', jsonb_path_query(p_blocks, 'strict $.** ? (@.type() == "object" && exists(@.file)).file ? (@ != null)')
			#>> '{}'
		union
		select 'person', jsonb_path_query(p_blocks, '$[*].people[*]') #>> '{}'
		union
		select 'session', jsonb_path_query(p_blocks, '$[*].sessions[*]') #>> '{}'
		union
		select 'track', jsonb_path_query(p_blocks, '$[*].track ? (@ != null)') #>> '{}'
	)
	select not exists (
		select from named
		where not case kind
			when 'file' then exists (select from private.page_files as f
				where f.id = private.parse_uuid(named.id) and f.summit_id = p_summit)
			when 'person' then exists (select from public.session_people as sp
					where sp.person_id = private.parse_uuid(named.id) and sp.summit_id = p_summit)
				or p_known @? format('$[*].people[*] ? (@ == "%s")', private.parse_uuid(named.id))::jsonpath
			when 'session' then exists (select from public.sessions as s
					where s.id = private.parse_uuid(named.id) and s.summit_id = p_summit)
				or p_known @? format('$[*].sessions[*] ? (@ == "%s")', private.parse_uuid(named.id))::jsonpath
			else exists (select from public.tracks as t
					where t.id = private.parse_uuid(named.id) and t.summit_id = p_summit)
				or p_known @? format('$[*].track ? (@ == "%s")', private.parse_uuid(named.id))::jsonpath end)
$$;

-- Whether the site itself shows pages of this kind, by their address and under its own title.
create function private.is_page_of_site(p_kind text) returns boolean
language sql immutable set search_path = '' as $$
	select p_kind in ('about', 'attending_in_person', 'attending_virtually', 'code_of_conduct', 'privacy', 'accessibility')
$$;

-- What a page needs before it can be published, as {block, fault}; `block` is null for the page itself. A title, unless
-- the site has one for the kind, some content, and of each block what makes it complete: a picture has an alternative text.
create function private.page_faults(p_kind text, p_title jsonb, p_blocks jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('block', block, 'fault', fault)), '[]')
	from (
		select null as block, 'title' as fault where private.is_empty_text(p_title) and not private.is_page_of_site(p_kind)
		union all
		select null, 'empty' where p_blocks = '[]'
		union all
		select block ->> 'id', fault
		from jsonb_array_elements(p_blocks) with ordinality as each (block, place)
		cross join lateral unnest(array[
			case when block ->> 'kind' in ('picture') and block ->> 'file' is null then 'file' end,
			case when block ->> 'kind' in ('picture', 'map') and block ->> 'file' is not null
				and private.is_empty_text(block -> 'alt') then 'alt' end,
			case when block ->> 'kind' = 'text' and private.is_empty_text(block -> 'text') then 'text' end,
			case when block ->> 'kind' = 'map' and private.is_empty_text(block -> 'address') then 'address' end,
			case when block ->> 'kind' = 'action' and private.is_empty_text(block -> 'label') then 'label' end,
			case when block ->> 'kind' = 'action' and block ->> 'to' = '' then 'link' end,
			case when block ->> 'kind' in ('list', 'partners') and block -> 'rows' = '[]' then 'rows' end,
			case when block ->> 'kind' = 'people' and block -> 'people' = '[]' then 'people' end,
			case when block ->> 'kind' = 'sessions' and block -> 'sessions' = '[]' and block ->> 'track' is null
				then 'sessions' end,
			case when block ->> 'kind' = 'files' and block -> 'files' = '[]' then 'files' end]) as fault
		where fault is not null
	) as found
$$;

-- Whether a text map has no text.
create function private.is_empty_text(p_map jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select not exists (select from jsonb_each_text(coalesce(p_map, '{}')) as each (tag, text)
		where tag <> 'original' and text ~ '\S')
$$;

-- Whether a page has all of its texts in a language: its title, where it has one, and each text of its blocks.
create function private.is_page_in(p_title jsonb, p_blocks jsonb, p_language text) returns boolean
language sql immutable set search_path = '' as $$
	select not exists (
		select from (
			select p_title as texts
			union all
			select jsonb_path_query(p_blocks, 'strict $.** ? (@.type() == "object" && exists(@.original))')
		) as each
		where not private.is_empty_text(texts) and btrim(coalesce(texts ->> p_language, '')) = '')
$$;
