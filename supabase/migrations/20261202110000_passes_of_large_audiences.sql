-- The stream of a large audience: a reader is checked once for a pass, and pieces are opened by their signed address.

drop function private.find_large_audience_stream(uuid, uuid, text, text);

-- Of a stream that is delivered at this moment: its session, its object key, and what a reader says who has read the
-- notice of the session (its code, with the version of its content note). No row once it has ended, or the session is
-- not public.
create function private.read_large_audience_stream(p_stream uuid)
	returns table (session_id uuid, object_key text, said text)
language sql stable security definer set search_path = '' as $$
	select s.id, e.object_key, concat_ws('.', s.code, nullif(private.shown_note_version(s.id), ''))
	from private.egresses as e
	join public.runs on runs.id = e.run_id
	join public.sessions as s on s.id = runs.session_id
	where e.id = p_stream and e.state in ('active', 'ending') and private.wants_hls(e.run_id)
$$;
grant execute on function private.read_large_audience_stream(uuid) to app_server;

-- Whether a person, or a visitor, may watch a stream at this moment. The notice of the session must be confirmed before
-- the first piece, as before a pass (16_stage/rights.sql): `p_said` is what the reader says, because a player that
-- fetches pieces does nothing by which a confirmation could be stored.
create function private.may_watch_large_audience(p_stream uuid, p_person uuid, p_said text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.read_large_audience_stream(p_stream) as stream
		where private.entry_decision(p_person, stream.session_id, 'stream') = 'ok'
			and (p_said = stream.said or not private.must_confirm_notice(p_person, stream.session_id, false)))
$$;
grant execute on function private.may_watch_large_audience(uuid, uuid, text) to app_server;

-- The stream of a room's current run, for somebody who may watch it at this moment; null for everyone else, and while
-- there is none. Whether they may watch is asked of that stream alone, not of each before they are joined.
create function private.find_large_audience_stream(p_person uuid, p_summit uuid, p_room text, p_said text default '')
	returns uuid
language sql stable security definer set search_path = '' as $$
	select stream.id
	from (
		select e.id
		from public.rooms
		cross join lateral (select private.current_run(p_person, rooms.id) as run) as on_now
		join private.egresses as e on e.run_id = on_now.run
		where rooms.summit_id = p_summit and rooms.slug = p_room
		offset 0) as stream
	where private.may_watch_large_audience(stream.id, p_person, p_said)
$$;
grant execute on function private.find_large_audience_stream(uuid, uuid, text, text) to app_server;
