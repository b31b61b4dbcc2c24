-- The stage manager's desk: every run that is not over, at a glance.

-- Whether LiveKit has told of somebody's connection to the stage of a run within the last half minute.
create function private.is_connected(p_participant uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.run_connections as c
		where c.participant_id = p_participant and c.left_at is null and c.seen_at > now() - interval '30 seconds')
$$;

--[patch lost_voices] A booth whose interpreter has dropped out gives nothing, whoever is named on air: the desk is told so, as of everybody else.
-- One run as the desk shows it. In plpgsql: what others keep of a run is asked for by name, wherever its migration stands.
create function private.desk_run(p_run uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_answer jsonb;
begin
	select * into v_run from public.runs where id = p_run;
	select jsonb_build_object('id', v_run.id, 'state', v_run.state, 'started_at', private.iso(v_run.started_at),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name) from public.rooms
			where rooms.id = v_run.room_id),
		'session', private.stage_session(v_run.session_id), 'flow', private.stage_flow(v_run.id),
		'people', (select coalesce(jsonb_agg(p
			|| jsonb_build_object('is_connected', coalesce((select private.is_connected(rp.id)
				from private.run_participants as rp where rp.run_id = p_run and rp.identity = p ->> 'identity'),
					false))), '[]')
			from jsonb_array_elements(private.stage_people(v_run.session_id, v_run.id)) as p),
		'viewers', (select count(*) from private.run_participants as rp
			where rp.run_id = p_run and rp.role = 'viewer' and not rp.is_on_stage and private.is_connected(rp.id)),
		'strangers', (select coalesce(sum(rr.strangers), 0) from private.run_rooms as rr
			where rr.run_id = p_run and rr.purpose = 'stage' and rr.closed_at is null),
		'listening', private.heard_languages(p_run), 'hall', private.desk_hall(p_run),
		'languages', (select coalesce(jsonb_agg(jsonb_build_object('language', l ->> 'language', 'is_on_air',
			coalesce((select private.is_connected(rp.id)
				from private.run_participants as rp where rp.run_id = p_run and rp.identity = l ->> 'identity'),
					false))), '[]')
			from jsonb_array_elements(private.run_languages(p_run)) as l),
		'hands', (select count(*) from private.hands as h where h.run_id = p_run and h.state = 'waiting'),
		'questions', (select count(*) from private.session_questions as q
			where q.session_id = v_run.session_id and q.state = 'asked' and q.merged_into is null),
		'recording', (select r.state from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')),
		'is_recording_silent', coalesce((select private.is_silent(r) from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')), false),
		'has_recording_lost_sound', coalesce((select private.has_lost_sound(r) from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running')), false))
	into v_answer;
	return v_answer;
end
$$;

-- For stage organisers and owners: {now, runs}, of the sessions that they see; null for everyone else.
create function public.read_desk(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('now', private.iso(now()),
		'runs', coalesce(jsonb_agg(private.desk_run(runs.id)
			order by rooms.position, rooms.slug, runs.state not in ('live', 'paused'), runs.created_at)
			filter (where runs.id is not null), '[]'))
	from (select) as always
	left join (public.runs join public.rooms on rooms.id = runs.room_id) on runs.summit_id = summit
		and runs.state <> 'ended' and private.can_see(private.me(), runs.session_id)
	having private.has_role(summit, 'stage')
$$;
grant execute on function public.read_desk(uuid) to authenticated;

-- The green rooms that are open in a Summit, to look who waits in them: presence there is kept nowhere.
create function private.green_rooms(p_summit uuid) returns table (run_id uuid, name text)
language sql stable security definer set search_path = '' as $$
	select r.run_id, r.name from private.run_rooms as r join public.runs on runs.id = r.run_id
	where runs.summit_id = p_summit and runs.state <> 'ended' and r.purpose = 'green_room' and r.closed_at is null
$$;
grant execute on function private.green_rooms(uuid) to app_server;

-- What the desk of all rooms measures: it listens to a run without being seen or counted, and knows how many strangers
-- watch and whether the hall is still on the line.

-- Whether somebody's desk may listen to a run: stage organisers and owners, to what they see.
create function private.may_overhear(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.state <> 'ended' and private.holds_role(p_person, p_run.summit_id, 'stage')
		and private.may_run(p_person, p_run.session_id)
$$;

-- As `stage_rights`, for the desks among these identities: they hear the stage, and publish nothing.
create function private.desk_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(e.identity, case
		when p_purpose = 'stage' and private.may_overhear(e.person_id, p_run) then '[]'::jsonb
		else 'null'::jsonb end), '{}')
	from private.desk_ears as e where e.run_id = p_run.id and e.identity = any (p_identities)
$$;

-- What a desk needs to listen to a run. {status: ok | none, room, identity}.
create function private.desk_pass(p_person uuid, p_summit uuid, p_run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_identity text;
begin
	select * into v_run from public.runs where id = p_run and summit_id = p_summit;
	if not found or p_person is null or not private.may_overhear(p_person, v_run) then
		return jsonb_build_object('status', 'none');
	end if;
	insert into private.desk_ears as e (run_id, person_id) values (p_run, p_person)
	on conflict (run_id, person_id) do update set person_id = excluded.person_id returning e.identity into v_identity;
	return jsonb_build_object('status', 'ok', 'room', private.open_room(p_run, 'stage'), 'identity', v_identity);
end
$$;
grant execute on function private.desk_pass(uuid, uuid, uuid) to app_server;

-- What LiveKit's list of a stage says beyond connections.
create function private.note_crowd(p_name text, p_identities text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_rooms as r set strangers = crowd.strangers
	from (select count(*)::integer as strangers from unnest(p_identities) as i where i like 'v-%') as crowd
	where r.name = p_name and r.purpose = 'stage' and r.closed_at is null and r.strangers <> crowd.strangers
$$;

--[patch runs_first] What is told of a run's connections takes the run first, as its end does: at the end of a session many leave, and a host's end and a
--[patch runs_first] word of somebody's leaving waited for each other.
-- A page with a person that only reads captions is no connection of LiveKit's, and attendance all the same. Each word of it moves the
-- end of a connection of its own on; after a silence of 90 seconds a new one begins: what lies between is never counted.
create function private.note_reader(p_run uuid, p_person uuid, p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants;
begin
	perform from public.runs where id = p_run for key share;
	v_participant := private.stage_participant(p_run, p_person);
	update private.run_connections as c set seen_at = p_now, left_at = p_now, told_left_at = p_now
	where c.sid = (select last.sid from private.run_connections as last
		where last.participant_id = v_participant.id and last.sid like 'reads-%'
			order by last.seen_at desc limit 1)
		and c.seen_at between p_now - interval '90 seconds' and p_now;
	if not found then
		insert into private.run_connections (sid, participant_id, run_id, joined_at, seen_at, left_at, told_left_at)
		values ('reads-' || private.random_code(24), v_participant.id, p_run, p_now, p_now, p_now, p_now);
	end if;
	perform private.write_presence(v_participant.id);
end
$$;

--[was in desk_listening] A page says that it is open, in which language it listens, and whether it only reads. At most 20,000 of a run are kept.
--[was in desk_listening] Answers ok, or why they may not be there.
--[patch late_watchers] Whoever watches the stream for a large audience, some seconds late, is no connection of LiveKit's either, and attends all the same. Of
--[patch late_watchers] strangers there may be tens of thousands: their pages say nothing.
-- A page says that it is open, in which language it listens, and whether it only reads or watches late. At most 20,000 of a run are kept.
-- Answers ok, or why they may not be there.
create function private.note_listener(p_person uuid, p_run uuid, p_visit text, p_language text, p_is_reading boolean,
	p_now timestamptz default now(),
	p_is_late boolean default false) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_entry text;
	v_language text;
	v_now timestamptz := coalesce(p_now, now());
	v_listener bytea;
begin
	select * into v_run from public.runs where id = p_run and state <> 'ended';
	if not found then return 'none'; end if;
	v_entry := private.entry_of(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return v_entry; end if;
	select b.language into v_language from private.booths as b where b.run_id = p_run and b.language = p_language;
	v_listener := case when p_person is not null then private.asker_hash(v_run.session_id, p_person) end;
	update private.run_listeners as l set listener = v_listener, language = v_language, is_reading = p_is_reading,
		is_late = p_is_late, seen_at = v_now where l.run_id = p_run and l.visit = p_visit;
	if not found then
		delete from private.run_listeners as l where l.run_id = p_run and l.seen_at < v_now - interval '5 minutes';
		insert into private.run_listeners (run_id, visit, listener, language, is_reading, is_late, seen_at)
		select p_run, p_visit, v_listener, v_language, p_is_reading, p_is_late, v_now
		where (select count(*) from private.run_listeners as l where l.run_id = p_run) < 20000
		on conflict do nothing;
	end if;
	if (p_is_reading or p_is_late) and p_person is not null then
		perform private.note_reader(p_run, p_person, v_now);
	end if;
	return 'ok';
end
$$;
grant execute on function private.note_listener(uuid, uuid, text, text, boolean, timestamptz, boolean) to app_server;

--[was in desk_listening] How many pages listen in each language (null: the floor), most first; and how many only read.
--[patch late_watchers] Whoever watches the stream for a large audience, some seconds late, is no connection of LiveKit's either, and attends all the same. Of
--[patch late_watchers] strangers there may be tens of thousands: their pages say nothing.
-- How many people listen in each language (null: the floor), most first; how many only read; and how many registered people watch late.
-- Of somebody's pages the one that spoke last counts: what they do on it, they do. A stranger is known by their page.
create function private.heard_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with open as (select distinct on (coalesce(encode(l.listener, 'hex'), l.visit)) l.* from private.run_listeners as l
		where l.run_id = p_run and l.seen_at > now() - interval '2 minutes'
			order by coalesce(encode(l.listener, 'hex'), l.visit), l.seen_at desc, l.visit desc)
	select jsonb_build_object('reading', (select count(*) from open where is_reading), 'late',
		(select count(*) from open where is_late),
		'by_language', (select coalesce(jsonb_agg(jsonb_build_object('language', each.language, 'count', each.count)
			order by each.count desc, each.language), '[]')
			from (select language, count(*) from open where not is_reading and not is_late group by language) as each))
$$;

-- The hall of a run: how LiveKit knows it, and whether it was there and is no more: LiveKit's list is read every three
-- seconds.
create function private.desk_hall(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('identity', hall.identity, 'is_lost', h.sid is not null
		and coalesce(h.seen_at < now() - interval '8 seconds', true))
	from private.hall_of(p_run) as hall join private.run_halls as h on h.run_id = p_run
$$;

-- After a run nobody listens to it.
create function private.forget_listeners() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.run_listeners where run_id = new.id;
	delete from private.desk_ears where run_id = new.id;
	return null;
end
$$;

create trigger forget_listeners after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.forget_listeners();
