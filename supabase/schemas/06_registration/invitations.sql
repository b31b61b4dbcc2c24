-- Invitations to register: for a member's seat, or into a pool. Bound to one mail address, which only that address's
-- holder can use.

create function private.invitation_state(p private.invitations) returns text
language sql stable set search_path = '' as $$
	select case when p.revoked_at is not null then 'revoked' when p.used_at is not null then 'used'
		when p.expires_at <= now() then 'expired'
		when p.opened_at is not null then 'opened' else 'sent' end
$$;

-- What the app seals for a letter, as text of hex digits: {address_hash, address_sealed, key_id, address_mask,
-- token_hash, secret, note_sealed, locale}. `secret` holds the token and the note for the mail alone, sealed with the
-- same key as the address.
create function private.is_letter(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object' and p ->> 'address_hash' ~ '^[0-9a-f]{64}$'
		and p ->> 'token_hash' ~ '^[0-9a-f]{64}$'
		and p ->> 'address_sealed' ~ '^([0-9a-f]{2})+$' and length(p ->> 'address_sealed') between 56 and 4000
		and p ->> 'secret' ~ '^([0-9a-f]{2})+$' and length(p ->> 'secret') between 56 and 16000
		and coalesce(p ->> 'note_sealed', '00') ~ '^([0-9a-f]{2})+$'
			and coalesce(length(p ->> 'note_sealed'), 0) <= 16000
		and p ->> 'key_id' <> '' and p ->> 'address_mask' like '%…%' and length(p ->> 'address_mask') <= 200
		and p ->> 'locale' in ('en', 'fr', 'es', 'ar'), false)
$$;

-- Whose address it is, when it is known at all.
create function private.invited_person(p_address_hash bytea) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id from private.person_addresses as a where a.address_hash = p_address_hash
$$;

