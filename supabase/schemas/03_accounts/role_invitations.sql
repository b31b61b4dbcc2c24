-- Invitations by mail address to a role or to a part in a session. Nobody looks up whose address it is: the invitation
-- waits for the person who signs in with it, and only their answer puts a person in its place. So an address that is
-- unknown, known, or of somebody under another name gives the same answer, the same list and the same mail.
-- Answers are in role_invitation_answers.sql.

-- Whether an address {hash, sealed, key_id, token_hash, secret} and a name are complete enough to invite.
create function private.is_valid_invitee(p_address jsonb, p_name text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_address ->> 'hash', '') ~ '^[0-9a-f]{64}$'
		and coalesce(p_address ->> 'sealed', '') ~ '^([0-9a-f]{2})+$'
		and length(p_address ->> 'sealed') between 32 and 4096
		and coalesce(p_address ->> 'token_hash', repeat('0', 64)) ~ '^[0-9a-f]{64}$'
		and coalesce(p_address ->> 'secret', '00') ~ '^([0-9a-f]{2})+$'
		and length(coalesce(p_address ->> 'secret', '')) <= 4000
		and coalesce(p_address ->> 'key_id', '') <> ''
		and length(coalesce(p_name, '')) between 1 and 120
$$;

-- Sends the mail of an invitation to its address and not to a person, in the first language of the Summit: neither may
-- reveal whether there is a person. A second invitation on the same day sends no second mail, and the link of the first
-- one stays valid.
create function private.mail_role_invitation(p_invitation uuid, p_address jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	i private.role_invitations;
begin
	select * into strict i from private.role_invitations where id = p_invitation;
	if private.enqueue_address_mail(
		case when i.role is null then 'session_invited' else 'role_invited' end,
		i.address_sealed,
		i.key_id,
		private.mail_language(i.summit_id),
		jsonb_build_object('role', coalesce(i.role::text, i.part::text)) || case
			when i.as_assistant then '{"assistant": true}'
			when i.entry_id is not null then '{"named": true}'
			else '{}' end::jsonb,
		decode(p_address ->> 'secret', 'hex'),
		i.summit_id,
		'role_invitation:' || i.id || ':' || current_date) is not null then
		update private.role_invitations as own
		set token_hash = decode(p_address ->> 'token_hash', 'hex')
		where own.id = p_invitation;
	end if;
end
$$;

-- Writes the invitation and its mail. Answers ok, invalid or limited (200 a day for each inviter). `p_address`: {hash,
-- sealed, key_id}; with {token_hash, secret} the mail has a link, and `secret` is the token, sealed for the mail alone.
-- `p_proposal`: the confirmed proposal of a role that needs two people; the invitation is then the proposer's.
create function private.create_role_invitation(
	p_summit uuid, p_role public.organiser_role, p_session uuid, p_part public.session_role, p_address jsonb,
	p_display_name text, p_entry uuid default null, p_as_assistant boolean default false,
	p_for_all boolean default false, p_proposal uuid default null, p_until timestamptz default null
) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.one_line(p_display_name);
	v_by uuid := coalesce((select q.proposed_by from private.role_proposals as q where q.id = p_proposal),
		private.me());
	v_id uuid;
begin
	if not private.is_valid_invitee(p_address, v_name) then return 'invalid'; end if;
	if (select count(*) from private.role_invitations as i
		where i.invited_by = v_by and i.invited_at > now() - interval '1 day') >= 200 then
		return 'limited';
	end if;
	insert into private.role_invitations as i (summit_id, role, session_id, part, entry_id, as_assistant, is_for_all,
		address_hash, address_sealed, key_id, display_name, invited_by, proposal_id, until)
	values (
		p_summit,
		p_role,
		p_session,
		p_part,
		p_entry,
		coalesce(p_as_assistant, false),
		coalesce(p_for_all, false),
		decode(p_address ->> 'hash', 'hex'),
		decode(p_address ->> 'sealed', 'hex'),
		p_address ->> 'key_id',
		v_name,
		v_by,
		p_proposal,
		p_until)
	on conflict (summit_id, role, session_id, part, entry_id, as_assistant, is_for_all, address_hash)
		where state = 'open' do update
		set display_name = excluded.display_name,
			invited_by = excluded.invited_by,
			invited_at = now(),
			proposal_id = excluded.proposal_id,
			until = excluded.until
	returning i.id into v_id;
	perform private.mail_role_invitation(v_id, p_address);
	return 'ok';
end
$$;

-- Invites to a role. `address`: {hash, sealed, key_id}, in hexadecimal; `until`: when the role ends by itself. Answers
-- ok, not_allowed, invalid or limited,
-- whatever address it is; for a role that needs two people, what propose_role answers: the mail goes once a second
-- person has confirmed it.
create function public.invite_to_role(
	summit uuid, role public.organiser_role, address jsonb, display_name text, for_all boolean default false,
	until timestamptz default null
) returns public.role_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if role is null
		or not exists (select from public.summits as s where s.id = summit)
		or not private.has_role(case when coalesce(for_all, false) then null else summit end, 'owner') then
		return 'not_allowed';
	end if;
	if invite_to_role.until <= now() or role::text = 'community' and not coalesce(for_all, false) then
		return 'invalid';
	end if;
	perform private.require_confirmation();
	if not private.needs_second_person(role) then
		return private.create_role_invitation(summit, role, null, null, address, display_name, null, false, for_all,
			null, invite_to_role.until);
	end if;
	if not private.is_valid_invitee(address, private.one_line(display_name)) then return 'invalid'; end if;
	v_p.summit_id := case when coalesce(for_all, false) then null else summit end;
	v_p.via_summit_id := summit;
	v_p.role := invite_to_role.role;
	v_p.is_deputy := false;
	v_p.address_hash := decode(address ->> 'hash', 'hex');
	v_p.address_sealed := decode(address ->> 'sealed', 'hex');
	v_p.key_id := address ->> 'key_id';
	v_p.display_name := private.one_line(invite_to_role.display_name);
	v_p.until := invite_to_role.until;
	return private.propose_role(v_p);
end
$$;
grant execute on function public.invite_to_role(uuid, public.organiser_role, jsonb, text, boolean, timestamptz)
	to authenticated;

-- Invites to a part in a session, for those who may edit it. Answers ok, not_allowed, invalid or limited.
create function public.invite_to_session(
	session uuid, part public.session_role, address jsonb, display_name text
) returns public.invitation_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if part is null or not private.may_edit_session(session) then return 'not_allowed'; end if;
	return private.create_role_invitation((select s.summit_id from public.sessions as s where s.id = session), null,
		session, part,
		address, display_name);
end
$$;
grant execute on function public.invite_to_session(uuid, public.session_role, jsonb, text) to authenticated;

-- Open invitations to roles (session null: for owners) or to one session, under the names that were written:
-- [{id, display_name, role, as_assistant, is_for_all, invited_at}].
create function public.list_role_invitations(summit uuid, session uuid default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object(
			'id', i.id,
			'display_name', i.display_name,
			'role', coalesce(i.role::text, i.part::text),
			'as_assistant', i.as_assistant,
			'is_for_all', i.is_for_all,
			'invited_at', private.iso(i.invited_at)) order by i.invited_at, i.id), '[]')
		from private.role_invitations as i
		where i.summit_id = list_role_invitations.summit
			and i.session_id is not distinct from list_role_invitations.session
			and i.state = 'open'
			and case
				when list_role_invitations.session is null then private.has_role(list_role_invitations.summit, 'owner')
				else private.may_edit_session(list_role_invitations.session)
			end);
end
$$;
grant execute on function public.list_role_invitations(uuid, uuid) to authenticated;

-- Takes an open invitation back. Answers ok or not_allowed.
create function public.withdraw_role_invitation(invitation uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.role_invitations as i set state = 'withdrawn', answered_at = now()
	where i.id = invitation
		and i.state = 'open'
		and case
			when i.session_id is null then private.has_role(i.summit_id, 'owner')
			else private.may_edit_session(i.session_id)
		end;
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.withdraw_role_invitation(uuid) to authenticated;
