-- The end of sign-in sessions, and expired sign-in codes. They await their move to 03_accounts/sign_in.sql.

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

-- Deletes codes that expired a day ago, and counters whose window is over. Answers how many codes were deleted.
create function private.delete_expired_challenges() returns integer
language sql volatile security definer set search_path = '' as $$
	with addresses as (
		delete from private.sign_in_addresses
		where failed_attempts_since < now() - interval '2 days' and mails_since < now() - interval '2 hours'
	), clients as (
		delete from private.sign_in_clients where mails_since < now() - interval '2 hours'
	), gone as (
		delete from private.sign_in_challenges where expires_at < now() - interval '1 day' returning 1
	)
	select count(*)::integer from gone
$$;
grant execute on function private.delete_expired_challenges() to app_server;
