-- An action that a meeting decided is not deleted from the register.
create or replace function private.group_action_json(p private.group_actions, p_leads boolean) returns jsonb
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

create or replace function public.delete_group_action(action uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.lock_group_of_action(delete_group_action.action) is null then return 'not_found'; end if;
	delete from private.group_actions as a where a.id = delete_group_action.action and a.meeting_id is null;
	return case when found then 'ok' else 'not_found' end;
end
$$;
