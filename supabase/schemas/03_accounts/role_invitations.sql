-- Invitations by mail address to a role or to a part in a session. Nobody looks up whose address it is: the invitation
-- waits for the person who signs in with it, and only their answer puts a person in its place. So an address that is
-- unknown, known, or of somebody under another name gives the same answer, the same list and the same mail.

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
	v_mail uuid;
begin
	insert into private.outbox (address_sealed, key_id, secret, template, locale, params, summit_id, idempotency_key,
		priority)
	select
		i.address_sealed,
		i.key_id,
		decode(p_address ->> 'secret', 'hex'),
		case when i.role is null then 'session_invited' else 'role_invited' end,
		coalesce((select tag
			from unnest(s.languages) with ordinality as spoken (tag, place)
			where tag in ('en', 'fr', 'es', 'ar')
			order by place
			limit 1), 'en'),
		jsonb_build_object('role', coalesce(i.role::text, i.part::text)) || case
			when i.as_assistant then '{"assistant": true}'
			when i.entry_id is not null then '{"named": true}'
			else '{}' end::jsonb,
		i.summit_id,
		'role_invitation:' || i.id || ':' || current_date,
		5
	from private.role_invitations as i
	join public.summits as s on s.id = i.summit_id
	where i.id = p_invitation
	on conflict (idempotency_key) do nothing
	returning id into v_mail;
	if v_mail is not null then
		update private.role_invitations as i
		set token_hash = decode(p_address ->> 'token_hash', 'hex')
		where i.id = p_invitation;
		perform private.publish_event('outbox', 'mail', v_mail);
	end if;
end
$$;

-- Writes the invitation and its mail. Answers ok, invalid or limited (200 a day for each inviter). `p_address`: {hash,
-- sealed, key_id}; with {token_hash, secret} the mail has a link, and `secret` is the token, sealed for the mail alone.
-- `p_proposal`: the confirmed proposal of a role that needs two people; the invitation is then the proposer's.
create function private.create_role_invitation(
	p_summit uuid, p_role public.organiser_role, p_session uuid, p_part public.session_role, p_address jsonb,
	p_display_name text, p_entry uuid default null, p_as_assistant boolean default false,
	p_for_all boolean default false, p_proposal uuid default null
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
		address_hash, address_sealed, key_id, display_name, invited_by, proposal_id)
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
		p_proposal)
	on conflict (summit_id, role, session_id, part, entry_id, as_assistant, is_for_all, address_hash)
		where state = 'open' do update
		set display_name = excluded.display_name,
			invited_by = excluded.invited_by,
			invited_at = now(),
			proposal_id = excluded.proposal_id
	returning i.id into v_id;
	perform private.mail_role_invitation(v_id, p_address);
	return 'ok';
end
$$;

-- Invites to a role. `address`: {hash, sealed, key_id}, in hexadecimal. Answers ok, not_allowed, invalid or limited,
-- whatever address it is; for a role that needs two people, what propose_role answers: the mail goes once a second
-- person has confirmed it.
create function public.invite_to_role(
	summit uuid, role public.organiser_role, address jsonb, display_name text, for_all boolean default false
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
	if not private.needs_second_person(role) then
		return private.create_role_invitation(summit, role, null, null, address, display_name, null, false, for_all);
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
	return private.propose_role(v_p);
end
$$;
grant execute on function public.invite_to_role(uuid, public.organiser_role, jsonb, text, boolean) to authenticated;

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

-- Open invitations to the verified addresses of the signed-in person, and invitations to a part for those whose
-- assistant they are; for 30 days from the last time that they were sent, and only while the inviter may still give
-- the role or part.
create function private.my_role_invitations() returns setof private.role_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.role_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash
		and a.verified_at is not null
		and (a.person_id = (select private.me())
			or i.session_id is not null
				and not i.as_assistant
				and a.person_id in (select private.my_people('speaking')))
	where i.state = 'open'
		and i.invited_at > now() - interval '30 days'
		and private.holds_role(i.invited_by, case when not i.is_for_all then i.summit_id end,
			case when i.role is null then 'programme' else 'owner' end::public.organiser_role)
$$;

-- The person whose address an invitation went to, or null.
create function private.addressee_of(i private.role_invitations) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id
	from private.person_addresses as a
	where a.address_hash = i.address_hash
$$;

-- Invitations that the reader can answer: [{id, role, part, invited_at, for: the name of the person for
-- whom the reader answers | null, summit: {slug, name, zone}, session: {title, slots} | null}].
create function public.my_role_invitations() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object(
			'id', i.id,
			'role', i.role,
			'part', i.part,
			'invited_at', private.iso(i.invited_at),
			'for', case
				when i.as_assistant then i.display_name
				else (select p.display_name
					from public.people as p
					where p.id = private.addressee_of(i) and p.id <> (select private.me()))
			end,
			'summit', jsonb_build_object('slug', u.slug, 'name', u.name, 'zone', u.zone),
			'session', case when s.id is not null then jsonb_build_object(
				'title', s.title, 'slots', private.draft_slots(s.id)) end)
			order by i.invited_at, i.id), '[]')
		from private.my_role_invitations() as i
		join public.summits as u on u.id = i.summit_id
		left join public.sessions as s on s.id = i.session_id);
