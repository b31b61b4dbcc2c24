-- Who may see a session (Rule 5): the only place that decides it. Pages, search, API, feeds, recordings and files all
-- ask `private.visible_sessions` or `can_see`. Who may enter is in entry.sql.

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

-- Whether the audience of a session lists somebody: in person, by member, sector or category, or as one of the people of
-- its groups today (31_groups/sessions.sql); a group that has ended lists nobody. `p_groups_of`: only groups that this
-- person sees count, so that a preview tells an organiser nothing of the others.
create function private.is_listed(
	p_session uuid,
	p_person uuid,
	p_member uuid,
	p_sector public.sector,
	p_category public.registration_category,
	p_groups_of uuid default null
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select
			from public.session_audiences as a
			where a.session_id = p_session
				and (a.person_id = p_person or a.member_id = p_member or a.sector = p_sector or a.category = p_category)
		)
		or exists (
			select
			from private.session_groups as s
			join private.groups as g on g.id = s.group_id and g.ended_at is null
			join private.live_group_people as x on x.group_id = s.group_id and x.person_id = p_person
			where s.session_id = p_session
				and (p_groups_of is null or s.group_id in (select private.visible_groups(p_groups_of)))
		)
$$;

-- Whether the audience of a session lists somebody who is registered, as far as an organiser can know: of its groups
-- those count that the organiser sees.
create function private.is_known_listed(p_session uuid, p_person uuid, p_organiser uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from public.sessions as s
		join public.registrations as r
			on r.summit_id = s.summit_id and r.person_id = p_person and r.state = 'confirmed'
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
		where s.id = p_session
			and private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category, p_organiser)
	)
$$;

-- Whether a session of this level names nobody.
create function private.is_anonymous_level(p_level public.confidentiality) returns boolean
language sql immutable set search_path = '' as $$
	select p_level in ('chatham_house', 'closed')
$$;

-- Who sees

-- What of a reader decides which sessions they see and enter. Of somebody who is not registered all but the person is
-- empty.
create type private.session_reader as (
	person_id uuid,
	registration_id uuid,
	is_registered boolean,
	mode public.attendance_mode,
	category public.registration_category,
	member_id uuid,
	sector public.sector
);

-- A person (null: somebody who is not signed in) as a reader of a Summit, in one row. An archived Summit shows those who
-- were registered what it shows everybody. This and the next two have no
-- settings of their own, so that the planner makes them a part of the statement that asks.
create function private.session_readers(p_person uuid, p_summit uuid) returns setof private.session_reader
language sql stable as $$
	select p_person, r.id, r.id is not null, r.mode, r.category, r.member_id, sm.sector
	from (select) as always
	left join public.summits as u on u.id = p_summit and u.state <> 'archived'
	left join public.registrations as r
		on r.person_id = p_person and r.summit_id = u.id and r.state = 'confirmed'
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
$$;

-- Up to which level a person sees the sessions of a Summit as an organiser, the draft too: an owner sees no closed
-- session. One row; null for all others.
create function private.organiser_levels(p_person uuid, p_summit uuid) returns table (level public.confidentiality)
language sql stable as $$
	select max(case when g.role = 'owner' then 'chatham_house' else 'closed' end::public.confidentiality)
	from private.usable_grants as g
	where g.person_id = p_person
		and (g.summit_id is null or g.summit_id = p_summit)
		and g.role in ('programme', 'stage', 'safeguarding', 'owner')
$$;

-- Whether a reader sees a session of a level. The people of a session see it, released or not, and organisers see it up
-- to their level; all others see it when it is released. In an archived Summit nobody takes part any more.
create function private.is_seen(
	p_level public.confidentiality,
	p_takes_part boolean,
	p_organiser_level public.confidentiality,
	p_is_released boolean,
	p_is_registered boolean,
	p_is_listed boolean
) returns boolean
language sql immutable as $$
	select p_level <= p_organiser_level
		or p_is_released and (p_level = 'public' or p_is_registered and (p_level <> 'closed' or p_is_listed))
		or p_takes_part
$$;

-- The sessions of a Summit (or the one given) that a person sees; null: somebody who is not signed in. Every other
-- function of visibility asks this one. Role grants count for this person alone, never for people they act for.
create function private.visible_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as materialized (
		select each.*, organiser.level as organiser_level, u.state as summit_state
		from public.summits as u,
			private.session_readers(p_person, p_summit) as each,
			private.organiser_levels(p_person, p_summit) as organiser
		where u.id = p_summit
	), held as (
		select s.id, greatest(s.level, rs.level) as level, rs.session_id is not null and s.state <> 'draft' as is_released
		from public.sessions as s
		left join public.release_sessions as rs
			on rs.session_id = s.id and rs.release_id = (select private.newest_release(p_summit))
		where s.summit_id = p_summit
			and (p_session is null or s.id = p_session)
	)
	select held.id
	from held, reader
	where private.is_seen(
		held.level,
		reader.summit_state <> 'archived' and exists (
			select
			from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined'
		),
		reader.organiser_level,
		held.is_released and reader.summit_state <> 'draft',
		reader.is_registered,
		private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category)
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
			from public.sessions as s,
				private.session_readers(p_person, s.summit_id) as reader,
				private.organiser_levels(p_person, s.summit_id) as organiser
			where s.id = p_session
				and private.is_seen(
					p_level,
					s.summit_id not in (select private.archived_summits()) and exists (
						select
						from public.session_people as sp
						where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined'
					),
					organiser.level,
					true,
					reader.is_registered,
					private.is_listed(s.id, p_person, reader.member_id, reader.sector, reader.category)
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

-- The sessions whose draft the reader reads: those that they take part in (or act for somebody who does) until the Summit
-- is archived, and as an organiser those that they see.
create function private.draft_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select sp.session_id
	from public.session_people as sp
	where sp.person_id in (select private.my_people('speaking'))
		and sp.state <> 'declined'
		and sp.summit_id not in (select private.archived_summits())
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
