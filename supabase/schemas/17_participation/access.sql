-- Who may take part in a run, who is notified of a change, and what the stage page shows beside the video.

-- Whether a person may take part in a run now: ok | not_found | over | sign_in, or why private.entry_decision refuses
-- entry. In a workshop only the people in its room take part, and not its interpreters.
create function private.may_take_part(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_run.id is null or entry = 'not_seen' then 'not_found'
		when entry <> 'ok' then entry
		when p_run.state = 'ended' then 'over'
		when p_person is null then 'sign_in'
		when p_run.stage_format = 'meeting' and not private.is_in_run_room(p_person, p_run.id) then 'not_found'
		else 'ok' end
	from private.entry_decision(p_person, p_run.session_id, 'stream') as entry
$$;

-- The open run of a session.
create function private.open_run_of(p_session uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id from public.runs where runs.session_id = p_session and runs.state <> 'ended'
$$;

-- Notifies the hosts of a run, and all viewers too if they see what changed or saw it before.
create function private.notify_participation(p_run uuid, p_kind text, p_id uuid, p_shown boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_run is null then return; end if;
	perform private.publish_event('desk:' || p_run, p_kind, p_id);
	if p_shown then perform private.publish_event('run:' || p_run, p_kind, p_id); end if;
end
$$;

-- {run, session, level, may, runs_it, settings, questions, hands, chat, polls}: everything that the stage page shows
-- beside the video, in one call, of the current run of a room or of this open one there. Null for readers who do not
-- read it (private.may_read_run).
create function public.read_stage_sidebar(summit uuid, room text, run uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'session', runs.session_id,
		'level', private.level_in_force(runs.session_id), 'may', private.may_take_part(me.id, runs),
		'runs_it', private.may_run(me.id, runs.session_id), 'settings', private.settings_event(runs.id, null),
		'questions', private.questions_for(me.id, runs), 'hands', private.hands_for(me.id, runs),
		'chat', private.chat_for(me.id, runs), 'polls', private.polls_for(me.id, runs))
	from public.rooms
	cross join lateral (select private.me() as id) as me
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and runs.id = coalesce(read_stage_sidebar.run, private.current_run(me.id, rooms.id))
	where rooms.summit_id = summit and rooms.slug = read_stage_sidebar.room
		and summit in (select private.readable_summits())
		and private.may_read_run(me.id, runs)
$$;
grant execute on function public.read_stage_sidebar(uuid, text, uuid) to anon, authenticated;
