-- A public session for more people than LiveKit can carry: LiveKit Egress writes it as HLS, some seconds late, and our
-- own route delivers it.

-- Whether a run is to be written as HLS now: somebody asked for it, the session is public by release and by draft, and
-- the run is on air.
create function private.wants_hls(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.large_audiences as l
		join public.runs on runs.id = l.run_id
		where l.run_id = p_run and l.is_on and runs.state in ('live', 'paused') and runs.stage_format = 'stage'
			and greatest(private.level_in_force(runs.session_id), runs.level) = 'public')
$$;

-- Turns it on or off, for those who run the session. Locks the run. Answers ok, already, not_found, level, ended.
create function public.set_large_audience(run uuid, is_on boolean) returns public.large_audience_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	if is_on and greatest(private.level_in_force(v_run.session_id), v_run.level) <> 'public' then
		return 'level';
	end if;
	insert into private.large_audiences as l (run_id, summit_id, is_on, changed_by)
	values (run, v_run.summit_id, set_large_audience.is_on, private.me())
	on conflict (run_id) do update set is_on = excluded.is_on, changed_by = excluded.changed_by
		where l.is_on <> excluded.is_on;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'recording', run);
	return 'ok';
end
$$;
grant execute on function public.set_large_audience(uuid, boolean) to authenticated;

-- Gives the page that Egress opens a new key.
create function private.set_large_audience_key(p_run uuid, p_hash bytea) returns void
language sql volatile security definer set search_path = '' as $$
	update private.large_audiences set key_hash = p_hash where run_id = p_run
$$;
grant execute on function private.set_large_audience_key(uuid, bytea) to app_server;

-- What that page shows: {due, identity, room, staged, title, on_stage}, with everybody on stage as every viewer sees
-- them; null for a key that opens nothing.
create function private.large_audience_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select jsonb_build_object('due', due, 'identity', l.identity,
		'room', case when due then private.ensure_livekit_room(l.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight')
			from private.stage_progress(l.run_id) as flow),
		'title', (select private.stage_session(runs.session_id) -> 'title' from public.runs where runs.id = l.run_id),
		'on_stage', case when due then private.named_on_stage(l.run_id) else '[]' end)
	from private.large_audiences as l
	cross join lateral (
		select private.wants_hls(l.run_id)
			and exists (select from public.runs where runs.id = l.run_id and runs.state = 'live') as due) as now_due
	where l.key_hash = p_hash
$$;

-- The runs that are to be written as HLS and are not yet, each with a new egress.
create function private.start_large_audiences() returns table (id uuid, run uuid, object_key text)
language sql volatile security definer set search_path = '' as $$
	insert into private.egresses (run_id)
	select l.run_id from private.large_audiences as l where private.wants_hls(l.run_id)
	on conflict do nothing
	returning egresses.id, egresses.run_id, egresses.object_key
$$;
grant execute on function private.start_large_audiences() to app_server;

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

-- {state: off | begins | on, may_turn}; null for a run that the reader does not see.
create function public.large_audience_state(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', case
			when not private.wants_hls(runs.id) then 'off'
			when exists (select from private.egresses as e where e.run_id = runs.id and e.state = 'active') then 'on'
			else 'begins' end,
		'may_turn', private.may_run(private.me(), runs.session_id)
			and greatest(private.level_in_force(runs.session_id), runs.level) = 'public')
	from public.runs
	where runs.id = large_audience_state.run and runs.state <> 'ended'
		and private.can_see(private.me(), runs.session_id)
$$;
grant execute on function public.large_audience_state(uuid) to anon, authenticated;
