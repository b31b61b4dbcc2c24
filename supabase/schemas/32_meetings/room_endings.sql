-- How the room of a meeting ends: by its hosts, when its meeting moves or is cancelled, when its group ends, or, hours after
-- the meeting, because everybody forgot it.

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages, those of its booths and its captions are
-- deleted. The caller has locked it.
create function private.close_meeting_room(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.id = p_room;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, left_at = coalesce(p.left_at, now()),
		on_air = null, on_air_at = null, offered_at = null
	where p.room_id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room;
	delete from private.meeting_captions as x where x.meeting_id = p_room;
	delete from private.booth_messages as x where x.room_id = p_room;
	delete from private.meeting_sign_ins as x where x.room_id = p_room;
	select private.publish_event('meeting:' || p_room, 'room');
$$;

-- The room of a meeting that moves or is cancelled ends, and nobody has attended it yet. Locks the room.
create function private.close_moved_meeting_room() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = new.id and r.ended_at is null for update;
	if found then perform private.close_meeting_room(new.id); end if;
	update private.meeting_people as r set attended = null where r.meeting_id = new.id and r.attended is not null;
	return null;
end
$$;
create trigger close_moved_room after update of starts_at, state on private.meetings for each row
	when (old.starts_at <> new.starts_at or new.state = 'cancelled' and old.state <> 'cancelled')
	execute function private.close_moved_meeting_room();

-- The rooms of a group that ends. Locks their meetings before them, as reports of connections do; the meetings change
-- next (private.follow_group_change).
create function private.close_rooms_of_group() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	perform from private.meetings as m
	where m.group_id = new.id
		and exists (select from private.meeting_rooms as r where r.meeting_id = m.id and r.ended_at is null)
	order by m.id
	for no key update;
	for v_meeting in
		select r.meeting_id
		from private.meeting_rooms as r
		join private.meetings as m on m.id = r.meeting_id
		where m.group_id = new.id and r.ended_at is null
		order by r.meeting_id
		for update of r
	loop
		perform private.close_meeting_room(v_meeting);
	end loop;
	return null;
end
$$;
create trigger close_rooms after update of ended_at on private.groups for each row
	when (old.ended_at is null and new.ended_at is not null) execute function private.close_rooms_of_group();

-- Ends the rooms that are not open any more although nobody ended them, and the connections to rooms that LiveKit no
-- longer has, for example after it restarted; lowers the hands of who has been away for 20 seconds; forgets the
-- breakout rooms whose time is over, with their hands; deletes captions of ten minutes ago. Locks these rooms, and
-- leaves those in which somebody acts at this moment to the next time, so that it waits for nobody.
create function private.end_lost_meeting_connections(p_open_names text[], p_at timestamptz) returns void
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
				or r.breakouts_until <= now()
				or exists (select from private.meeting_participants as p
					where p.room_id = r.id and p.sid is not null
						and coalesce(p.left_at, p.seen_at) < p_at - interval '20 seconds'
						and (p.left_at is null or p.hand_at is not null))
				or exists (select from private.meeting_captions as c
					where c.meeting_id = r.meeting_id and c.said_at < now() - interval '10 minutes'))
		order by r.id
		for update skip locked
	loop
		if not private.is_meeting_room_open(v) then
			perform private.close_meeting_room(v.id);
			continue;
		end if;
		if v.breakouts_until <= now() then
			perform private.clear_breakouts(v.id);
			perform private.publish_event('meeting:' || v.id, 'breakouts');
		end if;
		update private.meeting_participants as p
		set left_at = greatest(p.seen_at, p.joined_at), shares_at = null,
			-- A place that they were given since is for their next connection.
			camera_at = case when p.camera_at > p.seen_at then p.camera_at end
		where p.room_id = v.id and p.sid is not null and p.left_at is null
			and p.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.meeting_livekit_rooms as r
				where r.room_id = p.room_id and r.name = any (p_open_names));
		v_lost := found;
		update private.meeting_participants as p
		set hand_at = null
		where p.room_id = v.id and p.hand_at is not null and p.left_at < p_at - interval '20 seconds';
		v_lowered := found;
		delete from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.said_at < now() - interval '10 minutes';
		if v_lost then perform private.publish_event('meeting:' || v.id, 'connections'); end if;
		if v_lowered then perform private.publish_event('meeting:' || v.id, 'hands'); end if;
	end loop;
end
$$;
