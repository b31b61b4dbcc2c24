-- The checks of the draft that concern people: speakers, and in checks_of_interpreters.sql interpreters. Severities are
-- in check_settings.sql.

-- Who is needed where: each slot with each person of its session who has not declined. Remote are those who take part
-- online; sure those who have confirmed. Without a search path, so that it is inlined into the checks.
create function private.staffed_slots(p_summit uuid, p_moves jsonb)
	returns table (slot_id uuid, session_id uuid, during tstzrange, rooms uuid[], person_id uuid, is_remote boolean,
		is_sure boolean)
language sql stable as $$
	with remote as materialized (
		select distinct r.person_id
		from public.registrations as r
		where r.summit_id = p_summit
			and r.mode = 'virtual'
			and r.state not in ('declined', 'withdrawn', 'expired')
	),
	involved as materialized (
		select sp.session_id, sp.person_id, bool_or(sp.state = 'confirmed') as is_sure
		from public.session_people as sp
		where sp.summit_id = p_summit and sp.state <> 'declined'
		group by sp.session_id, sp.person_id
	)
	select
		p.slot_id,
		p.session_id,
		p.during,
		p.rooms,
		i.person_id,
		s.attendance = 'online' or remote.person_id is not null,
		i.is_sure
	from private.placed_slots(p_summit, p_moves) as p
	join public.sessions as s on s.id = p.session_id and not s.is_break
	join involved as i on i.session_id = p.session_id
	left join remote on remote.person_id = i.person_id
$$;

-- What a finding says of a person at a time: {person, start, end}.
create function private.person_time_json(p_person uuid, p_during tstzrange) returns jsonb
language sql stable as $$
	select jsonb_build_object(
		'person', p_person, 'start', private.iso(lower(p_during)), 'end', private.iso(upper(p_during))
	)
$$;

-- Checks of people in two sessions: at one time, or with too little time to walk between their rooms.
create function private.checks_of_two_sessions(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (
		select
			l,
			greatest(
				(l ->> 'building_minutes')::integer,
				(l ->> 'floor_minutes')::integer,
				(select max(w.minutes) from public.walking_times as w where w.summit_id = p_summit)
			) as longest
		from (select private.check_limits_of(p_summit) as l) as found
	),
	staffed as materialized (
		select * from private.staffed_slots(p_summit, p_moves)
	),
	pairs as materialized (
		select
			a.person_id,
			array[a.session_id, b.session_id] as sessions,
			a.during as before,
			b.during as after,
			a.rooms as from_rooms,
			b.rooms as to_rooms,
			a.is_remote or b.is_remote as is_remote,
			a.is_sure and b.is_sure as is_sure
		from staffed as a
		join staffed as b
			on b.person_id = a.person_id
			and b.session_id <> a.session_id
			and (lower(b.during), b.session_id) > (lower(a.during), a.session_id)
	)
	select
		case when is_sure then 'speaker_twice' else 'speaker_maybe_twice' end,
		sessions,
		private.person_time_json(person_id, before * after)
	from pairs
	where before && after
	union all
	-- The gap is compared with the longest time first, so that few pairs need their own.
	select
		'speaker_travel',
		sessions,
		jsonb_build_object(
			'person', person_id,
			'minutes', needed,
			'gap', extract(epoch from lower(after) - upper(before))::integer / 60
		)
	from pairs, limits, lateral (select private.walking_minutes(from_rooms, to_rooms, l) as needed) as walk
	where not is_remote
		and lower(after) >= upper(before)
		and lower(after) - upper(before) < make_interval(mins => longest)
		and lower(after) - upper(before) < make_interval(mins => needed)
$$;

-- Checks of people in one session: outside their availability, and outside the daytime of people who take part online.
create function private.checks_of_availability(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (
		select (l ->> 'daytime_from')::time as daytime_from, (l ->> 'daytime_until')::time as daytime_until
		from (select private.check_limits_of(p_summit) as l) as found
	),
	staffed as materialized (
		select st.session_id, st.person_id, st.during, st.is_remote, a.zone, a.during as available
		from private.staffed_slots(p_summit, p_moves) as st
		join public.person_availabilities as a on a.person_id = st.person_id and a.summit_id = p_summit
	)
	select 'outside_availability', array[session_id], private.person_time_json(person_id, during)
	from staffed
	where not isempty(available)
		and not available @> during
	union all
	select
		'humane_hours',
		array[session_id],
		private.person_time_json(person_id, during) || jsonb_build_object('zone', zone)
	from staffed,
		limits,
		lateral (
			select lower(during) at time zone zone as from_at, upper(during) at time zone zone as to_at
		) as there
	where is_remote
		and zone is not null
		and not (
			from_at::date = to_at::date
			and from_at::time >= daytime_from
			and to_at::time <= daytime_until
		)
$$;
