-- Signing in, who one is, roles, preferences, and which news one may hear.

-- Sign-in codes. A challenge is bound to the browser that asked, by a sealed cookie, and five misses end it alone. No
-- count of what others did refuses a code or a right answer: when an address is under attack its codes become longer
-- instead, and are shared.  Own code: eight digits, for one challenge, valid ten minutes. An address gets them while
-- fewer than five mails went to it within the hour and fewer than ten misses were made for it within the day. So an
-- attacker has at most 9 + 5 * 5 = 34 guesses among 10^8 a day for one address, from however many clients: one in 2.9
-- million (windows begin with their first event, so twice that across a border). Shared code: beyond that, twelve
-- digits, mailed to the address every five minutes at most, valid fifteen minutes, for one sign-in from any browser
-- with a live challenge for the address. The holder of the mailbox always has one that works. A thousand guesses a
-- second against the three that may live at a time find one within a day with a chance of 8.6e7 * 3 / 10^12, one in
-- 3,900; the posts of each client are limited besides. An address is sent 5 + 12 mails an hour at most. For addresses
-- that belong to nobody here a client has a thousand mails an hour; beyond that nothing is sent, and the answer is the
-- same, so that it does not tell who belongs here. People who belong here come first: a flood of mails to other
-- addresses must not hold up theirs.
create function private.enqueue_code_mail(p_challenge uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text,
	p_secret bytea, p_locale text)
	returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (address_sealed, key_id, template, locale, secret, priority, once_key)
	values (p_address_sealed, p_key_id, 'sign_in_code', p_locale, p_secret,
		case when exists (select from private.person_addresses where address_hash = p_address_hash) then 0 else 1 end,
			'code:' || p_challenge)
	on conflict (once_key) do nothing returning id into v_id;
	perform private.tell('outbox', 'mail', v_id);
	return v_id;
end
$$;

