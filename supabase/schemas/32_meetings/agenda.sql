-- The agenda of a meeting and its papers, which chairs and secretaries write.

-- Adds an item to the agenda (`item` null, at its end) or changes one. `fields`: {id: of a new item, from its form,
-- title, minutes, presenter: an entry among the people of the group, note}. The same sent twice is done once. At most
-- 60 items. Answers ok | not_found | invalid | conflict (somebody changed it since `version`) | wrong_state. Locks the
-- group.
create function public.save_meeting_item(code text, item uuid, version integer, fields jsonb)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_meeting_item.code, true);
	v_presenter uuid := private.parse_uuid(fields ->> 'presenter');
	v_id uuid := private.parse_uuid(fields ->> 'id');
	v_item private.meeting_items;
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	if v_presenter is not null and not exists (select from private.live_group_people as x
		where x.id = v_presenter and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	if save_meeting_item.item is null then
		if exists (select from private.meeting_items as i where i.id = v_id and i.meeting_id = v.id) then return 'ok'; end if;
		if (select count(*) from private.meeting_items as i where i.meeting_id = v.id) >= 60 then return 'invalid'; end if;
		insert into private.meeting_items (id, meeting_id, rank, title, minutes, presenter_id, note)
		select coalesce(v_id, gen_random_uuid()), v.id, coalesce(max(i.rank), 0) + 1, fields -> 'title',
			(fields ->> 'minutes')::integer, v_presenter, coalesce(fields -> 'note', '{}')
		from private.meeting_items as i
		where i.meeting_id = v.id;
	else
		select * into v_item
		from private.meeting_items as i
		where i.id = save_meeting_item.item and i.meeting_id = v.id;
		if v_item.id is null then return 'not_found'; end if;
		if v_item.version is distinct from save_meeting_item.version then
			return case when (v_item.title::jsonb, v_item.minutes, v_item.presenter_id, v_item.note::jsonb)
				is distinct from (fields -> 'title', (fields ->> 'minutes')::integer, v_presenter,
					coalesce(fields -> 'note', '{}')) then 'conflict' else 'ok' end;
		end if;
		update private.meeting_items as i
		set title = fields -> 'title',
			minutes = (fields ->> 'minutes')::integer,
			presenter_id = v_presenter,
			note = coalesce(fields -> 'note', '{}'),
			version = i.version + 1
		where i.id = v_item.id;
	end if;
	return 'ok';
exception when check_violation or not_null_violation or unique_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_meeting_item(text, uuid, integer, jsonb) to authenticated;

-- Moves an item up or down, or removes it with its papers. `act`: up | down | remove. At an end of the list nothing moves.
-- Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.change_meeting_agenda(code text, item uuid, act text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting_agenda.code, true);
	v_item private.meeting_items;
	v_other private.meeting_items;
begin
	select * into v_item
	from private.meeting_items as i
	where i.id = change_meeting_agenda.item and i.meeting_id = v.id;
	if v_item.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	if act = 'remove' then
		delete from private.meeting_items as i where i.id = v_item.id;
		return 'ok';
	end if;
	if act is null or act not in ('up', 'down') then return 'invalid'; end if;
	select * into v_other
	from private.meeting_items as i
	where i.meeting_id = v.id and case act when 'up' then i.rank < v_item.rank else i.rank > v_item.rank end
	order by abs(i.rank - v_item.rank)
	limit 1;
	if v_other.id is null then return 'ok'; end if;
	update private.meeting_items as i
	set rank = case i.id when v_item.id then v_other.rank else v_item.rank end
	where i.id in (v_item.id, v_other.id);
	return 'ok';
end
$$;
grant execute on function public.change_meeting_agenda(text, uuid, text) to authenticated;

-- Whether the reader may add a file to a meeting now: {status: ok | not_found | full}. A meeting has at most 60 papers,
-- and the files of a group together at most 2 GB.
create function public.begin_meeting_paper(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', case
		when m.id is null or m.state = 'cancelled' or private.has_final_minutes(m.id)
			or not private.chairs_group(private.me(), m.group_id) then 'not_found'
		when (select count(*) from private.meeting_papers as p where p.meeting_id = m.id) >= 60
			or (select coalesce(sum(o.size), 0)
				from private.meeting_papers as p
				join private.meetings as x on x.id = p.meeting_id and x.group_id = m.group_id
				join private.stored_objects as o on o.name = p.object_name) > 2000000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.meetings as m on m.code = begin_meeting_paper.code
$$;
grant execute on function public.begin_meeting_paper(text) to authenticated;

-- Adds a paper to a meeting or (`item`) to an item of its agenda: an upload, whose `object` is known to the app alone, which
-- has checked its content and had it scanned, or an address (`link`). While somebody of the group has an alias, an upload gets
-- a neutral name, because the name of a file may contain theirs. The same link in one place is added once. Answers as
-- begin_meeting_paper, and invalid. Locks the group.
create function public.add_meeting_paper(
	code text, name text, object text default null, link text default null, item uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_paper.code, true);
	v_begun jsonb := public.begin_meeting_paper(add_meeting_paper.code);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if add_meeting_paper.item is not null and not exists (select from private.meeting_items as i
		where i.id = add_meeting_paper.item and i.meeting_id = v.id) then
		return '{"status": "not_found"}';
	end if;
	if exists (select from private.meeting_papers as p
		where p.meeting_id = v.id and p.item_id is not distinct from add_meeting_paper.item
			and p.link = add_meeting_paper.link and p.shown_name = add_meeting_paper.name) then
		return '{"status": "ok"}';
	end if;
	if object is not null and not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.meeting_papers (meeting_id, item_id, shown_name, object_name, link, added_by)
	values (v.id, add_meeting_paper.item,
		case when object is not null and exists (select from private.live_group_people as x
				where x.group_id = v.group_id and private.has_alias(x.person_id))
			then private.neutral_file_name('paper', add_meeting_paper.name)
			else add_meeting_paper.name end,
		object, add_meeting_paper.link, private.me());
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.add_meeting_paper(text, text, text, text, uuid) to authenticated;

-- Removes a paper. Answers ok | not_found (also when the minutes are approved). Locks the group.
create function public.remove_meeting_paper(code text, paper uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_paper.code, true);
begin
	if private.has_final_minutes(v.id) then return 'not_found'; end if;
	delete from private.meeting_papers as p where p.id = remove_meeting_paper.paper and p.meeting_id = v.id;
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_meeting_paper(text, uuid) to authenticated;

create trigger mark_paper_object after delete on private.meeting_papers for each row
	when (old.object_name is not null) execute function private.mark_row_object_deletable();

-- A file of a meeting that the reader sees: {name, media_type, size, sha256}; null for others, and when it is gone.
create function public.open_meeting_paper(code text, paper uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('name', p.shown_name, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'))
	from private.meetings as m
	join private.meeting_papers as p on p.meeting_id = m.id
	join private.stored_objects as o on o.name = p.object_name and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where m.code = open_meeting_paper.code
		and p.id = open_meeting_paper.paper
		and private.is_in_group(private.me(), m.group_id)
$$;
grant execute on function public.open_meeting_paper(text, uuid) to authenticated;

-- The object of a paper, for the app alone, which has checked who reads it.
create function private.object_of_meeting_paper(p_paper uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.object_name from private.meeting_papers as p where p.id = p_paper
$$;
grant execute on function private.object_of_meeting_paper(uuid) to app_server;
