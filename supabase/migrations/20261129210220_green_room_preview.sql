-- Those who run a session see who waits in its green room; the stage of a cancelled session says so.

-- Whether the desk of somebody may watch a run unseen: stage organisers and owners its stage, and all who run the
-- session its green room, where the people are told so.
create function private.may_monitor_run(p_person uuid, p_run public.runs, p_purpose text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.state <> 'ended' and private.may_run(p_person, p_run.session_id)
		and (p_purpose = 'green_room' or private.holds_role(p_person, p_run.summit_id, 'stage'))
$$;

drop function private.desk_pass(uuid, uuid, uuid, uuid);

-- The pass of a desk, which watches the stage or the green room of a run without being seen or counted. {status: ok |
-- none, room, identity}.
create function private.desk_pass(p_person uuid, p_summit uuid, p_run uuid, p_auth_session uuid default null,
	p_purpose text default 'stage') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_monitor private.desk_monitors;
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	v_run := private.hold_open_run(p_run);
	if v_run.id is null or v_run.summit_id <> p_summit or p_person is null
		or not private.may_monitor_run(p_person, v_run, p_purpose) then
		return jsonb_build_object('status', 'none');
	end if;
	insert into private.desk_monitors as e (run_id, person_id) values (p_run, p_person)
	on conflict (run_id, person_id) do update set person_id = excluded.person_id
	returning e.* into v_monitor;
	return jsonb_build_object('status', 'ok', 'room', private.ensure_livekit_room(p_run, p_purpose), 'identity',
		private.identity_for(p_run, v_monitor.id, v_monitor.identity, p_auth_session));
end
$$;
grant execute on function private.desk_pass(uuid, uuid, uuid, uuid, text) to app_server;

-- {identity: publish | null} of the desks among these identities: they watch, and publish nothing.
create or replace function private.desk_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(e.identity, case
		when private.may_monitor_run(e.person_id, p_run, p_purpose) then '[]'::jsonb
		else 'null'::jsonb end), '{}')
	from private.desk_monitors as e where e.run_id = p_run.id and e.identity = any (p_identities)
$$;

drop function private.may_monitor_run(uuid, public.runs);

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

-- The stage of a room as the reader may see it; null for a room that does not exist. Only readers who may enter learn
-- who is on stage: delegates whom a host called are named in no agenda. `people` and `clock` are for those who run it.
create or replace function public.read_stage(summit uuid, room text) returns jsonb
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
			when private.may_run(private.me(), runs.session_id)
				or private.entry_decision(private.me(), runs.session_id, 'stream') = 'ok'
				then private.named_on_stage(runs.id)
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
		'announcement', case
			when private.may_run(private.me(), runs.session_id)
				or private.entry_decision(private.me(), runs.session_id, 'stream') = 'ok'
				then private.shown_announcement(runs.id) end,
		'cancelled', case when runs.id is null then private.cancelled_in(rooms.id) end)
	from public.rooms
	left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;

-- The payload of the `stage` event: what every reader of a run sees of its stage, as `read_stage` answers it, without
-- anything that differs between readers, such as what comes next in the room. It is read once in each process for all
-- readers, so that their pages read nothing. Null once the run has ended; {is_cancelled} where its session was
-- cancelled.
create or replace function private.stage_event(p_run uuid, p_id uuid) returns jsonb
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
