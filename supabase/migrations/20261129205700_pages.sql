-- Pages that organisers write for the readers of a Summit: blocks, drafts and published versions.

set check_function_bodies = off;

-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Saving the address of a page. Taken: another page of the Summit has it.
create domain public.page_place_status as text check (value in ('ok', 'not_found', 'invalid', 'taken'));

-- Deleting a page. Published: readers see it.
create domain public.page_removal_status as text check (value in ('ok', 'not_found', 'published'));

-- Deleting a file of pages. In use: a draft or a version shows it.
create domain public.page_file_removal_status as text check (value in ('ok', 'not_found', 'in_use'));

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

-- Pages that organisers write for the readers of a Summit: a draft of blocks, and the versions that were published.

-- A page. What organisers work on is its draft; readers see the version that `published` names. Texts that the site itself
-- shows (about, attending, code of conduct, privacy, accessibility) are pages of their kind, at most one of each.
create table private.pages (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('about', 'attending_in_person', 'attending_virtually', 'code_of_conduct', 'privacy',
		'accessibility', 'venue', 'travel', 'hotels', 'visas', 'faq', 'news', 'partners', 'press', 'other')),
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$'),
	-- Where readers find it; `none`: by its address, and where the site links it.
	place text not null default 'menu' check (place in ('menu', 'footer', 'none')),
	position integer not null default 0,
	title public.text_map not null default '{}',
	summary public.text_map not null default '{}',
	blocks jsonb not null default '[]' check (private.are_page_blocks(blocks)),
	-- The block that was removed last, so that the removal can be undone: {at, block}.
	removed jsonb check (removed is null or private.are_page_blocks(jsonb_build_array(removed -> 'block'))),
	-- Counts the changes of the draft: who saves names the one that they saw.
	revision integer not null default 1,
	saved_at timestamptz not null default now(),
	saved_by uuid references public.people (id) on update cascade on delete set null,
	published integer,
	unique (summit_id, slug),
	-- Pages that the site shows are found by their address.
	constraint slug_of_kind check (case
		when private.is_page_of_site(kind) then slug = replace(kind, '_', '-')
		else not private.is_page_of_site(replace(slug, '-', '_')) end),
	constraint title_one_line check (private.are_one_line(title)),
	constraint summary_one_line check (private.are_one_line(summary))
);
create unique index pages_of_site on private.pages (summit_id, kind) where kind in ('about', 'attending_in_person',
	'attending_virtually', 'code_of_conduct', 'privacy', 'accessibility');
create index on private.pages (saved_by);
alter table private.pages enable row level security;
-- The versions keep the wording; entries say who changed what.
select audit.watch('private.pages', '', 'title', 'summary', 'blocks', 'removed');

-- A published wording. No version is changed after the fact, except that a former name is replaced.
create table private.page_versions (
	id uuid primary key default gen_random_uuid(),
	page_id uuid not null references private.pages (id) on delete cascade,
	number integer not null check (number > 0),
	title public.text_map not null,
	summary public.text_map not null,
	blocks jsonb not null check (private.are_page_blocks(blocks)),
	published_at timestamptz not null default now(),
	published_by uuid references public.people (id) on update cascade on delete set null,
	unique (page_id, number),
	constraint title_one_line check (private.are_one_line(title)),
	constraint summary_one_line check (private.are_one_line(summary))
);
create index on private.page_versions (published_by);
alter table private.page_versions enable row level security;
select audit.watch('private.page_versions', '', 'title', 'summary', 'blocks');

