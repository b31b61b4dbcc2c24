-- Writing and reading the pages of a group. Its chairs and secretaries write them (private.chairs_group); those who run
-- the community do not, unless they are among them.

-- Whether somebody reads the published wording of a page: the people of its group, and where the page is for all who see
-- the group, they too. Of a closed group nobody else reads a page, also while those who run the community see the group.
create function private.reads_group_page(p_person uuid, p private.group_pages) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.published is not null and (private.is_in_group(p_person, p.group_id)
		or p.for_readers and exists (
			select from private.groups as g
			where g.id = p.group_id and g.level <> 'closed' and g.id in (select private.visible_groups(p_person))))
$$;

-- The pages of a group in their order: [{code, title, for_readers, is_published, is_changed: whether the draft differs
-- from what is published}]. Those who write them see all, with the titles of the drafts; others what they read.
create function public.list_group_pages(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'code', p.code,
			'title', case when writer.writes then p.title else v.title end,
			'for_readers', p.for_readers,
			'is_published', p.published is not null,
			'is_changed', writer.writes and v.number is not null and (p.title, p.body) is distinct from (v.title, v.body))
			order by p.position, p.id), '[]')
	from private.groups as g
	cross join lateral (select private.chairs_group((select private.me()), g.id) as writes) as writer
	join private.group_pages as p on p.group_id = g.id
	left join private.group_page_versions as v on v.page_id = p.id and v.number = p.published
	where g.code = list_group_pages.code and (writer.writes or private.reads_group_page((select private.me()), p))
$$;
grant execute on function public.list_group_pages(text) to anon, authenticated;

-- A page of a group: {code, group: {code, name}, for_readers, writes: whether the reader writes it, shown: {number, title,
-- body, published_at} | null, draft: {title, body, version} | null, versions: [{number, title, published_at,
-- display_name: of who published it | null}] | null}; null for who may not read it. Draft and versions are for those who
-- write it, as is another published wording than the newest (`number`).
create function public.read_group_page(code text, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'group', (select jsonb_build_object('code', g.code, 'name', g.name) from private.groups as g where g.id = p.group_id),
		'for_readers', p.for_readers,
		'writes', writer.writes,
		'shown', (
			select jsonb_build_object(
				'number', v.number, 'title', v.title, 'body', v.body, 'published_at', private.iso(v.published_at))
			from private.group_page_versions as v
			where v.page_id = p.id
				and v.number = case when writer.writes then coalesce(read_group_page.number, p.published) else p.published end),
		'draft', case when writer.writes then
			jsonb_build_object('title', p.title, 'body', p.body, 'version', p.version) end,
		'versions', case when writer.writes then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'number', v.number,
				'title', v.title,
				'published_at', private.iso(v.published_at),
				'display_name', q.display_name) order by v.number desc), '[]')
			from private.group_page_versions as v
			left join public.people as q on q.id = v.published_by
			where v.page_id = p.id) end)
	from private.group_pages as p
	cross join lateral (select private.chairs_group((select private.me()), p.group_id) as writes) as writer
	where p.code = read_group_page.code and (writer.writes or private.reads_group_page((select private.me()), p))
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

-- Writes a new page (`page` null), last in order, or saves the draft of one. `fields`: {title, body, for_readers}. Answers
-- {status: ok | not_found | conflict (somebody saved since `version`) | invalid | limited (100 pages in a group), code}.
-- Locks the group.
create function public.save_group_page(code text, page text, version integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_written_group(save_group_page.code);
	v private.group_pages;
begin
	if v_group is null then return jsonb_build_object('status', 'not_found'); end if;
	if page is null then
		if (select count(*) from private.group_pages as p where p.group_id = v_group) >= 100 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.group_pages (group_id, position, title, body, for_readers, saved_by)
		values (
			v_group,
			coalesce((select max(p.position) + 1 from private.group_pages as p where p.group_id = v_group), 0),
			fields -> 'title', fields -> 'body', (fields ->> 'for_readers')::boolean, private.me()
		)
		returning * into v;
	else
		select * into v from private.group_pages as p where p.code = save_group_page.page and p.group_id = v_group;
		if not found then return jsonb_build_object('status', 'not_found'); end if;
		if v.version is distinct from save_group_page.version then return jsonb_build_object('status', 'conflict'); end if;
		update private.group_pages as p
		set title = fields -> 'title',
			body = fields -> 'body',
			for_readers = (fields ->> 'for_readers')::boolean,
			version = p.version + 1,
			saved_at = now(),
			saved_by = private.me()
		where p.id = v.id
		returning * into v;
	end if;
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_group_page(text, text, integer, jsonb) to authenticated;

-- Publishes the draft of a page as the next version, takes the page back (`withdraw`), deletes it with its versions, or
-- moves it one place up or down. Answers ok | not_found | conflict (somebody saved since `version`). Locks the group.
create function public.act_on_group_page(page text, version integer, act text) returns public.group_page_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_pages;
	v_number integer;
begin
	if private.lock_written_group((
		select g.code from private.groups as g join private.group_pages as p on p.group_id = g.id
		where p.code = act_on_group_page.page)) is null then
		return 'not_found';
	end if;
	select * into v from private.group_pages as p where p.code = act_on_group_page.page;
	if v.id is null or act is null or act not in ('publish', 'withdraw', 'delete', 'up', 'down') then return 'not_found'; end if;
	if v.version is distinct from act_on_group_page.version then return 'conflict'; end if;
	case act
		when 'publish' then
			select coalesce(max(x.number), 0) + 1 into v_number from private.group_page_versions as x where x.page_id = v.id;
			insert into private.group_page_versions (page_id, number, title, body, published_by)
			values (v.id, v_number, v.title, v.body, private.me());
			update private.group_pages as p set published = v_number where p.id = v.id;
		when 'withdraw' then
			update private.group_pages as p set published = null where p.id = v.id;
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
