-- Findings of the checks are accepted with a reason, until something that the check looked at changes.

-- Accepting a finding of the checks. Changed: the draft has it no more. Blocking: nothing is released with it.
create domain public.acceptance_status as text check (value in (
	'ok', 'not_allowed', 'invalid', 'changed', 'blocking'
));

create table private.check_acceptances (
	summit_id uuid not null references public.summits (id) on delete cascade,
	fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
	code text not null,
	reason text not null check (length(btrim(reason)) between 1 and 300),
	accepted_by uuid references public.people (id) on update cascade on delete set null,
	accepted_at timestamptz not null default now(),
	primary key (summit_id, fingerprint),
	constraint reason_one_line check (private.is_one_line(reason))
);
create index on private.check_acceptances (accepted_by);
alter table private.check_acceptances enable row level security;
select audit.watch('private.check_acceptances');
insert into private.audited_tables (name, area, shown, opened, named)
values ('private.check_acceptances', 'programme', '{code}', '{}', '{}');

insert into private.free_text_columns (table_name, column_name) values ('private.check_acceptances', 'reason');
insert into private.retention_rules (table_name, exemption) values ('private.check_acceptances', 'agenda');

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

create or replace function public.read_checks(summit uuid, moves jsonb default '[]') returns jsonb
language sql stable security definer set search_path = '' as $$
	with seen as materialized (
		select private.visible_sessions(private.me(), read_checks.summit) as id
	), found as materialized (
		select f.*, f.sessions <@ array(select id from seen) as is_seen
		from private.findings(read_checks.summit, moves) as f
		where private.has_role(read_checks.summit, 'programme')
			and private.are_moves(moves)
	), visible as materialized (
		select found.*, a.fingerprint, a.reason, a.accepted_at, by.display_name as accepted_by
		from found
		-- After moves nothing is accepted: a fingerprint is of the draft as it is.
		left join lateral (
			select
				print.fingerprint,
				accepted.reason,
				accepted.accepted_at,
				accepted.accepted_by as person
			from (
				select private.finding_fingerprint(found.code, found.sessions, found.detail) as fingerprint
			) as print
			left join private.check_acceptances as accepted
				on accepted.summit_id = read_checks.summit and accepted.fingerprint = print.fingerprint
			where moves = '[]'
		) as a on true
		left join public.people as by on by.id = a.person
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
