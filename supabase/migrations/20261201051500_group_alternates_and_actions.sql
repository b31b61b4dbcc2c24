-- Whom an invited alternate is to stand in for, and corrections of a group's actions.
alter table private.group_invitations
	add column alternate_of uuid references private.group_people (id) on update cascade on delete set null,
	add check (alternate_of is null or part = 'alternate');
create index on private.group_invitations (alternate_of);
create or replace view private.live_group_invitations as
	select i.*
	from private.group_invitations as i
	join private.groups as g on g.id = i.group_id and g.ended_at is null
	where i.state = 'open'
		and i.invited_at > now() - interval '90 days'
		and (i.until is null or i.until >= current_date)
		and private.leads_group(i.invited_by, i.group_id);

create function private.may_have_alternate(p_entry uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as o
		where o.id = p_entry and o.group_id = p_group and o.part <> 'alternate')
$$;

drop function private.add_group_person(uuid, uuid, public.group_part, uuid, date);
create function private.add_group_person(
	p_group uuid, p_person uuid, p_part public.group_part, p_member uuid default null, p_until date default null,
	p_alternate_of uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_people as x
	set ended_at = now()
	where x.group_id = p_group and x.person_id = p_person and x.ended_at is null and x.until < current_date;
	insert into private.group_people (group_id, person_id, part, member_id, until, alternate_of)
	values (p_group, p_person, p_part, case when not private.has_alias(p_person) then p_member end, p_until,
		case when private.may_have_alternate(p_alternate_of, p_group) then p_alternate_of end)
	on conflict do nothing;
	perform private.publish_event('person:' || p_person, 'rights');
	perform private.publish_event('site', 'changed');
end
$$;

create or replace function public.change_group_person(entry uuid, fields jsonb) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
	v_part public.group_part;
	v_until date;
begin
	if private.lock_led_group((select g.code
		from private.groups as g
		join private.group_people as x on x.group_id = g.id
		where x.id = entry)) is null then
		return 'not_found';
	end if;
	-- Read under the lock: somebody may have changed or ended the entry until then.
	select * into v from private.group_people as x where x.id = entry and x.ended_at is null;
	if v.id is null then return 'not_found'; end if;
	v_part := (fields ->> 'part')::public.group_part;
	v_until := (fields ->> 'until')::date;
	if v_until < current_date
		or (fields ->> 'alternate_of') is not null
			and not private.may_have_alternate((fields ->> 'alternate_of')::uuid, v.group_id) then
		return 'invalid';
	end if;
	if v_part in ('member', 'alternate') and v.part in ('chair', 'secretary')
		and not private.has_leader(v.group_id, v.id) then
		return 'last_leader';
	end if;
	update private.group_people as x
	set part = v_part,
		member_id = (fields ->> 'member')::uuid,
		until = v_until,
		alternate_of = case when v_part = 'alternate' then (fields ->> 'alternate_of')::uuid end
	where x.id = entry;
	perform private.publish_event('person:' || v.person_id, 'rights');
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception or foreign_key_violation then
	return 'invalid';
end
$$;

drop function public.invite_to_group(text, public.group_part, jsonb, text, uuid, date);
create function public.invite_to_group(
	code text, part public.group_part, address jsonb, display_name text, member uuid default null,
	until date default null, alternate_of uuid default null
) returns public.invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(invite_to_group.code);
	v_name text := private.one_line(display_name);
	v_id uuid;
begin
	if v_group is null or private.has_leader(v_group) and exists (select from private.person_addresses as a
		where a.person_id = (select private.me()) and a.address_hash = decode(address ->> 'hash', 'hex')) then
		return 'not_allowed';
	end if;
	if part is null
		or not private.is_valid_invitee(address, v_name)
		or until < current_date
		or alternate_of is not null
			and not (part = 'alternate' and private.may_have_alternate(alternate_of, v_group))
		or exists (select from private.groups as g where g.id = v_group and g.ended_at is not null) then
		return 'invalid';
	end if;
	if (select count(*) from private.group_invitations as i
		where i.invited_by = (select private.me()) and i.invited_at > now() - interval '1 day') >= 200 then
		return 'limited';
	end if;
	insert into private.group_invitations as i
		(group_id, part, member_id, until, alternate_of, address_hash, display_name, invited_by)
	values (v_group, part, member, invite_to_group.until, invite_to_group.alternate_of, decode(address ->> 'hash', 'hex'),
		v_name, private.me())
	on conflict (group_id, address_hash) where state = 'open' do update
		set part = excluded.part,
			member_id = excluded.member_id,
			until = excluded.until,
			alternate_of = excluded.alternate_of,
			display_name = excluded.display_name,
			invited_by = excluded.invited_by,
			invited_at = now()
	returning i.id into v_id;
	-- The mail names no group: its subject is read over shoulders, and the group may be closed.
	perform private.enqueue_address_mail('group_invited', decode(address ->> 'sealed', 'hex'), address ->> 'key_id', 'en',
		'{}', null, null, 'group_invitation:' || v_id || ':' || current_date);
	return 'ok';
exception when foreign_key_violation then
	return 'invalid';
end
$$;
grant execute on function public.invite_to_group(text, public.group_part, jsonb, text, uuid, date, uuid) to authenticated;

create or replace function public.answer_group_invitation(invitation uuid, accept boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_invitations;
begin
	perform from private.groups as g
	where g.id = (select i.group_id from private.my_group_invitations() as i where i.id = invitation)
	for update;
	select i.* into v from private.my_group_invitations() as i where i.id = invitation;
	if v.id is null then return 'not_found'; end if;
	update private.group_invitations as i
	set state = case when accept then 'accepted' else 'declined' end, answered_at = now()
	where i.id = v.id;
	if accept then
		perform private.add_group_person(v.group_id, private.me(), v.part, v.member_id, v.until, v.alternate_of);
	end if;
	perform private.publish_event('person:' || private.me(), 'rights');
	return 'ok';
end
$$;

create or replace function private.merge_group_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep private.group_people;
	v_drop private.group_people;
begin
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id in (p_keep, p_drop))
	order by g.id
	for update;
	update private.group_people as x
	set ended_at = now()
	where x.person_id in (p_keep, p_drop) and x.ended_at is null and x.until < current_date;
	for v_drop in
		select x.* from private.group_people as x where x.person_id = p_drop and x.ended_at is null
	loop
		select * into v_keep
		from private.group_people as x
		where x.group_id = v_drop.group_id and x.person_id = p_keep and x.ended_at is null;
		continue when not found;
		update private.group_actions as a set owner_id = v_keep.id where a.owner_id = v_drop.id;
		update private.group_people as x set alternate_of = v_keep.id where x.alternate_of = v_drop.id and x.id <> v_keep.id;
		update private.group_invitations as i set alternate_of = v_keep.id where i.alternate_of = v_drop.id;
		update private.meeting_items as i set presenter_id = v_keep.id where i.presenter_id = v_drop.id;
		update private.meeting_people as r set alternate_id = v_keep.id where r.alternate_id = v_drop.id;
		delete from private.group_people as x where x.id = v_drop.id;
		update private.group_people as x
		set part = least(v_keep.part, v_drop.part),
			member_id = case when v_drop.part < v_keep.part
				then coalesce(v_drop.member_id, v_keep.member_id)
				else coalesce(v_keep.member_id, v_drop.member_id) end,
			-- Only two alternates make an alternate, and nobody is the alternate of themselves.
			alternate_of = case when least(v_keep.part, v_drop.part) = 'alternate'
				then coalesce(x.alternate_of, nullif(v_drop.alternate_of, v_keep.id)) end,
			since = least(v_keep.since, v_drop.since),
			until = case when v_keep.until is not null and v_drop.until is not null
				then greatest(v_keep.until, v_drop.until) end
		where x.id = v_keep.id;
	end loop;
end
$$;

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
		'may_do', p_leads or coalesce(x.person_id = private.me(), false))
	from (select p.owner_id) as o
	left join private.live_group_people as x on x.id = o.owner_id
	left join public.people as q on q.id = x.person_id
$$;

create function private.lock_group_of_action(p_action uuid) returns uuid
language sql volatile security definer set search_path = '' as $$
	select private.lock_led_group((select g.code
		from private.group_actions as a
		join private.groups as g on g.id = a.group_id
		where a.id = p_action))
$$;

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

create function public.delete_group_action(action uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.lock_group_of_action(delete_group_action.action) is null then return 'not_found'; end if;
	delete from private.group_actions as a where a.id = delete_group_action.action;
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.delete_group_action(uuid) to authenticated;
