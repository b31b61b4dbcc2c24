-- Sending invitations to register, for a member's seat or into a pool: making, renewing and ending them. Each is bound
-- to one mail address, and only the holder of that address can use it (invitation_acceptance.sql).

-- Returns the state of an invitation: sent, opened, used, expired or revoked.
create function private.invitation_state(p private.invitations) returns text
language sql stable set search_path = '' as $$
	select case
		when p.revoked_at is not null then 'revoked'
		when p.used_at is not null then 'used'
		when p.expires_at <= now() then 'expired'
		when p.opened_at is not null then 'opened'
		else 'sent' end
$$;

-- Returns whether this is a letter as the app seals it, as text of hexadecimal digits: {address_hash, address_sealed,
-- key_id, address_mask, token_hash, secret, note_sealed, locale}. `secret` holds the token and the note for the mail
-- only, sealed with the same key as the address.
create function private.is_sealed_invitation(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object'
		and p ->> 'address_hash' ~ '^[0-9a-f]{64}$'
		and p ->> 'token_hash' ~ '^[0-9a-f]{64}$'
		and p ->> 'address_sealed' ~ '^([0-9a-f]{2})+$'
		and length(p ->> 'address_sealed') between 56 and 4000
		and p ->> 'secret' ~ '^([0-9a-f]{2})+$'
		and length(p ->> 'secret') between 56 and 16000
		and coalesce(p ->> 'note_sealed', '00') ~ '^([0-9a-f]{2})+$'
		and coalesce(length(p ->> 'note_sealed'), 0) <= 16000
		and p ->> 'key_id' <> ''
		and p ->> 'address_mask' like '%…%'
		and length(p ->> 'address_mask') <= 200
		and private.is_interface_language(p ->> 'locale'), false)
$$;

-- Returns the person who has an address, null if nobody has it.
create function private.find_person_by_address(p_address_hash bytea) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id from private.person_addresses as a where a.address_hash = p_address_hash
$$;