-- Whether this client may have one more mail sent to this address.
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
-- or limited with the seconds to wait when that is younger than 30 s. Locks the browser's challenge first and the
-- address second, as check_sign_in_code does.
create function private.request_sign_in_code(p_address_hash bytea, p_client_hash bytea, p_replaces uuid,
	p_address_sealed bytea, p_key_id text,
	p_locale text, p_own_hash bytea, p_own_secret bytea, p_shared_hash bytea, p_shared_secret bytea,
	out status text, out challenge uuid, out retry_after integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_last private.sign_in_challenges;
	v_address private.sign_in_addresses;
	v_is_own boolean;
begin
	status := 'ok';
	retry_after := 0;
	select * into v_last from private.sign_in_challenges
		where id = p_replaces and address_hash = p_address_hash for update;
	if v_last.used_at is null and v_last.created_at > now() - interval '30 seconds' then
		status := 'limited';
		retry_after := ceil(extract(epoch from v_last.created_at + interval '30 seconds' - now()));
		return;
	end if;
	update private.sign_in_challenges set burnt_at = now()
		where id = v_last.id and used_at is null and burnt_at is null;
	insert into private.sign_in_addresses as a (address_hash) values (p_address_hash)
	on conflict (address_hash) do update set mails = a.mails returning * into v_address;
	if v_address.mails_since <= now() - interval '1 hour' then
		v_address.mails := 0;
		v_address.mails_since := now();
	end if;
	v_is_own := v_address.mails < 5 and (v_address.misses < 10 or v_address.misses_since <= now() - interval '1 day');
	insert into private.sign_in_challenges (address_hash, code_hash, expires_at)
	values (p_address_hash, case when v_is_own then p_own_hash end, now() + interval '10 minutes')
		returning id into challenge;
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
grant execute on function private.request_sign_in_code(bytea, bytea, uuid, bytea, text, text, bytea, bytea, bytea,
	bytea) to app_server;

-- Answers: ok, wrong, burnt (five misses, or replaced by the browser's newer one), expired, used. Unknown challenges
-- are "expired": they tell nothing.
create function private.check_sign_in_code(p_challenge uuid, p_code_hash bytea) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_challenge private.sign_in_challenges;
	v_is_right boolean;
begin
	select * into v_challenge from private.sign_in_challenges where id = p_challenge for update;
	if not found or v_challenge.expires_at <= now() then return 'expired'; end if;
	if v_challenge.used_at is not null then return 'used'; end if;
	if v_challenge.burnt_at is not null then return 'burnt'; end if;
	v_is_right := coalesce(v_challenge.code_hash = p_code_hash, false);
	if not v_is_right then
		perform from private.sign_in_addresses where address_hash = v_challenge.address_hash for update;
		-- The next browser that asks gets a fresh one mailed.
		with used as (
			delete from private.sign_in_shared_codes
			where address_hash = v_challenge.address_hash and code_hash = p_code_hash
				and mailed_at > now() - interval '15 minutes' returning mailed_at
		)
		update private.sign_in_addresses as a set shared_at = null from used
			where a.address_hash = v_challenge.address_hash;
		v_is_right := found;
	end if;
	if v_is_right then
		update private.sign_in_challenges set used_at = now() where id = p_challenge;
		return 'ok';
	end if;
	update private.sign_in_challenges set misses = misses + 1, burnt_at = case when misses + 1 >= 5 then now() end
		where id = p_challenge;
	update private.sign_in_addresses set
		misses = case when misses_since > now() - interval '1 day' then misses + 1 else 1 end,
		misses_since = case when misses_since > now() - interval '1 day' then misses_since else now() end
	where address_hash = v_challenge.address_hash;
	return case when v_challenge.misses + 1 >= 5 then 'burnt' else 'wrong' end;
end
$$;
grant execute on function private.check_sign_in_code(uuid, bytea) to app_server;

-- After a right code: the account is the person of that address, made when new. The owner's address claims an
-- installation that never had an owner, once.
create function private.link_account(p_account uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text,
	p_is_owner_address boolean default false) returns uuid
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
	-- The address is proof: an older account of the same person gives way.
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

create function private.sample_people()
	returns table (person_id uuid, display_name text, about text, address_sealed bytea, key_id text)
language sql stable security definer set search_path = '' as $$
	select p.id, p.display_name, s.about, a.address_sealed, a.key_id
	from private.sample_people as s
	join public.people as p on p.id = s.person_id
	join private.person_addresses as a on a.person_id = p.id and a.is_primary
	order by s.position
$$;
grant execute on function private.sample_people() to app_server;

-- The viewer of every page, in one call; null for an account without a person, and for a session that has ended.
create function public.who_am_i() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'account_id', private.account(), 'person_id', people.id, 'display_name', people.display_name, 'has_alias',
			private.has_alias(people.id),
		'locale', coalesce(preferences.locale, 'en'), 'time_zone', preferences.time_zone,
		'roles', (select coalesce(jsonb_agg(jsonb_build_object('role', role, 'summit_id', summit_id)), '[]')
			from public.role_grants
			where person_id = people.id and ended_at is null),
		'focal', (select coalesce(jsonb_agg(jsonb_build_object('summit_id', f.summit_id, 'member_id', f.member_id)),
			'[]') from private.my_focal_members() as f),
		'speaks', (select coalesce(jsonb_agg(distinct summit_id), '[]') from public.session_people
			where person_id = people.id and state <> 'declined'),
		'registered',
			(select coalesce(jsonb_agg(distinct summit_id), '[]') from public.registrations where person_id = people.id
			and state not in ('declined', 'withdrawn', 'expired')))
	from public.people
	left join public.person_preferences as preferences on preferences.person_id = people.id
	where people.id = private.me()
$$;
grant execute on function public.who_am_i() to anon, authenticated;

create function public.save_preferences(locale text, time_zone text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if save_preferences.locale not in ('en', 'fr', 'es', 'ar') then return 'unknown_locale'; end if;
	if save_preferences.time_zone is not null
		and not exists (select from private.time_zones as z where z.name = save_preferences.time_zone) then
		return 'unknown_zone';
	end if;
	insert into public.person_preferences (person_id, locale, time_zone)
		values (v_me, save_preferences.locale, save_preferences.time_zone)
	on conflict (person_id) do update set locale = excluded.locale, time_zone = excluded.time_zone, updated_at = now();
	return 'ok';
end
$$;
grant execute on function public.save_preferences(text, text) to authenticated;

-- Who belongs to a Summit, as far as the reader may know of it: registered, in a session that the reader sees, a focal
-- point, or on its staff. An owner of all Summits knows everybody.
create function private.people_of_summit(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.person_id from public.registrations as r
		where r.summit_id = p_summit and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	union
	select sp.person_id from public.session_people as sp
	where sp.summit_id = p_summit and sp.state <> 'declined'
		and sp.session_id in (select private.seen_sessions(private.me(), p_summit))
	union
	select f.person_id from public.focal_points as f
		where f.summit_id = p_summit and (f.until is null or f.until > now())
	union
	select g.person_id from public.role_grants as g where g.summit_id = p_summit and g.ended_at is null
	union
	select p.id from public.people as p where private.has_role(null, 'owner')
$$;

-- For whoever gives a role, puts somebody on a session or marks whom a concern is about: people of the Summit by part
-- of the name they are shown under, 20 at most. An alias is found like any name. Others are invited by their address,
-- which tells nothing of whose it is.
create function public.find_people(summit uuid, query text)
	returns table (id uuid, display_name text, office text, affiliation text)
language sql stable security definer set search_path = '' as $$
	select p.id, p.display_name, p.office, p.affiliation from public.people as p
	where (private.has_role(summit, 'owner') or private.has_role(summit, 'programme')
		or private.has_role(summit, 'safeguarding'))
		and length(btrim(query)) >= 2 and p.display_name ilike '%'
			|| replace(replace(replace(left(btrim(query), 100), '\', '\\'), '%', '\%'), '_', '\_') || '%'
		and p.id in (select private.people_of_summit(summit))
	order by p.display_name, p.id limit 20
$$;
grant execute on function public.find_people(uuid, text) to authenticated;
