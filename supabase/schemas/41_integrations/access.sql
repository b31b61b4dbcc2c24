-- Who may use a key: asked by each function of this folder, so that no request gets more than its key has. All of them are
-- called by the app, which has checked nothing but the form of what was sent.

-- Whether a key may be used now. No key outlives the right of its maker, who can still sign in and is an owner of the
-- Summit. `private.holds_role` asks others than the caller for no passkey, and here nobody is signed in.
create function private.state_of_api_key(k private.api_keys) returns private.api_key_state
language sql stable security definer set search_path = '' as $$
	select case
		when k.revoked_at is not null then 'revoked'
		when k.expires_at <= now() then 'expired'
		when not exists (
			select from private.live_grants as g
			where g.person_id = k.made_by and g.role = 'owner' and (g.summit_id is null or g.summit_id = k.summit_id))
			or not exists (
				select
				from public.account_people as a
				join auth.users as u on u.id = a.account_id
				where a.person_id = k.made_by
					and a.relation = 'self'
					and u.deleted_at is null
					and (u.banned_until is null or u.banned_until <= now()))
			then 'not_entitled'
		else 'ok' end
$$;

-- The key with this hash, if it may be used now for a scope; no row otherwise.
create function private.usable_api_key(p_hash bytea, p_scope public.api_scope) returns setof private.api_keys
language sql stable security definer set search_path = '' as $$
	select k.*
	from private.api_keys as k
	where k.key_hash = p_hash and p_scope = any (k.scopes) and private.state_of_api_key(k) = 'ok'
$$;

-- How many requests a key may make in a minute.
create function private.api_rate() returns integer
language sql immutable
return 600;

-- Begins a request: counts it, and says whether it may go on. {status: ok | unknown | revoked | expired | not_entitled |
-- limited | wrong_scope; but for an unknown key: rate, left (in this minute), reset (seconds until the next), and when ok:
-- summit (its id), key: {name, scopes, expires_at, summit}}. `p_scope` null: any key will do. A key that reads rows of
-- people is noted in the audit, once an hour for each scope. Locks the row that counts, for this call alone.
create function private.begin_api_request(p_hash bytea, p_scope public.api_scope default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
	v_state text;
	v_window private.api_key_windows;
	v_count jsonb;
begin
	select * into v_key from private.api_keys as k where k.key_hash = p_hash;
	if not found then return jsonb_build_object('status', 'unknown'); end if;
	insert into private.api_key_windows as w (api_key_id, begun_at, requests)
	values (v_key.id, date_trunc('minute', clock_timestamp()), 1)
	on conflict (api_key_id) do update set
		begun_at = greatest(w.begun_at, excluded.begun_at),
		requests = case when w.begun_at < excluded.begun_at then 1 else least(w.requests + 1, private.api_rate() + 1) end
	returning * into v_window;
	v_count := jsonb_build_object(
		'rate', private.api_rate(),
		'left', greatest(private.api_rate() - v_window.requests, 0),
		'reset', greatest(ceil(extract(epoch from v_window.begun_at + interval '1 minute' - clock_timestamp())), 1)::integer);
	v_state := private.state_of_api_key(v_key);
	if v_state <> 'ok' then return v_count || jsonb_build_object('status', v_state); end if;
	if v_window.requests > private.api_rate() then return v_count || jsonb_build_object('status', 'limited'); end if;
	if p_scope is not null then
		if not p_scope = any (v_key.scopes) then return v_count || jsonb_build_object('status', 'wrong_scope'); end if;
		insert into private.api_key_uses as u (api_key_id, scope) values (v_key.id, p_scope)
		on conflict (api_key_id, scope) do update set last_used_at = now()
			where u.last_used_at < now() - interval '1 minute';
		if p_scope in ('registration_rows', 'presence_rows') then
			update private.api_key_uses as u set noted_at = now()
			where u.api_key_id = v_key.id
				and u.scope = p_scope
				and (u.noted_at is null or u.noted_at < now() - interval '1 hour');
			if found then
				perform set_config('app.actor', v_key.made_by::text, true);
				perform audit.record_event('api_keys.read', v_key.id::text, v_key.summit_id, null,
					jsonb_build_object('scope', p_scope));
			end if;
		end if;
	end if;
	return v_count || (
		select jsonb_build_object('status', 'ok', 'summit', s.id, 'key', jsonb_build_object(
			'name', v_key.name,
			'scopes', v_key.scopes,
			'expires_at', private.iso(v_key.expires_at),
			'summit', jsonb_build_object('slug', s.slug, 'name', s.name, 'state', s.state, 'starts_on', s.starts_on,
				'ends_on', s.ends_on, 'zone', s.zone)))
		from public.summits as s
		where s.id = v_key.summit_id);
end
$$;
grant execute on function private.begin_api_request(bytea, public.api_scope) to app_server;

-- How many rows a page has: what was asked for, between 1 and 200.
create function private.api_page_size(p_most integer) returns integer
language sql immutable
return least(greatest(coalesce(p_most, 50), 1), 200);

-- A page of rows that were read with one more than it holds: {items, next: the key of its last row, null on the last page}.
-- Rows without a value are passed over.
create function private.api_page(p_keys text[], p_items jsonb[], p_size integer) returns jsonb
language sql immutable set search_path = '' as $$
	select jsonb_build_object(
		'items', coalesce(to_jsonb(array_remove(p_items[1:p_size], null)), '[]'),
		'next', case when cardinality(p_keys) > p_size then p_keys[p_size] end)
$$;
