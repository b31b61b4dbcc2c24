-- Emergency contacts: never required, written by the person alone, and opened by the help desk and safeguarding, who
-- leave an audit entry each time.

-- Whether a value from outside is a sealed contact, {sealed (hex), key_id}, or null, which removes it.
create function private.is_sealed_contact(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select p = 'null' or coalesce(p ->> 'sealed', '') ~ '^([0-9a-f]{2})+$'
		and length(p ->> 'sealed') between 56 and 8000 and coalesce(p ->> 'key_id', '') <> ''
$$;

-- Saves or removes the contact of a registration. save_needs_step has checked it, and that the person writes.
create function private.save_emergency_contact(p_registration uuid, p jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.emergency_contacts as e where e.registration_id = p_registration;
	insert into private.emergency_contacts (registration_id, contact_sealed, key_id)
	select p_registration, decode(p ->> 'sealed', 'hex'), p ->> 'key_id'
	where p <> 'null';
$$;

-- Returns the reader's own contact, {contact_sealed (hex), key_id}; null without one. Assistants do not read it.
create function public.my_emergency_contact(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('contact_sealed', encode(e.contact_sealed, 'hex'), 'key_id', e.key_id)
	from private.emergency_contacts as e
	join public.registrations as r on r.id = e.registration_id
	where r.id = my_emergency_contact.registration and r.person_id = (select private.me())
$$;
grant execute on function public.my_emergency_contact(uuid) to authenticated;

insert into private.audited_tables (name, area) values ('emergency_contact.read', 'registration');

-- Returns the contact of the person with the reference, for the help desk (registration) and safeguarding. It can tell
-- who somebody under an alias is, so only safeguarding opens theirs. Each opening is written to the audit before it is
-- answered. {status: ok | none | protected | not_found | not_allowed, registration_id, display_name, contact_sealed
-- (hex), key_id}.
create function public.read_emergency_contact(summit uuid, reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_contact private.emergency_contacts;
begin
	if not private.has_role(summit, 'registration', 'safeguarding') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	select * into v_r
	from public.registrations as r
	where r.summit_id = read_emergency_contact.summit and r.state <> 'draft'
		and r.reference = upper(btrim(read_emergency_contact.reference));
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if private.has_alias(v_r.person_id) and not private.has_role(summit, 'safeguarding') then
		return jsonb_build_object('status', 'protected');
	end if;
	select * into v_contact from private.emergency_contacts as e where e.registration_id = v_r.id;
	if not found then return jsonb_build_object('status', 'none'); end if;
	perform audit.record_event('emergency_contact.read', v_r.id::text, v_r.summit_id, v_r.person_id, '{}');
	return jsonb_build_object('status', 'ok', 'registration_id', v_r.id,
		'display_name', (select p.display_name from public.people as p where p.id = v_r.person_id),
		'contact_sealed', encode(v_contact.contact_sealed, 'hex'), 'key_id', v_contact.key_id);
end
$$;
grant execute on function public.read_emergency_contact(uuid, text) to authenticated;

-- Nobody needs the contact of a person who does not take part.
create function private.remove_emergency_contact() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.emergency_contacts as e where e.registration_id = new.id;
	return null;
end
$$;
create trigger remove_emergency_contact after update of state on public.registrations for each row
	when (new.state in ('declined', 'withdrawn', 'expired'))
	execute function private.remove_emergency_contact();
