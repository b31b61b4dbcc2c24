-- Where an account is signed in. Auth keeps the sessions, but sees only our server: the device is noted here at
-- sign-in.

-- Notes the device of a session, and forgets sessions that Auth no longer has.
create function private.save_auth_session_device(p_session uuid, p_account uuid, p_device text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.auth_session_devices as i
	where i.account_id = p_account
		and not exists (select from auth.sessions as s where s.id = i.session_id);
	insert into private.auth_session_devices (session_id, account_id, device)
	select s.id, s.user_id, left(p_device, 80)
	from auth.sessions as s
	where s.id = p_session and s.user_id = p_account
	on conflict do nothing;
end
$$;
grant execute on function private.save_auth_session_device(uuid, uuid, text) to app_server;

-- The reader's sessions: [{id, device, since, seen, is_this}], this one first. `seen` is when the browser last asked
-- for a fresh token: at most an hour off.
create function public.list_auth_sessions() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_this uuid := private.parse_uuid(auth.jwt() ->> 'session_id');
begin
	return (select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'device', coalesce(i.device, ''),
			'since', private.iso(s.created_at),
			'seen', private.iso(greatest(s.created_at, s.updated_at, s.refreshed_at at time zone 'UTC')),
			'is_this', s.id is not distinct from v_this)
			order by (s.id is not distinct from v_this) desc,
				greatest(s.created_at, s.updated_at, s.refreshed_at at time zone 'UTC') desc), '[]')
		from auth.sessions as s
		left join private.auth_session_devices as i on i.session_id = s.id
		where s.user_id = (select private.account()) and (s.not_after is null or s.not_after > now()));
end
$$;
grant execute on function public.list_auth_sessions() to authenticated;

-- Ends one of the reader's own sessions: its tokens are refused from now on. Answers ok | unknown.
create function public.end_auth_session(session uuid) returns public.ok_or_unknown
language plpgsql volatile security definer set search_path = '' as $$
declare
	-- Read first: without this very session private.me() would be null.
	v_me uuid := private.me();
begin
	delete from auth.sessions as s where s.id = end_auth_session.session and s.user_id = (select private.account());
	if not found then return 'unknown'; end if;
	delete from private.auth_session_devices as i where i.session_id = end_auth_session.session;
	perform private.publish_event('person:' || v_me, 'rights');
	perform private.notify_signed_out(null, end_auth_session.session);
	return 'ok';
end
$$;
grant execute on function public.end_auth_session(uuid) to authenticated;

-- Notifies every process that a sign-in session has ended, or (`p_session` null) all of an account, so that it drops
-- what it caches or holds open for them. No reader can subscribe to this topic.
create function private.notify_signed_out(p_account uuid, p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('sessions', case when p_session is null then 'account' else 'session' end,
		coalesce(p_session, p_account))
$$;
grant execute on function private.notify_signed_out(uuid, uuid) to app_server;

-- The given sign-in sessions that have ended: signed out, expired, or of an account that is deleted or banned.
-- Processes ask it from time to time, for what no event reported.
create function private.ended_auth_sessions(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select asked from unnest(p_sessions) as asked
	where not exists (
		select from auth.sessions as s join auth.users as u on u.id = s.user_id
		where s.id = asked and (s.not_after is null or s.not_after > now())
			and u.deleted_at is null and (u.banned_until is null or u.banned_until <= now()))
$$;
grant execute on function private.ended_auth_sessions(uuid[]) to app_server;