-- Pictures and documents for the pages of a Summit. Editions copied from another share its objects.
create table private.page_files (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	object_name text not null references private.stored_objects (name) on delete restrict,
	shown_name text not null check (length(shown_name) between 1 and 200
		and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	-- Of a picture, in pixels.
	width integer check (width between 1 and 20000),
	height integer check (height between 1 and 20000),
	uploaded_by uuid references public.people (id) on update cascade on delete set null,
	uploaded_at timestamptz not null default now(),
	check ((width is null) = (height is null))
);
create index on private.page_files (summit_id);
create index on private.page_files (object_name);
create index on private.page_files (uploaded_by);
alter table private.page_files enable row level security;
select audit.watch('private.page_files', 'uploaded_by', 'shown_name', 'object_name');

-- Reading published pages. People, sessions and files are read live: what a block names is shown only where the reader
-- may see it at this moment, and names are those that everybody sees (rule 5).

-- A file of a page as a block shows it: {id, name, media_type, size, width, height}; null while it cannot be served.
create function private.page_file_json(p_file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', f.id, 'name', f.shown_name, 'media_type', o.media_type, 'size', o.size,
		'width', f.width, 'height', f.height)
	from private.page_files as f
	join private.stored_objects as o on o.name = f.object_name
		and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = p_file
$$;

-- A person as the agenda shows people: {code, display_name, office, affiliation, country, portrait}.
create function private.page_person_json(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('code', p.code, 'display_name', p.display_name, 'office', p.office,
		'affiliation', p.affiliation, 'country', p.country, 'portrait', private.visible_portrait_path(p.id))
	from public.people as p
	where p.id = p_person
$$;

-- Blocks as the reader sees them: ids of files and people become what is shown of them; people and sessions whom the
-- reader does not see in the agenda are left out.
create function private.page_blocks_as_seen(p_blocks jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Asked once, and only by pages that need it.
	v_people uuid[] := case when p_blocks @? '$[*].people[*]' then array(select private.visible_people()) end;
	v_sessions uuid[] := case when p_blocks @? '$[*].sessions[*]' then array(select private.my_visible_sessions()) end;
begin
	return (
		select coalesce(jsonb_agg(case
			when block ->> 'kind' in ('picture', 'map') then
				block || jsonb_build_object('file', private.page_file_json((block ->> 'file')::uuid))
			when block ->> 'kind' in ('files', 'partners') then block || jsonb_build_object(list.key, (
				select coalesce(jsonb_agg(item || jsonb_build_object('file', file.shown) order by place), '[]')
				from jsonb_array_elements(block -> list.key) with ordinality as each (item, place)
				cross join lateral (select private.page_file_json((item ->> 'file')::uuid)) as file (shown)
				where list.key = 'rows' or file.shown is not null))
			when block ->> 'kind' = 'people' then block || jsonb_build_object('people', (
				select coalesce(jsonb_agg(private.page_person_json(each.id::uuid) order by place), '[]')
				from jsonb_array_elements_text(block -> 'people') with ordinality as each (id, place)
				where each.id::uuid = any (v_people)))
			when block ->> 'kind' = 'sessions' then block || jsonb_build_object(
				'track', (select t.slug from public.tracks as t where t.id = (block ->> 'track')::uuid),
				'sessions', (
					select coalesce(jsonb_agg(each.id order by place), '[]')
					from jsonb_array_elements_text(block -> 'sessions') with ordinality as each (id, place)
					where each.id::uuid = any (v_sessions)))
			else block end order by at), '[]')
		from jsonb_array_elements(p_blocks) with ordinality as each (block, at)
		cross join lateral (select case block ->> 'kind' when 'files' then 'files' else 'rows' end) as list (key));
end
$$;

-- The published pages of a Summit with these slugs, in their order: [{slug, kind, title, summary, blocks, number,
-- published_at}]. A page that is not published leaves no trace.
create function public.read_pages(summit uuid, slugs text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'slug', p.slug,
		'kind', p.kind,
		'title', v.title,
		'summary', v.summary,
		'blocks', private.page_blocks_as_seen(v.blocks),
		'number', v.number,
		'published_at', private.iso(v.published_at)) order by array_position(slugs, p.slug)), '[]')
	from private.pages as p
	join private.page_versions as v on v.page_id = p.id and v.number = p.published
	where p.summit_id = read_pages.summit and p.slug = any (slugs) and cardinality(slugs) <= 20
		and p.summit_id in (select private.readable_summits())
$$;
grant execute on function public.read_pages(uuid, text[]) to anon, authenticated;

-- The published pages of a Summit in the order of their places: [{slug, kind, place, title, summary}].
create function public.list_published_pages(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'slug', p.slug,
		'kind', p.kind,
		'place', p.place,
		'title', v.title,
		'summary', v.summary) order by p.position, p.slug), '[]')
	from private.pages as p
	join private.page_versions as v on v.page_id = p.id and v.number = p.published
	where p.summit_id = list_published_pages.summit and p.summit_id in (select private.readable_summits())
