-- Which roles need a passkey, and which of the caller's own count in their session.

-- Sets whether strong roles need passkeys, at the start of the app.
create function private.set_passkeys_required(p_required boolean) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.sign_in_policy as s (passkeys_required) values (p_required)
	on conflict (is_only) do update set passkeys_required = excluded.passkeys_required
		where s.passkeys_required <> excluded.passkeys_required
$$;
grant execute on function private.set_passkeys_required(boolean) to app_server;

create function private.passkeys_required() returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select s.passkeys_required from private.sign_in_policy as s), true)
$$;

-- The roles that reach sensitive data, money or the rights of others. Without a search_path of its own, so that it
-- becomes part of the expression that uses it.
create function private.is_strong_role(p_role public.organiser_role) returns boolean
language sql immutable as $$
	select p_role in ('owner', 'finance', 'safeguarding', 'registration')
$$;

-- Whether somebody holds such a role, at any Summit, or reads the concerns that no lead may read.
create function private.holds_strong_role(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_grants as g
			where g.person_id = p_person and private.is_strong_role(g.role))
		or exists (select from private.concern_deputies as d where d.person_id = p_person and d.ended_at is null)
$$;

-- Whether somebody is asked for a passkey: always who has one, and who holds a strong role where those need one.
create function private.needs_passkey(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.passkeys as k where k.person_id = p_person)
		or private.passkeys_required() and private.holds_strong_role(p_person)
$$;

-- The session of Auth in which the caller is signed in. Where the app acts for somebody without their claims, it names
-- the session in `app.auth_session`.
create function private.auth_session() returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	return coalesce(private.parse_uuid(auth.jwt() ->> 'session_id'),
		private.parse_uuid(current_setting('app.auth_session', true)));
end
$$;

-- The person who acts, as far as their own session is known; null for the app itself.
create function private.session_person() returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	return coalesce(private.me(), private.person_of_session(private.parse_uuid(current_setting('app.auth_session', true))));
end
$$;

-- When the caller last used a passkey of theirs in this session, and when they last acted in it; nulls without.
create function private.my_assurance(out confirmed_at timestamptz, out acted_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select a.confirmed_at, a.acted_at
	from private.session_assurances as a
	join private.passkeys as k on k.id = a.passkey_id and k.person_id = (select private.session_person())
	where a.session_id = (select private.auth_session())
$$;

-- Which strong roles count in the caller's session: 2, all of them; 1, all but safeguarding; 0, none. They count for
-- twelve hours after a passkey was used in it, safeguarding only while the last act is less than half an hour ago.
-- Asked as often as private.me(), so the answer is kept for the transaction, beside the session that it belongs to.
create function private.session_strength() returns integer
language plpgsql stable security definer set search_path = '' as $$
declare
	v_session text := coalesce(private.claims(), current_setting('app.auth_session', true), '');
	v_strength integer;
begin
	if v_session = '' then return 0; end if;
	if current_setting('app.strength_of', true) = v_session then
		return current_setting('app.strength', true)::integer;
	end if;
	select case
		when not private.passkeys_required() then 2
		when coalesce(a.confirmed_at <= now() - interval '12 hours', true) then 0
		when greatest(a.acted_at, a.confirmed_at) <= now() - interval '30 minutes' then 1
		else 2
	end into v_strength
	from private.my_assurance() as a;
	perform set_config('app.strength_of', v_session, true), set_config('app.strength', v_strength::text, true);
	return v_strength;
end
$$;

-- Whether a role that this person holds counts at this moment: of the caller's own, a strong role counts in a strong
-- session alone. Without a search_path of its own, so that it becomes part of the expression that uses it.
create function private.is_role_usable(p_person uuid, p_role public.organiser_role) returns boolean
language sql stable as $$
	select not private.is_strong_role(p_role)
		or private.session_strength() >= case p_role when 'safeguarding' then 2 else 1 end
		or p_person is distinct from private.session_person()
$$;

-- Whether the caller confirmed with a passkey in the last five minutes, in this session. True for those who are asked
-- for none.
create function private.is_recently_confirmed() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.me() is not null and (
		coalesce((select a.confirmed_at > now() - interval '5 minutes' from private.my_assurance() as a), false)
		or not private.needs_passkey(private.me()))
$$;
