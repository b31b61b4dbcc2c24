-- Invitations to a group by mail. The answer to the inviter is the same whether or not somebody has the address.

-- Invites an address to a part in a group, until a last day of the term or (null) without end. `alternate_of`: the entry
-- for which an alternate is to stand in. `address`: {hash, sealed, key_id}, in hexadecimal. Answers ok | not_allowed (also
-- for one's own address while the group has a chair or secretary) | invalid (also when the group has ended) | limited (200
-- a day for each inviter). A second invitation of an address changes the first; on the same day it sends no second mail.
-- Locks the group.
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

-- Withdraws an open invitation. Answers ok | not_found.
create function public.withdraw_group_invitation(invitation uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_invitations as i
	set state = 'withdrawn', answered_at = now()
	where i.id = invitation and i.state = 'open' and private.leads_group(private.me(), i.group_id);
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.withdraw_group_invitation(uuid) to authenticated;

-- Live invitations to the verified addresses of the reader. One's own counts only while nobody is chair or secretary of
-- the group: the address may have become the reader's after the invitation.
create function private.my_group_invitations() returns setof private.group_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.live_group_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash
		and a.verified_at is not null
		and a.person_id = (select private.me())
	where i.invited_by is distinct from (select private.me()) or not private.has_leader(i.group_id)
$$;

-- The same for the page: [{id, part, name, purpose, level: of the group, until, invited_at}].
create function public.my_group_invitations() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', i.id,
			'part', i.part,
			'name', g.name,
			'purpose', g.purpose,
			'level', g.level,
			'until', i.until,
			'invited_at', private.iso(i.invited_at)) order by i.invited_at, i.id), '[]')
	from private.my_group_invitations() as i
	join private.groups as g on g.id = i.group_id
$$;
grant execute on function public.my_group_invitations() to authenticated;

-- Accepts or declines. Somebody who is in the group already keeps their entry. Answers ok | not_found. Locks the group.
create function public.answer_group_invitation(invitation uuid, accept boolean) returns public.ok_or_not_found
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
grant execute on function public.answer_group_invitation(uuid, boolean) to authenticated;
