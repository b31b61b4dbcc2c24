-- Places in a session that cannot take everyone: for the hall and online, given in the order of asking; whoever finds
-- none waits, in order, and moves up by themselves. Locks: the registration first, then the session's places.

create function private.places_of(p_places private.session_places, p_way text) returns integer
language sql immutable set search_path = '' as $$
	select case p_way when 'hall' then p_places.hall when 'online' then p_places.online end
$$;

-- Whether a place is asked for that somebody has not: a limit on the hall is one of the door, a limit online one of the
-- stream. Whoever has a place in the hall may listen to the interpretation on their phone.
create function private.lacks_place(p_person uuid, p_session uuid, p_way public.way_in) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.session_places as p where p.session_id = p_session
		and case p_way when 'door' then p.hall is not null and p.places_for <> 'none'
			else p.online is not null and p.places_for = 'both' end
		and not exists (select from private.session_signups as u
			where u.session_id = p_session and u.person_id = p_person and u.state = 'placed'
			and (u.way = 'hall' or p_way = 'stream'))
		and not private.enters_by_role(p_person, p_session, p_way))
$$;

-- Whether somebody may be where they ask to be: by the same rules as the door and the stream, but for the place.
create function private.may_take(p_person uuid, p_session uuid, p_way text) returns text
language sql stable security definer set search_path = '' as $$
	select private.entitlement_of(p_person, p_session,
		case p_way when 'hall' then 'door'::public.way_in else 'stream' end)
$$;

