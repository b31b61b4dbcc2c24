-- Who sees, who enters: two predicates, used by page, search, API, feeds, token, recording, files and door alike.

create function private.newest_release(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select id from public.releases where summit_id = p_summit order by number desc limit 1
$$;

-- The level in force: the stricter of what is live and what the newest release says.
create function private.level_in_force(p_session uuid) returns public.confidentiality
language sql stable security definer set search_path = '' as $$
	select greatest(sessions.level, (
		select release_sessions.level from public.release_sessions
		where release_sessions.session_id = sessions.id and release_id = private.newest_release(sessions.summit_id)))
	from public.sessions where sessions.id = p_session
$$;

-- The same for the audience: what an organiser opens in the draft is open from the next release on.
create function private.audience_in_force(p_session uuid) returns public.session_audience
language sql stable security definer set search_path = '' as $$
	select greatest(sessions.audience, (
		select release_sessions.audience from public.release_sessions
		where release_sessions.session_id = sessions.id and release_id = private.newest_release(sessions.summit_id)))
	from public.sessions where sessions.id = p_session
$$;

-- Whether a release may name somebody: interpreters are not named, nor is who has declined since.
create function private.is_named(p_session uuid, p_person uuid, p_role public.session_role) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_role not in ('interpreter', 'captioner') and not exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.role = p_role and sp.state = 'declined')
$$;
grant execute on function private.is_named(uuid, uuid, public.session_role) to anon, authenticated;

create function private.is_listed(p_session uuid, p_person uuid, p_member uuid, p_sector public.sector,
	p_category public.registration_category)
returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_audiences as a where a.session_id = p_session
		and (a.person_id = p_person or a.member_id = p_member or a.sector = p_sector or a.category = p_category))
$$;

-- can_see, for a given person (null: a stranger), over a whole Summit or one session of it. Every other function asks
-- this one. Roles count only when the person asks in their own session: feeds and doors pass the person alone.
create function private.seen_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select r.id as registration_id, r.category, r.member_id, sm.sector,
			exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null
				and (g.summit_id is null or g.summit_id = p_summit)
					and g.role in ('programme', 'stage', 'safeguarding', 'owner')) as is_organiser,
			exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null
				and (g.summit_id is null or g.summit_id = p_summit)
					and g.role in ('programme', 'stage', 'safeguarding')) as sees_closed
		from (select) as always
		left join public.registrations as r on r.person_id = p_person and r.summit_id = p_summit
			and r.state = 'confirmed'
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	), held as (
		select s.id, greatest(s.level, rs.level) as level, rs.session_id is not null and s.state <> 'draft'
			and u.state <> 'draft' as is_released
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		left join public.release_sessions as rs on rs.session_id = s.id
			and rs.release_id = private.newest_release(p_summit)
		where s.summit_id = p_summit and (p_session is null or s.id = p_session)
	)
	select held.id from held, reader
	where
		-- People of a session see it, released or not.
		exists (select from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined')
		or (reader.is_organiser and (held.level <> 'closed' or reader.sees_closed))
		or held.is_released and (
			held.level = 'public'
			or held.level in ('members', 'chatham_house') and reader.registration_id is not null
			or held.level = 'closed' and reader.registration_id is not null
				and private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category))
$$;
grant execute on function private.seen_sessions(uuid, uuid, uuid) to app_server;

create function private.can_see(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.seen_sessions(p_person, (select summit_id from public.sessions where id = p_session), p_session))
$$;
grant execute on function private.can_see(uuid, uuid) to app_server;

-- People of a session enter by their role; who runs stages or keeps people safe, every stream.
create function private.enters_by_role(p_person uuid, p_session uuid, p_way public.way_in) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined')
		or p_way = 'stream' and exists (select from public.role_grants as g
			where g.person_id = p_person and g.ended_at is null and g.role in ('stage', 'safeguarding')
			and (g.summit_id is null
				or g.summit_id = (select s.summit_id from public.sessions as s where s.id = p_session)))
$$;

-- Whether somebody may be there at all, wherever there is a place: what `entry_of` says but for limited places.
create function private.entitlement_of(p_person uuid, p_session uuid, p_way public.way_in) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_session public.sessions;
	v_registration public.registrations;
	v_sector public.sector;
