-- The checks of the draft that concern rooms, and the agenda as a whole. Severities are in check_settings.sql.

-- Checks of rooms: too small, no way to attend as the session says, people who walk past can listen to a confidential
-- session, and missing equipment or access. The expected audience is at least the number of people who marked the
-- session.
create function private.checks_of_rooms(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with placed as materialized (
		select
			p.slot_id,
			p.session_id,
			s.attendance,
			s.level,
			n.needs_step_free,
			n.needs_hearing_loop,
			coalesce(n.equipment, '{}') as wanted,
			greatest(
				n.expected,
				(select count(*) from public.agenda_marks as m where m.session_id = s.id)::integer
			) as expected,
			room.seats,
			room.has_hall,
			room.has_stream,
			room.is_overheard,
			room.is_step_free,
			room.has_loop,
			room.equipment
		from private.placed_slots(p_summit, p_moves) as p
		join public.sessions as s on s.id = p.session_id and not s.is_break
		left join public.session_needs as n on n.session_id = s.id,
		-- The rooms of a slot taken together; their capacity is known only if it is known of each.
		lateral (
			select
				case
					when bool_and(r.capacity is not null) filter (where r.kind <> 'online')
						then sum(r.capacity) filter (where r.kind <> 'online')
				end as seats,
				coalesce(bool_or(r.kind <> 'online'), false) as has_hall,
				coalesce(bool_or(r.kind = 'online' or coalesce(f.is_streamed, true)), false) as has_stream,
				coalesce(bool_or(f.is_open), false) as is_overheard,
				coalesce(
					bool_and(coalesce(f.is_step_free, false)) filter (where r.kind <> 'online'), true
				) as is_step_free,
				coalesce(
					bool_and(coalesce(f.has_hearing_loop, false)) filter (where r.kind <> 'online'), true
				) as has_loop,
				array(
					select lower(e)
					from public.room_equipment as f2, unnest(f2.equipment) as e
					where f2.room_id = any (p.rooms)
				) as equipment
			from public.rooms as r
			left join public.room_equipment as f on f.room_id = r.id
			where r.id = any (p.rooms)
		) as room
	)
	select 'room_capacity', array[session_id], jsonb_build_object('expected', expected, 'seats', seats)
	from placed
	where attendance <> 'online'
		and has_hall
		and expected > seats
	union all
	select
		'audience_room',
		array[session_id],
		jsonb_build_object('lacks', case when attendance <> 'online' and not has_hall then 'hall' else 'stream' end)
	from placed
	where (attendance <> 'online' and not has_hall)
		or (attendance <> 'hall' and not has_stream)
	union all
	select 'level_stream', array[session_id], jsonb_build_object('level', level)
	from placed
	where level in ('chatham_house', 'closed')
		and is_overheard
	union all
	select 'equipment_missing', array[session_id], jsonb_build_object('things', to_jsonb(missing))
	from placed,
		lateral (select array(select w from unnest(wanted) as w where lower(w) <> all (equipment)) as missing) as gap
	where has_hall
		and cardinality(missing) > 0
	union all
	select
		'access_missing',
		array[session_id],
		jsonb_build_object(
			'step_free', needs_step_free and not is_step_free,
			'hearing_loop', needs_hearing_loop and not has_loop
		)
	from placed
	where has_hall
		and ((needs_step_free and not is_step_free) or (needs_hearing_loop and not has_loop))
$$;

-- Checks of the agenda as a whole: sessions of one track or one member in parallel, times outside the Summit, and
-- confirmed sessions that lack a time, people or their confirmation.
create function private.checks_of_agenda(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (
		select private.check_limits_of(p_summit) as l
	),
	placed as materialized (
		select p.slot_id, p.session_id, p.during, s.track_id, s.is_break
		from private.placed_slots(p_summit, p_moves) as p
		join public.sessions as s on s.id = p.session_id
	),
	staged as materialized (
		select distinct p.slot_id, p.session_id, p.during, r.member_id
		from placed as p
		join public.session_people as sp
			on sp.session_id = p.session_id
			and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		-- The member of somebody with an alias stays hidden too.
		join public.registrations as r
			on r.summit_id = p_summit
			and r.person_id = sp.person_id
			and r.member_id is not null
			and r.state not in ('declined', 'withdrawn', 'expired')
			and not exists (
				select from private.protections as x where x.person_id = r.person_id and x.kind = 'alias'
			)
		where not p.is_break
	)
	select distinct 'track_parallel', sides, jsonb_build_object('track', t.name)
	from placed as p,
		limits,
		public.tracks as t,
		lateral (
			select array_agg(distinct o.session_id order by o.session_id) as sides
			from placed as o
			where o.track_id = p.track_id
				and not o.is_break
				and o.during @> lower(p.during)
		) as beside
	where t.id = p.track_id
		and not p.is_break
		and cardinality(sides) > (l ->> 'track_limit')::integer
	union all
	select distinct
		'member_parallel',
		array[a.session_id, b.session_id],
		jsonb_build_object('member', (select name from public.members where id = a.member_id))
	from staged as a
	join staged as b
		on b.member_id = a.member_id
		and b.session_id > a.session_id
		and b.during && a.during
	union all
	select 'outside_summit', array[p.session_id], jsonb_build_object('start', private.iso(lower(p.during)))
	from placed as p
	join public.summits as u on u.id = p_summit
	-- The last night belongs to the Summit until six in the morning.
	where lower(p.during) < (u.starts_on::timestamp at time zone u.zone)
		or upper(p.during) > ((u.ends_on + 1)::timestamp + interval '6 hours') at time zone u.zone
	union all
	select 'no_slot', array[s.id], '{}'
	from public.sessions as s
	where s.summit_id = p_summit
		and s.state = 'confirmed'
		and s.id not in (select session_id from placed)
	union all
	select 'no_people', array[s.id], '{}'
	from public.sessions as s
	where s.summit_id = p_summit
		and s.state = 'confirmed'
		and not s.is_break
		and not exists (
			select
			from public.session_people as sp
			where sp.session_id = s.id
				and sp.state <> 'declined'
				and sp.role not in ('interpreter', 'captioner')
		)
	union all
	select 'unconfirmed_speaker', array[s.id], jsonb_build_object('people', jsonb_agg(distinct sp.person_id))
	from public.sessions as s
	join public.session_people as sp
		on sp.session_id = s.id
		and sp.state = 'invited'
		and sp.role not in ('interpreter', 'captioner')
	where s.summit_id = p_summit
		and s.state <> 'cancelled'
	group by s.id
$$;
