-- Repairs of the breakout rooms of meetings: who is moved out of one cannot come back with an old token, each room has its
-- own shared screen, hosts mute the room in which they are, and messages to all end with the round.

drop index private.meeting_one_screen;
create unique index meeting_one_screen on private.meeting_participants (meeting_id, coalesce(breakout, 0))
	where shares_at is not null;

-- Whether somebody has the shared screen of the room in which they are now. A screen shared in a breakout room ends with
-- the time of the breakout rooms.
create function private.shares_meeting_screen(p_room private.meeting_rooms, p private.meeting_participants) returns boolean
language sql stable set search_path = '' as $$
	select p.shares_at is not null and coalesce(p.breakout, 0) = private.meeting_room_number(p_room, p)
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.put_out_at is null
			and private.is_in_group(p.person_id, (select m.group_id from private.meetings as m where m.id = p.meeting_id))
			then array_remove(array['camera', 'microphone', case when private.shares_meeting_screen(p_room, p) then 'screen' end], null)
	end
$$;

-- Mutes a participant, or with null everybody but hosts who is in the same room as the reader, for hosts. The app mutes them in LiveKit; they may unmute
-- themselves. Answers ok | not_found. Locks the room.
create or replace function public.mute_in_meeting(code text, participant uuid default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(mute_in_meeting.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	update private.meeting_participants as p
	set muted_at = clock_timestamp()
	from private.meetings as m
	where m.id = v.meeting_id and p.meeting_id = m.id
		and case
			when participant is not null then p.id = participant
			else not private.chairs_group(p.person_id, m.group_id)
				and private.meeting_room_number(v, p) = coalesce((select private.meeting_room_number(v, q)
					from private.meeting_participants as q
					where q.meeting_id = m.id and q.person_id = (select private.me())), 0)
		end;
	if not found and participant is not null then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
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
		breakout = nullif(private.meeting_room_number(v_room, p), 0)
	where p.meeting_id = v.meeting_id and p.id = coalesce(participant, v.id)
		and private.shares_meeting_screen(v_room, p) <> shares;
	if found then perform private.publish_event('meeting:' || v.meeting_id, 'people'); end if;
	return 'ok';
end
$$;

-- A participant, as those in the room see them.
create or replace function private.meeting_participant_json(p_room private.meeting_rooms, p private.meeting_participants,
	p_group uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'display_name', q.display_name,
		'is_host', private.chairs_group(p.person_id, p_group),
		'is_me', coalesce(p.person_id = private.me(), false),
		'is_here', p.sid is not null and p.left_at is null,
		'hand', private.iso(p.hand_at),
		'shares', private.shares_meeting_screen(p_room, p),
		'number', private.meeting_room_number(p_room, p))
	from public.people as q
	where q.id = p.person_id
$$;

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
	set breakout = 1 + (x.place - 1) % start_breakouts.rooms, hand_at = null, shares_at = null
	from (select q.id, row_number() over (order by random()) as place
		from private.meeting_participants as q
		join private.meetings as m on m.id = q.meeting_id
		where q.meeting_id = v.meeting_id and q.sid is not null and q.left_at is null
			and not private.chairs_group(q.person_id, m.group_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;

-- Forgets the breakout rooms of a meeting, who was in which, and what was written there. What hosts wrote to all of them is
-- from then on a message of the room of all. The caller has locked the room.
create or replace function private.clear_breakouts(p_meeting uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r set breakouts = null, breakouts_until = null where r.meeting_id = p_meeting;
	update private.meeting_participants as p
	set breakout = null, hand_at = null, shares_at = null
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
	where p.meeting_id = v.meeting_id and p.id = participant and p.admitted_at is not null and p.put_out_at is null;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	from private.meetings as m
	where m.id = v.meeting_id and l.meeting_id = m.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.chairs_group(v_participant.person_id, m.group_id);
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;
