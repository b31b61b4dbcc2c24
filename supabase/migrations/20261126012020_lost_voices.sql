-- A booth whose interpreter has dropped out gives nothing, whoever is named on air: the desk is told so, as of everybody else.

-- One run as the desk shows it. In plpgsql: what others keep of a run is asked for by name, wherever its migration stands.
create or replace function private.desk_run(p_run uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_answer jsonb;
begin
	select * into v_run from public.runs where id = p_run;
	select jsonb_build_object('id', v_run.id, 'state', v_run.state, 'started_at', private.iso(v_run.started_at),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name) from public.rooms where rooms.id = v_run.room_id),
		'session', private.stage_session(v_run.session_id), 'flow', private.stage_flow(v_run.id),
		'people', (select coalesce(jsonb_agg(p || jsonb_build_object('is_connected', coalesce((select private.is_connected(rp.id)
				from private.run_participants as rp where rp.run_id = p_run and rp.identity = p ->> 'identity'), false))), '[]')
			from jsonb_array_elements(private.stage_people(v_run.session_id, v_run.id)) as p),
		'viewers', (select count(*) from private.run_participants as rp where rp.run_id = p_run and rp.role = 'viewer' and not rp.is_on_stage and private.is_connected(rp.id)),
		'strangers', (select coalesce(sum(rr.strangers), 0) from private.run_rooms as rr where rr.run_id = p_run and rr.purpose = 'stage' and rr.closed_at is null),
		'listening', private.heard_languages(p_run), 'hall', private.desk_hall(p_run),
		'languages', (select coalesce(jsonb_agg(jsonb_build_object('language', l ->> 'language', 'is_on_air', coalesce((select private.is_connected(rp.id)
				from private.run_participants as rp where rp.run_id = p_run and rp.identity = l ->> 'identity'), false))), '[]')
			from jsonb_array_elements(private.run_languages(p_run)) as l),
		'hands', (select count(*) from private.hands as h where h.run_id = p_run and h.state = 'waiting'),
		'questions', (select count(*) from private.session_questions as q where q.session_id = v_run.session_id and q.state = 'asked' and q.merged_into is null),
		'recording', (select r.state from private.recordings as r where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')),
		'is_recording_silent', coalesce((select private.is_silent(r) from private.recordings as r where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')), false),
		'has_recording_lost_sound', coalesce((select private.has_lost_sound(r) from private.recordings as r where r.run_id = p_run and r.state in ('wanted', 'running')), false))
	into v_answer;
	return v_answer;
end
$$;
