-- How a registration moves from state to state, and whom that is told.

-- Who acts for whom, and why, for the audit of this transaction. An assistant acts for the principal.
create function private.act_for(p_person uuid, p_reason text default '') returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.reason', coalesce(p_reason, ''), true);
	perform set_config('app.principal',
		case when p_person <> private.actor() and p_person in (select private.my_people('registration'))
		then p_person::text else '' end, true);
end
$$;

-- Text from outside becomes an id, or null.
create function private.as_uuid(p_text text) returns uuid
language sql immutable set search_path = '' as $$
	select case when p_text ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_text::uuid end
$$;

--[was in registration_steps] One line of text as a name or an office: no control characters, single spaces.
-- As before, and without signs that are not seen and turn what stands around them: a name runs as its letters do, on a badge, at a door and in a list.
-- Those that Persian and Indian words are written with, and marks of one direction, stay.
create function private.one_line(p_text text) returns text
language sql immutable set search_path = '' as $$
	select btrim(regexp_replace(regexp_replace(coalesce(p_text, ''), '[\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]',
		'', 'g'), '[[:cntrl:][:space:]\u007F-\u009F\u2028\u2029]+', ' ', 'g'))
$$;

-- The same answer as read_summit gives: before, open or closed.
create function private.registration_window(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
		when s.registration_opens_at is null or s.registration_opens_at > now() then 'before' else 'open' end
	from public.summits as s where s.id = p_summit
$$;

-- The person and the organisers hear that something about a registration has changed.
create function private.tell_registration(p_registration public.registrations, p_kind text default 'registration')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.tell('person:' || p_registration.person_id, p_kind, p_registration.id);
	if p_registration.state <> 'draft' then
		perform private.tell('organise:' || p_registration.summit_id, 'registration', p_registration.id);
	end if;
end
$$;

-- The one way in which a state changes: with who, when and why, and with the news of it.
-- `p_by` (and `p_for`) when somebody else's earlier act takes effect now: a nomination by invitation.
create function private.move_registration(p_id uuid, p_to public.registration_state, p_reason text
	default '', p_mode public.attendance_mode default null,
	p_by uuid default null, p_for uuid default null)
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
	where r.id = p_id returning * into v_new;
	insert into public.registration_steps (registration_id, from_state, to_state, mode, actor_id, principal_id, reason)
	values (p_id, v_old.state, p_to, v_new.mode, coalesce(p_by, private.actor()),
		case when p_by is not null then p_for else nullif(current_setting('app.principal', true), '')::uuid end,
			left(coalesce(p_reason, ''), 2000));
	perform private.tell_registration(v_new);
	-- What a confirmed registration lets one see has changed: open streams are checked anew.
	if (v_old.state = 'confirmed') <> (p_to = 'confirmed') then
		perform private.tell('person:' || v_new.person_id, 'rights');
	end if;
	return v_new;
end
$$;
