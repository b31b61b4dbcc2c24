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

-- All findings of the draft, each with the fingerprint of what its check looked at: the finding, and its sessions as the
-- check sees them. How many people marked a session counts in tens, since every bookmark would end an acceptance
-- otherwise. Each session is read once, however many findings it has.
create function private.findings_with_fingerprint(p_summit uuid)
	returns table (code text, severity text, sessions uuid[], detail jsonb, fingerprint text)
language sql stable security definer set search_path = '' as $$
	with found as materialized (
		select row_number() over () as number, f.*, private.check_subjects(f.code) as subjects
		from private.findings(p_summit) as f
	), checked as materialized (
		select
			s.id,
			jsonb_build_array(
				s.id, s.level, s.audience, s.attendance, s.spoken, s.interpreted, s.state, s.track_id, s.is_break
			) as facts,
			(
				select jsonb_agg(slots.during order by slots.during) from public.slots where slots.session_id = s.id
			) as times,
			(
				select jsonb_agg(distinct jsonb_build_array(r.id, r.kind, r.capacity, to_jsonb(f)))
				from public.slots
				join public.slot_rooms as sr on sr.slot_id = slots.id
				join public.rooms as r on r.id = sr.room_id
				left join public.room_equipment as f on f.room_id = r.id
				where slots.session_id = s.id
			) as rooms,
			(
				select to_jsonb(n) - 'expected' from public.session_needs as n where n.session_id = s.id
			) as needs,
			(
				select jsonb_agg(
					jsonb_build_array(sp.person_id, sp.role, sp.state, a.zone, a.during)
					order by sp.person_id, sp.role
				)
				from public.session_people as sp
				left join public.person_availabilities as a
					on a.person_id = sp.person_id and a.summit_id = sp.summit_id
				where sp.session_id = s.id
			) as people
		from public.sessions as s
		where s.id in (select unnest(found.sessions) from found)
	), looked_at as (
		select
			found.number,
			jsonb_agg(
				c.facts || jsonb_build_array(
					case when 'times' = any (found.subjects) then c.times end,
					case when 'rooms' = any (found.subjects) then c.rooms end,
					case when 'rooms' = any (found.subjects) then c.needs end,
					case when 'people' = any (found.subjects) then c.people end
				)
				order by each.id
			) as sessions
		from found
		cross join unnest(found.sessions) as each (id)
		left join checked as c on c.id = each.id
		group by found.number
	)
	select found.code, found.severity, found.sessions, found.detail, encode(
		sha256(
			convert_to(
				jsonb_build_array(
					found.code,
					found.detail - 'expected' || case
						when found.detail ? 'expected'
							then jsonb_build_object('tens', ceil((found.detail ->> 'expected')::numeric / 10))
						else '{}'
					end,
					looked_at.sessions
				)::text,
				'UTF8'
			)
		),
		'hex'
	)
	from found
	left join looked_at on looked_at.number = found.number
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
	from private.findings_with_fingerprint(summit) as f
	where f.sessions <@ array(select private.visible_sessions(private.me(), summit))
		and f.fingerprint = accept_finding.fingerprint
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
