-- A large audience reads what the session warns of before the first piece, by whatever address it asks for it: as no pass is given before.

drop function private.large_of_room(uuid, uuid, text);
-- Where the stream of a room's run is written, for whoever may watch it at this moment; null for everybody else. `p_said`: the code of the
-- session of which they say that they have read the note; a player that asks for pieces does nothing else by which it could be kept.
create function private.large_of_room(p_person uuid, p_summit uuid, p_room text, p_said text default '') returns text
language sql stable security definer set search_path = '' as $$
	select e.object_key from public.rooms cross join lateral (select private.current_run(p_person, rooms.id) as run) as on_now
	join public.runs on runs.id = on_now.run join public.sessions as s on s.id = runs.session_id join private.egresses as e on e.run_id = runs.id
	where rooms.summit_id = p_summit and rooms.slug = p_room and e.state in ('active', 'ending') and private.wants_hls(runs.id)
		and private.entry_of(p_person, runs.session_id, 'stream') = 'ok'
		and (p_said = s.code or not private.must_confirm(p_person, runs.session_id, false))
$$;
grant execute on function private.large_of_room(uuid, uuid, text, text) to app_server;
