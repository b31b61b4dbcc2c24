-- The checks of the draft. Each is one code with the sessions concerned; `read_checks` gives them to programme
-- organisers, and `blocking_checks` to what publishes. They are here and not in the app, so that no other way leads
-- around those that block.

-- Where the sessions stand, or would stand by `p_moves` ([{slot | null, session, start, end, rooms: [slug]}]; no start:
-- taken away).
create function private.placed_slots(p_summit uuid, p_moves jsonb)
	returns table (slot_id uuid, session_id uuid, during tstzrange, rooms uuid[])
language sql stable security definer set search_path = '' as $$
	select slots.id, slots.session_id, slots.during,
		(select array_agg(sr.room_id order by sr.room_id) from public.slot_rooms as sr where sr.slot_id = slots.id)
	from public.slots join public.sessions as s on s.id = slots.session_id and s.state <> 'cancelled'
	where slots.summit_id = p_summit and slots.id not in (select (item ->> 'slot')::uuid
		from jsonb_array_elements(p_moves) as each (item) where item ->> 'slot' is not null)
	union all
	select coalesce((item ->> 'slot')::uuid, '00000000-0000-0000-0000-000000000000'), s.id,
		tstzrange((item ->> 'start')::timestamptz, (item ->> 'end')::timestamptz),
		(select array_agg(r.id order by r.id) from public.rooms as r
			where r.summit_id = p_summit and item -> 'rooms' ? r.slug)
	from jsonb_array_elements(p_moves) as each (item) join public.sessions as s on s.id = (item ->> 'session')::uuid
		and s.summit_id = p_summit and s.state <> 'cancelled'
	where item ->> 'start' is not null
$$;

-- Of people: twice at once, no time to walk, outside of what they said, at night.
create function private.checks_of_people(p_summit uuid, p_moves jsonb) returns setof private.finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (select l,
		greatest((l ->> 'building_minutes')::integer, (l ->> 'floor_minutes')::integer,
		(select max(w.minutes) from public.room_ways as w where w.summit_id = p_summit)) as longest
			from (select private.limits_of(p_summit) as l) as found),
	remote as materialized (select distinct r.person_id from public.registrations as r
		where r.summit_id = p_summit and r.mode = 'virtual' and r.state not in ('declined', 'withdrawn', 'expired')),
	staffed as materialized (
		select p.slot_id, p.session_id, p.during, p.rooms, sp.person_id, s.attendance = 'online'
			or remote.person_id is not null as is_remote,
			bool_or(sp.state = 'confirmed') as is_sure
		from private.placed_slots(p_summit, p_moves) as p
		join public.sessions as s on s.id = p.session_id and not s.is_break
		join public.session_people as sp on sp.session_id = p.session_id and sp.state <> 'declined'
		left join remote on remote.person_id = sp.person_id
		group by p.slot_id, p.session_id, p.during, p.rooms, sp.person_id, s.attendance, remote.person_id),
	pairs as materialized (
		select a.person_id, a.session_id as first, b.session_id as second, a.during as before, b.during as after,
			a.rooms as from_rooms, b.rooms as to_rooms,
			a.is_remote or b.is_remote as is_remote, a.is_sure and b.is_sure as is_sure
		from staffed as a join staffed as b on b.person_id = a.person_id and b.session_id <> a.session_id
			and (lower(b.during), b.session_id) > (lower(a.during), a.session_id))
	select case when is_sure then 'speaker_twice' else 'speaker_maybe_twice' end, array[first,
		second], jsonb_build_object('person', person_id, 'start', private.iso(lower(before * after)), 'end',
		private.iso(upper(before * after)))
	from pairs where before && after
	union all
	select 'speaker_travel', array[first, second], jsonb_build_object('person', person_id, 'minutes', needed,
		'gap', extract(epoch from lower(after) - upper(before))::integer / 60)
	from pairs, limits, lateral (select private.travel_minutes(from_rooms, to_rooms, l) as needed) as walk
	where not is_remote and lower(after) >= upper(before)
		and lower(after) - upper(before) < make_interval(mins => longest)
		and lower(after) - upper(before) < make_interval(mins => needed)
	union all
	select 'outside_availability', array[st.session_id], jsonb_build_object('person', st.person_id, 'start',
		private.iso(lower(st.during)), 'end', private.iso(upper(st.during)))
	from staffed as st join public.person_availabilities as a on a.person_id = st.person_id and a.summit_id = p_summit
	where not isempty(a.during) and not a.during @> st.during
	union all
	select 'humane_hours', array[st.session_id], jsonb_build_object('person', st.person_id, 'zone', a.zone, 'start',
		private.iso(lower(st.during)), 'end', private.iso(upper(st.during)))
	from staffed as st join public.person_availabilities as a on a.person_id = st.person_id and a.summit_id = p_summit
		and a.zone is not null, limits,
		lateral (select lower(st.during) at time zone a.zone as from_at,
			upper(st.during) at time zone a.zone as to_at) as there
	where st.is_remote and not (from_at::date = to_at::date and from_at::time >= (l ->> 'humane_from')::time
		and to_at::time <= (l ->> 'humane_until')::time)
