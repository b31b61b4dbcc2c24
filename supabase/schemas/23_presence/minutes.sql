-- Attendance: minutes of a person in a session, for themselves and for organisers. Of sessions that name nobody there
-- is nothing.

-- A period counts while the run is on: who waits before it begins attends nothing yet. Periods by door and by stream
-- that fall together count once.
create function private.attended_seconds(p_person uuid, p_session uuid, p_now timestamptz default now()) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(extract(epoch from upper(period) - lower(period))), 0)::integer
	from (select unnest(range_agg(within)) as period from (
		select tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, p_now)))
			* case when p.run_id is null then tstzrange(null, null)
				else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, p_now))) end as within
		from public.presence as p left join public.runs on runs.id = p.run_id
		where p.person_id = p_person and p.session_id = p_session and (p.run_id is null or runs.started_at is not null)
			and not private.is_nameless(p.run_id)) as clipped
		where not isempty(within)) as periods
	where private.level_in_force(p_session) in ('public', 'members')
$$;

-- In whole minutes; half of one counts.
create function private.minutes_of(p_person uuid, p_session uuid, p_now timestamptz default now()) returns integer
language sql stable security definer set search_path = '' as $$
	select round(private.attended_seconds(p_person, p_session, p_now) / 60.0)::integer
$$;

-- Sessions and people with a record of attendance that may name somebody.
create function private.attended(p_summit uuid, p_person uuid default null)
	returns table (session_id uuid, person_id uuid, minutes integer)
language sql stable security definer set search_path = '' as $$
	select each.session_id, each.person_id, private.minutes_of(each.person_id, each.session_id)
	from (select distinct p.session_id, p.person_id from public.presence as p
		where p.summit_id = p_summit and p.session_id is not null
			and (p_person is null or p.person_id = p_person)) as each
	where private.level_in_force(each.session_id) in ('public', 'members')
$$;

-- One's own: [{code, title, level, minutes}], in the order of attending.
create function public.my_attendance(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'title', s.title, 'level',
		private.level_in_force(s.id), 'minutes', a.minutes,
		'at', private.iso(first.at)) order by first.at), '[]')
	from private.attended(summit, private.me()) as a join public.sessions as s on s.id = a.session_id
	cross join lateral (select min(p.entered_at) as at from public.presence as p
		where p.session_id = s.id and p.person_id = a.person_id) as first
	where private.me() is not null and a.minutes > 0
$$;
grant execute on function public.my_attendance(uuid) to authenticated;

-- A group of fewer than five could be recognised: its size is not said, and nothing from which it follows.
create function private.suppressed(p_count bigint) returns bigint
language sql immutable set search_path = '' as $$
	select case when p_count = 0 or p_count >= 5 then p_count end
$$;

-- Names are for whoever keeps the registrations, where the level names anybody.
create function private.may_name_attendance(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.sessions as s where s.id = p_session
		and private.has_role(s.summit_id, 'registration') and private.can_see(private.me(), s.id))
		and private.level_in_force(p_session) in ('public', 'members')
$$;

-- For organisers of the programme and of stages (figures) and of registrations (who it was): [{session, code, title,
-- level, people, minutes}] of sessions that have begun; people and minutes are null where they would tell who it was,
-- or at a level that names nobody.
create function public.session_attendance(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('session', s.id, 'code', s.code, 'title', s.title, 'level',
		private.level_in_force(s.id),
		'at', private.iso(began.at), 'may_name', private.may_name_attendance(s.id),
		'people',
			case when private.may_name_attendance(s.id) then counted.people else private.suppressed(counted.people) end,
		'minutes', case when private.may_name_attendance(s.id)
			or private.suppressed(counted.people) is not null then counted.minutes end) order by began.at), '[]')
	from public.sessions as s
	join lateral (select min(started_at) as at from public.runs
		where runs.session_id = s.id) as began on began.at is not null
	cross join lateral (select count(*) as people, round(avg(minutes))::integer as minutes
		from (select private.minutes_of(each.person_id, s.id) as minutes
			from (select distinct p.person_id from public.presence as p where p.session_id = s.id) as each) as m
		where m.minutes > 0 and private.level_in_force(s.id) in ('public', 'members')) as counted
	where s.summit_id = summit and private.has_role(summit, 'programme', 'stage', 'registration')
		and private.can_see(private.me(), s.id)
$$;
grant execute on function public.session_attendance(uuid) to authenticated;

-- [{code, display_name, affiliation, minutes}]; null for whoever may not have it.
create function public.attendance_of_session(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.may_name_attendance(session) then (
		select coalesce(jsonb_agg(jsonb_build_object('code', people.code, 'display_name', people.display_name,
			'affiliation', people.affiliation, 'minutes', m.minutes)
			order by people.display_name, people.code), '[]')
		from (select each.person_id, private.minutes_of(each.person_id, session) as minutes
			from (select distinct p.person_id from public.presence as p where p.session_id = session) as each) as m
		join public.people on people.id = m.person_id where m.minutes > 0) end
$$;
grant execute on function public.attendance_of_session(uuid) to authenticated;

-- Who came for one session and stayed in the room for the next, which names nobody, is recorded until that one begins,
-- and in a session until its run ends: neither presence nor the audit says that they stayed. Who is inside, in case of
-- fire, is known as long as they are.

-- When a session that names nobody began in the room where somebody was; null: none did.
create function private.unnamed_from(p_period private.door_periods) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_period.place = 'building' then return null; end if;
	return (select min(lower(sl.during)) from public.checkpoints as c join public.release_slots as sl
		on sl.release_id = private.newest_release(p_period.summit_id) and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
		where c.id = p_period.checkpoint_id and c.kind in ('room', 'session')
			and lower(sl.during) >= p_period.entered_at
			and lower(sl.during) < least(coalesce(p_period.left_at, now()), now())
				and private.level_in_force(sl.session_id) not in ('public', 'members'));
end
$$;
