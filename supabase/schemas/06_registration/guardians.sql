-- Guardians of people under 18. The minor names a guardian, who is asked by mail and consents on their own page. What
-- was typed leads only its holder anywhere: the person who typed it and the organisers read what was typed and whether
-- somebody consented, and never who that is.

-- Names a guardian by the reference of a registration or by an address ({hash, sealed, key_id}, in hexadecimal). The
-- minor does it, or an organiser once the minor has named somebody. A known, an unknown and a sealed address get the
-- same answer, and a scheduled job sends the mail, so that the response time reveals nothing either (Rule 5). Locks the
-- registration. Returns ok, invalid, limited (six a day) or not_found (no draft of a minor that the reader may fill
-- in).
create function public.name_guardian(registration uuid, reference text, address jsonb default null)
	returns public.guardian_naming_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_old private.guardian_claims;
	v_reference text := nullif(upper(btrim(coalesce(name_guardian.reference, ''))), '');
	v_hash bytea;
begin
	select r.* into v_r
	from public.registrations as r
	where r.id = registration and r.is_minor and r.state = 'draft'
	for no key update;
	select * into v_old from private.guardian_claims as c where c.registration_id = v_r.id;
	if v_r.id is null
		or v_r.person_id not in (select private.my_people('registration'))
			and not (v_old.registration_id is not null and private.has_role(v_r.summit_id, 'registration')) then
		return 'not_found';
	end if;
	if address is not null and not private.is_sealed_address(address) then return 'invalid'; end if;
	v_hash := decode(address ->> 'hash', 'hex');
	if num_nonnulls(v_reference, v_hash) <> 1 or length(v_reference) > 20 then return 'invalid'; end if;
	if (v_old.reference, v_old.address_hash) is not distinct from (v_reference, v_hash) then return 'ok'; end if;
	if v_old.named_today >= 6 and v_old.named_at > now() - interval '1 day' then return 'limited'; end if;
	perform private.set_audit_context(v_r.person_id);
	insert into private.guardian_claims as c (registration_id, reference, address_hash, address_sealed, key_id)
	values (v_r.id, v_reference, v_hash, decode(address ->> 'sealed', 'hex'), address ->> 'key_id')
	on conflict (registration_id) do update
	set reference = excluded.reference, address_hash = excluded.address_hash,
		address_sealed = excluded.address_sealed, key_id = excluded.key_id,
		named_at = now(), asked_at = null, refused_at = null, holder_id = null,
		named_today = case when c.named_at > now() - interval '1 day' then c.named_today + 1 else 1 end;
	-- The consent of the guardian before does not count for the new one.
	update public.registrations as r
	set guardian_id = null, guardian_consent_at = null, updated_at = now()
	where r.id = v_r.id and r.guardian_id is not null;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.name_guardian(uuid, text, jsonb) to authenticated;

-- Returns the adult's live registration at the same Summit that has the typed reference, or had it when it was typed.
create function private.find_guardian_by_reference(c private.guardian_claims) returns public.registrations
language sql stable security definer set search_path = '' as $$
	select g.*
	from public.registrations as r
	join public.registrations as g on g.summit_id = r.summit_id and g.person_id <> r.person_id
	where r.id = c.registration_id
		and g.id = coalesce(c.holder_id, (select o.id from public.registrations as o where o.reference = c.reference))
		and not g.is_minor
		and g.state not in ('declined', 'withdrawn', 'expired')
$$;

-- Sends the mail to each newly named guardian, once: to the holder of the reference, or to the typed address whether or
-- not anybody has it, in the minor's language. A scheduled job runs it; `skip locked` lets two runs share the claims.
create function private.send_guardian_requests() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.guardian_claims;
	v_r public.registrations;
	v_guardian uuid;
	v_mail uuid;
	v_once text;
