-- Reading and writing the register of a group.

-- Whether the reader sees what a group wrote at a level: its own people all of it, representatives of members what was
-- not written in a closed group. Visitors see nothing of a register.
create function private.sees_group_record(p_group uuid, p_level public.group_level) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x
			where x.group_id = p_group and x.person_id = (select private.me()))
		or p_level <> 'closed'
			and private.sees_members_groups(private.me())
			and p_group in (select private.visible_groups(private.me()))
$$;

-- An action: {id, task, owner: {id, name, is_me} | null, due_on, is_late, is_done, is_of_meeting, may_do: whether the reader may
-- mark it}.
create function private.group_action_json(p private.group_actions, p_leads boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'task', p.task,
		'owner', case when x.id is not null then jsonb_build_object(
			'id', x.id, 'name', q.display_name, 'is_me', coalesce(x.person_id = private.me(), false)) end,
		'due_on', p.due_on,
		'is_late', p.done_at is null and coalesce(p.due_on < current_date, false),
		'is_done', p.done_at is not null,
		'is_of_meeting', p.meeting_id is not null,
		'may_do', p_leads or coalesce(x.person_id = private.me(), false))
	from (select p.owner_id) as o
	left join private.live_group_people as x on x.id = o.owner_id
	left join public.people as q on q.id = x.person_id
$$;

-- The register as the reader sees it: {decisions: [{id, wording, decided_on, is_withdrawn, meeting: the code of the meeting
-- that decided it, for people of the group}], actions}, the newest decision and the open actions first. Null when the
-- reader sees no register of this group.
create function public.read_group_register(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', d.id,
				'wording', d.wording,
				'decided_on', d.decided_on,
				'is_withdrawn', d.withdrawn_at is not null,
				'meeting', case when private.is_in_group(private.me(), g.id) then (
					select m.code from private.meetings as m where m.id = d.meeting_id) end) order by d.decided_on desc, d.created_at desc, d.id), '[]')
			from private.group_decisions as d
			where d.group_id = g.id and private.sees_group_record(g.id, d.level)),
		'actions', (select coalesce(jsonb_agg(private.group_action_json(a, private.leads_group(private.me(), g.id))
				order by a.done_at is not null, a.due_on nulls last, a.created_at, a.id), '[]')
			from private.group_actions as a
			where a.group_id = g.id and private.sees_group_record(g.id, a.level)))
	from private.groups as g
	where g.code = read_group_register.code and private.sees_group_record(g.id, g.level)
$$;
grant execute on function public.read_group_register(text) to authenticated;

-- The reader's open actions in all groups, the most urgent first: [{id, code, name: of the group, task, due_on,
-- is_late}].
create function public.my_group_actions() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', a.id,
			'code', g.code,
			'name', g.name,
			'task', a.task,
			'due_on', a.due_on,
			'is_late', coalesce(a.due_on < current_date, false)) order by a.due_on nulls last, a.created_at, a.id), '[]')
	from private.live_group_people as x
	join private.group_actions as a on a.owner_id = x.id and a.done_at is null
	join private.groups as g on g.id = x.group_id
	where x.person_id = (select private.me())
$$;
grant execute on function public.my_group_actions() to authenticated;

-- Records a decision, for those who lead the group. The same wording of one day is recorded once, as a form may be sent
-- twice; once more where another level is to read it. Answers ok | not_found | invalid. Locks the group.
create function public.record_group_decision(code text, wording jsonb, decided_on date) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(record_group_decision.code);
begin
	if v_group is null then return 'not_found'; end if;
	if exists (select
		from private.group_decisions as d
		join private.groups as g on g.id = d.group_id and g.level = d.level
		where d.group_id = v_group and d.meeting_id is null and d.withdrawn_at is null
			and d.decided_on = record_group_decision.decided_on
			and d.wording::jsonb = record_group_decision.wording) then
		return 'ok';
	end if;
	insert into private.group_decisions (group_id, wording, decided_on, level)
	select g.id, record_group_decision.wording, record_group_decision.decided_on, g.level
	from private.groups as g
	where g.id = v_group;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.record_group_decision(text, jsonb, date) to authenticated;

