-- One function queues the mails to sealed addresses.

drop function private.enqueue_address_mail(text, bytea, text, text, jsonb, bytea);
-- Queues one mail to a sealed address, whether or not anybody here has it. `p_secret`: a code or token, sealed for the
-- mail alone. Answers its id; null when the same mail was queued before (`p_once`).
create function private.enqueue_address_mail(
	p_template text, p_sealed bytea, p_key_id text, p_locale text, p_params jsonb default '{}',
	p_secret bytea default null, p_summit uuid default null, p_once text default null, p_priority integer default 5
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (address_sealed, key_id, template, locale, params, secret, summit_id, idempotency_key,
		priority)
	values (p_sealed, p_key_id, p_template, p_locale, p_params, p_secret, p_summit, p_once, p_priority)
	on conflict (idempotency_key) do nothing
	returning id into v_id;
	if v_id is not null then
		perform private.publish_event('outbox', 'mail', v_id);
	end if;
	return v_id;
end
$$;

-- The first language of a Summit that the app has: nobody's language is known from an address.
create function private.mail_language(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select tag
			from public.summits as s, unnest(s.languages) with ordinality as spoken (tag, place)
			where s.id = p_summit and tag in ('en', 'fr', 'es', 'ar')
			order by place
			limit 1),
		'en')
$$;

-- Queues the mail of a code. People who belong here come first: a flood of mails to other addresses must not delay
-- theirs.
create or replace function private.enqueue_code_mail(
	p_challenge uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text, p_secret bytea, p_locale text
) returns uuid
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_address_mail('sign_in_code', p_address_sealed, p_key_id, p_locale,
		p_secret => p_secret,
		p_once => 'code:' || p_challenge,
		p_priority => case when exists (select from private.person_addresses where address_hash = p_address_hash) then 0
			else 1 end)
$$;

-- Asks for a change, and mails both codes. `p_secrets`: the codes, sealed for the mail, of the present address and of
-- the new one. The answer does not say whether the new address is known here. Locks the change of the person.
create or replace function private.request_address_change(
	p_person uuid, p_client_hash bytea, p_address_hash bytea, p_address_sealed bytea, p_key_id text,
	p_old_code_hash bytea, p_old_secret bytea, p_new_code_hash bytea, p_new_secret bytea, p_locale text
) returns private.address_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old private.person_addresses;
	v_change private.address_changes;
begin
	if exists (select
		from private.person_addresses as a
		where a.person_id = p_person and p_address_hash in (a.address_hash, a.typed_hash))
	then
		return 'same';
	end if;
	select * into v_old from private.person_addresses as a where a.person_id = p_person and a.is_primary;
	perform private.set_audit_context(p_person);
	insert into private.address_changes as c (person_id, address_hash, address_sealed, key_id, old_code_hash,
		new_code_hash, expires_at)
	values (p_person, p_address_hash, p_address_sealed, p_key_id, case when v_old.id is not null then p_old_code_hash end,
		p_new_code_hash, now() + interval '1 hour')
	on conflict (person_id) do update set
		address_hash = excluded.address_hash, address_sealed = excluded.address_sealed, key_id = excluded.key_id,
		old_code_hash = excluded.old_code_hash, new_code_hash = excluded.new_code_hash, failed_attempts = 0,
		expires_at = excluded.expires_at,
		asked = case when c.asked_since > now() - interval '1 day' then c.asked + 1 else 1 end,
		asked_since = case when c.asked_since > now() - interval '1 day' then c.asked_since else now() end
	where c.asked < 5 or c.asked_since <= now() - interval '1 day'
	returning * into v_change;
	if v_change.person_id is null then return 'limited'; end if;
	if v_old.id is not null then
		perform private.enqueue_address_mail('address_change_code', v_old.address_sealed, v_old.key_id, p_locale,
			'{"is_new": false}', p_old_secret, p_priority => 0);
	end if;
	if private.may_mail_code(p_address_hash, p_client_hash) then
		perform private.enqueue_address_mail('address_change_code', p_address_sealed, p_key_id, p_locale,
			'{"is_new": true}', p_new_secret, p_priority => 0);
	end if;
	return 'ok';
