-- Mend the library: long Chinese files are found in all of their text, by pairs and longer runs of characters; files of
-- people with an alias have neutral names; a next version that was begun can be discarded.

set check_function_bodies = off;

-- The Chinese characters of these files as they follow each other (private.parts_of_characters): a longer run in a query
-- is compared with those whose words have all its pairs.
create table private.library_file_characters (
	item_id uuid not null,
	number integer not null,
	language text not null,
	part integer not null,
	characters text not null,
	primary key (item_id, number, language, part),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
alter table private.library_file_characters enable row level security;
insert into private.retention_rules (table_name, exemption) values ('private.library_file_characters', 'technical');

-- A name that says nothing of a person, with the extension of the name that it replaces.
create or replace function private.neutral_file_name(p_neutral text, p_name text) returns text
language sql immutable parallel safe
return p_neutral || coalesce(substring(p_name from '\.[A-Za-z0-9]{1,5}$'), '');

-- The name under which a file that the reader uploads is shown. Where they or `p_also` have an alias, it is a neutral one:
-- the name of an uploaded file may contain theirs (Rule 7).
create or replace function private.uploaded_file_name(p_neutral text, p_name text, p_also uuid default null) returns text
language sql stable security definer set search_path = '' as $$
	select case when private.has_alias(private.me()) or private.has_alias(p_also)
		then private.neutral_file_name(p_neutral, p_name) else p_name end
$$;

-- The name under which a file of a session is shown. Where one of the people of the session has an alias, it is a neutral one too.
create or replace function private.safe_file_name(
	p_session uuid, p_kind public.file_kind, p_number integer, p_name text
) returns text
language sql stable security definer set search_path = '' as $$
	select private.uploaded_file_name(p_kind || '-' || p_number, p_name, (
		select sp.person_id
		from public.session_people as sp
		where sp.session_id = p_session and sp.state <> 'declined' and private.has_alias(sp.person_id)
		limit 1))
$$;

-- Adds an uploaded object as a file of pages. The object is known to the app alone, which made it. The upload of somebody
-- with an alias gets a neutral name. {status: ok (file) |
-- not_allowed | full}. Locks the pages of the Summit.
create or replace function public.add_page_file(summit uuid, object text, name text, width integer, height integer) returns jsonb
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
	values (summit, object, private.uploaded_file_name('file', name), width, height, private.me())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'file', v_id);
end
$$;

-- Adds a file to a report: an upload, whose `object` is known to the app alone, which has checked its content and had it
-- scanned. The upload of somebody with an alias gets a neutral name, because the name of a file may contain theirs. Answers
-- as begin_commitment_file, and invalid. Locks the commitment.
create or replace function public.add_commitment_file(report uuid, name text, object text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitment_reports := private.lock_own_report(report);
	v_begun jsonb := public.begin_commitment_file(report);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if object is null or not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.commitment_files (report_id, shown_name, object_name, added_by)
	values (v.id, private.uploaded_file_name('file', add_commitment_file.name), object, private.me());
	perform private.publish_event('site', 'changed');
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;

-- One item for those who work on it: its newest version, its state and what happened; null for everybody else. `is_own`:
-- whether somebody else has to review it. `opened`: how often its files were sent, null where that is not shown. `withdraws`,
-- `deletes`, `discards`: whether the reader may withdraw it, delete it, or discard its newest version.
create or replace function public.read_library_work(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'id', i.id,
		'state', i.state,
		'revision', i.revision,
		'reviews', private.runs_community(),
		'submits', private.submits_to_library(),
		'is_own', private.has_written_version(i),
		'is_published', exists (
			select from private.library_publications as p where p.item_id = i.id and p.shown_from <= now()),
		'opened', private.shown_library_openings(i),
		'owner', (select p.display_name from public.people as p where p.id = i.owner_id),
		'withdraws', private.library_step_refusal(i, 'withdrawn', '-') is null,
		'deletes', not exists (select from private.library_steps as s where s.item_id = i.id),
		'discards', private.is_begun_library_version(i),
		'withdrawn_reason', i.withdrawn_reason,
		'steps', (
			select coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'step', s.step, 'reason', s.reason,
				'made_by', (select p.display_name from public.people as p where p.id = s.made_by),
				'made_at', private.iso(s.made_at)) order by s.id desc), '[]')
			from private.library_steps as s
			where s.item_id = i.id))
	from private.library_items as i
	join private.library_versions as v on v.item_id = i.id and v.number = i.version
	where i.code = read_library_work.code and private.works_on_library_item(i)
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
		shown_until, head, groups, facet)
	select v.item_id, v.number, v.kind, v.theme_id, v.issued_on, found.languages, found.needs, v.shown_from,
		coalesce((select min(w.shown_from) from published as w where w.number > v.number), 'infinity'),
		private.search_vector_with_pairs(v.title, 'A') || private.search_vector_with_pairs(v.summary, 'B')
			|| to_tsvector('private.search_simple', array_to_string(v.authors, ' ')),
		found.groups,
		private.library_facet(v.kind, v.theme_id, v.issued_on, found.languages, found.groups, found.needs)
	from published as v
	cross join lateral (
		select
			array(
				select f.language
				from private.library_files as f
				where f.item_id = v.item_id and f.number = v.number
				order by f.language) as languages,
			array(
				select distinct need
				from published as w, unnest(w.needs) as need
				where w.number >= v.number
				order by need) as needs,
			array(
				select v.group_id where v.group_id is not null
				union
				select t.group_id
				from private.library_ties as t
				where t.item_id = v.item_id and t.number = v.number and t.group_id is not null
				order by 1) as groups) as found;
	insert into private.library_file_words (item_id, number, language, words, needs)
	select f.item_id, f.number, f.language, private.file_vector(f.language, f.content, private.characters_in(f.content)),
		p.needs
	from private.library_files as f
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
	where f.item_id = p_item and f.content <> '';
	insert into private.library_file_characters (item_id, number, language, part, characters)
	select f.item_id, f.number, f.language, each.part, each.characters
	from private.library_files as f
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
	cross join lateral private.parts_of_characters(private.characters_in(f.content)) as each
	where f.item_id = p_item
