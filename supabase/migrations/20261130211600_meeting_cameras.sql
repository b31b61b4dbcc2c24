-- At most 50 people send their camera in one room of a meeting at a time.

set check_function_bodies = off;

alter table private.meeting_participants add column camera_at timestamptz;
drop function private.meeting_pass(uuid, text, text, uuid);

-- Makes one row of two before the merge moves all other rows: who was there under one of the records was there, and the
-- newer answer counts. Nobody is their own alternate. The groups are locked by private.merge_group_people.
create or replace function private.merge_meeting_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.meeting_people as k
	set attended = greatest(k.attended, d.attended),
		answer = newer.answer,
		alternate_id = newer.alternate_id,
		answered_at = newer.answered_at
	from private.meeting_people as d
	cross join lateral (
		select r.answer, r.alternate_id, r.answered_at
		from private.meeting_people as r
		where r.meeting_id = d.meeting_id and r.person_id in (p_keep, p_drop)
		order by r.answered_at desc nulls last
		limit 1
	) as newer
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id;
	delete from private.meeting_people as d
	where d.person_id = p_drop
		and exists (select from private.meeting_people as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	-- Who was removed from a room under one of the records stays removed; tokens of both are for the old LiveKit rooms.
	perform private.rotate_meeting_rooms(r.meeting_id)
	from private.meeting_rooms as r
	where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
		where p.meeting_id = r.meeting_id and p.person_id in (p_keep, p_drop))
	for update of r;
	update private.meeting_participants as k
	set removed_at = coalesce(k.removed_at, d.removed_at), admitted_at = null, hand_at = null, shares_at = null,
		camera_at = null, breakout = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- Takes or gives back the right to share a screen; in each breakout room only one has it. Hosts take it from the participant whom they name.
