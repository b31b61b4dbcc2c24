-- The checks of the draft. Each finding is one code with the sessions concerned: `read_checks` shows all of them to
-- programme organisers, `blocking_checks` those that prevent a release. They are in the database and not in the app, so
-- that no path leads around those that block. The checks themselves are in the files checks_of_….sql.

create type private.check_finding as (code text, sessions uuid[], detail jsonb);

-- Where sessions are placed, or would be after `p_moves` ([{slot | null, session, start, end, rooms: [slug]}]; no
-- start: unscheduled). Cancelled sessions are left out; a new slot has the nil id. Without a search path, so that it is
-- inlined into the checks, and the rooms are read only for those that use them.
create function private.placed_slots(p_summit uuid, p_moves jsonb)
	returns table (slot_id uuid, session_id uuid, during tstzrange, rooms uuid[])
language sql stable as $$
	select
		slots.id,
		slots.session_id,
		slots.during,
		(select array_agg(sr.room_id order by sr.room_id) from public.slot_rooms as sr where sr.slot_id = slots.id)
	from public.slots
	join public.sessions as s on s.id = slots.session_id and s.state <> 'cancelled'
	where slots.summit_id = p_summit
		and slots.id not in (
			select (item ->> 'slot')::uuid
			from jsonb_array_elements(p_moves) as each (item)
			where item ->> 'slot' is not null
		)
	union all
	select
		coalesce((item ->> 'slot')::uuid, '00000000-0000-0000-0000-000000000000'),
		s.id,
		tstzrange((item ->> 'start')::timestamptz, (item ->> 'end')::timestamptz),
		(
			select array_agg(r.id order by r.id)
			from public.rooms as r
			where r.summit_id = p_summit and item -> 'rooms' ? r.slug
		)
	from jsonb_array_elements(p_moves) as each (item)
	join public.sessions as s
		on s.id = (item ->> 'session')::uuid
		and s.summit_id = p_summit
		and s.state <> 'cancelled'
	where item ->> 'start' is not null
$$;

-- Whether moves from outside can be read as `private.placed_slots` takes them.
create function private.are_moves(p_moves jsonb) returns boolean
language sql stable set search_path = '' as $$
	select case
		when jsonb_typeof(p_moves) is distinct from 'array' then false
		else not exists (
			select
			from jsonb_array_elements(p_moves) as each (item)
			where (item ->> 'slot' is null) <> (private.parse_uuid(item ->> 'slot') is null)
				or private.parse_uuid(item ->> 'session') is null
				or item ->> 'start' is not null and not coalesce(
					private.parse_instant(item ->> 'start') <= private.parse_instant(item ->> 'end'), false
				)
		)
	end
$$;

-- All findings of the draft, or of the draft after `p_moves`, with their severities at the Summit.
create function private.findings(p_summit uuid, p_moves jsonb default '[]')
	returns table (code text, severity text, sessions uuid[], detail jsonb)
language sql stable security definer set search_path = '' as $$
	select f.code, s.severity, f.sessions, f.detail
	from (
		select * from private.checks_of_two_sessions(p_summit, p_moves)
		union all
		select * from private.checks_of_availability(p_summit, p_moves)
		union all
		select * from private.checks_of_rooms(p_summit, p_moves)
		union all
		select * from private.checks_of_interpreter_pairs(p_summit, p_moves)
		union all
		select * from private.checks_of_interpreter_hours(p_summit, p_moves)
		union all
		select * from private.checks_of_parallel_sessions(p_summit, p_moves)
		union all
		select * from private.checks_of_single_sessions(p_summit, p_moves)
	) as f
	join private.check_severities(p_summit) as s on s.code = f.code
$$;

-- What prevents a release, [{code, sessions: [id]}]: findings with the severity "block" whose sessions are all
-- confirmed, so that a release would contain them. Only sessions that the reader sees are listed; a finding about
-- others has fewer or none.
create function private.blocking_checks(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'code', f.code,
				'sessions', to_jsonb(
					array(
						select unnest(f.sessions)
						intersect
						select private.visible_sessions(private.me(), p_summit)
					)
				)
			)
		),
		'[]'
	)
	from private.findings(p_summit) as f
	where f.severity = 'block'
		and not exists (select from public.sessions as s where s.id = any (f.sessions) and s.state <> 'confirmed')
$$;

-- {findings: [{code, severity, sessions: [id], detail, fingerprint, accepted: {reason, by, at} | null}], sessions: {id: {title, state}}, people: {id: name}, hidden:
-- how many findings concern a session that the reader does not see}. With `moves` the findings after these moves. Null
-- without the programme role.
create function public.read_checks(summit uuid, moves jsonb default '[]') returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
	with seen as materialized (
		select private.visible_sessions(private.me(), read_checks.summit) as id
	), found as materialized (
		select f.*, f.sessions <@ array(select id from seen) as is_seen
		from (
			select * from private.findings_with_fingerprint(read_checks.summit) where moves = '[]'
			union all
			-- After moves nothing is accepted: a fingerprint is of the draft as it is.
			select *, null from private.findings(read_checks.summit, moves)
			where moves <> '[]' and private.are_moves(moves)
		) as f
		where private.has_role(read_checks.summit, 'programme')
	), visible as materialized (
		select found.*, a.reason, a.accepted_at, by.display_name as accepted_by
		from found
		left join private.check_acceptances as a
			on a.summit_id = read_checks.summit and a.fingerprint = found.fingerprint
		left join public.people as by on by.id = a.accepted_by
		where is_seen
	)
	select jsonb_build_object(
		'findings', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'code', code,
						'severity', severity,
						'sessions', to_jsonb(visible.sessions),
						'detail', detail,
						'fingerprint', coalesce(fingerprint, ''),
						'accepted', case when reason is not null and severity <> 'block' then
							jsonb_build_object('reason', reason, 'by', accepted_by, 'at', private.iso(accepted_at)) end
					)
					order by array_position(array['block', 'warn', 'note'], severity), code, visible.sessions
				),
				'[]'
			)
			from visible
		),
		'sessions', (
			select coalesce(jsonb_object_agg(s.id, jsonb_build_object('title', s.title, 'state', s.state)), '{}')
			from public.sessions as s
			where s.id in (select unnest(visible.sessions) from visible)
		),
		'people', (
			select coalesce(jsonb_object_agg(p.id, p.display_name), '{}')
			from public.people as p
			where p.id in (
				select (detail ->> 'person')::uuid
				from visible
				union
				select value::uuid
				from visible, jsonb_array_elements_text(coalesce(detail -> 'people', '[]'))
			)
		),
		'hidden', (select count(*) from found where not is_seen)
	)
	where private.has_role(read_checks.summit, 'programme')
$$;
grant execute on function public.read_checks(uuid, jsonb) to authenticated;
