-- Who may see and who may enter a session (Rule 5): the only place that decides it. Pages, search, API, feeds, stream
-- tokens, recordings, files and doors all ask `private.visible_sessions` (or `can_see`) and `private.entry_decision`
-- (or `can_enter`). The entry lock of a run is in 16_stage/entry_lock.sql and is asked here.

-- The newest release of a Summit; null before the first.
create function private.newest_release(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select id from public.releases where summit_id = p_summit order by number desc limit 1
$$;

-- Levels and audiences

-- The level in force: the stricter of the live session and the newest release.
create function private.level_in_force(p_session uuid) returns public.confidentiality
language sql stable security definer set search_path = '' as $$
	select greatest(
		sessions.level,
		(
			select release_sessions.level
			from public.release_sessions
			where release_sessions.session_id = sessions.id
				and release_id = private.newest_release(sessions.summit_id)
		)
	)
	from public.sessions
	where sessions.id = p_session
$$;

-- The same for the audience: an audience that an organiser widens in the draft applies from the next release on.
create function private.audience_in_force(p_session uuid) returns public.session_audience
language sql stable security definer set search_path = '' as $$
	select greatest(
		sessions.audience,
		(
			select release_sessions.audience
			from public.release_sessions
			where release_sessions.session_id = sessions.id
				and release_id = private.newest_release(sessions.summit_id)
		)
	)
	from public.sessions
	where sessions.id = p_session
$$;

-- Whether the audience of a session lists somebody: in person, or by member, sector or category.
create function private.is_listed(
	p_session uuid,
	p_person uuid,
	p_member uuid,
	p_sector public.sector,
	p_category public.registration_category
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from public.session_audiences as a
		where a.session_id = p_session
			and (a.person_id = p_person or a.member_id = p_member or a.sector = p_sector or a.category = p_category)
	)
$$;

-- Who sees

-- The sessions of a Summit (or the one given) that a person sees; null: somebody who is not signed in. Every other
-- function of visibility asks this one. Role grants count for this person alone, never for people they act for.
create function private.visible_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select
			r.id as registration_id,
			r.category,
			r.member_id,
			sm.sector,
			exists (
				select
				from public.role_grants as g
				where g.person_id = p_person
					and g.ended_at is null
					and (g.summit_id is null or g.summit_id = p_summit)
					and g.role in ('programme', 'stage', 'safeguarding', 'owner')
			) as is_organiser,
			exists (
				select
				from public.role_grants as g
				where g.person_id = p_person
					and g.ended_at is null
					and (g.summit_id is null or g.summit_id = p_summit)
					and g.role in ('programme', 'stage', 'safeguarding')
			) as sees_closed
		from (select) as always
		left join public.registrations as r
			on r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	), held as (
		select
			s.id,
			greatest(s.level, rs.level) as level,
			rs.session_id is not null and s.state <> 'draft' and u.state <> 'draft' as is_released
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		left join public.release_sessions as rs
			on rs.session_id = s.id and rs.release_id = (select private.newest_release(p_summit))
		where s.summit_id = p_summit
			and (p_session is null or s.id = p_session)
	)
	select held.id
	from held, reader
	where
		-- The people of a session see it, released or not.
		exists (
			select
			from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined'
		)
		-- Organisers see the draft too; an owner sees no closed session.
		or (reader.is_organiser and (held.level <> 'closed' or reader.sees_closed))
		or held.is_released and (
			held.level = 'public'
			or held.level in ('members', 'chatham_house') and reader.registration_id is not null
			or held.level = 'closed'
				and reader.registration_id is not null
				and private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category)
		)
$$;
grant execute on function private.visible_sessions(uuid, uuid, uuid) to app_server;

-- Whether a person (null: somebody who is not signed in) sees a session.
create function private.can_see(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.visible_sessions(p_person, (select summit_id from public.sessions where id = p_session), p_session)
	)
$$;
grant execute on function private.can_see(uuid, uuid) to app_server;

-- The same for the reader.
create function public.can_see(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see((select private.me()), session)
$$;
grant execute on function public.can_see(uuid) to anon, authenticated;

-- Whether a person may read a version of a session that had this level: a version from when the session was closed
-- stays closed, also after the session was opened. It does not ask whether the person sees the session today
-- (`can_see`).
create function private.may_read_version(p_person uuid, p_session uuid, p_level public.confidentiality) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_level = 'public'
		or exists (
			select
			from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		)
		or exists (
			select
			from public.sessions as s
			left join public.registrations as r
				on r.person_id = p_person and r.summit_id = s.summit_id and r.state = 'confirmed'
			left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
			where s.id = p_session
				and (
					exists (
						select
						from public.role_grants as g
						where g.person_id = p_person
							and g.ended_at is null
							and (g.summit_id is null or g.summit_id = s.summit_id)
							and (
								g.role in ('programme', 'stage', 'safeguarding')
								or g.role = 'owner' and p_level <> 'closed'
							)
					)
					or r.id is not null
						and (
							p_level <> 'closed'
							or private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category)
						)
				)
		)
