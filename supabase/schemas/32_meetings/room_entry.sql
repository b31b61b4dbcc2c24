-- Who may enter the room of a meeting: the people of its group, alternates too, while a chair or secretary has it open.
-- Chairs and secretaries are its hosts. Others get the answer of a meeting that does not exist. All functions of the room
-- ask private.may_be_in_room and private.hosts_room.

-- Whether somebody may be in a room: the people of the group of its meeting, or who may be in its run.
create function private.may_be_in_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(case
		when p_room.meeting_id is not null then private.is_in_group(p_person,
			(select m.group_id from private.meetings as m where m.id = p_room.meeting_id))
		else private.may_be_in_run(p_room.run_id, p_person)
	end, false)
$$;

-- Whether somebody is a host of a room: chairs and secretaries of the group, or who runs the session.
create function private.hosts_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(case
		when p_room.meeting_id is not null then private.chairs_group(p_person,
			(select m.group_id from private.meetings as m where m.id = p_room.meeting_id))
		else private.may_run(p_person, (select runs.session_id from public.runs where runs.id = p_room.run_id))
	end, false)
$$;

-- The id of the room of a code: the meeting's code, or the id of a run.
create function private.room_of_code(p_code text) returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce((select m.id from private.meetings as m where m.code = p_code),
		(select r.id from private.meeting_rooms as r where r.run_id = private.parse_uuid(p_code)))
$$;

-- Whether a room is open: somebody opened it, nobody ended it, its meeting and its group go on, and it was not forgotten; or
-- its run has not ended.
create function private.is_meeting_room_open(p_room private.meeting_rooms) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p_room.ended_at is null and case
		when p_room.meeting_id is not null then exists (select
			from private.meetings as m
			join private.groups as g on g.id = m.group_id
			where m.id = p_room.meeting_id and m.state <> 'cancelled' and m.ends_at > now() - interval '6 hours'
				and g.ended_at is null)
		else exists (select from public.runs where runs.id = p_room.run_id and runs.state <> 'ended') end, false)
$$;

-- Whether the room of a meeting can be opened now: from a quarter of an hour before its start.
create function private.may_open_meeting_room(p private.meetings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.chairs_group(private.me(), p.group_id)
		and p.state <> 'cancelled'
		and now() between p.starts_at - interval '15 minutes' and p.ends_at + interval '6 hours'
		and not exists (select from private.groups as g where g.id = p.group_id and g.ended_at is not null)
$$;

-- `meeting:` is for the people of the group of a meeting, and for those who may be in the room of a run.
create function private.may_subscribe_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.is_in_group(p_person, m.group_id)
		from private.meetings as m
		where m.id = p_meeting),
		(select private.may_be_in_room(r, p_person) from private.meeting_rooms as r where r.run_id = p_meeting),
		false)
$$;

-- A room, locked; all columns are null for one that does not exist. A run is held before its room, as its end does.
create function private.lock_room(p_room uuid) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
begin
	perform private.hold_open_run(p_room);
	select * into v from private.meeting_rooms as r where r.id = p_room for update;
	return v;
end
$$;

-- The open room of a code, for those who may be in it, or with `p_hosts` its hosts; null for others. Locks the room, so that
-- of two acts at once the second sees what the first did.
create function private.lock_meeting_room(p_code text, p_hosts boolean) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_room(private.room_of_code(p_code));
begin
	if not private.is_meeting_room_open(v)
		or not private.may_be_in_room(v, private.me())
		or p_hosts and not private.hosts_room(v, private.me()) then
		return null;
	end if;
	return v;
end
$$;

-- The reader's own place in the open room of a meeting, locked as by private.lock_meeting_room; null for who was not let
-- in.
create function private.lock_meeting_place(p_code text) returns private.meeting_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_meeting_room(p_code, false);
	v private.meeting_participants;
begin
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = (select private.me())
		and p.admitted_at is not null and p.removed_at is null and not p.is_staff;
	return v;
end
$$;