$$;

-- Whether a file of a published version has each of these runs of characters. It reads no more parts than it has to.
create or replace function private.has_runs(p_item uuid, p_number integer, p_language text, p_runs text[]) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_run text;
begin
	foreach v_run in array p_runs loop
		perform from private.library_file_characters as c
		where c.item_id = p_item and c.number = p_number and c.language = p_language and strpos(c.characters, v_run) > 0
		limit 1;
		if not found then return false; end if;
	end loop;
	return true;
end
$$;

-- The documents whose files a query finds. `p_query` is private.query_of_file, `p_rest` the same as it is asked of those that
-- not everybody reads, and `p_runs` are private.runs_of_query.
create or replace function private.documents_by_file(p_query tsquery, p_rest tsquery, p_runs text[])
	returns table (item_id uuid, number integer)
language sql stable as $$
	select f.item_id, f.number
	from private.library_file_words as f
	where f.needs = '{}'
		and f.words @@ p_query
		and case when p_runs = '{}' then true else private.has_runs(f.item_id, f.number, f.language, p_runs) end
	union
	select f.item_id, f.number
	from private.library_file_words as f
	where p_query is not null
		and f.needs <> '{}'
		and private.words_with_needs(f.words, f.needs) @@ p_rest
		and case when p_runs = '{}' then true else private.has_runs(f.item_id, f.number, f.language, p_runs) end
$$;

-- One page of what a person finds: {total, has_matches (in any source but speakers, whatever is chosen), results,
-- facets}, as public.search_library answers them. Its statement is planned once for a connection, and reads no whole
-- table: that would take longer the more is hidden.
create or replace function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_releases uuid[],
	p_sessions uuid[], p_recordings uuid[], p_files uuid[], p_commitments uuid[], p_choice jsonb, p_language text, p_page integer)
	returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set jit = off as $$
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
	v_file tsquery := private.query_of_file(p_query);
	v_last integer := 20 * greatest(1, least(coalesce(p_page, 1), 1000));
	v_items uuid[];
	v_numbers integer[];
	v_result jsonb;