-- Ends the links before, makes the new one, and queues its mail. What differs by who is invited stands in the mail
-- alone.
create function private.send_invitation(p_id uuid, p_letter jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
	v_link uuid;
	v_mail uuid;
begin
	select * into strict v from private.invitations as i where i.id = p_id for no key update;
	perform private.end_links(p_id);
	insert into private.personal_links (kind, token_hash, summit_id, invitation_id, scope, expires_at)
	values ('invitation', decode(p_letter ->> 'token_hash', 'hex'), v.summit_id, v.id,
		jsonb_strip_nulls(jsonb_build_object('member_id', v.member_id, 'pool_id', v.pool_id, 'mode', v.mode)),
			v.expires_at)
	returning id into v_link;
	insert into private.outbox (address_sealed, key_id, template, locale, secret, params, summit_id, priority, once_key)
	values (decode(p_letter ->> 'address_sealed', 'hex'), p_letter ->> 'key_id', 'invitation', v.locale,
		decode(p_letter ->> 'secret', 'hex'),
		jsonb_strip_nulls(jsonb_build_object('mode', v.mode, 'category', v.category, 'until', v.expires_at,
			'member', (select m.name from public.members as m where m.id = v.member_id),
			'elsewhere', exists (select from public.registrations as r
				where r.summit_id = v.summit_id and r.person_id = private.invited_person(v.address_hash)
				and r.state not in ('draft', 'declined', 'withdrawn', 'expired') and r.member_id is distinct
					from v.member_id))),
		v.summit_id, 5, 'invitation:' || v_link)
	returning id into v_mail;
	perform private.tell('outbox', 'mail', v_mail);
end
$$;

-- A letter that has not left yet does not leave any more.
create function private.end_links(p_invitation uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with ended as (
		update private.personal_links as l set revoked_at = now()
			where l.invitation_id = p_invitation and l.revoked_at is null and l.used_at is null returning l.id
	)
	update private.outbox as o set state = 'dead', secret = null, last_error = 'revoked'
	from ended where o.once_key = 'invitation:' || ended.id and o.state = 'queued';
end
$$;

-- Makes one and sends it; the caller has checked who may. Either a member's (p_member) or a pool's (p_pool), until
-- p_until at the latest. Answers {status: ok | already | limited | invalid | closed | not_allowed, id}: the same
-- whoever the address belongs to, known or not.
create function private.make_invitation(p_summit uuid, p_member uuid, p_pool uuid,
	p_category public.registration_category,
	p_mode public.attendance_mode, p_until timestamptz, p_letter jsonb, p_principal uuid default null, p_replaces uuid
		default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_until timestamptz := least(p_until, now() + interval '14 days');
begin
	if not private.is_letter(p_letter) or p_mode is null or p_category is null
		or (p_member is null) = (p_pool is null) then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_until <= now() then return jsonb_build_object('status', 'closed'); end if;
	-- One at a time for each member or pool: two clicks, or two focal points, are one invitation.
	perform pg_advisory_xact_lock(hashtextextended('invitations:' || coalesce(p_member, p_pool) || p_summit, 3));
	-- A member that is merged into another at this moment is waited for, and gone.
	perform from public.summit_members as sm where sm.summit_id = p_summit and sm.member_id = p_member for key share;
	if p_member is not null and not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if exists (select from private.invitations as i
		where i.summit_id = p_summit and (i.member_id = p_member or i.pool_id = p_pool)
		and i.address_hash = decode(p_letter ->> 'address_hash', 'hex')
			and private.invitation_state(i) in ('sent', 'opened')) then
		return jsonb_build_object('status', 'already');
	end if;
	if (select count(*) from private.personal_links as l join private.invitations as i on i.id = l.invitation_id
		where i.summit_id = p_summit and (i.member_id = p_member or i.pool_id = p_pool)
			and l.created_at > now() - interval '1 day') >= 200 then
		return jsonb_build_object('status', 'limited');
	end if;
	insert into private.invitations (summit_id, category, member_id, pool_id, mode, address_hash, address_sealed,
		key_id, address_mask, note_sealed,
		locale, invited_by, principal_id, replaces_id, expires_at)
	values (p_summit, p_category, p_member, p_pool, p_mode, decode(p_letter ->> 'address_hash', 'hex'),
		decode(p_letter ->> 'address_sealed', 'hex'),
		p_letter ->> 'key_id', p_letter ->> 'address_mask', decode(p_letter ->> 'note_sealed', 'hex'),
		p_letter ->> 'locale', private.actor(), p_principal, p_replaces, v_until)
	returning id into v_id;
	perform private.send_invitation(v_id, p_letter);
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;

-- What to seal anew for another sending. For the app alone: it opens, and seals with the key of today.
create function private.invitation_letter(p_id uuid)
	returns table (address_sealed bytea, key_id text, note_sealed bytea, locale text)
language sql stable security definer set search_path = '' as $$
	select i.address_sealed, i.key_id, i.note_sealed, i.locale from private.invitations as i
		where i.id = p_id and i.address_sealed is not null
$$;
grant execute on function private.invitation_letter(uuid) to app_server;

-- Sends again, with a new token and a new term; at most three sendings a day. The caller has checked who may and holds
-- the row. Answers ok, limited, wrong_state or invalid.
create function private.renew_invitation(p_id uuid, p_until timestamptz, p_letter jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
begin
	select * into v from private.invitations as i where i.id = p_id for no key update;
	if not found or not private.is_letter(p_letter) or decode(p_letter ->> 'address_hash', 'hex') <> v.address_hash then
		return 'invalid';
	end if;
	if private.invitation_state(v) not in ('sent', 'opened', 'expired')
		or least(p_until, now() + interval '14 days') <= now() then
		return 'wrong_state';
	end if;
	if (select count(*) from private.personal_links as l
		where l.invitation_id = p_id and l.created_at > now() - interval '1 day') >= 3 then
		return 'limited';
	end if;
	update private.invitations as i
	set expires_at = least(p_until, now() + interval '14 days'), opened_at = null, key_id = p_letter ->> 'key_id',
		address_sealed = decode(p_letter ->> 'address_sealed', 'hex'),
			note_sealed = decode(p_letter ->> 'note_sealed', 'hex')
	where i.id = p_id;
	perform private.send_invitation(p_id, p_letter);
	return 'ok';
end
$$;

-- The address is of no more use, and goes. Answers ok or wrong_state.
create function private.end_invitation(p_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.invitations as i set revoked_at = now(), address_sealed = null, key_id = null, note_sealed = null
	where i.id = p_id and private.invitation_state(i) in ('sent', 'opened', 'expired');
	if not found then return 'wrong_state'; end if;
	perform private.end_links(p_id);
	return 'ok';
end
$$;

-- The invitation of a link: the row, or none. A link that was replaced by a newer one is as unknown as a forged one.
create function private.invitation_of(p_token_hash text) returns setof private.invitations
language sql stable security definer set search_path = '' as $$
	select i.* from private.personal_links as l join private.invitations as i on i.id = l.invitation_id
	where l.kind = 'invitation' and p_token_hash ~ '^[0-9a-f]{64}$' and l.token_hash = decode(p_token_hash, 'hex')
		and (l.revoked_at is null or i.revoked_at is not null)
$$;

-- Whether the reader has proven the address that it was sent to.
create function private.is_mine(p private.invitations) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.person_addresses as a
		where a.address_hash = p.address_hash and a.person_id = (select private.me()) and a.verified_at is not null)
$$;

-- Whoever holds the link reads who invites to what; never to which address. `mine` is null for those who are signed
-- out. Null when there is no such link.
create function public.read_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', private.invitation_state(i), 'category', i.category, 'mode', i.mode, 'until',
		private.iso(i.expires_at),
		'member', m.name, 'summit', s.slug, 'open', private.registration_window(i.summit_id) = 'open',
		'mine', case when (select private.me()) is not null then private.is_mine(i) end,
		'elsewhere', private.is_mine(i) and exists (select from public.registrations as r
			where r.summit_id = i.summit_id and r.person_id = (select private.me())
			and r.state not in ('draft', 'declined', 'withdrawn', 'expired') and r.member_id is distinct
				from i.member_id),
		'registered_with', case when private.is_mine(i) then (select other.name
			from public.registrations as r join public.members as other on other.id = r.member_id
			where r.summit_id = i.summit_id and r.person_id = (select private.me())
				and r.state not in ('declined', 'withdrawn', 'expired')) end)
	from private.invitation_of(read_invitation.token_hash) as i
	join public.summits as s on s.id = i.summit_id
	left join public.members as m on m.id = i.member_id
$$;
grant execute on function public.read_invitation(text) to anon, authenticated;

-- Programs that look into mail follow links: it counts as opened when somebody goes on.
create function private.open_invitation(p_token_hash text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.invitations as i set opened_at = now()
	from private.invitation_of(p_token_hash) as found where i.id = found.id and private.invitation_state(i) = 'sent'
$$;
grant execute on function private.open_invitation(text) to app_server;

-- Answers {status: ok | already | elsewhere | not_yours | not_open | used | expired | revoked | not_found,
-- registration}. ok: a draft stands for this seat. already: the registration of before is nominated now. elsewhere:
-- another one lives, and stays.
create function public.accept_invitation(token_hash text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
	v_r public.registrations;
	v_state text;
	v_me uuid := private.me();
begin
	select * into v from private.invitation_of(accept_invitation.token_hash);
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_me is null or not private.is_mine(v) then return jsonb_build_object('status', 'not_yours'); end if;
	perform private.lock_modes(v.summit_id);
	select * into v_r from public.registrations as r
	where r.summit_id = v.summit_id and r.person_id = v_me and r.state not in ('declined', 'withdrawn', 'expired')
		for no key update;
	select * into v from private.invitations as i where i.id = v.id for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	v_state := private.invitation_state(v);
	-- The second of a double click finds what the first one made.
	if v_state = 'used' and v.registration_id = v_r.id then
		return jsonb_build_object('status', 'ok', 'registration', v_r.id);
	end if;
	if v_state not in ('sent', 'opened') then return jsonb_build_object('status', v_state); end if;
	if private.registration_window(v.summit_id) <> 'open' then return jsonb_build_object('status', 'not_open'); end if;
	if v_r.id is not null and v_r.state <> 'draft'
		and (v_r.member_id is distinct from v.member_id or v.member_id is null) then
		return jsonb_build_object('status', 'elsewhere');
	end if;
	perform private.act_for(v_me);
	v_r := private.register_by_invitation(v, v_r, v_me);
	update private.invitations as i
		set used_at = now(), registration_id = v_r.id, address_sealed = null, key_id = null, note_sealed = null
		where i.id = v.id;
	update private.personal_links as l set used_at = now() where l.invitation_id = v.id and l.revoked_at is null;
	perform private.tell_registration(v_r);
	return jsonb_build_object('status', case v_r.state when 'draft' then 'ok' else 'already' end, 'registration',
		v_r.id);
end
$$;
grant execute on function public.accept_invitation(text) to authenticated;

-- A new draft for this seat, the draft of before turned to it, or, when the form was sent already, its nomination.
create function private.register_by_invitation(p private.invitations, p_r public.registrations, p_me uuid)
	returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := p_r;
begin
	if v_r.state <> 'draft' then
		if v_r.state = 'submitted' then
			v_r := private.move_registration(v_r.id, 'nominated', '', null, p.invited_by, p.principal_id);
		end if;
		-- Who waits for the very seat that is handed on has it at once.
		perform private.take_over_seat(p.replaces_id, v_r, q.id, p.invited_by, p.principal_id)
			from public.queue_entries as q
		where q.registration_id = v_r.id and q.mode = p.mode and q.state = 'waiting' and p.replaces_id is not null;
		return v_r;
	end if;
	if v_r.id is null then
		insert into public.registrations (summit_id, person_id, category, mode)
			values (p.summit_id, p_me, p.category, p.mode) returning * into v_r;
		insert into public.registration_details (registration_id, person_id) values (v_r.id, p_me);
		insert into public.registration_steps (registration_id, to_state, mode, actor_id)
			values (v_r.id, 'draft', p.mode, private.actor());
	end if;
	delete from public.member_requests as q where q.registration_id = v_r.id;
	update public.registrations as r
	set category = p.category, mode = p.mode, member_id = p.member_id, pool_id = p.pool_id, version = r.version + 1,
		updated_at = now()
	where r.id = v_r.id returning * into v_r;
	update public.people as person
	set affiliation = coalesce((select m.name from public.members as m where m.id = p.member_id), person.affiliation),
		updated_at = now()
	where person.id = p_me and not private.has_alias(p_me) and p.member_id is not null
		and person.affiliation is distinct from (select m.name from public.members as m where m.id = p.member_id);
	return v_r;
end
$$;

-- The invitation by which a registration is nominated: as long as member or pool and mode are those it was given for.
create function private.nomination_of(p_r public.registrations)
	returns table (invited_by uuid, principal_id uuid, replaces_id uuid)
language sql stable security definer set search_path = '' as $$
	select i.invited_by, i.principal_id, i.replaces_id from private.invitations as i
	where i.registration_id = p_r.id and i.used_at is not null and i.mode = p_r.mode and i.category = p_r.category
		and (i.member_id, i.pool_id) is not distinct from (p_r.member_id, p_r.pool_id)
	order by i.used_at desc limit 1
$$;
