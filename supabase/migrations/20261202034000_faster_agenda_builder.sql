-- A faster agenda builder. Fingerprints of findings are made for all of a draft at once, so that each session is read
-- once and not once for each finding; the changes of a draft are joined by hash; people and marks are counted once.

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

create or replace function public.accept_finding(summit uuid, fingerprint text, reason text) returns public.acceptance_status
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

create or replace function public.read_checks(summit uuid, moves jsonb default '[]') returns jsonb
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

create or replace function private.draft_changes(p_summit uuid, p_session uuid default null)
	returns table (session_id uuid, change text)
language sql stable security definer set search_path = '' set enable_nestloop = off as $$
	with newest as materialized (
		select private.newest_release(p_summit) as id
	), drafted as materialized (
		select
			sl.session_id,
			jsonb_agg(jsonb_build_array(sl.during, sr.room_id) order by sl.during, sr.room_id) as places
		from public.slots as sl
		join public.slot_rooms as sr on sr.slot_id = sl.id
		where sl.summit_id = p_summit
			and (p_session is null or sl.session_id = p_session)
		group by sl.session_id
	), released as materialized (
		select
			r.session_id,
			jsonb_agg(jsonb_build_array(r.during, r.room_id) order by r.during, r.room_id) as places
		from public.release_slots as r
		join newest on newest.id = r.release_id
		where p_session is null or r.session_id = p_session
		group by r.session_id
	), takes_part as materialized (
		select
			sp.session_id,
			jsonb_agg(jsonb_build_array(sp.person_id, sp.role) order by sp.person_id, sp.role) as people
		from public.session_people as sp
		where sp.summit_id = p_summit
			and sp.state <> 'declined'
			and (p_session is null or sp.session_id = p_session)
		group by sp.session_id
	), took_part as materialized (
		select
			rp.session_id,
			jsonb_agg(jsonb_build_array(rp.person_id, rp.role) order by rp.person_id, rp.role) as people
		from public.release_people as rp
		join newest on newest.id = rp.release_id
		where p_session is null or rp.session_id = p_session
		group by rp.session_id
	)
	select
		s.id,
		case
			when rs.session_id is null then
				case when s.state = 'confirmed' and drafted.session_id is not null then 'new' end
			when s.state = 'draft' then 'withdrawn'
			when s.state = 'cancelled' then case when rs.is_cancelled then 'none' else 'cancelled' end
			when rs.is_cancelled then 'restored'
			when drafted.places is distinct from released.places then 'moved'
			when
				(
					s.title, s.abstract, s.content_note, s.links, s.level, s.audience, s.attendance,
					s.spoken, s.interpreted, s.is_recorded, s.is_break, coalesce(f.name, '{}'), coalesce(t.name, '{}')
				) is distinct from (
					rs.title, rs.abstract, rs.content_note, rs.links, rs.level, rs.audience, rs.attendance,
					rs.spoken, rs.interpreted, rs.is_recorded, rs.is_break, rs.format, rs.track
				)
				or takes_part.people is distinct from took_part.people then 'changed'
			else 'none'
		end
	from public.sessions as s
	cross join newest
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = newest.id
	left join drafted on drafted.session_id = s.id
	left join released on released.session_id = s.id
	left join takes_part on takes_part.session_id = s.id
	left join took_part on took_part.session_id = s.id
	where s.summit_id = p_summit
		and (p_session is null or s.id = p_session)
$$;

create or replace function public.read_agenda_builder(summit uuid) returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
	with seen as materialized (
		select private.visible_sessions(private.me(), read_agenda_builder.summit) as id
	), takes_part as (
		select
			sp.session_id,
			jsonb_agg(
				jsonb_build_object('name', p.display_name, 'role', sp.role, 'state', sp.state)
				order by sp.position, p.display_name
			) as people
		from public.session_people as sp
		join public.people as p on p.id = sp.person_id
		where sp.summit_id = read_agenda_builder.summit and sp.state <> 'declined'
		group by sp.session_id
	), marked as (
		select m.session_id, count(*) as marks
		from public.agenda_marks as m
		where m.session_id in (select id from seen)
		group by m.session_id
	)
	select jsonb_build_object(
		'release', (
			select jsonb_build_object('number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(read_agenda_builder.summit)
		),
		'changes', (
			select count(*)
			from private.draft_changes(read_agenda_builder.summit) as c
			where c.change <> 'none' and c.session_id in (select id from seen)
		),
		'undo', private.count_placement_steps(read_agenda_builder.summit, false),
		'redo', private.count_placement_steps(read_agenda_builder.summit, true),
		'sessions', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', s.id,
						'code', s.code,
						'title', s.title,
						'level', s.level,
						'state', s.state,
						'track', t.slug,
						'format', f.slug,
						'minutes', coalesce(f.minutes, 60),
						'is_break', s.is_break,
						'attendance', s.attendance,
						'spoken', s.spoken,
						'interpreted', s.interpreted,
						'is_recorded', s.is_recorded,
						'people', coalesce(takes_part.people, '[]'),
						'marks', coalesce(marked.marks, 0),
						'slots', coalesce(d.slots, '[]')
					)
					order by s.code
				),
				'[]'
			)
			from public.sessions as s
			left join private.draft_places(read_agenda_builder.summit) as d on d.session_id = s.id
			left join takes_part on takes_part.session_id = s.id
			left join marked on marked.session_id = s.id
			left join public.formats as f on f.id = s.format_id
			left join public.tracks as t on t.id = s.track_id
			where s.summit_id = read_agenda_builder.summit and s.id in (select id from seen)
		),
		'blocks', (
			select coalesce(jsonb_agg(private.read_placement(read_agenda_builder.summit, b.id) order by b.during), '[]')
			from public.slots as b
			where b.summit_id = read_agenda_builder.summit and b.session_id is null
		)
	)
	where private.has_role(read_agenda_builder.summit, 'programme')
$$;

drop function private.finding_fingerprint(text, uuid[], jsonb);
drop function private.checked_session(uuid, text[]);