begin
	for c in
		update private.guardian_claims as own
		set asked_at = now()
		where own.registration_id in (
			select due.registration_id
			from private.guardian_claims as due
			where due.asked_at is null
			order by due.named_at
			limit 200
			for update skip locked)
		returning own.*
	loop
		select * into v_r from public.registrations as r where r.id = c.registration_id;
		continue when v_r.state <> 'draft' or not v_r.is_minor;
		v_once := 'guardian:' || c.registration_id || ':' || coalesce(c.reference, encode(c.address_hash, 'hex'));
		if c.reference is not null then
			v_guardian := (private.find_guardian_by_reference(c)).person_id;
			if v_guardian is not null then
				perform private.enqueue_mail(v_guardian, 'guardian_asked', '{}', v_r.summit_id, v_once);
			end if;
		else
			select a.person_id into v_guardian
			from private.person_addresses as a
			where a.address_hash = c.address_hash;
			insert into private.outbox (address_sealed, key_id, template, locale, summit_id, idempotency_key)
			values (c.address_sealed, c.key_id, 'guardian_asked',
				coalesce((select f.locale from public.person_preferences as f where f.person_id = v_r.person_id), 'en'),
				v_r.summit_id, v_once)
			on conflict (idempotency_key) do nothing
			returning id into v_mail;
			if v_mail is not null then perform private.publish_event('outbox', 'mail', v_mail); end if;
		end if;
		if v_guardian is not null then
			perform private.publish_event('person:' || v_guardian, 'registration', c.registration_id);
		end if;
	end loop;
end
$$;

-- Returns whether a claim means the reader: by an address that they have verified, or by the reference of their own
-- registration.
create function private.is_asked_as_guardian(c private.guardian_claims, p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.is_minor
		and p_r.state = 'draft'
		and c.refused_at is null
		and p_r.person_id <> (select private.me())
		and (
			exists (
				select from private.person_addresses as a
				where a.address_hash = c.address_hash and a.person_id = (select private.me()) and a.verified_at is not null)
			or (private.find_guardian_by_reference(c)).person_id = (select private.me()))
$$;

-- Returns the reader's live registration as an adult at a Summit: only participants can be guardians.
create function private.my_adult_registration(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select g.id
	from public.registrations as g
	where g.summit_id = p_summit
		and g.person_id = (select private.me())
		and not g.is_minor
		and g.state not in ('declined', 'withdrawn', 'expired')
$$;

-- The guardian consents. Only the named guardian can: an assistant of the guardian has no right here. Locks the
-- registration. Returns ok, already, register_first (the guardian must take part too) or not_found.
create function public.give_guardian_consent(registration uuid) returns public.guardian_consent_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_own uuid;
begin
	select r.* into v_r from public.registrations as r where r.id = registration for no key update;
	v_own := private.my_adult_registration(v_r.summit_id);
	if v_r.guardian_id = v_own and v_r.guardian_consent_at is not null then return 'already'; end if;
	if not exists (
		select from private.guardian_claims as c
		where c.registration_id = v_r.id and private.is_asked_as_guardian(c, v_r)) then
		return 'not_found';
	end if;
	if v_own is null then return 'register_first'; end if;
	perform private.set_audit_context(v_r.person_id);
	update public.registrations as r
	set guardian_id = v_own, guardian_consent_at = now(), updated_at = now()
	where r.id = registration;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.give_guardian_consent(uuid) to authenticated;

-- The addressee says that they are not the guardian. They are not asked again, and nobody else is notified. Locks the
-- registration. Returns ok or not_found.
create function public.refuse_guardianship(registration uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select r.* into v_r from public.registrations as r where r.id = registration for no key update;
	if v_r.guardian_id is not null then return 'not_found'; end if;
	update private.guardian_claims as c
	set refused_at = now()
	where c.registration_id = v_r.id and private.is_asked_as_guardian(c, v_r);
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.refuse_guardianship(uuid) to authenticated;

-- Returns what was typed, for the minor and the organisers: {reference, address_sealed (hex), key_id}; null before a
-- guardian is named.
create function private.guardian_claim_json(p_registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('reference', c.reference, 'address_sealed', encode(c.address_sealed, 'hex'),
		'key_id', c.key_id)
	from private.guardian_claims as c
	where c.registration_id = p_registration
$$;

-- Returns, for registration and safeguarding: {typed, consented_at, guardian}. Only safeguarding reads who the guardian
-- is (`guardian`: {reference, display_name}). Null for an adult, or when the reader may not see it.
create function public.read_guardian(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'typed', private.guardian_claim_json(r.id),
		'consented_at', private.iso(r.guardian_consent_at),
		'guardian', (
			select jsonb_build_object('reference', g.reference, 'display_name', p.display_name)
			from public.registrations as g
			join public.people as p on p.id = g.person_id
			where g.id = r.guardian_id and private.has_role(r.summit_id, 'safeguarding')))
	from public.registrations as r
	where r.id = read_guardian.registration
		and r.is_minor
		and private.has_role(r.summit_id, 'registration', 'safeguarding')
$$;
grant execute on function public.read_guardian(uuid) to authenticated;