begin
	select coalesce(array_agg(f.item_id), '{}'), coalesce(array_agg(f.number), '{}') into v_items, v_numbers
	from private.documents_by_file(v_file, private.query_of_scopes(v_file, v_scopes, v_runs), private.runs_of_query(p_query))
		as f;
	with facets as materialized (
		-- Those whose documents the query finds. Each is read by its id, so that what is hidden from the reader is not passed.
		select f.id, d.times, f.kind::text, f.theme_id as theme, f.year, f.languages, f.groups, f.needs,
			v_group is null or coalesce(v_group_id = any (f.groups), false) as fits_group
		from (
			select f.facet, count(*)::integer as times
			from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, null) as f
			group by f.facet) as d
		cross join lateral (select f.* from private.library_facets as f where f.id = d.facet offset 0) as f
		where private.has_needs(f.needs, v_scopes, v_runs)
	), others as materialized (
		-- Documents alone are of groups. Where one is chosen, the others are asked only whether they have a match.
		select h.*
		from private.library_hits(p_query, p_question, p_releases, p_sessions, p_recordings, p_files, p_commitments) as h
		where v_group is null or not exists (select from facets)
	), alike as (
		select 'document' as source, f.kind, f.theme, f.year, f.languages, f.times
		from facets as f
		where f.fits_group
		union all
		select o.source, o.kind, o.theme, o.year, o.languages, count(*)::integer
		from others as o
		where v_group is null
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
			select g.languages, sum(g.times)::integer as times
			from grouped as g
			where fits_source and fits_kind and fits_theme and fits_year
			group by g.languages) as g
		cross join lateral unnest(g.languages) as l (language)
		group by l.language
	), best as (
		-- Among thousands of hits a rank says nothing: they come by their date, and are read in that order for each of the
		-- needs that were counted, until there are enough of them or all that were counted. `is true` keeps the planner
		-- from comparing each with all facets.
		(select 'document' as source, d.item_id as id, d.number, null::uuid as part, d.dated, d.score
		from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, p_query) as d
		where (select size.is_ranked from size)
			and (d.facet in (select f.id from fitting as f where f.fits_group)) is true
		order by d.score desc, d.dated desc, d.item_id
		limit v_last)
		union all
		(select 'document', d.item_id, d.number, null, d.issued_on, 0
		from (
			select f.needs, sum(f.times) as times
			from fitting as f
			where f.fits_group
			group by f.needs) as read
		cross join lateral (
			select p.item_id, p.number, p.issued_on
			from private.library_publications as p
			where p.needs = read.needs
				and p.shown_from <= now()
				and p.shown_until > now()
				and (v_pairs is null
					or ts_match_vq(p.head, v_pairs)
					or (p.item_id, p.number) in (select f.* from unnest(v_items, v_numbers) as f))
				and (p.facet in (select f.id from fitting as f where f.fits_group)) is true
			order by p.issued_on desc, p.item_id
			limit least(v_last, read.times)) as d
		where not (select size.is_ranked from size)
		order by d.issued_on desc, d.item_id
		limit v_last)
		union all
		select o.source, o.id, o.number, o.part, o.dated, case
			when (select size.is_ranked from size) then coalesce(o.rank, (
				select ts_rank(to_tsvector(private.search_configuration(c.language), private.part_words(c.words)), p_query)
				from private.caption_lines as c
				where c.id = o.part))
			else 0 end
		from others as o
		where v_group is null
			and (v_source is null or o.source = v_source)
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
		'has_matches', exists (select from facets) or exists (select from others as o where o.source <> 'speaker'),
		'results', (
			select coalesce(jsonb_agg(coalesce(
				x.hit, private.library_hit_json(s.source, s.id, s.number, s.part, p_query, p_language, p_releases,
					p_sessions))
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

-- The Chinese characters of a text as they follow each other: signs, spaces and ends of lines between them are removed, and
-- other words between them are one space.
create or replace function private.characters_in(p_text text) returns text
language sql immutable parallel safe
return case when p_text ~ '[\u3400-\u4dbf\u4e00-\u9fff]' then btrim(regexp_replace(
	regexp_replace(p_text, '[^[:alnum:]\u3400-\u4dbf\u4e00-\u9fff]+', '', 'g'),
	'[^\u3400-\u4dbf\u4e00-\u9fff]+', ' ', 'g')) else '' end;

-- Such characters in parts of at most 8000. Two parts in a row have 200 in common, which is the length of the longest query,
-- so that what is found in all of it is found in one part.
create or replace function private.parts_of_characters(p_characters text) returns table (part integer, characters text)
language sql immutable set search_path = '' as $$
	select n::integer, substr(p_characters, 7800 * n + 1, 8000)
	from generate_series(0, greatest(length(p_characters) - 201, 0) / 7800) as n
	where p_characters <> ''
$$;

-- The words of a file, and the pairs of these characters, all without positions. Positions of a long text would be wrong:
-- Postgres counts to 16383, and keeps 255 of a word. So many pairs fit into one vector beside the words of any text.
create or replace function private.file_vector(p_language text, p_text text, p_characters text) returns tsvector
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

-- The runs of three characters and more in a query.
create or replace function private.runs_of_query(p_query tsquery) returns text[]
language sql immutable set search_path = '' as $$
	select array(
		select distinct regexp_replace(each.run[1], '[^\u3400-\u4dbf\u4e00-\u9fff]+', '', 'g')
		from regexp_matches(p_query::text,
			$run$('[\u3400-\u4dbf\u4e00-\u9fff]'(?: <-> '[\u3400-\u4dbf\u4e00-\u9fff]'){2,})$run$, 'g') as each (run))
$$;

-- The same query for the words of a file (private.file_vector): longer runs (private.runs_of_query) are all their pairs,
-- and what has these pairs is compared with private.has_runs.
create or replace function private.query_of_file(p_query tsquery) returns tsquery
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

-- Makes an upload the file of a language of the draft, instead of an earlier one. `object` is known to the app alone, which
-- has checked and scanned it; `content` is its text. Where who uploads or submits it has an alias, it gets a neutral name.
-- Answers as begin_library_file. Locks the item.
create or replace function public.add_library_file(item uuid, object text, name text, language text, content text)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items := private.lock_library_item(item);
	v_begun jsonb := public.begin_library_file(v.id);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if not private.is_interface_language(add_library_file.language) then
		return v_begun || '{"status": "not_found"}';
	end if;
	if not private.mark_object_used(object) then return v_begun || '{"status": "not_found"}'; end if;
	delete from private.library_files as f
	where f.item_id = v.id and f.number = v.version and f.language = add_library_file.language;
	insert into private.library_files (item_id, number, language, object_name, shown_name, content, uploaded_by)
	values (v.id, v.version, add_library_file.language, object,
		-- The minutes that the app makes are found again by their name.
		case when name = 'minutes-' || add_library_file.language || '.pdf' then name
			else private.uploaded_file_name('document-' || add_library_file.language, name, v.owner_id) end,
		coalesce(add_library_file.content, ''), private.me());
	perform private.record_library_writer(v);
	update private.library_items as i set revision = i.revision + 1, updated_at = now() where i.id = v.id;
	return v_begun;
end
$$;

-- Whether the newest version of an item was begun after another was published and was never submitted.
create or replace function private.is_begun_library_version(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'draft' and p.version > 1 and not exists (
		select from private.library_steps as s where s.item_id = p.id and s.number = p.version)
$$;

-- Deletes a version that was begun after another was published, with its files; the published version stays as it was.
-- What was submitted has a history: it is changed and submitted again. Answers ok | not_found | conflict (changed since) |
-- wrong_state (it was submitted, or is the first). Locks the item.
create or replace function public.discard_library_version(item uuid, revision integer) returns public.library_step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items := private.lock_library_item(item);
begin
	if v.id is null then return 'not_found'; end if;
	if v.revision is distinct from discard_library_version.revision then return 'conflict'; end if;
	if not private.is_begun_library_version(v) then return 'wrong_state'; end if;
	delete from private.library_files as f where f.item_id = v.id and f.number = v.version;
	delete from private.library_ties as t where t.item_id = v.id and t.number = v.version;
	delete from private.library_versions as x where x.item_id = v.id and x.number = v.version;
	update private.library_items as i
	set state = 'published', version = i.version - 1, revision = i.revision + 1, updated_at = now()
	where i.id = v.id;
	return 'ok';
end
$$;

drop function private.documents_by_file(tsquery, tsquery);

-- What is published is indexed again.
update private.library_file_words as w
set words = private.file_vector(f.language, f.content, private.characters_in(f.content))
from private.library_files as f
where f.item_id = w.item_id and f.number = w.number and f.language = w.language;
insert into private.library_file_characters (item_id, number, language, part, characters)
select f.item_id, f.number, f.language, each.part, each.characters
from private.library_files as f
join private.library_publications as p on p.item_id = f.item_id and p.number = f.number
cross join lateral private.parts_of_characters(private.characters_in(f.content)) as each;

-- Files that people with an alias uploaded before have neutral names too.
update private.library_files as f
set shown_name = private.neutral_file_name('document-' || f.language, f.shown_name)
from private.library_items as i
where i.id = f.item_id
	and (private.has_alias(f.uploaded_by) or private.has_alias(i.owner_id))
	and f.shown_name <> 'minutes-' || f.language || '.pdf';
update private.page_files as f
set shown_name = private.neutral_file_name('file', f.shown_name)
where private.has_alias(f.uploaded_by);

grant execute on function public.discard_library_version(uuid, integer) to authenticated;
