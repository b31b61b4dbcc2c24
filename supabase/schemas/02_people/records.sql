-- People across Summits, the accounts that act for them, and what is sealed about them.

-- At most five pages on the web, by their whole address.
create function private.are_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_links) is distinct from 'array' then false
		else jsonb_array_length(p_links) <= 5 and not exists (select from jsonb_array_elements(p_links) as link
			where jsonb_typeof(link) <> 'object'
				or coalesce(link ->> 'url', '') !~ '^https://[^[:space:][:cntrl:]"<>@\\]{3,250}$'
				or link - 'url' <> '{}') end
$$;
grant execute on function private.are_links(jsonb) to public;

-- The signed-in account, or null when its session was ended, or the account closed or barred. A signed token is
-- believed by the data API until it runs out; only Auth's own tables know. Every policy and function asks here who it
-- is, never auth.uid().
create function private.account() returns uuid
language sql stable security definer set search_path = '' as $$
	select u.id from auth.users as u
	where u.id = auth.uid() and u.deleted_at is null and (u.banned_until is null or u.banned_until <= now())
		and coalesce(u.id = (select s.user_id from auth.sessions as s
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

-- Everyone the signed-in account may act for, itself included, within a scope.
create function private.my_people(p_scope text default 'all') returns setof uuid
language sql stable security definer set search_path = '' as $$
	select person_id from public.account_people
	where account_id = (select private.account()) and (until is null or until > now())
		and (relation = 'self' or scope in ('all', p_scope))
$$;
grant execute on function private.my_people(text) to anon, authenticated;

-- Who acts: named by the app where no account is signed in, else the account's person.
create function private.actor() returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce(nullif(current_setting('app.actor', true), '')::uuid, private.me())
$$;

-- A focal point would know an alias among their own people, and so who it stands for: they count the seat, and see no
-- more.
create function private.has_alias(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections where person_id = p_person and kind = 'alias')
$$;
grant execute on function private.has_alias(uuid) to authenticated;

-- Whether what was once written of somebody may not be read beside what they are called now: they are or were under
-- another name, asked to talk first, or are two people made one.
create function private.audit_guards(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		or exists (select from private.former_ids as f where p_person in (f.person_id, f.former_id))
$$;
