-- Opening and accepting an invitation to register, and the nomination that follows from it.

-- Returns the invitation of a link; no row for an unknown link. A link that a newer one replaced is as unknown as a
-- forged one.
create function private.find_invitation_by_token(p_token_hash text) returns setof private.invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.personal_links as l
	join private.invitations as i on i.id = l.invitation_id
	where l.kind = 'invitation'
		and p_token_hash ~ '^[0-9a-f]{64}$'
		and l.token_hash = decode(p_token_hash, 'hex')
		and (l.revoked_at is null or i.revoked_at is not null)
$$;

-- Returns whether the reader has verified the address to which the invitation was sent.
create function private.is_invitation_addressee(p private.invitations) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.person_addresses as a
		where a.address_hash = p.address_hash and a.person_id = (select private.me()) and a.verified_at is not null)
$$;

-- Returns, to the holder of a link, who invites to what: {state, category, mode, until, member, summit, open, mine,
-- elsewhere, registered_with}; null for an unknown link. It never says to which address the invitation was sent. `mine`
-- is null for a reader who is signed out; `elsewhere` and `registered_with` are only for the addressee.
create function public.read_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', private.invitation_state(i), 'category', i.category, 'mode', i.mode,
		'until', private.iso(i.expires_at), 'member', m.name, 'summit', s.slug,
		'open', private.registration_window(i.summit_id) = 'open',
		'mine', case when (select private.me()) is not null then private.is_invitation_addressee(i) end,
		'elsewhere', private.is_invitation_addressee(i) and exists (
			select from public.registrations as r
			where r.summit_id = i.summit_id
				and r.person_id = (select private.me())
				and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
				and r.member_id is distinct from i.member_id),
		'registered_with', case
			when private.is_invitation_addressee(i) then (
				select other.name
				from public.registrations as r
				join public.members as other on other.id = r.member_id
				where r.summit_id = i.summit_id
					and r.person_id = (select private.me())
					and r.state not in ('declined', 'withdrawn', 'expired')) end)
	from private.find_invitation_by_token(read_invitation.token_hash) as i
	join public.summits as s on s.id = i.summit_id
	left join public.members as m on m.id = i.member_id
$$;
grant execute on function public.read_invitation(text) to anon, authenticated;

