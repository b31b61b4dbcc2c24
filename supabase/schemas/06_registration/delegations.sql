-- What focal points do for their member: see its seats and people, invite, stand for those who registered by
-- themselves, or not.

-- Until when a member nominates: the Summit's own deadline, and no longer than registration is open. Null: no end is
-- set.
create function private.nominations_until(p_summit uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select least(s.nominations_close_at, s.registration_closes_at) from public.summits as s where s.id = p_summit
$$;

-- Why the reader may nominate for this member now: as focal_point until the deadline, as organiser; closed, or null for
-- nobody.
create function private.nominating_as(p_summit uuid, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.has_role(p_summit, 'registration') then 'organiser'
		when not exists (select from private.my_focal_members(p_summit) as f where f.member_id = p_member) then null
		when coalesce(private.nominations_until(p_summit) <= now(), false) then 'closed'
		else 'focal_point' end
$$;

-- The focal point for whom an assistant acts; null for who acts for themselves.
create function private.focal_principal(p_summit uuid, p_member uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select f.person_id from public.focal_points as f
	where f.summit_id = p_summit and f.member_id = p_member and (f.until is null or f.until > now())
		and f.person_id in (select private.my_people('registration'))
		and not exists (select from public.focal_points as own
			where own.summit_id = p_summit and own.member_id = p_member
			and own.person_id = (select private.me()) and (own.until is null or own.until > now()))
	order by f.since limit 1
$$;

-- Actor and principal for the audit of this transaction.
create function private.act_as_focal(p_summit uuid, p_member uuid, p_reason text default '') returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_principal uuid := private.focal_principal(p_summit, p_member);
begin
	perform set_config('app.reason', coalesce(p_reason, ''), true);
	perform set_config('app.principal', coalesce(v_principal::text, ''), true);
	return v_principal;
end
$$;

-- Of a member's seats in one mode: {ceiling, held, taken, waiting, invited}. Invited: those who may still come into a
-- seat of their own.
create function private.member_seats(p_summit uuid, p_member uuid, p_mode public.attendance_mode) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('ceiling', private.ceiling_of(p_summit, p_member, p_mode),
		'held', count(*) filter (where s.state = 'held'), 'taken', count(*) filter (where s.state = 'taken'),
		'waiting',
			(select count(*) from public.queue_entries as q join public.registrations as r on r.id = q.registration_id
			where q.summit_id = p_summit and q.mode = p_mode and q.state = 'waiting' and r.member_id = p_member),
		'invited', (select count(*)
			from private.invitations as i left join public.registrations as r on r.id = i.registration_id
			where i.summit_id = p_summit and i.member_id = p_member and i.mode = p_mode and i.replaces_id is null
				and i.revoked_at is null
				and i.expires_at > now()
					and (i.used_at is null or r.state = 'draft' and r.member_id = p_member and r.mode = p_mode)))
	from public.seats as s
		where s.summit_id = p_summit and s.member_id = p_member and s.mode = p_mode and s.state <> 'released'
$$;

-- Seats that are spoken for: in use, waited for, or offered in a mail.
create function private.spoken_for(p_seats jsonb) returns integer
language sql immutable set search_path = '' as $$
	select (p_seats ->> 'held')::integer + (p_seats ->> 'taken')::integer + (p_seats ->> 'waiting')::integer + (p_seats ->> 'invited')::integer
$$;

-- By a focal point, or by an organiser at any time. Answers {status: ok | already | self | no_seats | closed | limited
-- | invalid | not_allowed, id}, the same whoever the address belongs to. No_seats: none is left for one more; `queue`
-- invites all the same.
create function public.invite_delegate(summit uuid, member uuid, mode public.attendance_mode, letter jsonb,
	queue boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_as text := private.nominating_as(summit, member);
	v_seats jsonb;
begin
	if v_as is null then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_as = 'closed' or private.registration_window(summit) <> 'open' then
		return jsonb_build_object('status', 'closed');
	end if;
	if not private.is_letter(letter) or invite_delegate.mode is null then
		return jsonb_build_object('status', 'invalid');
	end if;
	if private.invited_person(decode(letter ->> 'address_hash', 'hex')) = private.me() then
		return jsonb_build_object('status', 'self');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('invitations:' || member || summit, 3));
	v_seats := private.member_seats(summit, member, invite_delegate.mode);
	if not exists (select from public.summit_members as sm
		where sm.summit_id = summit and sm.member_id = member and sm.standing in ('active', 'observer'))
		or (v_seats ->> 'ceiling')::integer = 0 then
		return jsonb_build_object('status', 'not_entitled');
	end if;
	-- Who waits comes after twenty others of the same member at the most.
	if private.spoken_for(v_seats) >= (v_seats ->> 'ceiling')::integer + (case when coalesce(queue, false) then 20
		else 0 end) then
		return jsonb_build_object('status', 'no_seats');
	end if;
	return private.make_invitation(summit, member, null, 'delegate', invite_delegate.mode,
		case v_as when 'organiser' then (select s.registration_closes_at from public.summits as s where s.id = summit)
			else private.nominations_until(summit) end,
		letter, private.act_as_focal(summit, member));
end
$$;
grant execute on function public.invite_delegate(uuid, uuid, public.attendance_mode, jsonb, boolean) to authenticated;

-- The invitation under its lock, when the reader may still do something with it; nothing otherwise.
create function private.lock_invitation(p_id uuid) returns setof private.invitations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
begin
	select * into v from private.invitations as i where i.id = p_id for no key update;
	if found and v.member_id is not null and private.nominating_as(v.summit_id, v.member_id) is not null then
		perform private.act_as_focal(v.summit_id, v.member_id);
		return next v;
	end if;
end
$$;

-- Answers ok, limited (three sendings a day), wrong_state, closed, invalid or not_found.
create function public.resend_invitation(invitation uuid, letter jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
	v_as text;
begin
	select * into v from private.lock_invitation(invitation);
	if not found then return 'not_found'; end if;
	v_as := private.nominating_as(v.summit_id, v.member_id);
	if v_as = 'closed' or private.registration_window(v.summit_id) <> 'open' then return 'closed'; end if;
	return private.renew_invitation(v.id,
		case v_as
			when 'organiser' then (select s.registration_closes_at from public.summits as s where s.id = v.summit_id)
			else private.nominations_until(v.summit_id) end, letter);
end
$$;
grant execute on function public.resend_invitation(uuid, jsonb) to authenticated;

-- Answers ok, wrong_state or not_found. After the deadline too: it takes nothing from anybody but what was given here.
create function public.revoke_invitation(invitation uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
begin
	select * into v from private.lock_invitation(invitation);
	return case when v.id is null then 'not_found' else private.end_invitation(v.id) end;
end
$$;
grant execute on function public.revoke_invitation(uuid) to authenticated;

-- A focal point stands for those of the own member who registered by themselves; an organiser may as well, after the
-- deadline too. [{id, status: nominated | closed | not_allowed | wrong_state}]
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
	perform private.lock_modes(variadic array(select distinct r.summit_id from public.registrations as r
		where r.id = any (ids)
		and private.nominating_as(r.summit_id, r.member_id) is not null));
	for v_id in select distinct given from unnest(ids) as given order by given loop
		select * into v_r from public.registrations as r
			where r.id = v_id and r.state <> 'draft' and r.member_id is not null for no key update;
		v_as := case when found then private.nominating_as(v_r.summit_id, v_r.member_id) end;
		v_status := case
			when v_as is null or v_as <> 'organiser' and private.has_alias(v_r.person_id) then 'not_allowed'
			when v_r.state <> 'submitted' then 'wrong_state' when v_as = 'closed' then 'closed' else 'nominated' end;
		if v_status = 'nominated' then
			perform private.act_as_focal(v_r.summit_id, v_r.member_id);
			delete from public.nomination_refusals as x where x.registration_id = v_id;
			perform private.move_registration(v_id, 'nominated');
		end if;
		v_answers := v_answers || jsonb_build_object('id', v_id, 'status', v_status);
	end loop;
	return v_answers;
end
$$;
grant execute on function public.nominate_registrations(uuid[]) to authenticated;

-- "Not one of ours", with a reason for the organisers. Answers ok, not_found, wrong_state or reason_needed.
create function public.refuse_nomination(registration uuid, reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r
		where r.id = registration and r.state <> 'draft' and private.is_focal_for(r) for no key update;
	if not found then return 'not_found'; end if;
	if v_r.state <> 'submitted' then return 'wrong_state'; end if;
	if length(private.one_line(reason)) not between 1 and 500 then return 'reason_needed'; end if;
	insert into public.nomination_refusals as x (registration_id, summit_id, reason, refused_by, principal_id)
	values (v_r.id, v_r.summit_id, private.one_line(reason), private.me(),
		private.act_as_focal(v_r.summit_id, v_r.member_id))
	on conflict (registration_id) do update
	set reason = excluded.reason, refused_by = excluded.refused_by, principal_id = excluded.principal_id,
		refused_at = now();
	perform private.tell('organise:' || v_r.summit_id, 'registration', v_r.id);
	return 'ok';
end
$$;
grant execute on function public.refuse_nomination(uuid, text) to authenticated;

-- The people of a member whom its focal points see, in order: the head, those with a place, then by name.
create function private.delegates_of(p_summit uuid, p_member uuid)
	returns table (registration_id uuid, is_head boolean, is_over boolean, number bigint)
language sql stable security definer set search_path = '' as $$
	select r.id, coalesce(d.is_head, false), r.state in ('declined', 'withdrawn', 'expired'),
		row_number() over (order by r.state in ('declined', 'withdrawn', 'expired'), coalesce(d.is_head, false) desc,
			d.position nulls last, p.display_name, r.created_at, r.id)
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.delegation_places as d on d.registration_id = r.id and d.member_id = r.member_id
	where r.summit_id = p_summit and r.member_id = p_member and r.state <> 'draft'
		and not private.has_alias(r.person_id)
$$;

-- A colleague moves one place up or down, or becomes the head. Answers ok, already or not_found.
create function public.place_delegate(registration uuid, place text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_ids uuid[];
	v_at integer;
	v_to integer;
begin
	if place is null or place not in ('up', 'down', 'head', 'no_head') then
		raise sqlstate 'PT400' using message = 'up, down, head or no_head';
	end if;
	select * into v_r from public.registrations as r
	where r.id = registration and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		and private.is_focal_for(r);
	if not found then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('delegation:' || v_r.summit_id || v_r.member_id, 3));
	perform private.act_as_focal(v_r.summit_id, v_r.member_id);
	v_ids := array(select d.registration_id from private.delegates_of(v_r.summit_id, v_r.member_id) as d
		where not d.is_over order by d.number);
	v_at := array_position(v_ids, registration);
	v_to := case place when 'up' then v_at - 1 when 'down' then v_at + 1 when 'head' then 1 else v_at end;
	if v_to not between 1 and cardinality(v_ids) then return 'already'; end if;
	-- Nobody goes before the head but by becoming it.
	if place = 'up' and v_to = 1
		and exists (select from public.delegation_places as d where d.registration_id = v_ids[1] and d.is_head)
		or place = 'down' and v_at = 1
			and exists (select from public.delegation_places as d where d.registration_id = registration and d.is_head)
			then
		return 'already';
	end if;
	v_ids := array_remove(v_ids, registration);
	v_ids := v_ids[:v_to - 1] || registration || v_ids[v_to:];
	if place in ('head', 'no_head') then
		update public.delegation_places as d set is_head = false
			where d.summit_id = v_r.summit_id and d.member_id = v_r.member_id and d.is_head
			and (place = 'no_head' or d.registration_id <> registration);
	end if;
	insert into public.delegation_places as d (registration_id, summit_id, member_id, position, is_head)
	select given.id, v_r.summit_id, v_r.member_id, given.n, place = 'head' and given.id = registration
		from unnest(v_ids) with ordinality as given (id, n)
	on conflict (registration_id) do update
	set member_id = excluded.member_id, position = excluded.position, is_head = d.is_head and place <> 'no_head'
		or excluded.is_head;
	return 'ok';
end
$$;
grant execute on function public.place_delegate(uuid, text) to authenticated;

-- A member's seats by mode: [{mode, ceiling, held, taken, waiting, invited, left, reserved_until}]. Left: for whom
-- nobody has been asked yet.
create function private.delegation_seats(p_summit uuid, p_member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(own.seats || jsonb_build_object('mode', c.mode,
			'left', greatest(0, (own.seats ->> 'ceiling')::integer - private.spoken_for(own.seats)),
			'reserved_until', (select private.iso(e.reserved_until) from public.allocation_exceptions as e
				where e.summit_id = p_summit and e.member_id = p_member and e.mode = c.mode
					and e.reserved_until > now())) order by c.mode), '[]')
	from public.mode_capacities as c, lateral (select private.member_seats(p_summit, p_member, c.mode) as seats) as own
	where c.summit_id = p_summit
$$;

-- Its invitations, the newest first; what is over stands there for a week.
create function private.delegation_invitations(p_summit uuid, p_member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'address', i.address_mask, 'mode', i.mode, 'state',
		private.invitation_state(i),
		'sent_at', private.iso(sent.last_at), 'until', private.iso(i.expires_at), 'may_send', sent.today < 3,
		'replaces', case
			when not private.has_alias((select r.person_id from public.registrations as r where r.id = i.replaces_id))
			then i.replaces_id end,
		'hands_over',
			(select p.display_name from public.registrations as r join public.people as p on p.id = r.person_id
			where r.id = i.replaces_id and not private.has_alias(r.person_id))) order by sent.last_at desc, i.id), '[]')
	from private.invitations as i, lateral (select max(l.created_at) as last_at,
		count(*) filter (where l.created_at > now() - interval '1 day') as today
		from private.personal_links as l where l.invitation_id = i.id) as sent
	where i.summit_id = p_summit and i.member_id = p_member
		and (private.invitation_state(i) in ('sent', 'opened')
			or coalesce(i.used_at, i.revoked_at, i.expires_at) > now() - interval '7 days')
$$;

-- For organisers who invite on a member's behalf: {member, open, seats, invitations}. Null for everybody else.
create function public.member_invitations(summit uuid, member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('member', m.name, 'open', private.registration_window(sm.summit_id) = 'open'
		and sm.standing in ('active', 'observer'),
		'seats', private.delegation_seats(sm.summit_id, m.id), 'invitations',
			private.delegation_invitations(sm.summit_id, m.id))
	from public.summit_members as sm join public.members as m on m.id = sm.member_id
	where sm.summit_id = member_invitations.summit and sm.member_id = member_invitations.member
		and private.has_role(sm.summit_id, 'registration')
$$;
grant execute on function public.member_invitations(uuid, uuid) to authenticated;

-- For focal points: their members' seats, people and invitations. An alias counts among the seats and is not named
-- here; nor is anything said of who used an invitation, of any need, or of why somebody was declined.
create function public.delegation(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'member', jsonb_build_object('id', m.id, 'name', m.name, 'sector', sm.sector, 'country', sm.country),
		'acting_for',
			(select p.display_name from public.people as p where p.id = private.focal_principal(f.summit_id, m.id)),
		'nominating', private.nominating_as(f.summit_id, m.id) <> 'closed'
			and private.registration_window(f.summit_id) = 'open'
			and sm.standing in ('active', 'observer'),
		'until', private.iso(private.nominations_until(f.summit_id)),
		'seats', private.delegation_seats(f.summit_id, m.id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'display_name', p.display_name,
			'office', p.office, 'mode', r.mode,
				'state', r.state, 'state_since', private.iso(r.state_since), 'is_head', d.is_head and not d.is_over,
				'not_ours', exists (select from public.nomination_refusals as x where x.registration_id = r.id),
				'has_seat', exists (select from public.seats as s
					where s.registration_id = r.id and s.mode = r.mode and s.state <> 'released'),
				-- Until when the seat is held: for the review, or to be paid.
				'held_until', (select private.iso(s.held_until) from public.seats as s
					where s.registration_id = r.id and s.mode = r.mode and s.state = 'held'),
				'queue', (select coalesce(jsonb_agg(jsonb_build_object('mode', q.mode, 'position',
					case when q.state = 'waiting' then private.queue_position(q.id) end,
						'deadline', private.iso(q.deadline)) order by q.mode), '[]')
					from public.queue_entries as q
						where q.registration_id = r.id and q.state in ('waiting', 'offered'))) order by d.number), '[]')
			from private.delegates_of(f.summit_id, m.id) as d
			join public.registrations as r on r.id = d.registration_id
			join public.people as p on p.id = r.person_id),
		'invitations', private.delegation_invitations(f.summit_id, m.id))
		order by m.name), '[]')
	from (select distinct mine.summit_id, mine.member_id from private.my_focal_members(delegation.summit) as mine) as f
	join public.members as m on m.id = f.member_id
	join public.summit_members as sm on sm.summit_id = f.summit_id and sm.member_id = f.member_id
$$;
grant execute on function public.delegation(uuid) to authenticated;

-- The reader's registration as it was asked for: which member or pool invited them, to which mode. Null without an
-- invitation.
create function public.my_nomination(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('member', m.name, 'member_id', i.member_id, 'mode', i.mode, 'category', i.category,
		'stands', exists (select from private.nomination_of(r)))
	from public.registrations as r
	join private.invitations as i on i.registration_id = r.id and i.used_at is not null
	left join public.members as m on m.id = i.member_id
	where r.summit_id = my_nomination.summit and r.person_id = (select private.me()) and r.state = 'draft'
	order by i.used_at desc limit 1
$$;
grant execute on function public.my_nomination(uuid) to authenticated;