$$;
grant execute on function public.list_published_pages(uuid) to anon, authenticated;

-- A file that the reader may have: {media_type, size, sha256, name}. Everybody, while a published page uses it; who edits
-- pages, always. Null for anybody else.
create function public.open_page_file(summit uuid, file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('media_type', o.media_type, 'size', o.size, 'sha256', encode(o.sha256, 'hex'),
		'name', f.shown_name)
	from private.page_files as f
	join private.stored_objects as o on o.name = f.object_name
		and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = open_page_file.file
		and f.summit_id = open_page_file.summit
		and f.summit_id in (select private.readable_summits())
		and (private.has_role(f.summit_id, 'programme') or exists (
			select from private.pages as p
			join private.page_versions as v on v.page_id = p.id and v.number = p.published
			where p.summit_id = f.summit_id and private.uses_page_file(v.blocks, f.id)))
$$;
grant execute on function public.open_page_file(uuid, uuid) to anon, authenticated;

-- The name of the object of a file, for the app alone.
create function private.object_of_page_file(p_file uuid) returns text
language sql stable security definer set search_path = '' as $$
	select f.object_name from private.page_files as f where f.id = p_file
$$;
grant execute on function private.object_of_page_file(uuid) to app_server;

-- Writing pages: drafts, their order, and files. For programme and owners; the code of conduct and the privacy notice,
-- to which registrants agree, for owners alone.

-- Whether the reader may write pages of a kind.
create function private.may_write_page(p_summit uuid, p_kind text) returns boolean
language sql stable security definer set search_path = '' as $$
	select case when p_kind in ('code_of_conduct', 'privacy') then private.has_role(p_summit, 'owner')
		else private.has_role(p_summit, 'programme') end
$$;

-- The row of a page, locked, for those who may write it; otherwise none. Two who save at once come one after the other.
create function private.lock_page(p_page uuid) returns private.pages
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages;
begin
	select * into v_page from private.pages as p where p.id = p_page for update;
	if not found or not private.may_write_page(v_page.summit_id, v_page.kind) then return null; end if;
	return v_page;
end
$$;

-- What somebody else saved in the meantime: {status: changed, revision, by, at}.
create function private.changed_page_json(p_page private.pages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', 'changed', 'revision', p_page.revision, 'at', private.iso(p_page.saved_at),
		'by', (select p.display_name from public.people as p where p.id = p_page.saved_by))
$$;

-- All pages of a Summit in order, for organisers who write them: [{id, kind, slug, place, title, languages (complete
-- ones of the Summit), revision, saved_at, published, published_at, has_changes, may_write}]; null for anybody else.
create function public.list_pages(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(list_pages.summit, 'programme') then (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', p.id,
			'kind', p.kind,
			'slug', p.slug,
			'place', p.place,
			'title', p.title,
			'languages', (select coalesce(jsonb_agg(tag order by at), '[]')
				from public.summits as s
				cross join unnest(s.languages) with ordinality as language (tag, at)
				where s.id = p.summit_id and p.blocks <> '[]' and private.is_page_in(p.title, p.blocks, tag)),
			'saved_at', private.iso(p.saved_at),
			'published', p.published,
			'published_at', private.iso(v.published_at),
			'has_changes', v.id is not null
				and (v.title <> p.title or v.summary <> p.summary or v.blocks <> p.blocks),
			'may_write', private.may_write_page(p.summit_id, p.kind)) order by p.position, p.slug), '[]')
		from private.pages as p
		left join private.page_versions as v on v.page_id = p.id and v.number = p.published
		where p.summit_id = list_pages.summit) end
