-- What the solver of the agenda reads: everything that decides where sessions may be, at once. It runs in the browser of
-- the organiser (src/lib/agenda/solver) and changes nothing by itself.

-- The people of sessions that the reader sees: [{id, name, zone, is_remote, available, busy, member, sector, region}].
-- `busy` is when sessions that the reader does not see need them, as `private.move_people_json` tells it too.
create function private.schedule_people_json(p_summit uuid, p_seen uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	with involved as materialized (
		select distinct sp.person_id
		from public.session_people as sp
		where sp.summit_id = p_summit and sp.state <> 'declined' and sp.session_id = any (p_seen)
	)
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', p.id,
				'name', p.display_name,
				'zone', a.zone,
				'is_remote', coalesce(r.mode = 'virtual', false),
				'available', (
					select coalesce(
						jsonb_agg(jsonb_build_array(private.iso(lower(span)), private.iso(upper(span)))), '[]'
					)
					from unnest(a.during) as span
				),
				'busy', (
					select coalesce(
						jsonb_agg(
							jsonb_build_array(private.iso(lower(slots.during)), private.iso(upper(slots.during)))
							order by slots.during
						),
						'[]'
					)
					from public.session_people as sp
					join public.sessions as s on s.id = sp.session_id and s.state <> 'cancelled' and not s.is_break
					join public.slots on slots.session_id = s.id
					where sp.person_id = p.id
						and sp.summit_id = p_summit
						and sp.state <> 'declined'
						and s.id <> all (p_seen)
				),
				'member', m.member_id,
				'sector', m.sector,
				'region', nullif(m.region, '')
			)
			order by p.id
		),
		'[]'
	)
	from involved
	join public.people as p on p.id = involved.person_id
	left join public.person_availabilities as a on a.person_id = p.id and a.summit_id = p_summit
	left join lateral (
		select each.mode, each.member_id
		from public.registrations as each
		where each.summit_id = p_summit
			and each.person_id = p.id
			and each.state not in ('declined', 'withdrawn', 'expired')
		limit 1
	) as r on true
	-- The member of somebody with an alias stays hidden.
	left join public.summit_members as m
		on m.summit_id = p_summit
		and m.member_id = r.member_id
		and not exists (select from private.protections as x where x.person_id = p.id and x.kind = 'alias')
$$;

-- The sessions of the draft that are not cancelled, with what their places depend on.
create function private.schedule_sessions_json(p_summit uuid, p_seen uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', s.id,
				'code', s.code,
				'title', s.title,
				'level', s.level,
				'state', s.state,
				'attendance', s.attendance,
				'is_break', s.is_break,
				'track', t.slug,
				'format', f.slug,
				'minutes', coalesce(f.minutes, 60),
				'people', (
					select coalesce(jsonb_agg(to_jsonb(each) order by each.person), '[]')
					from (
						select
							sp.person_id as person,
							bool_or(sp.state = 'confirmed') as is_sure,
							bool_or(sp.role not in ('interpreter', 'captioner')) as is_staged,
							bool_or(sp.role = 'interpreter') as is_interpreter
						from public.session_people as sp
						where sp.session_id = s.id and sp.state <> 'declined'
						group by sp.person_id
					) as each
				),
				'needs', jsonb_build_object(
					'expected', n.expected,
					'step_free', coalesce(n.needs_step_free, false),
					'hearing_loop', coalesce(n.needs_hearing_loop, false),
					'equipment', coalesce(n.equipment, '{}')
				),
				'marks', (select count(*) from public.agenda_marks as m where m.session_id = s.id),
				'slots', coalesce(d.slots, '[]')
			)
			order by s.code
		),
		'[]'
	)
	from public.sessions as s
	left join private.draft_places(p_summit) as d on d.session_id = s.id
	left join public.session_needs as n on n.session_id = s.id
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.summit_id = p_summit and s.state <> 'cancelled' and s.id = any (p_seen)
$$;

