-- Accepting findings of the checks: with a reason, and until something that the check looked at changes.

-- The kinds of what a check looks at beside the sessions themselves: times, rooms, people. A check of rooms does not
-- look at the time, so a session that moves to another hour in the same room keeps its acceptance.
create function private.check_subjects(p_code text) returns text[]
language sql immutable set search_path = '' as $$
	select case
		when p_code in ('level_stream', 'room_capacity', 'audience_room', 'equipment_missing', 'access_missing')
			then array['rooms']
		when p_code in ('unconfirmed_speaker', 'no_people') then array['people']
		when p_code = 'speaker_travel' then array['times', 'rooms', 'people']
		when p_code in ('outside_summit', 'track_parallel', 'no_slot') then array['times']
		else array['times', 'people']
	end
$$;

-- What a check sees of one session, by the kinds of its subjects.
create function private.checked_session(p_session uuid, p_subjects text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_array(
		s.id, s.level, s.audience, s.attendance, s.spoken, s.interpreted, s.state, s.track_id, s.is_break,
		case when 'times' = any (p_subjects) then (
			select jsonb_agg(slots.during order by slots.during) from public.slots where slots.session_id = s.id
		) end,
		case when 'rooms' = any (p_subjects) then (
			select jsonb_agg(distinct jsonb_build_array(r.id, r.kind, r.capacity, to_jsonb(f)))
			from public.slots
			join public.slot_rooms as sr on sr.slot_id = slots.id
			join public.rooms as r on r.id = sr.room_id
			left join public.room_equipment as f on f.room_id = r.id
			where slots.session_id = s.id
		) end,
		case when 'rooms' = any (p_subjects) then (
			select to_jsonb(n) - 'expected' from public.session_needs as n where n.session_id = s.id
		) end,
		case when 'people' = any (p_subjects) then (
			select jsonb_agg(
				jsonb_build_array(sp.person_id, sp.role, sp.state, a.zone, a.during)
				order by sp.person_id, sp.role
			)
			from public.session_people as sp
			left join public.person_availabilities as a on a.person_id = sp.person_id and a.summit_id = sp.summit_id
			where sp.session_id = s.id
		) end
	)
	from public.sessions as s
	where s.id = p_session
$$;

-- The fingerprint of what a check looked at: the finding, and its sessions as the check sees them. How many people
-- marked a session counts in tens, since every bookmark would end an acceptance otherwise.
create function private.finding_fingerprint(p_code text, p_sessions uuid[], p_detail jsonb) returns text
language sql stable security definer set search_path = '' as $$
	select encode(
		sha256(
			convert_to(
				jsonb_build_array(
					p_code,
					p_detail - 'expected' || case
						when p_detail ? 'expected'
							then jsonb_build_object('tens', ceil((p_detail ->> 'expected')::numeric / 10))
						else '{}'
					end,
					(
						select jsonb_agg(
							private.checked_session(each.id, private.check_subjects(p_code)) order by each.id
						)
						from unnest(p_sessions) as each (id)
					)
				)::text,
				'UTF8'
			)
		),
		'hex'
	)
$$;

-- Accepts the finding with this fingerprint. Answers ok | not_allowed | invalid | changed: the draft has no such finding
-- any more, or none that the reader sees | blocking: what prevents a release cannot be accepted. Locks the draft.
create function public.accept_finding(summit uuid, fingerprint text, reason text) returns public.acceptance_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_found record;
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	perform private.lock_draft(summit);
	select f.code, f.severity into v_found
	from private.findings(summit) as f
	where f.sessions <@ array(select private.visible_sessions(private.me(), summit))
		and private.finding_fingerprint(f.code, f.sessions, f.detail) = accept_finding.fingerprint
	limit 1;
	if not found then return 'changed'; end if;
	if v_found.severity = 'block' then return 'blocking'; end if;
	insert into private.check_acceptances as a (summit_id, fingerprint, code, reason, accepted_by)
	values (summit, accept_finding.fingerprint, v_found.code, accept_finding.reason, private.me())
	on conflict on constraint check_acceptances_pkey do update
	set reason = excluded.reason,
		accepted_by = excluded.accepted_by,
		accepted_at = now();
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.accept_finding(uuid, text, text) to authenticated;

-- Ends an acceptance: the finding counts again. Answers ok | not_allowed.
create function public.reopen_finding(summit uuid, fingerprint text) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	delete from private.check_acceptances as a
	where a.summit_id = reopen_finding.summit and a.fingerprint = reopen_finding.fingerprint;
	perform private.publish_event('organise:' || summit, 'session');
	return 'ok';
end
$$;
grant execute on function public.reopen_finding(uuid, text) to authenticated;
