-- Who the signed-in account is, and for whom it may act.

-- The signed-in account, or null when its session was ended or the account was deleted or banned. The data API believes
-- a signed token until it expires; only Auth's own tables know. So every policy and function asks this function and
-- never auth.uid().
create function private.account() returns uuid
language sql stable security definer set search_path = '' as $$
	select u.id
	from auth.users as u
	where u.id = auth.uid()
		and u.deleted_at is null
		and (u.banned_until is null or u.banned_until <= now())
		and coalesce(
			u.id = (select s.user_id from auth.sessions as s
				where s.id = (auth.jwt() ->> 'session_id')::uuid and (s.not_after is null or s.not_after > now())),
			auth.jwt() ->> 'session_id' is null)
$$;
grant execute on function private.account() to anon, authenticated;

-- The person that the signed-in account is, or null.
create function private.me() returns uuid
language sql stable security definer set search_path = '' as $$
	select person_id from public.account_people where account_id = (select private.account()) and relation = 'self'
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

-- The person who acts: the one that the app names where no account is signed in, else the account's person.
create function private.actor() returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce(nullif(current_setting('app.actor', true), '')::uuid, private.me())
$$;
