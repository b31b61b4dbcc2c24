-- Answering an invitation to a role or to a part in a session: which invitations are for the reader, and their answer.

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
		and (i.until is null or i.until > now())
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
			v_i.invited_by, v_p, v_i.until);
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