-- The identity of a participant for a sign-in session: a new one when a session that has ended may hold a token for the
-- present one.
create function private.meeting_identity_for(p private.meeting_participants, p_auth_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_identity text := p.identity;
begin
	if p_auth_session is null then return v_identity; end if;
	if exists (select from private.signed_out_identities(array[v_identity])) then
		update private.meeting_participants as x set identity = default where x.id = p.id returning x.identity into v_identity;
		perform private.publish_event('meeting:' || p.room_id, 'connections');
	end if;
	insert into private.meeting_sign_ins (room_id, identity, auth_session_id)
	values (p.room_id, v_identity, p_auth_session)
	on conflict do nothing;
	return v_identity;
end
$$;

-- The pass of a person to the room of a meeting (private.room_pass); none also where there is no such meeting.
create function private.meeting_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null,
	p_camera boolean default true) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce((
		select case when private.is_in_group(p_person, m.group_id)
			then private.room_pass(m.id, p_person, p_auth_session, p_camera) end
		from private.meetings as m
		join private.groups as g on g.id = m.group_id
		where m.code = p_code and g.code = p_group), '{"status": "none"}')
$$;
grant execute on function private.meeting_pass(uuid, text, text, uuid, boolean) to app_server;

-- How many people one room carries, beside its staff. The pace at which pages ask for connections is planned for so many.
create function private.room_limit() returns integer
language sql immutable set search_path = '' as $$ select 300 $$;

-- Whether a room has no place for this person. Who is there keeps a place for a minute after the connection ended, and
-- comes in again. Hosts and staff come in all the same; hosts count, so that there may be more people than the limit.
-- The caller has locked the room.
create function private.is_room_full(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not private.hosts_room(p_room, p_person)
		and (select count(*) >= private.room_limit() and not coalesce(bool_or(p.person_id = p_person), false)
			from private.meeting_participants as p
			where p.room_id = p_room.id and not p.is_staff and p.admitted_at is not null
				and (p.sid is not null and coalesce(p.left_at > now() - interval '1 minute', true)
					-- Their pass is out, and LiveKit has not reported their connection yet.
					or p.asked_at >= p.admitted_at and p.asked_at > now() - interval '30 seconds'))
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | full (for who would be let in) | waiting (for a host) | removed, room, identity, number (of
-- the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_room(p_room);
	v private.meeting_participants;
	v_asked timestamptz;
	v_is_let_in boolean;
	v_name text;
begin
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	v_is_let_in := not v_room.is_locked or private.hosts_room(v_room, p_person);
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = p_person;
	v_asked := v.asked_at;
	if v.removed_at is null and (v_is_let_in or v.admitted_at is not null and not v.is_staff)
		and private.is_room_full(v_room, p_person) then
		return '{"status": "full"}';
	end if;
	if v_room.run_id is not null then
		-- By this row attendance is written, and a bar finds the run.
		perform private.ensure_participant(v_room.run_id, p_person);
	end if;
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when v_is_let_in then now() end)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = false, on_air = null, on_air_at = null, offered_at = null,
			-- Its staff did not wait for a host.
			admitted_at = case when p.removed_at is null
				then coalesce(case when not p.is_staff then p.admitted_at end, excluded.admitted_at) end,
			-- The connection of staff is not that of one of its people, who would have attended by it.
			identity = case when p.is_staff then private.random_code(20) else p.identity end,
			sid = case when not p.is_staff then p.sid end,
			joined_at = case when not p.is_staff then p.joined_at end,
			seen_at = case when not p.is_staff then p.seen_at end,
			left_at = case when not p.is_staff then p.left_at end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_room.id, 'waiting');
		end if;
		return '{"status": "waiting"}';
	end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	perform private.set_meeting_camera(v_room, v, p_camera);
	select p.* into v from private.meeting_participants as p where p.id = v.id;
	insert into private.meeting_livekit_rooms (room_id, number)
	values (v_room.id, private.meeting_room_number(v_room, v))
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = v_room.id and r.number = private.meeting_room_number(v_room, v) and r.closed_at is null;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity,
		'number', private.meeting_room_number(v_room, v),
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;

