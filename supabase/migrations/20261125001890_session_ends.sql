-- The end of sessions: told to every process at once, and found out about where nobody told. And codes that nobody needs any more.

-- A session, or every session of an account, has ended: whatever is kept or open for it goes. Nobody can ask for this topic.
create function private.tell_signed_out(p_account uuid, p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.tell('sessions', case when p_session is null then 'account' else 'session' end, coalesce(p_session, p_account))
$$;

-- Of these sessions those that live no more: ended, run out, or of an account that is closed or barred.
create function private.ended_sessions(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select asked from unnest(p_sessions) as asked
	where not exists (
		select from auth.sessions as s join auth.users as u on u.id = s.user_id
		where s.id = asked and (s.not_after is null or s.not_after > now())
			and u.deleted_at is null and (u.banned_until is null or u.banned_until <= now()))
$$;

create index on private.sign_in_challenges (expires_at);

-- A code that ran out a day ago is nobody's, and a count whose window is over counts for nothing. Answers how many codes went.
create function private.sweep_challenges() returns integer
language sql volatile security definer set search_path = '' as $$
	with addresses as (
		delete from private.sign_in_addresses
		where misses_since < now() - interval '2 days' and mails_since < now() - interval '2 hours'
	), clients as (
		delete from private.sign_in_clients where mails_since < now() - interval '2 hours'
	), gone as (
		delete from private.sign_in_challenges where expires_at < now() - interval '1 day' returning 1
	)
	select count(*)::integer from gone
$$;

grant execute on function private.tell_signed_out(uuid, uuid), private.ended_sessions(uuid[]), private.sweep_challenges() to app_server;