end
$$;

-- Changes the address of a person when both codes are right: the new one replaces the present one, in Auth as well,
-- where it is plain (`p_address`). All other sessions of the account end. Locks the new address as link_account does.
create or replace function private.confirm_address_change(
	p_account uuid, p_session uuid, p_old_code_hash bytea, p_new_code_hash bytea, p_address text, p_address_hash bytea
) returns private.address_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_change private.address_changes;
	v_old private.person_addresses;
begin
	select a.person_id into v_person
	from public.account_people as a
	where a.account_id = p_account and a.relation = 'self';
	select * into v_change from private.address_changes as c where c.person_id = v_person for update;
	if not found or v_change.expires_at <= now() or v_change.address_hash <> p_address_hash then return 'expired'; end if;
	if v_change.failed_attempts >= 5 then return 'invalidated'; end if;
	if v_change.new_code_hash <> p_new_code_hash or v_change.old_code_hash <> p_old_code_hash then
		update private.address_changes as c set failed_attempts = c.failed_attempts + 1 where c.person_id = v_person;
		return case when v_change.failed_attempts >= 4 then 'invalidated' else 'wrong' end;
	end if;
	perform pg_advisory_xact_lock(hashtextextended(encode(v_change.address_hash, 'hex'), 2));
	update private.address_changes as c set expires_at = now() where c.person_id = v_person;
	if exists (select from private.person_addresses as a where a.address_hash = v_change.address_hash)
		or exists (select from auth.users as u join public.account_people as a on a.account_id = u.id where u.email = p_address)
	then
		return 'taken';
	end if;
	perform private.set_audit_context(v_person);
	-- An account that somebody began with the address and that never became a person.
	delete from auth.users as u where u.email = p_address;
	update auth.users as u set email = p_address, updated_at = now() where u.id = p_account;
	update auth.identities as i
	set identity_data = i.identity_data || jsonb_build_object('email', p_address), updated_at = now()
	where i.user_id = p_account and i.provider = 'email';
	delete from private.person_addresses as a where a.person_id = v_person and a.is_primary returning * into v_old;
	insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary, verified_at)
	values (v_person, v_change.address_hash, v_change.address_sealed, v_change.key_id, true, now());
	delete from auth.sessions as s where s.user_id = p_account and s.id <> p_session;
	perform private.notify_signed_out(p_account, null);
	if v_old.id is not null then
		perform private.enqueue_address_mail('address_changed', v_old.address_sealed, v_old.key_id,
			coalesce((select p.locale from public.person_preferences as p where p.person_id = v_person), 'en'),
			p_priority => 0);
	end if;
	return 'ok';
end
$$;

-- Sends the mail of an invitation to its address and not to a person, in the first language of the Summit: neither may
-- reveal whether there is a person. A second invitation on the same day sends no second mail, and the link of the first
-- one stays valid.
create or replace function private.mail_role_invitation(p_invitation uuid, p_address jsonb) returns void
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

