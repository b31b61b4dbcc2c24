-- Those under 18: they name a guardian, an organiser links the guardian's registration, the guardian consents.

-- A guardian is an adult with a live registration at the same Summit; who links is an organiser, who consents the guardian.
create function public.link_guardian(registration uuid, guardian uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_guardian public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if not found or not private.has_role(v_r.summit_id, 'registration') then return 'not_allowed'; end if;
	if not v_r.is_minor or v_r.state <> 'draft' then return 'wrong_state'; end if;
	if not exists (select from public.registrations as g where g.id = guardian and g.summit_id = v_r.summit_id and g.person_id <> v_r.person_id
		and not g.is_minor and g.state not in ('declined', 'withdrawn', 'expired')) then return 'unknown_guardian'; end if;
	perform private.act_for(v_r.person_id);
	-- Linked once more, a consent that was given stays.
	update public.registrations as r set guardian_id = guardian, guardian_consent_at = case when r.guardian_id = guardian then r.guardian_consent_at end,
		updated_at = now() where r.id = registration;
	perform private.tell_registration(v_r);
	if v_r.guardian_id is distinct from guardian then
		select g.* into v_guardian from public.registrations as g where g.id = guardian;
		perform private.tell('person:' || v_guardian.person_id, 'registration', guardian);
		perform private.mail_about(v_guardian, 'guardian_asked', '{}', 'guardian:' || registration || ':' || guardian);
	end if;
	return 'ok';
end
$$;

create function public.give_guardian_consent(registration uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	-- Nobody consents for another's child: not even an assistant of the guardian.
	select r.* into v_r from public.registrations as r join public.registrations as g on g.id = r.guardian_id
	where r.id = registration and g.person_id = private.me() for no key update of r;
	if not found then return 'not_found'; end if;
	if v_r.guardian_consent_at is not null then return 'already'; end if;
	update public.registrations as r set guardian_consent_at = now(), updated_at = now() where r.id = registration;
	perform private.tell_registration(v_r);
	return 'ok';
end
$$;

-- Names a guardian by the reference of a registration or by the hash of an address (hexadecimal). Known and unknown get the same
-- answer: ok | invalid | not_found (no draft of somebody under 18 that is the reader's).
create function public.name_guardian(registration uuid, reference text, address_hash text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_reference text := nullif(upper(btrim(coalesce(name_guardian.reference, ''))), '');
	v_hash bytea := case when name_guardian.address_hash ~ '^[0-9a-f]{64}$' then decode(name_guardian.address_hash, 'hex') end;
	v_same boolean;
begin
	select r.* into v_r from public.registrations as r
	where r.id = registration and r.person_id in (select private.my_people('registration')) and r.is_minor and r.state = 'draft' for no key update;
	if not found then return 'not_found'; end if;
	if num_nonnulls(v_reference, v_hash) <> 1 or length(v_reference) > 20 then return 'invalid'; end if;
	select (g.reference, g.address_hash) is not distinct from (v_reference, v_hash) into v_same from private.guardian_claims as g where g.registration_id = v_r.id;
	if v_same then return 'ok'; end if;
	perform private.act_for(v_r.person_id);
	insert into private.guardian_claims as g (registration_id, reference, address_hash) values (v_r.id, v_reference, v_hash)
	on conflict (registration_id) do update set reference = excluded.reference, address_hash = excluded.address_hash, named_at = now();
	-- Another guardian has consented to nothing yet.
	update public.registrations as r set guardian_id = null, guardian_consent_at = null, updated_at = now() where r.id = v_r.id and r.guardian_id is not null;
	perform private.tell_registration(v_r);
	return 'ok';
end
$$;

-- The adult's live registration at the same Summit that a claim means; null while there is none.
create function private.guardian_meant(p_r public.registrations) returns uuid
language sql stable security definer set search_path = '' as $$
	select g.id from private.guardian_claims as c
	join public.registrations as g on g.summit_id = p_r.summit_id and g.person_id <> p_r.person_id and not g.is_minor
		and g.state not in ('declined', 'withdrawn', 'expired')
		and (g.reference = c.reference or g.person_id in (select a.person_id from private.person_addresses as a where a.address_hash = c.address_hash))
	where c.registration_id = p_r.id limit 1
$$;

-- What the reader has to do with guardians at a Summit: {is_minor, named, linked, consented_at} of their own registration (null when
-- they are of age), and those for whom they are guardian: [{registration_id, display_name, state, consented_at}].
create function public.my_guardianship(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'own', (select jsonb_build_object('registration_id', r.id, 'named', c.registration_id is not null,
				'linked', (select p.display_name from public.registrations as g join public.people as p on p.id = g.person_id where g.id = r.guardian_id),
				'consented_at', private.iso(r.guardian_consent_at))
			from public.registrations as r left join private.guardian_claims as c on c.registration_id = r.id
			where r.summit_id = my_guardianship.summit and r.person_id = private.me() and r.is_minor and r.state not in ('declined', 'withdrawn', 'expired')),
		'wards', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'display_name', p.display_name, 'state', r.state,
				'consented_at', private.iso(r.guardian_consent_at)) order by p.display_name), '[]')
			from public.registrations as g join public.registrations as r on r.guardian_id = g.id join public.people as p on p.id = r.person_id
			where g.summit_id = my_guardianship.summit and g.person_id = private.me() and r.state not in ('declined', 'withdrawn', 'expired')))
$$;

-- For whoever accredits: {named, meant: {id, reference, display_name} | null, linked: … | null, consented_at}; null when of age or not to be seen.
create function public.read_guardian(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('named', exists (select from private.guardian_claims as c where c.registration_id = r.id),
		'meant', (select jsonb_build_object('id', g.id, 'reference', g.reference, 'display_name', p.display_name)
			from public.registrations as g join public.people as p on p.id = g.person_id where g.id = private.guardian_meant(r)),
		'linked', (select jsonb_build_object('id', g.id, 'reference', g.reference, 'display_name', p.display_name)
			from public.registrations as g join public.people as p on p.id = g.person_id where g.id = r.guardian_id),
		'consented_at', private.iso(r.guardian_consent_at))
	from public.registrations as r
	where r.id = read_guardian.registration and r.is_minor and private.has_role(r.summit_id, 'registration')
$$;

-- Links by the reference that an organiser types. Answers as link_guardian does.
create function public.link_guardian_by_reference(registration uuid, reference text) returns text
language sql volatile security definer set search_path = '' as $$
	select public.link_guardian(link_guardian_by_reference.registration, (select g.id from public.registrations as g
		join public.registrations as r on r.id = link_guardian_by_reference.registration and r.summit_id = g.summit_id
		where g.reference = upper(btrim(link_guardian_by_reference.reference))))
$$;

grant execute on function public.link_guardian(uuid, uuid), public.give_guardian_consent(uuid), public.name_guardian(uuid, text, text),
	public.my_guardianship(uuid), public.read_guardian(uuid), public.link_guardian_by_reference(uuid, text) to authenticated;
