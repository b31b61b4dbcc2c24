-- The stage manager's desk: every run that has not ended, at a glance.

-- {now, runs} for stage organisers and owners, of the sessions that they see; null for everyone else.
create function public.read_desk(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('now', private.iso(now()), 'runs', coalesce(jsonb_agg(private.desk_run(runs.id)
		order by rooms.position, rooms.slug, runs.state not in ('live', 'paused'), runs.created_at)
		filter (where runs.id is not null), '[]'))
	from (select) as always
	left join (public.runs join public.rooms on rooms.id = runs.room_id)
		on runs.summit_id = summit and runs.state <> 'ended' and private.can_see(private.me(), runs.session_id)
	having private.has_role(summit, 'stage')
$$;
grant execute on function public.read_desk(uuid) to authenticated;

-- One run as the desk shows it. A voice on air whose interpreter has lost the connection is not shown as on air.
create function private.desk_run(p_run uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_answer jsonb;
begin
	select * into v_run from public.runs where id = p_run;
	select jsonb_build_object('id', v_run.id, 'state', v_run.state, 'started_at', private.iso(v_run.started_at),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name)
			from public.rooms where rooms.id = v_run.room_id),
		'session', private.stage_session(v_run.session_id),
		'flow', private.stage_progress(v_run.id),
		'announcement', private.shown_announcement(v_run.id),
		'people', (
			select coalesce(jsonb_agg(p || jsonb_build_object('is_connected', coalesce((
				select private.is_connected(rp.id) from private.run_participants as rp
				where rp.run_id = p_run and rp.identity = p ->> 'identity'), false))), '[]')
			from jsonb_array_elements(private.stage_people(v_run.session_id, v_run.id)) as p),
		'viewers', (select count(*) from private.run_participants as rp
			where rp.run_id = p_run and rp.role = 'viewer' and not rp.is_on_stage and private.is_connected(rp.id)),
		'signed_out_viewers', (select coalesce(sum(rr.signed_out_viewers), 0) from private.livekit_rooms as rr
			where rr.run_id = p_run and rr.purpose = 'stage' and rr.closed_at is null),
		'listening', private.count_listeners(p_run),
		'hall', private.desk_hall(p_run),
		'camera', private.camera_facts(v_run.session_id),
		'languages', (
			select coalesce(jsonb_agg(jsonb_build_object('language', l ->> 'language', 'is_on_air', coalesce((
				select private.is_connected(rp.id) from private.run_participants as rp
				where rp.run_id = p_run and rp.identity = l ->> 'identity'), false))), '[]')
			from jsonb_array_elements(private.run_languages(p_run)) as l),
		'hands', (select count(*) from private.hands as h where h.run_id = p_run and h.state = 'waiting'),
		'questions', (select count(*) from private.session_questions as q
			where q.session_id = v_run.session_id and q.state = 'asked' and q.merged_into is null),
		'recording', (select r.state from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')),
		'is_recording_silent', coalesce((select private.is_recorder_silent(r) from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')), false),
		'has_recording_lost_sound', coalesce((select private.has_lost_sound(r) from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running')), false))
	into v_answer;
	return v_answer;
end
$$;

-- The hall of a run: how LiveKit knows it, and whether it was there and is lost. Its last sighting may be eight seconds
-- old, because LiveKit's list is read every three seconds.
create function private.desk_hall(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('identity', hall.identity,
		'is_lost', h.sid is not null and coalesce(h.seen_at < now() - interval '8 seconds', true))
	from private.find_run_hall(p_run) as hall
	join private.run_halls as h on h.run_id = p_run
$$;