-- Offers the holder of an address to act for the account's person, and mails them; known and unknown addresses get the
-- same answer. Answers ok | own (the person's address) | invalid (scope or end) | limited (ten open offers, or ten a
-- day). Locks by person, so that the limits hold.
create or replace function private.invite_assistant(
	p_account uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text, p_scope text, p_until timestamptz,
	p_locale text
) returns private.assistant_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_offer uuid;
begin
	select l.person_id into v_person from public.account_people as l
		where l.account_id = p_account and l.relation = 'self';
	if v_person is null
		or p_scope not in ('all', 'registration', 'speaking')
		or p_until is null
		or p_until <= now()
		or p_until > now() + interval '2 years' then
		return 'invalid';
	end if;
	if exists (select from private.person_addresses as a
		where a.person_id = v_person and a.address_hash = p_address_hash) then
		return 'own';
	end if;
	perform pg_advisory_xact_lock(hashtextextended(v_person::text, 3));
	delete from private.assistant_invitations as o where o.person_id = v_person and o.until <= now();
	if (select count(*) from private.assistant_invitations as o where o.person_id = v_person) >= 10
		or (select count(*)
			from private.outbox as m
			where m.template = 'assistant_asked'
				and m.idempotency_key like 'acting:' || v_person || ':%'
				and m.created_at > now() - interval '1 day') >= 10 then
		return 'limited';
	end if;
	perform set_config('app.actor', v_person::text, true);
	insert into private.assistant_invitations as o (person_id, address_hash, address_sealed, key_id, scope, until)
	values (v_person, p_address_hash, p_address_sealed, p_key_id, p_scope, p_until)
	on conflict (person_id, address_hash) do update
		set scope = excluded.scope, until = excluded.until, created_at = now()
	returning o.id into v_offer;
	perform private.enqueue_address_mail('assistant_asked', p_address_sealed, p_key_id, p_locale,
		p_once => 'acting:' || v_person || ':' || v_offer || ':' || extract(epoch from now()),
		p_priority => 9);
	return 'ok';
end
$$;

-- Writes the invitation and queues its mail, one mail a day at most. An open invitation that has expired is renewed;
-- an answered one is sent again only with `p_again`. The caller has checked the role and the address
-- (private.is_sealed_address).
create or replace function private.send_focal_invitation(p_summit uuid, p_member uuid, p_address jsonb, p_again boolean)
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

-- Queues the mail of an invitation, in the first language of the Summit that the app has. One mail a day: the link of
-- the first one stays valid.
create or replace function private.queue_reviewer_invitation(p_summit uuid, p_invitation uuid, p_address jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.enqueue_address_mail(
		'reviewer_invited',
		decode(p_address ->> 'sealed', 'hex'),
		p_address ->> 'key_id',
		private.mail_language(p_summit),
		jsonb_build_object('until', private.iso(now() + interval '30 days')),
		decode(p_address ->> 'secret', 'hex'),
		p_summit,
		'reviewer_invitation:' || p_invitation || ':' || current_date
	) is not null then
		update private.reviewer_invitations as i
		set token_hash = decode(p_address ->> 'token_hash', 'hex')
		where i.id = p_invitation;
	end if;
end
$$;

-- Queues the invitation of an entry, valid for 14 days, in place of an earlier one that is still queued. Earlier links
-- stop to work.
create or replace function private.send_proposal_invitation(p_entry uuid, p_letter jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
begin
	delete from private.outbox as o
	where o.idempotency_key like 'proposal_invited:' || p_entry || ':%'
		and o.state = 'queued';
	update private.proposal_people as own
	set address_sealed = decode(p_letter ->> 'address_sealed', 'hex'),
		key_id = p_letter ->> 'key_id',
		token_hash = decode(p_letter ->> 'token_hash', 'hex'),
		sent_at = own.sent_at || now(),
		expires_at = now() + interval '14 days'
	where own.id = p_entry
	returning * into e;
	perform private.enqueue_address_mail(
		'proposal_invited',
		e.address_sealed,
		e.key_id,
		e.locale,
		jsonb_build_object('until', e.expires_at, 'part', e.role),
		decode(p_letter ->> 'secret', 'hex'),
		e.summit_id,
		'proposal_invited:' || e.id || ':' || cardinality(e.sent_at)
	);
end
$$;

-- Ends the earlier links, makes a new one and queues its mail. Only the mail says whether the addressee is registered
-- elsewhere (`elsewhere`), so that the sender learns nothing about the address. Locks the invitation.
create or replace function private.send_invitation(p_id uuid, p_letter jsonb) returns void
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