-- Marks a decision as withdrawn; it stays in the register. Answers ok | already | not_found.
create function public.withdraw_group_decision(decision uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_decisions;
begin
	select * into v from private.group_decisions as d where d.id = decision for update;
	if v.id is null or not private.leads_group(private.me(), v.group_id) then return 'not_found'; end if;
	if v.withdrawn_at is not null then return 'already'; end if;
	update private.group_decisions as d set withdrawn_at = now() where d.id = decision;
	return 'ok';
end
$$;
grant execute on function public.withdraw_group_decision(uuid) to authenticated;

-- Whether an open action of a group, and of this meeting or of none, has this level, task, owner and day.
create function private.is_action_open(
	p_group uuid, p_meeting uuid, p_level public.group_level, p_task jsonb, p_owner uuid, p_due_on date
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.group_actions as a
		where a.group_id = p_group and a.done_at is null and a.level = p_level and a.task::jsonb = p_task
			and a.meeting_id is not distinct from p_meeting
			and a.owner_id is not distinct from p_owner
			and a.due_on is not distinct from p_due_on)
$$;

-- Adds an action, for those who lead the group. `owner`: an entry among its people, or null. While one is open, the same
-- again is not added, as a form may be sent twice. Answers ok | not_found | invalid. Locks the group.
create function public.add_group_action(code text, task jsonb, owner uuid default null, due_on date default null)
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(add_group_action.code);
begin
	if v_group is null then return 'not_found'; end if;
	if owner is not null and not exists (select from private.live_group_people as x
		where x.id = owner and x.group_id = v_group) then
		return 'invalid';
	end if;
	if private.is_action_open(v_group, null, (select g.level from private.groups as g where g.id = v_group),
		add_group_action.task, owner, add_group_action.due_on) then
		return 'ok';
	end if;
	insert into private.group_actions (group_id, task, owner_id, due_on, level)
	select g.id, add_group_action.task, owner, add_group_action.due_on, g.level
	from private.groups as g
	where g.id = v_group;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.add_group_action(text, jsonb, uuid, date) to authenticated;

-- Locks the group of an action for those who lead it; null for others.
create function private.lock_group_of_action(p_action uuid) returns uuid
language sql volatile security definer set search_path = '' as $$
	select private.lock_led_group((select g.code
		from private.group_actions as a
		join private.groups as g on g.id = a.group_id
		where a.id = p_action))
$$;

-- Marks an action as done, or as open again: for its owner and those who lead the group. Answers ok | already |
-- not_found.
create function public.set_group_action_done(action uuid, is_done boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_actions;
begin
	select * into v from private.group_actions as a where a.id = action for update;
	if v.id is null or not (private.leads_group(private.me(), v.group_id)
		or exists (select from private.live_group_people as x
			where x.id = v.owner_id and x.person_id = (select private.me()))) then
		return 'not_found';
	end if;
	if (v.done_at is not null) = is_done then return 'already'; end if;
	update private.group_actions as a set done_at = case when is_done then now() end where a.id = action;
	return 'ok';
end
$$;
grant execute on function public.set_group_action_done(uuid, boolean) to authenticated;

-- Gives an action to somebody else of the group or (null) to nobody, and changes its last day, for those who lead the
-- group. Answers ok | not_found | invalid. Locks the group.
create function public.change_group_action(action uuid, owner uuid default null, due_on date default null)
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_group_of_action(change_group_action.action);
begin
	if v_group is null then return 'not_found'; end if;
	if owner is not null and not exists (select from private.live_group_people as x
		where x.id = owner and x.group_id = v_group) then
		return 'invalid';
	end if;
	update private.group_actions as a
	set owner_id = owner, due_on = change_group_action.due_on
	where a.id = change_group_action.action;
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.change_group_action(uuid, uuid, date) to authenticated;

-- Deletes an action that was added by mistake, for those who lead the group. What a meeting decided stays. Answers ok |
-- not_found. Locks the group.
create function public.delete_group_action(action uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.lock_group_of_action(delete_group_action.action) is null then return 'not_found'; end if;
	delete from private.group_actions as a where a.id = delete_group_action.action and a.meeting_id is null;
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.delete_group_action(uuid) to authenticated;
