-- Ask once for a query who the caller is, and name a parameter by no word of SQL.

create or replace function public.read_group(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as (
		select g.*,
			private.leads_group(private.me(), g.id) as leads,
			own.id as own,
			own.id is not null or private.sees_members_groups(private.me()) as names_all
		from private.groups as g
		left join private.live_group_people as own on own.group_id = g.id and own.person_id = private.me()
		where g.code = read_group.code and g.id in (select private.visible_groups(private.me()))
	)
	select jsonb_build_object(
		'id', g.id,
		'code', g.code,
		'name', g.name,
		'purpose', g.purpose,
		'level', g.level,
		'takes_requests', g.takes_requests,
		'is_ended', g.ended_at is not null,
		'version', g.version,
		'leads', g.leads,
		'own', g.own,
		'request', exists (select from private.group_requests as r
			where r.group_id = g.id and r.person_id = (select private.me()) and r.state = 'open'),
		'people', (select coalesce(jsonb_agg(private.group_person_json(p)
				order by p.part, lower(q.display_name), p.id), '[]')
			from private.group_people as p
			join private.live_group_people as l on l.id = p.id
			join public.people as q on q.id = p.person_id
			where p.group_id = g.id and (g.names_all or p.part in ('chair', 'secretary'))),
		'hidden', (select count(*) from private.live_group_people as p
			where p.group_id = g.id and not g.names_all and p.part not in ('chair', 'secretary')),
		'members', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from private.group_members as x
			join public.members as m on m.id = x.member_id
			where x.group_id = g.id),
		'requests', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.id,
				'display_name', q.display_name,
				'office', q.office,
				'affiliation', q.affiliation,
				'note', r.note,
				'asked_at', private.iso(r.asked_at)) order by r.asked_at, r.id), '[]')
			from private.group_requests as r
			join public.people as q on q.id = r.person_id
			where r.group_id = g.id and r.state = 'open') end,
		'invitations', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'display_name', i.display_name,
				'part', i.part,
				'invited_at', private.iso(i.invited_at)) order by i.invited_at, i.id), '[]')
			from private.live_group_invitations as i
			where i.group_id = g.id) end,
		'choices', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from public.members as m) end)
	from shown as g
$$;

create or replace function public.invite_to_group(
	code text, part public.group_part, address jsonb, display_name text, member uuid default null,
	until date default null
) returns public.invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(invite_to_group.code);
	v_name text := private.one_line(display_name);
	v_id uuid;
begin
	if v_group is null then return 'not_allowed'; end if;
	if part is null
		or not private.is_valid_invitee(address, v_name)
		or until < current_date
		or exists (select from private.groups as g where g.id = v_group and g.ended_at is not null) then
		return 'invalid';
	end if;
	if (select count(*) from private.group_invitations as i
		where i.invited_by = (select private.me()) and i.invited_at > now() - interval '1 day') >= 200 then
		return 'limited';
	end if;
	insert into private.group_invitations as i (group_id, part, member_id, until, address_hash, display_name, invited_by)
	values (v_group, part, member, invite_to_group.until, decode(address ->> 'hash', 'hex'), v_name, private.me())
	on conflict (group_id, address_hash) where state = 'open' do update
		set part = excluded.part,
			member_id = excluded.member_id,
			until = excluded.until,
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

create or replace function public.set_group_action_done(action uuid, is_done boolean) returns public.change_status
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

drop function public.save_commitment_theme(text, jsonb, integer, boolean);
create function public.save_commitment_theme(slug text, name jsonb, place integer, retired boolean)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	insert into private.commitment_themes as t (slug, name, position, retired_at)
	values (save_commitment_theme.slug, save_commitment_theme.name, coalesce(place, 0),
		case when retired then now() end)
	on conflict (slug) do update
	set name = excluded.name,
		position = excluded.position,
		retired_at = case when excluded.retired_at is not null then coalesce(t.retired_at, excluded.retired_at) end;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_commitment_theme(text, jsonb, integer, boolean) to authenticated;
