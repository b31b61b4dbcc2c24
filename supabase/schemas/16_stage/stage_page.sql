-- The stage of a room as its readers see it, and the parts that the pages of the desk, the green room, the booths and
-- the captioners share with it.

-- The stage of a room as the reader may see it; null for a room that does not exist. Who is on stage and what is
-- announced is for those who read the run (private.may_read_run): delegates whom a host called are named in no agenda.
-- `people` and `clock` are for those who run it.
create function public.read_stage(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', jsonb_build_object('id', rooms.id, 'slug', rooms.slug, 'name', rooms.name),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'session', case when runs.id is not null then private.stage_session(runs.session_id) end,
		'entry', case when runs.id is not null then private.entry_decision(private.me(), runs.session_id, 'stream') end,
		'role', case when runs.id is not null then private.stage_role_of(private.me(), runs.session_id) end,
		'may_run', runs.id is not null and private.may_run(private.me(), runs.session_id),
		'on_stage', case
			when runs.id is null then null
			when private.may_read_run(private.me(), runs) then private.named_on_stage(runs.id)
			else '[]' end,
		'me', (
			select jsonb_build_object('code', people.code, 'identity', p.identity,
				'is_on_stage', coalesce(p.is_on_stage, false),
				'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false))
			from public.people
			left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = (select private.me()) and runs.id is not null),
		'is_confirmed', runs.id is not null and private.has_confirmed_notice(private.me(), runs.session_id),
		'people', case when private.may_run(private.me(), runs.session_id)
			then private.stage_people(runs.session_id, runs.id) end,
		'clock', case when private.may_run(private.me(), runs.session_id)
			then private.session_timer(runs.session_id) end,
		'flow', case when runs.id is not null then private.stage_progress(runs.id) end,
		'announcement', case when private.may_read_run(private.me(), runs)
			then private.shown_announcement(runs.id) end,
		'cancelled', case when runs.id is null then private.cancelled_in(rooms.id) end)
	from public.rooms
	left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;
grant execute on function public.read_stage(uuid, text) to anon, authenticated;

-- The session that would be on in a room at this moment, or within a quarter of an hour, and is cancelled, as far as the
-- reader sees it: {code, title}.
create function private.cancelled_in(p_room uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('code', s.code, 'title', rls.title)
	from public.rooms
	join public.release_slots as rs on rs.room_id = rooms.id
		and rs.release_id = private.newest_release(rooms.summit_id)
	join public.sessions as s on s.id = rs.session_id and s.state = 'cancelled'
	join public.release_sessions as rls on rls.session_id = s.id and rls.release_id = rs.release_id
	where rooms.id = p_room and now() >= lower(rs.during) - interval '15 minutes' and now() < upper(rs.during)
		and private.can_see(private.me(), s.id)
	order by lower(rs.during), s.code
	limit 1
$$;

-- The payload of the `stage` event: what every reader of a run sees of its stage, as `read_stage` answers it, without
-- anything that differs between readers, such as what comes next in the room. It is read once in each process for all
-- readers, so that their pages read nothing. Null once the run has ended; {is_cancelled} where its session was
-- cancelled.
create function private.stage_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when runs.state = 'ended' then '{"is_cancelled": true}'::jsonb else jsonb_build_object(
		'run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'room', rooms.slug,
		'session', private.stage_session(runs.session_id),
		'on_stage', private.named_on_stage(runs.id),
		'flow', private.stage_progress(runs.id) - 'next',
		'announcement', private.shown_announcement(runs.id),
		'recording', (
			select jsonb_build_object('state', g.state, 'why', case
				when g.state = 'paused' then case when runs.state = 'paused' then 'run' else 'consent' end end)
			from (select) as always
			left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')),
		'large', case
			when not private.wants_hls(runs.id) then 'off'
			when exists (select from private.egresses as e where e.run_id = runs.id and e.state = 'active') then 'on'
			else 'begins' end) end
	from public.runs
	join public.rooms on rooms.id = runs.room_id
	join public.sessions as s on s.id = runs.session_id
	where runs.id = p_run and (runs.state <> 'ended' or s.state = 'cancelled')
$$;
grant execute on function private.stage_event(uuid, uuid) to app_server;

-- A session as the stage shows it: in the words of the release, or of the draft for its own people. A content note that
-- was added since the release is shown too.
create function private.stage_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', s.id, 'code', s.code,
		'title', coalesce(rs.title, s.title),
		'content_note', coalesce(nullif(rs.content_note, '{}'), s.content_note),
		'note_version', private.note_version(coalesce(nullif(rs.content_note, '{}'), s.content_note)),
		'level', private.level_in_force(s.id),
		'stage_format', s.stage_format,
		'spoken', coalesce(rs.spoken, s.spoken),
		'interpreted', coalesce(rs.interpreted, s.interpreted),
		'is_recorded', coalesce(rs.is_recorded, true) and s.is_recorded,
		'is_released', rs.session_id is not null,
		'start', private.iso(lower(slot.during)),
		'end', private.iso(upper(slot.during)))
	from public.sessions as s
	left join public.release_sessions as rs on rs.session_id = s.id
		and rs.release_id = private.newest_release(s.summit_id)
	left join lateral private.slot_at(s.id) as slot on true
	where s.id = p_session
$$;

-- Who is on stage, as every reader of the run sees it; the hall comes last, with the name of its room in each language.
-- Somebody under 18 who was called from the floor appears only under their identity of this run.
create function private.named_on_stage(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(case
		when private.is_unnamed_minor(people.id, runs.session_id)
			then jsonb_build_object('identity', s.identity, 'code', s.identity, 'display_name', '', 'office', '',
				'affiliation', '', 'country', null, 'role', s.role)
		else jsonb_build_object('identity', s.identity, 'code', people.code, 'display_name', people.display_name,
			'office', people.office, 'affiliation', people.affiliation, 'country', people.country, 'role', s.role) end
		order by s.role,
			(select min(position) from public.session_people as sp
				where sp.session_id = runs.session_id and sp.person_id = s.person_id),
			people.display_name), '[]')
		|| (select coalesce(jsonb_agg(jsonb_build_object('identity', h.identity, 'code', 'HALL',
			'display_name', h.name ->> (h.name ->> 'original'), 'name', h.name, 'office', '', 'affiliation', '',
			'country', null, 'role', 'hall')), '[]') from private.find_run_hall(p_run) as h)
	from private.on_stage(p_run) as s
	join public.people on people.id = s.person_id
	join public.runs on runs.id = p_run
$$;

-- The people of a session, each with their role and state in its run, and the delegates who were called to the stage.
-- Somebody under 18 who comes from the floor is named only to themselves and to those who run the stage.
create function private.stage_people(p_session uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'code', case when shown.is_named then p.code else rp.identity end,
		'display_name', case when shown.is_named then p.display_name else '' end,
		'office', case when shown.is_named then p.office else '' end,
		'affiliation', case when shown.is_named then p.affiliation else '' end,
		'role', each.role,
		'identity', rp.identity,
		'is_on_stage', coalesce(rp.is_on_stage, false),
		'is_kept_off', coalesce(rp.is_kept_off, false),
		'is_silenced', coalesce(rp.is_on_stage and not rp.may_microphone, false),
		'is_run_host', exists (select from private.run_hosts as h where h.run_id = p_run and h.person_id = p.id),
		'is_barred', exists (select from private.entry_bars as b where b.person_id = p.id and b.session_id = p_session))
		order by each.role, each.position, p.display_name), '[]')
	from (
		select sp.person_id, private.stage_role_of(sp.person_id, p_session) as role, min(sp.position) as position
		from public.session_people as sp
		where sp.session_id = p_session and sp.state <> 'declined'
		group by sp.person_id
		union all
		select called.person_id, 'speaker', 1000
		from private.run_participants as called
		where called.run_id = p_run and called.is_promoted
			and not exists (select from public.session_people as sp
				where sp.session_id = p_session and sp.person_id = called.person_id and sp.state <> 'declined')) as each
	join public.people as p on p.id = each.person_id
	left join private.run_participants as rp on rp.run_id = p_run and rp.person_id = p.id
	cross join lateral (
		select p.id = (select private.me()) or not private.is_unnamed_minor(p.id, p_session)
			or private.may_run(private.me(), p_session) as is_named) as shown