-- Answers ok (also when they no longer had it) | not_found | invalid | conflict (somebody else shares). Locks the room.
create or replace function public.share_meeting_screen(code text, shares boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(share_meeting_screen.code);
	v_room private.meeting_rooms;
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v.meeting_id;
	if participant is not null and participant <> v.id then
		if shares or (private.lock_meeting_room(share_meeting_screen.code, true)).meeting_id is null then return 'invalid'; end if;
	end if;
	if shares and exists (select from private.meeting_participants as p
		where p.meeting_id = v.meeting_id and p.id <> v.id and private.shares_meeting_screen(v_room, p)
			and private.meeting_room_number(v_room, p) = private.meeting_room_number(v_room, v)) then
		return 'conflict';
	end if;
	update private.meeting_participants as p
	set shares_at = case when shares then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer.
		breakout = nullif(private.meeting_room_number(v_room, p), 0),
		camera_at = case when coalesce(p.breakout, 0) = private.meeting_room_number(v_room, p) then p.camera_at end
	where p.meeting_id = v.meeting_id and p.id = coalesce(participant, v.id)
		and private.shares_meeting_screen(v_room, p) <> shares;
	if found then perform private.publish_event('meeting:' || v.meeting_id, 'people'); end if;
	return 'ok';
end
$$;
grant execute on function public.share_meeting_screen(text, boolean, uuid) to authenticated;

-- Starts so many breakout rooms for so many minutes, for hosts. With `evenly` everybody who is in the room, but no host,
-- is assigned to one; others are moved by hand. Answers ok | not_found | invalid | conflict (there are some). Locks the
-- room.
create or replace function public.start_breakouts(code text, rooms integer, minutes integer, evenly boolean default true)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(start_breakouts.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if v.breakouts_until > now() then return 'conflict'; end if;
	if rooms is null or rooms not between 2 and 20 or minutes is null or minutes not between 1 and 240 then
		return 'invalid';
	end if;
	perform private.clear_breakouts(v.meeting_id);
	update private.meeting_rooms as r
	set breakouts = start_breakouts.rooms, breakouts_until = now() + make_interval(mins => start_breakouts.minutes)
	where r.meeting_id = v.meeting_id;
	update private.meeting_participants as p
	set breakout = 1 + (x.place - 1) % start_breakouts.rooms, hand_at = null, shares_at = null, camera_at = null
	from (select q.id, row_number() over (order by random()) as place
		from private.meeting_participants as q
		join private.meetings as m on m.id = q.meeting_id
		where q.meeting_id = v.meeting_id and q.sid is not null and q.left_at is null
			and not private.chairs_group(q.person_id, m.group_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.start_breakouts(text, integer, integer, boolean) to authenticated;

-- Forgets the breakout rooms of a meeting, who was in which, and what was written there. What hosts wrote to all of them is
-- from then on a message of the room of all. The caller has locked the room.
create or replace function private.clear_breakouts(p_meeting uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r set breakouts = null, breakouts_until = null where r.meeting_id = p_meeting;
	update private.meeting_participants as p
	set breakout = null, hand_at = null, shares_at = null, camera_at = null
	where p.meeting_id = p_meeting and p.breakout is not null;
	delete from private.meeting_messages as x where x.meeting_id = p_meeting and x.number > 0;
	update private.meeting_messages as x set number = 0 where x.meeting_id = p_meeting and x.number is null;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.meeting_id = p_meeting and l.number > 0 and l.closed_at is null
$$;

-- Moves somebody to a breakout room, or with 0 to the room of all, for hosts; hosts visit rooms by moving themselves. The
-- breakout room from which somebody else than a host was moved gets another LiveKit room: they keep a token for the old
-- one. Answers ok (also when they are there already) | not_found | invalid (no such room) | wrong_state (there are none, or
-- their time is over). Locks the room.
create or replace function public.move_to_breakout(code text, participant uuid, number integer) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(move_to_breakout.code, true);
	v_participant private.meeting_participants;
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if not coalesce(v.breakouts_until > now(), false) then return 'wrong_state'; end if;
	if move_to_breakout.number is null or move_to_breakout.number not between 0 and v.breakouts then return 'invalid'; end if;
	select p.* into v_participant
	from private.meeting_participants as p
	where p.meeting_id = v.meeting_id and p.id = participant and p.admitted_at is not null and p.removed_at is null;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null, camera_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	from private.meetings as m
	where m.id = v.meeting_id and l.meeting_id = m.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.chairs_group(v_participant.person_id, m.group_id);
	perform private.publish_event('meeting:' || v.meeting_id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.move_to_breakout(text, uuid, integer) to authenticated;

create function private.meeting_camera_limit() returns integer
language sql immutable set search_path = '' as $$ select 50 $$;

-- Whether somebody has a camera place of the room in which they are now. A place that was given more than a minute ago to
-- somebody who is not connected is free. One of a breakout room ends with the time of the breakout rooms.
create function private.has_meeting_camera(p_room private.meeting_rooms, p private.meeting_participants) returns boolean
language sql stable set search_path = '' as $$
	select p.camera_at is not null and coalesce(p.breakout, 0) = private.meeting_room_number(p_room, p)
		and (p.sid is not null and p.left_at is null or p.camera_at > now() - interval '1 minute')
$$;

-- Gives somebody a camera place of the room in which they are now, or takes it back. Answers whether they have one then. The
-- caller has locked the room, so of two people who ask for the last place one gets it.
create function private.set_meeting_camera(p_room private.meeting_rooms, p private.meeting_participants, p_on boolean)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer := private.meeting_room_number(p_room, p);
	v_on boolean := p_on and (private.has_meeting_camera(p_room, p) or private.meeting_camera_limit() > (
		select count(*)
		from private.meeting_participants as q
		where q.meeting_id = p.meeting_id and q.id <> p.id and private.has_meeting_camera(p_room, q)
			and private.meeting_room_number(p_room, q) = v_number));
begin
	update private.meeting_participants as q
	set camera_at = case when v_on then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer, and its screen is not shared any more.
		breakout = nullif(v_number, 0),
		shares_at = case when coalesce(q.breakout, 0) = v_number then q.shares_at end
	where q.id = p.id and (v_on or q.camera_at is not null);
	return v_on;
end
$$;

-- Takes a camera place of the room, or gives it back. Answers ok | not_found | conflict (all are taken). Locks the room.
create function public.switch_meeting_camera(code text, sends boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(switch_meeting_camera.code);
	v_room private.meeting_rooms;
	v_has boolean;
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v.meeting_id;
	v_has := private.set_meeting_camera(v_room, v, coalesce(sends, false));
	perform private.publish_event('meeting:' || v.meeting_id, 'cameras');
	return case when sends and not v_has then 'conflict' else 'ok' end;
end
$$;
grant execute on function public.switch_meeting_camera(text, boolean) to authenticated;

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages are deleted. The caller has locked it.
create or replace function private.close_meeting_room(p_meeting uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.meeting_id = p_meeting;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.meeting_id = p_meeting and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, left_at = coalesce(p.left_at, now())
	where p.meeting_id = p_meeting;
	delete from private.meeting_messages as x where x.meeting_id = p_meeting;
	delete from private.meeting_sign_ins as x where x.meeting_id = p_meeting;
	select private.publish_event('meeting:' || p_meeting, 'room');
$$;

-- Ends the rooms that are not open any more although nobody ended them, and the connections to rooms that LiveKit no
-- longer has, for example after it restarted; lowers the hands of who has been away for 20 seconds. Locks these rooms, and
-- leaves those in which somebody acts at this moment to the next time, so that it waits for nobody.
create or replace function private.end_lost_meeting_connections(p_open_names text[], p_at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
	v_lost boolean;
	v_lowered boolean;
begin
	for v in
		select r.* from private.meeting_rooms as r
		where r.ended_at is null
			and (not private.is_meeting_room_open(r)
				or exists (select from private.meeting_participants as p
					where p.meeting_id = r.meeting_id and p.sid is not null
						and coalesce(p.left_at, p.seen_at) < p_at - interval '20 seconds'
						and (p.left_at is null or p.hand_at is not null)))
		order by r.meeting_id
		for update skip locked
	loop
		if not private.is_meeting_room_open(v) then
			perform private.close_meeting_room(v.meeting_id);
			continue;
		end if;
		update private.meeting_participants as p
		set left_at = greatest(p.seen_at, p.joined_at), shares_at = null, camera_at = null
		where p.meeting_id = v.meeting_id and p.sid is not null and p.left_at is null
			and p.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.meeting_livekit_rooms as r
				where r.meeting_id = p.meeting_id and r.name = any (p_open_names));
		v_lost := found;
		update private.meeting_participants as p
		set hand_at = null
		where p.meeting_id = v.meeting_id and p.hand_at is not null and p.left_at < p_at - interval '20 seconds';
		v_lowered := found;
		if v_lost then perform private.publish_event('meeting:' || v.meeting_id, 'connections'); end if;
		if v_lowered then perform private.publish_event('meeting:' || v.meeting_id, 'hands'); end if;
	end loop;
end
$$;

-- The pass of a person to the room of a meeting, with a camera place if they want one and one is free: {status: ok | none (not of the group, or no such meeting) | closed (not
-- open) | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}. Locks the room, so a
-- pass and an act that removes the same person follow one another: the pass is for a room that the act closes, or there
-- is none.
create function private.meeting_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null,
	p_camera boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid;
	v_meeting uuid;
	v_room private.meeting_rooms;
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	select m.id, m.group_id into v_meeting, v_group
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = p_code and g.code = p_group;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	if not coalesce(private.is_in_group(p_person, v_group), false) then return '{"status": "none"}'; end if;
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.meeting_id = v_meeting and p.person_id = p_person);
	insert into private.meeting_participants as p (meeting_id, person_id, admitted_at)
	values (v_meeting, p_person, case when not v_room.is_locked or private.chairs_group(p_person, v_group) then now() end)
	on conflict (meeting_id, person_id) do update
		set asked_at = now(),
			admitted_at = case when p.removed_at is null then coalesce(p.admitted_at, excluded.admitted_at) end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_meeting, 'waiting');
		end if;
		return '{"status": "waiting"}';
	end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	perform private.set_meeting_camera(v_room, v, p_camera);
	select p.* into v from private.meeting_participants as p where p.id = v.id;
	insert into private.meeting_livekit_rooms (meeting_id, number)
	values (v_meeting, private.meeting_room_number(v_room, v))
	on conflict (meeting_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.meeting_id = v_meeting and r.number = private.meeting_room_number(v_room, v) and r.closed_at is null;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity,
		'number', private.meeting_room_number(v_room, v),
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;
grant execute on function private.meeting_pass(uuid, text, text, uuid, boolean) to app_server;

-- Lets somebody in who waits or was removed, or removes who is there or waits, for hosts. Nobody removes a host, nor
-- themselves. Everybody else moves to a new LiveKit room then. Answers ok | not_found | invalid (a host). Locks the room.
create or replace function public.admit_to_meeting(code text, participant uuid, admitted boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(admit_to_meeting.code, true);
	v_participant private.meeting_participants;
begin
	select p.* into v_participant
	from private.meeting_participants as p
	where p.meeting_id = v.meeting_id and p.id = admit_to_meeting.participant;
	if v_participant.id is null then return 'not_found'; end if;
	if admitted then
		update private.meeting_participants as p
		set admitted_at = coalesce(p.admitted_at, now()), removed_at = null
		where p.id = v_participant.id;
		perform private.publish_event('meeting:' || v.meeting_id, 'people');
		return 'ok';
	end if;
	if private.chairs_group(v_participant.person_id,
		(select m.group_id from private.meetings as m where m.id = v.meeting_id)) then
		return 'invalid';
	end if;
	if v_participant.removed_at is not null then return 'ok'; end if;
	update private.meeting_participants as p
	set removed_at = now(), admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null
	where p.id = v_participant.id;
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.meeting_id); end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;
grant execute on function public.admit_to_meeting(text, uuid, boolean) to authenticated;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.is_in_group(p.person_id, (select m.group_id from private.meetings as m where m.id = p.meeting_id))
			then array_remove(array[case when private.has_meeting_camera(p_room, p) then 'camera' end, 'microphone',
				case when private.shares_meeting_screen(p_room, p) then 'screen' end], null)
	end
$$;

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who was not seen for 20 seconds has
-- left. A hand stays up for as long (private.end_lost_meeting_connections). Answers how many came or left. Locks the meeting
-- and the room before the participants, as acts in the room do.
create or replace function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
	p_is_all boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid := (select r.meeting_id from private.meeting_livekit_rooms as r where r.name = p_name);
	v_came integer;
	v_left integer;
begin
	if v_meeting is null then return 0; end if;
	perform from private.meetings as m where m.id = v_meeting for no key update;
	perform from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	with reported as (
		select p.id, x.*, p.sid is null or p.left_at is not null as is_new
		from jsonb_to_recordset(p_connections) as x (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.meeting_participants as p on p.meeting_id = v_meeting and p.identity = x.identity
		where x.left_at is null
			and (p.sid is distinct from x.sid and x.joined_at >= coalesce(p.joined_at, '-infinity')
				or p.sid = x.sid and (p.left_at is null or p.left_at < p_at - interval '5 seconds'))
		order by p.id
	), seen as (
		update private.meeting_participants as p
		set sid = r.sid, joined_at = r.joined_at, seen_at = greatest(p.seen_at, p_at), left_at = null,
			-- A new connection sends no screen yet.
			shares_at = case when p.sid = r.sid or p.shares_at > r.joined_at then p.shares_at end
		from reported as r
		where p.id = r.id
		returning r.is_new
	)
	select count(*) filter (where is_new) into v_came from seen;
	with gone as (
		update private.meeting_participants as p
		set left_at = coalesce(x.left_at, greatest(q.seen_at, q.joined_at)), shares_at = null,
			-- A place that they were given since is for their next connection.
			camera_at = case when q.camera_at > coalesce(x.left_at, q.seen_at) then q.camera_at end
		from private.meeting_participants as q
		left join jsonb_to_recordset(p_connections) as x (sid text, left_at timestamptz) on x.sid = q.sid
		where q.id = p.id and q.meeting_id = v_meeting and q.sid is not null and q.left_at is null
			and (x.left_at is not null or p_is_all and q.seen_at < p_at - interval '20 seconds')
		returning p.id
	)
	select count(*) into v_left from gone;
	perform private.note_attendance(v_meeting);
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_meeting, 'connections'); end if;
	return v_came + v_left;
end
$$;


-- Who is in an open room keeps their camera, as far as there are places.
update private.meeting_participants as p
set camera_at = now()
from (select q.id, row_number() over (partition by q.meeting_id, q.breakout order by q.joined_at) as place
	from private.meeting_participants as q
	join private.meeting_rooms as r on r.meeting_id = q.meeting_id
	where r.ended_at is null and q.sid is not null and q.left_at is null) as x
where x.id = p.id and x.place <= 50;

reset check_function_bodies;
