-- What the page of a stage shows beside the picture, in one reading. Null where the reader may not enter the stream of what is on.
create function public.read_participation(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'session', runs.session_id, 'level', private.level_in_force(runs.session_id), 'may', private.may_take_part(me.id, runs), 'runs_it', private.may_run(me.id, runs.session_id),
		'settings', private.told_settings(runs.id, null), 'questions', private.questions_for(me.id, runs), 'hands', private.hands_for(me.id, runs), 'chat', private.chat_for(me.id, runs), 'polls', private.polls_for(me.id, runs))
	from public.rooms
	cross join lateral (select private.me() as id) as me
	join public.runs on runs.id = private.current_run(me.id, rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_participation.room and summit in (select private.readable_summits())
		and (private.entry_of(me.id, runs.session_id, 'stream') = 'ok' or private.may_run(me.id, runs.session_id))
$$;
grant execute on function public.read_participation(uuid, text) to anon, authenticated;
