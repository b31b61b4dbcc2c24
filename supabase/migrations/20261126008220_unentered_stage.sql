-- Who stands on a stage is told to those who may enter it: delegates whom a host called are named in no agenda.

-- The stage of a room as the reader may see it; null for a room that does not exist.
create or replace function public.read_stage(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', jsonb_build_object('id', rooms.id, 'slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'run', case when runs.id is not null then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'session', case when runs.id is not null then private.stage_session(runs.session_id) end,
		'entry', case when runs.id is not null then private.entry_of(private.me(), runs.session_id, 'stream') end,
		'role', case when runs.id is not null then private.stage_role_of(private.me(), runs.session_id) end,
		'may_run', runs.id is not null and private.may_run(private.me(), runs.session_id),
		'on_stage', case when runs.id is null then null
			when private.may_run(private.me(), runs.session_id) or private.entry_of(private.me(), runs.session_id, 'stream') = 'ok' then private.named_on_stage(runs.id)
			else '[]' end,
		'me', (select jsonb_build_object('code', people.code, 'identity', p.identity, 'is_on_stage', coalesce(p.is_on_stage, false), 'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false))
			from public.people left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = private.me() and runs.id is not null),
		'is_confirmed', runs.id is not null and private.has_confirmed(private.me(), runs.session_id),
		'people', case when private.may_run(private.me(), runs.session_id) then private.stage_people(runs.session_id, runs.id) end,
		'clock', case when private.may_run(private.me(), runs.session_id) then private.session_clock(runs.session_id) end,
		'flow', case when runs.id is not null then private.stage_flow(runs.id) end)
	from public.rooms left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;
