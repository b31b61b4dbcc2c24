-- Signing in by a mailed code, and which person an account is after it.

-- Queues the mail of a code. People who belong here come first: a flood of mails to other addresses must not delay
-- theirs.
create function private.enqueue_code_mail(
	p_challenge uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text, p_secret bytea, p_locale text
) returns uuid
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_address_mail('sign_in_code', p_address_sealed, p_key_id, p_locale,
		p_secret => p_secret,
		p_once => 'code:' || p_challenge,
		p_priority => case when exists (select from private.person_addresses where address_hash = p_address_hash) then 0
			else 1 end)
$$;

-- Whether this client may have one more code mailed to this address: always where the address belongs to a person here,
-- else a thousand an hour. Beyond that nothing is sent and the answer is the same, so that it does not reveal who
-- belongs here.
create function private.may_mail_code(p_address_hash bytea, p_client_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mails integer;
begin
	if exists (select from private.person_addresses where address_hash = p_address_hash) then return true; end if;
	insert into private.sign_in_clients as c (client_hash, mails) values (p_client_hash, 1)
	on conflict (client_hash) do update set
		mails = case when c.mails_since > now() - interval '1 hour' then c.mails + 1 else 1 end,
		mails_since = case when c.mails_since > now() - interval '1 hour' then c.mails_since else now() end
	returning mails into v_mails;
	return v_mails <= 1000;
end
$$;

-- Makes a challenge for a browser, and mails a code unless the address got a shared one within five minutes.
-- `p_replaces` is the challenge that the same browser had for the same address: it ends. Answers ok with the new one,
-- or limited with the seconds to wait when the replaced one is younger than 30 s. Locks the challenge of the browser
-- before the address, as check_sign_in_code does.
--
-- A challenge is bound to the browser that asked, and five wrong codes end it alone. No count of what others did
-- refuses a code or a right answer: when an address is under attack its codes become longer instead, and are shared.
-- Own code: eight digits, for one challenge, valid ten minutes. An address gets them while fewer than five mails went
-- to it within the hour and fewer than ten wrong codes were entered for it within the day. So an attacker has at most
-- 9 + 5 * 5 = 34 guesses among 10^8 a day for one address, from however many clients: one in 2.9 million (windows begin
-- with their first event, so twice that across a border).
-- Shared code: beyond that, twelve digits, mailed to the address every five minutes at most, valid fifteen minutes, for
-- one sign-in from any browser with a live challenge for the address. The holder of the mailbox always has one that
-- works. A thousand guesses a second against the three that may live at a time find one within a day with a chance of
-- 8.6e7 * 3 / 10^12, one in 3,900; the posts of each client are limited besides. An address is sent 5 + 12 mails an
-- hour at most.
create function private.request_sign_in_code(
	p_address_hash bytea, p_client_hash bytea, p_replaces uuid, p_address_sealed bytea, p_key_id text, p_locale text,
	p_own_hash bytea, p_own_secret bytea, p_shared_hash bytea, p_shared_secret bytea, out status text,
	out challenge uuid, out retry_after integer
)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_last private.sign_in_challenges;
	v_address private.sign_in_addresses;
	v_is_own boolean;
begin
	status := 'ok';
	retry_after := 0;
	-- The challenge that it replaces.
	select * into v_last from private.sign_in_challenges
		where id = p_replaces and address_hash = p_address_hash for update;
	if v_last.used_at is null and v_last.created_at > now() - interval '30 seconds' then
		status := 'limited';
		retry_after := ceil(extract(epoch from v_last.created_at + interval '30 seconds' - now()));
		return;
	end if;
	update private.sign_in_challenges set invalidated_at = now()
		where id = v_last.id and used_at is null and invalidated_at is null;
	-- The address, locked by the upsert; its window of an hour may have passed.
	insert into private.sign_in_addresses as a (address_hash) values (p_address_hash)
	on conflict (address_hash) do update set mails = a.mails
	returning * into v_address;
	if v_address.mails_since <= now() - interval '1 hour' then
		v_address.mails := 0;
		v_address.mails_since := now();
	end if;
	v_is_own := v_address.mails < 5 and (v_address.failed_attempts < 10
		or v_address.failed_attempts_since <= now() - interval '1 day');
	insert into private.sign_in_challenges (address_hash, code_hash, expires_at)
	values (p_address_hash, case when v_is_own then p_own_hash end, now() + interval '10 minutes')
	returning id into challenge;
	-- The mail, unless the last shared code still serves or the client has had too many.
	if not v_is_own and v_address.shared_at > now() - interval '5 minutes' then return; end if;
	if not private.may_mail_code(p_address_hash, p_client_hash) then return; end if;
	update private.sign_in_addresses set mails = v_address.mails + 1, mails_since = v_address.mails_since,
		shared_at = case when v_is_own then shared_at else now() end
	where address_hash = p_address_hash;
	if not v_is_own then
		delete from private.sign_in_shared_codes
			where address_hash = p_address_hash and mailed_at <= now() - interval '15 minutes';
		insert into private.sign_in_shared_codes (address_hash, code_hash) values (p_address_hash, p_shared_hash)
		on conflict do nothing;
	end if;
	perform private.enqueue_code_mail(challenge, p_address_hash, p_address_sealed, p_key_id,
		case when v_is_own then p_own_secret else p_shared_secret end, p_locale);
end
$$;
grant execute on function private.request_sign_in_code(
	bytea, bytea, uuid, bytea, text, text, bytea, bytea, bytea, bytea
) to app_server;

-- Checks a code. Answers ok, wrong, invalidated (five wrong codes, or replaced by the browser's newer challenge),
-- expired or used. An unknown challenge is "expired", which reveals nothing.
create function private.check_sign_in_code(p_challenge uuid, p_code_hash bytea) returns private.sign_in_code_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_challenge private.sign_in_challenges;
	v_is_right boolean;
begin
	select * into v_challenge from private.sign_in_challenges where id = p_challenge for update;
	if not found or v_challenge.expires_at <= now() then return 'expired'; end if;
	if v_challenge.used_at is not null then return 'used'; end if;
	if v_challenge.invalidated_at is not null then return 'invalidated'; end if;
	v_is_right := coalesce(v_challenge.code_hash = p_code_hash, false);
	if not v_is_right then
		perform from private.sign_in_addresses where address_hash = v_challenge.address_hash for update;
		-- A shared code works once; the next browser that asks gets a new one mailed.
		with used as (
			delete from private.sign_in_shared_codes
			where address_hash = v_challenge.address_hash
				and code_hash = p_code_hash
				and mailed_at > now() - interval '15 minutes'
			returning mailed_at
		)
		update private.sign_in_addresses as a set shared_at = null
		from used
		where a.address_hash = v_challenge.address_hash;
		v_is_right := found;
	end if;
	if v_is_right then
		update private.sign_in_challenges set used_at = now() where id = p_challenge;
		return 'ok';
	end if;
	update private.sign_in_challenges
		set failed_attempts = failed_attempts + 1, invalidated_at = case when failed_attempts + 1 >= 5 then now() end
		where id = p_challenge;
	update private.sign_in_addresses
		set failed_attempts = case when failed_attempts_since > now() - interval '1 day' then failed_attempts + 1
			else 1 end,
			failed_attempts_since = case when failed_attempts_since > now() - interval '1 day'
				then failed_attempts_since else now() end
		where address_hash = v_challenge.address_hash;
	return case when v_challenge.failed_attempts + 1 >= 5 then 'invalidated' else 'wrong' end;
end
$$;
grant execute on function private.check_sign_in_code(uuid, bytea) to app_server;

-- After a right code: the account becomes the person of that address, who is made when new. The address of the owner
-- (OWNER_EMAIL) claims an installation that never had an owner, once. Answers the person. Locks the address, and the
-- roles where it may grant one.
create function private.link_account(
	p_account uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text,
	p_is_owner_address boolean default false
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_self uuid;
begin
	perform pg_advisory_xact_lock(hashtextextended(encode(p_address_hash, 'hex'), 2));
	select person_id into v_person from private.person_addresses where address_hash = p_address_hash;
	select person_id into v_self from public.account_people where account_id = p_account and relation = 'self';
	v_person := coalesce(v_person, v_self);
	if v_person is null then
		insert into public.people default values returning id into v_person;
	end if;
	perform set_config('app.actor', v_person::text, true);
	insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary, verified_at)
	values (v_person, p_address_hash, p_address_sealed, p_key_id,
		not exists (select from private.person_addresses where person_id = v_person and is_primary), now())
	on conflict (address_hash) do update set verified_at = coalesce(private.person_addresses.verified_at, now());
	-- The address proves the person: an older account of the same person is replaced.
	if v_self is distinct from v_person then
		delete from public.account_people where person_id = v_person and relation = 'self';
		delete from public.account_people where account_id = p_account and relation = 'self';
		insert into public.account_people (account_id, person_id, relation) values (p_account, v_person, 'self');
	end if;
	if p_is_owner_address then
		perform pg_advisory_xact_lock(20261125);
		if not exists (select from public.role_grants where role = 'owner') then
			insert into public.role_grants (person_id, role) values (v_person, 'owner');
		end if;
	end if;
	return v_person;
end
$$;
grant execute on function private.link_account(uuid, bytea, bytea, text, boolean) to app_server;

-- Uses up the state of a sign-in at an issuer: true for the first who brings it. Of two at once only one gets it, as the
-- other waits for the row.
create function private.use_sign_in_state(p_state_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.used_sign_in_states (state_hash) values (p_state_hash) on conflict do nothing;
	return found;
end
$$;
grant execute on function private.use_sign_in_state(bytea) to app_server;

-- The people of the local sample, in their order, with their sealed addresses.
create function private.sample_people()
	returns table (person_id uuid, display_name text, description text, address_sealed bytea, key_id text)
language sql stable security definer set search_path = '' as $$
	select p.id, p.display_name, s.description, a.address_sealed, a.key_id
	from private.sample_people as s
	join public.people as p on p.id = s.person_id
	join private.person_addresses as a on a.person_id = p.id and a.is_primary
	order by s.position
$$;
grant execute on function private.sample_people() to app_server;

-- Deletes codes that expired a day ago, challenges of passkeys that expired (each visit of the sign-in page makes one),
-- what passkeys confirmed two days ago, states of sign-ins that no cookie holds any more, and counters whose window is
-- over. Answers how many codes were deleted.
create function private.delete_expired_challenges() returns integer
language sql volatile security definer set search_path = '' as $$
	with addresses as (
		delete from private.sign_in_addresses
		where failed_attempts_since < now() - interval '2 days' and mails_since < now() - interval '2 hours'
	), clients as (
		delete from private.sign_in_clients where mails_since < now() - interval '2 hours'
	), passkeys as (
		delete from private.passkey_challenges where expires_at < now()
	), assurances as (
		delete from private.session_assurances where confirmed_at < now() - interval '2 days'
	), states as (
		delete from private.used_sign_in_states where used_at < now() - interval '1 hour'
	), gone as (
		delete from private.sign_in_challenges where expires_at < now() - interval '1 day' returning 1
	)
	select count(*)::integer from gone
$$;
grant execute on function private.delete_expired_challenges() to app_server;
