-- A camera place that was just given is kept when an older connection ends, a check of one LiveKit room concerns the people
-- of this room alone, switching a camera is limited, and a message is not sent to another room than the page showed.

set check_function_bodies = off;

alter table private.meeting_participants
	add column cameras smallint not null default 0,
	add column cameras_since timestamptz;

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who belongs to this room and was not
-- seen for 20 seconds has left; who belongs to another one, after a minute. A hand stays up for 20 seconds more
-- (private.end_lost_meeting_connections). Answers how many came or left. Locks the meeting and the room before the
-- participants, as acts in the room do.
create or replace function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
	p_is_all boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
	v_number integer;
	v_room private.meeting_rooms;
	v_came integer;
	v_left integer;
begin
	select r.meeting_id, r.number into v_meeting, v_number from private.meeting_livekit_rooms as r where r.name = p_name;
	if v_meeting is null then return 0; end if;
	perform from private.meetings as m where m.id = v_meeting for no key update;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
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
			-- A place that they were given since, or shortly before, is for their next connection: its pass comes before the
			-- end of the connection that it replaces.
			camera_at = case when q.camera_at > coalesce(x.left_at, q.seen_at) - interval '10 seconds' then q.camera_at end
		from private.meeting_participants as q
		left join jsonb_to_recordset(p_connections) as x (sid text, left_at timestamptz) on x.sid = q.sid
		where q.id = p.id and q.meeting_id = v_meeting and q.sid is not null and q.left_at is null
			and (x.left_at is not null
				or p_is_all and q.seen_at < p_at - case when private.meeting_room_number(v_room, q) = v_number
					then interval '20 seconds' else interval '1 minute' end)
		returning p.id
	)
	select count(*) into v_left from gone;
	perform private.note_attendance(v_meeting);
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_meeting, 'connections'); end if;
	return v_came + v_left;
end
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
		set left_at = greatest(p.seen_at, p.joined_at), shares_at = null,
			-- A place that they were given since is for their next connection.
			camera_at = case when p.camera_at > p.seen_at then p.camera_at end
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

-- Takes a camera place of the room, or gives it back. Answers ok (also when nothing changed) | not_found | conflict (all are
-- taken) | invalid (more than 20 within a minute, because each one notifies everybody). Locks the room.
create or replace function public.switch_meeting_camera(code text, sends boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(switch_meeting_camera.code);
	v_room private.meeting_rooms;
	v_had boolean;
	v_has boolean;
	v_is_counting boolean := coalesce(v.cameras_since > now() - interval '1 minute', false);
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v.meeting_id;
	v_had := private.has_meeting_camera(v_room, v);
	if sends and not v_had and v_is_counting and v.cameras >= 20 then return 'invalid'; end if;
	v_has := private.set_meeting_camera(v_room, v, coalesce(sends, false));
	if v_has and not v_had then
		update private.meeting_participants as p
		set cameras = case when v_is_counting then v.cameras + 1 else 1 end,
			cameras_since = case when v_is_counting then v.cameras_since else now() end
		where p.id = v.id;
	end if;
	if v_has <> v_had then perform private.publish_event('meeting:' || v.meeting_id, 'cameras'); end if;
	return case when sends and not v_has then 'conflict' else 'ok' end;
end
$$;

drop function public.write_meeting_message(text, text, boolean);

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. `room` is the breakout room that the page showed, 0: that of all. Answers ok | not_found | invalid (empty, too
-- long, or more than 20 within a minute) | wrong_state (the reader is in another room now). Locks the room.
create function public.write_meeting_message(code text, words text, everywhere boolean default false,
	room integer default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(write_meeting_message.code);
	v_room private.meeting_rooms;
	v_words text := private.normalise_free_text(write_meeting_message.words);
begin
	if v.id is null then return 'not_found'; end if;
	if coalesce(length(btrim(v_words)), 0) not between 1 and 1000
		or everywhere and (private.lock_meeting_room(write_meeting_message.code, true)).meeting_id is null
		or 20 <= (select count(*) from private.meeting_messages as x
			where x.meeting_id = v.meeting_id and x.person_id = v.person_id and x.sent_at > now() - interval '1 minute') then
		return 'invalid';
	end if;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v.meeting_id;
	if not everywhere and write_meeting_message.room <> private.meeting_room_number(v_room, v) then
		return 'wrong_state';
	end if;
	insert into private.meeting_messages (meeting_id, person_id, number, body)
	values (v.meeting_id, v.person_id, case when not everywhere then private.meeting_room_number(v_room, v) end, v_words);
	perform private.publish_event('meeting:' || v.meeting_id, 'chat');
	return 'ok';
end
$$;
grant execute on function public.write_meeting_message(text, text, boolean, integer) to authenticated;
