-- Attendance: how many minutes a person attended a session, for the person and for organisers. Sessions at a level that
-- names nobody have no attendance.

-- Returns for how many seconds a person attended a session. A period counts only while the run is on: waiting before it
-- begins is no attendance. Overlapping periods, at the door and on a stream, count once.
create function private.attended_seconds(p_person uuid, p_session uuid, p_now timestamptz default now()) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(extract(epoch from upper(period) - lower(period))), 0)::integer
	from (
		select unnest(range_agg(within)) as period
		from (
			select tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, p_now))) * case
				when p.run_id is null then tstzrange(null, null)
				else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, p_now)))
				end as within
			from public.presence as p
			left join public.runs on runs.id = p.run_id
			where p.person_id = p_person
				and p.session_id = p_session
				and (p.run_id is null or runs.started_at is not null)
				and not private.is_nameless(p.run_id)) as clipped
		where not isempty(within)) as periods
	where private.level_in_force(p_session) in ('public', 'members')
$$;

-- Returns the attendance in whole minutes, rounded.
create function private.attended_minutes(p_person uuid, p_session uuid, p_now timestamptz default now()) returns integer
language sql stable security definer set search_path = '' as $$
	select round(private.attended_seconds(p_person, p_session, p_now) / 60.0)::integer
$$;

-- Returns the sessions of a Summit that a person (or everybody) attended, with minutes, where the level names people.
create function private.attended_sessions(p_summit uuid, p_person uuid default null)
	returns table (session_id uuid, person_id uuid, minutes integer)
language sql stable security definer set search_path = '' as $$
	select each.session_id, each.person_id, private.attended_minutes(each.person_id, each.session_id)
	from (
		select distinct p.session_id, p.person_id
		from public.presence as p
		where p.summit_id = p_summit
			and p.session_id is not null
			and (p_person is null or p.person_id = p_person)) as each
	where private.level_in_force(each.session_id) in ('public', 'members')
$$;

-- Returns the reader's own attendance, in the order of attending: [{code, title, level, minutes, watched (minutes of its
-- recordings that count), at}].
create function public.my_attendance(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with counted as (
		select coalesce(a.session_id, w.session_id) as session_id, coalesce(a.minutes, 0) as minutes,
			coalesce(w.minutes, 0) as watched
		from private.attended_sessions(summit, private.me()) as a
		full join private.watched_sessions(summit, private.me()) as w on w.session_id = a.session_id
		where private.me() is not null
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'code', s.code, 'title', s.title, 'level', private.level_in_force(s.id), 'minutes', c.minutes,
		'watched', c.watched, 'at', private.iso(first.at))
		order by first.at), '[]')
	from counted as c
	join public.sessions as s on s.id = c.session_id
	cross join lateral (
		select coalesce(
			(select min(p.entered_at) from public.presence as p
				where p.session_id = s.id and p.person_id = (select private.me()) and c.minutes > 0),
			(select min(g.started_at) from private.recordings as g where g.session_id = s.id)) as at) as first
	where c.minutes > 0 or c.watched > 0
$$;
grant execute on function public.my_attendance(uuid) to authenticated;

-- Returns a count, or null for a group below the smallest one of the Summit: its people could be recognised, so neither
-- its size nor anything that follows from it is shown.
create function private.suppress_small_count(p_summit uuid, p_count bigint) returns bigint
language sql stable security definer set search_path = '' as $$
	select case when p_count = 0 or p_count >= private.smallest_group(p_summit) then p_count end
$$;

-- Returns whether the reader may read who attended a session: a registration organiser who may see it, at a level that
-- names people.
create function private.may_read_attendees(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select from public.sessions as s
			where s.id = p_session
				and private.has_role(s.summit_id, 'registration')
				and private.can_see(private.me(), s.id))
		and private.level_in_force(p_session) in ('public', 'members')
$$;

-- Returns the attendance of the sessions that have begun, for organisers of the programme, of stages and of
-- registrations: [{session, code, title, level, at, may_name, people, minutes (average), watchers (of its recordings)}].
-- The figures are null where they would reveal who attended, or at a level that names nobody.
create function public.list_session_attendance(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'session', s.id, 'code', s.code, 'title', s.title, 'level', private.level_in_force(s.id),
		'at', private.iso(began.at), 'may_name', private.may_read_attendees(s.id),
		'people', case
			when private.may_read_attendees(s.id) then counted.people
			else private.suppress_small_count(s.summit_id, counted.people) end,
		'minutes', case
			when private.may_read_attendees(s.id) or private.suppress_small_count(s.summit_id, counted.people) is not null
				then counted.minutes end,
		'watchers', case
			when private.may_read_attendees(s.id) then watching.people
			else private.suppress_small_count(s.summit_id, watching.people) end)
		order by began.at), '[]')
	from public.sessions as s
	join lateral (
		select min(started_at) as at from public.runs where runs.session_id = s.id) as began on began.at is not null
	cross join lateral (
		select count(*) as people, round(avg(minutes))::integer as minutes
		from (
			select private.attended_minutes(each.person_id, s.id) as minutes
			from (select distinct p.person_id from public.presence as p where p.session_id = s.id) as each) as m
		where m.minutes > 0 and private.level_in_force(s.id) in ('public', 'members')) as counted
	cross join lateral (
		select count(*) as people
		from (select distinct w.person_id
			from private.recordings as g
			join private.watched_recordings as w on w.recording_id = g.id
			where g.session_id = s.id) as each
		where private.watched_minutes(each.person_id, s.id) > 0) as watching
	where s.summit_id = summit
		and private.has_role(summit, 'programme', 'stage', 'registration')
		and private.can_see(private.me(), s.id)
$$;
grant execute on function public.list_session_attendance(uuid) to authenticated;

-- Returns who attended a session or watched its recordings: [{code, display_name, affiliation, minutes, watched}]; null
-- when the reader may not know it.
create function public.list_session_attendees(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when private.may_read_attendees(session) then (
			select coalesce(jsonb_agg(jsonb_build_object('code', people.code, 'display_name', people.display_name,
				'affiliation', people.affiliation, 'minutes', m.minutes, 'watched', m.watched)
				order by people.display_name, people.code), '[]')
			from (
				select each.person_id, private.attended_minutes(each.person_id, session) as minutes,
					private.watched_minutes(each.person_id, session) as watched
				from (
					select p.person_id from public.presence as p where p.session_id = session
					union
					select w.person_id
					from private.recordings as g
					join private.watched_recordings as w on w.recording_id = g.id
					where g.session_id = session) as each) as m
			join public.people on people.id = m.person_id
			where m.minutes > 0 or m.watched > 0) end
$$;
grant execute on function public.list_session_attendees(uuid) to authenticated;

-- Returns when a session that names nobody began in the room in which a person was; null if none did. A person who came
-- for one session and stays in the room for such a session is recorded only until it begins, and a person in a session
-- only until its run ends: neither presence nor the audit may show that they stayed. Who is inside, in case of fire, is
-- known separately, as long as they are inside.
create function private.unnamed_session_start(p_period private.door_periods) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_period.place = 'building' then return null; end if;
	return (
		select min(lower(sl.during))
		from public.checkpoints as c
		join public.release_slots as sl on sl.release_id = private.newest_release(p_period.summit_id)
			and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
		where c.id = p_period.checkpoint_id
			and c.kind in ('room', 'session')
			and lower(sl.during) >= p_period.entered_at
			and lower(sl.during) < least(coalesce(p_period.left_at, now()), now())
			and private.level_in_force(sl.session_id) not in ('public', 'members'));
end
$$;