$$;
grant execute on function public.list_pages(uuid) to authenticated;

-- The draft of a page for who may write it, with its versions, newest first, and the files of its Summit: {id, kind, slug,
-- place, title, summary, blocks, removed, revision, saved_at, saved_by, published, has_changes, versions: [{number, at,
-- by}], files}. Null for anybody else.
create function public.read_page_draft(summit uuid, page uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'kind', p.kind,
		'slug', p.slug,
		'place', p.place,
		'title', p.title,
		'summary', p.summary,
		'blocks', p.blocks,
		'removed', p.removed,
		'revision', p.revision,
		'saved_at', private.iso(p.saved_at),
		'saved_by', (select x.display_name from public.people as x where x.id = p.saved_by),
		'published', p.published,
		'has_changes', not exists (select from private.page_versions as v
			where v.page_id = p.id and v.number = p.published
				and v.title = p.title and v.summary = p.summary and v.blocks = p.blocks),
		'versions', (select coalesce(jsonb_agg(jsonb_build_object(
				'number', v.number,
				'at', private.iso(v.published_at),
				'by', (select x.display_name from public.people as x where x.id = v.published_by))
				order by v.number desc), '[]')
			from private.page_versions as v where v.page_id = p.id),
		'files', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', f.id, 'name', f.shown_name, 'media_type', o.media_type, 'size', o.size, 'width', f.width,
				'height', f.height, 'scan', o.scan) order by f.uploaded_at desc), '[]')
			from private.page_files as f
			join private.stored_objects as o on o.name = f.object_name and o.state = 'kept'
			where f.summit_id = p.summit_id))
	from private.pages as p
	where p.id = read_page_draft.page and p.summit_id = read_page_draft.summit
		and private.may_write_page(p.summit_id, p.kind)
$$;
grant execute on function public.read_page_draft(uuid, uuid) to authenticated;

-- The draft, or with a number an earlier version, as readers would see it: as read_pages. Null for anybody who may not
-- write it.
create function public.preview_page(summit uuid, page uuid, version integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'slug', p.slug,
		'kind', p.kind,
		'title', coalesce(v.title, p.title),
		'summary', coalesce(v.summary, p.summary),
		'blocks', private.page_blocks_as_seen(coalesce(v.blocks, p.blocks)),
		'number', coalesce(v.number, 0),
		'published_at', private.iso(coalesce(v.published_at, p.saved_at)))
	from private.pages as p
	left join private.page_versions as v on v.page_id = p.id and v.number = preview_page.version
	where p.id = preview_page.page and p.summit_id = preview_page.summit
		and private.may_write_page(p.summit_id, p.kind)
		and (preview_page.version is null or v.id is not null)
$$;
grant execute on function public.preview_page(uuid, uuid, integer) to authenticated;

-- The people whom a page may name: those of the newest release, as they are shown: [{id, display_name, office,
-- affiliation}]. Empty for who writes no pages.
create function public.list_page_people(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name, 'office', p.office,
		'affiliation', p.affiliation) order by p.display_name, p.id), '[]')
	from public.people as p
	where private.has_role(list_page_people.summit, 'programme')
		and exists (select from public.release_people as rp
			join public.session_people as sp on sp.session_id = rp.session_id and sp.person_id = rp.person_id
				and sp.role = rp.role and sp.summit_id = list_page_people.summit
			where rp.person_id = p.id and rp.release_id = private.newest_release(list_page_people.summit)
				and private.is_named(rp.session_id, rp.person_id, rp.role)
				and rp.session_id in (select private.my_visible_sessions()))
$$;
grant execute on function public.list_page_people(uuid) to authenticated;