$$;

-- Whether a release names a person in a role of a session: interpreters and captioners are never named, nor is somebody
-- who has declined since.
create function private.is_named(p_session uuid, p_person uuid, p_role public.session_role) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_role not in ('interpreter', 'captioner')
		and not exists (
			select
			from public.session_people as sp
			where sp.session_id = p_session
				and sp.person_id = p_person
				and sp.role = p_role
				and sp.state = 'declined'
		)
$$;
grant execute on function private.is_named(uuid, uuid, public.session_role) to anon, authenticated;

-- What policies ask, computed once per statement

-- Every session that the reader sees, in all Summits that they can read.
create function private.my_visible_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select seen
	from public.summits, private.visible_sessions((select private.me()), summits.id) as seen
	where summits.id in (select private.readable_summits())
$$;
grant execute on function private.my_visible_sessions() to anon, authenticated;

-- The newest releases of the Summits that the reader can read.
create function private.current_releases() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.newest_release(id) from public.summits where id in (select private.readable_summits())
$$;
grant execute on function private.current_releases() to anon, authenticated;

-- The sessions whose draft the reader reads: those that they take part in (or act for somebody who does), and as an
-- organiser those that they see.
create function private.draft_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select sp.session_id
	from public.session_people as sp
	where sp.person_id in (select private.my_people('speaking'))
		and sp.state <> 'declined'
	union
	select seen
	from private.summits_with_role('programme', 'stage', 'safeguarding') as s (id),
		private.visible_sessions((select private.me()), s.id) as seen
$$;
grant execute on function private.draft_sessions() to anon, authenticated;

-- The people whom the reader sees: themselves and those for whom they act, the people whom a seen session names, and
-- for organisers the people of drafts and registrations.
create function private.visible_people() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_people()
	union
	select rp.person_id
	from public.release_people as rp
	where rp.release_id in (select private.current_releases())
		and rp.session_id in (select private.my_visible_sessions())
		and private.is_named(rp.session_id, rp.person_id, rp.role)
	union
	select sp.person_id
	from public.session_people as sp
	where sp.session_id in (select private.draft_sessions())
	union
	select r.person_id
	from public.registrations as r
	where r.summit_id in (select private.summits_with_role('registration', 'finance', 'stage', 'safeguarding'))
$$;
grant execute on function private.visible_people() to anon, authenticated;

-- Who enters

-- Whether somebody is barred from a session or its whole Summit. A bar overrides everything that would admit them.
create function private.has_entry_bar(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.entry_bars as b
		join public.sessions as s on s.summit_id = b.summit_id
		where s.id = p_session
			and b.person_id = p_person
			and (b.session_id is null or b.session_id = p_session)
	)
$$;

-- Whether somebody enters by role: the people of a session in both ways; for stage and safeguarding every stream.
create function private.enters_by_role(p_person uuid, p_session uuid, p_channel public.access_channel) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select
			from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		)
		or p_channel = 'stream'
			and exists (
				select
				from public.role_grants as g
				where g.person_id = p_person
					and g.ended_at is null
					and g.role in ('stage', 'safeguarding')
					and (
						g.summit_id is null
						or g.summit_id = (select s.summit_id from public.sessions as s where s.id = p_session)
					)
			)
$$;

-- Whether entering requires a place (sign_up.sql) that somebody does not have: a limit in the hall applies at the door,
-- a limit online in the stream. A place in the hall also opens the stream, so that its holder can listen to the
-- interpretation on a phone.
create function private.lacks_place(p_person uuid, p_session uuid, p_channel public.access_channel) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.session_places as p
		where p.session_id = p_session
			and case p_channel
				when 'door' then p.hall is not null and p.enforced_at_entry <> 'none'
				else p.online is not null and p.enforced_at_entry = 'both'
			end
			and not exists (
				select
				from private.session_signups as u
				where u.session_id = p_session
					and u.person_id = p_person
					and u.state = 'placed'
					and (u.channel = 'hall' or p_channel = 'stream')
			)
			and not private.enters_by_role(p_person, p_session, p_channel)
	)
