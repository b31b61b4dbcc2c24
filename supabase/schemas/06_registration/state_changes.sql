-- How a registration changes its state, who is recorded as acting, and which pages are notified.

-- Records for the audit of this transaction why something is done, and for whom: an assistant acts for the principal.
create function private.set_audit_context(p_person uuid, p_reason text default '') returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.reason', coalesce(p_reason, ''), true);
	perform set_config('app.principal',
		case when p_person <> private.actor() and p_person in (select private.my_people('registration'))
			then p_person::text
			else '' end,
		true);
end
$$;

-- Returns a text from outside as an id, or null if it is none.
create function private.parse_uuid(p_text text) returns uuid
language sql immutable set search_path = '' as $$
	select case when p_text ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_text::uuid end
$$;

-- Returns whether registration is open: before, open or closed.
create function private.registration_window(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select private.registration_window(s) from public.summits as s where s.id = p_summit
$$;

-- Notifies the pages of the person, and of the organisers once the form is sent, that a registration has changed.
create function private.notify_registration(p_registration public.registrations, p_kind text default 'registration')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.publish_event('person:' || p_registration.person_id, p_kind, p_registration.id);
	if p_registration.state <> 'draft' then
		perform private.publish_event('organise:' || p_registration.summit_id, 'registration', p_registration.id);
	end if;
end
$$;

-- Changes the state of a registration: the only way to do it. Writes the step with who, when and why, and notifies.
-- Locks the registration; callers that count seats hold the locks of the modes before. `p_by` and `p_for` are the actor
-- and the principal when an earlier act of somebody else takes effect now: a nomination by invitation.
create function private.change_registration_state(p_id uuid, p_to public.registration_state, p_reason text default '',
	p_mode public.attendance_mode default null, p_by uuid default null, p_for uuid default null)
	returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.registrations;
	v_new public.registrations;
begin
	select * into strict v_old from public.registrations where id = p_id for no key update;
	update public.registrations as r
	set state = p_to, mode = coalesce(p_mode, r.mode), version = r.version + 1, updated_at = now(),
		state_since = case when r.state = p_to then r.state_since else now() end,
		submitted_at = case when p_to = 'submitted' then clock_timestamp() else r.submitted_at end
	where r.id = p_id
	returning * into v_new;
	insert into public.registration_steps (registration_id, from_state, to_state, mode, actor_id, principal_id, reason)
	values (p_id, v_old.state, p_to, v_new.mode, coalesce(p_by, private.actor()),
		case when p_by is not null then p_for else nullif(current_setting('app.principal', true), '')::uuid end,
		left(coalesce(p_reason, ''), 2000));
	perform private.notify_registration(v_new);
	-- What the person may see has changed, so their open streams are checked again.
	if (v_old.state = 'confirmed') <> (p_to = 'confirmed') then
		perform private.publish_event('person:' || v_new.person_id, 'rights');
	end if;
	return v_new;
end
$$;