-- {rooms, walks, people, sessions, shared, blocks, limits, severities}, with the sessions that the reader sees; what
-- others need is only told as times at which rooms and people are taken. `shared` counts the readers who marked both of
-- two sessions, [code, code, count], of the 20,000 pairs with the most. Null without the programme role.
create function public.read_schedule_facts(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with seen as materialized (
		select array(select private.visible_sessions(private.me(), read_schedule_facts.summit)) as ids
	)
	select jsonb_build_object(
		'rooms', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'slug', r.slug,
						'name', r.name,
						'kind', r.kind,
						'capacity', r.capacity,
						'is_quiet', r.is_quiet_room,
						'facts', to_jsonb(f) - array['room_id', 'summit_id']
					)
					order by r.position, r.slug
				),
				'[]'
			)
			from public.rooms as r
			left join public.room_equipment as f on f.room_id = r.id
			where r.summit_id = read_schedule_facts.summit
		),
		'walks', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object('one', a.slug, 'other', b.slug, 'minutes', w.minutes) order by a.slug, b.slug
				),
				'[]'
			)
			from public.walking_times as w
			join public.rooms as a on a.id = w.first_room_id
			join public.rooms as b on b.id = w.second_room_id
			where w.summit_id = read_schedule_facts.summit
		),
		'people', private.schedule_people_json(read_schedule_facts.summit, seen.ids),
		'sessions', private.schedule_sessions_json(read_schedule_facts.summit, seen.ids),
		'shared', (
			select coalesce(jsonb_agg(jsonb_build_array(pair.one, pair.other, pair.readers)), '[]')
			from (
				select a.code as one, b.code as other, count(*) as readers
				from public.agenda_marks as m
				join public.agenda_marks as n on n.person_id = m.person_id
				join public.sessions as a on a.id = m.session_id and a.id = any (seen.ids)
				join public.sessions as b on b.id = n.session_id and b.id = any (seen.ids) and b.code > a.code
				where a.summit_id = read_schedule_facts.summit and b.summit_id = read_schedule_facts.summit
				group by a.code, b.code
				order by readers desc, one, other
				limit 20000
			) as pair
		),
		'blocks', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'start', private.iso(lower(slots.during)),
						'end', private.iso(upper(slots.during)),
						'rooms', (
							select jsonb_agg(rooms.slug order by rooms.slug)
							from public.slot_rooms
							join public.rooms on rooms.id = slot_rooms.room_id
							where slot_rooms.slot_id = slots.id
						)
					)
					order by slots.during, slots.id
				),
				'[]'
			)
			from public.slots
			left join public.sessions as s on s.id = slots.session_id
			where slots.summit_id = read_schedule_facts.summit
				-- A cancelled session still holds its rooms (Rule 4).
				and (slots.session_id is null or slots.session_id <> all (seen.ids) or s.state = 'cancelled')
				and exists (select from public.slot_rooms where slot_rooms.slot_id = slots.id)
		),
		'limits', private.check_limits_of(read_schedule_facts.summit),
		'severities',
			(select jsonb_object_agg(code, severity) from private.check_severities(read_schedule_facts.summit))
	)
	from seen
	where private.has_role(read_schedule_facts.summit, 'programme')
$$;
grant execute on function public.read_schedule_facts(uuid) to authenticated;

-- Places, moves, swaps and unschedules up to 2000 slots in one transaction. Each of `changes`: {slot | null, session,
-- block_reason, seen: {start, end, rooms}, times, start, end, rooms: [slug], remove}; `seen` is the placement that the
-- organiser saw, `times` how many times a session without this slot had. Answers {status: ok | not_allowed | unknown |
-- cancelled | invalid | changed_meanwhile | room_taken, at, now, by, placed}. Locks the draft.
create or replace function public.change_placements(summit uuid, changes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_judged jsonb;
	v_written jsonb;
	v_steps jsonb := '[]';
	v_change jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(changes) is distinct from 'array' or jsonb_array_length(changes) not between 1 and 2000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.lock_draft(summit);
	for v_change in select item from jsonb_array_elements(changes) as each (item) loop
		begin
			v_judged := private.resolve_placement(summit, v_change);
		exception when data_exception then return jsonb_build_object('status', 'invalid');
		end;
		if v_judged ? 'status' then return v_judged || jsonb_build_object('at', jsonb_array_length(v_steps)); end if;
		v_steps := v_steps || jsonb_build_array(v_judged);
	end loop;
	-- No slot twice.
	if (select count(distinct item ->> 'slot') from jsonb_array_elements(v_steps) as each (item))
			< jsonb_array_length(v_steps) then
		return jsonb_build_object('status', 'invalid');
	end if;
	v_written := private.write_placements(summit, v_steps);
	if v_written ->> 'status' <> 'ok' then return v_written; end if;
	perform private.keep_placement_step(summit, v_steps);
	return v_written || jsonb_build_object('placed', (
		select jsonb_agg(private.read_placement(summit, (item ->> 'slot')::uuid))
		from jsonb_array_elements(v_steps) as each (item)
	));
end
$$;
