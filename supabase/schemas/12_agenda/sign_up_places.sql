-- Reading the places of sign-up sessions (sign_up.sql): of one session, of the reader's own agenda, and for organisers.

-- The places of a session, {closes_at, enforced_at_entry, closed, channels: [{channel, places, left, waiting}], mine:
-- {channel, state, position}}, with the person's own place or turn; null without a limit. The caller checks that they
-- see the session.
create function private.signup_json(p_person uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'closes_at', p.closes_at,
		'enforced_at_entry', p.enforced_at_entry,
		'closed', private.signup_closed_reason(p),
		'channels', (
			select jsonb_agg(
				jsonb_build_object(
					'channel', channel,
					'places', private.signup_limit(p, channel),
					'left', greatest(
						private.signup_limit(p, channel) - (
							select count(*)
							from private.session_signups as u
							where u.session_id = p.session_id and u.channel = channels.channel and u.state = 'placed'
						),
						0
					),
					'waiting', (
						select count(*)
						from private.session_signups as u
						where u.session_id = p.session_id and u.channel = channels.channel and u.state = 'waiting'
					)
				)
				order by channel
			)
			from unnest(array['hall', 'online']) as channels (channel)
			where private.signup_limit(p, channel) is not null
		),
		'mine', (
			select jsonb_build_object(
				'channel', u.channel,
				'state', u.state,
				'position', case
					when u.state = 'waiting' then (
						select count(*)
						from private.session_signups as b
						where b.session_id = u.session_id
							and b.channel = u.channel
							and b.state = 'waiting'
							and b.rank <= u.rank
					)
				end
			)
			from private.session_signups as u
			where u.session_id = p.session_id and u.person_id = p_person
		)
	)
	from private.session_places as p
	where p.session_id = p_session
$$;

-- The places of a session for the reader; null without a limit, or when they do not see it.
create function public.read_places(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.signup_json(private.me(), session)
	where private.can_see(private.me(), session)
$$;
grant execute on function public.read_places(uuid) to anon, authenticated;

-- The places of the reader's own agenda, the sessions that they marked or signed up for: {session: places}.
create function public.read_my_places(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(p.session_id, private.signup_json(private.me(), p.session_id)), '{}')
	from private.session_places as p
	where p.summit_id = summit
		and p.session_id in (
			select m.session_id
			from public.agenda_marks as m
			where m.person_id = (select private.me())
			union
			select u.session_id
			from private.session_signups as u
			where u.person_id = (select private.me())
		)
		and p.session_id in (select private.visible_sessions(private.me(), summit))
$$;
grant execute on function public.read_my_places(uuid) to authenticated;

-- The sign-up sessions that a programme organiser sees: [{id, title, hall, online, closes_at, enforced_at_entry,
-- channels}].
create function public.list_session_places(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', s.id,
				'title', s.title,
				'hall', p.hall,
				'online', p.online,
				'closes_at', p.closes_at,
				'enforced_at_entry', p.enforced_at_entry,
				'channels', private.signup_json(null, s.id) -> 'channels'
			)
			order by s.code
		),
		'[]'
	)
	from private.session_places as p
	join public.sessions as s on s.id = p.session_id
	where p.summit_id = summit
		and private.has_role(summit, 'programme')
		and s.id in (select private.visible_sessions(private.me(), summit))
$$;
grant execute on function public.list_session_places(uuid) to authenticated;
