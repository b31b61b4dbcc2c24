-- Who the signed-in account is, and for whom it may act.

-- The claims of the caller as one text, or null when nobody is signed in. The data API sets one of these settings, by
-- its version. Without a search_path of its own, so that it becomes part of the expression that uses it.
create function private.claims() returns text
language sql stable as $$
	select nullif(concat(
		current_setting('request.jwt.claim.sub', true),
		current_setting('request.jwt.claim', true),
		current_setting('request.jwt.claims', true)), '')
$$;

-- The signed-in account, or null when its session was ended or the account was deleted or banned. The data API believes
-- a signed token until it expires; only Auth's own tables know. So every policy and function asks this function and
-- never auth.uid(). It is asked a hundred times in a form that is saved, so the answer is kept for the transaction,
-- beside the claims that it belongs to.
create function private.account() returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
	v_claims text := private.claims();
	v_account uuid;
begin
	if v_claims is null then return null; end if;
	if current_setting('app.account_claims', true) = v_claims then
		return nullif(current_setting('app.account', true), '')::uuid;
	end if;
	select u.id into v_account
	from auth.users as u
	where u.id = auth.uid()
		and u.deleted_at is null
		and (u.banned_until is null or u.banned_until <= now())
		and coalesce(
			u.id = (select s.user_id from auth.sessions as s
				where s.id = (auth.jwt() ->> 'session_id')::uuid and (s.not_after is null or s.not_after > now())),
			auth.jwt() ->> 'session_id' is null);
	perform set_config('app.account_claims', v_claims, true),
		set_config('app.account', coalesce(v_account::text, ''), true);
	return v_account;
end
$$;
grant execute on function private.account() to anon, authenticated;

-- The person that the signed-in account is, or null. Kept as the account is; a change of account_people forgets it.
create function private.me() returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
	v_account text := private.account();
	v_me uuid;
begin
	if v_account is null then return null; end if;
	if current_setting('app.me_account', true) = v_account then
		return nullif(current_setting('app.me', true), '')::uuid;
	end if;
	select a.person_id into v_me
	from public.account_people as a
	where a.account_id = v_account::uuid and a.relation = 'self';
	perform set_config('app.me_account', v_account, true), set_config('app.me', coalesce(v_me::text, ''), true);
	return v_me;
end
$$;
grant execute on function private.me() to anon, authenticated;

-- The people for whom the signed-in account may act within a scope, its own person included.
create function private.my_people(p_scope text default 'all') returns setof uuid
language sql stable security definer set search_path = '' as $$
	select person_id
	from public.account_people
	where account_id = (select private.account())
		and (until is null or until > now())
		and (relation = 'self' or scope in ('all', p_scope))
$$;
grant execute on function private.my_people(text) to anon, authenticated;

-- Makes private.me look the person up again.
create function private.forget_me() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform set_config('app.me_account', '', true);
	return null;
end
$$;
create trigger forget_me after insert or update or delete on public.account_people
	for each statement execute function private.forget_me();

-- The person who acts: the one that the app names where no account is signed in, else the account's person.
create function private.actor() returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	return coalesce(nullif(current_setting('app.actor', true), '')::uuid, private.me());
end
$$;
