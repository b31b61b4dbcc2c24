-- Rule 6: who gets a pass (what a LiveKit token is made of) and what LiveKit must allow each identity at this moment,
-- in new tokens and in rooms that run. `publish` lists the tracks that an identity may send: [] is only watching, null
-- is not being there at all.

-- The row of somebody in a run, with their role of this moment; made when there is none. The loop reads again after a
-- write, because another process may insert the same row at the same moment. Holds the run only where it makes a row:
-- many people come back to a run that starts by itself. Null for somebody without a row in a run that has ended.
create function private.ensure_participant(p_run uuid, p_person uuid) returns private.run_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_role public.stage_role := private.stage_role_of(p_person, (select session_id from public.runs where id = p_run));
	v_row private.run_participants;
begin
	loop
		select * into v_row from private.run_participants where run_id = p_run and person_id = p_person;
		if found and v_row.role = v_role then return v_row; end if;
		if found then
			update private.run_participants set role = v_role where id = v_row.id;
		else
			if (private.hold_open_run(p_run)).id is null then return null; end if;
			insert into private.run_participants (run_id, person_id, role) values (p_run, p_person, v_role)
			on conflict (run_id, person_id) do nothing;
			-- The others in the green room learn the identity by which LiveKit knows this person.
			if v_role <> 'viewer' then
				perform private.publish_event('session:' || (select session_id from public.runs where id = p_run),
					'stage', p_run);
			end if;
		end if;
	end loop;
end
$$;