$$;

-- Of rooms: too small, nobody can attend as said, overheard, lacking.
create function private.checks_of_rooms(p_summit uuid, p_moves jsonb) returns setof private.finding
language sql stable security definer set search_path = '' as $$
	with placed as materialized (
		select p.slot_id, p.session_id, s.attendance, s.level, n.needs_step_free, n.needs_hearing_loop,
			coalesce(n.equipment, '{}') as wanted,
			greatest(n.expected,
				(select count(*) from public.agenda_marks as m where m.session_id = s.id)::integer) as expected,
			room.seats, room.has_hall, room.has_stream, room.is_overheard, room.is_step_free, room.has_loop,
				room.equipment
		from private.placed_slots(p_summit, p_moves) as p
		join public.sessions as s on s.id = p.session_id and not s.is_break
		left join public.session_needs as n on n.session_id = s.id,
		lateral (select case when bool_and(r.capacity is not null) filter (where r.kind <> 'online')
			then sum(r.capacity) filter (where r.kind <> 'online') end as seats,
			coalesce(bool_or(r.kind <> 'online'), false) as has_hall,
				coalesce(bool_or(r.kind = 'online' or coalesce(f.is_streamed, true)), false) as has_stream,
			coalesce(bool_or(f.is_open), false) as is_overheard, coalesce(bool_and(coalesce(f.is_step_free,
				false)) filter (where r.kind <> 'online'), true) as is_step_free,
			coalesce(bool_and(coalesce(f.has_hearing_loop, false)) filter (where r.kind <> 'online'), true) as has_loop,
			array(select lower(e) from public.room_facts as f2, unnest(f2.equipment) as e
				where f2.room_id = any (p.rooms)) as equipment
			from public.rooms as r left join public.room_facts as f on f.room_id = r.id
				where r.id = any (p.rooms)) as room)
	select 'room_capacity', array[session_id], jsonb_build_object('expected', expected, 'seats', seats) from placed
		where attendance <> 'online' and has_hall and expected > seats
	union all
	select 'audience_room', array[session_id],
		jsonb_build_object('lacks', case when attendance <> 'online' and not has_hall then 'hall' else 'stream' end)
		from placed
	where (attendance <> 'online' and not has_hall) or (attendance <> 'hall' and not has_stream)
	union all
	select 'level_stream', array[session_id], jsonb_build_object('level', level) from placed
		where level in ('chatham_house', 'closed') and is_overheard
	union all
	select 'equipment_missing', array[session_id], jsonb_build_object('things', to_jsonb(missing))
	from placed,
		lateral (select array(select w from unnest(wanted) as w where lower(w) <> all (equipment)) as missing) as gap
		where has_hall and cardinality(missing) > 0
	union all
	select 'access_missing', array[session_id], jsonb_build_object('step_free', needs_step_free
		and not is_step_free, 'hearing_loop', needs_hearing_loop and not has_loop)
	from placed where has_hall and ((needs_step_free and not is_step_free) or (needs_hearing_loop and not has_loop))
