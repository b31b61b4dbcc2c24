-- The room of a run in the meeting format, which pages call a workshop: everybody who may enter the session speaks and is
-- seen. It opens and ends with the run. While the run waits, only the people of the session are there. Its functions are
-- those of the rooms of meetings; what they ask about a person is here.

-- Whether somebody may be in the room of a run: they may enter the session, have confirmed the notice of its level, and the
-- run has begun or they are of its people. A content note that changes meanwhile is confirmed at the next entry
-- (private.must_confirm_room_notice).
create function private.may_be_in_run(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.runs
		where runs.id = p_run and runs.state <> 'ended' and runs.stage_format = 'meeting' and p_person is not null
			and private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
			and (private.level_in_force(runs.session_id) not in ('chatham_house', 'closed')
				or private.stage_role_of(p_person, runs.session_id) <> 'viewer'
				or exists (select from private.entry_notices as n
					where n.session_id = runs.session_id and n.person_id = p_person
						and n.level >= private.level_in_force(runs.session_id)))
			and (runs.state <> 'waiting' or private.stage_role_of(p_person, runs.session_id) <> 'viewer'))
$$;

-- Whether somebody must confirm the notice before they enter the room of a run. Who is connected, or was within the last
-- minute, need not.
create function private.must_confirm_room_notice(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.must_confirm_notice(p_person, (select runs.session_id from public.runs where runs.id = p_room.run_id), false)
		and not exists (select from private.meeting_participants as p
			where p.room_id = p_room.id and p.person_id = p_person and p.sid is not null
				and coalesce(p.left_at > now() - interval '1 minute', true) and private.meeting_rights(p_room, p) is not null)
$$;

-- Whether somebody is in the room of a run, among its people: they were let in, and nobody removed them. Its interpreters
-- are not.
create function private.is_in_run_room(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_rooms as r
		join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
		where r.run_id = p_run and private.is_among_people(r, p))
$$;

-- Whether somebody who may enter a session may follow what is said in its run. Of a workshop, those who were removed, or
-- whom its locked room keeps out once it has begun, may not, unless they write its captions or run it.
create function private.may_follow_run_room(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.stage_format <> 'meeting'
		or private.may_caption(p_person, p_run.session_id)
		or not private.was_removed_from_room(p_run.id, p_person)
			and (p_run.state = 'waiting' or coalesce((select private.meeting_rights(r, p) is not null
				from private.meeting_rooms as r
				join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
				-- Without this they wait, or were barred and may come back: as somebody who never asked to enter.
				where r.run_id = p_run.id and p.admitted_at is not null), not exists (select
				from private.meeting_rooms as r
				where r.run_id = p_run.id and r.is_locked)))
$$;

-- Whether somebody in the room of a run is under 18.
create function private.is_minor_in_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_room.run_id is not null and exists (select
		from public.runs
		where runs.id = p_room.run_id and (private.is_minor_in(p_person, runs.session_id)
			or exists (select from private.find_minor_registration(p_person, runs.session_id))))
$$;

-- Whether somebody in a room may use their `camera`, `screen` or `microphone`, or read its `chat`. In the room of a run, people
-- under 18 have no camera, chat or screen, and speak as far as their guardian has consented; and hosts can switch the chat off.
create function private.may_use_in_room(p_room private.meeting_rooms, p_person uuid, p_what text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_room.run_id is null or exists (select
		from public.runs
		where runs.id = p_room.run_id
			and case p_what
				when 'microphone' then private.guardian_allows(p_person, runs.session_id,
					case when private.stage_role_of(p_person, runs.session_id) = 'viewer' then 'stage' else 'part' end)
				when 'chat' then not private.is_minor_in_room(p_room, p_person)
					and (private.participation_settings_of(runs.session_id)).chat <> 'off'
				else not private.is_minor_in_room(p_room, p_person) end)
$$;

-- Whether somebody may write in the chat of a room now: ok | off | people (only people of the session) | muted. The settings
-- of the chat of a stage hold in the room of a run.
create function private.may_write_in_room(p_room private.meeting_rooms, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_room.run_id is null then 'ok' else (
		select case when may in ('ok', 'people', 'muted') then may else 'off' end
		from public.runs, private.may_write_in_chat(p_person, runs) as may
		where runs.id = p_room.run_id) end
$$;

-- Whether a person under 18 would be in this breakout room with a host or their guardian. Who lost the connection less than
-- 20 seconds ago is still there, because a move connects again.
create function private.is_accompanied(p_room private.meeting_rooms, p_minor uuid, p_number integer) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.person_id <> p_minor and not p.is_staff
			and p.admitted_at is not null and p.removed_at is null
			and p.sid is not null and coalesce(p.left_at > now() - interval '20 seconds', true)
			and private.meeting_room_number(p_room, p) = p_number
			and (private.hosts_room(p_room, p.person_id) or exists (select
				from public.runs
				cross join private.find_minor_registration(p_minor, runs.session_id) as r
				join public.registrations as g
					on g.id = r.guardian_id and g.state not in ('declined', 'withdrawn', 'expired')
				where runs.id = p_room.run_id and g.person_id = p.person_id)))
$$;

-- Brings people under 18 back to the room of all from breakout rooms in which neither a host nor their guardian is any more.
-- The caller has locked the room.
create function private.bring_back_minors(p_room private.meeting_rooms) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer;
begin
	if p_room.run_id is null or not coalesce(p_room.breakouts_until > now(), false) then return; end if;
	for v_number in
		select p.breakout
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.breakout is not null and private.is_minor_in_room(p_room, p.person_id)
			and not private.is_accompanied(p_room, p.person_id, p.breakout)
		group by p.breakout
	loop
		update private.meeting_participants as p
		set breakout = null, hand_at = null
		where p.room_id = p_room.id and p.breakout = v_number and private.is_minor_in_room(p_room, p.person_id)
			and not private.is_accompanied(p_room, p.person_id, v_number);
		update private.meeting_livekit_rooms as l
		set closed_at = now()
		where l.room_id = p_room.id and l.number = v_number and l.closed_at is null;
		perform private.publish_event('meeting:' || p_room.id, 'breakouts');
	end loop;
end
$$;

-- The name of somebody in a room, as the reader sees it: '' for a person under 18 who is not of the people of the session,
-- but to themselves and to hosts.
create function private.name_in_room(p_room private.meeting_rooms, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_room.run_id is not null and p_person <> coalesce(private.me(), p_room.id)
			and private.is_unnamed_minor(p_person, (select runs.session_id from public.runs where runs.id = p_room.run_id))
			and not private.hosts_room(p_room, private.me()) then ''
		else (select q.display_name from public.people as q where q.id = p_person) end
$$;

-- Takes somebody who is barred out of the room of a run. Once they may come back, a locked room keeps them waiting as
-- everybody else. The run is locked; locks its room.
create function private.leave_room_of_run(p_run uuid, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
begin
	select * into v_room from private.meeting_rooms as r where r.run_id = p_run for update;
	if not found then return; end if;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, on_air = null,
		on_air_at = null, offered_at = null
	where p.room_id = v_room.id and p.person_id = p_person;
	if not found then return; end if;
	perform private.bring_back_minors(v_room);
	perform private.publish_event('meeting:' || v_room.id, 'people');
end
$$;

-- The pass of a person to the room of a run (private.room_pass); none also where there is no such run. A pass and a bar of the
-- same person exclude each other, as on a stage (private.stage_pass).
create function private.run_room_pass(p_person uuid, p_run uuid, p_auth_session uuid default null,
	p_camera boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is null or not exists (select from private.meeting_rooms as r where r.run_id = p_run) then
		return '{"status": "none"}';
	end if;
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7));
	if (select private.must_confirm_room_notice(r, p_person) from private.meeting_rooms as r where r.run_id = p_run) then
		return '{"status": "none"}';
	end if;
	return private.room_pass(p_run, p_person, p_auth_session, p_camera);
end
$$;
grant execute on function private.run_room_pass(uuid, uuid, uuid, boolean) to app_server;

-- The current run of a room of the venue, or this open run there, if it is in the meeting format and the reader may be there;
-- null otherwise.
create function public.find_run_room(summit uuid, room text, run uuid default null) returns uuid
language sql stable security definer set search_path = '' as $$
	select r.run_id
	from public.rooms
	join public.runs on runs.room_id = rooms.id
		and runs.id = coalesce(find_run_room.run, private.current_run(private.me(), rooms.id))
	join private.meeting_rooms as r on r.run_id = runs.id
	where rooms.summit_id = summit and rooms.slug = find_run_room.room
		and summit in (select private.readable_summits())
		and private.is_meeting_room_open(r) and private.may_be_in_room(r, private.me())
		and not private.must_confirm_room_notice(r, private.me())
$$;
grant execute on function public.find_run_room(uuid, text, uuid) to authenticated;

-- What the reader may use in the room of a run, as public.read_run_room answers it.
create function private.run_room_may_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'camera', private.may_use_in_room(p_room, private.me(), 'camera'),
		'chat', private.may_use_in_room(p_room, private.me(), 'chat'),
		'microphone', private.may_use_in_room(p_room, private.me(), 'microphone'),
		'write', private.may_write_in_room(p_room, private.me()),
		'name', not private.is_unnamed_minor(private.me(),
			(select runs.session_id from public.runs where runs.id = p_room.run_id)))
$$;

-- The room of a run as the reader sees it, as public.read_meeting_room answers that of a meeting; null for who may not be
-- there. With {run: its state and the level in force, session: its code, room: {slug, name}, may: {camera, chat, microphone, write
-- (private.may_write_in_room), name (others see it)} of the reader, booths: those in which the reader works, [{language,
-- is_signed}], announcement: private.shown_announcement, spoken: the languages of the session}, and without a group.
create function public.read_run_room(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select r as room, runs.*, p as own, v.slug, v.name as place, private.stage_session(runs.session_id) as shown,
			s.zone, private.is_among_people(r, p) as is_in, private.hosts_room(r, private.me()) as is_host
		from private.meeting_rooms as r
		join public.runs on runs.id = r.run_id
		join public.summits as s on s.id = runs.summit_id
		join public.rooms as v on v.id = runs.room_id
		left join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
		where r.run_id = read_run_room.run and private.is_meeting_room_open(r)
			and private.may_be_in_room(r, private.me())
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.id::text,
		'run', jsonb_build_object('state', f.state, 'level', f.shown -> 'level'),
		'session', f.shown -> 'code',
		'room', jsonb_build_object('slug', f.slug, 'name', f.place),
		'title', f.shown -> 'title',
		'start', f.shown -> 'start',
		'end', f.shown -> 'end',
		'zone', f.zone,
		'is_open', true,
		'may_open', false,
		'is_host', f.is_host,
		'is_locked', (f.room).is_locked,
		-- Its captions are those of the run.
		'caption_languages', '[]'::jsonb,
		'languages', case when f.is_in then private.run_languages(f.id) else '[]' end,
		'staff', case when f.is_in then private.meeting_room_staff_json(f.room) else '[]' end,
		'booths', private.own_booths_json(f.id),
		'announcement', case when not private.was_removed_from_room(f.id, private.me())
			then private.shown_announcement(f.id) end,
		'spoken', f.shown -> 'spoken',
		'may', private.run_room_may_json(f.room),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;
grant execute on function public.read_run_room(uuid) to authenticated;

-- A run in the meeting format has a room from its beginning. Its end deletes who was there and what they wrote: attendance is
-- in public.presence. The run is locked.
create function private.follow_run_room() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		insert into private.meeting_rooms (run_id, opened_by) values (new.id, private.me());
	elsif new.state = 'ended' then
		perform from private.meeting_rooms as r where r.id = new.id for update;
		perform private.close_meeting_room(new.id);
		delete from private.meeting_participants as p where p.room_id = new.id;
	else
		perform private.publish_event('meeting:' || new.id, 'room');
	end if;
	return null;
end
$$;
create trigger open_run_room after insert on public.runs for each row
	when (new.stage_format = 'meeting') execute function private.follow_run_room();
create trigger follow_run_room after update of state on public.runs for each row
	when (new.stage_format = 'meeting' and new.state <> old.state) execute function private.follow_run_room();

-- Writes the attendance of those who are connected to the room of a run, as save_connections does for a stage
-- (16_stage/presence.sql). With `p_is_all` connections end that no list of its LiveKit rooms has named for a minute. The caller has
-- locked the run and the room.
create function private.save_room_presence(p_room private.meeting_rooms, p_connections jsonb, p_at timestamptz,
	p_is_all boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	perform private.save_run_connections(p_room.run_id, (
		select coalesce(jsonb_agg(x.value || jsonb_build_object('identity', r.identity)), '[]')
		from jsonb_array_elements(p_connections) as x
		join private.meeting_participants as p on p.room_id = p_room.id and p.identity = x.value ->> 'identity'
		join private.run_participants as r on r.run_id = p_room.run_id and r.person_id = p.person_id), p_at);
	if not p_is_all then return; end if;
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.run_id = p_room.run_id and c.left_at is null and c.seen_at < p_at - interval '1 minute'
		returning c.participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;
