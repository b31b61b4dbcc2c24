-- Sign-up sessions: sessions that cannot take everybody have places in the hall and online, given in the order of
-- asking; when none is free, people wait in order and move up by themselves. Whether entering requires a place is in
-- entry.sql. Lock order: the registration first, then the row of the session's places.

-- How many places there are in the hall or online; null: no limit there.
create function private.signup_limit(p_places private.session_places, p_channel text) returns integer
language sql immutable set search_path = '' as $$
	select case p_channel when 'hall' then p_places.hall when 'online' then p_places.online end
$$;

-- Whether somebody may be where they ask for a place, by the rules of the door and the stream. Answers as
-- `private.entry_entitlement`.
create function private.signup_entitlement(p_person uuid, p_session uuid, p_channel text) returns text
language sql stable security definer set search_path = '' as $$
	select private.entry_entitlement(
		p_person,
		p_session,
		case p_channel when 'hall' then 'door'::public.access_channel else 'stream' end
	)
$$;

-- How many places are free in the hall or online; below 0 where the limit was lowered, null without a limit.
create function private.count_free_places(p_places private.session_places, p_channel text) returns bigint
language sql stable security definer set search_path = '' as $$
	select private.signup_limit(p_places, p_channel) - count(*)
	from private.session_signups as u
	where u.session_id = p_places.session_id and u.channel = p_channel and u.state = 'placed'
$$;

-- Sends the mail that somebody who waited has a place now. A session that the newest release does not contain, as its
-- own people see it, is in no mail.
create function private.mail_given_place(p_signup private.session_signups, p_summit uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(
		p_signup.person_id,
		'place_given',
		jsonb_build_object(
			'title', rs.title,
			'code', s.code,
			'channel', p_signup.channel,
			'calendar', true,
			'start', (
				select private.iso(min(lower(sl.during)))
				from public.release_slots as sl
				where sl.release_id = rs.release_id and sl.session_id = s.id
			)
		),
		p_summit,
		'place:' || s.id || ':' || p_signup.person_id || ':' || p_signup.rank,
		5
	)
	from public.sessions as s
	join public.release_sessions as rs
		on rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id)
	where s.id = p_signup.session_id
$$;