-- Gives what is free to those who wait, in order; who may not enter at the moment keeps their turn and is passed over.
-- The caller holds the lock.
create function private.move_up(p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_places private.session_places;
	v_next private.session_signups;
	v_left jsonb;
begin
	select * into v_places from private.session_places where session_id = p_session;
	v_left := jsonb_build_object('hall', coalesce(v_places.hall, 0) - (select count(*) from private.session_signups
		where session_id = p_session and way = 'hall' and state = 'placed'),
		'online', coalesce(v_places.online, 0) - (select count(*) from private.session_signups
			where session_id = p_session and way = 'online' and state = 'placed'));
	for v_next in select * from private.session_signups where session_id = p_session and state = 'waiting'
		order by rank loop
		continue when (v_left ->> v_next.way)::integer <= 0
			or private.may_take(v_next.person_id, p_session, v_next.way) <> 'ok';
		update private.session_signups set state = 'placed'
			where session_id = p_session and person_id = v_next.person_id;
		v_left := jsonb_set(v_left, array[v_next.way], to_jsonb((v_left ->> v_next.way)::integer - 1));
		perform private.enqueue_mail(v_next.person_id, 'place_given',
			(select jsonb_build_object('title', rs.title, 'code', s.code, 'way', v_next.way, 'calendar', true,
				'start', (select private.iso(min(lower(sl.during))) from public.release_slots as sl
					where sl.release_id = rs.release_id and sl.session_id = s.id))
			from public.sessions as s join public.release_sessions as rs on rs.session_id = s.id
				and rs.release_id = private.newest_release(s.summit_id) where s.id = p_session),
			v_places.summit_id, 'place:' || p_session || ':' || v_next.person_id || ':' || v_next.rank, 5);
		perform private.tell('person:' || v_next.person_id, 'place');
	end loop;
end
$$;

-- Why nobody may ask any more: cancelled, over or past its closing time; null while one may.
create function private.places_closed(p_places private.session_places) returns text
language sql stable security definer set search_path = '' as $$
	select case when s.state = 'cancelled' then 'cancelled'
		when p_places.closes_at <= now() or exists (select from public.release_slots as sl
			where sl.release_id = private.newest_release(s.summit_id) and sl.session_id = s.id
			having max(upper(sl.during)) <= now()) then 'closed' end
	from public.sessions as s where s.id = p_places.session_id
$$;

-- Answers {status: ok | not_seen | no_limit | cancelled | closed | already | not_entitled, state: placed | waiting,
-- reason}.
create function public.sign_up(session uuid, way text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_places private.session_places;
	v_old private.session_signups;
	v_state text;
	v_reason text;
begin
	if v_me is null or not private.can_see(v_me, session) then return jsonb_build_object('status', 'not_seen'); end if;
	-- Nobody is withdrawn or switched while they ask.
	perform from public.registrations as r join public.sessions as s on s.summit_id = r.summit_id
		where s.id = session and r.person_id = v_me and r.state = 'confirmed' for share of r;
	select * into v_places from private.session_places where session_id = session for update;
	if not found or private.places_of(v_places, way) is null then
		return jsonb_build_object('status', 'no_limit');
	end if;
	select * into v_old from private.session_signups where session_id = session and person_id = v_me;
	if v_old.session_id is not null then
		return jsonb_build_object('status', case when v_old.way = sign_up.way then 'ok' else 'already' end, 'state',
			v_old.state);
	end if;
	v_reason := private.places_closed(v_places);
	if v_reason is not null then return jsonb_build_object('status', v_reason); end if;
	v_reason := private.may_take(v_me, session, way);
	if v_reason <> 'ok' then return jsonb_build_object('status', 'not_entitled', 'reason', v_reason); end if;
	v_state := case when (select count(*) from private.session_signups as u
		where u.session_id = session and u.way = sign_up.way and u.state = 'placed') < private.places_of(v_places, way)
		-- A place that is free and waited for is theirs who wait.
		and not exists (select from private.session_signups as u where u.session_id = session and u.way = sign_up.way
			and u.state = 'waiting' and private.may_take(u.person_id, session, u.way) = 'ok')
		then 'placed' else 'waiting' end;
	insert into private.session_signups (session_id, person_id, way, state, rank)
	values (session, v_me, way, v_state,
		(select coalesce(max(rank), 0) + 1 from private.session_signups as u where u.session_id = session));
	insert into public.agenda_marks (person_id, session_id) values (v_me, session) on conflict do nothing;
	return jsonb_build_object('status', 'ok', 'state', v_state);
end
$$;
grant execute on function public.sign_up(uuid, text) to authenticated;

-- Gives a place or a turn back; the next moves up. Answers ok or none.
create function public.cancel_sign_up(session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from private.session_places where session_id = session for update;
	delete from private.session_signups where session_id = session and person_id = private.me();
	if not found then return 'none'; end if;
	perform private.tell('person:' || private.me(), 'rights');
	perform private.move_up(session);
	return 'ok';
end
$$;
grant execute on function public.cancel_sign_up(uuid) to authenticated;

-- Who is confirmed no more, or comes in another way, keeps no place that they could not take.
create function private.give_places_back() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	for v_session in select u.session_id
		from private.session_signups as u join private.session_places as p on p.session_id = u.session_id
		where u.person_id = new.person_id and p.summit_id = new.summit_id order by u.session_id loop
		perform from private.session_places where session_id = v_session for update;
		delete from private.session_signups as u where u.session_id = v_session and u.person_id = new.person_id
			and private.may_take(u.person_id, v_session, u.way) <> 'ok';
		if found then perform private.move_up(v_session); end if;
	end loop;
	return null;
end
$$;

-- Organisers set how many may come; both null: everyone may. Answers {status: ok | not_allowed | invalid | too_few,
-- taken}.
create function public.set_session_places(session uuid, hall integer, online integer, closes_at timestamptz
	default null, places_for text default 'both') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_taken jsonb;
begin
	if not private.may_edit_session(session) then return jsonb_build_object('status', 'not_allowed'); end if;
	if hall < 0 or online < 0 or hall > 100000 or online > 100000 or places_for is null
		or places_for not in ('none', 'door', 'both') then
		return jsonb_build_object('status', 'invalid');
	end if;
	if hall is null and online is null then
		delete from private.session_places where session_id = session;
		return jsonb_build_object('status', 'ok');
	end if;
	perform from private.session_places where session_id = session for update;
	v_taken := (select jsonb_build_object('hall', count(*) filter (where way = 'hall'), 'online',
		count(*) filter (where way = 'online'))
		from private.session_signups where session_id = session and state = 'placed');
	-- A place once given is not taken away by a number.
	if coalesce(hall, 0) < (v_taken ->> 'hall')::integer or coalesce(online, 0) < (v_taken ->> 'online')::integer then
		return jsonb_build_object('status', 'too_few', 'taken', v_taken);
	end if;
	insert into private.session_places (session_id, summit_id, hall, online, closes_at, places_for)
	select s.id, s.summit_id, set_session_places.hall, set_session_places.online, set_session_places.closes_at,
		set_session_places.places_for
	from public.sessions as s where s.id = session
	on conflict (session_id) do update set hall = excluded.hall, online = excluded.online,
		closes_at = excluded.closes_at, places_for = excluded.places_for;
	perform private.move_up(session);
	perform private.tell('session:' || session, 'rights', session);
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.set_session_places(uuid, integer, integer, timestamptz, text) to authenticated;

-- How it stands with the places of a session that the reader sees; null where everyone may come.
create function private.places_json(p_person uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('closes_at', p.closes_at, 'places_for', p.places_for, 'closed', private.places_closed(p),
		'ways', (select jsonb_agg(jsonb_build_object('way', way, 'places', private.places_of(p, way),
				'left', greatest(private.places_of(p, way) - (select count(*) from private.session_signups as u
					where u.session_id = p.session_id and u.way = ways.way and u.state = 'placed'), 0),
				'waiting', (select count(*) from private.session_signups as u
					where u.session_id = p.session_id and u.way = ways.way and u.state = 'waiting')) order by way)
			from unnest(array['hall', 'online']) as ways (way) where private.places_of(p, way) is not null),
		'mine', (select jsonb_build_object('way', u.way, 'state', u.state, 'position',
			case when u.state = 'waiting' then (select count(*) from private.session_signups as b
				where b.session_id = u.session_id and b.way = u.way and b.state = 'waiting' and b.rank <= u.rank) end)
			from private.session_signups as u where u.session_id = p.session_id and u.person_id = p_person))
	from private.session_places as p where p.session_id = p_session
$$;

create function public.read_places(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.places_json(private.me(), session) where private.can_see(private.me(), session)
$$;
grant execute on function public.read_places(uuid) to anon, authenticated;

-- Of the reader's own agenda: {session id: places}.
create function public.read_my_places(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(p.session_id, private.places_json(private.me(), p.session_id)), '{}')
	from private.session_places as p where p.summit_id = summit
		and p.session_id in (select m.session_id from public.agenda_marks as m where m.person_id = private.me()
			union select u.session_id from private.session_signups as u where u.person_id = private.me())
		and p.session_id in (select private.seen_sessions(private.me(), summit))
$$;
grant execute on function public.read_my_places(uuid) to authenticated;

-- For programme organisers: [{id, title, hall, online, closes_at, ways}] of the sessions with limited places that they
-- see.
create function public.list_session_places(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'hall', p.hall, 'online', p.online,
		'closes_at', p.closes_at, 'places_for', p.places_for,
		'ways', private.places_json(null, s.id) -> 'ways') order by s.code), '[]')
	from private.session_places as p join public.sessions as s on s.id = p.session_id
	where p.summit_id = summit and private.has_role(summit, 'programme')
		and s.id in (select private.seen_sessions(private.me(), summit))
$$;
grant execute on function public.list_session_places(uuid) to authenticated;