$$;

-- Of interpreters: fewer than two for a language, too long at a stretch or in a day.
create function private.checks_of_interpreters(p_summit uuid, p_moves jsonb) returns setof private.finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (select private.limits_of(p_summit) as l,
		(select zone from public.summits where id = p_summit) as zone),
	placed as materialized (select * from private.placed_slots(p_summit, p_moves)),
	worked as materialized (
		select distinct p.slot_id, p.session_id, p.during, sp.person_id from placed as p
		join public.session_people as sp on sp.session_id = p.session_id and sp.role = 'interpreter'
			and sp.state <> 'declined'),
	stretches as (
		select person_id, range_agg(tstzrange(lower(during), upper(during) + interval '10 minutes')) as joined
			from worked group by person_id)
	select 'interpreter_pairs', array[s.id], jsonb_build_object('language', language, 'count', found.there)
	from public.sessions as s, unnest(s.interpreted) as language,
		lateral (select count(distinct l.person_id) as there from public.session_people as sp
			join public.interpreter_languages as l on l.person_id = sp.person_id and l.summit_id = p_summit
				and l.target = language and l.source = any (s.spoken)
			where sp.session_id = s.id and sp.role = 'interpreter' and sp.state <> 'declined') as found
	where s.summit_id = p_summit and not s.is_break and language <> all (s.spoken)
		and s.id in (select session_id from placed) and found.there < 2
	union all
	select 'interpreter_hours', array(select distinct w.session_id from worked as w
		where w.person_id = st.person_id and w.during && stretch order by 1),
		jsonb_build_object('person', st.person_id, 'kind', 'turn', 'minutes',
			extract(epoch from upper(stretch) - lower(stretch))::integer / 60 - 10)
	from stretches as st, unnest(st.joined) as stretch, limits
	where extract(epoch from upper(stretch) - lower(stretch))::integer / 60 - 10 > (l ->> 'turn_minutes')::integer
	union all
	select 'interpreter_hours', array_agg(distinct w.session_id order by w.session_id),
		jsonb_build_object('person', w.person_id, 'kind', 'day',
		'minutes', sum(extract(epoch from upper(w.during) - lower(w.during)))::integer / 60)
	from worked as w, limits
		group by w.person_id, (lower(w.during) at time zone zone)::date, (l ->> 'day_minutes')::integer
	having sum(extract(epoch from upper(w.during) - lower(w.during)))::integer / 60 > (l ->> 'day_minutes')::integer
$$;

