-- The end of sessions: told to every process at once, and found out about where nobody told. And codes that nobody
-- needs any more.

-- A session, or every session of an account, has ended: whatever is kept or open for it goes. Nobody can ask for this
-- topic.
create function private.tell_signed_out(p_account uuid, p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.tell('sessions', case when p_session is null then 'account' else 'session' end,
		coalesce(p_session, p_account))
$$;
grant execute on function private.tell_signed_out(uuid, uuid) to app_server;

-- Of these sessions those that live no more: ended, run out, or of an account that is closed or barred.
create function private.ended_sessions(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select asked from unnest(p_sessions) as asked
	where not exists (
		select from auth.sessions as s join auth.users as u on u.id = s.user_id
		where s.id = asked and (s.not_after is null or s.not_after > now())
			and u.deleted_at is null and (u.banned_until is null or u.banned_until <= now()))
$$;
grant execute on function private.ended_sessions(uuid[]) to app_server;

-- A code that ran out a day ago is nobody's, and a count whose window is over counts for nothing. Answers how many
-- codes went.
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
grant execute on function private.sweep_challenges() to app_server;

-- A session that goes on for longer than planned is on still, behind the doors of its rooms: who may not be in it does
-- not come in because its time is over, and where it names nobody, who comes then is named no more than who came
-- before. An hour is the most: a run that was forgotten shuts no room.

-- The session that goes on in a room after its time, and when that was over. Where the next has begun by the agenda,
-- only one that names nobody does.
create function private.overrunning_at(p_checkpoint public.checkpoints, p_at timestamptz)
	returns table (session_id uuid, ended timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query select runs.session_id, upper(sl.during)
		from public.release_slots as sl join public.runs on runs.session_id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id) and sl.room_id = p_checkpoint.room_id
		and not sl.is_cancelled
		and upper(sl.during) <= p_at and upper(sl.during) > p_at - interval '1 hour'
		and runs.started_at <= p_at and coalesce(runs.ended_at, 'infinity') > p_at
		and (private.level_in_force(runs.session_id) not in ('public', 'members')
			or not exists (select from public.release_slots as other
			where other.release_id = sl.release_id and other.room_id = sl.room_id and not other.is_cancelled
				and other.during @> p_at))
	order by upper(sl.during) desc limit 1;
end
$$;
