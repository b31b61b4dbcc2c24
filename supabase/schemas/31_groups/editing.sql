-- Making and changing groups.

-- Makes a group. `fields`: {id: from its form, name, purpose, level, takes_requests}. Who makes it becomes its secretary,
-- so that somebody leads it. The same form sent twice makes one group. Answers {status: ok, code} or {status: not_allowed
-- | invalid}.
create function public.create_group(fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := private.parse_uuid(fields ->> 'id');
	v private.groups;
begin
	if not private.runs_community() then return '{"status": "not_allowed"}'; end if;
	insert into private.groups (id, name, purpose, level, takes_requests)
	values (
		coalesce(v_id, gen_random_uuid()),
		fields -> 'name',
		fields -> 'purpose',
		(fields ->> 'level')::public.group_level,
		(fields ->> 'takes_requests')::boolean)
	on conflict (id) do nothing
	returning * into v;
	if v.id is null then
		select * into v from private.groups as g where g.id = v_id and private.chairs_group(private.me(), g.id);
		return case when v.id is null then '{"status": "invalid"}'
			else jsonb_build_object('status', 'ok', 'code', v.code) end;
	end if;
	insert into private.group_people (group_id, person_id, part) values (v.id, private.me(), 'secretary');
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or data_exception then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.create_group(jsonb) to authenticated;

-- Declines the open requests to join a group, and tells those who asked.
create function private.decline_join_requests(p_group uuid) returns void
language sql volatile security definer set search_path = '' as $$
	with declined as (
		update private.group_requests as r
		set state = 'declined', decided_at = now(), decided_by = private.me()
		where r.group_id = p_group and r.state = 'open'
		returning r.*
	)
	select private.enqueue_group_mail(d.person_id, 'group_join_declined', p_group, '{}', 'group_join_decided:' || d.id)
	from declined as d
$$;

-- Changes what create_group wrote; `is_ended` ends the group or opens it again. Who asked to join a group that ends or
-- becomes closed is declined, while the mail may still name it. Answers ok | not_found | invalid | conflict (changed
-- since `version`). Locks the group.
create function public.change_group(code text, version integer, fields jsonb) returns public.group_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(change_group.code);
begin
	if v_group is null then return 'not_found'; end if;
	if exists (select
		from private.groups as g
		where g.id = v_group
			and g.version = change_group.version
			and ((fields ->> 'is_ended')::boolean
				or g.level <> 'closed' and (fields ->> 'level')::public.group_level = 'closed')) then
		perform private.decline_join_requests(v_group);
	end if;
	update private.groups as g
	set name = fields -> 'name',
		purpose = fields -> 'purpose',
		level = (fields ->> 'level')::public.group_level,
		takes_requests = (fields ->> 'takes_requests')::boolean,
		ended_at = case when (fields ->> 'is_ended')::boolean then coalesce(g.ended_at, now()) end,
		version = g.version + 1,
		updated_at = now()
	where g.id = v_group and g.version = change_group.version;
	if not found then return 'conflict'; end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_group(text, integer, jsonb) to authenticated;

-- Adds a member organisation to a group, or removes it. Answers ok | not_found.
create function public.set_group_member(code text, member uuid, is_in boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(set_group_member.code);
begin
	if v_group is null or not exists (select from public.members as m where m.id = member) then return 'not_found'; end if;
	if is_in then
		insert into private.group_members (group_id, member_id) values (v_group, member) on conflict do nothing;
	else
		delete from private.group_members as x where x.group_id = v_group and x.member_id = member;
	end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.set_group_member(text, uuid, boolean) to authenticated;