$$;

-- Whether somebody may enter apart from places and the entry lock. Answers as `entry_decision`, without no_place and
-- locked.
create function private.entry_entitlement(p_person uuid, p_session uuid, p_channel public.access_channel) returns text
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
	if private.has_entry_bar(p_person, p_session) then return 'barred'; end if;
	select * into v_registration from public.registrations
	where person_id = p_person and summit_id = v_session.summit_id and state = 'confirmed';
	-- The door always requires an in-person registration, also of people who enter by role.
	if p_channel = 'door' then
		if v_registration.id is null then return 'not_registered'; end if;
		if v_registration.mode <> 'in_person' then return 'virtual_at_door'; end if;
		if v_session.attendance = 'online' then return 'online_only'; end if;
		if private.is_re_review_blocking(v_registration.id) then return 'in_review'; end if;
	end if;
	if private.enters_by_role(p_person, p_session, p_channel) then
		return 'ok';
	end if;
	if p_channel = 'stream' and v_session.attendance = 'hall' then
		return 'hall_only';
	end if;
	if private.audience_in_force(p_session) = 'everyone' and private.level_in_force(p_session) = 'public'
		and p_channel = 'stream' then
		return 'ok';
	end if;
	if v_registration.id is null then
		return case when p_person is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_re_review_blocking(v_registration.id) then return 'in_review'; end if;
	if private.audience_in_force(p_session) = 'listed' or private.level_in_force(p_session) = 'closed' then
		select sector into v_sector
		from public.summit_members
		where summit_id = v_registration.summit_id and member_id = v_registration.member_id;
		if not private.is_listed(p_session, p_person, v_registration.member_id, v_sector, v_registration.category) then
			return 'not_listed';
		end if;
	end if;
	return 'ok';
end
$$;

-- Whether somebody may enter a session now. Answers ok | not_seen | barred | sign_in | not_registered | not_listed |
-- virtual_at_door | hall_only | online_only | in_review (details changed after accreditation) | no_place (places are
-- limited, and this person has none) | locked (the hosts of the run restrict who enters for now).
create function private.entry_decision(p_person uuid, p_session uuid, p_channel public.access_channel)
	returns public.entry_status
language plpgsql stable security definer set search_path = '' as $$
declare
	v_entitled text := private.entry_entitlement(p_person, p_session, p_channel);
begin
	if v_entitled <> 'ok' then return v_entitled; end if;
	if private.lacks_place(p_person, p_session, p_channel) then
		return case when p_person is null then 'sign_in' else 'no_place' end;
	end if;
	return case
		when p_channel = 'stream' and private.is_locked_out(p_person, p_session) then 'locked'
		else 'ok'
	end;
end
$$;
grant execute on function private.entry_decision(uuid, uuid, public.access_channel) to app_server;

-- The same for the reader.
create function public.can_enter(session uuid, channel public.access_channel) returns public.entry_status
language sql stable security definer set search_path = '' as $$
	select private.entry_decision((select private.me()), session, channel)
$$;
grant execute on function public.can_enter(uuid, public.access_channel) to anon, authenticated;

-- The session that still runs in the room of a checkpoint after its planned time, and when that time was over. The door
-- keeps admitting by the rules of that session: nobody enters a session only because its time is over, and after a
-- session that names nobody began, later entries are not named either. When the agenda has begun the next session, only
-- a session that names nobody continues so. After an hour the rule ends: a run that hosts forgot to end closes no room.
create function private.overrunning_session_at(p_checkpoint public.checkpoints, p_at timestamptz)
	returns table (session_id uuid, ended timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query
	select runs.session_id, upper(sl.during)
	from public.release_slots as sl
	join public.runs on runs.session_id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id)
		and sl.room_id = p_checkpoint.room_id
		and not sl.is_cancelled
		and upper(sl.during) <= p_at
		and upper(sl.during) > p_at - interval '1 hour'
		and runs.started_at <= p_at
		and coalesce(runs.ended_at, 'infinity') > p_at
		and (
			private.level_in_force(runs.session_id) not in ('public', 'members')
			or not exists (
				select
				from public.release_slots as other
				where other.release_id = sl.release_id
					and other.room_id = sl.room_id
					and not other.is_cancelled
					and other.during @> p_at
			)
		)
	order by upper(sl.during) desc
	limit 1;
end
$$;

-- Whether a session of this level names nobody.
create function private.is_anonymous_level(p_level public.confidentiality) returns boolean
language sql immutable set search_path = '' as $$
	select p_level in ('chatham_house', 'closed')
$$;