-- Those of these identities for which a sign-in session that has ended holds a token. LiveKit cannot say which browser
-- is there, so nobody may be there by such an identity: a browser that is still signed in asks for a pass again, and
-- gets another one.
create function private.signed_out_identities(p_identities text[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select held.identity
	from (select s.identity, s.auth_session_id from private.run_sign_ins as s where s.identity = any (p_identities)
		union all
		select s.identity, s.auth_session_id from private.meeting_sign_ins as s where s.identity = any (p_identities)) as held
	where held.auth_session_id in (select private.ended_auth_sessions(array(
		select s.auth_session_id from private.run_sign_ins as s where s.identity = any (p_identities)
		union
		select s.auth_session_id from private.meeting_sign_ins as s where s.identity = any (p_identities))))
$$;

-- Notes that a sign-in session is given a token for the identity of a participant or of a desk, and answers the
-- identity: a new one when a session that has ended may still hold a token for this one. Holds the run where it writes.
create function private.identity_for(p_run uuid, p_holder uuid, p_identity text, p_auth_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_identity text := p_identity;
	v_is_ended boolean := exists (select from private.signed_out_identities(array[p_identity]));
begin
	if p_auth_session is null
		or not v_is_ended and exists (select from private.run_sign_ins as held
			where held.identity = p_identity and held.auth_session_id = p_auth_session)
		or (private.hold_open_run(p_run)).id is null then
		return v_identity;
	end if;
	if v_is_ended then
		update private.run_participants set identity = default where identity = p_identity;
		update private.desk_monitors set identity = default where identity = p_identity;
		select holder.identity into v_identity
		from (select id, identity from private.run_participants
			union all select id, identity from private.desk_monitors) as holder
		where holder.id = p_holder;
		-- Pages show who is on stage by their identities.
		perform private.publish_event('session:' || (select session_id from public.runs where id = p_run), 'stage',
			p_run);
	end if;
	insert into private.run_sign_ins (run_id, identity, auth_session_id) values (p_run, v_identity, p_auth_session)
	on conflict do nothing;
	return v_identity;
end
$$;

-- The pass of a person, or of nobody (a signed-out viewer of a public stream, who gets an identity from the app and
-- leaves no row). {status: ok | none (no run that this reader sees) | the reason of can_enter | unconfirmed |
-- not_backstage, room, identity, publish[], state, run, session}.
-- A pass and a bar of the same person exclude each other by an advisory lock: a pass that is asked for at the very
-- moment of a bar is for a room that the bar closes, or there is none.
create function private.stage_pass(p_person uuid, p_summit uuid, p_room text, p_purpose text default 'stage',
	p_session text default null, p_has_said boolean default false, p_auth_session uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_name text;
	v_entry text;
	v_participant private.run_participants;
	v_rights text[] := '{}';
begin
	-- Strong roles count only in the session that asks.
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is not null then perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7)); end if;
	select runs.* into v_run
	from public.runs
	join public.rooms on rooms.id = runs.room_id
	join public.sessions as s on s.id = runs.session_id
	where rooms.summit_id = p_summit and rooms.slug = p_room and runs.state <> 'ended'
		and case
			when p_session is null then runs.id = private.current_run(p_person, rooms.id)
			else s.code = p_session and private.can_see(p_person, s.id) end;
	-- A run in the meeting format has a room of its own (32_meetings/room_of_runs.sql).
	if not found or v_run.stage_format = 'meeting' then return jsonb_build_object('status', 'none'); end if;
	-- The name of the room is read before the rights. So a change in between gives the old room or the new rights, and
	-- never the new room with the old rights.
	v_name := private.ensure_livekit_room(v_run.id, p_purpose);
	-- It ended at this moment.
	if v_name is null then return jsonb_build_object('status', 'none'); end if;
	v_entry := private.entry_decision(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return jsonb_build_object('status', v_entry); end if;
	if p_purpose = 'stage' and private.must_confirm_notice(p_person, v_run.session_id, p_has_said) then
		return jsonb_build_object('status', 'unconfirmed');
	end if;
	if p_person is not null then
		v_participant := private.ensure_participant(v_run.id, p_person);
		if v_participant.id is null then return jsonb_build_object('status', 'none'); end if;
		v_participant.identity := private.identity_for(v_run.id, v_participant.id, v_participant.identity,
			p_auth_session);
		v_rights := private.stage_rights(v_run, v_participant, p_purpose);
	end if;
	if v_rights is null or p_purpose = 'green_room' and p_person is null then
		return jsonb_build_object('status', 'not_backstage');
	end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'room', v_name, 'identity', v_participant.identity, 'publish', to_jsonb(v_rights));
end
$$;
grant execute on function private.stage_pass(uuid, uuid, text, text, text, boolean, uuid) to app_server;

-- What LiveKit must allow one person in one of the run's rooms at this moment: the tracks that they may publish, or
-- null when they may not be there. On the stage only people on stage publish, and only while the run is live.
create function private.stage_rights(p_run public.runs, p_participant private.run_participants, p_purpose text)
	returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p_run.state = 'ended'
			or private.entry_decision(p_participant.person_id, p_run.session_id, 'stream') <> 'ok' then null
		when p_purpose = 'green_room' then case when role = 'viewer' then null else array['camera', 'microphone'] end
		when p_run.state = 'live' and p_participant.is_on_stage
			and private.on_stage_role_of(p_run.id, p_participant.person_id) is not null then array_remove(array[
				case when p_participant.may_camera then 'camera' end,
				case when p_participant.may_microphone then 'microphone' end,
				case when p_participant.may_screen then 'screen' end], null)
		else private.booth_rights(p_run, p_participant) end
	from private.stage_role_of(p_participant.person_id, p_run.session_id) as role
$$;

-- What somebody who is not on stage publishes into the stage's room: an interpreter on air the sound of their language,
-- or the picture of a sign language, while the run is live. Everybody else publishes nothing.
create function private.booth_rights(p_run public.runs, p_participant private.run_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select array[case when b.is_signed then 'camera' else 'microphone' end]
		from private.booths as b
		where b.run_id = p_run.id and b.on_air = p_participant.id and p_run.state = 'live'
			and not p_participant.is_on_stage
			and private.may_interpret_in(p_participant.person_id, b.id)), '{}')
$$;

-- The pass of a device of a room, into the run that is on air there or waits; of an encoder, into its own run. {status:
-- ok | refused (no such code) | none (no run) | busy (another device sends), run, room, identity, publish}. Only
-- `p_takes` replaces another device that sends.
create function private.hall_pass(p_code text, p_summit uuid, p_room text, p_kind text default 'browser',
	p_takes boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	v_device := private.find_hall_device(p_code, p_summit, p_room, p_kind);
	if v_device.id is null then return jsonb_build_object('status', 'refused'); end if;
	v_run := private.hold_open_run((private.find_device_run(v_device)).id);
	if v_run.id is null or v_run.stage_format = 'meeting' then return jsonb_build_object('status', 'none'); end if;
	if not private.assign_hall_device(v_run, v_device.id, p_takes) then
		return jsonb_build_object('status', 'busy');
	end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'room', private.ensure_livekit_room(v_run.id, 'stage'), 'identity', v_device.identity,
		'publish', private.hall_rights(v_run, 'stage', array[v_device.identity]) -> v_device.identity);
end
$$;
grant execute on function private.hall_pass(text, uuid, text, text, boolean) to app_server;

-- {identity: publish | null} of the devices of halls among these identities. The device that sends for the hall of this
-- run publishes while the run is live.
create function private.hall_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, case
		when p_purpose <> 'stage'
			or d.identity is distinct from (select identity from private.find_run_hall(p_run.id)) then null
		when p_run.state = 'live' then '["camera", "microphone", "screen"]'::jsonb
		else '[]'::jsonb end), '{}')
	from private.hall_devices as d where d.identity = any (p_identities)
$$;