begin
	select * into v_session from public.sessions where id = p_session;
	if not found or not private.can_see(p_person, p_session) then
		return 'not_seen';
	end if;
	if private.is_kept_out(p_person, p_session) then return 'barred'; end if;
	select * into v_registration from public.registrations
	where person_id = p_person and summit_id = v_session.summit_id and state = 'confirmed';
	-- The door always asks for an in-person registration.
	if p_way = 'door' then
		if v_registration.id is null then return 'not_registered'; end if;
		if v_registration.mode <> 'in_person' then return 'virtual_at_door'; end if;
		if v_session.attendance = 'online' then return 'online_only'; end if;
		if private.is_paused(v_registration.id) then return 'in_review'; end if;
	end if;
	if private.enters_by_role(p_person, p_session, p_way) then
		return 'ok';
	end if;
	if p_way = 'stream' and v_session.attendance = 'hall' then
		return 'hall_only';
	end if;
	if private.audience_in_force(p_session) = 'everyone' and private.level_in_force(p_session) = 'public'
		and p_way = 'stream' then
		return 'ok';
	end if;
	if v_registration.id is null then
		return case when p_person is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_paused(v_registration.id) then return 'in_review'; end if;
	if private.audience_in_force(p_session) = 'listed' or private.level_in_force(p_session) = 'closed' then
		select sector into v_sector from public.summit_members
			where summit_id = v_registration.summit_id and member_id = v_registration.member_id;
		if not private.is_listed(p_session, p_person, v_registration.member_id, v_sector, v_registration.category) then
			return 'not_listed';
		end if;
	end if;
	return 'ok';
end
$$;

--[was in visibility] can_enter, with the reason when not: ok, not_seen, barred, sign_in, not_registered, not_listed, virtual_at_door, hall_only, online_only,
--[was in visibility] in_review (details changed after accreditation), no_place (places are limited, and this one has none).
--[patch entry_lock] Raid protection: for one run, hosts let in only who is registered, or only the people of the session. And the notice that is
--[patch entry_lock] confirmed before entering.
-- can_enter, with one more reason: locked (hosts of the run let in fewer people for the moment).
create function private.entry_of(p_person uuid, p_session uuid, p_way public.way_in) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_entitled text := private.entitlement_of(p_person, p_session, p_way);
begin
	if v_entitled <> 'ok' then return v_entitled; end if;
	if private.lacks_place(p_person, p_session, p_way) then
		return case when p_person is null then 'sign_in' else 'no_place' end;
	end if;
	return case when p_way = 'stream' and private.is_locked_out(p_person, p_session) then 'locked' else 'ok' end;
end
$$;
grant execute on function private.entry_of(uuid, uuid, public.way_in) to app_server;

-- Whether a bar keeps somebody out of a session, whatever else would let them in.
create function private.is_kept_out(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.entry_bars as b join public.sessions as s on s.summit_id = b.summit_id
		where s.id = p_session and b.person_id = p_person and (b.session_id is null or b.session_id = p_session))
$$;

-- The same two, for whoever is signed in (or nobody).
create function public.can_see(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see((select private.me()), session)
$$;
grant execute on function public.can_see(uuid) to anon, authenticated;

create function public.can_enter(session uuid, way public.way_in) returns text
language sql stable security definer set search_path = '' as $$
	select private.entry_of((select private.me()), session, way)
$$;
grant execute on function public.can_enter(uuid, public.way_in) to anon, authenticated;

-- Every session that the reader sees, in all Summits they can read: computed once per statement for policies.
create function private.my_seen_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select seen from public.summits, private.seen_sessions((select private.me()), summits.id) as seen
	where summits.id in (select private.readable_summits())
$$;
grant execute on function private.my_seen_sessions() to anon, authenticated;

-- Newest releases of the readable Summits: what the public, the feeds and the door read.
create function private.current_releases() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.newest_release(id) from public.summits where id in (select private.readable_summits())
$$;
grant execute on function private.current_releases() to anon, authenticated;

-- The draft is for organisers (closed sessions for programme, stage, safeguarding only) and for a session's own people.
create function private.draft_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select sp.session_id from public.session_people as sp
		where sp.person_id in (select private.my_people('speaking')) and sp.state <> 'declined'
	union
	select seen from private.summits_with_role('programme', 'stage', 'safeguarding') as s (id),
		private.seen_sessions((select private.me()), s.id) as seen
$$;
grant execute on function private.draft_sessions() to anon, authenticated;

-- Speakers are named where a session names them; a person sees themselves; organisers their people.
create function private.seen_people() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_people()
	union
	select rp.person_id from public.release_people as rp
	where rp.release_id in (select private.current_releases()) and rp.session_id in (select private.my_seen_sessions())
		and private.is_named(rp.session_id, rp.person_id, rp.role)
	union
	select sp.person_id from public.session_people as sp where sp.session_id in (select private.draft_sessions())
	union
	select r.person_id from public.registrations as r
	where r.summit_id in (select private.summits_with_role('registration', 'finance', 'stage', 'safeguarding'))
$$;
grant execute on function private.seen_people() to anon, authenticated;

-- Organisers add people and place them; what somebody consents to, only they say, in functions.