-- Revokes the unused links of an invitation, and cancels a mail that has not been sent yet.
create function private.revoke_invitation_links(p_invitation uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with ended as (
		update private.personal_links as l
		set revoked_at = now()
		where l.invitation_id = p_invitation and l.revoked_at is null and l.used_at is null
		returning l.id
	)
	update private.outbox as o
	set state = 'dead', secret = null, last_error = 'revoked'
	from ended
	where o.idempotency_key = 'invitation:' || ended.id and o.state = 'queued';
end
$$;

-- Ends the earlier links, makes a new one and queues its mail. Only the mail says whether the addressee is registered
-- elsewhere (`elsewhere`), so that the sender learns nothing about the address. Locks the invitation.
create function private.send_invitation(p_id uuid, p_letter jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
	v_link uuid;
begin
	select * into strict v from private.invitations as i where i.id = p_id for no key update;
	perform private.revoke_invitation_links(p_id);
	insert into private.personal_links (kind, token_hash, summit_id, invitation_id, scope, expires_at)
	values ('invitation', decode(p_letter ->> 'token_hash', 'hex'), v.summit_id, v.id,
		jsonb_strip_nulls(jsonb_build_object('member_id', v.member_id, 'pool_id', v.pool_id, 'mode', v.mode)),
		v.expires_at)
	returning id into v_link;
	perform private.enqueue_address_mail('invitation', decode(p_letter ->> 'address_sealed', 'hex'),
		p_letter ->> 'key_id',
		v.locale,
		jsonb_strip_nulls(jsonb_build_object(
			'mode', v.mode,
			'category', v.category,
			'until', v.expires_at,
			'member', (select m.name from public.members as m where m.id = v.member_id),
			'elsewhere', exists (
				select from public.registrations as r
				where r.summit_id = v.summit_id
					and r.person_id = private.find_person_by_address(v.address_hash)
					and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
					and r.member_id is distinct from v.member_id))),
		decode(p_letter ->> 'secret', 'hex'),
		v.summit_id,
		'invitation:' || v_link);
end
$$;

-- Makes an invitation for a member's seat (`p_member`) or into a pool (`p_pool`) and sends it. It is valid for 14 days,
-- and until `p_until` at the latest. The caller has checked who may. An advisory lock for each member or pool makes two
-- clicks, or two focal points, send one invitation. Returns {status: ok | already | limited (200 a day) | invalid |
-- closed | not_allowed, id}: the same whether or not anybody has the address.
create function private.create_invitation(p_summit uuid, p_member uuid, p_pool uuid,
	p_category public.registration_category, p_mode public.attendance_mode, p_until timestamptz, p_letter jsonb,
	p_principal uuid default null, p_replaces uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_until timestamptz := least(p_until, now() + interval '14 days');
begin
	if not private.is_sealed_invitation(p_letter)
		or p_mode is null
		or p_category is null
		or (p_member is null) = (p_pool is null) then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_until <= now() then return jsonb_build_object('status', 'closed'); end if;
	perform pg_advisory_xact_lock(hashtextextended('invitations:' || coalesce(p_member, p_pool) || p_summit, 3));
	-- The lock waits for a merge of this member into another; after the merge the member is not found.
	perform from public.summit_members as sm where sm.summit_id = p_summit and sm.member_id = p_member for key share;
	if p_member is not null and not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if exists (
		select from private.invitations as i
		where i.summit_id = p_summit
			and (i.member_id = p_member or i.pool_id = p_pool)
			and i.address_hash = decode(p_letter ->> 'address_hash', 'hex')
			and private.invitation_state(i) in ('sent', 'opened')) then
		return jsonb_build_object('status', 'already');
	end if;
	if (
		select count(*)
		from private.personal_links as l
		join private.invitations as i on i.id = l.invitation_id
		where i.summit_id = p_summit
			and (i.member_id = p_member or i.pool_id = p_pool)
			and l.created_at > now() - interval '1 day') >= 200 then
		return jsonb_build_object('status', 'limited');
	end if;
	insert into private.invitations (summit_id, category, member_id, pool_id, mode, address_hash, address_sealed,
		key_id, address_mask, note_sealed, locale, invited_by, principal_id, transfers_from_id, expires_at)
	values (p_summit, p_category, p_member, p_pool, p_mode, decode(p_letter ->> 'address_hash', 'hex'),
		decode(p_letter ->> 'address_sealed', 'hex'), p_letter ->> 'key_id', p_letter ->> 'address_mask',
		decode(p_letter ->> 'note_sealed', 'hex'), p_letter ->> 'locale', private.actor(), p_principal, p_replaces,
		v_until)
	returning id into v_id;
	perform private.send_invitation(v_id, p_letter);
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;

-- Returns what the app opens and seals again, with the current key, to send an invitation once more. For the app only.
create function private.sealed_invitation(p_id uuid)
	returns table (address_sealed bytea, key_id text, note_sealed bytea, locale text)
language sql stable security definer set search_path = '' as $$
	select i.address_sealed, i.key_id, i.note_sealed, i.locale
	from private.invitations as i
	where i.id = p_id and i.address_sealed is not null
$$;
grant execute on function private.sealed_invitation(uuid) to app_server;

-- Sends an invitation again with a new token and a new term. The caller has checked who may and holds the lock on the
-- row. Returns ok, limited (three times a day), wrong_state or invalid.
create function private.renew_invitation(p_id uuid, p_until timestamptz, p_letter jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.invitations;
begin
	select * into v from private.invitations as i where i.id = p_id for no key update;
	if not found
		or not private.is_sealed_invitation(p_letter)
		or decode(p_letter ->> 'address_hash', 'hex') <> v.address_hash then
		return 'invalid';
	end if;
	if private.invitation_state(v) not in ('sent', 'opened', 'expired')
		or least(p_until, now() + interval '14 days') <= now() then
		return 'wrong_state';
	end if;
	if (
		select count(*)
		from private.personal_links as l
		where l.invitation_id = p_id and l.created_at > now() - interval '1 day') >= 3 then
		return 'limited';
	end if;
	update private.invitations as i
	set expires_at = least(p_until, now() + interval '14 days'),
		opened_at = null,
		key_id = p_letter ->> 'key_id',
		address_sealed = decode(p_letter ->> 'address_sealed', 'hex'),
		note_sealed = decode(p_letter ->> 'note_sealed', 'hex')
	where i.id = p_id;
	perform private.send_invitation(p_id, p_letter);
	return 'ok';
end
$$;

-- Revokes an invitation and deletes its address, which is no longer needed. Returns ok or wrong_state.
create function private.end_invitation(p_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.invitations as i
	set revoked_at = now(), address_sealed = null, key_id = null, note_sealed = null
	where i.id = p_id and private.invitation_state(i) in ('sent', 'opened', 'expired');
	if not found then return 'wrong_state'; end if;
	perform private.revoke_invitation_links(p_id);
	return 'ok';
end
$$;
