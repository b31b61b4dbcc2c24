-- Nominating delegates: who may nominate for a member and until when, inviting delegates to a member's seats, and
-- nominating or refusing those who registered by themselves.

-- Returns until when members nominate: the Summit's own deadline, and not longer than registration is open. Null: there
-- is no deadline.
create function private.nomination_deadline(p_summit uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select least(s.nominations_close_at, s.registration_closes_at) from public.summits as s where s.id = p_summit
$$;

-- Returns as what the reader may nominate for this member now: organiser (at any time), focal_point (until the
-- deadline), closed (a focal point after it); null for everybody else.
create function private.nominator_role(p_summit uuid, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.has_role(p_summit, 'registration') then 'organiser'
		when not exists (select from private.my_focal_members(p_summit) as f where f.member_id = p_member) then null
		when coalesce(private.nomination_deadline(p_summit) <= now(), false) then 'closed'
		else 'focal_point' end
$$;

-- Returns the focal point for whom the reader acts as assistant; null if the reader is a focal point of the member.
create function private.focal_principal(p_summit uuid, p_member uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select f.person_id
	from public.focal_points as f
	where f.summit_id = p_summit
		and f.member_id = p_member
		and (f.until is null or f.until > now())
		and f.person_id in (select private.my_people('registration'))
		and not exists (
			select from public.focal_points as own
			where own.summit_id = p_summit
				and own.member_id = p_member
				and own.person_id = (select private.me())
				and (own.until is null or own.until > now()))
	order by f.since
	limit 1
$$;

-- Records actor, principal and reason for the audit of this transaction. Returns the principal.
create function private.set_focal_audit_context(p_summit uuid, p_member uuid, p_reason text default '') returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_principal uuid := private.focal_principal(p_summit, p_member);
begin
	perform set_config('app.reason', coalesce(p_reason, ''), true);
	perform set_config('app.principal', coalesce(v_principal::text, ''), true);
	return v_principal;
end
$$;

-- Returns how many seats are in use, waited for or offered by an invitation.
create function private.count_committed_seats(p_seats jsonb) returns integer
language sql immutable set search_path = '' as $$
	select (p_seats ->> 'held')::integer + (p_seats ->> 'taken')::integer
		+ (p_seats ->> 'waiting')::integer + (p_seats ->> 'invited')::integer
$$;

-- A focal point, or an organiser at any time, invites a delegate for a seat of the member. `letter`: see
-- private.is_sealed_invitation (invitations.sql). `queue` invites even if no seat is left, up to twenty more than the
-- ceiling. Returns {status: ok | already | self | no_seats | not_entitled | closed | limited | invalid | not_allowed,
-- id}: the same whether or not anybody has the address. An advisory lock for each member counts invitations one at a
-- time.
create function public.invite_delegate(summit uuid, member uuid, mode public.attendance_mode, letter jsonb,
	queue boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_as text := private.nominator_role(summit, member);
	v_seats jsonb;
begin
	if v_as is null then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_as = 'closed' or private.registration_window(summit) <> 'open' then
		return jsonb_build_object('status', 'closed');
	end if;
	if not private.is_sealed_invitation(letter) or invite_delegate.mode is null then
		return jsonb_build_object('status', 'invalid');
	end if;
	if private.find_person_by_address(decode(letter ->> 'address_hash', 'hex')) = private.me() then
		return jsonb_build_object('status', 'self');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('invitations:' || member || summit, 3));
	v_seats := private.member_seats(summit, member, invite_delegate.mode);
	if not exists (
			select from public.summit_members as sm
			where sm.summit_id = summit and sm.member_id = member and sm.standing in ('active', 'observer'))
		or (v_seats ->> 'ceiling')::integer = 0 then
		return jsonb_build_object('status', 'not_entitled');
	end if;
	if private.count_committed_seats(v_seats) >= (v_seats ->> 'ceiling')::integer
		+ (case when coalesce(queue, false) then 20 else 0 end) then
		return jsonb_build_object('status', 'no_seats');
	end if;
	return private.create_invitation(summit, member, null, 'delegate', invite_delegate.mode,
		case v_as
			when 'organiser' then (select s.registration_closes_at from public.summits as s where s.id = summit)
			else private.nomination_deadline(summit) end,
		letter, private.set_focal_audit_context(summit, member));
end
$$;
grant execute on function public.invite_delegate(uuid, uuid, public.attendance_mode, jsonb, boolean) to authenticated;

-- Locks a member's invitation and returns it if the reader may nominate for that member, even after the deadline;
-- otherwise returns nothing.
create function private.lock_invitation(p_id uuid) returns setof private.invitations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
begin
	select * into v from private.invitations as i where i.id = p_id for no key update;
	if found and v.member_id is not null and private.nominator_role(v.summit_id, v.member_id) is not null then
		perform private.set_focal_audit_context(v.summit_id, v.member_id);
		return next v;
	end if;
end
$$;

-- Sends an invitation again with a new link. Returns ok, limited (three times a day), wrong_state, closed, invalid or
-- not_found.
create function public.resend_invitation(invitation uuid, letter jsonb) returns public.invitation_resend_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
	v_as text;
begin
	select * into v from private.lock_invitation(invitation);
	if not found then return 'not_found'; end if;
	v_as := private.nominator_role(v.summit_id, v.member_id);
	if v_as = 'closed' or private.registration_window(v.summit_id) <> 'open' then return 'closed'; end if;
	return private.renew_invitation(v.id,
		case v_as
			when 'organiser' then (select s.registration_closes_at from public.summits as s where s.id = v.summit_id)
			else private.nomination_deadline(v.summit_id) end,
		letter);
end
$$;
grant execute on function public.resend_invitation(uuid, jsonb) to authenticated;

-- Revokes an invitation, also after the deadline: it takes nothing from anybody but what was given here. Returns ok,
-- wrong_state or not_found.
create function public.revoke_invitation(invitation uuid) returns public.invitation_end_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
begin
	select * into v from private.lock_invitation(invitation);
	return case when v.id is null then 'not_found' else private.end_invitation(v.id) end;
end
$$;
grant execute on function public.revoke_invitation(uuid) to authenticated;

-- Returns, for organisers who invite on a member's behalf: {member, open, seats, invitations}; null for everybody else.
create function public.member_invitations(summit uuid, member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'member', m.name,
		'open', private.registration_window(sm.summit_id) = 'open' and sm.standing in ('active', 'observer'),
		'seats', private.delegation_seats(sm.summit_id, m.id),
		'invitations', private.delegation_invitations(sm.summit_id, m.id))
	from public.summit_members as sm
	join public.members as m on m.id = sm.member_id
	where sm.summit_id = member_invitations.summit
		and sm.member_id = member_invitations.member
		and private.has_role(sm.summit_id, 'registration')
$$;
grant execute on function public.member_invitations(uuid, uuid) to authenticated;

-- Nominates people who registered by themselves for the reader's member, 500 at most; an organiser may do it after the
-- deadline too. Locks the modes, then the registrations in the order of ids. A focal point cannot nominate a person
-- under an alias, whom they do not see. Returns [{id, status: nominated | closed | not_allowed | wrong_state}].
create function public.nominate_registrations(ids uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_r public.registrations;
	v_as text;
	v_answers jsonb := '[]';
	v_status text;
begin
	if cardinality(ids) > 500 then raise sqlstate 'PT400' using message = 'nominate at most 500 registrations'; end if;
	perform private.lock_modes(variadic array(
		select distinct r.summit_id
		from public.registrations as r
		where r.id = any (ids) and private.nominator_role(r.summit_id, r.member_id) is not null));
	for v_id in select distinct given from unnest(ids) as given order by given loop
		select * into v_r
		from public.registrations as r
		where r.id = v_id and r.state <> 'draft' and r.member_id is not null
		for no key update;
		v_as := case when found then private.nominator_role(v_r.summit_id, v_r.member_id) end;
		v_status := case
			when v_as is null or v_as <> 'organiser' and private.has_alias(v_r.person_id) then 'not_allowed'
			when v_r.state <> 'submitted' then 'wrong_state'
			when v_as = 'closed' then 'closed'
			else 'nominated' end;
		if v_status = 'nominated' then
			perform private.set_focal_audit_context(v_r.summit_id, v_r.member_id);
			delete from public.nomination_refusals as x where x.registration_id = v_id;
			perform private.change_registration_state(v_id, 'nominated');
		end if;
		v_answers := v_answers || jsonb_build_object('id', v_id, 'status', v_status);
	end loop;
	return v_answers;
end
$$;
grant execute on function public.nominate_registrations(uuid[]) to authenticated;

-- A focal point says that a registrant is not one of their member's people, with a reason for the organisers. Locks the
-- registration. Returns ok, not_found, wrong_state or reason_needed.
create function public.refuse_nomination(registration uuid, reason text) returns public.nomination_refusal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration and r.state <> 'draft' and private.is_focal_for(r)
	for no key update;
	if not found then return 'not_found'; end if;
	if v_r.state <> 'submitted' then return 'wrong_state'; end if;
	if length(private.one_line(reason)) not between 1 and 500 then return 'reason_needed'; end if;
	insert into public.nomination_refusals as x (registration_id, summit_id, reason, refused_by, principal_id)
	values (v_r.id, v_r.summit_id, private.one_line(reason), private.me(),
		private.set_focal_audit_context(v_r.summit_id, v_r.member_id))
	on conflict (registration_id) do update
	set reason = excluded.reason, refused_by = excluded.refused_by, principal_id = excluded.principal_id,
		refused_at = now();
	perform private.publish_event('organise:' || v_r.summit_id, 'registration', v_r.id);
	return 'ok';
end
$$;
grant execute on function public.refuse_nomination(uuid, text) to authenticated;
