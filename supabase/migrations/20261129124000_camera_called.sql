-- Counts those called to the stage from the floor who must not be in a picture.

-- How many of those called to the stage from the floor, who are in no programme, must not be in a picture.
create or replace function private.count_called_wishes(p_session uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer
	from public.runs
	cross join lateral private.on_stage(runs.id) as o
	left join public.registrations as r on r.person_id = o.person_id and r.summit_id = runs.summit_id
		and r.state = 'confirmed'
	where runs.session_id = p_session and runs.state <> 'ended'
		and private.forbids_photographs(o.person_id, r.id)
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = o.person_id and sp.state <> 'declined')
$$;

-- What the crew is told about a session: {is_off, stage: [{place, role, name: null unless everybody reads it}], called,
-- unanswered, hall, area, recording, without_consent}. Is off: nothing may be photographed or recorded, so nobody is
-- counted.
create or replace function private.camera_facts(p_session uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_off boolean := private.is_anonymous_level(private.level_in_force(p_session));
begin
	return (
		select jsonb_build_object(
			'is_off', v_off,
			'stage', coalesce(jsonb_agg(jsonb_build_object('place', w.place, 'role', w.role,
				'name', private.publicly_named(p_session, w.person_id)) order by w.place)
				filter (where w.wish = 'no' and not v_off), '[]'),
			'called', case when v_off then 0 else private.count_called_wishes(p_session) end,
			'unanswered', count(*) filter (where w.wish = 'unanswered' and not v_off),
			'hall', case when not v_off then private.count_hall_wishes(p_session) end,
			'area', coalesce(
				(select a.words from private.no_photo_areas as a where a.session_id = p_session), ''),
			'recording', private.recording_permission(p_session),
			'without_consent', case when v_off then 0
				else (select count(*) from private.list_without_recording_consent(p_session)) end)
		from private.list_stage_wishes(p_session) as w);
end
$$;