end
$$;
grant execute on function public.my_role_invitations() to authenticated;

-- Accepts or declines. Answers ok, cancelled (the session is), taken (the part that it hands over is somebody else's by
-- now) or not_found. Locks the roles before the invitation to one, so that nobody's role changes in between.
create function public.answer_role_invitation(invitation uuid, accept boolean) returns public.role_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid;
	v_i private.role_invitations;
	v_p private.role_proposals;
	v_status text;
begin
	perform pg_advisory_xact_lock(20261125)
	from private.role_invitations as i
	where i.id = invitation and i.role is not null;
	perform from private.role_invitations as i where i.id = invitation for update;
	select * into v_i from private.my_role_invitations() as i where i.id = invitation;
	if not found or accept is null then return 'not_found'; end if;
	-- An assistant answers for the person for whom they act; the audit keeps who did it.
	v_me := private.addressee_of(v_i);
	perform set_config('app.principal', case when v_me <> private.me() then v_me::text else '' end, true);
	if accept and exists (select from public.sessions as s where s.id = v_i.session_id and s.state = 'cancelled') then
		return 'cancelled';
	end if;
	if accept and private.needs_second_person(v_i.role) then
		-- Only now is it known whose address it is. Neither of the two who decided may get the role.
		select * into v_p from private.role_proposals as q where q.id = v_i.proposal_id;
		if not found or not private.is_role_proposal_valid(v_p, v_me) then return 'not_found'; end if;
	end if;
	update private.role_invitations as i
	set state = case when accept then 'accepted' else 'declined' end::public.role_invitation_state,
		answered_at = now()
	where i.id = invitation;
	if not accept then return 'ok'; end if;
	-- A part that is handed over; it stays open when that fails.
	if v_i.entry_id is not null then
		v_status := private.claim_session_part(v_i, v_me);
		if v_status <> 'ok' then
			update private.role_invitations as i set state = 'open', answered_at = null where i.id = invitation;
		end if;
		return v_status;
	end if;
	update public.people as p set display_name = v_i.display_name, updated_at = now()
	where p.id = v_me and p.display_name = '';
	-- A role, or the caller's own part.
	if v_i.role is not null then
		perform private.insert_role_grant(v_me, v_i.role, case when not v_i.is_for_all then v_i.summit_id end,
			v_i.summit_id,
			v_i.invited_by, v_p);
	else
		insert into public.session_people as sp (session_id, summit_id, person_id, role, position, state)
		values (v_i.session_id, v_i.summit_id, v_me, v_i.part,
			(select count(*) from public.session_people as other where other.session_id = v_i.session_id), 'confirmed')
		on conflict on constraint session_people_session_id_person_id_role_key do update set state = 'confirmed';
		perform private.start_registration_for_part(v_me, v_i.session_id, v_i.part);
		perform private.publish_event('organise:' || v_i.summit_id, 'people');
	end if;
	perform private.publish_event('person:' || v_me, 'rights');
	return 'ok';
end
$$;
grant execute on function public.answer_role_invitation(uuid, boolean) to authenticated;