-- {identity: kind} of the devices of halls among these identities.
create function private.list_hall_kinds(p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, d.kind), '{}')
	from private.hall_devices as d where d.identity = any (p_identities)
$$;

-- Whether the desk of somebody may watch a run unseen: stage organisers and owners its stage, and all who run the
-- session its green room, where the people are told so.
create function private.may_monitor_run(p_person uuid, p_run public.runs, p_purpose text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.state <> 'ended' and private.may_run(p_person, p_run.session_id)
		and (p_purpose = 'green_room' or private.holds_role(p_person, p_run.summit_id, 'stage'))
$$;

-- The pass of a desk, which watches the stage or the green room of a run without being seen or counted. {status: ok |
-- none, room, identity}.
create function private.desk_pass(p_person uuid, p_summit uuid, p_run uuid, p_auth_session uuid default null,
	p_purpose text default 'stage') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_monitor private.desk_monitors;
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	v_run := private.hold_open_run(p_run);
	if v_run.id is null or v_run.stage_format = 'meeting' or v_run.summit_id <> p_summit or p_person is null
		or not private.may_monitor_run(p_person, v_run, p_purpose) then
		return jsonb_build_object('status', 'none');
	end if;
	insert into private.desk_monitors as e (run_id, person_id) values (p_run, p_person)
	on conflict (run_id, person_id) do update set person_id = excluded.person_id
	returning e.* into v_monitor;
	return jsonb_build_object('status', 'ok', 'room', private.ensure_livekit_room(p_run, p_purpose), 'identity',
		private.identity_for(p_run, v_monitor.id, v_monitor.identity, p_auth_session));
end
$$;
grant execute on function private.desk_pass(uuid, uuid, uuid, uuid, text) to app_server;

-- {identity: publish | null} of the desks among these identities: they watch, and publish nothing.
create function private.desk_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(e.identity, case
		when private.may_monitor_run(e.person_id, p_run, p_purpose) then '[]'::jsonb
		else 'null'::jsonb end), '{}')
	from private.desk_monitors as e where e.run_id = p_run.id and e.identity = any (p_identities)
$$;

-- {identity: publish | null} of the recorders among these identities: they watch the stage while something is to be
-- recorded, and never enter the green room. Their pass is `private.recorder_view`.
create function private.recorder_rights(p_run uuid, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(r.identity, case
		when p_purpose = 'stage' and private.is_recording_due(g) then '[]'::jsonb
		else 'null'::jsonb end), '{}')
	from private.recordings as g
	join private.recorders as r on r.recording_id = g.id
	where g.run_id = p_run and r.identity = any (p_identities)
$$;

-- {identity: publish | null} of the pages among these identities that draw the stream for a large audience. Their pass
-- is `private.large_audience_view`.
create function private.large_audience_rights(p_run uuid, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(l.identity, case
		when p_purpose = 'stage' and private.wants_hls(p_run) then '[]'::jsonb
		else 'null'::jsonb end), '{}')
	from private.large_audiences as l where l.run_id = p_run and l.identity = any (p_identities)
$$;

-- The rights of identities in a LiveKit room: {is_known, is_open, allows_signed_out (whether signed-out viewers may be
-- here), rights: {identity: publish | null}, halls: {identity: kind of device}}. An identity without an entry belongs
-- to a signed-out viewer. A room that is not of a run may be one of a meeting.
create function private.room_rights(p_name text, p_identities text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_room private.livekit_rooms;
	v_run public.runs;
begin
	select * into v_room from private.livekit_rooms where name = p_name;
	if not found then return private.meeting_room_rights(p_name, p_identities); end if;
	select * into v_run from public.runs where id = v_room.run_id;
	return jsonb_build_object('is_known', true, 'is_open', v_room.closed_at is null and v_run.state <> 'ended',
		'allows_signed_out', v_room.purpose = 'stage'
			and private.entry_decision(null, v_run.session_id, 'stream') = 'ok',
		'halls', private.list_hall_kinds(p_identities),
		'rights', (
			select coalesce(jsonb_object_agg(p.identity,
				to_jsonb(private.stage_rights(v_run, p, v_room.purpose))), '{}')
			from private.run_participants as p
			where p.run_id = v_run.id and p.identity = any (p_identities))
			|| private.hall_rights(v_run, v_room.purpose, p_identities)
			|| private.recorder_rights(v_run.id, v_room.purpose, p_identities)
			|| private.large_audience_rights(v_run.id, v_room.purpose, p_identities)
			|| private.desk_rights(v_run, v_room.purpose, p_identities)
			|| (select coalesce(jsonb_object_agg(signed_out, null::jsonb), '{}')
				from private.signed_out_identities(p_identities) as signed_out));
end
$$;
grant execute on function private.room_rights(text, text[]) to app_server;
