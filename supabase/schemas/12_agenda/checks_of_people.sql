-- The checks of the draft that concern people: speakers and interpreters. Severities are in check_settings.sql.

-- Checks of people: two sessions at one time, too little time to walk between rooms, outside their availability, and
-- outside the daytime of people who take part online.
create function private.checks_of_people(p_summit uuid, p_moves jsonb) returns setof private.check_finding
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
	remote as materialized (
		select distinct r.person_id
		from public.registrations as r
		where r.summit_id = p_summit
			and r.mode = 'virtual'
			and r.state not in ('declined', 'withdrawn', 'expired')
	),
	staffed as materialized (
		select
			p.slot_id,
			p.session_id,
			p.during,
			p.rooms,
			sp.person_id,
			s.attendance = 'online' or remote.person_id is not null as is_remote,
			bool_or(sp.state = 'confirmed') as is_sure
		from private.placed_slots(p_summit, p_moves) as p
		join public.sessions as s on s.id = p.session_id and not s.is_break
		join public.session_people as sp on sp.session_id = p.session_id and sp.state <> 'declined'
		left join remote on remote.person_id = sp.person_id
		group by p.slot_id, p.session_id, p.during, p.rooms, sp.person_id, s.attendance, remote.person_id
	),
	pairs as materialized (
		select
			a.person_id,
			a.session_id as first,
			b.session_id as second,
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
		array[first, second],
		jsonb_build_object(
			'person', person_id,
			'start', private.iso(lower(before * after)),
			'end', private.iso(upper(before * after))
		)
	from pairs
	where before && after
	union all
	-- The gap is compared with the longest time first, so that few pairs need their own.
	select
		'speaker_travel',
		array[first, second],
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
	union all
	select
		'outside_availability',
		array[st.session_id],
		jsonb_build_object(
			'person', st.person_id,
			'start', private.iso(lower(st.during)),
			'end', private.iso(upper(st.during))
		)
	from staffed as st
	join public.person_availabilities as a on a.person_id = st.person_id and a.summit_id = p_summit
	where not isempty(a.during)
		and not a.during @> st.during
	union all
	select
		'humane_hours',
		array[st.session_id],
		jsonb_build_object(
			'person', st.person_id,
			'zone', a.zone,
			'start', private.iso(lower(st.during)),
			'end', private.iso(upper(st.during))
		)
	from staffed as st
	join public.person_availabilities as a
		on a.person_id = st.person_id
		and a.summit_id = p_summit
		and a.zone is not null,
		limits,
		lateral (
			select
				lower(st.during) at time zone a.zone as from_at,
				upper(st.during) at time zone a.zone as to_at
		) as there
	where st.is_remote
		and not (
			from_at::date = to_at::date
			and from_at::time >= (l ->> 'daytime_from')::time
			and to_at::time <= (l ->> 'daytime_until')::time
		)
$$;

-- Checks of interpreters: fewer than two for a language, and too many minutes without a break of ten minutes or in one
-- day of the venue.
create function private.checks_of_interpreters(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (
		select
			private.check_limits_of(p_summit) as l,
			(select zone from public.summits where id = p_summit) as zone
	),
	placed as materialized (
		select * from private.placed_slots(p_summit, p_moves)
	),
	worked as materialized (
		select distinct p.slot_id, p.session_id, p.during, sp.person_id
		from placed as p
		join public.session_people as sp
			on sp.session_id = p.session_id
			and sp.role = 'interpreter'
			and sp.state <> 'declined'
	),
	-- How many people interpret a session into a language from one that is spoken there.
	interpreting as materialized (
		select sp.session_id, l.target, count(distinct l.person_id) as people
		from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id
		join public.interpreter_languages as l
			on l.person_id = sp.person_id
			and l.summit_id = p_summit
			and l.source = any (s.spoken)
		where sp.summit_id = p_summit
			and sp.role = 'interpreter'
			and sp.state <> 'declined'
		group by sp.session_id, l.target
	),
	stretches as (
		select person_id, range_agg(tstzrange(lower(during), upper(during) + interval '10 minutes')) as joined
		from worked
		group by person_id
	)
	select
		'interpreter_pairs',
		array[s.id],
		jsonb_build_object('language', language, 'count', coalesce(i.people, 0))
	from public.sessions as s
	cross join unnest(s.interpreted) as language
	left join interpreting as i on i.session_id = s.id and i.target = language
	where s.summit_id = p_summit
		and not s.is_break
		and language <> all (s.spoken)
		and s.id in (select session_id from placed)
		and coalesce(i.people, 0) < 2
	union all
	select
		'interpreter_hours',
		array(
			select distinct w.session_id
			from worked as w
			where w.person_id = st.person_id and w.during && stretch
			order by 1
		),
		jsonb_build_object(
			'person', st.person_id,
			'kind', 'turn',
			'minutes', extract(epoch from upper(stretch) - lower(stretch))::integer / 60 - 10
		)
	from stretches as st, unnest(st.joined) as stretch, limits
	where extract(epoch from upper(stretch) - lower(stretch))::integer / 60 - 10 > (l ->> 'turn_minutes')::integer
	union all
	select
		'interpreter_hours',
		array_agg(distinct w.session_id order by w.session_id),
		jsonb_build_object(
			'person', w.person_id,
			'kind', 'day',
			'minutes', sum(extract(epoch from upper(w.during) - lower(w.during)))::integer / 60
		)
	from worked as w, limits
	group by w.person_id, (lower(w.during) at time zone zone)::date, (l ->> 'day_minutes')::integer
	having sum(extract(epoch from upper(w.during) - lower(w.during)))::integer / 60 > (l ->> 'day_minutes')::integer
$$;
