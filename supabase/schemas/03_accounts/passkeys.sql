-- Passkeys: signing in and confirming with them. The app checks signatures; the functions here give out challenges,
-- each for one use, and record what was confirmed.

-- What the use of a passkey leads to. Expired: the challenge is unknown, old, used, or another session's. Not allowed:
-- the passkey is somebody else's. Copied: the authenticator's counter went back, as that of a copy would.
create domain private.passkey_status as text check (value in ('ok', 'expired', 'not_allowed', 'copied'));

-- Adding a passkey. Not allowed: it has to be confirmed by another one first. Already: it exists. Limited: 20 a person.
create domain private.passkey_addition_status as text
	check (value in ('ok', 'expired', 'not_allowed', 'already', 'limited'));

-- The person who is signed in with a session of Auth; null once it has ended.
create function private.person_of_session(p_session uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id
	from auth.sessions as s
	join public.account_people as a on a.account_id = s.user_id and a.relation = 'self'
	where s.id = p_session and (s.not_after is null or s.not_after > now())
$$;

-- Notes that a passkey was used in a session just now.
create function private.assure_session(p_session uuid, p_passkey uuid) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.session_assurances as a (session_id, passkey_id) values (p_session, p_passkey)
	on conflict (session_id) do update set passkey_id = excluded.passkey_id, confirmed_at = now(), acted_at = now()
$$;

-- Keeps a challenge that the app made: to sign in (without a session), to confirm an act, or to add a passkey.
create function private.save_passkey_challenge(p_challenge bytea, p_purpose text, p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.passkey_challenges (challenge, purpose, session_id) values (p_challenge, p_purpose, p_session)
$$;
grant execute on function private.save_passkey_challenge(bytea, text, uuid) to app_server;

-- Uses a challenge up: true for the first who asks for it in time, for the same purpose and session. Locks its row, so
-- of two at once only one gets it.
create function private.use_passkey_challenge(p_challenge bytea, p_purpose text, p_session uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.passkey_challenges as c set used_at = now()
	where c.challenge = p_challenge
		and c.purpose = p_purpose
		and c.session_id is not distinct from p_session
		and c.used_at is null
		and c.expires_at > now();
	return found;
end
$$;

-- The passkeys of the person of a session, so that the browser offers them, and adds none twice.
create function private.passkeys_of_session(p_session uuid)
	returns table (credential_id bytea, transports text[], user_handle bytea)
language sql stable security definer set search_path = '' as $$
	select k.credential_id, k.transports, k.user_handle
	from private.passkeys as k
	where k.person_id = private.person_of_session(p_session)
	order by k.created_at
$$;
grant execute on function private.passkeys_of_session(uuid) to app_server;

-- What it takes to check a signature; no row for an unknown passkey.
create function private.find_passkey(p_credential bytea)
	returns table (id uuid, public_key bytea)
language sql stable security definer set search_path = '' as $$
	select k.id, k.public_key from private.passkeys as k where k.credential_id = p_credential
$$;
grant execute on function private.find_passkey(bytea) to app_server;

-- Records that a passkey signed. False when its counter did not grow: then it is a copy. An authenticator that does not
-- count says 0 each time.
create function private.record_passkey_use(p_passkey uuid, p_counter bigint, p_is_backed_up boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.passkeys as k set counter = p_counter, is_backed_up = p_is_backed_up, last_used_at = now()
	where k.id = p_passkey and (p_counter > k.counter or p_counter = 0 and k.counter = 0);
	return found;
end
$$;

-- Confirms a session with a passkey of its person, whose signature the app has checked. The challenge is used up in any
-- case. Locks the challenge, then the passkey.
create function private.confirm_session(
	p_challenge bytea, p_session uuid, p_passkey uuid, p_counter bigint, p_is_backed_up boolean
) returns private.passkey_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := private.person_of_session(p_session);
begin
	if not private.use_passkey_challenge(p_challenge, 'confirm', p_session) then return 'expired'; end if;
	perform set_config('app.actor', v_person::text, true);
	if not exists (select from private.passkeys as k where k.id = p_passkey and k.person_id = v_person) then
		return 'not_allowed';
	end if;
	if not private.record_passkey_use(p_passkey, p_counter, p_is_backed_up) then return 'copied'; end if;
	perform private.assure_session(p_session, p_passkey);
	perform private.publish_event('person:' || v_person, 'rights');
	return 'ok';
end
$$;
grant execute on function private.confirm_session(bytea, uuid, uuid, bigint, boolean) to app_server;

-- Signs in with a passkey whose signature the app has checked: answers the sealed first address of its person, with
-- which the app begins a session; `assure_sign_in` then notes the passkey on it.
create function private.sign_in_with_passkey(
	p_challenge bytea, p_passkey uuid, p_counter bigint, p_is_backed_up boolean,
	out status private.passkey_status, out address_sealed bytea, out key_id text
)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
begin
	if not private.use_passkey_challenge(p_challenge, 'sign_in', null) then
		status := 'expired';
		return;
	end if;
	select k.person_id into v_person from private.passkeys as k where k.id = p_passkey;
	perform set_config('app.actor', v_person::text, true);
	if not private.record_passkey_use(p_passkey, p_counter, p_is_backed_up) then
		status := 'copied';
		return;
	end if;
	select a.address_sealed, a.key_id into address_sealed, key_id
	from private.person_addresses as a
	where a.person_id = v_person and a.verified_at is not null and a.typed_hash is null
	order by a.is_primary desc, a.verified_at desc
	limit 1;
	status := case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function private.sign_in_with_passkey(bytea, uuid, bigint, boolean) to app_server;

-- Notes the passkey on the session that was begun with it. False when the session is not of its person.
create function private.assure_sign_in(p_session uuid, p_passkey uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from private.passkeys as k
		where k.id = p_passkey and k.person_id = private.person_of_session(p_session)) then
		return false;
	end if;
	perform private.assure_session(p_session, p_passkey);
	return true;
end
$$;
grant execute on function private.assure_sign_in(uuid, uuid) to app_server;

-- Whether a session may add a passkey to its person: the first one always, another one after a confirmation or with a
-- recovery code.
create function private.may_add_passkey(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.id is not null and (
		not exists (select from private.passkeys as k where k.person_id = p.id)
		or exists (select
			from private.session_assurances as a
			join private.passkeys as k on k.id = a.passkey_id and k.person_id = p.id
			where a.session_id = p_session and a.confirmed_at > now() - interval '5 minutes')
		or exists (select from private.recovery_codes as c
			where c.person_id = p.id and c.session_id = p_session and c.used_at > now() - interval '15 minutes'))
	from (select private.person_of_session(p_session) as id) as p
$$;
grant execute on function private.may_add_passkey(uuid) to app_server;

-- Adds a passkey that an authenticator made for the person of a session, and confirms the session with it. Locks the
-- person, so that two sessions never add a first one each.
create function private.add_passkey(
	p_challenge bytea, p_session uuid, p_credential bytea, p_user_handle bytea, p_public_key bytea, p_counter bigint,
	p_transports text[], p_name text, p_is_backed_up boolean
) returns private.passkey_addition_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := private.person_of_session(p_session);
	v_id uuid;
begin
	if not private.use_passkey_challenge(p_challenge, 'add', p_session) then return 'expired'; end if;
	perform from public.people as p where p.id = v_person for no key update;
	if not private.may_add_passkey(p_session) then return 'not_allowed'; end if;
	if (select count(*) from private.passkeys as k where k.person_id = v_person) >= 20 then return 'limited'; end if;
	perform set_config('app.actor', v_person::text, true);
	insert into private.passkeys (person_id, credential_id, user_handle, public_key, counter, transports, name,
		is_backed_up, last_used_at)
	values (v_person, p_credential, p_user_handle, p_public_key, p_counter,
		array(select t from unnest(p_transports) as t
			where t in ('ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb')),
		coalesce(nullif(left(private.one_line(p_name), 60), ''), '…'), p_is_backed_up, now())
	on conflict (credential_id) do nothing
	returning id into v_id;
	if v_id is null then return 'already'; end if;
	perform private.assure_session(p_session, v_id);
	perform private.mail_passkey_change(v_person, 'added');
	perform private.publish_event('person:' || v_person, 'rights');
	return 'ok';
end
$$;
grant execute on function private.add_passkey(bytea, uuid, bytea, bytea, bytea, bigint, text[], text, boolean)
	to app_server;

-- Notes that something is done in a session, once a minute at most. Not after half an hour without an act: then the
-- passkey is asked for again.
create function private.record_act(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.session_assurances as a set acted_at = now()
	where a.session_id = p_session
		and a.acted_at < now() - interval '1 minute'
		and a.acted_at > now() - interval '30 minutes'
$$;
grant execute on function private.record_act(uuid) to app_server;