-- Of the whole: side by side, outside of the Summit, not ready.
create function private.checks_of_whole(p_summit uuid, p_moves jsonb) returns setof private.finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (select private.limits_of(p_summit) as l),
	placed as materialized (
		select p.slot_id, p.session_id, p.during, s.track_id, s.is_break
			from private.placed_slots(p_summit, p_moves) as p join public.sessions as s on s.id = p.session_id),
	staged as materialized (
		select distinct p.slot_id, p.session_id, p.during, r.member_id from placed as p
		join public.session_people as sp on sp.session_id = p.session_id and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		-- An alias hides the member too.
		join public.registrations as r on r.summit_id = p_summit and r.person_id = sp.person_id
			and r.member_id is not null
			and r.state not in ('declined', 'withdrawn', 'expired') and not private.has_alias(r.person_id)
		where not p.is_break)
	select distinct 'track_parallel', sides, jsonb_build_object('track', t.name)
	from placed as p, limits, public.tracks as t,
		lateral (select array_agg(distinct o.session_id order by o.session_id) as sides from placed as o
			where o.track_id = p.track_id and not o.is_break and o.during @> lower(p.during)) as beside
	where t.id = p.track_id and not p.is_break and cardinality(sides) > (l ->> 'track_limit')::integer
	union all
	select distinct 'member_parallel', array[a.session_id, b.session_id],
		jsonb_build_object('member', (select name from public.members where id = a.member_id))
	from staged as a
		join staged as b on b.member_id = a.member_id and b.session_id > a.session_id and b.during && a.during
	union all
	select 'outside_summit', array[p.session_id], jsonb_build_object('start', private.iso(lower(p.during)))
	from placed as p join public.summits as u on u.id = p_summit
	-- The last night belongs to the Summit until six in the morning.
	where lower(p.during) < (u.starts_on::timestamp at time zone u.zone)
		or upper(p.during) > ((u.ends_on + 1)::timestamp + interval '6 hours') at time zone u.zone
	union all
	select 'no_slot', array[s.id], '{}' from public.sessions as s
		where s.summit_id = p_summit and s.state = 'confirmed' and s.id not in (select session_id from placed)
	union all
	select 'no_people', array[s.id], '{}' from public.sessions as s
		where s.summit_id = p_summit and s.state = 'confirmed' and not s.is_break
		and not exists (select from public.session_people as sp
			where sp.session_id = s.id and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner'))
	union all
	select 'unconfirmed_speaker', array[s.id], jsonb_build_object('people', jsonb_agg(distinct sp.person_id))
	from public.sessions as s join public.session_people as sp on sp.session_id = s.id and sp.state = 'invited'
		and sp.role not in ('interpreter', 'captioner')
	where s.summit_id = p_summit and s.state <> 'cancelled' group by s.id
$$;

create function private.findings(p_summit uuid, p_moves jsonb default '[]')
	returns table (code text, severity text, sessions uuid[], detail jsonb)
language sql stable security definer set search_path = '' as $$
	select f.code, s.severity, f.sessions, f.detail from (
		select * from private.checks_of_people(p_summit, p_moves)
		union all select * from private.checks_of_rooms(p_summit, p_moves)
		union all select * from private.checks_of_interpreters(p_summit, p_moves)
		union all select * from private.checks_of_whole(p_summit, p_moves)) as f
	join private.severity_of(p_summit) as s on s.code = f.code
$$;

-- {findings: [{code, severity, sessions: [id], detail}], sessions: {id: {title, state}}, people: {id: name}, hidden:
-- how many the reader does not see, because of a session that they do not see}. With `moves`, what would be so; null
-- for all but programme.
create function public.read_checks(summit uuid, moves jsonb default '[]') returns jsonb
language sql stable security definer set search_path = '' as $$
	with seen as materialized (select private.seen_sessions(private.me(), read_checks.summit) as id),
	found as materialized (
		select f.*, f.sessions <@ array(select id from seen) as is_seen
			from private.findings(read_checks.summit, moves) as f
		where private.has_role(read_checks.summit, 'programme') and jsonb_typeof(moves) = 'array'),
	told as materialized (select * from found where is_seen)
	select jsonb_build_object(
		'findings', (select coalesce(jsonb_agg(jsonb_build_object('code', code, 'severity', severity, 'sessions',
			to_jsonb(told.sessions), 'detail', detail)
			order by array_position(array['block', 'warn', 'note'], severity), code, told.sessions), '[]') from told),
		'sessions',
			(select coalesce(jsonb_object_agg(s.id, jsonb_build_object('title', s.title, 'state', s.state)), '{}')
			from public.sessions as s where s.id in (select unnest(told.sessions) from told)),
		'people', (select coalesce(jsonb_object_agg(p.id, p.display_name), '{}') from public.people as p
			where p.id in (select (detail ->> 'person')::uuid from told union select value::uuid
				from told, jsonb_array_elements_text(coalesce(detail -> 'people', '[]')))),
		'hidden', (select count(*) from found where not is_seen))
	where private.has_role(read_checks.summit, 'programme')
$$;
grant execute on function public.read_checks(uuid, jsonb) to authenticated;
