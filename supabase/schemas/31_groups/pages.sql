-- Writing and reading the pages of a group. Its chairs and secretaries write them (private.chairs_group); those who run
-- the community do not, unless they are among them.

-- The levels of published pages of a group that somebody reads: its people all, others as they see groups. The level that
-- counts is that of the version or of the group, whichever is stricter. Of a closed group nobody else reads a page, also
-- while those who run the community see the group.
create function private.readable_page_levels(p_person uuid, p_group uuid) returns public.group_level[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_in_group(p_person, p_group) then enum_range(null::public.group_level)
		when private.sees_members_groups(p_person) then array['public', 'members']::public.group_level[]
		else array['public']::public.group_level[]
	end
$$;

-- The pages of a group in their order: [{code, title, is_published, is_changed: whether the draft, or who is to read it,
-- differs from what is published}]. Those who write them see all, with the titles of the drafts; others what they read.
create function public.list_group_pages(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with reader as materialized (
		select g.id, g.level,
			private.chairs_group((select private.me()), g.id) as writes,
			private.readable_page_levels((select private.me()), g.id) as levels
		from private.groups as g
		where g.code = list_group_pages.code
	)
	select coalesce(jsonb_agg(jsonb_build_object(
			'code', p.code,
			'title', case when g.writes then p.title else v.title end,
			'is_published', v.number is not null,
			'is_changed', g.writes and v.number is not null
				and (p.title, p.body, case when p.for_readers then g.level else 'closed' end)
					is distinct from (v.title, v.body, greatest(v.level, g.level)))
			order by p.position, p.id), '[]')
	from reader as g
	join private.group_pages as p on p.group_id = g.id
	left join private.group_page_versions as v on v.page_id = p.id and v.number = p.published
	where g.writes or greatest(v.level, g.level) = any (g.levels) and v.number is not null
$$;
grant execute on function public.list_group_pages(text) to anon, authenticated;

-- A page of a group: {code, group: {code, name}, writes: whether the reader writes it, shown: {number, title, body, level,
-- published_at} | null, draft: {title, body, for_readers, version} | null, versions: [{number, title, published_at,
-- display_name: of who published it | null}] | null}; null for who may not read it. Draft and versions are for those who
-- write it, as is another published wording than the newest (`number`).
create function public.read_group_page(code text, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name),
		'writes', reader.writes,
		'shown', (
			select jsonb_build_object(
				'number', v.number,
				'title', v.title,
				'body', v.body,
				'level', greatest(v.level, g.level),
				'published_at', private.iso(v.published_at))
			from private.group_page_versions as v
			where v.page_id = p.id
				and v.number = case when reader.writes then coalesce(read_group_page.number, p.published) else p.published end),
		'draft', case when reader.writes then jsonb_build_object(
			'title', p.title, 'body', p.body, 'for_readers', p.for_readers, 'version', p.version) end,
		'versions', case when reader.writes then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'number', v.number,
				'title', v.title,
				'published_at', private.iso(v.published_at),
				'display_name', q.display_name) order by v.number desc), '[]')
			from private.group_page_versions as v
			left join public.people as q on q.id = v.published_by
			where v.page_id = p.id) end)
	from private.group_pages as p
	join private.groups as g on g.id = p.group_id
	left join private.group_page_versions as now_shown on now_shown.page_id = p.id and now_shown.number = p.published
	cross join lateral (select private.chairs_group((select private.me()), g.id) as writes) as reader
	where p.code = read_group_page.code
		and (reader.writes
			or now_shown.number is not null and greatest(now_shown.level, g.level)
				= any (private.readable_page_levels((select private.me()), g.id)))
$$;
grant execute on function public.read_group_page(text, integer) to anon, authenticated;