-- Marks an invitation as opened. The app calls it when a person continues from the page, not when the link is fetched:
-- mail scanners follow links.
create function private.open_invitation(p_token_hash text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.invitations as i
	set opened_at = now()
	from private.find_invitation_by_token(p_token_hash) as found
	where i.id = found.id and private.invitation_state(i) = 'sent'
$$;
grant execute on function private.open_invitation(text) to app_server;

-- Returns the registration for an accepted invitation: a new draft for this seat, the existing draft changed to it, or,
-- if the form was sent already, that registration nominated. The caller holds the locks of the modes, the registration
-- and the invitation.
create function private.register_by_invitation(p private.invitations, p_r public.registrations, p_me uuid)
	returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := p_r;
begin
	if v_r.state <> 'draft' then
		if v_r.state = 'submitted' then
			v_r := private.change_registration_state(v_r.id, 'nominated', '', null, p.invited_by, p.principal_id);
		end if;
		-- A person who waits in the queue, and to whom a seat is transferred, gets that seat at once.
		perform private.transfer_seat(p.transfers_from_id, v_r, q.id, p.invited_by, p.principal_id)
		from public.queue_entries as q
		where q.registration_id = v_r.id
			and q.mode = p.mode
			and q.state = 'waiting'
			and p.transfers_from_id is not null;
		return v_r;
	end if;
	if v_r.id is null then
		insert into public.registrations (summit_id, person_id, category, mode)
		values (p.summit_id, p_me, p.category, p.mode)
		returning * into v_r;
		insert into public.registration_needs (registration_id, person_id) values (v_r.id, p_me);
		insert into public.registration_steps (registration_id, to_state, mode, actor_id)
		values (v_r.id, 'draft', p.mode, private.actor());
	end if;
	delete from public.member_requests as q where q.registration_id = v_r.id;
	update public.registrations as r
	set category = p.category, mode = p.mode, member_id = p.member_id, pool_id = p.pool_id, version = r.version + 1,
		updated_at = now()
	where r.id = v_r.id
	returning * into v_r;
	update public.people as person
	set affiliation = coalesce((select m.name from public.members as m where m.id = p.member_id), person.affiliation),
		updated_at = now()
	where person.id = p_me
		and not private.has_alias(p_me)
		and p.member_id is not null
		and person.affiliation is distinct from (select m.name from public.members as m where m.id = p.member_id);
	return v_r;
end
$$;

-- The addressee accepts. Locks the modes, then the registration, then the invitation. Returns {status: ok (there is a
-- draft for this seat) | already (the sent registration is nominated now) | elsewhere (another registration is live and
-- stays) | not_yours | not_open | used | expired | revoked | not_found, registration}.
create function public.accept_invitation(token_hash text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
	v_r public.registrations;
	v_state text;
	v_me uuid := private.me();
begin
	select * into v from private.find_invitation_by_token(accept_invitation.token_hash);
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_me is null or not private.is_invitation_addressee(v) then
		return jsonb_build_object('status', 'not_yours');
	end if;
	perform private.lock_modes(v.summit_id);
	select * into v_r
	from public.registrations as r
	where r.summit_id = v.summit_id and r.person_id = v_me and r.state not in ('declined', 'withdrawn', 'expired')
	for no key update;
	select * into v from private.invitations as i where i.id = v.id for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	v_state := private.invitation_state(v);
	-- The second click of a double click finds what the first one made.
	if v_state = 'used' and v.registration_id = v_r.id then
		return jsonb_build_object('status', 'ok', 'registration', v_r.id);
	end if;
	if v_state not in ('sent', 'opened') then return jsonb_build_object('status', v_state); end if;
	if private.registration_window(v.summit_id) <> 'open' then return jsonb_build_object('status', 'not_open'); end if;
	if v_r.id is not null
		and v_r.state <> 'draft'
		and (v_r.member_id is distinct from v.member_id or v.member_id is null) then
		return jsonb_build_object('status', 'elsewhere');
	end if;
	perform private.set_audit_context(v_me);
	v_r := private.register_by_invitation(v, v_r, v_me);
	-- The address is no longer needed.
	update private.invitations as i
	set used_at = now(), registration_id = v_r.id, address_sealed = null, key_id = null, note_sealed = null
	where i.id = v.id;
	update private.personal_links as l set used_at = now() where l.invitation_id = v.id and l.revoked_at is null;
	perform private.notify_registration(v_r);
	return jsonb_build_object('status', case v_r.state when 'draft' then 'ok' else 'already' end,
		'registration', v_r.id);
end
$$;
grant execute on function public.accept_invitation(text) to authenticated;

-- Returns the invitation that nominates a registration: the last one used, as long as category, mode, and member or
-- pool are those of the invitation.
create function private.nominating_invitation(p_r public.registrations)
	returns table (invited_by uuid, principal_id uuid, transfers_from_id uuid)
language sql stable security definer set search_path = '' as $$
	select i.invited_by, i.principal_id, i.transfers_from_id
	from private.invitations as i
	where i.registration_id = p_r.id
		and i.used_at is not null
		and i.mode = p_r.mode
		and i.category = p_r.category
		and (i.member_id, i.pool_id) is not distinct from (p_r.member_id, p_r.pool_id)
	order by i.used_at desc
	limit 1
$$;

-- Returns the invitation behind the reader's draft: {member, mode, is_valid}; null without one.
-- `is_valid`: the draft still fits the invitation, so that sending it makes a nomination.
create function public.my_nomination(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('member', m.name, 'mode', i.mode,
		'is_valid', exists (select from private.nominating_invitation(r)))
	from public.registrations as r
	join private.invitations as i on i.registration_id = r.id and i.used_at is not null
	left join public.members as m on m.id = i.member_id
	where r.summit_id = my_nomination.summit and r.person_id = (select private.me()) and r.state = 'draft'
	order by i.used_at desc
	limit 1
$$;
grant execute on function public.my_nomination(uuid) to authenticated;