-- Adds a page at the end, as a draft. {status: ok (page) | not_allowed | invalid | taken}. Taken: its address is used, or
-- the page that the site shows exists already. Locks the pages of the Summit.
create function public.add_page(summit uuid, kind text, slug text, title jsonb, blocks jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not coalesce(private.may_write_page(summit, kind), false) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	if (select count(*) >= 200 from private.pages as p where p.summit_id = summit)
		or not private.are_page_blocks(blocks) or not private.name_only_own(summit, blocks, '[]') then
		return jsonb_build_object('status', 'invalid');
	end if;
	insert into private.pages (summit_id, kind, slug, place, position, title, blocks, saved_by)
	values (
		summit, kind, case when private.is_page_of_site(kind) then replace(kind, '_', '-') else slug end,
		case when kind in ('privacy', 'accessibility') then 'none' when kind = 'code_of_conduct' then 'footer'
			else 'menu' end,
		(select coalesce(max(p.position), 0) + 1 from private.pages as p where p.summit_id = summit),
		title, blocks, private.me())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'page', v_id);
exception
	when unique_violation then return jsonb_build_object('status', 'taken');
	when check_violation or not_null_violation or data_exception then return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.add_page(uuid, text, text, jsonb, jsonb) to authenticated;

-- Saves a draft {title, summary, blocks, removed} that was made from a revision; `removed` is left as it is where it is
-- not given. {status: ok (revision, at) | changed (revision, at, by) | not_found | invalid}. Nothing is written over what
-- somebody else saved in the meantime.
create function public.save_page(page uuid, revision integer, draft jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_page.revision is distinct from save_page.revision then return private.changed_page_json(v_page); end if;
	if not private.has_only_keys(draft, 'title', 'summary', 'blocks', 'removed')
		or not private.are_page_blocks(draft -> 'blocks')
		or not private.name_only_own(v_page.summit_id, draft -> 'blocks', v_page.blocks) then
		return jsonb_build_object('status', 'invalid');
	end if;
	update private.pages as p
	set title = draft -> 'title',
		summary = draft -> 'summary',
		blocks = draft -> 'blocks',
		removed = case when draft ? 'removed' then nullif(draft -> 'removed', 'null') else p.removed end,
		revision = p.revision + 1,
		saved_at = now(),
		saved_by = private.me()
	where p.id = page
		and (p.title, p.summary, p.blocks) is distinct from
			((draft -> 'title')::public.text_map, (draft -> 'summary')::public.text_map, draft -> 'blocks');
	return (select jsonb_build_object('status', 'ok', 'revision', p.revision, 'at', private.iso(p.saved_at))
		from private.pages as p where p.id = page);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_page(uuid, integer, jsonb) to authenticated;

-- Saves the address and the place of a page. Answers ok | not_found | invalid | taken. The pages that the site shows at
-- addresses of its own keep theirs.
create function public.save_page_place(page uuid, slug text, place text) returns public.page_place_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	update private.pages as p
	set slug = case when private.is_page_of_site(p.kind) then p.slug else save_page_place.slug end,
		place = case when p.kind in ('privacy', 'accessibility') then p.place else save_page_place.place end
	where p.id = page;
	return 'ok';
exception
	when unique_violation then return 'taken';
	when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.save_page_place(uuid, text, text) to authenticated;

-- Moves a page one place among those of its Summit: by -1 up, by 1 down. Locks the pages of the Summit.
create function public.move_page(page uuid, by integer) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := (select p.summit_id from private.pages as p where p.id = page);
begin
	if v_summit is null or by not in (-1, 1) or not private.has_role(v_summit, 'programme') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || v_summit, 0));
	update private.pages as p
	set position = placed.place
	from (
		select id, row_number() over (order by at) as place
		from (
			select x.id, row_number() over (order by x.position, x.slug) + case when x.id = page then 1.5 * by else 0 end as at
			from private.pages as x where x.summit_id = v_summit) as moved) as placed
	where p.id = placed.id and p.position <> placed.place;
	return 'ok';
end
$$;
grant execute on function public.move_page(uuid, integer) to authenticated;