-- The group of a code, locked, if the reader writes its pages; else null.
create function private.lock_written_group(p_code text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	select g.id into v_id from private.groups as g where g.code = p_code for update;
	return case when private.chairs_group(private.me(), v_id) then v_id end;
end
$$;

-- Publishes the draft of a page as its next version, for those whom the draft names. What is published already with the same
-- words for the same readers is left as it is.
create function private.publish_group_page(p private.group_pages) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_level public.group_level := (
		select case when p.for_readers then g.level else 'closed' end from private.groups as g where g.id = p.group_id);
	v_number integer;
begin
	if exists (select from private.group_page_versions as x
		where x.page_id = p.id and x.number = p.published and (x.title, x.body, x.level) = (p.title, p.body, v_level)) then
		return;
	end if;
	select coalesce(max(x.number), 0) + 1 into v_number from private.group_page_versions as x where x.page_id = p.id;
	insert into private.group_page_versions (page_id, number, title, body, level, published_by)
	values (p.id, v_number, p.title, p.body, v_level, private.me());
	update private.group_pages as x set published = v_number where x.id = p.id;
end
$$;

-- Writes a new page (`page` null), last in order, or saves the draft of one. `fields`: {id: of a new page, from its form,
-- title, body, for_readers, publish: whether what is saved is published too}. The same sent twice is done once. Answers
-- {status: ok | not_found | ended (the group) | conflict (somebody changed it since `version`) | invalid | limited (100 pages
-- in a group), code}. Locks the group.
create function public.save_group_page(code text, page text, version integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_written_group(save_group_page.code);
	v_id uuid;
	v_publish boolean;
	v private.group_pages;
begin
	if v_group is null then return jsonb_build_object('status', 'not_found'); end if;
	v_id := fields ->> 'id';
	v_publish := coalesce((fields ->> 'publish')::boolean, false);
	select * into v from private.group_pages as p
	where p.group_id = v_group and (p.code = save_group_page.page or page is null and p.id = v_id);
	if v.id is null and page is not null then return jsonb_build_object('status', 'not_found'); end if;
	if (select g.ended_at from private.groups as g where g.id = v_group) is not null then
		return jsonb_build_object('status', 'ended');
	end if;
	if v.id is null then
		if (select count(*) from private.group_pages as p where p.group_id = v_group) >= 100 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.group_pages (id, group_id, position, title, body, for_readers, saved_by)
		values (
			coalesce(v_id, gen_random_uuid()),
			v_group,
			coalesce((select max(p.position) + 1 from private.group_pages as p where p.group_id = v_group), 0),
			fields -> 'title', fields -> 'body', (fields ->> 'for_readers')::boolean, private.me()
		)
		returning * into v;
	elsif v.version = save_group_page.version then
		update private.group_pages as p
		set title = fields -> 'title',
			body = fields -> 'body',
			for_readers = (fields ->> 'for_readers')::boolean,
			version = p.version + 1,
			saved_at = now(),
			saved_by = private.me()
		where p.id = v.id
		returning * into v;
	elsif v_publish and v.published is null
		or (v.title::jsonb, v.body::jsonb, v.for_readers)
			is distinct from (fields -> 'title', fields -> 'body', (fields ->> 'for_readers')::boolean) then
		return jsonb_build_object('status', 'conflict');
	end if;
	if v_publish then perform private.publish_group_page(v); end if;
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or unique_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_group_page(text, text, integer, jsonb) to authenticated;

-- Takes a page back (`withdraw`), deletes one that is not published, with its versions, or moves it one place up or down,
-- in a group that has not ended. Answers ok | not_found | conflict (somebody changed it since `version`, or it is published
-- and cannot be deleted). Locks the group.
create function public.act_on_group_page(page text, version integer, act text) returns public.group_page_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_pages;
begin
	if private.lock_written_group((
		select g.code from private.groups as g join private.group_pages as p on p.group_id = g.id
		where p.code = act_on_group_page.page)) is null then
		return 'not_found';
	end if;
	select * into v from private.group_pages as p where p.code = act_on_group_page.page;
	if v.id is null or act is null or act not in ('withdraw', 'delete', 'up', 'down')
		or act in ('up', 'down') and (select g.ended_at from private.groups as g where g.id = v.group_id) is not null then
		return 'not_found';
	end if;
	if act = 'withdraw' and v.published is null then return 'ok'; end if;
	if v.version is distinct from act_on_group_page.version or act = 'delete' and v.published is not null then
		return 'conflict';
	end if;
	case act
		when 'withdraw' then
			update private.group_pages as p set published = null, version = p.version + 1 where p.id = v.id;
		when 'delete' then
			delete from private.group_pages as p where p.id = v.id;
		else
			with ranked as (
				select p.id, row_number() over (order by p.position, p.id) * 2
					+ case when p.id = v.id then case act when 'up' then -3 else 3 end else 0 end as place
				from private.group_pages as p
				where p.group_id = v.group_id
			), placed as (
				select r.id, row_number() over (order by r.place) - 1 as position from ranked as r
			)
			update private.group_pages as p
			set position = x.position
			from placed as x
			where x.id = p.id and p.position <> x.position;
	end case;
	return 'ok';
end
$$;
grant execute on function public.act_on_group_page(text, integer, text) to authenticated;
