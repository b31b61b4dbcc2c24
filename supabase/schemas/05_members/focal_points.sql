-- Focal points: for which members one is a focal point, and invitations by mail address to become one.

-- Returns (summit, member) for each member of which the reader is a focal point now, or assists one.
create function private.my_focal_members(p_summit uuid default null) returns table (summit_id uuid, member_id uuid)
language sql stable security definer set search_path = '' as $$
	select focal_points.summit_id, focal_points.member_id
	from public.focal_points
	where person_id in (select private.my_people('registration'))
		and (until is null or until > now())
		and (p_summit is null or focal_points.summit_id = p_summit)
$$;
grant execute on function private.my_focal_members(uuid) to anon, authenticated;

-- Returns whether this is an address as the app seals it: {hash, sealed, key_id, hint}, hash and sealed in hexadecimal.
create function private.is_sealed_address(p_address jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_address) = 'object'
		and coalesce(p_address ->> 'hash', '') ~ '^[0-9a-f]{64}$'
		and coalesce(p_address ->> 'sealed', '') ~ '^([0-9a-f]{2})+$'
		and length(p_address ->> 'sealed') between 32 and 4096
		and coalesce(p_address ->> 'key_id', '') <> ''
		and length(coalesce(p_address ->> 'hint', '')) <= 200
		and private.is_one_line(coalesce(p_address ->> 'hint', ''))
$$;

-- Writes the invitation and queues its mail, one mail a day at most. An open invitation that has expired is renewed;
-- an answered one is sent again only with `p_again`. The caller has checked the role and the address
-- (private.is_sealed_address).
create function private.send_focal_invitation(p_summit uuid, p_member uuid, p_address jsonb, p_again boolean)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.focal_invitations as i (summit_id, member_id, address_hash, address_sealed, key_id, hint,
		invited_by)
	values (p_summit, p_member, decode(p_address ->> 'hash', 'hex'), decode(p_address ->> 'sealed', 'hex'),
		p_address ->> 'key_id', coalesce(p_address ->> 'hint', ''), private.me())
	on conflict (summit_id, member_id, address_hash) do update
	set state = 'open', answered_at = null, invited_at = now(), expires_at = excluded.expires_at,
		invited_by = excluded.invited_by, address_sealed = excluded.address_sealed, key_id = excluded.key_id
	where p_again or i.state = 'open' and i.expires_at <= now()
	returning i.id into v_id;
	if v_id is null then return; end if;
	perform private.enqueue_address_mail('focal_invited', i.address_sealed, i.key_id, private.mail_language(p_summit),
		jsonb_build_object('member', m.name, 'until', private.iso(i.expires_at)),
		p_summit => p_summit,
		p_once => 'focal:' || i.id || ':' || current_date,
		p_priority => 9)
	from private.focal_invitations as i
	join public.members as m on m.id = i.member_id
	where i.id = v_id;
end
$$;

-- A registration organiser invites an address. Returns ok, invalid, limited (500 a day for each organiser), not_allowed
-- or not_found (no such member at this Summit): the same whether or not anybody has the address.
create function public.invite_focal_point(summit uuid, member uuid, address jsonb)
	returns public.focal_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_allowed'; end if;
	if not exists (
		select from public.summit_members as sm
		where sm.summit_id = summit and sm.member_id = member) then
		return 'not_found';
	end if;
	if not private.is_sealed_address(address) then return 'invalid'; end if;
	if (
		select count(*)
		from private.focal_invitations as i
		where i.invited_by = (select private.me()) and i.invited_at > now() - interval '1 day') >= 500 then
		return 'limited';
	end if;
	perform private.send_focal_invitation(summit, member, address, true);
	return 'ok';
end
$$;
grant execute on function public.invite_focal_point(uuid, uuid, jsonb) to authenticated;

-- A registration organiser withdraws an open invitation. Returns ok or not_found.
create function public.withdraw_focal_invitation(invitation uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.focal_invitations as i
	set state = 'withdrawn', answered_at = now()
	where i.id = invitation
		and i.state = 'open'
		and private.has_role(i.summit_id, 'registration');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.withdraw_focal_invitation(uuid) to authenticated;

-- Returns the open invitations to addresses that the reader has verified.
create function private.my_open_focal_invitations() returns setof private.focal_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.focal_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash and a.person_id = (select private.me())
		and a.verified_at is not null
	where i.state = 'open' and i.expires_at > now()
$$;

-- Returns the reader's open invitations at a Summit: [{id, member, until}].
create function public.my_focal_invitations(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		jsonb_build_object('id', i.id, 'member', m.name, 'until', private.iso(i.expires_at))
		order by i.invited_at, i.id), '[]')
	from private.my_open_focal_invitations() as i
	join public.members as m on m.id = i.member_id
	where i.summit_id = my_focal_invitations.summit
$$;
grant execute on function public.my_focal_invitations(uuid) to authenticated;

-- The reader accepts or declines; accepting makes them a focal point. Locks the invitation first, so that two answers
-- are taken one after the other. Returns ok or not_found.
create function public.answer_focal_invitation(invitation uuid, accept boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.focal_invitations;
begin
	perform from private.focal_invitations as i where i.id = invitation for update;
	select * into v_i from private.my_open_focal_invitations() as i where i.id = invitation;
	if not found or accept is null then return 'not_found'; end if;
	update private.focal_invitations as i
	set state = case when accept then 'accepted' else 'declined' end, answered_at = now()
	where i.id = invitation;
	if accept then
		insert into public.focal_points (summit_id, member_id, person_id)
		values (v_i.summit_id, v_i.member_id, private.me())
		on conflict (summit_id, member_id, person_id) do update set until = null;
	end if;
	perform private.publish_event('person:' || private.me(), 'rights');
	return 'ok';
end
$$;
grant execute on function public.answer_focal_invitation(uuid, boolean) to authenticated;
