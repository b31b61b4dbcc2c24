-- Breakout rooms of a room. Their time is a column, so everybody is back in the room of all at that moment without a
-- job: passes, rights and pages ask private.meeting_room_number.

-- Starts so many breakout rooms for so many minutes, for hosts. With `evenly` everybody who is in the room, but no host and
-- nobody under 18, is assigned to one; others are moved by hand. Answers ok | not_found | invalid | conflict (there are some). Locks the
-- room.
create function public.start_breakouts(code text, rooms integer, minutes integer, evenly boolean default true)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(start_breakouts.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.breakouts_until > now() then return 'conflict'; end if;
	if rooms is null or rooms not between 2 and 20 or minutes is null or minutes not between 1 and 240 then
		return 'invalid';
	end if;
	perform private.clear_breakouts(v.id);
	update private.meeting_rooms as r
	set breakouts = start_breakouts.rooms, breakouts_until = now() + make_interval(mins => start_breakouts.minutes)
	where r.id = v.id;
	update private.meeting_participants as p
	set breakout = 1 + (x.place - 1) % start_breakouts.rooms, hand_at = null, shares_at = null, camera_at = null
	from (select q.id, row_number() over (order by random()) as place
		from private.meeting_participants as q
		where q.room_id = v.id and q.sid is not null and q.left_at is null and not q.is_staff
			and not private.hosts_room(v, q.person_id) and not private.is_minor_in_room(v, q.person_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.start_breakouts(text, integer, integer, boolean) to authenticated;

-- Forgets the breakout rooms of a room, who was in which, and what was written there. A hand that was raised in the
-- room of all after their time stays up. What hosts wrote to all of them is from then on a message of the room of all.
-- The caller has locked the room.
create function private.clear_breakouts(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_participants as p
	set breakout = null, shares_at = null, camera_at = null,
		hand_at = case when p.hand_at > r.breakouts_until then p.hand_at end
	from private.meeting_rooms as r
	where r.id = p_room and p.room_id = p_room and p.breakout is not null;
	update private.meeting_rooms as r set breakouts = null, breakouts_until = null where r.id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room and x.number > 0;
	update private.meeting_messages as x set number = 0 where x.room_id = p_room and x.number is null;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = p_room and l.number > 0 and l.closed_at is null
$$;

-- Moves somebody to a breakout room, or with 0 to the room of all, for hosts; hosts visit rooms by moving themselves. The
-- breakout room from which somebody else than a host was moved gets another LiveKit room: they keep a token for the old
-- one. People under 18 are only where a host or their guardian is. Answers ok (also when they are there already) | not_found |
-- invalid (no such room, or nobody accompanies them) | wrong_state (there are none, or
-- their time is over). Locks the room.
create function public.move_to_breakout(code text, participant uuid, number integer) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(move_to_breakout.code, true);
	v_participant private.meeting_participants;
begin
	if v.id is null then return 'not_found'; end if;
	if not coalesce(v.breakouts_until > now(), false) then return 'wrong_state'; end if;
	if move_to_breakout.number is null or move_to_breakout.number not between 0 and v.breakouts then return 'invalid'; end if;
	select p.* into v_participant
	from private.meeting_participants as p
	where p.room_id = v.id and p.id = participant and p.admitted_at is not null and p.removed_at is null
		and not p.is_staff;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	if move_to_breakout.number > 0 and private.is_minor_in_room(v, v_participant.person_id)
		and not private.is_accompanied(v, v_participant.person_id, move_to_breakout.number) then
		return 'invalid';
	end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null, camera_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = v.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.hosts_room(v, v_participant.person_id);
	perform private.bring_back_minors(v);
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.move_to_breakout(text, uuid, integer) to authenticated;

-- Brings everybody back from the breakout rooms, for hosts. Answers ok (also when there are none) | not_found. Locks the
-- room.
create function public.end_breakouts(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_breakouts.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	perform private.clear_breakouts(v.id);
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.end_breakouts(text) to authenticated;