-- Adds an uploaded object as a file of pages. The object is known to the app alone, which made it. {status: ok (file) |
-- not_allowed | full}. Locks the pages of the Summit.
create function public.add_page_file(summit uuid, object text, name text, width integer, height integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	if (select count(*) >= 500 from private.page_files as f where f.summit_id = summit) then
		return jsonb_build_object('status', 'full');
	end if;
	if not private.mark_object_used(object) then return jsonb_build_object('status', 'not_allowed'); end if;
	insert into private.page_files (summit_id, object_name, shown_name, width, height, uploaded_by)
	values (summit, object, name, width, height, private.me())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'file', v_id);
end
$$;
grant execute on function public.add_page_file(uuid, text, text, integer, integer) to authenticated;

-- Whether somebody may upload files for pages, asked before anything is read.
create function public.may_add_page_file(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(may_add_page_file.summit, 'programme')
$$;
grant execute on function public.may_add_page_file(uuid) to authenticated;

-- Deletes a file that no page uses, in its draft or in a version. Answers ok | not_found | in_use.
create function public.delete_page_file(summit uuid, file uuid) returns public.page_file_removal_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	-- Who saves a page at this moment comes first or finds no such file.
	perform from private.pages as p where p.summit_id = delete_page_file.summit for update;
	if exists (
		select from private.pages as p
		left join private.page_versions as v on v.page_id = p.id
		where p.summit_id = delete_page_file.summit
			and (private.uses_page_file(p.blocks, file) or private.uses_page_file(jsonb_build_array(p.removed -> 'block'), file)
				or private.uses_page_file(v.blocks, file))) then
		return 'in_use';
	end if;
	delete from private.page_files as f where f.id = delete_page_file.file and f.summit_id = delete_page_file.summit;
	if not found then return 'not_found'; end if;
	return 'ok';
end
$$;
grant execute on function public.delete_page_file(uuid, uuid) to authenticated;

-- The object of a file is deleted with the last file that uses it.
create function private.mark_page_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not exists (select from private.page_files as f where f.object_name = old.object_name) then
		perform private.mark_objects_deletable(old.object_name);
	end if;
	return null;
end
$$;
create trigger mark_page_object after delete on private.page_files for each row
	execute function private.mark_page_object_deletable();

-- A former name that is replaced in a draft is a change of it: who has the page open does not write the name back.
create function private.count_renamed_page() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.revision := old.revision + 1;
	return new;
end
$$;
create trigger count_renaming before update on private.pages for each row
	when (current_setting('app.renaming', true) = 'yes') execute function private.count_renamed_page();

-- Publishing pages: a version is kept of each wording that readers saw.

-- Publishes the draft of a page as its next version. {status: ok (number) | already | changed (revision, at, by) |
-- incomplete (faults) | not_found}. Locks the page, so that what is published is what the organiser looked at.
create function public.publish_page(page uuid, revision integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
	v_faults jsonb;
	v_number integer;
begin
	if v_page.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_page.revision is distinct from publish_page.revision then return private.changed_page_json(v_page); end if;
	if exists (select from private.page_versions as v
		where v.page_id = page and v.number = v_page.published
			and v.title = v_page.title and v.summary = v_page.summary and v.blocks = v_page.blocks) then
		return jsonb_build_object('status', 'already');
	end if;
	v_faults := private.page_faults(v_page.kind, v_page.title, v_page.blocks);
	if v_faults <> '[]' then return jsonb_build_object('status', 'incomplete', 'faults', v_faults); end if;
	v_number := private.publish_page_draft(v_page);
	return jsonb_build_object('status', 'ok', 'number', v_number);
end
$$;
grant execute on function public.publish_page(uuid, integer) to authenticated;

-- Makes the draft of a page its next version and shows it. The caller holds the lock of the page.
create function private.publish_page_draft(p_page private.pages) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer;
begin
	insert into private.page_versions (page_id, number, title, summary, blocks, published_by)
	values (
		p_page.id,
		(select coalesce(max(v.number), 0) + 1 from private.page_versions as v where v.page_id = p_page.id),
		p_page.title, p_page.summary, p_page.blocks, private.me())
	returning number into v_number;
	update private.pages as p set published = v_number where p.id = p_page.id;
	return v_number;
end
$$;

-- Takes a page away from readers; its draft and versions stay.
create function public.unpublish_page(page uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is null then return 'already'; end if;
	update private.pages as p set published = null where p.id = page;
	return 'ok';
end
$$;
grant execute on function public.unpublish_page(uuid) to authenticated;

-- Makes an earlier version the draft; readers see it once it is published. {status: ok (revision, at) | changed (revision,
-- at, by) | not_found}.
create function public.restore_page_version(page uuid, number integer, revision integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
	v_version private.page_versions;
begin
	select * into v_version from private.page_versions as v
		where v.page_id = page and v.number = restore_page_version.number;
	if v_page.id is null or v_version.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_page.revision is distinct from restore_page_version.revision then return private.changed_page_json(v_page); end if;
	update private.pages as p
	set title = v_version.title, summary = v_version.summary, blocks = v_version.blocks, revision = p.revision + 1,
		saved_at = now(), saved_by = private.me()
	where p.id = page;
	return (select jsonb_build_object('status', 'ok', 'revision', p.revision, 'at', private.iso(p.saved_at))
		from private.pages as p where p.id = page);
end
$$;
grant execute on function public.restore_page_version(uuid, integer, integer) to authenticated;

-- Deletes a page with its versions. Answers ok | not_found | published: readers see it, and it is unpublished first.
create function public.delete_page(page uuid) returns public.page_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is not null then return 'published'; end if;
	delete from private.pages as p where p.id = page;
	return 'ok';
end
$$;
grant execute on function public.delete_page(uuid) to authenticated;

-- What readers see of pages has changed: cached pages are dropped, and open ones read again.
create trigger notify_settings after update on private.pages for each row
	when (old.published is distinct from new.published
		or new.published is not null
			and (old.slug, old.place, old.position) is distinct from (new.slug, new.place, new.position))
	execute function private.notify_settings_changed();
create trigger notify_settings_of_deleted after delete on private.pages for each row
	when (old.published is not null) execute function private.notify_settings_changed();
-- A former name was replaced.
create trigger notify_site after update on private.page_versions for each statement
	execute function private.notify_site_changed();

-- Pages of an earlier edition in a new one.

-- Copies the pages of a Summit: what readers see where a page is published, else its draft. People and sessions are not
-- copied, because they are of the earlier edition; files become files of the new one.
create function private.copy_pages(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_ids jsonb := '{}';
	v_file private.page_files;
	v_page private.pages;
	v_new private.pages;
	v_blocks text;
	v_id text;
begin
	for v_file in select f.* from private.page_files as f where f.summit_id = p_from loop
		v_id := gen_random_uuid();
		insert into private.page_files (id, summit_id, object_name, shown_name, width, height, uploaded_by)
		values (v_id::uuid, p_to, v_file.object_name, v_file.shown_name, v_file.width, v_file.height, private.me());
		v_ids := v_ids || jsonb_build_object(v_file.id::text, v_id);
	end loop;
	for v_page in select p.* from private.pages as p where p.summit_id = p_from order by p.position loop
		select coalesce(v.title, v_page.title), coalesce(v.summary, v_page.summary), coalesce(v.blocks, v_page.blocks)::text
		into v_page.title, v_page.summary, v_blocks
		from (select) as page left join private.page_versions as v on v.page_id = v_page.id and v.number = v_page.published;
		for v_id in select jsonb_object_keys(v_ids) loop
			v_blocks := replace(v_blocks, v_id, v_ids ->> v_id);
		end loop;
		insert into private.pages (summit_id, kind, slug, place, position, title, summary, blocks, saved_by)
		values (p_to, v_page.kind, v_page.slug, v_page.place, v_page.position, v_page.title, v_page.summary,
			(select coalesce(jsonb_agg(case block ->> 'kind'
				when 'people' then block || '{"people": []}'
				when 'sessions' then block || '{"sessions": [], "track": null}'
				else block end order by at), '[]')
				from jsonb_array_elements(v_blocks::jsonb) with ordinality as each (block, at)),
			private.me())
		returning * into v_new;
		if v_page.published is not null and private.page_faults(v_new.kind, v_new.title, v_new.blocks) = '[]' then
			perform private.publish_page_draft(v_new);
		end if;
	end loop;
end
$$;

create or replace function private.delete_object_rows(p_names text[], p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'gone', changed_at = p_now
	where o.name = any (p_names)
		and o.state = 'deletable'
		and (exists (select from private.file_versions as v where v.object_name = o.name)
			or exists (select from private.page_files as f where f.object_name = o.name));
	delete from private.stored_objects as o
	where o.name = any (p_names)
		and (o.state = 'deletable' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours');
end
$$;

create or replace function private.copy_summit_lists(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table regclass;
begin
	foreach v_table in array array[
		'public.rooms', 'public.tracks', 'public.formats', 'public.summit_texts', 'public.consent_items',
		'public.mode_capacities', 'public.allocation_policies', 'public.seat_ceilings', 'public.pools', 'public.fees',
		'public.accreditation_settings', 'public.figure_settings', 'public.mail_settings', 'public.check_settings',
		'public.check_limits', 'private.participation_defaults', 'private.schedule_settings',
		'private.speaker_settings', 'private.file_settings', 'private.review_criteria']::regclass[]
	loop
		perform private.copy_summit_rows(v_table, p_from.id, p_to.id);
	end loop;
	perform private.copy_summit_rows('public.logistics_fields', p_from.id, p_to.id, 't.retired_at is null');
	perform private.copy_summit_rows('private.call_questions', p_from.id, p_to.id, 't.retired_at is null');
	perform private.copy_room_facts(p_from.id, p_to.id);
	perform private.copy_mail_texts(p_from.id, p_to.id);
	perform private.copy_call(p_from, p_to);
	perform private.copy_pages(p_from.id, p_to.id);
	-- Of the settings about money only whether nobody pays.
	insert into public.money_settings (summit_id, has_no_fees)
	select p_to.id, true from public.money_settings as o where o.summit_id = p_from.id and o.has_no_fees;
	-- Deadlines that have tables of their own.
	update public.fees as f
	set valid_from = private.shift_deadline(f.valid_from, p_from, p_to),
		valid_until = private.shift_deadline(f.valid_until, p_from, p_to)
	where f.summit_id = p_to.id and coalesce(f.valid_from, f.valid_until) is not null;
	update private.speaker_settings as s
	set profile_due_at = private.shift_deadline(s.profile_due_at, p_from, p_to),
		texts_due_at = private.shift_deadline(s.texts_due_at, p_from, p_to),
		availability_due_at = private.shift_deadline(s.availability_due_at, p_from, p_to),
		check_due_at = private.shift_deadline(s.check_due_at, p_from, p_to)
	where s.summit_id = p_to.id;
	update private.file_settings as f
	set due_at = private.shift_deadline(f.due_at, p_from, p_to)
	where f.summit_id = p_to.id;
end
$$;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.pages', 'settings', '{kind,slug,place,revision,published}', '{}', '{title,summary,blocks}'),
	('private.page_versions', 'settings', '{number}', '{}', '{title,summary,blocks}'),
	('private.page_files', 'settings', '{}', '{}', '{shown_name}');
insert into private.free_text_columns (table_name, column_name) values
	('private.pages', 'title'), ('private.pages', 'summary'), ('private.pages', 'blocks'), ('private.pages', 'removed'),
	('private.page_versions', 'title'), ('private.page_versions', 'summary'), ('private.page_versions', 'blocks'),
	('private.page_files', 'shown_name');
insert into private.retention_rules (table_name, exemption) values
	('private.pages', 'settings'), ('private.page_versions', 'settings'), ('private.page_files', 'settings');
insert into private.not_copied_tables (name, reason) values
	('private.pages', 'staff'), ('private.page_versions', 'staff'), ('private.page_files', 'staff');

reset check_function_bodies;
