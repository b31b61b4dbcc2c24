-- Owners make, list and revoke the keys of their Summit.

-- How many keys of a Summit can be used at once.
create function private.api_key_limit() returns integer
language sql immutable
return 20;

-- Makes a key; only the hash of it comes here, with its last characters. Two owners at once come one after the other, so
-- that there are never more keys than the limit.
create function public.make_api_key(
	summit uuid, name text, scopes public.api_scope[], days integer, key_hash text, hint text
) returns public.api_key_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	perform private.require_confirmation();
	if coalesce(key_hash, '') !~ '^[0-9a-f]{64}$' or coalesce(days, 0) not between 1 and 366 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('api_keys:' || summit, 0));
	if (select count(*)
		from private.api_keys as k
		where k.summit_id = summit and k.revoked_at is null and k.expires_at > now()) >= private.api_key_limit() then
		return 'too_many';
	end if;
	insert into private.api_keys (summit_id, name, scopes, key_hash, hint, made_by, expires_at)
	values (
		summit, private.one_line(make_api_key.name),
		array(select distinct each from unnest(make_api_key.scopes) as each order by each),
		decode(make_api_key.key_hash, 'hex'), make_api_key.hint, private.me(), now() + days * interval '1 day');
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.make_api_key(uuid, text, public.api_scope[], integer, text, text) to authenticated;

-- Revokes a key: its next request is refused.
create function public.revoke_api_key(api_key uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.api_keys as k
	set revoked_at = now(), revoked_by = private.me()
	where k.id = api_key and k.revoked_at is null and private.has_role(k.summit_id, 'owner');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.revoke_api_key(uuid) to authenticated;

-- The keys of a Summit, the newest first: [{id, name, hint, scopes, by, created_at, expires_at, last_used_at, state}]; []
-- for all but owners.
create function public.list_api_keys(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', k.id,
		'name', k.name,
		'hint', k.hint,
		'scopes', k.scopes,
		'by', by.display_name,
		'created_at', private.iso(k.created_at),
		'expires_at', private.iso(k.expires_at),
		'last_used_at', (select private.iso(max(u.last_used_at)) from private.api_key_uses as u where u.api_key_id = k.id),
		'state', private.state_of_api_key(k)) order by k.created_at desc, k.id), '[]')
	from private.api_keys as k
	left join public.people as by on by.id = k.made_by
	where k.summit_id = list_api_keys.summit and private.has_role(k.summit_id, 'owner')
$$;
grant execute on function public.list_api_keys(uuid) to authenticated;
