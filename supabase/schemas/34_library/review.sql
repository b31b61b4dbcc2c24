-- The way of a version: submitted, reviewed by a second person, published; withdrawn with a reason.

-- The facet of a version, made where there is none.
create function private.library_facet(p_kind public.library_kind, p_theme uuid, p_issued date, p_languages text[],
	p_groups uuid[], p_needs text[]) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_year integer := extract(year from p_issued);
	v_digest uuid := md5(jsonb_build_array(p_kind, p_theme, v_year, p_languages, p_groups, p_needs)::text)::uuid;
	v_id integer := (select f.id from private.library_facets as f where f.digest = v_digest);
begin
	if v_id is null then
		insert into private.library_facets (digest, kind, theme_id, year, languages, groups, needs)
		values (v_digest, p_kind, p_theme, v_year, p_languages, p_groups, p_needs)
		on conflict (digest) do nothing;
		-- Another process may have made it meanwhile.
		select f.id into v_id from private.library_facets as f where f.digest = v_digest;
	end if;
	return v_id;
end
$$;

-- Makes the index of the published versions of an item again. The caller has locked the item.
create function private.index_library_item(p_item uuid) returns void
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

-- Remembers that the reader wrote in the newest version of an item.
create function private.record_library_writer(p private.library_items) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.library_version_writers (item_id, number, person_id)
	select p.id, p.version, private.me() where private.me() is not null
	on conflict do nothing
$$;

-- Whether the reader has worked on the newest version of an item themselves, or submits the item.
create function private.has_written_version(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me(), false)
		or exists (
			select from private.library_version_writers as w
			where w.item_id = p.id and w.number = p.version and w.person_id = (select private.me()))
$$;

-- Why the reader may not take a step now; null when they may. Those who run the community review and publish, and nobody
-- reviews what they wrote; who submits it may take it back, and withdraw it before it is published.
create function private.library_step_refusal(p private.library_items, p_step public.library_step, p_reason text)
	returns public.library_step_status
language sql stable security definer set search_path = '' as $$
	select case
		when p_step in ('sent_back', 'reviewed', 'published') and not r.runs then 'not_allowed'
		when p_step = 'submitted' and not private.submits_to_library() then 'not_allowed'
		when p_step = 'withdrawn' and not r.runs and exists (
			select from private.library_versions as v where v.item_id = p.id and v.published_at is not null)
			then 'not_allowed'
		when not case p_step
			when 'submitted' then p.state = 'draft'
			when 'recalled' then p.state in ('submitted', 'reviewed')
			when 'sent_back' then p.state in ('submitted', 'reviewed')
			when 'reviewed' then p.state = 'submitted'
			when 'published' then p.state = 'reviewed'
			when 'withdrawn' then p.state <> 'withdrawn'
			else false end then 'wrong_state'
		when p_step = 'submitted' and not exists (
			select from private.library_files as f where f.item_id = p.id and f.number = p.version) then 'no_file'
		when p_step = 'reviewed' and private.has_written_version(p) then 'own'
		when p_step in ('sent_back', 'withdrawn') and p_reason = '' then 'reason_needed'
		when length(p_reason) > 2000 then 'invalid'
	end
	from (select private.runs_community()) as r (runs)
$$;

-- Takes a step with the newest version of an item. `reason` is the comment to the submitter. Answers ok | not_found |
-- not_allowed | conflict (changed since) | wrong_state | no_file | own | reason_needed | invalid. Locks the item.
create function public.step_library_item(item uuid, revision integer, step public.library_step, reason text default '')
	returns public.library_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items := private.lock_library_item(item);
	v_reason text := coalesce(private.normalise_free_text(step_library_item.reason), '');
	v_refusal public.library_step_status;
begin
	if v.id is null then return 'not_found'; end if;
	if v.revision is distinct from step_library_item.revision then return 'conflict'; end if;
	v_refusal := private.library_step_refusal(v, step, v_reason);
	if v_refusal is not null then return v_refusal; end if;
	if step = 'submitted' then perform private.record_library_writer(v); end if;
	insert into private.library_steps (item_id, number, step, reason, made_by)
	values (v.id, v.version, step_library_item.step, v_reason, private.me());
	update private.library_versions as x
	set submitted_at = case when step in ('recalled', 'sent_back') then null else coalesce(x.submitted_at, now()) end,
		submitted_by = case step
			when 'submitted' then private.me()
			when 'recalled' then null
			when 'sent_back' then null
			else x.submitted_by end,
		published_at = case step when 'published' then now() else x.published_at end
	where x.item_id = v.id and x.number = v.version and step <> 'withdrawn';
	update private.library_items as i
	set state = case when step in ('recalled', 'sent_back') then 'draft' else step::text end::public.library_state,
		withdrawn_at = case step when 'withdrawn' then now() end,
		withdrawn_reason = case step when 'withdrawn' then v_reason else '' end,
		revision = i.revision + 1,
		updated_at = now()
	where i.id = v.id;
	if step in ('published', 'withdrawn') then
		perform private.index_library_item(v.id);
		perform private.publish_event('site', 'changed');
	end if;
	return 'ok';
end
$$;
grant execute on function public.step_library_item(uuid, integer, public.library_step, text) to authenticated;

-- Locks the items in whose texts or files a name may be rewritten, by its pattern: a step locks the item first too.
create function private.lock_library_items_naming(p_pattern text) returns void
language sql volatile security definer set search_path = '' as $$
	select i.id
	from private.library_items as i
	where exists (
			select from private.library_versions as v
			where v.item_id = i.id and concat_ws(' ', v.title, v.summary, v.authors, v.note) ~* p_pattern)
		or exists (
			select from private.library_files as f
			where f.item_id = i.id and (f.shown_name ~* p_pattern or f.content ~* p_pattern))
	order by i.id
	for update of i
$$;

-- How many files of the library may have a name inside: those whose text has it, and all of a version whose text, authors
-- or file names have it. They cannot be rewritten.
create function private.count_library_files_naming(p_pattern text) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from private.library_files as f
	join private.library_versions as v on v.item_id = f.item_id and v.number = f.number
	where f.content ~* p_pattern
		or f.shown_name ~* p_pattern
		or concat_ws(' ', v.title, v.summary, v.authors, v.note) ~* p_pattern
$$;

-- A text of a published version changes when a name in it is replaced by an alias: the index follows.
create function private.index_rewritten_item() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from private.library_publications as p where p.item_id = new.item_id) then
		perform private.index_library_item(new.item_id);
	end if;
	return null;
end
$$;
create trigger index_rewritten after update of title, summary, authors on private.library_versions for each row
	execute function private.index_rewritten_item();
create trigger index_rewritten after update of content on private.library_files for each row
	execute function private.index_rewritten_item();
