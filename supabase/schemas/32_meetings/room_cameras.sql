-- Who may send their camera: at most 50 people at a time in one room, because a browser and a LiveKit server carry no more.
-- A place is taken when somebody switches their camera on, and is free again when they switch it off, leave or move to
-- another room. Who finds none free is heard, and asks again later.

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
	v_on boolean := p_on and private.may_use_in_room(p_room, p.person_id, 'camera') and (private.has_meeting_camera(p_room, p) or private.meeting_camera_limit() > (
		select count(*)
		from private.meeting_participants as q
		where q.room_id = p.room_id and q.id <> p.id and private.has_meeting_camera(p_room, q)
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

-- Takes a camera place of the room, or gives it back. Answers ok (also when nothing changed) | not_found | conflict (all are
-- taken) | invalid (more than 20 within a minute, because each one notifies everybody, or they may not send it). Locks the room.
create function public.switch_meeting_camera(code text, sends boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(switch_meeting_camera.code);
	v_room private.meeting_rooms;
	v_had boolean;
	v_has boolean;
	v_is_counting boolean := coalesce(v.cameras_since > now() - interval '1 minute', false);
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	v_had := private.has_meeting_camera(v_room, v);
	if sends and (not v_had and v_is_counting and v.cameras >= 20
		or not private.may_use_in_room(v_room, v.person_id, 'camera')) then
		return 'invalid';
	end if;
	v_has := private.set_meeting_camera(v_room, v, coalesce(sends, false));
	if v_has and not v_had then
		update private.meeting_participants as p
		set cameras = case when v_is_counting then v.cameras + 1 else 1 end,
			cameras_since = case when v_is_counting then v.cameras_since else now() end
		where p.id = v.id;
	end if;
	if v_has <> v_had then perform private.publish_event('meeting:' || v.room_id, 'cameras'); end if;
	return case when sends and not v_has then 'conflict' else 'ok' end;
end
$$;
grant execute on function public.switch_meeting_camera(text, boolean) to authenticated;