-- Gives free places to those who wait, in order, and notifies them. Somebody who may not enter at the moment keeps
-- their turn and is passed over. The caller holds the lock of the session's places.
create function private.promote_waiting_signups(p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_places private.session_places;
	v_next private.session_signups;
	-- The free places of each channel.
	v_left jsonb;
begin
	select * into v_places from private.session_places where session_id = p_session;
	v_left := jsonb_build_object(
		'hall', coalesce(private.count_free_places(v_places, 'hall'), 0),
		'online', coalesce(private.count_free_places(v_places, 'online'), 0)
	);
	for v_next in
		select *
		from private.session_signups
		where session_id = p_session and state = 'waiting'
		order by rank
	loop
		continue when (v_left ->> v_next.channel)::integer <= 0
			or private.signup_entitlement(v_next.person_id, p_session, v_next.channel) <> 'ok';
		update private.session_signups
		set state = 'placed'
		where session_id = p_session and person_id = v_next.person_id;
		v_left := jsonb_set(v_left, array[v_next.channel], to_jsonb((v_left ->> v_next.channel)::integer - 1));
		perform private.mail_given_place(v_next, v_places.summit_id);
		perform private.publish_event('person:' || v_next.person_id, 'place');
	end loop;
end
$$;

-- Why nobody can sign up any more: cancelled by the newest release, or closed (its closing time or its last slot is
-- over); null while people can.
create function private.signup_closed_reason(p_places private.session_places) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when exists (
			select
			from public.release_sessions as rs
			where rs.release_id = private.newest_release(s.summit_id) and rs.session_id = s.id and rs.is_cancelled
		) then 'cancelled'
		when p_places.closes_at <= now()
			or exists (
				select
				from public.release_slots as sl
				where sl.release_id = private.newest_release(s.summit_id) and sl.session_id = s.id
				having max(upper(sl.during)) <= now()
			) then 'closed'
	end
	from public.sessions as s
	where s.id = p_places.session_id
$$;

-- Asks for a place of the reader in the hall or online, and marks the session in their agenda. Answers {status: ok |
-- not_seen | no_limit | cancelled | closed | already | not_entitled, state: placed | waiting, reason}; `already`: they
-- asked for the other kind.
create function public.sign_up(session uuid, channel text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_places private.session_places;
	v_old private.session_signups;
	v_state text;
	v_reason text;
begin
	if v_me is null or not private.can_see(v_me, session) then return jsonb_build_object('status', 'not_seen'); end if;
	-- Their registration is neither withdrawn nor switched while they ask.
	perform
	from public.registrations as r
	join public.sessions as s on s.summit_id = r.summit_id
	where s.id = session
		and r.person_id = v_me
		and r.state = 'confirmed'
	for share of r;
	select * into v_places from private.session_places where session_id = session for update;
	if not found or private.signup_limit(v_places, channel) is null then
		return jsonb_build_object('status', 'no_limit');
	end if;
	select * into v_old from private.session_signups where session_id = session and person_id = v_me;
	if v_old.session_id is not null then
		return jsonb_build_object(
			'status', case when v_old.channel = sign_up.channel then 'ok' else 'already' end,
			'state', v_old.state
		);
	end if;
	v_reason := private.signup_closed_reason(v_places);
	if v_reason is not null then return jsonb_build_object('status', v_reason); end if;
	v_reason := private.signup_entitlement(v_me, session, channel);
	if v_reason <> 'ok' then return jsonb_build_object('status', 'not_entitled', 'reason', v_reason); end if;
	v_state := case
		when private.count_free_places(v_places, channel) > 0
			-- A free place belongs to somebody who waits for it and may take it.
			and not exists (
				select
				from private.session_signups as u
				where u.session_id = session
					and u.channel = sign_up.channel
					and u.state = 'waiting'
					and private.signup_entitlement(u.person_id, session, u.channel) = 'ok'
			) then 'placed'
		else 'waiting'
	end;
	insert into private.session_signups (session_id, person_id, channel, state, rank)
	values (
		session,
		v_me,
		channel,
		v_state,
		(select coalesce(max(rank), 0) + 1 from private.session_signups as u where u.session_id = session)
	);
	insert into public.agenda_marks (person_id, session_id) values (v_me, session) on conflict do nothing;
	return jsonb_build_object('status', 'ok', 'state', v_state);
end
$$;
grant execute on function public.sign_up(uuid, text) to authenticated;

-- Gives up the reader's place or turn, and the next person moves up. Answers ok | none.
create function public.cancel_sign_up(session uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from private.session_places where session_id = session for update;
	delete from private.session_signups where session_id = session and person_id = (select private.me());
	if not found then return 'none'; end if;
	perform private.publish_event('person:' || private.me(), 'rights');
	perform private.promote_waiting_signups(session);
	return 'ok';
end
$$;
grant execute on function public.cancel_sign_up(uuid) to authenticated;

-- Gives up the places that somebody can no longer take, when their registration ends or changes its mode, category or
-- member. Its trigger is in 06_registration/category_effects.sql.
create function private.give_up_lost_signups() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	for v_session in
		select u.session_id
		from private.session_signups as u
		join private.session_places as p on p.session_id = u.session_id
		where u.person_id = new.person_id and p.summit_id = new.summit_id
		order by u.session_id
	loop
		perform from private.session_places where session_id = v_session for update;
		delete from private.session_signups as u
		where u.session_id = v_session
			and u.person_id = new.person_id
			and private.signup_entitlement(u.person_id, v_session, u.channel) <> 'ok';
		if found then perform private.promote_waiting_signups(v_session); end if;
	end loop;
	return null;
end
$$;

-- Sets how many places a session has; both null: no limit. Places that are taken are not taken away, and where a limit
-- is lifted nobody waits any more. Answers {status: ok | not_allowed | invalid | too_few, taken: {hall, online}}.
create function public.set_session_places(
	session uuid,
	hall integer,
	online integer,
	closes_at timestamptz default null,
	enforced_at_entry text default 'both'
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_taken jsonb;
begin
	if not private.may_edit_session(session) then return jsonb_build_object('status', 'not_allowed'); end if;
	if hall < 0 or online < 0 or hall > 100000 or online > 100000
		or enforced_at_entry is null
		or enforced_at_entry not in ('none', 'door', 'both') then
		return jsonb_build_object('status', 'invalid');
	end if;
	if hall is null and online is null then
		delete from private.session_places where session_id = session;
		perform private.publish_event('session:' || session, 'rights', session);
		return jsonb_build_object('status', 'ok');
	end if;
	perform from private.session_places where session_id = session for update;
	v_taken := (
		select jsonb_build_object(
			'hall', count(*) filter (where channel = 'hall'),
			'online', count(*) filter (where channel = 'online')
		)
		from private.session_signups
		where session_id = session and state = 'placed'
	);
	if coalesce(hall, 0) < (v_taken ->> 'hall')::integer or coalesce(online, 0) < (v_taken ->> 'online')::integer then
		return jsonb_build_object('status', 'too_few', 'taken', v_taken);
	end if;
	insert into private.session_places (session_id, summit_id, hall, online, closes_at, enforced_at_entry)
	select
		s.id,
		s.summit_id,
		set_session_places.hall,
		set_session_places.online,
		set_session_places.closes_at,
		set_session_places.enforced_at_entry
	from public.sessions as s
	where s.id = session
	on conflict (session_id) do update set
		hall = excluded.hall,
		online = excluded.online,
		closes_at = excluded.closes_at,
		enforced_at_entry = excluded.enforced_at_entry;
	delete from private.session_signups as u
	where u.session_id = session
		and u.state = 'waiting'
		and (u.channel = 'hall' and set_session_places.hall is null
			or u.channel = 'online' and set_session_places.online is null);
	perform private.promote_waiting_signups(session);
	perform private.publish_event('session:' || session, 'rights', session);
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.set_session_places(uuid, integer, integer, timestamptz, text) to authenticated;