-- Opens the room of a meeting, for its chairs and secretaries, or opens it again. Answers ok (open now) | not_found |
-- wrong_state (too early, too late, cancelled). Locks the group and the room.
create function public.open_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(open_meeting_room.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if not private.may_open_meeting_room(v) then return 'wrong_state'; end if;
	insert into private.meeting_rooms as r (meeting_id, opened_by)
	values (v.id, private.me())
	on conflict (meeting_id) do update
		set opened_at = now(), opened_by = excluded.opened_by, ended_at = null, is_locked = false
		where r.ended_at is not null;
	perform private.publish_event('meeting:' || v.id, 'room');
	return 'ok';
end
$$;
grant execute on function public.open_meeting_room(text) to authenticated;

-- Ends the room for all, for its hosts: nobody is there any more, and its messages are deleted. Answers ok | not_found
-- (also: it is not open, or is that of a run, which ends with it). Locks the room.
create function public.end_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_meeting_room.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	perform private.close_meeting_room(v.id);
	return 'ok';
end
$$;
grant execute on function public.end_meeting_room(text) to authenticated;

-- Whether somebody waits to be let in: a page that waits asks again every few seconds, so who has not asked for a
-- minute has left.
create function private.is_waiting(p private.meeting_participants) returns boolean
language sql stable set search_path = '' as $$
	select p.admitted_at is null and p.removed_at is null and p.asked_at > now() - interval '1 minute'
$$;

-- Locks or unlocks the room, for its hosts: while it is locked, people who come wait until a host lets them in. Unlocking
-- lets in who waits. Answers ok | not_found. Locks the room.
create function public.set_meeting_room_lock(code text, locked boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(set_meeting_room_lock.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.is_locked = coalesce(set_meeting_room_lock.locked, true) then return 'ok'; end if;
	update private.meeting_rooms as r
	set is_locked = not v.is_locked
	where r.id = v.id;
	update private.meeting_participants as p
	set admitted_at = now()
	where not set_meeting_room_lock.locked and p.room_id = v.id and private.is_waiting(p);
	perform private.publish_event('meeting:' || v.id, 'room');
	return 'ok';
end
$$;
grant execute on function public.set_meeting_room_lock(text, boolean) to authenticated;

-- Lets somebody in who waits or was removed, or removes who is there or waits, for hosts. Nobody removes a host, nor
-- themselves. Everybody else moves to a new LiveKit room then, and an interpreter leaves their booth. Answers ok | not_found |
-- invalid (a host). Locks the room, and of a workshop its booths.
create function public.admit_to_meeting(code text, participant uuid, admitted boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(admit_to_meeting.code, true);
	v_participant private.meeting_participants;
begin
	select p.* into v_participant
	from private.meeting_participants as p
	where p.room_id = v.id and p.id = admit_to_meeting.participant;
	if v_participant.id is null then return 'not_found'; end if;
	if admitted then
		update private.meeting_participants as p
		set admitted_at = coalesce(p.admitted_at, now()), removed_at = null
		where p.id = v_participant.id;
		perform private.publish_event('meeting:' || v.id, 'people');
		return 'ok';
	end if;
	if private.hosts_room(v, v_participant.person_id) then return 'invalid'; end if;
	if v_participant.removed_at is not null then return 'ok'; end if;
	update private.meeting_participants as p
	set removed_at = now(), admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null,
		on_air = null, on_air_at = null, offered_at = null
	where p.id = v_participant.id;
	perform private.leave_run_booths(v.run_id, v_participant.person_id);
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.id); end if;
	perform private.bring_back_minors(v);
	perform private.publish_event('meeting:' || v.id, 'people');
	-- What is said in a run comes to those who follow it by another topic.
	perform private.publish_event('session:' || runs.session_id, 'rights', runs.session_id)
	from public.runs
	where runs.id = v.run_id;
	return 'ok';
end
$$;
grant execute on function public.admit_to_meeting(text, uuid, boolean) to authenticated;
