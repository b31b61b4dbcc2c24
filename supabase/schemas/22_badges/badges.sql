-- Replacing a badge: the person lost it, or the badge desk reissues it. The old badge is revoked, so that it opens no
-- door any more.

-- The person, or their assistant, replaces a lost badge. Doors carry the list of revoked badges, so five a day is the
-- limit. Locks the registration. Returns {status: ok | too_often | no_badge | not_found}.
create function public.replace_badge(registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration and r.person_id in (select private.my_people('registration'))
	for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state <> 'confirmed' or v_r.mode <> 'in_person' then return jsonb_build_object('status', 'no_badge'); end if;
	if (
		select count(*)
		from public.badges as b
		where b.registration_id = v_r.id
			and b.revoked_reason = 'lost'
			and b.revoked_at > now() - interval '1 day') >= 5 then
		return jsonb_build_object('status', 'too_often');
	end if;
	perform private.set_audit_context(v_r.person_id, 'lost');
	perform private.revoke_badge(v_r, 'lost');
	insert into public.badges (summit_id, registration_id) values (v_r.summit_id, v_r.id);
	perform private.notify_registration(v_r, 'badge');
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.replace_badge(uuid) to authenticated;

-- A registration organiser reissues a badge that is lost, torn or wrong. `badge` is the one that the organiser sees: if
-- another desk was faster, nothing is done. Locks the registration. Returns {status: ok | changed | no_badge |
-- reason_needed | not_allowed, badge}.
create function public.reissue_badge(registration uuid, badge uuid, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_badge uuid;
begin
	select * into v_r from public.registrations as r where r.id = reissue_badge.registration for no key update;
	if not found or not private.has_role(v_r.summit_id, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if length(private.one_line(reason)) not between 1 and 200 then
		return jsonb_build_object('status', 'reason_needed');
	end if;
	if v_r.state <> 'confirmed' or v_r.mode <> 'in_person' then return jsonb_build_object('status', 'no_badge'); end if;
	select b.id into v_badge from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null;
	if v_badge is distinct from reissue_badge.badge then
		return jsonb_build_object('status', 'changed', 'badge', v_badge);
	end if;
	perform private.set_audit_context(v_r.person_id, private.one_line(reason));
	perform private.revoke_badge(v_r, 'reprinted');
	insert into public.badges (summit_id, registration_id)
	values (v_r.summit_id, v_r.id)
	returning id into v_badge;
	perform private.notify_registration(v_r, 'badge');
	return jsonb_build_object('status', 'ok', 'badge', v_badge);
end
$$;
grant execute on function public.reissue_badge(uuid, uuid, text) to authenticated;

-- Reissues those of the chosen badges (1,000 at most) that were printed before, so that the earlier paper is worth
-- nothing. Returns the badges to print: never one that was printed and could not be replaced, because its registration
-- has no badge any more. Null when not allowed or without a reason. Takes the registrations in the order of their ids:
-- two desks that print the same people cannot deadlock.
create function public.reissue_printed_badges(summit uuid, badges uuid[], reason text) returns uuid[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_ids uuid[] := '{}';
begin
	if not private.has_role(reissue_printed_badges.summit, 'registration')
		or length(private.one_line(reason)) not between 1 and 200 then
		return null;
	end if;
	for v_each in
		select b.id, b.registration_id,
			exists (select from public.badge_prints as p where p.badge_id = b.id) as is_printed
		from public.badges as b
		where b.summit_id = reissue_printed_badges.summit
			and b.id = any (reissue_printed_badges.badges[1:1000])
			and b.revoked_at is null
		order by b.registration_id
	loop
		v_ids := v_ids || case
			when v_each.is_printed
				then (public.reissue_badge(v_each.registration_id, v_each.id, reason) ->> 'badge')::uuid
			else v_each.id
		end;
	end loop;
	return array_remove(v_ids, null);
end
$$;
grant execute on function public.reissue_printed_badges(uuid, uuid[], text) to authenticated;

-- Revokes the valid badge of a registration, if it has one.
create function private.revoke_badge(p_r public.registrations, p_reason text) returns void
language sql volatile security definer set search_path = '' as $$
	update public.badges as b
	set revoked_at = now(), revoked_reason = p_reason
	where b.registration_id = p_r.id and b.revoked_at is null
$$;