$$;

-- The present state of a run, for all its readers: layout, spotlight, poll, countdown and end; and, for this reader,
-- the session that comes next in its room.
create function private.stage_progress(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('now', private.iso(now()),
		'layout', coalesce(st.layout, 'speaker'),
		'entry_lock', st.entry_lock,
		'poll', private.shown_poll(runs.id),
		'spotlight', (select s.identity from private.on_stage(runs.id) as s where s.participant_id = st.spotlight_id),
		'starts_at', case when runs.state = 'waiting' then private.iso(st.starts_at) end,
		'ends_at', private.iso(upper(slot.during)),
		'ends_itself_at', private.iso(private.auto_end_at(runs.id)),
		'next', (
			select jsonb_build_object('code', s.code, 'title', rls.title, 'start', private.iso(lower(rs.during)))
			from public.release_slots as rs
			join public.sessions as s on s.id = rs.session_id and not s.is_break and s.state <> 'cancelled'
			join public.release_sessions as rls on rls.session_id = s.id and rls.release_id = rs.release_id
			where rs.release_id = private.newest_release(runs.summit_id) and rs.room_id = runs.room_id
				and not rs.is_cancelled and s.id <> runs.session_id
				and lower(rs.during) >= coalesce(lower(slot.during), now()) and upper(rs.during) > now()
				and lower(rs.during) < now() + interval '12 hours'
				and private.can_see(private.me(), s.id)
			order by lower(rs.during)
			limit 1))
	from public.runs
	left join private.run_stage_settings as st on st.run_id = runs.id
	left join lateral private.slot_at(runs.session_id) as slot on true
	where runs.id = p_run
$$;
